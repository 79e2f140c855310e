"""What a plan document says, as the checker holds it.

Instants are whole seconds since 1970 UTC, lengths seconds, prizes hundredths of a point. Nothing here is shared
with the planner, so that one mistake cannot hide another. Elsewhere: how fields are read (`check_fields`,
`check_reading`), what is checked of these facts (`check` and its neighbours).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from reassure.errors import Problem

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class PlaceFact:
    """A place of the plan; `path` says where in the document it stands, here and below."""

    path: str
    ref: str
    name: str
    faiths: frozenset[str]
    lat_deg: float
    lon_deg: float
    presence: str
    is_must: bool
    is_barred: bool

    @property
    def label(self) -> str:
        """Name and ref, for people."""
        return f"{self.name or 'unnamed place'} ({self.ref})"


@dataclass(frozen=True, slots=True)
class SittingFact:
    """One congregation, seconds."""

    arrive_from: int
    starts_at: int
    ends_at: int
    gone_by: int
    earliest: int
    latest: int


@dataclass(frozen=True, slots=True)
class OccasionFact:
    """One occasion; `sittings` in the order of the document."""

    path: str
    ref: str
    place_ref: str
    key: str
    on: str
    status: str
    sittings: tuple[SittingFact, ...]


@dataclass(frozen=True, slots=True)
class NeedFact:
    """The need points of one place-occasion, or of a place without an occasion (`occasion_ref` empty)."""

    path: str
    place_ref: str
    occasion_ref: str
    gate: str
    points: int
    parts: Mapping[str, int]
    n_expected: int
    match: str


@dataclass(frozen=True, slots=True)
class BreakFact:
    """A break a unit is owed: first and last start and length, seconds."""

    earliest: int
    latest: int
    length: int


@dataclass(frozen=True, slots=True)
class UnitFact:
    """A unit and its shift."""

    path: str
    ref: str
    callsign: str
    kind: str
    n_officers: int
    base: tuple[float, float]
    end_base: tuple[float, float]
    starts_at: int
    ends_at: int
    breaks: tuple[BreakFact, ...]
    skills: frozenset[str]

    @property
    def label(self) -> str:
        """Callsign and ref, for people."""
        return f"{self.callsign} ({self.ref})"


@dataclass(frozen=True, slots=True)
class OptionFact:
    """One way to make a visit; `dwell` in seconds, `prize` in hundredths of a point."""

    path: str
    ref: str
    place_ref: str
    occasion_ref: str
    kind: str
    earliest: int
    latest: int
    dwell: int
    prize: int
    skill: str
    is_second: bool


@dataclass(frozen=True, slots=True)
class StopFact:
    """A visit in a route."""

    path: str
    place_ref: str
    option: str
    arrive: int
    start: int
    end: int
    travel_s: int
    wait_s: int
    flag: str


@dataclass(frozen=True, slots=True)
class RestFact:
    """A break taken, after stop `after` (-1 the start base, the number of stops the end base)."""

    path: str
    number: int
    after: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class RouteFact:
    """What one unit does."""

    path: str
    unit_ref: str
    leave: int
    stops: tuple[StopFact, ...]
    rests: tuple[RestFact, ...]
    back_at: int
    back_travel_s: int


@dataclass(frozen=True, slots=True)
class LockFact:
    """A visit that was fixed beforehand."""

    path: str
    place_ref: str
    unit_ref: str | None
    start: int | None


@dataclass(frozen=True, slots=True)
class UnvisitedFact:
    """A place or occasion without a visit, and why."""

    path: str
    place_ref: str
    name: str
    occasion_ref: str
    points: int
    is_must: bool | None
    reason: str


@dataclass(frozen=True, slots=True)
class DeclarationFact:
    """A declaration that the plan was made under."""

    ref: str
    revision: int
    status: str
    faiths: frozenset[str]
    is_all_faiths: bool
    areas: frozenset[str]
    starts_at: int
    expires_at: int


@dataclass(frozen=True, slots=True)
class LegFact:
    """A journey as a routing server gave it; `flag` is set where it had no answer and the default was taken."""

    path: str
    kind: str
    start: str
    end: str
    seconds: int
    flag: str


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """Everything the checker needs of a plan document."""

    marking: str
    area_code: str
    window: tuple[int, int]
    n_places: int
    n_occasions: int
    declarations: tuple[DeclarationFact, ...]
    model: str
    weights: Mapping[str, int]
    travel: Mapping[str, Any]
    legs: tuple[LegFact, ...]
    allow_shortfall: bool
    places: tuple[PlaceFact, ...]
    occasions: tuple[OccasionFact, ...]
    needs: tuple[NeedFact, ...]
    units: tuple[UnitFact, ...]
    options: tuple[OptionFact, ...]
    locks: tuple[LockFact, ...]
    routes: tuple[RouteFact, ...]
    unvisited: tuple[UnvisitedFact, ...]
    totals: Mapping[str, int]
    shortfall: Mapping[str, Any] | None
    certificate: Mapping[str, Any] | None
    has_lottery: bool


def fault(path: str, says: str, expected: str) -> Problem:
    """A fault at a path of the document: what is said, and what was expected."""
    return Problem(path, "", expected, says=says)


def at(seconds: int) -> str:
    """An instant for people, such as `27 Nov 12:45:00 UTC`."""
    moment = _EPOCH + timedelta(seconds=seconds)
    return f"{moment.day} {moment:%b %H:%M:%S} UTC"
