"""The great days of the year as an expansion gives them: Eid, Ramadan, Yom Kippur, Christmas, Easter, Vaisakhi."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reassure.files.festival_days import reviewed_days
from reassure.geo import Point
from reassure.occasions.expand import expand, occasions_between
from reassure.occasions.festivals import candidates_of
from reassure.occasions.values import (
    Announcement,
    Confirmed,
    Festival,
    Occasion,
    OneOff,
    Rule,
    TableRow,
    Weekly,
)
from reassure.periods import london_wall
from reassure.places.place import AUTHORITIES, Place

BIRMINGHAM = Point(52.4862, -1.8904)
HENDON = Point(51.5722, -0.1955)


def _place(ref: str, faith: str, **changes: object) -> Place:
    return Place(ref, ref, faiths=frozenset({faith}), **({"point": BIRMINGHAM} | changes))  # type: ignore[arg-type]


def _on(places: list[Place], *days: date, rules: Sequence[Rule] = (), **options: object) -> list[Occasion]:
    return list(expand(places, rules, min(days), max(days), **options))  # type: ignore[arg-type]


def _clock(occasion: Occasion) -> str:
    return " ".join(f"{london_wall(sitting.starts_at):%H:%M}" for sitting in occasion.sittings)


EIDS = (date(2025, 3, 30), date(2025, 3, 31))


def _eids(*places: Place, **options: object) -> dict[tuple[str, int], Occasion]:
    return {(o.place_ref, o.on.day): o for o in _on(list(places), *EIDS, **options) if o.key == "eid_prayer"}


def test_eid_2025_stands_on_both_days_with_its_shares() -> None:
    """Three mosques that follow Saudi Arabia, local sighting, and nobody known: 0.95/0.05, 0.10/0.90, 0.525/0.475."""
    held = _eids(*(_place(a, "muslim", authority=a) for a in ("saudi", "local_sighting", "unknown")))

    shares = {key: round(o.date_share, 6) for key, o in held.items()}
    assert shares == {
        ("saudi", 30): 0.95,
        ("saudi", 31): 0.05,
        ("local_sighting", 30): 0.1,
        ("local_sighting", 31): 0.9,
        ("unknown", 30): 0.525,
        ("unknown", 31): 0.475,
    }
    assert {o.notes for o in held.values()} == {("date not settled: 30 March or 31 March",)}
    assert {o.status for o in held.values()} == {"forecast"}


def test_eid_prayers_at_eight_on_30_march_are_at_seven_in_utc() -> None:
    """The clocks change that night: 08:00 and 09:00 are 07:00Z and 08:00Z, one occasion from 07:30 to 10:00."""
    occasion = _eids(_place("u", "muslim"))[("u", 30)]

    assert [s.starts_at for s in occasion.sittings] == [datetime(2025, 3, 30, hour, tzinfo=UTC) for hour in (7, 8)]
    assert f"{london_wall(occasion.arrive_from):%H:%M} {london_wall(occasion.gone_by):%H:%M}" == "07:30 10:00"


@pytest.mark.parametrize("speaker", ["unknown", "u"])
def test_an_announcement_of_31_march_leaves_one_day(speaker: str) -> None:
    """Announced at 20:00 the evening before by the authority or by the mosque: the 31st alone, "announced"."""
    at = datetime(2025, 3, 29, 20, tzinfo=UTC)
    said = Announcement(speaker, "eid_al_fitr", 1446, date(2025, 3, 31), at, "site")

    held = _eids(_place("u", "muslim"), announcements=[said])

    assert list(held) == [("u", 31)]
    assert (held[("u", 31)].date_share, held[("u", 31)].status) == (1.0, "announced")
    assert held[("u", 31)].notes == ("date announced by site",)


def test_a_mosque_that_gives_its_prayer_has_settled_the_day() -> None:
    """The place's word for 31 March (07:45 to 08:30) takes the 30th away and stands with A at its own time."""
    when = OneOff(datetime(2025, 3, 31, 7, 45), datetime(2025, 3, 31, 8, 30))  # noqa: DTZ001 - wall clock
    other = _place("v", "muslim")

    held = _eids(_place("u", "muslim"), other, rules=[Rule("u", "eid_prayer", when, 1, "trustee")])

    assert sorted(held) == [("u", 31), ("v", 30), ("v", 31)]
    assert (_clock(held[("u", 31)]), held[("u", 31)].confidence, held[("u", 31)].date_share) == ("07:45", "A", 1.0)


