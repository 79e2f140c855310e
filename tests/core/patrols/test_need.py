"""The points of a visit: worked numbers of need.md, guards and invariants."""

from dataclasses import astuple, fields, replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassure.errors import InputError, RuleError
from reassure.patrols.need import MODEL, NeedInputs, NeedModel, NeedParts, NeedScore, score
from reassure.patrols.points import TERMS, Constants, half_up, incident_sum
from reassure.threats.near_repeat import NearIncident

WHITELIST = (
    "place_ref",
    "occasion_ref",
    "has_occasion",
    "n_expected",
    "is_estimated",
    "incidents",
    "declaration_match",
    "gap_share",
    "days_since_visit",
    "has_request",
    "has_opted_out",
)
"""The table of need.md section 1."""


def inputs(**known: object) -> NeedInputs:
    """Inputs of a visit of which nothing is known but what is given."""
    unknown = {"place_ref": "P1", "occasion_ref": "P1:jumuah:2019-03-15:1", "has_occasion": True, "n_expected": 75}
    return NeedInputs(**{**unknown, **known})  # type: ignore[arg-type]


def near(severity: float, distance_m: float, days: int) -> NearIncident:
    return NearIncident(severity, distance_m, days)


CASES = {
    "E1": (
        inputs(n_expected=900, declaration_match="named", gap_share=0.4, days_since_visit=21),
        (28, 0, 20, 4, 8, 0),
        60,
    ),
    "E2": (
        inputs(
            n_expected=75,
            incidents=(near(1, 0, 3),),
            declaration_match="named",
            gap_share=0.8,
            days_since_visit=40,
            has_request=True,
        ),
        (18, 12, 20, 8, 10, 10),
        78,
    ),
    "E3": (
        inputs(has_occasion=False, n_expected=0, declaration_match="all_faiths", gap_share=0.3, days_since_visit=10),
        (0, 0, 0, 0, 0, 0),
        0,
    ),
    "E4": (
        inputs(n_expected=300, incidents=(near(0.5, 400, 10),), declaration_match="all_faiths"),
        (23, 3, 6, 5, 10, 0),
        47,
    ),
    "E5": (
        inputs(
            has_occasion=False,
            n_expected=0,
            incidents=(near(2, 0, 2),),
            declaration_match="all_faiths",
            days_since_visit=7,
        ),
        (0, 17, 6, 5, 3, 0),
        31,
    ),
    "E6": (inputs(n_expected=150, gap_share=0.25, days_since_visit=7), (21, 0, 0, 3, 3, 0), 27),
    "E7": (
        inputs(
            n_expected=1500,
            incidents=(near(2, 0, 0),) * 5,
            declaration_match="named",
            gap_share=1,
            has_request=True,
        ),
        (30, 20, 20, 10, 10, 10),
        100,
    ),
}


@pytest.mark.parametrize(("case", "parts", "points"), CASES.values(), ids=CASES)
def test_worked_numbers_hold(case: NeedInputs, parts: tuple[int, ...], points: int) -> None:
    """The worked cases of need.md section 3 come to the parts and points that were worked out by hand."""
    found = score(case)

    assert astuple(found.parts) == parts
    assert found.points == points
    assert found.points == sum(parts)


def test_a_closed_gate_gives_nothing_though_terms_would() -> None:
    """E3 would be 0+0+6+3+4 with an open gate; a request opens it and adds its own ten points."""
    case = CASES["E3"][0]

    assert score(case).gate == "closed"
    assert astuple(score(replace(case, has_request=True)).parts) == (0, 0, 6, 3, 4, 10)


