"""What is said when the must-visits cannot all be served: how many fit, and what the others would cost.

Rules: n visits take n stays and n - 1 journeys, so no unit makes more than
`floor((minutes + least travel) / (stay + least travel))`. The bound never claims that so many can be served,
only that no more can. Elsewhere: reasons for each place (`reasons`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from reassure.patrols.problem import PatrolProblem, Plan


@dataclass(frozen=True, slots=True)
class Shortfall:
    """
    Must-visits that a plan does not serve.

    Parameters
    ----------
    fits_at_most
        No plan serves more of them with these units; it may be that none serves so many.
    missing_unit_min
        Unit-minutes that are lacking at the least, where the bound shows that any are; else an estimate:
        one stay and one shortest journey for each visit that is missing.
    unmet
        `place_ref` of each, in order.
    """

    n_must: int
    n_served: int
    fits_at_most: int
    missing_unit_min: int
    unmet: tuple[str, ...]


def visits_that_fit(time: int, stay: int, least_travel: int) -> int:
    """
    Visits that one unit makes at most in some time; all in one unit of time.

    Examples
    --------
    >>> 8 * visits_that_fit(150, 12, 8)
    56
    """
    return max(0, (time + least_travel) // max(1, stay + least_travel))


def extra_time(times: Sequence[int], stay: int, least_travel: int, n_wanted: int) -> int:
    """
    The least time to add to units, in sum, before the bound allows `n_wanted` visits; 0 where it does.

    Examples
    --------
    >>> extra_time([150] * 8, 12, 8, 57)
    2
    """
    fits = [visits_that_fit(time, stay, least_travel) for time in times]
    n_short = n_wanted - sum(fits)
    if n_short <= 0 or not times:
        return 0
    step = stay + least_travel
    firsts = sorted((n + 1) * stay + n * least_travel - time for n, time in zip(fits, times, strict=True))
    taken = firsts[: min(n_short, len(firsts))]
    return sum(taken) + step * (n_short - len(taken))


def shortfall(problem: PatrolProblem, plan: Plan) -> Shortfall | None:
    """The must-visits that a plan does not serve; None when it serves all."""
    served = {problem.options[stop.option].group for route in plan.routes for stop in route.stops}
    unmet = sorted(problem.site_refs[problem.group_sites[g]] for g in problem.must - served)
    if not unmet:
        return None
    times, stay_s, least_s = _times(problem)
    fits = min(len(problem.must), sum(visits_that_fit(t, stay_s, least_s) for t in times))
    missing_s = extra_time(times, stay_s, least_s, len(problem.must))
    if missing_s == 0:
        missing_s = len(unmet) * (stay_s + least_s)
    return Shortfall(len(problem.must), len(problem.must) - len(unmet), fits, -(-missing_s // 60), tuple(unmet))


def shortfall_document(
    problem: PatrolProblem, plan: Plan, *, names: Mapping[str, str] | None = None
) -> dict[str, Any] | None:
    """
    The `shortfall` object of the plan document; None when every must-visit is planned.

    Parameters
    ----------
    names
        What places are called, by ref.
    """
    found = shortfall(problem, plan)
    if found is None:
        return None
    named = [(names or {}).get(ref, ref) for ref in found.unmet]
    return {
        "n_must": found.n_must,
        "n_served": found.n_served,
        "fits_at_most": found.fits_at_most,
        "missing_unit_min": found.missing_unit_min,
        "unmet": list(found.unmet),
        "text": shortfall_text(found, named),
    }


def shortfall_text(found: Shortfall, names: Sequence[str]) -> str:
    """The shortfall in words: what is missing, what the bound says, what would help."""
    n_unmet = len(found.unmet)
    listed = ", ".join(names[:5]) + (f" and {n_unmet - 5} more" if n_unmet > 5 else "")
    text = f"{found.n_served} of {found.n_must} must-visits are planned; not served: {listed}."
    if found.fits_at_most < found.n_must:
        n_short = found.n_must - found.fits_at_most
        visits = "1 visit" if n_short == 1 else f"{n_short} visits"
        longer = "one unit" if n_short == 1 else "units"
        text += (
            f" These units fit at most {found.fits_at_most}: {visits} short at the least. More units, "
            f"or {longer} {found.missing_unit_min} min longer in all, are needed before all can fit."
        )
    else:
        text += f" About {found.missing_unit_min} more unit-minutes would be needed, at the right time and place."
    return text


def _times(problem: PatrolProblem) -> tuple[list[int], int, int]:
    """Seconds of each shift that can go into must-visits, the shortest stay, the shortest journey between two."""
    options = [o for o in problem.options if o.group in problem.must]
    stay_s = min((o.dwell_s for o in options), default=0)
    sites = sorted({problem.group_sites[g] for g in problem.must})
    least_s = 0
    if len(sites) > 1:
        ways = np.stack([matrix[np.ix_(sites, sites)] for matrix in problem.travel.values()])
        least_s = int(ways[:, ~np.eye(len(sites), dtype=bool)].min())
    opens_s = min((o.earliest_s for o in options), default=0)
    closes_s = max((o.latest_s + o.dwell_s for o in options), default=0)
    times = [
        max(
            0,
            min(
                shift.ends_s - shift.starts_s - sum(length_s for _, _, length_s in shift.breaks),
                min(shift.ends_s, closes_s) - max(shift.starts_s, opens_s),
            ),
        )
        for shift in problem.shifts
    ]
    return times, stay_s, least_s
