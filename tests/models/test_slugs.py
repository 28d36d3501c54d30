"""Slugs: made of names in any script, and found under what they were."""

import re

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from records.facts import exporting, fixtures, importing
from records.instants import read_clock
from records.models import Article, Astronaut, Flight, Mission, Station, Topic
from records.models.slugs import SLUG, proposed_slug
from records.texts import slug_of
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Frank Rubio is back", "frank-rubio-is-back"),
        ("Loral O’Hara’s first flight", "loral-oharas-first-flight"),
        ("Кононенко обогнал Падалку", "kononenko-obognal-padalku"),
        ("杨利伟", "yangliwei"),
        ("Björn Ångström & Łukasz", "bjorn-angstrom-lukasz"),
        ("Ελένη", "eleni"),
        ("  --  ", ""),
        ("🚀", "rocket"),
        ("", ""),
    ],
)
def test_slug_is_made_of_a_name_in_any_script(name, slug):
    assert slug_of(name, longest=100) == slug


@given(st.text(max_size=300), st.integers(5, 100))
def test_slug_made_of_any_text_is_one_or_nothing(text, longest):
    slug = slug_of(text, longest=longest)
    assert not slug or re.fullmatch(SLUG, slug)
    assert len(slug) <= longest


def test_proposal_is_free_now_and_was_never_taken():
    make.make_topic("phobos")
    moved = make.make_topic("phobos-2")
    Topic.objects.filter(pk=moved.pk).update(slug="elsewhere")
    assert proposed_slug(Topic, ["Phobos"]) == "phobos-3"
    assert proposed_slug(Topic, ["Mars", "2030"]) == "mars-2030"
    assert proposed_slug(Topic, ["–"]) == ""


def test_story_that_was_public_under_another_address_is_not_deleted():
    article = make.make_article("old")
    Article.objects.filter(pk=article.pk).update(slug="new")
    rows = Article.objects.filter(pk=article.pk)
    rows.first().references.all().delete()
    with pytest.raises(DatabaseError, match="article_was_public"), transaction.atomic():
        rows._raw_delete(rows.db)  # Past all that Python would say.
    draft = make.make_article("a-draft", state="draft", published_at=None)
    Article.objects.filter(pk=draft.pk).update(slug="another-draft")
    draft.delete()


def test_natural_keys_of_all_kinds_take_former_slugs():
    flight = make.make_flight(days=3)
    walk = make.make_spacewalk(flight)
    crew = walk.crew_rows.get()
    key = (flight.astronaut.slug, flight.launch_mission.slug)
    for row in (flight.astronaut, flight.launch_mission, walk):
        type(row).objects.filter(pk=row.pk).update(slug=f"{row.slug}-now")
    assert Flight.objects.get_by_natural_key(*key) == flight
    assert type(crew).objects.get_by_natural_key(walk.slug, *key) == crew
    with pytest.raises(Flight.DoesNotExist):
        Flight.objects.get_by_natural_key(key[0], "never-flown")


def test_fixture_of_before_meets_the_row_that_was_renamed(site):
    count, topic = Topic.objects.count(), Topic.objects.get(slug="nasa")
    Topic.objects.filter(pk=topic.pk).update(slug="the-agency")
    fixtures.load("topics")
    assert Topic.objects.count() == count
    assert Topic.objects.get_by_natural_key("the-agency") == topic


def test_fact_files_of_before_meet_rows_that_were_renamed(site, tmp_path):
    at = read_clock()
    exporting.export_folder(tmp_path, at)
    for model, slug in ((Mission, "apollo-11"), (Astronaut, "neil-armstrong"), (Station, "iss")):
        model.objects.filter(slug=slug).update(slug=f"{slug}-now")
    outcomes = importing.import_folder(tmp_path, at, accept_doubts=True)
    assert [outcome.table.name for outcome in outcomes if outcome.added or outcome.changed] == []
    assert Mission.objects.filter(slug="apollo-11-now").exists()
