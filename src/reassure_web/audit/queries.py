"""Reading the audit."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from reassure.access.allowed import Action
from reassure.access.grants import require
from reassure.files.csv_rows import safe_cell
from reassure_web.audit.chain import FIELDS, FIRST_HASH, Anchor, Verdict, anchor_line, verdict
from reassure_web.audit.models import AuditEntry, ChainHead

LONDON = ZoneInfo("Europe/London")
PAGE_ROWS = 50
NOTES_WINDOW = timedelta(days=7)
COLUMNS = ("number", "at", "person", "grant", "action", "subject", "outcome", "reason", "request_id", "hash")


@dataclass(frozen=True, slots=True)
class Search:
    """Which entries are looked for; empty fields ask for nothing. The last day counts to its end, in London."""

    person: str = ""
    action: str = ""
    outcome: str = ""
    subject: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class ChainState:
    """How the chain stands: number of its newest entry, the last check of it, and reasons given after pauses."""

    head: int
    checked: AuditEntry | None
    notes: list[AuditEntry]


def entries_found(actor: Any, search: Search, now: datetime) -> "QuerySet[AuditEntry]":
    """The entries that an auditor looks for, newest first."""
    require(actor.grants(now), Action.AUDIT_READ, now=now)
    rows = AuditEntry.objects.select_related("person").order_by("-number")
    if search.person:
        rows = rows.filter(person__email=search.person.lower())
    if search.action:
        rows = rows.filter(action=search.action)
    if search.outcome:
        rows = rows.filter(outcome=search.outcome)
    if search.subject:
        rows = rows.filter(subject__startswith=search.subject)
    if search.since:
        rows = rows.filter(at__gte=datetime.combine(search.since, time(), LONDON))
    if search.until:
        rows = rows.filter(at__lt=datetime.combine(search.until + timedelta(days=1), time(), LONDON))
    return rows


def entries_page(actor: Any, search: Search, number: str, now: datetime) -> "Page[AuditEntry]":
    """One page of the entries that an auditor looks for."""
    return Paginator(entries_found(actor, search, now), PAGE_ROWS).get_page(number)


def entry_rows(entries: "QuerySet[AuditEntry]") -> Iterator[list[str]]:
    """Entries as rows of a table with its head; no cell can run as a formula."""
    yield list(COLUMNS)
    for entry in entries.iterator(chunk_size=2_000):
        yield [safe_cell(_cell(entry, column)) for column in COLUMNS]


def _cell(entry: AuditEntry, column: str) -> str:
    if column == "at":
        return entry.at.astimezone(LONDON).isoformat(timespec="seconds")
    if column == "person":
        return entry.person.email if entry.person else ""
    return str(getattr(entry, column))


def chain_state(actor: Any, now: datetime) -> ChainState:
    """How the chain stands, for an auditor."""
    require(actor.grants(now), Action.AUDIT_READ, now=now)
    head = chain_head()
    checks = AuditEntry.objects.filter(action=Action.AUDIT_VERIFY.code).order_by("-number")
    notes = AuditEntry.objects.filter(action=Action.LIMIT_PASS.code, outcome="done", at__gte=now - NOTES_WINDOW)
    newest = list(notes.select_related("person").order_by("-number")[:PAGE_ROWS])
    return ChainState(head.number if head else 0, checks.first(), newest)


def reads_since(actor: Any, *, outcome: str, since: datetime) -> tuple[list[str], bool]:
    """
    What somebody read since an instant, or since they last gave a reason for reading so much.

    Returns
    -------
    tuple[list[str], bool]
        The subjects, and whether a reason was given since that instant.
    """
    subjects: list[str] = []
    rows = AuditEntry.objects.filter(person=actor, at__gte=since).order_by("-number")
    for action, subject, said in rows.values_list("action", "subject", "outcome"):
        if action == Action.LIMIT_PASS.code and said == "done":
            return subjects, True
        if said == outcome:
            subjects.append(subject)
    return subjects, False


def chain_head() -> Anchor | None:
    """Number and hash of the newest entry as the writers' row has them."""
    head = ChainHead.objects.filter(id=1).first()
    return Anchor(head.number, head.hash, "") if head else None


def anchor_now(now: datetime) -> str:
    """The head of the chain as a line for a file outside the database."""
    head = chain_head() or Anchor(0, FIRST_HASH, "")
    return anchor_line(Anchor(head.number, head.hash, now.astimezone(UTC).isoformat(timespec="seconds")))


def chain_verdict(anchors: Iterable[Anchor] = ()) -> Verdict:
    """Compute every hash of the chain anew and name the first bad entry."""
    rows = AuditEntry.objects.order_by("number").values_list(*FIELDS, "at", "hash", named=True)
    entries = rows.iterator(chunk_size=2_000)
    return verdict(entries, head=chain_head(), anchors=anchors)
