"""Rows for tests: each function saves one, filling in what the test does not say.

Names are counted, so that two calls never collide, and made up, so that they never collide with the
real record either. Related rows are made where none is given. Instants may be given as text:
`make_mission(launched_at="1999-03-01", landed_at="1999-03-02T12:00")`, UTC.
"""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from itertools import count

from django.utils.text import slugify
from PIL import Image as Pillow

from records import models
from records.images import originals
from records.instants import Precision
from records.models.revisions import content_now

_numbers = count(1)


def instant(value: str | datetime | None) -> datetime | None:
    """`"1999-03-01T12:00"` as an aware UTC instant; anything else as it is."""
    return datetime.fromisoformat(value).replace(tzinfo=UTC) if isinstance(value, str) else value


def day(value: str | date | None) -> date | None:
    """`"1960-01-01"` as a date; anything else as it is."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def make_country(code="USA", **fields) -> models.Country:
    """The country with the code: the one that is there, or a new one."""
    fields.setdefault("name", {"USA": "United States"}.get(code, f"Land of {code}"))
    fields.setdefault("demonym", {"USA": "American"}.get(code, f"{code} national"))
    return models.Country.objects.get_or_create(code=code, defaults=fields)[0]


def make_agency(slug="", **fields) -> models.Agency:
    slug = slug or f"agency-{next(_numbers)}"
    fields.setdefault("name", _title(slug))
    fields.setdefault("abbreviation", fields["name"][:30])
    return models.Agency.objects.create(slug=slug, **fields)


def make_spacecraft(slug="", **fields) -> models.Spacecraft:
    slug = slug or f"craft-{next(_numbers)}"
    fields.setdefault("name", _title(slug))
    fields.setdefault("family", fields["name"])
    fields.setdefault("orbital", True)
    if "operator" not in fields:
        fields["operator"] = make_agency()
    if "country" not in fields:
        fields["country"] = make_country()
    return models.Spacecraft.objects.create(slug=slug, **fields)


def make_station(
    slug="", *, launched_at="1998-01-01T06:00", operators=(), **fields
) -> models.Station:
    slug = slug or f"station-{next(_numbers)}"
    fields.setdefault("name", _title(slug))
    for name in ("first_crew_at", "deorbited_at"):
        fields[name] = instant(fields.get(name))
    if fields["first_crew_at"]:
        fields.setdefault("first_crew_precision", Precision.DAY)
    if fields["deorbited_at"]:
        fields.setdefault("deorbit_precision", Precision.DAY)
    station = models.Station.objects.create(slug=slug, launched_at=instant(launched_at), **fields)
    for position, agency in enumerate(operators or (make_agency(),), 1):
        models.StationOperator.objects.create(station=station, agency=agency, position=position)
    return station


def make_astronaut(name="", **fields) -> models.Astronaut:
    """`make_astronaut("Ada Vega", sex="F")`; the last word is the family name."""
    name = name or f"Test Pilot{next(_numbers)}"
    given, _, family = name.rpartition(" ")
    fields.setdefault("slug", slugify(name))
    fields.setdefault("given_names", given or name)
    fields.setdefault("family_name", family)
    fields.setdefault("sex", "F")
    if "nationality" not in fields:
        fields["nationality"] = make_country()
    if "agency" not in fields:
        fields["agency"] = make_agency()
    for field in ("born_on", "died_on"):
        fields[field] = day(fields.get(field))
    if fields["born_on"]:
        fields.setdefault("birth_precision", Precision.DAY)
    return models.Astronaut.objects.create(name=name, **fields)


def make_mission(
    slug="", *, launched_at="1999-03-01T12:00", landed_at=None, stations=(), **fields
) -> models.Mission:
    """A mission that is under way unless `landed_at` is given."""
    slug = slug or f"mission-{next(_numbers)}"
    fields.setdefault("name", _title(slug))
    fields.setdefault("programme", "Test")
    fields.setdefault("launch_site", "A launch site")
    if "spacecraft" not in fields:
        fields["spacecraft"] = make_spacecraft()
    if "operator" not in fields:
        fields["operator"] = fields["spacecraft"].operator
    if landed_at:
        fields.setdefault("landing_precision", Precision.SECOND)
        fields.setdefault("landing_site", "A landing site")
    fields["planned_landing_at"] = instant(fields.get("planned_landing_at"))
    if fields["planned_landing_at"]:
        fields.setdefault("planned_landing_precision", Precision.DAY)
    mission = models.Mission.objects.create(
        slug=slug, launched_at=instant(launched_at), landed_at=instant(landed_at), **fields
    )
    mission.stations.set(stations)
    return mission


def make_flight(
    astronaut=None, launch_mission=None, landing_mission=None, *, days=None, **fields
) -> models.Flight:
    """A flight up and down on the same mission, unless `landing_mission` is given.

    Pass `days` instead of a mission to have one made that lasts so long (from `launched_at`).
    `landing_mission` may be False: nobody knows yet what it will land on.
    """
    launched_at = instant(fields.pop("launched_at", "1999-03-01T12:00"))
    astronaut = astronaut or make_astronaut()
    if launch_mission is None:
        landed_at = launched_at + timedelta(days=days) if days is not None else None
        launch_mission = make_mission(launched_at=launched_at, landed_at=landed_at)
    if landing_mission is None:
        landing_mission = launch_mission
    fields.setdefault("role", "Commander")
    fields.setdefault("nationality", astronaut.nationality)
    fields.setdefault("agency", astronaut.agency)
    return models.Flight.objects.create(
        astronaut=astronaut,
        launch_mission=launch_mission,
        landing_mission=landing_mission or None,
        **fields,
    )


def make_surface_stay(flight, *, landed_at, lifted_off_at, **fields) -> models.SurfaceStay:
    return models.SurfaceStay.objects.create(
        flight=flight, landed_at=instant(landed_at), lifted_off_at=instant(lifted_off_at), **fields
    )


def make_spacewalk(*flights, started_at=None, duration=timedelta(hours=6), **fields):
    """A spacewalk of the flights' astronauts, in that order; a day after the launch of the first.

    It is made from the craft of the flights' launch mission, or where they are several or `station`
    is given, from a station that all of these have visited.
    """
    flights = flights or (make_flight(days=10),)
    mission = flights[0].launch_mission
    slug = fields.pop("slug", f"spacewalk-{next(_numbers)}")
    fields.setdefault("mission", mission)
    if len({flight.launch_mission_id for flight in flights}) > 1 and "craft" not in fields:
        fields.setdefault("station", make_station())
    if fields.get("station"):
        for flight in flights:
            flight.launch_mission.stations.add(fields["station"])
    else:
        fields.setdefault("craft", mission)
    if "agency" not in fields:
        fields["agency"] = flights[0].agency
    walk = models.Spacewalk.objects.create(
        slug=slug,
        started_at=instant(started_at) or mission.launched_at + timedelta(days=1),
        duration=duration,
        **fields,
    )
    for position, flight in enumerate(flights, 1):
        make_spacewalk_crew(walk, flight, position=position)
    return walk


def make_spacewalk_crew(spacewalk, flight, **fields) -> models.SpacewalkCrew:
    """Someone outside; a duration of one's own is known to the minute."""
    if fields.get("duration"):
        fields.setdefault("duration_precision", "minute")
    return models.SpacewalkCrew.objects.create(spacewalk=spacewalk, flight=flight, **fields)


