"""Writing the audit: `record` is the only way in."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from reassure.access.allowed import Action
from reassure_web.audit.models import AuditEntry

FIRST_HASH = "0" * 64


def entry_hash(fields: Mapping[str, Any]) -> str:
    """SHA-256 over the entry's fields as canonical JSON; `previous_hash` is one of them."""
    return hashlib.sha256(json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def chained_fields(entry: AuditEntry) -> dict[str, Any]:
    """The fields of an entry that its hash covers; instants as UTC in ISO 8601 with microseconds."""
    return {
        "number": entry.number,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "person": entry.person_id,
        "grant": entry.grant,
        "action": entry.action,
        "subject": entry.subject,
        "outcome": entry.outcome,
        "reason": entry.reason,
        "request_id": entry.request_id,
        "change_digest": entry.change_digest,
        "previous_hash": entry.previous_hash,
    }


@transaction.atomic
def record(
    actor: Any,
    action: Action,
    subject: str,
    *,
    now: datetime,
    outcome: str = "done",
    reason: str = "",
    change: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """
    Add an entry to the chain, in the transaction of the change that it tells of.

    Parameters
    ----------
    actor
        The person; None for the system or for somebody who is not signed in.
    subject
        A reference such as `place:osm-node-1`, never a name or other content.
    outcome
        `done`, `seen`, `refused` or `failed`.
    change
        What changed; only a keyed digest of it is kept.
    """
    head = AuditEntry.objects.select_for_update().order_by("-number").first()
    digest = ""
    if change is not None:
        text = json.dumps(change, sort_keys=True, default=str).encode()
        digest = hmac.new(settings.SECRET_KEY.encode(), text, hashlib.sha256).hexdigest()
    entry = AuditEntry(
        number=head.number + 1 if head else 1,
        at=now,
        person=actor,
        action=action.code,
        subject=subject,
        outcome=outcome,
        reason=reason,
        change_digest=digest,
        previous_hash=head.hash if head else FIRST_HASH,
    )
    entry.hash = entry_hash(chained_fields(entry))
    entry.save(force_insert=True)
    return entry
