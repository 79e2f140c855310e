"""What the first page shows: what waits for somebody in each room, and what they did last."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from reassure.access.allowed import Action
from reassure_web.accounts.models import User
from reassure_web.accounts.tasks import Task
from reassure_web.audit.models import AuditEntry
from reassure_web.patrols import queries_day_tasks as day_tasks
from reassure_web.patrols import queries_tasks as patrols_tasks
from reassure_web.places import queries_tasks as places_tasks

Source = Callable[[User, datetime], Sequence[Task]]
MOST_TASKS = 50
LATEST = datetime.max.replace(tzinfo=UTC)

SOURCES: dict[str, Source] = {
    "Today": day_tasks.tasks_for,
    "Places": places_tasks.tasks_for,
    "Patrols": patrols_tasks.tasks_for,
}
"""Each room that may have something to do, by the name it has in the navigation."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LastStep:
    """What somebody did last, in the words of its action."""

    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """The first page: tasks with the most urgent first, rooms that gave no answer, and the last step."""

    tasks: tuple[Task, ...]
    silent: tuple[str, ...]
    last: LastStep | None


def waiting_for(actor: User, now: datetime) -> Waiting:
    """
    What waits for somebody in all rooms, the earliest deadline first; what has none stands last.

    A room that fails is named and does not hide the others.
    """
    tasks: list[Task] = []
    silent = []
    for room, source in SOURCES.items():
        try:
            tasks += source(actor, now)
        except Exception:
            log.exception("no tasks from %s", room)
            silent.append(room)
    ordered = sorted(tasks, key=lambda task: (task.due_at or LATEST, task.text))
    return Waiting(tuple(ordered[:MOST_TASKS]), tuple(silent), None if tasks else _last_step(actor))


def _last_step(actor: User) -> LastStep | None:
    entry = AuditEntry.objects.filter(person=actor, outcome="done").order_by("-number").first()
    return LastStep(Action.of_code(entry.action).words, entry.at) if entry else None
