"""What of planning waits for somebody: plans to approve, overrides to sign, runs that ended, days without a plan."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from reassure.access.allowed import Action
from reassure.access.grants import may
from reassure.patrols.briefing import day_words
from reassure.periods import london_date
from reassure_web.accounts.models import User
from reassure_web.accounts.tasks import Task
from reassure_web.patrols.models import Day, NeedOverride, PatrolPlan, PlanRun
from reassure_web.places.models import Area
from reassure_web.places.queries import areas_visible_to

RECENT = timedelta(hours=24)
"""How long the end of a run is news."""

AHEAD = timedelta(days=3)
"""How far ahead a day that was begun and has no plan is pointed at."""


def tasks_for(actor: User, now: datetime) -> Sequence[Task]:
    """Everything of planning that this person can do something about."""
    grants = actor.grants(now)
    areas = [
        a for a in areas_visible_to(actor, now).defer("outline") if may(grants, Action.PLAN_READ, now=now, area=a.code)
    ]
    to_approve = [a for a in areas if may(grants, Action.PLAN_APPROVE, now=now, area=a.code)]
    to_write = [a for a in areas if may(grants, Action.PLAN_WRITE, now=now, area=a.code)]
    today = london_date(now)
    return [
        *_to_approve(to_approve, today),
        *_to_sign(to_approve, today),
        *_ended(actor, to_write, now),
        *_unplanned(to_write, today),
    ]


def _to_approve(areas: Sequence[Area], today: date) -> list[Task]:
    if not areas:
        return []
    by_code = {area.code: area for area in areas}
    rows = PatrolPlan.objects.filter(state="sent", day__area_code__in=by_code, day__on__gte=today)
    return [
        Task(
            f"Approve plan {row.number} of {day_words(row.day.on)}",
            f"/patrols/{by_code[row.day.area_code].slug}/{row.day.on.isoformat()}/plans/{row.number}/",
            hint=f"sent by {row.written_by}",
        )
        for row in rows.select_related("day", "written_by").defer("document")
    ]


def _to_sign(areas: Sequence[Area], today: date) -> list[Task]:
    if not areas:
        return []
    by_code = {area.code: area for area in areas}
    rows = NeedOverride.objects.filter(state="asked", day__area_code__in=by_code, day__on__gte=today)
    days = {row.day for row in rows.select_related("day")}
    return [
        Task(
            f"Decide overrides of need for {day_words(day.on)}",
            f"/patrols/{by_code[day.area_code].slug}/{day.on.isoformat()}/need/",
        )
        for day in sorted(days, key=lambda day: (day.on, day.area_code))
    ]


def _ended(actor: User, areas: Sequence[Area], now: datetime) -> list[Task]:
    if not areas:
        return []
    by_code = {area.code: area for area in areas}
    rows = PlanRun.objects.filter(
        asked_by=actor, day__area_code__in=by_code, state__in=("done", "failed"), ended_at__gte=now - RECENT
    )
    rows = rows.exclude(plan__state__in=("sent", "approved", "withdrawn", "superseded"))
    return [
        Task(
            f"{'Read the plan' if row.plan else 'See why no plan came'} of the run for {day_words(row.day.on)}",
            f"/patrols/{by_code[row.day.area_code].slug}/{row.day.on.isoformat()}/"
            + (f"plans/{row.plan.number}/" if row.plan else f"runs/{row.ref}/"),
            hint=row.failure[:80],
        )
        for row in rows.select_related("day", "plan").defer("inputs", "plan__document")[:5]
    ]


def _unplanned(areas: Sequence[Area], today: date) -> list[Task]:
    if not areas:
        return []
    by_code = {area.code: area for area in areas}
    rows = Day.objects.filter(area_code__in=by_code, on__gte=today, on__lte=today + AHEAD)
    rows = rows.exclude(plans__state__in=("draft", "sent", "approved")).exclude(runs__state__in=("waiting", "running"))
    return [
        Task(
            f"Make a plan for {day_words(row.on)}",
            f"/patrols/{by_code[row.area_code].slug}/{row.on.isoformat()}/",
            hint="begun, and without a plan",
        )
        for row in rows.distinct().order_by("on")
    ]
