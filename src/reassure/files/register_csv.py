"""The register as we write it: one CSV file, one row a place, with who said what.

Rules: the columns of a register, their order, and how a value stands in a cell. What this module writes
`read_register` reads back to the same places and facts, and the same places make the same bytes.
Elsewhere: reading (`register`, `register_rows`), the columns of facts and sources (`register_facts`).
"""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from reassure.faiths import in_order
from reassure.files.register_cells import escaped
from reassure.files.register_facts import facts_cell, source_cells
from reassure.files.register_rows import default_precision_m
from reassure.files.writing import write_file
from reassure.geo import Point
from reassure.places.place import Place
from reassure.places.sources import for_export
from reassure.provenance import Source

COLUMNS = (
    "ref",
    "name",
    "other_names",
    "faiths",
    "lat_deg",
    "lon_deg",
    "precision_m",
    "entrances",
    "address",
    "postcode",
    "nearest_postcode",
    "area_code",
    "lad_code",
    "area_by",
    "setting",
    "profile",
    "size_m2",
    "status",
    "valid_from",
    "valid_to",
    "external_ids",
    "flags",
    "sources",
    "licence",
    "facts",
    "source_details",
)
OWN_WORD = ("presence", "bands", "authority")
"""Columns with what the place told us; written only where a place has told something, never for passing on."""


def write_register(
    path: Path, places: Iterable[Place], sources: Iterable[Source], *, for_passing_on: bool = False
) -> None:
    """
    Write a register whole or not at all, in the order of the refs.

    Parameters
    ----------
    for_passing_on
        Leave out what only the place itself may pass on: presence, bands, entrances and its own facts.
    """
    write_file(path, register_bytes(places, sources, for_passing_on=for_passing_on))


def register_bytes(places: Iterable[Place], sources: Iterable[Source], *, for_passing_on: bool = False) -> bytes:
    """The register as the bytes of a CSV file: UTF-8, LF at line ends."""
    rows = sorted((for_export(p) if for_passing_on else p for p in places), key=lambda p: p.ref)
    by_ref = {source.ref: source for source in sources}
    has_own_word = any(p.bands or p.presence != "welcome" or p.authority != "unknown" for p in rows)
    columns = COLUMNS + OWN_WORD if has_own_word else COLUMNS
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    told: set[str] = set()
    for place in rows:
        writer.writerow(_cells(place) | source_cells(place, by_ref, told))
    return text.getvalue().encode()


def _cells(place: Place) -> dict[str, str]:
    return {
        "ref": place.ref,
        "name": escaped(place.name),
        "other_names": escaped(" | ".join(place.other_names)),
        "faiths": ";".join(in_order(place.faiths)),
        "lat_deg": _number(place.point.lat_deg),
        "lon_deg": _number(place.point.lon_deg),
        "precision_m": "" if place.precision_m == default_precision_m(place) else _number(place.precision_m),
        "entrances": "; ".join(f"{word}@{_position(point)}" for word, point in place.entrances),
        "address": escaped(place.address),
        "postcode": escaped(place.postcode),
        "nearest_postcode": place.nearest_postcode,
        "area_code": place.area_code,
        "lad_code": place.lad_code,
        "area_by": place.area_by,
        "setting": "" if place.setting == "unknown" else place.setting,
        "profile": "" if place.profile == "default" else place.profile,
        "size_m2": "" if place.size_m2 is None else _number(place.size_m2),
        "status": "" if place.status == "unknown" else place.status,
        "valid_from": place.valid_from.isoformat() if place.valid_from else "",
        "valid_to": place.valid_to.isoformat() if place.valid_to else "",
        "external_ids": ";".join(f"{source}:{number}" for source, number in place.external_ids),
        "flags": " ".join(place.flags),
        "presence": place.presence,
        "authority": "" if place.authority == "unknown" else place.authority,
        "bands": ";".join(f"{kind}={band}" for kind, band in place.bands),
        "facts": facts_cell(place),
    }


def _number(value: float) -> str:
    return repr(int(value)) if value == int(value) else repr(value)


def _position(point: Point) -> str:
    return f"{point.lat_deg!r} {point.lon_deg!r}"
