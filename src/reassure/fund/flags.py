"""Flags: what looks odd and needs a person; a flag never decides.

Rules: duplicates of place, organisation, payee or file, and answers that are nearly alike; quotes that are one another
times a constant; contacts shared between suppliers; prices far from those of the same measure. A person resolves each
with a reason. Source: docs/rooms/fund.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean, median, stdev

from rapidfuzz import fuzz

ALIKE_PER_CENT = 90
MIN_ITEMS = 4
RATIO_VARIATION = 0.01
"""Coefficient of variation below which two quotes are one scaled."""

MODIFIED_Z = 3.5
MIN_PRICES = 8
MAD_FACTOR = 0.6745
"""Iglewicz and Hoaglin (1993): modified z-scores above 3.5 are outliers."""


@dataclass(frozen=True, slots=True)
class Flag:
    """
    One thing for a person to look at.

    Parameters
    ----------
    kind
        As `award_guards.FLAG_KINDS`.
    strength
        "strong" or "weak".
    subjects
        Bids or quotes concerned, in order.
    """

    kind: str
    strength: str
    subjects: tuple[str, ...]
    says: str


@dataclass(frozen=True, slots=True)
class BidPrint:
    """What of a bid is compared with others: references and digests, and its answers in words."""

    ref: str
    place_ref: str
    organisation_ref: str = ""
    payee_sha256: str = ""
    file_sha256s: frozenset[str] = frozenset()
    answers: str = ""


def duplicate_flags(bids: Sequence[BidPrint], *, matched_places: Iterable[tuple[str, str]] = ()) -> list[Flag]:
    """
    Pairs of bids that share a place (or a matched one), an organisation, a payee, a file, or nearly all answers.

    Parameters
    ----------
    matched_places
        Pairs of place references that the register holds for one place.
    """
    same = {frozenset(pair) for pair in matched_places}
    found = []
    for a, b in combinations(sorted(bids, key=lambda x: x.ref), 2):
        reasons = [
            ("strong", "the same place", a.place_ref == b.place_ref),
            ("strong", "places that match", frozenset((a.place_ref, b.place_ref)) in same),
            ("strong", "the same payee", bool(a.payee_sha256) and a.payee_sha256 == b.payee_sha256),
            ("strong", "the same file", bool(a.file_sha256s & b.file_sha256s)),
            ("weak", "the same organisation", bool(a.organisation_ref) and a.organisation_ref == b.organisation_ref),
            ("weak", "answers nearly alike", _alike(a.answers, b.answers)),
        ]
        found += [Flag("duplicate", strength, (a.ref, b.ref), says) for strength, says, holds in reasons if holds]
    return found


def _alike(a: str, b: str) -> bool:
    return bool(a and b) and fuzz.ratio(a, b) >= ALIKE_PER_CENT


@dataclass(frozen=True, slots=True)
class Quote:
    """
    A supplier's quote for one line.

    Parameters
    ----------
    items_pence
        Prices of the items, in the order of the specification; comparable quotes have equally many.
    """

    ref: str
    supplier: str
    items_pence: tuple[int, ...]
    phone: str = ""
    address: str = ""
    author: str = ""
    created_minute: str = ""


def ratio_variation(a: Sequence[int], b: Sequence[int]) -> float | None:
    """
    Coefficient of variation of the item ratios of two quotes (sample); None with fewer than four items or a zero.

    Examples
    --------
    >>> round(ratio_variation((120000, 84000, 36500, 9500), (134400, 94080, 40880, 10640)), 3)
    0.0
    >>> round(ratio_variation((120000, 84000, 36500, 9500), (115000, 91000, 42000, 8000)), 3)
    0.135
    """
    if len(a) != len(b) or len(a) < MIN_ITEMS or not all(a) or not all(b):
        return None
    ratios = [y / x for x, y in zip(a, b, strict=True)]
    return stdev(ratios) / fmean(ratios)


def quote_flags(quotes: Sequence[Quote]) -> list[Flag]:
    """Pairs of quotes for one line that are one scaled, or whose suppliers share contacts or files."""
    found = []
    for a, b in combinations(sorted(quotes, key=lambda q: q.ref), 2):
        variation = ratio_variation(a.items_pence, b.items_pence)
        if variation is not None and variation < RATIO_VARIATION:
            found.append(Flag("quotes", "strong", (a.ref, b.ref), "every item differs by the same factor"))
        shared = [
            name
            for name in ("phone", "address", "author", "created_minute")
            if getattr(a, name) and getattr(a, name) == getattr(b, name)
        ]
        if shared and a.supplier != b.supplier:
            words = ", ".join(name.replace("_", " ") for name in shared)
            found.append(Flag("shared_contact", "strong", (a.ref, b.ref), f"two suppliers share {words}"))
    return found


def price_flags(prices: Mapping[str, Sequence[tuple[str, int]]]) -> list[Flag]:
    """
    Lines whose price is far from those of the same measure: |0.6745 (x - median) / MAD| > 3.5, eight or more prices.

    Parameters
    ----------
    prices
        By measure, (line, pence).
    """
    found = []
    for measure, some in sorted(prices.items()):
        if len(some) < MIN_PRICES:
            continue
        middle = median(p for _, p in some)
        spread = median(abs(p - middle) for _, p in some)
        if spread == 0:
            continue
        for ref, pence in some:
            score = MAD_FACTOR * (pence - middle) / spread
            if abs(score) > MODIFIED_Z:
                way = "above" if score > 0 else "below"
                found.append(Flag("price", "weak", (ref,), f"far {way} other prices for {measure}"))
    return found
