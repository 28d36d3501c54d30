"""Pairs of editors who open the same form, change drawn parts of it, and save.

Whatever either typed is stored or was shown to its author to choose, and nothing of one is written
over by the other unseen. What a form says is a version here: a value for each of its parts, None
for a row that was deleted.
"""

import random
from functools import partial

import pytest
from django.db import connection

from records.models import Agency, Article, StationOperator, Topic
from tests import factories as make
from tests.admin.pages import add_row, complaints, each_in_a_thread, log_in, typed, url

PAIRS_ON_STORIES, PAIRS_ON_FACTS, PAIRS_AT_ONCE = 30, 65, 5
WORDS = ("Orbit", "landing", "crew", "capsule", "record", "371 days", "walked", "again")
TEXTS = ("headline", "standfirst", "short_headline")
BODY = "One paragraph of it.\n\nAnother paragraph of it."

pytestmark = pytest.mark.usefixtures("few_facts")


def words(draw, count=3):
    return " ".join(draw.choices(WORDS, k=count)).capitalize()


# A story: texts, and its topics


def story_version(story):
    story = Article.objects.get(pk=story.pk)
    if pending := getattr(story, "pending", None):
        story = pending.working_copy()
    topics = frozenset(str(topic.pk) for topic in story.topics.all())
    return {name: getattr(story, name) for name in (*TEXTS, "body")} | {"topics": topics}


def rewritten_story(draw, opened, topics):
    made = dict(opened)
    for name in draw.sample((*TEXTS, "body", "topics"), k=draw.choice((1, 1, 2))):
        if name == "topics":
            made[name] = frozenset(draw.sample(topics, k=2))
        elif name == "body":
            paragraphs = opened[name].split("\n\n")
            paragraphs[draw.randrange(len(paragraphs))] = f"{words(draw, 6)}."
            made[name] = "\n\n".join(paragraphs)
        else:
            made[name] = words(draw)
    return made


def story_form(values, version):
    return values | version | {"topics": sorted(version["topics"])}


# A station: its name, and its operators in rows of their own


def station_version(station):
    station.refresh_from_db()
    rows = StationOperator.objects.filter(station=station)
    return {"name": station.name} | {row.pk: str(row.agency_id) for row in rows}


def rewritten_station(draw, opened, agencies):
    made = dict(opened)
    for part in draw.sample([*opened, "new"], k=draw.choice((1, 2))):
        made[part] = words(draw) if part == "name" else draw.choice((agencies.pop(), None))
    return made


def station_form(values, version):
    made = values | {"name": version["name"]}
    prefix = next(name for name in values if name.endswith("-TOTAL_FORMS")).split("-")[0]
    for number in range(int(values[f"{prefix}-TOTAL_FORMS"])):
        agency = version[int(values[f"{prefix}-{number}-id"])]
        made |= (
            {f"{prefix}-{number}-agency": agency} if agency else {f"{prefix}-{number}-DELETE": "on"}
        )
    if version.get("new"):
        add_row(made, prefix, agency=version["new"])
    return made


# What should become of them


def settled(part, opened, first, second):
    """What the part should say, by a rule plainer than the one that is tried; None if that is to be
    asked."""
    was, one, other = (version.get(part) for version in (opened, first, second))
    if isinstance(was, frozenset):
        return ((one | (other - was)) - (was - other),)
    if one in (was, other):
        return (other,)
    return (one,) if other == was else None


def part_of(place):
    """The part of a version that a page asks about."""
    _, row, *_ = (*place.split("-"), "")
    return int(row) if row.isdecimal() else place


def save_both(editors, page, forms, draw):
    """The first saves, then the second, who chooses where asked: what by place."""
    answer = editors[0].post(page, forms[0])
    assert answer.status_code == 302, complaints(answer)
    answer, chosen = editors[1].post(page, forms[1]), {}
    if answer.status_code == 200:
        sent = typed(answer)
        for one in answer.context_data["conflict"]["asked"]:
            choice = draw.choice(one["options"])["value"]
            sent[f"choice-{one['id']}"] = choice
            chosen[part_of(one["id"])] = choice, sent.get(f"both-{one['id']}")
        answer = editors[1].post(page, sent)
    assert answer.status_code == 302, complaints(answer)
    return chosen


