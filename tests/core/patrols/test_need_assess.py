"""From places, occasions and what is known to needs: rows, attendance, declarations, and guards G2 and G3."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassure.errors import InputError
from reassure.geo import Point
from reassure.occasions.values import Occasion, Sitting
from reassure.patrols.need import PlaceFacts, PlaceNeed, assess
from reassure.places.place import Place
from reassure.threats.declarations import Declaration
from reassure.threats.incidents import Incident

ON = date(2019, 3, 15)
NOON = datetime(2019, 3, 15, 12, tzinfo=UTC)
WINDOW = (datetime(2019, 3, 15, 9, tzinfo=UTC), datetime(2019, 3, 15, 17, tzinfo=UTC))


def place(ref: str, *faiths: str, **known: object) -> Place:
    known = {"point": Point(52.48, -1.89), "area_code": "E23000014", **known}
    return Place(ref, faiths=frozenset(faiths), **known)  # type: ignore[arg-type]


def occasion(place_ref: str, starts_at: datetime = NOON, key: str = "jumuah", **known: object) -> Occasion:
    ends_at = starts_at + timedelta(minutes=30)
    sitting = Sitting(starts_at - timedelta(minutes=30), starts_at, ends_at, ends_at, starts_at, starts_at)
    return Occasion(f"{place_ref}:{key}:{ON}:1", place_ref, key, ON, (sitting,), **known)  # type: ignore[arg-type]


def declared(**known: object) -> Declaration:
    five = datetime(2019, 3, 15, 5, tzinfo=UTC)
    usual = {
        "ref": "D-7",
        "revision": 1,
        "status": "actual",
        "msg_type": "alert",
        "title": "Mosques named",
        "threat_wording": "no intelligence linking the event to the UK",
        "faiths_named": frozenset({"muslim"}),
        "is_all_faiths": True,
        "areas": frozenset(),
        "activities": frozenset({"presence"}),
        "issued_by": "A",
        "approved_by": "B",
        "issued_at": five,
        "starts_at": five,
        "review_at": five + timedelta(hours=24),
        "expires_at": five + timedelta(hours=72),
    }
    return Declaration(**{**usual, **known})  # type: ignore[arg-type]


def known(*facts: PlaceFacts) -> dict[str, PlaceFacts]:
    return {fact.place_ref: fact for fact in facts}


def needs(places: Iterable[Place], occasions: Iterable[Occasion] = (), **more: object) -> tuple[PlaceNeed, ...]:
    return assess(tuple(places), tuple(occasions), **{"on": ON, "window": WINDOW, **more})  # type: ignore[arg-type]


def test_every_occasion_and_every_place_without_one_has_a_row() -> None:
    """One row a place-occasion and one a place without, ordered by place and occasion; cancelled ones are left out."""
    places = [place("P3"), place("P1"), place("P2"), place("P4")]
    occasions = [
        occasion("P2", key="shabbat_eve"),
        occasion("P2", key="jumuah"),
        occasion("P1"),
        occasion("P4", status="cancelled"),
        occasion("elsewhere"),
    ]

    rows = [(n.place_ref, n.occasion_ref) for n in needs(places, occasions)]

    assert rows == [
        ("P1", "P1:jumuah:2019-03-15:1"),
        ("P2", "P2:jumuah:2019-03-15:1"),
        ("P2", "P2:shabbat_eve:2019-03-15:1"),
        ("P3", ""),
        ("P4", ""),
    ]


def test_e1_comes_out_of_a_register_a_declaration_and_facts() -> None:
    """E1 from end to end: a mosque of band 800-999, named, gap 0.4, visited 21 days ago, comes to 60."""
    facts = known(PlaceFacts("P1", last_visit_on=date(2019, 2, 22), gap_share=0.4, band="800-999"))

    (need,) = needs([place("P1", "muslim")], [occasion("P1")], declarations=[declared()], facts=facts)

    assert need.explanation == (
        "60 = 28 attendance 900 + 20 named in declaration D-7 + 4 security gap + 8 last visit 21 days"
    )
    assert (need.declaration_match, need.declaration_ref) == ("named", "D-7")
    assert need.officer_lines == ("People gather here at 12:00.", "Mosques are named in declaration D-7.")


@pytest.mark.parametrize(
    ("starts_at", "gate"),
    [
        (WINDOW[0] - timedelta(minutes=30), "closed"),  # gone exactly when the window opens
        (WINDOW[0] - timedelta(minutes=29), "open"),
        (WINDOW[1] + timedelta(minutes=29), "open"),
        (WINDOW[1] + timedelta(minutes=30), "closed"),  # first arrival exactly when it closes
    ],
)
def test_an_occasion_counts_when_people_are_there_in_the_window(starts_at: datetime, gate: str) -> None:
    """An occasion opens the gate when its time from first arrival to gone overlaps the half-open window."""
    (need,) = needs([place("P1")], [occasion("P1", starts_at)])

    assert need.score.gate == gate
    assert need.occasion_ref


def test_the_band_for_the_kind_of_occasion_stands_over_the_band_for_all() -> None:
    """Of several bands the occasion's own counts, then the register's for this kind, then the one for every kind."""
    with_bands = place("P1", bands=(("shabbat_eve", "20-49"),))
    facts = known(PlaceFacts("P1", band="400-799"))
    occasions = [occasion("P1", key="shabbat_eve"), occasion("P1", key="shabbat_morning"), occasion("P1", band="1-19")]

    figures = [n.score.inputs.n_expected for n in needs([with_bands], occasions, facts=facts)]

    assert figures == [10, 35, 600]  # jumuah, shabbat_eve, shabbat_morning
    assert not any(n.score.inputs.is_estimated for n in needs([with_bands], occasions, facts=facts))


def estimate(given: list[tuple[str, str]], area_code: str = "E23000014") -> int:
    """What is expected at a place without a band, where others of (area, band) have one."""
    places = [place(f"P{i}", area_code=area) for i, (area, _) in enumerate(given)]
    facts = known(*(PlaceFacts(f"P{i}", band=band) for i, (_, band) in enumerate(given)))
    rows = needs([*places, place("none", area_code=area_code)], [occasion("none")], facts=facts)
    (need,) = [n for n in rows if n.place_ref == "none"]
    assert need.score.inputs.is_estimated
    return need.score.inputs.n_expected


WM, MET = "E23000014", "E23000001"


def test_without_a_band_the_lower_median_of_the_force_is_taken() -> None:
    """Five bands in the force are enough; of an even number the lower of the two in the middle counts."""
    five = [(WM, band) for band in ("1-19", "20-49", "100-199", "400-799", "1500+")]

    assert estimate(five) == 150
    assert estimate([*five, (WM, "1500+")]) == 150
    assert estimate([*five, (MET, "1-19")]) == 150


def test_with_fewer_than_five_bands_the_nation_counts_and_else_75() -> None:
    """Four bands in the force are too few; then all given bands count, and without any it is 75."""
    four = [(WM, band) for band in ("100-199", "200-399", "400-799", "1500+")]

    assert estimate([*four, (MET, "1-19"), (MET, "1-19"), (MET, "1-19")]) == 150
    assert estimate(four) == 300
    assert estimate([]) == 75


def test_a_place_with_bands_by_kind_counts_once_for_the_median() -> None:
    """A band for every kind adds no figure where the place gave one by kind: four in the force are still too few."""
    both = place("both", bands=(("jumuah", "1-19"),))
    others = [*(place(f"W{i}") for i in range(3)), *(place(f"M{i}", area_code=MET) for i in range(4))]
    facts = known(
        PlaceFacts("both", band="1500+"),
        *(PlaceFacts(p.ref, band="200-399" if p.area_code == WM else "20-49") for p in others),
    )

    rows = needs([both, *others, place("none")], [occasion("none")], facts=facts)

    assert [n.score.inputs.n_expected for n in rows if n.place_ref == "none"] == [35]  # of 10, 4 x 35, 3 x 300


def test_estimates_do_not_depend_on_the_faith() -> None:
    """Five synagogues' bands are what a mosque without a band is planned with: never by denomination."""
    places = [place(f"S{i}", "jewish") for i in range(5)]
    facts = known(*(PlaceFacts(p.ref, band="20-49") for p in places))

    rows = needs([*places, place("M", "muslim")], [occasion("M")], facts=facts)

    assert [n.score.inputs.n_expected for n in rows if n.place_ref == "M"] == [35]


