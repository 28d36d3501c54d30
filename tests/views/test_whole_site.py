"""Links that others decorated or mangled, at every address of the site map."""

import re
from html import unescape

import pytest
from django.urls import reverse

from records import urls

pytestmark = pytest.mark.usefixtures("site")

#: What the addresses are asked for, where it is not the leaderboard.
NAMED = {
    "news-year": {"year": "2023"},
    "news-month": {"year": "2023", "month": "09"},
    "article": {"slug": "frank-rubio-returns-after-371-days"},
    "article-changes": {"slug": "artemis-ii-comes-home"},
    "topic": {"slug": "space"},
    "author": {"slug": "ines-marlowe"},
    "astronaut": {"slug": "frank-rubio"},
    "mission": {"slug": "soyuz-ms-22"},
    "country": {"code": "USA"},
    "agency": {"slug": "nasa"},
    "station": {"slug": "iss"},
    "spacewalk": {"slug": "eva-1965-06-03"},
    "data-csv": {"name": "people"},
}


def address(route) -> str:
    needs_name = "<" in str(route.pattern)
    default = {"slug": "longest-spaceflight"} if needs_name else {}
    return reverse(route.name, kwargs=NAMED.get(route.name, default))


#: Answered to readers; /newsroom/ and the preview of a story are for those who work here, or whom
#: they gave a link. Everybody else is sent to sign in. The site has no picture yet.
ROUTES = [
    one
    for one in urls.urlpatterns
    if one.name not in ("livez", "readyz", "article-preview", "rendition")
    and not str(one.pattern).startswith("newsroom/")
]
PAGES = {one.name: address(one) for one in ROUTES if address(one).endswith("/")}
FILES = {one.name: address(one) for one in ROUTES if not address(one).endswith("/")}

#: Those that are of no instant: of stories, and of the data themselves.
OF_NO_INSTANT = {
    *("home", "news", "news-year", "news-month", "topics", "topic", "author"),
    *("article", "article-changes", "corrections", "data", "data-changes", "methods"),
}
ASKED_AT = {name: page for name, page in PAGES.items() if name not in OF_NO_INSTANT}

#: Files that take no parameter, and so refuse none.
DEAF = {
    *("watch-calendar", "watch-feed", "feed-records-atom", "feed-records-json"),
    *("feed-corrections-atom", "feed-corrections-json"),
    *("data-zip", "data-json", "data-package", "data-csv"),
}
STRICT = {name: page for name, page in FILES.items() if name not in DEAF}

DECORATED = (
    "utm_source=xyzzy",
    "fbclid=xyzzy",
    "ref=xyzzy&ref=xyzzy",
    "xyzzy",
    "=xyzzy",
    "&&=&xyzzy=",
    "xyzzy=%zz%ff",
    "xyzzy[]=1&xyzzy[a]=2",
    "xyzzy=" + "x" * 3000,
    "%F0%9F%9A%80=xyzzy",
)

MANGLED = (
    "at=",
    "at=%20",
    "at=%zz",
    "at=%ff%fe",
    "at=%E2%80%AE",
    "at=%D9%A1%D9%A9%D9%A6%D9%A9",
    "at=1969&at=1970",
    "at=2024-02-30",
    "at=3/4/1969",
    "at=1956",
    "at=9999-12-31",
    "at=2999-01-01",
    "at=" + "9" * 5000,
    "at=%3Cscript%3E",
)


def test_every_page_and_file_is_known():
    assert {"home", "astronauts", "mission", "record-changes", "compare"} <= PAGES.keys()
    assert {"data-zip", "watch-calendar", "leaderboard-csv"} <= FILES.keys()


@pytest.mark.parametrize("query", DECORATED, ids=range(len(DECORATED)))
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_page_ignores_what_others_put_into_its_address(client, path, query, clock):
    clock("2026-11-22T12:00:00Z")
    response = client.get(f"{path}?{query}")
    assert response.status_code == 200
    assert b"xyzzy" not in response.content
    assert response.content == client.get(path).content


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_page_says_its_canonical_address(client, path):
    text = client.get(f"{path}?ref=xyzzy").content.decode()
    (canonical,) = re.findall(r'<link rel="canonical" href="([^"]*)">', text)
    assert canonical.endswith(path)


@pytest.mark.parametrize("path", ASKED_AT.values(), ids=ASKED_AT)
def test_every_page_of_facts_knows_the_instant(client, path):
    response = client.get(path, {"at": "20 July 2024"})
    assert response.status_code == 200
    assert response.context["instant"].written == "2024-07-20T23:59:59Z"
    assert 'name="at" required value="2024-07-20"' in response.content.decode()


@pytest.mark.parametrize("query", MANGLED, ids=range(len(MANGLED)))
@pytest.mark.parametrize("path", ASKED_AT.values(), ids=ASKED_AT)
def test_a_mangled_instant_is_told_at_its_field_with_a_way_on(client, path, query):
    response = client.get(f"{path}?{query}")
    assert response.status_code == 400
    text = response.content.decode()
    (field,) = re.findall(r'<input id="at"[^>]*>', text)
    assert 'aria-invalid="true" aria-describedby="problem-at at-hint"' in field
    assert text.count('id="problem-at"') == 1
    assert "<script>" not in text
    notice = re.search(r'<div class="notice notice--problem".*?</div>', text, re.S)[0]
    ways = [unescape(link) for link in re.findall(r'href="([^"]*)"', notice)]
    assert ways
    for way in ways:
        assert client.get(path + way).status_code == 200


@pytest.mark.parametrize("query", [*MANGLED, "at=1969"], ids=range(len(MANGLED) + 1))
@pytest.mark.parametrize("path", [PAGES[name] for name in sorted(OF_NO_INSTANT)])
def test_a_page_of_no_instant_does_not_look_at_one(client, path, query):
    assert client.get(f"{path}?{query}").status_code == 200


@pytest.mark.parametrize("query", [*DECORATED[2:], *MANGLED])
@pytest.mark.parametrize("name", FILES)
def test_a_file_refuses_what_it_does_not_know_or_takes_no_notice(client, name, query):
    response = client.get(f"{FILES[name]}?{query}")
    assert response.status_code == (200 if name in DEAF else 400)
    if name in STRICT:
        of_json = FILES[name].endswith(".json")
        kind = "application/problem+json" if of_json else "text/plain; charset=utf-8"
        assert response["Content-Type"] == kind
        words = response.json()["detail"] if of_json else response.content.decode()
        assert len(words.strip().splitlines()) == 1


@pytest.mark.parametrize("query", DECORATED[:2])
@pytest.mark.parametrize("name", FILES)
def test_a_file_ignores_the_marks_of_other_sites(client, name, query):
    assert client.get(f"{FILES[name]}?{query}").status_code == 200
