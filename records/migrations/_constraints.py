"""Constraints that are added to tables with rows in them.

A database says only that some row breaks the new rule. The steward who has to mend it is told which.
"""

from django.core.management import CommandError
from django.db import migrations, models
from django.db.models import BooleanField, Count, ExpressionWrapper, Q

#: Rows that are named; of more it is only said how many.
NAMED = 5


class AddConstraint(migrations.AddConstraint):
    """Django's own, but that it names the rows which break the constraint, and the cure, and then
    changes nothing."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        model = to_state.apps.get_model(app_label, self.model_name)
        rows = list(_breaking(model, self.constraint, schema_editor.connection.alias))
        if rows:
            raise Stopped(_words(model, self.constraint, rows))
        super().database_forwards(app_label, schema_editor, from_state, to_state)


class Stopped(CommandError):
    """A migration that would fail, in one line."""


def _breaking(model, constraint, using):
    rows = model._base_manager.using(using).order_by("pk")
    if isinstance(constraint, models.CheckConstraint):
        return _against(rows, constraint.condition)
    if isinstance(constraint, models.UniqueConstraint):
        if constraint.condition is not None:
            rows = rows.filter(constraint.condition)
        names = {f"_key_{place}": one for place, one in enumerate(constraint.expressions)}
        keys = [*constraint.fields, *names]
        rows = rows.annotate(**names)
        # Empty is not the same as empty.
        there = rows.exclude(Q(*((f"{name}__isnull", True) for name in keys), _connector=Q.OR))
        twice = there.order_by().values(*keys).annotate(_times=Count("pk")).filter(_times__gt=1)
        same = Q(pk__in=())
        for found in twice:
            same |= Q(**{name: found[name] for name in keys})
        return rows.filter(same)
    return ()


def _against(rows, condition):
    """Those of which the condition is false: where it says nothing, as of NULL, it is kept."""
    accepted = ExpressionWrapper(condition, output_field=BooleanField())
    return rows.annotate(_accepted=accepted).filter(_accepted=False)


def _words(model, constraint, rows) -> str:
    condition = getattr(constraint, "condition", None)
    named = "; ".join(f"{_named(row)}{_causes(row, condition)}" for row in rows[:NAMED])
    more = f" and {len(rows) - NAMED} more" if len(rows) > NAMED else ""
    message = constraint.violation_error_message
    rule = message if message != constraint.default_violation_error_message else ""
    return (
        f"{constraint.name} would not accept what is stored: {named}{more}. {rule} Nothing was "
        "changed. Correct it with the version of the site that ran before, then migrate again."
    ).replace("  ", " ")


def _named(row) -> str:
    """`mission 12 (apollo-11)`."""
    for name in ("slug", "code", "name", "title"):
        if value := getattr(row, name, ""):
            return f"{row._meta.verbose_name} {row.pk} ({value})"
    return f"{row._meta.verbose_name} {row.pk}"


def _causes(row, condition) -> str:
    """`: notes is 'a  b'`, for every column by which the row breaks one of several conditions."""
    if condition is None or condition.connector != Q.AND or len(condition.children) < 2:
        return ""
    mine = type(row)._base_manager.using(row._state.db).filter(pk=row.pk)
    rules = [part if isinstance(part, Q) else Q(part) for part in condition.children]
    broken = [next(_columns(rule)) for rule in rules if _against(mine, rule).exists()]
    causes = [f"{name} is {str(getattr(row, name))[:60]!r}" for name in dict.fromkeys(broken)]
    return f": {', '.join(causes)}" if causes else ""


def _columns(rule: Q):
    for part in rule.children:
        if isinstance(part, Q):
            yield from _columns(part)
        else:
            yield part[0].partition("__")[0]
