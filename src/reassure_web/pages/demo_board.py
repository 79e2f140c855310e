"""The board of the demonstration moves: generated officers check in, visit by visit, faster than the clock.

What is planned for before now is told at once; the rest of the day follows a step at a time. Times are those of the
plan, give or take some minutes: nobody is anywhere.
"""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from django.utils import timezone

from reassure.engagement.visits import MISS_REASONS, REACH, VisitSent
from reassure.patrols.stops import PlannedVisit
from reassure_web.accounts.models import RoleGrant, User
from reassure_web.engagement.services import record_visit
from reassure_web.patrols.queries_day import plans_in_force

OUTCOMES = ("spoke_to_people", "spoke_to_people", "spoke_to_contact", "spoke_to_contact", "nobody_in")
MISSED_SHARE, SHORT_SHARE = 0.05, 0.08


def events(area_code: str, on: date, seed: int = 7) -> list[tuple[datetime, VisitSent]]:
    """What the officers of a day's plan will tell, each with its time: starts, ends and a few misses, in order."""
    rng = Random(seed)
    told = []
    for planned in sorted(plans_in_force(area_code, on)[-1].visits, key=lambda visit: (visit.starts_at, visit.ref)):
        told += list(_visit(rng, area_code, on, planned))
    return sorted(told, key=lambda event: (event[0], event[1].client_id))


def tell(area_code: str, sent: VisitSent, *, now: datetime) -> None:
    """One record in the name of its unit's officer, as a phone would send it now."""
    officer = next(
        user
        for user in User.objects.filter(name__startswith="Demo officer of ").prefetch_related("role_grants")
        if f"{area_code}/{sent.unit_ref}" in user.role_grants.all()[0].refs
    )
    record_visit(officer, replace(sent, device_sent_at=now), now=now)


def own_unit(area_code: str) -> str:
    """The unit of the persona with a card."""
    row = RoleGrant.objects.get(user__name="Demo officer")
    return str(row.refs[0]).removeprefix(f"{area_code}/")


def move(area_code: str, on: date, *, pace_s: float) -> None:
    """
    Tell what is past at once, then one event each `pace_s` seconds to the end of the day's plan.

    The unit of the officer whom a visitor may be is left to the visitor from now on.
    """
    own = own_unit(area_code)
    for at, sent in events(area_code, on):
        if at > timezone.now():
            if sent.unit_ref == own:
                continue
            time.sleep(pace_s)
        tell(area_code, sent, now=timezone.now())


def _visit(rng: Random, area_code: str, on: date, planned: PlannedVisit) -> Iterator[tuple[datetime, VisitSent]]:
    started_at = planned.starts_at + timedelta(seconds=rng.randint(-90, 200))
    client_id = str(UUID(int=rng.getrandbits(128), version=4))
    begun = VisitSent(client_id, area_code, on, planned.unit_ref, planned.ref, planned.place_ref, started_at)
    if rng.random() < MISSED_SHARE:
        reason = rng.choice(list(MISS_REASONS))
        yield started_at, replace(begun, ended_at=started_at, outcome="not_reached", miss_reason=reason)
        return
    stay_s = rng.randint(300, 560) if rng.random() < SHORT_SHARE else rng.randint(610, 870)
    ended_at = started_at + timedelta(seconds=stay_s)
    yield started_at, begun
    yield ended_at, replace(begun, ended_at=ended_at, outcome=rng.choice(OUTCOMES), reach=rng.choice(REACH[1:]))
