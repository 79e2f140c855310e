"""What holds for any places and rules: invariants of the expansion, searched with generated inputs."""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from reassure.geo import Point
from reassure.occasions.expand import expand
from reassure.occasions.keys import KEYS
from reassure.occasions.values import (
    Computed,
    Confirmed,
    Occasion,
    OneOff,
    OsmText,
    Recurrence,
    Rule,
    TableRow,
    Weekly,
)
from reassure.periods import london_wall
from reassure.places.place import AUTHORITIES, PROFILES, Place

FIRST = date(2026, 10, 20)  # the clocks go back on the 25th
REFS = ("a", "b", "c")
HOLDS = settings(max_examples=120)

dates = st.dates(FIRST, FIRST + timedelta(days=12))
clocks = st.builds(time, st.integers(0, 23), st.sampled_from([0, 10, 15, 30, 45, 59]))
keys = st.sampled_from(["jumuah", "shabbat_eve", "sunday_main", "isha", "other"])
days = st.lists(st.integers(0, 6), min_size=1, max_size=7, unique=True).map(tuple)
_FROM, _TO = datetime.fromisoformat("2026-10-19"), datetime.fromisoformat("2026-11-02")
instants = st.datetimes(_FROM, _TO, timezones=st.just(UTC))

places = st.builds(
    Place,
    st.just("?"),
    faiths=st.frozensets(st.sampled_from(["muslim", "jewish", "christian", "sikh", "hindu", "other"]), max_size=3),
    point=st.builds(Point, st.floats(50, 60), st.floats(-8, 1.7)),
    profile=st.sampled_from(PROFILES),
    status=st.sampled_from(["active", "unknown", "closed"]),
)


def _numbered(held: list[Place]) -> list[Place]:
    return [replace(place, ref=ref) for place, ref in zip(held, REFS, strict=False)]


def _pair(start: datetime, minutes: int) -> tuple[datetime, datetime]:
    return (start, start + timedelta(minutes=minutes))


recurring = st.one_of(
    st.builds(Weekly, days, clocks, st.sampled_from(["", "bst", "gmt", "2026-10-22/2026-10-28"])),
    st.builds(
        Computed,
        days,
        st.sampled_from(["fajr", "dhuhr", "asr", "maghrib", "isha", "sunset", "nightfall(8.5)"]),
        st.integers(-60, 120),
        st.sampled_from([1, 5, 15]),
    ),
)
osm_texts = st.sampled_from(["Su 09:30, 11:00", "Mo-Fr 12:15", "Fr (sunset-00:15)-(sunset+00:45)", "Sa 23:30-25:00"])
ruled = st.one_of(
    st.builds(Rule, st.sampled_from(REFS), keys, st.builds(OsmText, osm_texts), st.just(4)),
    st.builds(Rule, st.sampled_from(REFS), keys, recurring, st.sampled_from([3, 4])),
    st.builds(Rule, st.sampled_from(REFS), keys, st.builds(TableRow, dates, clocks), st.just(2)),
    st.builds(
        Rule,
        st.sampled_from(REFS),
        keys,
        st.builds(
            Recurrence,
            st.just("u"),
            st.lists(st.builds(_pair, instants, st.integers(1, 600)), max_size=4).map(tuple),
        ),
        st.just(4),
    ),
)


def _one_off(on: date, at: time, minutes: int, is_cancelled: bool, said_at: datetime) -> OneOff:
    start = datetime.combine(on, at)
    return OneOff(start, start + timedelta(minutes=minutes), is_cancelled=is_cancelled, said_at=said_at)


words = st.one_of(
    st.builds(_one_off, dates, clocks, st.integers(1, 600), st.booleans(), instants),
    st.builds(Confirmed, dates, instants),
)
worded = st.builds(Rule, st.sampled_from(REFS), keys, words, st.just(1))


def _finished(rules: list[Rule], sources: list[str]) -> list[Rule]:
    """Rules with a source each, and words whose instants all differ (equal ones are refused)."""
    found = []
    for n, rule in enumerate(rules):
        when = rule.when
        if isinstance(when, OneOff | Confirmed):
            when = replace(when, said_at=(when.said_at or datetime.min.replace(tzinfo=UTC)) + timedelta(microseconds=n))
        found.append(replace(rule, when=when, source_ref=sources[n % len(sources)], observed_on=None))
    return found


