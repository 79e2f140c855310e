"""From places and rules to occasions: worked days, clock changes, precedence, words of a place."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from reassure.errors import InputError, RuleError
from reassure.geo import Point
from reassure.occasions.expand import expand, occasions_between
from reassure.occasions.prayer import prayer_times
from reassure.occasions.rules import checked_word, rule_ties
from reassure.occasions.values import (
    Computed,
    Confirmed,
    DateCandidate,
    Festival,
    Occasion,
    OneOff,
    OsmText,
    Recurrence,
    Rule,
    TableRow,
    Weekly,
    busy,
    change_overs,
    visit_windows,
)
from reassure.periods import london_wall
from reassure.places.place import Place

BIRMINGHAM = Point(52.4862, -1.8904)
FRIDAY, SATURDAY, SUNDAY = 4, 5, 6
NOVEMBER_FRIDAY = date(2026, 11, 27)


def _place(ref: str = "p", *faiths: str, profile: str = "default", point: Point = BIRMINGHAM) -> Place:
    return Place(ref, faiths=frozenset(faiths), profile=profile, point=point, status="active")


def _weekly(key: str, *times: str, days: tuple[int, ...] = (FRIDAY,), season: str = "", **fields: object) -> list[Rule]:
    made = {"rank": 3, "source_ref": "the place"} | fields
    return [Rule("p", key, Weekly(days, time.fromisoformat(at), season), **made) for at in times]  # type: ignore[arg-type]


def _row(on: date, at: str, **fields: object) -> Rule:
    made = {"rank": 2, "source_ref": "printed table"} | fields
    return Rule("p", "jumuah", TableRow(on, time.fromisoformat(at)), **made)  # type: ignore[arg-type]


def _one_off(starts: str, ends: str, key: str = "jumuah", **fields: object) -> Rule:
    when = OneOff(datetime.fromisoformat(starts), datetime.fromisoformat(ends), **fields)  # type: ignore[arg-type]
    return Rule("p", key, when, rank=1, source_ref="trustee")


def _on(rules: list[Rule], on: date = NOVEMBER_FRIDAY, place: Place | None = None) -> list[Occasion]:
    return list(expand([place or _place("p", "muslim")], rules, on, on))


def _starts(occasions: list[Occasion]) -> list[str]:
    return [f"{london_wall(sitting.starts_at):%H:%M}" for o in occasions for sitting in o.sittings]


def _clock(instant: datetime) -> str:
    return f"{london_wall(instant):%H:%M}"


# Defaults


def test_jumuah_default_in_winter() -> None:
    """Birmingham, 27 November 2026: arrive 12:15, start 12:45, gone 13:40; with the spread 11:45 to 14:25."""
    (found,) = _on([])
    (sitting,) = found.sittings

    assert (found.key, found.confidence, found.rank, found.status) == ("jumuah", "D", 5, "forecast")
    assert [_clock(t) for t in (sitting.arrive_from, sitting.starts_at, sitting.ends_at, sitting.gone_by)] == [
        "12:15",
        "12:45",
        "13:15",
        "13:40",
    ]
    spread = (
        sitting.arrive_from - (sitting.starts_at - sitting.earliest),
        sitting.gone_by + (sitting.latest - sitting.starts_at),
    )
    assert [_clock(t) for t in spread] == ["11:45", "14:25"]


def test_a_sitting_at_13_15_is_gone_at_14_10() -> None:
    """Jumu'ah at 13:15: people arrive from 12:45, it ends 13:45, all have left by 14:10."""
    (found,) = _on(_weekly("jumuah", "13:15"))
    (sitting,) = found.sittings

    assert [_clock(t) for t in (sitting.arrive_from, sitting.ends_at, sitting.gone_by)] == ["12:45", "13:45", "14:10"]
    assert sitting.earliest == sitting.starts_at == sitting.latest


