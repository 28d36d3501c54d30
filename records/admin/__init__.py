"""The newsroom and the data desk: Django's admin, one file per noun."""

from django.conf import settings
from django.contrib import admin

from . import (  # noqa: F401  (each registers its models)
    adverts,
    agencies,
    articles,
    astronauts,
    authors,
    confirmations,
    corrections,
    countries,
    evidence,
    flights,
    leaderboards,
    missions,
    sources,
    spacecraft,
    spacewalks,
    stations,
    topics,
)

admin.site.site_header = f"{settings.SITE_NAME} newsroom"
admin.site.site_title = f"{settings.SITE_NAME} newsroom"
admin.site.index_title = "Stories and facts"