def test_a_place_without_an_occasion_is_matched_with_the_window() -> None:
    """E5: an arson two days ago, no occasion, all faiths in force in the window: 31, though both began at 05:00."""
    arson = Incident("I1", "arson", "place", date(2019, 3, 13), place_ref="P1")
    facts = known(PlaceFacts("P1", last_visit_on=date(2019, 3, 8)))
    window = (datetime(2019, 3, 15, 5, tzinfo=UTC), WINDOW[1])

    (need,) = needs([place("P1", "sikh")], incidents=[arson], declarations=[declared()], facts=facts, window=window)

    assert need.explanation == (
        "31 = 17 incidents (1; nearest 0 m, 2 days) + 6 all faiths in declaration D-7 + 5 security gap (not assessed) "
        "+ 3 last visit 7 days"
    )


@pytest.mark.parametrize("where", ["register", "facts"])
def test_a_place_that_wants_contact_only_has_opted_out(where: str) -> None:
    """Presence none in the register or in the facts is enough, whatever the other says."""
    said = {"register": ("none", "welcome"), "facts": ("welcome", "none")}[where]
    facts = known(PlaceFacts("P1", presence=said[1], request_until=ON))

    (need,) = needs([place("P1", presence=said[0])], [occasion("P1")], facts=facts)

    assert (need.score.gate, need.score.points) == ("opted_out", 0)


