"""Writing what happened: visits by phone and by paper, misses, units off, lost phones, and the close of a day.

A record is acknowledged when its transaction is over, never before; sent again it is the same record.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.db.models import F

from reassure.access.allowed import Action
from reassure.access.grants import require
from reassure.engagement.visits import Receipt, VisitSent, receive, visit_problems
from reassure.errors import InputError, Problem, RuleError
from reassure_web.accounts.models import User
from reassure_web.accounts.services import end_sessions_of_unit
from reassure_web.audit.services import record
from reassure_web.engagement import queries
from reassure_web.engagement.models import (
    EVENT_KINDS,
    BoardVersion,
    CardSetting,
    Debrief,
    UnitEvent,
    Visit,
    VisitConflict,
)
from reassure_web.places.queries_register import place_refs_of


@dataclass(frozen=True, slots=True)
class Kept:
    """A record as it is kept, and what the one that came is beside it."""

    row: Visit
    receipt: Receipt


def record_visit(actor: User, sent: VisitSent, *, now: datetime) -> Kept:
    """
    Keep what an officer recorded on the card.

    Raises
    ------
    NotAllowedError
        Somebody without a card.
    InputError
        Another's unit, an unknown place, or values that cannot be: every fault.
    """
    grants = actor.grants(now)
    require(grants, Action.CHECK_IN, now=now)
    if (sent.area_code, sent.unit_ref) not in queries.own_units(grants):
        raise InputError([Problem("unit_ref", sent.unit_ref, "a unit of yours today")])
    return _keep_once(actor, Action.CHECK_IN, sent, now=now)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one record of several: the word of its receipt, or `refused` with every reason."""

    client_id: str
    state: str
    problems: list[str]


def record_visits(actor: User, records: Sequence[VisitSent], *, now: datetime) -> list[Result]:
    """
    Keep several records, each by itself: a refused one holds no other up, and leaves an entry.

    Raises
    ------
    NotAllowedError
        Somebody without a card.
    """
    require(actor.grants(now), Action.CHECK_IN, now=now)
    results = []
    for sent in records:
        try:
            kept = record_visit(actor, sent, now=now)
            results.append(Result(sent.client_id, kept.receipt, []))
        except InputError as error:
            record(actor, Action.CHECK_IN, f"visit:{sent.client_id}", now=now, outcome="refused")
            results.append(Result(sent.client_id, "refused", [problem.text for problem in error.problems]))
    return results


def record_paper(actor: User, sent: VisitSent, *, now: datetime) -> Kept:
    """
    Keep what a supervisor keys in from a paper card, or says of a visit that was not made.

    Raises
    ------
    NotAllowedError
        No grant allows it.
    RuleError
        A completed record of that visit is there already.
    """
    require(actor.grants(now), Action.PAPER_RECORD, now=now, area=sent.area_code)
    told = queries.visits_of_area(sent.area_code, sent.on).filter(visit_ref=sent.visit_ref).exclude(visit_ref="")
    done = next((row for row in told if row.facts().is_completed and row.client_id != sent.client_id), None)
    if done is not None:
        raise RuleError(f"This visit is recorded already, by {done.recorded_by}.")
    return _keep_once(actor, Action.PAPER_RECORD, replace(sent, method="paper", device_sent_at=None), now=now)


def record_miss(actor: User, sent: VisitSent, reason: str, *, now: datetime) -> Kept:
    """
    Say on the board why a planned visit is not made: `sent` names it, `reason` is one of the reasons of a miss.

    A supervisor's own word needs nobody's acceptance.
    """
    require(actor.grants(now), Action.BOARD_CHANGE, now=now, area=sent.area_code)
    missed = replace(sent, ended_at=sent.started_at, outcome="not_reached", miss_reason=reason, method="paper")
    return _keep_once(actor, Action.BOARD_CHANGE, missed, now=now)


@transaction.atomic
def accept_skip(actor: User, area_code: str, client_id: str, *, now: datetime) -> Visit:
    """Say that a supervisor has seen why a place was not reached; `Visit.DoesNotExist` elsewhere."""
    row = Visit.objects.select_for_update().get(area_code=area_code, client_id=client_id)
    require(actor.grants(now), Action.BOARD_CHANGE, now=now, area=row.area_code)
    if row.outcome != "not_reached":
        raise RuleError("This visit was made; there is nothing to accept.")
    row.skip_accepted_by = actor
    row.save(update_fields=["skip_accepted_by"])
    _changed(row.area_code, row.on)
    record(actor, Action.BOARD_CHANGE, f"visit:{row.client_id}", now=now, change={"skip": "accepted"})
    return row


@transaction.atomic
def mark_unit(actor: User, area_code: str, on: date, unit_ref: str, kind: str, *, now: datetime) -> UnitEvent:
    """Say that a unit is off or that its phone is lost; said twice is said once."""
    require(actor.grants(now), Action.BOARD_CHANGE, now=now, area=area_code)
    if kind not in EVENT_KINDS:
        raise InputError([Problem("kind", kind, "one of " + ", ".join(EVENT_KINDS))])
    row, is_new = UnitEvent.objects.get_or_create(
        area_code=area_code, on=on, unit_ref=unit_ref, kind=kind, defaults={"at": now, "by": actor}
    )
    if is_new:
        _changed(area_code, on)
        record(actor, Action.BOARD_CHANGE, f"unit:{area_code}/{unit_ref}", now=now, change={"event": kind})
    return row


