"""Eligibility and evidence: the instants, days and distances of the specification, and all reasons at once."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassure.errors import InputError
from reassure.files.schemes import preset, preset_codes
from reassure.fund.eligibility import (
    MACHINE_MAY_FAIL,
    RULES,
    BidFacts,
    MeasureFacts,
    RouteClaim,
    Signatory,
    eligibility_checks,
    eligibility_problems,
    facts_problems,
)
from reassure.fund.evidence import Incident, distance_result, is_in_look_back, near_proofs
from reassure.fund.schemes import NEAR_LIMIT_M
from reassure.fund.windows import window_end
from reassure.geo import Point

SCHEME = preset("2018-demo")
IN_TIME = datetime(2018, 8, 1, 12, tzinfo=UTC)
MEASURE = MeasureFacts("A1", "door", 600_000, 480_000, 0, 3)
GOOD = BidFacts(
    nation="England",
    place_kind="worship",
    has_regular_worship=True,
    faiths=("sikh",),
    charity_status="registered",
    signatories=(Signatory("t1", True, True), Signatory("t2", True, True)),
    routes=(RouteClaim("own", "religious", "counts"),),
    measures=(MEASURE,),
    survey_done_on=date(2018, 5, 1),
)


def results(facts: BidFacts, scheme=SCHEME, at=IN_TIME) -> dict[str, str]:
    return {c.rule: c.result for c in eligibility_checks(facts, scheme, arrived_at=at)}


def test_a_sound_bid_passes_every_rule() -> None:
    """Fifteen rules, fifteen passes, no problem."""
    assert results(GOOD) == dict.fromkeys(RULES, "pass")
    assert eligibility_problems(GOOD, SCHEME, arrived_at=IN_TIME) == []


OPEN_CLAIM = RouteClaim("near", "religious", "officer")
CHEAP = replace(MEASURE, cost_pence=200_000, requested_pence=160_000)


def measures(**changes) -> dict:
    return {"measures": (replace(MEASURE, **changes),)}


FAULTS = [
    ("E02", {"nation": "Scotland"}),
    ("E03", {"place_kind": "school"}),
    ("E04", {"faiths": ("jewish",)}),
    ("E05", {"charity_status": "none", "is_charity_required": True}),
    ("E06", {"signatories": (Signatory("t1", True, True),)}),
    ("E06", {"signatories": (Signatory("t1", True, True), Signatory("t1", True, True))}),  # one person twice
    ("E06", {"signatories": (Signatory("t1", True, True), Signatory("t2", True, False))}),
    ("E06", {"signatories": (Signatory("t1", True, True), Signatory("t2", False, True))}),
    ("E07", {"routes": ()}),
    ("E07", {"routes": (RouteClaim("own", "religious", "not"),)}),
    ("E08", {"routes": (RouteClaim("own", "theft", "counts"),)}),
    ("E09", measures(measure="guarding")),
    ("E09", measures(measure="drone")),
    ("E09", measures(measure="fence", height_m=2.2)),
    (
        "E09",
        {
            "measures": tuple(
                replace(MEASURE, ref=f"L{i}", cost_pence=200_000, requested_pence=160_000) for i in range(5)
            )
        },
    ),
    ("E10", {"survey_done_on": None}),
    ("E10", {"survey_done_on": date(2017, 7, 31)}),  # a day over twelve months
    ("E10", {"survey_done_on": date(2018, 8, 2)}),  # after the bid
    ("E10", measures(n_quotes=2)),
    ("E11", measures(cost_pence=7_000_001, requested_pence=5_600_000)),  # a penny over the ceiling
    ("E11", measures(cost_pence=124_999, requested_pence=99_999)),  # a penny under the minimum
    ("E11", measures(cost_pence=1_234_567, requested_pence=987_655)),  # a penny over the rate
    ("E11", {"cap_used_pence": 5_120_001}),  # a penny over what the cap leaves
    ("E12", {"has_ordered": True}),
    ("E13", {"n_live_bids": 1}),
    ("E14", {"last_measures_on": date(2016, 8, 2)}),  # a day short of 24 months
    ("E15", measures(other_grants_pence=120_001)),  # a penny over the cost
]


@pytest.mark.parametrize(("rule", "changes"), FAULTS)
def test_each_rule_fails_by_itself(rule: str, changes: dict) -> None:
    """Each fault fails its own rule and no other; only some may be failed by a machine."""
    found = results(replace(GOOD, **changes))

    assert {r for r, result in found.items() if result != "pass"} == {rule}
    assert found[rule] == ("fail" if rule in MACHINE_MAY_FAIL else "officer")


@pytest.mark.parametrize(
    "changes",
    [
        {"faiths": ("jewish", "sikh")},  # a shared building: not served elsewhere as a whole
        {"faiths": ()},
        {"charity_status": "none", "is_charity_required": None},
        {"charity_status": "exempt", "is_charity_required": True},
        measures(measure="fence", height_m=2.1),
        {"survey_done_on": date(2017, 8, 1)},  # twelve months to the day
        measures(cost_pence=7_000_000, requested_pence=5_600_000),
        measures(cost_pence=125_000, requested_pence=100_000),
        measures(cost_pence=1_234_567, requested_pence=987_654),
        {"cap_used_pence": 5_120_000},
        {"last_measures_on": date(2016, 8, 1)},  # 24 months to the day
        {"last_measures_on": date(2018, 1, 1), "evidence_rung": 5},  # strongest evidence
        measures(other_grants_pence=120_000),
        {
            "routes": (
                RouteClaim("own", "theft", "not"),
                RouteClaim("vulnerable", "unknown", "counts"),
                RouteClaim("near", "religious", "officer"),
            )
        },
    ],
)
def test_at_the_limit_a_bid_passes(changes: dict) -> None:
    """Every limit belongs to the side of the applicant, to the penny and the day."""
    assert set(results(replace(GOOD, **changes)).values()) == {"pass"}


def test_all_reasons_at_once() -> None:
    """A bid with many faults hears them all, in the order of the rules, with what was expected."""
    bad = replace(GOOD, nation="France", place_kind="nhs", faiths=("jewish",), n_live_bids=2, measures=())
    problems = eligibility_problems(bad, SCHEME, arrived_at=datetime(2018, 8, 10, 23, tzinfo=UTC))

    assert [p.column for p in problems] == ["E01", "E02", "E03", "E04", "E09", "E11", "E13"]
    assert "Jewish Community Protective Security Grant" in problems[3].text
    assert all(p.expected and p.text.startswith(p.column) for p in problems)


@pytest.mark.parametrize("code", preset_codes())
def test_what_a_round_does_not_know_is_not_applied(code: str) -> None:
    """For every real round, rules that need an unknown term say so and fail nobody."""
    scheme = preset(code)
    at = (scheme.starts_at or IN_TIME) + timedelta(days=1)
    for check in eligibility_checks(replace(GOOD, survey_done_on=at.date()), scheme, arrived_at=at):
        if check.result == "unknown":
            assert "not known for this round" in check.problems[0].text


@pytest.mark.parametrize(
    ("code", "instant", "is_in"),
    [
        ("2018", "2018-08-10T22:59:59.999000+00:00", True),
        ("2018", "2018-08-10T23:00:00+00:00", False),
        ("2018", "2018-06-07T23:00:00+00:00", True),
        ("2018", "2018-06-07T22:59:59.999999+00:00", False),
        ("2016", "2016-09-20T15:59:59.999999+00:00", True),
        ("2016", "2016-09-20T16:00:00+00:00", False),
        ("2022", "2022-07-28T22:59:59+00:00", True),
        ("2022", "2022-07-28T23:00:00+00:00", False),
        ("2025-psms", "2035-01-01T00:00:00+00:00", True),  # no end
    ],
)
def test_the_last_minute(code: str, instant: str, is_in: bool) -> None:
    """The first instant of the end is too late, the one before is in time."""
    found = results(GOOD, preset(code), datetime.fromisoformat(instant))

    assert found["E01"] == ("pass" if is_in else "fail")


@given(
    st.sampled_from(["2026-03-28T23:59", "2026-03-29", "2026-10-24T17:00", "2026-10-25T01:30", "2026-10-25T23:59"]),
    st.integers(-7_200_000, 7_200_000),
)
def test_no_bid_counts_at_or_after_the_end(closes: str, offset_ms: int) -> None:
    """Around both clock changes a bid is in time exactly when it arrives before the end's instant."""
    scheme = replace(SCHEME, opens="2026-01-01", closes=closes)
    at = window_end(closes) + timedelta(milliseconds=offset_ms)

    assert (results(GOOD, scheme, at)["E01"] == "pass") == (offset_ms < 0)


