"""The list of changes: read strictly, and never behind the shipped facts."""

import pytest

from records.facts import changelog, releases


def test_newest_entry_is_of_the_shipped_facts(site):
    version = releases.build().version
    assert changelog.entries()[0].version == version, (
        f"The fixtures' facts have changed. Say what in {changelog.path()}, under a heading with "
        f"the day and the version {version}."
    )


def test_entries_are_read_with_their_lines():
    (entry, older) = changelog.read(
        "# Changes\n\nWords.\n\n## 2026-11-23 · 0123456789ab\n\n- One thing,\n  and more.\n- Two.\n"
        "\n## 2026-11-22 · ba9876543210\n\n- First.\n"
    )
    assert entry.version == "0123456789ab"
    assert entry.on.isoformat() == "2026-11-23"
    assert entry.lines == ("One thing, and more.", "Two.")
    assert older.lines == ("First.",)


@pytest.mark.parametrize("heading", ["2026-11-23", "2026-13-01 · 0123456789ab", "x · 1", ""])
def test_a_heading_that_is_none_is_refused(heading):
    with pytest.raises(ValueError):
        changelog.read(f"# Changes\n\n## {heading}\n\n- One.\n")


def test_days_run_backwards():
    days = [entry.on for entry in changelog.entries()]
    assert days == sorted(days, reverse=True)
