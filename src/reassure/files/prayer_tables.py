"""Prayer timetables as mosques publish them: one row a day, one column a prayer, checked against the sun.

Rules: when each prayer begins, and when the congregation stands; a congregation is the occasion, a beginning only
bounds it. Checked: the order of the day, zuhr and maghrib within 15 minutes of the calculation at the place, no
congregation before its prayer begins, the weekday, a date that stands twice, a row of the next month, and the slips of
`timetables`: an afternoon without PM, a point for a colon. On a Friday the noon congregation is Jumu'ah.
Najaf (Shia) tables pass the same checks; their dawn is a city's own rule and is never computed.
"""

from dataclasses import dataclass, replace
from datetime import date, time
from itertools import pairwise
from pathlib import Path

from reassure.errors import InputError, Problem
from reassure.files.csv_rows import Row, read_table
from reassure.files.time_cells import clock_of
from reassure.occasions.announcements import weekday_problem
from reassure.occasions.prayer import prayer_times
from reassure.occasions.values import Rule, TableRow
from reassure.periods import london_wall, parse_date
from reassure.places.place import Place

PUBLISHED_RANK = 2
SUN_MARGIN_MIN = 15
"""A printed zuhr or maghrib lies at most this far from the calculation."""
FRIDAY = 4
SUNRISE_HOURS = (3, 10)
SMALL_HOURS = 6

BEGINS: dict[str, tuple[str, ...]] = {
    "fajr": ("fajr", "fajr_begins", "fajr_begin"),
    "sunrise": ("sunrise", "shuruq", "shurooq"),
    "dhuhr": ("zuhr", "dhuhr", "zuhr_begins", "dhuhr_begins", "zuhr_begin", "dhuhr_begin"),
    "asr": ("asr", "asr_begins", "asr_begin", "asr_mithl1", "asr_hanafi"),
    "maghrib": ("maghrib", "maghrib_begins", "maghrib_begin"),
    "isha": ("isha", "isha_begins", "isha_begin"),
}
"""Columns that say when a prayer begins, the first that a file has being the one that counts."""
_NAMES = {"dhuhr": ("zuhr", "dhuhr")}
CONGREGATIONS: dict[str, tuple[str, ...]] = {
    prayer: tuple(
        f"{name}_{word}"
        for name in _NAMES.get(prayer, (prayer,))
        for word in ("jamaah", "jamaat", "jamat", "iqamah", "congregation")
    )
    for prayer in BEGINS
    if prayer != "sunrise"
}
JUMUAH = ("jumuah", "jumuah_jamaah", "jumuah_1", "jumuah_2", "jumuah_3", "jumuah_4", "jumuah_5")
WEEKDAY = ("weekday", "day")
_OPTIONAL = (
    *(name for names in (*BEGINS.values(), *CONGREGATIONS.values()) for name in names),
    *JUMUAH,
    *WEEKDAY,
)


@dataclass(frozen=True, slots=True)
class PrayerTable:
    """
    What a timetable gives.

    Parameters
    ----------
    rules
        Congregations of the good rows, rank 2, in the order of the file.
    problems
        Every fault of the other rows, by row.
    dropped
        Columns that nobody knows.
    n_days
        Good rows.
    """

    rules: tuple[Rule, ...]
    problems: tuple[Problem, ...]
    dropped: tuple[str, ...]
    n_days: int


def read_prayer_table(path: Path, place: Place, *, source: str) -> PrayerTable:
    """
    Read a timetable of one mosque.

    Parameters
    ----------
    place
        Whose timetable it is; its position is what the sun is calculated at.
    source
        Where it was published; stands in every occasion.

    Raises
    ------
    InputError
        The file as a whole cannot be used: no table, no `date`, no column of a congregation.
    """
    table = read_table(path, required=("date",), optional=_OPTIONAL)
    columns = set(table.columns)
    if not columns & {*JUMUAH, *(name for names in CONGREGATIONS.values() for name in names)}:
        expected = "a column of a congregation, such as zuhr_jamaah or jumuah_1"
        says = "no column says when a congregation stands"
        raise InputError([Problem("", "", expected, file=table.file, says=says)])
    problems, rules = list(table.problems), []
    dates = [_date(row) for row in table.rows]
    months = [(on.year, on.month) for on in dates if on is not None]
    seen: dict[date, int] = {}
    n_days = 0
    for row, on in zip(table.rows, dates, strict=True):
        found: list[Problem] = []
        if on is None:
            found.append(Problem("date", row.cells["date"], "a date such as 2026-11-27"))
        else:
            found += _date_problems(row, on, seen, months)
            times = _Times(row, found)
            if not found:
                found += times.problems(place, on)
        if found or on is None:
            problems += [replace(problem, file=table.file, row=row.line) for problem in found]
            continue
        n_days += 1
        rules += [Rule(place.ref, key, TableRow(on, at), PUBLISHED_RANK, source) for key, at in times.congregations(on)]
    problems.sort(key=lambda problem: problem.row or 0)
    return PrayerTable(tuple(rules), tuple(problems), table.dropped, n_days)


