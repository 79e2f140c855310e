"""Single records for the tests of this room and for the walk over every address."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from reassure.files.rules_json import rule_object
from reassure.occasions.values import Rule as Facts
from reassure.occasions.values import Weekly
from reassure_web.occasions.models import Rule, TimetableRun
from web.conftest import NOW
from web.places.records import area, place, somebody


def area_kwargs() -> Mapping[str, Any]:
    """An area for an address."""
    return {"area": area().slug}


def day_kwargs() -> Mapping[str, Any]:
    """An area and a day."""
    place()
    return {"area": area().slug, "on": "2026-11-29"}


def word_kwargs() -> Mapping[str, Any]:
    """A kind of occasion of a place on a day."""
    return {"ref": place().ref, "on": "2026-11-29", "key": "sunday_main"}


def unread_kwargs() -> Mapping[str, Any]:
    """A place whose text of times nobody could read."""
    return {"ref": place("P1", times="Sundays at ten").ref}


def rule(ref: str = "P1", *, at: time = time(10), days: tuple[int, ...] = (6,), key: str = "sunday_main") -> Rule:
    """A rule of a place."""
    held = Facts(place(ref).ref, key, Weekly(days, at), 3, "notice board")
    return Rule.objects.create(
        place_ref=ref, key=key, rank=3, record=rule_object(held), made_by=somebody(), made_at=NOW
    )


def rule_kwargs() -> Mapping[str, Any]:
    """A rule of a place for an address."""
    return {"ref": "P1", "number": rule().pk}


def timetable_kwargs() -> Mapping[str, Any]:
    """A timetable that somebody of the area handed in."""
    area()
    run = TimetableRun.objects.create(
        ref="0123456789abcdef",
        area_code="DEMO-01",
        file_name="x.csv",
        outcome={"n_new": 0, "n_equal": 0, "n_refused": 0},
        made_by=somebody(),
        made_at=NOW,
    )
    return {"run": run.ref}
