"""Two who have the same page open."""

import re
from html import unescape

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.contrib.messages import get_messages
from django.db import connection
from django.utils.html import strip_tags

from records.models import Authorship, Flight, PendingVersion, Topic
from tests import factories as make
from tests.admin.pages import (
    EDITED,
    add_row,
    complaints,
    each_in_a_thread,
    log_in,
    one_of_each,
    save,
    typed,
    url,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("few_facts")]


def asked(response) -> dict[str, list[str]]:
    """What the page asks to be chosen: the words of each choice, by the name of its place."""
    assert response.status_code == 200
    return {
        one["id"]: [plain(option["html"]) for option in one["options"]]
        for one in response.context_data["conflict"]["asked"]
    }


def plain(html) -> str:
    """Marks as [-taken out-] and [+put in+]."""
    for tag, begin, end in (("del", "[-", "-]"), ("ins", "[+", "+]")):
        html = re.sub(rf"<{tag}>(.*?)</{tag}>", rf"{begin}\1{end}", html, flags=re.DOTALL)
    html = re.sub(r'<span class="visually-hidden">.*?</span>', "", html)
    return unescape(strip_tags(html))


def settled(response) -> list[str]:
    return [one["title"] for one in response.context_data["conflict"]["settled"]]


def said(response) -> str:
    return " ".join(map(str, get_messages(response.wsgi_request)))


def theirs(row, **values):
    """Somebody else saves these fields of the row."""
    type(row).objects.filter(pk=row.pk).update(**values)


def byline_of(article):
    return [row.author.name for row in Authorship.objects.filter(article=article)]


@pytest.fixture
def mission():
    ada, ben = make.make_astronaut("Ada Vega"), make.make_astronaut("Ben Orth")
    mission = make.make_mission("test-1", landed_at="1999-03-20")
    for astronaut in (ada, ben):
        make.make_flight(astronaut, mission)
    return mission


def opened(desk, row):
    return typed(desk.get(url("change", row)))


def test_what_only_one_of_two_changed_is_merged_and_said(desk, mission):
    mine = opened(desk, mission) | {"notes": "Mine."}
    save(log_in("mara"), url("change", mission), opened(desk, mission) | {"programme": "Theirs"})
    response = save(desk, url("change", mission), mine)
    assert response.status_code == 302
    mission.refresh_from_db()
    assert (mission.notes, mission.programme) == ("Mine.", "Theirs")
    assert re.search(r"mara saved this at .* UTC, while you had it open", said(response))
    assert "Taken from there: Programme. Kept of yours: Notes." in said(response)


def test_what_both_changed_is_shown_with_both_texts_and_chosen(desk, mission):
    theirs(mission, notes="All went well.")
    mine, other = (opened(desk, mission) for _ in range(2))
    save(desk, url("change", mission), other | {"notes": "All went badly."})
    response = desk.post(url("change", mission), mine | {"notes": "Most went well."})
    assert asked(response)["notes"][:2] == [
        "[-All-] [+Most+] went well.",
        "All went [-well-][+badly+].",
    ]
    assert typed(response)["both-notes"] == "Most went badly."
    page = response.content.decode()
    assert "Nothing is saved yet: You (in another tab) saved this at" in page
    assert typed(response)["notes"] == "Most went well."
    mission.refresh_from_db()
    assert mission.notes == "All went badly."


@pytest.mark.parametrize(
    ("choice", "saved"),
    [("mine", "The second."), ("theirs", "The first."), ("both", "The third.")],
)
def test_what_is_chosen_is_saved(choice, saved, desk, mission):
    second = opened(desk, mission) | {"notes": "The second."}
    save(desk, url("change", mission), opened(desk, mission) | {"notes": "The first."})
    response = desk.post(url("change", mission), second)
    chosen = typed(response) | {"choice-notes": choice, "both-notes": "The third."}
    assert save(desk, url("change", mission), chosen).status_code == 302
    mission.refresh_from_db()
    assert mission.notes == saved


def test_who_chooses_nothing_is_asked_again(desk, mission):
    theirs(mission, notes="Opened.")
    second = opened(desk, mission) | {"notes": "The second."}
    theirs(mission, notes="The first.")
    first_asked = desk.post(url("change", mission), second)
    response = desk.post(url("change", mission), typed(first_asked))
    assert asked(response) == asked(first_asked)
    mission.refresh_from_db()
    assert mission.notes == "The first."


