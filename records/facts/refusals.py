"""What the database refuses, in an editor's words."""

import re

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DatabaseError

from records.integrity import RULES

#: The rules that triggers keep; a constraint of a model carries its own words.
WORDS = {
    "flight_lands_after_launch": "The landing must come after the launch.",
    "flight_one_at_a_time": "Nobody makes two flights at once.",
    "flight_after_birth": "Nobody flies before birth.",
    "spacewalk_within_its_flight": "A spacewalk must lie within the flights of its crew.",
    "surface_stay_within_its_flight": "A stay on the surface must lie within the flight.",
}
assert set(WORDS) == set(RULES), "every rule of records.integrity has its words here"

_SQLITE_COLUMNS = re.compile(r"(UNIQUE|NOT NULL) constraint failed: (.+)")
_POSTGRESQL_KEY = re.compile(r"Key \((.+?)\)=\((.*?)\) already exists")
_POSTGRESQL_NULL = re.compile(r'null value in column "(\w+)"')


def in_words(error: DatabaseError) -> str:
    """One sentence for an IntegrityError or DataError, on either database."""
    text = str(error)
    for name, words in (WORDS | _constraints()).items():
        if re.search(rf"\b{name}\b", text):
            return words
    if found := _SQLITE_COLUMNS.search(text):
        columns = ", ".join(
            column.rpartition(".")[2].removesuffix("_id") for column in found[2].split(", ")
        )
        if found[1] == "UNIQUE":
            return f"Another row has this {columns}."
        return f"{columns} is missing."
    if found := _POSTGRESQL_KEY.search(text):
        return f"Another row has this {found[1].replace('_id', '')}."
    if found := _POSTGRESQL_NULL.search(text):
        return f"{found[1].removesuffix('_id')} is missing."
    return text.strip().splitlines()[0]


def sentence(error: ValidationError, *, name=lambda field: field) -> str:
    """All messages of a ValidationError in one line, each after the field it is about."""
    if not hasattr(error, "error_dict"):
        return "; ".join(error.messages)
    return "; ".join(
        text if field == "__all__" else f"{name(field)}: {text}"
        for field, texts in error.message_dict.items()
        for text in texts
    )


def _constraints() -> dict[str, str]:
    """Name of each constraint of our models → its words, where it has its own."""
    return {
        constraint.name: str(constraint.violation_error_message)
        for model in apps.get_app_config("records").get_models()
        for constraint in model._meta.constraints
        if constraint.violation_error_message != constraint.default_violation_error_message
    }
