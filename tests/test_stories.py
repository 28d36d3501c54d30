"""The stories say what the facts say.

Each figure below is worked out again, as of the moment its story appeared, and must stand in the
story in these very words. Whoever changes a fact learns here which story states it.
"""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings

from records import models
from records.body.blocks import LeaderboardBlock, Paragraph, Quote
from records.body.parse import parse
from records.book.careers import State
from records.book.values import duration_text
from records.ledger import Ledger

pytestmark = pytest.mark.usefixtures("site")

RUBIO = "frank-rubio-returns-after-371-days"
KONONENKO = "kononenko-passes-padalka"
NINETEEN = "nineteen-in-orbit"
NINE = "nine-people-have-stayed-a-year"
STARLINER = "the-eight-day-flight-that-took-286"
POLYAKOV = "polyakovs-record-at-thirty"
WHITSON = "whitson-adds-twenty-days"
ARTEMIS = "artemis-ii-comes-home"
TIANGONG = "tiangongs-crews-change-ships"
MOONWALK = "the-first-moonwalk-lasted-two-and-a-half-hours"
SHIPS = "up-on-one-ship-down-on-another"
TWO_YEARS = "the-two-year-club-that-is-not"
TEN = "ten-people-in-space-as-far-as-we-know"

NUMBERS = (
    "none one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty"
)
WORDS = NUMBERS.split()

LINK = re.compile(r"\]\(/(?P<noun>[a-z]+)/(?P<slug>[-\w]+)/\)")


@dataclass(frozen=True)
class Book:
    """The record book at the moment a story appeared, with answers in the story's words."""

    ledger: Ledger
    at: datetime

    def career(self, who):
        return self.ledger.careers[who].at(self.at, self.ledger.confirmation)

    def trip(self, who, mission):
        (flight,) = (one for one in self.career(who).flights if one.launch_mission.slug == mission)
        return flight

    def trips(self):
        """Every trip to orbit that had begun, clipped to the moment."""
        return [
            flight
            for who in self.ledger.careers
            for flight in self.career(who).flights
            if flight.launch_mission.boundary == "orbit"
        ]

    def landed(self):
        return [flight for flight in self.trips() if flight.landed_at]

    def flight(self, who, mission):
        return duration_text(self.trip(who, mission).seconds)

    def total_seconds(self, who, *, before=None):
        return sum(
            flight.seconds
            for flight in self.career(who).flights
            if before is None or flight.launch_mission.slug != before
        )

    def total(self, who):
        return duration_text(self.total_seconds(who))

    def outside(self, who):
        return hours(timedelta(seconds=sum(w.seconds for w in self.career(who).spacewalks)))

    def walks(self, who):
        return len(self.career(who).spacewalks)

    def standing(self, board, who):
        rows = self.standings(board)
        (row,) = (one for one in rows if one.astronaut.slug == who)
        return row

    def standings(self, board):
        return self.ledger.standings(self.ledger.leaderboards[board], self.at)

    def passed_at(self, who, mission, other):
        """When the total of one, on a mission, reached the other's final one."""
        lacking = self.total_seconds(other) - self.total_seconds(who, before=mission)
        return self.trip(who, mission).launched_at + timedelta(seconds=lacking)

    def aloft(self, at=None, boundary="orbit"):
        return self.ledger.aloft(at or self.at, boundary)

    def lasting(self, days):
        return [flight for flight in self.trips() if flight.seconds >= days * 86_400]

    def mission(self, slug):
        return self.ledger.missions[slug]

    def voyage(self, slug):
        """How long the vehicle itself was away."""
        mission = self.mission(slug)
        return duration_text(round((mission.landed_at - mission.launched_at).total_seconds()))

    def changed_ships(self):
        return [flight for flight in self.landed() if flight.changed_ships]

    def by_family(self, up, down):
        return sum(
            flight.launch_mission.family == up and flight.landing_mission.family == down
            for flight in self.changed_ships()
        )


def hours(duration):
    """As the book writes durations, but without days."""
    minutes = round(duration.total_seconds()) // 60
    return f"{minutes // 60} h {minutes % 60} m"


def ships_of(careers):
    return {career.aloft.launch_mission.slug for career in careers}


def moonwalks(mission):
    return [
        round(walk.duration.total_seconds())
        for walk in models.Spacewalk.objects.filter(kind="lunar-surface", mission__slug=mission)
    ]


def to_tiangong(book):
    return [f for f in book.trips() if f.launch_mission.stations == {"tiangong"}]


def travellers(book):
    """How often each astronaut has come home in another ship, of those who have."""
    return Counter(
        who
        for who in book.ledger.careers
        for flight in book.career(who).flights
        if flight.landed_at and flight.changed_ships
    )


