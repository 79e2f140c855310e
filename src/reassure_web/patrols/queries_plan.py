"""One plan as its pages show it: summary, what is not visited and at what price, timeline, visits, fairness, order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from reassure.access.allowed import Action
from reassure.engines.routing import GreatCircle
from reassure.files.markup import Markup
from reassure.files.plan_timeline import timeline
from reassure.files.spots_map import Spot
from reassure.patrols.briefing import REASON_WORDS, Card, Index, Visit, cards, index_plan
from reassure.patrols.edits import Opening, openings
from reassure.patrols.order import Section, order_sections, percent
from reassure.patrols.order_texts import asked_lines, filled, order_problems
from reassure.patrols.replan_diff import VisitChange, change_counts, visit_changes
from reassure_web.accounts.models import User
from reassure_web.audit.services import record_seen
from reassure_web.patrols.editing import Edit, edit_words, edited
from reassure_web.patrols.models import Order, PatrolPlan
from reassure_web.patrols.queries import plan_row, plans_of_day
from reassure_web.patrols.queries_planning import PAGE, On, on_day

MOST_UNMET = 15
"""Rows of what is not visited on the first page of a plan; the rest has a page of its own."""

MOST_UNMET_SPOTS = 150


@dataclass(frozen=True)
class PlanPage:
    """A plan and what every page about it needs."""

    head: On
    plan: PatrolPlan
    index: Index
    cards: tuple[Card, ...]
    latest_number: int

    @property
    def document(self) -> Mapping[str, Any]:
        """The plan document."""
        return self.index.document

    @property
    def totals(self) -> Mapping[str, int]:
        """The sums of the plan."""
        totals: Mapping[str, int] = self.document["totals"]
        return totals

    @property
    def points(self) -> float:
        """Need points that the plan earns."""
        return self.totals["prize"] / 100

    @property
    def n_units_out(self) -> int:
        """Units with at least one visit."""
        return sum(bool(card.visits) for card in self.cards)

    @property
    def locks(self) -> frozenset[str]:
        """Refs of places whose visit is locked."""
        return frozenset(lock["place_ref"] for lock in self.document["locks"])

    @property
    def timeline(self) -> Markup:
        """One row a unit, as SVG."""
        return timeline(self.index, self.cards)

    @property
    def unmet(self) -> "list[Unmet]":
        """What is not visited and could be: must-visits first, then by points."""
        rows = [r for r in self.document["unvisited"] if r["reason"] not in {"opted_out", "gate_closed"}]
        rows.sort(key=lambda r: (not r["is_must"], -r["points"], r["place_ref"], r["occasion_ref"]))
        return [Unmet.of(self.index, row) for row in rows]

    @property
    def first_unmet(self) -> "list[Unmet]":
        """The rows that stand on the first page."""
        return self.unmet[:MOST_UNMET]

    @property
    def n_unmet(self) -> int:
        """How many rows there are."""
        return len(self.unmet)

    @property
    def spots(self) -> list[Spot]:
        """Visited places, and the first of those that could be visited and are not."""
        at = self.index.places
        visits = [v for card in self.cards for v in card.visits]
        seen = [Spot(v.lat_deg, v.lon_deg, f"{v.callsign}, visit {v.number}: {v.name}", "chosen") for v in visits]
        missed = [
            Spot(at[u.place_ref]["lat_deg"], at[u.place_ref]["lon_deg"], f"Not visited: {u.name}", "flagged")
            for u in self.unmet[:MOST_UNMET_SPOTS]
            if u.reason_code != "other_occasion"
        ]
        return seen + missed

    @property
    def deciles(self) -> list[dict[str, Any]]:
        """Coverage by tenth of need, ready to be shown."""
        report = self.document["fairness"] or {}
        return [
            {
                "number": d["decile"],
                "n": d["n"],
                "points": f"{d.get('lowest_points', '')} to {d.get('highest_points', '')}",
                "coverage": percent(d.get("coverage")),
            }
            for d in report.get("deciles", ())
        ]

    @property
    def outline(self) -> Any:
        """Outline of the area, where one is known."""
        return self.document["area"]["outline"]


@dataclass(frozen=True, slots=True)
class Unmet:
    """Something that is not visited: why, and what would serve it."""

    place_ref: str
    name: str
    occasion: str
    points: int
    is_must: bool
    reason_code: str
    reason: str
    text: str
    price: str

    @classmethod
    def of(cls, index: Index, row: Mapping[str, Any]) -> "Unmet":
        """A row of the document with its words."""
        return cls(
            row["place_ref"],
            index.name(row["place_ref"]),
            index.occasion_words(row["occasion_ref"]),
            row["points"],
            row["is_must"],
            row["reason"],
            REASON_WORDS[row["reason"]],
            row["text"],
            row.get("change", ""),
        )


def plan_page(
    actor: User, slug: str, on: date, number: int, *, action: Action = Action.PLAN_READ, now: datetime
) -> PlanPage:
    """
    One plan for somebody who may read it, or do `action`; opening it is an entry in the audit.

    Raises
    ------
    PatrolPlan.DoesNotExist, Area.DoesNotExist
        No such plan, or another's area.
    """
    head = on_day(actor, slug, on, action, now=now)
    plan = plan_row(head.area.code, on, number)
    record_seen(actor, Action.PLAN_READ, f"plan:{plan.ref}", now=now)
    index = index_plan(plan.document)
    latest = plans_of_day(head.area.code, on).values_list("number", flat=True)[0]
    return PlanPage(head, plan, index, cards(index), latest)


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A visit in a table: what moves, locks and drops."""

    visit: Visit
    is_locked: bool
    span: str
    start_by: str


