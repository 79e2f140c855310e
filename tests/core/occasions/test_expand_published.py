"""Occasions from published timetables and from the whole register: counts known from outside."""

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path

import pytest

from reassure.files.register import read_register
from reassure.geo import Point
from reassure.occasions.expand import expand
from reassure.occasions.values import Occasion, Rule, TableRow, Weekly, change_overs
from reassure.periods import is_bst, london_wall
from reassure.places.place import Place

WEST_MIDLANDS = "E23000014"


@pytest.fixture(scope="module")
def places(data_dir: Path) -> tuple[Place, ...]:
    return read_register(data_dir / "places_of_worship" / "places_of_worship_osm_2026-08.csv").places


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def _clock(occasion: Occasion) -> str:
    return f"{london_wall(occasion.arrive_from):%H:%M} to {london_wall(occasion.gone_by):%H:%M}"


def _counts(places: tuple[Place, ...], on: date) -> tuple[dict[str, int], dict[str, int]]:
    """Occasions by kind: in the nation, in the West Midlands."""
    areas = {place.ref: place.area_code for place in places}
    held = list(expand(places, [], on, on))
    local = [o for o in held if areas[o.place_ref] == WEST_MIDLANDS]
    return dict(Counter(o.key for o in held)), dict(Counter(o.key for o in local))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("on", "nation", "west_midlands"),
    [
        (
            date(2026, 11, 27),  # a Friday; 1 of 1,336 mosques is a cemetery's prayer room
            {"jumuah": 1335, "shabbat_eve": 220},
            {"jumuah": 137, "shabbat_eve": 4},
        ),
        (
            date(2026, 11, 29),  # a Sunday; 35,737 less 112 that keep Saturday and 119 without services
            {"sunday_main": 35506, "sunday_diwan": 196, "sunday_gathering": 268},
            {"sunday_main": 1072, "sunday_diwan": 48, "sunday_gathering": 32},
        ),
        (
            date(2026, 11, 28),
            {"shabbat_morning": 220, "saturday_main": 112},
            {"shabbat_morning": 4, "saturday_main": 4},
        ),
    ],
)
def test_the_register_gives_the_known_counts(
    places: tuple[Place, ...], on: date, nation: dict[str, int], west_midlands: dict[str, int]
) -> None:
    """All 37,757 places, no rules: so many occasions of each kind, and nothing else."""
    assert _counts(places, on) == (nation, west_midlands)


@pytest.mark.slow
def test_one_mosque_that_publishes_two_times_changes_only_itself(places: tuple[Place, ...]) -> None:
    """A mosque publishes 13:00 and 13:45: its row becomes B, 12:30 to 14:40; the other 136 stay as they were."""
    on = date(2026, 11, 27)
    local = [place for place in places if place.area_code == WEST_MIDLANDS]
    mosque = next(place for place in local if "muslim" in place.faiths)
    before = {o.ref: o for o in expand(local, [], on, on)}
    rules = [Rule(mosque.ref, "jumuah", Weekly((4,), at), 3, "site") for at in (time(13), time(13, 45))]

    after = {o.ref: o for o in expand(local, rules, on, on)}

    assert after.keys() == before.keys()
    (ref,) = (ref for ref in after if after[ref] != before[ref])
    (pair,) = change_overs(after[ref])
    assert (after[ref].place_ref, after[ref].confidence, _clock(after[ref])) == (mosque.ref, "B", "12:30 to 14:40")
    assert [f"{london_wall(at):%H:%M}" for at in pair] == ["13:15", "13:55"]


@pytest.mark.slow
def test_15_march_2019_is_still_winter(places: tuple[Place, ...]) -> None:
    """On 15 March 2019 Jumu'ah is at 12:45 by default; mosques with a published 12:25 keep it."""
    on = date(2019, 3, 15)
    mosques = [place for place in places if "muslim" in place.faiths and place.area_code == WEST_MIDLANDS]
    published = {place.ref for place in mosques[:3]}
    rules = [Rule(ref, "jumuah", TableRow(on, time(12, 25)), 2, "printed") for ref in sorted(published)]

    found = {o.place_ref: f"{london_wall(o.starts_at):%H:%M}" for o in expand(mosques, rules, on, on)}

    assert Counter(found.values()) == {"12:45": 134, "12:25": 3}
    assert {ref for ref, at in found.items() if at == "12:25"} == published


def test_bolton_has_89_occasions_on_the_fridays_of_2026(data_dir: Path) -> None:
    """Two congregations on 52 Fridays: 15 days with one occasion and 37 with two, 89 in all."""
    mosque = Place("b", faiths=frozenset({"muslim"}), point=Point(53.59208, -2.43141))
    rules = [
        Rule("b", "jumuah", TableRow(date.fromisoformat(row["date"]), time.fromisoformat(row[column])), 2, "timetable")
        for row in _rows(data_dir / "prayer_times" / "uk_mosque_fridays_2026.csv")
        if row["mosque"].startswith("Taiyabah")
        for column in ("jumuah_1", "jumuah_2")
    ]

    found = [o for o in expand([mosque], rules, date(2026, 1, 1), date(2026, 12, 31)) if o.key == "jumuah"]

    by_day = Counter(o.on for o in found)
    assert len(rules) == 104
    assert Counter(by_day.values()) == {1: 15, 2: 37}
    assert len(found) == 89
    winter = next(o for o in found if o.on == date(2026, 1, 2))
    assert _clock(winter) == "12:15 to 14:35"
    assert [[f"{london_wall(at):%H:%M}" for at in pair] for pair in change_overs(winter)] == [["13:10", "13:40"]]
    summer = [_clock(o) for o in found if o.on == date(2026, 6, 5)]
    assert summer == ["13:00 to 14:25", "15:00 to 16:25"]


def test_two_season_rules_give_all_fridays_of_london_2017(data_dir: Path) -> None:
    """12:25 in winter and 13:15 in summer, as two rules, give the congregation time of 52 of 52 Fridays."""
    mosque = Place("e", faiths=frozenset({"muslim"}), point=Point(51.5176, -0.0656))
    rules = [
        Rule("e", "jumuah", Weekly((4,), time(12, 25), "gmt"), 3, "site"),
        Rule("e", "jumuah", Weekly((4,), time(13, 15), "bst"), 3, "site"),
    ]
    published = {
        row["date"]: row["jumuah_jamaah"] for row in _rows(data_dir / "oracles" / "jumuah_london_elm_2017_fridays.csv")
    }

    found = {
        o.on.isoformat(): f"{london_wall(o.starts_at):%H:%M}"
        for o in expand([mosque], rules, date(2017, 1, 1), date(2017, 12, 31))
        if o.key == "jumuah"
    }

    assert len(published) == 52
    assert found == published
    assert sum(is_bst(date.fromisoformat(on)) for on in published) == 31


@pytest.mark.slow
def test_15_march_2019_was_a_friday_in_winter_time(places: tuple[Place, ...]) -> None:
    """Every mosque of the register has Jumu'ah at 12:45; one that publishes 12:25 for the season keeps it."""
    on = date(2019, 3, 15)
    publishes = next(place for place in places if "muslim" in place.faiths and place.profile == "default")
    rules = [Rule(publishes.ref, "jumuah", Weekly((4,), time(12, 25), "gmt"), 3, "site")]

    held = [o for o in expand(places, rules, on, on) if o.key == "jumuah"]

    assert len(held) == 1335
    assert Counter(f"{london_wall(o.starts_at):%H:%M}" for o in held) == {"12:45": 1334, "12:25": 1}
    assert {o.place_ref for o in held if o.confidence == "B"} == {publishes.ref}
