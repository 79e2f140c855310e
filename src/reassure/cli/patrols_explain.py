"""`reassure patrols explain`: one place in a plan: its need, how it could be visited, who comes or why nobody does."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from reassure.cli.output import say, say_json
from reassure.errors import InputError, Problem
from reassure.files.plan_json import read_plan
from reassure.patrols.briefing import REASON_WORDS
from reassure.periods import london_wall

MOST_LISTED = 8
GATE_WORDS = {
    "open": "may be visited",
    "closed": "nothing speaks for a visit in these hours",
    "opted_out": "asked for contact only",
}


def command(
    plan: Annotated[Path, typer.Argument(metavar="PLAN.json", help="The plan, or the folder that it stands in.")],
    place: Annotated[str, typer.Option(metavar="REF", help="Ref of the place, or a part of its name.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the explanation as JSON.")] = False,
) -> None:
    """Explain one place: need, windows, visits, chance in the draw, the reason for no visit and what it would take."""
    path = plan / "plan.json" if plan.is_dir() else plan
    document = read_plan(path)
    row = _place(document, place, path)
    found = explanation(document, row["ref"])
    if as_json:
        say_json(found)
        return
    must = f", must-visit ({row['must_reason'] or 'no reason given'})" if row["must"] else ""
    say(f"{row['name'] or 'Unnamed place of worship'} ({row['ref']}){must}{', barred' if row['barred'] else ''}")
    for need in found["needs"]:
        at = f" at {need['occasion_ref']}" if need["occasion_ref"] else " without an occasion"
        say(f"Need{at}: {need['points']} points; {GATE_WORDS[need['gate']]}.")
        say(f"  {need['explanation']}")
    for option in found["options"]:
        skill = f", needs {option['skill']}" if option["skill"] else ""
        window = f"{_clock(option['earliest_start'])} to {_clock(option['latest_start'])}"
        worth = f"{option['prize'] / 100:g} points, {option['dwell_min']} min{skill}"
        say(f"Could start {window} ({option['kind']}): {worth}")
    for visit in found["visits"]:
        say(f"Visited by {visit['callsign']} {_clock(visit['start'])} to {_clock(visit['end'])} ({visit['kind']})")
    if found["chance"] is not None:
        say(f"Chance of a visit in the draw: {100 * found['chance']:.0f} %")
    for reason in found["unvisited"]:
        at = f" at {reason['occasion_ref']}" if reason["occasion_ref"] else ""
        say(f"Not visited{at}: {REASON_WORDS[reason['reason']]}. {reason['text']}")
        if reason.get("change"):
            say(f"  What it would take: {reason['change']}")


def explanation(document: dict[str, Any], ref: str) -> dict[str, Any]:
    """What a plan document says of one place."""
    options = {o["ref"]: o for o in document["options"]}
    callsign = {u["ref"]: u["callsign"] for u in document["units"]}
    chances = {c["place_ref"]: c["chance"] for c in (document["lottery"] or {}).get("chances", ())}
    return {
        "place": next(p for p in document["places"] if p["ref"] == ref),
        "needs": [n for n in document["needs"] if n["place_ref"] == ref],
        "options": [o for o in document["options"] if o["place_ref"] == ref],
        "visits": [
            {
                "unit_ref": route["unit_ref"],
                "callsign": callsign[route["unit_ref"]],
                "start": stop["start"],
                "end": stop["end"],
                "kind": options[stop["option"]]["kind"],
                "occasion_ref": options[stop["option"]]["occasion_ref"],
            }
            for route in document["routes"]
            for stop in route["stops"]
            if stop["place_ref"] == ref
        ],
        "chance": chances.get(ref),
        "unvisited": [u for u in document["unvisited"] if u["place_ref"] == ref],
    }


def _place(document: dict[str, Any], asked: str, path: Path) -> dict[str, Any]:
    """The place with this ref, or the only one whose name has these words."""
    places: list[dict[str, Any]] = document["places"]
    for place in places:
        if place["ref"] == asked:
            return place
    named = [p for p in places if asked.casefold() in p["name"].casefold()] if asked.strip() else []
    if len(named) == 1:
        return named[0]
    listed = ", ".join(f"{p['ref']} ({p['name']})" for p in named[:MOST_LISTED])
    expected = f"one of {listed}" if named else "the ref of a place of the plan, or a part of one name"
    raise InputError([Problem("place", asked, expected, file=str(path))])


def _clock(instant: str) -> str:
    return f"{london_wall(datetime.fromisoformat(instant)):%a %H:%M}"
