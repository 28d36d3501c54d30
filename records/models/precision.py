"""Instants and dates that are known only so well: model fields, and words to refuse bad ones."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from records.instants import Precision

INSTANT_PRECISIONS = [
    (Precision.SECOND.value, "to the second"),
    (Precision.MINUTE.value, "to the minute"),
    (Precision.DAY.value, "to the day"),
    (Precision.MONTH.value, "to the month"),
]
DATE_PRECISIONS = [
    (Precision.DAY.value, "to the day"),
    (Precision.MONTH.value, "to the month"),
    (Precision.YEAR.value, "to the year"),
]


def precision_field(*, choices=INSTANT_PRECISIONS, **options):
    """How well the instant or date beside it is known; blank exactly when that one is empty."""
    return models.CharField(max_length=6, choices=choices, **options)


def same_presence(instant: str, precision: str, *, name: str) -> models.CheckConstraint:
    """The database's rule that an instant and its precision are both there or both empty."""
    return models.CheckConstraint(
        condition=(Q(**{f"{instant}__isnull": True}) & Q(**{precision: ""}))
        | (Q(**{f"{instant}__isnull": False}) & ~Q(**{precision: ""})),
        name=name,
        violation_error_message="Give both the time and how well it is known, or neither.",
    )


def check_presence(row: models.Model, *pairs: tuple[str, str]) -> None:
    """Say the same as `same_presence` beside the field an editor must fill. For `clean()`.

    Raises ValidationError with a message per field.
    """
    errors = {}
    for instant, precision in pairs:
        if getattr(row, instant, None) and not getattr(row, precision, ""):
            errors[precision] = "Say how well this is known."
        if getattr(row, precision, "") and not getattr(row, instant, None):
            errors[instant] = "There is a precision but no time; fill in or empty both."
    if errors:
        raise ValidationError(errors)
