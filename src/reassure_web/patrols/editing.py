"""A change that somebody makes to a plan by hand, and the document that comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reassure.engines.routing import GreatCircle
from reassure.errors import InputError, Problem
from reassure.patrols.briefing import index_plan
from reassure.patrols.edits import dropped, locked, placed, unlocked

KINDS = ("place", "drop", "lock", "lock_time", "unlock")


@dataclass(frozen=True, slots=True)
class Edit:
    """
    One change.

    Parameters
    ----------
    kind
        `place` moves a visit or adds one; `lock` fixes the unit, `lock_time` the start as well.
    unit_ref, starts_at
        Where and when, for `place` alone.
    """

    kind: str
    place_ref: str
    unit_ref: str = ""
    starts_at: datetime | None = None


def edited(document: Mapping[str, Any], edit: Edit) -> dict[str, Any]:
    """The unsigned document after the change; errors as `reassure.patrols.edits` raises them."""
    travel, ref = GreatCircle(), edit.place_ref
    if edit.kind == "place" and edit.starts_at is not None:
        return placed(document, travel, ref, unit_ref=edit.unit_ref, starts_at=edit.starts_at)
    if edit.kind == "drop":
        return dropped(document, travel, ref)
    if edit.kind in {"lock", "lock_time"}:
        return locked(document, travel, ref, with_time=edit.kind == "lock_time")
    if edit.kind == "unlock":
        return unlocked(document, travel, ref)
    raise InputError([Problem("kind", edit.kind, "one of " + ", ".join(KINDS))])


def edit_words(document: Mapping[str, Any], edit: Edit) -> str:
    """The change in a line, such as `Moved St Sample to Car 3, 13:05`."""
    index = index_plan(document)
    name = index.name(edit.place_ref)
    if edit.kind == "place" and edit.starts_at is not None:
        was = any(stop["place_ref"] == edit.place_ref for route in document["routes"] for stop in route["stops"])
        where = f"{index.units[edit.unit_ref]['callsign']}, {index.clock.time(edit.starts_at)}"
        return f"{'Moved' if was else 'Added'} {name} {'to' if was else 'with'} {where}"
    said = {"drop": "Dropped", "lock": "Locked to its unit:", "lock_time": "Locked:", "unlock": "Unlocked:"}
    return f"{said[edit.kind]} {name}"
