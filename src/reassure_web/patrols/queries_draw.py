"""The seed of a draw, which stays sealed until the day after and is read by auditors alone."""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from reassure.access.allowed import Action
from reassure.access.grants import require
from reassure.periods import london_date
from reassure_web.accounts.models import User
from reassure_web.accounts.sealed import unseal
from reassure_web.audit.services import record_seen
from reassure_web.patrols.models import Day
from reassure_web.places.models import Area
from reassure_web.places.queries import reach_of


@dataclass(frozen=True, slots=True)
class DrawPage:
    """A day's salt once it may be read, and the commitment that its orders carry."""

    area: Area
    on: date
    salt: str
    commitment: str


def draw_page(actor: User, slug: str, on: date, *, now: datetime) -> DrawPage:
    """
    The salt of a day's draw; empty until the day after.

    Raises
    ------
    Area.DoesNotExist
        Nobody's area, or one out of an auditor's reach.
    NotAllowedError
        Anybody but an auditor.
    """
    require(actor.grants(now), Action.SEED_READ, now=now)
    reach = reach_of(actor, Action.SEED_READ, now)
    area = Area.objects.get(slug=slug)
    if not (reach.is_national or area.code in reach.areas):
        raise Area.DoesNotExist
    day = Day.objects.get(area_code=area.code, on=on)
    salt = unseal(day.sealed_salt)
    record_seen(actor, Action.SEED_READ, f"draw:{day.ref}", now=now)
    return DrawPage(area, on, salt if london_date(now) > on else "", sha256(salt.encode()).hexdigest())