def to_the_moon(book):
    """Who flew to the Moon, and on which mission, before Artemis II."""
    missions = {f"apollo-{number}" for number in (8, 10, 11, 12, 13, 14, 15, 16, 17)}
    return [
        (who, flight.launch_mission.slug)
        for who in book.ledger.careers
        for flight in book.career(who).flights
        if flight.launch_mission.slug in missions
    ]


#: Story, the words that must stand in it, and how each figure in them is worked out.
FIGURES = [
    (
        RUBIO,
        "at {:%H:%M} UTC on Wednesday, after {} in space",
        lambda b: (
            b.trip("frank-rubio", "soyuz-ms-22").landed_at + timedelta(seconds=30),
            b.flight("frank-rubio", "soyuz-ms-22"),
        ),
    ),
    (
        RUBIO,
        "came home in March 2022 after {}",
        lambda b: (b.flight("mark-vande-hei", "soyuz-ms-18"),),
    ),
    (
        RUBIO,
        "Rubio passed him on {:%-d %B}, while still in orbit, and added a further {} days",
        lambda b: (
            b.trip("frank-rubio", "soyuz-ms-22").launched_at
            + timedelta(seconds=b.trip("mark-vande-hei", "soyuz-ms-18").seconds),
            (
                b.trip("frank-rubio", "soyuz-ms-22").seconds
                - b.trip("mark-vande-hei", "soyuz-ms-18").seconds
            )
            // 86_400,
        ),
    ),
    (
        RUBIO,
        "Only {} people have spent 365 days or more in space in one flight",
        lambda b: (WORDS[len(b.standings("year-in-space"))],),
    ),
    (RUBIO, "whose {} of 1994 and 1995", lambda b: (b.flight("valeri-polyakov", "soyuz-tm-18"),)),
    (RUBIO, "with {}; and", lambda b: (b.flight("sergei-avdeyev", "soyuz-tm-28"),)),
    (RUBIO, "together for {}.", lambda b: (b.flight("vladimir-titov", "soyuz-tm-4"),)),
    (
        RUBIO,
        "he went outside {} times, for {} in all",
        lambda b: (WORDS[b.walks("frank-rubio")], b.outside("frank-rubio")),
    ),
    (RUBIO, "has now spent {} in space over two flights", lambda b: (b.total("sergey-prokopyev"),)),
    (
        KONONENKO,
        "At {:%S} seconds past {:%H:%M} UTC on Sunday",
        lambda b: (b.passed_at("oleg-kononenko", "soyuz-ms-24", "gennady-padalka"),) * 2,
    ),
    (
        KONONENKO,
        "on the way to it for {} since",
        lambda b: (
            duration_text(
                b.total_seconds("gennady-padalka")
                - b.total_seconds("oleg-kononenko", before="soyuz-ms-24")
            ),
        ),
    ),
    (KONONENKO, "whose five flights come to {}", lambda b: (b.total("gennady-padalka"),)),
    *(
        (KONONENKO, text, lambda b, mission=mission: (b.flight("oleg-kononenko", mission),))
        for text, mission in (
            ("2008: {}", "soyuz-tma-12"),
            ("2011 to 2012: {}", "soyuz-tma-03m"),
            ("2015: {}", "soyuz-tma-17m"),
            ("2018 to 2019: {}", "soyuz-ms-11"),
        )
    ),
    (
        KONONENKO,
        "whose total is {}, on {:%-d %B %Y}",
        lambda b: (
            b.total("sergei-krikalev"),
            b.passed_at("gennady-padalka", "soyuz-tma-16m", "sergei-krikalev"),
        ),
    ),
    (
        KONONENKO,
        "with {}, on {:%-d %B %Y}",
        lambda b: (
            b.total("sergei-avdeyev"),
            b.passed_at("sergei-krikalev", "soyuz-tma-6", "sergei-avdeyev"),
        ),
    ),
    (KONONENKO, "who stopped at {}", lambda b: (b.total("yuri-malenchenko"),)),
    (
        KONONENKO,
        "at {:%H:%M} UTC on {:%-d %B}, which in Moscow",
        lambda b: (
            (
                b.trip("oleg-kononenko", "soyuz-ms-24").launched_at
                + timedelta(days=1000)
                - timedelta(seconds=b.total_seconds("oleg-kononenko", before="soyuz-ms-24")),
            )
            * 2
        ),
    ),
    (KONONENKO, "He was one of {} people in space", lambda b: (len(b.aloft()),)),
    (
        NINETEEN,
        "There are {} people in orbit",
        lambda b: (len(b.aloft()),),
    ),
    (
        NINETEEN,
        "The number was reached at {:%H:%M} UTC on Wednesday",
        lambda b: (b.mission("soyuz-ms-26").launched_at,),
    ),
    (
        NINETEEN,
        "The old record was {}, set on {:%-d %B %Y}",
        lambda b: (
            len(b.aloft(b.mission("shenzhou-16").launched_at)),
            b.mission("shenzhou-16").launched_at,
        ),
    ),
    (
        NINETEEN,
        "lasted for {} from its first minute",
        lambda b: (
            hours(b.mission("axiom-mission-2").landed_at - b.mission("shenzhou-16").launched_at),
        ),
    ),
    (
        NINETEEN,
        "The nineteen went up in {} ships",
        lambda b: (WORDS[len(ships_of(b.aloft()))],),
    ),
    (
        NINETEEN,
        "{} of them fly for the United States, {} for Russia and {} for China. {} are women.",
        lambda b: (
            *(
                WORDS[count].capitalize() if code == "USA" else WORDS[count]
                for code in ("USA", "RUS", "CHN")
                for count in (sum(c.aloft.country == code for c in b.aloft()),)
            ),
            WORDS[sum(c.astronaut.sex == "F" for c in b.aloft())].capitalize(),
        ),
    ),
    (
        NINETEEN,
        "for a few minutes there have twice been {}: on {:%-d %B %Y} and on {:%-d %B %Y}",
        lambda b: (
            *{
                len(b.aloft(b.mission(slug).launched_at, "80km"))
                for slug in ("unity-25", "galactic-06")
            },
            b.mission("unity-25").launched_at,
            b.mission("galactic-06").launched_at,
        ),
    ),
    (
        NINE,
        "at {:%H:%M} UTC on Monday, {} after they had left it",
        lambda b: (
            b.mission("soyuz-ms-25").landed_at,
            b.flight("nikolai-chub", "soyuz-ms-24"),
        ),
    ),
    (
        NINE,
        "from seven to {}",
        lambda b: (WORDS[len(b.standings("year-in-space"))],),
    ),
    (
        NINE,
        "had been up for {}",
        lambda b: (b.flight("tracy-caldwell-dyson", "soyuz-ms-25"),),
    ),
    (
        NINE,
        "an hour and {} minutes short of the anniversary",
        lambda b: (
            (
                datetime(1988, 12, 21, 11, 18, 3, tzinfo=UTC)
                - b.trip("musa-manarov", "soyuz-tm-4").landed_at
            ).seconds
            // 60
            - 60,
        ),
    ),
    (NINE, "one of {}, by", lambda b: (b.flight("pyotr-dubrov", "soyuz-ms-18"),)),
    (NINE, "stayed for {} because", lambda b: (b.flight("dmitri-petelin", "soyuz-ms-22"),)),
    (NINE, "his total is now {}", lambda b: (b.total("oleg-kononenko"),)),
    (
        NINE,
        "leaves Padalka's {} behind by {} days",
        lambda b: (
            b.total("gennady-padalka"),
            (b.total_seconds("oleg-kononenko") - b.total_seconds("gennady-padalka")) // 86_400,
        ),
    ),
    (
        NINE,
        "come back more than {:,} times",
        lambda b: (len(b.landed()) // 100 * 100,),
    ),
    (
        STARLINER,
        "at {:%H:%M} UTC on Tuesday, after {}",
        lambda b: (
            b.mission("spacex-crew-9").landed_at,
            b.flight("sunita-williams", "boeing-cft"),
        ),
    ),
    (
        STARLINER,
        "New Mexico, on {:%-d %B at %H:%M} UTC",
        lambda b: (b.mission("boeing-cft").landed_at,),
    ),
    (
        STARLINER,
        "have flown for {}, the tour",
        lambda b: (b.flight("nick-hague", "spacex-crew-9"),),
    ),
    (STARLINER, "with {}, down to", lambda b: (b.flight("frank-rubio", "soyuz-ms-22"),)),
    (STARLINER, "with {}. Wilmore", lambda b: (b.flight("peggy-whitson", "soyuz-ms-03"),)),
    (
        STARLINER,
        "share {} place on the [American table]",
        lambda b: (
            {6: "sixth"}[b.standing("longest-spaceflight-americans", "butch-wilmore").rank],
        ),
    ),
    (
        STARLINER,
        "and {} on that of the [whole world]",
        lambda b: ({18: "eighteenth"}[b.standing("longest-spaceflight", "butch-wilmore").rank],),
    ),
    (STARLINER, "now given her {} in space", lambda b: (b.total("sunita-williams"),)),
    (STARLINER, "Only Whitson, at {}", lambda b: (b.total("peggy-whitson"),)),
    (STARLINER, "Wilmore's three add up to {}", lambda b: (b.total("butch-wilmore"),)),
    (
        STARLINER,
        "total outside to {}, from {} spacewalks, and past Whitson's {} from {}",
        lambda b: (
            b.outside("sunita-williams"),
            WORDS[b.walks("sunita-williams")],
            b.outside("peggy-whitson"),
            WORDS[b.walks("peggy-whitson")],
        ),
    ),
    (
        STARLINER,
        "It lasted for {}, and",
        lambda b: (b.voyage("boeing-cft"),),
    ),
    (
        POLYAKOV,
        "At {:%H:%M UTC on %-d %B %Y}",
        lambda b: (b.mission("soyuz-tm-20").landed_at,),
    ),
    (
        POLYAKOV,
        "The flight had lasted for {}",
        lambda b: (b.standings("longest-spaceflight")[0].value.text,),
    ),
    (
        POLYAKOV,
        "stay of his own lasted for {}",
        lambda b: (b.flight("valeri-polyakov", "soyuz-tm-6"),),
    ),
    (
        POLYAKOV,
        "he passed their figure on {:%-d %B %Y, at %H:%M} UTC",
        lambda b: (
            b.trip("valeri-polyakov", "soyuz-tm-18").launched_at
            + timedelta(seconds=b.trip("vladimir-titov", "soyuz-tm-4").seconds),
        ),
    ),
    *(
        (
            POLYAKOV,
            "{}: {} short",
            lambda b, who=who, mission=mission: (
                b.flight(who, mission),
                duration_text(
                    b.trip("valeri-polyakov", "soyuz-tm-18").seconds - b.trip(who, mission).seconds
                ),
            ),
        )
        for who, mission in (
            ("sergei-avdeyev", "soyuz-tm-28"),
            ("oleg-kononenko", "soyuz-ms-24"),
            ("frank-rubio", "soyuz-ms-22"),
        )
    ),
    (
        POLYAKOV,
        "Of the {} people in space this morning",
        lambda b: (WORDS[len(b.aloft())],),
    ),
    (
        POLYAKOV,
        "with {} days behind them",
        lambda b: (max(c.aloft.seconds for c in b.aloft()) // 86_400,),
    ),
    (POLYAKOV, "career came to {}", lambda b: (b.total("valeri-polyakov"),)),
    (
        POLYAKOV,
        "{} people now stand above Polyakov",
        lambda b: (
            WORDS[b.standing("total-time-in-space", "valeri-polyakov").rank - 1].capitalize(),
        ),
    ),
    (
        WHITSON,
        "at {:%H:%M} UTC on Tuesday",
        lambda b: (b.mission("axiom-mission-4").landed_at,),
    ),
    (
        WHITSON,
        "The flight had lasted for {}.",
        lambda b: (b.flight("peggy-whitson", "axiom-mission-4"),),
    ),
    (
        WHITSON,
        "has spent in space to {}",
        lambda b: (b.total("peggy-whitson"),),
    ),
    (WHITSON, "reached {} in March", lambda b: (b.total("sunita-williams"),)),
    (
        WHITSON,
        "Whitson is now {}",
        lambda b: ({8: "eighth"}[b.standing("total-time-in-space", "peggy-whitson").rank],),
    ),
    (
        WHITSON,
        "On {:%-d %B, at %H:%M} UTC, she passed the {}",
        lambda b: (
            b.passed_at("peggy-whitson", "axiom-mission-4", "valeri-polyakov"),
            b.total("valeri-polyakov"),
        ),
    ),
    (WHITSON, "whose total of {} is", lambda b: (b.total("anton-shkaplerov"),)),
    (
        WHITSON,
        "account for {}",
        lambda b: (
            duration_text(
                sum(f.seconds for f in b.career("peggy-whitson").flights if f.agency == "nasa")
            ),
        ),
    ),
    *(
        (WHITSON, "{}\n", lambda b, mission=mission: (b.flight("peggy-whitson", mission),))
        for mission in ("sts-111", "soyuz-tma-11", "soyuz-ms-03")
    ),
    (
        WHITSON,
        "at {}, on 24 April 2017",
        lambda b: (b.total("jeffrey-williams"),),
    ),
    (
        WHITSON,
        "The two together come to {}",
        lambda b: (
            duration_text(
                sum(
                    f.seconds
                    for f in b.career("peggy-whitson").flights
                    if f.agency == "axiom-space"
                )
            ),
        ),
    ),
    (
        WHITSON,
        "went outside {} times, for {}",
        lambda b: (WORDS[b.walks("peggy-whitson")], b.outside("peggy-whitson")),
    ),
    (
        ARTEMIS,
        "at {:%H:%M} UTC on Saturday",
        lambda b: (b.mission("artemis-ii").landed_at,),
    ),
    (
        ARTEMIS,
        "had been away on [Artemis II](/missions/artemis-ii/) for {}",
        lambda b: (b.flight("reid-wiseman", "artemis-ii"),),
    ),
    (
        ARTEMIS,
        "{:,} days went by",
        lambda b: ((b.mission("artemis-ii").launched_at - b.mission("apollo-17").landed_at).days,),
    ),
    *(
        (ARTEMIS, text, lambda b, who=who: (b.total(who),))
        for text, who in (
            ("Koch: {} in two flights", "christina-koch"),
            ("Glover: {} in two flights", "victor-glover"),
            ("Wiseman: {} in two flights", "reid-wiseman"),
            ("Hansen: {}, his first", "jeremy-hansen"),
        )
    ),
    (
        ARTEMIS,
        "first flight, {} in 2019 and 2020",
        lambda b: (b.standings("longest-spaceflight-women")[0].value.text,),
    ),
    (
        ARTEMIS,
        "While Orion was away, {} people were in space",
        lambda b: (len(b.aloft(b.mission("artemis-ii").launched_at)),),
    ),
    (
        ARTEMIS,
        "The {} seats were filled by {} people",
        lambda b: (
            len(to_the_moon(b)),
            len({who for who, _ in to_the_moon(b)}),
        ),
    ),
    (
        TIANGONG,
        "{} after its launch",
        lambda b: (b.voyage("shenzhou-20"),),
    ),
    (
        TIANGONG,
        "the longest Chinese flight: {}",
        lambda b: (b.flight("chen-dong", "shenzhou-20"),),
    ),
    (TIANGONG, "(/missions/shenzhou-18/), {}", lambda b: (b.flight("ye-guangfu", "shenzhou-18"),)),
    (
        TIANGONG,
        'say "{}"',
        lambda b: (b.standing("longest-spaceflight", "wu-fei").value.text,),
    ),
    (
        TIANGONG,
        "passed it on {:%-d %B}",
        lambda b: (
            b.trip("zhang-lu", "shenzhou-21").launched_at
            + timedelta(seconds=b.trip("chen-dong", "shenzhou-20").seconds),
        ),
    ),
    (TIANGONG, "for {} in all", lambda b: (b.total("chen-dong"),)),
    (
        TIANGONG,
        "is now second, with {}",
        lambda b: (b.standing("total-time-in-space", "zhang-lu").value.text,),
    ),
    (TIANGONG, "who has {}, is third", lambda b: (b.total("ye-guangfu"),)),
    (
        TIANGONG,
        "Since then {} ships have taken people there",
        lambda b: (len({f.launch_mission.slug for f in to_tiangong(b)}),),
    ),
    (TIANGONG, "The {} seats were filled by", lambda b: (len(to_tiangong(b)),)),
    (
        TIANGONG,
        "by {} different people",
        lambda b: (
            sum(
                any(f.launch_mission.stations == {"tiangong"} for f in b.career(who).flights)
                for who in b.ledger.careers
            ),
        ),
    ),
    (
        TIANGONG,
        "{} people in all have gone up to the station in one ship and come down in another",
        lambda b: (WORDS[b.by_family("Shenzhou", "Shenzhou")].capitalize(),),
    ),
    (
        MOONWALK,
        "were on the Moon for {}",
        lambda b: [
            hours(stay.lifted_off_at - stay.landed_at)
            for stay in models.SurfaceStay.objects.filter(flight__astronaut__slug="neil-armstrong")
        ],
    ),
    (
        MOONWALK,
        "timed from {:%H:%M:%S} UTC on the {}st",
        lambda b: (
            b.career("neil-armstrong").spacewalks[0].started_at,
            b.career("neil-armstrong").spacewalks[0].started_at.day,
        ),
    ),
    (MOONWALK, "they spent {} outside", lambda b: (b.outside("neil-armstrong"),)),
    (
        MOONWALK,
        "The {} that came before it in our tables",
        lambda b: (
            WORDS[
                models.Spacewalk.objects.filter(
                    started_at__lt=b.career("neil-armstrong").spacewalks[0].started_at
                ).count()
            ],
        ),
    ),
    (
        MOONWALK,
        "he stood up in the open hatch for {}",
        lambda b: (
            duration_text(
                max(
                    round(walk.duration.total_seconds())
                    for walk in models.Spacewalk.objects.filter(started_at__year__lt=1969)
                )
            ),
        ),
    ),
    *(
        (
            MOONWALK,
            f"{words}, {{}}\n",
            lambda b, mission=mission: (duration_text(sum(moonwalks(mission))),),
        )
        for words, mission in (
            ("1969: one walk", "apollo-11"),
            ("1969: two walks", "apollo-12"),
            ("1971: two walks", "apollo-14"),
            ("1971: three walks", "apollo-15"),
            ("1972: three walks", "apollo-16"),
            ("1972: three walks", "apollo-17"),
        )
    ),
    (
        MOONWALK,
        "Together that is {}",
        lambda b: (
            hours(
                sum(
                    models.Spacewalk.objects.filter(kind="lunar-surface").values_list(
                        "duration", flat=True
                    ),
                    timedelta(),
                )
            ),
        ),
    ),
    (
        MOONWALK,
        "The longest single walk, {} on",
        lambda b: (duration_text(max(moonwalks("apollo-17"))),),
    ),
    (
        MOONWALK,
        "It stands at {}:",
        lambda b: (b.standings("longest-spacewalk")[0].value.text,),
    ),
    (MOONWALK, "has {}.", lambda b: (b.outside("buzz-aldrin"),)),
    (
        SHIPS,
        "Of the {:,} trips to orbit that had ended",
        lambda b: (len(b.landed()),),
    ),
    (SHIPS, "{} ended in another ship", lambda b: (len(b.changed_ships()),)),
    (
        SHIPS,
        "They were made by {} people, {} of whom have done it twice",
        lambda b: (
            len(travellers(b)),
            sum(count == 2 for count in travellers(b).values()),
        ),
    ),
    (SHIPS, "Soyuz to Soyuz: {}", lambda b: (b.by_family("Soyuz", "Soyuz"),)),
    (
        SHIPS,
        "were brought and fetched: {}",
        lambda b: (b.by_family("Space Shuttle", "Space Shuttle"),),
    ),
    (
        SHIPS,
        "between the Soyuz and the Shuttle: {}, of them {} up on Soyuz and {} down on it",
        lambda b: (
            b.by_family("Soyuz", "Space Shuttle") + b.by_family("Space Shuttle", "Soyuz"),
            WORDS[b.by_family("Soyuz", "Space Shuttle")],
            WORDS[b.by_family("Space Shuttle", "Soyuz")],
        ),
    ),
    (SHIPS, "Shenzhou to Shenzhou: {}", lambda b: (b.by_family("Shenzhou", "Shenzhou"),)),
    (SHIPS, "Starliner to Crew Dragon: {}", lambda b: (b.by_family("Starliner", "Dragon"),)),
    (
        SHIPS,
        "The first {} places",
        lambda b: (
            next(
                place
                for place, row in enumerate(b.standings("longest-spaceflight"))
                if not row.mark.parts[0].changed_ships
            ),
        ),
    ),
    (SHIPS, "with {}, belong", lambda b: (b.flight("andrew-morgan", "soyuz-ms-13"),)),
    (
        SHIPS,
        "whose {} are the longest flight that anybody has made in one ship",
        lambda b: (duration_text(max(f.seconds for f in b.landed() if not f.changed_ships)),),
    ),
    (
        TWO_YEARS,
        "another {}.",
        lambda b: (
            duration_text(730 * 86_400 - b.standings("longest-spaceflight")[0].value.amount),
        ),
    ),
    (
        TWO_YEARS,
        "{} flights have lasted for 300 days or more. {} of them",
        lambda b: (
            WORDS[len(b.lasting(300))].capitalize(),
            WORDS[len(b.lasting(365))].capitalize(),
        ),
    ),
    (TWO_YEARS, "{} went beyond 400", lambda b: (WORDS[len(b.lasting(400))].capitalize(),)),
    (
        TWO_YEARS,
        "{} people have a total of 730 days or more",
        lambda b: (
            WORDS[
                sum(row.value.amount >= 730 * 86_400 for row in b.standings("total-time-in-space"))
            ].capitalize(),
        ),
    ),
    *(
        (
            TWO_YEARS,
            f"(/astronauts/{who}/): {{}}, in {{}}",
            lambda b, who=who: (b.total(who), WORDS[len(b.career(who).flights)]),
        )
        for who in (
            "oleg-kononenko",
            "gennady-padalka",
            "yuri-malenchenko",
            "sergei-krikalev",
            "aleksandr-kaleri",
            "sergei-avdeyev",
        )
    ),
    (TWO_YEARS, "at {}, and", lambda b: (b.total("anton-shkaplerov"),)),
    (TWO_YEARS, "at {}, who would", lambda b: (b.total("peggy-whitson"),)),
    (TWO_YEARS, "{} people are in space", lambda b: (WORDS[len(b.aloft())].capitalize(),)),
    (
        TWO_YEARS,
        "the record of Polyakov would fall on {:%-d %B %Y}, and two years would be complete on"
        " {:%-d %B %Y}",
        lambda b: (
            b.mission("soyuz-ms-29").launched_at
            + timedelta(seconds=b.standings("longest-spaceflight")[0].value.amount),
            b.mission("soyuz-ms-29").launched_at + timedelta(days=730),
        ),
    ),
    (
        TWO_YEARS,
        "it is complete on {:%-d %B %Y, at %H:%M} UTC",
        lambda b: (b.mission("shenzhou-23").launched_at + timedelta(days=365),),
    ),
    (
        TEN,
        "Our answer this morning is {}",
        lambda b: (WORDS[len(b.aloft())],),
    ),
    (
        TEN,
        "at the beginning of {:%-d %B}. What has happened in the {} days since",
        lambda b: (
            b.ledger.confirmation.through_at,
            (b.at - b.ledger.confirmation.through_at).days,
        ),
    ),
    (
        TEN,
        "Since {:%-d %B} all ten have been presumed",
        lambda b: (b.ledger.confirmation.through_at + timedelta(days=7),),
    ),
    (
        TEN,
        'from {} to "{} in space, {} unconfirmed"',
        lambda b: (
            WORDS[len(b.aloft())],
            *(
                sum(
                    (career.aloft.state is State.UNCONFIRMED) == doubtful
                    for career in b.aloft(datetime(2026, 12, 1, 0, 0, 1, tzinfo=UTC))
                )
                for doubtful in (False, True)
            ),
        ),
    ),
    (TEN, "with {}, the tables", lambda b: (b.flight("jeanette-epps", "spacex-crew-8"),)),
    (
        TEN,
        "at {} days at least",
        lambda b: (b.standing("longest-spaceflight-women", "jessica-meir").value.amount // 86_400,),
    ),
    (
        TEN,
        "They share {} place",
        lambda b: ({4: "fourth"}[b.standing("longest-spaceflight-women", "sophie-adenot").rank],),
    ),
]


@pytest.fixture
def book():
    """Story → the record book at the moment it appeared, or was last updated."""
    ledger = Ledger.current()

    def at(story):
        article = models.Article.objects.get(slug=story)
        return Book(ledger, article.updated_at or article.published_at)

    return at


def words_of(article):
    return "\n".join((article.headline, article.standfirst, article.body))


@pytest.mark.parametrize(
    ("story", "sentence", "figures"),
    FIGURES,
    ids=[f"{story}: {sentence}" for story, sentence, _ in FIGURES],
)
def test_a_story_states_what_the_record_book_computes(story, sentence, figures, book):
    article = models.Article.objects.get(slug=story)
    assert sentence.format(*figures(book(story))) in words_of(article)


def test_every_story_has_at_least_two_figures_checked():
    checked = Counter(story for story, _, _ in FIGURES)
    assert {
        slug for slug in models.Article.objects.values_list("slug", flat=True) if checked[slug] < 2
    } == set()


def test_the_three_of_soyuz_ms_22_share_their_place(book):
    rows = book(RUBIO).standings("longest-spaceflight")
    shared = {row.astronaut.slug for row in rows if row.rank == 3 and row.tied}
    assert shared == {"frank-rubio", "sergey-prokopyev", "dmitri-petelin"}


def test_the_first_eight_totals_were_soviet_or_russian_when_kononenko_took_the_lead(book):
    rows = book(KONONENKO).standings("total-time-in-space")
    assert {row.country for row in rows[:8]} == {"RUS"}
    assert rows[8].country == "USA"
    assert rows[0].astronaut.slug == "oleg-kononenko"
    assert rows[1].astronaut.slug == "gennady-padalka"


def test_the_crews_listed_as_nineteen_in_orbit_were_there(book):
    article = models.Article.objects.get(slug=NINETEEN)
    named = set(article.astronauts.values_list("slug", flat=True)) - {"yuri-gagarin"}
    assert named == {career.astronaut.slug for career in book(NINETEEN).aloft()}


def test_there_had_never_been_nineteen_in_orbit_before(book):
    b = book(NINETEEN)
    launches = {flight.launched_at for flight in b.trips()}
    before = launches - {b.mission("soyuz-ms-26").launched_at}
    assert max(len(b.aloft(at)) for at in before) == 17


def test_everyone_who_has_stayed_a_year_came_home_in_another_ship(book):
    rows = book(NINE).standings("year-in-space")
    assert len(rows) == 9
    assert all(row.mark.parts[0].changed_ships for row in rows)
    assert {row.astronaut.sex for row in rows} == {"M"}


def test_nobody_had_come_within_eight_weeks_of_polyakov(book):
    first, second, *_ = book(POLYAKOV).standings("longest-spaceflight")
    assert first.astronaut.slug == "valeri-polyakov"
    assert first.value.amount - second.value.amount > 8 * 7 * 86_400


def test_no_american_and_no_woman_had_more_time_in_space_than_whitson(book):
    for board in ("total-time-in-space-americans", "total-time-in-space-women"):
        first, second, *_ = book(WHITSON).standings(board)
        assert first.astronaut.slug == "peggy-whitson"
        assert second.astronaut.slug == "sunita-williams"


def test_everyone_who_flew_to_the_moon_on_apollo_was_an_american_man(book):
    b = book(ARTEMIS)
    people = {who for who, _ in to_the_moon(b)}
    assert {b.career(who).astronaut.sex for who in people} == {"M"}
    assert {b.career(who).astronaut.country for who in people} == {"USA"}


def test_the_first_moonwalk_was_the_longest_spacewalk_yet():
    first = models.Spacewalk.objects.get(kind="lunar-surface", mission__slug="apollo-11")
    earlier = models.Spacewalk.objects.filter(started_at__lt=first.started_at)
    assert all(walk.duration < first.duration for walk in earlier)


def test_armstrong_stood_below_hundreds_in_time_outside(book):
    assert book(MOONWALK).standing("total-spacewalk-time", "neil-armstrong").rank > 200


def test_seven_vehicles_flew_one_way_without_people(book):
    up = {flight.launch_mission.slug for flight in book(SHIPS).trips()}
    down = {flight.landing_mission.slug for flight in book(SHIPS).landed()}
    article = models.Article.objects.get(slug=SHIPS)
    orbital = models.Mission.objects.filter(boundary="orbit")
    landed = set(orbital.filter(landed_at__isnull=False).values_list("slug", flat=True))
    launched = set(orbital.values_list("slug", flat=True))
    one_way = (landed - down) | (launched - up)
    assert len(landed - down) == 4
    assert len(launched - up) == 3
    assert one_way <= set(article.missions.values_list("slug", flat=True))


def test_all_ten_were_presumed_to_be_aloft_when_the_story_said_so(book):
    b = book(TEN)
    assert {career.aloft.state for career in b.aloft()} == {State.PRESUMED}
    named = set(models.Article.objects.get(slug=TEN).astronauts.values_list("slug", flat=True))
    assert {career.astronaut.slug for career in b.aloft()} <= named


def test_the_grace_period_is_the_week_that_the_story_explains():
    assert settings.GRACE_PERIOD_DAYS == 7


def test_every_body_can_be_read_without_a_problem():
    for article in models.Article.objects.all():
        assert parse(article.body).problems == (), article.slug


def test_a_story_lists_exactly_what_it_links_to():
    for article in models.Article.objects.all():
        linked = {"astronauts": set(), "missions": set(), "records": set()}
        for link in LINK.finditer(article.body):
            linked[link["noun"]].add(link["slug"])
        for block in parse(article.body).blocks:
            if isinstance(block, LeaderboardBlock):
                linked["records"].add(block.slug)
        for noun, slugs in linked.items():
            field = article.leaderboards if noun == "records" else getattr(article, noun)
            assert set(field.values_list("slug", flat=True)) == slugs, article.slug


def test_every_link_in_a_story_is_of_a_known_form():
    for article in models.Article.objects.all():
        targets = re.findall(r"\]\([^)]*\)", article.body)
        assert [target for target in targets if not LINK.fullmatch(target)] == [], article.slug


def test_no_story_speaks_of_a_mission_before_its_launch():
    for article in models.Article.objects.all():
        later = article.missions.filter(launched_at__gt=article.published_at)
        assert list(later) == [], article.slug


def test_no_story_speaks_of_anyone_before_a_first_flight():
    for article in models.Article.objects.all():
        for astronaut in article.astronauts.all():
            flown = astronaut.flights.filter(launch_mission__launched_at__lte=article.published_at)
            assert flown.exists(), f"{article.slug}: {astronaut}"


def test_every_quotation_in_a_story_has_its_source():
    quotes = [
        (article.slug, block)
        for article in models.Article.objects.all()
        for block in parse(article.body).blocks
        if isinstance(block, Quote)
    ]
    assert quotes
    assert [slug for slug, quote in quotes if not (quote.role and quote.source)] == []


def test_every_story_begins_with_two_paragraphs():
    for article in models.Article.objects.all():
        first = parse(article.body).blocks[:2]
        assert all(isinstance(block, Paragraph) for block in first), article.slug


def test_the_seed_story_stands_under_its_three_topics():
    article = models.Article.objects.get(slug=RUBIO)
    topics = set(article.topics.values_list("name", flat=True))
    assert {"Space", "International Space Station", "NASA"} <= topics
    assert article.published_at.date().isoformat() == "2023-09-27"


def test_every_story_is_published_under_a_name_and_a_topic_of_its_own_list():
    for article in models.Article.objects.all():
        assert article.state == models.articles.State.PUBLISHED
        assert article.byline.exists(), article.slug
        assert article.primary_topic in article.topics.all(), article.slug
        assert article not in article.related.all(), article.slug


def test_every_topic_has_a_description_and_a_story():
    for topic in models.Topic.objects.all():
        assert topic.description, topic.slug
        assert topic.articles.exists(), topic.slug


def test_a_correction_says_what_the_story_now_says(book):
    correction = models.Correction.objects.get()
    passed_at = book(KONONENKO).passed_at("gennady-padalka", "soyuz-tma-16m", "sergei-krikalev")
    assert f"{passed_at:%-d %B %Y}" in correction.right
    assert f"{passed_at:%-d %B %Y}" in correction.article.body
    landed_at = models.Mission.objects.get(slug="soyuz-tma-16m").landed_at
    assert f"{landed_at:%-d %B %Y}" in correction.wrong
    assert f"{landed_at:%-d %B %Y}" not in correction.article.body


def test_adverts_are_our_own_and_lead_nowhere():
    adverts = models.Advert.objects.all()
    assert len(adverts) >= 4
    assert not any(advert.link or advert.link_text for advert in adverts)
    seed = models.Article.objects.get(slug=RUBIO)
    assert models.Advert.objects.running(seed.published_at).count() >= 3
