"""Reading timetables: when places say they gather, one row a time.

Rules: the columns are `place_ref,key,on,days,season,local_time,length_min,source` and, where wanted, `observed_on`,
`status`, `said_by`, `service_times`, `route` and `replaces`.
A row with `on` is a published time for that date, or the place's rule for an event such as eid_al_fitr or diwali,
whenever it falls; a row with `days` is the place's rule, in a season or all year. With `status` cancelled or confirmed
a row is the place's own word for its date, and stands over all others. Equal place, key and day are the sittings.
Slips that real timetables hold are named, never guessed away: an afternoon without PM, a point for a colon, a weekday
that is not the date's, a row that stands twice.
`said_by` others makes a row what somebody else says (rank 4). A row with `service_times` and nothing else but its place
and source is the raw text of OpenStreetMap.
Elsewhere: kinds of occasion and their hours (`occasions.keys`), which row stands (`occasions.precedence`).
"""

import hashlib
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path

from reassure.errors import InputError, Problem
from reassure.files.csv_rows import Row, read_bytes, read_table
from reassure.files.festival_days import reviewed_days
from reassure.files.outdoor_cells import replaces_of, route_of
from reassure.files.time_cells import WEEKDAYS, clock_of, days_of
from reassure.geo import Point
from reassure.occasions.festivals import COMPUTED_EVENTS, REVIEWED_EVENTS, candidates_of
from reassure.occasions.keys import DAILY_PRAYERS, KEYS
from reassure.occasions.osm_times import osm_rules
from reassure.occasions.rules import MINUTES_IN_A_DAY
from reassure.occasions.seasons import CLOCK_SEASONS
from reassure.occasions.values import DateCandidate, Festival, OneOff, Rule, TableRow, Weekly
from reassure.periods import parse_date
from reassure.places.place import Place

REQUIRED = ("place_ref", "key", "local_time")
OPTIONAL = (
    "on",
    "days",
    "season",
    "length_min",
    "source",
    "observed_on",
    "status",
    "said_by",
    "service_times",
    "route",
    "replaces",
)
SAID_BY = ("", "place", "others")
RANK_OF_OTHERS = 4
WORDS_OF_THE_PLACE = ("cancelled", "confirmed")
SOURCE_CHARACTERS = 120
UNNAMED_SOURCE = "timetable"
"""`source_ref` of a row that names no source."""