@pytest.mark.parametrize(
    ("incident", "expected_sum", "points"),
    [
        (near(2, 0, 0), 2.0, 17),
        (near(1, 0, 3), 0.861973, 12),
        (near(1, 500, 14), 0.183940, 3),
        (near(0.5, 400, 10), 0.136935, 3),
        (near(1, 0, 84), 0.015625, 0),
        (near(1, 0, 85), 0.0, 0),  # a day too old
        (near(1, 3_219, 0), 0.0, 0),  # 31 cm beyond two miles
        (near(1, 0, -1), 0.0, 0),  # not yet
    ],
)
def test_a_single_incident_gives_the_published_points(incident: NearIncident, expected_sum: float, points: int) -> None:
    """S and I of a single incident are those of the table in need.md section 3."""
    assert incident_sum((incident,)) == pytest.approx(expected_sum, abs=5e-7)
    assert score(inputs(incidents=(incident,))).parts.incidents == points


def test_two_miles_are_the_reach_to_the_metre() -> None:
    """An incident counts up to 2 x 1,609.344 m and not beyond."""
    assert incident_sum((near(1, 3_218.688, 0),)) > 0.0016
    assert incident_sum((near(1, 3_218.689, 0),)) == 0


@pytest.mark.parametrize(
    ("known", "term", "points"),
    [
        ({"days_since_visit": 7}, "recency", 3),  # 2.5
        ({"gap_share": 0.25}, "gap", 3),  # 2.5
        ({"gap_share": 0.05}, "gap", 1),  # 0.5
        ({"gap_share": None}, "gap", 5),
        ({"gap_share": 0.0}, "gap", 0),
        ({"days_since_visit": 0}, "recency", 0),
        ({"days_since_visit": 28}, "recency", 10),
        ({"days_since_visit": 4_000}, "recency", 10),
        ({"days_since_visit": None}, "recency", 10),
        ({"declaration_match": "named"}, "declared", 20),
        ({"declaration_match": "all_faiths"}, "declared", 6),
        ({"declaration_match": "none"}, "declared", 0),
        ({"has_request": True}, "request", 10),
        ({"n_expected": 0}, "attendance", 0),
        ({"n_expected": 1_000_000}, "attendance", 30),
        ({"n_expected": 500}, "attendance", 25),  # 30 ln 501 / ln 1501 = 25.4992; by ln 1500 it would be 26
        ({"n_expected": 1_040}, "attendance", 28),  # 28.4990
    ],
)
def test_halves_round_up_and_the_unknown_has_its_own_points(known: dict[str, object], term: str, points: int) -> None:
    """Terms are rounded half up before they are added; what is not known takes the value of the whitelist."""
    assert getattr(score(inputs(**known)).parts, term) == points


def test_half_up_is_not_pythons_rounding() -> None:
    """A half goes up, even from an even number, and the ninth decimal decides what a half is."""
    assert [half_up(v) for v in (0.5, 1.5, 2.5, 2.4999999996, 2.499999999)] == [1, 2, 3, 3, 2]


def test_bands_give_the_published_attendance_points() -> None:
    """The nine planning figures give 10, 15, 18, 21, 23, 26, 28, 29 and 30 points."""
    figures = (10, 35, 75, 150, 300, 600, 900, 1250, 1500)

    assert [score(inputs(n_expected=n)).parts.attendance for n in figures] == [10, 15, 18, 21, 23, 26, 28, 29, 30]


@pytest.mark.parametrize(
    ("known", "gate"),
    [
        ({}, "closed"),
        ({"has_occasion": True}, "open"),
        ({"has_request": True}, "open"),
        ({"incidents": (near(0.25, 50.0, 7),)}, "open"),
        ({"incidents": (near(2, 50.1, 0),)}, "closed"),  # not at the place
        ({"incidents": (near(2, 0, 8),)}, "closed"),  # a day too old
        ({"has_occasion": True, "has_request": True, "has_opted_out": True}, "opted_out"),
    ],
)
def test_the_gate_opens_for_an_occasion_an_incident_here_or_a_request(known: dict[str, object], gate: str) -> None:
    """Only an occasion, an incident of seven days at the place or a request opens the gate; opting out shuts it."""
    found = score(inputs(**{"has_occasion": False, "n_expected": 0, **known}))

    assert found.gate == gate
    assert (found.points > 0) == (gate == "open")


