"""What is refused in one way in is refused in all, for every column that there is."""

import json
from copy import copy
from datetime import UTC, date, datetime

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core import serializers
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.core.serializers.base import DeserializationError
from django.core.serializers.python import Deserializer
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone
from django.utils.choices import CallableChoiceIterator

from records.facts import checking
from records.models import FeedEntry, FormerAddress, KeptText, PreviewSecret, gate
from records.models.history import Former
from tests.factories import (
    make_article,
    make_article_revision,
    make_astronaut,
    make_author,
    make_citation,
    make_confirmation,
    make_correction,
    make_decision,
    make_disagreement,
    make_flight,
    make_image,
    make_leaderboard,
    make_mission,
    make_pending_version,
    make_review_note,
    make_source,
    make_spacewalk,
    make_spacewalk_gap,
    make_station,
    make_topic,
)
from tests.past_the_gate import smuggle

pytestmark = pytest.mark.usefixtures("site")

MODELS = [one for one in apps.get_app_config("records").get_models() if not issubclass(one, Former)]
TEXTS = [
    (model, field)
    for model in MODELS
    for field in model._meta.concrete_fields
    if isinstance(field, models.CharField | models.TextField)
]
NUMBERS = [
    (model, field)
    for model in MODELS
    for field in model._meta.concrete_fields
    if isinstance(field, models.IntegerField) and not field.primary_key
]
DATES = [
    (model, field)
    for model in MODELS
    for field in model._meta.concrete_fields
    if isinstance(field, models.DateField)
]
CHOICES = [(model, field) for model, field in TEXTS if field.choices]
FORMATS = [(model, field) for model, field in TEXTS if field.pattern]
FREE = [(model, field) for model, field in TEXTS if not field.choices]
REQUIRED = [(model, field) for model, field in TEXTS if not field.blank]


def each(columns):
    named = [f"{model._meta.model_name}.{field.name}" for model, field in columns]
    return pytest.mark.parametrize(("model", "field"), columns, ids=named)


MADE = {
    "articlerevision": make_article_revision,
    "author": make_author,
    "correction": lambda: make_correction(make_article()),
    "feedentry": lambda: FeedEntry.objects.create(key="a/b", digest="c", changed_at=timezone.now()),
    "formeraddress": lambda: FormerAddress.objects.create(kind="topic", slug="old", row_id=1),
    "decision": make_decision,
    "image": make_image,
    "pendingversion": lambda: make_pending_version(correction_wrong="1.", correction_right="2."),
    "reviewnote": make_review_note,
    "kepttext": lambda: KeptText.objects.create(
        user=get_user_model().objects.create_user("ada"),
        page="/admin/",
        copy="c1",
        typed="[]",
        kept_at=timezone.now(),
    ),
    "previewsecret": lambda: PreviewSecret.objects.create(article=make_article()),
    "spacewalkgap": lambda: make_spacewalk_gap(make_flight(days=1)),
}


def row_of(model):
    return model.objects.first() or MADE[model._meta.model_name]()


def refused(model, field, value, *, by_sql=True):
    """Try every way in with a value; each must refuse it."""
    row = row_of(model)
    name = field.attname
    stored = getattr(row, name)

    def by_form():
        setattr(row, name, value)
        row.clean_fields()

    def by_save():
        setattr(row, name, value)
        row.save()

    def by_bulk_create():
        other = copy(row)
        other.pk = None
        setattr(other, name, value)
        model.objects.bulk_create([other])

    def by_fixture():
        (entry,) = serializers.serialize("python", [row], use_natural_foreign_keys=True)
        entry["fields"][field.name] = value
        for item in Deserializer([entry]):
            item.save()

    ways = {
        by_form: ValidationError,
        by_save: ValidationError,
        lambda: model.objects.filter(pk=row.pk).update(**{name: value}): ValidationError,
        by_bulk_create: ValidationError,
        by_fixture: (ValidationError, DeserializationError),
    }
    if by_sql:
        ways[lambda: by_plain_sql(row_of(model), field.column, value)] = DatabaseError
    for way, refusal in ways.items():
        setattr(row, name, stored)
        with pytest.raises(refusal), transaction.atomic():
            way()


def by_plain_sql(row, column, value):
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE {row._meta.db_table} SET "{column}" = %s WHERE id = %s', [value, row.pk]
        )


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_no_column_of_text_or_number_goes_past_the_gate(model):
    past = [
        field.name
        for field in model._meta.concrete_fields
        if isinstance(
            field, models.CharField | models.TextField | models.IntegerField | models.DateField
        )
        and not field.primary_key
        and not isinstance(field, gate.LineField | gate.ProseField | gate.AddressField)
        and not isinstance(field, gate.NumberField | gate.LargeNumberField)
        and not isinstance(field, gate.MomentField | gate.CalendarDayField)
    ]
    assert past == []