def test_jumuah_default_waits_for_dhuhr() -> None:
    """Far west in February dhuhr begins too late for 12:45: Jumu'ah starts 5 minutes after it, bounds with it."""
    derry = _place("p", "muslim", point=Point(54.9966, -7.3086))

    (found,) = _on([], date(2026, 2, 13), derry)
    (sitting,) = found.sittings

    # Solar noon at 7.3086 W is 29 min 14 s after 12:00 and the sun is 14 min 12 s behind: 12:43; dhuhr 12:48.
    assert _clock(sitting.starts_at) == "12:53"
    assert sitting.earliest == sitting.starts_at
    assert _clock(sitting.latest) == "13:30"


def test_shabbat_comes_in_at_eight_in_summer() -> None:
    """Shabbat eve is at lighting in winter, and at 20:00 when the sun sets later."""
    synagogue = _place("p", "jewish")

    assert _starts(_on([], NOVEMBER_FRIDAY, synagogue)) == ["15:45"]
    assert _starts(_on([], date(2026, 6, 19), synagogue)) == ["20:00"]
    (summer,) = _on([], date(2026, 6, 19), synagogue)
    assert [_clock(summer.sittings[0].earliest), _clock(summer.sittings[0].latest)] == ["19:45", "20:30"]


@pytest.mark.parametrize(
    ("faiths", "profile", "on", "expected"),
    [
        (("christian",), "default", date(2026, 11, 29), {"sunday_main": "10:10 10:30 11:35 12:05"}),
        (("christian",), "orthodox", date(2026, 11, 29), {"sunday_main": "10:10 10:30 11:35 12:05"}),
        (("christian",), "saturday", date(2026, 11, 29), {}),
        (("christian",), "saturday", date(2026, 11, 28), {"saturday_main": "10:10 10:30 12:00 12:30"}),
        (("christian",), "none", date(2026, 11, 29), {}),
        (("jewish",), "default", date(2026, 11, 28), {"shabbat_morning": "09:15 09:30 12:00 12:30"}),
        (("sikh",), "default", date(2026, 11, 29), {"sunday_diwan": "10:00 11:00 14:00 15:00"}),
        (("hindu",), "default", date(2026, 11, 29), {"sunday_gathering": "10:30 11:00 12:30 13:00"}),
        (("buddhist",), "default", date(2026, 11, 29), {"sunday_gathering": "10:30 11:00 12:30 13:00"}),
        (("hindu", "buddhist"), "default", date(2026, 11, 29), {"sunday_gathering": "10:30 11:00 12:30 13:00"}),
        (("other",), "default", date(2026, 11, 29), {}),
        ((), "default", date(2026, 11, 29), {}),  # faith not known
    ],
)
def test_each_tradition_has_its_day(faiths: tuple[str, ...], profile: str, on: date, expected: dict[str, str]) -> None:
    """Defaults fall on the tradition's day, by faith and profile, with the minutes of the table."""
    found = _on([], on, _place("p", *faiths, profile=profile))

    made = {
        o.key: " ".join(_clock(t) for s in o.sittings for t in (s.arrive_from, s.starts_at, s.ends_at, s.gone_by))
        for o in found
    }
    assert made == expected


def test_a_shared_house_has_the_days_of_all_its_faiths() -> None:
    """A house that two faiths share has the defaults of both."""
    shared = _place("p", "muslim", "christian")

    found = list(expand([shared], [], date(2026, 11, 27), date(2026, 11, 29)))

    assert [o.key for o in found] == ["jumuah", "sunday_main"]


def test_christmas_eve_2027_is_a_friday() -> None:
    """On Friday 24 December 2027 Jumu'ah, Shabbat eve and Christmas Eve stand together; 23:30 runs past midnight."""
    places = [_place("m", "muslim"), _place("j", "jewish"), _place("c", "christian")]
    on = date(2027, 12, 24)

    found = list(expand(places, [], on, on))
    after_midnight = list(
        occasions_between(
            places, [], datetime(2027, 12, 25, 0, 0, tzinfo=UTC), datetime(2027, 12, 25, 1, 0, tzinfo=UTC)
        )
    )

    assert Counter(o.key for o in found) == {"jumuah": 1, "shabbat_eve": 1, "christmas_eve": 2}
    assert [o.ref for o in found if o.key == "christmas_eve"] == [
        "c:christmas_eve:2027-12-24:1",
        "c:christmas_eve:2027-12-24:2",
    ]
    (late,) = after_midnight
    assert (late.on, late.sittings[0].ends_at) == (on, datetime(2027, 12, 25, 0, 30, tzinfo=UTC))


