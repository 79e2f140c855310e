"""Scores: two assessors for each bid, exact totals, and when a third has to look.

Rules: points of one assessment, the score of a bid, when it passes, when assessors differ too much, and how well
assessors agree over a round. Scores are never rescaled. A score of 0 to 1,000 tenths is exact in whole numbers.
Elsewhere: who may assess (`conflicts`), what a scheme weighs (`schemes`), the choice by score (`allocation`).
Source: docs/rooms/fund.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import median

from reassure.errors import InputError, Problem, RuleError
from reassure.fund.schemes import CRITERIA, Scheme

REASON_CHARACTERS = 40
MAX_SCORE = 5
MAX_POINTS = 500
ANCHORS: dict[str, tuple[str, ...]] = {
    "evidence": (
        "nothing",
        "general fear only",
        "concrete vulnerability: area rate, tension note, statement with dates",
        "incident within 2 miles, any faith",
        "own site: third party, insurer, photos",
        "own site, police-recorded",
    ),
    "exposure": (
        "not described",
        "rare use",
        "weekly, few people",
        "weekly, 50 or more",
        "several times a week, or known target dates",
        "daily or 200 and more, or named in a current declaration",
    ),
    "gap": (
        "no survey",
        "old or partial",
        "minor gaps",
        "one serious gap",
        "several serious",
        "open to entry or attack",
    ),
    "fit": (
        "measures answer no gap",
        "weak",
        "part",
        "most, some excess",
        "all, proportionate",
        "all, least intrusive, cheapest adequate",
    ),
    "delivery": (
        "no plan",
        "vague",
        "plan, no upkeep",
        "plan and upkeep",
        "plan, upkeep, named keeper, training",
        "plan, upkeep, keeper, training, consents in hand",
    ),
}
"""What each score from 0 to 5 means; ours. An incident that was not reported is never 0 for that alone."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """One assessor's scores and reasons for a bid, both by criterion."""

    bid_ref: str
    assessor_ref: str
    scores: Mapping[str, int]
    reasons: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class BidScore:
    """
    What the assessments of a bid come to.

    Parameters
    ----------
    tenths
        0 to 1,000; 705 is shown as 70.5.
    evidence_x2
        Twice the mean (of three: median) score for evidence.
    spread_points
        How far apart the first two are, of 500 points.
    """

    bid_ref: str
    tenths: int
    evidence_x2: int
    n_assessments: int
    spread_points: int
    differs_on: tuple[str, ...]
    needs_third: bool

    def passes(self, scheme: Scheme) -> bool:
        """Whether the bid may compete for money."""
        return self.tenths >= scheme.threshold_tenths and self.evidence_x2 >= scheme.min_evidence_x2


def assessment_problems(assessment: Assessment) -> list[Problem]:
    """Every fault of one assessment: a score for each criterion, whole, 0 to 5, with a reason of 40 characters."""
    found = []
    known = [code for code, _ in CRITERIA]
    for code in known:
        score, reason = assessment.scores.get(code), assessment.reasons.get(code, "").strip()
        if score is None:
            found.append(Problem("criterion", "", f"a score for {code} as well", says=f"{code} has no score"))
        elif not 0 <= score <= MAX_SCORE:
            found.append(Problem("score", str(score), "0 to 5"))
        if score is not None and len(reason) < REASON_CHARACTERS:
            found.append(Problem("reason", reason, f"{REASON_CHARACTERS} characters or more, not {len(reason)}"))
    found += [Problem("criterion", c, "one of " + ", ".join(known)) for c in assessment.scores if c not in known]
    return found


def points(assessment: Assessment, scheme: Scheme) -> int:
    """Sum of weight times score, 0 to 500."""
    return sum(weight * assessment.scores[code] for code, weight in scheme.criteria)


def differ_on(first: Assessment, second: Assessment, scheme: Scheme) -> tuple[str, ...]:
    """The criteria on which two assessments are too far apart; "total" stands first when the totals are."""
    gap = abs(points(first, scheme) - points(second, scheme))
    names = [
        code
        for code, _ in scheme.criteria
        if abs(first.scores[code] - second.scores[code]) >= scheme.moderation_criterion
    ]
    return tuple((["total"] if gap >= scheme.moderation_points else []) + names)


