"""Scores: the worked numbers of the specification, and what holds for all scores."""

from dataclasses import replace
from datetime import date
from itertools import permutations
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassure.errors import RuleError
from reassure.files.schemes import preset
from reassure.fund.conflicts import BidTies, Membership, Person, conflicts, free_assessors, require_unconflicted
from reassure.fund.scoring import (
    ANCHORS,
    Assessment,
    assessment_problems,
    bid_score,
    krippendorff_alpha,
    points,
    quality,
)

SCHEME = preset("2018-demo")
CODES = [code for code, _ in SCHEME.criteria]
REASON = "The report of 3 March and the photos say so clearly."


def scored(who: str, *scores: int, bid: str = "b") -> Assessment:
    return Assessment(bid, who, dict(zip(CODES, scores, strict=True)), dict.fromkeys(CODES, REASON))


P, Q = scored("P", 4, 3, 4, 3, 4), scored("Q", 3, 3, 4, 4, 3)
R, S, T = scored("R", 5, 3, 4, 4, 4), scored("S", 2, 3, 3, 4, 3), scored("T", 4, 3, 3, 4, 3)


def test_p_and_q_are_705_tenths_without_moderation() -> None:
    """365 and 340 points are 73.0 and 68.0: 70.5 together, five apart, no third assessor."""
    score = bid_score([P, Q], SCHEME)

    assert (points(P, SCHEME), points(Q, SCHEME)) == (365, 340)
    assert (score.tenths, score.evidence_x2, score.needs_third, score.spread_points) == (705, 7, False, 25)


def test_r_and_s_differ_and_a_third_settles_at_710() -> None:
    """420 and 285 are 27 of 100 apart and 3 apart on evidence: a third assessor's 355 is the median, 71.0."""
    first = bid_score([R, S], SCHEME)
    settled = bid_score([R, S, T], SCHEME)

    assert [points(a, SCHEME) for a in (R, S, T)] == [420, 285, 355]
    assert first.needs_third
    assert first.differs_on == ("total", "evidence")
    assert (settled.tenths, settled.evidence_x2, settled.needs_third) == (710, 8, False)


@pytest.mark.parametrize(
    ("other", "differs"),
    [
        (scored("Y", 2, 3, 4, 3, 4), ()),  # 70 + 15 + 0 + 0 + 0 = 85 of 500 apart: 17.0
        (scored("Y", 2, 4, 3, 3, 3), ("total",)),  # 70 + 20 + 10 = 100: 20.0 exactly
        (scored("Y", 4, 4, 4, 3, 1), ("delivery",)),  # 3 apart on one criterion
        (scored("Y", 4, 4, 4, 3, 2), ()),  # 2 apart
        (scored("Y", 4, 1, 4, 3, 4), ("exposure",)),
        (scored("Y", 1, 4, 4, 3, 4), ("total", "evidence")),
    ],
)
def test_moderation_starts_at_twenty_points_or_three_on_a_criterion(other: Assessment, differs: tuple) -> None:
    """20.0 apart in all or 3 on one criterion calls a third assessor; a little less does not."""
    base = scored("X", 4, 4, 4, 3, 4)

    assert bid_score([base, other], SCHEME).differs_on == differs


def test_19_point_8_apart_needs_no_third() -> None:
    """99 of 500 points apart (19.8) is below the limit, 100 (20.0) is not: weights of 34 and 11 reach both."""
    odd = replace(SCHEME, criteria=(("evidence", 34), ("exposure", 15), ("gap", 20), ("fit", 20), ("delivery", 11)))
    even = replace(SCHEME, criteria=(("evidence", 34), ("exposure", 14), ("gap", 20), ("fit", 20), ("delivery", 12)))
    x, y = scored("X", 4, 4, 4, 4, 4), scored("Y", 2, 4, 3, 4, 3)  # 2 * 34 + 20 + 11 = 99, + 12 = 100

    assert (bid_score([x, y], odd).spread_points, bid_score([x, y], odd).needs_third) == (99, False)
    assert (bid_score([x, y], even).spread_points, bid_score([x, y], even).needs_third) == (100, True)


whole_scores = st.lists(st.integers(0, 5), min_size=5, max_size=5)


@given(whole_scores, whole_scores, whole_scores)
def test_a_score_is_exact_and_does_not_depend_on_order(a, b, c) -> None:
    """The order of assessors changes nothing; the score lies within their own, and flags follow both limits."""
    first, second, third = scored("A", *a), scored("B", *b), scored("C", *c)
    weights = (35, 15, 20, 20, 10)
    totals = [sum(w * s for w, s in zip(weights, x, strict=True)) for x in (a, b, c)]
    two = bid_score([first, second], SCHEME)

    assert two.tenths == bid_score([second, first], SCHEME).tenths == totals[0] + totals[1]
    assert {bid_score(p, SCHEME).tenths for p in permutations([first, second, third])} == {2 * sorted(totals)[1]}
    far = abs(totals[0] - totals[1]) >= 100 or any(abs(x - y) >= 3 for x, y in zip(a, b, strict=True))
    assert two.needs_third == far


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=2, max_size=8))
def test_alpha_equals_its_definition_over_all_pairs(pairs) -> None:
    """Alpha by the coincidence definition, over all ordered pairs of values, gives the same number."""
    values = [v for pair in pairs for v in pair]
    n = len(values)
    observed = sum(2 * (x - y) ** 2 for x, y in pairs) / n
    expected = sum((x - y) ** 2 for x in values for y in values) / (n * (n - 1))
    alpha = krippendorff_alpha(pairs)

    assert (alpha is None) == (expected == 0)
    if alpha is not None:
        assert alpha == pytest.approx(1 - observed / expected)


