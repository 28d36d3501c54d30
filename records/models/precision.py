"""Instants and dates that are known only so well: model fields, and words to refuse bad ones."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from records.instants import Precision, period_start

from .gate import LineField

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
    return LineField(max_length=6, choices=choices, **options)


def same_presence(instant: str, precision: str, *, name: str) -> models.CheckConstraint:
    """The database's rule that an instant and its precision are both there or both empty."""
    return models.CheckConstraint(
        condition=(Q(**{f"{instant}__isnull": True}) & Q(**{precision: ""}))
        | (Q(**{f"{instant}__isnull": False}) & ~Q(**{precision: ""})),
        name=name,
        violation_error_message="Give both the time and how well it is known, or neither.",
    )


def check_known(row: models.Model, *pairs: tuple[str, str]) -> None:
    """Say the same as `same_presence` beside the field an editor must fill; and that what is known
    only to the day, month or year is written as its first instant. For `clean()`.

    Raises ValidationError with a message per field.
    """
    errors = {}
    for name, precision_name in pairs:
        instant, precision = getattr(row, name, None), getattr(row, precision_name, "")
        if instant and not precision:
            errors[precision_name] = "Say how well this is known."
        elif precision and not instant:
            errors[name] = "There is a precision but no time; fill in or empty both."
        elif precision not in dict(row._meta.get_field(precision_name).flatchoices):
            continue  # The field already says so.
        elif instant and (start := period_start(instant, precision)) != instant:
            errors[name] = f"Known to the {precision}, it must read {start:%Y-%m-%d %H:%M:%S}."
    if errors:
        raise ValidationError(errors)
