"""What is due is what readers see, from its second on and on every surface."""

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.test import Client

from records.models import Article, PendingVersion
from records.views.pending import PublishWhatIsDue
from tests import factories as make

pytestmark = pytest.mark.django_db

DUE = make.instant("2027-03-28T01:00:00")  # The second at which Central Europe skips an hour.
SECOND = timedelta(seconds=1)
MARK = "Quetzalcoatlus"


def surfaces(story):
    """Every page that says something of the story."""
    month = f"{story.published_at:%Y/%m}"
    return {
        "/": Client(),
        "/news/": Client(),
        f"/news/{month}/": Client(),
        f"/news/{story.slug}/": Client(),
        "/topics/": Client(),
        "/topics/deep-sky/": Client(),
        "/authors/una-vale/": Client(),
        "/astronauts/una-pilot/": Client(),
    }


def says(mark, story) -> set[str]:
    return {path for path, one in surfaces(story).items() if mark in one.get(path).content.decode()}


def counts_of_topic() -> list[str]:
    """What the list of topics says of how many stories there are."""
    page = Client().get("/topics/").content.decode()
    return re.findall(r'/topics/deep-sky/".*?(no stories \w+|\d+ stor\w+)', page, re.DOTALL)


@pytest.fixture
def story():
    return make.make_article(
        "under-way",
        headline="Before",
        short_headline="Before",
        published_at=DUE - timedelta(hours=1),
        authors=[make.make_author("una-vale")],
        topics=[make.make_topic("deep-sky")],
        astronauts=[make.make_astronaut("Una Pilot")],
    )


def test_pending_version_is_published_to_the_second_on_every_surface(story, clock):
    content = {"headline": MARK, "short_headline": MARK}
    make.make_pending_version(story, content=content, due_at=DUE)
    clock(DUE - SECOND)
    assert says(MARK, story) == set()
    clock(DUE)
    assert says(MARK, story) == surfaces(story).keys() - {"/topics/"}


def test_story_appears_and_is_withdrawn_to_the_second_on_every_surface(story, clock):
    later = DUE + timedelta(hours=2)
    Article.objects.filter(pk=story.pk).update(
        state="scheduled", published_at=DUE, withdrawn_at=later, headline=MARK, short_headline=MARK
    )
    story.refresh_from_db()
    shown = surfaces(story).keys() - {"/topics/"}
    for at, expected in (
        (DUE - SECOND, set()),
        (DUE, shown),
        (later - SECOND, shown),
    ):
        clock(at)
        assert says(MARK, story) == expected, at
        # A topic without a story is nobody's yet.
        assert counts_of_topic() == (["1 story"] if expected else [])
    clock(later)
    assert counts_of_topic() == ["no stories now"]
    # The notice of a withdrawn story keeps its headline; nothing else does.
    assert says(MARK, story) <= {f"/news/{story.slug}/"}
    assert Client().get(f"/news/{story.slug}/").status_code == 410
    past = f"/astronauts/una-pilot/?at={later - SECOND:%Y-%m-%dT%H:%M:%SZ}"
    assert MARK not in Client().get(past).content.decode()


@pytest.mark.parametrize("path", ["/methods/", "/admin/login/", "/news/no-such-story/", "/data/"])
def test_any_page_publishes_what_is_due(story, clock, path):
    make.make_pending_version(story, content={"headline": MARK}, due_at=DUE)
    clock(DUE + timedelta(days=1))
    Client().get(path)
    story.refresh_from_db()
    assert story.headline == MARK


def test_what_cannot_be_published_leaves_every_page_as_it_was(story, clock):
    pending = make.make_pending_version(story, content={"topics": ["gone"]}, due_at=DUE)
    clock(DUE)
    for path, client in surfaces(story).items():
        assert client.get(path).status_code == 200, path
    pending.refresh_from_db()
    assert "gone" in pending.failure


def test_page_is_made_when_nothing_can_be_written(story, clock, monkeypatch):
    make.make_pending_version(story, content={"headline": MARK}, due_at=DUE)
    clock(DUE)

    def refuse(*_, **__):
        raise DatabaseError("attempt to write a readonly database")

    monkeypatch.setattr(Article, "save", refuse)
    assert "Before" in Client().get("/news/under-way/").content.decode()
    monkeypatch.setattr(PendingVersion.objects.__class__, "apply_due", refuse)
    assert "Before" in Client().get("/news/under-way/").content.decode()


def test_machine_that_asks_whether_we_live_asks_for_no_story(monkeypatch):
    def fail(*_):
        raise AssertionError

    monkeypatch.setattr(PendingVersion.objects.__class__, "apply_due", fail)
    assert Client().get("/livez").status_code == 200
    assert PublishWhatIsDue(lambda _: "page")("request") == "page"
