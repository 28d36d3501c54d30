"""Migrations that meet rows which they cannot accept."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.management import CommandError
from django.db import connection
from django.db.migrations.state import ProjectState

from records import migrations
from records.migrations._constraints import AddConstraint
from tests.factories import make_mission, make_topic
from tests.past_the_gate import smuggle

pytestmark = pytest.mark.django_db


def stopped(model, name):
    """The words with which the constraint's migration stops; the schema is not touched."""
    (constraint,) = [one for one in model._meta.constraints if one.name == name]
    state = ProjectState.from_apps(apps)
    operation = AddConstraint(model._meta.model_name, constraint)
    with pytest.raises(CommandError) as refusal:
        operation.database_forwards("records", SimpleNamespace(connection=connection), state, state)
    return str(refusal.value)


def test_a_row_that_a_new_check_refuses_is_named_with_its_column_and_the_cure():
    topic = make_topic("tidy", name="Tidy")
    smuggle(topic, description="a\u202eb")
    words = stopped(type(topic), "topic_columns_accepted")
    assert words.startswith(
        "topic_columns_accepted would not accept what is stored: "
        f"topic {topic.pk} (tidy): description is 'a\\u202eb'. "
    )
    assert "Nothing was changed. Correct it " in words
    assert "\n" not in words


def test_rows_of_which_a_check_says_nothing_are_not_named():
    make_mission()
    mission = make_mission()
    smuggle(mission, planned_landing_precision="day")
    words = stopped(type(mission), "mission_plan_precision")
    assert f"mission {mission.pk} ({mission.slug}). Give both the time and" in words


def test_rows_with_the_same_name_are_both_named():
    one, other = make_topic("oz-1", name="Oz"), make_topic("oz-2", name="Rue")
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX topic_name_once")
    smuggle(other, name="OZ")
    words = stopped(type(one), "topic_name_once")
    assert f"topic {one.pk} (oz-1); topic {other.pk} (oz-2). There is another one" in words


def test_every_migration_since_the_first_names_what_stops_it():
    folder = Path(migrations.__file__).parent
    plain = [
        path.name
        for path in folder.glob("[0-9]*.py")
        if "migrations.AddConstraint(" in path.read_text() and path.name[:4] > "0001"
    ]
    assert plain == []