_SEASON = re.compile(r"[a-z][a-z0-9_]{0,39}|\d{4}-\d{2}-\d{2}/\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Timetables:
    """
    The rules that a file of timetables gives.

    Parameters
    ----------
    rules
        Of the good rows, in the order of the file: rank 1 the place's word, 2 a date, 3 days of the week.
    problems
        Every fault of the other rows, by row.
    dropped
        Columns that nobody knows.
    digest
        SHA-256 of the file's bytes, hexadecimal.
    """

    rules: tuple[Rule, ...]
    problems: tuple[Problem, ...]
    dropped: tuple[str, ...]
    digest: str


def read_timetables(
    path: Path, *, place_refs: Collection[str] | None = None, places: Mapping[str, Place] | None = None
) -> Timetables:
    """
    Read a CSV file of timetables.

    Parameters
    ----------
    place_refs
        The places of the register; a row for another place is a problem. None: any place.
    places
        The same with the places themselves, by ref: `service_times` are read by the tradition of the place.

    Raises
    ------
    InputError
        The file as a whole cannot be used (`csv_rows.read_table`).
    """
    table = read_table(path, required=REQUIRED, optional=OPTIONAL)
    digest = hashlib.sha256(read_bytes(path)).hexdigest()
    known = frozenset(places) if places is not None else None if place_refs is None else frozenset(place_refs)
    problems, rules = list(table.problems), []
    seen: dict[tuple[object, ...], int] = {}
    prayers: dict[tuple[str, date], dict[str, time]] = {}
    for row in table.rows:
        found: list[Problem] = []
        if raw := row.cells.get("service_times", ""):
            rules += _osm_rules(row, raw, known, places or {}, found)
            problems += [_placed(problem, table.file, row.line) for problem in found]
            continue
        rule = _rule(row, known, found)
        if rule is not None:
            found += _repeats(rule, row.line, seen)
        if rule is None or found:
            problems += [_placed(problem, table.file, row.line) for problem in found]
            continue
        if isinstance(rule.when, TableRow) and rule.key in DAILY_PRAYERS:
            held = prayers.setdefault((rule.place_ref, rule.when.on), {})
            if (fault := _out_of_order(rule.key, rule.when.local_time, held)) is not None:
                problems.append(_placed(fault, table.file, row.line))
                continue
            held.setdefault(rule.key, rule.when.local_time)
        rules.append(rule)
    problems.sort(key=lambda problem: problem.row or 0)
    return Timetables(tuple(rules), tuple(problems), table.dropped, digest)


def _osm_rules(
    row: Row, raw: str, known: Collection[str] | None, places: Mapping[str, Place], found: list[Problem]
) -> list[Rule]:
    """The rules of a text of OpenStreetMap; none where it has faults, which are added to `found`."""
    place_ref = row.cells["place_ref"]
    if not place_ref or (known is not None and place_ref not in known):
        found.append(Problem("place_ref", place_ref, "a place of the register" if known is not None else "a place"))
        return []
    others = [
        c for c, cell in row.cells.items() if cell and c not in {"place_ref", "service_times", "source", "observed_on"}
    ]
    found += [Problem(column, row.cells[column], "nothing beside service_times") for column in others]
    observed_on = _read(parse_date, row.cells.get("observed_on", ""), "observed_on", found)
    try:
        rules = osm_rules(
            places.get(place_ref, Place(place_ref)), raw, row.cells.get("source", "") or "osm", observed_on
        )
    except InputError as error:
        found += error.problems
        return []
    return [] if found else rules


def _rule(row: Row, known: Collection[str] | None, found: list[Problem]) -> Rule | None:
    """The rule of a row; None when it has faults, which are added to `found` in the order of the columns."""
    cells = row.cells
    place_ref, code = cells["place_ref"], cells["key"]
    if not place_ref or (known is not None and place_ref not in known):
        found.append(Problem("place_ref", place_ref, "a place of the register" if known is not None else "a place"))
    if code not in KEYS:
        found.append(Problem("key", code, "one of " + ", ".join(KEYS)))
    event = cells["on"].casefold() if cells.get("on", "").casefold() in (*COMPUTED_EVENTS, *REVIEWED_EVENTS) else ""
    on = None if event else _read(parse_date, cells.get("on", ""), "on", found)
    observed_on = _read(parse_date, cells.get("observed_on", ""), "observed_on", found)
    days = days_of(cells.get("days", ""), found)
    if not cells.get("on") and not cells.get("days"):
        found.append(Problem("on", "", "a date in on, or days of the week in days", says="on and days are both empty"))
    if event and days:
        found.append(Problem("days", cells["days"], f"no days, since {event} has its own"))
    if on is not None and days and on.weekday() not in days:
        found.append(Problem("days", cells["days"], f"{WEEKDAYS[on.weekday()]}, the weekday of {on.isoformat()}"))
    season = _season(cells, bool(on or event), found)
    at = clock_of(cells["local_time"], code, found)
    length_min = _length_min(cells.get("length_min", ""), found)
    route = route_of(cells.get("route", ""), found)
    replaces = replaces_of(cells.get("replaces", ""), found)
    status, said_by, source = _words(cells, on, is_outdoor=bool(route), found=found)
    if found or at is None:
        return None
    return Rule(
        place_ref=place_ref,
        key=code,
        when=Festival(event, (at,), dates=_reviewed().get(event, ()))
        if event
        else _when(on, at, days, season, status, length_min or KEYS[code].length_min, route),
        rank=RANK_OF_OTHERS if said_by == "others" else 1 if status else 2 if on is not None else 3,
        source_ref=source or UNNAMED_SOURCE,
        observed_on=observed_on,
        length_min=length_min,
        replaces=replaces,
    )


def _words(cells: dict[str, str], on: date | None, *, is_outdoor: bool, found: list[Problem]) -> tuple[str, str, str]:
    """Status, whose word it is, and the source of a row; a route is the place's own word, so it is confirmed."""
    status = cells.get("status", "").casefold()
    if is_outdoor and (on is None or status == "cancelled"):
        found.append(Problem("route", cells["route"], "a date in on, and no cancellation: a route is of one day"))
    if is_outdoor and not status:
        status = "confirmed"
    if status and status not in WORDS_OF_THE_PLACE:
        found.append(Problem("status", status, "cancelled, confirmed or nothing"))
    elif status and on is None:
        found.append(Problem("status", status, "a date in on, since it speaks of one day"))
    said_by = cells.get("said_by", "").casefold()
    if said_by not in SAID_BY:
        found.append(Problem("said_by", said_by, "place, others or nothing"))
    elif said_by == "others" and status:
        found.append(Problem("said_by", said_by, "place or nothing, since only the place cancels or confirms"))
    source = cells.get("source", "")
    if len(source) > SOURCE_CHARACTERS:
        found.append(Problem("source", source, f"at most {SOURCE_CHARACTERS} characters"))
    return status, said_by, source


@cache
def _reviewed() -> dict[str, tuple[DateCandidate, ...]]:
    """The dates of events that only reviewed rows give, by event."""
    return {event: dates for (event, _), dates in candidates_of(reviewed_days()).items()}


def _when(
    on: date | None,
    at: time,
    days: tuple[int, ...],
    season: str,
    status: str,
    length_min: int,
    route: tuple[Point, ...],
) -> OneOff | TableRow | Weekly:
    if on is None:
        return Weekly(days, at, season)
    if not status:
        return TableRow(on, at)
    starts = datetime.combine(on, at)
    ends = starts + timedelta(minutes=length_min)
    return OneOff(starts, ends, is_cancelled=status == "cancelled", is_outdoor=bool(route), route=route)


def _read(parse: Callable[[str, str], date], text: str, column: str, found: list[Problem]) -> date | None:
    if not text:
        return None
    try:
        return parse(text, column)
    except InputError as error:
        found += error.problems
        return None


def _season(cells: dict[str, str], has_date: bool, found: list[Problem]) -> str:
    season = cells.get("season", "").casefold()
    if season and has_date:
        found.append(Problem("season", season, "no season in a row with a date"))
    elif season and not _SEASON.fullmatch(season):
        expected = f"{', '.join(CLOCK_SEASONS)}, a name, or two dates such as 2026-09-01/2026-12-18"
        found.append(Problem("season", season, expected))
    elif "/" in season:
        first, last = (_read(parse_date, part, "season", found) for part in season.split("/"))
        if first and last and last < first:
            found.append(Problem("season", season, "the earlier date first"))
    return season


def _length_min(text: str, found: list[Problem]) -> int | None:
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) <= 5 and 1 <= int(text) <= MINUTES_IN_A_DAY // 2:
        return int(text)
    found.append(Problem("length_min", text, f"whole minutes, 1 to {MINUTES_IN_A_DAY // 2}"))
    return None


