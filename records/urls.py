"""The site map: one short list per prefix, headed by its URL."""

from django.urls import path, re_path

from records.images.renditions import NAME as RENDITION
from records.views import (
    agencies,
    articles,
    astronauts,
    authors,
    compare,
    corrections,
    countries,
    data,
    feeds,
    health,
    home,
    images,
    in_space,
    leaderboards,
    methods,
    missions,
    progression,
    spacewalks,
    stations,
    topics,
    watch,
)

urlpatterns = [
    path("", home.home, name="home"),
    # /news/
    path("news/", articles.index, name="news"),
    re_path(r"^news/(?P<year>[0-9]{4})/$", articles.year, name="news-year"),
    re_path(r"^news/(?P<year>[0-9]{4})/(?P<month>[0-9]{2})/$", articles.month, name="news-month"),
    path("news/<slug:slug>/", articles.detail, name="article"),
    path("news/<slug:slug>/changes/", articles.changes, name="article-changes"),
    path("news/<slug:slug>/preview/", articles.preview, name="article-preview"),
    # /newsroom/: stories that readers do not see
    path("newsroom/preview/", articles.typed, name="article-typed"),
    path("newsroom/preview/<str:token>/", articles.shared, name="article-shared"),
    # /topics/ /authors/
    path("topics/", topics.index, name="topics"),
    path("topics/<slug:slug>/", topics.detail, name="topic"),
    path("authors/<slug:slug>/", authors.detail, name="author"),
    # /media/
    re_path(rf"^media/(?P<name>{RENDITION})$", images.rendition, name="rendition"),
    # /corrections/
    path("corrections/", corrections.index, name="corrections"),
    # /records/
    path("records/", leaderboards.index, name="leaderboards"),
    path("records/changes/", progression.changes, name="record-changes"),
    path("records/<slug:slug>/", leaderboards.detail, name="leaderboard"),
    path("records/<slug:slug>/progression/", progression.detail, name="progression"),
    path("records/<slug:slug>/progression.json", progression.as_json, name="progression-json"),
    path("records/<slug:slug>/progression.csv", progression.as_csv, name="progression-csv"),
    path("records/<slug:slug>.json", leaderboards.as_json, name="leaderboard-json"),
    path("records/<slug:slug>.csv", leaderboards.as_csv, name="leaderboard-csv"),
    # /watch/
    path("watch/", watch.index, name="watch"),
    path("watch.json", watch.as_json, name="watch-json"),
    path("watch.ics", watch.as_calendar, name="watch-calendar"),
    path("feeds/watch.xml", watch.as_feed, name="watch-feed"),
    # /in-space/
    path("in-space/", in_space.in_space, name="in-space"),
    path("in-space.json", in_space.as_json, name="in-space-json"),
    # /astronauts/
    path("astronauts/", astronauts.index, name="astronauts"),
    path("astronauts/<slug:slug>/", astronauts.detail, name="astronaut"),
    # /missions/
    path("missions/", missions.index, name="missions"),
    path("missions/<slug:slug>/", missions.detail, name="mission"),
    # /countries/ /agencies/ /stations/
    path("countries/", countries.index, name="countries"),
    path("countries.json", countries.as_json, name="countries-json"),
    path("countries.csv", countries.as_csv, name="countries-csv"),
    path("countries/<slug:code>/", countries.detail, name="country"),
    path("agencies/", agencies.index, name="agencies"),
    path("agencies/<slug:slug>/", agencies.detail, name="agency"),
    path("stations/", stations.index, name="stations"),
    path("stations/<slug:slug>/", stations.detail, name="station"),
    # /spacewalks/
    path("spacewalks/", spacewalks.index, name="spacewalks"),
    path("spacewalks/<slug:slug>/", spacewalks.detail, name="spacewalk"),
    # /compare/
    path("compare/", compare.compare, name="compare"),
    # /feeds/
    path("feeds/records.xml", feeds.records_atom, name="feed-records-atom"),
    path("feeds/records.json", feeds.records_json, name="feed-records-json"),
    path("feeds/corrections.xml", feeds.corrections_atom, name="feed-corrections-atom"),
    path("feeds/corrections.json", feeds.corrections_json, name="feed-corrections-json"),
    # /data/ /methods/
    path("data/", data.index, name="data"),
    path("data/facts.zip", data.as_zip, name="data-zip"),
    path("data/facts.json", data.as_json, name="data-json"),
    path("data/datapackage.json", data.datapackage, name="data-package"),
    path("data/changes/", data.changes, name="data-changes"),
    path("data/changes.json", data.changes_json, name="data-changes-json"),
    path("data/changes.csv", data.changes_csv, name="data-changes-csv"),
    path("data/<slug:name>.csv", data.as_csv, name="data-csv"),
    path("methods/", methods.index, name="methods"),
    # /livez /readyz: for the machine that watches over us
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
]
