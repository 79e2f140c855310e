"""Random tiny planning problems, an exhaustive search over them, and a verifier; nothing shared with the planner."""

from dataclasses import dataclass, replace
from itertools import pairwise
from random import Random

import numpy as np

from reassure.patrols.problem import Lock, Option, PatrolProblem, Plan, Shift


def tiny_problem(seed: int) -> PatrolProblem:
    """At most 7 options and 2 units; one-way travel that may break the triangle inequality; breaks, skills, locks."""
    rng = Random(seed)
    n_sites = rng.randint(1, 5)
    n_bases = rng.randint(1, 2)
    n_nodes = n_sites + n_bases
    kinds = ["car", "foot"][: rng.randint(1, 2)]
    travel = {}
    for kind in kinds:
        matrix = np.array([[rng.randint(1, 40) for _ in range(n_nodes)] for _ in range(n_nodes)], dtype=np.int32)
        np.fill_diagonal(matrix, 0)
        travel[kind] = matrix
    has_second = rng.random() < 0.2
    group_sites = tuple(range(n_sites)) + (tuple(range(n_sites)) if has_second else ())
    options = []
    for _ in range(rng.randint(1, 7)):
        site = rng.randrange(n_sites)
        start = rng.randint(-20, 150)
        options.append(
            Option(
                site,
                site,
                rng.choice(["arrival", "during", "dispersal"]),
                f"occasion-{rng.randint(1, 2)}",
                start,
                start + rng.choice([0, 10, 40, 150]),
                rng.choice([10, 15, 20]),
                rng.choice([0, 5, 10, 10, 20, 30, 35]),
                rng.choice(["", "", "", "urdu"]),
            )
        )
    if has_second:
        twins = [o for o in options[:3] if rng.random() < 0.6]
        options = options[:4] + [replace(o, group=o.group + n_sites, prize=o.prize * 4 // 10) for o in twins]
    shifts = []
    for i in range(rng.randint(1, 2)):
        starts = rng.randint(0, 40)
        ends = starts + rng.randint(60, 160)
        breaks = []
        at = starts
        for _ in range(rng.choice([0, 0, 1, 1, 2])):
            at = min(at + rng.randint(0, 30), ends - 25)
            breaks.append((at, min(at + rng.randint(0, 40), ends - 12), rng.randint(5, 12)))
        shifts.append(
            Shift(
                f"U{i}",
                rng.choice(kinds),
                n_sites + rng.randrange(n_bases),
                n_sites + rng.randrange(n_bases),
                starts,
                ends,
                tuple(b for b in breaks if b[1] >= b[0]),
                frozenset(rng.choice([[], ["urdu"]])),
            )
        )
    must = frozenset(g for g in range(n_sites) if rng.random() < 0.25)
    barred_sites = {site for site in range(n_sites) if rng.random() < 0.08}
    barred = frozenset(g for g, site in enumerate(group_sites) if site in barred_sites)
    locks = []
    if rng.random() < 0.3:
        option = rng.choice(options)
        start = rng.choice([None, rng.randint(option.earliest_s, option.latest_s)])
        if option.group not in barred and option.group < n_sites:
            locks.append(Lock(option.group, rng.choice([None, rng.randrange(len(shifts))]), start))
    return PatrolProblem(
        tuple(f"P{i}" for i in range(n_sites)),
        group_sites,
        tuple(options),
        tuple(shifts),
        travel,
        must,
        barred,
        tuple(locks),
    )


@dataclass(frozen=True)
class Best:
    """What the best plan is worth, and whether a plan that keeps every lock exists."""

    value: tuple[int, int, int]
    keeps_locks: bool


def best_value(problem: PatrolProblem) -> Best | None:
    """Must-visits served, prize, minus travel of the best plan by looking at all; None where a unit cannot idle."""
    tables = [_routes(problem, i) for i in range(len(problem.shifts))]
    if any(not table for table in tables):
        return None
    locked = {lock.group for lock in problem.locks}
    best: tuple[tuple[int, int, int, int], bool] | None = None
    for visits, travel_s in _pairs(problem, tables):
        options = [problem.options[o] for o in visits]
        groups = {option.group for option in options}
        second = {g for g in groups if g >= len(problem.site_refs)}
        if any(problem.group_sites[g] not in groups for g in second):
            continue  # a second visit alone counts as the first
        n_locked = len(locked & groups)
        prize = sum(option.prize for option in options)
        value = (n_locked, len(groups & problem.must), prize, -travel_s)
        if best is None or value > best[0]:
            best = (value, n_locked == len(locked))
    assert best is not None
    return Best(best[0][1:], best[1])


def _pairs(problem, tables):  # type: ignore[no-untyped-def]
    if len(tables) == 1:
        yield from tables[0].items()
        return
    for a, way_a in tables[0].items():
        groups_a = {problem.options[o].group for o in a}
        for b, way_b in tables[1].items():
            if not groups_a & {problem.options[o].group for o in b}:
                yield a | b, way_a + way_b


def _routes(problem: PatrolProblem, index: int) -> dict[frozenset[int], int]:  # noqa: C901 - one walk, told in one piece
    """Every set of options that one unit can serve, with its least travel."""
    shift = problem.shifts[index]
    matrix = problem.travel[shift.kind]
    locks = {lock.group: lock for lock in problem.locks}
    found: dict[frozenset[int], int] = {}

    def rest_at_end(t: int, pause: int) -> bool:
        for earliest, latest, length in shift.breaks[pause:]:
            t = max(t, earliest)
            if t > latest:
                return False
            t += length
        return t <= shift.ends_s

    def go(t: int, node: int, pause: int, served: frozenset[int], travel: int) -> None:
        way = int(matrix[node, shift.end_node])
        if rest_at_end(t + way, pause) and found.get(served, 10**9) > travel + way:
            found[served] = travel + way
        if pause < len(shift.breaks):
            earliest, latest, length = shift.breaks[pause]
            if max(t, earliest) <= latest:
                go(max(t, earliest) + length, node, pause + 1, served, travel)
        groups = {problem.options[o].group for o in served}
        for o, option in enumerate(problem.options):
            if option.group in groups or option.group in problem.barred:
                continue
            if option.prize == 0 and option.group not in problem.must | set(locks):
                continue  # nobody is sent for nothing
            if option.skill and option.skill not in shift.skills:
                continue
            earliest, latest = option.earliest_s, option.latest_s
            lock = locks.get(option.group)
            if lock is not None and lock.shift not in {None, index}:
                continue
            if lock is not None and lock.start_s is not None:
                if not earliest <= lock.start_s <= latest:
                    continue
                earliest = latest = lock.start_s
            leg = int(matrix[node, option.site])
            start = max(t + leg, earliest)
            if start <= latest and start + option.dwell_s <= shift.ends_s:
                go(start + option.dwell_s, option.site, pause, served | {o}, travel + leg)

    go(shift.starts_s, shift.start_node, 0, frozenset(), 0)
    return found


def plan_faults(problem: PatrolProblem, plan: Plan) -> list[str]:  # noqa: C901, PLR0912 - as above
    """What is wrong with a plan, recomputed second by second."""
    found: list[str] = []
    groups: list[int] = []
    travel_s = 0
    locks = {lock.group: lock for lock in problem.locks}
    if [route.shift for route in plan.routes] != list(range(len(problem.shifts))):
        found.append("not one route a shift in order")
    for route in plan.routes:
        shift = problem.shifts[route.shift]
        matrix = problem.travel[shift.kind]
        rests = {n: [r for r in route.rests if r.after == n] for n in range(-1, len(route.stops) + 1)}
        if [rest.pause for rest in route.rests] != list(range(len(shift.breaks))):
            found.append(f"{shift.unit_ref}: breaks taken {[r.pause for r in route.rests]}")
        for rest in route.rests:
            earliest, latest, length = shift.breaks[rest.pause]
            if not earliest <= rest.start_s <= latest or rest.end_s - rest.start_s != length:
                found.append(f"{shift.unit_ref}: break {rest.pause} at {rest.start_s}")
        t, node = shift.starts_s, shift.start_node
        for rest in rests[-1]:
            if rest.start_s < t or rest.end_s > route.leave_s:
                found.append("break at the base outside its time")
            t = rest.end_s
        if route.leave_s < t:
            found.append("leaves too early")
        t = route.leave_s
        for n, stop in enumerate(route.stops):
            option = problem.options[stop.option]
            if stop.arrive_s != t + int(matrix[node, option.site]):
                found.append(f"{shift.unit_ref} arrives {stop.arrive_s}")
            if stop.start_s < stop.arrive_s or not option.earliest_s <= stop.start_s <= option.latest_s:
                found.append(f"{shift.unit_ref} starts {stop.start_s} outside its window")
            if stop.end_s != stop.start_s + option.dwell_s:
                found.append("wrong dwell")
            if option.skill not in {"", *shift.skills}:
                found.append("wrong skill")
            if option.group in problem.barred:
                found.append("barred")
            lock = locks.get(option.group)
            if lock and (lock.shift not in {None, route.shift} or lock.start_s not in {None, stop.start_s}):
                found.append("lock not kept")
            groups.append(option.group)
            t, node = stop.end_s, option.site
            for rest in rests[n]:
                if rest.start_s < t:
                    found.append("break before the visit ended")
                t = rest.end_s
        way = int(matrix[node, shift.end_node])
        if route.back_s != t + way:
            found.append(f"{shift.unit_ref} is back {route.back_s}, not {t + way}")
        t = route.back_s
        for rest in rests[len(route.stops)]:
            if rest.start_s < t:
                found.append("break at the end base before it is reached")
            t = rest.end_s
        if t > shift.ends_s:
            found.append(f"{shift.unit_ref} ends {t} after {shift.ends_s}")
        nodes = [shift.start_node, *(problem.options[s.option].site for s in route.stops), shift.end_node]
        travel_s += sum(int(matrix[a, b]) for a, b in pairwise(nodes))
    if len(groups) != len(set(groups)):
        found.append("a group is served twice")
    prize = sum(problem.options[stop.option].prize for route in plan.routes for stop in route.stops)
    if (plan.n_must_served, plan.prize, plan.travel_s) != (len(set(groups) & problem.must), prize, travel_s):
        found.append("wrong totals")
    used = [(sum(dict(limit.use).get(g, 0) for g in groups), limit.capacity) for limit in problem.limits]
    found += [f"{amount} of at most {capacity} used" for amount, capacity in used if amount > capacity]
    return found
