"""Records of hate crime for tests: invented offences whose counts are the published ones, or drawn by a seed."""

import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from reassure.hatecrime.offences import RELIGIONS, CoverageRow, Offence, Supply
from reassure.hatecrime.statements import EXPECTED_FORCES

HEADER = "offence_id,force_code,submitted_on,state,recorded_on,offence_code,strands,perceived_religions"
COVERAGE_HEADER = "force_code,year,submitted_on,religion_supply,strands_supply"
FORCES = sorted(EXPECTED_FORCES)

TABLE_3 = {
    "buddhist": 19,
    "christian": 535,
    "hindu": 114,
    "jewish": 1326,
    "muslim": 3530,
    "sikh": 188,
    "other": 535,
    "no_religion": 215,
    "unknown": 1255,
}
"""2018/19, bulletin 24/19, Table 3: 7,446 offences, 7,717 targeted religions."""


def overlapping(counts: Mapping[str, int], n_offences: int, seed: int) -> list[frozenset[str]]:
    """Sets of religions, one an offence, none empty, that have these counts; the seed says how they overlap."""
    rng = random.Random(seed)
    sets: list[set[str]] = [set() for _ in range(n_offences)]
    order = [code for code, n in counts.items() for _ in range(n)]
    for i, code in enumerate(order[:n_offences]):
        sets[i].add(code)
    for code in order[n_offences:]:
        free = [i for i in rng.sample(range(n_offences), 200) if code not in sets[i]]
        sets[free[0]].add(code)
    rng.shuffle(sets)
    return [frozenset(s) for s in sets]


def supply(
    number: int,
    force: str = "E23000014",
    *,
    sent: date = date(2019, 6, 1),
    on: date = date(2018, 9, 3),
    strands: Iterable[str] = ("religion",),
    religions: Iterable[str] = ("muslim",),
    code: str = "125",
    is_cancelled: bool = False,
    row: int = 0,
) -> Supply:
    """One supply; a plain religious offence where nothing is said."""
    offence = Offence(force, f"o{number}", on, code, frozenset(strands), frozenset(religions))
    return Supply(row or number + 2, force, f"o{number}", sent, None if is_cancelled else offence)


def covered(
    forces: Sequence[str],
    year: str = "2018/19",
    *,
    sent: date = date(2019, 6, 1),
    religion: str = "perceived",
    strands: bool = True,
) -> list[CoverageRow]:
    """One coverage row a force."""
    return [CoverageRow(i + 2, force, year, sent, religion, strands) for i, force in enumerate(forces)]


def table_3_supplies(seed: int = 1) -> list[Supply]:
    """The 7,446 offences of 2018/19 spread over the 44 forces, and 1,120 religious ones without a religion."""
    rng = random.Random(seed)
    found = []
    sets = overlapping(TABLE_3, 7446, seed) + [frozenset()] * 1120
    for i, religions in enumerate(sets):
        on = date(2018, 4, 1) + timedelta(days=rng.randrange(365))
        found.append(supply(i, FORCES[i % 44], on=on, religions=religions))
    return found


def write_offences(path: Path, supplies: Iterable[Supply]) -> Path:
    """The supplies as offences.csv."""
    lines = [HEADER]
    for s in supplies:
        o = s.offence
        rest = (
            f"recorded,{o.recorded_on},{o.code},{';'.join(sorted(o.strands))},{';'.join(sorted(o.religions))}"
            if o
            else "cancelled,,,,"
        )
        lines.append(f"{s.offence_id},{s.force},{s.submitted_on},{rest}")
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def write_coverage(path: Path, rows: Iterable[CoverageRow]) -> Path:
    """The rows as coverage.csv."""
    lines = [COVERAGE_HEADER]
    lines += [f"{r.force},{r.year},{r.submitted_on},{r.religion},{'yes' if r.has_strands else 'no'}" for r in rows]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def small_year(seed: int, n_forces: int = 7, n: int = 600) -> list[Supply]:
    """A year of few offences a force, many cells of 0 to 4."""
    rng = random.Random(seed)
    weights = [4, 60, 14, 120, 300, 22, 40, 18, 90]
    sizes = [rng.choice([1, 2, 5, 12]) for _ in range(n_forces)]
    forces = rng.choices(FORCES[:n_forces], sizes, k=n)
    return [
        supply(i, force, religions=set(rng.choices(RELIGIONS, weights, k=rng.choice([1, 1, 1, 1, 2]))))
        for i, force in enumerate(forces)
    ]
