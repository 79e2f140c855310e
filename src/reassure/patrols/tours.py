"""Published tour problems (team orienteering with time windows) as planning problems, so that we can be measured.

Rules: what such a problem says, and how it becomes sites, options and shifts in whole units of time. Distance is
Euclidean, rounded down to the decimals of the set; each tour leaves point 0 when it opens and is back by its closing
time; a window bounds the start of a visit. Nothing else is rounded: a unit is a tenth, a hundredth or a thousandth,
whatever holds every duration and window. Elsewhere: the files (`reassure.files.tour_problems`), judging routes
(`tours_check`, which shares no arithmetic with this).
"""

from dataclasses import dataclass
from decimal import Decimal
from math import isqrt

import numpy as np

from reassure.patrols.problem import Limit, Option, PatrolProblem, Shift, TravelMatrix

PRIZE_SCALE = 100
"""Hundredths for each point of a score."""
PARITIES = ("odd", "even")
"""Skills that stand for the first, third, ... and the second, fourth, ... tour."""


@dataclass(frozen=True, slots=True)
class TourWindow:
    """When a visit may start, both ends allowed; `parity` names the tours it is for, empty for all."""

    opens: Decimal
    closes: Decimal
    parity: str = ""


@dataclass(frozen=True, slots=True)
class TourPoint:
    """A point to visit; `fee` and `types` (0 or more of each type) count against what all tours share."""

    number: int
    x: Decimal
    y: Decimal
    stay: Decimal
    score: Decimal
    windows: tuple[TourWindow, ...]
    fee: Decimal = Decimal(0)
    types: tuple[int, ...] = ()


@dataclass(frozen=True)
class TourInstance:
    """
    A published problem as its file says it, exactly.

    Parameters
    ----------
    base
        Point 0, where every tour begins and ends; its window is the time that a tour has.
    decimals
        To which a distance is rounded down.
    tours
        How many tours the file asks for; None where that is left open.
    budget, type_limits
        What the fees of all visits may come to, and how many visits of each type there may be.
    """

    name: str
    base: TourPoint
    points: tuple[TourPoint, ...]
    decimals: int
    tours: int | None = None
    budget: Decimal | None = None
    type_limits: tuple[int, ...] = ()


def tour_problem(instance: TourInstance, *, tours: int) -> PatrolProblem:
    """
    The planning problem: points are sites in their order, point 0 the base behind them, tours the shifts.

    Windows that open after they close, and fees or types of which there is no limit, are left out.
    """
    unit = 10 ** max(
        instance.decimals,
        *(
            -int(time.normalize().as_tuple().exponent)
            for point in (instance.base, *instance.points)
            for time in _times(point)
        ),
        0,
    )
    base = len(instance.points)
    options = tuple(
        Option(
            i,
            i,
            "any_time",
            f"window-{w + 1}",
            _whole(window.opens, unit),
            _whole(window.closes, unit),
            _whole(point.stay, unit),
            _whole(point.score, PRIZE_SCALE),
            window.parity,
        )
        for i, point in enumerate(instance.points)
        for w, window in enumerate(point.windows)
        if window.opens <= window.closes
    )
    has_parity = any(option.skill for option in options)
    times = instance.base.windows[0]
    shifts = tuple(
        Shift(
            f"tour-{k + 1}",
            "car",
            base,
            base,
            _whole(times.opens, unit),
            _whole(times.closes, unit),
            (),
            frozenset({PARITIES[k % 2]}) if has_parity else frozenset(),
        )
        for k in range(tours)
    )
    return PatrolProblem(
        tuple(str(point.number) for point in instance.points),
        tuple(range(base)),
        options,
        shifts,
        {"car": _travel(instance, unit)},
        limits=_limits(instance),
    )


def _times(point: TourPoint) -> list[Decimal]:
    return [point.stay, *(time for window in point.windows for time in (window.opens, window.closes))]


def _whole(value: Decimal, scale: int) -> int:
    return int(value * scale)


def _limits(instance: TourInstance) -> tuple[Limit, ...]:
    limits = []
    if instance.budget is not None:
        fees = tuple((i, _whole(point.fee, PRIZE_SCALE)) for i, point in enumerate(instance.points) if point.fee)
        limits.append(Limit(_whole(instance.budget, PRIZE_SCALE), fees))
    for z, most in enumerate(instance.type_limits):
        limits.append(Limit(most, tuple((i, p.types[z]) for i, p in enumerate(instance.points) if p.types[z])))
    return tuple(limits)


def _travel(instance: TourInstance, unit: int) -> TravelMatrix:
    """Whole units between all points and the base, worked out in whole numbers: no rounding but downwards."""
    points = (*instance.points, instance.base)
    places = max((-int(v.normalize().as_tuple().exponent) for p in points for v in (p.x, p.y)), default=0)
    fine = 10 ** max(places, 0)
    at = [(int(p.x * fine), int(p.y * fine)) for p in points]
    step = 10**instance.decimals
    square, coarse = step * step, fine * fine
    longer = unit // step
    travel = np.zeros((len(points), len(points)), dtype=np.int32)
    for i, (x, y) in enumerate(at):
        for j in range(i):
            apart = (x - at[j][0]) ** 2 + (y - at[j][1]) ** 2
            travel[i, j] = travel[j, i] = isqrt(apart * square // coarse) * longer
    return travel
