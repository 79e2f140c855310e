"""Rounding, bases, intervals, rates, months and sentences against published and hand-made numbers."""

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from reassure.errors import InputError, RuleError
from reassure.hatecrime.months import MonthScore, in_order, month_sentence, scores
from reassure.hatecrime.shares import byar, implied_base, percent, rate, rates, rounded
from reassure.hatecrime.statements import EXPECTED_FORCES, coverage_words, share_sentence, vintage_words


@pytest.mark.parametrize(
    ("value", "shown"),
    [(2.5248, 3), (0.2552, 0), (0.5, 1), (1.5, 2), (2.5, 3), (-2.5, -3), (2.4999999, 2), (0.0, 0), (47.408, 47)],
)
def test_rounding_is_done_once_half_away_from_zero(value: float, shown: int) -> None:
    """T7: 2.5248 shows as 3; a second rounding of 2.5 as bankers do it would show 2."""
    assert rounded(value) == shown


def test_a_headline_is_not_the_base_of_a_printed_percentage() -> None:
    """2023/24: 3,282 is 33 % and 3,866 is 38 % of a base in 10,042 to 10,098, not of 10,484."""
    both = [implied_base(3282, 33), implied_base(3866, 38)]
    bases = [n for n in range(9_000, 11_000) if all(n in interval for interval in both)]

    assert (min(bases), max(bases)) == (10_042, 10_098)
    assert 10_484 not in both[0]
    assert 10_484 not in both[1]
    assert [round(100 * n / 10_484, 1) for n in (3282, 3866)] == [31.3, 36.9]
    assert implied_base(19, 0).most is None
    # 67 of 200 is 33.5 exactly, which shows 34: the lower end is open, the upper end closed
    assert (200 in implied_base(67, 33), 200 in implied_base(67, 34)) == (False, True)


@given(st.integers(1, 5_000), st.integers(1, 20_000))
def test_the_implied_base_holds_the_real_one(count: int, base: int) -> None:
    """Whatever base a share was rounded from lies in the interval, and no base outside shows that percentage."""
    count = min(count, base)
    share = percent(count, base)
    assert share is not None

    interval = implied_base(count, rounded(share))

    assert base in interval
    assert (base + 1 in interval) == (rounded(100 * count / (base + 1)) == rounded(share))


@pytest.mark.parametrize(
    ("n", "low", "high"), [(0, 0, 3.67), (5, 1.61, 11.67), (19, 11.43, 29.67), (117, 96.76, 140.22)]
)
def test_byar_intervals_are_the_published_ones(n: int, low: float, high: float) -> None:
    """The four worked values, and near the exact Poisson limits of the chi-square distribution."""
    limits = byar(n)

    assert (round(limits.low, 2), round(limits.high, 2)) == (low, high)
    exact = (chi2.ppf(0.025, 2 * n) / 2 if n else 0.0, chi2.ppf(0.975, 2 * n + 2) / 2)
    assert limits.low == pytest.approx(exact[0], abs=0.02)
    assert limits.high == pytest.approx(exact[1], abs=0.03)


def test_rates_have_intervals_and_no_population_no_rate() -> None:
    """T12: 3,282 per 271,293 people is 120.98 per 10,000, 116.87 to 125.19; areas stand by name, never ranked."""
    found = rate(3282, 271_293)

    assert found is not None
    assert (round(found.per_10_000, 2), round(found.interval.low, 2), round(found.interval.high, 2)) == (
        120.98,
        116.87,
        125.19,
    )
    listed = rates({"Sussex": 9, "City of London": 5, "Essex": 400}, {"Sussex": 1000, "Essex": 1000})
    assert list(listed) == ["City of London", "Essex", "Sussex"]
    assert listed["City of London"] is None


def national_series(data_dir: Path) -> dict[str, int]:
    path = data_dir / "oracles" / "rra_offences_monthly_2013-04_to_2019-03_figure2.csv"
    rows = csv.DictReader(path.open(encoding="utf-8"))
    return {row["month"]: int(row["racially_or_religiously_aggravated_offences"]) for row in rows}


