"""The generated demo area: complete, harmless, the same every time."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point as ShapelyPoint
from shapely import Polygon

from reassure.errors import InputError
from reassure.faiths import CODES
from reassure.files.areas import read_areas
from reassure.files.declaration import read_declaration
from reassure.files.demo_area import DemoArea, demo_area
from reassure.files.demo_inputs import AREAS, DECLARATION, FACTS, INCIDENTS, PLACES, TIMETABLES, UNITS, input_files
from reassure.files.facts import read_facts
from reassure.files.incidents import read_incidents
from reassure.files.register import read_register
from reassure.files.timetables import read_timetables
from reassure.files.units import read_units
from reassure.files.writing import write_folder
from reassure.forces import AREA_CODES, FORCES
from reassure.geo import Point, great_circle_m
from reassure.occasions.expand import expand
from reassure.occasions.values import OneOff, TableRow, Weekly
from reassure.patrols.units import unit_problems
from reassure.places.areas import with_areas
from reassure.places.matching import duplicate_pairs
from reassure.places.place import place_problems
from reassure.threats.declarations import declaration_match, declaration_problems

seeds = st.integers(min_value=0, max_value=2**32)


@pytest.fixture(scope="module")
def area() -> DemoArea:
    return demo_area()


@settings(max_examples=40)
@given(seeds, st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_generated_value_is_sound(seed: int, on: date) -> None:
    """No seed and no day makes a place, unit or declaration that the rules refuse."""
    area = demo_area(seed, on)

    assert [p for place in area.places for p in place_problems(place)] == []
    assert [p for unit in area.units for p in unit_problems(unit, dwell_min=12)] == []
    assert declaration_problems(area.declaration) == []


@settings(max_examples=40)
@given(seeds)
def test_every_place_and_base_stands_inside_the_area(seed: int) -> None:
    """The outline holds every place and every base; the ring is closed and does not cross itself."""
    area = demo_area(seed)
    outline = Polygon([(p.lon_deg, p.lat_deg) for p in area.outline])

    assert area.outline[0] == area.outline[-1]
    assert outline.is_valid
    points = [place.point for place in area.places] + [unit.base for unit in area.units]
    assert [p for p in points if not outline.contains(ShapelyPoint(p.lon_deg, p.lat_deg))] == []


@settings(max_examples=40)
@given(seeds)
def test_all_faiths_and_the_unknown_are_there(seed: int) -> None:
    """120 places: each of the seven faiths at least four times, some unknown, some of several faiths."""
    area = demo_area(seed)
    n_by_faith = Counter(code for place in area.places for code in place.faiths)

    assert len(area.places) == 120
    assert len({place.ref for place in area.places}) == 120
    assert set(n_by_faith) == set(CODES) - {"unknown"}
    assert min(n_by_faith.values()) >= 4
    assert sum(not place.faiths for place in area.places) >= 4
    assert sum(len(place.faiths) > 1 for place in area.places) >= 2


@settings(max_examples=40)
@given(seeds)
def test_every_name_says_that_it_is_generated(seed: int) -> None:
    """Names end in "(demo)" and are not used twice, units say Demo, wordings say so, no postcode can exist."""
    area = demo_area(seed)
    names = [name for place in area.places for name in (place.name, *place.other_names) if name]

    assert [name for name in names if not name.endswith("(demo)")] == []
    assert len(set(names)) == len(names)
    assert all(unit.callsign.startswith("Demo ") for unit in area.units)
    assert all(place.postcode.startswith("QQ") or not place.postcode for place in area.places)
    words = [area.declaration.title, area.declaration.threat_wording, *(w for _, w in area.declaration.wordings)]
    assert [text for text in words if "emonstration" not in text] == []


@settings(max_examples=40)
@given(seeds)
def test_the_flaws_of_real_registers_are_there(seed: int) -> None:
    """Unnamed places, a house entered twice, three rooms in one hospital, a cemetery, a closed house, profiles."""
    places = demo_area(seed).places
    pairs = [
        (a, b)
        for i, a in enumerate(places)
        for b in places[i + 1 :]
        if great_circle_m(a.point, b.point) <= 60 and a.faiths & b.faiths and a.setting != "hospital"
    ]

    assert sum(not place.name for place in places) == 4
    assert sum(bool(a.name and b.name) for a, b in pairs) == 2  # the same name with a letter lost
    assert sum(not (a.name and b.name) for a, b in pairs) == 1
    assert Counter(place.setting for place in places)["hospital"] == 3
    assert Counter(place.setting for place in places)["cemetery"] == 1
    assert [place.status for place in places].count("closed") == 1
    assert {place.profile for place in places} == {"default", "none", "saturday", "orthodox"}


def test_the_same_seed_gives_the_same_bytes() -> None:
    """Two runs of one seed give equal values and equal files; another seed gives others."""
    assert demo_area(7) == demo_area(7)
    assert input_files(demo_area(7)) == input_files(demo_area(7))
    assert demo_area(7).places != demo_area(8).places


def test_the_area_is_none_of_a_police_force_and_lies_at_sea(area: DemoArea) -> None:
    """Its code is none of the 45 areas, and it is over 100 km from the nearest towns of the coast (atlas values)."""
    coast = {
        "Newcastle": Point(54.978, -1.613),
        "Scarborough": Point(54.283, -0.400),
        "Aberdeen": Point(57.149, -2.094),
        "Cromer": Point(52.931, 1.302),
    }

    assert area.code not in {force.area_code for force in FORCES}
    nearest_m = min(great_circle_m(place.point, town) for place in area.places for town in coast.values())
    assert nearest_m > 100_000


@pytest.mark.slow
def test_no_real_place_of_worship_is_near(data_dir, area: DemoArea) -> None:  # type: ignore[no-untyped-def]
    """None of the 37,757 places of the open register is within 100 km of the demo town."""
    rows = (data_dir / "places_of_worship" / "places_of_worship_osm_2026-08.csv").read_text("utf-8").splitlines()
    columns = rows[0].split(",")
    lon_column = columns.index("lon") - len(columns)  # from the right, since names hold commas
    lat_column = lon_column + 1
    import csv  # noqa: PLC0415 - only where the register is at hand

    points = [Point(float(row[lat_column]), float(row[lon_column])) for row in csv.reader(rows[1:])]

    assert len(points) == 37_757
    assert min(great_circle_m(Point(55.6, 1.0), point) for point in points) > 100_000


def test_fourteen_units_of_three_kinds_from_several_bases(area: DemoArea) -> None:
    """Cars, foot and cycle; at least two bases; each with a break; one shift runs past midnight."""
    kinds = Counter(unit.kind for unit in area.units)

    assert kinds == {"car": 5, "foot": 5, "cycle": 4}
    assert len({unit.base for unit in area.units}) >= 2
    assert all(len(unit.breaks) == 1 for unit in area.units)
    assert any(unit.ends_at.date() > area.on for unit in area.units)
    assert any(unit.skills for unit in area.units)


def test_timetables_hold_every_kind_of_word(area: DemoArea) -> None:
    """Two congregations at six mosques, both seasons, published rows for the day, and one cancelled Friday."""
    weekly = Counter(
        rule.place_ref
        for rule in area.rules
        if rule.key == "jumuah" and isinstance(rule.when, Weekly) and not rule.when.season
    )

    assert sorted(weekly.values()) == [2] * 6
    assert {rule.when.season for rule in area.rules if isinstance(rule.when, Weekly)} == {"", "gmt", "bst"}
    assert sum(isinstance(rule.when, TableRow) and rule.when.on == area.on for rule in area.rules) == 6
    assert [rule.when.is_cancelled for rule in area.rules if isinstance(rule.when, OneOff)] == [True]
    assert {rule.place_ref for rule in area.rules} <= {place.ref for place in area.places if place.is_open}


def test_people_of_every_faith_gather_on_the_demo_friday(area: DemoArea) -> None:
    """45 mosques and one shared house, less a closed one, have Jumu'ah, one cancelled; each faith gathers that day."""
    occasions = list(expand(area.places, area.rules, area.on, area.on))
    faiths_of = {place.ref: place.faiths or {"unknown"} for place in area.places}

    jumuah = Counter(o.status for o in occasions if o.key == "jumuah")
    assert jumuah == {"forecast": 44, "cancelled": 1}
    assert sum(len(o.sittings) == 2 for o in occasions) == 6
    assert {faith for o in occasions for faith in faiths_of[o.place_ref]} == set(CODES)
    assert {o.confidence for o in occasions} == {"A", "B", "D"}


