"""A force's day from end to end: places, occasions and units in, a plan document out.

Rules: the order of the steps, and when a day cannot be planned. Everything is a value: files are read and
clocks held by the caller. Elsewhere: each step in its own module; the fields of the document in `document`.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from reassure.errors import RuleError
from reassure.geo import Point
from reassure.occasions.expand import expand
from reassure.occasions.values import Announcement, Occasion, Rule
from reassure.patrols.bound import Certificate, certify
from reassure.patrols.document import Findings, Setting, plan_document
from reassure.patrols.fairness import FairnessRow, as_document, fairness_report
from reassure.patrols.lottery import Drawn, LotteryTerms, Salt, draw_plan
from reassure.patrols.must import must_visits
from reassure.patrols.need import MODEL, NeedModel, PlaceFacts, PlaceNeed, assess
from reassure.patrols.problem import (
    DWELL_MIN,
    PatrolProblem,
    Plan,
    TravelMatrix,
    VisitLock,
    build_problem,
    planning_window,
)
from reassure.patrols.reasons import unvisited_rows
from reassure.patrols.search import Progress, plan_patrols
from reassure.patrols.search_routes import UntimedRoute
from reassure.patrols.shortfall import shortfall_document
from reassure.patrols.units import Unit
from reassure.periods import london_wall
from reassure.places.place import Place
from reassure.threats.declarations import Declaration, require_covers, standing
from reassure.threats.incidents import Incident

AROUND = timedelta(minutes=30)
"""How long before the first arrival and after the last departure a visit may still start."""


class Travel(Protocol):
    """Where travel times come from: the great circle, or a routing server."""

    def matrices(self, nodes: Sequence[Point], n_sites: int, kinds: Collection[str]) -> Mapping[str, TravelMatrix]:
        """Seconds from node to node, one matrix a kind of unit."""

    def record(self, problem: PatrolProblem, plan: Plan) -> Mapping[str, Any]:
        """The `inputs.travel` object of the plan document."""


@dataclass(frozen=True)
class DayInputs:
    """
    What a day is planned from.

    Parameters
    ----------
    places
        The open places of the area.
    outline
        GeoJSON MultiPolygon coordinates of the area, or None.
    digests
        SHA-256 of each input file by its role.
    must_unknown
        Whether every named place without an attendance band is a must-visit.
    allow_shortfall
        Whether a plan is made although must-visits cannot be served.
    """

    area_code: str
    area_name: str
    force_name: str
    on: date
    places: Sequence[Place]
    units: Sequence[Unit]
    rules: Sequence[Rule] = ()
    declarations: Sequence[Declaration] = ()
    facts: Mapping[str, PlaceFacts] = field(default_factory=dict)
    incidents: Sequence[Incident] = ()
    announcements: Sequence[Announcement] = ()
    locks: Sequence[VisitLock] = ()
    barred: frozenset[str] = frozenset()
    outline: Sequence[Any] | None = None
    digests: Mapping[str, str] = field(default_factory=dict)
    attributions: tuple[str, ...] = ()
    must_unknown: bool = False
    allow_shortfall: bool = False
    dwell_min: int = DWELL_MIN
    model: NeedModel = MODEL


@dataclass(frozen=True)
class Day:
    """A day that is ready to be planned: who gathers, why go there, and the problem to solve."""

    inputs: DayInputs
    places: tuple[Place, ...]
    occasions: tuple[Occasion, ...]
    needs: tuple[PlaceNeed, ...]
    must: Mapping[str, str]
    problem: PatrolProblem


def prepare_day(inputs: DayInputs, travel: Travel) -> Day:
    """
    Work out occasions, needs and must-visits, and make the planning problem.

    Raises
    ------
    InputError
        No units, or units that cannot be planned.
    RuleError
        No declaration given is in force on the day, or too many options.
    """
    window = planning_window(inputs.units)
    places = tuple(sorted((_with_presence(p, inputs.facts) for p in inputs.places if p.is_open), key=lambda p: p.ref))
    occasions = occasions_of_day(places, inputs.rules, inputs.on, window, announcements=inputs.announcements)
    _refuse_lapsed(inputs.declarations, occasions, window)
    needs = assess(
        places,
        occasions,
        on=inputs.on,
        window=window,
        declarations=inputs.declarations,
        facts=inputs.facts,
        incidents=inputs.incidents,
        model=inputs.model,
    )
    must = must_visits(
        needs,
        places,
        declarations=inputs.declarations,
        facts=inputs.facts,
        incidents=inputs.incidents,
        on=inputs.on,
        must_unknown=inputs.must_unknown,
    )
    problem = build_problem(
        places=places,
        needs=needs,
        occasions=occasions,
        units=inputs.units,
        matrices=travel.matrices,
        must=tuple(must),
        barred=inputs.barred,
        locks=inputs.locks,
        dwell_min=inputs.dwell_min,
    )
    return Day(inputs, places, occasions, needs, must, problem)


def plan_day(
    inputs: DayInputs,
    travel: Travel,
    *,
    seed: int = 1,
    iterations: int | Callable[[PatrolProblem], int] | None = None,
    stop: Callable[[], bool] | None = None,
    progress: Callable[[Progress], None] | None = None,
    salt: Salt | None = None,
    rounds: int | None = None,
    stop_bound: Callable[[], bool] | None = None,
) -> dict[str, Any]:
    """
    Plan a day and write it down: the plan document, unsigned.

    Parameters
    ----------
    salt
        Draws one of many good plans by lot; None takes the best plan that was found.
    rounds
        Of pricing for the certificate, at most; 0 leaves it out, None is what fits the size.
    stop_bound
        Ends the work on the certificate with what is proved by then.

    Raises
    ------
    RuleError
        Must-visits cannot all be served and `allow_shortfall` is not set; the text names them.
    """
    day = prepare_day(inputs, travel)
    budget = iterations(day.problem) if callable(iterations) else iterations
    met: list[UntimedRoute] = []
    plan = plan_patrols(day.problem, seed=seed, iterations=budget, stop=stop, progress=progress, met=met)
    certificate: Certificate | None = None
    if rounds != 0:
        plan, certificate = certify(day.problem, plan, rounds=rounds, stop=stop_bound, routes=met)
    drawn: Drawn | None = None
    if salt is not None:
        drawn = draw_plan(day.problem, plan, _terms(inputs, salt), seed=seed)
        plan = drawn.plan
    return day_document(day, plan, travel, drawn=drawn, certificate=certificate)


def day_document(
    day: Day, plan: Plan, travel: Travel, *, drawn: Drawn | None = None, certificate: Certificate | None = None
) -> dict[str, Any]:
    """
    The plan document of a day and a plan for it, unsigned; `RuleError` for a shortfall that is not allowed.

    Parameters
    ----------
    drawn
        How the plan was drawn, where it was.
    certificate
        What no plan exceeds; of the best plan, where another was drawn.
    """
    inputs = day.inputs
    starts_at, ends_at = planning_window(inputs.units)
    shortfall = shortfall_document(day.problem, plan, names={p.ref: p.title for p in day.places})
    if shortfall and not inputs.allow_shortfall:
        raise RuleError(f"{shortfall['text']} To plan all the same and state the shortfall, use --allow-shortfall.")
    unvisited = unvisited_rows(
        day.problem,
        plan,
        places=day.places,
        needs=day.needs,
        occasions=day.occasions,
        window_starts_at=starts_at,
        callsigns={u.ref: u.callsign for u in inputs.units},
    )
    setting = Setting(
        area_code=inputs.area_code,
        area_name=inputs.area_name,
        force_name=inputs.force_name,
        on=inputs.on,
        window_starts_at=starts_at,
        window_ends_at=ends_at,
        outline=inputs.outline,
        digests=inputs.digests,
        travel=travel.record(day.problem, plan),
        attributions=inputs.attributions,
        must_unknown=inputs.must_unknown,
        allow_shortfall=inputs.allow_shortfall,
    )
    return plan_document(
        setting,
        places=day.places,
        occasions=day.occasions,
        needs=day.needs,
        model=inputs.model,
        declarations=inputs.declarations,
        units=inputs.units,
        must=day.must,
        barred=inputs.barred,
        problem=day.problem,
        plan=plan,
        findings=Findings(
            unvisited=unvisited,
            shortfall=shortfall,
            certificate=certificate.of(plan).as_document() if certificate else None,
            lottery=drawn.report if drawn else None,
            fairness=_fairness(day, plan, drawn),
        ),
    )


def _terms(inputs: DayInputs, salt: Salt) -> LotteryTerms:
    refs = sorted(d.ref for d in standing(inputs.declarations))
    return LotteryTerms("+".join(refs) or "none", inputs.area_code, inputs.on.isoformat(), salt)


def occasions_of_day(
    places: Sequence[Place],
    rules: Sequence[Rule],
    on: date,
    window: tuple[datetime, datetime],
    *,
    announcements: Sequence[Announcement] = (),
) -> tuple[Occasion, ...]:
    """
    Occasions of a date, and those of its neighbours that a visit inside the planning window can meet.

    An occasion may pass midnight: it belongs to the date it starts on and to every window it overlaps.
    """
    first = min(on, london_wall(window[0] - AROUND).date() - timedelta(days=1))
    last = max(on, london_wall(window[1] + AROUND).date())
    return tuple(
        o
        for o in expand(places, rules, first, last, announcements=announcements)
        if o.on == on or (o.arrive_from - AROUND < window[1] and window[0] < o.gone_by + AROUND)
    )


def _with_presence(place: Place, facts: Mapping[str, PlaceFacts]) -> Place:
    """The place with what a fact says of its presence; that it wants none is never overruled."""
    said = facts.get(place.ref)
    if said is None or not said.presence or place.presence == "none":
        return place
    return replace(place, presence=said.presence)


def _refuse_lapsed(
    declarations: Sequence[Declaration], occasions: Sequence[Occasion], window: tuple[datetime, datetime]
) -> None:
    first = min((o.starts_at for o in occasions), default=window[0])
    for d in standing(declarations):
        if d.expires_at <= window[0]:
            require_covers(d, max(first, d.expires_at))
        if d.starts_at >= window[1]:
            starts, ends = london_wall(d.starts_at), london_wall(window[1])
            raise RuleError(f"The step-up starts {starts:%-d %b %H:%M}; the last shift ends {ends:%-d %b %H:%M}.")


def _fairness(day: Day, plan: Plan, drawn: Drawn | None) -> dict[str, Any]:
    """Planned coverage of eligible place-occasions: the chance of a visit; without a draw 1 or 0."""
    visited = {
        (day.problem.site_refs[option.site], option.occasion_ref)
        for route in plan.routes
        for option in (day.problem.options[stop.option] for stop in route.stops)
    }
    by_ref = {p.ref: p for p in day.places}
    rows = [
        FairnessRow(
            n.place_ref,
            by_ref[n.place_ref].faiths,
            n.score.points,
            drawn.chances.get((n.place_ref, n.occasion_ref), 0.0)
            if drawn
            else float((n.place_ref, n.occasion_ref) in visited),
            by_ref[n.place_ref].lad_code,
        )
        for n in day.needs
        if n.score.gate == "open"
    ]
    return as_document(fairness_report(rows, kind="planned"))
