"""Erasing plans whose time is over: what nobody approved after a month, whole days after two years."""

from collections import Counter
from collections.abc import Collection
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from reassure_web.patrols.models import Day, NeedOverride, Order, PatrolPlan, PlanRun, Unit


def erase_unapproved_plans(before: date, held_areas: Collection[str]) -> Counter[str]:
    """
    Erase plans that were never approved, and runs that led to no plan, of days before that date.

    A day on which no plan was ever approved goes with them. Rows erased by what they were.
    """
    days = Day.objects.filter(on__lt=before).exclude(area_code__in=held_areas)
    plans = PatrolPlan.objects.filter(day__in=days, approved_at__isnull=True)
    runs = PlanRun.objects.filter(Q(plan__in=plans) | Q(plan__isnull=True, day__in=days))
    PlanRun.objects.filter(of_plan__in=plans).exclude(pk__in=runs).update(of_plan=None)
    erased = _erase(plans, runs)
    approved = PatrolPlan.objects.filter(day=OuterRef("pk"))
    return erased + _erase_days(days.filter(~Exists(approved)))


def erase_approved_plans(before: date, held_areas: Collection[str]) -> Counter[str]:
    """Erase whole days before that date, with units, overrides, runs, plans and orders; rows by what they were."""
    days = Day.objects.filter(on__lt=before).exclude(area_code__in=held_areas)
    erased = _erase(PatrolPlan.objects.filter(day__in=days), PlanRun.objects.filter(day__in=days))
    return erased + _erase_days(days)


def _erase(plans: QuerySet[PatrolPlan], runs: QuerySet[PlanRun]) -> Counter[str]:
    """Orders and runs hold plans in place, so they go first."""
    erased = Counter(orders=Order.objects.filter(plan__in=plans).delete()[0], runs=runs.delete()[0])
    erased["plans"] = plans.delete()[0]
    return +erased


def _erase_days(days: QuerySet[Day]) -> Counter[str]:
    """Days with their units and overrides, once they have no plan."""
    erased = Counter(
        units=Unit.objects.filter(day__in=days).delete()[0],
        overrides=NeedOverride.objects.filter(day__in=days).delete()[0],
    )
    erased["days"] = days.delete()[0]
    return +erased
