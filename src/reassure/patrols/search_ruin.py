"""Taking visits out of a plan: which, and how the routes are left, compiled.

Rules: five ways to choose. Stretches of routes around a place; places related to one; a whole stretch of one
route; the worst prize for their seconds; any. Half of the places that the first two start from are unserved, so
that there is room where it is wanted.
"""

from reassure.patrols.search_kernel import (
    MUST,
    N_ROWS,
    NOD,
    PRIZE,
    SEQ,
    TRAVEL,
    D,
    below,
    drop_marked,
    evaluate,
    inner,
    place_breaks,
)

SPREAD, RELATED, STRETCH, WORST, ANY = 0, 1, 2, 3, 4
N_TOUCHED, N_LOG, N_CAND, WANTED = 0, 1, 2, 3
"""Entries of `Work.tally`."""


@inner
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


@inner
def touch(routes, lengths, ends, worth, r, stamp, touched, touched_at, saved, saved_facts, tally):
    """Copy route r before its first change in this step."""
    if touched_at[r] == stamp:
        return
    n = tally[N_TOUCHED]
    tally[N_TOUCHED] = n + 1
    touched_at[r] = stamp
    touched[n] = r
    for q in range(3):
        saved_facts[n, q] = worth[r, q]
    saved_facts[n, 3] = lengths[r]
    saved_facts[n, 4] = ends[r]
    for row in range(N_ROWS):
        for i in range(lengths[r]):
            saved[n, row, i] = routes[r, row, i]


@inner
def pick_around(seq, lengths, near, route_of, option_of, n_options, start, is_spread, size, rng, marked, picked):
    """Mark visits near group `start`, single or with their stretch of route; how many."""
    n = 0
    for q in range(-1, near.shape[1]):
        g = start if q < 0 else near[start, q]
        if n >= size:
            break
        r = route_of[g]
        if r < 0 or marked[option_of[g]]:
            continue
        if not is_spread:
            if q < 0 or below(rng, 4) > 0:
                marked[option_of[g]] = 1
                picked[n] = option_of[g]
                n += 1
            continue
        at = 0
        while seq[r, 0, at] != option_of[g]:
            at += 1
        length = 1 + below(rng, min(size, lengths[r] - 2))
        first = at - below(rng, length)
        for i in range(max(1, first), min(lengths[r], first + length)):
            x = seq[r, 0, i]
            if x < n_options and not marked[x] and n < size:
                marked[x] = 1
                picked[n] = x
                n += 1
    return n


@inner
def pick_stretch(seq, lengths, n_options, r, size, rng, marked, picked):
    """Mark visits that follow each other in route r; how many."""
    n = 0
    first = 1 + below(rng, lengths[r])
    for i in range(first, min(lengths[r], first + size)):
        x = seq[r, 0, i]
        if x < n_options:
            marked[x] = 1
            picked[n] = x
            n += 1
    return n


@inner
def pick_single(routes, kind, travel, elements, prize, route_of, option_of, n_draws, size, rng, marked, picked):
    """Mark `size` visits, each the worst prize for its seconds among `n_draws` drawn; how many."""
    n = 0
    for _ in range(size):
        worst = -1
        worst_score = 1e300
        for _draw in range(n_draws):
            g = below(rng, route_of.shape[0])
            r = route_of[g]
            if r < 0 or marked[option_of[g]]:
                continue
            x = option_of[g]
            if n_draws == 1:
                worst = x
                break
            at = 1
            while routes[r, SEQ, at] != x:
                at += 1
            k = kind[r]
            before, here, after = routes[r, NOD, at - 1], routes[r, NOD, at], routes[r, NOD, at + 1]
            cost = travel[k, before, here] + travel[k, here, after] - travel[k, before, after]
            score = prize[x] / (max(0, cost) + elements[x, D] + 1.0)
            if score < worst_score:
                worst_score = score
                worst = x
        if worst >= 0:
            marked[worst] = 1
            picked[n] = worst
            n += 1
    return n


