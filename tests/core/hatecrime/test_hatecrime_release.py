"""Tables below national level as released, attacked with everything that stands in public, one vintage and several."""

import math
import random
from collections.abc import Collection, Mapping, Sequence
from datetime import date

import numpy as np
import pytest
from scipy.optimize import linprog

from hatecrime_records import FORCES, covered, small_year, supply
from reassure.disclosure import SHOWN
from reassure.errors import RuleError
from reassure.hatecrime.joint_attack import JointAttack, Published, known_cells
from reassure.hatecrime.offences import RELIGIONS, Supply
from reassure.hatecrime.release import Release, release
from reassure.hatecrime.tables import Table, make_table
from reassure.hatecrime.vintages import as_at

FIRST, THEN, LATE = date(2019, 10, 15), date(2020, 10, 13), date(2020, 6, 1)
Attacked = tuple[Table, Table]


def narrowed(  # noqa: C901 - one attack, written out
    vintages: Sequence[Attacked], least: Mapping[tuple[str, int], int] | None = None
) -> set[tuple[str, int]]:
    """
    Hidden cells that linear programming narrows to under three values, totals under three apart.

    Known: the cells shown, targeted and offences of each force, the national row of each vintage, and that a row
    which is the same in two vintages has the same cells.
    """
    at: dict[tuple[str, tuple[object, ...], int], int] = {}
    bounds: list[tuple[int, int]] = []
    shown: dict[tuple[str, tuple[object, ...], int], int] = {}
    equations: list[tuple[list[int], int]] = []
    let_off: set[int] = set()
    n_columns = len(vintages[0][0].header) - 3
    for true, public in vintages:
        national = [sum(int(str(row[c + 1])) for row in true.rows) for c in range(n_columns)]
        by_column: list[list[int]] = [[] for _ in range(n_columns)]
        rest_of_column = list(national)
        for row, printed in zip(true.rows, public.rows, strict=True):
            unknown, rest = [], int(str(row[-2]))
            for c in range(n_columns):
                key = (str(row[0]), row[1:], c)
                if printed[c + 1] == SHOWN:
                    if key not in at:
                        at[key] = len(at)
                        bounds.append(((least or {}).get((str(row[0]), c), 0), int(str(row[-1]))))
                    unknown.append(at[key])
                    by_column[c].append(at[key])
                else:
                    shown[key] = int(str(printed[c + 1]))
                    rest -= shown[key]
                    rest_of_column[c] -= shown[key]
            if min(int(str(row[-2])), int(str(row[-1]))) < 3:
                let_off |= set(unknown)
            equations += [(unknown, rest)] if unknown else []
        for c, used in enumerate(by_column):
            equations += [(used, rest_of_column[c])] if used else []
            if national[c] < 3:
                let_off |= set(used)
    for key, value in shown.items():
        if key in at:
            bounds[at[key]] = (value, value)
    a = np.array([[1.0 if i in used else 0.0 for i in range(len(at))] for used, _ in equations])
    b = [rest for _, rest in equations]
    found = set()
    for key, i in at.items():
        aim = np.eye(len(at))[i]
        low, high = (linprog(sign * aim, A_eq=a, b_eq=b, bounds=bounds, method="highs").fun * sign for sign in (1, -1))
        if i not in let_off and key not in shown and math.floor(high + 1e-6) - math.ceil(low - 1e-6) + 1 < 3:
            found.add((key[0], key[2]))
    return found