@each(TEXTS)
def test_text_with_a_character_that_no_feed_can_write(model, field):
    for value in ("a\x1db", "a\u202eb", "a\ufffeb"):
        refused(model, field, value)
    refused(model, field, "a\ud800b", by_sql=False)
    refused(model, field, "a\0b", by_sql=False)


@each(FREE)
def test_text_is_tidied_whoever_writes_it_and_the_database_holds_no_other(model, field):
    row = row_of(model)
    stored = getattr(row, field.attname) or "x"
    for dirty in (f" {stored}\u200b", f"\ufeff{stored} \n"):
        if not (field.pattern or isinstance(field, gate.AddressField)):
            model.objects.filter(pk=row.pk).update(**{field.attname: dirty})
            row.refresh_from_db()
            assert getattr(row, field.attname) == stored
        with pytest.raises(DatabaseError), transaction.atomic():
            by_plain_sql(row, field.column, dirty)


@each(CHOICES)
def test_word_that_is_no_choice(model, field):
    listed = not isinstance(field._choices, CallableChoiceIterator)
    for value in ("zzz", field.flatchoices[0][0].upper() + "x"):
        refused(model, field, value, by_sql=listed)


WRONG = {
    "slug": ("Rubio-Returns", "-", "--", "NASA", "a--b", "a_b", "-a", "a-", "é", "a b", "a/b"),
    "code": ("us", "usa", "USAA", "U1A", "ÉÉÉ"),
    "flag_colours": ("red", "#0032A0", "#0032a", "#0032a0,", "#0032a0;#da291c", "#0032a0," * 6),
    "cospar_id": ("1969", "1969-59A", "1969-059", "69-059A", "1969-059a"),
    "wikidata_id": ("1615", "q1615", "Q", "https://www.wikidata.org/wiki/Q1615"),
    "copy": ("C1", "c 1", "c_1", "é"),
    "digest": ("A" * 64, "a" * 63, "a" * 65, "a" * 63 + "g"),
    "metric": ("Longest Flight", "-"),
}


@each(FORMATS)
def test_text_of_another_format(model, field):
    for value in WRONG[field.name]:
        refused(model, field, value)


@each(REQUIRED)
def test_text_that_must_be_there(model, field):
    refused(model, field, "")
    refused(model, field, "\u200b\u00a0", by_sql=False)


@each(NUMBERS)
def test_number_out_of_range(model, field):
    for value in (field.least - 1, field.most + 1):
        refused(model, field, value)
    for value in ("many", 1.5e300):
        with pytest.raises((ValidationError, OverflowError)):
            field.clean(value, None)


def test_refusal_names_the_accepted_words():
    mission = row_of(apps.get_model("records.mission"))
    mission.launch_precision = "year"
    with pytest.raises(ValidationError) as refusal:
        mission.full_clean()
    assert refusal.value.message_dict == {
        "launch_precision": [
            "Value 'year' is not a valid choice. Accepted: second, minute, day, month."
        ]
    }


def test_looking_for_what_cannot_be_there_finds_nothing():
    astronauts = apps.get_model("records.astronaut").objects
    for text in ("a\x1db", "Frank  Rubio", "\u202e", "zzz"):
        assert not astronauts.filter(name=text).exists()
        assert not astronauts.filter(slug__contains=text, sex=text).exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"slug": "zz", "name": "Frank\x1d"}, "there is a control character"),
        ({"slug": "ZZ", "name": "Zz"}, "slug: Lower-case letters"),
        ({"slug": "zz", "name": ""}, "name: This field cannot be blank"),
    ],
)
def test_fixture_of_somebody_elses_is_refused_with_file_and_row(tmp_path, fields, words):
    path = tmp_path / "topics.json"
    path.write_text(json.dumps([{"model": "records.topic", "fields": fields}]))
    with pytest.raises(CommandError) as refusal:
        call_command("loaddata", str(path), verbosity=0)
    text = str(refusal.value).lower()
    assert str(path) in text
    assert "topic" in text
    assert words.lower() in text
    assert "\n" not in text


def test_history_may_say_what_is_no_longer_accepted():
    astronaut = row_of(apps.get_model("records.astronaut"))
    astronaut.save()
    former = astronaut.history.first()
    smuggle(former, name="a  b")
    former.refresh_from_db()
    assert former.name == "a  b"


@pytest.mark.parametrize("spelling", ["nasa", "Nasa", "NÁSA", "N.A.S.A.", "na-sa"])
def test_topic_that_is_there_in_another_spelling(spelling):
    topic = make_topic(name="The Agency", slug="nasa-2")
    topic.name = spelling
    with pytest.raises(ValidationError) as refusal:
        topic.full_clean()
    assert refusal.value.message_dict == {"name": ["There is “NASA” already."]}
    topic.name = "NASA2"
    topic.full_clean()


def test_name_may_change_its_own_spelling():
    topic = apps.get_model("records.topic").objects.get(name="NASA")
    topic.name = "Nasa"
    topic.full_clean()
    topic.save()


