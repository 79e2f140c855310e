"""Fairness, publication and disclosure: what stays hidden, and what no sequence of releases gives away."""

import json
import random
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reassure.disclosure import differencing_problems, hidden_cells, shown_row
from reassure.errors import RuleError
from reassure.fund.fairness import FairnessBid, fairness_table, small_counts
from reassure.fund.publication import GRANTS_REQUIRED, Funder, PublicRow, grants, release, share_text


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([12, 7, 3, 9], ["12", "[c]", "[c]", "9"]),
        ([27, 13, 5, 4], ["27", "13", "[c]", "[c]"]),  # 49 of 2019/20: our own release hides the 4 and the 5
        ([12, 0, 9], ["12", "0", "9"]),  # zero stays
        ([5, 6], ["5", "6"]),
        ([2], ["[c]"]),
    ],
)
def test_small_counts_and_their_neighbours_are_hidden(counts: list[int], shown: list[str]) -> None:
    """Counts of 1 to 4 are hidden, with the next smallest where the total would give them away."""
    assert shown_row(counts) == shown


def possible(counts: list[list[int]], hidden: set, rows: bool, columns: bool) -> dict:
    """Every value each hidden cell can have, by trying all fillings; small tables only."""
    cells = sorted(hidden)
    n_rows, n_columns = len(counts), len(counts[0])
    found = {cell: set() for cell in cells}
    most = sum(map(sum, counts))

    def ok(filled: dict) -> bool:
        def at(r: int, c: int) -> int:
            return filled.get((r, c), counts[r][c])

        by_row = all(sum(at(r, c) for c in range(n_columns)) == sum(counts[r]) for r in range(n_rows)) if rows else True
        by_column = (
            all(
                sum(at(r, c) for r in range(n_rows)) == sum(counts[r][c] for r in range(n_rows))
                for c in range(n_columns)
            )
            if columns
            else True
        )
        return by_row and by_column

    def fill(n: int, filled: dict) -> None:
        if n == len(cells):
            if ok(filled):
                for cell, value in filled.items():
                    found[cell].add(value)
            return
        r, c = cells[n]
        bound = min([sum(counts[r])] * rows + [sum(row[c] for row in counts)] * columns + [most])
        for value in range(bound + 1):
            fill(n + 1, {**filled, cells[n]: value})

    fill(0, {})
    return found


@given(st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=2, max_size=2))
@settings(max_examples=60)
def test_nobody_can_work_out_a_hidden_cell(counts: list[list[int]]) -> None:
    """Whoever knows all totals and every shown cell is left with more than one value, unless a total is tiny."""
    hidden = hidden_cells(counts)
    assert all((r, c) in hidden for r, row in enumerate(counts) for c, n in enumerate(row) if 1 <= n <= 4)
    if len(hidden) > 4:
        return
    for (r, c), values in possible(counts, set(hidden), True, True).items():
        is_tiny = sum(counts[r]) < 3 or sum(row[c] for row in counts) < 3
        others = len(hidden) == 6 or all(sum(row) == 0 for n, row in enumerate(counts) if n != r)
        assert len(values) >= 2 or is_tiny or others, (counts, hidden, (r, c))


def bids(seed: int, n: int) -> list[FairnessBid]:
    rng = random.Random(seed)
    out = []
    for i in range(n):
        passed = rng.random() < 0.7
        funded = passed and rng.random() < 0.5
        asked = rng.choice((100_000, 500_000, 4_000_000))
        out.append(
            FairnessBid(
                f"B{i}",
                {"region": rng.choice("NSEW"), "faith": rng.choice(("a", "b", "c"))},
                passed,
                funded,
                asked,
                asked * funded,
                400,
            )
        )
    return out


@given(st.integers(0, 10**6), st.integers(0, 60))
@settings(max_examples=80)
def test_no_table_shows_a_small_count(seed: int, n: int) -> None:
    """No group's count of 1 to 4 is shown, and no two shown counts of a row differ by 1 to 4."""
    for dimension in ("region", "faith"):
        table = fairness_table(bids(seed, n), dimension)
        assert small_counts(table) == []
        for row in table.rows:
            if row.n_bids is not None and row.n_passed is not None:
                assert not 1 <= row.n_bids - row.n_passed <= 4
            if row.n_passed is not None and row.n_funded is not None:
                assert not 1 <= row.n_passed - row.n_funded <= 4
            if row.awarded_pence is not None:
                assert row.n_funded is not None


