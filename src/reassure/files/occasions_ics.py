"""Occasions as an iCalendar feed (RFC 5545), and back again.

Rules: one event an occasion; its UID is the occasion's `ref`, so that a calendar program replaces what it has.
Start and end are those of the first and last sitting, in UTC. The summary names the kind of occasion and the
place, never a person. A cancelled occasion stays in the feed with the status CANCELLED. What a calendar has no
field for stands as JSON in X-REASSURE-OCCASION. Attendance bands are never written.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import icalendar

from reassure.errors import InputError, Problem
from reassure.files.occasions_json import occasion_object, occasion_of_object
from reassure.occasions.keys import KEYS
from reassure.occasions.values import CONFIDENCES, Occasion, change_overs
from reassure.periods import london_wall
from reassure.places.place import Place

PRODUCT = "-//Reassure//Occasions 1//EN"
WHOLE = "X-REASSURE-OCCASION"
STATUS = {"forecast": "TENTATIVE", "announced": "TENTATIVE", "confirmed": "CONFIRMED", "cancelled": "CANCELLED"}
"""Our status as iCalendar says it."""


def occasions_ics(
    occasions: Iterable[Occasion],
    places: Mapping[str, Place],
    *,
    made_at: datetime,
    name: str = "Occasions",
    attributions: Sequence[str] = (),
) -> bytes:
    """
    A calendar of occasions, in the order given.

    Parameters
    ----------
    places
        By `ref`; every place of an occasion is among them.
    made_at
        Instant that stands as DTSTAMP of every event, aware.
    attributions
        Words that licences ask for; they stand in the description of the calendar.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    if attributions:
        calendar.add("x-wr-caldesc", " ".join(attributions))
    for occasion in occasions:
        calendar.add_component(_event(occasion, places[occasion.place_ref], made_at))
    return bytes(calendar.to_ical())


def read_occasions_ics(data: bytes, file: str) -> tuple[Occasion, ...]:
    """
    The occasions of a feed that `occasions_ics` wrote, in its order, without bands.

    Raises
    ------
    InputError
        With every fault of every event: no calendar, an event without our field, times that contradict it.
    """
    try:
        calendar = icalendar.Calendar.from_ical(data)
    except (ValueError, IndexError, KeyError) as error:
        says = f"cannot be read as iCalendar ({str(error)[:80]})"
        raise InputError([Problem("", "", "an iCalendar file", file=file, says=says)]) from None
    found, problems = [], []
    for number, event in enumerate(calendar.walk("VEVENT"), start=1):
        try:
            found.append(_occasion(event))
        except InputError as error:
            problems += [
                Problem(p.column, p.value, p.expected, file=f"{file}, event {number}", says=p.says)
                for p in error.problems
            ]
    if problems:
        raise InputError(problems)
    return tuple(found)


def _event(occasion: Occasion, place: Place, made_at: datetime) -> icalendar.Event:
    words = KEYS[occasion.key].words
    event = icalendar.Event()
    event.add("uid", occasion.ref)
    event.add("dtstamp", made_at)
    event.add("dtstart", occasion.starts_at)
    event.add("dtend", max(sitting.ends_at for sitting in occasion.sittings))
    event.add("summary", f"{words}: {place.title}")
    event.add("description", _description(occasion))
    event.add("status", STATUS[occasion.status])
    event.add("transp", "TRANSPARENT")
    point = occasion.route[0] if occasion.route else place.point
    event.add("geo", (round(point.lat_deg, 6), round(point.lon_deg, 6)))
    if location := ", ".join(filter(None, (place.title, place.address, place.postcode))):
        event.add("location", location)
    event.add(WHOLE, json.dumps(occasion_object(occasion), ensure_ascii=False, separators=(",", ":")))
    return event


def _description(occasion: Occasion) -> str:
    """Times as London's clock shows them, how sure they are, and the notes; one line each."""
    starts = " and ".join(f"{london_wall(sitting.starts_at):%H:%M}" for sitting in occasion.sittings)
    lines = [
        f"Starts {starts}. People arrive from {london_wall(occasion.arrive_from):%H:%M} "
        f"and have left by {london_wall(occasion.gone_by):%H:%M}.",
        *(
            f"Change-over {london_wall(start):%H:%M} to {london_wall(end):%H:%M}."
            for start, end in change_overs(occasion)
        ),
        f"How sure: {CONFIDENCES[occasion.confidence]}.",
        *(f"{note[:1].upper()}{note[1:]}." for note in occasion.notes),
    ]
    return "\n".join(lines)


def _occasion(event: icalendar.Component) -> Occasion:
    text = event.get(WHOLE)
    if text is None:
        raise InputError([Problem(WHOLE, "", "an event that Reassure wrote")])
    try:
        value = json.loads(str(text))
    except ValueError:
        raise InputError([Problem(WHOLE, str(text), "JSON")]) from None
    if not isinstance(value, dict):
        raise InputError([Problem(WHOLE, str(text), "a JSON object")])
    occasion = occasion_of_object(value)
    if str(event.get("uid")) != occasion.ref:
        raise InputError([Problem("UID", str(event.get("uid")), occasion.ref)])
    starts = event.get("dtstart")
    if starts is None or starts.dt != occasion.starts_at:
        raise InputError([Problem("DTSTART", str(starts and starts.dt), occasion.starts_at.isoformat())])
    return occasion
