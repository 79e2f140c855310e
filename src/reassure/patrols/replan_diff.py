"""What changed between two plan documents, visit by visit.

Rules: a visit is kept when its unit is the same and its start moves by at most 15 minutes, else moved or reassigned;
the others are dropped or added. Everything is read from the documents (plan.schema.json).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

KINDS = ("kept", "moved", "reassigned", "dropped", "added")
MOVED = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class VisitChange:
    """
    One visit before and after; units and starts are empty where there is no visit.

    Parameters
    ----------
    what
        One of `KINDS`.
    is_orphan
        Its unit was lost before it could make the visit.
    """

    place_ref: str
    what: str
    unit_before: str
    unit_after: str
    start_before: str
    start_after: str
    is_orphan: bool = False

    def row(self) -> dict[str, Any]:
        """The change as a row of a document."""
        return asdict(self)


def visit_changes(
    before: Mapping[str, Any], after: Mapping[str, Any], *, lost: Iterable[str] = ()
) -> tuple[VisitChange, ...]:
    """
    Every visit of either plan, by start, then place.

    Parameters
    ----------
    lost
        Refs of units that were lost: their visits that another unit makes, or nobody, are orphans.
    """
    gone = frozenset(lost)
    old, new = _visits(before), _visits(after)
    found = []
    for key in sorted({*old, *new}):
        (unit_a, start_a), (unit_b, start_b) = old.get(key, ("", "")), new.get(key, ("", ""))
        what = _what(unit_a, start_a, unit_b, start_b)
        is_orphan = unit_a in gone and what in {"reassigned", "dropped"}
        found.append(VisitChange(key[0], what, unit_a, unit_b, start_a, start_b, is_orphan))
    return tuple(sorted(found, key=lambda c: (c.start_after or c.start_before, c.place_ref)))


def change_counts(changes: Iterable[VisitChange]) -> dict[str, int]:
    """How many visits of each kind, and how many orphans found another unit or none."""
    listed = list(changes)
    count = Counter(c.what for c in listed if not c.is_orphan)
    orphans = Counter(c.what for c in listed if c.is_orphan)
    return {
        **{kind: count[kind] for kind in KINDS},
        "orphans_reassigned": orphans["reassigned"],
        "orphans_dropped": orphans["dropped"],
    }


def replan_words(row: Mapping[str, Any]) -> list[str]:
    """What a re-plan did, a sentence a line; `row` is the `replan` object of a plan document."""
    counts = row["counts"]
    orphans = counts["orphans_reassigned"] + counts["orphans_dropped"]
    words = [
        f"{row['n_changed']:,} of {row['n_surviving']:,} visits of surviving units change; at most "
        f"{row['most_changed']:,} may. {row['approver'].capitalize()} may approve this.",
        f"Kept {counts['kept']:,}, moved {counts['moved']:,}, to another unit {counts['reassigned']:,}, "
        f"dropped {counts['dropped']:,}, added {counts['added']:,}.",
    ]
    if orphans:
        words.append(
            f"Of {orphans:,} visits that lost units had left, other units make {counts['orphans_reassigned']:,}; "
            f"{counts['orphans_dropped']:,} are missed, and those places get a contact."
        )
    words.append(f"Planning afresh would earn {row['value_lost'] / 100:,.0f} points more.")
    return words


def _visits(document: Mapping[str, Any]) -> dict[tuple[str, int], tuple[str, str]]:
    """Unit and start of each visit, by place and how many visits there start earlier."""
    found: dict[str, list[tuple[str, str]]] = {}
    for route in document["routes"]:
        for stop in route["stops"]:
            found.setdefault(stop["place_ref"], []).append((stop["start"], route["unit_ref"]))
    return {(ref, n): (unit, start) for ref, visits in found.items() for n, (start, unit) in enumerate(sorted(visits))}


def _what(unit_a: str, start_a: str, unit_b: str, start_b: str) -> str:
    if not unit_b:
        return "dropped"
    if not unit_a:
        return "added"
    if unit_a != unit_b:
        return "reassigned"
    return "moved" if abs(datetime.fromisoformat(start_a) - datetime.fromisoformat(start_b)) > MOVED else "kept"