def test_facts_ask_refuse_and_require(area: DemoArea) -> None:
    """One place refuses visits, six ask, three must be visited (with a band), and some are known in nothing."""
    facts = {fact.place_ref: fact for fact in area.facts}

    assert len(facts) == len(area.facts) < len(area.places)
    assert [fact.presence for fact in area.facts].count("none") == 1
    assert [fact.presence for fact in area.facts].count("outside_only") == 2
    assert sum(fact.request_until is not None for fact in area.facts) == 6
    assert [bool(fact.band) for fact in area.facts if fact.must] == [True] * 3
    assert all(fact.last_visit_on < area.on for fact in area.facts if fact.last_visit_on)


@settings(max_examples=40)
@given(seeds)
def test_what_must_be_visited_can_be(seed: int) -> None:
    """No must-visit has refused visits, is closed, or has cancelled the day: else the demo could not be planned."""
    area = demo_area(seed)
    musts = {fact.place_ref for fact in area.facts if fact.must}
    cancelled = {rule.place_ref for rule in area.rules if isinstance(rule.when, OneOff)}

    assert len(musts) == 3
    assert not musts & cancelled
    assert not musts & {fact.place_ref for fact in area.facts if fact.presence == "none"}
    assert musts <= {place.ref for place in area.places if place.is_open}


