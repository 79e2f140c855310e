"""The report of doubts: what each rule counts, out of how many, and its heading."""

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from reassure.files.areas import read_areas, read_districts
from reassure.files.register import Register
from reassure.files.residents import read_residents
from reassure.geo import Point
from reassure.places.areas import with_areas
from reassure.places.matching import Pair, duplicate_pairs
from reassure.places.place import Fact, Place
from reassure.places.quality import HEADER, Finding, by_area, few_for_population, quality_report

BASE = Place(ref="p", name="A", faiths=frozenset({"sikh"}), point=Point(52.48, -1.9), area_code="E23000014")


def _found(places: list[Place], pairs: tuple[Pair, ...] = ()) -> dict[str, Finding]:
    return {finding.rule: finding for finding in quality_report(places, pairs)}


def test_every_list_says_that_it_is_incomplete() -> None:
    """The heading of every report is a sentence that no reader can miss."""
    assert HEADER == "This register is incomplete."


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ("unnamed", replace(BASE, name="")),
        ("no_religion", replace(BASE, faiths=frozenset())),
        ("same_id", replace(BASE, flags=("same_id",))),
        ("maybe_closed", replace(BASE, flags=("maybe_closed",))),
        ("no_services_expected", replace(BASE, profile="none")),
        ("differs", replace(BASE, flags=("differs",))),
        ("outside_polygons", replace(BASE, flags=("outside_polygons",))),
        ("area_nearest", replace(BASE, flags=("area_nearest",))),
        ("area_differs", replace(BASE, flags=("area_differs",))),
        ("area_unknown", replace(BASE, area_code="")),
        ("lad_unknown", replace(BASE, flags=("lad_unknown",))),
        ("postcode_unknown", replace(BASE, flags=("postcode_unknown",))),
        ("point_far_from_postcode", replace(BASE, flags=("point_far_from_postcode",))),
        ("not_seen", replace(BASE, flags=("not_seen",))),
        ("cut_edge", replace(BASE, point=Point(55.9 - 1_990 / 111_195, -3.0))),
        ("cut_edge", replace(BASE, point=Point(54.6, -6.5 + 0.03))),  # 1.93 km at 54.6 N
    ],
)
def test_each_rule_finds_its_place_and_no_other(rule: str, place: Place) -> None:
    """A place with one doubt is found by that rule only (besides `never_confirmed`), and a sound one by none."""
    sound = replace(BASE, ref="sound")

    found = _found([place, sound])

    assert {r for r, finding in found.items() if finding.n} == {rule, "never_confirmed"}
    assert (found[rule].refs, found[rule].n_of, found[rule].share) == (("p",), 2, 0.5)


@pytest.mark.parametrize("point", [Point(55.9 - 2_010 / 111_195, -3.0), Point(54.6, -6.5 + 0.032), Point(57.0, -6.5)])
def test_the_edge_is_two_kilometres_wide(point: Point) -> None:
    """Places farther than 2 km from where the open register ends are not at its edge; nor is the far north."""
    assert _found([replace(BASE, point=point)])["cut_edge"].n == 0


@pytest.mark.parametrize(("rank", "n"), [(1, 0), (2, 0), (3, 1), (5, 1)])
def test_the_place_or_an_officer_at_its_door_confirms(rank: int, n: int) -> None:
    """A word of rank 1 or 2 confirms a place, a list does not."""
    fact = Fact("name", "A", "s", rank, date(2026, 8, 1))

    assert _found([replace(BASE, facts=(fact,))])["never_confirmed"].n == n


def test_a_pair_counts_in_the_area_of_either_place() -> None:
    """A pair across two areas is a doubt of both."""
    pair = Pair("likely", ("p", "q"), 10.0, 100.0)

    assert _found([BASE], (pair,))["likely_duplicate"].refs == ("p",)
    assert _found([replace(BASE, ref="q")], (pair,))["likely_duplicate"].refs == ("q",)
    assert _found([replace(BASE, ref="r")], (pair,))["likely_duplicate"].n == 0


def test_an_empty_register_divides_by_nothing() -> None:
    """Without places every share is 0."""
    assert {finding.share for finding in quality_report([], ())} == {0.0}


@pytest.mark.slow
def test_the_report_on_the_open_register(open_register: Register, data_dir: Path) -> None:
    """Unnamed 1,561 (1,457 Christian, 65 Muslim, 27 Jewish, 12 others); 4 outside; 120 without services; 8 same id."""
    outlines = read_areas(data_dir / "police_areas" / "uk_police_areas_2023_buc.geojson")
    districts = read_districts(data_dir / "police_areas" / "lad_to_police_area.csv")
    places = with_areas(open_register.places, districts=districts, outlines=outlines)
    pairs = duplicate_pairs(places)

    found = {finding.rule: finding for finding in quality_report(places, pairs)}

    faiths = Counter(dict(found["unnamed"].by_faith))
    assert (found["unnamed"].n, found["unnamed"].n_of) == (1_561, 37_757)
    assert f"{found['unnamed'].share:.1%}" == "4.1%"
    assert (faiths["christian"], faiths["muslim"], faiths["jewish"]) == (1_457, 65, 27)
    assert found["outside_polygons"].n == 4
    assert found["area_nearest"].n == found["lad_unknown"].n == found["no_religion"].n == 0
    assert found["no_services_expected"].n == 120
    assert found["same_id"].n == 8
    assert found["likely_duplicate"].n == len({ref for p in pairs if p.kind == "likely" for ref in p.refs})
    assert found["cut_edge"].n > 0
    assert len(by_area(places)) == 45
    assert sum(len(group) for group in by_area(places).values()) == 37_757


def test_few_places_for_the_residents_is_a_question() -> None:
    """30 places for 3,000 residents: an area with 1,000 of them would have 10; with 4 it is asked, with 5 not."""
    residents = {("A", "sikh"): 1_000, ("B", "sikh"): 2_000}

    def report(n_in_a: int) -> Finding:
        a = [replace(BASE, ref=f"a{i}", area_code="A") for i in range(n_in_a)]
        b = [replace(BASE, ref=f"b{i}", area_code="B") for i in range(30 - n_in_a)]
        return few_for_population([*a, *b], residents)

    assert report(4).refs == ("A sikh",)
    assert report(5).refs == ()
    assert report(4).n_of == 2


def test_census_residents_add_up(data_dir: Path) -> None:
    """Residents by faith add up to the published 3,868,130 Muslim, 271,347 Jewish, 524,141 Sikh, 1,032,780 Hindu."""
    residents = read_residents(data_dir / "census_context" / "religion_by_lad_2021.csv")
    totals: Counter[str] = Counter()
    for (_, code), n in residents.items():
        totals[code] += n

    assert (totals["muslim"], totals["jewish"], totals["sikh"], totals["hindu"]) == (
        3_868_130,
        271_347,
        524_141,
        1_032_780,
    )
    assert set(totals) == {"buddhist", "christian", "hindu", "jewish", "muslim", "sikh"}
