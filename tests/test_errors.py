"""What a reader gets who asks for something that is not there, or in a shape nobody knows."""

import re

import pytest
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import Http404
from django.test import Client, override_settings
from django.urls import include, path

from records import urls
from records.views import errors
from spacesite.middleware import ASK_AGAIN


def refuse(exception):
    def view(request):
        raise exception

    return view


urlpatterns = [
    path("bad/", refuse(BadRequest("Give ?at= as 2024-02-04."))),
    path("suspicious/", refuse(SuspiciousOperation("internals"))),
    path("forbidden/", refuse(PermissionDenied())),
    path("missing/", refuse(Http404("No leaderboard is called that."))),
    path("nameless/", refuse(Http404("No Article matches the given query."))),
    path("broken/", refuse(RuntimeError("a fault of ours"))),
    path("bad.json", refuse(BadRequest("Give ?at= as “2024-02-04”."))),
    path("bad.csv", refuse(BadRequest("Give ?at= as “2024-02-04”,\nnot as 4."))),
    path("suspicious.json", refuse(SuspiciousOperation("internals"))),
    path("missing.json", refuse(Http404("No leaderboard is called that."))),
    path("missing.csv", refuse(Http404("No leaderboard is called that."))),
    path("broken.json", refuse(RuntimeError("a fault of ours"))),
    path("broken.csv", refuse(RuntimeError("a fault of ours"))),
    path("gone/", lambda request: errors.gone(request, "Withdrawn on 4 May.")),
    path("", include("spacesite.urls")),
]
handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler500 = errors.server_error

pytestmark = pytest.mark.urls("tests.test_errors")

ODD_ADDRESSES = [
    "/%00",
    "/news/%00/",
    "/?at=%00",
    "/livez?a=%00",
    "/%ff%fe",
    "/%E2%80%AE/",
    "/..%2f..%2fetc/passwd",
    "/%2e%2e/%2e%2e/",
    "//example.com/",
    "/\\example.com",
    "/" + "a" * 5000,
    "/?" + "a=1&" * 900,
    "/?%",
    "/%",
    "/;jsessionid=1",
    "/admin/%00/",
    "/static/%00",
    "/static/../manage.py",
    "/static/%2e%2e/manage.py",
]


@pytest.fixture(params=[False, True], ids=["production", "debug"])
def debug(request):
    with override_settings(DEBUG=request.param):
        yield request.param


@pytest.fixture
def database_away(monkeypatch):
    def refuse(self):
        raise OperationalError("could not connect to server")

    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", refuse)


@pytest.fixture(params=["there", "away"])
def database(request):
    """No refusal needs a database, unless the address names something that may have moved."""
    request.getfixturevalue("db" if request.param == "there" else "database_away")


def is_page(response):
    return "<h1" in response.content.decode() and "Traceback" not in response.content.decode()


@pytest.mark.usefixtures("database", "debug")
@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/nowhere", 404, "no page at this address"),
        ("/missing/", 404, "No leaderboard is called that."),
        ("/nameless/", 404, "no page at this address"),
        ("/bad/", 400, "Give ?at= as 2024-02-04."),
        ("/forbidden/", 403, "not open to you"),
        ("/gone/", 410, "Withdrawn on 4 May."),
    ],
)
def test_reader_gets_a_page_of_the_site(client, address, status, words):
    response = client.get(address)
    assert response.status_code == status
    assert is_page(response)
    assert words in response.content.decode()


@pytest.mark.usefixtures("database")
def test_internals_of_a_suspicious_request_are_not_shown(client):
    response = client.get("/suspicious/")
    assert response.status_code == 400
    assert is_page(response)
    assert "internals" not in response.content.decode()
    assert client.get("/suspicious.json").json()["detail"] == "Bad Request"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ODD_ADDRESSES)
def test_odd_address_is_never_an_error_of_ours(client, address):
    response = client.get(address, raise_request_exception=False)
    assert response.status_code < 500
    # The client turns // into a host of its own, and CommonMiddleware redirects to add a slash.
    assert response.status_code in {200, 301, 302, 400, 404}


