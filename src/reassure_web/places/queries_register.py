"""The register of one area as the rules read it: its open places, and the texts of times that a rule could read.

Rules: what is stored and what follows from it are two steps, so that a caller may keep the second by the first. Nothing
here rests on who said what of a place, so most records are read without their facts, in a third of the time.
"""

import json
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from reassure.files.place_json import place_of_object, settled_place_of_object
from reassure.places.merging import Alias, Aliases, read_together
from reassure.places.place import Place as Facts
from reassure.places.sources import RANK_OSM
from reassure_web.places.models import Place
from reassure_web.places.queries import aliases


@dataclass(frozen=True, slots=True)
class StoredRegister:
    """
    What is stored of an area; equal rows give equal registers.

    Parameters
    ----------
    standing
        Record as JSON, text of times and its state, of each standing record by ref.
    absorbed
        Record as JSON of each record that was merged into one of those, by ref.
    merges
        Every merge of the nation.
    """

    standing: tuple[tuple[str, str, str], ...]
    absorbed: tuple[str, ...]
    merges: tuple[Alias, ...]


@dataclass(frozen=True, slots=True)
class RawTimes:
    """The text of OpenStreetMap on when a place gathers, as it was read."""

    place: Facts
    raw: str
    source_ref: str
    observed_on: date | None


@dataclass(frozen=True, slots=True)
class AreaRegister:
    """The open places of an area by ref, the texts of times that a rule could read, and merges."""

    places: list[Facts]
    texts: list[RawTimes]
    aliases: Aliases


def area_register(area_code: str) -> AreaRegister:
    """What is known of an area, read at once; its places carry no facts, those of `texts` do."""
    return register_of(stored_register(area_code))


def area_places(area_code: str) -> list[Facts]:
    """The open places of an area as the rules read them, merged ones read together, by ref."""
    return area_register(area_code).places


def stored_register(area_code: str) -> StoredRegister:
    """What is stored of an area, in three questions at most."""
    rows = Place.objects.filter(area_code=area_code, is_standing=True).order_by("ref").annotate(text=_TEXT)
    standing = tuple(rows.values_list("text", "service_times", "times_state", "ref"))
    merged = aliases()
    here = {ref for *_, ref in standing} if merged.by_absorbed else set()
    refs = [ref for ref in merged.by_absorbed if merged.resolve(ref) in here]
    others = Place.objects.filter(ref__in=refs).order_by("ref").annotate(text=_TEXT).values_list("text", flat=True)
    return StoredRegister(
        tuple((text, times, state) for text, times, state, _ in standing),
        tuple(others) if refs else (),
        tuple(merged.by_absorbed.values()),
    )


_TEXT = Cast("record", TextField())
"""A record as the database has it: read as text, it is parsed once and only where it has to be."""


def register_of(stored: StoredRegister) -> AreaRegister:
    """The register that follows from what is stored."""
    merged = Aliases({merge.absorbed: merge for merge in stored.merges})
    absorbed: dict[str, list[Facts]] = {}
    for text in stored.absorbed:
        place = place_of_object(json.loads(text))
        absorbed.setdefault(merged.resolve(place.ref), []).append(place)
    places, texts = [], []
    for text, times, state in stored.standing:
        record = json.loads(text)
        needs_facts = state == "read" or record["ref"] in absorbed
        place = place_of_object(record) if needs_facts else settled_place_of_object(record)
        if others := absorbed.get(place.ref):
            place = read_together(place, others)
        if place.is_open:
            places.append(place)
            if state == "read":
                texts.append(raw_times(place, times))
    return AreaRegister(places, texts, merged)


def raw_times(place: Facts, raw: str) -> RawTimes:
    """A text with the source and day of what OpenStreetMap says of the place."""
    fact = next((fact for fact in place.facts if fact.rank == RANK_OSM), None)
    return RawTimes(place, raw, fact.source_ref if fact else "osm", fact.observed_on if fact else None)


def place_refs_of(area_code: str) -> QuerySet[Place, str]:
    """Refs of every record of an area, to be asked for inside another query."""
    return Place.objects.filter(area_code=area_code).order_by().values_list("ref", flat=True)
