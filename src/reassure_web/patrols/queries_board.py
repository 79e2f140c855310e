"""The board as a wall asks for it, every 5 seconds: whether it has changed, and what it shows.

Rules: what a board shows follows from its version and the plans in force, so whoever asks for the same gets the same,
made once; whether they may see it is asked each time.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

from django.db.models import OuterRef, Subquery

from reassure.access.allowed import Action
from reassure.access.grants import may, require
from reassure_web.accounts.models import User
from reassure_web.engagement.models import BoardVersion
from reassure_web.engagement.queries import board_number
from reassure_web.patrols.queries_day import Running, board, day_of_plans, digests_in_force, version_of
from reassure_web.places.models import Area
from reassure_web.places.queries import area_by_slug

MOST_KEPT = 64
"""Boards that a process keeps: one an area, and some of other days."""


def board_version(actor: User, slug: str, on: date, *, now: datetime) -> str:
    """The version of a board in one question."""
    number = BoardVersion.objects.filter(area_code=OuterRef("code"), on=on).values("number")[:1]
    area = Area.objects.filter(slug=slug).annotate(number=Subquery(number)).only("code").get()
    if not may(actor.grants(now), Action.BOARD_READ, now=now, area=area.code):
        board(actor, slug, on, now=now)
    return version_of(area, area.number or 0, now)


def watched_board(actor: User, slug: str, on: date, *, now: datetime) -> Running:
    """A day for somebody who may watch it, as at some instant of its version; `Area.DoesNotExist` outside scope."""
    area = area_by_slug(actor, slug, now)
    require(actor.grants(now), Action.BOARD_READ, now=now, area=area.code)
    version = version_of(area, board_number(area.code, on), now)
    return made_once(Asked(area, area.slug, area.name, on, version, digests_in_force(area.code, on), now))


@dataclass(frozen=True, slots=True)
class Asked:
    """What a board follows from; `now` is an instant of the version's minute, whichever came first."""

    area: Area
    slug: str
    name: str
    on: date
    version: str
    digests: tuple[str, ...]
    now: datetime = field(compare=False)


@lru_cache(maxsize=MOST_KEPT)
def made_once(asked: Asked) -> Running:
    """The board, made for the first who asks; one version of a day has one content, whoever reads it."""
    return day_of_plans(asked.area, asked.on, asked.version, asked.digests, now=asked.now)
