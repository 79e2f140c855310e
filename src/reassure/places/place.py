"""A place of worship as the rules see it: one frozen value with the best known fact for each field.

Rules: which values a place can take, and how what several sources say becomes one value (`current`).
A register of places of worship is never complete or free of error, so every field can say who said it
and when. Never stored: who worships, denomination, school, ethnicity, counts, contacts.
Elsewhere: readers (`reassure.files`), duplicates (`matching`, `merging`), police areas (`areas`).
"""

import math
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from reassure.errors import InputError, Problem
from reassure.faiths import CODES
from reassure.geo import LAT_RANGE_DEG, LON_RANGE_DEG, Point

NAME_CHARACTERS = 120
SETTINGS = (
    "own_building",
    "shared_building",
    "hospital",
    "university",
    "cemetery",
    "airport",
    "prison",
    "other",
    "unknown",
)
PROFILES = ("default", "none", "saturday", "orthodox")
STATUSES = ("active", "closed", "planned", "unknown")
PRESENCES = ("welcome", "outside_only", "none")
AUTHORITIES = ("unknown", "saudi", "local_sighting", "turkey")
"""Whom a Muslim place follows for the dates of its year; the trustees' choice, never guessed."""
AREA_BY = ("", "lad", "polygon", "nearest", "person")
RANKS = {
    1: "trustee",
    2: "officer or adviser at the door",
    3: "force list",
    4: "open list",
    5: "OpenStreetMap",
    6: "derived",
}
"""Whose word counts: the lowest rank wins, and only then the newest observation."""


@dataclass(frozen=True, slots=True)
class Fact:
    """What one source says of one field of a place; facts are only ever added."""

    field: str
    value: object
    source_ref: str
    rank: int
    observed_on: date
    recorded_by: str = ""
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """
    A place of worship.

    Parameters
    ----------
    ref
        Identifies the place for ever; never reused.
    faiths
        Codes of `reassure.faiths`; empty when the faith is not known.
    precision_m
        How far from `point` the entrance may be, metres.
    authority
        Whom a Muslim place follows for the dates of its year, as its trustees say.
    profile
        Which tradition defaults of `occasions` fit; proposed at import, decided by trustees.
    bands
        (occasion kind, attendance band) as the trustees gave them, at most one a kind.
    presence
        What visits the place wants; `none` means contact only.
    size_m2
        Footprint of the building, shown to people, never turned into people.
    external_ids
        (source, id) pairs, such as ("osm", "way/103044268").
    facts
        What each source said of each field; the fields above are `current(facts)`.
    """

    ref: str
    name: str = ""
    other_names: tuple[str, ...] = ()
    faiths: frozenset[str] = frozenset()
    point: Point = field(default=Point(math.nan, math.nan))
    precision_m: float = 30.0
    entrances: tuple[tuple[str, Point], ...] = ()
    address: str = ""
    postcode: str = ""
    nearest_postcode: str = ""
    area_code: str = ""
    lad_code: str = ""
    area_by: str = ""
    setting: str = "unknown"
    profile: str = "default"
    bands: tuple[tuple[str, str], ...] = ()
    size_m2: float | None = None
    status: str = "unknown"
    valid_from: date | None = None
    valid_to: date | None = None
    presence: str = "welcome"
    authority: str = "unknown"
    external_ids: tuple[tuple[str, str], ...] = ()
    flags: tuple[str, ...] = ()
    source_refs: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether people may gather here: any status but closed and planned."""
        return self.status not in {"closed", "planned"}

    @property
    def title(self) -> str:
        """The name, or words that say it has none; never empty."""
        return self.name or "Unnamed place of worship"


def current(facts: Iterable[Fact]) -> dict[str, Fact]:
    """
    The fact that stands for each field: best rank, then newest observation, whatever the order given.

    Two facts of equal rank and day are ordered by source and value, so that the answer is always the same.
    """
    best: dict[str, Fact] = {}
    for fact in facts:
        held = best.get(fact.field)
        if held is None or _order(fact) < _order(held):
            best[fact.field] = fact
    return best


def _order(fact: Fact) -> tuple[int, int, str, str]:
    return (fact.rank, -fact.observed_on.toordinal(), fact.source_ref, repr(fact.value))


def place_problems(place: Place) -> list[Problem]:
    """Every reason why a value cannot be a place, in the order of the fields; empty when it can."""
    found = [
        *_name_problems(place),
        *(Problem("faith", code, "one of " + ", ".join(CODES)) for code in sorted(place.faiths - set(CODES))),
        *point_problems(place.point.lat_deg, place.point.lon_deg),
    ]
    for column, value, allowed in (
        ("setting", place.setting, SETTINGS),
        ("profile", place.profile, PROFILES),
        ("status", place.status, STATUSES),
        ("presence", place.presence, PRESENCES),
        ("authority", place.authority, AUTHORITIES),
        ("area_by", place.area_by, AREA_BY),
    ):
        if value not in allowed:
            found.append(Problem(column, value, "one of " + ", ".join(word for word in allowed if word)))
    if place.valid_from and place.valid_to and place.valid_to < place.valid_from:
        found.append(Problem("valid_to", place.valid_to.isoformat(), f"on or after {place.valid_from.isoformat()}"))
    if not place.ref:
        found.insert(0, Problem("ref", "", "an identifier"))
    return found


def checked(place: Place) -> Place:
    """The place itself; `InputError` with every fault when it has any."""
    if found := place_problems(place):
        raise InputError(found)
    return place


def point_problems(lat_deg: float, lon_deg: float) -> list[Problem]:
    """What is wrong with a position: not a number, no real position, swapped, or outside the United Kingdom."""
    if not (math.isfinite(lat_deg) and math.isfinite(lon_deg)):
        return [Problem("lat_deg, lon_deg", f"{lat_deg}, {lon_deg}", "two numbers in degrees")]
    if lat_deg == 0 and lon_deg == 0:
        return [Problem("lat_deg, lon_deg", "0, 0", "a position; 0, 0 stands for an unknown one")]
    is_inside = _inside(lat_deg, LAT_RANGE_DEG) and _inside(lon_deg, LON_RANGE_DEG)
    if not is_inside and _inside(lon_deg, LAT_RANGE_DEG) and _inside(lat_deg, LON_RANGE_DEG):
        return [Problem("lat_deg, lon_deg", f"{lat_deg}, {lon_deg}", "latitude first; the two look swapped")]
    found = []
    if not _inside(lat_deg, LAT_RANGE_DEG):
        found.append(Problem("lat_deg", f"{lat_deg}", "49 to 61"))
    if not _inside(lon_deg, LON_RANGE_DEG):
        found.append(Problem("lon_deg", f"{lon_deg}", "-9 to 2"))
    return found


def _inside(value: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= value <= limits[1]


def _name_problems(place: Place) -> list[Problem]:
    found = []
    for name in (place.name, *place.other_names):
        if len(name) > NAME_CHARACTERS:
            found.append(Problem("name", name, f"at most {NAME_CHARACTERS} characters"))
        elif name and all(unicodedata.category(c).startswith(("C", "Z")) for c in name):
            found.append(Problem("name", name, "characters that can be seen"))
    return found
