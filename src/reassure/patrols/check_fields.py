"""Reading one field of a plan document: which value each kind of field may hold.

Rules: an instant is written in UTC with whole seconds; a whole number is whole, not 12.0 and not true; a
position is finite and in the United Kingdom. Elsewhere: which fields there are (`check_reading`).
"""

import math
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from reassure.errors import Problem
from reassure.patrols.check_facts import fault

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_INSTANT = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)\+00:00", re.ASCII)
T = TypeVar("T")


class Fields:
    """
    One object of the document, field by field; faults are gathered in `problems`.

    A field that is missing or of another kind gives a value of its kind, so that reading goes on and finds the
    rest; nothing is checked of facts that were read with faults.
    """

    def __init__(self, value: Any, path: str, problems: list[Problem]) -> None:
        self.path, self.problems = path, problems
        self.value: Mapping[str, Any] = value if isinstance(value, Mapping) else {}
        if not isinstance(value, Mapping):
            self._wrong("", value, "an object", instead=None)

    def text(self, name: str) -> str:
        value = self.value.get(name)
        return value if isinstance(value, str) else self._wrong(name, value, "a text", instead="")

    def text_or(self, name: str, default: str) -> str:
        return self.text(name) if name in self.value else default

    def whole(self, name: str, least: int = 0) -> int:
        value: Any = self.value.get(name)
        is_whole = type(value) is int and value >= least
        return value if is_whole else self._wrong(name, value, f"a whole number, {least} or more", instead=0)

    def flag(self, name: str) -> bool:
        value = self.value.get(name)
        return value if isinstance(value, bool) else self._wrong(name, value, "true or false", instead=False)

    def instant(self, name: str) -> int:
        value = self.value.get(name)
        seconds = _seconds(value)
        expected = "an instant such as 2026-11-27T12:45:00+00:00"
        return seconds if seconds is not None else self._wrong(name, value, expected, instead=0)

    def number(self, name: str, low: float, high: float) -> float:
        value: Any = self.value.get(name)
        is_fine = _is_number(value, low, high)
        return value if is_fine else self._wrong(name, value, f"a number, {low:g} to {high:g}", instead=low)

    def pair(self, name: str) -> tuple[float, float]:
        value = self.value.get(name)
        if isinstance(value, list) and len(value) == 2 and _is_number(value[0], 49, 61) and _is_number(value[1], -9, 2):
            return (value[0], value[1])
        return self._wrong(name, value, "a latitude of 49 to 61 and a longitude of -9 to 2", instead=(52.0, 0.0))

    def texts(self, name: str) -> frozenset[str]:
        value = self.value.get(name)
        if isinstance(value, list) and all(isinstance(v, str) for v in value):
            return frozenset(value)
        return self._wrong(name, value, "a list of texts", instead=frozenset[str]())

    def within(self, name: str) -> "Fields":
        return Fields(self.value.get(name), self._at(name), self.problems)

    def rows(self, name: str) -> list["Fields"]:
        value = self.value.get(name)
        if not isinstance(value, list):
            return self._wrong(name, value, "a list", instead=[])
        return [Fields(row, f"{self._at(name)}[{i}]", self.problems) for i, row in enumerate(value)]

    def items(self, name: str) -> Sequence[Any]:
        value = self.value.get(name, [])
        return value if isinstance(value, list) else self._wrong(name, value, "a list", instead=[])

    def wholes(self, name: str) -> Mapping[str, int]:
        inner = self.within(name)
        return {key: inner.whole(key) for key in inner.value}

    def optional(self, name: str) -> Mapping[str, Any] | None:
        value = self.value.get(name)
        return (
            value
            if value is None or isinstance(value, Mapping)
            else self._wrong(name, value, "an object or null", instead=None)
        )

    def _at(self, name: str) -> str:
        return f"{self.path}.{name}".strip(".")

    def _wrong(self, name: str, value: Any, expected: str, *, instead: T) -> T:
        path = self._at(name)
        said = f"{path} is {value!r:.60}" if value is not None else f"{path} is missing"
        self.problems.append(fault(path, said, expected))
        return instead


def _is_number(value: Any, low: float, high: float) -> bool:
    return (
        isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and low <= value <= high
    )


def _seconds(value: Any) -> int | None:
    match = _INSTANT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    try:
        since = datetime(*map(int, match.groups()), tzinfo=UTC) - _EPOCH  # type: ignore[arg-type, misc]
    except ValueError:
        return None
    return since.days * 86_400 + since.seconds
