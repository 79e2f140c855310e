"""A plan document as the problem that it answers and the plan that it is.

Rules: sites, groups, options and shifts come back in the order in which they were written, so that refs and
routes mean the same again. The document is one that the checker accepts. Elsewhere: writing it (`document`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from reassure.errors import InputError, Problem
from reassure.geo import Point
from reassure.occasions.values import Occasion, Sitting
from reassure.patrols.need import PlaceNeed
from reassure.patrols.points import NeedInputs, NeedParts, NeedScore
from reassure.patrols.problem import Lock, Matrices, Option, PatrolProblem, Plan, Rest, Route, Shift, Stop
from reassure.patrols.search_routes import Item, timed_route
from reassure.patrols.units import Unit
from reassure.places.place import Place


@dataclass(frozen=True)
class InForce:
    """
    A plan in force.

    Parameters
    ----------
    origin
        Instant of second 0.
    plan
        Its routes; units that were added since have one without stops.
    """

    document: Mapping[str, Any]
    origin: datetime
    problem: PatrolProblem
    plan: Plan

    def second(self, instant: str | datetime) -> int:
        """An instant as seconds of the problem."""
        return seconds(instant, self.origin)


def read_in_force(document: Mapping[str, Any], matrices: Matrices, added: Sequence[Unit] = ()) -> InForce:
    """
    The problem and plan of a document.

    Parameters
    ----------
    matrices
        Travel times, as `travel.travel_matrices` gives them.
    added
        Units that came since, after those of the document; their shifts lie inside its window.
    """
    origin = datetime.fromisoformat(document["window"]["starts_at"])
    refs = tuple(
        sorted({o["place_ref"] for o in document["options"]} | {p["ref"] for p in document["places"] if p["must"]})
    )
    site = {ref: i for i, ref in enumerate(refs)}
    has_second = any(o["is_second"] for o in document["options"])
    options = tuple(_option(row, site, origin) for row in document["options"])
    at = {p["ref"]: Point(p["lat_deg"], p["lon_deg"]) for p in document["places"]}
    nodes, shifts = _shifts([at[ref] for ref in refs], [*document["units"], *map(unit_row, added)], origin)
    shift_of = {shift.unit_ref: i for i, shift in enumerate(shifts)}
    group_sites = tuple(range(len(refs))) * (2 if has_second else 1)
    barred = {p["ref"] for p in document["places"] if p["barred"]}
    problem = PatrolProblem(
        site_refs=refs,
        group_sites=group_sites,
        options=options,
        shifts=shifts,
        travel=dict(matrices(nodes, len(refs), {shift.kind for shift in shifts})),
        must=frozenset(site[p["ref"]] for p in document["places"] if p["must"]),
        barred=frozenset(g for g, s in enumerate(group_sites) if refs[s] in barred),
        locks=tuple(
            Lock(
                site[lock["place_ref"]],
                None if lock["unit_ref"] is None else shift_of[lock["unit_ref"]],
                None if lock["start"] is None else seconds(lock["start"], origin),
            )
            for lock in document["locks"]
        ),
    )
    option_of = {row["ref"]: i for i, row in enumerate(document["options"])}
    routes = [_route(row, i, option_of, origin) for i, row in enumerate(document["routes"])]
    routes += [idle_route(problem, i) for i in range(len(routes), len(shifts))]
    totals = document["totals"]
    plan = Plan(tuple(routes), totals["n_must_served"], totals["prize"], totals["travel_s"])
    return InForce(document, origin, problem, plan)


def idle_route(problem: PatrolProblem, shift: int) -> Route:
    """A shift without visits: its breaks before leaving where that can be, else at the end base."""
    n = len(problem.shifts[shift].breaks)
    for n_first in range(n, -1, -1):
        rests = [("rest", p, None) for p in range(n)]
        items: list[Item] = [*rests[:n_first], ("end", 0, None), *rests[n_first:]]
        try:
            return timed_route(problem, shift, items)
        except ValueError:
            continue
    unit = problem.shifts[shift].unit_ref
    raise InputError([Problem("breaks", "", "breaks that fit the shift", says=f"{unit} has no time for its breaks")])


def unit_row(unit: Unit) -> dict[str, Any]:
    """A unit as a row of the plan document; breaks stand by time."""
    end = unit.end_base or unit.base
    return {
        "ref": unit.ref,
        "callsign": unit.callsign,
        "kind": unit.kind,
        "n_officers": unit.n_officers,
        "base": [unit.base.lat_deg, unit.base.lon_deg],
        "end_base": [end.lat_deg, end.lon_deg],
        "starts_at": written(unit.starts_at),
        "ends_at": written(unit.ends_at),
        "breaks": [
            {"earliest_start": written(b.earliest_start), "latest_start": written(b.latest_start), "minutes": b.minutes}
            for b in sorted(unit.breaks, key=lambda b: (b.earliest_start, b.latest_start, b.minutes))
        ],
        "skills": sorted(unit.skills),
    }


def places_of(document: Mapping[str, Any]) -> tuple[Place, ...]:
    """The places by ref and name, which is all that reasons ask of them."""
    return tuple(Place(ref=p["ref"], name=p["name"]) for p in document["places"])


def occasions_of(document: Mapping[str, Any]) -> tuple[Occasion, ...]:
    """The occasions with their sittings."""
    names = ("arrive_from", "starts_at", "ends_at", "gone_by", "earliest", "latest")
    return tuple(
        Occasion(
            o["ref"],
            o["place_ref"],
            o["key"],
            date.fromisoformat(o["on"]),
            tuple(Sitting(*(datetime.fromisoformat(s[name]) for name in names)) for s in o["sittings"]),
            status=o["status"],
        )
        for o in document["occasions"]
    )


def needs_of(document: Mapping[str, Any]) -> tuple[PlaceNeed, ...]:
    """The needs by gate and points, in the order of the document."""
    return tuple(
        PlaceNeed(
            n["place_ref"],
            n["occasion_ref"],
            NeedScore(
                n["gate"],
                n["points"],
                NeedParts(**n["parts"]),
                NeedInputs(n["place_ref"], n["occasion_ref"], bool(n["occasion_ref"]), n["n_expected"]),
                document["inputs"]["need_model"]["version"],
            ),
            n["declaration_match"],
            "",
            n["explanation"],
            tuple(n["officer_lines"]),
            "",
        )
        for n in document["needs"]
    )


def seconds(instant: str | datetime, origin: datetime) -> int:
    """Seconds from second 0 to an instant, written or not."""
    at = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
    return (at - origin) // timedelta(seconds=1)


def written(instant: datetime) -> str:
    """An instant as documents write it."""
    return instant.astimezone(UTC).isoformat(timespec="seconds")


def _option(row: Mapping[str, Any], site: Mapping[str, int], origin: datetime) -> Option:
    i = site[row["place_ref"]]
    return Option(
        i,
        i + (len(site) if row["is_second"] else 0),
        row["kind"],
        row["occasion_ref"],
        seconds(row["earliest_start"], origin),
        seconds(row["latest_start"], origin),
        row["dwell_min"] * 60,
        row["prize"],
        row["skill"],
    )


def _shifts(
    points: Sequence[Point], units: Sequence[Mapping[str, Any]], origin: datetime
) -> tuple[list[Point], tuple[Shift, ...]]:
    """The nodes (places, then each base once) and the shifts that stand on them."""
    nodes, at = list(points), dict[Point, int]()
    shifts = []
    for unit in units:
        ends = []
        for pair in (unit["base"], unit["end_base"]):
            base = Point(*pair)
            if base not in at:
                at[base] = len(nodes)
                nodes.append(base)
            ends.append(at[base])
        breaks = tuple(
            (seconds(b["earliest_start"], origin), seconds(b["latest_start"], origin), b["minutes"] * 60)
            for b in unit["breaks"]
        )
        starts_s, ends_s = seconds(unit["starts_at"], origin), seconds(unit["ends_at"], origin)
        shifts.append(
            Shift(unit["ref"], unit["kind"], ends[0], ends[1], starts_s, ends_s, breaks, frozenset(unit["skills"]))
        )
    return nodes, tuple(shifts)


def _route(row: Mapping[str, Any], shift: int, option_of: Mapping[str, int], origin: datetime) -> Route:
    return Route(
        shift,
        tuple(
            Stop(option_of[s["option"]], *(seconds(s[name], origin) for name in ("arrive", "start", "end")))
            for s in row["stops"]
        ),
        tuple(
            Rest(b["break"], b["after_stop"], seconds(b["start"], origin), seconds(b["end"], origin))
            for b in row["breaks"]
        ),
        seconds(row["leave"], origin),
        seconds(row["back"]["arrive"], origin),
    )