settings_of_a_day = st.tuples(
    st.lists(places, min_size=1, max_size=3).map(_numbered),
    st.builds(
        _finished, st.lists(st.one_of(ruled, worded), max_size=8), st.lists(st.sampled_from(["s", "t"]), min_size=1)
    ),
)
LAST = FIRST + timedelta(days=12)


def _all(held: list[Place], rules: list[Rule]) -> list[Occasion]:
    return list(expand(held, rules, FIRST, LAST))


@HOLDS
@given(settings_of_a_day)
def test_times_rise_and_refs_are_unique(given_: tuple[list[Place], list[Rule]]) -> None:
    """People arrive before the start, the end comes after it, all in UTC; refs are unique and number from 1."""
    found = _all(*given_)

    for o in found:
        for s in o.sittings:
            times = (s.arrive_from, s.starts_at, s.ends_at, s.gone_by, s.earliest, s.latest)
            assert all(at.tzinfo is UTC for at in times)
            assert s.arrive_from <= s.starts_at < s.ends_at <= s.gone_by
            assert s.earliest <= s.starts_at <= s.latest
        assert london_wall(o.starts_at).date() == o.on
        assert o.key in KEYS
    assert len({o.ref for o in found}) == len(found)
    numbers = defaultdict(list)
    for o in found:
        numbers[(o.place_ref, o.key, o.on)].append(int(o.ref.rsplit(":", 1)[1]))
    assert all(held == list(range(1, len(held) + 1)) for held in numbers.values())
    assert found == sorted(found, key=lambda o: (o.on, o.starts_at, o.ref))


@HOLDS
@given(settings_of_a_day)
def test_a_range_is_the_union_of_its_days(given_: tuple[list[Place], list[Rule]]) -> None:
    """Expanding days 1 to n gives what the single days give, in order."""
    held, rules = given_
    single = [
        o
        for n in range((LAST - FIRST).days + 1)
        for o in expand(held, rules, FIRST + timedelta(days=n), FIRST + timedelta(days=n))
    ]

    assert _all(held, rules) == single


@HOLDS
@given(settings_of_a_day, st.randoms(use_true_random=False))
def test_the_order_of_places_and_rules_does_not_matter(
    given_: tuple[list[Place], list[Rule]], shuffler: object
) -> None:
    """Shuffled inputs give the same occasions."""
    held, rules = given_
    expected = _all(held, rules)
    mixed_places, mixed_rules = list(held), list(rules)
    shuffler.shuffle(mixed_places)  # type: ignore[attr-defined]
    shuffler.shuffle(mixed_rules)  # type: ignore[attr-defined]

    assert _all(mixed_places, mixed_rules) == expected


@HOLDS
@given(settings_of_a_day)
def test_dropping_a_place_drops_exactly_its_occasions(given_: tuple[list[Place], list[Rule]]) -> None:
    """Without one place the others are as they were; its rules alone make nothing. A closed place has none."""
    held, rules = given_
    found = _all(held, rules)

    assert _all(held[1:], rules) == [o for o in found if o.place_ref != held[0].ref]
    assert not {o.place_ref for o in found} & {place.ref for place in held if not place.is_open}


@HOLDS
@given(settings_of_a_day, st.frozensets(st.sampled_from(["muslim", "jewish", "christian"]), max_size=2))
def test_swapping_a_faith_changes_only_defaults(given_: tuple[list[Place], list[Rule]], faiths: frozenset[str]) -> None:
    """A place's own words, tables and rules do not depend on its faith."""
    held, rules = given_
    rules = [rule for rule in rules if not isinstance(rule.when, OneOff | Confirmed)]
    swapped = [replace(place, faiths=faiths) for place in held]

    assert [o for o in _all(held, rules) if o.rank < 5] == [o for o in _all(swapped, rules) if o.rank < 5]


@HOLDS
@given(settings_of_a_day, ruled)
def test_a_rule_of_lower_precedence_changes_nothing(given_: tuple[list[Place], list[Rule]], extra: Rule) -> None:
    """Text of others (rank 4) changes nothing where the place has a word, table or rule for that kind and day."""
    held, rules = given_
    extra = replace(extra, rank=4, source_ref="zz")
    before = {o.ref: o for o in _all(held, rules)}
    spoken = {(o.place_ref, o.key, o.on) for o in before.values() if o.rank <= 3 and o.status == "forecast"}

    after = {o.ref: o for o in _all(held, [*rules, extra])}

    assert all(after[ref] == o for ref, o in before.items() if (o.place_ref, o.key, o.on) in spoken)
    others = {ref for ref, o in before.items() if (o.place_ref, o.key) != (extra.place_ref, extra.key)}
    assert {ref: after[ref] for ref in others} == {ref: before[ref] for ref in others}


