"""Making, using and revoking tokens; giving the same answer to the same key."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from reassure.access.allowed import Action
from reassure.errors import InputError, Problem, RuleError
from reassure_web.accounts.models import User
from reassure_web.audit.services import record
from reassure_web.tokens import queries
from reassure_web.tokens.models import ApiToken, GivenAnswer

MOST_DAYS = 90
USE_NOTED_EVERY = timedelta(hours=1)
MARK = "rsr_"
Answer = tuple[int, str]
"""Status and JSON text."""


@transaction.atomic
def make_token(actor: User, label: str, grant_id: int, days: int, *, now: datetime) -> str:
    """
    A new token for one grant, shown this once; it works when a second administrator has confirmed it.

    Raises
    ------
    InputError
        More than 90 days.
    RoleGrant.DoesNotExist
        No such grant, or one of an administrator or auditor.
    """
    grant = queries.grants_for_tokens(actor, now=now).get(pk=grant_id)
    if not 1 <= days <= MOST_DAYS:
        raise InputError([Problem("days", str(days), f"1 to {MOST_DAYS}")])
    token = MARK + secrets.token_urlsafe(32)
    row = ApiToken.objects.create(
        prefix=token[len(MARK) :][:8],
        digest=queries.digest_of(token),
        label=label,
        grant=grant,
        made_by=actor,
        made_at=now,
        ends_at=min(now + timedelta(days=days), grant.ends_at),
    )
    record(actor, Action.TOKEN_CHANGE, f"token:{row.pk} grant:{grant.pk}", now=now)
    return token


@transaction.atomic
def confirm_token(actor: User, token_id: int, *, now: datetime) -> None:
    """
    Let a token work.

    Raises
    ------
    RuleError
        Whoever made it, or the person it acts as, may not confirm it.
    """
    row = queries.all_tokens(actor, now=now).select_for_update(of=("self",)).get(pk=token_id)
    if actor.pk in {row.made_by_id, row.grant.user_id}:
        raise RuleError("Whoever made a token may not confirm it; expected another administrator.")
    row.confirmed_by = actor
    row.save(update_fields=["confirmed_by"])
    record(actor, Action.TOKEN_CHANGE, f"token:{row.pk} confirmed", now=now)


@transaction.atomic
def revoke_token(actor: User, token_id: int, *, now: datetime) -> None:
    """End a token at once; one that is revoked stays so."""
    row = queries.all_tokens(actor, now=now).select_for_update(of=("self",)).get(pk=token_id)
    if row.revoked_at is None:
        row.revoked_at = now
        row.save(update_fields=["revoked_at"])
        record(actor, Action.TOKEN_CHANGE, f"token:{row.pk} revoked", now=now)


def person_of_token(token: str, *, now: datetime) -> User | None:
    """Whom a token acts as, holding its one grant and no other; None for a token that may not be used."""
    row = queries.token_in_force(token, now=now)
    if row is None:
        return None
    if row.last_used_at is None or now - row.last_used_at >= USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=row.pk).update(last_used_at=now)
    person = row.grant.user
    person.held = [row.grant]
    person.use_grant(row.grant.pk, now)
    return person


def answer_once(actor: User, key: str, asked: bytes, work: Callable[[], Answer], *, now: datetime) -> Answer:
    """
    Do something for a key once: the same request again gets the answer that was given.

    The row of the key is written before the work and in its transaction, so that of 20 at once one works and 19 wait.

    Raises
    ------
    RuleError
        The key was used for another request.
    """
    digest = hashlib.sha256(asked).hexdigest()
    try:
        with transaction.atomic():
            row = GivenAnswer.objects.create(person=actor, key=key, asked_digest=digest, at=now)
            row.status, row.body = work()
            row.save(update_fields=["status", "body"])
            return row.status, row.body
    except IntegrityError:
        given = GivenAnswer.objects.filter(person=actor, key=key).first()
        if given is None:
            raise
    if given.asked_digest != digest:
        raise RuleError("This Idempotency-Key was used for another request; expected a new one.")
    return given.status, given.body