def released(
    supplies: list[Supply],
    n_forces: int,
    day: date,
    by: str = "force-religion",
    released_on: Collection[date] | None = None,
) -> tuple[Table, Release]:
    coverage = covered(FORCES[:n_forces])
    table = make_table(as_at(supplies, coverage, day), "2018/19", by)
    return table, release(table, supplies, coverage, day, released_on=released_on)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_nobody_narrows_a_hidden_cell_of_one_vintage(seed: int) -> None:
    """Invented forces with many cells of 1 to 4: three values are left for each hidden cell, offences known too."""
    table, public = released(small_year(seed, 7 + seed % 2, 300 + 100 * (seed % 3)), 7 + seed % 2, FIRST)

    assert 0 < public.n_hidden < public.n_cells
    assert narrowed([(table, public.table)]) == set()
    for row, own in zip(public.table.rows, table.rows, strict=True):
        assert row[-2:] == own[-2:]
        assert not {1, 2, 3, 4} & set(row[1:-2])
        assert all(cell in {SHOWN, value} for cell, value in zip(row[1:-2], own[1:-2], strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_two_vintages_together_narrow_none_either(seed: int) -> None:
    """Where rows of forces that sent nothing new are known to be the same, or it is said and refused."""
    rng = random.Random(seed)
    supplies = small_year(seed, 7)
    changed = rng.sample(FORCES[:7], 3)
    for s in list(supplies):
        if s.force in changed and rng.random() < 0.08:
            number = int(s.offence_id[1:])
            supplies.append(supply(number, s.force, sent=LATE, religions=rng.choices(RELIGIONS, k=1)))
    first, then = released(supplies, 7, FIRST), released(supplies, 7, THEN)

    is_told = narrowed([(first[0], first[1].table), (then[0], then[1].table)]) != set()

    assert is_told == bool(then[1].beside_vintages)
    if is_told:
        with pytest.raises(RuleError, match="difference of the two national rows"):
            released(supplies, 7, THEN, released_on=[FIRST])


def test_a_force_that_alone_came_late_is_told_by_the_national_rows() -> None:
    """Nothing that is hidden helps: said where nobody told, refused beside a vintage that was released."""
    supplies = small_year(2, 7) + [supply(5000 + i, FORCES[7], sent=LATE, religions=["sikh"]) for i in range(3)]
    supplies += [supply(6000 + i, FORCES[7], sent=LATE) for i in range(9)]
    coverage = covered(FORCES[:7]) + covered([FORCES[7]], sent=LATE)
    table = make_table(as_at(supplies, coverage, THEN), "2018/19", "force-religion")

    assert "Durham, muslim; Durham, sikh" in release(table, supplies, coverage, THEN).beside_vintages
    with pytest.raises(RuleError, match="Durham, muslim; Durham, sikh"):
        release(table, supplies, coverage, THEN, released_on=[FIRST])
    public = release(table, supplies, coverage, THEN, released_on=[])

    assert narrowed([(table, public.table)]) == set()


def test_what_was_given_away_before_does_not_stop_a_later_table() -> None:
    """One force came late in June, three more in August: what June gave away is out, and August adds nothing."""
    supplies = small_year(2, 7) + [supply(5000 + i, FORCES[7], sent=LATE, religions=["sikh"]) for i in range(3)]
    supplies += [supply(5500 + i, FORCES[7], sent=LATE) for i in range(9)]
    coverage = covered(FORCES[:7]) + covered([FORCES[7]], sent=LATE)
    for at, force in enumerate(FORCES[1:4]):
        supplies += [
            supply(6000 + 100 * at + i, force, sent=date(2020, 8, 3), religions=[RELIGIONS[(at + i) % 9]])
            for i in range(30)
        ]

    table = make_table(as_at(supplies, coverage, THEN), "2018/19", "force-religion")

    public = release(table, supplies, coverage, THEN)

    assert 0 < public.n_hidden < public.n_cells


@pytest.mark.parametrize("seed", [4, 5, 25])
def test_offences_that_target_several_religions_do_not_tell(seed: int) -> None:
    """Few offences with two to four religions each: no cell can exceed the offences of its force."""
    rng = random.Random(seed)
    n_forces = rng.choice([3, 4, 5])
    supplies = [
        supply(i, rng.choice(FORCES[:n_forces]), religions=set(rng.choices(RELIGIONS[:5], k=rng.choice([2, 3, 4]))))
        for i in range(rng.choice([12, 20, 30]))
    ]

    table, public = released(supplies, n_forces, FIRST)

    assert narrowed([(table, public.table)]) == set()


def test_the_offences_of_a_force_bound_its_cells_over_several_vintages() -> None:
    """Four offences, 4 and 4 of 8 targeted: both are told by the offences, and with them those of the other force."""
    rows = {"a": (4, 4, 0), "b": (10, 10, 10)}
    hidden = {"a": frozenset({0, 1}), "b": frozenset({0, 1})}
    attack = JointAttack([Published(rows, {"a": 4, "b": 30}, {}, hidden)])
    free = JointAttack([Published(rows, {"a": 8, "b": 30}, {}, hidden)])

    told = [(force, rows[force], column) for force in "ab" for column in (0, 1)]
    assert attack.suspects() == told
    assert [attack.is_narrow(cell) for cell in told] == [True] * 4
    assert [free.is_narrow(cell) for cell in told] == [False] * 4


def test_only_cells_that_some_vintage_shows_are_known() -> None:
    """A cell hidden in one vintage and shown in another with the same row is known; one hidden in both is not."""
    first = Published({"a": (3, 7), "b": (5, 2)}, {"a": 10, "b": 7}, {}, {"a": frozenset({0}), "b": frozenset({0, 1})})
    then = Published({"a": (3, 7), "b": (6, 2)}, {"a": 10, "b": 8}, {}, {"a": frozenset({0, 1}), "b": frozenset({1})})

    assert known_cells([first, then]) == {("a", (3, 7), 1), ("b", (6, 2), 0)}
    assert JointAttack([first, then]).cells == [("a", (3, 7), 0), ("b", (5, 2), 0), ("b", (5, 2), 1), ("b", (6, 2), 1)]


@pytest.mark.parametrize("seed", [31, 90, 140])
def test_a_cell_shown_before_is_not_hidden_to_protect_another(seed: int) -> None:
    """It is known: rows that did not change are printed as before, whatever the rows that changed need."""
    rng = random.Random(seed)
    supplies = small_year(seed, 7)
    changed = rng.sample(FORCES[:7], rng.choice([2, 3, 4]))
    for s in list(supplies):
        if s.force in changed and rng.random() < 0.08:
            number = int(s.offence_id[1:])
            supplies.append(supply(number, s.force, sent=LATE, religions=rng.choices(RELIGIONS, k=1)))

    first, then = released(supplies, 7, FIRST)[1].table, released(supplies, 7, THEN)[1].table

    for before, after in zip(first.rows, then.rows, strict=True):
        if before[0] not in changed:
            assert before == after


def test_what_a_force_may_have_at_most_is_known() -> None:
    """Four offences that all target two religions: 4 and 4 of 8 would be told by the offences, so a third is hidden."""
    supplies = [supply(i, FORCES[0], religions=["muslim", "jewish"]) for i in range(4)]
    for at, force in enumerate(FORCES[1:5], 1):
        supplies += [
            supply(1000 * at + i, force, religions=[("muslim", "jewish", "sikh", "christian")[i % 4]])
            for i in range(160)
        ]

    table, public = released(supplies, 5, FIRST)

    assert public.table.rows[0].count(SHOWN) >= 3
    assert narrowed([(table, public.table)]) == set()


@pytest.mark.parametrize("seed", [4, 6, 8, 11])
def test_a_row_that_does_not_change_is_printed_the_same_again(seed: int) -> None:
    """A later vintage that showed a cell hidden before would undo the earlier release; one hidden later is known."""
    supplies = small_year(seed, 7)
    first = released(supplies, 7, FIRST)[1].table
    changed = FORCES[0]
    more = [supply(7000 + i, changed, sent=LATE, religions=["muslim"]) for i in range(40)]
    more += [supply(8000 + i, FORCES[1], sent=LATE, religions=["jewish"]) for i in range(30)]

    then = released(supplies + more, 7, THEN)[1].table

    for before, after in zip(first.rows, then.rows, strict=True):
        if before[0] not in FORCES[:2]:
            assert before == after


def test_the_strand_table_by_force_knows_the_religion_table() -> None:
    """A force's offences by religion are at least as many as its base, which the other table shows."""
    rng = random.Random(1)
    supplies = []
    for i in range(400):
        strands = rng.choices(["race", "religion", "disability"], [9, 2, 1], k=rng.choice([1, 1, 2]))
        supplies.append(supply(i, rng.choice(FORCES[:6]), strands=strands, religions=rng.choice([["muslim"], []])))
    supplies += [supply(9000 + i, FORCES[6], religions=["sikh"] if i < 3 else []) for i in range(4)]
    supplies += [supply(9100 + i, FORCES[6], strands=["race"]) for i in range(60)]

    table, public = released(supplies, 7, FIRST, "force")

    assert public.holds_beside_religion
    assert public.table.rows[6][2] == SHOWN
    base = make_table(as_at(supplies, covered(FORCES[:7]), FIRST), "2018/19", "force-religion").column("offences")
    assert narrowed([(table, public.table)], least={(force, 1): int(str(n)) for force, n in base.items()}) == set()


def test_two_tables_that_tell_one_another_are_not_both_released() -> None:
    """Where every religious offence has a religion the base is the strand's count: the strand table says so."""
    rng = random.Random(1)
    supplies = [
        supply(i, rng.choice(FORCES[:6]), strands=rng.choices(["race", "religion", "disability"], [9, 1, 1], k=1))
        for i in range(300)
    ]

    table, public = released(supplies, 6, FIRST, "force")

    assert not public.holds_beside_religion
    assert narrowed([(table, public.table)]) == set()


def test_an_earlier_release_that_shows_too_much_refuses_the_table() -> None:
    """Told that every other cell was shown before with the same counts, the table cannot be released: names where."""
    supplies, coverage = small_year(3, 7), covered(FORCES[:7])
    table = make_table(as_at(supplies, coverage, FIRST), "2018/19", "force-religion")
    small = {1, 2, 3, 4}
    earlier = {str(row[0]): [0 if n in small else int(str(n)) for n in row[1:-2]] for row in table.rows}

    with pytest.raises(RuleError, match="cannot be released beside the national row and what was released before"):
        release(table, supplies, coverage, FIRST, earlier=[earlier])


def test_one_force_alone_is_not_released() -> None:
    """Its row is the national row."""
    supplies = [supply(i, religions=["sikh" if i < 3 else "muslim"]) for i in range(60)]
    coverage = covered(["E23000014"])
    table = make_table(as_at(supplies, coverage, FIRST), "2018/19", "force-religion")

    with pytest.raises(RuleError, match="West Midlands, sikh"):
        release(table, supplies, coverage, FIRST)


def test_national_tables_stay_as_they_are() -> None:
    """Cells that the Home Office prints itself are not hidden."""
    supplies, coverage = small_year(3), covered(FORCES[:7])
    table = make_table(as_at(supplies, coverage, FIRST), "2018/19", "religion")

    assert release(table, supplies, coverage, FIRST) == Release(table, 0, 0)