# Time


@pytest.mark.parametrize(
    ("on", "starts_at"),
    [
        (date(2026, 10, 18), datetime(2026, 10, 18, 9, 30, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 25, 10, 30, tzinfo=UTC)),
        (date(2027, 3, 28), datetime(2027, 3, 28, 9, 30, tzinfo=UTC)),  # Easter Day, and clocks change
    ],
)
def test_half_past_ten_stays_half_past_ten(on: date, starts_at: datetime) -> None:
    """A Sunday service at 10:30 is at 10:30 on both sides of a clock change."""
    (found,) = _on(_weekly("sunday_main", "10:30", days=(SUNDAY,)), on, _place("p", "christian"))

    assert found.starts_at == starts_at


@pytest.mark.parametrize(
    ("on", "starts_at"),
    [
        (date(2026, 3, 29), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),  # does not exist: 02:30 BST
        (date(2026, 10, 25), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # exists twice: the first
    ],
)
def test_half_past_one_on_the_night_of_the_change(on: date, starts_at: datetime) -> None:
    """A time that does not exist moves forward; one that exists twice is the first."""
    (found,) = _on(_weekly("other", "01:30", days=(SUNDAY,)), on, _place("p"))

    assert found.starts_at == starts_at
    assert found.sittings[0].ends_at - found.starts_at == found.sittings[0].gone_by - found.sittings[0].ends_at + (
        found.starts_at - found.arrive_from
    )  # 60 = 30 + 30 real minutes


def test_clock_seasons_decide_at_noon() -> None:
    """The Sunday on which clocks go forward is already summer; the Friday before is not."""
    rules = [
        *_weekly("jumuah", "12:25", season="gmt", days=(FRIDAY, SUNDAY)),
        *_weekly("jumuah", "13:15", season="bst", days=(FRIDAY, SUNDAY)),
    ]

    assert _starts(_on(rules, date(2026, 3, 27))) == ["12:25"]
    assert _starts(_on(rules, date(2026, 3, 29))) == ["13:15"]


def test_named_and_dated_seasons() -> None:
    """A season may be a range of dates in the rule, or a name whose dates the caller gives."""
    place = _place("p")
    dated = _weekly("study", "18:00", days=(0,), season="2026-09-07/2026-09-14")
    named = _weekly("youth_group", "17:00", days=(0,), season="term")
    seasons = {"term": ((date(2026, 9, 14), date(2026, 9, 14)),)}

    found = list(expand([place], [*dated, *named], date(2026, 9, 1), date(2026, 9, 30), seasons=seasons))

    assert [(o.key, o.on.day) for o in found] == [("study", 7), ("youth_group", 14), ("study", 14)]


# One occasion or two


def test_two_sittings_whose_presence_meets_are_one_occasion() -> None:
    """13:00 and 13:45 are one occasion from 12:30 to 14:40 with a change-over from 13:15 to 13:55."""
    (found,) = _on(_weekly("jumuah", "13:45", "13:00"))

    assert [_clock(found.arrive_from), _clock(found.gone_by)] == ["12:30", "14:40"]
    assert [[_clock(t) for t in pair] for pair in change_overs(found)] == [["13:15", "13:55"]]
    assert [[_clock(t) for t in pair] for pair in busy(found)] == [
        ["12:30", "13:00"],
        ["13:15", "13:55"],
        ["14:15", "14:40"],
    ]
    assert [(w.kind, _clock(w.earliest), _clock(w.latest)) for w in visit_windows(found)] == [
        ("around", "12:00", "12:30"),
        ("arrival", "12:30", "13:00"),
        ("during", "13:00", "14:15"),
        ("dispersal", "13:15", "13:55"),
        ("dispersal", "14:15", "14:40"),
        ("around", "14:40", "15:10"),
    ]


@pytest.mark.parametrize(("second", "n"), [("14:25", 1), ("14:26", 2)])  # gone 13:25; 30 and 31 min to the next arrival
def test_thirty_minutes_apart_is_one_and_more_is_two(second: str, n: int) -> None:
    """Presence up to 30 minutes apart is one occasion."""
    found = _on(_weekly("jumuah", "12:30", second))

    assert len(found) == n
    assert [o.ref for o in found] == [f"p:jumuah:2026-11-27:{i + 1}" for i in range(n)]


# Precedence


def test_a_published_row_beats_the_places_rule_and_says_where_they_differ() -> None:
    """A table row stands over the place's rule; more than 10 minutes of difference is noted."""
    rules = [*_weekly("jumuah", "13:15"), _row(NOVEMBER_FRIDAY, "12:45")]

    (found,) = _on(rules)

    assert _starts([found]) == ["12:45"]
    assert (found.confidence, found.rank, found.source_ref) == ("B", 2, "printed table")
    assert found.notes == ("sources differ: the place says 13:15",)


@pytest.mark.parametrize(("other", "notes"), [("12:55", 0), ("12:56", 1)])
def test_ten_minutes_do_not_differ(other: str, notes: int) -> None:
    """Sources that lie up to 10 minutes apart do not differ."""
    (found,) = _on([*_weekly("jumuah", other), _row(NOVEMBER_FRIDAY, "12:45")])

    assert len(found.notes) == notes


def test_text_of_others_is_not_said_to_differ() -> None:
    """A calendar feed (rank 4) that differs from the place's rule leaves no note."""
    feed = Recurrence("u", ((datetime(2026, 11, 27, 15, tzinfo=UTC), datetime(2026, 11, 27, 16, tzinfo=UTC)),))

    (found,) = _on([*_weekly("jumuah", "13:15"), Rule("p", "jumuah", feed, 4, "feed")])

    assert (_starts([found]), found.confidence, found.notes) == (["13:15"], "B", ())


def test_a_season_beats_all_year_and_newer_beats_older() -> None:
    """Inside one rank: a seasonal rule, even an older one, then the newest observation."""
    rules = [
        *_weekly("jumuah", "13:00", observed_on=date(2026, 6, 1)),
        *_weekly("jumuah", "12:30", season="gmt", observed_on=date(2025, 1, 1)),
        *_weekly("jumuah", "12:40", season="gmt", observed_on=date(2026, 1, 1)),
    ]

    assert _starts(_on(rules)) == ["12:40"]
    assert _starts(_on(rules, date(2026, 6, 5))) == ["13:00"]


def test_a_tie_is_noted_and_named() -> None:
    """Two sources of equal weight: the first by name stands, the occasion and the list of ties say so."""
    rules = [
        *_weekly("jumuah", "13:00", source_ref="site"),
        *_weekly("jumuah", "12:30", source_ref="leaflet"),
    ]

    (found,) = _on(rules)

    assert _starts([found]) == ["12:30"]
    assert found.notes == ("two sources of equal weight: leaflet and site", "sources differ: site says 13:00")
    assert [p.text for p in rule_ties(rules)] == [
        "p: leaflet and site both give jumuah, and neither is newer; expected a newer observation of one of them."
    ]


def test_a_rule_of_better_rank_leaves_other_keys_and_days_alone() -> None:
    """A published Friday changes neither the next Friday nor another kind of occasion."""
    place = _place("p", "muslim", "jewish")
    without = {o.ref: o for o in expand([place], [], NOVEMBER_FRIDAY, date(2026, 12, 5))}
    row = _row(NOVEMBER_FRIDAY, "13:00")

    held = {o.ref: o for o in expand([place], [row], NOVEMBER_FRIDAY, date(2026, 12, 5))}

    assert held.keys() == without.keys()
    assert [ref for ref in held if held[ref] != without[ref]] == ["p:jumuah:2026-11-27:1"]


def test_a_rule_replaces_only_what_it_names() -> None:
    """Only a rule that says `replaces` takes another kind away, and only where it takes place itself."""
    place = _place("p", "christian")
    christmas = date(2022, 12, 25)
    festival = Rule("p", "christmas_day", TableRow(christmas, time(11)), 2, "site", replaces=("sunday_main",))

    assert [o.key for o in _on([festival], christmas, place)] == ["christmas_day"]
    plain = replace(festival, replaces=())
    assert [o.key for o in _on([plain], christmas, place)] == ["sunday_main", "christmas_day"]
    off = _one_off("2022-12-25T11:00", "2022-12-25T12:00", "christmas_day", is_cancelled=True)
    assert [(o.key, o.status) for o in _on([festival, off], christmas, place)] == [
        ("sunday_main", "forecast"),
        ("christmas_day", "cancelled"),
    ]


# Words of the place for one date


def test_a_cancelled_occasion_stays_visible_and_can_come_back() -> None:
    """A cancelled Friday shows as cancelled with its times; confirming it again brings it back with A."""
    cancelled = _one_off(
        "2026-11-27T12:45", "2026-11-27T13:15", is_cancelled=True, said_at=datetime(2026, 11, 27, 9, tzinfo=UTC)
    )
    confirmed = Rule("p", "jumuah", Confirmed(NOVEMBER_FRIDAY, datetime(2026, 11, 27, 9, 30, tzinfo=UTC)), 1, "trustee")
    before = _on([])

    (off,) = _on([cancelled])
    (back,) = _on([confirmed, cancelled])

    assert (off.status, off.confidence, off.ref, off.sittings) == ("cancelled", "A", before[0].ref, before[0].sittings)
    assert (back.status, back.confidence, back.ref, back.sittings) == ("confirmed", "A", off.ref, before[0].sittings)
    assert _on([cancelled, confirmed]) == [back]


def test_an_earlier_confirmation_does_not_undo_a_later_cancellation() -> None:
    """The later word stands."""
    cancelled = _one_off(
        "2026-11-27T12:45", "2026-11-27T13:15", is_cancelled=True, said_at=datetime(2026, 11, 27, 9, tzinfo=UTC)
    )
    confirmed = Rule("p", "jumuah", Confirmed(NOVEMBER_FRIDAY, datetime(2026, 11, 26, 9, tzinfo=UTC)), 1, "trustee")

    assert [o.status for o in _on([cancelled, confirmed])] == ["cancelled"]


def test_a_one_off_time_stands_over_every_rule() -> None:
    """What the place enters for a date is confirmed with confidence A; the others are noted where they differ."""
    rules = [_row(NOVEMBER_FRIDAY, "12:45"), _one_off("2026-11-27T14:00", "2026-11-27T14:20")]

    (found,) = _on(rules)

    assert (_starts([found]), found.confidence, found.status) == (["14:00"], "A", "confirmed")
    assert _clock(found.sittings[0].ends_at) == "14:20"
    assert found.notes == ("sources differ: printed table says 12:45",)


def test_two_words_at_the_same_instant_are_refused_with_both() -> None:
    """Cancelled and confirmed at one instant: nobody can say which stands."""
    said_at = datetime(2026, 11, 27, 9, tzinfo=UTC)
    rules = [
        _one_off("2026-11-27T12:45", "2026-11-27T13:15", is_cancelled=True, said_at=said_at),
        Rule("p", "jumuah", Confirmed(NOVEMBER_FRIDAY, said_at), 1, "trustee"),
    ]

    with pytest.raises(
        RuleError, match="p: jumuah on 2026-11-27 is both cancelled and confirmed, said 2026-11-27T09:00"
    ):
        _on(rules)


@pytest.mark.parametrize(("today", "is_refused"), [(date(2026, 12, 27), False), (date(2026, 12, 28), True)])
def test_a_word_comes_too_late_after_thirty_days(today: date, is_refused: bool) -> None:
    """What lies over 30 days back can no longer be confirmed."""
    word = Rule("p", "jumuah", Confirmed(NOVEMBER_FRIDAY), 1, "trustee")

    if is_refused:
        with pytest.raises(RuleError, match="jumuah on 2026-11-27 lies 31 days back"):
            checked_word(word, today=today)
    else:
        assert checked_word(word, today=today) is word


def test_a_nagar_kirtan_is_outdoors_and_leaves_the_diwan() -> None:
    """Sunday 18 April 2027, 11:00 to 16:00, entered by the gurdwara: outdoors, confidence A; the diwan stays."""
    gurdwara = _place("p", "sikh")
    route = tuple(Point(52.4862 + step * 0.002, -1.8904) for step in range(5))
    kirtan = _one_off("2027-04-18T11:00", "2027-04-18T16:00", "nagar_kirtan", is_outdoor=True, route=route)

    found = {o.key: o for o in _on([kirtan], date(2027, 4, 18), gurdwara)}

    assert found.keys() == {"nagar_kirtan", "sunday_diwan"}
    outdoor = found["nagar_kirtan"]
    assert (outdoor.is_outdoor, outdoor.route, outdoor.confidence) == (True, route, "A")
    assert [_clock(outdoor.starts_at), _clock(outdoor.sittings[0].ends_at)] == ["11:00", "16:00"]
    replacing = replace(kirtan, replaces=("sunday_diwan",))
    assert [o.key for o in _on([replacing], date(2027, 4, 18), gurdwara)] == ["nagar_kirtan"]


# Other kinds of rule


def test_a_computed_rule_rounds_up_and_keeps_its_caps() -> None:
    """Asr + 10, rounded up to a quarter of an hour, never after 15:00."""
    place = _place("p", point=Point(51.5176, -0.0656))
    on = date(2017, 1, 1)  # asr 13:46 by the worked table
    rule = Rule("p", "asr", Computed(tuple(range(7)), "asr", 10, 15), 3, "site")
    capped = replace(rule, when=Computed(tuple(range(7)), "asr", 10, 15, not_after=time(13, 50)))
    floored = replace(rule, when=Computed(tuple(range(7)), "asr", 0, 1, not_before=time(14, 30)))

    assert _starts(_on([rule], on, place)) == ["14:00"]
    assert _starts(_on([capped], on, place)) == ["13:50"]
    assert _starts(_on([floored], on, place)) == ["14:30"]


def test_an_isha_after_midnight_is_an_occasion_of_the_next_date() -> None:
    """Isha + 60 at Lerwick in midsummer starts at 00:18: it belongs to the date on which it starts."""
    lerwick = _place("p", point=Point(60.155, -1.145))
    rule = Rule("p", "isha", Computed((SUNDAY,), "isha", 60), 3, "site")  # Sunday 21 June 2026, isha 23:18

    found = list(expand([lerwick], [rule], date(2026, 6, 21), date(2026, 6, 22)))

    assert [(o.ref, _starts([o])) for o in found] == [("p:isha:2026-06-22:1", ["00:18"])]
    assert list(expand([lerwick], [rule], date(2026, 6, 22), date(2026, 6, 22))) == found


@pytest.mark.parametrize(
    "position",
    [
        Point(60.49, -1.1),  # the north of Shetland
        Point(54.99, -1.4),  # just south of where the method changes, near the edge of its region
        Point(55.01, -4.51),  # just north of it
        Point(50.1, -5.49),  # the far west
    ],
)
@pytest.mark.parametrize("offset_min", [30, 60, 90, 150])
def test_no_isha_is_lost_about_midnight(position: Point, offset_min: int) -> None:
    """Each evening of summer has its isha, on whichever date it starts, asked as one range or day by day."""
    place = _place("p", point=position)
    rule = Rule("p", "isha", Computed(tuple(range(7)), "isha", offset_min), 3, "site")
    evenings = [date(2026, 4, 20) + timedelta(days=n) for n in range(0, 110, 10)]

    for evening in evenings:
        begins = prayer_times(position.lat_deg, position.lon_deg, evening).isha + timedelta(minutes=offset_min)
        on = london_wall(begins).date()

        assert begins in [o.starts_at for o in expand([place], [rule], on, on)]


def test_sunset_and_nightfall_are_anchors() -> None:
    """Half an hour after sunset (16:00:11) is 16:31 in whole minutes."""
    rule = Rule("p", "maghrib", Computed((FRIDAY,), "sunset", 30), 3, "site")
    night = Rule("p", "isha", Computed((FRIDAY,), "nightfall(8.5)"), 3, "site")

    found = {o.key: o for o in _on([rule, night], NOVEMBER_FRIDAY, _place("p"))}

    assert _starts([found["maghrib"]]) == ["16:31"]
    assert found["isha"].starts_at > found["maghrib"].starts_at


def test_every_candidate_date_becomes_an_occasion_with_its_share() -> None:
    """Eid of a place whose authority is not known: both days, each with its share, each naming both."""
    candidates = {
        ("eid_al_fitr", "unknown"): (
            DateCandidate(date(2025, 3, 30), 0.525, "unknown"),
            DateCandidate(date(2025, 3, 31), 0.475, "unknown"),
        )
    }
    rule = Rule("p", "eid_prayer", Festival("eid_al_fitr", (time(8), time(9, 30)), "unknown"), 3, "site")

    found = [
        o
        for o in expand([_place("p")], [rule], date(2025, 3, 29), date(2025, 4, 1), candidates=candidates)
        if o.key == "eid_prayer"
    ]

    assert [(o.on.isoformat(), o.date_share) for o in found] == [("2025-03-30", 0.525), ("2025-03-31", 0.475)]
    assert found[0].starts_at == datetime(2025, 3, 30, 7, tzinfo=UTC)  # 08:00 on the day clocks changed
    assert all(o.notes == ("date not settled: 30 March or 31 March",) for o in found)


# Refused


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        (Rule("p", "mass", Weekly((6,), time(10)), 3, "s"), "key is mass; expected one of jumuah"),
        (Rule("p", "jumuah", Weekly((7,), time(10)), 3, "s"), "days is 7; expected 0 (Monday) to 6 (Sunday)"),
        (Rule("p", "jumuah", Weekly((), time(10)), 3, "s"), "days is missing"),
        (Rule("p", "jumuah", Weekly((4,), time(10, tzinfo=UTC)), 3, "s"), "expected London's wall clock"),
        (Rule("p", "jumuah", Weekly((4,), time(10), "advent"), 3, "s"), "season is advent; expected bst, gmt"),
        (Rule("p", "jumuah", Weekly((4,), time(10)), 6, "s"), "rank is 6; expected 1 to 5"),
        (Rule("p", "jumuah", Weekly((4,), time(10)), 1, "s"), "rank is 1; expected 2 to 5"),
        (Rule("p", "jumuah", Weekly((4,), time(10)), 3, "s", length_min=0), "length_min is 0; expected 1 to 1440"),
        (Rule("p", "jumuah", Weekly((4,), time(10)), 3, "s", length_min=1440), "at most 24 h from the first arrival"),
        (Rule("p", "jumuah", Computed((4,), "moonrise"), 3, "s"), "anchor is moonrise; expected fajr"),
        (Rule("p", "jumuah", Computed((4,), "dhuhr", 721), 3, "s"), "offset_min is 721; expected -720 to 720"),
        (Rule("p", "jumuah", OsmText("Sunday 10am"), 4, "s"), "service_times is Sunday 10am; expected"),
        (Rule("p", "eid_prayer", Festival("eid", (time(8),)), 3, "s"), "event is eid; expected"),
        (_one_off("2026-11-27T14:00", "2026-11-27T13:00"), "expected after starts_local"),
        (_one_off("2026-11-27T14:00", "2026-11-28T14:01"), "expected at most 24 h after starts_local"),
        (_one_off("2026-11-27T14:00+00:00", "2026-11-27T15:00+00:00"), "expected London's wall clock"),
        (_one_off("2026-11-27T14:00", "2026-11-27T15:00", said_at=datetime(2026, 11, 27)), "said_at is 2026-11-27"),  # noqa: DTZ001 - the fault
        (
            _one_off("2026-11-27T14:00", "2026-11-27T15:00", is_outdoor=True, route=(BIRMINGHAM,)),
            "route is 1 point; expected none, or 2 points or more",
        ),
        (
            _one_off("2026-11-27T14:00", "2026-11-27T15:00", is_outdoor=True, route=(BIRMINGHAM, Point(52.9, -1.8904))),
            "the end of the route is 46 km from Unnamed place of worship; expected within 30 km",
        ),
        (Rule("p", "jumuah", Recurrence("u", ((datetime(2026, 1, 1), datetime(2026, 1, 2)),)), 4, "s"), "UTC offset"),  # noqa: DTZ001 - the fault
    ],
)
def test_faulty_rules_are_refused(rule: Rule, says: str) -> None:
    """A faulty rule is refused at the call, with the place, the kind, the value and what was expected."""
    with pytest.raises(InputError) as caught:
        _on([rule])

    assert says in str(caught.value)
    assert str(caught.value).startswith(f"rule {rule.key} of p: ")


