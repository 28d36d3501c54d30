"""Rows that are known by their slug, in URLs, fixtures and fact tables."""

from django.db import models

from .gate import LineField

SLUG = "[a-z0-9]+(-[a-z0-9]+)*"


class SluggedQuerySet(models.QuerySet):
    def get_by_natural_key(self, slug):
        return self.get(slug=slug)


class Slugged(models.Model):
    """A row with a stable public name. Fixtures and fact tables refer to it by that name."""

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
