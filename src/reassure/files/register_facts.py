"""Facts and sources as they stand in the cells of a register's CSV file.

Rules: the form of the columns `facts`, `sources`, `licence` and `source_details`. A cell of `facts` is a
JSON list of groups `[source, rank, "YYYY-MM-DD", "field field", {field: [value]}]`: the fields named by
words have the value that stands in the row's own columns, the others carry theirs. So a row of one
source costs 70 characters, and nothing that anybody said is lost. Every row names its sources and their
licences; title, attribution and date of a source stand once, in the first row that names it.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from reassure.errors import Problem
from reassure.faiths import in_order
from reassure.files.register_cells import RowFaults
from reassure.files.register_rows import RawRow
from reassure.places.place import RANKS, Fact, Place
from reassure.places.sources import FACT_FIELDS, settled, value_of
from reassure.provenance import Source


def facts_cell(place: Place) -> str:
    """The facts of a place as one cell; empty when it has none."""
    if not place.facts:
        return ""
    groups: dict[tuple[str, int, str, str, str], tuple[list[str], dict[str, list[Any]]]] = {}
    for fact in place.facts:
        at = fact.recorded_at.isoformat() if fact.recorded_at else ""
        key = (fact.source_ref, fact.rank, fact.observed_on.isoformat(), fact.recorded_by, at)
        stands, says = groups.setdefault(key, ([], {}))
        if fact.field in FACT_FIELDS and fact.value == value_of(place, fact.field) and fact.field not in stands:
            stands.append(fact.field)
        else:
            says.setdefault(fact.field, []).append(_plain(fact.value))
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


def with_facts_of_cell(place: Place, text: str, faults: RowFaults) -> Place:
    """The place with the facts in a cell; what is wrong with it goes to `faults`."""
    if not text:
        return place
    try:
        found = []
        are_all_current = True
        for source_ref, rank, observed_on, stands, says, by, recorded_at in _groups(text):
            for field in stands:
                value = value_of(place, field)
                found.append(Fact(field, value, source_ref, rank, observed_on, by, recorded_at))
            for field, value in says:
                found.append(Fact(field, _value(field, value), source_ref, rank, observed_on, by, recorded_at))
                are_all_current = False
    except (ValueError, TypeError, AttributeError, RecursionError):
        faults.add("facts", text, "what this program wrote there; restore the cell or empty it")
        return place
    return replace(place, facts=tuple(found)) if are_all_current else settled(place, found)


def settled_by_cell(place: Place, text: str, faults: RowFaults) -> Place:
    """
    The place as the facts in a cell have it, without the facts; what is wrong with the cell goes to `faults`.

    A place whose own columns say what its facts say stands as it is: that is most of a register.
    """
    try:
        stands = not text or not any(says for _, _, _, _, says, _, _ in _groups(text))
    except (ValueError, TypeError, AttributeError, RecursionError):
        stands = False
    return place if stands else replace(with_facts_of_cell(place, text, faults), facts=())


@lru_cache(maxsize=1024)
def _day(text: str) -> date:
    return date.fromisoformat(text)


def _said(says: Mapping[str, list[Any]]) -> Iterator[tuple[str, Any]]:
    for field, values in says.items():
        for value in values:
            yield field, value


@lru_cache(maxsize=4096)
def _groups(
    text: str,
) -> tuple[tuple[str, int, date, tuple[str, ...], tuple[tuple[str, Any], ...], str, datetime | None], ...]:
    """The groups of a cell of facts, checked; most rows of a register have one and the same cell."""
    groups = []
    for source_ref, rank, day, stands, says, *recorded in json.loads(text):
        if not isinstance(source_ref, str) or rank not in RANKS or set(stands.split()) - set(FACT_FIELDS):
            raise ValueError(source_ref)
        by, at = recorded or ("", "")
        recorded_at = datetime.fromisoformat(at) if at else None
        groups.append((source_ref, rank, _day(day), tuple(stands.split()), tuple(_said(says)), by, recorded_at))
    return tuple(groups)


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


def source_cells(place: Place, sources: Mapping[str, Source], told: set[str]) -> dict[str, str]:
    """
    The columns that name the sources of a place.

    Parameters
    ----------
    told
        Sources whose details stand in a row above; those of this row are added.
    """
    own = [sources[ref] for ref in place.source_refs if ref in sources]
    new = [source for source in own if source.ref not in told]
    told.update(source.ref for source in new)
    return {
        "sources": " ".join(place.source_refs),
        "licence": "; ".join(sorted({source.licence for source in own})),
        "source_details": json.dumps([_details(s) for s in new], ensure_ascii=False) if new else "",
    }


def _details(source: Source) -> dict[str, Any]:
    day = source.retrieved_on.isoformat() if source.retrieved_on else None
    return asdict(source) | {"retrieved_on": day}


def sources_of_rows(rows: Iterable[RawRow], file: str) -> tuple[tuple[Source, ...], list[Problem]]:
    """
    Every source that rows name, once, in the order of their refs, and which details cannot be read.

    A source whose row of details is gone is kept by its ref, its licence not stated.
    """
    found: dict[str, Source] = {}
    problems: list[Problem] = []
    named: set[str] = set()
    for row in rows:
        named.add(row.cells.get("sources", ""))
        if text := row.cells.get("source_details"):
            try:
                found |= {source.ref: source for source in map(_source, json.loads(text))}
            except (ValueError, TypeError, AttributeError, RecursionError):
                expected = "what this program wrote there; restore the cell or empty it"
                problems.append(Problem("source_details", text, expected, file, row.line))
    for ref in (ref for cell in named for ref in cell.split()):
        found.setdefault(ref, Source(ref, ref, "not stated", ""))
    return tuple(found[ref] for ref in sorted(found)), problems


def _source(details: dict[str, Any]) -> Source:
    day = details.pop("retrieved_on")
    is_share_alike = details.pop("is_share_alike") is True
    texts = {key: str(value) for key, value in details.items()}
    return Source(**texts, retrieved_on=date.fromisoformat(day) if day else None, is_share_alike=is_share_alike)
