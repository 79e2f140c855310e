"""What one place has on one day: everything that rules, defaults and the place itself say, and what stands of it.

Rules: a kind with several words is settled by precedence; a kind that another one replaces does not take place; a
default festival gives way where the place has said something of that date for a kind it replaces.
Elsewhere: kinds of rule (`evaluators`), which word stands (`precedence`), all places (`expand`).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache, partial
from typing import NamedTuple

from reassure.occasions.default_offers import default_offers
from reassure.occasions.defaults import Default
from reassure.occasions.evaluators import Calendar, Kind, kind_of
from reassure.occasions.precedence import Offer, Settled, Voice, Word, occasion_of, occasions_of, settle
from reassure.occasions.sittings import sitting_at
from reassure.occasions.values import Confirmed, Occasion, OneOff, Rule
from reassure.places.place import Place

RANK_WORD = 1
"""The place's word for a date; `rules` holds that one-off and confirming rules have this rank, and no others."""


class Asked(NamedTuple):
    """A rule made ready to be asked day by day."""

    rule: Rule
    kind: Kind
    voice: Voice
    minutes: Mapping[str, int]


def asked(rule: Rule) -> Asked:
    """The rule with how its kind is read and whose word it is."""
    when = rule.when
    is_outdoor = isinstance(when, OneOff) and when.is_outdoor
    voice = Voice(
        rank=rule.rank,
        source_ref=rule.source_ref,
        observed_on=rule.observed_on,
        is_seasonal=bool(getattr(when, "season", "")),
        band=rule.band,
        is_outdoor=is_outdoor,
        route=when.route if isinstance(when, OneOff) else (),
        replaces=rule.replaces,
    )
    return Asked(rule, kind_of(when), voice, _minutes(rule.length_min, rule.arrive_min, rule.disperse_min))


@lru_cache(maxsize=4096)
def _minutes(length_min: int | None, arrive_min: int | None, disperse_min: int | None) -> Mapping[str, int]:
    """The minutes that a rule gives itself; the kind of occasion has the others."""
    given = {"length_min": length_min, "arrive_min": arrive_min, "disperse_min": disperse_min}
    return {name: minutes for name, minutes in given.items() if minutes is not None}


@dataclass(frozen=True, slots=True)
class RuledPlace:
    """A place that needs the long way: its rules by date, those asked every day, its defaults."""

    place: Place
    dated: Mapping[date, Sequence[Rule]]
    recurring: Sequence[Asked]
    defaults: Sequence[Default]


def occasions_on(held: RuledPlace, on: date, calendar: Calendar) -> list[Occasion]:
    """The occasions of a place on a civil date, by kind, then time."""
    place = held.place
    offers, words = said_on(held, on, calendar)
    if not words and all(_is_alone(of_kind) for of_kind in offers.values()):
        day, bands = on.isoformat(), dict(place.bands)
        return [
            occasion_of(offer, offer.sittings, f"{place.ref}:{code}:{day}:1", place.ref, code, on, bands.get(code, ""))
            for code, (offer,) in sorted(offers.items())
        ]
    settled = {code: settle(offers.get(code, ()), words.get(code, ())) for code in sorted({*offers, *words})}
    hidden = replaced(settled)
    bands = dict(place.bands)
    return [
        occasion
        for code, standing in settled.items()
        if code not in hidden
        for occasion in occasions_of(standing, place_ref=place.ref, key=code, on=on, band=bands.get(code, ""))
    ]


def _is_alone(of_kind: Sequence[Offer]) -> bool:
    """Whether nothing is to be settled about a kind: one word, one sitting, and nothing that it replaces."""
    return len(of_kind) == 1 and len(of_kind[0].sittings) == 1 and not of_kind[0].voice.replaces


def said_on(held: RuledPlace, on: date, calendar: Calendar) -> tuple[dict[str, list[Offer]], dict[str, list[Word]]]:
    """What rules and defaults offer on a civil date, and what the place said of it, by kind."""
    place = held.place
    offers: dict[str, list[Offer]] = defaultdict(list)
    words: dict[str, list[Word]] = defaultdict(list)
    if (place.valid_from and on < place.valid_from) or (place.valid_to and on > place.valid_to):
        return offers, words
    dated = [asked(rule) for rule in held.dated.get(on, ())]
    for said in (*dated, *held.recurring):
        rule = said.rule
        if (rule.valid_from or rule.valid_to) and not _speaks_on(rule, on):
            continue
        if rule.rank == RANK_WORD:
            words[rule.key].append(_word(said, place, on, calendar))
        elif found := _offers(said, place, on, calendar):
            offers[rule.key] += found
    said_of_the_day = {said.rule.key for said in dated}
    sundays = partial(_sundays, held, on, calendar)
    for default in held.defaults:
        how = default.day(on)
        if how is not None and not said_of_the_day.intersection(default.replaces):
            offers[default.key] += default_offers(default, how, place, on, sundays)
    return offers, words


def _sundays(held: RuledPlace, on: date, calendar: Calendar, code: str) -> list[Offer]:
    """What the place's own rules give of a weekly kind on the first Sunday from a date on."""
    sunday = on + timedelta(days=6 - on.weekday())
    rules = [said for said in held.recurring if said.rule.key == code and _speaks_on(said.rule, sunday)]
    offers = [offer for said in rules for offer in _offers(said, held.place, sunday, calendar)]
    return list(settle(offers, ()).offers)


def _speaks_on(rule: Rule, on: date) -> bool:
    return not ((rule.valid_from and on < rule.valid_from) or (rule.valid_to and on > rule.valid_to))


def replaced(settled: Mapping[str, Settled]) -> set[str]:
    """Keys that do not take place because an occasion that does says it replaces them."""
    return {
        code
        for key, standing in settled.items()
        if standing.status != "cancelled"
        for offer in standing.offers
        for code in offer.voice.replaces
        if code != key
    }


def _offers(said: Asked, place: Place, on: date, calendar: Calendar) -> list[Offer]:
    """What a rule gives on a day: one offer a start, so that each keeps its own share and note."""
    rule, kind, voice, minutes = said
    return [
        Offer(voice, (sitting_at(rule.key, starts_at, ends_at, **minutes),), share, authority, note)
        for starts_at, ends_at, share, authority, note in kind.starts(rule.when, place, on, calendar)
    ]


def _word(said: Asked, place: Place, on: date, calendar: Calendar) -> Word:
    rule, kind, voice, minutes = said
    when = rule.when
    starts = kind.starts(when, place, on, calendar)
    offer = Offer(voice, tuple(sitting_at(rule.key, start.starts_at, start.ends_at, **minutes) for start in starts))
    if isinstance(when, Confirmed):
        return Word("confirmed", when.said_at, offer)
    is_cancelled = isinstance(when, OneOff) and when.is_cancelled
    return Word("cancelled" if is_cancelled else "times", when.said_at if isinstance(when, OneOff) else None, offer)
