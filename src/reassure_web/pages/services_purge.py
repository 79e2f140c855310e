"""Erasing what has been kept for its time: counts first, two administrators, holds respected, one entry in the audit.

Source: docs/running.md#retention.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from reassure.access.allowed import Action
from reassure.access.grants import require
from reassure.errors import NotAllowedError, RuleError
from reassure.periods import london_date
from reassure.retention import SCHEDULE, erased_before
from reassure_web.accounts.models import User
from reassure_web.audit.services import record
from reassure_web.pages.models import Hold
from reassure_web.pages.services_erasures import ERASERS, Erasure, erase, note_erasures

EVERYWHERE = ""
"""The area of a hold on all of the country, and of an erasure: only a grant for the nation reaches it."""


@dataclass(frozen=True, slots=True)
class Due:
    """What is erased of one kind: before which day, rows by what they are, and the areas that keep theirs."""

    kind: str
    before: date
    rows: Mapping[str, int]
    held_areas: tuple[str, ...]
    is_held: bool


@transaction.atomic
def count_due(*, now: datetime) -> list[Due]:
    """Count what a purge would erase, by erasing it in a transaction that is rolled back."""
    due = _erase_due(now)
    transaction.set_rollback(True)
    return due


@transaction.atomic
def purge(actor: User, confirmer: User, *, n_rows: int, now: datetime) -> list[Due]:
    """
    Erase what is due.

    Parameters
    ----------
    n_rows
        Rows in all that `count_due` showed; what was not shown is not erased.

    Raises
    ------
    NotAllowedError
        One of the two is no administrator of the nation, or both are the same person.
    RuleError
        Another number of rows is due by now.
    """
    for person in (actor, confirmer):
        require(person.grants(now), Action.SYSTEM_CHANGE, now=now, area=EVERYWHERE)
    if actor == confirmer:
        words = "Another administrator has to erase what you asked to erase."
        raise NotAllowedError(words, action=Action.SYSTEM_CHANGE.code)
    due = _erase_due(now)
    found = sum(sum(one.rows.values()) for one in due)
    if found != n_rows:
        raise RuleError(f"{found:,} rows are due, and {n_rows:,} were confirmed. Count again first.")
    counts = {one.kind: dict(one.rows) for one in due}
    words = f"{found} rows; confirmed by account {confirmer.pk}"
    record(actor, Action.SYSTEM_CHANGE, f"purge:{now.date()}", now=now, reason=words, change=counts)
    note_erasures(Erasure(one.kind, one.before, one.held_areas, now) for one in due if not one.is_held)
    return due


@transaction.atomic
def place_hold(actor: User, kind: str, area_code: str, reason: str, *, now: datetime) -> Hold:
    """Keep a kind of record in an area, or everywhere when that is empty; a hold that is there stays as it is."""
    require(actor.grants(now), Action.SYSTEM_CHANGE, now=now, area=area_code)
    if kind not in SCHEDULE or not reason.strip():
        raise RuleError(f"A hold has a reason and a kind; expected one of {', '.join(SCHEDULE)}.")
    values = {"reason": reason, "placed_by": actor, "placed_at": now}
    hold, is_new = Hold.objects.get_or_create(kind=kind, area_code=area_code, lifted_at=None, defaults=values)
    if is_new:
        record(actor, Action.SYSTEM_CHANGE, f"hold:{hold.pk}", now=now, reason=reason)
    return hold


@transaction.atomic
def lift_hold(actor: User, hold_id: int, reason: str, *, now: datetime) -> Hold:
    """Let a hold go; what it kept is erased by the next purge."""
    hold = Hold.objects.select_for_update().filter(pk=hold_id, lifted_at=None).first()
    if hold is None:
        raise RuleError(f"There is no hold {hold_id}.")
    require(actor.grants(now), Action.SYSTEM_CHANGE, now=now, area=hold.area_code)
    hold.lifted_by, hold.lifted_at = actor, now
    hold.save(update_fields=["lifted_by", "lifted_at"])
    record(actor, Action.SYSTEM_CHANGE, f"hold:{hold.pk}", now=now, reason=reason, change={"lifted": True})
    return hold


def holds_in_force() -> list[Hold]:
    """Holds that nobody has lifted, oldest first."""
    return list(Hold.objects.filter(lifted_at=None).select_related("placed_by").order_by("pk"))


def _erase_due(now: datetime) -> list[Due]:
    """Erase what is due of each kind that is not on hold everywhere."""
    today = london_date(now)
    holds = holds_in_force()
    found = []
    for kind in ERASERS:
        areas = tuple(sorted(hold.area_code for hold in holds if hold.kind == kind and hold.area_code))
        is_held = any(hold.kind == kind and not hold.area_code for hold in holds)
        before = erased_before(kind, today)
        rows = Counter[str]() if is_held else erase(Erasure(kind, before, areas, now))
        found.append(Due(kind, before, rows, areas, is_held))
    return found