def expected_of(versions, chosen):
    """What is to be stored, if each part that nobody could settle alone was asked, and no other."""
    opened, first, second = versions
    expected = {}
    for part in opened:
        found = settled(part, *versions)
        assert (found is None) == (part in chosen), f"{part} is asked, or written over unseen"
        choice, third = chosen.get(part, ("", ""))
        by_choice = {"mine": second.get(part), "theirs": first.get(part), "both": third}
        expected[part] = by_choice[choice] if found is None else found[0]
    return expected


@pytest.mark.django_db
def test_two_who_edit_a_story_lose_no_word(desk):
    editors = log_in("mara"), desk
    topics = [str(pk) for pk in Topic.objects.values_list("pk", flat=True)[:4]]
    stories = [
        make.make_article(body=BODY, state="draft", published_at=None),
        make.make_article(body=BODY),
    ]
    questions = 0
    for number in range(PAIRS_ON_STORIES):
        draw, story = random.Random(number), stories[number % 2]
        values, opened = typed(desk.get(url("change", story))), story_version(story)
        versions = opened, *(rewritten_story(draw, opened, topics) for _ in range(2))
        forms = [story_form(values, version) for version in versions[1:]]
        chosen = save_both(editors, url("change", story), forms, draw)
        assert story_version(story) == expected_of(versions, chosen)
        questions += len(chosen)
    assert 5 < questions < PAIRS_ON_STORIES


@pytest.mark.django_db
def test_two_who_edit_a_fact_lose_no_row(desk):
    editors = log_in("mara"), desk
    agencies = [str(pk) for pk in Agency.objects.values_list("pk", flat=True)]
    station = make.make_station()
    questions = 0
    for number in range(PAIRS_ON_FACTS):
        draw = random.Random(number)
        draw.shuffle(agencies)
        if station.operators.count() not in (3, 4):
            StationOperator.objects.filter(station=station).delete()
            for place, agency in enumerate(agencies[:3], 1):
                StationOperator.objects.create(station=station, agency_id=agency, position=place)
        values, opened = typed(desk.get(url("change", station))), station_version(station)
        others = [agency for agency in agencies if agency not in opened.values()]
        versions = opened, *(rewritten_station(draw, opened, others) for _ in range(2))
        forms = [station_form(values, version) for version in versions[1:]]
        chosen = save_both(editors, url("change", station), forms, draw)
        expected = expected_of(versions, chosen)
        final = station_version(station)
        assert final.pop("name") == expected.pop("name")
        added = [version.get("new") for version in versions[1:]]
        assert sorted(final.values()) == sorted(filter(None, (*expected.values(), *added)))
        questions += len(chosen)
    assert 5 < questions < PAIRS_ON_FACTS


def save_at_once(editors, page, forms):
    """Who is asked, if anybody, and about what."""
    answers = each_in_a_thread(
        *(partial(one.post, page, form) for one, form in zip(editors, forms, strict=True))
    )
    asked = [place for place, answer in enumerate(answers) if answer.status_code == 200]
    assert len(asked) < len(editors)
    for place in asked:
        return place, [one["id"] for one in answers[place].context_data["conflict"]["asked"]]
    return None, []


# The threads commit. Only a test that is transactional from the start is cleaned up after.
@pytest.mark.django_db(transaction=connection.vendor == "postgresql")
def test_two_who_save_at_once_lose_no_word(shared_database):
    editors = [each_in_a_thread(partial(log_in, name))[0] for name in ("ada", "bea")]
    draft = partial(make.make_article, body=BODY, state="draft", published_at=None)
    (story,) = each_in_a_thread(draft)
    page = url("change", story)
    for number in range(PAIRS_AT_ONCE):
        draw = random.Random(number)
        (answer,) = each_in_a_thread(partial(editors[0].get, page))
        (opened,) = each_in_a_thread(partial(story_version, story))
        versions = [opened | {name: words(draw)} for name in draw.choices(TEXTS, k=2)]
        forms = [story_form(typed(answer), version) for version in versions]
        asked, places = save_at_once(editors, page, forms)
        (final,) = each_in_a_thread(partial(story_version, story))
        for part, was in opened.items():
            one, other = (version[part] for version in versions)
            assert (part in places) == (was not in (one, other) and one != other)
            if part in places:
                assert final[part] == versions[1 - asked][part]
            elif asked is None:
                assert final[part] == (other if one == was else one)
