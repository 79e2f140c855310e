"""Pairs of places that may be one: counts on the real files, worked pairs, and what must hold always."""

from collections import Counter
from math import cos, radians
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.fuzz import token_set_ratio

from reassure.errors import InputError
from reassure.files.register import Register, read_register
from reassure.geo import EARTH_RADIUS_M, Point, distance_m
from reassure.places.matching import Pair, chains, duplicate_pairs, kind_of, name_key, pairs_between, verdict_on
from reassure.places.place import Place

METRES_PER_DEG = radians(EARTH_RADIUS_M)
HERE = Point(52.48, -1.9)


def _at(north_m: float, east_m: float) -> Point:
    lat_deg = HERE.lat_deg + north_m / METRES_PER_DEG
    return Point(lat_deg, HERE.lon_deg + east_m / METRES_PER_DEG / cos(radians(HERE.lat_deg)))


def _place(ref: str, name: str, *, north_m: float = 0.0, east_m: float = 0.0, faith: str = "christian") -> Place:
    return Place(ref=ref, name=name, faiths=frozenset({faith}), point=_at(north_m, east_m))


def _kinds(pairs: tuple[Pair, ...]) -> Counter:
    return Counter(pair.kind for pair in pairs)


@pytest.mark.slow
def test_the_open_register_has_224_likely_and_414_possible_pairs(open_register: Register) -> None:
    """Over all 37,757 places: 224 likely, 414 possible, and 4 ids that stand under two faiths."""
    pairs = duplicate_pairs(open_register.places)

    assert _kinds(pairs) == {"likely": 224, "possible": 414, "same_id": 4}


def test_the_west_midlands_have_8_likely_and_15_possible_pairs(open_register: Register) -> None:
    """Among the 1,300 places of the West Midlands: 8 likely, 15 possible, one id that changed hands."""
    own = [place for place in open_register.places if place.area_code == "E23000014"]

    assert _kinds(duplicate_pairs(own)) == {"likely": 8, "possible": 15, "same_id": 1}


def test_two_lists_of_mosques_find_each_other(open_register: Register, data_dir: Path) -> None:
    """Of the 947 mosques of 2025 inside the box of 2026, 911 are likely there and 3 possibly: 96.5 %."""
    older = read_register(data_dir / "places_of_worship" / "mosques_uk_osm_2025-07_dedup.csv", faith="muslim").places
    box = [p for p in older if 49.8 <= p.point.lat_deg <= 55.9 and -6.5 <= p.point.lon_deg <= 2.1]

    pairs = pairs_between(box, open_register.places)

    assert len(box) == 947
    assert _kinds(pairs) == {"likely": 911, "possible": 3}
    assert round(100 * len(pairs) / len(box), 1) == 96.5
    assert len({pair.refs[0] for pair in pairs}) == len(pairs)


@pytest.mark.parametrize(
    ("a", "b", "metres"),
    [
        ("Khizra mosque", "Khizra Mosque", 30),
        ("Our Lady of the Assumption", "Our Lady Of The Assumption Roman Catholic Church", 22),
        ("Causway Green Methodist Church", "Causeway Green Methodist Church", 0),
    ],
)
def test_pairs_that_must_be_likely(open_register: Register, a: str, b: str, metres: int) -> None:
    """Pairs of the real register that people call one place are likely."""
    names = {place.ref: place.name for place in open_register.places}
    own = [place for place in open_register.places if place.name in {a, b}]

    found = [(pair.kind, {names[ref] for ref in pair.refs}, round(pair.distance_m)) for pair in duplicate_pairs(own)]

    assert ("likely", {a, b}, metres) in found


@pytest.mark.parametrize(
    ("a", "b", "metres"),
    [
        ("Stechford Parish Church", "Stechford Baptist Church", 116),
        ("Sri Guru Singh Sabha Gurdwara", "Guru Nanak Sikh Gurdwara", 121),
        ("Christ Apostolic Church", "Christian Advantage Int'l", 15),  # in one house
    ],
)
def test_pairs_that_must_not_be_likely(open_register: Register, a: str, b: str, metres: int) -> None:
    """Neighbours of the real register that are two places are not likely one."""
    every = [p for p in open_register.places if p.name in {a, b}]
    own = next(
        [x, y]
        for x in every
        for y in every
        if (x.name, y.name) == (a, b) and round(distance_m(x.point, y.point)) == metres
    )

    assert all(pair.kind != "likely" for pair in duplicate_pairs(own))


def test_prayer_rooms_of_three_faiths_in_one_hospital_are_three_places() -> None:
    """Rooms of three faiths within 22 m are no duplicates, whatever their names."""
    rooms = [
        _place("a", "Prayer Room", faith="muslim"),
        _place("b", "Prayer Room", faith="christian", east_m=15),
        _place("c", "Prayer Room", faith="hindu", east_m=22),
    ]

    assert duplicate_pairs(rooms) == ()


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Saint John's Church", "st johns church"),
        ("SS Peter & Paul", "ss peter and paul"),
        ("Sts Peter and Paul", "st peter and paul"),
        ("Al Ma\u2019rifah Academy", "al marifah academy"),
        ("Jāmi‘ Masjid", "jami mosque"),
        ("Central Jamia Musjid", "central jamia mosque"),
        ("All\u2010Saints", "allsaints"),  # U+2010 is dropped
        ("All-Saints", "all saints"),  # other marks part words
        ("Αγίου Ελεθερίου", "αγιου ελεθεριου"),
        ("STRASSE ẞ", "strasse ss"),
        ("  ", ""),
    ],
)
def test_names_are_compared_in_one_form(name: str, key: str) -> None:
    """Case, accents, apostrophes and usual words do not part two names; scripts stay as they are."""
    assert name_key(name) == key


