"""`reassure occasions times`: when the prayers begin at a position, day by day."""

import csv
import io
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from reassure.cli.occasion_options import checked_range, known_word
from reassure.cli.output import note
from reassure.files.writing import write_file
from reassure.occasions.prayer import ASR, METHODS, PrayerTimes, prayer_times
from reassure.periods import london_wall

COLUMNS = ("date", *PrayerTimes.__slots__)
FORMATS = ("table", "csv")
MAX_DAYS = 10 * 366
ALSO_METHODS = {"moonsighting_committee": "moonsighting", "moon_sighting_committee": "moonsighting"}
ALSO_ASR = {"shafi": "standard", "mithl1": "standard", "mithl_1": "standard", "mithl2": "hanafi", "mithl_2": "hanafi"}


def command(
    lat: Annotated[float, typer.Option(metavar="DEGREES", help="Latitude, degrees north.")],
    lon: Annotated[float, typer.Option(metavar="DEGREES", help="Longitude, degrees east; west is negative.")],
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="First civil date, such as 2027-01-01.")],
    last: Annotated[str, typer.Option("--to", metavar="DATE", help="Last civil date, inside.")],
    method: Annotated[str, typer.Option(metavar="NAME", help="One of " + ", ".join(METHODS) + ".")] = "moonsighting",
    asr: Annotated[str, typer.Option(metavar="NAME", help="standard or hanafi.")] = "standard",
    format_: Annotated[str, typer.Option("--format", metavar="FORMAT", help="table or csv.")] = "table",
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write here instead of to the screen.")] = None,
) -> None:
    """
    When the five prayers begin and the sun rises, on London's clock.

    Calculated, so fajr and isha are about right only; a mosque's own timetable stands over any calculation.
    """
    method = known_word("--method", method, METHODS, ALSO_METHODS)
    asr = known_word("--asr", asr, ASR, ALSO_ASR)
    format_ = known_word("--format", format_, FORMATS)
    since, until = checked_range(first, last, max_days=MAX_DAYS)
    days = [since + timedelta(days=n) for n in range((until - since).days + 1)]
    found = [(day, prayer_times(lat, lon, day, method=method, asr=asr)) for day in days]
    rows = [(day.isoformat(), *(_clock(getattr(times, name)) for name in COLUMNS[1:])) for day, times in found]
    text = _csv(rows) if format_ == "csv" else _table(rows)
    if out is not None:
        write_file(out, text.encode())
        note(f"{len(rows):,} days written to {out}.")
    else:
        sys.stdout.write(text)


def _clock(instant: datetime) -> str:
    return f"{london_wall(instant):%H:%M}"


def _csv(rows: list[tuple[str, ...]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return out.getvalue()


def _table(rows: list[tuple[str, ...]]) -> str:
    lines = ["  ".join(f"{cell:<10}" if n == 0 else f"{cell:>7}" for n, cell in enumerate(r)) for r in (COLUMNS, *rows)]
    return "\n".join(lines) + "\n"
