"""What may stand in a single cell of a register, and how it becomes a value.

Rules: numbers, dates, names, lists and positions as text. A cell that is not what it has to be goes to
`RowFaults` with its column, value and what was expected; reading goes on, so that all faults are named.
Elsewhere: whole rows (`register_rows`).
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from reassure.errors import Problem
from reassure.files.csv_rows import is_formula
from reassure.geo import Point

_NUMBER = re.compile(r"[+-]?\d{1,9}(?:\.\d{1,20})?(?:[eE]-\d{1,3})?", re.ASCII)
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+", re.ASCII)


@dataclass(slots=True)
class RowFaults:
    """Collects what is wrong with one row, each fault with its file and line."""

    file: str
    row: int | None
    found: list[Problem] = field(default_factory=list)

    def add(self, column: str, value: str, expected: str, says: str = "") -> None:
        """Note one fault."""
        self.found.append(Problem(column, value, expected, self.file, self.row, says))


def tidy(text: str) -> str:
    """Text in the composed form (NFC), trimmed, with single spaces."""
    return " ".join((text if text.isascii() else unicodedata.normalize("NFC", text)).split())


def escaped(text: str) -> str:
    """Text as our own file holds it: what a spreadsheet would run as a formula gets an apostrophe first."""
    return "'" + text if is_formula(text.lstrip("'")) else text


def unescaped(text: str) -> str:
    """The inverse of `escaped`."""
    return text[1:] if text.startswith("'") and is_formula(text.lstrip("'")) else text


def degrees(column: str, text: str, faults: RowFaults) -> float | None:
    if _NUMBER.fullmatch(text):
        return float(text)
    if _DECIMAL_COMMA.fullmatch(text):
        faults.add(column, text, "a decimal point, not a comma")
    else:
        faults.add(column, text, "degrees as a number such as 52.48")
    return None


def _positive(column: str, text: str, faults: RowFaults) -> float | None:
    if not text:
        return None
    value = float(text) if _NUMBER.fullmatch(text) else -1.0
    if value <= 0:
        faults.add(column, text, "a number above 0")
    return value


def _day(column: str, text: str, faults: RowFaults) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        faults.add(column, text, "a date such as 2026-11-27")
        return None


def _words(column: str, text: str, faults: RowFaults) -> tuple[str, ...]:  # noqa: ARG001 - one shape for all
    return tuple(filter(None, (tidy(part) for part in unescaped(text).split("|"))))


def _flags(column: str, text: str, faults: RowFaults) -> tuple[str, ...]:  # noqa: ARG001 - one shape for all
    return tuple(sorted(set(text.split())))


def _bands(column: str, text: str, faults: RowFaults) -> tuple[tuple[str, str], ...]:
    pairs = [tuple(part.strip() for part in item.split("=")) for item in text.split(";") if item.strip()]
    if any(len(pair) != 2 or not all(pair) for pair in pairs) or len({pair[0] for pair in pairs}) < len(pairs):
        faults.add(column, text, "kind=band, several parted by ;, each kind once")
        return ()
    return tuple(sorted((pair[0], pair[1]) for pair in pairs))


def _entrances(column: str, text: str, faults: RowFaults) -> tuple[tuple[str, Point], ...]:
    found = []
    for item in filter(None, (part.strip() for part in text.split(";"))):
        word, _, position = item.partition("@")
        numbers = position.split()
        if not word.strip() or len(numbers) != 2 or not all(_NUMBER.fullmatch(n) for n in numbers):
            faults.add(column, text, "word@LAT LON, several parted by ;")
            return ()
        found.append((word.strip(), Point(float(numbers[0]), float(numbers[1]))))
    return tuple(found)


LESS_USUAL: dict[str, Callable[[str, str, RowFaults], object]] = {
    "other_names": _words,
    "precision_m": _positive,
    "entrances": _entrances,
    "bands": _bands,
    "size_m2": _positive,
    "valid_from": _day,
    "valid_to": _day,
    "flags": _flags,
    "setting": lambda _c, text, _f: text,
    "status": lambda _c, text, _f: text,
    "presence": lambda _c, text, _f: text,
    "authority": lambda _c, text, _f: text,
}
"""Columns that only some files have, and how each is read; an empty cell leaves the default."""
