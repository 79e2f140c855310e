"""Who may do what, where: a person's grants against an action and its place on the map.

A grant is a role, a scope and a time. Another scope's records are "not found"; `require` is for records a person
can see but may not act on, and names who can.
Source: docs/permissions.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypedDict, Unpack

from reassure.access.allowed import ALLOWED, Action, Role
from reassure.errors import NotAllowedError


class Scope(StrEnum):
    """What a grant reaches."""

    NATION = "nation"
    AREAS = "areas"
    UNIT = "unit"
    PLACES = "places"
    ASSIGNED = "assigned"
    TOTALS = "totals"


class Where(TypedDict, total=False):
    """The record that is asked about: its police area, its `area/unit`, its place; None is as if it were not said."""

    area: str | None
    unit: str | None
    place: str | None


@dataclass(frozen=True, slots=True)
class Grant:
    """
    A role somebody holds.

    `refs` are police area codes for `Scope.AREAS`, `area/unit` for `Scope.UNIT`, place refs for `Scope.PLACES`;
    empty for the nation. Held from `starts_at` until before `ends_at`, both aware.
    """

    role: Role
    scope: Scope
    refs: frozenset[str]
    starts_at: datetime
    ends_at: datetime

    def holds(self, now: datetime) -> bool:
        """Whether the grant is in force at `now`."""
        return self.starts_at <= now < self.ends_at

    def reaches(self, **where: Unpack[Where]) -> bool:
        """
        Whether the grant reaches a record.

        With nothing said the question is about the action alone. Else the grant's own kind of reference has to be
        said and to be one of `refs`: a grant for one place does not reach "somewhere in the area".
        """
        if self.scope is Scope.NATION or all(ref is None for ref in where.values()):
            return True
        own_kind = {Scope.AREAS: "area", Scope.UNIT: "unit", Scope.PLACES: "place"}.get(self.scope, "")
        return where.get(own_kind) in self.refs


def may(grants: Iterable[Grant], action: Action, *, now: datetime, **where: Unpack[Where]) -> bool:
    """Whether one of the grants allows the action on that record at that instant."""
    return any(g.holds(now) and g.role in ALLOWED[action] and g.reaches(**where) for g in grants)


def require(grants: Iterable[Grant], action: Action, *, now: datetime, **where: Unpack[Where]) -> None:
    """
    Let the action pass, or say who may do it.

    Raises
    ------
    NotAllowedError
        No grant allows it; the text names the roles that may.
    """
    if not may(grants, action, now=now, **where):
        roles = ", ".join(sorted(role.value.replace("_", " ") for role in ALLOWED[action]))
        raise NotAllowedError(f"You may not {action.words}. Who may: {roles}.", action=action.code)