def bid_score(assessments: Sequence[Assessment], scheme: Scheme) -> BidScore:
    """
    The score of a bid from its valid assessments, in the order in which they came.

    Two: the sum of their points. Three: twice the median. The order of the first two does not matter.

    Raises
    ------
    RuleError
        Not two or three assessments, one assessor twice, or more than one bid.

    Examples
    --------
    P and Q of the specification: 365 and 340 points are 73.0 and 68.0, together 70.5.
    """
    who = [a.assessor_ref for a in assessments]
    if len(who) not in (2, 3):
        raise RuleError([Problem("", "", "two, or three after moderation", says=f"{len(who)} assessments")])
    if len(set(who)) != len(who) or len({a.bid_ref for a in assessments}) != 1:
        raise RuleError([Problem("assessor_ref", ", ".join(who), "each assessor once, all for one bid")])
    totals = [points(a, scheme) for a in assessments]
    evidence = [a.scores["evidence"] for a in assessments]
    differs = differ_on(assessments[0], assessments[1], scheme)
    is_third_in = len(who) == 3
    return BidScore(
        bid_ref=assessments[0].bid_ref,
        tenths=2 * int(median(totals)) if is_third_in else sum(totals),
        evidence_x2=2 * int(median(evidence)) if is_third_in else sum(evidence),
        n_assessments=len(who),
        spread_points=abs(totals[0] - totals[1]),
        differs_on=differs,
        needs_third=bool(differs) and not is_third_in,
    )


@dataclass(frozen=True, slots=True)
class Quality:
    """
    How well assessors agreed in a round; shown, never used to change a score.

    Parameters
    ----------
    alpha
        Krippendorff's alpha, interval scale; None with fewer than two pairs or where all scores are equal.
    sd_one_assessment
        Standard deviation of one assessment, of 100 points; None without pairs.
    mean_offset
        By assessor, how much higher than their partner they scored on average, of 100 points.
    """

    n_pairs: int
    alpha: float | None
    sd_one_assessment: float | None
    mean_offset: Mapping[str, float]


def quality(pairs: Sequence[tuple[tuple[str, float], tuple[str, float]]]) -> Quality:
    """
    Agreement over a round.

    Parameters
    ----------
    pairs
        For each bid the two first assessments, each as (assessor, score of 100).
    """
    values = [(a[1], b[1]) for a, b in pairs]
    offsets: dict[str, list[float]] = {}
    for (who, x), (other, y) in pairs:
        offsets.setdefault(who, []).append(x - y)
        offsets.setdefault(other, []).append(y - x)
    deviation = sqrt(sum((x - y) ** 2 for x, y in values) / len(values) / 2) if values else None
    return Quality(
        n_pairs=len(values),
        alpha=krippendorff_alpha(values),
        sd_one_assessment=deviation,
        mean_offset={who: sum(d) / len(d) for who, d in sorted(offsets.items())},
    )


def krippendorff_alpha(pairs: Sequence[tuple[float, float]]) -> float | None:
    """
    Krippendorff's alpha for two values a unit on an interval scale: 1 - observed / expected disagreement.

    Returns
    -------
    float or None
        None with fewer than two pairs, or where nothing varies.

    References
    ----------
    K. Krippendorff, Content Analysis, 4th ed. (2019), chapter 12.

    Examples
    --------
    >>> round(krippendorff_alpha([(73, 68), (55, 59), (62, 60), (88, 84)]), 6)
    0.948072
    """
    values = [v for pair in pairs for v in pair]
    n = len(values)
    if len(pairs) < 2:
        return None
    mean = sum(values) / n
    expected = 2 * sum((v - mean) ** 2 for v in values) / (n - 1)
    if expected == 0:
        return None
    return 1 - sum((x - y) ** 2 for x, y in pairs) / len(pairs) / expected


def as_score(tenths: int) -> str:
    """
    A score as people read it.

    Examples
    --------
    >>> as_score(705), as_score(400)
    ('70.5', '40.0')
    """
    return f"{tenths // 10}.{tenths % 10}"


def checked(assessments: Sequence[Assessment]) -> None:
    """`InputError` with every fault of every assessment."""
    found = [
        Problem(p.column, p.value, f"{p.expected} (bid {a.bid_ref}, assessor {a.assessor_ref})", says=p.says)
        for a in assessments
        for p in assessment_problems(a)
    ]
    if found:
        raise InputError(found)
