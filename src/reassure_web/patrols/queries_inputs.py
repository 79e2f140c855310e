"""What a day is planned from, gathered from every room as the values that the rules read; and why each place on it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from reassure.errors import RuleError
from reassure.files.day_files import area_words
from reassure.files.declaration import parse_declaration
from reassure.files.facts import read_facts
from reassure.files.incidents import read_incidents
from reassure.occasions.values import Announcement, Occasion
from reassure.patrols.day import DayInputs, occasions_of_day
from reassure.patrols.must import must_visits
from reassure.patrols.need import PlaceFacts, PlaceNeed, assess
from reassure.patrols.problem import VisitLock, planning_window
from reassure.patrols.units import Unit
from reassure.periods import london_instant
from reassure.provenance import AREA_ATTRIBUTION
from reassure.threats.declarations import Declaration, require_in_force
from reassure.threats.incidents import Incident
from reassure_web.engagement.queries import last_visits
from reassure_web.occasions.queries import area_announcements, rules_of, stored_rules
from reassure_web.patrols.models import Day
from reassure_web.patrols.uploads import read_upload
from reassure_web.places.models import Area, Place
from reassure_web.places.queries_register import StoredRegister, register_of, stored_register
from reassure_web.places.queries_sources import credits_of

MOST_KEPT = 8
"""Days whose needs a process keeps; one of a large area takes 15 MB."""


def declaration_of(day: Day) -> Declaration | None:
    """The declaration that was loaded for a day; None where there is none."""
    return parse_declaration(day.declaration_text) if day.declaration_text else None


def units_of(day: Day) -> tuple[Unit, ...]:
    """The units that can be sent, by shift; those taken off are left out."""
    return tuple(row.facts() for row in day.units.filter(is_off=False)) if day.pk else ()


@dataclass(frozen=True, slots=True)
class Stored:
    """
    Everything that a plan of a day rests on, as the rooms have it stored; equal rows give equal inputs.

    Parameters
    ----------
    signed
        Ref of a place and kind, of each override that a commander signed.
    visited
        Ref of a place and the last day before this one on which somebody was there.
    """

    area_code: str
    area_name: str
    attribution: str
    on: date
    declaration_text: str
    facts_text: str
    incidents_text: str
    must_unknown: bool
    allow_shortfall: bool
    signed: tuple[tuple[str, str], ...]
    units: tuple[Unit, ...]
    register: StoredRegister
    rules: tuple[str, ...]
    announcements: tuple[Announcement, ...]
    visited: tuple[tuple[str, date], ...]


def stored_day(area: Area, day: Day) -> Stored:
    """What is stored of an area and a day, which nobody needs to have begun; nothing of it is worked out."""
    overrides = day.overrides.all() if day.pk else ()
    return Stored(
        area_code=area.code,
        area_name=area.name,
        attribution=area.attribution,
        on=day.on,
        declaration_text=day.declaration_text,
        facts_text=day.facts_text,
        incidents_text=day.incidents_text,
        must_unknown=day.must_unknown,
        allow_shortfall=day.allow_shortfall,
        signed=tuple((row.place_ref, row.kind) for row in overrides if row.state == "signed"),
        units=units_of(day),
        register=stored_register(area.code),
        rules=stored_rules(area.code),
        announcements=area_announcements(),
        visited=tuple(sorted(last_visits(area.code, day.on).items())),
    )


def day_inputs(area: Area, day: Day, *, locks: tuple[VisitLock, ...] = ()) -> DayInputs:
    """Everything that a plan of the day rests on, with whom it credits; occasions follow from places and rules."""
    outline = area.outline["coordinates"] if area.outline else None
    inputs = _inputs_of(stored_day(area, day))
    credited = credits_of(Place.objects.filter(area_code=area.code, is_standing=True))
    attributions = tuple(dict.fromkeys((*credited, *inputs.attributions)))
    return replace(inputs, locks=locks, outline=outline, attributions=attributions)


def _inputs_of(stored: Stored) -> DayInputs:
    code = stored.area_code
    area_name, force_name = area_words(code)
    register = register_of(stored.register)
    known = {place.ref for place in register.places}
    return DayInputs(
        area_code=code,
        area_name=stored.area_name if area_name == code else area_name,
        force_name=stored.area_name if force_name == code else force_name,
        on=stored.on,
        places=register.places,
        units=stored.units,
        rules=[rule for rule in rules_of(register, stored.rules) if rule.place_ref in known],
        declarations=(parse_declaration(stored.declaration_text),) if stored.declaration_text else (),
        facts=_facts(stored, known),
        incidents=_incidents(stored.incidents_text),
        announcements=stored.announcements,
        barred=frozenset(ref for ref, kind in stored.signed if kind == "bar"),
        attributions=(stored.attribution or AREA_ATTRIBUTION,),
        must_unknown=stored.must_unknown,
        allow_shortfall=stored.allow_shortfall,
    )


@dataclass(frozen=True, slots=True)
class DayNeeds:
    """
    Why each place on a day, for pages that show it.

    Parameters
    ----------
    window
        The planning window of the units; the whole day while there are none.
    must
        Reasons of the must-visits, by ref of the place.
    names
        Titles of the open places, by ref.
    hours
        Hours at places if each that may be visited gets one visit; journeys are left out.
    """

    window: tuple[datetime, datetime]
    occasions: tuple[Occasion, ...]
    needs: tuple[PlaceNeed, ...]
    must: Mapping[str, str]
    names: Mapping[str, str]
    hours: float


def day_needs(area: Area, day: Day) -> DayNeeds:
    """Why each place on a day as it stands, whether or not there are units yet."""
    return _needs_of(stored_day(area, day))


@lru_cache(maxsize=MOST_KEPT)
def _needs_of(stored: Stored) -> DayNeeds:
    """What follows from stored rows, kept by these rows: whatever changes one of them makes another question."""
    inputs = _inputs_of(stored)
    window = planning_window(inputs.units) if inputs.units else whole_day(inputs.on)
    occasions = occasions_of_day(inputs.places, inputs.rules, inputs.on, window, announcements=inputs.announcements)
    needs = assess(
        inputs.places,
        occasions,
        on=inputs.on,
        window=window,
        declarations=inputs.declarations,
        facts=inputs.facts,
        incidents=inputs.incidents,
        model=inputs.model,
    )
    must = must_visits(
        needs,
        inputs.places,
        declarations=inputs.declarations,
        facts=inputs.facts,
        incidents=inputs.incidents,
        on=inputs.on,
        must_unknown=inputs.must_unknown,
    )
    return DayNeeds(
        window,
        occasions,
        needs,
        must,
        {place.ref: place.title for place in inputs.places},
        len({need.place_ref for need in needs if need.score.gate == "open"}) * inputs.dwell_min / 60,
    )


def whole_day(on: date) -> tuple[datetime, datetime]:
    """Midnight to midnight in London."""
    return london_instant(on, time(0)), london_instant(on + timedelta(days=1), time(0))


def refuse_lapsed(day: Day, *, now: datetime) -> None:
    """`RuleError` when the declaration of a day has lapsed: no new plan then; old ones stay readable."""
    declaration = declaration_of(day)
    if declaration is not None:
        require_in_force(declaration, now=now)


def refuse_past(on: date, today: date) -> None:
    """`RuleError` when a day that is over is planned."""
    if on < today:
        raise RuleError(f"{on:%-d %B %Y} is over; expected today or a later day.")


def _facts(stored: Stored, known: set[str]) -> dict[str, PlaceFacts]:
    """Facts of the loaded file, with visits since and with what a commander signed."""
    text = stored.facts_text
    given = read_upload(text.encode(), "facts.csv", read_facts) if text else {}
    visited = dict(stored.visited)
    musts = {ref for ref, kind in stored.signed if kind == "must"}
    found = {}
    for ref in sorted((set(given) | set(visited) | musts) & known):
        facts = given.get(ref) or PlaceFacts(ref)
        days = [on for on in (facts.last_visit_on, visited.get(ref)) if on is not None]
        found[ref] = replace(facts, last_visit_on=max(days, default=None), must=facts.must or ref in musts)
    return found


def _incidents(text: str) -> tuple[Incident, ...]:
    return read_upload(text.encode(), "incidents.csv", read_incidents) if text else ()