@pytest.mark.parametrize(("days", "has_request"), [(-1, False), (0, True), (28, True)])
def test_a_request_is_open_up_to_its_last_day(days: int, has_request: bool) -> None:
    """The last day of a request counts, the day after does not."""
    facts = known(PlaceFacts("P1", request_until=ON + timedelta(days=days)))

    (need,) = needs([place("P1")], facts=facts)

    assert need.score.inputs.has_request == has_request


def mixed_area() -> tuple[list[Place], list[Occasion], list[Incident], dict[str, PlaceFacts]]:
    """Forty places of five faiths on a line of 4 km, half with an occasion, some with incidents and facts."""
    faiths = ("muslim", "jewish", "sikh", "hindu", "christian")
    places = [place(f"P{i:02}", faiths[i % 5], point=Point(52.4 + i * 0.0009, -1.9)) for i in range(40)]
    occasions = [occasion(p.ref, NOON + timedelta(hours=i % 7)) for i, p in enumerate(places) if i % 2]
    incidents = [Incident(f"I{i}", "damage", "victim", ON - timedelta(days=i), place_ref=f"P{i:02}") for i in range(9)]
    facts = known(*(PlaceFacts(f"P{i:02}", gap_share=i / 40, band="100-199") for i in range(0, 40, 3)))
    return places, occasions, incidents, facts


