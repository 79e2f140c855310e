"""A need in words: the strings of need.md section 4, and what each reader never sees."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassure.patrols.need import NeedInputs, score
from reassure.patrols.need_words import explanation, officer_lines, trustee_line
from reassure.threats.near_repeat import NearIncident

JUMUAH = [datetime(2019, 3, 15, 13, 15, tzinfo=UTC)]


def inputs(**known: object) -> NeedInputs:
    unknown = {"place_ref": "P1", "occasion_ref": "O1", "has_occasion": True, "n_expected": 75}
    return NeedInputs(**{**unknown, **known})  # type: ignore[arg-type]


E1 = inputs(n_expected=900, declaration_match="named", gap_share=0.4, days_since_visit=21)
E2 = inputs(
    incidents=(NearIncident(1, 0, 3),),
    declaration_match="named",
    gap_share=0.8,
    days_since_visit=40,
    has_request=True,
)


def lines(
    case: NeedInputs, faiths: frozenset[str] = frozenset({"muslim"}), starts: list[datetime] = JUMUAH
) -> tuple[str, ...]:
    return officer_lines(score(case), faiths_named=faiths, declaration_ref="D-7", starts=starts)


def test_a_planner_reads_the_sum_of_e1() -> None:
    """E1 reads word for word as need.md section 4 has it."""
    assert explanation(score(E1), declaration_ref="D-7") == (
        "60 = 28 attendance 900 + 20 named in declaration D-7 + 4 security gap + 8 last visit 21 days"
    )


def test_a_planner_reads_incidents_and_requests_of_e2() -> None:
    """E2 names its incident with number, distance and age, and that the place asked."""
    assert explanation(score(E2), declaration_ref="D-7") == (
        "78 = 18 attendance 75 + 12 incidents (1; nearest 0 m, 3 days) + 20 named in declaration D-7 + 8 security gap "
        "+ 10 last visit 40 days + 10 asked for a visit"
    )


def test_a_planner_reads_what_is_estimated_or_not_known() -> None:
    """An estimate says about and estimated; a gap nobody assessed and a place never visited say so."""
    case = inputs(is_estimated=True, declaration_match="all_faiths")

    assert explanation(score(case), declaration_ref="D-7") == (
        "39 = 18 attendance about 75 (estimated) + 6 all faiths in declaration D-7 + 5 security gap (not assessed) "
        "+ 10 never visited"
    )


def test_a_planner_reads_why_there_is_no_need() -> None:
    """A closed gate and an opt-out read word for word as need.md section 4 has them."""
    closed = score(inputs(has_occasion=False))
    opted_out = score(inputs(has_opted_out=True))

    assert explanation(closed) == "0 = no occasion in the window, no incident within 7 days, no request"
    assert explanation(opted_out) == "no visit: this place asked for contact only"


def test_the_nearest_incident_is_named_with_its_own_age() -> None:
    """Of several incidents all are counted, and the nearest, then the latest, is named; ones that weigh 0 are not."""
    case = inputs(
        incidents=(
            NearIncident(2, 900, 1),
            NearIncident(1, 120.4, 30),
            NearIncident(1, 120.4, 1),
            NearIncident(1, 0, 85),
        )
    )

    assert "incidents (3; nearest 120 m, 1 day)" in explanation(score(case))


def test_an_officer_reads_e2() -> None:
    """E2's card has the two lines of need.md section 4."""
    assert lines(E2) == ("Mosques are named in declaration D-7.", "People gather here at 13:15.")


def test_an_officer_reads_the_highest_two_reasons_first() -> None:
    """Lines stand by points, at most two: an arson today outweighs all faiths and a request."""
    case = inputs(
        has_occasion=False, incidents=(NearIncident(2, 0, 0),), declaration_match="all_faiths", has_request=True
    )

    assert lines(case) == ("An incident was reported here today.", "The place asked for a visit.")