def make_spacewalk_gap(flight, note="The second one.") -> models.SpacewalkGap:
    return models.SpacewalkGap.objects.create(flight=flight, note=note)


def make_source(slug="", **fields) -> models.Source:
    slug = slug or f"source-{next(_numbers)}"
    fields.setdefault("title", _title(slug))
    fields.setdefault("publisher", "A publisher")
    fields.setdefault("licence", "CC0")
    fields.setdefault("used_for", "tests")
    return models.Source.objects.create(slug=slug, **fields)


def make_citation(source=None, **fields) -> models.Citation:
    """A source for every mission, unless the test gives a `kind` or one row it is about."""
    if not fields.keys() & {"mission", "astronaut", "spacewalk", "flight"}:
        fields.setdefault("kind", "missions")
    fields.setdefault("covers", f"fact {next(_numbers)}")
    for field in ("since_on", "until_on", "checked_on"):
        fields[field] = day(fields.get(field))
    return models.Citation.objects.create(source=source or make_source(), **fields)


def make_disagreement(*values, slug="", **fields) -> models.Disagreement:
    """A disputed fact with the reported values given as text, the first of them used."""
    slug = slug or f"disagreement-{next(_numbers)}"
    fields.setdefault("fact", _title(slug))
    fields.setdefault("reason", "One source says how it measured.")
    fields["checked_on"] = day(fields.get("checked_on"))
    disagreement = models.Disagreement.objects.create(slug=slug, **fields)
    for position, value in enumerate(values, 1):
        make_reported_value(disagreement, value, position=position, chosen=position == 1)
    return disagreement


def make_reported_value(disagreement, value="noon", **fields) -> models.ReportedValue:
    fields.setdefault("reported_by", "Somebody")
    return models.ReportedValue.objects.create(disagreement=disagreement, value=value, **fields)


def make_confirmation(through_at="2000-01-01", **fields) -> models.Confirmation:
    return models.Confirmation.objects.create(through_at=instant(through_at), **fields)


def make_leaderboard(slug="", *, metric="longest-flight", **fields) -> models.Leaderboard:
    slug = slug or f"leaderboard-{next(_numbers)}"
    fields.setdefault("title", _title(slug))
    fields.setdefault("group", "Test")
    return models.Leaderboard.objects.create(slug=slug, metric=metric, **fields)