def test_exactly_two_months_stood_out(data_dir: Path) -> None:
    """July 2016 and June 2017 of the 36 months with a score, with the expected counts of the specification."""
    scored = scores(in_order(national_series(data_dir)))
    by_month = {score.month: score for score in scored}

    assert [score.month for score in scored if score.stood_out] == ["2016-07", "2017-06"]
    assert next(score.month for score in scored if score.score is not None) == "2016-04"
    assert sum(score.score is not None for score in scored) == 36
    for month, n, expected, ratio, score in (
        ("2016-07", 5605, 4067.0, 1.378, 6.85),
        ("2017-06", 6042, 4893.7, 1.235, 3.02),
        ("2019-03", 5167, 4921.7, 1.050, 0.76),
    ):
        found = by_month[month]
        assert found.count == n
        assert found.expected == pytest.approx(expected, abs=0.05)
        assert found.ratio == pytest.approx(ratio, abs=0.0005)
        assert found.score == pytest.approx(score, abs=0.005)
    assert (round(by_month["2019-03"].low or 0), round(by_month["2019-03"].high or 0)) == (4286, 5558)


def test_march_2019_did_not_stand_out_and_the_page_says_so(data_dir: Path) -> None:
    """The sentence stands with both comparisons, and without a word on why."""
    said = month_sentence("2019-03", scores(in_order(national_series(data_dir))))

    assert "5,167 offences against 4,922 expected" in said
    assert "did not stand out in this monthly national series" in said
    assert "range 4,286 to 5,558" in said
    assert "9.2 % above March 2018" in said
    assert "22.3 % above February 2019, a shorter month" in said
    assert "A rise of a few days drowns in a month" in said
    assert not any(word in said for word in ("because", "due to", "caused", "after the"))


def test_only_earlier_months_are_used(data_dir: Path) -> None:
    """Whatever comes later, a month's expected count and score stay as they were."""
    series = in_order(national_series(data_dir))
    changed = [*series[:60], *[type(m)(m.month, 3 * m.count) for m in series[60:]]]

    assert scores(changed)[:60] == scores(series)[:60]
    assert scores(series[:60]) == scores(series)[:60]


def test_a_flat_series_expects_itself() -> None:
    """By hand: the same count every day makes every month expect itself, and nothing stands out."""
    days = [30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 28, 31]
    counts = {f"{2009 + (3 + i) // 12}-{(3 + i) % 12 + 1:02d}": 10 * days[i % 12] for i in range(34)}
    counts |= {"2012-02": 290, "2012-03": 310}  # a leap year

    found = scores(in_order(counts))

    assert all(score.expected == pytest.approx(score.count) for score in found[24:])
    assert found[23] == MonthScore(found[23].month, found[23].count)
    assert all(score.score is None for score in found)


def test_too_short_or_broken_series_are_refused() -> None:
    """Fewer than 36 months break the rules; a gap, a month that is none and a negative count are named."""
    year = {f"2018-{month:02d}": 5 for month in range(1, 13)}
    with pytest.raises(RuleError, match="12 months; expected at least 36"):
        scores(in_order(year))
    with pytest.raises(InputError, match="2018-03 is missing"):
        in_order({month: n for month, n in year.items() if month != "2018-03"})
    with pytest.raises(InputError, match="month is 2018-13"):
        in_order(year | {"2018-13": 1})


def test_the_articles_sentence_is_made() -> None:
    """52 % with count, base, who is not included, label and first publication."""
    counted = sorted(EXPECTED_FORCES - {"E23000001", "E23000003"})

    said = share_sentence(2965, 5680, counted, "experimental", vintage_words("2017/18", date(2018, 10, 16)))

    assert said == (
        "52 % (2,965 of 5,680 offences where a perceived religion was recorded, unknown included; Metropolitan and "
        "Lancashire not included; experimental; first published 16 October 2018)"
    )
    assert [rounded(100 * n / 5680) for n in (2965, 672, 117)] == [52, 12, 2]


def test_coverage_is_43_territorial_forces_and_british_transport_police() -> None:
    """44 in all; Scotland and Northern Ireland are not among them; a long list of absent forces is counted."""
    assert len(EXPECTED_FORCES) == 44
    assert not {"S23000009", "N-PSNI"} & EXPECTED_FORCES
    assert coverage_words(sorted(EXPECTED_FORCES)) == "43 territorial forces and British Transport Police"
    assert coverage_words(["btp"]).endswith("43 of 44 forces not included")
