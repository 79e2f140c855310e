"""Who said what of a place: the facts of an import, and what several sources together come to.

Rules: which fields carry facts, how a place follows from its facts, when a newer word of less weight is
held up to a person (`differs`), and how a fact is taken back. Facts are only ever added. What nobody but
the place itself may pass on (bands, presence, its own facts) is taken out by `for_export`.
Elsewhere: `Fact` and `current` (`place`), several registers in one (`importing`).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from reassure.geo import Point
from reassure.places.place import Fact, Place, current
from reassure.provenance import OSM_ATTRIBUTION, POSTCODE_ATTRIBUTION, Source

FACT_FIELDS = (
    "name",
    "faiths",
    "point",
    "address",
    "postcode",
    "nearest_postcode",
    "lad_code",
    "area_code",
    "setting",
    "profile",
    "size_m2",
    "status",
    "valid_from",
    "valid_to",
)
"""Fields of a place that carry facts, in the order in which they are shown; `point` includes its precision."""
UNDATED = date(1970, 1, 1)
"""Stands for a day that nobody gave: such facts count as the oldest."""
RANK_TRUSTEE, RANK_FORCE, RANK_OPEN, RANK_OSM, RANK_DERIVED = 1, 3, 4, 5, 6
ODBL = "ODbL 1.0"
OGL = "OGL v3.0"
_DATE = re.compile(r"(?<!\d)(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?!\d)")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the fields of an import come from: a source, the weight of its word, and the day it was seen."""

    source_ref: str
    rank: int
    observed_on: date


def day_in_name(name: str) -> date | None:
    """
    The day that the name of a file gives: the last date in it, a month or year standing for its first day.

    The first day, because a file must never look newer than it is; `None` when there is no date.

    Examples
    --------
    >>> day_in_name("rutland-2018-02-27.osm"), day_in_name("mosques_2025-07"), day_in_name("osm_addr_2025")
    (datetime.date(2018, 2, 27), datetime.date(2025, 7, 1), datetime.date(2025, 1, 1))
    """
    for found in reversed(list(_DATE.finditer(name))):
        year, month, day = (int(part) if part else 1 for part in found.groups())
        try:
            return date(year, month, day)
        except ValueError:
            continue
    return None


def series_of(source_ref: str) -> str:
    """
    What is left of a source's name without its dates: files of one series follow each other in time.

    Examples
    --------
    >>> series_of("places_of_worship_osm_2026-08")
    'places_of_worship_osm'
    """
    return re.sub(r"[^0-9a-z]+", "_", _DATE.sub("", source_ref.casefold())).strip("_")


def osm_source(ref: str, retrieved_on: date | None) -> Source:
    """OpenStreetMap, as retrieved on a day; a register that holds it is passed on under the same licence."""
    url = "https://www.openstreetmap.org/copyright"
    return Source(ref, "OpenStreetMap", ODBL, OSM_ATTRIBUTION, retrieved_on, url, is_share_alike=True)


def postcode_source(ref: str = "code_point_open", retrieved_on: date | None = None) -> Source:
    """Code-Point Open of Ordnance Survey."""
    return Source(ref, "OS Code-Point Open", OGL, POSTCODE_ATTRIBUTION, retrieved_on)


def value_of(place: Place, field: str) -> Any:
    """What a place holds for a field of facts; `point` is (latitude, longitude, precision in metres)."""
    if field == "point":
        return (place.point.lat_deg, place.point.lon_deg, place.precision_m)
    return getattr(place, field)


def observed(place: Place, origins: Mapping[str, Origin]) -> Place:
    """The place with one fact for each field that has a value and an origin."""
    facts = []
    for field in FACT_FIELDS:
        origin = origins.get(field)
        value = value_of(place, field)
        if origin is not None and not _is_nothing(field, value):
            facts.append(Fact(field, value, origin.source_ref, origin.rank, origin.observed_on))
    return replace(place, facts=tuple(sorted(facts, key=fact_order)), source_refs=refs_of(facts))


def refs_of(facts: Iterable[Fact]) -> tuple[str, ...]:
    """The sources of facts, each once, in the order of their names."""
    return tuple(sorted({fact.source_ref for fact in facts}))


def _is_nothing(field: str, value: Any) -> bool:
    nothing = {"profile": "default", "status": "unknown", "setting": "unknown"}
    return value is None or value in ("", frozenset(), nothing.get(field))


def settled(place: Place, facts: Iterable[Fact]) -> Place:
    """
    The place with these facts added and each field as `current` has it.

    Equal facts are kept once. Fields that no fact speaks of stay as they are. The result does not depend
    on the order of the facts.
    """
    every = tuple(sorted({*place.facts, *facts}, key=fact_order))
    changes: dict[str, Any] = {}
    for field, fact in current(every).items():
        if field == "point":
            position: Any = fact.value
            changes["point"], changes["precision_m"] = Point(position[0], position[1]), position[2]
        elif field in FACT_FIELDS:
            changes[field] = fact.value
    flags = set(place.flags) - {"differs"} | ({"differs"} if differing(every) else set())
    return replace(place, facts=every, source_refs=refs_of(every), flags=tuple(sorted(flags)), **changes)


def fact_order(fact: Fact) -> tuple[str, int, date, str, str, int, str]:
    """The order in which facts are kept: by source, then by field."""
    field = FACT_FIELDS.index(fact.field) if fact.field in FACT_FIELDS else len(FACT_FIELDS)
    at = fact.recorded_at.isoformat() if fact.recorded_at else ""
    return (fact.source_ref, fact.rank, fact.observed_on, fact.recorded_by, at, field, _shown_value(fact.value))


def _shown_value(value: object) -> str:
    return repr(sorted(value)) if isinstance(value, frozenset) else repr(value)


def differing(facts: Iterable[Fact]) -> tuple[str, ...]:
    """
    Fields for which a newer fact of less weight says something else than the one that stands.

    Derived facts (rank 6) are worked out, not said, and raise nothing.

    Returns
    -------
    tuple[str, ...]
        In the order of `FACT_FIELDS`.
    """
    facts = tuple(facts)
    best = current(facts)
    found = {
        fact.field
        for fact in facts
        if fact.rank > best[fact.field].rank
        and fact.rank < RANK_DERIVED
        and fact.observed_on > best[fact.field].observed_on
        and not _says_the_same(fact, best[fact.field])
    }
    return tuple(field for field in FACT_FIELDS if field in found)


def _says_the_same(a: Fact, b: Fact) -> bool:
    if a.field == "point":
        here: Any = a.value
        there: Any = b.value
        return bool(here[:2] == there[:2])
    return a.value == b.value


def without(place: Place, withdrawn: Fact) -> Place:
    """The place when one fact is taken back: the next best one stands again; what nobody says any more is empty."""
    left = tuple(fact for fact in place.facts if fact != withdrawn)
    blank = Place(ref=place.ref)
    emptied: dict[str, Any] = {}
    if withdrawn.field in FACT_FIELDS and withdrawn.field not in {f.field for f in left}:
        emptied[withdrawn.field] = getattr(blank, withdrawn.field)
    return settled(replace(place, facts=left, **emptied), ())


def for_export(place: Place) -> Place:
    """The place as it may be passed on: without bands, presence, authority and what the place itself said."""
    for fact in place.facts:
        if fact.rank == RANK_TRUSTEE:
            place = without(place, fact)
    return replace(place, bands=(), presence="welcome", authority="unknown", entrances=())
