"""The planning problem and its answer, in whole seconds since the planning window opens.

Rules: what a plan is made of. A *site* is a place to visit, an *option* one way to visit it, a *group* the
options that exclude each other, a *shift* one unit's time. Nodes of the travel matrices are the sites,
in order, then the bases. Nothing assumes that travel is symmetric or keeps the triangle inequality.
`build_problem` makes a day's problem: sites by `place_ref`, options by site and time, shifts as given.
Elsewhere: finding a plan (`search`), judging one (`check`, which shares nothing with this), words (`briefing`).
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from reassure.errors import InputError, Problem, RuleError
from reassure.geo import Point
from reassure.occasions.values import Occasion, visit_windows
from reassure.patrols.need import PlaceNeed
from reassure.patrols.units import Unit, unit_problems
from reassure.places.place import Place

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


@dataclass(frozen=True, slots=True)
class Limit:
    """Something of which all routes together may use at most `capacity`; `use` gives (group, amount) pairs."""

    capacity: int
    use: tuple[tuple[int, int], ...]


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
    limits
        What all routes share, such as a budget; none in everyday plans.
    """

    site_refs: tuple[str, ...]
    group_sites: tuple[int, ...]
    options: tuple[Option, ...]
    shifts: tuple[Shift, ...]
    travel: Mapping[str, TravelMatrix]
    must: frozenset[int] = frozenset()
    barred: frozenset[int] = frozenset()
    locks: tuple[Lock, ...] = ()
    limits: tuple[Limit, ...] = ()


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


SECOND_VISIT_TENTHS = 4
"""A second visit on the same day earns 0.4 of the need (our choice)."""

Matrices = Callable[[Sequence[Point], int, Collection[str]], Mapping[str, TravelMatrix]]
"""From nodes (places, then bases), the number of places and the kinds of unit to one matrix a kind."""


@dataclass(frozen=True, slots=True)
class VisitLock:
    """What a person fixed: this place is visited, by this unit and from this instant where they are given."""

    place_ref: str
    unit_ref: str | None = None
    starts_at: datetime | None = None


def planning_window(units: Sequence[Unit]) -> tuple[datetime, datetime]:
    """First start to last end of the shifts; `InputError` without units."""
    if not units:
        raise InputError([Problem("units", "", "at least one unit", says="there are no units")])
    return min(u.starts_at for u in units), max(u.ends_at for u in units)


def build_problem(
    *,
    places: Iterable[Place],
    needs: Iterable[PlaceNeed],
    occasions: Iterable[Occasion],
    units: Sequence[Unit],
    matrices: Matrices,
    must: Collection[str] = (),
    barred: Collection[str] = (),
    locks: Sequence[VisitLock] = (),
    dwell_min: int = DWELL_MIN,
    dwell_reason: str = "",
    allows_second: bool = False,
    skills: Mapping[str, str] | None = None,
) -> PatrolProblem:
    """
    Make the problem of one force and day.

    Parameters
    ----------
    needs
        One for each place and occasion, and one (`occasion_ref` empty) for each place without an occasion.
        A closed gate, or a place that opted out, gives no options.
    matrices
        `travel.travel_matrices`, or the same from a routing server.
    must, barred
        `place_ref` of the places that are served first, and of those that no visit may serve. A must-visit
        without any option stays in the problem, so that the shortfall names it.
    dwell_min, dwell_reason
        Minutes of a visit; fewer than `SHORTEST_DWELL_MIN` only with a reason.
    allows_second
        Whether a place may be visited twice; the second visit earns 0.4 of its need.
    skills
        What a visit to a place asks of the unit, by `place_ref`.

    Returns
    -------
    PatrolProblem
        `site_refs` are the places with an option or a must. Options whose window misses the planning
        window are left out; windows that overlap it stay whole.

    Raises
    ------
    InputError
        Units, dwell or locks that cannot be: every fault at once.
    RuleError
        More than `MAX_OPTIONS` ways to make a visit: place, occasion and kind; the two windows of `around` are one.
    """
    opens_at, closes_at = planning_window(units)
    found = [*_dwell_faults(dwell_min, dwell_reason), *_unit_faults(units, dwell_min)]
    by_ref = {p.ref: p for p in places}
    opened = {(n.place_ref, n.occasion_ref): n for n in needs if n.score.gate == "open" and n.place_ref in by_ref}
    length_s = _seconds(closes_at - opens_at)
    drafts = [
        *_occasion_drafts(occasions, opened, opens_at),
        *((n.place_ref, "", "any_time", 0, length_s, n.score.points) for n in opened.values() if not n.occasion_ref),
    ]
    dwell_s = dwell_min * 60
    drafts = sorted({d for d in drafts if d[4] >= 0 and d[3] + dwell_s <= length_s})
    n_options = len({draft[:3] for draft in drafts}) * (2 if allows_second else 1)
    if n_options > MAX_OPTIONS:
        raise RuleError(
            f"There are {n_options:,} ways to make a visit; expected at most {MAX_OPTIONS:,} a plan. "
            "Split the area or the day, or leave out faiths or kinds of occasion."
        )
    refs = tuple(sorted({d[0] for d in drafts} | (set(must) & set(by_ref))))
    site = {ref: i for i, ref in enumerate(refs)}
    options = _options(drafts, site, dwell_s, skills or {}, second=False)
    group_sites = tuple(range(len(refs)))
    if allows_second:
        options += _options(drafts, site, dwell_s, skills or {}, second=True)
        group_sites += tuple(range(len(refs)))
    fixed, lock_faults = _locks(locks, site, units, opens_at)
    found += lock_faults
    if found:
        raise InputError(found)
    nodes, shifts = _shifts([by_ref[ref].point for ref in refs], units, opens_at)
    return PatrolProblem(
        site_refs=refs,
        group_sites=group_sites,
        options=tuple(options),
        shifts=shifts,
        travel=dict(matrices(nodes, len(refs), {u.kind for u in units})),
        must=frozenset(site[ref] for ref in must if ref in site),
        barred=frozenset(g for g, s in enumerate(group_sites) if refs[s] in set(barred)),
        locks=fixed,
    )