def test_unknown_host_is_a_plain_400(client):
    response = client.get("/nowhere", headers={"host": "elsewhere.example"})
    assert response.status_code == 400
    assert is_page(response)


def test_error_page_sets_no_cookie_and_can_be_cached_for_all(client):
    response = client.get("/nowhere")
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_error_page_carries_the_security_headers(client):
    response = client.get("/nowhere")
    policy = response["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "object-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "camera=()" in response["Permissions-Policy"]


@pytest.mark.usefixtures("database_away")
def test_fault_of_ours_says_sorry_without_database_or_request(client):
    client.raise_request_exception = False
    response = client.get("/broken/")
    assert response.status_code == 500
    assert is_page(response)
    assert "The fault is ours" in response.content.decode()
    assert "a fault of ours" not in response.content.decode()


def test_sorry_is_said_even_when_its_template_is_broken(rf, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(errors, "render_to_string", broken)
    response = errors.server_error(rf.get("/"))
    assert response.status_code == 500
    assert is_page(response)


@pytest.mark.django_db
def test_expired_form_is_a_page_of_the_site():
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "ada"})
    assert response.status_code == 403
    assert "The form has expired" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/records/", "/records/longest-spaceflight.json", "/livez"])
def test_what_is_only_read_cannot_be_posted_to(path):
    response = Client(enforce_csrf_checks=True).post(path, {"a": "1"})
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/news/", "/records/", "/data/", "/feeds/watch.xml"])
def test_a_thousand_parameters_are_a_400(client, path):
    query = "&".join(f"x{number}=1" for number in range(1100))
    response = client.get(f"{path}?{query}")
    assert response.status_code == 400
    assert "too many parameters" in response.content.decode()


# Refusals for programs

SORRY = "The fault is ours. Please try again in a minute."


@pytest.mark.usefixtures("database", "debug")
@pytest.mark.parametrize(
    ("address", "status", "title", "detail"),
    [
        ("/bad.json", 400, "Bad Request", "Give ?at= as “2024-02-04”."),
        ("/bad.json?at=%00", 400, "Bad Request", "The address contains a NUL character"),
        ("/missing.json", 404, "Not Found", "No leaderboard is called that."),
        ("/nowhere.json", 404, "Not Found", "Not Found"),
    ],
)
def test_json_is_refused_as_a_problem(client, address, status, title, detail):
    response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    problem = response.json()
    assert problem.pop("detail").startswith(detail)
    assert problem == {"type": "about:blank", "title": title, "status": status}


@pytest.mark.usefixtures("database", "debug")
@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/bad.csv", 400, "Give ?at= as “2024-02-04”, not as 4."),
        ("/missing.csv", 404, "No leaderboard is called that."),
        ("/nowhere.csv", 404, "Not Found"),
    ],
)
def test_csv_is_refused_in_one_plain_line(client, address, status, words):
    response = client.get(address)
    assert response.status_code == status
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode() == f"{words}\n"


@pytest.mark.usefixtures("database")
def test_a_fault_of_ours_is_told_to_programs_in_their_format(client):
    client.raise_request_exception = False
    told = client.get("/broken.json")
    assert (told.status_code, told["Content-Type"]) == (500, "application/problem+json")
    assert told.json()["detail"] == SORRY
    line = client.get("/broken.csv")
    assert (line.status_code, line.content.decode()) == (500, f"{SORRY}\n")


def files_for_programs() -> list[str]:
    """Every address of the site map that ends as a file, with the names that it needs."""
    names = {"slug": "longest-spaceflight", "name": "people"}
    return [
        "/" + re.sub(r"<slug:(\w+)>", lambda match: names[match[1]], str(one.pattern))
        for one in urls.urlpatterns
        if str(one.pattern).endswith((".json", ".csv", ".xml", ".ics", ".zip"))
    ]


