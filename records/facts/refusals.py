"""What models and the database refuse, in one line each."""

import re

from django.core.exceptions import ValidationError
from django.db import DatabaseError, DataError

from records.models import triggers

_MISSING = re.compile(r'NOT NULL constraint failed: \w+\.(\w+)|null value in column "(\w+)"')


def in_words(error: DatabaseError) -> str:
    """One sentence for an IntegrityError or DataError, on either database."""
    if found := _MISSING.search(str(error)):
        return f"{(found[1] or found[2]).removesuffix('_id')} is missing."
    if isinstance(error, DataError):
        return str(error).strip().splitlines()[0]
    return triggers.words(error)


def sentence(error: ValidationError, *, name=lambda field: field) -> str:
    """All messages of a ValidationError in one line, each after the field it is about."""
    if not hasattr(error, "error_dict"):
        return "; ".join(error.messages)
    return "; ".join(
        text if field == "__all__" else f"{name(field)}: {text}"
        for field, texts in error.message_dict.items()
        for text in texts
    )
