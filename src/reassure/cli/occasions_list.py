"""`reassure occasions list`: who gathers where and when on a day."""

import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from reassure.cli.occasion_table import print_table, table_text
from reassure.cli.output import MAX_SHOWN, note, working
from reassure.errors import InputError, Problem
from reassure.faiths import CODES
from reassure.files.occasions_csv import occasions_csv
from reassure.files.occasions_json import occasions_json
from reassure.files.register import Register, read_register
from reassure.files.timetables import Timetables, read_timetables
from reassure.files.writing import write_file
from reassure.occasions.expand import expand
from reassure.occasions.rules import rule_ties
from reassure.occasions.values import Occasion
from reassure.periods import parse_date
from reassure.places.place import Place

FORMATS = ("table", "csv", "json", "ics")


def command(
    register: Annotated[Path, typer.Argument(metavar="REGISTER.csv", help="Register of places of worship.")],
    on: Annotated[str, typer.Option("--on", metavar="DATE", help="Civil date, such as 2026-11-27.")],
    area: Annotated[str, typer.Option(metavar="CODE", help="Only places of this police area, such as E23000014.")] = "",
    faith: Annotated[str, typer.Option(metavar="NAME", help="Only places that list this faith.")] = "",
    timetables: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="Times that places publish or gave.")
    ] = None,
    format_: Annotated[str, typer.Option("--format", metavar="FORMAT", help="table, csv, json or ics.")] = "table",
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write here instead of to the screen.")] = None,
) -> None:
    """
    Who gathers where and when on a day.

    Times are London's wall clock. Where a place has not said when it gathers, the usual time of its tradition
    stands, marked as not checked.
    """
    day = _checked(on, faith, format_)
    with working("Reading the register"):
        read = read_register(register)
        rules = read_timetables(timetables, place_refs={place.ref for place in read.places}) if timetables else None
    _say_what_was_read(register, read, timetables, rules)
    places = {place.ref: place for place in _chosen(read.places, area, faith)}
    with working("Working out who gathers"):
        found = list(expand(places.values(), rules.rules if rules else (), day, day))
    if out is None and format_ == "table":
        print_table(found, places, day, _attributions(read))
        return
    with working("Writing"):
        text = _written(format_, found, places, day, read, rules)
    if out is not None:
        write_file(out, text.encode())
        note(f"{len(found):,} occasions written to {out}.")
    else:
        sys.stdout.write(text)


def _checked(on: str, faith: str, format_: str) -> date:
    """The date; `InputError` with everything that is wrong with the options."""
    found: list[Problem] = []
    day = date.min
    try:
        day = parse_date(on, "--on")
    except InputError as error:
        found += error.problems
    if faith and faith not in CODES:
        found.append(Problem("--faith", faith, "one of " + ", ".join(CODES)))
    if format_ not in FORMATS:
        found.append(Problem("--format", format_, "one of " + ", ".join(FORMATS)))
    if found:
        raise InputError(found)
    return day


def _say_what_was_read(register: Path, read: Register, timetables: Path | None, rules: Timetables | None) -> None:
    """Dropped columns and refused rows as notes; `InputError` when a row of the timetables is faulty."""
    for file, dropped in ((register, read.dropped), (timetables, rules.dropped if rules else ())):
        if dropped:
            note(f"{file}: columns not used: {', '.join(dropped)}.")
    for problem in read.problems[:MAX_SHOWN]:
        note(problem.text)
    if len(read.problems) > MAX_SHOWN:
        note(f"... and {len(read.problems) - MAX_SHOWN:,} more rows of the register left out.")
    if rules is not None and rules.problems:
        raise InputError(rules.problems)
    for tie in rule_ties(rules.rules) if rules else ():
        note(tie.text)


def _chosen(places: Sequence[Place], area: str, faith: str) -> list[Place]:
    """The places of an area and faith; `InputError` when the register has none in that area."""
    chosen = [place for place in places if not area or place.area_code == area]
    if area and not chosen:
        codes = sorted({place.area_code for place in places if place.area_code})
        expected = "an area of the register: " + ", ".join(codes) if codes else "no area: the register has none"
        raise InputError([Problem("--area", area, expected)])
    return [place for place in chosen if not faith or faith in place.faiths]


def _written(
    format_: str,
    found: Sequence[Occasion],
    places: Mapping[str, Place],
    day: date,
    read: Register,
    rules: Timetables | None,
) -> str:
    attributions = _attributions(read)
    if format_ == "csv":
        return occasions_csv(found, places, attributions=attributions)
    if format_ == "json":
        digests = {"register": read.digest} | ({"timetables": rules.digest} if rules else {})
        return occasions_json(found, places, first=day, last=day, digests=digests, attributions=attributions)
    if format_ == "ics":
        from reassure.files.occasions_ics import occasions_ics  # noqa: PLC0415 - 0.2 s that other formats need not wait

        return occasions_ics(
            found, places, made_at=datetime.now(UTC), name=f"Occasions {day.isoformat()}", attributions=attributions
        ).decode()
    return table_text(found, places, day, attributions)


def _attributions(read: Register) -> list[str]:
    return list(dict.fromkeys(source.attribution for source in read.sources if source.attribution))