def test_a_confirmed_eid_keeps_the_usual_times() -> None:
    """A mosque that only confirms 30 March has 08:00 and 09:00 that day, and nothing on the 31st."""
    rule = Rule("u", "eid_prayer", Confirmed(date(2025, 3, 30)), 1, "trustee")

    held = _eids(_place("u", "muslim"), rules=[rule])

    assert {key: (_clock(o), o.status) for key, o in held.items()} == {("u", 30): ("08:00 09:00", "confirmed")}


def test_a_rule_for_eid_follows_the_places_authority() -> None:
    """ "Eid at 07:00" is on both candidate days with the shares of whom the mosque follows, and beats the default."""
    rules = [Rule("s", "eid_prayer", Festival("eid_al_fitr", (time(7),)), 3, "site")]

    held = _eids(_place("s", "muslim", authority="local_sighting"), rules=rules)

    assert {k: (_clock(o), round(o.date_share, 6), o.confidence) for k, o in held.items()} == {
        ("s", 30): ("07:00", 0.1, "B"),
        ("s", 31): ("07:00", 0.9, "B"),
    }


def test_eid_on_a_friday_does_not_replace_jumuah() -> None:
    """Eid al-Fitr 1447 may be Friday 20 March 2026: Jumu'ah stands beside it."""
    keys = {o.key for o in _on([_place("m", "muslim", authority="saudi")], date(2026, 3, 20))}

    assert {"eid_prayer", "jumuah"} <= keys


def test_taraweeh_is_on_ramadan_nights_at_isha() -> None:
    """
    Ramadan 1444 by Saudi Arabia: 23 March to 20 April 2023. The first night is the eve of day 1, the last the eve of
    the last day; the eve of Eid has the 0.05 of another day.
    """
    mosque = _place("m", "muslim", authority="saudi")
    held = {o.on: o for o in _on([mosque], date(2023, 3, 1), date(2023, 5, 1)) if o.key == "taraweeh"}

    nights = sorted(held)
    assert (nights[0], nights[-1]) == (date(2023, 3, 22), date(2023, 4, 20))
    assert len(nights) == 30
    assert held[nights[0]].date_share == pytest.approx(0.95)
    assert held[nights[1]].date_share == 1
    assert held[nights[-1]].date_share == pytest.approx(0.05)
    first = held[nights[0]].sittings[0]
    assert first.latest - first.earliest == timedelta(minutes=75)
    assert first.starts_at == first.earliest


def test_ramadan_is_a_season_without_being_given() -> None:
    """A rule "daily 20:30 in ramadan" speaks on the days of Umm al-Qura: 23 March to 20 April 2023."""
    rule = Rule("m", "isha", Weekly(tuple(range(7)), time(20, 30), "ramadan"), 3, "site")

    held = [
        o.on for o in _on([_place("m", "muslim")], date(2023, 3, 1), date(2023, 4, 30), rules=[rule]) if o.key == "isha"
    ]

    assert (held[0], held[-1], len(held)) == (date(2023, 3, 23), date(2023, 4, 20), 29)


def test_yom_kippur_2019_in_hendon() -> None:
    """Kol Nidre Tuesday 8 October 18:08 for 120 minutes; the day Wednesday 09:30 to 19:11; nothing of Shabbat."""
    held = _on([_place("h", "jewish", point=HENDON)], date(2019, 10, 7), date(2019, 10, 10))

    found = {o.key: o for o in held}
    assert set(found) == {"kol_nidre", "yom_kippur"}
    kol_nidre, day = found["kol_nidre"], found["yom_kippur"]
    assert (kol_nidre.on, day.on) == (date(2019, 10, 8), date(2019, 10, 9))
    assert [f"{london_wall(at):%H:%M}" for at in (kol_nidre.starts_at, kol_nidre.sittings[0].ends_at)] == [
        "18:08",
        "20:08",
    ]
    assert [f"{london_wall(at):%H:%M}" for at in (day.starts_at, day.sittings[0].ends_at)] == ["09:30", "19:11"]


