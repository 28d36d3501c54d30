"""The newsroom and the data desk: Django's admin, one file per noun."""

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
    images,
    leaderboards,
    missions,
    sources,
    spacecraft,
    spacewalks,
    stations,
    topics,
    users,
)
