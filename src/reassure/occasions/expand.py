"""From places and rules to occasions, day by day.

Rules: every open place has what its rules say, and the defaults of its tradition where they say nothing;
occasions come by day in order of (starts_at, ref), and one day is held at a time. The order of places and rules
does not matter. Places without rules take a short way: their default occasions differ in nothing but the place.
Elsewhere: defaults (`defaults`), kinds of rule (`evaluators`), which word stands (`precedence`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from reassure.errors import InputError, Problem
from reassure.occasions.announcements import announced_by_words, checked_announcements
from reassure.occasions.default_offers import default_offers
from reassure.occasions.defaults import DEFAULT_SOURCE, Day, Default, Whom
from reassure.occasions.defaults_festivals import defaults_of
from reassure.occasions.evaluators import DAY, Calendar, kind_of
from reassure.occasions.hijri import FIRST_DATE, LAST_DATE, announcements_for, ramadans
from reassure.occasions.precedence import Offer, Settled, Word, occasions_of, settle
from reassure.occasions.rules import checked_rules
from reassure.occasions.sittings import sitting_at
from reassure.occasions.values import (
    Announcement,
    Confirmed,
    DateCandidate,
    Occasion,
    OneOff,
    Rule,
    Sitting,
    one_or_two,
)
from reassure.periods import london_wall
from reassure.places.place import Place

MAX_DAYS = 1_100
"""Three years: nobody's timetable is known longer."""


@dataclass(frozen=True)
class _Ruled:
    """A place that needs the long way: its rules by date, those asked every day, its defaults."""

    place: Place
    dated: Mapping[date, Sequence[Rule]]
    recurring: Sequence[Rule]
    defaults: Sequence[Default]


def expand(
    places: Iterable[Place],
    rules: Iterable[Rule],
    first: date,
    last: date,
    *,
    seasons: Mapping[str, tuple[tuple[date, date], ...]] = {},
    candidates: Mapping[tuple[str, str], tuple[DateCandidate, ...]] = {},
    announcements: Iterable[Announcement] = (),
) -> Iterator[Occasion]:
    """
    Every occasion that starts on a civil date from `first` to `last`, both inside.

    Parameters
    ----------
    rules
        Rules of places that are not given are passed over.
    seasons
        First and last date of each stretch of a named season; `ramadan` is known, by Umm al-Qura.
    candidates
        Candidate dates by (event, authority) for rules of the kind `Festival`, beside those that are computed.
    announcements
        What authorities and places announced about Muslim dates.

    Returns
    -------
    Iterator[Occasion]
        By day, and inside a day by `starts_at`, then `ref`. Cancelled occasions have the status `cancelled`;
        closed places have none. `confidence` is A to D (`values.CONFIDENCES`).

    Raises
    ------
    InputError
        At the call, not later: faulty rules, a place given twice, `last` before `first`, over 1,100 days.
    RuleError
        A place both cancels and confirms one occasion at the same instant.
    """
    held = tuple(place for place in places)
    _check_call(held, first, last)
    by_ref = {place.ref: place for place in held}
    rules = tuple(rules)
    said = (*checked_announcements(announcements), *announced_by_words(r for r in rules if r.place_ref in by_ref))
    by_place = {
        place.ref: announced
        for place in (held if said else ())
        if (announced := announcements_for(place.authority, place.ref, said))
    }
    calendar = Calendar(_known_seasons(first, last) | dict(seasons), dict(candidates), first, last, by_place)
    mine = checked_rules(rules, by_ref, calendar)
    plain, ruled = _sorted_out(held, mine, calendar)
    return _days(plain, ruled, calendar, first, last)


def occasions_between(
    places: Iterable[Place],
    rules: Iterable[Rule],
    opens_at: datetime,
    closes_at: datetime,
    *,
    seasons: Mapping[str, tuple[tuple[date, date], ...]] = {},
    candidates: Mapping[tuple[str, str], tuple[DateCandidate, ...]] = {},
    announcements: Iterable[Announcement] = (),
) -> Iterator[Occasion]:
    """
    Every occasion at which people are present inside a window of time, half-open; it may have begun the day before.

    Examples: the service of 23:30 on 24 December is found by the window from 00:00 to 01:00 on the 25th.
    """
    first, last = london_wall(opens_at).date() - DAY, london_wall(closes_at).date() + DAY
    found = expand(places, rules, first, last, seasons=seasons, candidates=candidates, announcements=announcements)
    return (o for o in found if o.arrive_from < closes_at and o.gone_by > opens_at)


def _known_seasons(first: date, last: date) -> dict[str, tuple[tuple[date, date], ...]]:
    """Ramadan, where the tables of the Muslim calendar reach; an evening may belong to the day before."""
    since, until = max(first - DAY, FIRST_DATE), min(last + DAY, LAST_DATE)
    return {"ramadan": ramadans(since, until)} if since <= until else {}


def _check_call(places: Sequence[Place], first: date, last: date) -> None:
    found = []
    if last < first:
        found.append(Problem("last", last.isoformat(), f"on or after {first.isoformat()}"))
    elif (last - first).days >= MAX_DAYS:
        found.append(Problem("last", last.isoformat(), f"at most {MAX_DAYS:,} days from {first.isoformat()}"))
    seen: set[str] = set()
    for place in places:
        if place.ref in seen:
            found.append(Problem("ref", place.ref, "each place once"))
        seen.add(place.ref)
    if found:
        raise InputError(found)


