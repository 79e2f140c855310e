"""`reassure occasions list`: who gathers where and when on a day, or between two dates."""

import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from reassure.cli.occasion_options import checked_range
from reassure.cli.occasion_table import print_table, table_text
from reassure.cli.occasion_why import print_why
from reassure.cli.output import MAX_SHOWN, note, working
from reassure.errors import InputError, Problem
from reassure.faiths import CODES
from reassure.files.announcements import read_announcements
from reassure.files.festival_days import reviewed_days
from reassure.files.occasions_csv import occasions_csv
from reassure.files.occasions_html import occasions_html
from reassure.files.occasions_json import occasions_json
from reassure.files.register import Register, read_register
from reassure.files.timetables import Timetables, read_timetables
from reassure.files.writing import write_file
from reassure.occasions.announcements import contradictions
from reassure.occasions.expand import MAX_DAYS, expand
from reassure.occasions.festivals import TRADITIONS, candidates_of, festival_days
from reassure.occasions.hijri import FIRST_DATE, LAST_DATE
from reassure.occasions.rules import rule_ties
from reassure.occasions.values import FestivalDay, Occasion
from reassure.occasions.why import why as why_of
from reassure.periods import parse_date
from reassure.places.place import Place

FORMATS = ("table", "csv", "json", "ics", "html")


def command(
    register: Annotated[Path, typer.Argument(metavar="REGISTER.csv", help="Register of places of worship.")],
    on: Annotated[str, typer.Option("--on", metavar="DATE", help="Civil date, such as 2026-11-27.")] = "",
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="First civil date, instead of --on.")] = "",
    last: Annotated[str, typer.Option("--to", metavar="DATE", help="Last civil date, inside.")] = "",
    area: Annotated[str, typer.Option(metavar="CODE", help="Only places of this police area, such as E23000014.")] = "",
    faith: Annotated[str, typer.Option(metavar="NAME", help="Only places that list this faith.")] = "",
    place: Annotated[str, typer.Option(metavar="REF", help="Only this place.")] = "",
    timetables: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="Times that places publish or gave.")
    ] = None,
    announcements: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="What was announced about Muslim dates.")
    ] = None,
    why: Annotated[bool, typer.Option("--why", help="Say which word won over which; with --place.")] = False,
    format_: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="table, csv, json, ics or html (a page with pictures).")
    ] = "table",
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write here instead of to the screen.")] = None,
) -> None:
    """
    Who gathers where and when on a day, or between two dates.

    Times are London's wall clock. Where a place has not said when it gathers, the usual time of its tradition
    stands, marked as not checked.
    """
    since, until = _checked(on, first, last, faith, format_, place if why else "-")
    with working("Reading the register"):
        read = read_register(register)
        rules = read_timetables(timetables, places={p.ref: p for p in read.places}) if timetables else None
        said = read_announcements(announcements) if announcements else ()
    _say_what_was_read(register, read, timetables, rules)
    for problem in contradictions(said):
        note(problem.text)
    places = {p.ref: p for p in _chosen(read.places, area, faith, place)}
    ruled = rules.rules if rules else ()
    dates = candidates_of(reviewed_days())
    if why:
        for number in range((until - since).days + 1):
            day = since + timedelta(days=number)
            print_why(why_of(places[place], ruled, day, candidates=dates, announcements=said), places[place], day)
        return
    with working("Working out who gathers"):
        found = list(expand(places.values(), ruled, since, until, candidates=dates, announcements=said))
    if out is None and format_ == "table":
        print_table(found, places, since, _attributions(read), until)
        _say_festivals(_festivals(places, since, until))
        return
    with working("Writing"):
        text = _written(format_, found, places, (since, until), read, rules)
    if out is not None:
        write_file(out, text.encode())
        note(f"{len(found):,} occasions written to {out}.")
    else:
        sys.stdout.write(text)


def _checked(on: str, first: str, last: str, faith: str, format_: str, place: str) -> tuple[date, date]:
    """The first and last date; `InputError` with everything that is wrong with the options."""
    found: list[Problem] = []
    dates = (date.min, date.min)
    try:
        if on and (first or last):
            found.append(Problem("--on", on, "either --on, or --from and --to"))
        elif on:
            day = parse_date(on, "--on")
            dates = (day, day)
        elif first or last:
            dates = checked_range(first, last, max_days=MAX_DAYS)
        else:
            found.append(Problem("--on", "", "a date in --on, or two in --from and --to"))
    except InputError as error:
        found += error.problems
    if faith and faith not in CODES:
        found.append(Problem("--faith", faith, "one of " + ", ".join(CODES)))
    if format_ not in FORMATS:
        found.append(Problem("--format", format_, "one of " + ", ".join(FORMATS)))
    if not place:
        found.append(Problem("--place", "", "the ref of one place, since --why speaks of one"))
    if found:
        raise InputError(found)
    return dates


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


def _chosen(places: Sequence[Place], area: str, faith: str, ref: str) -> list[Place]:
    """The places of an area and faith, or the one of a ref; `InputError` when the register has none there."""
    if ref:
        places = [place for place in places if place.ref == ref]
        if not places:
            raise InputError([Problem("--place", ref, "the ref of a place of the register")])
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
    days: tuple[date, date],
    read: Register,
    rules: Timetables | None,
) -> str:
    attributions = _attributions(read)
    if format_ == "csv":
        return occasions_csv(found, places, attributions=attributions)
    if format_ == "json":
        digests = {"register": read.digest} | ({"timetables": rules.digest} if rules else {})
        return occasions_json(found, places, first=days[0], last=days[1], digests=digests, attributions=attributions)
    if format_ == "ics":
        from reassure.files.occasions_ics import occasions_ics  # noqa: PLC0415 - 0.2 s that other formats need not wait

        return occasions_ics(
            found,
            places,
            made_at=datetime.now(UTC),
            name="Occasions " + " to ".join(dict.fromkeys(day.isoformat() for day in days)),
            attributions=attributions,
        ).decode()
    if format_ == "html":
        festivals = _festivals(places, *days)
        return occasions_html(
            found, places, first=days[0], last=days[1], festivals=festivals, attributions=attributions
        )
    return table_text(found, places, days[0], attributions, days[1])


def _festivals(places: Mapping[str, Place], first: date, last: date) -> list[FestivalDay]:
    """The festivals of the traditions of these places, for a calendar; where Hijri tables do not reach, none."""
    faiths = {faith for place in places.values() for faith in place.faiths}
    held = [tradition for tradition in TRADITIONS if tradition in faiths]
    if not FIRST_DATE <= first <= last <= LAST_DATE:
        held = [tradition for tradition in held if tradition != "muslim"]
    found = (festival_days(tradition, first, last, rows=reviewed_days()) for tradition in held)
    return sorted((day for days in found for day in days), key=lambda day: (day.on, day.name, day.tradition))


def _say_festivals(days: Sequence[FestivalDay]) -> None:
    """The festivals of these dates beside the result: most make no occasion until a place gives its times."""
    for day in days[:MAX_SHOWN]:
        likely = "" if day.share == 1 else f", {day.share:.0%} likely"
        eve = ", from sunset the evening before" if day.begins == "sunset_before" else ""
        note(f"Festival: {day.on:%a} {day.on.day} {day.on:%b}, {day.name} ({day.tradition}{likely}{eve}).")


def _attributions(read: Register) -> list[str]:
    return list(dict.fromkeys(source.attribution for source in read.sources if source.attribution))