@transaction.atomic
def report_lost_phone(actor: User, area_code: str, on: date, unit_ref: str, *, now: datetime) -> int:
    """End the sessions of a unit's officers, and say that what the unit has left may be known; how many sessions."""
    mark_unit(actor, area_code, on, unit_ref, "lost_phone", now=now)
    return end_sessions_of_unit(f"{area_code}/{unit_ref}")


@transaction.atomic
def set_offline_cards(actor: User, area_code: str, *, is_on: bool, now: datetime) -> CardSetting:
    """Let phones of an area keep the card, or stop it."""
    require(actor.grants(now), Action.ORDER_ISSUE, now=now, area=area_code)
    row, _ = CardSetting.objects.update_or_create(
        area_code=area_code, defaults={"is_offline_on": is_on, "changed_by": actor, "changed_at": now}
    )
    record(actor, Action.ORDER_ISSUE, f"cards:{area_code}", now=now, change={"is_offline_on": is_on})
    return row


@transaction.atomic
def write_debrief(actor: User, area_code: str, on: date, notes: str, *, now: datetime, reason: str = "") -> Debrief:
    """Keep the notes of a day that is not signed off; `reason` stands in the audit."""
    require(actor.grants(now), Action.DEBRIEF_WRITE, now=now, area=area_code)
    row = _debrief(actor, area_code, on, now)
    row.notes, row.written_by, row.written_at = notes, actor, now
    row.save(update_fields=["notes", "written_by", "written_at"])
    record(actor, Action.DEBRIEF_WRITE, f"debrief:{area_code}/{on}", now=now, reason=reason, change={"notes": notes})
    return row


@transaction.atomic
def sign_debrief(actor: User, area_code: str, on: date, counts: Mapping[str, int], *, now: datetime) -> Debrief:
    """
    Close a day.

    Raises
    ------
    RuleError
        A planned visit has no outcome yet, or the day is closed already.
    """
    require(actor.grants(now), Action.DEBRIEF_WRITE, now=now, area=area_code)
    if counts["open"]:
        raise RuleError(f"{counts['open']} planned visits have no outcome; say what became of each first.")
    row = _debrief(actor, area_code, on, now)
    row.counts, row.signed_by, row.signed_at = dict(counts), actor, now
    row.save(update_fields=["counts", "signed_by", "signed_at"])
    record(actor, Action.DEBRIEF_WRITE, f"debrief:{area_code}/{on}", now=now, change={"signed": dict(counts)})
    return row


def _debrief(actor: User, area_code: str, on: date, now: datetime) -> Debrief:
    row, _ = Debrief.objects.select_for_update().get_or_create(
        area_code=area_code, on=on, defaults={"written_by": actor, "written_at": now}
    )
    if row.signed_at is not None:
        raise RuleError(f"The day was signed off by {row.signed_by}.")
    return row


def _keep_once(actor: User, action: Action, sent: VisitSent, *, now: datetime) -> Kept:
    """The record kept; one that comes twice at the same moment is looked up by the later of the two."""
    try:
        return _keep(actor, action, sent, now=now)
    except IntegrityError:
        return _keep(actor, action, sent, now=now)


@transaction.atomic
def _keep(actor: User, action: Action, sent: VisitSent, *, now: datetime) -> Kept:
    row = Visit.objects.select_for_update().filter(client_id=sent.client_id).first()
    kept = row.facts() if row else None
    problems = visit_problems(sent)
    if not problems and row is None and not place_refs_of(sent.area_code).filter(ref=sent.place_ref).exists():
        problems = [Problem("place_ref", sent.place_ref, "a place of the area")]
    if problems:
        raise InputError(problems)
    receipt = receive(kept, sent)
    if row is None:
        row = Visit(client_id=sent.client_id, received_at=now, recorded_by=actor)
    if receipt is Receipt.SAME:
        return Kept(row, receipt)
    if receipt is Receipt.CONFLICT:
        VisitConflict.objects.create(visit=row, sent=_as_json(sent), received_at=now, recorded_by=actor)
    else:
        for name, value in asdict(sent).items():
            setattr(row, name, list(value) if isinstance(value, tuple) else value)
        row.skip_accepted_by = None if action is Action.CHECK_IN else actor
        row.save()
    _changed(row.area_code, row.on)
    record(actor, action, f"visit:{row.client_id}", now=now, change={"receipt": receipt, **_as_json(sent)})
    return Kept(row, receipt)


def _changed(area_code: str, on: date) -> None:
    """Raise the number of the day's board."""
    if not BoardVersion.objects.filter(area_code=area_code, on=on).update(number=F("number") + 1):
        BoardVersion.objects.create(area_code=area_code, on=on)


def _as_json(sent: VisitSent) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(json.dumps(asdict(sent), cls=DjangoJSONEncoder))
    return values
