"""What each fact rests on, and where sources disagree: read at once, kept while the facts stand."""

from collections import defaultdict
from dataclasses import dataclass
from threading import Lock

from django.db.models import Q

from records.models import (
    Astronaut,
    Citation,
    Disagreement,
    Flight,
    Mission,
    Spacewalk,
    SpacewalkCrew,
)
from records.models.evidence import Kind


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
                "source", "mission", "astronaut", "spacewalk", "flight__launch_mission"
            )
        )
        self.disagreements: tuple[Disagreement, ...] = tuple(Disagreement.objects.with_values())
        #: Primary keys of everybody whom a disagreement about a mission or spacewalk touches.
        self._aboard: dict[tuple[str, int], set[int]] = defaultdict(set)
        self._load_crews()

    @classmethod
    def current(cls, token: str) -> "Evidence":
        """The evidence at the data version with that token (`Ledger.token`): no query if that is
        the one that was asked for last."""
        global _kept
        kept = _kept
        if kept is not None and kept.token == token:
            return kept
        with _loading:
            if _kept is None or _kept.token != token:
                _kept = cls(token)
            return _kept

    def of_mission(self, mission: Mission) -> Support:
        days = _day(mission.launched_at), _day(mission.landed_at)
        return Support(
            tuple(
                one
                for one in self.citations
                if one.mission_id == mission.pk
                or (one.flight and mission.pk in _missions_of(one.flight))
            ),
            self._general(Kind.MISSIONS, *days) + self._general(Kind.FLIGHTS, *days),
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
            self._general(Kind.PEOPLE),
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
            self._general(Kind.SPACEWALKS, _day(spacewalk.started_at)),
            tuple(one for one in self.disagreements if one.spacewalk_id == spacewalk.pk),
        )

    def _general(self, kind: Kind, *days) -> tuple[Citation, ...]:
        return tuple(
            one for one in self.citations if one.kind == kind and (not days or one.spans(*days))
        )

    def _load_crews(self):
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
                self._aboard[("mission", mission)].add(astronaut)
        for spacewalk, astronaut in SpacewalkCrew.objects.filter(
            spacewalk__in=disputed["spacewalk"]
        ).values_list("spacewalk_id", "flight__astronaut_id"):
            self._aboard[("spacewalk", spacewalk)].add(astronaut)


_kept: Evidence | None = None
_loading = Lock()


def _day(instant):
    return instant.date() if instant else None


def _missions_of(flight: Flight) -> tuple:
    return flight.launch_mission_id, flight.landing_mission_id
