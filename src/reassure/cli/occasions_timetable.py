"""`reassure occasions timetable import`: what a place publishes, checked, as a timetable file."""

import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import typer

from reassure.cli.output import BAD_INPUT, MAX_SHOWN, note, working
from reassure.errors import InputError, Problem
from reassure.files.csv_rows import read_bytes
from reassure.files.prayer_tables import read_prayer_table
from reassure.files.register import read_register
from reassure.files.timetables import read_timetables
from reassure.files.timetables_csv import timetables_csv
from reassure.files.writing import write_file
from reassure.occasions.keys import KEYS
from reassure.occasions.values import Rule
from reassure.periods import parse_date
from reassure.places.place import Place

ACTIONS = ("import",)
CALENDAR_DAYS = 400


def command(
    action: Annotated[str, typer.Argument(metavar="import", help="What to do: import.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A timetable (.csv) or a calendar (.ics).")],
    register: Annotated[
        Path, typer.Option("--register", metavar="REGISTER.csv", help="Register of places of worship.")
    ],
    place: Annotated[
        str, typer.Option(metavar="REF", help="Whose timetable it is; not for files that name their places.")
    ] = "",
    source: Annotated[str, typer.Option(metavar="WORDS", help="Where it was published; else the file name.")] = "",
    since: Annotated[
        str, typer.Option("--from", metavar="DATE", help="First date of a calendar; 400 days are read.")
    ] = "",
    good_rows: Annotated[bool, typer.Option("--good-rows", help="Take the good rows of a faulty file.")] = False,
    out: Annotated[Path | None, typer.Option(metavar="FILE.csv", help="Write here instead of to the screen.")] = None,
) -> None:
    """
    Check what a place publishes, and write it as a timetable that the other commands read.

    Reads a mosque's table (date, zuhr, zuhr_jamaah, jumuah_1 ...), a timetable file, or a calendar feed. Every fault is
    named with its row; a faulty file is refused unless --good-rows is given. Exit code 2 when anything is faulty.
    """
    if action not in ACTIONS:
        raise InputError([Problem("action", action, "import")])
    with working("Reading"):
        places = {p.ref: p for p in read_register(register).places}
        if file.suffix.casefold() == ".ics":
            rules, problems = _from_calendar(file, _chosen(places, place), since)
        elif _is_prayer_table(file):
            table = read_prayer_table(file, _chosen(places, place), source=source or file.name)
            rules, problems = table.rules, table.problems
            _say_dropped(table.dropped)
        else:
            held = read_timetables(file, places=places)
            rules, problems = held.rules, held.problems
            _say_dropped(held.dropped)
    if problems and not good_rows:
        raise InputError(problems)
    for problem in problems[:MAX_SHOWN]:
        note(problem.text)
    text = timetables_csv(rules)
    if out is not None:
        write_file(out, text.encode())
    else:
        sys.stdout.write(text)
    counts = Counter(KEYS[rule.key].words for rule in rules)
    words = ", ".join(f"{n:,} {kind}" for kind, n in counts.items()) or "nothing"
    note(f"{len(rules):,} rules: {words}; {len(problems):,} problems.")
    if problems:
        raise typer.Exit(BAD_INPUT)


def _chosen(places: dict[str, Place], ref: str) -> Place:
    if not ref:
        raise InputError([Problem("--place", "", "the ref of the place whose timetable this is")])
    if ref not in places:
        raise InputError([Problem("--place", ref, "a place of the register")])
    return places[ref]


def _is_prayer_table(file: Path) -> bool:
    """Whether a file has a row a day: its header has `date` and no `place_ref`."""
    header = read_bytes(file)[:4096].decode("utf-8-sig", errors="replace").partition("\n")[0]
    columns = {name.strip().strip('"') for name in header.split(",")}
    return "date" in columns and "place_ref" not in columns


def _from_calendar(file: Path, place: Place, since: str) -> tuple[tuple[Rule, ...], tuple[Problem, ...]]:
    from reassure.files.ics_feed import read_feed  # noqa: PLC0415 - 0.3 s that a CSV file need not wait

    if not since:
        raise InputError([Problem("--from", "", "the first date of a calendar, such as 2026-11-27")])
    first = parse_date(since, "--from")
    last = min(first + timedelta(days=CALENDAR_DAYS), date.max)
    feed = read_feed(read_bytes(file), file.name, place_ref=place.ref, first=first, last=last)
    if feed.n_unknown:
        note(f"{feed.n_unknown:,} events have no word that says which kind they are; they are left out.")
    if feed.n_without_hours:
        note(f"{feed.n_without_hours:,} whole days have no hours; they are left out.")
    return feed.rules, feed.problems


def _say_dropped(dropped: Sequence[str]) -> None:
    if dropped:
        note(f"Columns not used: {', '.join(dropped)}.")
