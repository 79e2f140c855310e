"""The fairness report: the oracle of need.md section 6, what is hidden, what is flagged, and a second method."""

import json
from itertools import pairwise
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassure.errors import InputError, RuleError
from reassure.patrols.fairness import FairnessRow, as_document, fairness_report, require_reasons


def rows_of(n: int, faith: str, p: float, points: int = 50, start: int = 0) -> list[FairnessRow]:
    return [FairnessRow(f"{faith}{start + i:03}", frozenset({faith}), points, p) for i in range(n)]


def first_decile(tenth: list[FairnessRow]) -> list[FairnessRow]:
    """These forty rows as the highest of four hundred: the others have less need and no visit."""
    return [*tenth, *rows_of(360, "christian", 0.0, points=1)]


@pytest.mark.parametrize(("p", "ratio", "is_flagged"), [(0.40, 0.667, True), (0.50, 0.833, False)])
def test_a_community_of_ten_is_flagged_below_0_8(p: float, ratio: float, is_flagged: bool) -> None:
    """Oracle: a decile of 40 with coverage 0.60; ten places at 0.40 give 0.667, flagged; at 0.50 0.833, not."""
    others = (0.60 * 40 - p * 10) / 30
    report = fairness_report(first_decile([*rows_of(10, "sikh", p), *rows_of(30, "muslim", others)]), kind="planned")

    (cell,) = [c for c in report.cells if c.group == "sikh"]

    assert report.deciles[0].coverage == pytest.approx(0.60)
    assert (report.deciles[0].n, report.deciles[0].decile) == (40, 1)
    assert cell.ratio == pytest.approx(ratio, abs=5e-4)
    assert cell.is_flagged == is_flagged


@pytest.mark.parametrize(
    ("ratio", "is_flagged"), [(0.8, False), (0.799, True), (1.25, False), (1.251, True), (1.0, False)]
)
def test_the_limits_themselves_are_not_flagged(ratio: float, is_flagged: bool) -> None:
    """0.8 and 1.25 are inside; a thousandth beyond is outside."""
    p, others = ratio * 0.4, (0.4 * 40 - ratio * 0.4 * 10) / 30
    report = fairness_report(first_decile([*rows_of(10, "sikh", p), *rows_of(30, "muslim", others)]), kind="planned")

    assert [c.is_flagged for c in report.cells if c.group == "sikh"] == [is_flagged]


def test_a_ratio_of_exactly_0_8_is_not_flagged_by_the_last_bit_of_a_float() -> None:
    """0.15 of 0.1875 is 0.8, though floats make it 0.7999999999999999."""
    report = fairness_report(first_decile([*rows_of(10, "sikh", 0.15), *rows_of(30, "muslim", 0.20)]), kind="planned")

    (cell,) = [c for c in report.cells if c.group == "sikh"]

    assert cell.ratio == pytest.approx(0.8)
    assert not cell.is_flagged


@pytest.mark.parametrize(
    ("n", "is_shown", "is_flagged"), [(4, False, False), (5, True, False), (9, True, False), (10, True, True)]
)
def test_small_cells_are_hidden_and_only_ten_places_are_flagged(n: int, is_shown: bool, is_flagged: bool) -> None:
    """Fewer than five places are not shown, fewer than ten never flagged, however far the ratio."""
    report = fairness_report(first_decile([*rows_of(n, "sikh", 0.0), *rows_of(40 - n, "muslim", 0.9)]), kind="planned")

    cells = [c for c in report.cells if c.group == "sikh"]

    assert bool(cells) == is_shown
    assert any(c.is_flagged for c in cells) == is_flagged
    assert report.n_hidden == (0 if is_shown else 1)


def test_a_decile_without_visits_has_no_ratio() -> None:
    """Coverage 0 reads "no visits": there is nothing to compare with, and nothing to flag."""
    report = fairness_report(rows_of(400, "muslim", 0.0), kind="delivered")
    document = as_document(report)

    assert all(c.ratio is None and not c.is_flagged for c in report.cells)
    assert {c["text"] for c in document["cells"]} == {"no visits"}  # type: ignore[index, union-attr]


def test_a_place_of_two_faiths_counts_in_each_and_no_faith_is_unknown() -> None:
    """Twenty places of two faiths stand in both cells; those without a faith in the cell unknown."""
    both = [FairnessRow(f"B{i}", frozenset({"hindu", "sikh"}), 50, 0.5) for i in range(20)]
    neither = [FairnessRow(f"N{i}", frozenset(), 50, 0.5) for i in range(20)]

    report = fairness_report(first_decile([*both, *neither]), kind="planned")

    assert [(c.group, c.n) for c in report.cells if c.decile == 1] == [("hindu", 20), ("sikh", 20), ("unknown", 20)]


