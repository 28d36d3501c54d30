"""The site map: one short list per prefix, headed by its URL."""

from django.urls import path

from records.views import aloft, astronauts, health, home, leaderboards, missions

urlpatterns = [
    path("", home.home, name="home"),
    # /records/
    path("records/", leaderboards.index, name="leaderboards"),
    path("records/<slug:slug>/", leaderboards.detail, name="leaderboard"),
    path("records/<slug:slug>.json", leaderboards.as_json, name="leaderboard-json"),
    path("records/<slug:slug>.csv", leaderboards.as_csv, name="leaderboard-csv"),
    # /in-space/
    path("in-space/", aloft.in_space, name="in-space"),
    # /astronauts/
    path("astronauts/", astronauts.index, name="astronauts"),
    path("astronauts/<slug:slug>/", astronauts.detail, name="astronaut"),
    # /missions/
    path("missions/", missions.index, name="missions"),
    path("missions/<slug:slug>/", missions.detail, name="mission"),
    # /livez /readyz: for the machine that watches over us
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
]
