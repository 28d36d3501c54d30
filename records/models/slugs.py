"""Rows that are known by their slug, in URLs, fixtures and fact tables."""

from django.db import models


class SluggedQuerySet(models.QuerySet):
    def get_by_natural_key(self, slug):
        return self.get(slug=slug)


class Slugged(models.Model):
    """A row with a stable public name. Fixtures and fact tables refer to it by that name."""

    slug = models.SlugField(
        max_length=100,
        unique=True,
        help_text="Name in the address: lower-case letters, digits and hyphens. Keep it stable.",
    )

    objects = SluggedQuerySet.as_manager()

    class Meta:
        abstract = True

    def natural_key(self):
        return (self.slug,)