def test_who_types_on_and_chooses_the_other_text_is_asked_again(desk, mission):
    second = opened(desk, mission) | {"notes": "The second."}
    theirs(mission, notes="The first.")
    page = typed(desk.post(url("change", mission), second))
    response = desk.post(
        url("change", mission), page | {"notes": "Typed on.", "choice-notes": "theirs"}
    )
    assert "[+Typed on.+]" in asked(response)["notes"][0]
    assert typed(response)["notes"] == "Typed on."


def test_who_chose_is_asked_again_if_a_third_one_saves(desk, mission):
    second = opened(desk, mission) | {"notes": "The second."}
    theirs(mission, notes="The first.")
    seen = typed(desk.post(url("change", mission), second))
    theirs(mission, notes="The third.")
    response = desk.post(url("change", mission), seen | {"choice-notes": "mine"})
    assert asked(response)["notes"] == ["The [-first-][+second+].", "The [-first-][+third+]."]
    response = desk.post(url("change", mission), seen | {"choice-notes": "theirs"})
    assert response.status_code == 302, "Whoever takes what others have takes what they have now."
    mission.refresh_from_db()
    assert mission.notes == "The third."


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_crew_member_removed_meanwhile_stays_removed_and_nothing_else_is_lost(
    place, desk, mission
):
    make.make_flight(make.make_astronaut("Cai Weng"), mission)
    names = ["Ben Orth", "Ada Vega", "Cai Weng"]  # A crew comes by family name.
    values = opened(desk, mission) | {"notes": "Kept"}
    values |= {f"launch_flights-{number}-role": f"Role {number}" for number in range(3)}
    mission.launch_flights.get(astronaut__name=names[place]).delete()
    response = desk.post(url("change", mission), values)
    (row,) = response.context_data["conflict"]["asked"]
    assert row["title"] == f"flight {names[place]}: deleted meanwhile, and you changed it"
    assert f"Role {place}" in row["html"]
    form = typed(response)
    left = [number for number in range(3) if number != place]
    assert [form[f"launch_flights-{number}-role"] for number in range(2)] == [
        f"Role {number}" for number in left
    ]
    assert form["launch_flights-TOTAL_FORMS"] == "2"
    out = save(desk, url("change", mission), form | {f"choice-{row['id']}": "theirs"})
    assert out.status_code == 302
    mission.refresh_from_db()
    assert mission.notes == "Kept"
    assert {str(one.astronaut): one.role for one in mission.launch_flights.all()} == {
        names[number]: f"Role {number}" for number in left
    }


def test_a_row_deleted_meanwhile_can_be_put_back_as_it_was_typed(desk, mission):
    values = opened(desk, mission) | {"launch_flights-0-role": "Typed"}
    name = mission.launch_flights.get(pk=values["launch_flights-0-id"]).astronaut.name
    mission.launch_flights.get(astronaut__name=name).delete()
    response = desk.post(url("change", mission), values)
    ((asks, _),) = asked(response).items()
    again = desk.post(url("change", mission), typed(response))
    assert list(asked(again)) == [asks]
    put_back = save(desk, url("change", mission), typed(again) | {f"choice-{asks}": "mine"})
    assert put_back.status_code == 302, complaints(put_back)
    assert mission.launch_flights.get(astronaut__name=name).role == "Typed"
    assert mission.launch_flights.count() == 2


def test_a_row_deleted_meanwhile_that_was_not_touched_stays_deleted(desk, mission):
    values = opened(desk, mission) | {"notes": "Mine"}
    mission.launch_flights.get(astronaut__name="Ada Vega").delete()
    response = save(desk, url("change", mission), values)
    assert response.status_code == 302
    assert "Taken from there: flight Ada Vega." in said(response)
    assert [one.astronaut.name for one in mission.launch_flights.all()] == ["Ben Orth"]


@pytest.mark.parametrize(("choice", "left"), [("mine", 1), ("theirs", 2)])
def test_a_row_changed_meanwhile_is_not_deleted_unseen(choice, left, desk, mission):
    values = opened(desk, mission) | {"launch_flights-0-DELETE": "on"}
    changed = Flight.objects.get(pk=values["launch_flights-0-id"])
    theirs(changed, role="Physician")
    response = desk.post(url("change", mission), values)
    (row,) = response.context_data["conflict"]["asked"]
    assert "changed meanwhile, and you delete it" in row["title"]
    assert "Physician" in plain(row["html"])
    response = save(desk, url("change", mission), typed(response) | {f"choice-{row['id']}": choice})
    assert response.status_code == 302, complaints(response)
    assert mission.launch_flights.count() == left


