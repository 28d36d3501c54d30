"""Old and new values of rows, as an editor knows them."""

from datetime import date, datetime, timedelta

from django.db.models import ForeignKey, JSONField

from records.models import Flight

#: What stands for no value.
EMPTY = "–"


def between(fields, former, state) -> list[dict]:
    """The fields that differ from one state of a row to the next, with both values; None stands for
    a row that is not there. Of a list that one of them does not know nothing is said."""
    return [
        {"field": field, "old": old, "new": new}
        for field in fields
        if (old := getattr(former, field.attname) if former else None)
        != (new := getattr(state, field.attname) if state else None)
        and (old, new) not in ((None, ""), ("", None))
        and not (former and state and isinstance(field, JSONField) and None in (old, new))
    ]


def name_references(steps) -> None:
    """Write every value as a reader of the page knows it: rows by name, choices by label."""
    wanted = {}
    for step in steps:
        for change in step["changes"]:
            field = change["field"]
            if isinstance(field, ForeignKey):
                keys = {change["old"], change["new"]} - {None}
                wanted.setdefault(field.related_model, set()).update(keys)
    # The names of flights are made of those of their astronauts and missions.
    named = {
        model: model._base_manager.select_related(*_parts_of_name(model)).in_bulk(keys)
        for model, keys in wanted.items()
    }
    for step in steps:
        for change in step["changes"]:
            field = change["field"]
            rows = named.get(field.related_model, {}) if field.related_model else None
            change["old"], change["new"] = (
                _written(field, value, rows) for value in (change["old"], change["new"])
            )
            change["field"] = field.verbose_name


def _parts_of_name(model):
    return ("astronaut", "launch_mission") if model is Flight else ()


def _written(field, value, rows) -> str:
    if value in (None, "", []):
        return EMPTY
    if isinstance(value, list):
        return ", ".join(sorted(map(str, value)))
    if rows is not None:
        return str(rows.get(value) or f"a row that is no longer there ({value})")
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, timedelta):
        minutes, seconds = divmod(int(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
    return str(value)
