"""What is doubtful in the counts of a force, with limits by hand."""

from datetime import date

import pytest

from hatecrime_records import covered, supply
from reassure.hatecrime.offences import Supply, months_of
from reassure.hatecrime.quality import (
    LEVELS,
    Finding,
    count_findings,
    does_not_add_up,
    faults_between_rows,
    known_by,
    row_findings,
)
from reassure.hatecrime.statements import statement, vintage_words
from reassure.hatecrime.tables import make_table
from reassure.hatecrime.vintages import as_at

DAY = date(2019, 10, 15)
HERE, THERE = "E23000014", "E23000016"
EVERY_MONTH = [date(int(month[:4]), int(month[5:]), 9) for month in months_of("2018/19")]


def findings(supplies: list[Supply], kind: str, *, religion: str = "perceived") -> list[Finding]:
    vintage = as_at(supplies, covered([HERE, THERE], religion=religion), DAY)
    return [finding for finding in count_findings(vintage, "2018/19") if finding.kind == kind]


def spread(n: int, n_special: int, force: str, start: int = 0, **special: object) -> list[Supply]:
    """n religious offences over all months, the first n_special of them with other fields."""
    return [
        supply(start + i, force, on=EVERY_MONTH[i % 12], **(special if i < n_special else {}))  # type: ignore[arg-type]
        for i in range(n)
    ]


@pytest.mark.parametrize(("n_without", "n_found"), [(24, 0), (25, 1)])
def test_a_quarter_without_religion_warns(n_without: int, n_found: int) -> None:
    """24 of 100 religious offences without a religion are quiet, 25 warn; the force and the share are named."""
    found = findings(spread(100, n_without, HERE, religions=[]), "no_religion_given")

    assert len(found) == n_found
    if found:
        assert (found[0].force, found[0].count) == (HERE, 25)
        assert found[0].says == "West Midlands: 25.0 % of 100 religious offences have no religion"


def test_a_force_that_supplies_no_religion_is_not_asked_for_it() -> None:
    """Only forces that give the perceived religion can lack it."""
    assert findings(spread(100, 100, HERE, religions=[]), "no_religion_given", religion="victim") == []


@pytest.mark.parametrize(("n_unknown", "n_found"), [(20, 0), (30, 1)])
def test_more_than_twice_the_nations_unknown_warns(n_unknown: int, n_found: int) -> None:
    """By hand: 20 of 100 here and 0 of 100 there is 20 % against 10 %, exactly twice; 30 and 2 of 200 is beyond it."""
    there = 0 if n_unknown == 20 else 2
    supplies = spread(100, n_unknown, HERE, religions=["unknown"])
    supplies += spread(100 if there == 0 else 200, there, THERE, 500, religions=["unknown"])

    found = findings(supplies, "unknown_share")

    assert [finding.force for finding in found] == [HERE] * n_found


def test_a_month_without_rows_asks_zero_or_not_sent() -> None:
    """A supplying force without rows in a month is asked about; rows without the strand religion count too."""
    supplies = [s for s in spread(24, 24, HERE, strands=["race"]) if s.offence and s.offence.recorded_on.month != 1]
    supplies += spread(12, 0, THERE, 100)

    [finding] = findings(supplies, "month_missing")

    assert finding.says == "West Midlands: no rows for 2019-01; zero or not sent?"


def test_faults_are_gathered_by_kind_with_their_rows() -> None:
    """Count and rows of each kind; a fault of a row that was sent later is not known yet."""
    supplies = [
        supply(1, religions=["sikh", "unknown"]),
        supply(2, religions=["sikh", "unknown"], sent=date(2020, 1, 1)),
        supply(3, strands=["race"]),
        supply(4, strands=["disability"], religions=[], code="8P"),
    ]
    faults = faults_between_rows(supplies)

    whole, early = row_findings(faults), row_findings(known_by(faults, DAY))

    assert {finding.kind: finding.rows for finding in whole} == {
        "religion_without_strand": (5,),
        "unknown_with_named": (3, 4),
        "rra_without_strand": (6,),
    }
    assert {finding.kind: finding.count for finding in early}["unknown_with_named"] == 1
    assert {finding.level for finding in whole} == {"warn"}
    assert sum(level == "stop" for level in LEVELS.values()) == 8


def test_a_difference_from_the_bulletin_stops_and_says_by_how_much() -> None:
    """Each row that differs is named; rows that the bulletin lacks are left."""
    table = make_table(as_at(spread(5, 0, HERE), covered([HERE]), DAY), "2018/19", "religion")

    assert does_not_add_up(table, {"muslim": 5, "total_offences": 5}) == []
    [finding] = does_not_add_up(table, {"muslim": 1_005})
    assert (finding.level, finding.count, finding.says) == (
        "stop",
        1000,
        "muslim: 5 here, 1,005 in the bulletin (-1,000)",
    )


def test_the_statement_names_who_is_not_in_the_table() -> None:
    """T3 and T8: forces with the victims' own religion, without any, without a row; label and both bases."""
    supplies = [*spread(12, 2, HERE, religions=["unknown"]), supply(99, THERE)]
    vintage = as_at(supplies, covered([HERE]) + covered([THERE], religion="victim"), DAY)

    stated = statement(make_table(vintage, "2018/19", "religion"), vintage)
    strands = statement(make_table(vintage, "2018/19", "strand"), vintage)

    assert (stated.base, stated.known, stated.label, strands.label) == (12, 10, "experimental", "official")
    assert stated.victims_own_religion == (THERE,)
    assert len(stated.not_supplying) == 42
    assert any("gave the victims' own religion: West Mercia." in note for note in stated.notes)
    assert any("13 religious offences of the forces that supplied, 1 (7.7 %)" in note for note in stated.notes)
    assert (strands.base, strands.counted) == (13, (HERE, THERE))


@pytest.mark.parametrize(
    ("year", "day", "words"),
    [
        ("2017/18", date(2018, 10, 16), "first published 16 October 2018"),
        ("2017/18", date(2019, 3, 31), "first published 31 March 2019"),
        ("2017/18", date(2019, 4, 1), "as revised by 1 April 2019"),
    ],
)
def test_a_vintage_is_first_published_until_the_next_year_ends(year: str, day: date, words: str) -> None:
    """Until the next year's records are complete a vintage is the first publication; then it is a revision."""
    assert vintage_words(year, day) == words