def test_all_faults_of_all_rules_are_named_at_once() -> None:
    """Two faulty rules with three faults give three problems."""
    rules = [
        Rule("p", "mass", Weekly((9,), time(10)), 3, "s"),
        Rule("p", "jumuah", Weekly((4,), time(10)), 9, "s"),
    ]

    with pytest.raises(InputError) as caught:
        _on(rules)

    assert [p.column for p in caught.value.problems] == ["key", "days", "rank"]


@pytest.mark.parametrize(
    ("shares", "says"), [((0.5, 0.4), "that sum to 1"), ((1.5, -0.5), "share is 1.5; expected 0 to 1")]
)
def test_shares_outside_their_range_are_refused(shares: tuple[float, float], says: str) -> None:
    """Shares of one event lie in 0 to 1 and sum to 1."""
    candidates = {("eid", ""): tuple(DateCandidate(date(2025, 3, 30 + i), s) for i, s in enumerate(shares))}
    rule = Rule("p", "eid_prayer", Festival("eid", (time(8),)), 3, "s")

    with pytest.raises(InputError, match=says):
        list(expand([_place("p")], [rule], date(2025, 3, 30), date(2025, 3, 30), candidates=candidates))


def test_bad_calls_are_refused_before_anything_is_made() -> None:
    """The last day before the first, more than three years, a place twice: refused at the call."""
    place = _place("p")

    with pytest.raises(InputError, match="last is 2026-01-01; expected on or after 2026-01-02"):
        expand([place], [], date(2026, 1, 2), date(2026, 1, 1))
    with pytest.raises(InputError, match="expected at most 1,100 days"):
        expand([place], [], date(2026, 1, 1), date(2030, 1, 1))
    with pytest.raises(InputError, match="ref is p; expected each place once"):
        expand([place, place], [], date(2026, 1, 1), date(2026, 1, 1))


