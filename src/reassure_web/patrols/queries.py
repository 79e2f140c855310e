"""Rows of planning days as other rooms and the screens read them; whoever asks has looked the area up in scope."""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from reassure.files.plan_json import signed
from reassure.patrols.briefing import Card, cards, index_plan
from reassure_web.patrols.models import Day, PatrolPlan, PlanRun, Unit


def days_of_area(area_code: str) -> QuerySet[Day]:
    """The days of an area that somebody plans, latest first."""
    return Day.objects.filter(area_code=area_code).order_by("-on")


def day_row(area_code: str, on: date) -> Day | None:
    """The planning day of an area and date; None while nobody has begun it."""
    return Day.objects.filter(area_code=area_code, on=on).first()


def units_of_day(area_code: str, on: date) -> QuerySet[Unit]:
    """Every unit of a day, also those taken off, by shift."""
    return Unit.objects.filter(day__area_code=area_code, day__on=on)


def plans_of_day(area_code: str, on: date) -> QuerySet[PatrolPlan]:
    """The plans of a day, latest first, with their day and people; without documents."""
    rows = PatrolPlan.objects.filter(day__area_code=area_code, day__on=on)
    return rows.select_related("day", "written_by", "approved_by").defer("document")


def plan_row(area_code: str, on: date, number: int) -> PatrolPlan:
    """One plan with its document; `PatrolPlan.DoesNotExist` where there is none."""
    rows = PatrolPlan.objects.select_related("day", "written_by", "approved_by")
    return rows.get(day__area_code=area_code, day__on=on, number=number)


def run_row(area_code: str, on: date, ref: str) -> PlanRun:
    """One run without its input; `PlanRun.DoesNotExist` where there is none."""
    rows = PlanRun.objects.select_related("day", "plan", "asked_by").defer("inputs", "plan__document")
    return rows.get(day__area_code=area_code, day__on=on, ref=ref)


def approved_plan(area_code: str, on: date) -> PatrolPlan | None:
    """The plan in force on a day; None while none is approved."""
    rows = PatrolPlan.objects.select_related("day", "approved_by")
    return rows.filter(day__area_code=area_code, day__on=on, state="approved").first()


def stops_of_unit(area_code: str, on: date, unit_ref: str) -> Card | None:
    """The card of one unit under the approved plan: its own steps and nothing else; None without plan or unit."""
    plan = approved_plan(area_code, on)
    if plan is None:
        return None
    return next((card for card in cards(index_plan(plan.document)) if card.unit_ref == unit_ref), None)


def handed_out(plan: PatrolPlan) -> dict[str, Any]:
    """The document as it is handed out: as stored, or signed as approved where a commander approved it."""
    document: dict[str, Any] = plan.document
    return signed({**document, "status": "approved"}) if plan.approved_at else document
