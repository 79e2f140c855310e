"""What one place has on one day: everything that rules, defaults and the place itself say, and what stands of it.

Rules: a kind with several words is settled by precedence; a kind that another one replaces does not take place; a
default festival gives way where the place has said something of that date for a kind it replaces.
Elsewhere: kinds of rule (`evaluators`), which word stands (`precedence`), all places (`expand`).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from reassure.occasions.default_offers import default_offers
from reassure.occasions.defaults import Default
from reassure.occasions.evaluators import Calendar, kind_of
from reassure.occasions.precedence import Offer, Settled, Word, occasions_of, settle
from reassure.occasions.sittings import sitting_at
from reassure.occasions.values import Confirmed, Occasion, OneOff, Rule, Sitting
from reassure.places.place import Place


@dataclass(frozen=True)
class RuledPlace:
    """A place that needs the long way: its rules by date, those asked every day, its defaults."""

    place: Place
    dated: Mapping[date, Sequence[Rule]]
    recurring: Sequence[Rule]
    defaults: Sequence[Default]


def occasions_on(held: RuledPlace, on: date, calendar: Calendar) -> list[Occasion]:
    """The occasions of a place on a civil date, by kind, then time."""
    place = held.place
    offers, words = said_on(held, on, calendar)
    settled = {code: settle(offers[code], words[code]) for code in sorted({*offers, *words})}
    hidden = replaced(settled)
    bands = dict(place.bands)
    return [
        occasion
        for code, standing in settled.items()
        if code not in hidden
        for occasion in occasions_of(standing, place_ref=place.ref, key=code, on=on, band=bands.get(code, ""))
    ]


def said_on(held: RuledPlace, on: date, calendar: Calendar) -> tuple[dict[str, list[Offer]], dict[str, list[Word]]]:
    """What rules and defaults offer on a civil date, and what the place said of it, by kind."""
    place, dated = held.place, held.dated.get(on, ())
    offers: dict[str, list[Offer]] = defaultdict(list)
    words: dict[str, list[Word]] = defaultdict(list)
    if (place.valid_from and on < place.valid_from) or (place.valid_to and on > place.valid_to):
        return offers, words
    for rule in (*dated, *held.recurring):
        if not _speaks_on(rule, on):
            continue
        if isinstance(rule.when, OneOff | Confirmed):
            words[rule.key].append(_word(rule, place, on, calendar))
        else:
            offers[rule.key] += _offers(rule, place, on, calendar)
    said_of_the_day = {rule.key for rule in dated}
    for default in held.defaults:
        how = default.day(on)
        if how is not None and not said_of_the_day.intersection(default.replaces):
            offers[default.key] += default_offers(default, how, place, on, partial(_sundays, held, on, calendar))
    return offers, words


def _sundays(held: RuledPlace, on: date, calendar: Calendar, code: str) -> list[Offer]:
    """What the place's own rules give of a weekly kind on the first Sunday from a date on."""
    sunday = on + timedelta(days=6 - on.weekday())
    rules = [rule for rule in held.recurring if rule.key == code and _speaks_on(rule, sunday)]
    offers = [offer for rule in rules for offer in _offers(rule, held.place, sunday, calendar)]
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
        for code in offer.replaces
        if code != key
    }


def _offers(rule: Rule, place: Place, on: date, calendar: Calendar) -> list[Offer]:
    """What a rule gives on a day: one offer a start, so that each keeps its own share and note."""
    return [
        _offer(rule, (_sitting(rule, start.starts_at, start.ends_at),), start.share, start.authority, start.note)
        for start in kind_of(rule.when).starts(rule.when, place, on, calendar)
    ]


def _offer(rule: Rule, sittings: tuple[Sitting, ...], share: float = 1.0, authority: str = "", note: str = "") -> Offer:
    when = rule.when
    return Offer(
        rank=rule.rank,
        sittings=sittings,
        source_ref=rule.source_ref,
        observed_on=rule.observed_on,
        is_seasonal=bool(getattr(when, "season", "")),
        band=rule.band,
        is_outdoor=isinstance(when, OneOff) and when.is_outdoor,
        route=when.route if isinstance(when, OneOff) else (),
        share=share,
        authority=authority,
        replaces=rule.replaces,
        note=note,
    )


def _sitting(rule: Rule, starts_at: datetime, ends_at: datetime | None) -> Sitting:
    return sitting_at(
        rule.key,
        starts_at,
        ends_at,
        length_min=rule.length_min,
        arrive_min=rule.arrive_min,
        disperse_min=rule.disperse_min,
    )


def _word(rule: Rule, place: Place, on: date, calendar: Calendar) -> Word:
    when = rule.when
    starts = kind_of(when).starts(when, place, on, calendar)
    offer = _offer(rule, tuple(_sitting(rule, start.starts_at, start.ends_at) for start in starts))
    if isinstance(when, Confirmed):
        return Word("confirmed", when.said_at, offer)
    is_cancelled = isinstance(when, OneOff) and when.is_cancelled
    return Word("cancelled" if is_cancelled else "times", when.said_at if isinstance(when, OneOff) else None, offer)
