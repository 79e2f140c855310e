"""Flags, findings and the rolling queue: worked numbers of the specification."""

# ruff: noqa: E501 - rows of values stand on one line

from datetime import UTC, date, datetime, timedelta

import pytest

from reassure.fund.findings import FINDINGS, REGRESSION_NOTE, STRENGTHS, compare_outcomes, findings_for
from reassure.fund.flags import BidPrint, Quote, duplicate_flags, price_flags, quote_flags, ratio_variation
from reassure.fund.rolling import Waiting, clock_days, due_on, queue_figures, tranche_pence, work_order
from reassure.fund.windows import add_working_days

BASE = (120_000, 84_000, 36_500, 9_500)


def test_a_scaled_quote_is_flagged() -> None:
    """1,344; 940.80; 408.80; 106.40 is the first quote times 1.12: variation 0.000; an honest one 0.135."""
    scaled, honest = (134_400, 94_080, 40_880, 10_640), (115_000, 91_000, 42_000, 8_000)

    assert round(ratio_variation(BASE, scaled), 3) == 0.0
    assert round(ratio_variation(BASE, honest), 3) == 0.135
    flags = quote_flags([Quote("q1", "a", BASE), Quote("q2", "b", scaled), Quote("q3", "c", honest)])
    assert [(f.kind, f.subjects) for f in flags] == [("quotes", ("q1", "q2"))]
    assert ratio_variation(BASE[:3], scaled[:3]) is None


def test_suppliers_that_share_contacts_are_flagged() -> None:
    """Two suppliers with one telephone or one author are flagged; one supplier with itself is not."""
    flags = quote_flags(
        [
            Quote("q1", "a", (), phone="1", author="x"),
            Quote("q2", "b", (), phone="1", author="x"),
            Quote("q3", "a", (), phone="1"),
        ]
    )

    assert [f.subjects for f in flags if f.kind == "shared_contact"] == [("q1", "q2"), ("q2", "q3")]
    assert "phone, author" in flags[0].says


def test_duplicates_are_flagged_once_a_reason() -> None:
    """The same place, a matched place, payee, file or nearly equal answers; a shared organisation is weak."""
    text = "We had stones thrown at the windows on three Fridays in spring and reported each of them."
    bids = [
        BidPrint("a", "p1", "o", "pay", frozenset({"f"}), text),
        BidPrint("b", "p1"),
        BidPrint("c", "p2", "o", answers=text.replace("three", "four")),
        BidPrint("d", "p3", "", "pay", frozenset({"f", "g"}), "Something else entirely was written here by others."),
    ]
    found = {(f.subjects, f.says, f.strength) for f in duplicate_flags(bids, matched_places=[("p2", "p3")])}

    assert found == {
        (("a", "b"), "the same place", "strong"),
        (("a", "c"), "the same organisation", "weak"),
        (("a", "c"), "answers nearly alike", "weak"),
        (("a", "d"), "the same payee", "strong"),
        (("a", "d"), "the same file", "strong"),
        (("c", "d"), "places that match", "strong"),
    }


def test_a_price_far_from_its_kind_is_flagged() -> None:
    """Median 100, MAD 10: 0.6745 * 60 / 10 = 4.05 is over 3.5, 51 pounds more is 3.44 and is not; seven prices say nothing."""
    prices = [("a", 100), ("b", 100), ("c", 90), ("d", 110), ("e", 90), ("f", 110), ("g", 80), ("h", 120), ("x", 160)]

    assert [f.subjects for f in price_flags({"door": prices})] == [("x",)]
    assert price_flags({"door": [*prices[:-1], ("x", 151)]}) == []
    assert price_flags({"door": prices[2:]}) == []
    assert price_flags({"door": [("a", 5)] * 9 + [("b", 9)]}) == []


def test_findings_are_honest() -> None:
    """Every measure's findings end with the one that says nothing was measured at places of worship."""
    assert all(f.strength in STRENGTHS for f in FINDINGS)
    assert findings_for("alarm")[-1].strength == "none"
    assert "less protection than none" in findings_for("alarm")[0].finding
    result = compare_outcomes("weekly 50+", [(4, 1), (2, 1)], [(3, 2)])
    assert (result.funded_before, result.funded_after, result.unfunded_after) == (3.0, 1.0, 2.0)
    assert result.note == REGRESSION_NOTE


START = datetime(2026, 4, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "committed", "expected"),
    [(0, 0, 0), (14, 0, 1_400), (14, 1_500, 0), (365, 0, 36_500), (400, 0, 36_500), (73, 300, 7_000)],
)
def test_tranche_follows_the_year(days: int, committed: int, expected: int) -> None:
    """36,500 a year is 100 a day; what is committed is off; never negative, never beyond the year."""
    assert tranche_pence(36_500, committed, starts_at=START, at=START + timedelta(days=days)) == expected


def test_work_order_and_clock() -> None:
    """Rapid, then a fresh incident at the place, then past 80 % of the clock, then the oldest."""
    on = date(2026, 6, 30)
    old = add_working_days(date(2026, 5, 1), 0)
    queue = [
        Waiting("new", date(2026, 6, 20)),
        Waiting("late", old),
        Waiting("held", old, held=((date(2026, 5, 5), date(2026, 6, 25)),)),
        Waiting("fresh", date(2026, 6, 25), own_incident_on=date(2026, 6, 2)),
        Waiting("stale", date(2026, 6, 24), own_incident_on=date(2026, 6, 1)),
        Waiting("rapid", date(2026, 6, 29), is_rapid=True),
    ]
    assert work_order(queue, on=on) == ["rapid", "fresh", "late", "held", "new", "stale"]
    assert clock_days(queue[1], on=on) == 40  # 1 May to 30 June 2026: 42 weekdays less two bank holidays
    assert due_on(queue[1], on=on) == on
    assert due_on(Waiting("x", on), on=on) == add_working_days(on, 40)
    figures = queue_figures(queue, on=on)
    assert (figures.n_waiting, figures.age_p90, figures.share_past_clock) == (6, 40, 0.0)
    assert queue_figures([], on=on).n_waiting == 0
