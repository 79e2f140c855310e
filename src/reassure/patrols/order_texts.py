"""What people write into an operation order, and when it may be issued.

Rules: which lines are written by hand under which heading; a heading whose lines are all empty blocks the issue, an
empty line beside a written one prints "not stated". Source: operations.md, section 7; docs/rooms/patrols-outputs.md.
Elsewhere: what the system fills in (`order`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from reassure.errors import Problem
from reassure.patrols.order import Block, Facts, Section

BY_HAND: Mapping[str, tuple[str, ...]] = {
    "Information": ("Community notes", "History"),
    "Intention": ("Gold's strategy",),
    "Method": ("Tactical limits",),
    "Administration": (
        "Commanders",
        "Briefing times and places",
        "Vehicles",
        "Mutual aid",
        "Welfare",
        "Dress",
    ),
    "Risk assessment": ("Risk assessment", "Assessed by"),
    "Communications": ("Channels", "Contacts, by role"),
    "Human rights and legal": ("Legal basis", "Written reason"),
}
"""Lines that people write, by heading; a written reason is asked for only where coverage differs too much."""

FAIRNESS_REASON = "Written reason"


@dataclass(frozen=True, slots=True)
class Issued:
    """What an issued order says of itself: who approved and issued it, and the head of the audit chain then."""

    approved_by: str
    issued_by: str
    audit_head: str


def asked_lines(sections: Sequence[Section]) -> list[tuple[str, tuple[str, ...]]]:
    """The lines that this order leaves to people, by heading in order."""
    found = []
    for section in sections:
        names = {name for block in section.blocks if isinstance(block, Facts) for name, _ in block.rows}
        found.append((section.heading, tuple(name for name in BY_HAND[section.heading] if name in names)))
    return found


def filled(sections: Sequence[Section], texts: Mapping[str, str]) -> tuple[Section, ...]:
    """The sections with what people wrote in their lines; what the system said is never overwritten."""
    return tuple(
        replace(section, blocks=tuple(_filled(block, BY_HAND[section.heading], texts) for block in section.blocks))
        for section in sections
    )


def order_problems(sections: Sequence[Section], texts: Mapping[str, str]) -> list[Problem]:
    """Every reason why an order may not be issued yet, in the order of its headings; empty when it may."""
    found = []
    for heading, names in asked_lines(sections):
        if FAIRNESS_REASON in names and not texts.get(FAIRNESS_REASON, "").strip():
            says = "coverage differs between communities or areas by more than the rule allows"
            found.append(Problem(FAIRNESS_REASON, "", "a written reason", says=says))
        written = [name for name in names if name != FAIRNESS_REASON and texts.get(name, "").strip()]
        if not written:
            lines = " or ".join(name for name in names if name != FAIRNESS_REASON)
            found.append(Problem(heading, "", lines, says=f"nothing is written under {heading}"))
    return found


def _filled(block: Block, names: Sequence[str], texts: Mapping[str, str]) -> Block:
    if not isinstance(block, Facts):
        return block
    return Facts(
        tuple((n, v or texts.get(n, "").strip()) if n in names else (n, v) for n, v in block.rows),
    )