def test_who_may_not_delete_rows_is_not_stuck_where_one_was_removed(client, mission):
    staff = get_user_model().objects.create_user("iris", password="x", is_staff=True)
    may = ("change_mission", "change_flight", "view_flight")
    staff.user_permissions.set(Permission.objects.filter(codename__in=may))
    client.force_login(staff)
    values = opened(client, mission) | {"launch_flights-0-role": "Typed", "notes": "Kept"}
    mission.launch_flights.get(pk=values["launch_flights-0-id"]).delete()
    response = client.post(url("change", mission), values)
    ((row, choices),) = asked(response).items()
    assert len(choices) == 1, "Nor may they add one."
    chosen = typed(response) | {f"choice-{row}": "theirs"}
    assert save(client, url("change", mission), chosen).status_code == 302
    mission.refresh_from_db()
    assert mission.notes == "Kept"


def test_of_a_row_that_can_be_there_but_once_both_are_shown(desk):
    """Two note the same gap, each in a row of their own."""
    flight = make.make_flight(days=9)
    values = opened(desk, flight) | {"notes": "Mine"}
    add_row(values, "spacewalk_gap", note="Mine.")
    gap = make.make_spacewalk_gap(flight, "Theirs.")
    response = desk.post(url("change", flight), values)
    ((place, choices),) = asked(response).items()
    assert choices[:2] == ["[+Mine.+]", "[+Theirs.+]"]
    response = save(desk, url("change", flight), typed(response) | {f"choice-{place}": "mine"})
    assert response.status_code == 302, complaints(response)
    gap.refresh_from_db()
    assert gap.note == "Mine."


def test_what_was_typed_for_a_row_deleted_meanwhile_is_shown(desk):
    article = make.make_article(state="draft", published_at=None)
    values = opened(desk, article) | {"body": "Typed\nwith care."}
    address = url("change", article)
    article.delete()
    response = desk.post(address, values)
    assert response.status_code == 409
    page = response.content.decode()
    assert "This article was deleted meanwhile" in page
    assert "Typed<br>with care." in page
    assert "csrf" not in page[page.index("This is what you typed") :]


def test_what_a_writer_typed_is_shown_when_the_story_is_not_theirs_any_more(client):
    writer = get_user_model().objects.create_user("wren", is_staff=True)
    writer.groups.set(Group.objects.filter(name="Writer"))
    client.force_login(writer)
    article = make.make_article(state="draft", published_at=None, created_by=writer)
    values = opened(client, article) | {"body": "Typed with care."}
    theirs(article, state="scheduled", published_at="2100-01-01T00:00:00Z")
    response = client.post(url("change", article), values)
    assert response.status_code == 403
    page = response.content.decode()
    assert "This article is not yours to change" in page
    assert "Typed with care." in page


def test_a_crew_member_added_meanwhile_is_told_of_and_stays(desk, mission):
    values = opened(desk, mission) | {"notes": "Kept"}
    make.make_flight(make.make_astronaut("Cai Weng"), mission)
    response = save(desk, url("change", mission), values)
    assert response.status_code == 302
    assert "Taken from there: flight Cai Weng on Test 1. Kept of yours: Notes." in said(response)
    assert mission.launch_flights.count() == 3


def test_the_same_row_added_by_both_is_added_once(desk):
    topic, other = make.make_source("first"), make.make_source("other")
    flight = make.make_flight(days=9)
    values = opened(desk, flight)
    add_row(values, "citations", source=str(topic.pk), covers="all")
    first = dict(values)
    assert save(desk, url("change", flight), first).status_code == 302
    response = save(desk, url("change", flight), values)
    assert response.status_code == 302, complaints(response)
    assert [one.source for one in flight.citations.all()] == [topic]
    assert other not in {one.source for one in flight.citations.all()}


def test_a_crew_member_changed_on_a_page_of_his_own_counts(desk, mission):
    values = opened(desk, mission) | {"notes": "Kept"}
    Flight.objects.filter(astronaut__name="Ada Vega").update(role="Physician")
    response = save(desk, url("change", mission), values)
    assert "Taken from there: flight Ada Vega on Test 1: Role." in said(response)
    assert mission.launch_flights.get(astronaut__name="Ada Vega").role == "Physician"


