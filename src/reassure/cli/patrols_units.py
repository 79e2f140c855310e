"""`reassure patrols units`: a generated roster of units for an area and a day, to try things with."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from reassure.cli.output import note, say, working
from reassure.errors import InputError, Problem
from reassure.files.register import Register, read_register
from reassure.files.units import units_csv
from reassure.files.writing import write_file
from reassure.occasions.expand import expand
from reassure.patrols.roster import MAX_UNITS, generated_roster
from reassure.patrols.units import Unit
from reassure.periods import london_wall, parse_date
from reassure.places.place import Place


def command(
    area: Annotated[str, typer.Option(metavar="CODE", help="Police area, such as E23000014.")],
    places: Annotated[Path, typer.Option(metavar="FILE", help="Register; bases are put among the area's places.")],
    on: Annotated[str, typer.Option("--on", metavar="DATE", help="Day on which the shifts start.")],
    n: Annotated[int, typer.Option("--n", min=1, max=MAX_UNITS, help="How many units.")],
    out: Annotated[Path, typer.Option(metavar="UNITS.csv", help="The roster to write.")],
    seed: Annotated[int, typer.Option(min=0, help="Another number makes another roster.")] = 1,
) -> None:
    """Make a roster of units to try things with.

    Everything in it is generated: bases, callsigns, shifts, skills. It is for trying out, never for sending anybody.
    Shifts are put around the times at which the area's places usually gather on that day.
    """
    day = parse_date(on, "--on")
    with working("Reading the register"):
        register = read_register(places)
    chosen = _places_of(area, places, register)
    with working("Working out who gathers"):
        occasions = list(expand(chosen, (), day, day))
    units = generated_roster(chosen, occasions, on=day, n=n, seed=seed)
    write_file(out, units_csv(units))
    _say(units, area, day, out)


def _places_of(area: str, file: Path, register: Register) -> list[Place]:
    """The open places of an area; `InputError` when there are none. Rows that cannot be used are named and left out."""
    for problem in register.problems:
        note(problem.text)
    chosen = [p for p in register.places if p.is_open and p.area_code == area]
    if not chosen:
        areas = Counter(p.area_code for p in register.places if p.area_code)
        known = ", ".join(code for code, _ in areas.most_common(5)) or "none: import it with --districts or --areas"
        says = f"the register has no open place in area {area}"
        raise InputError([Problem("--area", area, f"an area of the register ({known})", file=str(file), says=says)])
    return chosen


def _say(units: tuple[Unit, ...], area: str, day: date, out: Path) -> None:
    kinds = Counter(u.kind for u in units)
    shifts = Counter(f"{london_wall(u.starts_at):%H:%M}-{london_wall(u.ends_at):%H:%M}" for u in units)
    bases = len({u.base for u in units})
    say(f"Generated roster for {area} on {day.isoformat()}: {len(units):,} units at {bases:,} bases, in {out}")
    say("  " + ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())))
    say("  shifts (London): " + ", ".join(f"{count} x {shift}" for shift, count in sorted(shifts.items())))
    say("  Bases, callsigns, shifts and skills are made up: for trying things out, never for sending anybody.")