Draft = tuple[str, str, str, int, int, int]
"""Of an option: place_ref, occasion_ref, kind, earliest and latest start (seconds), need points."""


def _occasion_drafts(
    occasions: Iterable[Occasion], opened: Mapping[tuple[str, str], PlaceNeed], opens_at: datetime
) -> list[Draft]:
    drafts = []
    for occasion in occasions:
        need = opened.get((occasion.place_ref, occasion.ref))
        if need is None or occasion.status == "cancelled":
            continue
        for window in visit_windows(occasion):
            earliest_s, latest_s = _seconds(window.earliest - opens_at), _seconds(window.latest - opens_at)
            drafts.append((occasion.place_ref, occasion.ref, window.kind, earliest_s, latest_s, need.score.points))
    return drafts


def _options(
    drafts: Sequence[Draft], site: Mapping[str, int], dwell_s: int, skills: Mapping[str, str], *, second: bool
) -> list[Option]:
    made = []
    for ref, occasion_ref, kind, earliest_s, latest_s, points in sorted(drafts, key=lambda d: (d[0], d[3], d[4], d)):
        prize = points * OPTION_PERCENT[kind]
        if second:
            prize = prize * SECOND_VISIT_TENTHS // 10
        group = site[ref] + (len(site) if second else 0)
        made.append(
            Option(site[ref], group, kind, occasion_ref, earliest_s, latest_s, dwell_s, prize, skills.get(ref, ""))
        )
    return made


def _shifts(
    points: Sequence[Point], units: Sequence[Unit], opens_at: datetime
) -> tuple[list[Point], tuple[Shift, ...]]:
    """The nodes (places, then each base once, in the order of the units) and the shifts that stand on them."""
    nodes = list(points)
    at: dict[Point, int] = {}
    shifts = []
    for unit in units:
        for base in (unit.base, unit.end_base or unit.base):
            if base not in at:
                at[base] = len(nodes)
                nodes.append(base)
        breaks = tuple(
            (_seconds(b.earliest_start - opens_at), _seconds(b.latest_start - opens_at), b.minutes * 60)
            for b in sorted(unit.breaks, key=lambda b: (b.earliest_start, b.latest_start, b.minutes))
        )
        starts_s, ends_s = _seconds(unit.starts_at - opens_at), _seconds(unit.ends_at - opens_at)
        end = at[unit.end_base or unit.base]
        shifts.append(Shift(unit.ref, unit.kind, at[unit.base], end, starts_s, ends_s, breaks, unit.skills))
    return nodes, tuple(shifts)


def _seconds(length: timedelta) -> int:
    return length // timedelta(seconds=1)


def _dwell_faults(dwell_min: int, reason: str) -> list[Problem]:
    if dwell_min < 1 or (dwell_min < SHORTEST_DWELL_MIN and not reason.strip()):
        return [Problem("dwell_min", str(dwell_min), f"at least {SHORTEST_DWELL_MIN}, or a reason for a shorter stay")]
    return []


def _unit_faults(units: Sequence[Unit], dwell_min: int) -> list[Problem]:
    found = []
    seen: set[str] = set()
    for unit in units:
        faults = unit_problems(unit, dwell_min=dwell_min)
        found += [Problem(f"unit {unit.ref}: {p.column}", p.value, p.expected, says=p.says) for p in faults]
        if unit.ref in seen:
            found.append(Problem("ref", unit.ref, "each unit once"))
        seen.add(unit.ref)
    return found


def _locks(
    locks: Sequence[VisitLock], site: Mapping[str, int], units: Sequence[Unit], opens_at: datetime
) -> tuple[tuple[Lock, ...], list[Problem]]:
    shift = {u.ref: i for i, u in enumerate(units)}
    found: list[Problem] = []
    made = []
    for lock in sorted(set(locks), key=lambda k: (k.place_ref, k.unit_ref or "", str(k.starts_at))):
        if lock.place_ref not in site:
            found.append(Problem("lock", lock.place_ref, "a place that can be visited in the planning window"))
        elif lock.unit_ref is not None and lock.unit_ref not in shift:
            found.append(Problem("lock", lock.unit_ref, "a unit of the roster"))
        else:
            start_s = None if lock.starts_at is None else _seconds(lock.starts_at - opens_at)
            made.append(Lock(site[lock.place_ref], None if lock.unit_ref is None else shift[lock.unit_ref], start_s))
    return tuple(made), found
