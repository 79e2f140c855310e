"""Finding a plan: large neighbourhood search with set packing, repeatable to the byte.

Rules: how long the search runs, how it cools, when routes are packed, and which plan it returns: must-visits
served, then prize, then less travel. Iterations, never seconds, decide the result; who holds the clock may
stop it. Elsewhere: the compiled loop (`search_loop`), packing (`packing`), judging a plan (`check`).
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal

from reassure.errors import InputError, RuleError
from reassure.patrols.faults import problem_faults
from reassure.patrols.packing import Column, pack
from reassure.patrols.problem import PatrolProblem, Plan, Route
from reassure.patrols.search_arrays import Pool, State, Work
from reassure.patrols.search_loop import COOLING_STEPS, anneal, settle
from reassure.patrols.search_model import (
    Model,
    empty_routes,
    end_element,
    make_model,
    make_pool,
    make_state,
    make_work,
)
from reassure.patrols.search_routes import UntimedRoute, items_of, plan_of, timed_route, untimed_route

N_ROUNDS = 40
"""Pieces into which the budget is cut; after each the search can be stopped."""
PACK_AFTER = 30, 40
"""Rounds after which routes are packed: when the search has cooled, and at its end."""
SEARCH_SHARE = 0.85
"""Part of a time limit that goes into iterations; the rest is for packing and timing."""
MOST_TRIED = 2**22
"""Iterations that are tried to find the speed of a machine, at most."""
MAX_COLUMNS = 4_000
RESTARTS, LEAST_A_PLACE, LEAST_PLACES = 3, 400, 20
"""
Searches that share a budget and pack their routes together, where there are routes to mix and the budget has so many
iterations a place: one long search keeps too few kinds of routes. With fewer places than the last number one search
sees them all, and a third of its steps could miss the shortest way (test_search_brute).
"""
MOST_OUT = 12
"""Visits that one step takes out, at most."""
HOT_FEW, HOT_MANY, COLD = Decimal("1"), Decimal("0.3"), Decimal("0.03")
"""Temperature at the start with fewer than `MANY_SHIFTS` shifts and with more, and at the end, in mean prizes."""
MANY_SHIFTS = 10


@dataclass(frozen=True, slots=True)
class Progress:
    """
    Where a search stands.

    Parameters
    ----------
    prize
        Of the best plan so far, hundredths of a point.
    share
        Part of the budget that is used, 0 to 1.
    """

    iterations: int
    budget: int
    n_must_served: int
    prize: int
    travel_s: int

    @property
    def share(self) -> float:
        """Part of the budget that is used, 0 to 1."""
        return self.iterations / self.budget if self.budget else 1.0


def default_iterations(problem: PatrolProblem) -> int:
    """The budget that follows from the size of a problem: 1,500 a place that can be visited, 20,000 to 400,000."""
    n_groups = len({option.group for option in problem.options} - problem.barred)
    return min(400_000, max(20_000, 1_500 * n_groups))


def usual_restarts(problem: PatrolProblem, budget: int) -> int:
    """How many searches share a budget: one for a single unit, for a few places or where the budget is short."""
    n_groups = len({option.group for option in problem.options} - problem.barred)
    is_mixed = len(problem.shifts) > 1 and n_groups >= LEAST_PLACES
    return RESTARTS if is_mixed and budget >= LEAST_A_PLACE * n_groups else 1


def iterations_in(problem: PatrolProblem, seconds: float, clock: Callable[[], float]) -> int:
    """
    A budget that takes about so many seconds on this machine, so that the search cools in time and is not cut off.

    Parameters
    ----------
    clock
        Seconds that only rise, such as `time.perf_counter`; about a twentieth of the time goes into trying whole
        searches that cool, each twice as long as the one before.
    """
    if problem_faults(problem):
        return 1
    model = make_model(problem)
    n_steps = COOLING_STEPS
    _Chain(model, 1, n_steps).run(n_steps)
    taken = 0.0
    while True:
        began = clock()
        _Chain(model, 1, n_steps).run(n_steps)
        taken = clock() - began
        if taken >= seconds / 40 or n_steps >= MOST_TRIED:
            break
        n_steps *= 2
    return max(COOLING_STEPS, int(n_steps / max(taken, 1e-6) * seconds * SEARCH_SHARE))


def plan_patrols(
    problem: PatrolProblem,
    *,
    seed: int = 1,
    iterations: int | None = None,
    stop: Callable[[], bool] | None = None,
    progress: Callable[[Progress], None] | None = None,
    workers: int = 1,
    restarts: int | None = None,
    budget: int | None = None,
    met: list[UntimedRoute] | None = None,
) -> Plan:
    """
    Find a plan: must-visits served, then total prize, then less travel.

    Parameters
    ----------
    iterations
        Of all restarts together; by default `default_iterations`. Same problem, seed, budget and restarts: same plan.
    stop
        Asked after each fortieth of the budget; True ends the search with its best so far.
    budget
        Iterations over which the search cools, where that is more than `iterations`: with both from the record of a
        search that was stopped it gives the same plan again.
    workers
        Threads that restarts may use; never changes the plan.
    restarts
        Searches that start afresh and share the budget; by default `usual_restarts`.
    met
        Takes the routes that the search met and kept, for `bound.certify`.

    Raises
    ------
    InputError
        Every reason why the problem cannot be planned.
    RuleError
        A lock that cannot be kept together with the others; the text names each that is left.
    """
    if faults := problem_faults(problem):
        raise InputError(faults)
    wanted = max(0, default_iterations(problem) if iterations is None else iterations)
    budget = max(wanted, budget or 0)
    model = make_model(problem)
    n_chains = usual_restarts(problem, budget) if restarts is None else max(1, restarts)
    share = -(-budget // n_chains)
    chains = [_Chain(model, seed * 1_000_003 + q, share) for q in range(n_chains)]
    sizes = [share * (i + 1) // N_ROUNDS - share * i // N_ROUNDS for i in range(N_ROUNDS)]
    done = 0
    with ThreadPoolExecutor(max_workers=max(1, workers)) as threads:
        for i, size in enumerate(sizes):
            if done >= wanted or (stop is not None and stop()):
                break
            if len(chains) == 1:
                chains[0].run(size)
            else:
                list(threads.map(lambda chain, n=size: chain.run(n), chains))
            done = min(budget, done + size * n_chains)
            if i + 1 in PACK_AFTER:
                _pack(model, chains)
            if progress is not None:
                progress(_progress(_best(chains), done, budget))
    if done < budget:
        _pack(model, chains)
    if met is not None:
        met += [untimed_route(model, shift_class, row) for _, shift_class, row in _pooled(chains)]
    best = _best(chains)
    routes = [
        timed_route(problem, shift, items_of(model, r, best.state.best_seq[r, : best.state.best_lengths[r]].tolist()))
        for r, shift in enumerate(model.shifts)
    ]
    _refuse_broken_locks(problem, routes)
    search: dict[str, object] = {"seed": seed, "iterations": done, "restarts": len(chains)}
    if done < budget:
        search["budget"] = budget
    return plan_of(problem, routes, search)


def _refuse_broken_locks(problem: PatrolProblem, routes: list[Route]) -> None:
    served = {problem.options[stop.option].group for route in routes for stop in route.stops}
    broken = [problem.site_refs[problem.group_sites[k.group]] for k in problem.locks if k.group not in served]
    if broken:
        names = ", ".join(sorted(broken))
        raise RuleError(f"These locked visits cannot be kept with the units, breaks and other locks: {names}.")


@dataclass
class _Chain:
    """One restart: where it stands and how it cools."""

    model: Model
    seed: int
    budget: int
    state: State = field(init=False)
    pool: Pool = field(init=False)
    work: Work = field(init=False)
    heat: float = field(init=False)

    def __post_init__(self) -> None:
        a = self.model.arrays
        self.state = make_state(self.model, self.seed)
        self.pool = make_pool(self.model)
        self.work = make_work(self.model)
        settle(a, self.state)
        tops = [int(a.prize[i:j].max()) for i, j in zip(a.first, a.first[1:], strict=False)]
        self.mean_prize = max(1, sum(tops)) / max(1, len(tops))
        hot = HOT_FEW if len(self.model.shifts) < MANY_SHIFTS else HOT_MANY
        self.heat = float(hot) * self.mean_prize
        n_coolings = max(1, self.budget // COOLING_STEPS)
        self.cooling = float((COLD / hot) ** (Decimal(1) / n_coolings))
        self.leg_s = float(self.model.mean_leg_s)
        self.top = max(tops, default=1)

    @property
    def value(self) -> tuple[int, int, int]:
        """Of the best plan: must weight, prize, less travel; a greater one is better."""
        must, prize, travel_s = (int(v) for v in self.state.best_total)
        return must, prize, -travel_s

    def run(self, n_steps: int) -> None:
        """Do some steps of the budget; none where nothing can be visited."""
        if len(self.model.arrays.weight) == 0:
            return
        self.heat = anneal(
            self.model.arrays,
            self.state,
            self.work,
            self.pool,
            n_steps,
            self.heat,
            self.cooling,
            0.02 * self.mean_prize / self.leg_s,
            4.0 * self.top,
            self.leg_s / 4.0,
            MOST_OUT,
        )


def _best(chains: list[_Chain]) -> _Chain:
    """The chain with the best plan; of equals the first."""
    best = chains[0]
    for chain in chains[1:]:
        if chain.value > best.value:
            best = chain
    return best


def _progress(chain: _Chain, done: int, budget: int) -> Progress:
    must, prize, travel_s = (int(v) for v in chain.state.best_total)
    return Progress(done, budget, chain.model.n_must(must), prize, travel_s)


def _pooled(chains: Sequence[_Chain]) -> Iterator[tuple[tuple[int, int, int, int, int], int, list[int]]]:
    """Each route of every pool: must weight, prize, travel seconds, stamp and number of its chain; class; elements."""
    for q, chain in enumerate(chains):
        for p in range(int(chain.pool.counts[0])):
            must, prize, travel_s, n, shift_class, stamp = (int(v) for v in chain.pool.facts[p])
            yield (must, prize, travel_s, stamp, q), shift_class, chain.pool.routes[p, :n].tolist()


def _pack(model: Model, chains: list[_Chain]) -> None:
    """Pack the routes of all chains, and let the best chain go on from what comes out when it is better."""
    rows: list[list[int]] = []
    columns: list[Column] = []
    stamps: list[tuple[int, int]] = []
    seen: set[tuple[int, tuple[int, ...]]] = set()
    group = model.arrays.group
    for (must, prize, travel_s, stamp, q), shift_class, row in _pooled(chains):
        groups = tuple(sorted(int(group[x]) for x in row if x < model.n_options))
        if groups and (shift_class, groups) not in seen:
            seen.add((shift_class, groups))
            rows.append(row)
            columns.append(Column(shift_class, groups, must, prize, travel_s))
            stamps.append((-stamp, q))
    keep = sorted(range(len(columns)), key=lambda i: (stamps[i], i))[:MAX_COLUMNS]
    best = _best(chains)
    must, prize, minus_travel_s = best.value
    chosen = pack(
        [columns[i] for i in keep],
        model.class_sizes(),
        use=model.arrays.use,
        capacity=model.arrays.capacity.tolist(),
        best_so_far=(must, prize, -minus_travel_s),
    )
    if chosen is None:
        return
    total = [sum(v) for v in zip(*((c.must, c.prize) for c in (columns[keep[i]] for i in chosen)), strict=True)]
    if not total or tuple(total) < tuple(int(v) for v in best.state.best_total[:2]):
        return
    _load(best, [(columns[keep[i]].shift_class, rows[keep[i]]) for i in chosen])


def _load(chain: _Chain, routes: list[tuple[int, list[int]]]) -> None:
    """Drive these routes, each by a shift of its class; the best is kept when it is beaten."""
    model, state, a = chain.model, chain.state, chain.model.arrays
    left = {c: [row for k, row in routes if k == c] for c in range(len(a.class_key))}
    idle = empty_routes(model)
    for r in range(len(model.shifts)):
        waiting = left[int(a.shift_class[r])]
        row = model.row_of_shift(waiting.pop(0), r) if waiting else idle[r]
        state.routes[r, 0, : len(row)] = row
        state.lengths[r] = len(row)
        state.ends[r] = row.index(end_element(model, r))
    settle(a, state)
