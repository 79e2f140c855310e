"""Occasions as an iCalendar feed (RFC 5545), and back again.

Rules: one event an occasion; its UID is the occasion's `ref`, so that a calendar program replaces what it has.
Start and end are those of the first and last sitting, in UTC. The summary names the kind of occasion and the
place, never a person. A cancelled occasion stays in the feed with the status CANCELLED. What a calendar has no
field for stands as JSON in X-REASSURE-OCCASION. Attendance bands are never written. Lines are written directly: the
library takes a millisecond for each event. Reading is icalendar's.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache

import icalendar

from reassure.errors import InputError, Problem
from reassure.files.occasions_json import occasion_object, occasion_of_object
from reassure.occasions.keys import KEYS
from reassure.occasions.values import CONFIDENCES, Occasion, Sitting, change_overs
from reassure.periods import london_wall
from reassure.places.place import Place

PRODUCT = "-//Reassure//Occasions 1//EN"
WHOLE = "X-REASSURE-OCCASION"
LINE_OCTETS = 75
_CONTROLS = dict.fromkeys((*range(10), *range(11, 32), 127))
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
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "METHOD:PUBLISH", f"X-WR-CALNAME:{_text(name)}"]
    if attributions:
        lines.append(f"X-WR-CALDESC:{_text(' '.join(attributions))}")
    stamp = _utc(made_at)
    for occasion in occasions:
        lines += _event(occasion, places[occasion.place_ref], stamp)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


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


def _event(occasion: Occasion, place: Place, stamp: str) -> list[str]:
    """The lines of an event, not yet folded."""
    point = occasion.route[0] if occasion.route else place.point
    location = ", ".join(filter(None, (place.title, place.address, place.postcode)))
    whole = json.dumps(occasion_object(occasion), ensure_ascii=False, separators=(",", ":"))
    return [
        "BEGIN:VEVENT",
        f"SUMMARY:{_text(f'{KEYS[occasion.key].words}: {place.title}')}",
        f"DTSTART:{_utc(occasion.starts_at)}",
        f"DTEND:{_utc(max(sitting.ends_at for sitting in occasion.sittings))}",
        f"DTSTAMP:{stamp}",
        f"UID:{_text(occasion.ref)}",
        f"DESCRIPTION:{_text(_description(occasion.sittings, occasion.confidence, occasion.notes))}",
        f"GEO:{round(point.lat_deg, 6)};{round(point.lon_deg, 6)}",
        f"LOCATION:{_text(location)}",
        f"STATUS:{STATUS[occasion.status]}",
        "TRANSP:TRANSPARENT",
        f"{WHOLE}:{whole}",
        "END:VEVENT",
    ]


def _text(value: str) -> str:
    """A TEXT value, escaped (RFC 5545, 3.3.11); other control characters are left out."""
    plain = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\r\n", "\n")
    return plain.translate(_CONTROLS).replace("\n", "\\n")


@lru_cache(maxsize=4096)
def _utc(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _folded(line: str) -> str:
    """A content line in pieces of at most 75 octets, no character cut (RFC 5545, 3.1)."""
    if line.isascii():
        if len(line) <= LINE_OCTETS:
            return line
        rest = line[LINE_OCTETS:]
        more = (rest[at : at + LINE_OCTETS - 1] for at in range(0, len(rest), LINE_OCTETS - 1))
        return line[:LINE_OCTETS] + "".join(f"\r\n {piece}" for piece in more)
    pieces: list[str] = []
    held, size = "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > LINE_OCTETS:
            pieces.append(held)
            held, size = "", 1
        held, size = held + character, size + octets
    return "\r\n ".join([*pieces, held])


@lru_cache(maxsize=4096)
def _description(sittings: tuple[Sitting, ...], confidence: str, notes: tuple[str, ...]) -> str:
    """Times as London's clock shows them, how sure they are, and the notes; one line each."""
    occasion = Occasion("", "", "", date.min, sittings)
    starts = " and ".join(f"{london_wall(sitting.starts_at):%H:%M}" for sitting in sittings)
    lines = [
        f"Starts {starts}. People arrive from {london_wall(occasion.arrive_from):%H:%M} "
        f"and have left by {london_wall(occasion.gone_by):%H:%M}.",
        *(
            f"Change-over {london_wall(start):%H:%M} to {london_wall(end):%H:%M}."
            for start, end in change_overs(occasion)
        ),
        f"How sure: {CONFIDENCES[confidence]}.",
        *(f"{note[:1].upper()}{note[1:]}." for note in notes),
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
