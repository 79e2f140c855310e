"""Rows of a timetable for an event whose date is not known yet: Eid at 07:00, Diwali at 18:00."""

from datetime import date
from pathlib import Path

import pytest

from reassure.files.timetables import Timetables, read_timetables
from reassure.files.timetables_csv import timetables_csv
from reassure.geo import Point
from reassure.occasions.expand import expand
from reassure.occasions.values import Occasion
from reassure.periods import london_wall
from reassure.places.place import Place

PLACES = {
    "m": Place("m", "M", faiths=frozenset({"muslim"}), point=Point(52.4862, -1.8904), authority="local_sighting"),
    "h": Place("h", "H", faiths=frozenset({"hindu"}), point=Point(52.4862, -1.8904)),
    "j": Place("j", "J", faiths=frozenset({"jewish"}), point=Point(52.4862, -1.8904)),
}


def _read(tmp_path: Path, *rows: str) -> Timetables:
    path = tmp_path / "times.csv"
    path.write_text("place_ref,key,on,days,season,local_time,length_min,source,status\n" + "\n".join(rows) + "\n")
    return read_timetables(path, places=PLACES)


def _held(read: Timetables, first: date, last: date, key: str) -> list[tuple[str, str, float]]:
    found: list[Occasion] = [o for o in expand(PLACES.values(), read.rules, first, last) if o.key == key]
    return [
        (o.on.isoformat(), " ".join(f"{london_wall(s.starts_at):%H:%M}" for s in o.sittings), round(o.date_share, 6))
        for o in found
    ]


def test_eid_times_are_given_before_the_date_is_known(tmp_path: Path) -> None:
    """Two congregations at 07:00 and 08:00 stand on both candidate days with the shares of whom the mosque follows."""
    read = _read(tmp_path, "m,eid_prayer,eid_al_fitr,,,07:00,,site,", "m,eid_prayer,eid_al_fitr,,,08:00,,site,")

    assert read.problems == ()
    assert _held(read, date(2025, 3, 29), date(2025, 4, 1), "eid_prayer") == [
        ("2025-03-30", "07:00 08:00", 0.1),
        ("2025-03-31", "07:00 08:00", 0.9),
    ]


def test_a_mandir_gives_its_diwali_and_a_synagogue_its_new_year(tmp_path: Path) -> None:
    """Diwali comes from reviewed rows (2027: 28 October 0.1, 29 October 0.9), Rosh Hashana from the calendar."""
    read = _read(tmp_path, "h,festival,diwali,,,18:00,120,site,", "j,festival,Rosh_Hashana,,,09:00,240,site,")

    assert _held(read, date(2027, 10, 1), date(2027, 11, 1), "festival") == [
        ("2027-10-02", "09:00", 1.0),
        ("2027-10-28", "18:00", 0.1),
        ("2027-10-29", "18:00", 0.9),
    ]


def test_event_rows_come_back_as_they_were_written(tmp_path: Path) -> None:
    """A row for an event is written with the event where a date would stand, and read back."""
    read = _read(tmp_path, "m,eid_prayer,eid_al_adha,,,07:00,20,site,")
    path = tmp_path / "again.csv"
    path.write_text(timetables_csv(read.rules))

    assert read_timetables(path, places=PLACES).rules == read.rules


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("m,eid_prayer,eid_al_fitr,Fri,,07:00,,site,", "days is Fri; expected no days, since eid_al_fitr has its own"),
        ("m,eid_prayer,eid_al_fitr,,bst,07:00,,site,", "season is bst; expected no season in a row with a date"),
        ("m,eid_prayer,eid_al_fitr,,,07:00,,site,cancelled", "status is cancelled; expected a date in on"),
        ("m,eid_prayer,eid,,,07:00,,site,", "on is eid; expected a date such as 2026-11-27"),
    ],
)
def test_what_does_not_go_with_an_event_is_named(tmp_path: Path, row: str, says: str) -> None:
    """Days, a season or a status beside an event, and an event that nobody knows."""
    assert any(says in problem.text for problem in _read(tmp_path, row).problems)


def test_the_same_event_time_twice_is_named(tmp_path: Path) -> None:
    """A row that repeats another is a slip."""
    row = "m,eid_prayer,eid_al_fitr,,,07:00,,site,"

    assert ["repeats row 2" in p.text for p in _read(tmp_path, row, row).problems] == [True]


ROUTE = "52.48 -1.90; 52.481 -1.901; 52.482 -1.902; 52.483 -1.903; 52.484 -1.904"
STREET = "place_ref,key,on,local_time,length_min,source,route,replaces\n"


def _street(tmp_path: Path, row: str) -> Timetables:
    path = tmp_path / "street.csv"
    path.write_text(STREET + row + "\n")
    return read_timetables(path, places={"g": GURDWARA})


GURDWARA = Place("g", "G", faiths=frozenset({"sikh"}), point=Point(52.4862, -1.8904))


@pytest.mark.parametrize(
    ("replaces", "keys"), [("", ["nagar_kirtan", "sunday_diwan"]), ("sunday_diwan", ["nagar_kirtan"])]
)
def test_a_nagar_kirtan_is_entered_as_a_row(tmp_path: Path, replaces: str, keys: list[str]) -> None:
    """Sunday 18 April 2027, 11:00 for five hours along five points: outdoors, A; the diwan stays unless replaced."""
    read = _street(tmp_path, f"g,nagar_kirtan,2027-04-18,11:00,300,trustee,{ROUTE},{replaces}")

    assert read.problems == ()
    held = {o.key: o for o in expand([GURDWARA], read.rules, date(2027, 4, 18), date(2027, 4, 18))}
    assert sorted(held) == keys
    kirtan = held["nagar_kirtan"]
    assert (kirtan.is_outdoor, len(kirtan.route), kirtan.confidence) == (True, 5, "A")
    assert f"{london_wall(kirtan.sittings[0].ends_at):%H:%M}" == "16:00"


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("g,nagar_kirtan,2027-04-18,11:00,300,t,52.48 -1.90,", "route is 52.48 -1.90; expected two points or more"),
        ("g,nagar_kirtan,2027-04-18,11:00,300,t,here; there,", "route is here; expected two points or more"),
        ("g,nagar_kirtan,2027-04-18,11:00,300,t,-1.9 52.48; 52.4 -1.9,", "latitude first; the two look swapped"),
        ("g,nagar_kirtan,diwali,11:00,300,t,52.48 -1.90; 52.4 -1.9,", "a route is of one day"),
        ("g,nagar_kirtan,2027-04-18,11:00,300,t,,mass", "replaces is mass; expected one of jumuah"),
    ],
)
def test_faulty_routes_are_named(tmp_path: Path, row: str, says: str) -> None:
    """One point, words, latitude and longitude swapped, a route without a date, a kind that is not known."""
    assert any(says in problem.text for problem in _street(tmp_path, row).problems)
