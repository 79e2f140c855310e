"""`reassure demo`: the main job on a generated area, with the files and the command a planner would use.

Rules: the inputs are written first and then read again like anybody's; the plan is made by the very function
behind `reassure patrols plan`. Elsewhere: the area (`files.demo_area`), the summary (`plan_summary`).
"""

import shlex
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from reassure.cli.output import say
from reassure.files.demo_area import demo_area
from reassure.files.demo_ground import AREA_CODE
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

OPTIONS: tuple[tuple[str, str], ...] = (
    ("--places", PLACES),
    ("--units", UNITS),
    ("--timetables", TIMETABLES),
    ("--facts", FACTS),
    ("--incidents", INCIDENTS),
    ("--declaration", DECLARATION),
    ("--areas", AREAS),
)
"""Which option of `reassure patrols plan` reads which file."""


def command(
    out: Annotated[Path, typer.Option(help="Folder for the inputs and everything that comes out.")] = Path("out/demo"),
    seed: Annotated[int, typer.Option(help="Another number makes another area.")] = 1,
    on: Annotated[str, typer.Option(help="Day of the plan, YYYY-MM-DD; a Friday is the fullest.")] = "2026-11-27",
) -> None:
    """Plan a day for a generated police area, and show what comes out.

    Everything is invented and says so: no place, street, unit or incident is real. The folder then holds the
    inputs that a planner would have (inputs/) and the plan, the order, the cards and the list of places not visited.
    """
    area = demo_area(seed, parse_date(on, "on"))
    write_folder(out / "inputs", input_files(area))
    for line in planner_command(out, area.on, seed):
        say(line)


def planner_command(out: Path, on: date, seed: int) -> list[str]:
    """The command that makes the same plan from the same files, as lines to copy."""
    files = [f"{option} {shlex.quote(str(out / 'inputs' / name))}" for option, name in OPTIONS]
    words = [*files, f"--on {on.isoformat()} --area {AREA_CODE} --seed {seed}", f"--out {shlex.quote(str(out))}"]
    return ["reassure patrols plan \\", *(f"    {word} \\" for word in words[:-1]), f"    {words[-1]}"]
