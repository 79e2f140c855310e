"""What of the running day waits for somebody: an officer's next stop, a supervisor's skips to accept."""

from collections.abc import Sequence
from datetime import datetime

from reassure.access.allowed import Action
from reassure.access.grants import may
from reassure.patrols.briefing import day_words
from reassure.periods import london_date
from reassure_web.accounts.models import User
from reassure_web.accounts.tasks import Task
from reassure_web.engagement.queries import skips_to_accept
from reassure_web.patrols.queries_card import own_card
from reassure_web.places.queries import areas_visible_to


def tasks_for(actor: User, now: datetime) -> Sequence[Task]:
    """Everything of today that this person can do something about."""
    grants = actor.grants(now)
    found = _next_stop(actor, now) if may(grants, Action.CHECK_IN, now=now) else []
    today = london_date(now)
    for area in areas_visible_to(actor, now).defer("outline") if may(grants, Action.BOARD_CHANGE, now=now) else ():
        n_skips = skips_to_accept(area.code, today) if may(grants, Action.BOARD_CHANGE, now=now, area=area.code) else 0
        if n_skips:
            text = f"Accept {n_skips} skip{'s' if n_skips > 1 else ''} of {day_words(today)}"
            found.append(Task(text, f"/patrols/{area.slug}/{today.isoformat()}/board/", hint=area.name))
    return found


def _next_stop(actor: User, now: datetime) -> list[Task]:
    card = own_card(actor, now=now)
    stop = card.next_stop if card else None
    if stop is None:
        return []
    return [Task(f"Visit {stop.visit.name}", f"/card/{stop.ref}/", due_at=stop.visit.starts_at, hint=stop.times)]