def test_the_number_of_a_cell_is_places_and_its_coverage_that_of_occasions() -> None:
    """Three places with two occasions each are three places, under five, though they are six rows."""
    twice = [FairnessRow(f"T{i}", frozenset({"sikh"}), 50, p) for i in range(3) for p in (0.2, 0.8)]

    report = fairness_report(first_decile([*twice, *rows_of(34, "muslim", 0.5)]), kind="planned")

    assert report.deciles[0].n == 37
    assert report.deciles[0].n_rows == 40
    assert [c.group for c in report.cells if c.decile == 1] == ["muslim"]


def test_ties_at_the_edge_of_a_decile_go_by_place() -> None:
    """Twenty rows of equal need are cut two by two in the order of their refs, whatever the order given."""
    rows = [FairnessRow(f"P{i:02}", frozenset({"sikh"}), 50, i / 20) for i in range(20)]

    means = [d.coverage for d in fairness_report(rows[::-1], kind="planned").deciles]

    assert means == pytest.approx([(4 * k + 1) / 40 for k in range(10)])


def test_the_same_table_is_made_by_area() -> None:
    """Areas are compared like communities; rows without an area stand in none."""
    rows = [FairnessRow(f"P{i:03}", frozenset({"sikh"}), 50, 0.9 if i % 2 else 0.3, "ABCD"[i % 2]) for i in range(400)]

    report = fairness_report(rows, kind="planned")

    assert [(c.by, c.group, round(c.ratio or 0, 2), c.is_flagged) for c in report.cells[:3]] == [
        ("faith", "sikh", 1.0, False),
        ("area", "A", 0.5, True),
        ("area", "B", 1.5, True),
    ]


def test_flagged_cells_need_a_written_reason() -> None:
    """Approval is refused until each flagged cell has ten characters of reason, by its key."""
    report = fairness_report(first_decile([*rows_of(10, "sikh", 0.4), *rows_of(30, "muslim", 0.6)]), kind="planned")

    with pytest.raises(RuleError, match="1/faith/sikh is busy; expected a reason of at least 10 characters"):
        require_reasons(report, {"1/faith/sikh": "busy"})
    require_reasons(report, {"1/faith/sikh": "All ten are beyond the river; a second unit goes on Saturday."})


def test_the_document_says_flags_in_words_and_is_plain_json() -> None:
    """The plan file's field holds kind, deciles, cells and one sentence a flag, without NaN."""
    report = fairness_report(first_decile([*rows_of(10, "sikh", 0.4), *rows_of(30, "muslim", 2 / 3)]), kind="planned")
    document = as_document(report)

    assert list(document) == ["kind", "deciles", "cells", "flags"]
    assert document["flags"] == [
        "Decile 1, faith sikh: 10 places, coverage 0.40 against 0.60, ratio 0.667; "
        "a written reason is needed before approval"
    ]
    assert json.loads(json.dumps(document, allow_nan=False)) == document


def test_no_rows_give_a_report_without_deciles() -> None:
    """A force without an eligible place has an empty report, not an error."""
    assert as_document(fairness_report([], kind="planned")) == {
        "kind": "planned",
        "deciles": [],
        "cells": [],
        "flags": [],
    }


def test_what_cannot_be_is_refused() -> None:
    """Another kind, a chance over one and a faith that is none are named at once."""
    with pytest.raises(InputError) as refused:
        fairness_report([FairnessRow("P1", frozenset({"jedi"}), 50, 1.2)], kind="hoped")

    assert [p.column for p in refused.value.problems] == ["kind", "p", "faiths"]


@given(
    st.lists(
        st.tuples(
            st.integers(0, 100),
            st.floats(0, 1),
            st.frozensets(st.sampled_from(("hindu", "jewish", "muslim", "sikh")), max_size=3),
        ),
        max_size=120,
    )
)
def test_deciles_and_cells_agree_with_a_second_method(drawn: list[tuple[int, float, frozenset[str]]]) -> None:
    """Slices of a sorted list and plain means give the same deciles, and every row stands in exactly one."""
    rows = [FairnessRow(f"P{i:03}", faiths, points, p) for i, (points, p, faiths) in enumerate(drawn)]
    report = fairness_report(rows, kind="planned")
    ranked = sorted(rows, key=lambda r: (-r.points, r.place_ref))
    edges = [-(-k * len(ranked) // 10) for k in range(11)]  # rounded up
    tenths = [ranked[a:b] for a, b in pairwise(edges)]

    assert sum(d.n for d in report.deciles) == len(rows)
    assert [d.coverage for d in report.deciles] == pytest.approx(
        [fmean(r.p for r in tenth) for tenth in tenths if tenth]
    )
    for cell in report.cells:
        members = [r.p for r in tenths[cell.decile - 1] if cell.group in (r.faiths or {"unknown"})]
        assert cell.n == len(members) >= 5
        assert cell.coverage == pytest.approx(fmean(members))
