import socket
import time

import pytest
from django.core.cache import caches
from django.db import OperationalError

from spacesite.cache import GuardedRedisCache


def redis_at(port):
    return {
        "default": {
            "BACKEND": "spacesite.cache.GuardedRedisCache",
            "LOCATION": f"redis://127.0.0.1:{port}/0",
            "OPTIONS": {"socket_connect_timeout": 0.3, "socket_timeout": 0.3},
        }
    }


@pytest.fixture
def silent_port():
    """A port that takes connections and never says a word."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(50)
        yield server.getsockname()[1]


@pytest.fixture
def closed_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return server.getsockname()[1]


@pytest.fixture(autouse=True)
def rested_cache(monkeypatch):
    monkeypatch.setattr(GuardedRedisCache, "_rest_until", {})


def test_livez_asks_nobody(client):
    response = client.get("/livez")  # No database mark: a query would fail this test.
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_readyz_when_everything_is_up(client):
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "ok", "cache": "ok"}
    assert not response.cookies


def test_readyz_when_the_database_is_down(client, monkeypatch):
    def down():
        raise OperationalError("no route to host")

    monkeypatch.setattr("records.views.health.query_the_database", down)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["database"] == "unavailable"
    assert "route" not in response.content.decode()


@pytest.mark.django_db
def test_readyz_when_the_cache_is_down(client, settings, closed_port):
    settings.CACHES = redis_at(closed_port)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "database": "ok", "cache": "unavailable"}


@pytest.mark.parametrize("port", ["silent_port", "closed_port"])
def test_dead_cache_is_an_empty_one_and_costs_little_time(request, settings, port):
    settings.CACHES = redis_at(request.getfixturevalue(port))
    cache = caches["default"]
    begun = time.monotonic()
    for _ in range(20):
        cache.set("a", 1)
        assert cache.get("a") is None
        assert cache.get("a", "default") == "default"
        assert cache.get_or_set("a", 2) == 2
        assert cache.add("a", 1) is True
        assert cache.get_many(["a", "b"]) == {}
        assert cache.set_many({"a": 1}) == ["a"]
        assert cache.touch("a") is False
        assert cache.delete("a") is False
        assert "a" not in cache
        with pytest.raises(ValueError, match="not found"):
            cache.incr("a")
        cache.delete_many(["a"])
        cache.clear()
    assert time.monotonic() - begun < 2


def test_health_is_answered_without_the_redirect_to_https(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/livez").status_code == 200
    assert client.get("/nowhere").status_code == 301


@pytest.mark.parametrize("address", ["/livez", "/readyz"])
def test_health_is_only_for_reading(client, address):
    assert client.post(address).status_code == 405
