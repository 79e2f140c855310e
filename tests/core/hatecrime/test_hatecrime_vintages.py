"""Vintages, revisions and comparisons: what was known when, and which forces are in it."""

from datetime import date

import pytest

from hatecrime_records import FORCES, covered, supply
from reassure.errors import RuleError
from reassure.hatecrime.changes import change_interval, change_percent, compare, revisions
from reassure.hatecrime.tables import make_table
from reassure.hatecrime.vintages import as_at, repeats

FIRST, THEN = date(2019, 10, 15), date(2020, 10, 13)
LATE = date(2020, 6, 1)


def test_the_newest_version_up_to_the_day_counts() -> None:
    """T0: a revision moves an offence to another religion and another year; a cancelled one vanishes."""
    supplies = [
        supply(1),
        supply(1, sent=LATE, religions=["sikh"]),
        supply(2),
        supply(2, sent=LATE, on=date(2019, 4, 2)),
        supply(3),
        supply(3, sent=LATE, is_cancelled=True),
    ]
    coverage = covered(["E23000014"]) + covered(["E23000014"], "2019/20")

    first, then = (make_table(as_at(supplies, coverage, day), "2018/19", "religion") for day in (FIRST, THEN))

    assert first.column("offences")["muslim"] == 3
    assert then.column("offences")["muslim"] == 0
    assert then.column("offences")["sikh"] == 1
    moved = make_table(as_at(supplies, coverage, THEN), "2019/20", "religion")
    assert moved.column("offences")["total_offences"] == 1


def test_a_supply_of_the_day_itself_is_known() -> None:
    """The end of the day counts: `submitted_on <= day`."""
    assert len(as_at([supply(1, sent=FIRST)], [], FIRST).of_year("2018/19")) == 1


def test_equal_rows_count_once_and_different_ones_stop() -> None:
    """Rows of one key and day: equal ones are a duplicate, different ones stop the run; the later row is named."""
    same, other = supply(1, row=3), supply(1, row=4, religions=["sikh"])

    assert len(as_at([supply(1), same], [], FIRST).of_year("2018/19")) == 1
    assert repeats([supply(1, row=2), same, other]).duplicates == (3,)
    assert repeats([supply(1, row=2), same, other]).conflicts == (4,)
    with pytest.raises(RuleError, match="two different versions on 2019-06-01"):
        as_at([same, other], [], FIRST)
    with pytest.raises(RuleError, match="two different versions"):
        as_at([same, supply(1, row=5, is_cancelled=True)], [], FIRST)


def test_the_newest_coverage_up_to_the_day_counts() -> None:
    """A force that corrects what it supplies leaves the base from that vintage on."""
    coverage = covered(["E23000014"]) + covered(["E23000014"], religion="victim", sent=LATE)

    assert as_at([], coverage, FIRST).with_religion("2018/19") == {"E23000014"}
    assert as_at([], coverage, THEN).with_religion("2018/19") == set()
    with pytest.raises(RuleError, match="stands twice with different values"):
        as_at([], covered(["E23000014"]) + covered(["E23000014"], religion="none"), FIRST)


def test_revisions_keep_the_first_value_and_name_who_came() -> None:
    """T10: first, then and difference; a force that sends a year late appears only in the later vintage."""
    supplies = [supply(i) for i in range(3)] + [supply(9, "E23000001", sent=LATE, religions=["jewish"])]
    coverage = covered(["E23000014"]) + covered(["E23000001"], sent=LATE)

    found = revisions(as_at(supplies, coverage, FIRST), as_at(supplies, coverage, THEN), "2018/19", "religion")

    rows = {row[0]: row[1:] for row in found.rows}
    assert found.header == ("perceived_religion", "first", "then", "difference")
    assert (rows["muslim"], rows["jewish"], rows["total_offences"]) == ((3, 3, 0), (0, 1, 1), (3, 4, 1))
    assert (found.came, found.left) == (("E23000001",), ())


def test_years_with_other_coverage_are_compared_over_the_common_forces_or_not_at_all() -> None:
    """T9: refused with the way out; with the common forces the comparison says who left."""
    supplies = [supply(i, on=date(2018, 5, 1)) for i in range(40)]
    supplies += [supply(100 + i, on=date(2019, 5, 1), sent=LATE) for i in range(50)]
    supplies += [supply(500 + i, "E23000001", on=date(2018, 5, 1)) for i in range(25)]
    coverage = covered(["E23000014", "E23000001"]) + covered(["E23000014"], "2019/20", sent=LATE)
    vintage = as_at(supplies, coverage, THEN)

    with pytest.raises(RuleError, match="Metropolitan Police supplied for one of them only") as refused:
        compare(vintage, ["2018/19", "2019/20"], "religion", is_common=False)
    with pytest.raises(RuleError, match="Metropolitan Police supplied for one of them only"):
        compare(vintage, ["2019/20", "2018/19"], "religion", is_common=False)
    found = compare(vintage, ["2018/19", "2019/20"], "religion", is_common=True)

    assert "--common" in str(refused.value)
    rows = {row[0]: row[1:] for row in found.rows}
    assert rows["muslim"] == (40, 50, 25.0)
    assert rows["sikh"] == (0, 0, None)
    assert found.left_out == ("E23000001",)
    with pytest.raises(RuleError, match="nothing to compare"):
        compare(vintage, ["2018/19", "2001/02"], "religion", is_common=True)


def test_the_base_rule_has_to_hold_in_both_years() -> None:
    """A force that gave the victims' own religion in one year is not common for the religion table, but for strands."""
    supplies = [supply(i) for i in range(30)] + [supply(100 + i, on=date(2019, 5, 1), sent=LATE) for i in range(30)]
    forces = [*FORCES[:2], "E23000014"]
    coverage = covered(forces) + covered(FORCES[:2], "2019/20", sent=LATE)
    coverage += covered(["E23000014"], "2019/20", religion="victim", sent=LATE)
    vintage = as_at(supplies, coverage, THEN)

    assert compare(vintage, ["2018/19", "2019/20"], "religion", is_common=True).left_out == ("E23000014",)
    strands = compare(vintage, ["2018/19", "2019/20"], "strand", is_common=False)
    assert {row[0]: row[3] for row in strands.rows}["religion"] == 0


def test_changes_are_of_unrounded_counts_and_need_twenty() -> None:
    """T6: the published 2.722 % from 8,339 to 8,566; nothing from 0, nothing of counts under 20."""
    assert change_percent(8339, 8566) == pytest.approx(2.7221489387216695, abs=1e-9)
    assert change_percent(71264, 78991) == pytest.approx(10.842781769196227, abs=1e-9)
    assert [change_percent(old, new) for old, new in ((0, 50), (19, 50), (50, 19), (20, 20))] == [None, None, None, 0]
    assert change_interval(0, 5) is None
    limits = change_interval(100, 100)
    assert limits is not None
    # by hand: exp(1.959964 * sqrt(2 / 100)) = 1.31941
    assert (limits.high, limits.low) == (pytest.approx(31.941, abs=1e-3), pytest.approx(-24.209, abs=1e-3))
