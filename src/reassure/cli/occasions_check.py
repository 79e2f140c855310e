"""`reassure occasions check`: what is doubtful in timetables, announcements and reviewed festival days."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from reassure.cli.occasion_options import checked_range
from reassure.cli.output import FAULTS_FOUND, MAX_SHOWN, note, say, working
from reassure.errors import InputError, Problem
from reassure.files.announcements import read_announcements
from reassure.files.festival_days import reviewed_days
from reassure.files.register import read_register
from reassure.files.timetables import read_timetables
from reassure.occasions.announcements import contradictions
from reassure.occasions.checking import Doubt, doubts
from reassure.occasions.festivals import EVENTS_OF, candidates_of, gaps
from reassure.periods import london_wall

DAYS = 365
HEADINGS = {
    "never": "Rules that never speak or never stand",
    "overlap": "Kinds that take place at the same time",
    "differs": "The place's own rule against a published table",
    "tie": "Rules that nothing decides between",
    "nothing known": "Places about which nothing is known (nothing is made up)",
}


def command(
    register: Annotated[Path, typer.Argument(metavar="REGISTER.csv", help="Register of places of worship.")],
    timetables: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="Times that places publish or gave.")
    ] = None,
    announcements: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="What was announced about Muslim dates.")
    ] = None,
    area: Annotated[str, typer.Option(metavar="CODE", help="Only places of this police area, such as E23000014.")] = "",
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="First civil date; else today.")] = "",
    last: Annotated[str, typer.Option("--to", metavar="DATE", help="Last civil date; else 365 days on.")] = "",
) -> None:
    """
    Ask what a person should look at: rules that never speak or never stand, kinds that overlap, tables that contradict.

    Also named: places about which nothing is known, announcements that differ, years of festivals without a reviewed
    row, rows that nobody signed. Exit code 1 when a rule, table or announcement is doubtful.
    """
    since, until = _range(first, last)
    with working("Reading"):
        places = [p for p in read_register(register).places if not area or p.area_code == area]
        if not places:
            raise InputError([Problem("--area", area, "an area of the register with places")])
        held = read_timetables(timetables, places={p.ref: p for p in places}) if timetables else None
        said = read_announcements(announcements) if announcements else ()
    faults = [problem.text for problem in (*(held.problems if held else ()), *contradictions(said))]
    with working("Looking"):
        dates = candidates_of(reviewed_days())
        rules = held.rules if held else ()
        found = doubts(places, rules, since, until, candidates=dates, announcements=said)
    if faults:
        say(f"Faulty rows and announcements: {len(faults):,}")
        for text in faults[:MAX_SHOWN]:
            say(f"  {text}")
    _say_doubts(found)
    _say_calendars(range(since.year, until.year + 1))
    if faults or any(doubt.kind != "nothing known" for doubt in found):
        raise typer.Exit(FAULTS_FOUND)


def _range(first: str, last: str) -> tuple[date, date]:
    since = first or london_wall(datetime.now(UTC)).date().isoformat()
    if not last:
        start, _ = checked_range(since, since, max_days=DAYS + 1)
        return start, start + timedelta(days=DAYS - 1)
    return checked_range(since, last, max_days=DAYS + 1)


def _say_doubts(found: list[Doubt]) -> None:
    counts = Counter(doubt.kind for doubt in found)
    for kind, heading in HEADINGS.items():
        say(f"{heading}: {counts[kind]:,}")
        shown = [doubt for doubt in found if doubt.kind == kind][:MAX_SHOWN]
        for doubt in shown:
            say(f"  {doubt.place_ref + ': ' if doubt.place_ref else ''}{doubt.says}")
        if counts[kind] > len(shown):
            say(f"  ... and {counts[kind] - len(shown):,} more.")


def _say_calendars(years: range) -> None:
    rows = reviewed_days()
    missing = [gap for tradition in EVENTS_OF for gap in gaps(tradition, years, rows)]
    say(f"Festivals without a reviewed row in these years: {len(missing):,}")
    for gap in missing[:MAX_SHOWN]:
        say(f"  {gap.tradition}: {gap.event} {gap.year}")
    unsigned = sum(not row.reviewed_by and row.year in years for row in rows)
    note(f"{unsigned:,} reviewed rows of these years are proposals that no person has signed yet.")