def test_yom_kippur_on_shabbat_hides_shabbat() -> None:
    """Saturday 30 September 2017 is Yom Kippur: neither Friday's eve nor Saturday's morning of Shabbat appears."""
    held = _on([_place("h", "jewish", point=HENDON)], date(2017, 9, 29), date(2017, 9, 30))

    assert [(o.on.day, o.key) for o in held] == [(29, "kol_nidre"), (30, "yom_kippur")]


def test_easter_2027_is_an_hour_earlier_in_utc_and_replaces_sunday() -> None:
    """28 March 2027, the clocks change: 10:30 is 09:30Z; one Easter service and no usual Sunday."""
    (occasion,) = _on([_place("c", "christian")], date(2027, 3, 28))

    assert (occasion.key, occasion.starts_at) == ("easter_day", datetime(2027, 3, 28, 9, 30, tzinfo=UTC))


def test_an_orthodox_church_keeps_its_own_easter() -> None:
    """2 May 2027 is Easter for profile orthodox and a Sunday for others; 28 March the other way round."""
    places = [_place("o", "christian", profile="orthodox"), _place("w", "christian")]

    assert {o.place_ref: o.key for o in _on(places, date(2027, 5, 2))} == {"o": "easter_day", "w": "sunday_main"}
    assert {o.place_ref: o.key for o in _on(places, date(2027, 3, 28))} == {"o": "sunday_main", "w": "easter_day"}


def test_orthodox_christmas_is_shown_on_both_days() -> None:
    """25 December 2027 and 7 January 2028, a half each, each naming the other."""
    places = [_place("o", "christian", profile="orthodox")]
    held = [o for on in (date(2027, 12, 25), date(2028, 1, 7)) for o in _on(places, on)]

    assert [(o.key, o.date_share) for o in held] == [("christmas_day", 0.5)] * 2
    assert {o.notes for o in held} == {("date not settled: 25 December or 7 January",)}


def test_christmas_day_takes_the_times_of_a_churchs_sundays() -> None:
    """A church with services at 09:00 and 11:15 on Sundays has both on Saturday 25 December 2027, still not checked."""
    rules = [Rule("c", "sunday_main", Weekly((6,), at), 3, "site") for at in (time(9), time(11, 15))]
    rules.append(Rule("c", "sunday_main", Weekly((6,), time(8), "bst"), 3, "site"))

    (held,) = _on([_place("c", "christian")], date(2027, 12, 25), rules=rules)

    # left by 10:35, next arrive 10:55: 20 minutes apart, so one occasion
    assert (held.key, _clock(held), held.confidence) == ("christmas_day", "09:00 11:15", "D")
    assert "at the times of its Sundays" in held.notes


def test_a_churchs_own_row_for_easter_sunday_keeps_the_default_away() -> None:
    """A church that publishes Sunday 28 March 2027 at 08:15 has that service and no default Easter beside it."""
    rule = Rule("c", "sunday_main", TableRow(date(2027, 3, 28), time(8, 15)), 2, "timetable")

    (occasion,) = _on([_place("c", "christian")], date(2027, 3, 28), rules=[rule])

    assert (occasion.key, _clock(occasion), occasion.confidence) == ("sunday_main", "08:15", "B")


