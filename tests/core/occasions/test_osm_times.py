"""Service times of OpenStreetMap: points, the sun's times, refusal of plain English."""

from datetime import date, datetime, timedelta

import pytest
from opening_hours import OpeningHours, State, validate

from reassure.errors import InputError
from reassure.geo import Point
from reassure.occasions.expand import expand
from reassure.occasions.osm_times import osm_rules, osm_starts, osm_text_problems, with_lengths
from reassure.occasions.values import OsmText, Rule
from reassure.periods import london_wall
from reassure.places.place import Place

BIRMINGHAM = Point(52.4862, -1.8904)
REAL_TAG = "Mo-Fr 12:15;Sa 10:00;Su 09:30, 11:00, 12:30, 19:00"


def _place(faith: str = "christian", **changes: object) -> Place:
    return Place("p", "P", faiths=frozenset({faith}), **({"point": BIRMINGHAM} | changes))  # type: ignore[arg-type]


def _clock(raw: str, on: date) -> list[str]:
    return [f"{london_wall(start):%H:%M}" for start, _ in osm_starts(raw, _place(), on)]


def test_lone_points_get_the_default_length() -> None:
    """A real tag with 60 minutes, as the rules write it out."""
    assert with_lengths(REAL_TAG, 60) == (
        "Mo-Fr 12:15-13:15;Sa 10:00-11:00;Su 09:30-10:30, 11:00-12:00, 12:30-13:30, 19:00-20:00"
    )
    assert with_lengths('Su 23:30 "bring 10:00 notes"', 60) == 'Su 23:30-24:30 "bring 10:00 notes"'


def test_the_library_refuses_points_and_we_do_not() -> None:
    """opening-hours-py finds no sense in the real tag; with lengths it does, and every service of a Sunday is there."""
    assert not validate(REAL_TAG)
    assert osm_text_problems(REAL_TAG) == []
    assert _clock(REAL_TAG, date(2026, 11, 29)) == ["09:30", "11:00", "12:30", "19:00"]
    assert _clock(REAL_TAG, date(2026, 11, 28)) == ["10:00"]


def test_sunset_is_that_of_the_place() -> None:
    """27 Nov 2026: without coordinates the library says 18:45, silently; at Birmingham it is 15:46."""
    raw, on = "Fr (sunset-00:15)-(sunset+00:45)", date(2026, 11, 27)
    careless = OpeningHours(raw).intervals(datetime(2026, 11, 27), datetime(2026, 11, 28))  # noqa: DTZ001
    assert [f"{start:%H:%M}" for start, _, state, *_ in careless if state == State.OPEN] == ["18:45"]

    ((start, end),) = osm_starts(raw, _place(), on)

    assert f"{london_wall(start):%H:%M}" == "15:46"
    assert end is not None
    assert end - start == timedelta(hours=1)


def test_services_one_after_the_other_stay_apart() -> None:
    """10:00 and 11:00 with an hour each are two starts, not one long one; a range keeps its own end."""
    assert _clock("Su 10:00,11:00", date(2026, 11, 29)) == ["10:00", "11:00"]
    ((_, end),) = osm_starts("Su 10:00-11:30", _place(), date(2026, 11, 29))
    assert end is not None
    assert f"{london_wall(end):%H:%M}" == "11:30"


@pytest.mark.parametrize(
    "raw",
    [
        "Sunday 10am",
        "Sundays at 10:30",
        "Su 10.30",
        "every Su 10:30",
        "",
        "10am",
        "Su 25:00",
        "see website 10:00",
        "Su",
        "24/7",
        "x" * 600,
        "Su 10:30 Mass",
    ],
)
def test_plain_english_is_refused_and_not_guessed(raw: str) -> None:
    """What is not opening-hours syntax stays unread: a problem with the text, and no rule."""
    assert osm_text_problems(raw)
    with pytest.raises(InputError, match="service_times"):
        osm_rules(_place(), raw, "osm")


def test_wall_clock_is_kept_across_the_clock_change() -> None:
    """Su 10:30 is 10:30 on 18 and on 25 October 2026."""
    assert [_clock("Su 10:30", date(2026, 10, day)) for day in (18, 25)] == [["10:30"], ["10:30"]]


def test_an_all_night_opening_is_no_start_at_midnight() -> None:
    """An opening that began before the date gives nothing on it."""
    assert _clock("Sa 23:30-25:00", date(2026, 11, 29)) == []
    assert _clock("Sa 23:30-25:00", date(2026, 11, 28)) == ["23:30"]


def test_a_text_beats_the_default_and_gives_way_to_the_place() -> None:
    """A church tagged Su 09:30: one service of C at 09:30, none at 10:30; the rest of the week are weekday services."""
    place = _place()
    held = list(expand([place], osm_rules(place, "Mo 12:15; Su 09:30", "osm"), date(2026, 11, 23), date(2026, 11, 29)))

    assert [(o.key, f"{london_wall(o.starts_at):%a %H:%M}", o.confidence) for o in held] == [
        ("weekday_service", "Mon 12:15", "C"),
        ("sunday_main", "Sun 09:30", "C"),
    ]


@pytest.mark.parametrize(
    ("faith", "profile", "day", "key"),
    [
        ("muslim", "default", 27, "jumuah"),
        ("jewish", "default", 27, "shabbat_eve"),
        ("jewish", "default", 28, "shabbat_morning"),
        ("christian", "saturday", 28, "saturday_main"),
        ("sikh", "default", 29, "sunday_diwan"),
        ("buddhist", "default", 29, "sunday_gathering"),
        ("muslim", "default", 28, "service"),
    ],
)
def test_the_weekday_and_tradition_choose_the_kind(faith: str, profile: str, day: int, key: str) -> None:
    """Friday at a mosque is Jumu'ah, Saturday at a synagogue Shabbat morning, and so on."""
    place = _place(faith, profile=profile)
    on = date(2026, 11, day)

    held = [o for o in expand([place], osm_rules(place, "Mo-Su 12:45", "osm"), on, on) if o.confidence == "C"]

    assert [o.key for o in held] == [key]


def test_a_faulty_text_in_a_rule_is_an_input_error() -> None:
    """A rule with an unreadable text is refused at the call."""
    with pytest.raises(InputError, match="service_times is Sunday 10am"):
        expand([_place()], [Rule("p", "service", OsmText("Sunday 10am"), 4, "osm")], date(2026, 1, 1), date(2026, 1, 2))