def test_incidents_of_origins_that_never_count_are_among_them(area: DemoArea) -> None:
    """Guard G2 can be seen at work: three of eleven incidents are of ignored origins, one is over 84 days old."""
    origins = Counter(incident.origin for incident in area.incidents)

    assert len(area.incidents) == 11
    assert origins["officer_on_visit"] == origins["police_discovered"] == origins["unknown"] == 1
    assert sum(incident.ended_on < area.on - timedelta(days=84) for incident in area.incidents) == 1
    assert sum(incident.point is not None for incident in area.incidents) == 1


def test_the_declaration_names_mosques_and_engages_all_faiths(area: DemoArea) -> None:
    """At noon of the day a mosque is named and a church engaged; both no longer after 72 hours."""
    mosque = next(place for place in area.places if place.faiths == {"muslim"})
    church = next(place for place in area.places if place.faiths == {"christian"})
    noon, later = datetime(2026, 11, 27, 12, tzinfo=UTC), datetime(2026, 11, 30, 5, tzinfo=UTC)

    assert declaration_match(mosque, noon, [area.declaration])[0] == "named"
    assert declaration_match(church, noon, [area.declaration])[0] == "all_faiths"
    assert declaration_match(mosque, later, [area.declaration])[0] == "none"


@pytest.mark.parametrize(("seed", "on"), [(-1, date(2026, 11, 27)), (1, date(1999, 12, 31)), (1, date(2100, 1, 1))])
def test_a_seed_or_day_out_of_range_is_refused(seed: int, on: date) -> None:
    """A negative seed, and a year outside 2000 to 2099, are refused with what is expected."""
    with pytest.raises(InputError, match="expected"):
        demo_area(seed, on)


@pytest.fixture(scope="module")
def inputs(area: DemoArea, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "inputs"
    write_folder(folder, input_files(area))
    return folder


def test_the_register_reads_back_as_it_was_generated(area: DemoArea, inputs: Path) -> None:
    """The reader that everybody's register goes through returns the same places with the same facts."""
    register = read_register(inputs / PLACES, with_facts=True)

    assert register.problems == ()
    assert register.dropped == ()
    assert register.places == area.places
    assert [source.licence for source in register.sources] == ["CC0-1.0"]


def test_the_roster_reads_back_as_it_was_generated(area: DemoArea, inputs: Path) -> None:
    """The reader of rosters returns the same fourteen units."""
    assert read_units(inputs / UNITS) == area.units


def test_the_timetables_read_back_as_they_were_generated(area: DemoArea, inputs: Path) -> None:
    """The reader of timetables returns the same rules, the cancelled Friday among them, and finds no fault."""
    timetables = read_timetables(inputs / TIMETABLES, place_refs=[place.ref for place in area.places])

    assert timetables.problems == ()
    assert timetables.dropped == ()
    assert timetables.rules == area.rules


def test_facts_incidents_and_declaration_read_back_as_they_were_generated(area: DemoArea, inputs: Path) -> None:
    """The strict readers, told every place, the day and the area's code, return the same values."""
    refs = [place.ref for place in area.places]

    assert tuple(read_facts(inputs / FACTS, place_refs=refs, on=area.on).values()) == area.facts
    assert read_incidents(inputs / INCIDENTS, place_refs=refs, on=area.on) == area.incidents
    assert read_declaration(inputs / DECLARATION, area_codes=AREA_CODES) == area.declaration


def test_the_outline_puts_every_place_into_the_demo_area(area: DemoArea, inputs: Path) -> None:
    """Places whose area is forgotten get it back from the outline file, each by polygon, none by nearness."""
    outlines = read_areas(inputs / AREAS)
    forgotten = [replace(place, area_code="", area_by="") for place in area.places]

    found = with_areas(forgotten, districts={}, outlines=outlines)

    assert list(outlines) == [area.code]
    assert {(place.area_code, place.area_by) for place in found} == {(area.code, "polygon")}


@pytest.mark.parametrize("seed", range(5))
def test_the_register_finds_the_houses_entered_twice(seed: int) -> None:
    """The two misspelt doubles are likely duplicates and the unnamed one a possible one, whatever the seed."""
    pairs = [(pair.kind, round(pair.distance_m)) for pair in duplicate_pairs(demo_area(seed).places)]

    assert sorted(pair for pair in pairs if pair[0] == "likely") == [("likely", 24), ("likely", 38)]
    assert ("possible", 21) in pairs
