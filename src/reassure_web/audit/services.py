"""Writing the audit: `record` for what was done, `record_seen` for what was looked at; there is no other way in."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.paginator import Page
from django.db import transaction

from reassure.access.allowed import Action
from reassure.access.grants import require
from reassure.errors import RuleError
from reassure_web.audit import queries
from reassure_web.audit.chain import FIRST_HASH, Verdict, anchors_of, entry_hash
from reassure_web.audit.context import REQUEST_ID
from reassure_web.audit.models import AuditEntry, ChainHead

RECORDS_WINDOW = timedelta(minutes=10)
MOST_RECORDS = 60
"""Records that one person opens in `RECORDS_WINDOW` before a pause; our choice, docs/permissions.md."""
EXPORTS_WINDOW = timedelta(hours=1)
MOST_EXPORTS = 5
MOST_EXPORTED_ROWS = 10_000
LONGEST_FILE_ROWS = 200_000


class PausedError(RuleError):
    """So much was opened or exported that the person has to say why before going on."""


def keyed_digest(text: str) -> str:
    """A digest that tells nothing without the installation's key."""
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


@transaction.atomic(savepoint=False)
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
        A reference such as `place:osm-node-1`, never a name or other content; cut at 200 characters.
    outcome
        `done`, `seen`, `listed`, `exported`, `refused` or `failed`.
    change
        What changed; only a keyed digest of it is kept.
    """
    head = ChainHead.objects.select_for_update().filter(id=1).first() or _new_head()
    entry = AuditEntry(
        number=head.number + 1,
        at=now,
        person=actor,
        grant=getattr(actor, "grant_words", ""),
        action=action.code,
        subject=subject[:200],
        outcome=outcome,
        reason=reason[:500],
        request_id=REQUEST_ID.get(),
        change_digest="" if change is None else keyed_digest(json.dumps(change, sort_keys=True, default=str)),
        previous_hash=head.hash,
    )
    entry.hash = entry_hash(entry)
    entry.save(force_insert=True)
    head.number, head.hash = entry.number, entry.hash
    head.save(update_fields=["number", "hash"])
    return entry


def _new_head() -> ChainHead:
    last = AuditEntry.objects.order_by("-number").first()
    return ChainHead.objects.create(id=1, number=last.number if last else 0, hash=last.hash if last else FIRST_HASH)


def record_seen(
    actor: Any,
    action: Action,
    subject: str,
    *,
    now: datetime,
    outcome: str = "seen",
    rows: int | None = None,
    reason: str = "",
) -> AuditEntry:
    """
    Add an entry for something that was read, unless the person has to say first why they read so much.

    Parameters
    ----------
    subject
        The record that was opened; for a list its address with its query, such as `places:?faith=jewish&page=2`.
    outcome
        `seen` for a record, `listed` for a page of a list, `exported` for a file.
    rows
        How many rows a list or a file holds.

    Raises
    ------
    PausedError
        More than 60 records in 10 minutes, 5 exports in an hour, or 10,000 rows in a file; a reason in the last
        10 minutes (an hour for exports) lifts the pause. Nothing is written then: the middleware notes it.
    """
    if outcome == "seen":
        _check_records(actor, subject, now)
    if outcome == "exported":
        _check_exports(actor, rows or 0, now)
    said = subject if rows is None else f"{subject[:180]} rows:{rows}"
    return record(actor, action, said, now=now, outcome=outcome, reason=reason)


def _check_records(actor: Any, subject: str, now: datetime) -> None:
    seen, _ = queries.reads_since(actor, outcome="seen", since=now - RECORDS_WINDOW)
    if len(set(seen)) >= MOST_RECORDS and subject not in seen:
        raise PausedError(f"You opened {MOST_RECORDS} records in 10 minutes. Say why before you go on.")


def _check_exports(actor: Any, rows: int, now: datetime) -> None:
    exported, reason_given = queries.reads_since(actor, outcome="exported", since=now - EXPORTS_WINDOW)
    if len(exported) >= MOST_EXPORTS:
        raise PausedError(f"You exported {MOST_EXPORTS} files in an hour. Say why before you go on.")
    if rows > MOST_EXPORTED_ROWS and not reason_given:
        raise PausedError(f"The file would have {rows} rows, more than {MOST_EXPORTED_ROWS}. Say why you need it.")


@transaction.atomic
def lift_pause(actor: Any, *, reason: str, now: datetime) -> None:
    """Let somebody go on after they said why; the entry is the note to the auditor."""
    if not reason.strip():
        raise RuleError("Say why you need to go on.")
    record(actor, Action.LIMIT_PASS, "limit:reads", now=now, reason=reason.strip())


@transaction.atomic
def see_entries(actor: Any, search: queries.Search, *, number: str, reason: str, now: datetime) -> "Page[AuditEntry]":
    """One page of the audit for an auditor who says why; looking at the audit is in the audit."""
    page = queries.entries_page(actor, search, number, now)
    record_seen(
        actor, Action.AUDIT_READ, _asked(search, page.number), now=now, outcome="listed", rows=len(page), reason=reason
    )
    return page


@transaction.atomic
def export_entries(actor: Any, search: queries.Search, *, reason: str, now: datetime) -> list[list[str]]:
    """The rows of a file of entries; its own entry comes after them."""
    found = queries.entries_found(actor, search, now)
    n_rows = found.count()
    rows = list(queries.entry_rows(found)) if n_rows <= LONGEST_FILE_ROWS else []
    if not rows:
        raise RuleError(f"The search finds {n_rows} entries; expected {LONGEST_FILE_ROWS} at most in one file.")
    record_seen(actor, Action.AUDIT_READ, _asked(search, 0), now=now, outcome="exported", rows=n_rows, reason=reason)
    return rows


def _asked(search: queries.Search, page: int) -> str:
    """The search as a reference: a person by a keyed digest, never by name."""
    person = f"&person={keyed_digest(search.person.lower())[:8]}" if search.person else ""
    days = f"&since={search.since or ''}&until={search.until or ''}"
    return f"audit:?page={page}&action={search.action}&outcome={search.outcome}{person}{days}"


def check_chain(actor: Any, *, now: datetime) -> Verdict:
    """The check of the whole chain that an auditor asks for."""
    require(actor.grants(now), Action.AUDIT_VERIFY, now=now)
    return verify(actor, (), now=now)


def verify(actor: Any, anchor_lines: Iterable[str], *, now: datetime) -> Verdict:
    """Check the whole chain and leave an entry that says how it stood; an anchor of number 0 says nothing."""
    anchors = [anchor for anchor in anchors_of(anchor_lines) if anchor.number]
    found = queries.chain_verdict(anchors)
    record(actor, Action.AUDIT_VERIFY, "audit:chain", now=now, outcome="failed" if found.fault else "done")
    return found
