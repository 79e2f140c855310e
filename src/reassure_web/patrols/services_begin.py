"""Beginning a day: the row that all planning hangs on, its declaration, its terms, and a copy of another day."""

import secrets
from datetime import date, datetime
from functools import partial

from django.db import transaction

from reassure.access.allowed import Action
from reassure.access.grants import require
from reassure.errors import RuleError
from reassure.files.csv_rows import decode
from reassure.files.declaration import MAX_BYTES, parse_declaration
from reassure.files.facts import read_facts
from reassure.files.incidents import read_incidents
from reassure.forces import AREA_CODES
from reassure.periods import london_date
from reassure.threats.declarations import require_in_force
from reassure_web.accounts.models import User
from reassure_web.accounts.sealed import seal
from reassure_web.audit.services import record
from reassure_web.patrols.models import Day
from reassure_web.patrols.queries_inputs import refuse_past
from reassure_web.patrols.uploads import read_upload
from reassure_web.places.models import Area
from reassure_web.places.queries import area_by_slug
from reassure_web.places.queries_register import area_places, place_refs_of


def open_day(actor: User, slug: str, on: date, action: Action, *, now: datetime) -> tuple[Area, Day]:
    """
    The day that somebody is about to change, locked; begun where nobody has.

    Raises
    ------
    Area.DoesNotExist
        Another's area, or none.
    NotAllowedError
        The area is in reach, the action is not.
    """
    area = area_by_slug(actor, slug, now)
    require(actor.grants(now), action, now=now, area=area.code)
    Day.objects.get_or_create(
        area_code=area.code, on=on, defaults={"sealed_salt": seal(secrets.token_hex(32)), "made_at": now}
    )
    return area, Day.objects.select_for_update().get(area_code=area.code, on=on)


@transaction.atomic
def load_declaration(actor: User, slug: str, on: date, content: bytes, name: str, *, now: datetime) -> None:
    """
    Keep a declaration file for a day; it replaces the one before.

    Raises
    ------
    InputError
        Every fault of the file.
    RuleError
        It has lapsed, or its areas leave this one out.
    """
    area, day = open_day(actor, slug, on, Action.PLAN_WRITE, now=now)
    refuse_past(on, london_date(now))
    text = decode(content[: MAX_BYTES + 1], name)
    declaration = parse_declaration(text, name, area_codes=AREA_CODES | {area.code})
    require_in_force(declaration, now=now)
    if declaration.areas and area.code not in declaration.areas:
        raise RuleError(f"The declaration {declaration.ref} names other areas, not {area.name}.")
    day.declaration_text, day.declaration_by, day.declaration_at = text, actor, now
    day.save(update_fields=["declaration_text", "declaration_by", "declaration_at"])
    record(actor, Action.PLAN_WRITE, f"day:{day.ref}:declaration", now=now, change={"ref": declaration.ref})


@transaction.atomic
def load_day_file(actor: User, slug: str, on: date, kind: str, content: bytes, name: str, *, now: datetime) -> int:
    """
    Keep a file of facts of places or of incidents for a day, in place of the one before; how many rows it has.

    Parameters
    ----------
    kind
        `facts` or `incidents`.

    Raises
    ------
    InputError
        Every fault of the file, a place that the area does not have among them.
    """
    area, day = open_day(actor, slug, on, Action.NEED_CHANGE, now=now)
    refs = frozenset(place_refs_of(area.code))
    if kind == "facts":
        n = len(read_upload(content, name, partial(read_facts, place_refs=refs, on=on)))
        day.facts_text = decode(content, name)
    else:
        points = {place.ref: place.point for place in area_places(area.code)}
        n = len(read_upload(content, name, partial(read_incidents, place_refs=refs, points=points, on=on)))
        day.incidents_text = decode(content, name)
    day.save(update_fields=["facts_text", "incidents_text"])
    record(actor, Action.NEED_CHANGE, f"day:{day.ref}:{kind}", now=now, change={"rows": n})
    return n


@transaction.atomic
def set_terms(actor: User, slug: str, on: date, *, must_unknown: bool, allow_shortfall: bool, now: datetime) -> None:
    """Say whether places without a band are must-visits, and whether a plan may fall short of must-visits."""
    _, day = open_day(actor, slug, on, Action.PLAN_WRITE, now=now)
    day.must_unknown, day.allow_shortfall = must_unknown, allow_shortfall
    day.save(update_fields=["must_unknown", "allow_shortfall"])
    terms = {"must_unknown": must_unknown, "allow_shortfall": allow_shortfall}
    record(actor, Action.PLAN_WRITE, f"day:{day.ref}:terms", now=now, change=terms)