def test_an_instant_without_a_zone_is_refused() -> None:
    """Nobody guesses which clock a bare time was read from."""
    with pytest.raises(InputError, match="UTC offset"):
        eligibility_problems(GOOD, SCHEME, arrived_at=datetime(2018, 8, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("last_on", "as_of", "counts"),
    [
        (date(2016, 8, 10), date(2018, 8, 10), True),
        (date(2016, 8, 9), date(2018, 8, 10), False),
        (date(2022, 2, 28), date(2024, 2, 29), True),  # clamped
        (date(2022, 2, 27), date(2024, 2, 29), False),
        (date(2018, 8, 10), date(2018, 8, 10), True),
        (date(2018, 8, 11), date(2018, 8, 10), False),  # later than the bid
    ],
)
def test_look_back(last_on: date, as_of: date, counts: bool) -> None:
    """24 months back to the day, the end of February clamped."""
    assert is_in_look_back(last_on, last_on, as_of=as_of, months=24) == counts


HERE = Point(52.4862, -1.8904)
INSIDE, OUTSIDE = Point(52.4861905, -1.8430201), Point(52.4861905, -1.8430172)
DAY = date(2018, 8, 1)


def incident(ref: str, point: Point = INSIDE, **more) -> Incident:
    return Incident(ref, point, more.pop("first_on", DAY), more.pop("last_on", DAY), **more)


def judged(*incidents: Incident) -> dict[str, str]:
    proofs = near_proofs(HERE, incidents, as_of=date(2018, 8, 10), limit_m=NEAR_LIMIT_M, look_back_months=24)
    return {p.ref: p.result for p in proofs}


def test_two_miles_decide_to_the_metre() -> None:
    """3,218.588 m counts, 3,218.785 m does not; within the precision of the location an officer decides."""
    assert judged(incident("in"), incident("out", OUTSIDE)) == {"in": "counts", "out": "not"}
    assert judged(incident("in", precision_m=50), incident("out", OUTSIDE, precision_m=50)) == {
        "in": "officer",
        "out": "officer",
    }
    assert judged(incident("near", HERE, precision_m=50)) == {"near": "counts"}


@pytest.mark.parametrize(
    ("off", "precision", "result"),
    [(0.0, 0.0, "counts"), (0.001, 0.0, "not"), (10.0, 10.0, "officer"), (10.1, 10.0, "not"), (-10.1, 10.0, "counts")],
)
def test_precision_band(off: float, precision: float, result: str) -> None:
    """Exactly two miles count; a distance that differs from them by no more than the precision is for an officer."""
    assert distance_result(NEAR_LIMIT_M + off, limit_m=NEAR_LIMIT_M, precision_m=precision) == result


def test_what_does_not_count_is_shown_with_its_reason() -> None:
    """Withdrawn, no-crimed, theft, too old, not yet known: shown, not counted; an interval counts by its last day."""
    found = judged(
        incident("withdrawn", status="withdrawn"),
        incident("no-crime", status="no_crime"),
        incident("theft", motive="theft"),
        incident("old", first_on=date(2016, 8, 1), last_on=date(2016, 8, 9)),
        incident("interval", first_on=date(2016, 8, 1), last_on=date(2016, 8, 10)),
        incident("later", known_on=date(2018, 8, 11)),
        incident("unsure", motive="unknown"),
    )
    assert {r for r, result in found.items() if result == "counts"} == {"interval"}
    assert found["unsure"] == "officer"


def test_a_group_of_reports_counts_once() -> None:
    """Reports of one event are one proof: the one that counts, then the nearest."""
    found = judged(
        incident("far", OUTSIDE, group_ref="g"),
        incident("near", group_ref="g"),
        incident("x", HERE, status="withdrawn", group_ref="g"),
    )
    assert found == {"near": "counts"}


def test_screens_show_steps_of_ten_metres() -> None:
    """The raw distance is kept and decides, ten-metre steps are shown."""
    (proof,) = near_proofs(HERE, [incident("in")], as_of=DAY, limit_m=NEAR_LIMIT_M, look_back_months=None)

    assert round(proof.distance_m, 3) == 3218.588
    assert proof.shown_m == 3220


def test_faults_of_the_facts_are_named() -> None:
    """Money of nothing, a line twice or an unknown status are faults of the input, not reasons against a bid."""
    bad = replace(
        GOOD,
        charity_status="?",
        cap_used_pence=-1,
        measures=(replace(MEASURE, cost_pence=0, other_grants_pence=-1), MEASURE),
    )
    text = " ".join(p.text for p in facts_problems(bad))

    for part in (
        "charity_status is ?",
        "cap_used_pence is -1",
        "cost_pence of A1 is 0",
        "other_grants_pence",
        "line_ref is A1",
    ):
        assert part in text