def test_no_attendance_counts_without_an_occasion_in_the_window() -> None:
    """Where a request opened the gate, people of an occasion outside the window give no points."""
    assert score(inputs(has_occasion=False, n_expected=900, has_request=True)).parts.attendance == 0


def test_inputs_are_the_whitelist_and_nothing_else() -> None:
    """Guard G1: the fields are those of need.md section 1; none is a faith, a name, a camera, a phone or a plate."""
    assert tuple(f.name for f in fields(NeedInputs)) == WHITELIST
    assert tuple(f.name for f in fields(NeedParts)) == TERMS


def test_a_score_keeps_its_inputs_and_the_version_of_its_model() -> None:
    """A score cannot change and says what it was made from."""
    case = CASES["E1"][0]
    found = score(case)

    assert isinstance(found, NeedScore)
    assert (found.inputs, found.model_version) == (case, "1")
    with pytest.raises(AttributeError):
        found.points = 61  # type: ignore[misc]


@pytest.mark.parametrize(
    ("known", "text"),
    [
        ({"gap_share": 1.2}, "gap_share is 1.2; expected 0 to 1."),
        ({"gap_share": float("nan")}, "gap_share is nan; expected 0 to 1."),
        ({"n_expected": -1}, "n_expected is -1; expected 0 or more."),
        ({"n_expected": float("nan")}, "n_expected is nan; expected 0 or more."),
        ({"days_since_visit": -2}, "days_since_visit is -2; expected 0 or more."),
        ({"incidents": (near(3, 0, 0),)}, "severity is 3; expected one of 0.25, 0.5, 1, 2."),
        ({"incidents": (near(1, float("nan"), 0),)}, "distance_m is nan; expected 0 or more."),
        ({"incidents": (near(1, -5.0, 0),)}, "distance_m is -5; expected 0 or more."),
        ({"declaration_match": "muslim"}, "declaration_match is muslim; expected one of none, all_faiths, named."),
        ({"place_ref": ""}, "place_ref is missing; expected an identifier."),
    ],
)
def test_inputs_out_of_range_are_refused_with_their_words(known: dict[str, object], text: str) -> None:
    """An input that cannot be is refused, and the message says what is and what is expected."""
    with pytest.raises(InputError) as refused:
        score(inputs(**known))

    assert str(refused.value) == text


def test_every_fault_of_the_inputs_is_listed_at_once() -> None:
    """Three faults are three problems in the order of the fields."""
    with pytest.raises(InputError) as refused:
        score(inputs(n_expected=-1, gap_share=2.0, days_since_visit=-1))

    assert [p.column for p in refused.value.problems] == ["n_expected", "gap_share", "days_since_visit"]


def model(*weights: object, **more: object) -> NeedModel:
    return NeedModel("2", tuple(zip(TERMS, weights, strict=True)), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("weights", "text"),
    [
        ((30, 20, 20, 10, 10, 8), "weights sum to 98; expected 100."),
        ((30, 20, 20, 10, 30, -10), "weights.request is -10; expected a whole number, 0 or more."),
        ((30.0, 20, 20, 10, 10, 10), "weights.attendance is 30.0; expected a whole number, 0 or more."),
    ],
)
def test_a_model_needs_whole_weights_that_sum_to_100(weights: tuple[object, ...], text: str) -> None:
    """A model whose weights do not sum to 100, or are no whole numbers, is never made."""
    with pytest.raises(InputError) as refused:
        model(*weights)

    assert str(refused.value) == text


def test_a_model_needs_each_term_in_order() -> None:
    """A model with a term left out is refused."""
    with pytest.raises(InputError, match=r"expected the terms attendance, incidents"):
        NeedModel("2", (("attendance", 50), ("declared", 50)))


def test_a_model_needs_numbers_that_can_score() -> None:
    """A constant of nought that would divide, or a share over one, is refused."""
    with pytest.raises(InputError) as refused:
        model(30, 20, 20, 10, 10, 10, constants=Constants(recency_days=0, gap_unknown=1.5))

    assert [p.column for p in refused.value.problems] == ["gap_unknown", "recency_days"]


