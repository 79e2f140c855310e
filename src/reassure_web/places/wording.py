"""Words for what a place holds, as pages show them."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from reassure.faiths import faith, in_order
from reassure.geo import Point
from reassure.places.place import RANKS
from reassure.places.quality import RULES

FIELDS = {
    "name": "Name",
    "other_names": "Other names",
    "faiths": "Faiths",
    "point": "Position",
    "entrances": "Entrances",
    "address": "Address",
    "postcode": "Postcode",
    "nearest_postcode": "Nearest postcode (a hint)",
    "lad_code": "District",
    "area_code": "Police area",
    "setting": "Setting",
    "profile": "Usual times",
    "size_m2": "Footprint of the building",
    "status": "Status",
    "valid_from": "Open from",
    "valid_to": "Closed from",
    "presence": "Visits wanted",
    "authority": "Follows for dates",
    "bands": "Attendance bands",
    "external_ids": "Ids in other lists",
}
"""Fields in the order in which a page shows them, with their words."""
PRESENCE = {"welcome": "Visits are welcome", "outside_only": "Outside only", "none": "No visits, contact only"}
DOUBTS = {rule: says for rule, says, _ in RULES}
PAIR_KINDS = {"same_id": "One id in another list: ask", "likely": "Likely", "possible": "Possible"}
RUN_STATES = {"preview": "Waits for you", "accepted": "Accepted", "dropped": "Nothing taken"}
REPORTS = {
    "not_a_place": "This is not a place of worship",
    "closed": "It is closed",
    "wrong": "Something here is wrong",
}
"""What anybody who sees a place may say of it."""
STATES = {"active": "Active", "closed": "Closed", "planned": "Planned", "unknown": "Not known"}
RANK_WORDS = {1: "the place itself", **{rank: words for rank, words in RANKS.items() if rank > 1}}


def faith_words(codes: Iterable[str]) -> str:
    """Faiths in words, in the one order."""
    return ", ".join(faith(code).category for code in in_order(frozenset(codes)))


def value_words(field: str, value: Any) -> str:
    """A value of a place as a page shows it; "nothing" for none."""
    if value is None or value in ("", (), frozenset()):
        return "nothing"
    if field in _WORDS:
        return _WORDS[field](value)
    if isinstance(value, tuple):
        return "; ".join(map(_part_words, value))
    return day_words(value) if isinstance(value, date) else str(value)


def day_words(on: date) -> str:
    """
    A day with its weekday.

    Examples
    --------
    >>> day_words(date(2026, 11, 27))
    'Fri 27 November 2026'
    """
    return f"{on:%a} {on.day} {on:%B %Y}"


def _plain(value: str) -> str:
    return value.replace("_", " ")


_WORDS: dict[str, Callable[[Any], str]] = {
    "faiths": faith_words,
    "point": lambda value: f"{value[0]:.5f}, {value[1]:.5f}, to {value[2]:g} m",
    "size_m2": lambda value: f"{value:,.0f} m²",
    "presence": lambda value: PRESENCE[value],
    "status": lambda value: STATES[value],
    "setting": _plain,
    "profile": _plain,
    "authority": _plain,
}


def _part_words(part: Any) -> str:
    if not isinstance(part, tuple):
        return str(part)
    return " ".join(f"{p.lat_deg:.5f}, {p.lon_deg:.5f}" if isinstance(p, Point) else str(p) for p in part)
