"""What a reader gets who asks for something that is not there, or in a shape nobody knows."""

import pytest
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404
from django.test import Client, override_settings
from django.urls import include, path

from records.views import errors


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


def is_page(response):
    return "<h1" in response.content.decode() and "Traceback" not in response.content.decode()


@pytest.mark.usefixtures("debug")
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


def test_internals_of_a_suspicious_request_are_not_shown(client):
    response = client.get("/suspicious/")
    assert response.status_code == 400
    assert is_page(response)
    assert "internals" not in response.content.decode()


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


def test_fault_of_ours_says_sorry_without_database_or_request(client):
    client.raise_request_exception = False
    response = client.get("/broken/")  # No database mark: a query would fail this test.
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
