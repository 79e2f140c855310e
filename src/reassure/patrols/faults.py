"""What is wrong with a planning problem before any search: every fault at once.

Rules: which shifts, matrices and locks cannot be planned whatever the search does. Elsewhere: rosters as
people write them (`units`), must-visits that no unit can reach (`reasons`).
"""

from itertools import combinations

import numpy as np

from reassure.errors import Problem
from reassure.patrols.problem import MAX_OPTIONS, Lock, PatrolProblem, Shift


def problem_faults(problem: PatrolProblem) -> list[Problem]:
    """Every reason why a problem cannot be planned: matrices, shifts, options, locks; empty when it can."""
    found: list[Problem] = []
    if not problem.shifts:
        found.append(Problem("units", "", "at least one unit", says="there are no units"))
    n_ways = len({(o.group, o.occasion_ref, o.kind) for o in problem.options})
    if n_ways > MAX_OPTIONS:
        found.append(Problem("options", f"{n_ways:,}", f"at most {MAX_OPTIONS:,}; split the area or the day"))
    for kind in sorted({shift.kind for shift in problem.shifts}):
        found += _matrix_faults(problem, kind)
    if found:
        return found
    found += [fault for shift in problem.shifts for fault in _shift_faults(problem, shift)]
    for option in problem.options:
        if option.latest_s < option.earliest_s or option.dwell_s < 0 or option.prize < 0:
            found.append(
                Problem("option", f"{problem.site_refs[option.site]} {option.kind}", "a window, dwell and prize")
            )
    return found + _lock_faults(problem)


def idle_breaks(shift: Shift, way_s: int) -> int | None:
    """
    How many breaks a unit without visits takes at its start base: the most that can be; None where nothing works.

    The others are taken at the end base, `way_s` seconds away.
    """
    for n_first in range(len(shift.breaks), -1, -1):
        t = shift.starts_s
        is_kept = True
        for i, (earliest_s, latest_s, length_s) in enumerate(shift.breaks):
            t = max(t + (way_s if i == n_first else 0), earliest_s)
            is_kept = is_kept and t <= latest_s
            t += length_s
        t += way_s if n_first == len(shift.breaks) else 0
        if is_kept and t <= shift.ends_s:
            return n_first
    return None


def _matrix_faults(problem: PatrolProblem, kind: str) -> list[Problem]:
    n_nodes = len(problem.site_refs)
    for shift in problem.shifts:
        n_nodes = max(n_nodes, shift.start_node + 1, shift.end_node + 1)
    matrix = problem.travel.get(kind)
    if matrix is None:
        return [Problem("travel", "", f"a matrix for units of kind {kind}", says=f"there is no matrix for {kind}")]
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or matrix.shape[0] < n_nodes:
        return [Problem("travel", f"{kind} {matrix.shape}", f"a square matrix of at least {n_nodes} nodes")]
    if not np.issubdtype(matrix.dtype, np.integer):
        return [Problem("travel", f"{kind} {matrix.dtype}", "whole seconds")]
    found = []
    if (matrix < 0).any():
        i, j = (int(v) for v in np.argwhere(matrix < 0)[0])
        found.append(Problem("travel", f"{kind} {int(matrix[i, j])} from node {i} to {j}", "0 or more seconds"))
    if np.diagonal(matrix).any():
        found.append(Problem("travel", f"{kind} diagonal", "0 seconds from a node to itself"))
    return found


def _shift_faults(problem: PatrolProblem, shift: Shift) -> list[Problem]:
    who = f"unit {shift.unit_ref}"
    if shift.ends_s <= shift.starts_s:
        return [Problem("ends_s", f"{who} {shift.ends_s}", f"after {shift.starts_s}")]
    way_s = int(problem.travel[shift.kind][shift.start_node, shift.end_node])
    if shift.starts_s + way_s > shift.ends_s:
        says = f"{who} cannot reach its end base in its shift"
        return [Problem("shift", "", f"at least {-(-way_s // 60)} min", says=says)]
    if idle_breaks(shift, way_s) is None:
        return [
            Problem(
                "breaks", "", "breaks that can be taken in order in the shift", says=f"{who}: its breaks do not fit"
            )
        ]
    return []


def _lock_faults(problem: PatrolProblem) -> list[Problem]:
    found = []
    for lock in problem.locks:
        name = _name(problem, lock)
        starts = [o for o in problem.options if o.group == lock.group]
        if lock.group in problem.barred:
            found.append(Problem("lock", name, "a place that is not barred"))
        if lock.start_s is not None and not any(o.earliest_s <= lock.start_s <= o.latest_s for o in starts):
            found.append(Problem("lock", f"{name} at second {lock.start_s}", "a start inside a window of the place"))
        if lock.shift is not None and starts:
            skills = {"", *problem.shifts[lock.shift].skills}
            if not any(o.skill in skills for o in starts):
                found.append(Problem("lock", name, "a unit with the skill that the place asks for"))
    for a, b in combinations(problem.locks, 2):
        if a.group == b.group:
            found.append(Problem("lock", _name(problem, a), "one lock a place; two clash"))
        elif _clash(problem, a, b):
            names = f"{_name(problem, a)} and {_name(problem, b)}"
            found.append(Problem("lock", names, "starts that one unit can keep; the two clash"))
    return found


def _clash(problem: PatrolProblem, a: Lock, b: Lock) -> bool:
    """Whether two locks to one unit and to times cannot both be kept, even with nothing between them."""
    if a.shift is None or a.shift != b.shift or a.start_s is None or b.start_s is None:
        return False
    first, then = (a, b) if a.start_s <= b.start_s else (b, a)
    dwell_s = min((o.dwell_s for o in problem.options if o.group == first.group), default=0)
    return (first.start_s or 0) + dwell_s > (then.start_s or 0)


def _name(problem: PatrolProblem, lock: Lock) -> str:
    return problem.site_refs[problem.group_sites[lock.group]]
