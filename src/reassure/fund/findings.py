"""What measures are known to do; shown beside the survey, decides nothing.

Rules: each finding has its setting, strength and what we make of it. No measured effect against hate crime at places
of worship was found: the product says so, and keeps outcomes after twelve months as a record of its own. Outcomes are
descriptive; regression to the mean is said. Source: docs/rooms/fund.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

STRENGTHS = ("strong", "moderate", "weak", "none")
VERSION = 1
REGRESSION_NOTE = (
    "Places are funded after bad years, so a fall in the year after is to be expected even without any measure "
    "(regression to the mean). These figures describe; they do not show what the measures did."
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One row: what was found of which measures, where, how strong, and how it is used here."""

    measures: tuple[str, ...]
    finding: str
    setting: str
    strength: str
    use: str


FINDINGS: tuple[Finding, ...] = (
    Finding(
        ("lighting", "locks", "door"),
        "external lights, double or dead locks on doors, window locks: best single devices; together at least 20 times "
        "the protection of none, more than their sum",
        "homes, Crime Survey for England and Wales 2008-12 (Tseloni and others 2017, 10.1057/sj.2014.30)",
        "strong",
        "defaults close 6 to 9 tenths; our sum goes to 10 at most: cautious, ours",
    ),
    Finding(
        ("alarm",),
        "an intruder alarm alone: less protection than none; to be treated cautiously",
        "homes (Tilley and others 2015, 10.1057/cpcs.2014.17); association",
        "weak",
        "alone: closes 3 tenths at most by default, with a warning",
    ),
    Finding(
        ("cctv",),
        "modest; strong in car parks; none seen on violence",
        "College of Policing 2015",
        "moderate",
        "evidence after the fact; rarely alone",
    ),
    Finding(
        ("lighting",),
        "improved street lighting: crime down by a fifth",
        "review of 2002, United Kingdom and United States",
        "moderate",
        "supports lights",
    ),
    Finding(
        (),
        "no measured effect found against hate crime at places of worship",
        "places of worship",
        "none",
        "say so; outcomes after twelve months build our own record",
    ),
)


def findings_for(measure: str) -> tuple[Finding, ...]:
    """What is known of a measure, the honest last row always among it."""
    return tuple(f for f in FINDINGS if measure in f.measures or not f.measures)


ALARM_ALONE_CLOSES = 3


def survey_warnings(closes: Sequence[tuple[str, str, int]]) -> list[str]:
    """
    What to say beside a bid's lines.

    Parameters
    ----------
    closes
        (line, measure, tenths of its gap) of all lines of a bid.

    Examples
    --------
    >>> survey_warnings([("A1", "alarm", 5)])
    ['A1: an alarm alone closes 3 tenths at most by default; the survey says 5.']
    >>> survey_warnings([("A1", "alarm", 5), ("A2", "locks", 6)])
    []
    """
    measures = {measure for _, measure, _ in closes}
    if measures != {"alarm"}:
        return []
    return [
        f"{line}: an alarm alone closes {ALARM_ALONE_CLOSES} tenths at most by default; the survey says {tenths}."
        for line, _, tenths in closes
        if tenths > ALARM_ALONE_CLOSES
    ]


@dataclass(frozen=True, slots=True)
class OutcomeComparison:
    """Incidents a place and year, before and after, of funded and unfunded places of one size band."""

    size_band: str
    n_funded: int
    n_unfunded: int
    funded_before: float
    funded_after: float
    unfunded_before: float
    unfunded_after: float
    note: str = REGRESSION_NOTE


def compare_outcomes(
    size_band: str, funded: Sequence[tuple[int, int]], unfunded: Sequence[tuple[int, int]]
) -> OutcomeComparison:
    """
    Mean incidents in the twelve months before and after, each place as (before, after); 0 where there is no place.
    """

    def means(pairs: Sequence[tuple[int, int]]) -> tuple[float, float]:
        return (fmean(b for b, _ in pairs), fmean(a for _, a in pairs)) if pairs else (0.0, 0.0)

    return OutcomeComparison(size_band, len(funded), len(unfunded), *means(funded), *means(unfunded))