def test_money_of_one_large_award_is_hidden() -> None:
    """Where one award is more than 85 % of its cell, the money goes although the count stays."""
    some = [FairnessBid(f"B{i}", {"region": r}, True, True, 100, 100, 500) for i, r in enumerate("NNNNNSSSSS")]
    big = [FairnessBid("X", {"region": "N"}, True, True, 10_000, 10_000, 500), *some]
    rows = {r.group: r for r in fairness_table(big, "region").rows}

    assert (rows["N"].n_funded, rows["N"].awarded_pence) == (6, None)
    assert rows["S"].awarded_pence == 500


def test_expected_is_the_share_of_all_that_passed() -> None:
    """Two groups of ten passed bids, twelve of twenty funded: six expected in each."""
    some = [
        FairnessBid(f"B{i}", {"region": "N" if i < 10 else "S"}, True, i < 9 or 10 <= i < 13, 1, 1, 500)
        for i in range(20)
    ]
    table = fairness_table(some, "region")

    assert [r.expected_funded for r in table.rows] == [6.0, 6.0]


@pytest.mark.parametrize(
    ("now", "before", "n"), [(33, [31], 1), (31, [31], 0), (36, [31], 0), (27, [31], 1), (30, [31, 34, 40], 2)]
)
def test_a_difference_of_one_to_four_is_refused(now: int, before: list[int], n: int) -> None:
    """31, then 33: two bids could be made out."""
    assert len(differencing_problems("bids", now, before)) == n


@given(st.integers(0, 10**6), st.lists(st.integers(0, 12), min_size=1, max_size=6))
@settings(max_examples=60)
def test_no_sequence_of_releases_isolates_anybody(seed: int, steps: list[int]) -> None:
    """However a round grows between releases, no two that went out differ by 1 to 4 in any count."""
    out, n = [], 20
    for step in steps:
        n += step
        try:
            out.append(release(bids(seed, n), ("region", "faith"), earlier=out, signed_by=("a", "b")).counts)
        except RuleError:
            continue
    for i, one in enumerate(out):
        for other in out[:i]:
            for name in one.keys() & other.keys():
                assert not 1 <= abs(one[name] - other[name]) <= 4


def test_two_people_sign_and_named_awards_count() -> None:
    """One person twice is not two; naming all but three of the awards is refused."""
    some = [FairnessBid(f"B{i}", {"region": "N"}, True, True, 1, 1, 500) for i in range(20)]
    with pytest.raises(RuleError, match="two different people"):
        release(some, ("region",), signed_by=("a", "a"))
    with pytest.raises(RuleError, match="the other 3 could be made out"):
        release(some, ("region",), signed_by=("a", "b"), named=17)
    assert release(some, ("region",), signed_by=("a", "b"), named=20).counts["funded"] == 20


def test_published_figures_replayed() -> None:
    """59 of 285, 49 of 377 and of 531, 1.6m a head of 49, 375,413 of 22: as published."""
    assert (share_text(59, 285), share_text(49, 377), share_text(49, 531)) == ("20.7 %", "13.0 %", "9.2 %")
    assert round(160_000_000 / 49) == 3_265_306
    assert round(37_541_300 / 22) == 1_706_423


ROW = PublicRow(
    "B1", "GB-CHC-1", "A gurdwara (invented)", "London", 987_654, date(2026, 3, 1), date(2026, 3, 2), date(2026, 6, 1)
)


def test_only_those_who_agreed_twice_are_named() -> None:
    """One consent is none; the fields of the standard are there, pounds with pence, region at most."""
    from dataclasses import replace  # noqa: PLC0415

    rows = [ROW, replace(ROW, bid_ref="B2", released_on=None), replace(ROW, bid_ref="B3", agreed_on=None)]
    out = grants(rows, Funder("360G-demo", "GB-GOV-1", "Demo fund"), scheme_title="Demo")

    assert [g["id"] for g in out] == ["360G-demo-B1"]
    assert set(out[0]) == set(GRANTS_REQUIRED)
    assert '"amountAwarded": 9876.54' in json.dumps(out[0])
    text = json.dumps(out)
    assert "postcode" not in text.casefold()
    assert not set(PublicRow.__dataclass_fields__) & {"postcode", "uprn", "point", "lat_deg", "measures", "address"}
