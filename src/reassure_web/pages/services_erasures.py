"""The list of erasures, kept beside the database so that a restore erases again what was erased since the backup.

A line of JSON an erasure: the kind of record, before which day, which areas were on hold, and when. Nothing of what
stood in a row is in it. Copy the list off the machine with the backups.
"""

import json
import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.conf import settings

from reassure.errors import InputError
from reassure_web.accounts.services_retention import erase_sign_ins
from reassure_web.engagement.services_retention import erase_check_ins
from reassure_web.patrols.services_retention import erase_approved_plans, erase_unapproved_plans

LIST = "erasures.jsonl"
ERASERS: Mapping[str, Callable[[date, Collection[str]], Counter[str]]] = {
    "unapproved_plans": erase_unapproved_plans,
    "approved_plans": erase_approved_plans,
    "check_ins": erase_check_ins,
    "sign_ins": erase_sign_ins,
}
"""What erases each kind of `reassure.retention.SCHEDULE`, before a date, but in areas on hold; the rows it erased."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """One kind of record erased before a day, but in the areas on hold."""

    kind: str
    before: date
    held_areas: tuple[str, ...]
    at: datetime


def erasures_file() -> Path:
    """Where this installation keeps its list."""
    return Path(settings.HOME) / LIST


def erase(erasure: Erasure) -> Counter[str]:
    """Erase the rows; how many, by what they were."""
    return ERASERS[erasure.kind](erasure.before, erasure.held_areas)


def note_erasures(erasures: Iterable[Erasure]) -> None:
    """Add to the list, on disk before this returns."""
    lines = [
        json.dumps({"kind": e.kind, "before": e.before.isoformat(), "held": e.held_areas, "at": e.at.isoformat()})
        for e in erasures
    ]
    file = erasures_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as opened:
        opened.writelines(line + "\n" for line in lines)
        opened.flush()
        os.fsync(opened.fileno())


def read_erasures(file: Path) -> list[Erasure]:
    """
    Read a list of erasures.

    Raises
    ------
    InputError
        A line cannot be read; it is named.
    """
    found = []
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        try:
            facts = json.loads(line)
            before, at = date.fromisoformat(facts["before"]), datetime.fromisoformat(facts["at"])
            found.append(Erasure(facts["kind"], before, tuple(facts["held"]), at))
        except (ValueError, KeyError, TypeError):
            raise InputError(f"{file.name}, row {number}: no erasure; expected kind, before, held and at.") from None
        if found[-1].kind not in ERASERS:
            raise InputError(f"{file.name}, row {number}: kind is {facts['kind']}; expected {', '.join(ERASERS)}.")
    return found