def test_an_invalid_form_says_it_too(desk, mission):
    values = opened(desk, mission) | {"launched_at": "never", "notes": "Mine"}
    theirs(mission, notes="Theirs", programme="New")
    response = desk.post(url("change", mission), values)
    assert "Write an instant" in complaints(response)
    assert "notes" in asked(response)
    chosen = typed(response) | {"choice-notes": "mine"}
    response = desk.post(url("change", mission), chosen)
    assert "Write an instant" in complaints(response)
    assert not response.context_data["conflict"]
    sent = typed(response)
    assert (sent["notes"], sent["programme"], sent["launched_at"]) == ("Mine", "New", "never")


def test_lists_take_what_either_adds_or_removes(desk):
    mars, moon, sun = (
        make.make_topic(name=name) for name in ("Red planet", "Far side", "Sunspots")
    )
    article = make.make_article(topics=[mars, moon], state="draft", published_at=None)
    values = opened(desk, article)
    article.topics.set([moon, make.make_topic(name="Clouds")])
    kept = [str(mars.pk), str(moon.pk), str(sun.pk)]
    response = desk.post(url("change", article), values | {"topics": kept})
    assert response.status_code == 302, complaints(response)
    assert {topic.name for topic in article.topics.all()} == {"Far side", "Sunspots", "Clouds"}
    assert "Of both: Topics." in said(response)


def test_a_byline_keeps_the_order_of_both(desk):
    ada, ben, cai, dee = (make.make_author(name=name) for name in ("Ada", "Ben", "Cai", "Dee"))
    article = make.make_article(authors=[ada, ben], state="draft", published_at=None)
    values = opened(desk, article)
    article.set_byline([ada, ben, dee])
    mine = values | {"byline": [str(one.pk) for one in (cai, ada, ben)]}
    assert desk.post(url("change", article), mine).status_code == 302
    assert byline_of(article) == ["Cai", "Ada", "Ben", "Dee"]


def test_a_byline_that_both_put_in_another_order_is_chosen(desk):
    ada, ben, cai = (make.make_author(name=name) for name in ("Ada", "Ben", "Cai"))
    article = make.make_article(authors=[ada, ben, cai], state="draft", published_at=None)
    values = opened(desk, article)
    article.set_byline([cai, ada, ben])
    mine = values | {"byline": [str(one.pk) for one in (ben, ada, cai)]}
    response = desk.post(url("change", article), mine)
    assert list(asked(response)) == ["byline"]
    response = desk.post(url("change", article), typed(response) | {"choice-byline": "mine"})
    assert response.status_code == 302, complaints(response)
    assert byline_of(article) == ["Ben", "Ada", "Cai"]


def test_changes_of_a_public_story_are_merged_before_readers_see_them(desk):
    article = make.make_article(headline="Public", body="One.\n\nTwo.")
    first, second = opened(desk, article), opened(desk, article)
    assert desk.post(url("change", article), first | {"headline": "Theirs"}).status_code == 302
    response = desk.post(url("change", article), second | {"body": "One.\n\nTwo and more."})
    assert response.status_code == 302
    changes = PendingVersion.objects.get(article=article).changed
    assert changes == {"headline": "Theirs", "body": "One.\n\nTwo and more."}
    article.refresh_from_db()
    assert article.headline == "Public"


def test_what_is_typed_into_a_draft_does_not_go_public_with_it(desk):
    article = make.make_article(headline="Draft", state="draft", published_at=None)
    values = opened(desk, article) | {"headline": "Typed"}
    theirs(article, state="published", published_at="2020-01-01T00:00:00Z")
    response = desk.post(url("change", article), values)
    assert response.status_code == 302, complaints(response)
    article.refresh_from_db()
    assert article.headline == "Draft"
    assert PendingVersion.objects.get(article=article).changed == {"headline": "Typed"}


def test_nobody_decides_about_what_they_have_not_seen(desk):
    article = make.make_article(headline="Draft", state="draft", published_at=None)
    values = opened(desk, article) | {"_publish": "Publish", "when_0": "now"}
    theirs(article, standfirst="Theirs.")
    response = desk.post(url("change", article), values)
    assert "Standfirst: only somebody else changed it, taken over" in settled(response)
    assert "press its button again" in response.content.decode()
    article.refresh_from_db()
    assert article.state == "draft"
    again = typed(response) | {"_publish": "Publish", "when_0": "now"}
    assert desk.post(url("change", article), again).status_code == 302
    article.refresh_from_db()
    assert (article.state, article.standfirst) == ("published", "Theirs.")


