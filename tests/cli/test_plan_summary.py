"""The summary that ends a plan."""

from collections.abc import Mapping
from typing import Any

from reassure.cli.plan_summary import REASON_WORDS, plan_counts, summary_lines
from reassure.files.plan_json import plan_schema

DOCUMENT: Mapping[str, Any] = {
    "area": {"name": "Demo area (generated)", "code": "DEMO-01"},
    "on": "2026-11-27",
    "places": [{"presence": "welcome"}] * 5 + [{"presence": "none"}],
    "units": [{}, {}, {}],
    "routes": [{"stops": [{}, {}]}, {"stops": [{}]}, {"stops": []}],
    "occasions": [
        {"place_ref": "a", "status": "forecast"},
        {"place_ref": "a", "status": "forecast"},
        {"place_ref": "b", "status": "confirmed"},
        {"place_ref": "c", "status": "cancelled"},
    ],
    "totals": {
        "n_visits": 3,
        "n_places_visited": 3,
        "n_occasions_visited": 2,
        "n_must": 1,
        "n_must_served": 1,
        "prize": 12_360,
        "dwell_s": 3 * 720,
        "travel_s": 5_400,
        "wait_s": 0,
    },
    "shortfall": None,
    "unvisited": [{"reason": "gate_closed"}, {"reason": "opted_out"}, {"reason": "gate_closed"}],
}
"""A plan of six places counted by hand; holds only what the summary reads."""


def test_the_summary_counts_what_the_plan_says() -> None:
    """Counts of a plan made by hand: cancelled occasions are left out, reasons stand in their order."""
    counts = plan_counts(DOCUMENT)

    assert (counts.n_places, counts.n_units, counts.n_units_out) == (6, 3, 2)
    assert (counts.n_places_gathering, counts.n_occasions, counts.n_contact_only) == (2, 3, 1)
    assert counts.unvisited == (("opted_out", 1), ("gate_closed", 2))


def test_the_summary_says_what_is_covered_and_what_is_not() -> None:
    """The lines name day, visits, places, must-visits and each reason with its count."""
    text = "\n".join(" ".join(line.split()) for line in summary_lines(plan_counts(DOCUMENT)))

    for words in (
        "Demo area (generated) (DEMO-01), Friday 27 November 2026",
        "3 visits planned",
        "3 of 6 places visited",
        "2 of 3 occasions visited",
        "1 of 1 must-visits planned",
        "2 of 3 units sent out",
        "1 places that asked for contact only",
        "2 No occasion in these hours, no recent incident, no request",
        "124 points of need; 0.6 h with people, 1.5 h travelling, 0.0 h waiting",
    ):
        assert words in text


def test_a_shortfall_is_said_loudly() -> None:
    """What is missing for the must-visits stands among what is covered, in its own line."""
    lines = summary_lines(plan_counts({**DOCUMENT, "shortfall": {"text": "1 visit short; one more unit."}}))

    assert "  SHORTFALL: 1 visit short; one more unit." in lines


def test_a_plan_that_visits_everything_says_so() -> None:
    """With nothing unvisited the summary does not end in an empty list."""
    lines = summary_lines(plan_counts({**DOCUMENT, "unvisited": []}))

    assert lines[-1].strip() == "nothing: every place and occasion has a visit"


def test_every_reason_of_the_plan_file_has_words() -> None:
    """The reasons with words are those of the schema."""
    reasons = plan_schema()["properties"]["unvisited"]["items"]["properties"]["reason"]["enum"]

    assert sorted(REASON_WORDS) == sorted(reasons)


def test_no_faith_is_named_in_the_summary() -> None:
    """Counts are of places, never of one community's."""
    text = "\n".join(summary_lines(plan_counts(DOCUMENT))).casefold()

    assert not any(word in text for word in ("mosque", "muslim", "church", "christian", "synagogue", "jewish", "sikh"))
