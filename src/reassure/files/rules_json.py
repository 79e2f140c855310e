"""A rule of when a place gathers as a JSON object, and back again: every kind of rule, with nothing lost.

Rules: the field names of `occasions.values.Rule`; `when` carries the name of its kind; dates are ISO days, times
`HH:MM` or `HH:MM:SS`, instants ISO with their offset, points [lat_deg, lon_deg]; fields at their usual value are
left out. Elsewhere: timetables as people write them (`timetables`).
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import date, datetime, time
from typing import Any

from reassure.errors import InputError, Problem
from reassure.geo import Point
from reassure.occasions.values import (
    Computed,
    Confirmed,
    DateCandidate,
    Festival,
    OneOff,
    OsmText,
    Recurrence,
    Rule,
    TableRow,
    Weekly,
)

KINDS = {kind.__name__: kind for kind in (Weekly, Computed, Festival, TableRow, OneOff, Confirmed, OsmText, Recurrence)}
_DATES = {"on", "observed_on", "valid_from", "valid_to"}
_INSTANTS = {"starts_local", "ends_local", "said_at"}
_TIMES = {"local_time", "not_before", "not_after"}
_READ: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(_DATES, date.fromisoformat),
    **dict.fromkeys(_INSTANTS, datetime.fromisoformat),
    **dict.fromkeys(_TIMES, time.fromisoformat),
    "days": tuple,
    "replaces": tuple,
    "local_times": lambda times: tuple(map(time.fromisoformat, times)),
    "dates": lambda held: tuple(_of_object(DateCandidate, one) for one in held),
    "route": lambda points: tuple(Point(*point) for point in points),
    "instants": lambda pairs: tuple((datetime.fromisoformat(a), datetime.fromisoformat(b)) for a, b in pairs),
}


def rule_object(rule: Rule) -> dict[str, Any]:
    """
    The rule as a JSON object.

    Examples
    --------
    >>> rule_object(Rule("p1", "jumuah", Weekly((4,), time(13, 15)), 3, "notice board"))["when"]
    {'kind': 'Weekly', 'days': [4], 'local_time': '13:15'}
    """
    found = _object(rule, leave_out="when")
    return found | {"when": {"kind": type(rule.when).__name__} | _object(rule.when)}


def rule_of_object(value: Mapping[str, Any]) -> Rule:
    """The rule of an object that `rule_object` made; `InputError` for a kind that nobody knows."""
    when = dict(value["when"])
    kind = when.pop("kind", "")
    if kind not in KINDS:
        raise InputError([Problem("kind", str(kind), "one of " + ", ".join(KINDS))])
    rule: Rule = _of_object(Rule, {**value, "when": _of_object(KINDS[kind], when)})
    return rule


def _object(value: Any, *, leave_out: str = "") -> dict[str, Any]:
    return {
        f.name: _plain(held)
        for f in fields(value)
        if f.name != leave_out and ((held := getattr(value, f.name)) != f.default or f.default is MISSING)
    }


def _plain(value: Any) -> Any:
    if isinstance(value, time):
        return value.isoformat("auto" if value.second or value.microsecond else "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Point):
        return [value.lat_deg, value.lon_deg]
    if isinstance(value, DateCandidate):
        return _object(value)
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def _of_object(kind: Any, value: Mapping[str, Any]) -> Any:
    return kind(**{name: _READ[name](held) if name in _READ else held for name, held in value.items()})
