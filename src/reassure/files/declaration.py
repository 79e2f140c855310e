"""A declaration as a TOML file, with the field names of `threats.declarations`.

Lists for `faiths_named`, `areas` and `activities`, a table `[wordings]` by audience, instants as TOML offset
date-times or as texts. A key that nobody knows is refused, because a slip in `expires_at` must not go unseen.
"""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from reassure.errors import InputError, Problem
from reassure.files.csv_rows import decode, read_bytes
from reassure.periods import aware_utc, parse_instant
from reassure.threats.declarations import Declaration, declaration_problems

MAX_BYTES = 256 * 2**10
MAX_CHARACTERS = 4_000
MAX_ITEMS = 200
_INSTANT = "an instant with its UTC offset, such as 2026-11-27T05:00:00+00:00"
_STAND_IN = datetime(2000, 1, 1, tzinfo=UTC)


def read_declaration(path: Path, *, area_codes: Collection[str] | None = None) -> Declaration:
    """
    Read a declaration.

    Parameters
    ----------
    area_codes
        Every police area there is; any other in `areas` is refused, since a slip would leave an area out. None
        does not look.

    Raises
    ------
    InputError
        With every fault of the file: TOML, keys, types, and what a declaration must say.
    """
    file = str(path)
    return parse_declaration(decode(read_bytes(path, max_bytes=MAX_BYTES), file), file, area_codes=area_codes)


def parse_declaration(text: str, file: str = "", *, area_codes: Collection[str] | None = None) -> Declaration:
    """The declaration in the text of a file, named `file` in faults; as `read_declaration` otherwise."""
    fields = _Fields(_toml(text, file))
    declaration = _declaration(fields)
    found = list(fields.problems)
    faulty = {p.column.split(".")[0] for p in found}
    found += [p for p in declaration_problems(declaration) if not _rests_on(p.column, faulty)]
    if area_codes is not None:
        unknown = sorted(declaration.areas - frozenset(area_codes))
        found += [Problem("areas", code, "a police area code such as E23000014") for code in unknown]
    found += [Problem(key, "", "", says=f"nobody knows the key {key}") for key in fields.unknown()]
    if found:
        raise InputError(Problem(p.column, p.value, p.expected, file, says=p.says) for p in _in_order(found))
    return declaration


_ORDER = (
    *("ref", "revision", "status", "msg_type", "title", "event_at", "event_place", "source_url", "threat_wording"),
    *("threat_level_seen", "faiths_named", "is_all_faiths", "areas", "activities", "wordings", "issued_by"),
    *("approved_by", "issued_at", "starts_at", "review_at", "expires_at", "supersedes"),
)
"""Every key, in the order in which faults are listed."""

_REST_ON = {
    "review_at": {"starts_at", "review_at", "expires_at"},
    "expires_at": {"starts_at", "expires_at"},
    "faiths_named": {"faiths_named", "is_all_faiths"},
}
"""Keys without which a rule on this one says nothing."""


def _declaration(f: "_Fields") -> Declaration:
    return Declaration(
        ref=f.text("ref", "a text such as D-7"),
        revision=f.whole("revision"),
        status=f.text("status", "actual, exercise or test"),
        msg_type=f.text("msg_type", "alert, update or cancel"),
        title=f.text("title", "a text"),
        threat_wording=f.text("threat_wording", "what is said about the threat"),
        faiths_named=f.texts("faiths_named"),
        is_all_faiths=f.yes_no("is_all_faiths"),
        areas=f.texts("areas"),
        activities=f.texts("activities"),
        issued_by=f.text("issued_by", "who issues it"),
        approved_by=f.text("approved_by"),
        issued_at=f.instant("issued_at", _INSTANT),
        starts_at=f.instant("starts_at", _INSTANT),
        review_at=f.instant("review_at", "an instant after starts_at and not after expires_at"),
        expires_at=f.instant("expires_at", "at most 72 h after starts_at"),
        event_at=f.optional_instant("event_at"),
        event_place=f.text("event_place"),
        source_url=f.text("source_url"),
        threat_level_seen=f.text("threat_level_seen"),
        wordings=f.pairs("wordings"),
        supersedes=f.text("supersedes"),
    )


