"""The planning problem and its answer, in whole seconds since the planning window opens.

Rules: what a plan is made of. A *site* is a place to visit, an *option* one way to visit it, a *group* the
options that exclude each other, a *shift* one unit's time. Nodes of the travel matrices are the sites,
in order, then the bases. Nothing assumes that travel is symmetric or keeps the triangle inequality.
Elsewhere: finding a plan (`search`), judging one (`check`, which shares nothing with this), words (`briefing`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

MAX_OPTIONS = 5_000
"""Above this a force is split; the search and its memory are made for less."""

OPTION_PERCENT = {"arrival": 100, "any_time": 100, "dispersal": 90, "during": 70, "around": 50}
"""What a visit of each kind earns, per cent of the need points (our choice); so prizes are whole hundredths."""

DWELL_MIN = 12
SHORTEST_DWELL_MIN = 10
"""Minutes at a place: the usual stay and the least (operations: aim 11 to 15, after Koper 1995)."""

TravelMatrix = NDArray[np.int32]
"""Seconds from node to node, (n_nodes, n_nodes); row = from, column = to."""


@dataclass(frozen=True, slots=True)
class Option:
    """
    One way to make a visit; it may start from `earliest_s` to `latest_s`, both allowed.

    Parameters
    ----------
    site
        Index of the place, and its node in the travel matrices.
    group
        Options of one group exclude each other; a place has one group, or two where a second visit is allowed.
    prize
        Hundredths of a need point.
    skill
        What the unit must be able to do; empty for any.
    """

    site: int
    group: int
    kind: str
    occasion_ref: str
    earliest_s: int
    latest_s: int
    dwell_s: int
    prize: int
    skill: str = ""


@dataclass(frozen=True, slots=True)
class Shift:
    """One unit's time: leaves `start_node` at or after `starts_s`, is back at `end_node` by `ends_s`."""

    unit_ref: str
    kind: str
    start_node: int
    end_node: int
    starts_s: int
    ends_s: int
    breaks: tuple[tuple[int, int, int], ...] = ()
    """(earliest start, latest start, length), seconds; taken in this order, each whole."""
    skills: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Lock:
    """A visit that is fixed: the group is served, by this shift and at this start where they are given."""

    group: int
    shift: int | None = None
    start_s: int | None = None


@dataclass(frozen=True)
class PatrolProblem:
    """
    Everything a search needs.

    Parameters
    ----------
    site_refs
        `place_ref` of each site.
    group_sites
        Site of each group.
    travel
        One matrix a kind of unit that occurs in `shifts`.
    must
        Groups served before anything else counts.
    barred
        Groups that no visit may serve.
    """

    site_refs: tuple[str, ...]
    group_sites: tuple[int, ...]
    options: tuple[Option, ...]
    shifts: tuple[Shift, ...]
    travel: Mapping[str, TravelMatrix]
    must: frozenset[int] = frozenset()
    barred: frozenset[int] = frozenset()
    locks: tuple[Lock, ...] = ()


@dataclass(frozen=True, slots=True)
class Stop:
    """A visit in a route: seconds of arriving, starting and ending; `arrive_s <= start_s`, the rest is waiting."""

    option: int
    arrive_s: int
    start_s: int
    end_s: int


@dataclass(frozen=True, slots=True)
class Rest:
    """
    A break taken: number `pause` of the shift, at the place of stop `after`.

    `after` is -1 at the start base before the first leg, and the number of stops at the end base.
    """

    pause: int
    after: int
    start_s: int
    end_s: int


@dataclass(frozen=True, slots=True)
class Route:
    """What one shift does; `leave_s` and `back_s` are leaving the start base and reaching the end base."""

    shift: int
    stops: tuple[Stop, ...]
    rests: tuple[Rest, ...]
    leave_s: int
    back_s: int


@dataclass(frozen=True)
class Plan:
    """
    One route a shift, in the order of the shifts, and what it is worth.

    Compared by `n_must_served`, then `prize` (hundredths of a point), then less `travel_s`.
    """

    routes: tuple[Route, ...]
    n_must_served: int
    prize: int
    travel_s: int
    search: Mapping[str, object] = field(default_factory=dict)
    """Seed, iterations and rounds that give the same plan again."""