def make_author(slug="", **fields) -> models.Author:
    slug = slug or f"author-{next(_numbers)}"
    fields.setdefault("name", _title(slug))
    return models.Author.objects.create(slug=slug, **fields)


def picture(size=(6, 4), kind="PNG", **options) -> bytes:
    """A file: each picture has a colour of its own."""
    stream = BytesIO()
    colour = next(_numbers).to_bytes(3)
    Pillow.new("RGB", size, tuple(colour)).save(stream, kind, **options)
    return stream.getvalue()


def make_image(slug="", *, file=None, **fields) -> models.Image:
    slug = slug or f"image-{next(_numbers)}"
    words = {"name": _title(slug), "alt": "A capsule.", "credit": "Nobody", "licence": "own"}
    fields["uploaded_at"] = instant(fields.get("uploaded_at", "2020-01-01T00:00"))
    image = models.Image(slug=slug, **words | fields)
    image.keep(originals.read(file or picture()))
    image.save()
    image.make_renditions()
    return image


def make_topic(slug="", **fields) -> models.Topic:
    slug = slug or f"topic-{next(_numbers)}"
    fields.setdefault("name", _title(slug))
    return models.Topic.objects.create(slug=slug, **fields)


def make_article(slug="", *, authors=(), topics=(), **fields) -> models.Article:
    """An article published on 1 March 2020 unless the test says otherwise.

    `astronauts`, `missions`, `leaderboards` and `related` take rows, as `authors` and `topics` do.
    """
    slug = slug or f"article-{next(_numbers)}"
    fields.setdefault("headline", _title(slug))
    fields.setdefault("standfirst", "What happened, in a sentence.")
    fields.setdefault("body", "First paragraph.\n\nSecond paragraph.")
    fields.setdefault("state", "published")
    fields["published_at"] = instant(fields.get("published_at", "2020-03-01T09:00"))
    fields["updated_at"] = instant(fields.get("updated_at"))
    fields["withdrawn_at"] = instant(fields.get("withdrawn_at"))
    related = {
        name: fields.pop(name, ()) for name in ("astronauts", "missions", "leaderboards", "related")
    }
    article = models.Article.objects.create(slug=slug, **fields)
    for position, author in enumerate(authors, 1):
        models.Authorship.objects.create(article=article, author=author, position=position)
    article.topics.set(topics)
    for name, rows in related.items():
        getattr(article, name).set(rows)
    return article


def make_correction(article, **fields) -> models.Correction:
    fields["made_at"] = instant(fields.get("made_at", "2020-03-02T09:00"))
    fields.setdefault("wrong", "The day was wrong.")
    fields.setdefault("right", "It was the day after.")
    return models.Correction.objects.create(article=article, **fields)


def make_review_note(article=None, **fields) -> models.ReviewNote:
    fields["made_at"] = instant(fields.get("made_at", "2020-02-28T09:00"))
    fields.setdefault("words", "Who says so?")
    article = article or make_article(state="draft", published_at=None)
    return models.ReviewNote.objects.create(article=article, **fields)


def make_decision(article=None, **fields) -> models.Decision:
    fields["made_at"] = instant(fields.get("made_at", "2020-02-28T09:00"))
    fields.setdefault("kind", "published")
    return models.Decision.objects.create(article=article or make_article(), **fields)


def make_pending_version(article=None, *, content=None, **fields) -> models.PendingVersion:
    """Changes of a public story, begun on 2 March 2020: `content` are the fields that differ.

    With `due_at` they are scheduled.
    """
    fields["due_at"] = instant(fields.get("due_at"))
    if fields["due_at"]:
        fields.setdefault("state", "scheduled")
    begun_at = instant(fields.pop("begun_at", "2020-03-02T09:00"))
    article = article or make_article()
    pending = models.PendingVersion.begun(article, fields.pop("begun_by", None), begun_at)
    pending.content = pending.base | (content or {"headline": "Changed"})
    for name, value in fields.items():
        setattr(pending, name, value)
    pending.save()
    return pending


def make_article_revision(article=None, **fields) -> models.ArticleRevision:
    """A version of a story as it is now, unless the test says what its `content` was."""
    article = article or make_article()
    fields["made_at"] = instant(fields.get("made_at", "2020-03-02T09:00"))
    fields["content"] = content_now(article) | fields.get("content", {})
    fields.setdefault("changed", [])
    return models.ArticleRevision.objects.create(article=article, **fields)


def make_advert(slug="", **fields) -> models.Advert:
    slug = slug or f"advert-{next(_numbers)}"
    fields.setdefault("advertiser", "An advertiser")
    fields.setdefault("headline", _title(slug))
    fields.setdefault("text", "Something to sell.")
    fields["starts_at"] = instant(fields.get("starts_at", "2000-01-01"))
    fields["ends_at"] = instant(fields.get("ends_at"))
    return models.Advert.objects.create(slug=slug, **fields)


def _title(slug: str) -> str:
    return slug.replace("-", " ").capitalize()
