"""EVENTS.jsonl: the events of a round, one JSON object a line.

Rules: every fault of every line is named with its row, field, value and what was expected, all at once. Fields are
`at, actor, role, subject, event, facts`; who acted with the actor stands in `facts.with` as [[role, person], ...].
Elsewhere: the facts of each event (`fund.events`), what they lead to (`fund.progress`).
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from reassure.errors import InputError, Problem
from reassure.files.csv_rows import CELL_CHARACTERS, MAX_PROBLEMS, cell_fault, decode, read_bytes
from reassure.fund.bids import Line
from reassure.fund.events import FACTS, Event
from reassure.fund.states import ROLES
from reassure.money import MAX_PENCE
from reassure.periods import parse_date, parse_instant

MAX_EVENTS = 500_000
FIELDS = ("at", "actor", "role", "subject", "event", "facts")
_SHA = re.compile(r"[0-9a-f]{64}")
_SUBJECT = re.compile(r"round|(?:batch|bid):[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_NEEDED = {"ref", "measure", "cost_pence", "requested_pence"}
_LINE_FIELDS = _NEEDED | {"other_grants_pence", "closes", "alternative_of", "needs"}


@dataclass(frozen=True, slots=True)
class EventFile:
    """The events of a file with the line each stands on."""

    file: str
    events: tuple[Event, ...]
    rows: tuple[int, ...]


def read_events(path: Path) -> EventFile:
    """The events of a file; `InputError` with every fault of every line."""
    file = str(path)
    return events_of_text(decode(read_bytes(path), file), file)


def events_of_text(text: str, file: str) -> EventFile:
    """The events of a text; see `read_events`."""
    events, rows, found = [], [], []
    for row, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            events.append(_event(line))
            rows.append(row)
        except InputError as error:
            found += [Problem(p.column, p.value, p.expected, file, row, p.says) for p in error.problems]
        if len(events) > MAX_EVENTS or len(found) > MAX_PROBLEMS:
            found.append(Problem("", "", f"at most {MAX_EVENTS:,} events", file, row, "reading stops here"))
            break
    if not events and not found:
        found.append(Problem("", "", "one JSON object a line", file, says="the file is empty"))
    if found:
        raise InputError(found)
    return EventFile(file, tuple(events), tuple(rows))


def _event(line: str) -> Event:
    try:
        value = json.loads(line, parse_constant=_no_constant, object_pairs_hook=_each_once)
    except (json.JSONDecodeError, RecursionError) as error:
        said = f"cannot be read as JSON ({error})" if isinstance(error, json.JSONDecodeError) else "too deep"
        raise InputError([Problem("", "", "one JSON object", says=said)]) from None
    if not isinstance(value, dict):
        raise InputError([Problem("", "", "a JSON object", says="this is no object")])
    found = [Problem(name, str(value[name]), "only " + ", ".join(FIELDS)) for name in value if name not in FIELDS]
    found += [Problem(name, "", "a value") for name in FIELDS[:-1] if name not in value]
    for name in FIELDS[:-1]:
        if name in value and not isinstance(value[name], str):
            found.append(Problem(name, str(value[name]), "a text"))
    if found:
        raise InputError(found)
    return _checked(value)


def _checked(value: dict[str, Any]) -> Event:
    found: list[Problem] = []
    at = _tried(lambda: parse_instant(value["at"], "at"), found)
    subject, event, facts = value["subject"], value["event"], value.get("facts", {})
    found += [
        Problem(name, value[name], cell_fault(value[name]) or "a value")
        for name in ("actor", "subject")
        if not value[name].strip() or cell_fault(value[name])
    ]
    if value["role"] not in ROLES:
        found.append(Problem("role", value["role"], "one of " + ", ".join(ROLES)))
    if not _SUBJECT.fullmatch(subject):
        found.append(Problem("subject", subject, "round, batch:N or bid:REF"))
        raise InputError(found)
    machine = subject.split(":", 1)[0]
    if event not in FACTS[machine]:
        found.append(Problem("event", event, f"an event of a {machine}: " + ", ".join(FACTS[machine])))
    if not isinstance(facts, dict):
        found.append(Problem("facts", str(facts), "an object"))
    if found:
        raise InputError(found)
    others = _tried(lambda: _others(facts.get("with", [])), found)
    values = _facts({k: v for k, v in facts.items() if k != "with"}, FACTS[machine][event], found)
    if found:
        raise InputError(found)
    return Event(at, value["actor"], value["role"], subject, event, values, others)


def _tried(function: Callable[[], Any], found: list[Problem]) -> Any:
    try:
        return function()
    except InputError as error:
        found += error.problems
        return None


def _others(value: Any) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, list) or not all(
        isinstance(pair, list) and len(pair) == 2 and all(isinstance(x, str) and x for x in pair) for pair in value
    ):
        raise InputError([Problem("facts.with", str(value), "[[role, person], ...]")])
    wrong = [role for role, _ in value if role not in ROLES]
    if wrong:
        raise InputError([Problem("facts.with", role, "one of " + ", ".join(ROLES)) for role in wrong])
    return tuple((role, person) for role, person in value)


def _facts(facts: Mapping[str, Any], kinds: Mapping[str, str], found: list[Problem]) -> dict[str, Any]:
    known = {name.rstrip("?"): (kind, name.endswith("?")) for name, kind in kinds.items()}
    expected = "only " + (", ".join(known) or "with")
    found += [Problem(f"facts.{name}", str(facts[name]), expected) for name in facts if name not in known]
    out = {}
    for name, (kind, is_optional) in known.items():
        if name not in facts:
            if not is_optional:
                found.append(Problem(f"facts.{name}", "", _KINDS[kind][1]))
            continue
        function, words = _KINDS[kind]
        try:
            out[name] = function(facts[name])
        except InputError as error:
            found += [Problem(f"facts.{name}.{p.column}", p.value, p.expected) for p in error.problems]
        except (ValueError, TypeError, KeyError, AttributeError):
            found.append(Problem(f"facts.{name}", str(facts[name]), words))
    return out


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > CELL_CHARACTERS or not value.isprintable():
        raise ValueError
    return value


def _count(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= MAX_PENCE:
        raise ValueError
    return value


def _yesno(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


def _sha(value: Any) -> str:
    if not _SHA.fullmatch(value):
        raise ValueError
    return str(value)


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError
    return tuple(_text(item) for item in value)


def _by_name(function: Callable[[Any], Any]) -> Callable[[Any], dict[str, Any]]:
    return lambda value: {_text(name): function(item) for name, item in value.items()}


def _measures(value: Any) -> tuple[Line, ...]:
    if not isinstance(value, list):
        raise ValueError
    found: list[Problem] = []
    lines = []
    for n, item in enumerate(value):
        if not isinstance(item, dict) or not item.keys() >= _NEEDED:
            found.append(Problem(str(n), str(item), "ref, measure, cost_pence, requested_pence, closes"))
            continue
        found += [Problem(f"{n}.{k}", str(item[k]), "no such field") for k in sorted(item.keys() - _LINE_FIELDS)]
        try:
            lines.append(
                Line(
                    _text(item["ref"]),
                    _text(item["measure"]),
                    _count(item["cost_pence"]),
                    _count(item["requested_pence"]),
                    tuple(sorted(_by_name(_count)(item.get("closes", {})).items())),
                    _count(item.get("other_grants_pence", 0)),
                    _text(item.get("alternative_of", "")),
                    _text(item.get("needs", "")),
                )
            )
        except (ValueError, TypeError, AttributeError):
            found.append(Problem(str(n), str(item), "texts, whole pence, and closes as {gap: tenths}"))
    if found:
        raise InputError(found)
    return tuple(lines)


_KINDS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "text": (_text, f"a text of at most {CELL_CHARACTERS:,} printable characters"),
    "texts": (_texts, "a list of texts"),
    "count": (_count, "a whole number, 0 or more"),
    "amount": (_count, "whole pence, 0 or more"),
    "yesno": (_yesno, "true or false"),
    "sha256": (_sha, "64 hexadecimal digits"),
    "date": (lambda v: parse_date(v, "date"), "a date such as 2026-11-27"),
    "instant": (lambda v: parse_instant(v, "instant"), "an instant such as 2026-11-27T11:00+00:00"),
    "counts": (_by_name(_count), "whole numbers by name"),
    "amounts": (_by_name(_count), "whole pence by name"),
    "words": (_by_name(_text), "texts by name"),
    "lines": (_by_name(_texts), "lists of texts by name"),
    "evidence": (_by_name(_texts), "lists of texts by line"),
    "measures": (_measures, "a list of measures"),
}


def events_bytes(events: Iterable[Event]) -> bytes:
    """Events as they are written: one object a line, names in order, nothing left out."""
    return b"".join(
        json.dumps(_document(e), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"
        for e in events
    )


def _document(event: Event) -> dict[str, Any]:
    facts = {name: _plain(value) for name, value in event.facts.items()}
    if event.others:
        facts["with"] = [list(pair) for pair in event.others]
    out = {"at": event.at.isoformat(), "actor": event.actor, "role": event.role, "subject": event.subject}
    return {**out, "event": event.event, "facts": facts}


def _plain(value: Any) -> Any:
    if isinstance(value, Line):
        out: dict[str, Any] = {
            "ref": value.ref,
            "measure": value.measure,
            "cost_pence": value.cost_pence,
            "requested_pence": value.requested_pence,
            "closes": dict(value.closes),
        }
        extra = {
            "other_grants_pence": value.other_grants_pence,
            "alternative_of": value.alternative_of,
            "needs": value.needs,
        }
        return out | {name: item for name, item in extra.items() if item}
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date | datetime) else value


def _no_constant(name: str) -> Any:
    raise InputError([Problem("", name, "a finite number")])


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError([Problem(name, "", "each name once", says=f"{name} stands twice") for name in twice])
    return dict(pairs)
