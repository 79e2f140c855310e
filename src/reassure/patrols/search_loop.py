"""Simulated annealing over ruin and recreate, compiled: whether a change stays, and what is remembered.

Rules: a change that gains stays; one that loses stays with a chance that falls as the search cools. The best
plan is kept by the exact order: must weight, prize, less travel. Elsewhere: `search_ruin`, `search_recreate`.
"""

import numpy as np

from reassure.patrols.search_kernel import (
    FLOOR,
    MUST,
    N_ROWS,
    PRIZE,
    SEQ,
    TRAVEL,
    below,
    compiled,
    evaluate,
    inner,
)
from reassure.patrols.search_recreate import recreate
from reassure.patrols.search_ruin import N_LOG, N_TOUCHED, ruin, set_group

COOLING_STEPS = 64
"""Steps at one temperature."""


@inner
def is_better(new, old):
    """Whether a total is better: must weight, then prize, then less travel."""
    if new[MUST] != old[MUST]:
        return new[MUST] > old[MUST]
    if new[PRIZE] != old[PRIZE]:
        return new[PRIZE] > old[PRIZE]
    return new[TRAVEL] < old[TRAVEL]


@inner
def keep_best(routes, lengths, ends, total, best_seq, best_lengths, best_ends, best_total):
    """Note the present routes as the best."""
    for q in range(3):
        best_total[q] = total[q]
    for r in range(lengths.shape[0]):
        best_lengths[r] = lengths[r]
        best_ends[r] = ends[r]
        for i in range(lengths[r]):
            best_seq[r, i] = routes[r, SEQ, i]


@compiled
def settle(a, s):
    """
    Take the rows of all routes as they stand: time them, note which groups they serve, keep the best.

    Returns
    -------
    bool
        False where a route cannot be driven; nothing else means anything then.
    """
    for q in range(3):
        s.total[q] = 0
    for g in range(s.route_of.shape[0]):
        set_group(g, -1, -1, s.route_of, s.option_of, s.unserved, s.unserved_at, s.counts, s.used, a.use)
    ok = True
    for r in range(s.lengths.shape[0]):
        t = evaluate(s.routes, r, s.lengths[r], a.travel, a.kind[r], a.elements)
        ok = ok and t >= 0
        s.worth[r, TRAVEL] = t
        s.worth[r, MUST] = 0
        s.worth[r, PRIZE] = 0
        for i in range(s.lengths[r]):
            x = s.routes[r, SEQ, i]
            if x < a.group.shape[0]:
                g = a.group[x]
                s.worth[r, MUST] += a.weight[g]
                s.worth[r, PRIZE] += a.prize[x]
                set_group(g, r, x, s.route_of, s.option_of, s.unserved, s.unserved_at, s.counts, s.used, a.use)
        for q in range(3):
            s.total[q] += s.worth[r, q]
    if ok and is_better(s.total, s.best_total):
        keep_best(s.routes, s.lengths, s.ends, s.total, s.best_seq, s.best_lengths, s.best_ends, s.best_total)
    return ok


@inner
def remember(routes, facts, keys, table, counts, rows, r, n, shift_class, key, worth, stamp):
    """Keep route r in the pool: one of each set of visits and class of shift, the quickest."""
    mask = table.shape[0] - 1
    slot = np.int64(key & np.uint64(mask))
    p = -1
    while table[slot] >= 0:
        if keys[table[slot]] == key:
            p = table[slot]
            break
        slot = (slot + 1) & mask
    if p >= 0:
        facts[p, 5] = stamp
        if worth[r, TRAVEL] >= facts[p, TRAVEL]:
            return
    else:
        p = counts[0]
        if p >= keys.shape[0]:
            return
        counts[0] += 1
        table[slot] = p
        keys[p] = key
    for q in range(3):
        facts[p, q] = worth[r, q]
    facts[p, 3] = n
    facts[p, 4] = shift_class
    facts[p, 5] = stamp
    for i in range(n):
        routes[p, i] = rows[r, SEQ, i]


@inner
def remember_touched(a, s, w, pool, stamp):
    """Keep the routes that this step changed in the pool."""
    n_options = a.group.shape[0]
    for q in range(w.tally[N_TOUCHED]):
        r = w.touched[q]
        key = a.class_key[a.shift_class[r]]
        for i in range(s.lengths[r]):
            x = s.routes[r, SEQ, i]
            if x < n_options:
                key += a.option_key[x]
        remember(
            pool.routes,
            pool.facts,
            pool.keys,
            pool.table,
            pool.counts,
            s.routes,
            r,
            s.lengths[r],
            a.shift_class[r],
            key,
            s.worth,
            stamp,
        )


@inner
def undo(a, s, w):
    """Put every touched route and group back as it was before this step."""
    for q in range(w.tally[N_LOG] - 1, -1, -1):
        set_group(
            w.log[q, 0],
            w.log[q, 1],
            w.log[q, 2],
            s.route_of,
            s.option_of,
            s.unserved,
            s.unserved_at,
            s.counts,
            s.used,
            a.use,
        )
    for q in range(w.tally[N_TOUCHED]):
        r = w.touched[q]
        for p in range(3):
            s.total[p] += w.saved_facts[q, p] - s.worth[r, p]
            s.worth[r, p] = w.saved_facts[q, p]
        s.lengths[r] = w.saved_facts[q, 3]
        s.ends[r] = w.saved_facts[q, 4]
        for row in range(N_ROWS):
            for i in range(s.lengths[r]):
                s.routes[r, row, i] = w.saved[q, row, i]


@compiled
def anneal(a, s, w, pool, n_steps, heat, cooling, travel_price, must_bonus, floor, max_size):
    """
    Do `n_steps` steps of ruin and recreate.

    Parameters
    ----------
    heat, cooling
        Temperature in hundredths at the first step, and its factor after each `COOLING_STEPS` steps.
    travel_price
        Hundredths that a second of travel costs in what is annealed; the best is kept by the exact order.
    must_bonus
        Hundredths that a unit of must weight counts there.
    floor
        Seconds added to the cost of every insertion, so that a free one does not win whatever its prize.
    max_size
        Visits taken out in one step, at most.

    Returns
    -------
    float
        The temperature after the last step.
    """
    w.mix[FLOOR] = floor
    for _ in range(n_steps):
        stamp = s.counts[1] + 1
        s.counts[1] = stamp
        if stamp % COOLING_STEPS == 0:
            heat *= cooling
        old_must, old_prize, old_travel = s.total[MUST], s.total[PRIZE], s.total[TRAVEL]
        ruin(a, s, w, stamp, max_size)
        recreate(a, s, w, stamp)
        for q in range(w.tally[N_TOUCHED]):
            r = w.touched[q]
            for p in range(3):
                s.total[p] += s.worth[r, p] - w.saved_facts[q, p]
        gain = (s.total[PRIZE] - old_prize) + must_bonus * (s.total[MUST] - old_must)
        gain -= travel_price * (s.total[TRAVEL] - old_travel)
        if gain < 0.0 and gain <= -heat * a.logs[below(s.rng, a.logs.shape[0])]:
            undo(a, s, w)
            continue
        if gain > 0.0:
            remember_touched(a, s, w, pool, stamp)
        if is_better(s.total, s.best_total):
            keep_best(s.routes, s.lengths, s.ends, s.total, s.best_seq, s.best_lengths, s.best_ends, s.best_total)
    return heat
