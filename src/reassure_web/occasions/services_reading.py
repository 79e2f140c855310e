"""Looking at when people gather: the same as the queries, with the entry in the audit that reading leaves."""

from datetime import date, datetime

from django.db import transaction

from reassure.access.allowed import Action
from reassure.access.grants import require
from reassure_web.accounts.models import User
from reassure_web.audit.services import record_seen
from reassure_web.occasions import queries_day
from reassure_web.occasions.models import TimetableRun
from reassure_web.places import queries as places
from reassure_web.places.models import Area


@transaction.atomic
def look_at_day(
    actor: User, slug: str, on: date, *, hour: int | None, number: int, now: datetime
) -> queries_day.DayPage:
    """Who gathers in an area on a day."""
    page = queries_day.day_page(actor, slug, on, hour, number, now)
    subject = f"occasions:{page.area.code}/{on.isoformat()}?hour={'' if hour is None else hour}&page={page.number}"
    record_seen(actor, Action.OCCASION_READ, subject, now=now, outcome="listed", rows=page.n)
    return page


@transaction.atomic
def look_at_place(actor: User, ref: str, *, now: datetime) -> queries_day.PlaceTimes:
    """When a place gathers."""
    page = queries_day.place_times(actor, ref, now)
    record_seen(actor, Action.OCCASION_READ, f"place:{ref}", now=now)
    return page


@transaction.atomic
def open_word(actor: User, ref: str, code: str, on: date, *, now: datetime) -> queries_day.Word:
    """What is said of a kind of occasion on a day, for somebody who may say more."""
    page = queries_day.word_page(actor, ref, code, on, now)
    require(actor.grants(now), Action.OCCASION_CHANGE, now=now, area=page.row.area_code, place=ref)
    record_seen(actor, Action.OCCASION_READ, f"place:{ref}", now=now)
    return page


@transaction.atomic
def open_rule(actor: User, ref: str, *, now: datetime) -> queries_day.PlaceTimes:
    """When a place gathers, for somebody who may type a rule."""
    page = queries_day.place_times(actor, ref, now)
    require(actor.grants(now), Action.OCCASION_CHANGE, now=now, area=page.row.area_code, place=ref)
    record_seen(actor, Action.OCCASION_READ, f"place:{ref}", now=now)
    return page


@transaction.atomic
def look_at_unread(actor: User, *, now: datetime) -> list[queries_day.Unread]:
    """The texts that wait."""
    require(actor.grants(now), Action.OCCASION_CHANGE, now=now)
    found = queries_day.unread_texts(actor, now)
    record_seen(actor, Action.OCCASION_READ, "occasions:unread", now=now, outcome="listed", rows=len(found))
    return found


def open_timetables(actor: User, *, now: datetime) -> tuple[list[Area], list[TimetableRun]]:
    """The areas that a timetable may be for, and those handed in last; `NotAllowedError` for those who may not."""
    require(actor.grants(now), Action.OCCASION_CHANGE, now=now)
    areas = places.areas_visible_to(actor, now).defer("outline")
    runs = queries_day.timetables_visible_to(actor, now).select_related("made_by").defer("records")
    return list(areas), list(runs[:20])


def open_timetable(actor: User, ref: str, *, now: datetime) -> TimetableRun:
    """What a timetable would add, or did."""
    require(actor.grants(now), Action.OCCASION_CHANGE, now=now)
    return queries_day.timetables_visible_to(actor, now).defer("records").get(ref=ref)
