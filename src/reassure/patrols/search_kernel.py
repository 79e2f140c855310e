"""The inner loop of the search: ruin and recreate on flat arrays, compiled.

Rules: how a plan is taken apart and put together again, and when the result is kept. A route is a row of
*elements*: its start base, visits (options) and breaks in order, its end base, perhaps breaks after that.
An element has an earliest and latest start, a length and a node; a break has no node, it is where the
element before it is. Earliest and latest starts stand beside each element, so that an insertion is checked
without walking the route. Decisions rest on integers and on IEEE sums, products and quotients only: the
same on every machine. Elsewhere: making the arrays (`search_model`), the loop around this (`search`).
"""

from typing import Any

import numpy as np
from numba import njit

SEQ, NOD, ES, DEP, LS, GAP, LIMIT = 0, 1, 2, 3, 4, 5, 6
"""
Rows of `routes[r]`, each (length,): element, node, earliest start, its end, latest start; and for something put
behind the element the seconds that are free until the next visit has to start, and when that is.
"""
N_ROWS = 7
E, L, D, NODE, NEED = 0, 1, 2, 3, 4
"""Columns of `elements`: earliest start, latest start, length, node or -1, and length with the shortest legs."""
BY_TRAVEL, BY_WAIT, BY_DWELL, FLOOR, POWER, NOISE = 0, 1, 2, 3, 4, 5
"""
Entries of `mix`: what a second of each costs when visits compete, seconds added to every cost, 1 or 2 for the
power of the prize, and by how much the scores of several options of one place are shaken.
"""
NOWHERE = 1e300
N_LOG_TERMS, LN_2 = 18, 0.6931471805599453
"""Terms of the series, the last below 2**-57 of the sum; and the natural logarithm of 2."""
MUST, PRIZE, TRAVEL = 0, 1, 2
"""What a route or a plan is worth: weight of locks and must-visits served, hundredths, seconds travelled."""
OPTIONS = {"cache": True, "nogil": True, "error_model": "numpy", "boundscheck": False, "_nrt": False}
"""No memory is taken and no reference counted inside: every array is made before, and changed in place."""

_njit: Any = njit

compiled = _njit(**OPTIONS)
"""For functions that Python calls."""
inner = _njit(**OPTIONS, no_cpython_wrapper=True, no_cfunc_wrapper=True)
"""For functions that compiled ones call; they build in half the time."""
inlined = _njit(**OPTIONS, no_cpython_wrapper=True, no_cfunc_wrapper=True, forceinline=True)
"""For functions that are called for every place: passing a table costs more than reading it."""


