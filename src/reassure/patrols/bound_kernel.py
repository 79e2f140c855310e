"""Which route earns most under given duals: completions by time cell, and labelling with ng-routes, compiled.

Rules: every number is a whole number (prizes and duals in 2**-14 hundredths), so that what is proved here is
proved exactly. A *label* is a partial route: where its last visit was, when it ended, how many breaks were taken,
what was earned, and which groups it still remembers (ng-route: Baldacci, Mingozzi & Roberti 2011,
doi 10.1287/opre.1110.0975). One label makes another needless when it is no later, has taken no fewer breaks, earns
no less and remembers nothing more. A *completion* is the best that can follow from a visit and a cell of time: no
group twice in a row, else no memory, time rounded in its favour; so it is never less than the truth.
Elsewhere: the arrays (`bound_routes`), the duals (`bound_master`).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reassure.patrols.search_kernel import compiled, inner

NEVER = -(2**60)
"""Profit of what cannot be."""
E, L, D = 0, 1, 2
"""Columns of `times` and `breaks`: earliest start, latest start, length; seconds."""
STATE, PARENT, NEXT, QUEUE = 0, 1, 2, 3
"""Columns of `links`: break count and node, label before, next in its cell of its state, next in its cell."""
EARNED, AT = 0, 1
"""Columns of `marks`: profit so far, end of the last visit or break."""
MEMORY, CUTS = 0, 1
"""Columns of `bits`: groups remembered, cuts touched an odd number of times."""


class ShiftArrays(NamedTuple):
    """What one class of shifts may do; nodes are its options, then its start base."""

    way: NDArray[np.int32]
    """(n + 1, n) seconds from node to option."""
    back: NDArray[np.int64]
    """(n + 1,) seconds to the end base."""
    times: NDArray[np.int64]
    """(n, 3)"""
    group: NDArray[np.int32]
    """(n + 1,); -2 of the start base."""
    breaks: NDArray[np.int64]
    """(n_breaks, 3)"""
    start_at: NDArray[np.int64]
    """(n_breaks + 1,): when the unit may leave with so many breaks taken first; -1 where it cannot."""
    late_end: NDArray[np.int64]
    """(n_breaks + 1,): latest arrival at the end base with so many breaks taken before; -1 where none works."""
    first_cell: NDArray[np.int64]
    """(n + 1,): cell before which no unit leaves the node."""
    last_cell: NDArray[np.int64]
    """(n_breaks + 1, n + 1): cell after which none leaves it, with so many breaks taken."""


class Duals(NamedTuple):
    """Prices under which routes compete."""

    profit: NDArray[np.int64]
    """(n,) of each option of the class."""
    touches: NDArray[np.uint64]
    """(n_groups,): the cuts that each group belongs to, one bit each."""
    penalty: NDArray[np.int64]
    """(n_cuts,)"""


class Tails(NamedTuple):
    """Completions: (n_breaks + 1, n + 1, n_cells); the best, the group it visits first, the best with another."""

    best: NDArray[np.int64]
    first: NDArray[np.int32]
    other: NDArray[np.int64]
    second: NDArray[np.int32]
    order: NDArray[np.int32]
    """(n_breaks + 1, n_cells, n): options by what at most is earned from them on if they come next, the best first."""
    worth: NDArray[np.int64]
    """Same shape: that profit, however long the way to them is."""


class Labels(NamedTuple):
    """Room for labels, made once; what stands here before a call has no meaning."""

    marks: NDArray[np.int64]
    links: NDArray[np.int32]
    bits: NDArray[np.uint64]


class Cells(NamedTuple):
    """Labels by state and cell of time, and by cell alone."""

    heads: NDArray[np.int32]
    """((n_breaks + 1) * (n + 1), n_cells): newest label, or -1."""
    most: NDArray[np.int64]
    """Same shape: the highest profit in it."""
    queue: NDArray[np.int32]
    """(n_cells, 2): first and last label."""


class Memory(NamedTuple):
    """Ng-sets: which groups a visit to a group can remember."""

    place: NDArray[np.int8]
    """(n_groups, n_groups): bit of the second in the set of the first, or -1; 0 for itself."""
    members: NDArray[np.int16]
    """(n_groups, 64): the group of each bit."""


@inner
def _offer(found, value, group):
    """Put a value with its first group into (best, group, other, group of other): the two best of unlike groups."""
    best, first, other, second = found
    if group == first:
        best = max(best, value)
    elif value > best:
        best, first, other, second = value, group, best, first
    elif value > other:
        other, second = value, group
    return best, first, other, second


@inner
def _tail_of_visits(a, profit, tails, b, i, t, t0, bits, found):
    """Offer every visit that may come next after node i at time t with b breaks taken."""
    n_cells = tails.best.shape[2]
    own = a.group[i]
    for j in range(len(profit)):
        if a.group[j] == own:
            continue
        s = t + a.way[i, j]
        if s > a.times[j, L]:
            continue
        k = (max(s, a.times[j, E]) + a.times[j, D] - t0) >> bits
        if k >= n_cells:
            continue
        value = tails.best[b, j, k] if tails.first[b, j, k] != own else tails.other[b, j, k]
        if value > NEVER:
            found = _offer(found, value + profit[j], a.group[j])
    return found


@compiled
def completions(a, profit, tails, t0, bits):
    """
    Fill `tails`: what can at most be earned after each node from each cell of time.

    A cell is 2**`bits` seconds, no more than any stay with the way to it, so that a visit ends in a later cell.
    """
    n = len(profit)
    n_breaks = len(a.breaks)
    n_cells = tails.best.shape[2]
    for k in range(n_cells - 1, -1, -1):
        t = t0 + (k << bits)
        for b in range(n_breaks, -1, -1):
            for i in range(n + 1):
                if k < a.first_cell[i] or k > a.last_cell[b, i]:
                    continue
                found = (np.int64(NEVER), np.int32(-3), np.int64(NEVER), np.int32(-3))
                if t + a.back[i] <= a.late_end[b]:
                    found = _offer(found, np.int64(0), np.int32(-1))
                if b < n_breaks and max(t, a.breaks[b, E]) <= a.breaks[b, L]:
                    later = (max(t, a.breaks[b, E]) + a.breaks[b, D] - t0) >> bits
                    if later < n_cells:
                        if tails.best[b + 1, i, later] > NEVER:
                            found = _offer(found, tails.best[b + 1, i, later], tails.first[b + 1, i, later])
                        if tails.other[b + 1, i, later] > NEVER:
                            found = _offer(found, tails.other[b + 1, i, later], tails.second[b + 1, i, later])
                found = _tail_of_visits(a, profit, tails, b, i, t, t0, bits, found)
                tails.best[b, i, k], tails.first[b, i, k] = found[0], found[1]
                tails.other[b, i, k], tails.second[b, i, k] = found[2], found[3]


@inner
def _cut_cost(penalty, bits):
    """Sum of the penalties whose bit is set."""
    cost = np.int64(0)
    q = 0
    while bits:
        if bits & np.uint64(1):
            cost += penalty[q]
        bits >>= np.uint64(1)
        q += 1
    return cost


@inner
def _is_needless(labels, cells, penalty, state, width, n_states, k, new, made_after, is_rough):
    """
    Whether another label makes label `new`, or what would be it, needless.

    Looked for in its state and those with more breaks, in its cell and earlier ones, among the labels made
    after number `made_after` (-1: all). A rough answer forgets memory and cuts.
    """
    p, t = labels.marks[new, EARNED], labels.marks[new, AT]
    memory, cuts = labels.bits[new, MEMORY], labels.bits[new, CUTS]
    s = state
    while s < n_states:
        for cell in range(k, -1, -1):
            if cells.most[s, cell] < p:
                continue
            x = cells.heads[s, cell]
            while x > made_after:
                if labels.marks[x, EARNED] >= p and labels.marks[x, AT] <= t:
                    if is_rough:
                        return True
                    if labels.bits[x, MEMORY] & ~memory == 0:
                        more = labels.bits[x, CUTS] & ~cuts
                        if more == 0 or labels.marks[x, EARNED] - _cut_cost(penalty, more) >= p:
                            return True
                x = labels.links[x, NEXT]
        s += width
    return False


@inner
def _enter(labels, cells, duals, state, width, k, new, is_rough):
    """Keep label `new` unless another makes it needless; the number of labels after that."""
    n_states = len(cells.heads)
    if _is_needless(labels, cells, duals.penalty, state, width, n_states, k, new, -1, is_rough):
        return new
    labels.links[new, STATE] = state
    labels.links[new, NEXT] = cells.heads[state, k]
    cells.heads[state, k] = new
    cells.most[state, k] = max(cells.most[state, k], labels.marks[new, EARNED])
    labels.links[new, QUEUE] = -1
    if cells.queue[k, 1] >= 0:
        labels.links[cells.queue[k, 1], QUEUE] = new
    else:
        cells.queue[k, 0] = new
    cells.queue[k, 1] = new
    return new + 1


@inner
def _remember(memory, ng, g, h):
    """What a route with this memory at group g remembers after a visit to group h."""
    kept = np.uint64(1)
    bit = 0
    while memory:
        if memory & np.uint64(1):
            place = ng.place[h, ng.members[g, bit]]
            if place > 0:
                kept |= np.uint64(1) << np.uint64(place)
        memory >>= np.uint64(1)
        bit += 1
    return kept


@inner
def _visit(a, duals, ng, tails, labels, x, i, j, k, b, new, sigma):
    """Write into label `new` label x with a visit to option j that ends in cell k; False where it is worth nothing."""
    own, group = a.group[i], a.group[j]
    memory = labels.bits[x, MEMORY]
    follows_own = False
    if own >= 0:
        place = ng.place[own, group]
        if place >= 0 and (memory >> np.uint64(place)) & np.uint64(1):
            return False
        follows_own = ng.place[group, own] >= 0 and tails.first[b, j, k] == own
    tail = tails.other[b, j, k] if follows_own else tails.best[b, j, k]
    p = labels.marks[x, EARNED] + duals.profit[j]
    if tail == NEVER or p + tail <= sigma:
        return False
    cuts = labels.bits[x, CUTS]
    touched = duals.touches[group]
    if touched:
        p -= _cut_cost(duals.penalty, cuts & touched)
        if p + tail <= sigma:
            return False
    labels.marks[new, EARNED] = p
    labels.bits[new, CUTS] = cuts ^ touched
    labels.bits[new, MEMORY] = _remember(memory, ng, own, group) if own >= 0 else np.uint64(1)
    labels.links[new, PARENT] = x
    return True


@inner
def _extend(a, duals, ng, tails, labels, cells, x, t0, bits, sigma, new, is_rough):
    """Make every label that follows label x; the number of labels after that."""
    width = len(a.group)
    n_cells = tails.best.shape[2]
    b, i = labels.links[x, STATE] // width, labels.links[x, STATE] % width
    t = labels.marks[x, AT]
    if b < len(a.breaks) and max(t, a.breaks[b, E]) <= a.breaks[b, L] and i < width - 1:
        after = max(t, a.breaks[b, E]) + a.breaks[b, D]
        k = (after - t0) >> bits
        tail = tails.best[b + 1, i, k] if k < n_cells else NEVER
        if tail > NEVER and labels.marks[x, EARNED] + tail > sigma:
            labels.marks[new, EARNED], labels.marks[new, AT] = labels.marks[x, EARNED], after
            labels.bits[new, MEMORY], labels.bits[new, CUTS] = labels.bits[x, MEMORY], labels.bits[x, CUTS]
            labels.links[new, PARENT] = x
            new = _enter(labels, cells, duals, (b + 1) * width + i, width, k, new, is_rough)
    cell = (t - t0) >> bits
    for q in range(width - 1):
        if labels.marks[x, EARNED] + tails.worth[b, cell, q] <= sigma:
            break
        j = tails.order[b, cell, q]
        s = t + a.way[i, j]
        if s > a.times[j, L]:
            continue
        after = max(s, a.times[j, E]) + a.times[j, D]
        k = (after - t0) >> bits
        if k >= n_cells:
            continue
        if _visit(a, duals, ng, tails, labels, x, i, j, k, b, new, sigma):
            labels.marks[new, AT] = after
            new = _enter(labels, cells, duals, b * width + j, width, k, new, is_rough)
    return new


@inner
def _clear(a, labels, cells, t0, bits):
    """Start labels only: the unit at its start base with each number of breaks that it may take first."""
    cells.heads[:] = -1
    cells.most[:] = NEVER
    cells.queue[:] = -1
    new = 0
    width = len(a.group)
    for b in range(len(a.start_at)):
        if a.start_at[b] < 0:
            continue
        k = (a.start_at[b] - t0) >> bits
        if k >= len(cells.queue):
            continue
        labels.marks[new, EARNED], labels.marks[new, AT] = 0, a.start_at[b]
        labels.bits[new, MEMORY], labels.bits[new, CUTS] = 0, 0
        labels.links[new, PARENT], labels.links[new, QUEUE] = -1, -1
        labels.links[new, STATE], labels.links[new, NEXT] = b * width + width - 1, -1
        if cells.queue[k, 1] >= 0:
            labels.links[cells.queue[k, 1], QUEUE] = new
        else:
            cells.queue[k, 0] = new
        cells.queue[k, 1] = new
        new += 1
    return new


@compiled
def best_routes(a, duals, ng, tails, labels, cells, t0, bits, sigma, is_rough, best, best_label):
    """
    Look for routes that earn more than sigma.

    Parameters
    ----------
    is_rough
        Whether labels may be dropped for earning less alone: quick, and proves nothing.
    best, best_label
        (n,) filled with the highest profit of a route that ends with each option, and its last label; sigma, -1.

    Returns
    -------
    int, int
        Labels made; and what no route of the class exceeds, where `is_rough` is False: it holds even when the
        room for labels was used up.
    """
    width = len(a.group)
    best[:] = sigma
    best_label[:] = -1
    room = len(labels.marks) - width - 1
    new = _clear(a, labels, cells, t0, bits)
    most = sigma
    for k in range(len(cells.queue)):
        x = cells.queue[k, 0]
        while x >= 0:
            state = labels.links[x, STATE]
            b, i = state // width, state % width
            if new >= room:
                tail = tails.best[b, i, k]
                if tail > NEVER:
                    most = max(most, labels.marks[x, EARNED] + tail)
            elif not _is_needless(labels, cells, duals.penalty, state, width, len(cells.heads), k, x, x, is_rough):
                p = labels.marks[x, EARNED]
                if i < width - 1 and labels.marks[x, AT] + a.back[i] <= a.late_end[b] and p > best[i]:
                    best[i], best_label[i] = p, x
                    most = max(most, p)
                new = _extend(a, duals, ng, tails, labels, cells, x, t0, bits, sigma, new, is_rough)
            x = labels.links[x, QUEUE]
    return new, most
