"""What may be published of a round: aggregates for all, rows only of places that agreed twice.

Rules: by default aggregates by region and faith group, with small counts hidden; a release whose difference to an
earlier one isolates 1 to 4 bids is refused; two people sign. A row in the 360Giving form needs the
place's consent at acceptance and again at release; region at most, no measures, no postcode. Withdrawing drops the row
from the next release. Rows that agreed count in the differencing test. Source: docs/rooms/fund.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from reassure.disclosure import SMALL, differencing_problems
from reassure.errors import Problem, RuleError
from reassure.fund.fairness import FairnessBid, GroupTable, fairness_table

GRANTS_REQUIRED = (
    "id",
    "title",
    "description",
    "currency",
    "amountAwarded",
    "awardDate",
    "recipientOrganization",
    "fundingOrganization",
)
"""Fields that the 360Giving data standard asks of every grant."""


@dataclass(frozen=True, slots=True)
class PublicRow:
    """
    One award as it may leave: there is no field finer than a region, and none for measures.

    Parameters
    ----------
    agreed_on, released_on
        The two consents; both are needed.
    """

    bid_ref: str
    organisation_ref: str
    organisation: str
    region: str
    awarded_pence: int
    awarded_on: date
    agreed_on: date | None = None
    released_on: date | None = None

    @property
    def has_agreed_twice(self) -> bool:
        """Whether the row may be published by name."""
        return self.agreed_on is not None and self.released_on is not None


@dataclass(frozen=True, slots=True)
class Funder:
    """Who gives: the prefix that 360Giving hands out, and the organisation's identifier and name."""

    prefix: str
    ref: str
    name: str


def grants(rows: Iterable[PublicRow], funder: Funder, *, scheme_title: str) -> list[dict[str, Any]]:
    """
    Rows in the form of the 360Giving data standard, of those who agreed twice, in the order of their references.

    Amounts are pounds, 9876.54; the recipient's location is its region at most.
    """
    out = []
    for row in sorted(rows, key=lambda r: r.bid_ref):
        if not row.has_agreed_twice:
            continue
        recipient: dict[str, Any] = {"id": row.organisation_ref, "name": row.organisation}
        if row.region:
            recipient["location"] = [{"name": row.region}]
        out.append(
            {
                "id": f"{funder.prefix}-{row.bid_ref}",
                "title": scheme_title,
                "description": "Protective security of a place of worship.",
                "currency": "GBP",
                "amountAwarded": row.awarded_pence / 100,
                "awardDate": row.awarded_on.isoformat(),
                "recipientOrganization": [recipient],
                "fundingOrganization": [{"id": funder.ref, "name": funder.name}],
            }
        )
    return out


@dataclass(frozen=True, slots=True)
class Release:
    """Figures that go out: tables by dimension, and the counts that later releases are compared with."""

    tables: tuple[GroupTable, ...]
    counts: Mapping[str, int]


def release(
    bids: Sequence[FairnessBid],
    dimensions: Sequence[str],
    *,
    earlier: Sequence[Mapping[str, int]] = (),
    signed_by: Sequence[str],
    named: int = 0,
) -> Release:
    """
    The figures of a round as they may be published.

    Parameters
    ----------
    earlier
        Counts of earlier releases of the same round, each as in `Release.counts`.
    named
        Awards that are published by name beside the figures: they count in the differencing test.

    Raises
    ------
    RuleError
        Fewer than two different people sign, or a difference would isolate 1 to 4 bids; every reason.
    """
    found: list[Problem] = []
    if len(set(signed_by)) < 2:
        found.append(Problem("signed_by", ", ".join(signed_by), "two different people"))
    tables = tuple(fairness_table(bids, dimension) for dimension in dimensions)
    counts = _counts(bids, tables)
    for name, n in counts.items():
        found += differencing_problems(name, n, [before[name] for before in earlier if name in before])
    low, high = SMALL
    funded = counts["funded"]
    if named and low <= funded - named <= high:
        says = f"{named} of {funded} awards are named: the other {funded - named} could be made out"
        found.append(Problem("named", str(named), "all, or at least five awards without a name", says=says))
    if found:
        raise RuleError(found)
    return Release(tables, counts)


def _counts(bids: Sequence[FairnessBid], tables: Iterable[GroupTable]) -> dict[str, int]:
    """Every count that is shown, by name; hidden ones are not compared, they never left."""
    counts = {
        "bids": len(bids),
        "passed": sum(b.has_passed for b in bids),
        "funded": sum(b.is_funded for b in bids),
    }
    for table in tables:
        for row in table.rows:
            for name, n in (("bids", row.n_bids), ("passed", row.n_passed), ("funded", row.n_funded)):
                if n is not None:
                    counts[f"{table.dimension}/{row.group}/{name}"] = n
    return counts


def share_text(part: int, whole: int) -> str:
    """
    A share as published, one decimal.

    Examples
    --------
    >>> share_text(59, 285), share_text(49, 377), share_text(49, 531)
    ('20.7 %', '13.0 %', '9.2 %')
    """
    return f"{100 * part / whole:.1f} %" if whole else "none"
