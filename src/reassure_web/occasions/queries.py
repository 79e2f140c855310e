"""When the places of an area gather: the rules that are held, and the occasions that follow from them."""

from dataclasses import replace
from datetime import date

from reassure.errors import InputError
from reassure.occasions.expand import expand
from reassure.occasions.osm_times import osm_rules
from reassure.occasions.values import Announcement as Said
from reassure.occasions.values import Occasion
from reassure.occasions.values import Rule as Facts
from reassure_web.occasions.models import Announcement, Rule
from reassure_web.places import queries as places


def area_rules(area_code: str) -> list[Facts]:
    """Every rule that holds at the places of an area: those of rows, and those read from OpenStreetMap's texts."""
    rows = Rule.objects.filter(place_ref__in=places.place_refs_of(area_code), ended_at=None)
    merged = places.aliases()
    held = [_spoken_of(row.facts(), merged.resolve(row.place_ref)) for row in rows]
    texts = (rule for text in places.texts_that_are_read(area_code) for rule in _osm_rules(text))
    return [*held, *texts]


def area_announcements() -> tuple[Said, ...]:
    """What authorities and places announced about Muslim dates, oldest first."""
    return tuple(row.facts() for row in Announcement.objects.order_by("announced_at", "id"))


def area_occasions(area_code: str, start_date: date, end_date: date) -> list[Occasion]:
    """Every occasion at the open places of an area from one civil date to another, both inside, by time."""
    held = places.area_places(area_code)
    rules = area_rules(area_code)
    return list(expand(held, rules, start_date, end_date, announcements=area_announcements()))


def _spoken_of(rule: Facts, ref: str) -> Facts:
    """The rule as one of the place that stands for the record it was made for."""
    return rule if rule.place_ref == ref else replace(rule, place_ref=ref)


def _osm_rules(text: places.RawTimes) -> list[Facts]:
    try:
        return osm_rules(text.place, text.raw, text.source_ref, text.observed_on)
    except InputError:
        return []
