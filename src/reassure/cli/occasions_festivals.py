"""`reassure occasions festivals`: the festivals of a tradition, with every date that is still open."""

import csv
import io
import sys
from pathlib import Path
from typing import Annotated

import typer

from reassure.cli.occasion_options import checked_range, known_word
from reassure.cli.output import note, say
from reassure.files.announcements import read_announcements
from reassure.files.festival_days import reviewed_days
from reassure.files.writing import write_file
from reassure.occasions.announcements import contradictions
from reassure.occasions.festivals import EVENTS_OF, TRADITIONS, festival_days, gaps
from reassure.occasions.hijri import announcements_for
from reassure.occasions.values import FestivalDay
from reassure.places.place import AUTHORITIES

COLUMNS = ("event", "on", "begins", "authority", "share")
FORMATS = ("table", "csv")
MAX_YEARS = 60


def command(
    tradition: Annotated[str, typer.Option(metavar="NAME", help="One of " + ", ".join(TRADITIONS) + ".")],
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="First civil date, such as 2027-01-01.")],
    last: Annotated[str, typer.Option("--to", metavar="DATE", help="Last civil date, inside.")],
    authority: Annotated[
        str, typer.Option(metavar="NAME", help="Whom Muslim places follow: " + ", ".join(AUTHORITIES) + ".")
    ] = "unknown",
    announcements: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="What authorities announced about dates.")
    ] = None,
    format_: Annotated[str, typer.Option("--format", metavar="FORMAT", help="table or csv.")] = "table",
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write here instead of to the screen.")] = None,
) -> None:
    """
    The festivals of a tradition between two dates, each candidate date with its share.

    A day that begins at sunset_before starts the evening before. Where nobody has reviewed a year, the gap is said.
    """
    tradition = known_word("--tradition", tradition, TRADITIONS)
    authority = known_word("--authority", authority, AUTHORITIES)
    format_ = known_word("--format", format_, FORMATS)
    since, until = checked_range(first, last, max_days=MAX_YEARS * 366)
    rows = reviewed_days()
    said = read_announcements(announcements) if announcements else ()
    for problem in contradictions(said):
        note(problem.text)
    if authority != "unknown" and tradition != "muslim":
        note("--authority is of no effect: only Muslim dates depend on whom a place follows.")
    held = announcements_for(authority, "", said)
    days = festival_days(tradition, since, until, authority=authority, rows=rows, announced=held)
    _say_gaps(tradition, range(since.year, until.year + 1), rows)
    text = _csv(days) if format_ == "csv" else _table(days)
    if out is not None:
        write_file(out, text.encode())
        note(f"{len(days):,} rows written to {out}.")
    else:
        sys.stdout.write(text)


def _say_gaps(tradition: str, years: range, rows: tuple[FestivalDay, ...]) -> None:
    """What no reviewed row covers, and how many rows nobody has signed."""
    missing: dict[int, list[str]] = {}
    for gap in gaps(tradition, years, rows):
        missing.setdefault(gap.year, []).append(gap.event)
    whole = [str(year) for year, events in missing.items() if len(events) == len(EVENTS_OF[tradition])]
    if whole:
        note(f"No reviewed row for any {tradition} event of {', '.join(whole)}: nothing is shown for these years.")
    for year, events in missing.items():
        if str(year) not in whole:
            note(f"No reviewed row in {year} for: {', '.join(events)}.")
    mine = [row for row in rows if row.tradition == tradition and row.year in years]
    if unsigned := sum(not row.reviewed_by for row in mine):
        note(f"{unsigned:,} of {len(mine):,} rows are proposals that no person has signed yet.")


def _csv(days: list[FestivalDay]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((d.name, d.on.isoformat(), d.begins, d.authority, f"{d.share:.6g}") for d in days)
    return out.getvalue()


def _table(days: list[FestivalDay]) -> str:
    if not days:
        say("No festival between these dates.")
        return ""
    wide = max(len(day.name) for day in days)
    lines = []
    for day in days:
        eve = "from sunset the evening before" if day.begins == "sunset_before" else ""
        sure = "" if day.share == 1 else f"{day.share:.0%}".rjust(4) + " likely"
        line = f"{day.on:%a} {day.on.day:>2} {day.on:%b %Y}  {day.name:<{wide}}  {sure:<12}  {day.authority}"
        lines.append(f"{line:<{wide + 60}}{eve}".rstrip())
    return "\n".join(lines) + "\n"
