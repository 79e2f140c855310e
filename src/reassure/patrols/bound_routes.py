"""The routes of each class of shifts, priced: from the search's model to arrays, and from labels back to columns.

Rules: which options a class of equal shifts may serve, how time is cut into cells, and which routes a pricing
returns. Elsewhere: the compiled part (`bound_kernel`), what prices mean (`bound_master`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reassure.patrols.bound_kernel import (
    NEVER,
    STATE,
    Cells,
    Duals,
    Labels,
    Memory,
    ShiftArrays,
    Tails,
    best_routes,
    completions,
)
from reassure.patrols.problem import Shift
from reassure.patrols.search_model import Model
from reassure.patrols.search_routes import Item, UntimedRoute

N_CELLS = 64
"""Cells of time that a shift is cut into, at most; more are finer and slower."""
MOST_LABELS = 400_000
MOST_EXTENSIONS = 40_000_000
"""
Room for the labels of one pricing, and for labels times options; where it is used up the bound still holds and is
only less tight.
"""
N_NG = 10
"""Groups that a visit remembers at first; routes that go in circles make it remember more."""


@dataclass(frozen=True)
class ShiftClass:
    """
    A class of equal shifts.

    Classes that differ in their bases alone share `tails`, which then end at the nearest of their end bases.

    Parameters
    ----------
    shift
        A shift of the class, and how many there are.
    options
        Index in the model of each option that it may serve.
    bits
        A cell of time is 2**bits seconds; no more than any stay with its journey, so that a visit
        ends in a later cell.
    """

    index: int
    shift: Shift
    n_shifts: int
    options: NDArray[np.int64]
    arrays: ShiftArrays
    tails: Tails
    cells: Cells
    opens_s: int
    bits: int
    kin: int
    """The first class that shares the completions; its own index where it is that one."""
    shared: ShiftArrays
    """The arrays of the completions: `arrays` with the shortest way back that any of the kin has."""


def shift_classes(model: Model) -> list[ShiftClass] | None:
    """The classes of a model, or None where some visit may take no time at all, which labelling cannot do."""
    made = []
    for c, n_shifts in enumerate(model.class_sizes()):
        r = int(np.flatnonzero(model.arrays.shift_class == c)[0])
        found = _shift_class(model, c, r, n_shifts)
        if found is None:
            return None
        made.append(found)
    return _with_kin(made)


def _with_kin(classes: Sequence[ShiftClass]) -> list[ShiftClass]:
    """Classes with the same options, times, ways and breaks share their completions."""
    kin: dict[tuple[object, ...], list[ShiftClass]] = {}
    for cls in classes:
        a = cls.arrays
        times = (cls.opens_s, cls.shift.ends_s, cls.shift.breaks, cls.bits)
        key = (cls.options.tobytes(), times, a.way[:-1].tobytes(), a.start_at.tobytes())
        kin.setdefault(key, []).append(cls)
    shared: dict[int, ShiftClass] = {}
    for group in kin.values():
        back = np.minimum.reduce([cls.arrays.back for cls in group])
        arrays = group[0].arrays._replace(back=back)
        shared |= {cls.index: replace(cls, kin=group[0].index, shared=arrays, tails=group[0].tails) for cls in group}
    return [shared[cls.index] for cls in classes]


def _shift_class(model: Model, index: int, r: int, n_shifts: int) -> ShiftClass | None:
    a = model.arrays
    shift = model.problem.shifts[model.shifts[r]]
    times = a.elements[: model.n_options].astype(np.int64)
    ends = np.maximum(times[:, 0], shift.starts_s) + times[:, 2]
    options = np.flatnonzero((a.may[r] > 0) & (ends <= shift.ends_s) & (times[:, 1] >= shift.starts_s))
    sites = times[options, 3]
    travel = a.travel[a.kind[r]]
    way = np.ascontiguousarray(travel[np.ix_([*sites, shift.start_node], sites)])
    group = np.append(a.group[options], -2).astype(np.int32)
    steps = np.where(group[:, None] == group[None, :-1], 2**30, way + times[options, 2][None, :])
    least_s = int(steps.min()) if len(options) else 60
    if least_s < 1:
        return None
    length_s = shift.ends_s - shift.starts_s
    bits = min(least_s.bit_length() - 1, (length_s // N_CELLS).bit_length())
    n_cells = (length_s >> bits) + 1
    breaks = np.array([(e, min(last, shift.ends_s - n), n) for e, last, n in shift.breaks], dtype=np.int64)
    leaves = np.append(times[options, 1] + times[options, 2], shift.starts_s)
    last_leave = [
        np.maximum(leaves, breaks[b - 1, 1] + breaks[b - 1, 2]) if b else leaves for b in range(len(breaks) + 1)
    ]
    arrays = ShiftArrays(
        way=way,
        back=travel[[*sites, shift.start_node], shift.end_node].astype(np.int64),
        times=np.ascontiguousarray(times[options, :3]),
        group=group,
        breaks=breaks.reshape(-1, 3),
        start_at=_start_at(shift),
        late_end=_late_end(shift),
        first_cell=(np.append(ends[options], shift.starts_s) - shift.starts_s) >> bits,
        last_cell=(np.array(last_leave) - shift.starts_s) >> bits,
    )
    shape = (len(shift.breaks) + 1, len(options) + 1, n_cells)
    ranks = (shape[0], shape[2], len(options))
    tails = Tails(
        best=np.full(shape, NEVER, dtype=np.int64),
        first=np.full(shape, -3, dtype=np.int32),
        other=np.full(shape, NEVER, dtype=np.int64),
        second=np.full(shape, -3, dtype=np.int32),
        order=np.zeros(ranks, dtype=np.int32),
        worth=np.zeros(ranks, dtype=np.int64),
    )
    cells = Cells(
        heads=np.zeros((shape[0] * shape[1], shape[2]), dtype=np.int32),
        most=np.zeros((shape[0] * shape[1], shape[2]), dtype=np.int64),
        queue=np.zeros((shape[2], 2), dtype=np.int32),
    )
    return ShiftClass(index, shift, n_shifts, options, arrays, tails, cells, shift.starts_s, bits, index, arrays)


def _start_at(shift: Shift) -> NDArray[np.int64]:
    found = np.full(len(shift.breaks) + 1, -1, dtype=np.int64)
    t = found[0] = shift.starts_s
    for b, (earliest_s, latest_s, length_s) in enumerate(shift.breaks):
        if max(t, earliest_s) > latest_s:
            break
        t = found[b + 1] = max(t, earliest_s) + length_s
    return found


def _late_end(shift: Shift) -> NDArray[np.int64]:
    found = np.full(len(shift.breaks) + 1, -1, dtype=np.int64)
    late = found[-1] = shift.ends_s
    for b in range(len(shift.breaks) - 1, -1, -1):
        earliest_s, latest_s, length_s = shift.breaks[b]
        late = min(latest_s, late - length_s)
        if late < earliest_s:
            break
        found[b] = late
    return found


def work_of_round(classes: Sequence[ShiftClass]) -> int:
    """Steps that the completions of one round take, about."""
    return sum(
        int((cls.arrays.last_cell[0] - cls.arrays.first_cell + 1).clip(0).sum()) * len(cls.options)
        for cls in classes
        if cls.kin == cls.index
    )


def make_labels(n_options: int) -> Labels:
    """Room for the labels of any pricing."""
    room = min(MOST_LABELS, MOST_EXTENSIONS // max(1, n_options)) + 2 * n_options + 2
    return Labels(
        marks=np.zeros((room, 2), dtype=np.int64),
        links=np.zeros((room, 4), dtype=np.int32),
        bits=np.zeros((room, 2), dtype=np.uint64),
    )


def make_memory(model: Model) -> Memory:
    """Ng-sets of each group and those most related to it."""
    n = len(model.arrays.weight)
    memory = Memory(np.full((n, n), -1, dtype=np.int8), np.zeros((n, 64), dtype=np.int16))
    for g in range(n):
        for h in [g, *model.arrays.near[g, : N_NG - 1].tolist()]:
            extend_memory(memory, g, h)
    return memory


def extend_memory(memory: Memory, g: int, h: int) -> bool:
    """Let a visit to group g remember group h; False where it does already, or has no room."""
    size = int((memory.place[g] >= 0).sum())
    if memory.place[g, h] >= 0 or size == 64:
        return False
    memory.place[g, h] = size
    memory.members[g, size] = h
    return True


def tail_bound(cls: ShiftClass, profit: NDArray[np.int64]) -> int:
    """
    What no route of a class exceeds under these profits, at least 0; fills the completions.

    Those of the kin are worked out for the first of them and hold for all until the profits change, so classes come
    in the order of their indices.
    """
    if cls.kin == cls.index:
        completions(cls.shared, profit, cls.tails, cls.opens_s, cls.bits)
        _rank(cls, profit)
    top = 0
    for b, start_s in enumerate(cls.arrays.start_at.tolist()):
        k = (start_s - cls.opens_s) >> cls.bits
        if 0 <= k < cls.tails.best.shape[2] and start_s >= 0:
            best = _tail_of_start(cls, profit, b, start_s)
            cls.tails.best[b, -1, k] = best
            top = max(top, best)
    return top


def _rank(cls: ShiftClass, profit: NDArray[np.int64]) -> None:
    """Fill `order` and `worth` of the completions: time counts from the start of a cell, the way to an option not."""
    n_cells = cls.tails.best.shape[2]
    earliest_s, latest_s, length_s = cls.arrays.times.T
    starts = cls.opens_s + (np.arange(n_cells) << cls.bits)
    cells = (np.maximum(starts[:, None], earliest_s) + length_s - cls.opens_s) >> cls.bits
    may = (starts[:, None] <= latest_s) & (cells < n_cells)
    at = np.arange(len(profit)), np.minimum(cells, n_cells - 1)
    for b, best in enumerate(cls.tails.best[:, :-1]):
        later = np.maximum.accumulate(best[:, ::-1], axis=1)[:, ::-1]
        worth = np.where(may & (later[at] > NEVER), later[at] + profit, NEVER)
        cls.tails.order[b] = np.argsort(-worth, axis=1, kind="stable")
        cls.tails.worth[b] = np.take_along_axis(worth, cls.tails.order[b].astype(np.int64), axis=1)


def _tail_of_start(cls: ShiftClass, profit: NDArray[np.int64], b: int, start_s: int) -> int:
    """The best that can follow when a unit of the class leaves its start base with b breaks taken."""
    a = cls.arrays
    starts = start_s + a.way[-1].astype(np.int64)
    cells = (np.maximum(starts, a.times[:, 0]) + a.times[:, 2] - cls.opens_s) >> cls.bits
    n_cells = cls.tails.best.shape[2]
    may = np.flatnonzero((starts <= a.times[:, 1]) & (cells < n_cells))
    tails = cls.tails.best[b, may, cells[may]]
    values = (tails + profit[may])[tails > NEVER]
    return max(0, int(values.max(initial=0)))


def price(
    cls: ShiftClass, duals: Duals, memory: Memory, labels: Labels, *, sigma: int, is_rough: bool, most: int
) -> tuple[list[UntimedRoute], int, int]:
    """
    Routes of a class that earn more than sigma, after `tail_bound` under the same profits.

    Returns
    -------
    list[UntimedRoute], int, int
        At most `most`, the best first; what no route exceeds, at least sigma (no meaning when rough); labels made.
    """
    n = len(cls.options)
    best, last = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int32)
    n_labels, bound = best_routes(
        cls.arrays, duals, memory, cls.tails, labels, cls.cells, cls.opens_s, cls.bits, sigma, is_rough, best, last
    )
    order = sorted((i for i in range(n) if last[i] >= 0), key=lambda i: (-int(best[i]), i))
    return [_priced(cls, labels, int(last[i])) for i in order[:most]], int(bound), int(n_labels)


def near_routes(
    cls: ShiftClass, duals: Duals, memory: Memory, labels: Labels, *, sigma: int, most: int
) -> list[tuple[int, UntimedRoute]] | None:
    """
    Routes of a class that earn more than sigma, with what they earn, the best first.

    After `tail_bound` under the same profits. At most `most`; None where the room for labels does not do.
    """
    a, n = cls.arrays, len(cls.options)
    best, last = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int32)
    is_rough = False
    n_labels, _ = best_routes(
        a, duals, memory, cls.tails, labels, cls.cells, cls.opens_s, cls.bits, sigma, is_rough, best, last
    )
    if n_labels >= len(labels.marks) - n - 2:
        return None
    breaks, node = np.divmod(labels.links[:n_labels, STATE], n + 1)
    earned, at_s = labels.marks[:n_labels].T
    ends = np.flatnonzero((node < n) & (earned > sigma) & (at_s + a.back[node] <= a.late_end[breaks]))
    order = ends[np.argsort(-earned[ends], kind="stable")][:most]
    return [(int(earned[x]), _priced(cls, labels, int(x))) for x in order]


def _priced(cls: ShiftClass, labels: Labels, label: int) -> UntimedRoute:
    width = len(cls.options) + 1
    states = []
    while label >= 0:
        states.append(divmod(int(labels.links[label, 0]), width))
        label = int(labels.links[label, 1])
    states.reverse()
    items: list[Item] = [("rest", b, None) for b in range(states[0][0])]
    options = []
    for (b, _), (c, node) in pairwise(states):
        if c > b:
            items.append(("rest", b, None))
        else:
            options.append(int(cls.options[node]))
            items.append(("stop", options[-1], None))
    items.append(("end", 0, None))
    items += [("rest", b, None) for b in range(states[-1][0], len(cls.shift.breaks))]
    return UntimedRoute(cls.index, tuple(options), tuple(items))


def is_simple(route: Sequence[int], group: NDArray[np.signedinteger[Any]]) -> bool:
    """Whether a route serves no group twice."""
    groups = [int(group[o]) for o in route]
    return len(set(groups)) == len(groups)