def _repeats(rule: Rule, line: int, seen: dict[tuple[object, ...], int]) -> list[Problem]:
    """A row that says again what an earlier one says, or that cancels what an earlier one confirms."""
    when = rule.when
    slots: list[tuple[object, ...]] = []
    if isinstance(when, OneOff):
        slots = [("word", when.is_cancelled, when.starts_local)]
        day = (rule.place_ref, rule.key, when.starts_local.date())
        seen.setdefault((*day, when.is_cancelled), line)
        if (other := seen.get((*day, not when.is_cancelled))) is not None:
            status = WORDS_OF_THE_PLACE[0] if when.is_cancelled else WORDS_OF_THE_PLACE[1]
            return [Problem("status", status, f"the same as in row {other}, or only one of the two rows")]
    elif isinstance(when, TableRow):
        slots = [(when.on, "", when.local_time)]
    elif isinstance(when, Festival):
        slots = [(when.event, "", at) for at in when.local_times]
    elif isinstance(when, Weekly):
        slots = [(day, when.season, when.local_time) for day in when.days]
    keys = [(rule.place_ref, rule.key, rule.source_ref, rule.observed_on, *slot) for slot in slots]
    first = min((seen[key] for key in keys if key in seen), default=None)
    for key in keys:
        seen.setdefault(key, line)
    if first is None:
        return []
    return [Problem("local_time", "", "each time once", says=f"this row repeats row {first}")]


def _out_of_order(code: str, at: time, held: dict[str, time]) -> Problem | None:
    """Where a prayer does not lie between those of the same place and date that stand above it."""
    wrong = [
        f"after {name} at {t:%H:%M}"
        for name, t in held.items()
        if _rank(name) < _rank(code) and _clock(name, t) >= _clock(code, at)
    ]
    wrong += [
        f"before {name} at {t:%H:%M}"
        for name, t in held.items()
        if _rank(name) > _rank(code) and _clock(name, t) <= _clock(code, at)
    ]
    return Problem("local_time", f"{at:%H:%M}", f"{code} {' and '.join(wrong)}") if wrong else None


def _rank(code: str) -> int:
    return DAILY_PRAYERS.index(code)


def _clock(code: str, at: time) -> int:
    """Minutes of the day; an isha of the small hours belongs to the evening before."""
    return at.hour * 60 + at.minute + (MINUTES_IN_A_DAY if code == "isha" and at.hour < 6 else 0)


def _placed(problem: Problem, file: str, line: int) -> Problem:
    return Problem(problem.column, problem.value, problem.expected, file=file, row=line, says=problem.says)
