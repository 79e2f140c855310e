"""The five tables, against published cells and by hand."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hatecrime_records import FORCES, TABLE_3, covered, supply, table_3_supplies
from reassure.hatecrime.offences import RELIGIONS, STRANDS, Supply, months_of, parse_year, year_of
from reassure.hatecrime.shares import rounded
from reassure.hatecrime.tables import Table, make_table
from reassure.hatecrime.vintages import as_at

DAY = date(2019, 10, 15)


def table(supplies: list[Supply], by: str, **coverage: object) -> Table:
    forces = sorted({s.force for s in supplies})
    return make_table(as_at(supplies, covered(forces, **coverage), DAY), "2018/19", by)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_table_3_is_made_again_whatever_the_overlap(data_dir: Path, seed: int) -> None:
    """7,446 offences that target 7,717 religions give the nine published counts and percentages to 1e-9."""
    path = data_dir / "oracles" / "hate_crime_perceived_religion_2018-19_table3.csv"
    published = list(csv.DictReader(path.open(encoding="utf-8")))
    codes = [*RELIGIONS, "total_targeted_religions", "total_offences"]

    made = table(table_3_supplies(seed), "religion")

    assert [row[0] for row in made.rows] == codes
    assert [row[1] for row in made.rows] == [int(row["offences"]) for row in published]
    for row, known in zip(made.rows[:9], published, strict=False):
        assert row[2] == pytest.approx(float(known["percent_unrounded"]), abs=1e-9)
    shares = [row[2] for row in made.rows[:9] if isinstance(row[2], float)]
    assert [rounded(share) for share in shares] == [0, 7, 2, 18, 47, 3, 7, 3, 17]
    assert sum(shares) == pytest.approx(103.6395, abs=5e-5)
    assert (made.base.religious, made.base.not_in_table) == (8566, 1120)


def test_the_share_without_unknown_is_exact_from_records() -> None:
    """With unknown never beside a named religion Muslim is 3,530 of 6,191, which is 57.0 %."""
    named = {code: n for code, n in TABLE_3.items() if code != "unknown"}
    sets = [frozenset({code}) for code, n in named.items() for _ in range(n)]  # 6,462 singles
    for number, extra in enumerate(sets[:271]):  # 271 of them move onto others: 6,191 named offences
        sets[-1 - number] |= extra
    sets = sets[271:] + [frozenset({"unknown"})] * 1255
    supplies = [supply(i, religions=s) for i, s in enumerate(sets)]

    made = table(supplies, "religion")

    assert made.base.offences == 7446
    assert made.base.known == 6191
    assert made.column("percent_of_known")["muslim"] == pytest.approx(100 * 3530 / 6191, abs=1e-9)
    assert rounded(100 * 3530 / 6191) == 57
    assert made.column("percent_of_known")["unknown"] is None


def test_the_forces_table_sums_to_the_published_force_rows(data_dir: Path) -> None:
    """43 force rows of 2018/19, synthesised strand by strand, give 8,163 religious offences, 99,821 and 108,763."""
    path = data_dir / "hate_crime" / "by_force_2017-18_2018-19.csv"
    rows = [row for row in csv.DictReader(path.open(encoding="utf-8")) if row["Year"] == "2018-19"]
    names = dict(
        zip(STRANDS, ("Race", "Total Religion", "Sexual orientation", "Disability", "Transgender"), strict=True)
    )
    supplies, number = [], 0
    for row in rows:
        counts = {code: int(row[name].replace(",", "")) for code, name in names.items()}
        n_offences = int(row["Total number of offences"].replace(",", ""))
        factors = [code for code, n in counts.items() for _ in range(n)]
        sets = [{factor} for factor in factors[:n_offences]]
        at = 0
        for factor in factors[n_offences:]:  # the rest go where that strand is not yet
            while factor in sets[at]:
                at += 1
            sets[at].add(factor)
            at += 1
        for strands in sets:
            supplies.append(supply(number, row["pfa_code"], strands=strands, religions=()))
            number += 1

    made = table(supplies, "force")

    by_code = {str(row[0]): row for row in made.rows}
    for row in rows:
        expected = [int(row[name].replace(",", "")) for name in names.values()]
        assert list(by_code[row["pfa_code"]][1:6]) == expected
    totals = [sum(int(str(row[i])) for row in made.rows) for i in range(1, 8)]
    assert (totals[1], totals[6], totals[5]) == (8163, 99821, 108763)
    national = make_table(as_at(supplies, covered(FORCES), DAY), "2018/19", "strand")
    assert [row[1] for row in national.rows] == totals


def test_forces_with_the_victims_own_religion_leave_numerator_and_base() -> None:
    """T3: a force that gave the victims' own religion, or none, is in the strand table, not in the religion table."""
    supplies = [supply(1), supply(2, "E23000001"), supply(3, "E23000003", religions=())]
    coverage = (
        covered(["E23000014"]) + covered(["E23000001"], religion="victim") + covered(["E23000003"], religion="none")
    )

    vintage = as_at(supplies, coverage, DAY)

    assert make_table(vintage, "2018/19", "religion").column("offences")["total_offences"] == 1
    assert make_table(vintage, "2018/19", "strand").column("offences")["total_offences"] == 3
    assert make_table(vintage, "2018/19", "force-religion").forces == ("E23000014",)


