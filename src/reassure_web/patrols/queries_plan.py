"""One plan as its pages show it: summary, what is not visited and at what price, timeline, visits, fairness, order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from reassure.access.allowed import Action
from reassure.files.markup import Markup
from reassure.files.plan_map import N_COLOURS, area_map, round_map
from reassure.files.plan_pages.visits import map_key
from reassure.files.plan_timeline import timeline
from reassure.files.spots_map import Spot
from reassure.patrols.briefing import REASON_WORDS, Card, Index, Visit, cards, index_plan
from reassure.patrols.order import percent
from reassure_web.accounts.models import User
from reassure_web.audit.services import record_seen
from reassure_web.patrols.models import PatrolPlan, PlanRun
from reassure_web.patrols.queries import plan_row, plans_of_day
from reassure_web.patrols.queries_planning import PAGE, On, on_day

MOST_UNMET = 15
"""Rows of what is not visited on the first page of a plan; the rest has a page of its own."""

MOST_UNMET_SPOTS = 150
MOST_ON_ONE_MAP = 200
"""Visits of all units that one map may hold; more are drawn in groups of units."""


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
    def may_be_sent(self) -> bool:
        """Whether the reader may send it for approval."""
        rights = self.head.rights
        return self.plan.state == "draft" and (rights.may_write or (rights.may_replan and is_replanned(self.plan)))

    @property
    def may_be_replanned(self) -> bool:
        """Whether the reader may ask for the rest of the day again, from this plan."""
        rights = self.head.rights
        return rights.may_write or (rights.may_replan and self.plan.state == "approved")

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


def is_replanned(plan: PatrolPlan) -> bool:
    """Whether a re-plan made this plan, and nobody has changed it by hand since."""
    return PlanRun.objects.filter(plan=plan, kind="replan").exists()


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A visit in a table: what moves, locks and drops."""

    visit: Visit
    is_locked: bool
    span: str
    start_by: str


@dataclass(frozen=True)
class MapPage:
    """The map of some rounds of a plan: which, and which others could be chosen, as (value, words)."""

    page: PlanPage
    rounds: range
    chosen: int
    choices: tuple[tuple[int, str], ...]

    @property
    def drawing(self) -> Markup:
        """The rounds, each as a line with its own number, and what is not visited."""
        gaps = {unmet.place_ref for unmet in self.page.unmet[:MOST_UNMET_SPOTS]}
        return area_map(self.page.index, self.page.cards, rounds=self.rounds, gaps=gaps)

    @property
    def key(self) -> Markup:
        """What its shapes and lines mean."""
        return map_key(self.page.cards, self.rounds)


def map_page(actor: User, slug: str, on: date, number: int, chosen: int, *, now: datetime) -> MapPage:
    """
    The map of a plan: all its rounds, or a group of as many as there are colours.

    `chosen` counts groups from 1, and 0 is all; where all are too many to be told apart the first group stands for 0.
    """
    page = plan_page(actor, slug, on, number, now=now)
    n = len(page.cards)
    groups = [range(start, min(start + N_COLOURS, n)) for start in range(0, n, N_COLOURS)]
    n_visits = sum(len(card.visits) for card in page.cards)
    is_light = n_visits <= MOST_ON_ONE_MAP or len(groups) < 2
    choices = [(k, f"Units {group[0] + 1} to {group[-1] + 1}") for k, group in enumerate(groups, 1)]
    all_of_them = [(0, "All units")] if is_light else []
    chosen = chosen if 0 < chosen <= len(groups) else 0 if is_light else 1
    rounds = groups[chosen - 1] if chosen else range(n)
    return MapPage(page, rounds, chosen, (*all_of_them, *(choices if len(groups) > 1 else ())))


@dataclass(frozen=True)
class VisitsPage:
    """The visits of one unit."""

    page: PlanPage
    card: Card | None
    lines: tuple[VisitLine, ...]

    @property
    def sketch(self) -> Markup:
        """The unit's round."""
        return round_map(self.card) if self.card else Markup("")


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