def test_changes_are_not_thrown_away_unseen(desk):
    article = make.make_article(headline="Public")
    address = url("change", article)
    desk.post(address, opened(desk, article) | {"headline": "Mine"})
    mine = opened(desk, article) | {"_discard": "1"}
    mara = log_in("mara")
    mara.post(address, opened(mara, article) | {"standfirst": "Hers."})
    for sent in (mine, {"_discard": "1"}):
        assert "Look at the changes" in said(desk.post(address, sent))
        assert set(PendingVersion.objects.get().changed) == {"headline", "standfirst"}
    desk.post(address, opened(desk, article) | {"_discard": "1"})
    assert not PendingVersion.objects.exists()


def test_two_do_not_schedule_over_each_other(desk):
    article = make.make_article(state="draft", published_at=None)
    values = opened(desk, article) | {"_publish": "Publish", "when_0": "tomorrow"}
    theirs(article, state="scheduled", published_at="2100-01-01T00:00:00Z")
    response = desk.post(url("change", article), values)
    assert "2100-01-01 00:00:00" in response.context_data["conflict"]["decided"]
    article.refresh_from_db()
    assert article.published_at.year == 2100


@pytest.mark.parametrize("token", ["", "ü", "0" * 64, "e30:1vOfXX:forged"])
def test_a_form_that_does_not_say_what_was_opened_is_asked_for_all_that_differs(
    token, desk, mission
):
    values = opened(desk, mission) | {"notes": "Mine", "_opened": token}
    response = desk.post(url("change", mission), values)
    assert asked(response) == {"notes": ["[+Mine+]", ""]}
    assert "it is not known what you had opened" in response.content.decode()
    chosen = typed(response) | {"choice-notes": "mine"}
    assert save(desk, url("change", mission), chosen).status_code == 302


def test_what_was_opened_counts_for_its_own_page_alone(desk, mission):
    other = opened(desk, make.make_mission("test-2", landed_at="1999-03-20"))
    values = opened(desk, mission) | {"notes": "Mine", "_opened": other["_opened"]}
    assert "notes" in asked(desk.post(url("change", mission), values))


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 30, "1000000000"])
def test_rows_that_cannot_be_counted_are_refused_at_the_form(number, desk, mission):
    for name in ("TOTAL", "INITIAL"):
        values = opened(desk, mission) | {f"launch_flights-{name}_FORMS": number}
        response = desk.post(url("change", mission), values)
        assert response.status_code in (200, 302)
    assert mission.launch_flights.count() == 2


@pytest.mark.parametrize("model", EDITED, ids=[model.__name__ for model in EDITED])
def test_no_page_writes_over_what_it_has_not_shown(model, desk):
    row = one_of_each()[model]
    values = opened(desk, row)
    field = next(
        one
        for one in model._meta.fields
        if one.get_internal_type() in ("CharField", "TextField")
        and not one.choices
        and (one.max_length or 99) > len("changed")
    )
    model.objects.filter(pk=row.pk).update(**{field.name: "changed"})
    response = desk.post(url("change", row), values | {field.name: "typed"})
    assert response.status_code == 200
    assert field.name in asked(response)
    assert getattr(model.objects.get(pk=row.pk), field.name) == "changed"


# The threads commit. Only a test that is transactional from the start is cleaned up after.
@pytest.mark.django_db(transaction=connection.vendor == "postgresql")
def test_of_two_who_save_the_same_at_once_one_is_asked(shared_database):
    clients = [each_in_a_thread(lambda name=name: log_in(name))[0] for name in ("ada", "bea")]
    (topic,) = each_in_a_thread(lambda: Topic.objects.order_by("pk").first())
    page = url("change", topic)
    (sent,) = each_in_a_thread(lambda: typed(clients[0].get(page)))
    saves = [
        lambda one=one, word=word: one.post(page, sent | {"description": word})
        for one, word in zip(clients, ("Hers", "Mine"), strict=True)
    ]
    answers = each_in_a_thread(*saves)
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    refused = next(answer for answer in answers if answer.status_code == 200)
    shown = asked(refused)["description"]
    (kept,) = each_in_a_thread(lambda: Topic.objects.get(pk=topic.pk).description)
    assert typed(refused)["description"] == ("Hers" if kept == "Mine" else "Mine")
    assert f"[+{kept}+]" in shown[1]
