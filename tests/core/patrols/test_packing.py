"""Choosing routes: against looking at every choice, on small pools."""

from itertools import combinations
from random import Random

import numpy as np
import pytest

from reassure.patrols.packing import Column, pack


def best_by_hand(columns, sizes, use, capacity):
    """(must, prize, minus travel) of the best choice of columns by looking at all."""
    best = (0, 0, 0)
    for n in range(1, sum(sizes) + 1):
        for some in combinations(columns, n):
            groups = [g for c in some for g in c.groups]
            if len(groups) != len(set(groups)):
                continue
            if any(sum(c.shift_class == k for c in some) > size for k, size in enumerate(sizes)):
                continue
            if any(sum(int(use[g, q]) for g in groups) > limit for q, limit in enumerate(capacity)):
                continue
            value = (sum(c.must for c in some), sum(c.prize for c in some), -sum(c.travel_s for c in some))
            best = max(best, value)
    return best


@pytest.mark.parametrize("seed", range(60))
def test_the_best_choice_of_routes_is_found(seed):
    """On random pools of 14 routes, 2 classes and a shared limit the choice is worth what looking at all finds."""
    rng = Random(seed)
    n_groups = 8
    prizes = [rng.randint(1, 60) for _ in range(n_groups)]
    musts = [int(rng.random() < 0.2) for _ in range(n_groups)]
    columns = []
    for _ in range(14):
        groups = tuple(sorted(rng.sample(range(n_groups), rng.randint(1, 3))))
        must, prize = (sum(values[g] for g in groups) for values in (musts, prizes))
        columns.append(Column(rng.randint(0, 1), groups, must, prize, rng.randint(10, 90)))
    use = np.array([[rng.randint(0, 3)] for _ in range(n_groups)], dtype=np.int64)
    sizes, capacity = [1, 2], [rng.randint(4, 9)]

    chosen = pack(columns, sizes, use=use, capacity=capacity)

    some = [columns[i] for i in chosen or []]
    groups = [g for c in some for g in c.groups]
    assert len(groups) == len(set(groups))
    assert all(sum(c.shift_class == k for c in some) <= size for k, size in enumerate(sizes))
    value = (sum(c.must for c in some), sum(c.prize for c in some), -sum(c.travel_s for c in some))
    assert value == best_by_hand(columns, sizes, use, capacity)


def test_only_better_choices_are_looked_for():
    """Where the best so far cannot be beaten nothing comes back."""
    columns = [Column(0, (0,), 0, 10, 5), Column(0, (1,), 0, 7, 5)]

    assert pack(columns, [1], best_so_far=(0, 10, 5)) is None
    assert pack(columns, [1], best_so_far=(0, 10, 6)) == [0]


def test_no_routes_give_no_choice():
    """An empty pool has nothing to choose from."""
    assert pack([], [3]) is None


def test_a_large_pool_is_packed_too():
    """Of 200 rings of three places with a route for each pair, one route a ring fits: at most 200 x 10, by hand."""
    pairs = [(3 * k + i, 3 * k + j) for k in range(200) for i, j in ((0, 1), (1, 2), (0, 2))]
    columns = [Column(0, pair, 0, 10, 5) for pair in pairs]

    chosen = pack(columns, [600], best_so_far=(0, 500, 250))

    groups = [g for i in chosen or [] for g in columns[i].groups]
    assert len(groups) == len(set(groups))
    assert 500 < sum(columns[i].prize for i in chosen or []) <= 2_000
