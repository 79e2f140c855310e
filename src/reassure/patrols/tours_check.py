"""Whether routes of a published tour problem are allowed, and what they are worth.

Rules: each point once, each visit within a window of its tour, each tour back in time, fees and types within what
is shared, and a score that is the sum of the points'. Shares no arithmetic with `tours` or the search: decimals and
square roots here, whole numbers there. A visit starts as early as it can, which leaves most to those after it.
"""

from collections import Counter
from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal, localcontext

from reassure.errors import Problem
from reassure.patrols.tours import TourInstance, TourPoint

DIGITS = 40
"""Of the square roots, far more than any coordinate has."""


def tour_faults(
    instance: TourInstance, *, tours: int, routes: Sequence[Sequence[int]], value: Decimal
) -> list[Problem]:
    """
    Everything that is wrong with an answer; empty when it holds.

    Parameters
    ----------
    routes
        Numbers of the points in the order of their visits, one list a tour, without point 0; the first list is tour 1.
    value
        What the answer says it is worth.
    """
    by_number = {point.number: point for point in instance.points}
    found = []
    if len(routes) > tours:
        found.append(Problem("routes", str(len(routes)), f"at most {tours}"))
    counts = Counter(number for route in routes for number in route)
    found += [Problem("point", str(n), "a point of the problem") for n in counts if n not in by_number]
    found += [Problem("point", f"{n}, {k} visits", "one visit at most") for n, k in counts.items() if k > 1]
    if found:
        return found
    for k, route in enumerate(routes):
        found += _route_faults(instance, k, [by_number[n] for n in route])
    visited = [by_number[n] for n in counts]
    fees = sum((point.fee for point in visited), Decimal(0))
    if instance.budget is not None and fees > instance.budget:
        found.append(Problem("fees", str(fees), f"at most {instance.budget}"))
    for z, most in enumerate(instance.type_limits):
        n = sum(point.types[z] for point in visited)
        if n > most:
            found.append(Problem(f"visits of type {z + 1}", str(n), f"at most {most}"))
    score = sum((point.score for point in visited), Decimal(0))
    if score != value:
        found.append(Problem("value", str(value), f"{score}, the sum of the scores"))
    return found


def _route_faults(instance: TourInstance, k: int, route: Sequence[TourPoint]) -> list[Problem]:
    """Drive one tour; after a visit that is too late the rest cannot be judged."""
    parity = ("even", "odd")[(k + 1) % 2]
    base = instance.base
    now, here = base.windows[0].opens, base
    for point in route:
        now += _distance(here, point, instance.decimals)
        starts = [
            max(now, w.opens) for w in point.windows if w.parity in {"", parity} and max(now, w.opens) <= w.closes
        ]
        if not starts:
            return [Problem(f"tour {k + 1}, arrival at point {point.number}", str(now), "a window that is still open")]
        now, here = min(starts) + point.stay, point
    now += _distance(here, base, instance.decimals)
    if route and now > base.windows[0].closes:
        return [Problem(f"tour {k + 1}, return", str(now), f"by {base.windows[0].closes}")]
    return []


def _distance(a: TourPoint, b: TourPoint, decimals: int) -> Decimal:
    with localcontext() as context:
        context.prec = DIGITS
        length = ((a.x - b.x) ** 2 + (a.y - b.y) ** 2).sqrt()
        return length.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_FLOOR)
