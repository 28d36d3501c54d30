"""The committed fixtures: they load the same way every time, and broken ones do not load at all."""

import json
import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.test import override_settings

from records.facts import fixtures
from records.models import (
    Article,
    Astronaut,
    Confirmation,
    Country,
    DataVersion,
    Flight,
    Mission,
    PendingVersion,
)
from tests import factories as make

RECORDS = set(apps.get_app_config("records").get_models())


@pytest.fixture
def fixture_folder(tmp_path):
    """A copy of the fixtures that a test may damage."""
    folder = tmp_path / "fixtures"
    shutil.copytree(Path(fixtures.path_of("countries")).parent, folder)
    with override_settings(FIXTURE_DIRS=[folder]):
        yield folder


@pytest.fixture
def small_fixtures(small_record, fixture_folder):
    """The small record as the folder's fixtures of facts, with nothing else in it."""
    Confirmation.objects.create(through_at="2003-01-02T00:00Z", note="Tests.")
    for name in fixtures.SITE:
        (fixture_folder / f"{name}.json").write_text("[]\n")
    call_command("dump_fixtures", stdout=StringIO())
    return fixture_folder


def load():
    """What `load_site` says, or the one line of its refusal."""
    out = StringIO()
    try:
        call_command("load_site", stdout=out, stderr=out)
    except CommandError as error:
        return str(error)
    return out.getvalue()


