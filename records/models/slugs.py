"""Rows that are known by their slug, in URLs, fixtures and fact tables; and by those they had."""

from collections.abc import Iterable

from django.apps import apps
from django.db import models

from records.texts import slug_of

from .gate import LargeNumberField, LineField

SLUG = "[a-z0-9]+(-[a-z0-9]+)*"


class FormerAddressQuerySet(models.QuerySet):
    def of(self, model) -> "FormerAddressQuerySet":
        """Those of rows of the model."""
        return self.filter(kind=model._meta.model_name)

    def lasting(self, *models) -> dict[tuple[str, int], str]:
        """The first slug under which each row of the models was public that has another one now,
        by kind and primary key."""
        kinds = [model._meta.model_name for model in models]
        rows = self.filter(kind__in=kinds).order_by("-pk").values_list("kind", "row_id", "slug")
        return {(kind, pk): slug for kind, pk, slug in rows}

    def led_on(self, model) -> dict[str, str]:
        """Former slugs of rows of the model that no row has today → what leads on from them."""
        present = dict(model._default_manager.values_list("pk", "slug"))
        taken = set(present.values())
        return {
            slug: present[pk]
            for slug, pk in self.of(model).values_list("slug", "row_id")
            if pk in present and slug not in taken
        }


class FormerAddress(models.Model):
    """A slug that a row had while it was public, and has no more.

    The database itself writes it (`records.models.triggers`), whatever changes the row, and takes
    it away with the row. It leads to the row whatever that is called by now; a row that has the
    slug today goes before it. Of an article it tells as well that it was once public.
    """

    kind = LineField(max_length=20, help_text="Name of the row's model.")
    slug = LineField(max_length=100, pattern=SLUG, words="As in its address.")
    row_id = LargeNumberField()

    objects = FormerAddressQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("kind", "slug"), name="former_address_leads_once"),
        )
        indexes = (models.Index(fields=("kind", "row_id"), name="former_address_of_row"),)

    def __str__(self):
        return f"{self.kind} {self.slug}"


class SluggedQuerySet(models.QuerySet):
    def get_by_natural_key(self, slug):
        """The row of that slug, or the one that had it. Raises DoesNotExist."""
        row = self.named([slug]).get(slug)
        if row is None:
            raise self.model.DoesNotExist(f"No {self.model._meta.verbose_name} is called {slug!r}.")
        return row

    def named(self, slugs: Iterable[str]) -> dict[str, models.Model]:
        """The rows by those of the slugs that they have, or had before."""
        slugs = set(slugs)
        rows = {row.slug: row for row in self.filter(slug__in=slugs)}
        if missing := slugs - rows.keys():
            former = FormerAddress.objects.of(self.model).filter(slug__in=missing)
            moved = dict(former.values_list("slug", "row_id"))
            found = self.in_bulk(set(moved.values())) if moved else {}
            rows |= {slug: found[pk] for slug, pk in moved.items() if pk in found}
        return rows


class Slugged(models.Model):
    """A row with a public name. Fixtures and fact tables refer to it by that name, or by one that
    it had."""

    slug = LineField(
        max_length=100,
        unique=True,
        pattern=SLUG,
        words="Lower-case letters, digits and single hyphens between them, such as “apollo-11”.",
        help_text="Name in the address: lower-case letters, digits and hyphens. Keep it stable.",
    )

    objects = SluggedQuerySet.as_manager()

    class Meta:
        abstract = True

    def natural_key(self):
        return (self.slug,)

    def hold(self, name, rows) -> None:
        """Let a list stand as if it had been prefetched: of a row that is only looked at."""
        held = getattr(self, name).all()
        held._result_cache, held._prefetch_done = list(rows), True
        vars(self).setdefault("_prefetched_objects_cache", {})[name] = held

    @property
    def former_addresses(self) -> FormerAddressQuerySet:
        return FormerAddress.objects.of(type(self)).filter(row_id=self.pk or 0)


def proposed_slug(model: type[Slugged], names: Iterable[str]) -> str:
    """A slug made of the names that no row of the model has or had; empty if they have no letters
    in any script."""
    longest = model._meta.get_field("slug").max_length - len("-999")
    base = slug_of(" ".join(names), longest=longest)
    if not base:
        return ""
    begun = {"slug__startswith": base}
    taken = set(model._base_manager.filter(**begun).values_list("slug", flat=True))
    taken |= set(FormerAddress.objects.of(model).filter(**begun).values_list("slug", flat=True))
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (base, *numbered) if slug not in taken)


def slugged_models() -> list[type[Slugged]]:
    """Every model whose rows have a slug."""
    return [one for one in apps.get_app_config("records").get_models() if issubclass(one, Slugged)]


def get_by_slugs(rows: models.QuerySet, **lookups) -> models.Model:
    """`rows.get(…)`, where what leads to a slug finds the row by a former one, too.

    Raises DoesNotExist of the rows' model.
    """
    try:
        return rows.get(**lookups)
    except rows.model.DoesNotExist:
        moved = {
            path: row.slug
            for path, slug in lookups.items()
            if path.endswith("__slug")
            for row in _model_at(rows.model, path)._default_manager.named([slug]).values()
            if row.slug != slug
        }
        if not moved:
            raise
        return rows.get(**lookups | moved)


def _model_at(model: type[models.Model], path: str) -> type[models.Model]:
    """The model that a path such as `flight__astronaut__slug` leads to."""
    for name in path.split("__")[:-1]:
        model = model._meta.get_field(name).related_model
    return model
