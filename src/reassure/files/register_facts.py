"""Facts and sources as they stand in the cells of a register's CSV file.

Rules: the form of the columns `facts`, `sources`, `licences`, `attributions` and `retrieved`. A cell of
`facts` is a JSON list of groups `[source, rank, "YYYY-MM-DD", "field field", {field: value}]`: the fields
named by words have the value that stands in the row's own columns, the others carry theirs. So a row of
one source costs 70 characters, and nothing that anybody said is lost. The four other columns list the
row's sources, parted by ` | `, so that every row carries its licence when it is copied elsewhere.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from reassure.faiths import in_order
from reassure.files.register_rows import RowFaults
from reassure.places.place import RANKS, Fact, Place
from reassure.places.sources import FACT_FIELDS, ODBL, value_of
from reassure.provenance import OSM_ATTRIBUTION, Source

BETWEEN = " | "
OSM_URL = "https://www.openstreetmap.org/copyright"


def facts_cell(place: Place) -> str:
    """The facts of a place as one cell; empty when it has none."""
    if not place.facts:
        return ""
    groups: dict[tuple[str, int, str, str, str], tuple[list[str], dict[str, Any]]] = {}
    for fact in place.facts:
        at = fact.recorded_at.isoformat() if fact.recorded_at else ""
        key = (fact.source_ref, fact.rank, fact.observed_on.isoformat(), fact.recorded_by, at)
        stands, says = groups.setdefault(key, ([], {}))
        if fact.field in FACT_FIELDS and fact.value == value_of(place, fact.field) and fact.field not in stands:
            stands.append(fact.field)
        else:
            says[fact.field] = _plain(fact.value)
    return json.dumps(
        [[*key[:3], " ".join(stands), says, *_recorded(key)] for key, (stands, says) in groups.items()],
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _recorded(key: tuple[str, int, str, str, str]) -> tuple[str, ...]:
    return key[3:] if key[3] or key[4] else ()


def _plain(value: object) -> Any:
    if isinstance(value, frozenset):
        return list(in_order(value))
    return value.isoformat() if isinstance(value, date) else value


def facts_of_cells(place: Place, text: str, faults: RowFaults) -> tuple[Fact, ...]:
    """The facts in a cell; what is wrong with it goes to `faults`."""
    if not text:
        return ()
    try:
        found = []
        for source_ref, rank, day, stands, says, *recorded in json.loads(text):
            _check_origin(source_ref, rank)
            observed_on = _day(day)
            by, at = recorded or ("", "")
            recorded_at = datetime.fromisoformat(at) if at else None
            said = {field: value_of(place, field) for field in stands.split()} | {
                field: _value(field, value) for field, value in says.items()
            }
            for field, value in said.items():
                found.append(Fact(field, value, source_ref, rank, observed_on, by, recorded_at))
        return tuple(found)
    except (ValueError, TypeError, AttributeError, RecursionError):
        faults.add("facts", text, "what this program wrote there; restore the cell or empty it")
        return ()


@lru_cache(maxsize=1024)
def _day(text: str) -> date:
    return date.fromisoformat(text)


def _check_origin(source_ref: object, rank: object) -> None:
    if not isinstance(source_ref, str) or rank not in RANKS:
        raise ValueError("not an origin")


def _value(field: str, value: Any) -> Any:
    """A value as it stands in JSON, turned into the field's own kind; `ValueError` or `TypeError` if it cannot be."""
    if field == "faiths":
        return frozenset(str(code) for code in value)
    if field == "point":
        lat_deg, lon_deg, precision_m = value
        return (float(lat_deg), float(lon_deg), float(precision_m))
    if field in {"valid_from", "valid_to"}:
        return None if value is None else _day(value)
    if field == "size_m2":
        return None if value is None else float(value)
    if field in FACT_FIELDS and isinstance(value, str):
        return value
    raise ValueError(field)


def source_cells(place: Place, sources: Mapping[str, Source]) -> dict[str, str]:
    """The four columns that name the sources of a place, in the order of their refs."""
    own = [sources[ref] for ref in place.source_refs if ref in sources]
    return {
        "sources": BETWEEN.join(s.ref for s in own),
        "licences": BETWEEN.join(s.licence for s in own),
        "attributions": BETWEEN.join(s.attribution for s in own),
        "retrieved": BETWEEN.join(s.retrieved_on.isoformat() if s.retrieved_on else "" for s in own),
    }


def sources_of_cells(rows: Iterable[Mapping[str, str]]) -> tuple[Source, ...]:
    """Every source that rows name, once, in the order of their refs; a row that does not fit adds none."""
    seen = {tuple(row.get(c, "") for c in ("sources", "licences", "attributions", "retrieved")) for row in rows}
    found: dict[str, Source] = {}
    for cells in sorted(seen):
        parts = [[part.strip() for part in cell.split("|")] for cell in cells]
        if cells[0] and len({len(p) for p in parts}) == 1:
            for ref, licence, attribution, day in zip(*parts, strict=True):
                found.setdefault(ref, _source(ref, licence, attribution, day))
    return tuple(found[ref] for ref in sorted(found))


def _source(ref: str, licence: str, attribution: str, day: str) -> Source:
    is_osm = licence == ODBL and attribution == OSM_ATTRIBUTION
    try:
        retrieved_on = date.fromisoformat(day) if day else None
    except ValueError:
        retrieved_on = None
    title = "OpenStreetMap" if is_osm else ref
    return Source(ref, title, licence, attribution, retrieved_on, OSM_URL if is_osm else "", licence == ODBL)