def test_an_officer_reads_the_clock_of_london_and_every_congregation() -> None:
    """Starts are London's wall clock; two congregations are both named; several faiths stand in their order."""
    starts = [datetime(2026, 7, 3, 12, 0, tzinfo=UTC), datetime(2026, 7, 3, 13, 15, tzinfo=UTC)]
    case = inputs(n_expected=100, declaration_match="named")

    assert lines(case, frozenset({"sikh", "muslim"}), starts) == (
        "Mosques and gurdwaras are named in declaration D-7.",
        "People gather here at 13:00 and 14:15.",
    )


def test_an_officer_reads_of_an_incident_nearby() -> None:
    """An incident beyond 50 m is nearby, with its days."""
    case = inputs(has_occasion=False, has_request=True, incidents=(NearIncident(2, 51, 1),))

    assert lines(case) == ("An incident was reported nearby 1 day ago.", "The place asked for a visit.")


def test_a_trustee_reads_reasons_in_words() -> None:
    """The trustees' line reads word for word as need.md section 4 has it, whatever gap and last visit are."""
    case = inputs(declaration_match="named", gap_share=0.8, days_since_visit=40, has_request=True)

    assert trustee_line(score(case)) == (
        "We plan a visit because: people gather here; your community is named in today's declaration; you asked"
    )


def test_a_trustee_hears_of_incidents_at_the_own_place_only() -> None:
    """An incident here is a reason; one at a neighbour's is never told."""
    here = inputs(incidents=(NearIncident(2, 0, 2),))
    there = inputs(incidents=(NearIncident(2, 300, 2),))

    assert trustee_line(score(here)) == "We plan a visit because: people gather here; an incident was reported here"
    assert trustee_line(score(there)) == "We plan a visit because: people gather here"


any_inputs = st.builds(
    NeedInputs,
    place_ref=st.just("P"),
    occasion_ref=st.just(""),
    has_occasion=st.booleans(),
    n_expected=st.integers(0, 1_600),
    is_estimated=st.booleans(),
    incidents=st.lists(
        st.builds(NearIncident, st.sampled_from((0.25, 0.5, 1.0, 2.0)), st.floats(0, 4_000), st.integers(0, 100)),
        max_size=4,
    ).map(tuple),
    declaration_match=st.sampled_from(("none", "all_faiths", "named")),
    gap_share=st.none() | st.floats(0, 1),
    days_since_visit=st.none() | st.integers(0, 60),
    has_request=st.booleans(),
    has_opted_out=st.booleans(),
)


@given(any_inputs)
def test_what_a_planner_reads_adds_up_always(case: NeedInputs) -> None:
    """B6: in every explanation the total is the sum of the terms, and no term is 0."""
    found = score(case)
    text = explanation(found, declaration_ref="D-7")

    if found.gate == "open" and found.points:
        total, terms = text.split(" = ")
        points = [int(re.match(r"\d+", term)[0]) for term in terms.split(" + ")]  # type: ignore[index]
        assert int(total) == sum(points) == found.points
        assert 0 not in points


@given(any_inputs)
def test_officers_and_trustees_never_read_points_gap_or_last_visit(case: NeedInputs) -> None:
    """Cards and trustees' lines hold T, A, I and Q in words: no gap, last visit or point; a card has two lines."""
    found = score(case)
    card = lines(case)
    said = " ".join((*card, trustee_line(found)))

    assert len(card) <= 2
    assert (card == ()) == (
        found.gate != "open"
        or not any((found.parts.declared, found.parts.attendance, found.parts.incidents, found.parts.request))
    )
    assert not re.search(r"gap|last visit|never|point|need|security", said)
    numbers = re.sub(r"D-7|13:15|\d+ days? ago", "", said)
    assert not re.search(r"\d", numbers)


@pytest.mark.parametrize("case", [inputs(has_occasion=False), inputs(has_opted_out=True)])
def test_no_visit_has_no_lines_for_a_card(case: NeedInputs) -> None:
    """A closed gate and an opt-out put nothing on a card; the trustees' line says that no visit is planned."""
    assert lines(case) == ()
    assert trustee_line(score(case)).startswith("We plan no visit because: ")