@HOLDS
@given(clocks, days)
def test_a_weekly_rule_keeps_its_wall_clock(at: time, on_days: tuple[int, ...]) -> None:
    """Across the clock change a weekly rule shows the same time, except inside the hour that does not exist."""
    rule = Rule("a", "other", Weekly(on_days, at), 3, "s")

    for first in (date(2026, 3, 23), date(2026, 10, 19)):
        for o in expand([Place("a", point=Point(52, -1))], [rule], first, first + timedelta(days=13)):
            wall = london_wall(o.starts_at)
            is_missing_hour = o.on == date(2026, 3, 29) and at.hour == 1
            assert wall.time() == (time(2, at.minute) if is_missing_hour else at)


def test_a_simple_expansion_by_hand_agrees() -> None:
    """A second, plain way to expand weekly rules and table rows over a year gives the same starts."""
    place = Place("a", faiths=frozenset(), point=Point(52, -1))
    rules = [
        Rule("a", "jumuah", Weekly((4,), time(12, 25), "gmt"), 3, "s"),
        Rule("a", "jumuah", Weekly((4,), time(13, 15), "bst"), 3, "s"),
        Rule("a", "sunday_main", Weekly((6,), time(9)), 3, "s"),
        Rule("a", "sunday_main", Weekly((6,), time(18)), 3, "s"),
        Rule("a", "jumuah", TableRow(date(2026, 7, 3), time(14)), 2, "s"),
    ]
    # Summer time of 2026 ran from 29 March to 24 October: written down, not asked of the product.
    expected = []
    for n in range(365):
        on = date(2026, 1, 1) + timedelta(days=n)
        hour_ahead = timedelta(hours=1 if date(2026, 3, 29) <= on <= date(2026, 10, 24) else 0)
        walls = []
        if on.weekday() == 4:
            walls = [time(13, 15) if hour_ahead else time(12, 25)]
        if on.weekday() == 6:
            walls = [time(9), time(18)]
        if on == date(2026, 7, 3):
            walls = [time(14)]
        expected += [datetime.combine(on, at, tzinfo=UTC) - hour_ahead for at in walls]

    found = [s.starts_at for o in expand([place], rules, date(2026, 1, 1), date(2026, 12, 31)) for s in o.sittings]

    assert found == expected


GREAT_DAYS = (
    (date(2025, 3, 27), date(2025, 4, 2)),  # Eid al-Fitr 1446 and the clocks
    (date(2026, 2, 15), date(2026, 2, 20)),  # Ramadan 1447
    (date(2027, 3, 26), date(2027, 3, 29)),  # Easter, the clocks
    (date(2017, 9, 28), date(2017, 10, 1)),  # Yom Kippur on Shabbat
    (date(2027, 12, 23), date(2027, 12, 27)),
)


@HOLDS
@given(
    st.lists(places, min_size=1, max_size=3).map(_numbered), st.sampled_from(GREAT_DAYS), st.sampled_from(AUTHORITIES)
)
def test_great_days_hold_what_every_day_holds(held: list[Place], span: tuple[date, date], authority: str) -> None:
    """Times rise, shares lie over 0 and up to 1, a range is its days, and rules elsewhere do not change defaults."""
    held = [replace(place, authority=authority) for place in held]
    whole = list(expand(held, [], *span))
    days = [span[0] + timedelta(days=n) for n in range((span[1] - span[0]).days + 1)]

    assert whole == [o for on in days for o in expand(held, [], on, on)]
    for occasion in whole:
        for s in occasion.sittings:
            assert s.arrive_from <= s.starts_at < s.ends_at <= s.gone_by
            assert s.earliest <= s.starts_at <= s.latest
        assert 0 < occasion.date_share <= 1
    elsewhere = Rule("a", "study", Weekly(tuple(range(7)), time(3)), 3, "s")
    assert [o for o in expand(held, [elsewhere], *span) if o.key != "study"] == whole
