"""A person corrects a place: what they say becomes a fact beside those that are there, and the best word stands.

Rules: which fields a person may correct, on whose word, and what follows. Presence and whom a place follows for its
dates are the place's own word alone. A place is closed from a day on by two facts, its status and its last day.
Elsewhere: whose word stands (`sources`), what a value has to be (`place`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from reassure.errors import InputError, Problem, RuleError
from reassure.geo import Point
from reassure.places.place import RANKS, Fact, Place, checked
from reassure.places.sources import FACT_FIELDS, RANK_FORCE, RANK_TRUSTEE, settled, value_of

WORDS_OF_A_PERSON = {rank: words for rank, words in RANKS.items() if rank <= RANK_FORCE}
"""On whose word somebody may correct: the place itself, an officer or adviser at its door, a force's list."""
OWN_WORD = ("presence", "authority")
"""Fields of which only the place itself may speak; they carry no facts."""
SOURCE_CHARACTERS = 120


@dataclass(frozen=True, slots=True)
class Correction:
    """
    What somebody says of a place.

    Parameters
    ----------
    values
        New value by field; `point` is (latitude, longitude, precision in metres), `faiths` a frozenset.
    source
        Where they have it from, in a few words; becomes the source of the facts.
    recorded_by
        A reference to the account, never a name.
    """

    values: Mapping[str, Any]
    rank: int
    source: str
    observed_on: date
    recorded_by: str
    recorded_at: datetime


def corrected(place: Place, said: Correction) -> Place:
    """
    The place with what somebody says of it.

    Raises
    ------
    InputError
        A value is not what the field has to be, a field cannot be corrected, or the source is missing.
    RuleError
        Presence or authority on another word than the place's own.
    """
    problems = [Problem(name, "", "a field that a person may correct") for name in said.values if not _is_open(name)]
    if said.rank not in WORDS_OF_A_PERSON:
        problems.append(Problem("rank", str(said.rank), "1 to 3"))
    if not said.source.strip() or len(said.source) > SOURCE_CHARACTERS:
        problems.append(
            Problem("source", said.source, f"where you have it from, at most {SOURCE_CHARACTERS} characters")
        )
    if said.observed_on > said.recorded_at.date():
        problems.append(Problem("observed_on", said.observed_on.isoformat(), "a day that has been"))
    if problems:
        raise InputError(problems)
    own = {name: value for name, value in said.values.items() if name in OWN_WORD and value != getattr(place, name)}
    if own and said.rank != RANK_TRUSTEE:
        says = "only the place itself says which visits it wants and whom it follows for its dates"
        raise RuleError([Problem(name, "", "the word of the place", says=says) for name in own][:1])
    facts = [
        Fact(name, value, said.source, said.rank, said.observed_on, said.recorded_by, said.recorded_at)
        for name, value in said.values.items()
        if name in FACT_FIELDS
    ]
    checked(_with(place, said.values))
    return settled(replace(place, **own), facts)


def overruled(after: Place, said: Correction) -> tuple[str, ...]:
    """Fields of a correction of which another word, of more weight or newer, still stands; in the order of fields."""
    return tuple(n for n in FACT_FIELDS if n in said.values and value_of(after, n) != said.values[n])


def closing(on: date) -> dict[str, Any]:
    """The values that say that a place is closed from a day on."""
    return {"status": "closed", "valid_to": on}


def _with(place: Place, values: Mapping[str, Any]) -> Place:
    """The place if every value stood, so that a word is checked also where another one outranks it."""
    rest = {name: value for name, value in values.items() if name != "point"}
    if "point" in values:
        lat_deg, lon_deg, precision_m = values["point"]
        rest |= {"point": Point(lat_deg, lon_deg), "precision_m": precision_m}
    return replace(place, **rest)


def _is_open(name: str) -> bool:
    return name in OWN_WORD or (name in FACT_FIELDS and name not in {"nearest_postcode", "lad_code", "area_code"})
