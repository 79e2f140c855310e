"""What it would take to add one more visit to a plan, compiled: what to drop, or how much longer to stay.

Rules: the cheapest way to put an option into each route when visits that follow each other are dropped for
it, and the fewest extra seconds of shift or of window with which it fits for nothing. Rows and columns are
those of `search_kernel`. Elsewhere: which reason is given, and in which words (`reasons`).
"""

import numpy as np

from reassure.patrols.search_kernel import DEP, LS, NOD, NODE, SEQ, D, E, L, compiled, inner

MAX_DROPPED = 4
"""Visits that are dropped for one, at most; more makes no sense to read."""
NEVER_S = 10**8


@inner
def start_between(routes, r, i, j, k, travel, elements, x, breaks_first, is_late_allowed, is_early_allowed):
    """
    When option x would start between positions i and j of route r, breaks of that stretch kept; -1 where it fails.

    With `is_late_allowed` the latest start of x does not bind, with `is_early_allowed` the earliest does not.
    """
    t = routes[r, DEP, i]
    node = elements[x, NODE]
    before = routes[r, NOD, i]
    for is_before in (True, False):
        if is_before == breaks_first:
            for p in range(i + 1, j):
                y = routes[r, SEQ, p]
                if elements[y, NODE] < 0:
                    t = max(t, elements[y, E])
                    if t > elements[y, L]:
                        return -1
                    t += elements[y, D]
        if is_before:
            t += travel[k, before, node]
            if not is_early_allowed:
                t = max(t, elements[x, E])
            elif t < elements[x, E]:
                t = max(t, min(elements[x, E], routes[r, LS, j] - elements[x, D] - travel[k, node, routes[r, NOD, j]]))
            start = t
            if t > elements[x, L] and not is_late_allowed:
                return -1
            t += elements[x, D]
    t += travel[k, node, routes[r, NOD, j]]
    return start if t <= routes[r, LS, j] else -1


@compiled
def cheapest_swap(routes, ends, may, kind, travel, elements, worth, is_kept, x):
    """
    The visits that have to go for option x to fit, worth least in sum.

    Parameters
    ----------
    worth, is_kept
        (n_options,) what each visit earns, and whether it must not be dropped.

    Returns
    -------
    lost, route, i, j, start
        Visits strictly between positions i and j are dropped; route -1 where nothing fits.
    """
    n_options = worth.shape[0]
    best = (np.int64(NEVER_S), -1, 0, 0, 0)
    for r in range(ends.shape[0]):
        if not may[r, x]:
            continue
        for i in range(ends[r]):
            lost = np.int64(0)
            n_dropped = 0
            for j in range(i + 1, ends[r] + 1):
                y = routes[r, SEQ, j]
                if elements[y, NODE] < 0:
                    continue
                if lost < best[0]:
                    for breaks_first in (False, True):
                        start = start_between(routes, r, i, j, kind[r], travel, elements, x, breaks_first, False, False)
                        if start >= 0 and lost < best[0]:
                            best = (lost, r, i, j, start)
                if y >= n_options or is_kept[y] or n_dropped == MAX_DROPPED:
                    break
                lost += worth[y]
                n_dropped += 1
    return best


@compiled
def longer_shift(routes, lengths, ends, may, kind, travel, elements, x):
    """The fewest seconds that one shift has to end later for x to fit for nothing, and the route; NEVER_S if none."""
    best = (NEVER_S, -1)
    for r in range(ends.shape[0]):
        if not may[r, x]:
            continue
        k = kind[r]
        shift_end = elements[routes[r, SEQ, ends[r]], L]
        for i in range(ends[r]):
            t = routes[r, DEP, i] + travel[k, routes[r, NOD, i], elements[x, NODE]]
            t = max(t, elements[x, E])
            if t > elements[x, L]:
                continue
            t += elements[x, D]
            node = elements[x, NODE]
            is_kept = True
            for j in range(i + 1, lengths[r]):
                y = routes[r, SEQ, j]
                if elements[y, NODE] >= 0:
                    t += travel[k, node, elements[y, NODE]]
                    node = elements[y, NODE]
                t = max(t, elements[y, E])
                if j < ends[r] and t > elements[y, L]:
                    is_kept = False
                    break
                t += elements[y, D]
            if is_kept and t - shift_end < best[0]:
                best = (max(0, t - shift_end), r)
    return best


@compiled
def wider_window(routes, ends, may, kind, travel, elements, x):
    """The fewest seconds by which the window of x has to be wider for it to fit for nothing, and the route."""
    best = (NEVER_S, -1)
    for r in range(ends.shape[0]):
        if not may[r, x]:
            continue
        for i in range(ends[r]):
            j = i + 1
            while elements[routes[r, SEQ, j], NODE] < 0:
                j += 1
            start = start_between(routes, r, i, j, kind[r], travel, elements, x, False, True, True)
            if start >= 0:
                short = max(start - elements[x, L], elements[x, E] - start, 0)
                if short < best[0]:
                    best = (short, r)
    return best
