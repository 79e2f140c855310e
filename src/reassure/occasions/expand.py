"""From places and rules to occasions, day by day.

Rules: every open place has what its rules say, and the defaults of its tradition where they say nothing;
occasions come by day in order of (starts_at, ref), and one day is held at a time. The order of places and rules
does not matter. Places without rules take a short way: their default occasions differ in nothing but the place.
Elsewhere: defaults (`defaults`), kinds of rule (`evaluators`), which word stands (`precedence`).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from reassure.errors import InputError, Problem
from reassure.occasions.announcements import announced_by_words, checked_announcements
from reassure.occasions.defaults import DEFAULT_SOURCE, Day, Default, Whom
from reassure.occasions.defaults_festivals import defaults_of
from reassure.occasions.evaluators import DAY, Calendar, kind_of
from reassure.occasions.hijri import FIRST_DATE, LAST_DATE, announcements_for, ramadans
from reassure.occasions.place_day import Asked, RuledPlace, asked, occasions_on
from reassure.occasions.rules import checked_rules
from reassure.occasions.values import (
    Announcement,
    DateCandidate,
    Occasion,
    Rule,
    one_or_two,
)
from reassure.periods import london_wall
from reassure.places.place import Place

MAX_DAYS = 1_100
"""Three years: nobody's timetable is known longer."""


def expand(
    places: Iterable[Place],
    rules: Iterable[Rule],
    first: date,
    last: date,
    *,
    seasons: Mapping[str, tuple[tuple[date, date], ...]] = {},
    candidates: Mapping[tuple[str, str], tuple[DateCandidate, ...]] = {},
    announcements: Iterable[Announcement] = (),
    weekdays: Collection[int] = range(7),
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
    weekdays
        Only dates of these days of the week, 0 Monday, such as the Fridays of a year.

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
    held, mine, calendar = prepared(places, rules, first, last, seasons, candidates, announcements)
    plain, ruled = sorted_out(held, mine, calendar)
    return _days(plain, ruled, calendar, first, last, weekdays)


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


def prepared(
    places: Iterable[Place],
    rules: Iterable[Rule],
    first: date,
    last: date,
    seasons: Mapping[str, tuple[tuple[date, date], ...]],
    candidates: Mapping[tuple[str, str], tuple[DateCandidate, ...]],
    announcements: Iterable[Announcement],
) -> tuple[tuple[Place, ...], tuple[Rule, ...], Calendar]:
    """The places, the rules that speak of them, and the dates that rules name; raises what `expand` does."""
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
    return held, mine, calendar


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


def sorted_out(
    places: Sequence[Place], rules: Sequence[Rule], calendar: Calendar
) -> tuple[dict[tuple[Default, ...], list[Place]], list[RuledPlace]]:
    """Places that have nothing but defaults, by which they have, and those that need the long way."""
    dated: dict[str, dict[date, list[Rule]]] = defaultdict(lambda: defaultdict(list))
    recurring: dict[str, list[Asked]] = defaultdict(list)
    for rule in rules:
        dates = kind_of(rule.when).dates(rule.when, calendar)
        if dates is None:
            recurring[rule.place_ref].append(asked(rule))
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
            ruled.append(RuledPlace(place, dated.get(place.ref, {}), recurring.get(place.ref, ()), defaults))
        else:
            plain[defaults].append(place)
    return plain, ruled


def _days(
    plain: Mapping[tuple[Default, ...], Sequence[Place]],
    ruled: Sequence[RuledPlace],
    calendar: Calendar,
    first: date,
    last: date,
    weekdays: Collection[int],
) -> Iterator[Occasion]:
    for on in (first + timedelta(days=n) for n in range((last - first).days + 1)):
        if on.weekday() not in weekdays:
            continue
        found: list[Occasion] = []
        for defaults, places in plain.items():
            for default, day in _that_fall_on(defaults, on):
                found += _plain_day(default, day, places, on)
        for held in ruled:
            found += occasions_on(held, on, calendar)
        found.sort(key=_order)
        yield from found


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
