"""The visits of a plan as an iCalendar feed (RFC 5545).

Rules: one event a visit; its UID comes from area, day, place and the how-manieth visit there, so that a new plan of
the same day moves events instead of doubling them. Times are UTC. DTSTAMP is when the plan says it was made, else
its first hour; never the clock. Every event is CONFIDENTIAL and carries the marking; there are no points.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping
from typing import Any

import icalendar

from reassure.files.plain_text import plain
from reassure.patrols.briefing import TASKS, Index, Visit, attribution, cards, day_words, index_plan, instant

PRODUCT = "-//Reassure//Patrol plan 1//EN"


def plan_ics(document: Mapping[str, Any]) -> bytes:
    """A calendar with an event for each visit, by unit and time; `InputError` for rows that do not fit together."""
    index = index_plan(document)
    name = f"{document['marking']}: visits, {document['area']['name']}, {day_words(index.clock.on)}"
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", plain(name))
    calendar.add("x-wr-caldesc", plain(attribution(document)))
    seen: Counter[str] = Counter()
    for card in cards(index):
        for visit in card.visits:
            seen[visit.place_ref] += 1
            calendar.add_component(_event(index, visit, seen[visit.place_ref]))
    return bytes(calendar.to_ical())


def _event(index: Index, visit: Visit, nth: int) -> icalendar.Event:
    document = index.document
    event = icalendar.Event()
    event.add("uid", _uid(index, visit, nth))
    event.add("dtstamp", instant(document["created_at"] or document["window"]["starts_at"]))
    event.add("dtstart", visit.starts_at)
    event.add("dtend", visit.ends_at)
    event.add("summary", plain(f"{_prefix(document)}{visit.callsign}, visit {visit.number}: {visit.name}"))
    event.add("description", "\n".join(map(plain, _lines(index, visit))))
    event.add("location", plain(", ".join(filter(None, (visit.name, visit.where)))))
    event.add("geo", (visit.lat_deg, visit.lon_deg))
    event.add("categories", [plain(visit.callsign)])
    event.add("class", "CONFIDENTIAL")
    event.add("status", "TENTATIVE" if document["status"] == "draft" else "CONFIRMED")
    event.add("x-reassure-place", plain(visit.place_ref))
    return event


def _prefix(document: Mapping[str, Any]) -> str:
    """EXERCISE or TEST where the plan is one, so that no visit is taken for a real one in a list of events."""
    kinds = {d["status"] for d in document["inputs"]["declarations"]}
    return "EXERCISE " if "exercise" in kinds else "TEST " if "test" in kinds else ""


def _lines(index: Index, visit: Visit) -> list[str]:
    document = index.document
    draft = " DRAFT" if document["status"] == "draft" else ""
    return [
        f"{document['marking']}{draft}",
        f"{TASKS[visit.kind]}{f' ({visit.occasion})' if visit.occasion else ''}.",
        f"Start by {index.clock.time(visit.start_by)}.",
        visit.manners,
        *visit.lines,
        f"Plan {document['digest'][:16]}",
        str(document["marking"]),
    ]


def _uid(index: Index, visit: Visit, nth: int) -> str:
    key = "|".join((index.document["area"]["code"], index.document["on"], visit.place_ref, str(nth)))
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:32] + "@visits.reassure"
