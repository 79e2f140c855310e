"""Erasing on screen: one administrator asks with the counts shown, another erases; either withdraws."""

from datetime import datetime

from django.db import transaction

from reassure.access.allowed import Action
from reassure.access.grants import require
from reassure.errors import RuleError
from reassure_web.accounts.models import User
from reassure_web.audit.services import record
from reassure_web.pages.models import ErasureAsked
from reassure_web.pages.services_purge import EVERYWHERE, count_due, purge


@transaction.atomic
def ask_erasure(actor: User, *, now: datetime) -> ErasureAsked:
    """
    Count what is due and ask a second administrator to erase it.

    Raises
    ------
    RuleError
        Nothing is due, or an erasure waits already.
    """
    require(actor.grants(now), Action.SYSTEM_CHANGE, now=now, area=EVERYWHERE)
    if ErasureAsked.objects.filter(ended_at=None).exists():
        raise RuleError("An erasure waits for a second administrator; it is done or withdrawn first.")
    due = count_due(now=now)
    counts = [{"kind": one.kind, "before": one.before.isoformat(), "rows": dict(one.rows)} for one in due]
    n_rows = sum(sum(one.rows.values()) for one in due)
    if not n_rows:
        raise RuleError("Nothing is due.")
    asked = ErasureAsked.objects.create(counts=counts, n_rows=n_rows, asked_by=actor, asked_at=now)
    record(actor, Action.SYSTEM_CHANGE, f"erasure:{asked.pk}", now=now, reason=f"{n_rows} rows asked")
    return asked


@transaction.atomic
def do_erasure(actor: User, asked_id: int, *, now: datetime) -> ErasureAsked:
    """
    Erase what another administrator asked for, as it was counted.

    Raises
    ------
    NotAllowedError
        The actor asked for it, or one of the two is no administrator of the nation any more.
    RuleError
        It is done or withdrawn, or another number of rows is due by now.
    """
    asked = _open(actor, asked_id, now)
    purge(asked.asked_by, actor, n_rows=asked.n_rows, now=now)
    return _end(asked, actor, now, is_done=True)


@transaction.atomic
def withdraw_erasure(actor: User, asked_id: int, *, now: datetime) -> ErasureAsked:
    """Let an erasure go that was asked for; `RuleError` when it is done or withdrawn."""
    asked = _open(actor, asked_id, now)
    record(actor, Action.SYSTEM_CHANGE, f"erasure:{asked.pk}", now=now, reason="withdrawn")
    return _end(asked, actor, now, is_done=False)


def _open(actor: User, asked_id: int, now: datetime) -> ErasureAsked:
    """The erasure that waits, locked."""
    require(actor.grants(now), Action.SYSTEM_CHANGE, now=now, area=EVERYWHERE)
    asked = ErasureAsked.objects.select_for_update().get(pk=asked_id)
    if asked.ended_at is not None:
        raise RuleError("This erasure is done or withdrawn.")
    return asked


def _end(asked: ErasureAsked, actor: User, now: datetime, *, is_done: bool) -> ErasureAsked:
    asked.is_done, asked.ended_by, asked.ended_at = is_done, actor, now
    asked.save(update_fields=["is_done", "ended_by", "ended_at"])
    return asked