def test_a_force_without_strands_is_absent_and_one_without_a_row_supplies_nothing() -> None:
    """T5: absent, not zero; a force without a coverage row counts nowhere, a supplying one without offences is zero."""
    supplies = [supply(1), supply(2, "E23000001", code="8P"), supply(3, "E23000002", code="8P")]
    coverage = covered(["E23000014", "btp"]) + covered(["E23000001"], strands=False)

    vintage = as_at(supplies, coverage, DAY)

    rows = make_table(vintage, "2018/19", "force").rows
    assert rows == (("E23000014", 0, 1, 0, 0, 0, 1, 1), ("btp", 0, 0, 0, 0, 0, 0, 0))
    months = make_table(vintage, "2018/19", "month").column("rra_offences")
    assert sum(int(str(n)) for n in months.values()) == 1


def test_one_offence_may_carry_several_strands_and_religions() -> None:
    """T2 and T4 by hand: totals of factors and of targeted religions are at least the offences."""
    supplies = [
        supply(1, strands=["race", "religion"], religions=["sikh", "muslim"]),
        supply(2, strands=["race"], religions=[]),
        supply(3, religions=["unknown"]),
        supply(4, strands=["race"], religions=["hindu"]),  # T11: no strand religion
    ]

    religion = table(supplies, "religion")
    strand = table(supplies, "strand")

    assert [row[1] for row in religion.rows] == [0, 0, 0, 0, 1, 1, 0, 0, 1, 3, 2]
    assert religion.column("percent_of_offences")["sikh"] == 50
    assert religion.column("percent_of_known")["sikh"] == 100
    assert [row[1] for row in strand.rows] == [3, 2, 0, 0, 0, 5, 4]


def test_the_aggravated_offences_stand_by_month_of_their_recording() -> None:
    """April to March; only the five codes; 31 March belongs to the year that ends, 1 April to the next."""
    days = [date(2018, 4, 1), date(2019, 3, 31), date(2019, 3, 1), date(2019, 4, 1)]
    supplies = [supply(i, on=day, code="105B") for i, day in enumerate(days)] + [supply(9, on=days[0], code="125")]

    made = table(supplies, "month")

    assert made.column("rra_offences") == dict.fromkeys(months_of("2018/19"), 0) | {"2018-04": 1, "2019-03": 2}
    assert (year_of(days[1]), year_of(days[3])) == ("2018/19", "2019/20")
    assert (months_of("2018/19")[0], months_of("2018/19")[-1]) == ("2018-04", "2019-03")


@pytest.mark.parametrize("text", ["2018/20", "2018", "18/19", "2018-19", ""])
def test_a_year_is_april_to_march_and_written_so(text: str) -> None:
    """Two years that do not follow one another are refused with what was expected."""
    with pytest.raises(Exception, match="expected a year from April to March such as 2018/19"):
        parse_year(text)


records = st.lists(
    st.builds(
        supply,
        st.integers(0, 12),
        st.sampled_from(FORCES[:4]),
        sent=st.dates(date(2019, 4, 1), date(2019, 12, 31)),
        on=st.dates(date(2018, 4, 1), date(2019, 3, 31)),
        strands=st.sets(st.sampled_from(STRANDS), min_size=1),
        religions=st.sets(st.sampled_from(RELIGIONS)),
        code=st.sampled_from(["8P", "125"]),
        is_cancelled=st.booleans(),
    ),
    max_size=25,
    unique_by=lambda s: (s.force, s.offence_id, s.submitted_on),
)


@given(records, st.randoms(use_true_random=False))
def test_order_and_repeated_rows_change_nothing(supplies: list[Supply], chance: object) -> None:
    """Rows in another order, or twice, make the same five tables; what arrives later changes no earlier vintage."""
    coverage = covered(FORCES[:4])
    shuffled = supplies + supplies[:5]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    earlier = [s for s in supplies if s.submitted_on <= DAY]

    for by in ("religion", "strand", "force", "force-religion", "month"):
        made = make_table(as_at(supplies, coverage, DAY), "2018/19", by)
        assert made == make_table(as_at(shuffled, coverage, DAY), "2018/19", by)
        assert made == make_table(as_at(earlier, coverage, DAY), "2018/19", by)


@given(records)
def test_tables_add_up(supplies: list[Supply]) -> None:
    """Force rows sum to the national row, halves of the forces to the whole, no religion exceeds the base."""
    vintage = as_at(supplies, covered(FORCES[:4]), DAY)

    national = make_table(vintage, "2018/19", "religion").column("offences")
    rows = make_table(vintage, "2018/19", "force-religion").rows
    halves = [make_table(vintage, "2018/19", "religion", within=FORCES[i:4:2]).column("offences") for i in (0, 1)]
    months = make_table(vintage, "2018/19", "month").column("rra_offences")

    sums = [sum(int(str(row[i])) for row in rows) for i in range(1, 12)]
    assert sums == list(national.values())
    assert Counter(halves[0]) + Counter(halves[1]) == +Counter(national)
    assert all(int(str(n)) <= int(str(national["total_offences"])) for code, n in national.items() if code in RELIGIONS)
    n_rra = sum(o.code == "8P" for o in vintage.of_year("2018/19") if o.force in FORCES[:4])
    assert sum(int(str(n)) for n in months.values()) == n_rra


@given(records)
def test_unknown_beside_a_named_religion_changes_only_the_unknown_row(supplies: list[Supply]) -> None:
    """T11: the base and every named row stay; unknown and the targeted religions rise by one."""
    coverage = covered(FORCES[:4])
    one = supply(99, religions=["sikh"], force=FORCES[0])
    two = supply(99, religions=["sikh", "unknown"], force=FORCES[0])

    before, after = (
        make_table(as_at([*supplies, extra], coverage, DAY), "2018/19", "religion").column("offences")
        for extra in (one, two)
    )

    changed = {key: int(str(after[key])) - int(str(before[key])) for key in after}
    assert changed == dict.fromkeys(after, 0) | {"unknown": 1, "total_targeted_religions": 1}
