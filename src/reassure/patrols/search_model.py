"""The arrays that the compiled search reads, made from a problem and turned back into routes.

Rules: one canonical order of groups, options and shifts, worked out from what they are and not from their
names or places in the input, so that renaming and reordering change nothing; locks become narrower options.
Elsewhere: what the arrays mean (`search_loop.Arrays`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from reassure.patrols.faults import idle_breaks
from reassure.patrols.problem import Option, PatrolProblem, Shift
from reassure.patrols.search_arrays import N_LOGS, Arrays, Longs, Pool, State, Work
from reassure.patrols.search_kernel import N_ROWS, natural_log

N_NEAR = 40
MOST_PICKED = 40
POOL_ROUTES = 20_000
LOCK_WEIGHT = 1_000_000
"""A lock outweighs any number of must-visits."""
NEVER_S = 10**8
MASK = 2**64 - 1


@dataclass(frozen=True)
class Model:
    """
    A problem in the search's own order.

    Parameters
    ----------
    options
        Index in the problem, and start that a lock fixed or None, of each option of the search.
    shifts
        Index in the problem of each shift of the search.
    """

    problem: PatrolProblem
    arrays: Arrays
    options: tuple[tuple[int, int | None], ...]
    shifts: tuple[int, ...]
    longest: int

    @property
    def n_options(self) -> int:
        """Options of the search; those that no shift may serve are left out."""
        return len(self.options)

    @property
    def mean_leg_s(self) -> int:
        """Seconds of a usual short journey: the mean way from a place to its five nearest; at least 1."""
        sites = sorted({self.problem.options[o].site for o, _ in self.options})
        if len(sites) < 2:
            return 60
        ways = np.sort(self.arrays.travel.min(axis=0)[np.ix_(sites, sites)], axis=1)[:, 1:6]
        return max(1, round(float(ways.mean())))

    def class_sizes(self) -> list[int]:
        """How many shifts each class has."""
        return [int((self.arrays.shift_class == c).sum()) for c in range(len(self.arrays.class_key))]

    def n_must(self, weight: int) -> int:
        """Must-visits served, from a sum of weights."""
        return weight % LOCK_WEIGHT

    def row_of_shift(self, row: Sequence[int], r: int) -> list[int]:
        """A row of another shift of the same class as shift r writes it: its own bases and breaks."""
        breaks = [x for x in empty_routes(self)[r] if x < len(self.arrays.elements) - 2 * len(self.shifts)]
        bases = len(self.arrays.elements) - 2 * len(self.shifts)
        own = []
        for x in row:
            if x < self.n_options:
                own.append(x)
            elif x >= bases:
                own.append(end_element(self, r) - 1 + (x - bases) % 2)
            else:
                own.append(breaks.pop(0))
        return own


def make_model(problem: PatrolProblem) -> Model:
    """The arrays of a problem; the same whatever its sites, options and shifts are called and in which order."""
    shifts = tuple(sorted(range(len(problem.shifts)), key=lambda i: _shift_key(problem, problem.shifts[i])))
    travel, kinds = _travel(problem)
    drafts = _drafts(problem, shifts)
    groups: dict[int, list[tuple[int, int | None]]] = {}
    for draft in drafts:
        groups.setdefault(problem.options[draft[0]].group, []).append(draft)
    order = sorted(groups, key=lambda g: _group_key(problem, g, groups[g], travel, shifts))
    options = [d for g in order for d in sorted(groups[g], key=lambda d: _option_key(problem.options[d[0]], d[1]))]
    elements, breaks = _elements(problem, options, shifts, travel)
    may = _may(problem, options, shifts)
    group = np.array([i for i, g in enumerate(order) for _ in groups[g]], dtype=np.int64).reshape(-1)
    first = np.searchsorted(group, np.arange(len(order) + 1)).astype(np.int64)
    locked = {lock.group for lock in problem.locks}
    weight = np.array(
        [(LOCK_WEIGHT if g in locked else 0) + (1 if g in problem.must else 0) for g in order], dtype=np.int64
    )
    kind = np.array([kinds.index(problem.shifts[i].kind) for i in shifts], dtype=np.int64)
    classes = sorted({_class_key(problem, shifts, p, may) for p in range(len(shifts))})
    bits = _bits(len(classes) + len(options) + 1)
    use = np.zeros((len(order), len(problem.limits)), dtype=np.int64)
    for q, limit in enumerate(problem.limits):
        amounts = dict(limit.use)
        use[:, q] = [amounts.get(g, 0) for g in order]
    rows = _idle_rows(problem, shifts, len(options), len(elements))
    idle = np.zeros((len(shifts), breaks + 2), dtype=np.int64)
    for r, row in enumerate(rows):
        idle[r, : len(row)] = row
    first_base = len(elements) - 2 * len(shifts)
    arrays = Arrays(
        elements=elements,
        group=group,
        prize=np.array([problem.options[o].prize for o, _ in options], dtype=np.int64),
        weight=weight,
        first=first,
        may=may,
        near=_near(elements, first, travel, len(order)),
        use=use,
        capacity=np.array([limit.capacity for limit in problem.limits], dtype=np.int64),
        travel=travel,
        arrivals=np.ascontiguousarray(travel.transpose(0, 2, 1)),
        kind=kind,
        n_breaks=np.array([len(problem.shifts[i].breaks) for i in shifts], dtype=np.int64),
        idle=idle,
        idle_end=np.array([row.index(first_base + 2 * r + 1) for r, row in enumerate(rows)], dtype=np.int64),
        shift_class=np.array(
            [classes.index(_class_key(problem, shifts, p, may)) for p in range(len(shifts))], dtype=np.int64
        ),
        class_key=bits[: len(classes)],
        option_key=bits[len(classes) :],
        logs=_logs(),
    )
    longest = min(len(order), _most_visits(problem, options)) + breaks + 4
    return Model(problem, arrays, tuple(options), shifts, longest)


def make_state(model: Model, seed: int) -> State:
    """Every shift without visits, breaks before leaving, and a generator that starts from `seed`."""
    a = model.arrays
    n_shifts, n_groups = len(model.shifts), len(a.weight)
    state = State(
        routes=np.zeros((n_shifts, N_ROWS, model.longest), dtype=np.int64),
        lengths=np.zeros(n_shifts, dtype=np.int64),
        ends=np.zeros(n_shifts, dtype=np.int64),
        worth=np.zeros((n_shifts, 3), dtype=np.int64),
        route_of=np.full(n_groups, -1, dtype=np.int64),
        option_of=np.full(n_groups, -1, dtype=np.int64),
        unserved=np.arange(n_groups, dtype=np.int64),
        unserved_at=np.arange(n_groups, dtype=np.int64),
        counts=np.array([n_groups, 0], dtype=np.int64),
        used=np.zeros(len(a.capacity), dtype=np.int64),
        total=np.zeros(3, dtype=np.int64),
        best_total=np.array([-1, 0, 0], dtype=np.int64),
        best_seq=np.zeros((n_shifts, model.longest), dtype=np.int64),
        best_lengths=np.zeros(n_shifts, dtype=np.int64),
        best_ends=np.zeros(n_shifts, dtype=np.int64),
        rng=_bits(1, seed),
    )
    for r, row in enumerate(empty_routes(model)):
        state.routes[r, 0, : len(row)] = row
        state.lengths[r] = len(row)
        state.ends[r] = row.index(end_element(model, r))
    return state


def make_pool(model: Model) -> Pool:
    """An empty pool of routes."""
    n_table = 1 << (POOL_ROUTES * 4).bit_length()
    return Pool(
        routes=np.zeros((POOL_ROUTES, model.longest), dtype=np.int64),
        facts=np.zeros((POOL_ROUTES, 6), dtype=np.int64),
        keys=np.zeros(POOL_ROUTES, dtype=np.uint64),
        table=np.full(n_table, -1, dtype=np.int64),
        counts=np.zeros(1, dtype=np.int64),
    )


def make_work(model: Model) -> Work:
    """Room for one step of the loop."""
    n_shifts, n_groups = len(model.shifts), max(1, len(model.arrays.weight))
    return Work(
        marked=np.zeros(max(1, model.n_options), dtype=np.uint8),
        picked=np.zeros(min(MOST_PICKED, n_groups), dtype=np.int64),
        touched=np.zeros(n_shifts, dtype=np.int64),
        touched_at=np.full(n_shifts, -1, dtype=np.int64),
        saved=np.zeros((n_shifts, N_ROWS, model.longest), dtype=np.int64),
        saved_facts=np.zeros((n_shifts, 5), dtype=np.int64),
        log=np.zeros((3 * n_groups + 64, 3), dtype=np.int64),
        cand=np.zeros((n_groups, 6), dtype=np.int64),
        cand_score=np.zeros((n_groups, 2), dtype=np.float64),
        rows=np.zeros((MOST_PICKED + 24, n_shifts), dtype=np.int64),
        spare=np.zeros(model.longest, dtype=np.int64),
        mix=np.zeros(6, dtype=np.float64),
        found=np.zeros(3, dtype=np.int64),
        tally=np.zeros(4, dtype=np.int64),
    )


def end_element(model: Model, r: int) -> int:
    """The element of the end base of shift r."""
    return len(model.arrays.elements) - 2 * len(model.shifts) + 2 * r + 1


def empty_routes(model: Model) -> list[list[int]]:
    """For each shift the route without visits: breaks before leaving where that can be, else at the end base."""
    return _idle_rows(model.problem, model.shifts, model.n_options, len(model.arrays.elements))


def _idle_rows(problem: PatrolProblem, shifts: Sequence[int], n_options: int, n_elements: int) -> list[list[int]]:
    """A shift whose breaks and way to its end base do not fit keeps them at the end; `faults` refuses it first."""
    rows = []
    at = n_options
    for r, p in enumerate(shifts):
        shift = problem.shifts[p]
        breaks = list(range(at, at + len(shift.breaks)))
        at += len(breaks)
        start = n_elements - 2 * len(shifts) + 2 * r
        way_s = int(problem.travel[shift.kind][shift.start_node, shift.end_node])
        n_first = idle_breaks(shift, way_s) or 0
        rows.append([start, *breaks[:n_first], start + 1, *breaks[n_first:]])
    return rows


def _shift_key(problem: PatrolProblem, shift: Shift) -> tuple[object, ...]:
    matrix = problem.travel[shift.kind]
    return (
        shift.starts_s,
        shift.ends_s,
        shift.kind,
        shift.breaks,
        tuple(sorted(shift.skills)),
        int(matrix[shift.start_node].sum(dtype=np.int64)),
        int(matrix[:, shift.end_node].sum(dtype=np.int64)),
        int((matrix[shift.start_node].astype(np.int64) ** 2).sum()),
    )


def _travel(problem: PatrolProblem) -> tuple[NDArray[np.int32], list[str]]:
    kinds = sorted({shift.kind for shift in problem.shifts})
    travel = np.stack([np.asarray(problem.travel[kind], dtype=np.int32) for kind in kinds])
    return np.ascontiguousarray(travel), kinds


def _drafts(problem: PatrolProblem, shifts: Sequence[int]) -> list[tuple[int, int | None]]:
    """Options that some shift may serve, with the start that a lock fixed; barring a first visit bars the second."""
    locks = {lock.group: lock for lock in problem.locks}
    first = {site: group for group, site in reversed(list(enumerate(problem.group_sites)))}
    drafts: list[tuple[int, int | None]] = []
    for o, option in enumerate(problem.options):
        if not problem.barred.isdisjoint({option.group, first[option.site]}):
            continue
        if not any(option.skill in {"", *problem.shifts[i].skills} for i in shifts):
            continue
        lock = locks.get(option.group)
        if lock is None or lock.start_s is None:
            drafts.append((o, None))
        elif option.earliest_s <= lock.start_s <= option.latest_s:
            drafts.append((o, lock.start_s))
    return drafts


def _option_key(option: Option, start_s: int | None) -> tuple[object, ...]:
    return (option.earliest_s, option.latest_s, option.dwell_s, option.prize, option.skill, option.kind, start_s or -1)


def _group_key(
    problem: PatrolProblem,
    group: int,
    drafts: Sequence[tuple[int, int | None]],
    travel: NDArray[np.int32],
    shifts: Sequence[int],
) -> tuple[object, ...]:
    site = problem.group_sites[group]
    bases = [problem.shifts[i].start_node for i in shifts]
    return (
        tuple(sorted(_option_key(problem.options[o], s) for o, s in drafts)),
        group in problem.must,
        tuple(int(travel[0, b, site]) for b in bases),
        tuple(int(t) for t in travel[:, site, :].sum(axis=1, dtype=np.int64)),
        tuple(int(t) for t in (travel[:, :, site].astype(np.int64) ** 2).sum(axis=1)),
    )


def _elements(
    problem: PatrolProblem,
    options: Sequence[tuple[int, int | None]],
    shifts: Sequence[int],
    travel: NDArray[np.int32],
) -> tuple[NDArray[np.int32], int]:
    """The rows of `Arrays.elements` and the most breaks of a shift."""
    rows: list[tuple[int, int, int, int]] = []
    for o, start_s in options:
        option = problem.options[o]
        earliest_s, latest_s = (option.earliest_s, option.latest_s) if start_s is None else (start_s, start_s)
        rows.append((earliest_s, latest_s, option.dwell_s, option.site))
    most = 0
    for i in shifts:
        shift = problem.shifts[i]
        most = max(most, len(shift.breaks))
        rows += [(e, min(last, shift.ends_s - n), n, -1) for e, last, n in shift.breaks]
    for i in shifts:
        shift = problem.shifts[i]
        rows.append((shift.starts_s, shift.ends_s, 0, shift.start_node))
        rows.append((shift.starts_s, shift.ends_s, 0, shift.end_node))
    elements = np.zeros((len(rows), 5), dtype=np.int32)
    elements[:, :4] = np.array(rows, dtype=np.int32).reshape(-1, 4)
    away = travel.astype(np.int64)
    away[:, np.arange(travel.shape[1]), np.arange(travel.shape[1])] = NEVER_S
    nearest = away.min(axis=(0, 1)) + away.min(axis=(0, 2))
    for q, (o, _) in enumerate(options):
        option = problem.options[o]
        alone = sum(1 for s in problem.group_sites if s == option.site) == 1
        elements[q, 4] = option.dwell_s + (int(nearest[option.site]) if alone else 0)
    return elements, most


def _may(problem: PatrolProblem, options: Sequence[tuple[int, int | None]], shifts: Sequence[int]) -> NDArray[np.uint8]:
    locks = {lock.group: lock.shift for lock in problem.locks}
    may = np.ones((len(shifts), len(options)), dtype=np.uint8)
    for q, (o, _) in enumerate(options):
        option = problem.options[o]
        fixed = locks.get(option.group)
        for p, i in enumerate(shifts):
            if option.skill not in {"", *problem.shifts[i].skills} or (fixed is not None and fixed != i):
                may[p, q] = 0
    return may


def _class_key(problem: PatrolProblem, shifts: Sequence[int], p: int, may: NDArray[np.uint8]) -> tuple[object, ...]:
    shift = problem.shifts[shifts[p]]
    nodes = (shift.start_node, shift.end_node)
    return (shift.kind, nodes, shift.starts_s, shift.ends_s, shift.breaks, may[p].tobytes())


def _most_visits(problem: PatrolProblem, options: Sequence[tuple[int, int | None]]) -> int:
    if not options or not problem.shifts:
        return 1
    shortest = max(1, min(problem.options[o].dwell_s for o, _ in options))
    return max(1, max(s.ends_s - s.starts_s for s in problem.shifts) // shortest + 1)


def _near(elements: NDArray[np.int32], first: NDArray[np.int64], travel: NDArray[np.int32], n_groups: int) -> Longs:
    """
    The most related groups of each: a short way, and little waiting, from one to the other.

    Worked out over each group's earliest window start and latest; the lesser of both directions.
    """
    n_near = min(N_NEAR, max(0, n_groups - 1))
    if n_near == 0:
        return np.zeros((n_groups, 0), dtype=np.int64)
    starts = elements[:, 0].astype(np.int64)
    lasts = elements[:, 1].astype(np.int64)
    site = elements[first[:-1], 3]
    e = np.minimum.reduceat(starts[: first[-1]], first[:-1])
    last = np.maximum.reduceat(lasts[: first[-1]], first[:-1])
    d = elements[first[:-1], 2].astype(np.int64)
    way = travel.min(axis=0)[np.ix_(site, site)].astype(np.int64)
    wait = np.maximum(0, e[None, :] - last[:, None] - d[:, None] - way)
    late = np.maximum(0, e[:, None] + d[:, None] + way - last[None, :])
    cost = 5 * way + wait + 10 * late
    cost = np.minimum(cost, cost.T)
    np.fill_diagonal(cost, np.iinfo(np.int64).max)
    near = np.argsort(cost, axis=1, kind="stable")[:, :n_near]
    return np.ascontiguousarray(near.astype(np.int64))


def _bits(n: int, seed: int = 0) -> NDArray[np.uint64]:
    """N random 64-bit words, none 0, from a seed (splitmix64)."""
    x = (seed * 0x9E3779B97F4A7C15 + 0x1234567) & MASK
    words = []
    for _ in range(n):
        x = (x + 0x9E3779B97F4A7C15) & MASK
        z = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        words.append((z ^ (z >> 31)) or 1)
    return np.array(words, dtype=np.uint64)


@cache
def _logs() -> NDArray[np.float64]:
    """Minus the natural logarithm of (i + 1/2)/N_LOGS."""
    return -np.asarray(natural_log(*np.frexp((np.arange(N_LOGS) + 0.5) / N_LOGS)), dtype=np.float64)
