"""The list of erasures: which rows were erased when, kept beside the database so that a restore erases them again.

A line of JSON a row: table, key and instant, and nothing of what stood in the row. Copy the list off the machine with
the backups. A restore erases again what was erased after the backup was taken.
"""

import json
import os
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.apps import apps
from django.conf import settings

from reassure.errors import InputError

ERASURES = "erasures.jsonl"


@dataclass(frozen=True, slots=True)
class Erasure:
    """One row that was erased; `table` is `room.model`, `key` its primary key as text."""

    table: str
    key: str
    at: datetime


def erasures_file() -> Path:
    """Where this installation keeps its list."""
    return Path(settings.HOME) / ERASURES


def note_erasures(erasures: Iterable[Erasure]) -> None:
    """Add to the list, on disk before this returns; call it before the rows go for good."""
    lines = [json.dumps({"table": e.table, "key": e.key, "at": e.at.isoformat()}) + "\n" for e in erasures]
    file = erasures_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as opened:
        opened.writelines(lines)
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
            found.append(Erasure(facts["table"], facts["key"], datetime.fromisoformat(facts["at"])))
        except (ValueError, KeyError, TypeError):
            raise InputError(f"{file.name}, row {number}: not an erasure; expected table, key and at.") from None
    return found


def erase_again(erasures: Iterable[Erasure], *, after: datetime) -> int:
    """Erase the rows of the list that were erased after that instant and are here; how many there were."""
    keys = defaultdict(set)
    for erasure in erasures:
        if erasure.at > after:
            keys[erasure.table].add(erasure.key)
    total = 0
    for table, wanted in sorted(keys.items()):
        rows = apps.get_model(table)._default_manager.filter(pk__in=wanted)
        total += rows.count()
        rows.delete()
    return total
