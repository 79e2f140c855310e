"""Who applied, passed and was funded, by group: opened before the panel confirms, never an input to the choice.

Rules: which figures stand by group, and which stay hidden (`disclosure`): counts of 1 to 4, with others where a total
would give them away; money goes with its count, or where one award is most of the cell. Source: docs/rooms/fund.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reassure.disclosure import SMALL, hidden_cells
from reassure.fund.bids import Key, ScoredBid, Terms

DOMINANT_SHARE_PER_CENT = 85
"""Money is hidden where one award is more than this part of its cell."""

DIMENSIONS = {
    "region": "region",
    "faith": "faith as declared",
    "size_band": "size band",
    "deprivation": "deprivation fifth",
    "first_time": "first time or not",
    "language": "language",
    "route": "route",
}


@dataclass(frozen=True, slots=True)
class FairnessBid:
    """One bid as the report counts it; `groups` is group by dimension."""

    ref: str
    groups: Mapping[str, str]
    has_passed: bool
    is_funded: bool
    asked_pence: int
    awarded_pence: int
    tenths: int


@dataclass(frozen=True, slots=True)
class GroupRow:
    """
    One group of a dimension; None stands for a figure that stays hidden.

    Parameters
    ----------
    expected_funded
        Bids that would be funded if all that passed were equal: passed times the share funded of all that passed.
    """

    group: str
    n_bids: int | None
    n_passed: int | None
    n_funded: int | None
    asked_pence: int | None
    awarded_pence: int | None
    awarded_per_passed_pence: int | None
    mean_tenths: int | None
    expected_funded: float | None


@dataclass(frozen=True, slots=True)
class GroupTable:
    """A dimension's rows, in the order of the groups' names, and its totals."""

    dimension: str
    rows: tuple[GroupRow, ...]
    total: GroupRow


def fairness_bids(
    bids: Iterable[ScoredBid],
    terms: Terms,
    chosen: frozenset[Key],
    *,
    more: Mapping[str, Mapping[str, str]] | None = None,
) -> list[FairnessBid]:
    """The bids of a run as the report counts them; `more` adds groups by bid, such as its language."""
    out = []
    for bid in bids:
        funded = [line for line in bid.lines if (bid.ref, line.ref) in chosen]
        out.append(
            FairnessBid(
                ref=bid.ref,
                groups={"region": bid.region or "not given", "faith": bid.faith, **(more or {}).get(bid.ref, {})},
                has_passed=terms.passes(bid),
                is_funded=bool(funded),
                asked_pence=sum(line.requested_pence for line in bid.lines),
                awarded_pence=sum(line.requested_pence for line in funded),
                tenths=bid.tenths,
            )
        )
    return out


def fairness_table(bids: Sequence[FairnessBid], dimension: str) -> GroupTable:
    """
    The figures of one dimension with what has to stay hidden as None.

    Who knows the totals and every shown figure is left at least three values for each hidden count.
    """
    names = sorted({bid.groups.get(dimension, "not given") for bid in bids})
    members = {name: [b for b in bids if b.groups.get(dimension, "not given") == name] for name in names}
    parts = [_parts(members[name]) for name in names]
    hidden_groups = _hidden_of([sum(part) for part in parts])
    hidden = hidden_cells(parts)
    hidden_passed = _hidden_of([part[1] + part[2] for part in parts]) | {r for r, c in hidden if c == 0}
    hidden_funded = _hidden_of([part[2] for part in parts]) | {r for r, c in hidden if c == 2}
    passed = sum(b.has_passed for b in bids)
    share = sum(b.is_funded for b in bids) / passed if passed else 0.0
    rows = [
        _row(
            name,
            members[name],
            share,
            shows_bids=r not in hidden_groups,
            shows_passed=r not in hidden_groups | hidden_passed,
            shows_funded=r not in hidden_groups | hidden_funded,
        )
        for r, name in enumerate(names)
    ]
    total = _row("all", list(bids), share, shows_bids=True, shows_passed=True, shows_funded=True)
    return GroupTable(dimension, tuple(rows), total)


def _hidden_of(counts: Sequence[int]) -> set[int]:
    """Which of a list of counts with a known total stay hidden."""
    return {c for _, c in hidden_cells([counts], are_column_totals_known=False)}


def _parts(bids: Sequence[FairnessBid]) -> list[int]:
    """Bids that did not pass, that passed without money, and that were funded: they add up to the group."""
    funded = sum(b.is_funded for b in bids)
    passed = sum(b.has_passed for b in bids)
    return [len(bids) - passed, passed - funded, funded]


def _row(
    name: str,
    bids: Sequence[FairnessBid],
    share: float,
    *,
    shows_bids: bool,
    shows_passed: bool,
    shows_funded: bool,
) -> GroupRow:
    n, passed, funded = len(bids), sum(b.has_passed for b in bids), sum(b.is_funded for b in bids)
    asked, awarded = sum(b.asked_pence for b in bids), sum(b.awarded_pence for b in bids)
    dominant = max((b.awarded_pence for b in bids), default=0) * 100 > DOMINANT_SHARE_PER_CENT * awarded
    shows_money = shows_funded and (funded == 0 or not dominant)
    asks_alone = max((b.asked_pence for b in bids), default=0) * 100 > DOMINANT_SHARE_PER_CENT * asked
    return GroupRow(
        group=name,
        n_bids=n if shows_bids else None,
        n_passed=passed if shows_passed else None,
        n_funded=funded if shows_funded else None,
        asked_pence=asked if shows_bids and not asks_alone else None,
        awarded_pence=awarded if shows_money else None,
        awarded_per_passed_pence=awarded // passed if shows_money and shows_passed and passed else None,
        mean_tenths=round(sum(b.tenths for b in bids) / n) if shows_bids and n else None,
        expected_funded=passed * share if shows_passed else None,
    )


def small_counts(table: GroupTable) -> list[int]:
    """Every count of a table that is shown although it is small; empty for any table made here."""
    low, high = SMALL
    shown = [n for row in table.rows for n in (row.n_bids, row.n_passed, row.n_funded) if n is not None]
    return [n for n in shown if low <= n <= high]
