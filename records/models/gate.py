"""The one gate: fields that let in by no way of writing what a form refuses.

A value is cleaned and judged (choices, format, length, range) on its way into the database, whether
a form, an import, `loaddata`, `bulk_create` or `update` brings it. What SQL can say of it the
database says as well, in a constraint that the field adds to its model. Every column of text, of
numbers and of dates in the models is one of these fields.
"""

from datetime import UTC, date, datetime
from functools import reduce
from operator import and_

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.choices import CallableChoiceIterator
from django.utils.functional import cached_property

from records import texts
from records.book.names import folded
from records.instants import PLAUSIBLE_YEARS


class ColumnsCheck(models.CheckConstraint):
    """The database's word for what the fields of a model have already judged."""

    def validate(self, *args, **options):
        """Nothing: the fields say it, with better words and without a query."""


class Clean(models.Lookup):
    """`Q(name__clean=True)`: the text holds nothing that its field would have tidied or refused."""

    lookup_name = "clean"
    prepare_rhs = False

    def as_sql(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        matches = connection.operators["regex"]
        return f"NOT ({column} {matches})", [*params, self.lhs.output_field.strange]


class _Gate:
    """What any field of the gate does."""

    def contribute_to_class(self, cls, name, **options):
        super().contribute_to_class(cls, name, **options)
        # Models of a migration have the constraints that it says.
        if not cls._meta.abstract and cls.__module__ != "__fake__":
            _check(cls._meta, reduce(and_, self._rules()))

    def pre_save(self, model_instance, add):
        """As Django's own, and the row in hand then says what the database says."""
        value = self._judged(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def get_db_prep_save(self, value, connection):
        return super().get_db_prep_save(self._judged(value), connection)

    def _judged(self, value):
        if value is None or hasattr(value, "resolve_expression"):
            return value
        try:
            return self.clean(value, None)
        except ValidationError as error:
            raise ValidationError({self.name: error.messages}) from error

    def validate(self, value, model_instance):
        try:
            super().validate(value, model_instance)
        except ValidationError as error:
            if error.code != "invalid_choice":
                raise
            accepted = ", ".join(str(choice) for choice, _ in self.flatchoices if choice != "")
            message = f"Value {value!r} is not a valid choice. Accepted: {accepted}."
            raise ValidationError(message, code=error.code) from error


class _TextGate(_Gate):
    """Fields of text, which differ in what a clean one is."""

    clean_text = staticmethod(texts.clean_line)
    strange = texts.STRANGE_IN_LINE

    def __init__(self, *args, pattern="", words="", **options):
        """`pattern` is what the whole text must match, in words `words`: a regular expression that
        Python and PostgreSQL read alike."""
        self.pattern, self.words = pattern, words
        super().__init__(*args, **options)

    @property
    def _whole(self) -> str:
        return rf"\A(?:{self.pattern})\Z"

    def deconstruct(self):
        name, path, args, options = super().deconstruct()
        if self.pattern:
            options |= {"pattern": self.pattern, "words": self.words}
        return name, path, args, options

    @cached_property
    def validators(self):
        own = [RegexValidator(self._whole, self.words)] if self.pattern else []
        return [*super().validators, *own]

    def to_python(self, value):
        if value is None:
            return value
        if not isinstance(value, str):
            raise ValidationError("This must be text.", code="invalid")
        try:
            return self.clean_text(value)
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error

    def get_prep_value(self, value):
        # What is only looked for is not judged.
        value = models.Field.get_prep_value(self, value)
        return value if value is None else str(value)

    def _rules(self):
        if self.choices and not isinstance(self._choices, CallableChoiceIterator):
            values = {str(value): None for value, _ in self.flatchoices}
            yield Q(**{f"{self.name}__in": [*(values | ({"": None} if self.blank else {}))]})
            return
        if not self.blank:
            yield ~Q(**{self.name: ""})
        yield Q(**{f"{self.name}__clean": True})
        if self.pattern:
            whole = rf"{self._whole}|\A\Z" if self.blank else self._whole
            yield Q(**{f"{self.name}__regex": whole})


def _check(meta, rule: Q):
    """Let the model's one constraint of this kind say the rule as well."""
    name = f"{meta.model_name}_columns_accepted"
    others = [one for one in meta.constraints if one.name != name]
    rules = [one.condition for one in meta.constraints if one.name == name]
    check = ColumnsCheck(
        condition=reduce(and_, [*rules, rule]),
        name=name,
        violation_error_message="A value is not written as is accepted here.",
    )
    meta.constraints = meta.original_attrs["constraints"] = [*others, check]


class LineField(_TextGate, models.CharField):
    """A text of one line."""

    plain = models.CharField


class NameOnce(models.UniqueConstraint):
    """The database's word for what a `NameField` has already judged."""

    def validate(self, *args, **options):
        """Nothing: the field names the other row."""


class NameField(LineField):
    """A name that no other row has, however it is written: beside NASA there is no nasa, nor
    Násá."""

    def contribute_to_class(self, cls, name, **options):
        super().contribute_to_class(cls, name, **options)
        if cls.__module__ != "__fake__":
            once = NameOnce(
                Lower(name),
                name=f"{cls._meta.model_name}_{name}_once",
                violation_error_message=f"There is another one with the same {self.verbose_name}.",
            )
            constraints = [*cls._meta.constraints, once]
            cls._meta.constraints = cls._meta.original_attrs["constraints"] = constraints

    def validate(self, value, model_instance):
        super().validate(value, model_instance)
        if model_instance is None:
            return
        others = type(model_instance)._default_manager.exclude(pk=model_instance.pk)
        for other in others.values_list(self.name, flat=True):
            # What is the same to the letter is found with all that is unique.
            if other != value and folded(other) == folded(value):
                raise ValidationError(f"There is “{other}” already.", code="unique")


class ProseField(_TextGate, models.TextField):
    """A text of one or several lines."""

    plain = models.TextField
    clean_text = staticmethod(texts.clean_text)
    strange = texts.STRANGE_IN_TEXT


class LinesField(ProseField):
    """Texts of one line each, one below the other."""

    clean_text = staticmethod(texts.clean_lines)
    strange = texts.STRANGE_IN_LINES


class AddressField(_TextGate, models.URLField):
    """The address of a page of somebody else."""

    plain = models.URLField


LineField.register_lookup(Clean)
ProseField.register_lookup(Clean)
AddressField.register_lookup(Clean)


class _NumberGate(_Gate):
    """Fields of whole numbers from `least` to `most`."""

    largest: int

    def __init__(self, *args, least=0, most=None, **options):
        super().__init__(*args, **options)
        self.least, self.most = least, self.largest if most is None else most

    @property
    def validators(self):
        return [*super().validators, MinValueValidator(self.least), MaxValueValidator(self.most)]

    def deconstruct(self):
        name, path, args, options = super().deconstruct()
        return name, path, args, options | {"least": self.least, "most": self.most}

    def formfield(self, **options):
        return super().formfield(**{"min_value": self.least, "max_value": self.most} | options)

    def _rules(self):
        yield Q(**{f"{self.name}__range": (self.least, self.most)})


class NumberField(_NumberGate, models.PositiveSmallIntegerField):
    """A whole number of up to four figures, or a little more."""

    plain = models.PositiveSmallIntegerField
    largest = 32_767


class LargeNumberField(_NumberGate, models.PositiveIntegerField):
    """A whole number of up to nine figures, or a little more."""

    plain = models.PositiveIntegerField
    largest = 2_147_483_647


class YearField(NumberField):
    """A year that can be meant."""

    def __init__(self, *args, **options):
        super().__init__(
            *args, **{"least": PLAUSIBLE_YEARS[0], "most": PLAUSIBLE_YEARS[-1]} | options
        )


class _CalendarGate(_Gate):
    """Fields of dates and instants that can be meant."""

    def validate(self, value, model_instance):
        super().validate(value, model_instance)
        if value.year not in PLAUSIBLE_YEARS:
            raise ValidationError(
                f"The year {value.year} cannot be meant; from {PLAUSIBLE_YEARS[0]} to "
                f"{PLAUSIBLE_YEARS[-1]} is accepted.",
                code="year",
            )

    def _rules(self):
        begin, end = PLAUSIBLE_YEARS[0], PLAUSIBLE_YEARS[-1] + 1
        rule = {f"{self.name}__gte": self._first_of(begin), f"{self.name}__lt": self._first_of(end)}
        yield Q(**rule)


class MomentField(_CalendarGate, models.DateTimeField):
    """An instant, UTC."""

    plain = models.DateTimeField

    @staticmethod
    def _first_of(year):
        return datetime(year, 1, 1, tzinfo=UTC)


class CalendarDayField(_CalendarGate, models.DateField):
    """A day."""

    plain = models.DateField

    @staticmethod
    def _first_of(year):
        return date(year, 1, 1)
