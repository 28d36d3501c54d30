"""What each fact rests on, and where sources disagree: read at once, kept while the facts stand."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q

from records.book.careers import Flight as BookFlight
from records.book.careers import Spacewalk as BookSpacewalk
from records.book.metrics import METRICS, Metric
from records.book.standings import Standing
from records.book.values import Unit
from records.ledger.answers import Answers
from records.models import (
    Astronaut,
    Citation,
    Disagreement,
    Flight,
    Mission,
    Source,
    Spacewalk,
    SpacewalkCrew,
)
from records.models.evidence import CoveredKind


@dataclass(frozen=True)
class Support:
    """What one mission, person or spacewalk rests on: citations of its own, those of all facts of
    its kind and time, and the disagreements that touch it."""

    own: tuple[Citation, ...]
    general: tuple[Citation, ...]
    disagreements: tuple[Disagreement, ...]

    def __bool__(self):
        return bool(self.own or self.general or self.disagreements)


class Evidence:
    """All citations and disagreements at one data version. `Evidence.current` keeps the latest."""

    def __init__(self, token: str):
        self.token = token
        self.citations: tuple[Citation, ...] = tuple(
            Citation.objects.select_related(
                "source",
                "mission",
                "astronaut",
                "spacewalk",
                "flight__launch_mission",
                "flight__astronaut",
            )
        )

    @cached_property
    def disagreements(self) -> tuple[Disagreement, ...]:
        return tuple(Disagreement.objects.with_values())

    @classmethod
    def current(cls, token: str) -> "Evidence":
        """The evidence at the data version with that token (`Ledger.token`): no query if that is
        the one that was asked for last."""
        return LATEST.kept(token, lambda: cls(token))

    def of_mission(self, mission: Mission) -> Support:
        days = _day(mission.launched_at), _day(mission.landed_at)
        return Support(
            tuple(
                one
                for one in self.citations
                if one.mission_id == mission.pk
                or (one.flight and mission.pk in _missions_of(one.flight))
            ),
            self._general(CoveredKind.MISSIONS, *days) + self._general(CoveredKind.FLIGHTS, *days),
            tuple(
                one
                for one in self.disagreements
                if one.mission_id == mission.pk
                or (
                    one.spacewalk
                    and mission.pk in (one.spacewalk.mission_id, one.spacewalk.craft_id)
                )
            ),
        )

    def of_astronaut(self, astronaut: Astronaut) -> Support:
        return Support(
            tuple(
                one
                for one in self.citations
                if one.astronaut_id == astronaut.pk
                or (one.flight and one.flight.astronaut_id == astronaut.pk)
            ),
            self._general(CoveredKind.PEOPLE),
            tuple(
                one
                for one in self.disagreements
                if one.astronaut_id == astronaut.pk
                or astronaut.pk in self._aboard.get(("mission", one.mission_id), ())
                or astronaut.pk in self._aboard.get(("spacewalk", one.spacewalk_id), ())
            ),
        )

    def of_spacewalk(self, spacewalk: Spacewalk) -> Support:
        return Support(
            tuple(one for one in self.citations if one.spacewalk_id == spacewalk.pk),
            self._general(CoveredKind.SPACEWALKS, _day(spacewalk.started_at)),
            tuple(one for one in self.disagreements if one.spacewalk_id == spacewalk.pk),
        )

    def sources_of(self, standing: Standing) -> tuple[Source, ...]:
        """What a standing rests on: the sources of its flights and spacewalks, and of a birthday
        where it is an age; those that are cited for these very ones first."""
        who, flights, walks = standing.astronaut.slug, standing.flights, standing.spacewalks
        ships = {
            ship for flight in flights for ship in (flight.launch_mission, flight.landing_mission)
        } - {None}
        missions = {ship.slug for ship in ships}
        flown = {(who, flight.launch_mission.slug) for flight in flights}
        outside = {walk.slug for walk in walks}
        aged = standing.value.unit is Unit.DAYS
        own = [
            one
            for one in self.citations
            if (one.mission and one.mission.slug in missions)
            or (one.flight and _flown(one.flight) in flown)
            or (one.spacewalk and one.spacewalk.slug in outside)
            or (aged and one.astronaut and one.astronaut.slug == who)
        ]
        if ships:
            days = [_day(at) for ship in ships for at in (ship.launched_at, ship.landed_at)]
            own += self._general(CoveredKind.MISSIONS, *days) + self._general(
                CoveredKind.FLIGHTS, *days
            )
        if walks:
            own += self._general(CoveredKind.SPACEWALKS, *(_day(walk.started_at) for walk in walks))
        if aged:
            own += self._general(CoveredKind.PEOPLE)
        return tuple(dict.fromkeys(one.source for one in own))

    def differing(
        self, who: str, metric: Metric, parts: Iterable[BookFlight | BookSpacewalk]
    ) -> tuple[Disagreement, ...]:
        """The disagreements about somebody's value by a metric: those about a mission or spacewalk
        among the parts that it is made of, measured in the same unit; and those about the astronaut
        by that very metric, or about the birth, which every age rests on."""
        about = set()
        for part in parts:
            if isinstance(part, BookSpacewalk):
                about.add(("spacewalk", part.slug))
                continue
            ships = (part.launch_mission, part.landing_mission if part.landed_at else None)
            about |= {("mission", ship.slug) for ship in ships if ship}
        found = []
        for one in self._measured:
            disputed, subject = METRICS[one.metric], one.subject
            own = disputed is metric or disputed.unit is metric.unit is Unit.DAYS
            if (one.astronaut and subject.slug == who and own) or (
                disputed.unit is metric.unit and (subject._meta.model_name, subject.slug) in about
            ):
                found.append(one)
        return tuple(found)

    def differ(self, *standings: Standing) -> bool:
        """Whether sources give another value than one of the standings."""
        return any(
            self.differing(one.astronaut.slug, one.metric, one.mark.parts) for one in standings
        )

    @cached_property
    def _measured(self) -> tuple[Disagreement, ...]:
        """The disagreements by which a value would be another one."""
        return tuple(one for one in self.disagreements if one.metric and one.subject)

    def _general(self, kind: CoveredKind, *days) -> tuple[Citation, ...]:
        return tuple(
            one for one in self.citations if one.kind == kind and (not days or one.spans(*days))
        )

    @cached_property
    def _aboard(self) -> dict[tuple[str, int], set[int]]:
        """Primary keys of everybody whom a disagreement about a mission or spacewalk touches."""
        aboard = defaultdict(set)
        disputed = {
            name: {
                key for one in self.disagreements if (key := getattr(one, f"{name}_id")) is not None
            }
            for name in ("mission", "spacewalk")
        }
        missions = disputed["mission"]
        for astronaut, *flown in Flight.objects.filter(
            Q(launch_mission__in=missions) | Q(landing_mission__in=missions)
        ).values_list("astronaut_id", "launch_mission_id", "landing_mission_id"):
            for mission in missions & set(flown):
                aboard[("mission", mission)].add(astronaut)
        for spacewalk, astronaut in SpacewalkCrew.objects.filter(
            spacewalk__in=disputed["spacewalk"]
        ).values_list("spacewalk_id", "flight__astronaut_id"):
            aboard[("spacewalk", spacewalk)].add(astronaut)
        return aboard


#: The evidence of the latest data version that was asked for.
LATEST = Answers(1)


def _day(instant):
    return instant.date() if instant else None


def _flown(flight: Flight) -> tuple[str, str]:
    return flight.astronaut.slug, flight.launch_mission.slug


def _missions_of(flight: Flight) -> tuple:
    return flight.launch_mission_id, flight.landing_mission_id
