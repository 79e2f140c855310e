"""The document of a changed plan: the plan in force with its routes, reasons and sums worked out again.

Rules: what a re-plan changes in the document and what stays: inputs, needs and the report of the draw stay, since
nothing is drawn again on the day; a certificate speaks of other units and falls away. Elsewhere: the search (`replan`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from reassure.errors import InputError, Problem
from reassure.patrols.document import option_refs, route_row, totals
from reassure.patrols.problem import PatrolProblem, Plan, TravelMatrix
from reassure.patrols.reasons import unvisited_rows
from reassure.patrols.replan import MOST_CHANGED_SHARE, Change, Replanned, approver, replan
from reassure.patrols.replan_diff import change_counts, visit_changes
from reassure.patrols.replan_reading import (
    InForce,
    needs_of,
    occasions_of,
    places_of,
    read_in_force,
    unit_row,
    written,
)
from reassure.patrols.shortfall import shortfall_document
from reassure.patrols.units import Unit, unit_problems
from reassure.periods import london_wall


class Travel(Protocol):
    """Where travel times come from, as for a day's plan."""

    def matrices(self, nodes: Any, n_sites: int, kinds: Any) -> Mapping[str, TravelMatrix]:
        """Seconds from node to node, one matrix a kind of unit."""

    def record(self, problem: PatrolProblem, plan: Plan) -> Mapping[str, Any]:
        """The `inputs.travel` object of the plan document."""


def replanned_document(
    document: Mapping[str, Any],
    travel: Travel,
    *,
    at: datetime,
    lost: Sequence[str] = (),
    added: Sequence[Unit] = (),
    cancelled: Sequence[str] = (),
    seed: int = 1,
    most_changed_share: float = MOST_CHANGED_SHARE,
) -> dict[str, Any]:
    """
    The document of the plan for the rest of the day, unsigned; the same document where nothing changed.

    Parameters
    ----------
    document
        The plan in force, signed; one that the checker accepts.
    at
        When the change became known, aware.
    lost, cancelled
        Refs of units that are lost, and of places that are not visited any more.
    added
        Units that came since, with shifts inside the planning window.

    Raises
    ------
    InputError
        Units, places or an instant that do not belong to the plan: every fault at once.
    """
    if problems := replan_problems(document, at, lost=lost, added=added, cancelled=cancelled):
        raise InputError(problems)
    in_force = read_in_force(document, travel.matrices, added)
    ref_of = {shift.unit_ref: i for i, shift in enumerate(in_force.problem.shifts)}
    site_of = {ref: i for i, ref in enumerate(in_force.problem.site_refs)}
    change = Change(
        in_force.second(at),
        frozenset(ref_of[ref] for ref in lost),
        frozenset(site_of[ref] for ref in cancelled if ref in site_of),
        len(added),
    )
    if change.is_empty:
        return dict(document)
    found = replan(in_force.problem, in_force.plan, change, seed=seed, most_changed_share=most_changed_share)
    return _document(in_force, travel, change, found, at, lost, added, cancelled, seed)


def _document(
    in_force: InForce,
    travel: Travel,
    change: Change,
    found: Replanned,
    at: datetime,
    lost: Sequence[str],
    added: Sequence[Unit],
    cancelled: Sequence[str],
    seed: int,
) -> dict[str, Any]:
    before = in_force.document
    barred = frozenset(g for g, s in enumerate(in_force.problem.group_sites) if s in change.cancelled)
    visited = {in_force.problem.options[s.option].group for r in found.plan.routes for s in r.stops}
    problem = replace(in_force.problem, barred=in_force.problem.barred | (barred - visited))
    now_barred = {problem.site_refs[problem.group_sites[g]] for g in problem.barred}
    places = [{**p, "barred": p["barred"] or p["ref"] in now_barred} for p in before["places"]]
    refs = option_refs(problem)
    present = _present(problem, found.plan, change)
    shortfall = shortfall_document(present, found.plan, names={p.ref: p.title for p in places_of(before)})
    after: dict[str, Any] = {
        **before,
        "status": "draft",
        "places": places,
        "units": [*before["units"], *(unit_row(unit) for unit in added)],
        "routes": [route_row(route, problem, refs, in_force.origin) for route in found.plan.routes],
        "locks": [k for k in before["locks"] if _is_kept(k, found, in_force)],
        "unvisited": _unvisited(in_force, problem, present, found.plan, at),
        "totals": totals(problem, found.plan),
        "shortfall": shortfall,
        "certificate": None,
        "inputs": {
            **before["inputs"],
            "travel": dict(travel.record(problem, found.plan)),
            "allow_shortfall": before["inputs"]["allow_shortfall"] or shortfall is not None,
        },
    }
    changes = visit_changes(before, after, lost=lost)
    after["replan"] = {
        "of": before["digest"],
        "at": written(at),
        "lost": sorted(lost),
        "added": [unit.ref for unit in added],
        "cancelled": sorted(cancelled),
        "n_surviving": found.n_surviving,
        "n_changed": found.n_changed,
        "most_changed": found.most_changed,
        "approver": approver(found.n_changed, found.n_surviving),
        "value_afresh": max(found.afresh, found.plan.prize),
        "value_lost": max(0, found.afresh - found.plan.prize),
        "counts": change_counts(changes),
        "changes": [c.row() for c in changes if c.what != "kept"],
        "seed": seed,
        "rounds": found.n_rounds,
    }
    return after


