"""Reasons in words: what a code means to whoever asked for money.

Rules: one sentence a code, with its figures; words of users, no jargon. English only: Welsh needs a translator, and no
machine's Welsh goes out under a fund's name. Elsewhere: when a code is true (`explanations`).
"""

from collections.abc import Mapping

from reassure.fund.bids import Line, ScoredBid, Terms
from reassure.fund.changes import MAX_TENTHS, Change
from reassure.fund.eligibility import RULES
from reassure.fund.scoring import as_score
from reassure.money import with_sign

LANGUAGES = ("en",)

HEADLINES: dict[str, str] = {
    "OVERRIDE_OUT": "The panel decided against it",
    "BELOW_THRESHOLD": "The score is below the pass mark",
    "EVIDENCE_LOW": "The evidence is below the least that passes",
    "CAP_PLACE": "It goes beyond what one place may get",
    "MIN_AWARD": "It stays below the smallest award",
    "TYPE_CAP": "The money for this kind of measure is used up",
    "ALTERNATIVE": "Another of the alternatives is funded",
    "NEEDS_OTHER": "A measure that it needs is not funded",
    "GAP_CLOSED": "It closes nothing that is still open",
    "FLOOR": "Money kept for a region comes first",
    "TIE": "Equal in every respect: the draw decided",
    "BUDGET": "The money went further elsewhere",
    "OVERRIDE_IN": "The panel decided for it",
    "RESERVE_IN": "Money that came back funds it",
    "ALL_OPTIMA": "It is part of every best choice",
    **{code: f"The bid does not meet rule {code}: {words}" for code, words in RULES.items()},
}


def sentence(code: str, bid: ScoredBid, line: Line | None, terms: Terms) -> str:
    """
    One code as a sentence with its figures.

    Examples
    --------
    >>> terms = Terms(3_000_000, 5_600_000, 100_000, 400, 4)
    >>> bid = ScoredBid("F", "p", "", "unknown", 385, 7, 0, (("door", 4),), ())
    >>> sentence("BELOW_THRESHOLD", bid, None, terms)
    'The score is below the pass mark: 38.5 of 100, and 40.0 passes.'
    """
    left = terms.cap_left(bid)
    details: Mapping[str, str] = {
        "BELOW_THRESHOLD": f"{as_score(bid.tenths)} of 100, and {as_score(terms.threshold_tenths)} passes",
        "EVIDENCE_LOW": f"{bid.evidence_x2 / 2:g} of 5, and {terms.min_evidence_x2 / 2:g} passes",
        "CAP_PLACE": ""
        if left is None
        else f"{with_sign(max(0, left))} is what the cap leaves for all lines of this place",
        "MIN_AWARD": f"{with_sign(terms.min_award_pence)} is the least that is paid out",
        "ALTERNATIVE": "of these only one can be funded",
        "NEEDS_OTHER": f"without {line.needs} it is of no use" if line is not None and line.needs else "",
        "BUDGET": "with the money there is, other measures close more of the gaps that matter most",
        "TIE": "two choices meet exactly the same need; places, cost and then the published draw decided",
    }
    detail = details.get(code, "")
    return HEADLINES[code] + (f": {detail}" if detail else "") + "."


def change_words(change: Change) -> str:
    """
    The nearest change that would have funded it, as a sentence.

    Examples
    --------
    >>> change_words(Change("budget", 3_280_000, 3_280_000))
    'With a budget of £32,800 it would have been funded.'
    >>> change_words(Change("score", None, 1000)), change_words(Change("score", None, 780))
    ('No score would have funded it.', 'No score up to 78.0 would have funded it; higher ones were not tried.')
    """
    if change.found is None:
        return {
            "score": "No score would have funded it."
            if change.searched_to >= MAX_TENTHS
            else f"No score up to {as_score(change.searched_to)} would have funded it; higher ones were not tried.",
            "budget": f"No budget up to {with_sign(change.searched_to)} would have funded it.",
            "cost": f"No cost down to {with_sign(change.searched_to)} would have funded it.",
        }[change.kind]
    return {
        "score": f"With a score of {as_score(change.found)} it would have been funded.",
        "budget": f"With a budget of {with_sign(change.found)} it would have been funded.",
        "cost": f"At a cost of {with_sign(change.found)} it would have been funded.",
    }[change.kind]