@pytest.mark.parametrize("status", ["closed", "planned"])
def test_a_closed_place_has_no_occasions(status: str) -> None:
    """Neither defaults nor rules give occasions to a place that is closed or only planned."""
    place = replace(_place("p", "muslim"), status=status)

    assert _on(_weekly("jumuah", "13:00"), place=place) == []


def test_a_place_has_occasions_only_while_it_exists() -> None:
    """A place that opens on 28 November has no Jumu'ah on the 27th; one that closes on the 27th has its last."""
    opening = replace(_place("p", "muslim"), valid_from=date(2026, 11, 28))
    closing = replace(_place("p", "muslim"), valid_to=date(2026, 11, 27))

    assert [o.on.day for o in expand([opening], [], NOVEMBER_FRIDAY, date(2026, 12, 4))] == [4]
    assert [o.on.day for o in expand([closing], [], NOVEMBER_FRIDAY, date(2026, 12, 4))] == [27]


def test_the_band_of_the_trustees_goes_with_its_kind() -> None:
    """A band is taken only for the kind of occasion it was given for."""
    place = replace(_place("p", "muslim", "christian"), bands=(("jumuah", "200-399"),))

    found = {o.key: o.band for o in expand([place], [], NOVEMBER_FRIDAY, date(2026, 11, 29))}

    assert found == {"jumuah": "200-399", "sunday_main": ""}


def test_fridays_alone_are_the_fridays_of_the_range() -> None:
    """Asked for one day of the week, an expansion gives what the whole range has on that day, and nothing else."""
    mosque = Place("p", faiths=frozenset({"muslim", "christian"}), point=BIRMINGHAM)
    first, last = date(2026, 11, 1), date(2026, 12, 31)

    whole = [o for o in expand([mosque], [], first, last) if o.on.weekday() == 4]

    assert list(expand([mosque], [], first, last, weekdays=(4,))) == whole
    assert [o.key for o in whole] == ["jumuah"] * 7 + ["jumuah", "christmas_day"][::-1]
