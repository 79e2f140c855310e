"""What a day is planned from, gathered from every room as the values that the rules read."""

from dataclasses import replace
from datetime import date, datetime

from reassure.errors import RuleError
from reassure.files.day_files import area_words
from reassure.files.declaration import parse_declaration
from reassure.files.facts import read_facts
from reassure.files.incidents import read_incidents
from reassure.occasions.values import Occasion
from reassure.patrols.day import DayInputs, occasions_of_day
from reassure.patrols.need import PlaceFacts, PlaceNeed, assess
from reassure.patrols.problem import VisitLock, planning_window
from reassure.patrols.units import Unit
from reassure.provenance import AREA_ATTRIBUTION
from reassure.threats.declarations import Declaration, require_in_force
from reassure.threats.incidents import Incident
from reassure_web.engagement.queries import last_visits
from reassure_web.occasions.queries import area_announcements, rules_of
from reassure_web.patrols.models import Day
from reassure_web.patrols.uploads import read_upload
from reassure_web.places.models import Area
from reassure_web.places.queries import area_register


def declaration_of(day: Day) -> Declaration | None:
    """The declaration that was loaded for a day; None where there is none."""
    return parse_declaration(day.declaration_text) if day.declaration_text else None


def units_of(day: Day) -> tuple[Unit, ...]:
    """The units that can be sent, by shift; those taken off are left out."""
    return tuple(row.facts() for row in day.units.filter(is_off=False)) if day.pk else ()


def day_inputs(area: Area, day: Day, *, locks: tuple[VisitLock, ...] = ()) -> DayInputs:
    """Everything that a plan of the day rests on; occasions follow from places and rules."""
    overrides = day.overrides.all() if day.pk else ()
    signed = {row.place_ref: row.kind for row in overrides if row.state == "signed"}
    declaration = declaration_of(day)
    area_name, force_name = area_words(area.code)
    register = area_register(area.code)
    places = register.places
    known = {place.ref for place in places}
    return DayInputs(
        area_code=area.code,
        area_name=area.name if area_name == area.code else area_name,
        force_name=area.name if force_name == area.code else force_name,
        on=day.on,
        places=places,
        units=units_of(day),
        rules=[rule for rule in rules_of(register, area.code) if rule.place_ref in known],
        declarations=(declaration,) if declaration else (),
        facts=_facts(day, signed, {place.ref for place in places}),
        incidents=_incidents(day),
        announcements=area_announcements(),
        locks=locks,
        barred=frozenset(ref for ref, kind in signed.items() if kind == "bar"),
        outline=area.outline["coordinates"] if area.outline else None,
        attributions=tuple(filter(None, (area.attribution,))) or (AREA_ATTRIBUTION,),
        must_unknown=day.must_unknown,
        allow_shortfall=day.allow_shortfall,
    )


def needs_of_day(
    inputs: DayInputs, window: tuple[datetime, datetime]
) -> tuple[tuple[Occasion, ...], tuple[PlaceNeed, ...]]:
    """Occasions, and the need of every place and occasion in a window, whether or not there are units yet."""
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
    return occasions, needs


def window_of(inputs: DayInputs, whole_day: tuple[datetime, datetime]) -> tuple[datetime, datetime]:
    """The planning window of the units; the whole day while there are none."""
    return planning_window(inputs.units) if inputs.units else whole_day


def refuse_lapsed(day: Day, *, now: datetime) -> None:
    """`RuleError` when the declaration of a day has lapsed: no new plan then; old ones stay readable."""
    declaration = declaration_of(day)
    if declaration is not None:
        require_in_force(declaration, now=now)


def refuse_past(on: date, today: date) -> None:
    """`RuleError` when a day that is over is planned."""
    if on < today:
        raise RuleError(f"{on:%-d %B %Y} is over; expected today or a later day.")


def _facts(day: Day, signed: dict[str, str], known: set[str]) -> dict[str, PlaceFacts]:
    """Facts of the loaded file, with visits since and with what a commander signed."""
    given = read_upload(day.facts_text.encode(), "facts.csv", read_facts) if day.facts_text else {}
    visited = last_visits(day.area_code, day.on)
    musts = {ref for ref, kind in signed.items() if kind == "must"}
    found = {}
    for ref in sorted((set(given) | set(visited) | musts) & known):
        facts = given.get(ref) or PlaceFacts(ref)
        days = [on for on in (facts.last_visit_on, visited.get(ref)) if on is not None]
        found[ref] = replace(facts, last_visit_on=max(days, default=None), must=facts.must or ref in musts)
    return found


def _incidents(day: Day) -> tuple[Incident, ...]:
    return read_upload(day.incidents_text.encode(), "incidents.csv", read_incidents) if day.incidents_text else ()
