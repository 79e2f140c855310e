"""`reassure patrols compare`: what is different between two plans, visit by visit."""

from pathlib import Path
from typing import Annotated, Any

import typer

from reassure.cli.output import MAX_SHOWN, say, say_json
from reassure.cli.patrols_replan import change_words
from reassure.cli.plan_summary import plan_counts
from reassure.errors import InputError, Problem
from reassure.files.plan_json import read_plan
from reassure.patrols.briefing import index_plan
from reassure.patrols.replan_diff import KINDS, change_counts, visit_changes

FIGURES = (
    ("n_visits", "visits"),
    ("n_places_visited", "places visited"),
    ("n_must_served", "must-visits planned"),
    ("n_units_out", "units sent out"),
    ("points", "points of need"),
)


def command(
    before: Annotated[Path, typer.Argument(metavar="PLAN.json", help="A plan, or the folder that it stands in.")],
    after: Annotated[Path, typer.Argument(metavar="PLAN.json", help="The plan to hold against it.")],
    show_all: Annotated[bool, typer.Option("--all", help="List every changed visit.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the differences as JSON.")] = False,
) -> None:
    """Say which visits two plans of one area have in common, and which are moved, reassigned, dropped or added."""
    first, second = (read_plan(p / "plan.json" if p.is_dir() else p) for p in (before, after))
    if first["area"]["code"] != second["area"]["code"]:
        expected = f"a plan of {first['area']['code']}, as the first is"
        raise InputError([Problem("area", second["area"]["code"], expected, file=str(after))])
    changes = visit_changes(first, second, lost=(second.get("replan") or {}).get("lost", ()))
    counts = change_counts(changes)
    inputs = sorted(
        role
        for role in {*first["inputs"]["digests"], *second["inputs"]["digests"]}
        if first["inputs"]["digests"].get(role) != second["inputs"]["digests"].get(role)
    )
    totals = [plan_counts(d).as_json() for d in (first, second)]
    if as_json:
        figures = {name: [t[name] for t in totals] for name, _ in FIGURES}
        rows = [c.row() for c in changes if c.what != "kept"]
        say_json({"counts": counts, "figures": figures, "inputs_changed": inputs, "changes": rows})
        return
    _say(first, second, totals, counts, inputs)
    callsign = {u["ref"]: u["callsign"] for d in (first, second) for u in d["units"]}
    index = {p["ref"]: index_plan(d).name(p["ref"]) for d in (first, second) for p in d["places"]}
    listed = [c for c in changes if c.what != "kept"]
    for change in listed if show_all else listed[:MAX_SHOWN]:
        say(f"  {change_words(change.row(), callsign, index[change.place_ref])}")
    if not show_all and len(listed) > MAX_SHOWN:
        say(f"  ... and {len(listed) - MAX_SHOWN:,} more; --all lists them.")


def _say(
    first: dict[str, Any],
    second: dict[str, Any],
    totals: list[dict[str, Any]],
    counts: dict[str, int],
    inputs: list[str],
) -> None:
    same = first["digest"] == second["digest"]
    say(f"{first['area']['name']}, {first['on']}" + (f" and {second['on']}" if second["on"] != first["on"] else ""))
    say("The two plans are the same." if same else f"{first['digest'][:12]} and {second['digest'][:12]}")
    for name, words in FIGURES:
        a, b = (t[name] for t in totals)
        say(f"  {a:>8,.0f} -> {b:>8,.0f}  {words}")
    if inputs:
        say(f"  Other input files: {', '.join(inputs)}")
    say("  " + ", ".join(f"{kind} {counts[kind]:,}" for kind in KINDS))
    orphans = counts["orphans_reassigned"] + counts["orphans_dropped"]
    if orphans:
        say(f"  of lost units: {counts['orphans_reassigned']:,} made by others, {counts['orphans_dropped']:,} missed")
