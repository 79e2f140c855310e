"""The arrays that the compiled search works on: the problem, where it stands, the pool, room for one step.

Whole numbers have 64 bits, but for the big tables, so that each compiled function is built once and not for
every width of its arguments. Made by `search_model`, changed in place by `search_ruin`, `search_recreate` and
`search_loop`. Shapes stand at each array; rows and columns are named in `search_kernel`.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]

N_LOGS = 4096
"""Steps of the table of logarithms that annealing draws from."""


class Arrays(NamedTuple):
    """The problem as the loop reads it; made by `search_model`."""

    elements: Ints
    """(n_elements, 5): options, breaks, then start base and end base of each shift."""
    group: Longs
    """(n_options,)"""
    prize: Longs
    """(n_options,) hundredths."""
    weight: Longs
    """(n_groups,) of locks and must-visits, else 0."""
    first: Longs
    """(n_groups + 1,): the options of group g are first[g] to first[g + 1] - 1."""
    may: NDArray[np.uint8]
    """(n_shifts, n_options): whether the shift may make the visit."""
    near: Longs
    """(n_groups, n_near): other groups, the most related first."""
    use: Longs
    """(n_groups, n_limits)"""
    capacity: Longs
    """(n_limits,)"""
    travel: Ints
    """(n_kinds, n_nodes, n_nodes) from, to."""
    arrivals: Ints
    """(n_kinds, n_nodes, n_nodes) to, from."""
    kind: Longs
    """(n_shifts,)"""
    n_breaks: Longs
    """(n_shifts,)"""
    idle: Longs
    """(n_shifts, most breaks + 2): the route of each shift without visits."""
    idle_end: Longs
    """(n_shifts,): position of its end base; its length is 2 and the breaks."""
    shift_class: Longs
    """(n_shifts,): equal for shifts that may drive each other's routes."""
    class_key: NDArray[np.uint64]
    """(n_classes,) random bits."""
    option_key: NDArray[np.uint64]
    """(n_options,) random bits."""
    logs: Floats
    """(N_LOGS,) minus natural logarithm of (i + 1/2)/N_LOGS."""


class State(NamedTuple):
    """Where the loop stands; every array is changed in place."""

    routes: Longs
    """(n_shifts, N_ROWS, longest)"""
    lengths: Longs
    ends: Longs
    """Position of the end base in each route; breaks may follow it."""
    worth: Longs
    """(n_shifts, 3)"""
    route_of: Longs
    """(n_groups,), -1 where nobody goes."""
    option_of: Longs
    unserved: Longs
    """The first `counts[0]` are the groups that nobody serves."""
    unserved_at: Longs
    """(n_groups,): where each stands in `unserved`, or -1."""
    counts: Longs
    """(2,): unserved groups; steps done."""
    used: Longs
    """(n_limits,)"""
    total: Longs
    """(3,)"""
    best_total: Longs
    best_seq: Longs
    best_lengths: Longs
    best_ends: Longs
    rng: NDArray[np.uint64]


class Pool(NamedTuple):
    """Routes kept for set packing."""

    routes: Longs
    facts: Longs
    """(n, 6): must weight, prize, travel, length, class of shift, last step seen."""
    keys: NDArray[np.uint64]
    table: Longs
    counts: Longs


class Work(NamedTuple):
    """Room for one step; what stands here before a step has no meaning."""

    marked: NDArray[np.uint8]
    """(n_options,): to be taken out; all 0 between steps."""
    picked: Longs
    touched: Longs
    """Routes that this step changes, in the order of their first change."""
    touched_at: Longs
    """(n_shifts,): last step that changed the route."""
    saved: Longs
    """Copies of the touched routes' rows."""
    saved_facts: Longs
    """(n_shifts, 5) of the touched routes: must weight, prize, travel, length, position of the end base."""
    log: Longs
    """(n, 3): group, and the route and option it had before each change."""
    cand: Longs
    """(n_groups, 6): group, its best route, position and option, its row of `rows` or -1, how many routes it has."""
    cand_score: Floats
    """(n_groups, 2): score with noise, and the noise."""
    rows: Longs
    """(n, n_shifts): routes into which visits that were taken out may come back."""
    spare: Longs
    mix: Floats
    """(6,): see `search_kernel`."""
    found: Longs
    """(3,): position, option and route of the best way that was found."""
    tally: Longs
    """(4,): touched routes, entries of the log, candidates, group that has to come in or -1."""
