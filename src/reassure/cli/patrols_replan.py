"""`reassure patrols replan`: the rest of a day again after something changed, with as few changes as may be."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from reassure.cli.output import note_compiling, say, say_json, working
from reassure.cli.plan_files import OUTPUT_WORDS, checked_files
from reassure.engines.routing import travel_source
from reassure.errors import InputError
from reassure.files.plan_json import read_plan, signed
from reassure.files.units import read_units
from reassure.files.writing import write_folder
from reassure.patrols.briefing import index_plan
from reassure.patrols.check import check
from reassure.patrols.replan import MOST_CHANGED_SHARE
from reassure.patrols.replan_diff import replan_words
from reassure.patrols.replan_document import replanned_document
from reassure.periods import london_instant, london_wall, parse_instant, parse_local_time


def command(
    plan: Annotated[
        Path, typer.Argument(metavar="PLAN.json", help="The plan in force, or the folder that it stands in.")
    ],
    at: Annotated[str, typer.Option(metavar="TIME", help="When it became known: 12:30, or an instant with offset.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the changed plan.")],
    lost: Annotated[
        list[str] | None, typer.Option(metavar="UNIT", help="A unit that is lost; may be given again.")
    ] = None,
    added: Annotated[Path | None, typer.Option(metavar="FILE", help="Units that came since, CSV.")] = None,
    cancelled: Annotated[
        list[str] | None, typer.Option(metavar="PLACE", help="A place not to be visited any more; may be given again.")
    ] = None,
    limit: Annotated[
        float, typer.Option(metavar="SHARE", min=0.0, max=1.0, help="Part of the visits that may change.")
    ] = MOST_CHANGED_SHARE,
    seed: Annotated[int, typer.Option(min=0, help="Number that the search's choices come from.")] = 1,
    travel: Annotated[
        str, typer.Option(help="great-circle, osrm:URL or valhalla:URL.", metavar="SOURCE")
    ] = "great-circle",
    as_json: Annotated[bool, typer.Option("--json", help="Print what changed as JSON.")] = False,
) -> None:
    """Plan the rest of a day again from the plan in force.

    Visits that have started, start within 30 minutes or are being driven to stay as they are. Nothing is drawn
    again. Without a change the very same plan is written.
    """
    path = plan / "plan.json" if plan.is_dir() else plan
    document = read_plan(path)
    if faults := check(document):
        raise InputError(faults)
    note_compiling()
    with working("Planning the rest of the day"):
        changed = replanned_document(
            document,
            travel_source(travel),
            at=_instant(at, date.fromisoformat(document["on"])),
            lost=_refs(document, lost or []),
            added=read_units(added) if added else (),
            cancelled=cancelled or [],
            seed=seed,
            most_changed_share=limit,
        )
    changed = signed(changed)
    write_folder(out, checked_files(changed))
    if as_json:
        say_json(
            {
                "digest": changed["digest"],
                "replan": changed.get("replan"),
                "files": [str(out / n) for n in OUTPUT_WORDS],
            }
        )
    else:
        _say(document, changed, out)


def _instant(text: str, on: date) -> datetime:
    """A clock time of the plan's day in London, or an instant with its offset."""
    return parse_instant(text, "--at") if "T" in text else london_instant(on, parse_local_time(text, "--at"))


def _refs(document: dict[str, Any], names: list[str]) -> list[str]:
    """Units by ref; a callsign that one unit has will do."""
    by_callsign: dict[str, list[str]] = {}
    for unit in document["units"]:
        by_callsign.setdefault(unit["callsign"], []).append(unit["ref"])
    refs = {unit["ref"] for unit in document["units"]}
    return [n if n in refs or len(by_callsign.get(n, [])) != 1 else by_callsign[n][0] for n in dict.fromkeys(names)]


def _say(before: dict[str, Any], after: dict[str, Any], out: Path) -> None:
    if after["digest"] == before["digest"]:
        say(f"Nothing changed: the same plan is in {out}.")
        return
    row, index = after["replan"], index_plan(after)
    for line in replan_words(row):
        say(line)
    say()
    callsign = {u["ref"]: u["callsign"] for u in after["units"]}
    for change in row["changes"]:
        say(f"  {change_words(change, callsign, index.name(change['place_ref']))}")
    say()
    say(f"Open {out / 'plan.html'} first.")


def change_words(change: dict[str, Any], callsign: dict[str, str], name: str) -> str:
    """One changed visit in a line."""
    before, after = (
        f"{callsign.get(change[f'unit_{side}'], change[f'unit_{side}'])} {_clock(change[f'start_{side}'])}".strip()
        for side in ("before", "after")
    )
    moves = {"dropped": f"{before}, nobody now", "added": f"now {after}"}
    return f"{change['what']:<11} {name}: {moves.get(change['what'], f'{before} -> {after}')}"


def _clock(instant: str) -> str:
    return f"{london_wall(datetime.fromisoformat(instant)):%H:%M}" if instant else ""
