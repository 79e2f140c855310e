"""A place as a JSON object, and back again: how one record of a register is kept whole.

Rules: the field names of `places.place.Place`; fields at their usual value are left out; positions are
[lat_deg, lon_deg]; facts stand as the cell that a register file has for them.
Elsewhere: the register as a file (`register_csv`), the cell of facts (`register_facts`).
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from reassure.errors import InputError
from reassure.faiths import in_order
from reassure.files.register_cells import RowFaults
from reassure.files.register_facts import facts_cell, settled_by_cell, with_facts_of_cell
from reassure.geo import Point
from reassure.places.place import Place

WORDS = (
    "name",
    "address",
    "postcode",
    "nearest_postcode",
    "area_code",
    "lad_code",
    "area_by",
    "setting",
    "profile",
    "status",
    "presence",
    "authority",
)
_USUAL = Place("usual")


def place_object(place: Place) -> dict[str, Any]:
    """
    The place as a JSON object.

    Examples
    --------
    >>> place_object(Place("p1", "Demo Chapel", faiths=frozenset({"christian"}), point=Point(52.5, -1.9)))
    {'ref': 'p1', 'point': [52.5, -1.9], 'name': 'Demo Chapel', 'faiths': ['christian']}
    """
    found: dict[str, Any] = {"ref": place.ref, "point": [place.point.lat_deg, place.point.lon_deg]}
    found |= {name: word for name in WORDS if (word := getattr(place, name)) != getattr(_USUAL, name)}
    lists: dict[str, Any] = {
        "other_names": list(place.other_names),
        "faiths": list(in_order(place.faiths)),
        "entrances": [[word, point.lat_deg, point.lon_deg] for word, point in place.entrances],
        "bands": [list(pair) for pair in place.bands],
        "external_ids": [list(pair) for pair in place.external_ids],
        "flags": list(place.flags),
        "source_refs": list(place.source_refs),
        "valid_from": place.valid_from.isoformat() if place.valid_from else None,
        "valid_to": place.valid_to.isoformat() if place.valid_to else None,
        "facts": facts_cell(place),
    }
    found |= {name: value for name, value in lists.items() if value}
    if place.precision_m != _USUAL.precision_m:
        found["precision_m"] = place.precision_m
    if place.size_m2 is not None:
        found["size_m2"] = place.size_m2
    return found


def place_of_object(value: Mapping[str, Any]) -> Place:
    """The place of an object that `place_object` made; `InputError` when its facts cannot be read."""
    return _read(value, with_facts_of_cell)


def settled_place_of_object(value: Mapping[str, Any]) -> Place:
    """The place of an object as its facts have it, without the facts; raises what `place_of_object` does."""
    return _read(value, settled_by_cell)


def _read(value: Mapping[str, Any], by_cell: Callable[[Place, str, RowFaults], Place]) -> Place:
    get = value.get
    place = Place(
        ref=value["ref"],
        point=Point(*value["point"]),
        other_names=tuple(get("other_names", ())),
        faiths=frozenset(get("faiths", ())),
        precision_m=get("precision_m", _USUAL.precision_m),
        entrances=tuple((word, Point(lat_deg, lon_deg)) for word, lat_deg, lon_deg in get("entrances", ())),
        bands=tuple((kind, band) for kind, band in get("bands", ())),
        size_m2=get("size_m2"),
        valid_from=_day(get("valid_from")),
        valid_to=_day(get("valid_to")),
        external_ids=tuple((source, number) for source, number in get("external_ids", ())),
        flags=tuple(get("flags", ())),
        source_refs=tuple(get("source_refs", ())),
        **{name: value[name] for name in WORDS if name in value},
    )
    faults = RowFaults(value["ref"], None)
    found = by_cell(place, get("facts", ""), faults)
    if faults.found:
        raise InputError(faults.found)
    return found


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
