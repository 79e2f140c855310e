"""Which months stood out of a series of monthly counts, without a word on why.

Rules: section "Months" of docs/rooms/hatecrime.md. A month is measured against what the months before it let expect:
the level of the last six times the season of earlier years, per day. Only months before the one asked about are used.
"""

import calendar
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import median

from reassure.errors import InputError, Problem, RuleError
from reassure.hatecrime.shares import Z_95, rounded

LEAST_MONTHS = 36
FIRST_COMPUTED = 24
"""From the 25th month on there is an expected count."""

LEVEL_MONTHS, SEASON_HALF_WINDOW = 6, 6
SPREAD_MONTHS, SPREAD_LEAST = 24, 12
NORMAL_MAD = 0.6745
STANDS_OUT_FROM = 3.0
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class MonthCount:
    """A month, YYYY-MM, and its count."""

    month: str
    count: int


@dataclass(frozen=True, slots=True)
class MonthScore:
    """
    A month beside what was to be expected; None where it cannot be computed.

    Parameters
    ----------
    score
        Distance from the expected count in its usual spread (r/c); 3 and more stood out upwards.
    low, high
        The range in which 95 of 100 such months would lie.
    """

    month: str
    count: int
    expected: float | None = None
    ratio: float | None = None
    score: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def stood_out(self) -> bool | None:
        """Whether it stood out; None where there is no score."""
        return None if self.score is None else self.score >= STANDS_OUT_FROM


def in_order(counts: Mapping[str, int]) -> list[MonthCount]:
    """Counts by month as a series without gaps; `InputError` names what is missing or no month."""
    faults = [Problem("month", month, "a month such as 2019-03") for month in counts if not _MONTH.fullmatch(month)]
    faults += [Problem("count", str(n), "0 or more") for n in counts.values() if n < 0]
    if faults:
        raise InputError(faults)
    series = [MonthCount(month, counts[month]) for month in sorted(counts)]
    missing = [_next(m.month) for m in series[:-1] if _next(m.month) not in counts]
    if missing:
        says = "the series has a gap"
        raise InputError([Problem("month", month, f"every month; {month} is missing", says=says) for month in missing])
    return series


def scores(series: Sequence[MonthCount]) -> list[MonthScore]:
    """
    What each month of a series without gaps looks like beside the months before it.

    Raises
    ------
    RuleError
        The series is shorter than 36 months.
    """
    if len(series) < LEAST_MONTHS:
        raise RuleError(
            f"The series has {len(series)} months; expected at least {LEAST_MONTHS}, because a month is measured "
            "against the seasons of the years before it."
        )
    days = [days_in(m.month) for m in series]
    rates = [m.count / n for m, n in zip(series, days, strict=True)]
    found: list[MonthScore] = []
    residuals: list[float] = []
    for at, month in enumerate(series):
        expected = _expected(rates, at) if at >= FIRST_COMPUTED else None
        if not expected:
            found.append(MonthScore(month.month, month.count))
            continue
        expected *= days[at]
        spread = _spread(residuals)
        residual = (month.count - expected) / sqrt(expected)
        residuals.append(residual)
        score = residual / spread if spread else None
        half = Z_95 * spread * sqrt(expected) if spread else None
        low, high = (expected - half, expected + half) if half is not None else (None, None)
        found.append(MonthScore(month.month, month.count, expected, month.count / expected, score, low, high))
    return found


def days_in(month: str) -> int:
    """Days of a month, YYYY-MM."""
    return calendar.monthrange(int(month[:4]), int(month[5:]))[1]


def _expected(rates: Sequence[float], at: int) -> float | None:
    """Expected rate of month `at` from the months before it; None where a season is empty."""
    season = _season(rates, at % 12, at)
    levels = []
    for before in range(at - LEVEL_MONTHS, at):
        own = _season(rates, before % 12, at)
        if not own:
            return None
        levels.append(rates[before] / own)
    return None if season is None else median(levels) * season


def _season(rates: Sequence[float], phase: int, before: int) -> float | None:
    """How a calendar month compares to the 13 months around it, over complete windows before month `before`."""
    last = before - SEASON_HALF_WINDOW
    ratios = []
    for centre in range(phase, last, 12):
        window = rates[max(0, centre - SEASON_HALF_WINDOW) : centre + SEASON_HALF_WINDOW + 1]
        if centre >= SEASON_HALF_WINDOW and (middle := median(window)) > 0:
            ratios.append(rates[centre] / middle)
    return median(ratios) if ratios else None


def _spread(residuals: Sequence[float]) -> float | None:
    """How much months usually lie off, at least 1; None before twelve are known."""
    if len(residuals) < SPREAD_LEAST:
        return None
    return max(1.0, median(abs(r) for r in residuals[-SPREAD_MONTHS:]) / NORMAL_MAD)


def _next(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year + (number == 12)}-{number % 12 + 1:02d}"


def month_sentence(of: str, scored: Sequence[MonthScore]) -> str:
    """
    What the series says of a month, in words that name no cause; `InputError` when the series lacks it.

    A month that did not stand out still says how it compares with a year and a month before.
    """
    by_month = {score.month: score for score in scored}
    if of not in by_month:
        raise InputError([Problem("month", of, f"a month from {scored[0].month} to {scored[-1].month}")])
    score = by_month[of]
    if score.score is None or score.expected is None or score.low is None or score.high is None or score.ratio is None:
        return f"{month_words(of)}: {score.count:,} offences; too few months before it to say what was to be expected."
    verdict = "stood out" if score.stood_out else "did not stand out"
    parts = [
        f"{month_words(of)}: {score.count:,} offences against {rounded(score.expected):,} expected from the months "
        f"before it (ratio {score.ratio:.3f}, range {rounded(score.low):,} to {rounded(score.high):,}); it {verdict} "
        "in this monthly national series"
    ]
    parts += [
        f"{change} {month_words(before)}{shorter if days_in(before) < days_in(of) else ''}"
        for before, shorter in ((f"{int(of[:4]) - 1}{of[4:]}", ""), (_previous(of), ", a shorter month"))
        if (change := _change_words(score.count, by_month.get(before)))
    ]
    compared = f", and lay {' and '.join(parts[1:])}" if parts[1:] else ""
    return f"{parts[0]}{compared}. A rise of a few days drowns in a month; daily counts are looked at elsewhere."


def _change_words(count: int, before: MonthScore | None) -> str:
    if before is None or not before.count:
        return ""
    change = 100 * (count - before.count) / before.count
    return f"{abs(change):.1f} % {'above' if change >= 0 else 'below'}"


def _previous(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year - (number == 1)}-{(number - 2) % 12 + 1:02d}"


def month_words(month: str) -> str:
    """A month as it is read: "March 2019"."""
    return f"{calendar.month_name[int(month[5:])]} {month[:4]}"