@inlined
def draw(rng):
    """The next 64 random bits (xorshift64*)."""
    x = rng[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    rng[0] = x
    return x * np.uint64(2685821657736338717)


@inlined
def below(rng, n):
    """A random integer from 0 to n - 1; n at most 2**31."""
    return np.int64(((draw(rng) >> np.uint64(33)) * np.uint64(n)) >> np.uint64(31))


@inlined
def unit(rng):
    """A random number from 0 to 1, 1 excluded."""
    return np.float64(draw(rng) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


def natural_log(m: Any, exponent: Any) -> Any:
    """
    The natural logarithm of m 2**exponent, m from 1/2 to 1: sums, products and quotients, the same on every machine.

    ln m = 2 artanh((m - 1)/(m + 1)), a series that gains a decimal digit a term.
    """
    s = (m - 1.0) / (m + 1.0)
    series = 0.0 * s
    for power in range(2 * N_LOG_TERMS - 1, 0, -2):
        series = series * s * s + 1.0 / power
    return 2.0 * s * series + exponent * LN_2


@inner
def evaluate(routes, r, n, travel, k, elements):
    """Time route r of n elements with matrix k; seconds travelled, or -1 where it cannot be driven."""
    x = routes[r, SEQ, 0]
    node = elements[x, NODE]
    t = elements[x, E]
    routes[r, NOD, 0] = node
    routes[r, ES, 0] = t
    routes[r, DEP, 0] = t
    total = 0
    for i in range(1, n):
        x = routes[r, SEQ, i]
        to = elements[x, NODE]
        if to >= 0:
            leg = travel[k, node, to]
            total += leg
            t += leg
            node = to
        t = max(t, elements[x, E])
        if t > elements[x, L]:
            return -1
        routes[r, NOD, i] = node
        routes[r, ES, i] = t
        t += elements[x, D]
        routes[r, DEP, i] = t
    x = routes[r, SEQ, n - 1]
    late = elements[x, L]
    routes[r, LS, n - 1] = late
    limit = late
    for i in range(n - 2, -1, -1):
        if elements[x, NODE] >= 0:
            limit = late
        routes[r, LIMIT, i] = limit
        routes[r, GAP, i] = limit - routes[r, DEP, i]
        x = routes[r, SEQ, i]
        late -= travel[k, routes[r, NOD, i], routes[r, NOD, i + 1]] + elements[x, D]
        late = min(late, elements[x, L])
        routes[r, LS, i] = late
    return total


@inlined
def fit(routes, r, i, k, travel, arrivals, elements, x, mix):
    """
    What it costs to put option x after position i of route r, before the end base; NOWHERE where it does not fit.

    Cost is added travel, time by which the next visit is put off, and dwell, as `mix` weighs them.
    """
    node = elements[x, NODE]
    before = routes[r, NOD, i]
    leg_in = arrivals[k, node, before]
    t = routes[r, DEP, i] + leg_in
    if t > elements[x, L]:
        return NOWHERE
    t = max(t, elements[x, E])
    t += elements[x, D]
    j = i + 1
    y = routes[r, SEQ, j]
    while elements[y, NODE] < 0:
        t = max(t, elements[y, E])
        if t > elements[y, L]:
            return NOWHERE
        t += elements[y, D]
        j += 1
        y = routes[r, SEQ, j]
    after = routes[r, NOD, j]
    leg_out = travel[k, node, after]
    t += leg_out
    if t > routes[r, LS, j]:
        return NOWHERE
    pushed = max(0, t - routes[r, ES, j])
    added = leg_in + leg_out - travel[k, before, after]
    return mix[BY_TRAVEL] * added + mix[BY_WAIT] * pushed + mix[BY_DWELL] * elements[x, D]


@inlined
def insertion(routes, r, end, k, travel, arrivals, elements, x, mix):
    """
    The cheapest place for option x in route r, whose end base stands at position `end`.

    Returns
    -------
    cost, position
        Position of the new element, or 0 where it fits nowhere.
    """
    last, need = elements[x, L], elements[x, NEED]
    ready = elements[x, E] + elements[x, D]
    best_cost = NOWHERE
    best = 0
    for i in range(end):
        if routes[r, DEP, i] > last:
            break
        if routes[r, GAP, i] < need or routes[r, LIMIT, i] < ready:
            continue
        cost = fit(routes, r, i, k, travel, arrivals, elements, x, mix)
        if cost < best_cost:
            best_cost = cost
            best = i + 1
    return best_cost, best


@inner
def put(routes, lengths, r, position, x):
    """Make x the element at `position` of route r; those behind move on. The route is not timed."""
    for i in range(lengths[r], position, -1):
        routes[r, SEQ, i] = routes[r, SEQ, i - 1]
    routes[r, SEQ, position] = x
    lengths[r] += 1


@inner
def break_position(routes, r, start, n, k, travel, elements, b, is_random, rng):
    """After which position from `start` break b puts off the next element least, or just fits; -1 for none."""
    best = -1
    best_cost = 0
    n_fitting = 0
    for i in range(start, n):
        t = routes[r, DEP, i]
        if t > elements[b, L]:
            break
        t = max(t, elements[b, E]) + elements[b, D]
        cost = t - routes[r, DEP, i]
        if i + 1 < n:
            t += travel[k, routes[r, NOD, i], routes[r, NOD, i + 1]]
            if t > routes[r, LS, i + 1]:
                continue
            cost = max(0, t - routes[r, ES, i + 1])
        n_fitting += 1
        if is_random:
            is_taken = below(rng, n_fitting) == 0
        else:
            is_taken = best < 0 or cost < best_cost or (cost == best_cost and below(rng, 2) == 0)
        if is_taken:
            best = i
            best_cost = cost
    return best


@inner
def place_breaks(routes, lengths, ends, r, k, travel, elements, spare, rng):
    """Move the breaks of a timed route, to where they put off least or anywhere; left as they were where that fails."""
    is_random = below(rng, 2) == 0
    n = lengths[r]
    for i in range(n):
        spare[i] = routes[r, SEQ, i]
    old_end = ends[r]
    m = 0
    for i in range(n):
        x = spare[i]
        if elements[x, NODE] >= 0:
            routes[r, SEQ, m] = x
            m += 1
    lengths[r] = m
    ends[r] = m - 1
    ok = evaluate(routes, r, m, travel, k, elements) >= 0
    start = 0
    for q in range(n):
        b = spare[q]
        if not ok or elements[b, NODE] >= 0:
            continue
        best = break_position(routes, r, start, lengths[r], k, travel, elements, b, is_random, rng)
        if best < 0:
            ok = False
            break
        put(routes, lengths, r, best + 1, b)
        if best < ends[r]:
            ends[r] += 1
        start = best + 1
        ok = evaluate(routes, r, lengths[r], travel, k, elements) >= 0
    if not ok:
        for i in range(n):
            routes[r, SEQ, i] = spare[i]
        lengths[r] = n
        ends[r] = old_end
        evaluate(routes, r, n, travel, k, elements)
    return ok


@inner
def drop_marked(routes, lengths, ends, r, marked, n_options):
    """Take the marked options out of route r and clear their marks; the route is not timed."""
    m = 0
    for i in range(lengths[r]):
        x = routes[r, SEQ, i]
        if x < n_options and marked[x]:
            marked[x] = 0
            continue
        if i == ends[r]:
            end = m
        routes[r, SEQ, m] = x
        m += 1
    lengths[r] = m
    ends[r] = end