def test_a_model_is_not_approved_by_its_author() -> None:
    """Author and approver differ; a model that nobody approved yet can be drafted."""
    with pytest.raises(RuleError, match="approved by its author"):
        model(30, 20, 20, 10, 10, 10, author="A", approved_by="A")

    assert model(30, 20, 20, 10, 10, 10, author="A", approved_by="B").approved_by == "B"
    assert MODEL.approved_by == ""


near_incidents = st.builds(
    NearIncident,
    st.sampled_from((0.25, 0.5, 1.0, 2.0)),
    st.floats(0, 4_000),
    st.integers(0, 100),
)
any_inputs = st.builds(
    NeedInputs,
    place_ref=st.just("P"),
    occasion_ref=st.just(""),
    has_occasion=st.booleans(),
    n_expected=st.integers(0, 5_000),
    is_estimated=st.booleans(),
    incidents=st.lists(near_incidents, max_size=6).map(tuple),
    declaration_match=st.sampled_from(("none", "all_faiths", "named")),
    gap_share=st.none() | st.floats(0, 1),
    days_since_visit=st.none() | st.integers(0, 500),
    has_request=st.booleans(),
    has_opted_out=st.booleans(),
)


@given(any_inputs)
def test_points_are_0_to_100_and_the_sum_of_their_parts(case: NeedInputs) -> None:
    """Whatever is known, a need lies in 0 to 100 and its parts add up to it, none above its weight."""
    found = score(case)

    assert 0 <= found.points <= 100
    assert found.points == sum(astuple(found.parts))
    assert all(0 <= part <= most for part, (_, most) in zip(astuple(found.parts), MODEL.weights, strict=True))


@given(any_inputs, st.randoms(use_true_random=False))
def test_the_order_of_incidents_is_irrelevant(case: NeedInputs, rng) -> None:  # type: ignore[no-untyped-def]
    """The same incidents in another order give the same points."""
    shuffled = list(case.incidents)
    rng.shuffle(shuffled)

    assert score(replace(case, incidents=tuple(shuffled))).points == score(case).points
    assert incident_sum(tuple(shuffled)) == incident_sum(case.incidents)


@given(any_inputs, st.lists(st.integers(0, 5_000), min_size=2), st.lists(st.floats(0, 1), min_size=2))
def test_more_people_and_wider_gaps_never_lower_a_need(case: NeedInputs, people: list[int], gaps: list[float]) -> None:
    """Points never fall as more people are expected, or as the gap widens."""
    by_people = [score(replace(case, n_expected=n)).points for n in sorted(people)]
    by_gap = [score(replace(case, gap_share=g)).points for g in sorted(gaps)]

    assert by_people == sorted(by_people)
    assert by_gap == sorted(by_gap)


@given(any_inputs, st.lists(st.integers(0, 200), min_size=2))
def test_a_longer_time_without_a_visit_never_lowers_a_need(case: NeedInputs, days: list[int]) -> None:
    """Points never fall as the last visit gets older, and never visited is at least as high as any."""
    needs = [score(replace(case, days_since_visit=d)).points for d in [*sorted(days), None]]

    assert all(earlier <= later for earlier, later in pairwise(needs))


@given(any_inputs, near_incidents, st.floats(0, 500), st.integers(0, 30))
def test_an_incident_counts_less_when_milder_farther_or_older(
    case: NeedInputs, incident: NearIncident, farther_m: float, older_days: int
) -> None:
    """Adding an incident never lowers a need; a milder, farther or older one adds at most as much."""
    with_it = score(replace(case, incidents=(*case.incidents, incident)))
    lesser = NearIncident(0.25, incident.distance_m + farther_m, incident.days + older_days)
    with_less = score(replace(case, incidents=(*case.incidents, lesser)))

    assert with_it.points >= score(case).points
    assert with_less.points <= with_it.points
