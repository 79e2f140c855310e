"""Who may not assess a bid, and what they may not see.

Rules: ties C1 to C6 block hard; other declared ties are for a second officer. Sharing a faith is not a conflict: it
would bar small faiths from assessors who know them. The declaration comes before the bid opens; a tie found later
voids the assessment. Source: docs/rooms/fund.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from reassure.errors import Problem, RuleError
from reassure.fund.windows import add_months

MEMBER_MONTHS = 36


@dataclass(frozen=True, slots=True)
class Membership:
    """That somebody belonged to a place; `until` None means still."""

    place_ref: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of somebody who would assess; `household` is a digest of an address, never the address."""

    ref: str
    memberships: tuple[Membership, ...] = ()
    organisations: frozenset[str] = frozenset()
    suppliers: frozenset[str] = frozenset()
    household: str = ""
    other_ties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BidTies:
    """Whom a bid concerns; `parts` are the people who had a part in it, `households` those of its signatories."""

    bid_ref: str
    place_ref: str
    organisations: frozenset[str] = frozenset()
    suppliers: frozenset[str] = frozenset()
    households: frozenset[str] = field(default_factory=frozenset)
    advisers: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()


def conflicts(person: Person, ties: BidTies, *, on: date) -> tuple[str, ...]:
    """
    The codes C1 to C6 that bar a person from a bid on a day, in order; empty when none does.

    Examples
    --------
    >>> left = Person("p", (Membership("place-1", date(2023, 8, 10)),))
    >>> conflicts(left, BidTies("b", "place-1"), on=date(2026, 8, 10))
    ('C1',)
    >>> conflicts(left, BidTies("b", "place-1"), on=date(2026, 8, 11))
    ()
    """
    oldest = add_months(on, -MEMBER_MONTHS)
    was_member = any(
        m.place_ref == ties.place_ref and (m.until is None or m.until >= oldest) for m in person.memberships
    )
    rules = (
        ("C1", was_member),
        ("C2", bool(person.organisations & ties.organisations)),
        ("C3", bool(person.suppliers & ties.suppliers)),
        ("C4", bool(person.household) and person.household in ties.households),
        ("C5", person.ref in ties.advisers),
        ("C6", person.ref in ties.parts),
    )
    return tuple(code for code, holds in rules if holds)


WORDS = {
    "C1": "member of the place now or within 36 months",
    "C2": "same organisation or parent body",
    "C3": "tie with a supplier who quotes",
    "C4": "same household as a signatory",
    "C5": "surveyed or advised this bid",
    "C6": "earlier part in the bid",
}


def require_unconflicted(person: Person, ties: BidTies, *, on: date) -> None:
    """`RuleError` with every tie that bars a person from assessing a bid."""
    found = conflicts(person, ties, on=on)
    if found:
        raise RuleError(
            [Problem("assessor", person.ref, f"nobody with the tie {code}: {WORDS[code]}") for code in found]
        )


def needs_second_officer(person: Person) -> bool:
    """Whether a tie was declared that is none of C1 to C6: a second officer decides, the reason is kept."""
    return bool(person.other_ties)


def free_assessors(people: Iterable[Person], ties: BidTies, *, on: date) -> list[str]:
    """Those whom nothing bars, in the order of their references; ties that need a decision are left out."""
    return sorted(p.ref for p in people if not conflicts(p, ties, on=on) and not needs_second_officer(p))
