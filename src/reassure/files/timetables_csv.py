"""Rules as a timetable file that `timetables` reads back.

Rules: the columns and their order; a published row has a date, a rule of the place its days, an event of somebody
else's calendar a date and `said_by` others. What a timetable has no column for is refused, never left out.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time

from reassure.errors import InputError, Problem
from reassure.files.csv_rows import safe_cell
from reassure.occasions.values import Festival, Recurrence, Rule, TableRow, Weekly
from reassure.periods import london_wall

COLUMNS = ("place_ref", "key", "on", "days", "season", "local_time", "length_min", "source", "observed_on", "said_by")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
RANK_OF_OTHERS = 4


def timetables_csv(rules: Iterable[Rule]) -> str:
    """A CSV file with a header, in the order given; `InputError` for a kind of rule that has no row."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for rule in rules:
        for on, days, season, at, length_min in _times(rule):
            writer.writerow(
                (
                    safe_cell(rule.place_ref),
                    rule.key,
                    on.isoformat() if isinstance(on, date) else on or "",
                    days,
                    season,
                    f"{at:%H:%M}",
                    "" if length_min is None else str(length_min),
                    safe_cell(rule.source_ref),
                    rule.observed_on.isoformat() if rule.observed_on else "",
                    "others" if rule.rank == RANK_OF_OTHERS else "",
                )
            )
    return out.getvalue()


def _times(rule: Rule) -> Iterator[tuple[date | str | None, str, str, time, int | None]]:
    when = rule.when
    if isinstance(when, TableRow):
        yield when.on, "", "", when.local_time, rule.length_min
    elif isinstance(when, Weekly):
        yield None, ";".join(_DAYS[day] for day in when.days), when.season, when.local_time, rule.length_min
    elif isinstance(when, Festival):
        for at in when.local_times:
            yield when.event, "", "", at, rule.length_min
    elif isinstance(when, Recurrence):
        for starts_at, ends_at in when.instants:
            wall = london_wall(starts_at)
            yield wall.date(), "", "", wall.time(), _minutes(starts_at, ends_at)
    else:
        kind = type(when).__name__
        raise InputError([Problem("when", kind, "a published time, a rule by weekday or a calendar's event")])


def _minutes(starts_at: datetime, ends_at: datetime) -> int:
    return max(1, round((ends_at - starts_at).total_seconds() / 60))
