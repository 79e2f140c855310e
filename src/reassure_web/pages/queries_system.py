"""What the pages of administrators show: the state of the installation, and what is to be erased."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from reassure.access.allowed import Action
from reassure.access.grants import may, require
from reassure.periods import london_date
from reassure.retention import SCHEDULE, Kept, erased_before
from reassure_web.accounts.models import User
from reassure_web.audit.chain import Verdict
from reassure_web.audit.models import AuditEntry
from reassure_web.audit.queries import chain_head, chain_verdict
from reassure_web.pages.models import ErasureAsked, Hold
from reassure_web.patrols.models import PlanRun

BACKUP_EVERY = timedelta(hours=26)
"""A nightly backup is late after this: a day and two hours of grace (our choice)."""
WAITS_AT_MOST = timedelta(minutes=5)
"""A run that waits for longer has no background process beside it, or too few workers (our choice)."""
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True, slots=True)
class Line:
    """One fact of the installation's health; `mend` says what to do and is empty when all is well."""

    name: str
    value: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class ToKeep:
    """A kind of record, the first day still kept, and its holds."""

    kept: Kept
    before: date
    holds: tuple[Hold, ...]


@dataclass(frozen=True, slots=True)
class Retention:
    """What is kept, what is on hold, the erasure that waits, the last ones, and whether the reader may act."""

    kinds: tuple[ToKeep, ...]
    asked: ErasureAsked | None
    asked_lines: tuple[str, ...]
    done: tuple[AuditEntry, ...]
    may_change: bool
    is_own: bool


def health(actor: User, *, now: datetime) -> list[Line]:
    """The state of the installation, what is wrong with words for how to mend it."""
    require(actor.grants(now), Action.SYSTEM_READ, now=now)
    head = chain_head()
    return [
        Line("Database", f"{DATABASES[connection.vendor]} {'.'.join(map(str, connection.get_database_version()))}"),
        _waiting(now),
        _backup(now),
        Line("Last restore", _when(_last("restore:"), now) or "Never here"),
        Line("Audit", f"{head.number if head else 0:,} entries"),
    ]


def checked(actor: User, *, now: datetime) -> Verdict:
    """Compute the whole chain of the audit anew."""
    require(actor.grants(now), Action.SYSTEM_READ, now=now)
    return chain_verdict()


def retention(actor: User, *, now: datetime) -> Retention:
    """What is kept for how long, and what waits to be erased."""
    grants = actor.grants(now)
    require(grants, Action.SYSTEM_READ, now=now)
    holds = list(Hold.objects.filter(lifted_at=None).select_related("placed_by").order_by("pk"))
    today = london_date(now)
    asked = ErasureAsked.objects.filter(ended_at=None).select_related("asked_by").first()
    return Retention(
        tuple(
            ToKeep(kept, erased_before(kind, today), tuple(hold for hold in holds if hold.kind == kind))
            for kind, kept in SCHEDULE.items()
        ),
        asked,
        tuple(_count_words(one) for one in asked.counts if one["rows"]) if asked else (),
        tuple(
            AuditEntry.objects.filter(subject__startswith="purge:").select_related("person").order_by("-number")[:10]
        ),
        may(grants, Action.SYSTEM_CHANGE, now=now),
        asked is not None and asked.asked_by_id == actor.pk,
    )


def holder(actor: User, *, now: datetime) -> None:
    """Let only those go on who may place a hold somewhere."""
    require(actor.grants(now), Action.SYSTEM_CHANGE, now=now)


def hold_in_force(actor: User, hold_id: int, *, now: datetime) -> Hold:
    """A hold that nobody has lifted; `Hold.DoesNotExist` for none."""
    hold = Hold.objects.get(pk=hold_id, lifted_at=None)
    require(actor.grants(now), Action.SYSTEM_CHANGE, now=now, area=hold.area_code)
    return hold


def _count_words(one: dict[str, Any]) -> str:
    rows = ", ".join(f"{name.replace('_', ' ')} {n:,}" for name, n in sorted(one["rows"].items()))
    before = date.fromisoformat(one["before"])
    return f"{SCHEDULE[one['kind']].words.capitalize()}, before {before:%a} {before.day} {before:%b %Y}: {rows}"


def _waiting(now: datetime) -> Line:
    first = PlanRun.objects.filter(state="waiting").order_by("asked_at").values_list("asked_at", flat=True).first()
    if first is None:
        return Line("Plans to compute", "None waits")
    is_late = now - first > WAITS_AT_MOST
    mend = "Start the background process: reassure-web background." if is_late else ""
    return Line("Plans to compute", f"The oldest waits since {_ago(first, now)}", mend)


def _backup(now: datetime) -> Line:
    last = _last("backup:")
    is_late = last is None or now - last.at > BACKUP_EVERY
    mend = "Take one: reassure-web backup --out FOLDER." if is_late else ""
    return Line("Last backup", _when(last, now) or "None yet", mend)


def _last(prefix: str) -> AuditEntry | None:
    rows = AuditEntry.objects.filter(action=Action.SYSTEM_CHANGE.code, subject__startswith=prefix)
    return rows.order_by("-number").first()


def _when(entry: AuditEntry | None, now: datetime) -> str:
    return _ago(entry.at, now) if entry else ""


def _ago(at: datetime, now: datetime) -> str:
    """How long ago, in whole hours or minutes."""
    minutes = int((now - at).total_seconds() // 60)
    return f"{minutes // 60} h {minutes % 60} min ago" if minutes >= 60 else f"{minutes} min ago"