def _sorted_out(
    places: Sequence[Place], rules: Sequence[Rule], calendar: Calendar
) -> tuple[dict[tuple[Default, ...], list[Place]], list[_Ruled]]:
    """Places that have nothing but defaults, by which they have, and those that need the long way."""
    dated: dict[str, dict[date, list[Rule]]] = defaultdict(lambda: defaultdict(list))
    recurring: dict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        dates = kind_of(rule.when).dates(rule.when, calendar)
        if dates is None:
            recurring[rule.place_ref].append(rule)
        for on in set(dates or ()):
            dated[rule.place_ref][on].append(rule)
    plain: dict[tuple[Default, ...], list[Place]] = defaultdict(list)
    ruled = []
    for place in places:
        if not place.is_open:
            continue
        announced = calendar.announced.get(place.ref)
        defaults = defaults_of(place, Whom(place.authority, announced) if announced else None)
        if place.ref in dated or place.ref in recurring or place.bands or place.valid_from or place.valid_to:
            ruled.append(_Ruled(place, dated.get(place.ref, {}), recurring.get(place.ref, ()), defaults))
        else:
            plain[defaults].append(place)
    return plain, ruled


def _days(
    plain: Mapping[tuple[Default, ...], Sequence[Place]],
    ruled: Sequence[_Ruled],
    calendar: Calendar,
    first: date,
    last: date,
) -> Iterator[Occasion]:
    on = first
    while on <= last:
        found: list[Occasion] = []
        for defaults, places in plain.items():
            for default, day in _that_fall_on(defaults, on):
                found += _plain_day(default, day, places, on)
        for held in ruled:
            found += _ruled_day(held, on, calendar)
        found.sort(key=_order)
        yield from found
        on += timedelta(days=1)


def _order(occasion: Occasion) -> tuple[datetime, str]:
    return (occasion.sittings[0].starts_at, occasion.ref)


def _that_fall_on(defaults: Sequence[Default], on: date) -> list[tuple[Default, Day]]:
    """The defaults of a day, without those that another one of them replaces."""
    held = [(default, day) for default in defaults if (day := default.day(on)) is not None]
    replaced = {code for default, _ in held for code in default.replaces if code != default.key}
    return [(default, day) for default, day in held if default.key not in replaced] if replaced else held


def _plain_day(default: Default, how: Day, places: Sequence[Place], on: date) -> Iterator[Occasion]:
    key, day, replaces = default.key, on.isoformat(), default.replaces
    share, authority, status, notes = how.share, how.authority, how.status, (how.note,) if how.note else ()
    shared = None if default.is_local else one_or_two(default.sittings(on, places[0].point))
    for place in places:
        groups = shared or one_or_two(default.sittings(on, place.point))
        for n, sittings in enumerate(groups, start=1):
            yield Occasion(
                ref=f"{place.ref}:{key}:{day}:{n}",
                place_ref=place.ref,
                key=key,
                on=on,
                sittings=sittings,
                date_share=share,
                authority=authority,
                source_ref=DEFAULT_SOURCE,
                status=status,
                replaces=replaces,
                notes=notes,
            )


def _ruled_day(held: _Ruled, on: date, calendar: Calendar) -> list[Occasion]:
    place, dated = held.place, held.dated.get(on, ())
    defaults = [(default, day) for default in held.defaults if (day := default.day(on)) is not None]
    if not (dated or held.recurring or defaults):
        return []
    if (place.valid_from and on < place.valid_from) or (place.valid_to and on > place.valid_to):
        return []
    offers: dict[str, list[Offer]] = defaultdict(list)
    words: dict[str, list[Word]] = defaultdict(list)
    for rule in (*dated, *held.recurring):
        if not _speaks_on(rule, on):
            continue
        if isinstance(rule.when, OneOff | Confirmed):
            words[rule.key].append(_word(rule, place, on, calendar))
        else:
            offers[rule.key] += _offers(rule, place, on, calendar)
    said_of_the_day = {rule.key for rule in dated}
    for default, how in defaults:
        if not said_of_the_day.intersection(default.replaces):
            offers[default.key] += default_offers(default, how, place, on, partial(_sundays, held, on, calendar))
    settled = {code: settle(offers[code], words[code]) for code in sorted({*offers, *words})}
    hidden = _replaced(settled)
    bands = dict(place.bands)
    return [
        occasion
        for code, standing in settled.items()
        if code not in hidden
        for occasion in occasions_of(standing, place_ref=place.ref, key=code, on=on, band=bands.get(code, ""))
    ]


def _sundays(held: _Ruled, on: date, calendar: Calendar, code: str) -> list[Offer]:
    """What the place's own rules give of a weekly kind on the first Sunday from a date on."""
    sunday = on + timedelta(days=6 - on.weekday())
    rules = [rule for rule in held.recurring if rule.key == code and _speaks_on(rule, sunday)]
    offers = [offer for rule in rules for offer in _offers(rule, held.place, sunday, calendar)]
    return list(settle(offers, ()).offers)


def _speaks_on(rule: Rule, on: date) -> bool:
    return not ((rule.valid_from and on < rule.valid_from) or (rule.valid_to and on > rule.valid_to))


def _replaced(settled: Mapping[str, Settled]) -> set[str]:
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