@dataclass(frozen=True)
class VisitsPage:
    """The visits of one unit."""

    page: PlanPage
    card: Card | None
    lines: tuple[VisitLine, ...]


def visits_page(actor: User, slug: str, on: date, number: int, unit_ref: str, *, now: datetime) -> VisitsPage:
    """The visits of a unit of a plan, the first unit with visits where none is named."""
    page = plan_page(actor, slug, on, number, now=now)
    with_visits = [card for card in page.cards if card.visits]
    card = next((c for c in page.cards if c.unit_ref == unit_ref), with_visits[0] if with_visits else None)
    clock, locks = page.index.clock, page.locks
    lines = tuple(
        VisitLine(v, v.place_ref in locks, clock.span(v.starts_at, v.ends_at), clock.time(v.start_by))
        for v in (card.visits if card else ())
    )
    return VisitsPage(page, card, lines)


@dataclass(frozen=True)
class UnmetPage:
    """Everything that is not visited, a page of it, by reason."""

    page: PlanPage
    rows: tuple[Unmet, ...]
    reason: str
    counts: tuple[tuple[str, str, int], ...]
    n: int
    number: int
    n_pages: int


def unmet_page(
    actor: User, slug: str, on: date, number: int, reason: str, page_number: int, *, now: datetime
) -> UnmetPage:
    """What is not visited for one reason, or for all."""
    page = plan_page(actor, slug, on, number, now=now)
    rows = page.document["unvisited"]
    counts = tuple((code, words, sum(r["reason"] == code for r in rows)) for code, words in REASON_WORDS.items())
    chosen = sorted(
        (r for r in rows if reason in {"", r["reason"]}),
        key=lambda r: (not r["is_must"], -r["points"], r["place_ref"], r["occasion_ref"]),
    )
    n_pages = max(1, -(-len(chosen) // PAGE))
    page_number = min(max(1, page_number), n_pages)
    part = chosen[(page_number - 1) * PAGE : page_number * PAGE]
    shown = tuple(Unmet.of(page.index, row) for row in part)
    return UnmetPage(page, shown, reason, counts, len(chosen), page_number, n_pages)


@dataclass(frozen=True)
class EditPage:
    """One place in a plan: its visit, where it could go, and what a change would do."""

    page: PlanPage
    place_ref: str
    name: str
    visit: Visit | None
    is_locked: bool
    openings: tuple["OpeningLine", ...]
    effect: "Effect | None" = None


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """A stretch of time in which a unit could make the visit."""

    opening: Opening
    callsign: str
    span: str
    points: float


@dataclass(frozen=True)
class Effect:
    """What a change would do before anybody saves it."""

    words: str
    points_before: float
    points_after: float
    changes: tuple["ChangeLine", ...]

    @property
    def gained(self) -> float:
        """Points won, or lost where negative."""
        return self.points_after - self.points_before


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One visit before and after, in words."""

    name: str
    what: str
    before: str
    after: str


def edit_page(
    actor: User, slug: str, on: date, number: int, place_ref: str, edit: Edit | None = None, *, now: datetime
) -> EditPage:
    """
    A place in a plan and where a visit to it fits; with `edit` also what that would do.

    Raises
    ------
    RuleError
        The edit breaks a rule: which, and by how much.
    PatrolPlan.DoesNotExist
        The plan has no such place.
    """
    page = plan_page(actor, slug, on, number, action=Action.PLAN_WRITE, now=now)
    if place_ref not in page.index.places:
        raise PatrolPlan.DoesNotExist
    visit = next((v for card in page.cards for v in card.visits if v.place_ref == place_ref), None)
    may_be_visited = any(o["place_ref"] == place_ref for o in page.document["options"])
    found = openings(page.document, GreatCircle(), place_ref) if may_be_visited else ()
    clock, units = page.index.clock, page.index.units
    lines = tuple(
        OpeningLine(o, units[o.unit_ref]["callsign"], clock.span(o.earliest, o.latest), o.prize / 100) for o in found
    )
    effect = _effect(page.index, edit) if edit else None
    return EditPage(page, place_ref, page.index.name(place_ref), visit, place_ref in page.locks, lines, effect)


def _effect(index: Index, edit: Edit) -> Effect:
    before, after = index.document, edited(index.document, edit)
    lines = [
        c for c in visit_changes(before, after) if (c.unit_before, c.start_before) != (c.unit_after, c.start_after)
    ]
    return Effect(
        edit_words(before, edit),
        before["totals"]["prize"] / 100,
        after["totals"]["prize"] / 100,
        tuple(_change_line(index, change) for change in lines),
    )


def _change_line(index: Index, change: VisitChange) -> ChangeLine:
    def at(unit: str, start: str) -> str:
        name = index.units[unit]["callsign"] if unit in index.units else unit
        return f"{name} {index.clock.time(start)}" if unit else "nobody"

    what = "later" if change.what == "kept" and change.start_before != change.start_after else change.what
    return ChangeLine(
        index.name(change.place_ref),
        what,
        at(change.unit_before, change.start_before),
        at(change.unit_after, change.start_after),
    )


@dataclass(frozen=True)
class ComparePage:
    """Two plans of a day side by side."""

    head: On
    before: PatrolPlan
    after: PatrolPlan
    counts: Mapping[str, int]
    changes: tuple[ChangeLine, ...]
    share_changed: float
    points: tuple[float, float]
    others: tuple[PatrolPlan, ...]

    @property
    def percent_changed(self) -> int:
        """Part of the visits of the plan before that are not as they were, per cent."""
        return round(100 * self.share_changed)


def compare_page(actor: User, slug: str, on: date, number: int, other: int, *, now: datetime) -> ComparePage:
    """What differs between two plans, visit by visit; `number` is the one before."""
    head = on_day(actor, slug, on, Action.PLAN_READ, now=now)
    before, after = plan_row(head.area.code, on, number), plan_row(head.area.code, on, other)
    record_seen(actor, Action.PLAN_READ, f"plan:{before.ref}:{after.number}", now=now)
    changes = visit_changes(before.document, after.document)
    counts = change_counts(changes)
    index = index_plan({**after.document, **_both(before.document, after.document)})
    n_before = sum(bool(change.unit_before) for change in changes)
    changed = n_before - counts["kept"]
    differing = [c for c in changes if c.what != "kept"]
    return ComparePage(
        head,
        before,
        after,
        counts,
        tuple(_change_line(index, change) for change in differing),
        changed / n_before if n_before else 0.0,
        (before.document["totals"]["prize"] / 100, after.document["totals"]["prize"] / 100),
        tuple(plans_of_day(head.area.code, on)),
    )


def _both(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Places and units of either plan, so that each has its name."""
    return {
        name: list({row["ref"]: row for row in (*before[name], *after[name])}.values()) for name in ("places", "units")
    }


@dataclass(frozen=True)
class OrderPage:
    """The operation order of a plan: what the system says, what people wrote, what is missing."""

    page: PlanPage
    order: Order | None
    sections: Sequence[Section]
    asked: Sequence[tuple[str, tuple[str, ...]]]
    texts: Mapping[str, str]
    missing: tuple[str, ...]


def order_page(
    actor: User, slug: str, on: date, number: int, *, action: Action = Action.PLAN_READ, now: datetime
) -> OrderPage:
    """The order of a plan; an order that nobody has begun has no texts."""
    page = plan_page(actor, slug, on, number, action=action, now=now)
    order = Order.objects.filter(plan=page.plan).select_related("issued_by", "written_by").first()
    texts: Mapping[str, str] = order.texts if order else {}
    sections = order_sections(page.index)
    problems = tuple(problem.text for problem in order_problems(sections, texts))
    return OrderPage(page, order, filled(sections, texts), asked_lines(sections), texts, problems)


def plan_features(actor: User, slug: str, on: date, number: int, *, now: datetime) -> dict[str, Any]:
    """The spots and rounds of a plan as GeoJSON for the map that moves."""
    page = plan_page(actor, slug, on, number, now=now)
    spots = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [s.lon_deg, s.lat_deg]},
            "properties": {"name": s.name, "kind": s.kind, "words": "Visit" if s.kind == "chosen" else "Not visited"},
        }
        for s in page.spots
    ]
    ways = [
        {
            "type": "Feature",
            "geometry": {
                "type": "LineString",
                "coordinates": [
                    [lon, lat] for lat, lon in (c.base, *((v.lat_deg, v.lon_deg) for v in c.visits), c.end_base)
                ],
            },
            "properties": {"name": c.callsign},
        }
        for c in page.cards
        if c.visits
    ]
    shape = {"type": "MultiPolygon", "coordinates": page.outline} if page.outline else None
    area = [{"type": "Feature", "geometry": shape, "properties": {"name": page.head.area.name}}] if shape else []
    attribution = " ".join(page.document["attributions"])
    return {"type": "FeatureCollection", "attribution": attribution, "features": [*area, *ways, *spots]}
