"""The plan document: one plan with everything that is needed to read it, check it and hand it out.

Rules: what stands in `plan.json` (schema: `reassure.files`, field by field in docs/plan-file.md). Every output
is made from this one value. It holds no clock, no seconds of computing and no path, so that the same
inputs, seed and budget give the same bytes. Elsewhere: signing and writing it (`files.plan_json`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from reassure.faiths import in_order
from reassure.geo import Point
from reassure.occasions.values import Occasion, Sitting
from reassure.patrols.need import NeedModel, PlaceNeed
from reassure.patrols.problem import Option, PatrolProblem, Plan, Route, Shift
from reassure.patrols.units import Unit
from reassure.places.place import Place
from reassure.threats.declarations import Declaration, standing

MARKING = "OFFICIAL-SENSITIVE"
EXERCISE_MARKING = "EXERCISE EXERCISE EXERCISE"


@dataclass(frozen=True)
class Setting:
    """
    What surrounds a plan: the area, the day, and what its inputs were.

    Parameters
    ----------
    outline
        GeoJSON MultiPolygon coordinates of the police area, or None.
    digests
        SHA-256 of each input file by its role.
    travel
        The `inputs.travel` object of the document.
    """

    area_code: str
    area_name: str
    force_name: str
    on: date
    window_starts_at: datetime
    window_ends_at: datetime
    outline: Sequence[Any] | None = None
    digests: Mapping[str, str] = field(default_factory=dict)
    travel: Mapping[str, Any] = field(default_factory=dict)
    attributions: tuple[str, ...] = ()
    must_unknown: bool = False
    allow_shortfall: bool = False
    created_at: datetime | None = None


@dataclass(frozen=True)
class Findings:
    """What was worked out beside the routes, as plain values of the document."""

    unvisited: Sequence[Mapping[str, Any]] = ()
    shortfall: Mapping[str, Any] | None = None
    certificate: Mapping[str, Any] | None = None
    lottery: Mapping[str, Any] | None = None
    fairness: Mapping[str, Any] | None = None


def plan_document(
    setting: Setting,
    *,
    places: Sequence[Place],
    occasions: Sequence[Occasion],
    needs: Sequence[PlaceNeed],
    model: NeedModel,
    declarations: Sequence[Declaration],
    units: Sequence[Unit],
    must: Mapping[str, str],
    barred: frozenset[str],
    problem: PatrolProblem,
    plan: Plan,
    findings: Findings,
) -> dict[str, Any]:
    """
    The plan document without its digest.

    Parameters
    ----------
    must
        Reason in words, by `place_ref`, of the must-visits.
    barred
        `place_ref` of the places that no visit may serve.
    """
    seconds = _Seconds(setting.window_starts_at)
    refs = option_refs(problem)
    second = second_groups(problem)
    return {
        "format": "reassure-plan",
        "version": 1,
        "marking": _marking(declarations),
        "status": "draft",
        "created_at": setting.created_at and instant(setting.created_at),
        "area": {
            "code": setting.area_code,
            "name": setting.area_name,
            "force": setting.force_name,
            "outline": setting.outline,
        },
        "on": setting.on.isoformat(),
        "window": {"starts_at": instant(setting.window_starts_at), "ends_at": instant(setting.window_ends_at)},
        "inputs": {
            "digests": dict(setting.digests),
            "n_places": len(places),
            "n_occasions": sum(1 for o in occasions if o.status != "cancelled"),
            "declarations": [
                _declaration(d) for d in declarations if d.status != "actual" or d in standing(declarations)
            ],
            "need_model": {"version": model.version, "weights": dict(model.weights)},
            "travel": dict(setting.travel),
            "must_unknown": setting.must_unknown,
            "allow_shortfall": setting.allow_shortfall,
        },
        "attributions": list(setting.attributions),
        "places": [_place(p, must, barred) for p in places],
        "occasions": [_occasion(o) for o in occasions],
        "needs": [_need(n) for n in needs],
        "units": [_unit(u) for u in units],
        "options": [
            _option(option, ref, option.group in second, problem, seconds)
            for option, ref in zip(problem.options, refs, strict=True)
        ],
        "locks": [
            {
                "place_ref": problem.site_refs[problem.group_sites[lock.group]],
                "unit_ref": None if lock.shift is None else problem.shifts[lock.shift].unit_ref,
                "start": None if lock.start_s is None else seconds.at(lock.start_s),
            }
            for lock in problem.locks
        ],
        "routes": [
            flagged(
                route_row(route, problem, refs, setting.window_starts_at), problem.shifts[route.shift], setting.travel
            )
            for route in plan.routes
        ],
        "unvisited": [dict(row) for row in findings.unvisited],
        "totals": totals(problem, plan),
        "shortfall": findings.shortfall and dict(findings.shortfall),
        "certificate": findings.certificate and dict(findings.certificate),
        "lottery": findings.lottery and dict(findings.lottery),
        "fairness": findings.fairness and dict(findings.fairness),
        "search": dict(plan.search),
    }


def instant(value: datetime) -> str:
    """An aware instant as the document writes it: UTC, whole seconds, `+00:00`."""
    return value.astimezone(UTC).replace(microsecond=0).isoformat()


def option_refs(problem: PatrolProblem) -> tuple[str, ...]:
    """A name for each option: its occasion (or place), kind and number, such as `...:jumuah:2026-11-27:1#arrival-1`."""
    count: dict[str, int] = {}
    refs = []
    second = second_groups(problem)
    for option in problem.options:
        stem = f"{option.occasion_ref or problem.site_refs[option.site]}#{option.kind}"
        if option.group in second:
            stem += "-second"
        count[stem] = count.get(stem, 0) + 1
        refs.append(f"{stem}-{count[stem]}")
    return tuple(refs)


def totals(problem: PatrolProblem, plan: Plan) -> dict[str, int]:
    """The sums of a plan: visits, places, must-visits, and where the shift time goes, seconds."""
    stops = [(route, stop) for route in plan.routes for stop in route.stops]
    options = [problem.options[stop.option] for _, stop in stops]
    must_sites = {problem.group_sites[group] for group in problem.must}
    return {
        "prize": sum(option.prize for option in options),
        "n_visits": len(stops),
        "n_places_visited": len({option.site for option in options}),
        "n_occasions_visited": len({option.occasion_ref for option in options if option.occasion_ref}),
        "n_must": len(must_sites),
        "n_must_served": len(must_sites & {option.site for option in options}),
        "travel_s": sum(sum(legs_s(route, problem)) for route in plan.routes),
        "wait_s": sum(stop.start_s - stop.arrive_s for _, stop in stops),
        "dwell_s": sum(stop.end_s - stop.start_s for _, stop in stops),
        "break_s": sum(rest.end_s - rest.start_s for route in plan.routes for rest in route.rests),
        "shift_s": sum(shift.ends_s - shift.starts_s for shift in problem.shifts),
    }


def legs_s(route: Route, problem: PatrolProblem) -> list[int]:
    """Seconds of each journey of a route, the way back to the end base last."""
    shift = problem.shifts[route.shift]
    matrix = problem.travel[shift.kind]
    nodes = [shift.start_node, *(problem.options[stop.option].site for stop in route.stops), shift.end_node]
    return [int(matrix[a, b]) for a, b in pairwise(nodes)]


class _Seconds:
    """Turns seconds since the planning window opened into written instants."""

    def __init__(self, origin: datetime) -> None:
        self.origin = origin

    def at(self, seconds: int) -> str:
        return instant(self.origin + timedelta(seconds=seconds))


def second_groups(problem: PatrolProblem) -> frozenset[int]:
    """The groups that stand for a second visit: every group of a place but its first."""
    first = {site: group for group, site in reversed(list(enumerate(problem.group_sites)))}
    return frozenset(group for group, site in enumerate(problem.group_sites) if first[site] != group)


def _marking(declarations: Iterable[Declaration]) -> str:
    if any(d.status == "exercise" for d in declarations):
        return f"{EXERCISE_MARKING} {MARKING}"
    return f"TEST {MARKING}" if any(d.status == "test" for d in declarations) else MARKING


def _shown(declarations: Sequence[Declaration]) -> list[Declaration]:
    """Those that stand; an exercise or a test is shown too, since it marks every page."""
    counting = standing(declarations)
    return [d for d in declarations if d in counting or d.status != "actual"]


def _declaration(d: Declaration) -> dict[str, Any]:
    return {
        "ref": d.ref,
        "revision": d.revision,
        "status": d.status,
        "title": d.title,
        "threat_wording": d.threat_wording,
        "threat_level_seen": d.threat_level_seen,
        "source_url": d.source_url,
        "issued_by": d.issued_by,
        "approved_by": d.approved_by,
        "activities": sorted(d.activities),
        "faiths_named": list(in_order(d.faiths_named)),
        "is_all_faiths": d.is_all_faiths,
        "issued_at": instant(d.issued_at),
        "starts_at": instant(d.starts_at),
        "review_at": instant(d.review_at),
        "expires_at": instant(d.expires_at),
        "areas": sorted(d.areas),
        "wordings": dict(d.wordings),
    }


def _place(p: Place, must: Mapping[str, str], barred: frozenset[str]) -> dict[str, Any]:
    return {
        "ref": p.ref,
        "name": p.name,
        "faiths": list(in_order(p.faiths)),
        "lat_deg": p.point.lat_deg,
        "lon_deg": p.point.lon_deg,
        "precision_m": p.precision_m,
        "address": p.address,
        "postcode": p.postcode,
        "nearest_postcode": p.nearest_postcode,
        "presence": p.presence,
        "must": p.ref in must,
        "must_reason": must.get(p.ref, ""),
        "barred": p.ref in barred,
    }


def _occasion(o: Occasion) -> dict[str, Any]:
    return {
        "ref": o.ref,
        "place_ref": o.place_ref,
        "key": o.key,
        "on": o.on.isoformat(),
        "confidence": o.confidence,
        "status": o.status,
        "band": o.band,
        "date_share": o.date_share,
        "source_ref": o.source_ref,
        "is_outdoor": o.is_outdoor,
        "notes": list(o.notes),
        "sittings": [_sitting(s) for s in o.sittings],
    }


def _sitting(s: Sitting) -> dict[str, str]:
    return {
        name: instant(getattr(s, name))
        for name in ("arrive_from", "starts_at", "ends_at", "gone_by", "earliest", "latest")
    }


def _need(n: PlaceNeed) -> dict[str, Any]:
    return {
        "place_ref": n.place_ref,
        "occasion_ref": n.occasion_ref,
        "gate": n.score.gate,
        "points": n.score.points,
        "parts": asdict(n.score.parts),
        "n_expected": n.score.inputs.n_expected,
        "is_estimated": n.score.inputs.is_estimated,
        "declaration_match": n.declaration_match,
        "explanation": n.explanation,
        "officer_lines": list(n.officer_lines),
    }


def _unit(u: Unit) -> dict[str, Any]:
    """Breaks stand by time, as routes number them."""
    return {
        "ref": u.ref,
        "callsign": u.callsign,
        "kind": u.kind,
        "n_officers": u.n_officers,
        "base": _pair(u.base),
        "end_base": _pair(u.end_base or u.base),
        "starts_at": instant(u.starts_at),
        "ends_at": instant(u.ends_at),
        "breaks": [
            {"earliest_start": instant(b.earliest_start), "latest_start": instant(b.latest_start), "minutes": b.minutes}
            for b in sorted(u.breaks, key=lambda b: (b.earliest_start, b.latest_start, b.minutes))
        ],
        "skills": sorted(u.skills),
    }


def _pair(point: Point) -> list[float]:
    return [point.lat_deg, point.lon_deg]


def _option(option: Option, ref: str, is_second: bool, problem: PatrolProblem, seconds: _Seconds) -> dict[str, Any]:
    return {
        "ref": ref,
        "place_ref": problem.site_refs[option.site],
        "occasion_ref": option.occasion_ref,
        "kind": option.kind,
        "earliest_start": seconds.at(option.earliest_s),
        "latest_start": seconds.at(option.latest_s),
        "dwell_min": option.dwell_s // 60,
        "prize": option.prize,
        "skill": option.skill,
        "is_second": is_second,
    }


def route_row(route: Route, problem: PatrolProblem, refs: Sequence[str], starts_at: datetime) -> dict[str, Any]:
    """A route as the document writes it; `refs` are `option_refs`, `starts_at` is the instant of second 0."""
    seconds = _Seconds(starts_at)
    legs = legs_s(route, problem)
    return {
        "unit_ref": problem.shifts[route.shift].unit_ref,
        "leave": seconds.at(route.leave_s),
        "stops": [
            {
                "place_ref": problem.site_refs[problem.options[stop.option].site],
                "option": refs[stop.option],
                "arrive": seconds.at(stop.arrive_s),
                "start": seconds.at(stop.start_s),
                "end": seconds.at(stop.end_s),
                "travel_s": leg,
                "wait_s": stop.start_s - stop.arrive_s,
            }
            for stop, leg in zip(route.stops, legs, strict=False)
        ],
        "breaks": [
            {
                "break": rest.pause,
                "after_stop": rest.after,
                "start": seconds.at(rest.start_s),
                "end": seconds.at(rest.end_s),
            }
            for rest in route.rests
        ],
        "back": {"arrive": seconds.at(route.back_s), "travel_s": legs[-1]},
    }


def flagged(row: dict[str, Any], shift: Shift, travel: Mapping[str, Any]) -> dict[str, Any]:
    """A route's row with `travel_flag` on each stop whose journey the routing server did not answer."""
    flags = {(kind, start, end): flag for kind, start, end, _, flag in travel.get("legs", ()) if flag}
    here = f"base:{shift.unit_ref}"
    for stop in row["stops"]:
        if flag := flags.get((shift.kind, here, stop["place_ref"])):
            stop["travel_flag"] = flag
        here = stop["place_ref"]
    return row
