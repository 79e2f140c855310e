"""Ruin and recreate with simulated annealing over the routes of all shifts, compiled.

Rules: which visits are taken out, in which order others come in, and whether the result stays. Only the
routes that were touched are timed again, and undone by copying them back. Elsewhere: timing and insertion
(`search_kernel`), the arrays (`search_model`).
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from reassure.patrols.search_kernel import (
    GAP,
    NEED,
    MUST,
    N_ROWS,
    NOD,
    NOWHERE,
    PRIZE,
    SEQ,
    TRAVEL,
    below,
    drop_marked,
    evaluate,
    fit,
    insertion,
    place_breaks,
    put,
    remember,
    unit,
)

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]

MAX_RUIN = 40
"""Visits taken out in one step, at most."""
N_LOGS = 4096


class Arrays(NamedTuple):
    """The problem as the loop reads it; made by `search_model`."""

    elements: Ints
    """(n_elements, 4): options, breaks, start bases, end bases; earliest, latest, length, node."""
    group: Ints
    """(n_options,)"""
    prize: Longs
    """(n_options,) hundredths."""
    weight: Longs
    """(n_groups,) of locks and must-visits, else 0."""
    first: Ints
    """(n_groups + 1,): the options of group g are first[g] to first[g + 1] - 1."""
    may: NDArray[np.uint8]
    """(n_shifts, n_options): whether the shift may make the visit."""
    near: Ints
    """(n_groups, n_near): other groups, the most related first."""
    use: Longs
    """(n_groups, n_limits)"""
    capacity: Longs
    """(n_limits,)"""
    travel: Ints
    """(n_kinds, n_nodes, n_nodes) from, to."""
    arrivals: Ints
    """(n_kinds, n_nodes, n_nodes) to, from."""
    kind: Ints
    """(n_shifts,)"""
    shift_class: Ints
    """(n_shifts,): equal for shifts that may drive each other's routes."""
    class_key: NDArray[np.uint64]
    """(n_classes,) random bits."""
    option_key: NDArray[np.uint64]
    """(n_options,) random bits."""
    logs: Floats
    """(N_LOGS,) minus natural logarithm of (i + 1/2)/N_LOGS."""


class State(NamedTuple):
    """Where the loop stands; every array is changed in place."""

    routes: Ints
    lengths: Ints
    ends: Ints
    worth: Longs
    route_of: Ints
    option_of: Ints
    unserved: Ints
    unserved_at: Ints
    counts: Longs
    """Unserved groups; steps done; steps that improved; improvements of the best."""
    used: Longs
    total: Longs
    best_total: Longs
    best_seq: Ints
    best_lengths: Ints
    best_ends: Ints
    rng: NDArray[np.uint64]


class Pool(NamedTuple):
    """Routes kept for set packing."""

    routes: Ints
    facts: Longs
    """(n, 6): must weight, prize, travel, length, class of shift, last step seen."""
    keys: NDArray[np.uint64]
    table: Ints
    counts: Longs


_jit = njit(cache=True, nogil=True, error_model="numpy", boundscheck=False, _nrt=False)
_inline = njit(cache=True, nogil=True, error_model="numpy", boundscheck=False, forceinline=True, _nrt=False)


@_inline
def set_group(g, r, x, route_of, option_of, unserved, unserved_at, counts, used, use):
    """Note that group g is served by option x in route r, or by none (-1)."""
    sign = 0
    if route_of[g] < 0 <= r:
        sign = 1
        at = unserved_at[g]
        counts[0] -= 1
        moved = unserved[counts[0]]
        unserved[at] = moved
        unserved_at[moved] = at
        unserved_at[g] = -1
    elif r < 0 <= route_of[g]:
        sign = -1
        unserved[counts[0]] = g
        unserved_at[g] = counts[0]
        counts[0] += 1
    route_of[g] = r
    option_of[g] = x
    for q in range(used.shape[0]):
        used[q] += sign * use[g, q]


@_jit
def time_all(a, s):
    """Time every route and add up what it is worth; False where one cannot be driven."""
    for q in range(3):
        s.total[q] = 0
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
                s.worth[r, MUST] += a.weight[a.group[x]]
                s.worth[r, PRIZE] += a.prize[x]
        for q in range(3):
            s.total[q] += s.worth[r, q]
    return ok


@_inline
def is_better(new, old):
    """Whether a total is better: must weight, then prize, then less travel."""
    if new[MUST] != old[MUST]:
        return new[MUST] > old[MUST]
    if new[PRIZE] != old[PRIZE]:
        return new[PRIZE] > old[PRIZE]
    return new[TRAVEL] < old[TRAVEL]


