"""Putting visits into a plan: the best prize for the seconds it costs comes first, compiled.

Rules: unserved places compete for the routes that were touched, and those just taken out for the routes of
their neighbours too. Scores carry noise. After each insertion only what it changed is looked at again: the two
new gaps for everybody, everything for those who lost their place.
"""

from reassure.patrols.search_kernel import (
    BY_DWELL,
    BY_TRAVEL,
    BY_WAIT,
    FLOOR,
    GAP,
    MUST,
    NEED,
    NOISE,
    NOWHERE,
    POWER,
    PRIZE,
    TRAVEL,
    below,
    evaluate,
    fit,
    inlined,
    inner,
    insertion,
    put,
    unit,
)
from reassure.patrols.search_ruin import N_CAND, N_LOG, N_TOUCHED, WANTED, set_group, touch

N_NEAR_ROUTES = 12
"""Neighbours whose routes a visit that was taken out may join."""
FIRST = 1e9
"""Factor that puts must-visits and locks before all others."""
FEW_SHIFTS = 6
"""With so many shifts at most, it may join any."""


@inlined
def score_of(gain, cost, mix):
    """What an insertion is worth: its prize, or the square of it, for its cost."""
    return (gain * gain if mix[POWER] == 2.0 else gain) / (cost + mix[FLOOR])


@inlined
def best_in_route(routes, r, end, k, travel, arrivals, elements, prize, weight, may, first, g, mix, found, rng):
    """Score of the best way to put group g into route r, 0 where there is none; the way is left in `found`."""
    best = 0.0
    is_shaken = mix[NOISE] > 0.0 and first[g + 1] - first[g] > 1
    for x in range(first[g], first[g + 1]):
        gain = prize[x] + min(weight[g], 1)
        if may[r, x] and gain > 0.0:
            cost, position = insertion(routes, r, end, k, travel, arrivals, elements, x, mix)
            if position > 0:
                score = score_of(gain, cost, mix)
                if is_shaken:
                    score *= 1.0 - mix[NOISE] * unit(rng)
                if score > best:
                    best = score
                    found[0] = position
                    found[1] = x
                    found[2] = r
    return best


@inlined
def best_beside(routes, r, at, k, travel, arrivals, elements, prize, weight, may, first, g, mix, found, rng):
    """The same as `best_in_route`, but only just before and just behind the element at position `at`."""
    best = 0.0
    is_shaken = mix[NOISE] > 0.0 and first[g + 1] - first[g] > 1
    for x in range(first[g], first[g + 1]):
        gain = prize[x] + min(weight[g], 1)
        if may[r, x] and gain > 0.0:
            for i in range(at - 1, at + 1):
                if routes[r, GAP, i] < elements[x, NEED]:
                    continue
                cost = fit(routes, r, i, k, travel, arrivals, elements, x, mix)
                if cost < NOWHERE:
                    score = score_of(gain, cost, mix)
                    if is_shaken:
                        score *= 1.0 - mix[NOISE] * unit(rng)
                    if score > best:
                        best = score
                        found[0] = i + 1
                        found[1] = x
                        found[2] = r
    return best


@inlined
def best_anywhere(a, s, w, g, row, n_rows):
    """Score of the best way for group g into the routes of its row, or the touched ones; left in `Work.found`."""
    best = 0.0
    position, option, route = 0, -1, -1
    for p in range(n_rows):
        r = w.rows[row, p] if row >= 0 else w.touched[p]
        score = best_in_route(
            s.routes,
            r,
            s.ends[r],
            a.kind[r],
            a.travel,
            a.arrivals,
            a.elements,
            a.prize,
            a.weight,
            a.may,
            a.first,
            g,
            w.mix,
            w.found,
            s.rng,
        )
        if score > best:
            best = score
            position, option, route = w.found[0], w.found[1], w.found[2]
    w.found[0] = position
    w.found[1] = option
    w.found[2] = route
    return best


@inlined
def has_room(used, use, capacity, g):
    """Whether the shared limits allow group g."""
    for q in range(used.shape[0]):
        if used[q] + use[g, q] > capacity[q]:
            return False
    return True


@inlined
def list_routes(near, route_of, touched, n_base, rows, row, g, n_shifts, rng):
    """Write down the routes that group g, just taken out, may join; how many."""
    n = 0
    if n_shifts <= FEW_SHIFTS:
        for r in range(n_shifts):
            rows[row, r] = r
        return n_shifts
    for q in range(n_base):
        rows[row, q] = touched[q]
    n = n_base
    for q in range(min(N_NEAR_ROUTES, near.shape[1]) + 1):
        r = below(rng, n_shifts) if q == 0 else route_of[near[g, q - 1]]
        is_new = r >= 0
        for p in range(n):
            is_new = is_new and rows[row, p] != r
        if is_new:
            rows[row, n] = r
            n += 1
    return n


@inner
def survey(a, s, w):
    """Find the best way in for every unserved group; those with one become candidates."""
    n_base = w.tally[N_TOUCHED]
    noise = 0.1 + 0.8 * unit(s.rng)
    n = 0
    for u in range(s.counts[0]):
        g = s.unserved[u]
        if not has_room(s.used, a.use, a.capacity, g):
            continue
        row = -1
        for q in range(min(w.tally[N_LOG], w.rows.shape[0])):
            if w.log[q, 0] == g:
                row = q
        n_rows = n_base
        if row >= 0:
            n_rows = list_routes(a.near, s.route_of, w.touched, n_base, w.rows, row, g, s.lengths.shape[0], s.rng)
        score = best_anywhere(a, s, w, g, row, n_rows)
        if score > 0.0:
            factor = 1.0 + noise * (2.0 * unit(s.rng) - 1.0)
            if g == w.tally[WANTED]:
                factor *= 4.0
            if a.weight[g] > 0:
                factor *= FIRST * a.weight[g]
            w.cand[n, 0] = g
            w.cand[n, 1] = w.found[2]
            w.cand[n, 2] = w.found[0]
            w.cand[n, 3] = w.found[1]
            w.cand[n, 4] = row
            w.cand[n, 5] = n_rows
            w.cand_score[n, 0] = score * factor
            w.cand_score[n, 1] = factor
            n += 1
    w.tally[N_CAND] = n