@each(DATES)
def test_year_that_cannot_be_meant(model, field):
    is_instant = isinstance(field, models.DateTimeField)
    for year in (1, 1849, 2201, 9999):
        value = datetime(year, 7, 1, tzinfo=UTC) if is_instant else date(year, 7, 1)
        refused(model, field, value)


# What `clean()` refuses, in every way in that takes whole rows

LONG_AFTER = "2190-01-01T00:00:00Z"
SOME_DAY_OF_A_MONTH = {"checked_on": "2020-05-05", "checked_precision": "month"}

#: A row as it may be, and what makes it one that no form lets in.
REFUSED_BY_FORMS = {
    "parts that the metric does not have": (make_leaderboard, {"each": "spacewalk"}),
    "a threshold of nothing": (make_leaderboard, {"threshold": 0}),
    "a threshold beyond all": (make_leaderboard, {"threshold": 2_000_000_000}),
    "a role that nobody had": (make_leaderboard, {"role": "Stowaway"}),
    "a programme that there was not": (make_leaderboard, {"programme": "Columbiad"}),
    "a family that there is not": (make_leaderboard, {"spacecraft_family": "Columbiad"}),
    "a board at the address of a page": (make_leaderboard, {"slug": "changes"}),
    "HTML in a story": (make_article, {"body": "<b>Up</b>"}),
    "a table in a story": (make_article, {"body": "| a | b |\n|---|---|\n| 1 | 2 |"}),
    "a picture in a story": (make_article, {"body": "![A](https://example.com/a.png)"}),
    "a story at the address of a year": (make_article, {"slug": "1999"}),
    "a story published in the future": (make_article, {"published_at": LONG_AFTER}),
    "a landing to come": (
        lambda: make_mission(landed_at="1999-03-11"),
        {"landed_at": LONG_AFTER},
    ),
    "a day with an hour": (make_mission, {"launch_precision": "day"}),
    "a minute with seconds": (
        make_mission,
        {"launched_at": "1999-03-01T12:00:05Z", "launch_precision": "minute"},
    ),
    "a month with a day, of a station": (
        make_station,
        {"launched_at": "1998-01-02T00:00:00Z", "launch_precision": "month"},
    ),
    "a year with a day, of a birth": (
        make_astronaut,
        {"born_on": "1960-05-05", "birth_precision": "year"},
    ),
    "a month with a day, of a source": (
        make_source,
        {"snapshot_on": "2020-05-05", "snapshot_precision": "month"},
    ),
    "a month with a day, of a disagreement": (make_disagreement, SOME_DAY_OF_A_MONTH),
    "a month with a day, of a citation": (
        lambda: make_citation(mission=make_mission()),
        SOME_DAY_OF_A_MONTH,
    ),
    "a confirmation of the future": (make_confirmation, {"through_at": LONG_AFTER}),
    "a spacewalk to come": (lambda: make_spacewalk(make_flight()), {"started_at": LONG_AFTER}),
    "minutes with seconds, of a spacewalk": (make_spacewalk, {"duration": "06:00:05"}),
    "minutes with seconds, of a part": (
        lambda: make_spacewalk(make_flight(days=9)).crew_rows.get(),
        {"duration": "01:00:05", "duration_precision": "minute"},
    ),
    "a correction of the future": (
        lambda: make_correction(make_article()),
        {"made_at": LONG_AFTER},
    ),
}


@pytest.mark.parametrize(("make", "fields"), REFUSED_BY_FORMS.values(), ids=REFUSED_BY_FORMS)
def test_a_row_that_forms_refuse_is_refused_by_loaddata(tmp_path, make, fields):
    row = make()
    model = type(row)
    assert list(checking.by_rows(only={(model, row.pk)})) == []
    (entry,) = json.loads(serializers.serialize("json", [row], use_natural_foreign_keys=True))
    path = tmp_path / "rows.json"
    path.write_text(json.dumps([entry | {"fields": entry["fields"] | fields}]))
    before = list(model.objects.order_by("pk").values())
    with pytest.raises(CommandError) as refusal:
        call_command("loaddata", str(path), verbosity=0)
    said = str(refusal.value)
    assert said.startswith(f"{path}: {model._meta.verbose_name} ")
    assert said.endswith(". Nothing was loaded.")
    assert "\n" not in said
    assert list(model.objects.order_by("pk").values()) == before
    for name, value in fields.items():
        setattr(row, name, model._meta.get_field(name).to_python(value))
    with pytest.raises(ValidationError):
        row.full_clean()


def test_every_model_that_refuses_more_than_its_fields_has_such_a_row():
    tried = {type(make()) for make, _ in REFUSED_BY_FORMS.values()}
    say_more = {one for one in MODELS if one.clean is not models.Model.clean}
    # What these say the database says as well: see test_triggers.py, and the model's constraint.
    assert {one._meta.model_name for one in say_more - tried} == {"flight", "surfacestay", "image"}
