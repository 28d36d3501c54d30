"""Instants and dates that are known only so well: model fields, and words to refuse bad ones."""

import re

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
#: How well a duration is known: as it was published, about, or not at all.
DURATION_PRECISIONS = [
    (Precision.SECOND.value, "to the second"),
    (Precision.MINUTE.value, "to the minute"),
    (Precision.ABOUT.value, "about"),
    ("unknown", "not known"),
]
DATE_PRECISIONS = [
    (Precision.DAY.value, "to the day"),
    (Precision.MONTH.value, "to the month"),
    (Precision.YEAR.value, "to the year"),
]
#: Of births, an age reported on some day tells a year that need not begin on 1 January.
BIRTH_PRECISIONS = [*DATE_PRECISIONS, (Precision.AGE.value, "within a year from this day on")]


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


class Latest(models.Func):
    """`records.instants.latest` in SQL, of the columns of an instant and its precision."""

    output_field = models.DateTimeField()
    arity = 2

    def as_sqlite(self, compiler, connection, **_):
        return self.as_sql(compiler, connection, template=LATEST["sqlite"])

    def as_postgresql(self, compiler, connection, **_):
        return self.as_sql(compiler, connection, template=LATEST["postgresql"])

    def as_sql(self, compiler, connection, template):
        (instant, values), (precision, words) = map(compiler.compile, self.source_expressions)
        sql = template.format(instant=instant, precision=precision)
        # As often as they stand in the template, in its order.
        params = {"{instant}": values, "{precision}": words}
        return sql, [one for name in _PARTS.findall(template) for one in params[name]]


#: By vendor. Instants are kept in UTC.
LATEST = {
    "sqlite": "CASE {precision}"
    " WHEN 'minute' THEN datetime({instant}, '+59 seconds')"
    " WHEN 'day' THEN datetime({instant}, 'start of day', '+1 day', '-1 second')"
    " WHEN 'month' THEN datetime({instant}, 'start of month', '+1 month', '-1 second')"
    " ELSE datetime({instant}) END",
    "postgresql": "CASE {precision}"
    " WHEN 'minute' THEN {instant} + interval '59 seconds'"
    " WHEN 'day' THEN (date_trunc('day', {instant} AT TIME ZONE 'UTC')"
    " + interval '1 day' - interval '1 second') AT TIME ZONE 'UTC'"
    " WHEN 'month' THEN (date_trunc('month', {instant} AT TIME ZONE 'UTC')"
    " + interval '1 month' - interval '1 second') AT TIME ZONE 'UTC'"
    " ELSE {instant} END",
}
_PARTS = re.compile("{instant}|{precision}")


def after(
    later: str, earlier: str, precision: str, *, empty=False, **options
) -> models.CheckConstraint:
    """The database's rule that the instant `later`, known as well as `precision` says, may come
    after `earlier`. If it may be `empty` it then says nothing."""
    rule = Q(**{f"{earlier}__lt": Latest(later, precision)})
    if empty:
        rule = Q(**{f"{later}__isnull": True}) | rule
    return models.CheckConstraint(condition=rule, **options)


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
        elif precision == Precision.MINUTE and instant.second:
            errors[name] = f"Known to the minute, it must read {instant:%Y-%m-%d %H:%M}, or better."
    if errors:
        raise ValidationError(errors)
