"""The draw of single places: the worked example of the specification, and what holds for every draw."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassure.errors import InputError, RuleError
from reassure.patrols.single_lottery import (
    draw_order,
    draw_seed,
    floor_value,
    hash_share,
    n_start_slots,
    places_beyond_floor,
    single_chances,
    single_draw,
    start_slot,
    thinned_draw,
    thinned_shares,
    widest_chances,
)

NEEDS = (60, 47, 40, 31, 27)
REFS = ("P1", "P2", "P3", "P4", "P5")
SEED = "2adf8b20c7b49a4a66aacdc3ca0b026cbb046f9858b4fa44a22535b59c8d30dd"


@pytest.mark.parametrize(
    ("lam", "chances", "kept"),
    [
        (10, (0.8032, 0.5266, 0.3559, 0.1834, 0.1309), 0.901),
        (5, (0.9506, 0.5886, 0.2608, 0.1, 0.1), 0.943),
    ],
)
def test_chances_follow_need_at_a_given_spread(lam, chances, kept):
    """Five places, two visits, floor 0.10: the chances and the value kept of the worked example."""
    found = single_chances(NEEDS, 2, lam=lam)

    assert found.chances == pytest.approx(chances, abs=5e-5)
    assert found.kept_share == pytest.approx(kept, abs=5e-4)
    assert found.best == 107


def test_the_centre_and_the_value_of_the_worked_example():
    """At spread 10 the centre is 45.9338 and 96.40 points are kept on average."""
    found = single_chances(NEEDS, 2, lam=10)

    assert found.mu == pytest.approx(45.9338, abs=5e-5)
    assert found.expected == pytest.approx(96.40, abs=5e-3)


def test_a_loss_below_the_price_of_the_floor_is_refused():
    """The floor alone keeps 102.7 of 107, 96.0 %: a loss of 3 % is refused, one of 5 % gives spread 3.906."""
    assert floor_value(NEEDS, 2) == pytest.approx(102.7)
    with pytest.raises(RuleError, match=r"^The floor alone costs 4\.0 %; at most 3\.0 % was allowed\.$"):
        widest_chances(NEEDS, 2, loss_share=0.03)

    assert widest_chances(NEEDS, 2, loss_share=0.05).lam == pytest.approx(3.906, abs=5e-4)


def test_the_draw_is_repeated_from_its_seed_alone():
    """Seed, order, start and drawn places of the worked example."""
    chances = single_chances(NEEDS, 2, lam=10).chances

    assert draw_seed("D-7", "west-midlands", "2019-03-15", "test-salt") == SEED
    assert draw_order(REFS, SEED) == ("P1", "P4", "P3", "P2", "P5")
    assert hash_share(f"{SEED}|start") == pytest.approx(0.215580, abs=5e-7)
    assert single_draw(REFS, chances, SEED) == ("P1", "P3")


@pytest.mark.parametrize(("n", "k", "t"), [(1_800, 900, 800), (1_800, 450, 300), (60, 25, 21.11), (5, 2, 5 / 3)])
def test_how_many_places_the_floor_leaves_certain(n, k, t):
    """(k - floor n)/(1 - floor) for the sizes of the specification."""
    assert places_beyond_floor(n, k) == pytest.approx(t, abs=5e-3)


def test_enough_visits_for_all_visit_all():
    """With as many visits as places, every chance is 1."""
    assert single_chances(NEEDS, 5, lam=10).chances == (1.0,) * 5
    assert single_chances(NEEDS, 9, lam=10).chances == (1.0,) * 5


def test_equal_needs_have_equal_chances():
    """All needs equal: every chance is visits over places."""
    assert single_chances((30,) * 8, 2, lam=4).chances == pytest.approx((0.25,) * 8)


def test_what_cannot_be_drawn_is_refused_in_words():
    """More must-visits than visits, a floor that needs too many, a need that is no number."""
    with pytest.raises(RuleError, match=r"^56 visits are fixed but only 50 fit\.$"):
        single_chances((1.0,) * 60, 50, must=frozenset(range(56)), lam=1)
    with pytest.raises(RuleError, match=r"^The floor needs 180 visits; 150 are left\.$"):
        single_chances((1.0,) * 1_800, 150, lam=1)
    with pytest.raises(InputError):
        single_chances((1.0, float("nan")), 1, lam=1)


def test_starts_in_slots_of_ten_minutes():
    """First arrival 12:45 and dispersal 14:10 give 12:15 to 14:35, 15 starts, of which the seed takes one."""
    assert n_start_slots(12 * 60 + 15, 14 * 60 + 35) == 15
    assert 0 <= start_slot(SEED, "P1", 15) < 15


@given(
    st.lists(st.integers(0, 100), min_size=2, max_size=40),
    st.data(),
    st.floats(0.5, 40),
)
def test_chances_sum_to_the_visits_and_follow_need(values, data, lam):
    """More need never means less chance; nobody is below the floor; the sum is the number of visits."""
    n_must = data.draw(st.integers(0, 2))
    must = frozenset(range(min(n_must, len(values))))
    least = len(must) + -(-len(values) // 10)
    k = data.draw(st.integers(min(least, len(values)), len(values)))

    found = single_chances(values, k, must=must, lam=lam).chances

    assert sum(found) == pytest.approx(k, abs=1e-6)
    assert all(found[i] == 1.0 for i in must)
    free = sorted((values[i], found[i]) for i in range(len(values)) if i not in must)
    assert all(a[1] <= b[1] + 1e-9 for a, b in pairwise(free))
    assert all(p >= 0.1 - 1e-12 for p in found)


@given(st.lists(st.integers(0, 100), min_size=3, max_size=30), st.text(max_size=6), st.data())
def test_each_draw_has_exactly_the_number_of_places(values, salt, data):
    """A draw takes as many distinct places as there are visits, and the same ones from the same seed."""
    k = data.draw(st.integers(-(-len(values) // 10), len(values)))
    refs = [f"R{i}" for i in range(len(values))]
    chances = single_chances(values, k, lam=7).chances

    drawn = single_draw(refs, chances, draw_seed("D", "F", "2026-11-27", salt))

    assert len(set(drawn)) == len(drawn) == k
    assert drawn == single_draw(list(reversed(refs)), list(reversed(chances)), draw_seed("D", "F", "2026-11-27", salt))


def test_each_place_is_drawn_as_often_as_its_chance():
    """Over 4,000 seeds each place comes up with its chance, within four standard errors."""
    chances = single_chances(NEEDS, 2, lam=10).chances
    draws = [single_draw(REFS, chances, draw_seed("D", "F", "d", str(i))) for i in range(4_000)]

    for ref, p in zip(REFS, chances, strict=True):
        share = sum(ref in drawn for drawn in draws) / len(draws)
        assert abs(share - p) <= 4 * (p * (1 - p) / len(draws)) ** 0.5


def test_contacts_are_thinned_so_that_the_sum_fits():
    """Of 10 contacts of which half should stay, five stay, those whose chance fell most the least often."""
    shares = thinned_shares([0.8] * 5 + [0.4] * 5, [0.6] * 5 + [0.1] * 5)

    assert sum(shares) == pytest.approx(5)
    assert shares[0] == pytest.approx(3 * shares[5])
    assert len(thinned_draw({f"R{i}": (0.8, 0.4) for i in range(10)}, SEED)) == 5