@_jit
def keep_best(s):
    """Note the present routes as the best."""
    for q in range(3):
        s.best_total[q] = s.total[q]
    for r in range(s.lengths.shape[0]):
        s.best_lengths[r] = s.lengths[r]
        s.best_ends[r] = s.ends[r]
        for i in range(s.lengths[r]):
            s.best_seq[r, i] = s.routes[r, SEQ, i]


@_inline
def best_of_group(a, s, r, g, w_travel, w_wait, w_dwell, floor, power, must_bonus):
    """Score, position and option of the best way to put group g into route r; score 0 where there is none."""
    best = 0.0
    best_position = 0
    best_option = -1
    k = a.kind[r]
    for x in range(a.first[g], a.first[g + 1]):
        if not a.may[r, x]:
            continue
        gain = np.float64(a.prize[x]) + must_bonus * np.float64(a.weight[g])
        if gain <= 0.0:
            continue
        cost, position = insertion(
            s.routes, r, s.ends[r], k, a.travel, a.arrivals, a.elements, x, w_travel, w_wait, w_dwell
        )
        if position > 0:
            if power == 2:
                gain *= gain
            score = gain / (cost + floor)
            if score > best:
                best = score
                best_position = position
                best_option = x
    return best, best_position, best_option


@_inline
def best_beside(a, s, r, at, g, w_travel, w_wait, w_dwell, floor, power, must_bonus):
    """The same as `best_of_group`, but just before and just behind position `at`."""
    best = 0.0
    best_position = 0
    best_option = -1
    k = a.kind[r]
    for x in range(a.first[g], a.first[g + 1]):
        if not a.may[r, x]:
            continue
        gain = np.float64(a.prize[x]) + must_bonus * np.float64(a.weight[g])
        if gain <= 0.0:
            continue
        if power == 2:
            gain *= gain
        for i in range(at - 1, at + 1):
            if s.routes[r, GAP, i] < a.elements[x, NEED]:
                continue
            cost = fit(s.routes, r, i, k, a.travel, a.arrivals, a.elements, x, w_travel, w_wait, w_dwell)
            if cost < NOWHERE and gain / (cost + floor) > best:
                best = gain / (cost + floor)
                best_position = i + 1
                best_option = x
    return best, best_position, best_option


@_inline
def mark_ruin(a, s, kind, size, seed_group, marked, picked):
    """Mark options to take out, into `picked`; their number, at most `size`."""
    n = 0
    n_options = a.group.shape[0]
    n_groups = s.route_of.shape[0]
    n_shifts = s.lengths.shape[0]
    if kind <= 1:
        g = seed_group
        for q in range(-1, a.near.shape[1]):
            h = g if q < 0 else a.near[g, q]
            if n >= size:
                break
            r = s.route_of[h]
            if r < 0 or marked[s.option_of[h]]:
                continue
            if kind == 0:
                if q >= 0 and below(s.rng, 4) == 0:
                    continue
                marked[s.option_of[h]] = 1
                picked[n] = s.option_of[h]
                n += 1
                continue
            at = 0
            while s.routes[r, SEQ, at] != s.option_of[h]:
                at += 1
            length = 1 + below(s.rng, min(size, s.lengths[r] - 2))
            start = at - below(s.rng, length)
            for i in range(max(1, start), min(s.lengths[r], start + length)):
                x = s.routes[r, SEQ, i]
                if x < n_options and not marked[x] and n < size:
                    marked[x] = 1
                    picked[n] = x
                    n += 1
    elif kind == 2:
        r = s.route_of[seed_group]
        if r < 0:
            r = below(s.rng, n_shifts)
        start = 1 + below(s.rng, s.lengths[r])
        for i in range(start, min(s.lengths[r], start + size)):
            x = s.routes[r, SEQ, i]
            if x < n_options:
                marked[x] = 1
                picked[n] = x
                n += 1
    else:
        for _ in range(size):
            best = -1
            best_score = 1e300
            for _try in range(1 if kind == 4 else 6):
                g = below(s.rng, n_groups)
                r = s.route_of[g]
                if r < 0 or marked[s.option_of[g]]:
                    continue
                at = 1
                while s.routes[r, SEQ, at] != s.option_of[g]:
                    at += 1
                k = a.kind[r]
                u, v, w = s.routes[r, NOD, at - 1], s.routes[r, NOD, at], s.routes[r, NOD, at + 1]
                cost = a.travel[k, u, v] + a.travel[k, v, w] - a.travel[k, u, w]
                cost += a.elements[s.option_of[g], 2] + 1
                score = np.float64(a.prize[s.option_of[g]]) / np.float64(max(1, cost))
                if score < best_score:
                    best_score = score
                    best = s.option_of[g]
            if best >= 0:
                marked[best] = 1
                picked[n] = best
                n += 1
    return n