def test_what_officers_find_changes_nothing() -> None:
    """Guard G2: a thousand incidents of origins that do not count change no need and no gate, grouped or not."""
    places, occasions, incidents, facts = mixed_area()
    found = [
        Incident(
            f"N{i}",
            "arson",
            ("officer_on_visit", "police_discovered", "unknown")[i % 3],
            ON - timedelta(days=i % 8),
            place_ref=f"P{i % 40:02}",
            group_ref="" if i % 2 else "G1",
        )
        for i in range(1_000)
    ]
    incidents[0] = replace(incidents[0], group_ref="G1")

    without = needs(places, occasions, incidents=incidents, facts=facts, declarations=[declared()])
    with_them = needs(places, occasions, incidents=[*found, *incidents], facts=facts, declarations=[declared()])

    assert with_them == without
    counted = [replace(i, origin="victim") for i in found]
    assert needs(places, occasions, incidents=counted, facts=facts, declarations=[declared()]) != without


@given(st.permutations(range(40)))
def test_faith_labels_change_nothing_without_a_declaration(order: list[int]) -> None:
    """Guard G3: swapping faith labels among places with the same occasions changes no need."""
    places, occasions, incidents, facts = mixed_area()
    swapped = [replace(p, faiths=places[i].faiths) for p, i in zip(places, order, strict=True)]

    before = needs(places, occasions, incidents=incidents, facts=facts)
    after = needs(swapped, occasions, incidents=incidents, facts=facts)

    assert after == before


def test_swapped_labels_do_matter_under_a_declaration() -> None:
    """Faith acts through the declaration term: there the same swap shows."""
    occasions = [occasion("P1")]

    as_mosque = needs([place("P1", "muslim")], occasions, declarations=[declared()])
    as_mandir = needs([place("P1", "hindu")], occasions, declarations=[declared()])

    assert as_mosque[0].score.points - as_mandir[0].score.points == 20 - 6


def test_every_fault_of_what_is_known_is_named_at_once() -> None:
    """A visit after the day, a band that is none and a gap over one are all named with their place."""
    facts = known(
        PlaceFacts("P1", last_visit_on=ON + timedelta(days=1)),
        PlaceFacts("P2", band="many", gap_share=1.2, request_until=ON + timedelta(days=29)),
    )

    with pytest.raises(InputError) as refused:
        needs([place("P1"), place("P2"), place("P3", bands=(("jumuah", "0-5"),))], facts=facts)

    assert [p.text for p in refused.value.problems] == [
        "last_visit_on of P1 is 2019-03-16; expected a day up to 2019-03-15.",
        "request_until of P2 is 2019-04-13; expected at most 28 days ahead, 2019-04-12.",
        "gap_share of P2 is 1.2; expected 0 to 1.",
        "band of P2 is many; expected one of 1-19, 20-49, 50-99, 100-199, 200-399, 400-799, 800-999, 1000-1499, 1500+.",
        "the band of P3 for jumuah is 0-5; "
        "expected one of 1-19, 20-49, 50-99, 100-199, 200-399, 400-799, 800-999, 1000-1499, 1500+.",
    ]


def test_refs_that_stand_twice_and_windows_that_end_early_are_refused() -> None:
    """A place or an occasion given twice would count twice; a window must end after it starts."""
    with pytest.raises(InputError) as refused:
        needs([place("P1"), place("P1")], [occasion("P1"), occasion("P1")], window=(WINDOW[1], WINDOW[0]))

    assert [p.column for p in refused.value.problems] == ["ref", "ref", "window"]
    with pytest.raises(InputError, match="with a UTC offset"):
        needs([place("P1")], window=(WINDOW[0], datetime(2019, 3, 15, 17)))  # noqa: DTZ001 - the fault that is meant


def test_the_order_of_what_is_given_is_irrelevant() -> None:
    """Places, occasions, incidents and declarations in reverse give the same needs."""
    places, occasions, incidents, facts = mixed_area()
    declarations = [declared(), declared(ref="D-8", faiths_named=frozenset({"sikh"}))]

    forwards = needs(places, occasions, incidents=incidents, facts=facts, declarations=declarations)
    backwards = needs(
        places[::-1], occasions[::-1], incidents=incidents[::-1], facts=facts, declarations=declarations[::-1]
    )

    assert backwards == forwards
