"""Visits and the running day as other rooms and the screens read them; whoever asks has looked the area up in scope."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Max, QuerySet

from reassure.access.allowed import ALLOWED, Action
from reassure.access.grants import Grant, Scope
from reassure_web.engagement.models import BoardVersion, CardSetting, Debrief, UnitEvent, Visit, VisitConflict


def visits_of_area(area_code: str, on: date) -> QuerySet[Visit]:
    """Every record of an area's day in the order of receipt, with who made it."""
    return Visit.objects.filter(area_code=area_code, on=on).select_related("recorded_by", "skip_accepted_by")


def visits_of_plan(plan_ref: str) -> QuerySet[Visit]:
    """Every record of the day that a plan is for; the reference is `DEMO-01/2026-11-27/3`."""
    area_code, on, _ = plan_ref.rsplit("/", 2)
    return visits_of_area(area_code, date.fromisoformat(on))


def contested(area_code: str, on: date) -> set[int]:
    """The keys of a day's records that have a differing second."""
    rows = VisitConflict.objects.filter(visit__area_code=area_code, visit__on=on)
    return set(rows.values_list("visit_id", flat=True))


def visit_by_client_id(client_id: str) -> Visit | None:
    """The record that a phone made under its own id; None while nothing of it has come."""
    return Visit.objects.filter(client_id=client_id).first()


def last_visits(area_code: str, before: date) -> dict[str, date]:
    """The last day before `before` on which somebody was at each place of an area; none for one never visited."""
    rows = Visit.objects.filter(area_code=area_code, on__lt=before, ended_at__isnull=False)
    return dict(rows.exclude(outcome="not_reached").order_by().values_list("place_ref").annotate(last=Max("on")))


def skips_to_accept(area_code: str, on: date) -> int:
    """How many skips of a day no supervisor has accepted."""
    rows = Visit.objects.filter(area_code=area_code, on=on, outcome="not_reached", skip_accepted_by__isnull=True)
    return rows.count()


def unit_events(area_code: str, on: date) -> QuerySet[UnitEvent]:
    """What was said of units on the day, in the order of time."""
    return UnitEvent.objects.filter(area_code=area_code, on=on).select_related("by")


def debrief_of(area_code: str, on: date) -> Debrief | None:
    """How a day was closed; None while nobody has begun to."""
    rows = Debrief.objects.select_related("written_by", "signed_by")
    return rows.filter(area_code=area_code, on=on).first()


def board_number(area_code: str, on: date) -> int:
    """The number that rises with each change of a day; 0 while nothing has happened."""
    return BoardVersion.objects.filter(area_code=area_code, on=on).values_list("number", flat=True).first() or 0


def is_offline_on(area_code: str) -> bool:
    """Whether phones of an area may keep the card; no until somebody says so."""
    return CardSetting.objects.filter(area_code=area_code, is_offline_on=True).exists()


def own_units(grants: Iterable[Grant]) -> list[tuple[str, str]]:
    """Area code and reference of each unit whose card the grants give to its own crew, in order."""
    refs = {
        ref
        for grant in grants
        if grant.scope is Scope.UNIT and grant.role in ALLOWED[Action.CHECK_IN]
        for ref in grant.refs
    }
    return [(area, unit) for area, _, unit in (ref.partition("/") for ref in sorted(refs))]
