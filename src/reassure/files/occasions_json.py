"""Occasions as JSON: one object an occasion, and back again.

Rules: the field names of `occasions.values.Occasion`; instants in UTC (`2026-11-27T12:45:00+00:00`), dates as
ISO days, points as [lat_deg, lon_deg]. Attendance bands are never written: they are the place's own word.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from reassure.errors import InputError, Problem
from reassure.geo import Point
from reassure.occasions.keys import key
from reassure.occasions.values import CONFIDENCES, STATUSES, Occasion, Sitting, checked_sitting
from reassure.periods import parse_date, parse_instant
from reassure.places.place import Place

FORMAT = "reassure-occasions"
VERSION = 1
INSTANTS = ("arrive_from", "starts_at", "ends_at", "gone_by", "earliest", "latest")


def occasion_object(occasion: Occasion) -> dict[str, Any]:
    """An occasion as a JSON object; fields at their usual value are left out, except those that every reader needs."""
    found: dict[str, Any] = {
        "ref": occasion.ref,
        "place_ref": occasion.place_ref,
        "key": occasion.key,
        "on": occasion.on.isoformat(),
        "sittings": [{name: getattr(s, name).isoformat() for name in INSTANTS} for s in occasion.sittings],
        "confidence": occasion.confidence,
        "rank": occasion.rank,
        "source_ref": occasion.source_ref,
        "status": occasion.status,
    }
    if occasion.date_share != 1:
        found["date_share"] = occasion.date_share
    others: dict[str, Any] = {
        "authority": occasion.authority,
        "is_outdoor": occasion.is_outdoor,
        "route": [[point.lat_deg, point.lon_deg] for point in occasion.route],
        "observed_on": occasion.observed_on.isoformat() if occasion.observed_on else None,
        "replaces": list(occasion.replaces),
        "notes": list(occasion.notes),
    }
    return found | {name: value for name, value in others.items() if value}


def occasion_of_object(value: Mapping[str, Any]) -> Occasion:
    """The occasion of a JSON object, without its band; `InputError` names the field that is not what it has to be."""
    try:
        sittings = tuple(
            checked_sitting(Sitting(**{name: parse_instant(str(item[name]), name) for name in INSTANTS}))
            for item in value["sittings"]
        )
        found = Occasion(
            ref=str(value["ref"]),
            place_ref=str(value["place_ref"]),
            key=key(str(value["key"])).code,
            on=parse_date(str(value["on"]), "on"),
            sittings=sittings,
            date_share=float(value.get("date_share", 1.0)),
            authority=str(value.get("authority", "")),
            is_outdoor=bool(value.get("is_outdoor", False)),
            route=tuple(Point(float(lat), float(lon)) for lat, lon in value.get("route", ())),
            source_ref=str(value.get("source_ref", "")),
            observed_on=_date_or_none(value.get("observed_on")),
            confidence=str(value["confidence"]),
            status=str(value["status"]),
            replaces=tuple(str(code) for code in value.get("replaces", ())),
            rank=int(value["rank"]),
            notes=tuple(str(note) for note in value.get("notes", ())),
        )
    except KeyError as error:
        raise InputError([Problem(str(error.args[0]), "", "a value", says=f"{error.args[0]} is missing")]) from None
    except (TypeError, ValueError, AttributeError):
        raise InputError([Problem("occasion", str(value), "an object as docs/rooms/occasions.md describes")]) from None
    if problems := _problems(found):
        raise InputError(problems)
    return found


def occasions_json(
    occasions: Iterable[Occasion],
    places: Mapping[str, Place],
    *,
    first: date,
    last: date,
    digests: Mapping[str, str],
    attributions: Sequence[str],
) -> str:
    """
    A document of occasions, in the order given, counts by key of those that take place, and the places they are at.

    Parameters
    ----------
    digests
        SHA-256 of each input by its name (`register`, `timetables`).
    attributions
        Words that licences ask for wherever the facts are shown.
    """
    held = list(occasions)
    counts = Counter(occasion.key for occasion in held if occasion.status != "cancelled")
    refs = {occasion.place_ref for occasion in held}
    document = {
        "format": FORMAT,
        "version": VERSION,
        "first": first.isoformat(),
        "last": last.isoformat(),
        "inputs": dict(digests),
        "attributions": list(attributions),
        "counts": dict(sorted(counts.items())),
        "n_cancelled": sum(occasion.status == "cancelled" for occasion in held),
        "confidences": CONFIDENCES,
        "places": {ref: _place_object(places[ref]) for ref in sorted(refs)},
        "occasions": [occasion_object(occasion) for occasion in held],
    }
    return json.dumps(document, ensure_ascii=False) + "\n"


def _place_object(place: Place) -> dict[str, Any]:
    return {
        "name": place.name,
        "area_code": place.area_code,
        "faiths": sorted(place.faiths),
        "lat_deg": place.point.lat_deg,
        "lon_deg": place.point.lon_deg,
    }


def _problems(occasion: Occasion) -> list[Problem]:
    found = []
    if not occasion.sittings:
        found.append(Problem("sittings", "", "one sitting or more"))
    if not 0 <= occasion.date_share <= 1:
        found.append(Problem("date_share", f"{occasion.date_share:g}", "0 to 1"))
    if occasion.confidence not in CONFIDENCES:
        found.append(Problem("confidence", occasion.confidence, "one of " + ", ".join(CONFIDENCES)))
    if occasion.status not in STATUSES:
        found.append(Problem("status", occasion.status, "one of " + ", ".join(STATUSES)))
    if not 1 <= occasion.rank <= 5:
        found.append(Problem("rank", str(occasion.rank), "1 to 5"))
    return found


def _date_or_none(value: object) -> date | None:
    return None if value is None else parse_date(str(value), "observed_on")
