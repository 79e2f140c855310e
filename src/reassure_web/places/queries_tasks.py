"""What waits for somebody in the register: pairs to decide, unread times, reported mistakes, files to accept."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.urls import reverse

from reassure.access.allowed import Action
from reassure_web.accounts.models import User
from reassure_web.accounts.tasks import Task
from reassure_web.places import queries
from reassure_web.places.models import ImportRun, Report


def tasks_for(actor: User, now: datetime) -> Sequence[Task]:
    """The tasks of somebody who may change places or bring in files; nothing for others."""
    return list(_tasks(actor, now))


def _tasks(actor: User, now: datetime) -> Iterator[Task]:
    changes = queries.reach_of(actor, Action.PLACE_CHANGE, now)
    if changes.is_nothing:
        return
    if n := queries.waiting_pairs(actor, now).count():
        yield Task(f"Decide on {_counted(n, 'pair', 'pairs')} that may be one place", reverse("places:duplicates"))
    if n := queries.unread_visible_to(actor, now).count():
        yield Task(f"Read {_counted(n, 'text', 'texts')} of service times", reverse("occasions:unread"))
    reports = Report.objects.filter(settled_at=None)
    if n := (reports if changes.is_national else reports.filter(area_code__in=changes.areas)).count():
        yield Task(f"Look at {_counted(n, 'reported mistake', 'reported mistakes')}", reverse("places:reports"))
    for run in ImportRun.objects.filter(made_by=actor, state="preview").defer("content")[:5]:
        yield Task(f"Accept or drop {run.file_name}", reverse("places:import_run", args=[run.ref]))


def _counted(n: int, one: str, many: str) -> str:
    return f"{n:,} {one if n == 1 else many}"
