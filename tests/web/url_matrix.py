"""
Who gets what at every address: one row for each name of the URLconf; `test_url_matrix` walks them.

A room adds its rows here: `ROWS["places:list"] = Row(get=PLACE_READERS)`. What a row says is for somebody in the
record's own area (DEMO-01, place P1, unit DEMO-01/1 as in `conftest`); the walker itself asks as everybody else, in
another area, and signed out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from reassure.access.allowed import ALLOWED, Action, Role

ANYBODY = frozenset({*(role.value for role in Role), "outsider"})
"""Everybody who is signed in, with a role or without."""


def roles(action: Action) -> frozenset[str]:
    """The roles that the table of permissions gives an action to."""
    return frozenset(role.value for role in ALLOWED[action])


@dataclass(frozen=True)
class Row:
    """
    What one address answers.

    `get`, `post`: the roles that are let in; None where the address does not take the method (405). `kwargs` makes
    the records that the address needs, in DEMO-01, and gives what stands in it; `data` is what is posted. `scoped`:
    the record belongs to an area, a place or a unit, so that the same role elsewhere gets 404. `public`: opens for
    those who are not signed in as well.
    """

    get: frozenset[str] | None = None
    post: frozenset[str] | None = None
    kwargs: Callable[[], Mapping[str, Any]] = dict
    data: Callable[[], Mapping[str, Any]] = dict
    query: str = ""
    scoped: bool = False
    public: bool = False


ROWS: dict[str, Row] = {}

ROWS["pages:home"] = Row(get=ANYBODY)
for text in ("help", "accessibility", "privacy", "cookies"):
    ROWS[f"pages:{text}"] = Row(get=ANYBODY, public=True)
ROWS["audit:pause"] = Row(get=ANYBODY, post=ANYBODY)
