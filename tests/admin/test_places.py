"""What stands where among others: nobody has to think a place up, and no two have the same."""

import pytest
from django.contrib import admin

from records.models import (
    Article,
    Confirmation,
    Disagreement,
    Leaderboard,
    PendingVersion,
    Spacewalk,
    Station,
)
from tests import factories as make
from tests.admin.pages import add_row, complaints, save, typed, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("few_facts")]


def flights(number):
    """As many people on one ship."""
    mission = make.make_mission(landed_at="1999-05-01")
    return [make.make_flight(launch_mission=mission) for _ in range(number)]


def test_two_spacewalkers_at_one_place_are_refused_at_the_field(desk):
    first, second = flights(2)
    walk = make.make_spacewalk(first)
    values = typed(desk.get(url("change", walk)))
    add_row(values, "crew_rows", flight=str(second.pk), position="1")
    response = desk.post(url("change", walk), values)
    assert "Another one stands at place 1 already." in complaints(response)
    assert walk.crew_rows.count() == 1


def test_whoever_is_given_no_place_comes_behind_the_others(desk):
    first, second, third = flights(3)
    walk = make.make_spacewalk(first)
    values = typed(desk.get(url("change", walk)))
    assert values["crew_rows-__prefix__-position"] == ""
    for flight in (second, third):
        add_row(values, "crew_rows", flight=str(flight.pk))
    response = save(desk, url("change", walk), values)
    assert response.status_code == 302, complaints(response)
    rows = Spacewalk.objects.get(pk=walk.pk).crew_rows.order_by("position")
    assert [(row.flight, row.position) for row in rows] == [(first, 1), (second, 2), (third, 3)]


def test_two_change_places(desk):
    walk = make.make_spacewalk(*flights(2))
    values = typed(desk.get(url("change", walk)))
    values |= {"crew_rows-0-position": "2", "crew_rows-1-position": "1"}
    response = save(desk, url("change", walk), values)
    assert response.status_code == 302, complaints(response)


def test_place_of_a_row_that_goes_is_free(desk):
    first, second = flights(2)
    walk = make.make_spacewalk(first)
    values = typed(desk.get(url("change", walk))) | {"crew_rows-0-DELETE": "on"}
    add_row(values, "crew_rows", flight=str(second.pk), position="1")
    response = save(desk, url("change", walk), values)
    assert response.status_code == 302, complaints(response)
    assert [row.flight for row in walk.crew_rows.all()] == [second]


def test_operators_and_reported_values_likewise(desk):
    station = make.make_station()
    values = typed(desk.get(url("change", station)))
    prefix = next(name.removesuffix("-TOTAL_FORMS") for name in values if "TOTAL_FORMS" in name)
    add_row(values, prefix, agency=str(make.make_agency().pk), position="1")
    assert "place 1 already" in complaints(desk.post(url("change", Station(pk=station.pk)), values))
    doubt = make.make_disagreement("this", "that")
    values = typed(desk.get(url("change", doubt))) | {"values-1-position": "1"}
    response = desk.post(url("change", Disagreement(pk=doubt.pk)), values)
    assert "place 1 already" in complaints(response)


def test_primary_topic_is_among_the_topics(desk):
    story, topic = make.make_article(state="draft", published_at=None), make.make_topic()
    values = typed(desk.get(url("change", story))) | {"primary_topic": str(topic.pk)}
    response = desk.post(url("change", story), values)
    assert response.status_code == 302, complaints(response)
    assert list(story.topics.all()) == [topic]


def test_primary_topic_of_changes_is_among_their_topics(desk):
    story, topic = make.make_article(), make.make_topic()
    values = typed(desk.get(url("change", story))) | {"primary_topic": str(topic.pk)}
    assert desk.post(url("change", story), values).status_code == 302
    changes = PendingVersion.objects.get(article=story)
    assert topic.slug in str(changes.content)
    assert list(changes.working_copy().topics.all()) == [topic] or changes.content


def test_every_story_that_ships_has_its_primary_topic_among_its_topics():
    assert not [
        story
        for story in Article.objects.exclude(primary_topic=None)
        if story.primary_topic not in story.topics.all()
    ]


def test_board_stands_with_its_likes_and_behind_its_group(desk):
    known = Leaderboard.objects.filter(group="Spacewalks").order_by("position").last()
    values = typed(desk.get(url("add", Leaderboard)))
    assert (values["group"], values["position"]) == ("", "")
    values |= {"title": "A new board", "slug": "a-new-board", "metric": known.metric}
    response = desk.post(url("add", Leaderboard), values)
    assert response.status_code == 302, complaints(response)
    made = Leaderboard.objects.get(slug="a-new-board")
    assert (made.group, made.position) == (known.group, known.position + 1)
    assert known.group in desk.get(url("add", Leaderboard)).content.decode()


def test_board_of_a_metric_that_no_other_has_says_where_it_stands(desk):
    Leaderboard.objects.all().delete()
    values = typed(desk.get(url("add", Leaderboard)))
    values |= {"title": "A new board", "slug": "a-new-board", "metric": "longest-flight"}
    assert "say where it stands" in complaints(desk.post(url("add", Leaderboard), values))
    values |= {"group": "New"}
    assert desk.post(url("add", Leaderboard), values).status_code == 302


def test_confirmations_are_not_deleted_by_the_dozen(desk, rf, steward):
    row = make.make_confirmation()
    make.make_confirmation("2000-02-01")
    sent = {"action": "delete_selected", "_selected_action": [str(row.pk)], "post": "yes"}
    desk.post(url("changelist", Confirmation), sent)
    assert Confirmation.objects.filter(pk=row.pk).exists()
    request = rf.get("/")
    request.user = steward
    assert "delete_selected" not in admin.site.get_model_admin(Confirmation).get_actions(request)