@inner
def forget(cand, cand_score, tally, c):
    """Candidate c leaves; the last takes its place."""
    tally[N_CAND] -= 1
    n = tally[N_CAND]
    for q in range(6):
        cand[c, q] = cand[n, q]
    cand_score[c, 0] = cand_score[n, 0]
    cand_score[c, 1] = cand_score[n, 1]


@inner
def take_in(a, s, w, g, r, at, x, stamp):
    """Put option x of group g at position `at` of route r, and time the route."""
    touch(s.routes, s.lengths, s.ends, s.worth, r, stamp, w.touched, w.touched_at, w.saved, w.saved_facts, w.tally)
    put(s.routes, s.lengths, r, at, x)
    s.ends[r] += 1
    s.worth[r, TRAVEL] = evaluate(s.routes, r, s.lengths[r], a.travel, a.kind[r], a.elements)
    s.worth[r, PRIZE] += a.prize[x]
    s.worth[r, MUST] += a.weight[g]
    n = w.tally[N_LOG]
    w.tally[N_LOG] = n + 1
    w.log[n, 0] = g
    w.log[n, 1] = -1
    w.log[n, 2] = -1
    set_group(g, r, x, s.route_of, s.option_of, s.unserved, s.unserved_at, s.counts, s.used, a.use)


@inlined
def is_among(rows, row, n, r):
    """Whether route r is one of the first n of a row."""
    for p in range(n):
        if rows[row, p] == r:
            return True
    return False


@inlined
def look_again(a, s, w, c, r, at, is_base):
    """Bring candidate c up to date after an insertion at position `at` of route r; False where it fits nowhere now."""
    g, row = w.cand[c, 0], w.cand[c, 4]
    is_lost = False
    if w.cand[c, 1] == r:
        position = w.cand[c, 2]
        if position > at:
            w.cand[c, 2] = position + 1
            position += 1
        elif position == at:
            is_lost = True
        is_lost = is_lost or (
            fit(s.routes, r, position - 1, a.kind[r], a.travel, a.arrivals, a.elements, w.cand[c, 3], w.mix) >= NOWHERE
        )
    score = 0.0
    if is_base if row < 0 else is_among(w.rows, row, w.cand[c, 5], r):
        score = w.cand_score[c, 1] * best_beside(
            s.routes,
            r,
            at,
            a.kind[r],
            a.travel,
            a.arrivals,
            a.elements,
            a.prize,
            a.weight,
            a.may,
            a.first,
            g,
            w.mix,
            w.found,
            s.rng,
        )
        if not is_lost and score <= w.cand_score[c, 0]:
            return True
    elif not is_lost:
        return True
    if score <= 0.0:
        score = w.cand_score[c, 1] * best_anywhere(a, s, w, g, row, w.cand[c, 5])
        if score <= 0.0:
            return False
    w.cand[c, 1] = w.found[2]
    w.cand[c, 2] = w.found[0]
    w.cand[c, 3] = w.found[1]
    w.cand_score[c, 0] = score
    return True


@inner
def refresh(a, s, w, r, at, is_base):
    """Bring every candidate up to date after an insertion at position `at` of route r."""
    c = 0
    while c < w.tally[N_CAND]:
        if look_again(a, s, w, c, r, at, is_base):
            c += 1
        else:
            forget(w.cand, w.cand_score, w.tally, c)


@inner
def draw_mix(mix, rng):
    """Draw how travel, waiting and dwell are weighed in this step, and the power of the prize."""
    mode = below(rng, 4)
    mix[BY_TRAVEL] = 1.0
    mix[BY_WAIT] = 0.0
    mix[BY_DWELL] = 0.0
    if mode == 1:
        mix[BY_TRAVEL] = 0.1
        mix[BY_WAIT] = 1.0
    elif mode == 2:
        mix[BY_WAIT] = 0.3
        mix[BY_DWELL] = 1.0
    elif mode == 3:
        mix[BY_TRAVEL] = 0.5
        mix[BY_WAIT] = 0.5
    mix[POWER] = 1.0 + below(rng, 2)
    mix[NOISE] = 0.9 if below(rng, 2) == 0 else 0.0


@inner
def recreate(a, s, w, stamp):
    """Put visits in, the best score first, until nothing fits."""
    draw_mix(w.mix, s.rng)
    n_base = w.tally[N_TOUCHED]
    survey(a, s, w)
    while w.tally[N_CAND] > 0:
        c = 0
        for q in range(1, w.tally[N_CAND]):
            if w.cand_score[q, 0] > w.cand_score[c, 0]:
                c = q
        g, r, at, x = w.cand[c, 0], w.cand[c, 1], w.cand[c, 2], w.cand[c, 3]
        forget(w.cand, w.cand_score, w.tally, c)
        if not has_room(s.used, a.use, a.capacity, g):
            continue
        take_in(a, s, w, g, r, at, x, stamp)
        is_base = False
        for p in range(n_base):
            is_base = is_base or w.touched[p] == r
        refresh(a, s, w, r, at, is_base)