def _date(row: Row) -> date | None:
    try:
        return parse_date(row.cells["date"], "date")
    except InputError:
        return None


def _date_problems(row: Row, on: date, seen: dict[date, int], months: list[tuple[int, int]]) -> list[Problem]:
    found = []
    if (first := seen.setdefault(on, row.line)) != row.line:
        says = f"{on.isoformat()} stands in row {first} too"
        found.append(Problem("date", on.isoformat(), "each date once", says=says))
    found += [
        problem
        for column in WEEKDAY
        if (said := row.cells.get(column, "")) and (problem := weekday_problem(on, _whole(said), "date")) is not None
    ]
    others = [month for month in months if month != (on.year, on.month)]
    if (
        on.day == 1
        and len(others) == len(months) - 1 >= MONTH_ROWS
        and len(set(others)) == 1
        and on > date(*others[0], 1)
    ):
        found.append(
            Problem("date", on.isoformat(), "a row of the month of the others", says="a row of the next month")
        )
    return found


MONTH_ROWS = 27
"""So many rows of one month before the first of the next is taken for a slip."""


def _whole(weekday: str) -> str:
    """A weekday in full, from three letters or more."""
    names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    short = weekday.strip().rstrip(".").casefold()
    return next((name for name in names if len(short) >= 3 and name.casefold().startswith(short)), weekday)


class _Times:
    """The times of one row; faults of reading go to `found`."""

    def __init__(self, row: Row, found: list[Problem]) -> None:
        self._row = row
        self.begins = {prayer: at for prayer, names in BEGINS.items() if (at := self._read(prayer, names, found))}
        self.stands = {key: at for key, names in CONGREGATIONS.items() if (at := self._read(key, names, found))}
        self.jumuah = [at for name in JUMUAH if (at := self._read("jumuah", (name,), found)) is not None]

    def _read(self, key: str, names: tuple[str, ...], found: list[Problem]) -> time | None:
        column = next((name for name in names if self._row.cells.get(name)), "")
        if not column:
            return None
        return clock_of(
            self._row.cells[column], key, found, column=column, hours=SUNRISE_HOURS if key == "sunrise" else None
        )

    def problems(self, place: Place, on: date) -> list[Problem]:
        """What does not fit the day and the sun."""
        held = list(self.begins.items())
        found = [
            Problem(later, f"{b:%H:%M}", f"after {earlier} at {a:%H:%M}")
            for (earlier, a), (later, b) in pairwise(held)
            if not _minutes(earlier, a) < _minutes(later, b)
        ]
        sun = prayer_times(place.point.lat_deg, place.point.lon_deg, on)
        for prayer, computed in (("dhuhr", sun.dhuhr), ("maghrib", sun.maghrib)):
            at = london_wall(computed).time()
            if (
                prayer in self.begins
                and abs(_minutes(prayer, self.begins[prayer]) - _minutes(prayer, at)) > SUN_MARGIN_MIN
            ):
                expected = f"within {SUN_MARGIN_MIN} minutes of {at:%H:%M}, as the sun has it there"
                found.append(Problem(prayer, f"{self.begins[prayer]:%H:%M}", expected))
        pairs = [(key, at) for key, at in self.stands.items()] + [("dhuhr", at) for at in self.jumuah]
        found += [
            Problem(f"congregation of {key}", f"{at:%H:%M}", f"not before {key} begins at {self.begins[key]:%H:%M}")
            for key, at in pairs
            if key in self.begins and _minutes(key, at) < _minutes(key, self.begins[key])
        ]
        return found

    def congregations(self, on: date) -> list[tuple[str, time]]:
        """Kind and time of each congregation; on a Friday that of noon is Jumu'ah, unless columns of its own say so."""
        is_friday = on.weekday() == FRIDAY
        found = [
            ("jumuah" if key == "dhuhr" and is_friday else key, at)
            for key, at in self.stands.items()
            if not (key == "dhuhr" and is_friday and self.jumuah)
        ]
        return found + [("jumuah", at) for at in dict.fromkeys(self.jumuah) if is_friday]


def _minutes(prayer: str, at: time) -> int:
    """Minutes of the day; an isha of the small hours belongs to the evening before."""
    return at.hour * 60 + at.minute + (24 * 60 if prayer == "isha" and at.hour < SMALL_HOURS else 0)