@_inline
def touch(s, r, stamp, n_touched, touched, touched_at, saved, saved_facts, saved_worth):
    """Copy route r before its first change in this step; how many routes are touched now."""
    if touched_at[r] == stamp:
        return n_touched
    touched_at[r] = stamp
    touched[n_touched] = r
    saved_facts[n_touched, 0] = s.lengths[r]
    saved_facts[n_touched, 1] = s.ends[r]
    for q in range(3):
        saved_worth[n_touched, q] = s.worth[r, q]
    for row in range(N_ROWS):
        for i in range(s.lengths[r]):
            saved[n_touched, row, i] = s.routes[r, row, i]
    return n_touched + 1


@_jit
def anneal(a, s, pool, work, n_steps, heat, cooling, travel_price, must_bonus, max_size, floor):
    """
    Do `n_steps` steps of ruin and recreate.

    Parameters
    ----------
    heat, cooling
        Temperature in hundredths at the first step, and its factor for each 64 steps.
    travel_price
        Hundredths that a second of travel costs in what is annealed; the best is kept by the exact order.
    """
    n_groups = s.route_of.shape[0]
    n_options = a.group.shape[0]
    n_shifts = s.lengths.shape[0]
    marked, picked, touched, touched_at, saved, saved_facts, saved_worth, log, cand, cand_f, rows, spare = work
    if n_groups == 0:
        return heat
    served_size = 0
    for step in range(n_steps):
        if step % 64 == 63:
            heat *= cooling
        s.counts[1] += 1
        stamp = s.counts[1]
        old_must, old_prize, old_travel = s.total[MUST], s.total[PRIZE], s.total[TRAVEL]
        n_touched = 0
        n_log = 0
        # ruin
        served_size = n_groups - s.counts[0]
        limit = max(1, min(max_size, served_size // 2 + 1, picked.shape[0]))
        size = 1 + below(s.rng, limit)
        dice = below(s.rng, 16)
        wanted = -1
        seed_group = below(s.rng, n_groups)
        if s.counts[0] > 0 and dice < 6:
            wanted = s.unserved[below(s.rng, s.counts[0])]
            seed_group = wanted
        if dice < 5:
            kind = 0
        elif dice < 10:
            kind = 1
        elif dice < 13:
            kind = 2
        elif dice < 15:
            kind = 3
        else:
            kind = 4
        n_picked = mark_ruin(a, s, kind, size, seed_group, marked, picked)
        for q in range(n_picked):
            r = s.route_of[a.group[picked[q]]]
            n_touched = touch(s, r, stamp, n_touched, touched, touched_at, saved, saved_facts, saved_worth)
        if n_picked == 0:
            only = below(s.rng, n_shifts)
            for r in range(n_shifts):
                if r == only or s.counts[0] == n_groups:
                    n_touched = touch(s, r, stamp, n_touched, touched, touched_at, saved, saved_facts, saved_worth)
        for q in range(n_picked):
            x = picked[q]
            g = a.group[x]
            r = s.route_of[g]
            log[n_log, 0] = g
            log[n_log, 1] = r
            log[n_log, 2] = x
            n_log += 1
            s.worth[r, PRIZE] -= a.prize[x]
            s.worth[r, MUST] -= a.weight[g]
            set_group(g, -1, -1, s.route_of, s.option_of, s.unserved, s.unserved_at, s.counts, s.used, a.use)
        for q in range(n_touched):
            r = touched[q]
            drop_marked(s.routes, s.lengths, s.ends, r, marked, n_options)
            t = evaluate(s.routes, r, s.lengths[r], a.travel, a.kind[r], a.elements)
            while t < 0:  # only where travel breaks the triangle inequality
                at = 1 + below(s.rng, s.lengths[r] - 1)
                x = s.routes[r, SEQ, at]
                if x >= n_options:
                    continue
                g = a.group[x]
                log[n_log, 0] = g
                log[n_log, 1] = r
                log[n_log, 2] = x
                n_log += 1
                s.worth[r, PRIZE] -= a.prize[x]
                s.worth[r, MUST] -= a.weight[g]
                set_group(g, -1, -1, s.route_of, s.option_of, s.unserved, s.unserved_at, s.counts, s.used, a.use)
                marked[x] = 1
                drop_marked(s.routes, s.lengths, s.ends, r, marked, n_options)
                t = evaluate(s.routes, r, s.lengths[r], a.travel, a.kind[r], a.elements)
            s.worth[r, TRAVEL] = t
            if s.lengths[r] > s.ends[r] + 1 or s.lengths[r] > 2:
                has_break = False
                for i in range(1, s.lengths[r]):
                    has_break = has_break or a.elements[s.routes[r, SEQ, i], 3] < 0
                if has_break and below(s.rng, 2) == 0:
                    place_breaks(
                        s.routes, s.lengths, s.ends, r, a.kind[r], a.travel, a.elements, n_options, spare, s.rng
                    )
        # recreate
        mode = below(s.rng, 4)
        w_travel, w_wait, w_dwell = 1.0, 0.0, 0.0
        if mode == 1:
            w_travel, w_wait, w_dwell = 0.1, 1.0, 0.0
        elif mode == 2:
            w_travel, w_wait, w_dwell = 1.0, 0.3, 1.0
        elif mode == 3:
            w_travel, w_wait, w_dwell = 0.5, 0.5, 0.0
        power = 1 + below(s.rng, 2)
        noise = 0.1 + 0.8 * unit(s.rng)
        n_base = n_touched
        n_cand = 0
        for u in range(s.counts[0]):
            g = s.unserved[u]
            fits = True
            for q in range(s.used.shape[0]):
                fits = fits and s.used[q] + a.use[g, q] <= a.capacity[q]
            if not fits:
                continue
            was = -1
            for q in range(n_log):
                if log[q, 0] == g:
                    was = q
                    break
            factor = 1.0 + noise * (unit(s.rng) - 0.5) * 2.0
            if g == wanted:
                factor *= 4.0
            n_rows = n_base
            if was >= 0 and was < rows.shape[0]:
                if n_shifts <= 6:
                    n_rows = n_shifts
                    for r in range(n_shifts):
                        rows[was, r] = r
                else:
                    for q in range(n_base):
                        rows[was, q] = touched[q]
                    for q in range(min(12, a.near.shape[1])):
                        r = s.route_of[a.near[g, q]]
                        if r < 0:
                            continue
                        is_new = True
                        for p in range(n_rows):
                            is_new = is_new and rows[was, p] != r
                        if is_new:
                            rows[was, n_rows] = r
                            n_rows += 1
                    r = below(s.rng, n_shifts)
                    is_new = True
                    for p in range(n_rows):
                        is_new = is_new and rows[was, p] != r
                    if is_new:
                        rows[was, n_rows] = r
                        n_rows += 1
            else:
                was = -1
            best = 0.0
            best_r = -1
            best_at = 0
            best_x = -1
            for p in range(n_rows):
                r = rows[was, p] if was >= 0 else touched[p]
                score, at, x = best_of_group(a, s, r, g, w_travel, w_wait, w_dwell, floor, power, must_bonus)
                if score > best:
                    best, best_r, best_at, best_x = score, r, at, x
            if best_r >= 0:
                cand[n_cand, 0] = g
                cand[n_cand, 1] = best_r
                cand[n_cand, 2] = best_at
                cand[n_cand, 3] = best_x
                cand[n_cand, 4] = was
                cand[n_cand, 5] = n_rows
                cand_f[n_cand, 0] = best * factor
                cand_f[n_cand, 1] = factor
                n_cand += 1
        while n_cand > 0:
            c = 0
            for q in range(1, n_cand):
                if cand_f[q, 0] > cand_f[c, 0]:
                    c = q
            g, r, at, x = cand[c, 0], cand[c, 1], cand[c, 2], cand[c, 3]
            n_cand -= 1
            for q in range(6):
                cand[c, q] = cand[n_cand, q]
            cand_f[c, 0] = cand_f[n_cand, 0]
            cand_f[c, 1] = cand_f[n_cand, 1]
            fits = True
            for q in range(s.used.shape[0]):
                fits = fits and s.used[q] + a.use[g, q] <= a.capacity[q]
            if not fits:
                continue
            n_touched = touch(s, r, stamp, n_touched, touched, touched_at, saved, saved_facts, saved_worth)
            put(s.routes, s.lengths, r, at, x)
            s.ends[r] += 1
            s.worth[r, TRAVEL] = evaluate(s.routes, r, s.lengths[r], a.travel, a.kind[r], a.elements)
            s.worth[r, PRIZE] += a.prize[x]
            s.worth[r, MUST] += a.weight[g]
            log[n_log, 0] = g
            log[n_log, 1] = -1
            log[n_log, 2] = -1
            n_log += 1
            set_group(g, r, x, s.route_of, s.option_of, s.unserved, s.unserved_at, s.counts, s.used, a.use)
            is_base = False
            for p in range(n_base):
                is_base = is_base or touched[p] == r
            q = 0
            while q < n_cand:
                h = cand[q, 0]
                was = cand[q, 4]
                is_lost = False
                if cand[q, 1] == r:
                    position = cand[q, 2]
                    if position == at:
                        is_lost = True
                    else:
                        if position > at:
                            position += 1
                            cand[q, 2] = position
                        is_lost = (
                            fit(
                                s.routes,
                                r,
                                position - 1,
                                a.kind[r],
                                a.travel,
                                a.arrivals,
                                a.elements,
                                cand[q, 3],
                                w_travel,
                                w_wait,
                                w_dwell,
                            )
                            >= NOWHERE
                        )
                is_seen = is_base
                if was >= 0:
                    is_seen = False
                    for p in range(cand[q, 5]):
                        is_seen = is_seen or rows[was, p] == r
                if is_seen:
                    score, position, option = best_beside(
                        a, s, r, at, h, w_travel, w_wait, w_dwell, floor, power, must_bonus
                    )
                    score *= cand_f[q, 1]
                    if score > (0.0 if is_lost else cand_f[q, 0]):
                        is_lost = False
                        cand[q, 1] = r
                        cand[q, 2] = position
                        cand[q, 3] = option
                        cand_f[q, 0] = score
                if is_lost:
                    best = 0.0
                    best_r = -1
                    best_at = 0
                    best_x = -1
                    for p in range(cand[q, 5]):
                        other = rows[was, p] if was >= 0 else touched[p]
                        score, position, option = best_of_group(
                            a, s, other, h, w_travel, w_wait, w_dwell, floor, power, must_bonus
                        )
                        if score > best:
                            best, best_r, best_at, best_x = score, other, position, option
                    if best_r < 0:
                        n_cand -= 1
                        for p in range(6):
                            cand[q, p] = cand[n_cand, p]
                        cand_f[q, 0] = cand_f[n_cand, 0]
                        cand_f[q, 1] = cand_f[n_cand, 1]
                        continue
                    cand[q, 1] = best_r
                    cand[q, 2] = best_at
                    cand[q, 3] = best_x
                    cand_f[q, 0] = best * cand_f[q, 1]
                q += 1
        # keep or undo
        for q in range(n_touched):
            r = touched[q]
            for p in range(3):
                s.total[p] += s.worth[r, p] - saved_worth[q, p]
        gain = np.float64(s.total[PRIZE] - old_prize) + must_bonus * np.float64(s.total[MUST] - old_must)
        gain -= travel_price * np.float64(s.total[TRAVEL] - old_travel)
        if gain >= 0.0 or gain > -heat * a.logs[below(s.rng, a.logs.shape[0])]:
            if gain > 0.0:
                s.counts[2] += 1
                for q in range(n_touched):
                    r = touched[q]
                    key = a.class_key[a.shift_class[r]]
                    for i in range(s.lengths[r]):
                        x = s.routes[r, SEQ, i]
                        if x < n_options:
                            key += a.option_key[x]
                    for i in range(s.lengths[r]):
                        spare[i] = s.routes[r, SEQ, i]
                    remember(
                        pool.routes,
                        pool.facts,
                        pool.keys,
                        pool.table,
                        pool.counts,
                        spare,
                        s.lengths[r],
                        a.shift_class[r],
                        key,
                        s.worth,
                        r,
                        stamp,
                    )
            if is_better(s.total, s.best_total):
                s.counts[3] += 1
                keep_best(s)
        else:
            for q in range(n_log - 1, -1, -1):
                set_group(
                    log[q, 0],
                    log[q, 1],
                    log[q, 2],
                    s.route_of,
                    s.option_of,
                    s.unserved,
                    s.unserved_at,
                    s.counts,
                    s.used,
                    a.use,
                )
            for q in range(n_touched):
                r = touched[q]
                s.lengths[r] = saved_facts[q, 0]
                s.ends[r] = saved_facts[q, 1]
                for p in range(3):
                    s.worth[r, p] = saved_worth[q, p]
                for row in range(N_ROWS):
                    for i in range(s.lengths[r]):
                        s.routes[r, row, i] = saved[q, row, i]
            s.total[MUST], s.total[PRIZE], s.total[TRAVEL] = old_must, old_prize, old_travel
    return heat
