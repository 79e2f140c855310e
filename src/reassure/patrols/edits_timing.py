"""Driving a route whose steps were changed by hand, and the stretches of time in which one more visit fits.

Rules: a step starts when it was wanted, or later where the way there takes longer; a fixed one exactly then. A break
is taken where it stands in the order. Elsewhere: which steps there are (`edits`); the search's own timing, which
is everywhere as early as it can be (`search_routes`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from reassure.errors import RuleError
from reassure.patrols.problem import PatrolProblem, Rest, Route, Shift, Stop

NEVER_S = -(10**9)
"""A second before every shift: what has to be done by then cannot be done."""


@dataclass(frozen=True, slots=True)
class Step:
    """A visit (option), a break (number) or the way to the end base (`end`), and when it was wanted, seconds."""

    what: str
    index: int
    wanted_s: int
    is_fixed: bool = False


class Words(Protocol):
    """How seconds, places and units are called."""

    def at(self, second: int) -> str:
        """A second as a clock time."""

    def place(self, site: int) -> str:
        """The name of a place."""

    def unit(self, shift: int) -> str:
        """The callsign of a unit."""


def steps_of(route: Route) -> list[Step]:
    """The steps of a route in order, each wanted when it is."""
    n = len(route.stops)
    steps = []
    for after in range(-1, n + 1):
        if 0 <= after < n:
            steps.append(Step("stop", route.stops[after].option, route.stops[after].start_s))
        elif after == n:
            steps.append(Step("end", 0, route.back_s))
        steps += [Step("rest", r.pause, r.start_s) for r in route.rests if r.after == after]
    return steps


def retimed(problem: PatrolProblem, shift_index: int, steps: Sequence[Step], words: Words) -> Route:
    """
    The route of a unit with these steps.

    Raises
    ------
    RuleError
        A window, a break, a fixed start or the end of the shift is broken: which, and by how many minutes.
    """
    shift = problem.shifts[shift_index]
    matrix = problem.travel[shift.kind]
    who = words.unit(shift_index)
    t, node, leave_s, back_s = shift.starts_s, shift.start_node, shift.starts_s, -1
    stops: list[Stop] = []
    rests: list[Rest] = []
    for step in steps:
        if step.what == "stop":
            option = problem.options[step.index]
            way_s = int(matrix[node, option.site])
            start_s = max(t + way_s, option.earliest_s, step.wanted_s)
            limit_s = min(step.wanted_s, option.latest_s) if step.is_fixed else option.latest_s
            where = words.place(option.site)
            _refuse_late(start_s, limit_s, f"{who} could start at {where} at", words)
            arrive_s = t + way_s if stops else start_s
            leave_s = leave_s if stops else start_s - way_s
            t, node = start_s + option.dwell_s, option.site
            stops.append(Stop(step.index, arrive_s, start_s, t))
        elif step.what == "rest":
            earliest_s, latest_s, length_s = shift.breaks[step.index]
            start_s = max(t, earliest_s, step.wanted_s)
            _refuse_late(start_s, latest_s, f"{who} could start its break at", words)
            t = start_s + length_s
            after = len(stops) if back_s >= 0 else len(stops) - 1
            rests.append(Rest(step.index, after, start_s, t))
            leave_s = t if after == -1 else leave_s
        else:
            t += int(matrix[node, shift.end_node])
            node, back_s = shift.end_node, t
    _refuse_late(t, shift.ends_s, f"{who} would end its shift at", words)
    return Route(shift_index, tuple(stops), tuple(rests), leave_s, back_s)


def windows(
    problem: PatrolProblem, shift_index: int, steps: Sequence[Step], site: int, fixed: Mapping[int, int]
) -> Iterator[tuple[int, int, int, int]]:
    """
    Where one more visit to a site fits in a unit's steps: before which step, option, first and last start.

    Parameters
    ----------
    fixed
        Start by option of the visits that may not move.
    """
    shift = problem.shifts[shift_index]
    if any(problem.group_sites[g] == site for g in problem.barred):
        return
    own = [(i, o) for i, o in enumerate(problem.options) if o.site == site and (not o.skill or o.skill in shift.skills)]
    matrix = problem.travel[shift.kind]
    t, node = shift.starts_s, shift.start_node
    for n, step in enumerate(steps):
        last_s = _ready_by(problem, shift, steps, n, site, fixed)
        for i, option in own:
            first = max(option.earliest_s, t + int(matrix[node, site]))
            last = min(option.latest_s, last_s - option.dwell_s)
            if first <= last:
                yield n, i, first, last
        if step.what == "end":
            return
        length_s = shift.breaks[step.index][2] if step.what == "rest" else problem.options[step.index].dwell_s
        t = step.wanted_s + length_s
        node = problem.options[step.index].site if step.what == "stop" else node


def _ready_by(
    problem: PatrolProblem, shift: Shift, steps: Sequence[Step], n: int, node: int, fixed: Mapping[int, int]
) -> int:
    """The last second at which a unit may be done at a node, so that all later steps can be kept; or `NEVER_S`."""
    matrix = problem.travel[shift.kind]
    if n == len(steps):
        return shift.ends_s
    step = steps[n]
    if step.what == "stop":
        option = problem.options[step.index]
        rest = _ready_by(problem, shift, steps, n + 1, option.site, fixed) - option.dwell_s
        start_s = min(fixed.get(step.index, option.latest_s), rest)
        return start_s - int(matrix[node, option.site]) if start_s >= option.earliest_s else NEVER_S
    if step.what == "rest":
        earliest_s, latest_s, length_s = shift.breaks[step.index]
        start_s = min(latest_s, _ready_by(problem, shift, steps, n + 1, node, fixed) - length_s)
        return start_s if start_s >= earliest_s else NEVER_S
    return _ready_by(problem, shift, steps, n + 1, shift.end_node, fixed) - int(matrix[node, shift.end_node])


def _refuse_late(at_s: int, limit_s: int, what: str, words: Words) -> None:
    if at_s > limit_s:
        minutes = -(-(at_s - limit_s) // 60)
        raise RuleError(f"{what} {words.at(at_s)} at the earliest, {minutes} min after {words.at(limit_s)}.")