def test_the_files_are_all_found():
    assert {address.rpartition(".")[2] for address in files_for_programs()} == {
        *("json", "csv", "xml", "ics", "zip")
    }
    assert "/records/longest-spaceflight/progression.csv" in files_for_programs()


@pytest.mark.django_db
@pytest.mark.parametrize("address", files_for_programs())
@pytest.mark.parametrize("method", ["get", "head"])
def test_scripts_of_other_sites_may_read_every_file(client, address, method):
    response = getattr(client, method)(address)
    assert (response.status_code, response["Access-Control-Allow-Origin"]) == (200, "*")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "/in-space.json?at=abc",
        "/records/no-such.json",
        "/records/no-such.csv",
        "/feeds/no-such.xml",
        "/nowhere.ics",
        "/broken.json",
        "/watch.json?at=%00",
    ],
)
def test_scripts_of_other_sites_may_read_refusals(client, address):
    client.raise_request_exception = False
    for response in (client.get(address), client.head(address), client.post(address)):
        assert response.status_code >= 400
        assert response["Access-Control-Allow-Origin"] == "*"


def test_scripts_of_other_sites_may_follow_the_way_to_https(client):
    with override_settings(SECURE_SSL_REDIRECT=True):
        response = client.get("/in-space.json")
    assert (response.status_code, response["Access-Control-Allow-Origin"]) == (301, "*")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/records/", "/astronauts/", "/admin/login/", "/livez"])
def test_pages_are_closed_to_scripts_of_other_sites(client, address):
    assert "Access-Control-Allow-Origin" not in client.get(address)


# What may be kept of them


def addresses_of_nothing() -> list[str]:
    """Every kind of address of the site map, naming what there is not. Whoever asks for the preview
    of a story is first sent to sign in, whether there is one or not."""
    names = {"year": "1234", "month": "99", "name": "0" * 32 + ".1-480.webp"}
    found = ["/nowhere/", "/nowhere", "/nowhere.json", "/nowhere.csv", "/static/nowhere.css"]
    for one in urls.urlpatterns:
        pattern = str(one.pattern)
        address = re.sub(r"<slug:\w+>", "no-such-thing", pattern)
        address = re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda match: names[match[1]], address)
        if address != pattern and one.name != "article-preview":
            found.append("/" + address.strip("^$"))
    return found


@pytest.mark.django_db
@pytest.mark.usefixtures("debug")
@pytest.mark.parametrize("address", addresses_of_nothing())
@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_nobody_keeps_that_something_is_not_there(client, address, method):
    response = getattr(client, method)(address)
    assert response.status_code in (301, 404, 405)
    assert response["Cache-Control"] == ASK_AGAIN


@pytest.mark.django_db
@pytest.mark.usefixtures("debug")
@pytest.mark.parametrize(
    "address", ["/news", "/bad/", "/bad.json", "/forbidden/", "/gone/", "/records/x\0/", "/?at=%00"]
)
def test_nobody_keeps_a_redirect_or_another_refusal(client, address):
    response = client.get(address)
    assert 300 <= response.status_code < 500
    assert response["Cache-Control"] == ASK_AGAIN


def test_nobody_keeps_the_way_to_https(client):
    with override_settings(SECURE_SSL_REDIRECT=True):
        assert client.get("/in-space.json")["Cache-Control"] == ASK_AGAIN


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/admin/", "/admin/nowhere/", "/admin"])
def test_the_newsroom_says_for_itself_that_nothing_is_kept(client, address):
    response = client.get(address)
    assert response.status_code in (301, 302)
    assert "max-age=0" in response["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "head"])
def test_nobody_keeps_the_way_to_sign_in_for_a_preview(client, method):
    response = getattr(client, method)("/news/no-such-thing/preview/")
    assert response.status_code == 302
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.usefixtures("database")
def test_a_fault_of_ours_is_not_stored(client):
    client.raise_request_exception = False
    assert client.get("/broken/")["Cache-Control"] == "no-store"