@pytest.mark.parametrize(
    ("far_m", "likeness", "is_unnamed", "kind"),
    [
        (60.0, 90.0, False, "likely"),
        (60.1, 90.0, False, "possible"),
        (60.0, 89.9, False, "possible"),
        (150.0, 75.0, False, "possible"),
        (150.0, 74.9, False, ""),
        (150.1, 100.0, False, ""),
        (30.0, 0.0, True, "possible"),
        (30.1, 0.0, True, ""),
    ],
)
def test_limits_of_likely_and_possible(far_m: float, likeness: float, is_unnamed: bool, kind: str) -> None:
    """Each limit is included: 60 m and 90 for likely, 150 m and 75 for possible, 30 m for a missing name."""
    assert kind_of(far_m, likeness, is_unnamed=is_unnamed) == kind


def test_other_names_count() -> None:
    """A place is also known by its other names."""
    a = _place("a", "Trinity Chapel")
    b = Place("b", "Haven", other_names=("Trinity Chapel",), faiths=a.faiths, point=_at(20, 0))

    assert [pair.kind for pair in duplicate_pairs([a, b])] == ["likely"]


def test_one_id_under_two_faiths_is_asked_and_not_merged() -> None:
    """The same external id is `same_id` whatever the faith and however far."""
    a = Place("a", "Chapel", faiths=frozenset({"christian"}), point=HERE, external_ids=(("osm", "way/1"),))
    b = Place("b", "Mosque", faiths=frozenset({"muslim"}), point=_at(500, 0), external_ids=(("osm", "way/1"),))

    assert [(pair.kind, pair.refs) for pair in duplicate_pairs([a, b])] == [("same_id", ("a", "b"))]


def test_three_elements_of_one_mosque_are_shown_together() -> None:
    """A chain of three, 35, 69 and 103 m apart, is one question, and a far pair another."""
    mosque = [_place(ref, "Jamia Mosque", east_m=m, faith="muslim") for ref, m in (("a", 0), ("b", 35), ("c", 104))]
    other = [_place("x", "Grace Chapel", north_m=2_000), _place("y", "Grace Chapel", north_m=2_010)]

    assert chains(duplicate_pairs([*mosque, *other])) == (("a", "b", "c"), ("x", "y"))


def test_a_remembered_difference_is_not_asked_again() -> None:
    """Different stands until a name changes or a place moves 100 m; unsure is asked again."""
    a, b = _place("a", "Grace Chapel"), _place("b", "Grace Chapel", east_m=20)
    different = verdict_on(b, a, "different")

    assert duplicate_pairs([a, b], [different]) == ()
    assert len(duplicate_pairs([a, b], [verdict_on(a, b, "unsure")])) == 1
    renamed = _place("b", "Grace Chapel Hall", east_m=20)
    assert len(duplicate_pairs([a, renamed], [different])) == 1
    assert duplicate_pairs([a, _place("b", "Grace Chapel", east_m=119)], [different]) == ()
    assert len(duplicate_pairs([a, _place("b", "Grace Chapel", east_m=121)], [different])) == 1
    with pytest.raises(InputError, match="same, different, unsure"):
        verdict_on(a, b, "perhaps")


NAMES = st.sampled_from(
    ["", "St Mary", "St Marys Church", "Saint Mary", "Jamia Mosque", "Jami Masjid", "Zion", "Zion Hall"]
)
PLACES = st.lists(
    st.tuples(NAMES, st.floats(-400, 400), st.floats(-400, 400), st.sampled_from(["christian", "muslim"])),
    max_size=9,
).map(
    lambda rows: [
        _place(f"p{i}", name, north_m=north, east_m=east, faith=faith)
        for i, (name, north, east, faith) in enumerate(rows)
    ]
)


def _by_brute_force(places: list[Place]) -> set[tuple[str, tuple[str, str]]]:
    """Every pair, each looked at once, with the rules as the specification words them."""
    found = set()
    for i, a in enumerate(places):
        for b in places[i + 1 :]:
            far_m = distance_m(a.point, b.point)
            x, y = name_key(a.name), name_key(b.name)
            likeness = token_set_ratio(x, y) if x and y else 0
            refs = (min(a.ref, b.ref), max(a.ref, b.ref))
            if far_m > 150 or a.faiths != b.faiths:
                continue
            if likeness >= 90 and far_m <= 60:
                found.add(("likely", refs))
            elif likeness >= 75 or (not (x and y) and far_m <= 30):
                found.add(("possible", refs))
    return found


@given(PLACES)
def test_the_grid_finds_what_every_pair_would(places: list[Place]) -> None:
    """The search by cells finds the pairs that looking at every pair finds, and no other."""
    assert {(pair.kind, pair.refs) for pair in duplicate_pairs(places)} == _by_brute_force(places)


@given(PLACES, st.randoms(use_true_random=False))
def test_pairs_do_not_depend_on_the_order_of_places(places: list[Place], random) -> None:
    """Matching is symmetric: shuffled places give the same pairs in the same order."""
    shuffled = random.sample(places, len(places))

    assert duplicate_pairs(shuffled) == duplicate_pairs(places)


@given(st.text(max_size=40))
def test_a_key_is_its_own_key(name: str) -> None:
    """The form of a name is final: making it again changes nothing that is compared."""
    assert name_key(name_key(name)) == name_key(name)
