"""What is done on the running day: the card's taps, the board's words, paper cards, lost phones, the close.

Each finds the day in somebody's scope and hands the record to `engagement`, which locks, checks, keeps and audits it.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import transaction

from reassure.access.allowed import Action
from reassure.access.grants import require
from reassure.engagement.notes import note_problems
from reassure.engagement.visits import VisitSent
from reassure.errors import InputError
from reassure.patrols.stops import PlannedVisit
from reassure_web.accounts.models import User
from reassure_web.audit.services import record_seen
from reassure_web.engagement import services as engagement
from reassure_web.engagement.models import Debrief
from reassure_web.patrols import queries_day
from reassure_web.patrols.models import PatrolPlan
from reassure_web.patrols.queries_board import watched_board
from reassure_web.patrols.queries_card import OwnCard, Stop, own_card, own_stop
from reassure_web.patrols.queries_day import Running
from reassure_web.places.models import Area
from reassure_web.places.queries import area_by_slug

WATCH_ENTRY_MIN = 15


def open_card(actor: User, *, now: datetime) -> OwnCard | None:
    """The own card, with an entry that it was seen; None where there is none."""
    card = own_card(actor, now=now)
    if card is not None:
        record_seen(actor, Action.CARD_READ, f"card:{card.area_code}/{card.card.unit_ref}/{card.on}", now=now)
    return card


def open_board(actor: User, slug: str, on: date, *, now: datetime) -> Running:
    """The board, with an entry that it was opened."""
    running = watched_board(actor, slug, on, now=now)
    record_seen(actor, Action.BOARD_READ, f"board:{running.area.code}/{on}", now=now)
    return running


def card_to_read(actor: User, *, now: datetime) -> OwnCard:
    """The own card, with an entry that it was seen; `PatrolPlan.DoesNotExist` where there is none."""
    card = open_card(actor, now=now)
    if card is None:
        raise PatrolPlan.DoesNotExist
    return card


def open_stop(actor: User, ref: str, *, now: datetime) -> tuple[OwnCard, Stop]:
    """One stop of the own card, with an entry that it was seen; `PatrolPlan.DoesNotExist` for one of another unit."""
    card, stop = own_stop(actor, ref, now=now)
    record_seen(actor, Action.CARD_READ, f"card:{card.area_code}/{card.card.unit_ref}/{card.on}/{ref}", now=now)
    return card, stop


def look_at_board(actor: User, slug: str, on: date, *, now: datetime) -> Running:
    """The board again; an entry in the first minute of each quarter of an hour tells who goes on watching."""
    if now.minute % WATCH_ENTRY_MIN == 0:
        return open_board(actor, slug, on, now=now)
    return watched_board(actor, slug, on, now=now)


def start_visit(actor: User, ref: str, client_id: str, *, now: datetime) -> None:
    """The first tap, by a form: the officers are there."""
    card, stop = own_stop(actor, ref, now=now)
    engagement.record_visit(actor, _begun(card, stop.planned, client_id, now), now=now)


def end_visit(actor: User, ref: str, told: Mapping[str, Any], *, now: datetime) -> None:
    """The third tap, by a form: what happened, and that it is over; without a start there is nothing to end."""
    card, stop = own_stop(actor, ref, now=now)
    if stop.told is None or not stop.told.is_open:
        return
    begun = _begun(card, stop.planned, stop.told.client_id, stop.told.started_at)
    engagement.record_visit(actor, _with(begun, ended_at=now, **told), now=now)


def skip_visit(actor: User, ref: str, client_id: str, reason: str, *, now: datetime) -> None:
    """Say on the card that a place is not reached, and why."""
    card, stop = own_stop(actor, ref, now=now)
    begun = _begun(card, stop.planned, client_id, now)
    missed = _with(begun, ended_at=now, outcome="not_reached", miss_reason=reason)
    engagement.record_visit(actor, missed, now=now)


def say_missed(actor: User, slug: str, on: date, ref: str, client_id: str, reason: str, *, now: datetime) -> None:
    """Say on the board that a visit is not made, such as when its unit is diverted; one that was made stays made."""
    running, planned = _asked(actor, slug, on, ref, now)
    require(actor.grants(now), Action.BOARD_CHANGE, now=now, area=running.area.code)
    engagement.record_miss(actor, _sent(running.area, on, planned, client_id, planned.starts_at), reason, now=now)


def key_in_paper(
    actor: User, slug: str, on: date, ref: str, client_id: str, told: Mapping[str, Any], *, now: datetime
) -> None:
    """Keep a paper card; `told` has start, end, outcome and what else the card says."""
    running, planned = _asked(actor, slug, on, ref, now)
    require(actor.grants(now), Action.PAPER_RECORD, now=now, area=running.area.code)
    sent = _sent(running.area, on, planned, client_id, told["started_at"])
    engagement.record_paper(actor, _with(sent, **told), now=now)


def accept_skip(actor: User, slug: str, client_id: str, *, now: datetime) -> None:
    """Say that a supervisor has seen why a place was not reached."""
    area = area_by_slug(actor, slug, now)
    engagement.accept_skip(actor, area.code, client_id, now=now)


def mark_unit(actor: User, slug: str, on: date, unit_ref: str, kind: str, *, now: datetime) -> None:
    """
    Say that a unit is off, or that its phone is lost.

    A lost phone ends the sessions of the unit's officers at once; what the unit has left then counts as exposed.
    """
    running = queries_day.board(actor, slug, on, now=now)
    running.unit(unit_ref)
    if kind == "lost_phone":
        engagement.report_lost_phone(actor, running.area.code, on, unit_ref, now=now)
    else:
        engagement.mark_unit(actor, running.area.code, on, unit_ref, kind, now=now)


@transaction.atomic
def write_notes(actor: User, slug: str, on: date, notes: str, is_sure: bool, *, now: datetime) -> Debrief:
    """
    Keep what is written of a day.

    Raises
    ------
    InputError
        It seems to hold somebody's details, and nobody said that it is right so.
    """
    area = area_by_slug(actor, slug, now)
    require(actor.grants(now), Action.DEBRIEF_WRITE, now=now, area=area.code)
    problems = note_problems(notes)
    if problems and not is_sure:
        raise InputError(problems)
    reason = "kept although it may hold personal details" if problems else ""
    return engagement.write_debrief(actor, area.code, on, notes, reason=reason, now=now)


@transaction.atomic
def sign_off(actor: User, slug: str, on: date, *, now: datetime) -> Debrief:
    """Close a day with its numbers as they stand; `RuleError` while a planned visit has no outcome."""
    running, _ = queries_day.debrief(actor, slug, on, now=now)
    return engagement.sign_debrief(actor, running.area.code, on, asdict(running.counts), now=now)


def set_offline_cards(actor: User, slug: str, *, is_on: bool, now: datetime) -> None:
    """Let the phones of an area keep the card, or stop it."""
    area = area_by_slug(actor, slug, now)
    engagement.set_offline_cards(actor, area.code, is_on=is_on, now=now)


def _begun(card: OwnCard, planned: PlannedVisit, client_id: str, started_at: datetime) -> VisitSent:
    return VisitSent(client_id, card.area_code, card.on, card.card.unit_ref, planned.ref, planned.place_ref, started_at)


def _asked(actor: User, slug: str, on: date, ref: str, now: datetime) -> tuple[Running, PlannedVisit]:
    running = queries_day.board(actor, slug, on, now=now)
    return running, running.visit(ref).planned


def _sent(area: Area, on: date, planned: PlannedVisit, client_id: str, started_at: datetime) -> VisitSent:
    return VisitSent(client_id, area.code, on, planned.unit_ref, planned.ref, planned.place_ref, started_at)


def _with(sent: VisitSent, **told: Any) -> VisitSent:
    """A record with more told of it."""
    return VisitSent(**{**{name: getattr(sent, name) for name in VisitSent.__slots__}, **told})