def contents(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def change(folder, name, edit):
    """Rewrite a fixture: `edit` gets the list of its rows and may change it in place."""
    path = folder / f"{name}.json"
    rows = json.loads(path.read_text())
    edit(rows)
    path.write_text(json.dumps(rows))


def fields(slug, **values):
    def edit(rows):
        row = next(row for row in rows if slug in row["fields"].values())
        row["fields"].update(values)

    return edit


# Loading what is right


def test_each_fixture_refers_only_to_earlier_ones():
    loaded = set()
    for name in fixtures.SITE:
        models = {
            apps.get_model(row["model"]) for row in json.loads(fixtures.path_of(name).read_text())
        }
        loaded |= models | {fixtures.NEWSROOM.get(name)}
        for model in models:
            links = [
                field for field in model._meta.get_fields() if field.concrete and field.remote_field
            ]
            wanted = {field.related_model for field in links} & RECORDS
            assert wanted <= loaded, f"{name} refers to {wanted - loaded}"


def test_readme_loads_the_fixtures_in_their_order():
    text = (Path(settings.BASE_DIR) / "README.md").read_text().replace("\\\n", " ")
    line = next(line for line in text.splitlines() if "manage.py loaddata" in line)
    assert line.split("loaddata")[1].split() == list(fixtures.SITE)


def test_committed_fixtures_are_what_the_record_dumps(site, fixture_folder):
    before = contents(fixture_folder)
    call_command("dump_fixtures", stdout=StringIO())
    assert contents(fixture_folder) == before


def test_drafts_notes_and_pending_versions_go_out_and_come_back(site, fixture_folder):
    story = Article.objects.get(slug="frank-rubio-returns-after-371-days")
    make.make_article("half-a-draft", state="draft", published_at=None, standfirst="", body="")
    make.make_review_note(story, passage="Kazakhstan", settled_at="2026-01-01T00:00Z")
    content = {"headline": "Changed", "topics": ["nasa"], "authors": [], "primary_topic": None}
    make.make_pending_version(
        story, content=content, due_at="2150-01-01", correction_wrong="1.", correction_right="2."
    )
    call_command("dump_fixtures", stories=True, stdout=StringIO())
    before = contents(fixture_folder)
    PendingVersion.objects.all().delete()
    Article.objects.filter(slug="half-a-draft").delete()
    call_command("loaddata", *fixtures.NEWSROOM, verbosity=0)
    assert PendingVersion.objects.get().changed.keys() == content.keys()
    call_command("dump_fixtures", stories=True, stdout=StringIO())
    assert contents(fixture_folder) == before


def test_pictures_go_out_with_the_stories_and_come_back(site, fixture_folder):
    image = make.make_image("a-capsule", focus_x=20)
    story = make.make_article("with-a-picture", lead_image=image)
    make.make_pending_version(story, content={"lead_image": None, "body": "Without it."})
    call_command("dump_fixtures", stories=True, stdout=StringIO())
    before = contents(fixture_folder)
    assert before[image.original] == storages["originals"].open(image.original).read()
    PendingVersion.objects.all().delete()
    Article.objects.filter(slug="with-a-picture").update(lead_image=None)
    image.delete()
    for alias, names in (("originals", [image.original]), ("renditions", image.renditions.names)):
        for name in names:
            storages[alias].delete(name)
    call_command("loaddata", *fixtures.NEWSROOM, verbosity=0)
    assert Article.objects.get(slug="with-a-picture").lead_image.focus_x == 20
    assert all(map(storages["renditions"].exists, image.renditions.names))
    call_command("dump_fixtures", stories=True, stdout=StringIO())
    assert contents(fixture_folder) == before
    file = fixture_folder / "images" / image.original
    for data, words in ((make.picture(), "another picture"), (b"x", "not a picture")):
        file.write_bytes(data)
        with pytest.raises(CommandError, match=rf"fixtures/images.json, row 1 .*{words}"):
            call_command("loaddata", "images", verbosity=0)
    file.unlink()
    with pytest.raises(CommandError, match=r"its file fixtures/images/\w+.png is missing"):
        call_command("loaddata", "images", verbosity=0)


def test_every_fact_has_a_key_of_its_own(site):
    """Loaded again, a row takes the place of the one that is there: it has its key."""
    for name in fixtures.FACTS:
        first, *_ = json.loads(fixtures.path_of(name).read_text())
        model = apps.get_model(first["model"])
        keys = {row.natural_key(): row.pk for row in model.objects.select_related()}
        assert len(keys) == model.objects.count() > 0, name
        for key, pk in list(keys.items())[::20]:
            assert model.objects.get_by_natural_key(*key).pk == pk


def test_loading_the_facts_again_changes_no_row(small_fixtures):
    before = contents(small_fixtures)
    keys = list(Flight.objects.order_by("pk").values_list("pk", flat=True))
    assert keys
    call_command("loaddata", *fixtures.FACTS, verbosity=0)
    call_command("dump_fixtures", stdout=StringIO())
    assert contents(small_fixtures) == before
    assert list(Flight.objects.order_by("pk").values_list("pk", flat=True)) == keys


def test_dump_has_natural_keys_and_readable_text(small_fixtures):
    text = (small_fixtures / "astronauts.json").read_text()
    assert "Adèle Vega" in text
    assert '"pk"' not in text
    assert json.loads(text)[0]["fields"]["nationality"] == ["USA"]


def test_dump_of_an_empty_database_is_refused(empty_record, fixture_folder):
    before = contents(fixture_folder)
    with pytest.raises(CommandError, match="Nothing was written"):
        call_command("dump_fixtures")
    assert contents(fixture_folder) == before


def test_dump_keeps_to_itself_who_confirmed(small_fixtures, django_user_model):
    Confirmation.objects.update(made_by=django_user_model.objects.create_user("ann"))
    call_command("dump_fixtures", stdout=StringIO())
    rows = json.loads((small_fixtures / "confirmations.json").read_text())
    assert "made_by" not in rows[0]["fields"]
    call_command("load_site", stdout=StringIO())
    assert Confirmation.objects.get().made_by.username == "ann", "loading leaves it as it is"


def test_load_site_shows_progress_and_checks_everything(small_fixtures):
    lines = load().splitlines()
    assert [line.split()[0] for line in lines] == [*fixtures.SITE, "checks", "The"]
    assert lines[-1].startswith("The site is loaded: ")


def test_load_site_can_leave_a_site_that_is_there_as_it_is(small_fixtures):
    Astronaut.objects.filter(slug="cy-nord").update(native_name="Changed")
    out = StringIO()
    call_command("load_site", if_empty=True, stdout=out)
    assert "nothing was changed" in out.getvalue()
    assert Astronaut.objects.get(slug="cy-nord").native_name == "Changed"


def test_load_site_sets_rows_back_to_the_fixtures(small_fixtures):
    Astronaut.objects.filter(slug="cy-nord").update(native_name="Changed")
    load()
    assert Astronaut.objects.get(slug="cy-nord").native_name == ""
    assert Astronaut.objects.count() == 3


def test_every_fixture_of_the_site_is_committed():
    assert [name for name in fixtures.SITE if not fixtures.path_of(name).exists()] == []


def test_successors_are_as_shipped(site):
    successors = Country.objects.filter(successor__isnull=False)
    assert dict(successors.values_list("code", "successor__code")) == {
        "CSK": "CZE",
        "DDR": "DEU",
        "SUN": "RUS",
    }


# Refusing what is broken


def append_again(rows):
    rows.append(rows[0])


def refer_before_it_is_there(rows):
    rows[0]["fields"]["launch_mission"] = ["never-flown"]


def fly_while_aloft(rows):
    rows[-1]["fields"].update(
        astronaut=["ada-vega"], launch_mission=["two"], landing_mission=["two"]
    )


def add_a_key(rows):
    rows[0]["pk"] = 1


def name_no_such_model(rows):
    rows[0]["model"] = "records.starship"


def leave_out_the_sex(rows):
    rows[0]["fields"]["sex"] = None


BROKEN = {
    "wrong type": (
        "missions",
        fields("two", launched_at="yesterday"),
        "fixtures/missions.json, row 2 (two): ",
    ),
    "wrong kind of value": (
        "missions",
        fields("two", lost={"yes": 1}),
        'fixtures/missions.json, row 2 (two): lost cannot be {"yes": 1}',
    ),
    "unknown field": (
        "missions",
        fields("two", colour="red"),
        "fixtures/missions.json, row 2 (two): ",
    ),
    "unknown model": (
        "missions",
        name_no_such_model,
        "fixtures/missions.json, row 1 (one): ",
    ),
    "unknown key": (
        "flights",
        refer_before_it_is_there,
        "fixtures/flights.json, row 1 (ada-vega, never-flown): ",
    ),
    "primary key": ("agencies", add_a_key, "fixtures/agencies.json, row 1 (acme): has pk"),
    "duplicate": (
        "astronauts",
        append_again,
        "fixtures/astronauts.json, row 4 (ada-vega): is already row 1",
    ),
    "missing value": (
        "astronauts",
        leave_out_the_sex,
        "fixtures/astronauts.json, row 1 (ada-vega): sex is missing",
    ),
    "NUL byte": (
        "astronauts",
        fields("ada-vega", name="A\0da"),
        "fixtures/astronauts.json, row 1 (ada-vega): name: There is a control character "
        "(U+0000) here; type it anew.",
    ),
    "landing before launch": (
        "missions",
        fields("two", landed_at="1999-01-01T00:00:00Z"),
        "fixtures/missions.json, row 2 (two): A mission must land after its launch.",
    ),
    "overlapping flights": (
        "flights",
        fly_while_aloft,
        "fixtures/flights.json, row 4 (ada-vega, two): Somebody in the crew would be in space on "
        "two missions at the same time",
    ),
    "value that only a full check refuses": (
        "missions",
        fields("two", landing_precision="day"),
        "fixtures/missions.json: mission two: landed_at: Known to the day, it must read",
    ),
    "text that is not there": (
        "flights",
        lambda rows: rows[0]["fields"].update(role=""),
        "fixtures/flights.json, row 1 (ada-vega, one): role: This field cannot be blank.",
    ),
}


@pytest.mark.parametrize(("name", "edit", "line"), BROKEN.values(), ids=BROKEN.keys())
@pytest.mark.parametrize("filled", [False, True], ids=["empty database", "filled database"])
def test_broken_fixture_is_named_in_one_line(small_fixtures, empty, filled, name, edit, line):
    if filled:
        load()
    else:
        empty()
    before = list(Mission.objects.values()), DataVersion.objects.current_token()
    change(small_fixtures, name, edit)
    said = load()
    assert said.startswith(line)
    assert "\n" not in said
    assert (list(Mission.objects.values()), DataVersion.objects.current_token()) == before


def test_launch_that_a_known_flight_cannot_have_is_refused(small_fixtures):
    # By itself the mission is possible, but not for Ada, who went up before it came down.
    times = {"launched_at": "1998-01-01T00:00:00Z", "landed_at": "1999-01-01T00:00:00Z"}
    change(small_fixtures, "missions", fields("two", **times))
    assert load().startswith("fixtures/missions.json, row 2 (two): Somebody's flight would end")
    assert Mission.objects.get(slug="two").landed_at.month == 4


def test_problem_across_rows_names_the_file_of_the_row(small_fixtures, empty):
    empty()
    change(small_fixtures, "flights", lambda rows: rows.pop(2))
    change(small_fixtures, "astronauts", lambda rows: rows.pop(2))
    assert load() == (
        "fixtures/missions.json: mission hop: carries nobody up or down. Nothing was loaded."
    )
    assert not Country.objects.exists()


DAMAGED = {
    "cut off": (lambda path: path.write_bytes(path.read_bytes()[:-20]), ", line "),
    "not UTF-8": (lambda path: path.write_bytes(b"\xff" + path.read_bytes()), " is not UTF-8"),
    "no list": (lambda path: path.write_text("{}"), " must be a list of rows"),
    "no rows": (lambda path: path.write_text("[1]"), ", row 1: must have a model and fields"),
    "missing": (lambda path: path.unlink(), " is missing"),
    "empty": (lambda path: path.write_text(""), ", line 1: not JSON"),
}


@pytest.mark.parametrize(("damage", "words"), DAMAGED.values(), ids=DAMAGED.keys())
def test_damaged_file_is_named_in_one_line(small_fixtures, empty, damage, words):
    empty()
    damage(small_fixtures / "missions.json")
    said = load()
    assert said.startswith(f"fixtures/missions.json{words}")
    assert said.endswith("Nothing was loaded.")
    assert "\n" not in said
    assert not Country.objects.exists()


@pytest.mark.parametrize(
    ("name", "edit"),
    [
        ("flights", fly_while_aloft),
        ("missions", fields("two", landed_at="1999-01-01T00:00:00Z")),
        ("flights", refer_before_it_is_there),
    ],
    ids=["overlapping flights", "landing before launch", "unknown key"],
)
def test_plain_loaddata_refuses_too_and_leaves_everything_as_it_was(
    small_fixtures, empty, name, edit
):
    empty()
    change(small_fixtures, name, edit)
    with pytest.raises(CommandError, match=f"fixtures/{name}.json") as refusal:
        call_command("loaddata", *fixtures.FACTS, verbosity=0)
    assert len(str(refusal.value).splitlines()) == 1
    assert not Country.objects.exists()
