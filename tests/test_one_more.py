"""One more of a kind is one edit: whatever is entered into the record book is found everywhere."""

import re
from html import unescape
from pathlib import Path

import pytest

from records.book.criteria import CRITERIA, Category, ChoiceKind, Of, WordPlace, criterion
from records.book.definitions import category_words
from records.book.metrics import METRICS, Mark, metric
from records.book.values import Unit, Value
from records.instants import Precision
from records.ledger import Ledger
from records.models import Leaderboard
from tests.admin.pages import url
from tests.factories import make_leaderboard

pytestmark = pytest.mark.usefixtures("site")

DOCUMENT = Path(__file__).parents[1] / "docs" / "leaderboard-json.md"

DAY = "a UTC day such as `2024-02-04`"

#: Fields of a leaderboard that name and place it, or say what is measured and listed.
NOT_CRITERIA = {"title", "slug", "group", "position", "note", "metric", "threshold", "each"}


@pytest.fixture
def other_ship():
    """A filter that readers ask for and editors do not store."""

    @criterion(
        "ship",
        "Down on another ship only",
        kind=ChoiceKind.SWITCH,
        words="down on another ship",
        place=WordPlace.BEHIND,
    )
    def other_ship(value, flight):
        """Only flights that ended on another ship than the one that went up"""
        return flight.changed_ships

    yield CRITERIA["other_ship"]
    del CRITERIA["other_ship"]


@pytest.fixture
def number_of_ships():
    """A metric."""

    @metric(
        title="Number of ships",
        subject="The number of ships that each astronaut went up on",
        unit=Unit.COUNT,
    )
    def number_of_ships(career):
        """Every ship is counted once."""
        last = career.flights[-1]
        amount = len({flight.launch_mission.slug for flight in career.flights})
        return Mark(Value(amount, Unit.COUNT, Precision.SECOND), last.launched_at, career.flights)

    yield METRICS["number-of-ships"]
    del METRICS["number-of-ships"]


def page(client, address, **query):
    response = client.get(address, query)
    assert response.status_code == 200
    return unescape(response.content.decode())


def documented(one) -> str:
    """The line of the documentation that a filter needs."""
    accepted = {
        ChoiceKind.SWITCH: "`1`",
        ChoiceKind.FIRST_DAY: DAY,
        ChoiceKind.LAST_DAY: DAY,
        ChoiceKind.CHOICE: "one that the form of the page offers",
    }[one.kind]
    if one.kind is ChoiceKind.CHOICE and not isinstance(one.choices, str):
        accepted = ", ".join(f"`{value}`" for value in one.choices)
    return f"| `{one.parameter}=…` | {one.meaning} | {accepted} |"


def undocumented() -> set[str]:
    return {documented(one) for one in CRITERIA.values()} - set(DOCUMENT.read_text().splitlines())


def test_every_filter_is_documented():
    assert undocumented() == set()


def test_a_leaderboard_has_a_field_for_every_criterion_that_editors_store():
    fields = {field.name for field in Leaderboard._meta.fields if not field.primary_key}
    stored = [one.field for one in CRITERIA.values() if one.field]
    assert sorted(stored) == sorted(fields - NOT_CRITERIA)


def test_one_more_filter_narrows_standings_and_progression(client, other_ship):
    board = "/records/longest-spaceflight"
    every = client.get(f"{board}.json").json()
    narrowed = client.get(f"{board}.json", {"ship": "1"}).json()
    assert 0 < narrowed["total"] < every["total"]
    flights = {
        career.astronaut.slug
        for career in Ledger.current().careers.values()
        if any(flight.changed_ships for flight in career.flights)
    }
    assert {row["astronaut"]["slug"] for row in narrowed["standings"]} <= flights
    assert len(client.get(f"{board}.csv", {"ship": "1"}).content.splitlines()) == (
        narrowed["total"] + 1
    )
    changes = client.get(f"{board}/progression.json", {"ship": "1"}).json()["changes"]
    assert {one for change in changes for one in change["holders"]} <= flights


def test_one_more_filter_is_in_the_form_the_chips_the_title_and_the_sentence(client, other_ship):
    board = "/records/longest-spaceflight/"
    assert 'name="ship" value="1">' in page(client, board)
    text = page(client, board, ship="1")
    assert 'name="ship" value="1" checked>' in text
    chip = re.search(r'<ul class="chips".*?</ul>', text, re.S)[0]
    assert "Down on another ship only" in chip
    assert "Longest single spaceflight (Down on another ship only)" in text
    assert "over flights down on another ship that reached orbit." in text


def test_one_more_filter_is_in_json(client, other_ship):
    answer = client.get("/records/longest-spaceflight.json", {"ship": "1", "limit": "1"}).json()
    assert answer["leaderboard"]["filters"] == {"ship": "1"}
    assert "down on another ship" in answer["leaderboard"]["definition"]


def test_one_more_filter_says_what_it_takes(client, other_ship):
    response = client.get("/records/longest-spaceflight/", {"ship": "Soyuz"})
    assert response.status_code == 400
    assert "Accepted for ship: 1." in unescape(response.content.decode())
    # Where there is no such filter, the parameter is none either.
    assert client.get("/countries.json", {"ship": "1"}).status_code == 400


def test_one_more_filter_is_on_the_page_of_methods_and_asked_of_the_documentation(
    client, other_ship
):
    text = page(client, "/methods/")
    assert "flights down on another ship that reached orbit" in text
    assert undocumented() == {
        "| `ship=…` | Only flights that ended on another ship than the one that went up | `1` |"
    }


def test_a_filter_may_depend_on_the_instant():
    @criterion(
        "aloft", "In flight only", kind=ChoiceKind.SWITCH, words="in flight", of=Of.CLIPPED_FLIGHT
    )
    def in_flight(value, flight):
        """Only flights under way"""
        return flight.landed_at is None

    try:
        ledger = Ledger.current()
        category = Category(in_flight=True)
        gagarin = ledger.careers["yuri-gagarin"]
        launched_at = gagarin.flights[0].launched_at
        landed_at = gagarin.flights[0].landed_at
        during = gagarin.at(launched_at + (landed_at - launched_at) / 2, ledger.confirmation)
        assert category.narrow_clipped(during) == during
        assert category.narrow_clipped(gagarin).flights == ()
        assert category_words(category, ledger.names) == "flights that reached orbit, in flight"
    finally:
        del CRITERIA["in_flight"]


def test_one_more_metric_is_found_everywhere(client, admin_client, number_of_ships):
    board = make_leaderboard("most-ships", metric="number-of-ships", title="Most ships")
    assert "Most ships" in page(client, "/records/")
    text = page(client, "/records/most-ships/", sex="F")
    assert "The number of ships that each astronaut went up on, over flights by women" in text
    answer = client.get("/records/most-ships.json", {"limit": "1"}).json()
    assert answer["leaderboard"]["metric"] == "number-of-ships"
    assert answer["standings"][0]["value"]["count"] == 7
    assert client.get("/records/most-ships.csv", {"limit": "1"}).status_code == 200
    assert client.get("/records/most-ships/progression.json").json()["changes"]
    methods = page(client, "/methods/")
    assert "<h3>Number of ships</h3>" in methods
    assert "Every ship is counted once." in methods
    assert '<option value="number-of-ships" selected>' in page(admin_client, url("change", board))
