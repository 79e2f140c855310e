"""`reassure patrols check`: whether a plan holds, worked out again by code that shares nothing with the planner."""

from pathlib import Path
from typing import Annotated, Any

import typer

from reassure.cli.output import FAULTS_FOUND, MAX_SHOWN, say, say_json, working
from reassure.errors import Problem
from reassure.files.plan_json import read_plan
from reassure.patrols.check import check, what_was_checked


def command(
    plan: Annotated[Path, typer.Argument(metavar="PLAN.json", help="The plan, or the folder that it stands in.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Check a plan, independently of how it was made.

    Every time, journey, window, break, prize, reason and sum is worked out again from the plan alone. Ends with 0
    when the plan holds, with 1 and every fault when it does not, with 2 when the file is no plan.
    """
    path = plan / "plan.json" if plan.is_dir() else plan
    with working("Reading the plan"):
        document = read_plan(path)
    with working("Working everything out again"):
        faults = check(document)
    if as_json:
        say_json(_result(path, document, faults))
    else:
        _say(path, document, faults)
    if faults:
        raise typer.Exit(FAULTS_FOUND)


def _say(path: Path, document: dict[str, Any], faults: list[Problem]) -> None:
    name = f"{document['area']['name']}, {document['on']}, digest {document['digest'][:12]}"
    if not faults:
        say(f"Accepted: {name}")
        for line in what_was_checked(document):
            say(f"  {line}")
        return
    say(f"Refused: {path} has {len(faults):,} fault{'s' if len(faults) > 1 else ''} ({name})")
    for fault in faults[:MAX_SHOWN]:
        say(f"  {fault.text}")
    if len(faults) > MAX_SHOWN:
        say(f"  ... and {len(faults) - MAX_SHOWN:,} more; --json lists them all.")


def _result(path: Path, document: dict[str, Any], faults: list[Problem]) -> dict[str, Any]:
    return {
        "file": str(path),
        "area": document["area"]["code"],
        "on": document["on"],
        "digest": document["digest"],
        "accepted": not faults,
        "checked": [] if faults else what_was_checked(document),
        "faults": [{"where": f.column, "says": f.says, "expected": f.expected, "text": f.text} for f in faults],
    }
