"""What a plan is handed out as: its files, made together, and only of a plan that the checker accepts."""

from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from reassure.errors import Problem, RuleError
from reassure.files.plan_html import plan_html
from reassure.files.plan_ics import plan_ics
from reassure.files.plan_json import plan_bytes
from reassure.files.plan_pdf import cards_pdf, order_pdf
from reassure.files.unvisited_csv import unvisited_csv
from reassure.patrols.check import check

TYPESET: Mapping[str, Callable[[Mapping[str, Any]], bytes]] = {"order.pdf": order_pdf, "cards.pdf": cards_pdf}
"""How the files that take longest are made, by name; most of it beside the interpreter."""

WRITTEN: Mapping[str, Callable[[Mapping[str, Any]], bytes]] = {
    "plan.html": plan_html,
    "plan.ics": plan_ics,
    "unvisited.csv": unvisited_csv,
    "plan.json": plan_bytes,
}
"""How the others are made."""

OUTPUT_WORDS = {
    "plan.html": "the plan to read: what is not visited first, then map, timeline and need",
    "order.pdf": "draft operation order",
    "cards.pdf": "a card for each unit",
    "plan.ics": "the visits as a calendar",
    "unvisited.csv": "what is not visited, and why",
    "plan.json": "the plan for machines and for `reassure patrols check`",
}
"""What each file is, in the order in which they are named."""


def checked_files(document: Mapping[str, Any], names: Collection[str] = tuple(OUTPUT_WORDS)) -> dict[str, bytes]:
    """
    The content of each of these files, once the checker has accepted the plan; it and the typesetter work side by side.

    Raises
    ------
    RuleError
        With every fault that the checker found; a plan with one must never leave the program.
    """
    with ThreadPoolExecutor(max_workers=len(TYPESET)) as threads:
        typeset = {name: threads.submit(make, document) for name, make in TYPESET.items() if name in names}
        refuse_faulty(check(document))
        made = {name: make(document) for name, make in WRITTEN.items() if name in names}
        made |= {name: waiting.result() for name, waiting in typeset.items()}
        return {name: made[name] for name in OUTPUT_WORDS if name in made}


def refuse_faulty(faults: list[Problem]) -> None:
    """Stop with every fault that the checker found."""
    if faults:
        raise RuleError(
            "The independent checker refuses this plan; nothing was written. Please report this:\n"
            + "\n".join(fault.text for fault in faults[:50])
        )