def _toml(text: str, file: str) -> Mapping[str, Any]:
    if not text.strip():
        expected = "a declaration with the keys " + ", ".join(_ORDER[:5]) + " and so on"
        raise InputError([Problem("", "", expected, file=file, says="the file is empty")])
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        says = f"cannot be read as TOML ({reason})"
        raise InputError([Problem("", "", "a TOML file", file=file, says=says)]) from None


def _rests_on(column: str, faulty: set[str]) -> bool:
    return bool(faulty & _REST_ON.get(column, {column}))


def _in_order(problems: list[Problem]) -> list[Problem]:
    place = {key: i for i, key in enumerate(_ORDER)}
    return sorted(problems, key=lambda p: place.get(p.column.split(".")[0], len(place)))


@dataclass
class _Fields:
    """The keys of a file, taken one by one; what is wrong with them is gathered in `problems`."""

    values: Mapping[str, Any]
    problems: list[Problem] = field(default_factory=list)

    def unknown(self) -> list[str]:
        """The keys that are none of a declaration, in the order of the file."""
        return [key for key in self.values if key not in _ORDER]

    def text(self, key: str, needed: str = "") -> str:
        """A text; empty where it is missing, which is a fault when something is `needed`."""
        return self._text_of(key, self.values[key]) if self._has(key, needed) else ""

    def whole(self, key: str) -> int:
        """A whole number, 1 where the key is missing."""
        value = self.values[key] if self._has(key) else 1
        if type(value) is int:
            return value
        self._refuse(key, value, "a whole number, 1 or more")
        return 1

    def yes_no(self, key: str) -> bool:
        """True or false; false where the key is missing."""
        value = self.values[key] if self._has(key) else False
        if not isinstance(value, bool):
            self._refuse(key, value, "true or false")
        return value is True

    def texts(self, key: str) -> frozenset[str]:
        """A list of texts, empty where the key is missing."""
        value = self.values[key] if self._has(key) else []
        if not isinstance(value, list) or len(value) > MAX_ITEMS:
            self._refuse(key, value, f"a list of at most {MAX_ITEMS} texts")
            return frozenset()
        return frozenset(self._text_of(f"{key}.{i}", item) for i, item in enumerate(value, start=1))

    def pairs(self, key: str) -> tuple[tuple[str, str], ...]:
        """A table of texts, in the order of the file."""
        value = self.values[key] if self._has(key) else {}
        if not isinstance(value, dict):
            self._refuse(key, value, "a table [wordings] by audience")
            return ()
        return tuple((audience, self._text_of(f"{key}.{audience}", words)) for audience, words in value.items())

    def instant(self, key: str, needed: str) -> datetime:
        """An instant in UTC; a stand-in where it is missing or cannot be read."""
        return self._instant_of(key, self.values[key]) if self._has(key, needed) else _STAND_IN

    def optional_instant(self, key: str) -> datetime | None:
        """An instant in UTC, or None where the key is missing or empty."""
        return self._instant_of(key, self.values[key]) if self._has(key) else None

    def _has(self, key: str, needed: str = "") -> bool:
        value = self.values.get(key, "")
        is_there = not (isinstance(value, str) and not value.strip())
        if needed and not is_there:
            self.problems.append(Problem(key, "", needed))
        return is_there

    def _refuse(self, key: str, value: object, expected: str) -> None:
        self.problems.append(Problem(key, _written(value), expected))

    def _text_of(self, key: str, value: object) -> str:
        expected = "a text"
        if isinstance(value, str):
            if len(value) <= MAX_CHARACTERS and all(c.isprintable() or c == "\n" for c in value):
                return value.strip()
            expected = f"at most {MAX_CHARACTERS:,} characters, none of them a control character"
        self._refuse(key, value, expected)
        return ""

    def _instant_of(self, key: str, value: object) -> datetime:
        try:
            if isinstance(value, datetime):
                return aware_utc(value, key)
            if isinstance(value, str):
                return parse_instant(value, key)
        except (InputError, OverflowError):
            pass
        self._refuse(key, value, _INSTANT)
        return _STAND_IN


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "a table"
    return str(value) or "an empty text"
