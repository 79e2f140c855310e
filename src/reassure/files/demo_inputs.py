"""The demo area as the files that a planner would have: what `reassure patrols plan` reads.

Rules: names and columns of the files are those of the commands, so that the demo shows the command a planner uses.
Same area, same bytes. Elsewhere: the area (`demo_area`), the readers (`register`, `units`, `timetables`, ...).
"""

import csv
import io
import json
from collections.abc import Iterable, Sequence

from reassure.errors import InputError, Problem
from reassure.files.csv_rows import safe_cell
from reassure.files.demo_area import DemoArea
from reassure.files.demo_ground import SOURCE
from reassure.files.register_csv import register_bytes
from reassure.files.units import units_csv
from reassure.geo import Point
from reassure.occasions.values import OneOff, Rule, TableRow, Weekly
from reassure.threats.declarations import Declaration

PLACES, UNITS, TIMETABLES, FACTS, INCIDENTS, DECLARATION, AREAS = (
    "places.csv",
    "units.csv",
    "timetables.csv",
    "facts.csv",
    "incidents.csv",
    "declaration.toml",
    "areas.geojson",
)
"""Names of the files, each the value of the option of `reassure patrols plan` that reads it."""

DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def input_files(area: DemoArea) -> dict[str, bytes]:
    """Every file of the demo area by name, in the order of the options of `reassure patrols plan`."""
    return {
        PLACES: register_bytes(area.places, (SOURCE,)),
        UNITS: units_csv(area.units),
        TIMETABLES: _timetables(area.rules),
        FACTS: _facts(area),
        INCIDENTS: _incidents(area),
        DECLARATION: _declaration(area.declaration),
        AREAS: _areas(area),
    }


def _csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return out.getvalue().encode()


def _degrees(point: Point | None) -> tuple[str, str]:
    return (f"{point.lat_deg:.6f}", f"{point.lon_deg:.6f}") if point else ("", "")


def _timetables(rules: Iterable[Rule]) -> bytes:
    columns = ("place_ref", "key", "on", "days", "season", "local_time", "length_min", "source", "status")
    return _csv(columns, (_timetable_row(rule) for rule in rules))


def _timetable_row(rule: Rule) -> tuple[str, ...]:
    when = rule.when
    if isinstance(when, Weekly):
        days = ";".join(DAY_NAMES[day] for day in when.days)
        on, season, at, status = "", when.season, when.local_time, ""
    elif isinstance(when, TableRow):
        on, days, season, at, status = when.on.isoformat(), "", "", when.local_time, ""
    elif isinstance(when, OneOff):
        on, days, season, at = when.starts_local.date().isoformat(), "", "", when.starts_local.time()
        status = "cancelled" if when.is_cancelled else "confirmed"
    else:
        raise InputError(
            [Problem("when", type(when).__name__, "a weekly rule, a published row or a word for one date")]
        )
    length = "" if rule.length_min is None else str(rule.length_min)
    return (rule.place_ref, rule.key, on, days, season, at.strftime("%H:%M"), length, rule.source_ref, status)


def _facts(area: DemoArea) -> bytes:
    columns = ("place_ref", "last_visit_on", "request_until", "gap_share", "presence", "band", "must")
    return _csv(
        columns,
        (
            (
                fact.place_ref,
                fact.last_visit_on.isoformat() if fact.last_visit_on else "",
                fact.request_until.isoformat() if fact.request_until else "",
                "" if fact.gap_share is None else f"{fact.gap_share:.2f}",
                fact.presence,
                fact.band,
                "yes" if fact.must else "",
            )
            for fact in area.facts
        ),
    )


def _incidents(area: DemoArea) -> bytes:
    columns = ("ref", "place_ref", "lat_deg", "lon_deg", "family", "ended_on", "origin")
    return _csv(
        columns,
        ((i.ref, i.place_ref, *_degrees(i.point), i.family, i.ended_on.isoformat(), i.origin) for i in area.incidents),
    )


def _declaration(declaration: Declaration) -> bytes:
    d = declaration
    lines = ["# Generated for a demonstration: no event and no threat stands behind it."]
    for key, value in (
        ("ref", d.ref),
        ("revision", d.revision),
        ("status", d.status),
        ("msg_type", d.msg_type),
        ("title", d.title),
        ("threat_wording", d.threat_wording),
        ("faiths_named", sorted(d.faiths_named)),
        ("is_all_faiths", d.is_all_faiths),
        ("areas", sorted(d.areas)),
        ("activities", sorted(d.activities)),
        ("issued_by", d.issued_by),
        ("approved_by", d.approved_by),
    ):
        lines.append(f"{key} = {json.dumps(value, ensure_ascii=False)}")
    for name, at in (
        ("issued_at", d.issued_at),
        ("starts_at", d.starts_at),
        ("review_at", d.review_at),
        ("expires_at", d.expires_at),
    ):
        lines.append(f"{name} = {at.isoformat()}")
    lines += ["", "[wordings]", *(f"{who} = {json.dumps(words, ensure_ascii=False)}" for who, words in d.wordings)]
    return ("\n".join(lines) + "\n").encode()


def _areas(area: DemoArea) -> bytes:
    ring = [[p.lon_deg, p.lat_deg] for p in area.outline]
    feature = {
        "type": "Feature",
        "properties": {"pfa_code": area.code, "pfa_name": area.name, "nation": "generated"},
        "geometry": {"type": "MultiPolygon", "coordinates": [[ring]]},
    }
    document = {
        "type": "FeatureCollection",
        "name": "demo_area",
        "attribution": SOURCE.attribution,
        "features": [feature],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