def test_quality_of_the_worked_pairs() -> None:
    """(73,68) (55,59) (62,60) (88,84): alpha 0.948072, one assessment varies by 2.761."""
    pairs = [(73, 68), (55, 59), (62, 60), (88, 84)]
    result = quality([(("x", a), ("y", b)) for a, b in pairs])

    assert round(result.alpha, 6) == 0.948072
    assert round(result.sd_one_assessment, 3) == round(sqrt((25 + 16 + 4 + 16) / 4 / 2), 3) == 2.761
    assert result.mean_offset == {"x": 1.75, "y": -1.75}


def test_a_bid_passes_on_score_and_on_evidence() -> None:
    """40.0 points and an evidence mean of 2 pass; one tenth or half a point less does not."""
    at_limit = bid_score([scored("A", 2, 2, 2, 2, 2), scored("B", 2, 2, 2, 2, 2)], SCHEME)
    below = bid_score([scored("A", 2, 2, 2, 2, 2), scored("B", 2, 2, 2, 2, 1)], SCHEME)
    no_proof = bid_score([scored("A", 2, 5, 5, 5, 5), scored("B", 1, 5, 5, 5, 5)], SCHEME)

    assert (at_limit.tenths, at_limit.passes(SCHEME)) == (400, True)
    assert (below.tenths, below.passes(SCHEME)) == (390, False)
    assert (no_proof.evidence_x2, no_proof.passes(SCHEME)) == (3, False)


@pytest.mark.parametrize("group", [[P], [P, P], [P, Q, R, S], [P, scored("Z", 1, 1, 1, 1, 1, bid="other")]])
def test_a_score_needs_two_or_three_different_assessors(group) -> None:
    """One assessment, one assessor twice, four, or another bid's: no score."""
    with pytest.raises(RuleError):
        bid_score(group, SCHEME)


def test_every_fault_of_an_assessment_is_named() -> None:
    """A missing criterion, a score of 6, a short reason and an unknown criterion are all named."""
    faulty = Assessment(
        "b", "x", {"evidence": 6, "gap": 3, "fit": 1, "delivery": 0, "luck": 5}, {"evidence": REASON, "gap": "short"}
    )
    text = " ".join(p.text for p in assessment_problems(faulty))

    for part in ("exposure has no score", "score is 6", "40 characters or more, not 5", "criterion is luck"):
        assert part in text
    assert assessment_problems(P) == []


def test_every_criterion_has_six_anchors() -> None:
    """Each criterion says what 0 to 5 mean."""
    assert list(ANCHORS) == CODES
    assert all(len(set(anchors)) == 6 for anchors in ANCHORS.values())


TIES = BidTies(
    "b", "p1", frozenset({"org"}), frozenset({"firm"}), frozenset({"h1"}), frozenset({"adviser"}), frozenset({"a1"})
)


@pytest.mark.parametrize(
    ("person", "codes"),
    [
        (Person("x"), ()),
        (Person("x", (Membership("p1"),)), ("C1",)),
        (Person("x", (Membership("p2"),)), ()),  # another place, perhaps of the same faith
        (Person("x", (Membership("p1", date(2023, 11, 25)),)), ("C1",)),  # 36 months to the day
        (Person("x", (Membership("p1", date(2023, 11, 24)),)), ()),
        (Person("x", organisations=frozenset({"org"})), ("C2",)),
        (Person("x", suppliers=frozenset({"firm"})), ("C3",)),
        (Person("x", household="h1"), ("C4",)),
        (Person("adviser"), ("C5",)),
        (Person("a1"), ("C6",)),
        (Person("a1", (Membership("p1"),), household="h1"), ("C1", "C4", "C6")),  # all at once
    ],
)
def test_ties_that_bar_an_assessor(person: Person, codes: tuple[str, ...]) -> None:
    """Each tie C1 to C6 bars by itself, all are named at once, and sharing a faith bars nobody."""
    assert conflicts(person, TIES, on=date(2026, 11, 25)) == codes
    if codes:
        with pytest.raises(RuleError, match=codes[0]):
            require_unconflicted(person, TIES, on=date(2026, 11, 25))
    else:
        require_unconflicted(person, TIES, on=date(2026, 11, 25))


def test_other_ties_wait_for_a_second_officer() -> None:
    """Someone with another declared tie is not offered as free, and not barred by the machine either."""
    people = [Person("z"), Person("k", other_ties=("taught the treasurer",)), Person("a1")]

    assert free_assessors(people, TIES, on=date(2026, 11, 25)) == ["z"]
