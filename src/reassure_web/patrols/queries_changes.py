"""What a change to a plan would do, where a visit fits, and what differs between two plans of a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from reassure.access.allowed import Action
from reassure.engines.routing import GreatCircle
from reassure.patrols.briefing import Index, Visit, index_plan
from reassure.patrols.edits import Opening, openings
from reassure.patrols.replan_diff import VisitChange, change_counts, visit_changes
from reassure_web.accounts.models import User
from reassure_web.audit.services import record_seen
from reassure_web.patrols.editing import Edit, edit_words, edited
from reassure_web.patrols.models import PatrolPlan
from reassure_web.patrols.queries import plan_row, plans_of_day
from reassure_web.patrols.queries_plan import PlanPage, plan_page
from reassure_web.patrols.queries_planning import On, on_day


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
