"""The blocks of a story with what they show: boards, somebody's rank, charts, then and now.

*Then* is the instant at which the story appeared, *now* that of the page. What a block names and
there is not shows nothing: editors are told of it, readers are not.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.urls import reverse

from records import models
from records.body.blocks import (
    AdvertSlot,
    Block,
    FigureBlock,
    ImageBlock,
    LeaderboardBlock,
    RecordBlock,
)
from records.book.metrics import METRICS
from records.book.standings import Standing
from records.charts.bars import Bars, Stretch, draw_bars
from records.charts.careers import draw_career
from records.charts.steps import draw_steps
from records.instants import isoformat, read_when
from records.ledger import Ledger
from records.ledger.aloft import whereabouts
from records.ledger.support import Evidence
from records.tables import charts, progression, stories
from records.tables.pieces import joined
from records.tables.table import Table
from records.tables.words import among_whom, day


@dataclass(frozen=True)
class ShownBlock:
    """What a block shows, and of when: the `instant`, with `url`, the page that has the whole of
    it, and its `title`. `drawn` is what the template of the `kind` draws, `table` the same as rows,
    `now` a sentence on what is so by now, where the block shows what was so then."""

    kind: str
    title: str
    url: str
    instant: Any
    drawn: Any = None
    table: Table | None = None
    now: str = ""
    note: str = ""

    @property
    def template(self) -> str:
        return f"articles/figures/{self.kind}.html"


def lay_out(blocks: Iterable[Block], appeared_at: datetime | None, now, ledger: Ledger) -> Iterator:
    """Each block that shows something, with what it shows of the record book or of the library
    (None for a text).

    `now` is the page's instant. A story that has not appeared yet shows what it would, now.
    """
    blocks = list(blocks)
    page = _Page(appeared_at, now, ledger)
    page.know_images(block.slug for block in blocks if isinstance(block, ImageBlock))
    for block in blocks:
        show = _SHOWN.get(type(block))
        shown = show(page, block) if show else None
        if not isinstance(block, AdvertSlot) and (shown or not show):
            yield block, shown


class _Page:
    """One story at one instant."""

    def __init__(self, appeared_at, now, ledger: Ledger):
        self.now, self.ledger = now, ledger
        self.then = self.as_of(appeared_at) if appeared_at else now
        self.images: dict[str, models.Image] = {}

    def know_images(self, slugs: Iterable[str]) -> None:
        """Look all of them up at once."""
        if slugs := set(slugs):
            self.images = models.Image.objects.named(slugs)

    def as_of(self, at: datetime):
        return replace(self.now, at=at, is_now=False)

    def instant(self, at: str):
        """The instant that a block is of."""
        if at in ("live", "publication"):
            return self.now if at == "live" else self.then
        reading = read_when(at, self.now.now)
        return self.as_of(min(reading.last, self.now.at))

    # Blocks

    def leaderboard(self, block: LeaderboardBlock) -> ShownBlock | None:
        row = self.ledger.leaderboard(block.slug)
        if row is None:
            return None
        instant = self.instant(block.at)
        rows = self.rows(row, instant)
        today = rows if instant.is_now else self.rows(row, self.now)
        now = [stories.still_counting(today, block.top, self.now)]
        if not instant.is_now:
            now.insert(0, stories.since(rows[: block.top], today[: block.top], self.now))
        url = row.get_absolute_url() + instant.query
        evidence = Evidence.current(self.ledger.token)
        table = stories.first_rows(rows, block.top, row.title, instant, evidence)
        now.insert(0, among_whom(_of_people(rows[: block.top])))
        return ShownBlock(
            "leaderboard", row.title, url, instant, rows[: block.top], table, joined(now)
        )

    def record(self, block: RecordBlock) -> ShownBlock | None:
        row = self.ledger.leaderboard(block.leaderboard)
        career = self.career(block.astronaut)
        if row is None or career is None or METRICS[row.metric].counts_people:
            return None
        places = [self.place(row, career, instant) for instant in (self.then, self.now)]
        drawn = stories.RecordCard(career.astronaut, row, *places)
        return ShownBlock("record", row.title, row.get_absolute_url(), self.then, drawn)

    def image(self, block: ImageBlock) -> models.Image | None:
        return self.images.get(block.slug)

    def figure(self, block: FigureBlock) -> ShownBlock | None:
        shown = _FIGURES[block.of](self, block, self.instant(block.at))
        return shown and replace(shown, note=block.caption)

    # Figures

    def progression(self, block, instant) -> ShownBlock | None:
        row = self.ledger.leaderboard(block.leaderboard)
        if row is None:
            return None
        metric = METRICS[row.metric]
        tenures = self.ledger.tenures(self.ledger.rule(row), instant.at)
        chart = draw_steps(tenures, instant.at, falls=metric.lowest_first)
        title = f"{row.title}: how the record rose"
        evidence = Evidence.current(self.ledger.token)
        # The anchors of its rows belong to the page of the record, and a story may show two.
        table = progression.steps(tenures, metric, title, instant, evidence, anchored=False)
        url = reverse("progression", args=(row.slug,)) + instant.query
        return chart and ShownBlock("progression", title, url, instant, chart, table)

    def in_space(self, block, instant) -> ShownBlock | None:
        careers = self.ledger.aloft(instant.at)
        if not careers:
            return None
        stretches = [
            _stretch(career.astronaut, career.aloft, whereabouts(career.aloft, self.ledger))
            for career in careers
        ]
        url = reverse("in-space") + instant.query
        return self.bars(stretches, f"In space on {day(instant.at)}", url, instant)

    def flights(self, block, instant) -> ShownBlock | None:
        flown = []
        ships = models.Mission.objects.named({mission for _, mission in block.flights})
        for slug, mission in block.flights:
            career = self.career(slug)
            ship = ships.get(mission)
            career = career and career.at(instant.at, self.ledger.confirmation)
            found = (
                career
                and ship
                and [one for one in career.flights if one.launch_mission.slug == ship.slug]
            )
            if found:
                flown.append(stories.ComparedFlight.of(career, found[0]))
        if len(flown) < 2:
            return None
        people = list(dict.fromkeys(one.astronaut.slug for one in flown))
        asked = "&".join(f"{name}={slug}" for name, slug in zip("abcd", people, strict=False))
        url = f"{reverse('compare')}?{asked}&at={isoformat(instant.at)}"
        if len(people) == 1:
            url = reverse("astronaut", args=people) + instant.query
        table = stories.flights(flown, "Flights compared", instant)
        return ShownBlock("flights", "Flights compared", url, instant, flown, table)

    def career_of(self, block, instant) -> ShownBlock | None:
        career = self.career(block.astronaut)
        career = career and career.at(instant.at, self.ledger.confirmation)
        chart = career and draw_career(career, instant.at)
        if not chart:
            return None
        who = career.astronaut
        stretches = [_stretch(who, one, whereabouts(one, self.ledger)) for one in career.flights]
        bars = draw_bars(stretches, stretches[0].begin, instant.at)
        title = f"Time in space of {who.name}"
        url = reverse("astronaut", args=(who.slug,)) + instant.query
        return ShownBlock("career", title, url, instant, chart, charts.flown(bars, title))

    def bars(self, stretches: list[Stretch], title: str, url: str, instant) -> ShownBlock:
        drawn: Bars = draw_bars(stretches, min(one.begin for one in stretches), instant.at)
        return ShownBlock("bars", title, url, instant, drawn, charts.flown(drawn, title))

    # Of the record book

    def rows(self, row: models.Leaderboard, instant):
        rule = self.ledger.rule(row)
        if rule.metric.counts_people:
            return self.ledger.population(rule, instant.at)
        return self.ledger.standings(rule, instant.at)

    def career(self, slug: str):
        """The whole career of who has or had that slug; None if there is none."""
        if slug not in self.ledger.careers:
            who = models.Astronaut.objects.named([slug]).get(slug)
            slug = who.slug if who else slug
        return self.ledger.careers.get(slug)

    def place(self, row, career, instant) -> stories.RankThen:
        """Where the astronaut stands at the instant, by the best of several rows."""
        board = self.rows(row, instant)
        own = [one for one in board if one.astronaut.slug == career.astronaut.slug]
        return stories.RankThen(instant, own[0] if own else None, career.lost)


def _of_people(rows) -> list[Standing]:
    return [one for one in rows if isinstance(one, Standing)]


def _stretch(astronaut, flight, where: str) -> Stretch:
    return Stretch(
        group=where,
        key=astronaut.slug,
        label=astronaut.name,
        begin=flight.launched_at,
        end=flight.until,
        state=flight.state.value,
        detail=flight,
    )


_SHOWN = {
    LeaderboardBlock: _Page.leaderboard,
    RecordBlock: _Page.record,
    FigureBlock: _Page.figure,
    ImageBlock: _Page.image,
}
_FIGURES = {
    "progression": _Page.progression,
    "in-space": _Page.in_space,
    "flights": _Page.flights,
    "career": _Page.career_of,
}
