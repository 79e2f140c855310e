"""When the places of an area gather: the rules that are held, and the occasions that follow from them."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.db.models import TextField
from django.db.models.functions import Cast

from reassure.errors import InputError
from reassure.files.rules_json import rule_of_object
from reassure.occasions.expand import expand
from reassure.occasions.osm_times import osm_rules
from reassure.occasions.rules import word_date
from reassure.occasions.values import Announcement as Said
from reassure.occasions.values import Confirmed, Occasion, OneOff
from reassure.occasions.values import Rule as Facts
from reassure.places.place import Place
from reassure_web.occasions.models import Announcement, Rule
from reassure_web.places import queries_register as places


def area_rules(area_code: str) -> list[Facts]:
    """Every rule that holds at the places of an area: those of rows, and those read from OpenStreetMap's texts."""
    return rules_of(places.area_register(area_code), stored_rules(area_code))


def stored_rules(area_code: str) -> tuple[str, ...]:
    """The records, as JSON, of the rows of rules that hold at the places of an area, in their order."""
    rows = Rule.objects.filter(place_ref__in=places.place_refs_of(area_code), ended_at=None)
    return tuple(rows.annotate(text=Cast("record", TextField())).values_list("text", flat=True))


def rules_of(register: places.AreaRegister, stored: Iterable[str]) -> list[Facts]:
    """The rules that hold at the places of a register, those of merged records for the place that stands."""
    rows = [rule_of_object(json.loads(text)) for text in stored]
    held = [spoken_of(rule, register.aliases.resolve(rule.place_ref)) for rule in rows]
    return [*held, *(rule for text in register.texts for rule in text_rules(text.place, text.raw))]


def area_announcements() -> tuple[Said, ...]:
    """What authorities and places announced about Muslim dates, oldest first."""
    return tuple(row.facts() for row in Announcement.objects.order_by("announced_at", "id"))


def area_occasions(area_code: str, start_date: date, end_date: date) -> list[Occasion]:
    """Every occasion at the open places of an area from one civil date to another, both inside, by time."""
    register = places.area_register(area_code)
    rules = rules_of(register, stored_rules(area_code))
    return list(expand(register.places, rules, start_date, end_date, announcements=area_announcements()))


def spoken_of(rule: Facts, ref: str) -> Facts:
    """The rule as one of the place that stands for the record it was made for."""
    return rule if rule.place_ref == ref else replace(rule, place_ref=ref)


def text_rules(place: Place, raw: str) -> tuple[Facts, ...]:
    """The rules that OpenStreetMap's text makes for a place; none where it cannot be read."""
    text = places.raw_times(place, raw)
    try:
        return tuple(osm_rules(text.place, text.raw, text.source_ref, text.observed_on))
    except InputError:
        return ()


def date_of(rule: Facts) -> date | None:
    """The date of a place's word; nothing for a rule that is no word for one date."""
    return word_date(rule.when) if isinstance(rule.when, OneOff | Confirmed) else None
