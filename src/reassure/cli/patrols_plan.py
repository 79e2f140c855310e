"""`reassure patrols plan`: from a register, a roster and a declaration to what officers hold in their hands."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from reassure.cli.output import note
from reassure.cli.planning import Budget, plan_to_folder
from reassure.engines.routing import travel_source
from reassure.files.day_files import DayFiles, read_day
from reassure.periods import parse_date


class Switch(StrEnum):
    """Whether something is done."""

    ON = "on"
    OFF = "off"


def command(
    places: Annotated[Path, typer.Option(help="Register of places: CSV, GeoJSON or OpenStreetMap extract.")],
    units: Annotated[Path, typer.Option(help="Roster of units, CSV (see `reassure patrols units`).")],
    on: Annotated[str, typer.Option(metavar="DATE", help="Day to plan, such as 2026-11-27.")],
    area: Annotated[str, typer.Option(metavar="CODE", help="Police area, such as E23000014.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the results; made where it is missing.")],
    declaration: Annotated[Path | None, typer.Option(help="Declaration in force, TOML.")] = None,
    timetables: Annotated[Path | None, typer.Option(help="When places say they gather, CSV.")] = None,
    announcements: Annotated[Path | None, typer.Option(help="What was announced about Muslim dates, CSV.")] = None,
    facts: Annotated[Path | None, typer.Option(help="Last visits, requests, gaps, presence, bands, CSV.")] = None,
    incidents: Annotated[Path | None, typer.Option(help="Recent incidents, CSV.")] = None,
    areas: Annotated[Path | None, typer.Option(help="Outlines of police areas, GeoJSON: drawn on the map.")] = None,
    time_limit: Annotated[
        float | None, typer.Option(metavar="S", min=0.1, help="Stop searching after S seconds and keep the best plan.")
    ] = None,
    iterations: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Search exactly N iterations: the same plan every time.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Number that the search's choices come from.")] = 1,
    salt: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="Sealed text of the draw; without it the draw is a rehearsal."),
    ] = None,
    lottery: Annotated[
        Switch, typer.Option(help="Draw one of many good plans by lot, or take the best plan, which can be foretold.")
    ] = Switch.ON,
    bound: Annotated[
        Switch, typer.Option(help="Prove how much any plan could earn at most, and look for a better plan on the way.")
    ] = Switch.ON,
    travel: Annotated[
        str, typer.Option(help="great-circle, osrm:URL or valhalla:URL.", metavar="SOURCE")
    ] = "great-circle",
    travel_fallback: Annotated[
        bool, typer.Option("--travel-fallback", help="Go on with great-circle times when the server fails.")
    ] = False,
    must_unknown: Annotated[
        bool, typer.Option("--must-unknown", help="Ask for every named place whose attendance is not known.")
    ] = False,
    allow_shortfall: Annotated[
        bool, typer.Option("--allow-shortfall", help="Plan although must-visits cannot all be served, and say which.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Work out which unit visits which place in which order, check it, and write what people use.

    Writes plan.html (read this first), order.pdf, cards.pdf, plan.ics, unvisited.csv and plan.json. Press
    Ctrl-C once to stop searching and keep the best plan so far.
    """
    day = parse_date(on, "--on")
    files = DayFiles(places, units, declaration, timetables, facts, incidents, areas, announcements)
    read = read_day(files, area=area, on=day, must_unknown=must_unknown, allow_shortfall=allow_shortfall)
    for line in read.notes:
        note(line)
    source = travel_source(travel, fallback=travel_fallback, note=note)
    budget = Budget(
        seed, iterations, time_limit, is_drawn=lottery is Switch.ON, salt=salt, is_bounded=bound is Switch.ON
    )
    plan_to_folder(read.inputs, source, budget, out=out, as_json=as_json)