def _present(problem: PatrolProblem, plan: Plan, change: Change) -> PatrolProblem:
    """The problem as it stands now: nothing starts in the past, and lost units have no time left."""
    back = {route.shift: route.back_s for route in plan.routes}
    done = {s.option for r in plan.routes for s in r.stops}
    options = tuple(
        o if i in done or o.latest_s < change.at_s else replace(o, earliest_s=max(o.earliest_s, change.at_s))
        for i, o in enumerate(problem.options)
    )
    shifts = tuple(
        replace(shift, ends_s=max(back[i], shift.starts_s, *(r.end_s for r in plan.routes[i].rests), 0))
        if i in change.lost
        else shift
        for i, shift in enumerate(problem.shifts)
    )
    return replace(problem, options=options, shifts=shifts)


def _unvisited(
    in_force: InForce, problem: PatrolProblem, present: PatrolProblem, plan: Plan, at: datetime
) -> list[dict[str, Any]]:
    """Reasons that hold for the whole day; what outweighs a visit is worked out for the rest of it."""
    document = in_force.document
    given: dict[str, Any] = {
        "places": places_of(document),
        "needs": needs_of(document),
        "occasions": occasions_of(document),
        "window_starts_at": in_force.origin,
        "callsigns": {u["ref"]: u["callsign"] for u in document["units"]},
    }
    rows = unvisited_rows(problem, plan, **given)
    now = {(r["place_ref"], r["occasion_ref"]): r for r in unvisited_rows(present, plan, **given)}
    last: dict[tuple[str, str], int] = {}
    for option in problem.options:
        key = (problem.site_refs[option.site], option.occasion_ref)
        last[key] = max(last.get(key, option.latest_s), option.latest_s)
    at_s, words = in_force.second(at), f"{london_wall(at):%H:%M}"
    found = []
    for row in rows:
        key = (row["place_ref"], row["occasion_ref"])
        if row["reason"] != "outweighed":
            found.append(row)
        elif last.get(key, at_s) < at_s:
            text = f"Its window had passed when the plan was changed at {words}."
            found.append({**row, "text": text, "change": ""})
        elif key in now and now[key]["reason"] == "outweighed":
            found.append({**row, "text": now[key]["text"], "change": now[key]["change"]})
        else:
            text = f"No unit could come there in time any more when the plan was changed at {words}."
            found.append({**row, "text": text, "change": ""})
    return found


def _is_kept(lock: Mapping[str, Any], found: Replanned, in_force: InForce) -> bool:
    """Whether the changed plan still keeps a lock; one that events overtook is not shown as one."""
    for route in found.plan.routes:
        unit = in_force.problem.shifts[route.shift].unit_ref
        for stop in route.stops:
            ref = in_force.problem.site_refs[in_force.problem.options[stop.option].site]
            if ref == lock["place_ref"] and lock["unit_ref"] in {None, unit}:
                start = in_force.origin + timedelta(seconds=stop.start_s)
                return lock["start"] is None or datetime.fromisoformat(lock["start"]) == start
    return False


def replan_problems(
    document: Mapping[str, Any],
    at: datetime,
    *,
    lost: Sequence[str] = (),
    added: Sequence[Unit] = (),
    cancelled: Sequence[str] = (),
) -> list[Problem]:
    """List every unit, place and instant of a change that does not belong to the plan, as in `replanned_document`."""
    units = {u["ref"] for u in document["units"]}
    places = {p["ref"] for p in document["places"]}
    starts, ends = (datetime.fromisoformat(document["window"][name]) for name in ("starts_at", "ends_at"))
    found = [Problem("lost", ref, "a unit of the plan") for ref in lost if ref not in units]
    found += [Problem("cancelled", ref, "a place of the plan") for ref in cancelled if ref not in places]
    if not starts <= at <= ends:
        window = f"{london_wall(starts):%-d %b %H:%M} to {london_wall(ends):%-d %b %H:%M}"
        found.append(Problem("at", f"{london_wall(at):%-d %b %H:%M}", f"an instant of the planning window, {window}"))
    for unit in added:
        found += unit_problems(unit, dwell_min=min((o["dwell_min"] for o in document["options"]), default=1))
        if unit.ref in units:
            found.append(Problem("ref", unit.ref, "a ref that no unit of the plan has"))
        if unit.starts_at < starts or unit.ends_at > ends:
            window = f"{london_wall(starts):%-d %b %H:%M} to {london_wall(ends):%-d %b %H:%M}"
            says = f"the shift of {unit.ref} lies outside the planning window"
            found.append(Problem("starts_at", "", f"a shift inside {window}", says=says))
    return found