def test_christmas_eve_2027_is_a_friday_of_three_faiths() -> None:
    """Jumu'ah, Shabbat eve and Christmas Eve together; 23:30 ends 00:30 and is found in the first hour of the 25th."""
    places = [_place("m", "muslim"), _place("j", "jewish"), _place("c", "christian")]
    held = _on(places, date(2027, 12, 24))

    assert {o.key for o in held} == {"jumuah", "shabbat_eve", "christmas_eve"}
    window = (datetime(2027, 12, 25, 0, tzinfo=UTC), datetime(2027, 12, 25, 1, tzinfo=UTC))
    (late,) = occasions_between(places, [], *window)
    assert (late.key, late.on) == ("christmas_eve", date(2027, 12, 24))
    assert late.sittings[-1].ends_at == datetime(2027, 12, 25, 0, 30, tzinfo=UTC)


ROUTE = tuple(Point(52.48 + n / 100, -1.9) for n in range(5))


def _nagar_kirtan(**changes: object) -> Rule:
    when = OneOff(datetime(2027, 4, 18, 11), datetime(2027, 4, 18, 16), is_outdoor=True, route=ROUTE)  # noqa: DTZ001
    return Rule("g", "nagar_kirtan", when, 1, "trustee", **changes)  # type: ignore[arg-type]


def test_a_nagar_kirtan_is_entered_by_the_gurdwara_and_the_diwan_stays() -> None:
    """Sunday 18 April 2027, 11:00 to 16:00 along five points: one outdoor occasion of A; the diwan stays beside it."""
    held = {o.key: o for o in _on([_place("g", "sikh")], date(2027, 4, 18), rules=[_nagar_kirtan()])}

    assert set(held) == {"nagar_kirtan", "sunday_diwan"}
    assert (held["nagar_kirtan"].confidence, held["nagar_kirtan"].is_outdoor) == ("A", True)
    assert held["nagar_kirtan"].route == ROUTE


def test_a_nagar_kirtan_that_says_so_replaces_the_diwan() -> None:
    """The row says `replaces`: the indoor diwan does not appear."""
    held = _on([_place("g", "sikh")], date(2027, 4, 18), rules=[_nagar_kirtan(replaces=("sunday_diwan",))])

    assert [o.key for o in held] == ["nagar_kirtan"]


def test_festivals_without_times_are_dates_and_no_occasions() -> None:
    """Nobody has given times for Diwali or Rosh Hashana: nothing is generated until a place does."""
    places = [_place("h", "hindu"), _place("j", "jewish")]
    assert _on(places, date(2027, 10, 29)) == _on([places[1]], date(2027, 10, 29))  # a Friday: Shabbat eve only
    assert [o.key for o in _on(places, date(2026, 9, 14))] == []

    rule = Rule("h", "festival", Festival("diwali", (time(18),)), 3, "site")
    held = [
        (o.on.day, o.date_share)
        for on in (28, 29)
        for o in _on([places[0]], date(2027, 10, on), rules=[rule], candidates=candidates_of(reviewed_days()))
    ]
    assert held == [(28, 0.1), (29, 0.9)]


@settings(max_examples=25)
@given(
    authorities=st.lists(st.sampled_from(AUTHORITIES), min_size=1, max_size=4, unique=True),
    year=st.integers(2016, 2035),
    rule_time=st.none() | st.times(time(6), time(10)),
)
def test_the_shares_of_eid_sum_to_one_at_every_place(authorities: list[str], year: int, rule_time: time | None) -> None:
    """In any year and for any authority, default or rule: the shares of one Eid at one place sum to 1."""
    places = [_place(a, "muslim", authority=a) for a in authorities]
    rules = [Rule(a, "eid_prayer", Festival("eid_al_adha", (rule_time,)), 3, "s") for a in authorities if rule_time]

    sums: dict[tuple[str, int], float] = {}
    for o in _on(places, date(year, 1, 1), date(year, 12, 31), rules=rules):
        if o.key == "eid_prayer":
            near = next((d for p, d in sums if p == o.place_ref and abs(d - o.on.toordinal()) <= 2), o.on.toordinal())
            sums[(o.place_ref, near)] = sums.get((o.place_ref, near), 0) + o.date_share

    edges = {date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()}
    assert sums
    assert all(abs(total - 1) < 1e-9 for (_, day), total in sums.items() if day not in edges)
