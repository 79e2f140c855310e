"""`reassure demo`: the main job on a generated area, with the files and the command a planner would use.

Rules: the inputs are written first and then read again like anybody's; the plan is made by the very function
behind `reassure patrols plan`. Elsewhere: the area (`files.demo_area`), the summary (`plan_summary`).
"""

import shlex
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from reassure.cli.output import note, say
from reassure.cli.planning import Budget, plan_to_folder
from reassure.engines.routing import travel_source
from reassure.files.day_files import DayFiles, read_day
from reassure.files.demo_area import demo_area
from reassure.files.demo_ground import AREA_CODE, DEMO_DAY
from reassure.files.demo_inputs import (
    AREAS,
    DECLARATION,
    FACTS,
    INCIDENTS,
    PLACES,
    TIMETABLES,
    UNITS,
    input_files,
)
from reassure.files.writing import write_folder
from reassure.periods import parse_date

FILES: dict[str, str] = {
    "places": PLACES,
    "units": UNITS,
    "timetables": TIMETABLES,
    "facts": FACTS,
    "incidents": INCIDENTS,
    "declaration": DECLARATION,
    "areas": AREAS,
}
"""Which file has which role; the role is also the name of the option of `reassure patrols plan`."""

ITERATIONS = 20_000
"""Enough for the demo area, and some seconds only: `make demo` should end within a minute."""


def command(
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Folder for the inputs and everything that comes out.")
    ] = Path("out/demo"),
    seed: Annotated[int, typer.Option(min=0, help="Another number makes another area.")] = 1,
    on: Annotated[
        str, typer.Option(metavar="DATE", help="Day of the plan; a Friday is the fullest.")
    ] = DEMO_DAY.isoformat(),
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Plan a day for a generated police area, and show what comes out.

    Everything is invented and says so: no place, street, unit or incident is real. The folder then holds the
    inputs that a planner would have (inputs/) and the plan, the order, the cards and the list of places not visited.
    """
    area = demo_area(seed, parse_date(on, "--on"))
    write_folder(out / "inputs", input_files(area))
    files = DayFiles(**{role: out / "inputs" / name for role, name in FILES.items()})
    read = read_day(files, area=area.code, on=area.on, allow_shortfall=True)
    for line in read.notes:
        note(line)
    plan_to_folder(read.inputs, travel_source("great-circle"), Budget(seed, ITERATIONS), out=out, as_json=as_json)
    if not as_json:
        for line in ("", "The same by hand:", *planner_command(out, area.on, seed), "", "Check the plan again:"):
            say(line)
        say(f"reassure patrols check {shlex.quote(str(out / 'plan.json'))}")


def planner_command(out: Path, on: date, seed: int) -> list[str]:
    """The command that makes the same plan from the same files, as lines to copy."""
    files = [f"--{role} {shlex.quote(str(out / 'inputs' / name))}" for role, name in FILES.items()]
    words = [
        *files,
        f"--on {on.isoformat()} --area {AREA_CODE} --seed {seed} --iterations {ITERATIONS} --allow-shortfall",
        f"--out {shlex.quote(str(out))}",
    ]
    return ["reassure patrols plan \\", *(f"    {word} \\" for word in words[:-1]), f"    {words[-1]}"]