@inner
def take_out(a, s, w, x):
    """Note that option x leaves its route; its row and times are not changed yet."""
    g = a.group[x]
    r = s.route_of[g]
    n = w.tally[N_LOG]
    w.tally[N_LOG] = n + 1
    w.log[n, 0] = g
    w.log[n, 1] = r
    w.log[n, 2] = x
    s.worth[r, PRIZE] -= a.prize[x]
    s.worth[r, MUST] -= a.weight[g]
    set_group(g, -1, -1, s.route_of, s.option_of, s.unserved, s.unserved_at, s.counts, s.used, a.use)


@inner
def close_up(a, s, w, r):
    """Drop the marked visits of route r and time it; where that cannot be driven, drop more."""
    n_options = a.group.shape[0]
    drop_marked(s.routes, s.lengths, s.ends, r, w.marked, n_options)
    t = evaluate(s.routes, r, s.lengths[r], a.travel, a.kind[r], a.elements)
    while t < 0:  # only where travel breaks the triangle inequality
        if s.lengths[r] == 2 + a.n_breaks[r]:
            s.ends[r] = a.idle_end[r]
            for i in range(s.lengths[r]):
                s.routes[r, SEQ, i] = a.idle[r, i]
            t = evaluate(s.routes, r, s.lengths[r], a.travel, a.kind[r], a.elements)
            break
        x = s.routes[r, SEQ, 1 + below(s.rng, s.lengths[r] - 1)]
        if x < n_options:
            take_out(a, s, w, x)
            w.marked[x] = 1
            drop_marked(s.routes, s.lengths, s.ends, r, w.marked, n_options)
            t = evaluate(s.routes, r, s.lengths[r], a.travel, a.kind[r], a.elements)
    s.worth[r, TRAVEL] = t
    if a.n_breaks[r] > 0 and below(s.rng, 2) == 0:
        place_breaks(s.routes, s.lengths, s.ends, r, a.kind[r], a.travel, a.elements, w.spare, s.rng)


@inner
def ruin(a, s, w, stamp, max_size):
    """Take visits out; `Work.tally` says how many routes were touched and which group has to come in."""
    n_options = a.group.shape[0]
    n_groups = s.route_of.shape[0]
    n_shifts = s.lengths.shape[0]
    w.tally[N_TOUCHED] = 0
    w.tally[N_LOG] = 0
    w.tally[WANTED] = -1
    n_served = n_groups - s.counts[0]
    size = 1 + below(s.rng, max(1, min(max_size, n_served // 2 + 1, w.picked.shape[0])))
    dice = below(s.rng, 16)
    start = below(s.rng, n_groups)
    if s.counts[0] > 0 and dice < 6:
        start = s.unserved[below(s.rng, s.counts[0])]
        w.tally[WANTED] = start
    n = 0
    if dice < 10:
        n = pick_around(
            s.routes,
            s.lengths,
            a.near,
            s.route_of,
            s.option_of,
            n_options,
            start,
            dice >= 5,
            size,
            s.rng,
            w.marked,
            w.picked,
        )
    elif dice < 13:
        r = s.route_of[start]
        if r < 0:
            r = below(s.rng, n_shifts)
        n = pick_stretch(s.routes, s.lengths, n_options, r, size, s.rng, w.marked, w.picked)
    else:
        n = pick_single(
            s.routes,
            a.kind,
            a.travel,
            a.elements,
            a.prize,
            s.route_of,
            s.option_of,
            6 if dice < 15 else 1,
            size,
            s.rng,
            w.marked,
            w.picked,
        )
    if n == 0:
        only = below(s.rng, n_shifts)
        for r in range(n_shifts):
            if r == only or n_served == 0:
                touch(
                    s.routes,
                    s.lengths,
                    s.ends,
                    s.worth,
                    r,
                    stamp,
                    w.touched,
                    w.touched_at,
                    w.saved,
                    w.saved_facts,
                    w.tally,
                )
    for q in range(n):
        r = s.route_of[a.group[w.picked[q]]]
        touch(s.routes, s.lengths, s.ends, s.worth, r, stamp, w.touched, w.touched_at, w.saved, w.saved_facts, w.tally)
    for q in range(n):
        take_out(a, s, w, w.picked[q])
    for q in range(w.tally[N_TOUCHED]):
        close_up(a, s, w, w.touched[q])
