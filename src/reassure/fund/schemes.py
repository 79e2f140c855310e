"""A scheme: what a fund pays, for whom, on which proof, as one versioned value.

Rules: which fields a scheme has, what "not known" means, when a scheme may be published, and which of the three
regimes a round is in. What no source gives is None and listed in `unknown`: the rule is then not applied, and
screens say "not known for this round". None without being listed means that the scheme sets none.
Elsewhere: the presets of the real rounds (`files.schemes`), the window's instants (`windows`).
Source: docs/rooms/fund.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any

from reassure.errors import Problem
from reassure.fund.windows import window_end, window_start
from reassure.money import WHOLE_BP
from reassure.provenance import digest_of

INTAKES = ("window", "rolling")
NATIONS = ("England", "Wales", "Scotland", "Northern Ireland")
PLACE_KINDS = ("worship", "faith_centre", "community_centre", "school", "nhs", "other")
ROUTES = ("own", "near", "vulnerable")
CHARITY = ("none", "if_required", "registered_or_exempt")
QUOTES_PER = ("bid", "line")
SUPPLY = ("place", "provider")
SURVEY = ("adviser", "provider", "none")
PAYMENT_PLANS = ("arrears", "staged", "provider")
CAP_PERIODS = ("round", "financial_year", "ever")
GAPS = ("perimeter", "door", "entry", "window", "light", "detect")
"""What a survey looks at, in the order of all tables."""

MEASURES: dict[str, str] = {
    "cctv": "fixed CCTV",
    "fence": "fences and railings up to 2.1 m",
    "gate": "manual gates",
    "door": "door hardening",
    "locks": "locks",
    "mailbox": "secure mailbox",
    "glazing": "film or bars for glazing",
    "alarm": "intruder alarm",
    "entry_control": "fob or keypad entry",
    "intercom": "video intercom",
    "lighting": "building lights",
    "guarding": "guards",
}
"""Kinds of measure and their words; the catalogue of 2023 and guarding."""

CRITERIA: tuple[tuple[str, int], ...] = (
    ("evidence", 35),
    ("exposure", 15),
    ("gap", 20),
    ("fit", 20),
    ("delivery", 10),
)
"""Criteria and weights; ours, no official ones were seen."""

NEAR_LIMIT_M = 3218.688
"""Two miles of 1,609.344 m."""

NEEDED = ("money_pence", "rate_bp", "nations", "place_kinds", "routes", "intake")
"""Fields for which "none" has no meaning: without a value they are not known."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """
    The terms of one round of a fund.

    Parameters
    ----------
    opens, closes
        As printed, in London's time; `closes` is None for a round without an end.
    closes_text
        Words about the end that are no date, such as an end that moved.
    money_pence
        Pence by pot.
    served_elsewhere
        Faith code and the scheme that serves it instead.
    cap_pence
        Most that one place gets per `cap_period`; `project_ceiling_pence` bounds cost, not award.
    min_evidence_x2
        Twice the lowest mean score for evidence, so that halves stay whole numbers.
    moderation_points, moderation_criterion
        How far apart two assessors may be: of 500 points in all, of 5 on one criterion.
    floors_pence, type_caps_pence
        Least for a region, most for a kind of measure; empty when off, as by default.
    sources
        Field name and the letter of its source in docs/sources.md, or "ours".
    conflicts
        Where sources disagree, in words.
    """

    code: str
    version: int
    title: str
    intake: str | None
    opens: str | None
    closes: str | None
    money_pence: Mapping[str, int] | None
    nations: tuple[str, ...] | None
    place_kinds: tuple[str, ...] | None
    served_elsewhere: Mapping[str, str]
    rate_bp: int | None
    cap_pence: int | None
    cap_period: str | None
    project_ceiling_pence: int | None
    min_award_pence: int | None
    max_measures: int | None
    catalogue: tuple[str, ...] | None
    routes: tuple[str, ...] | None
    near_limit_m: float | None
    look_back_months: int | None
    n_quotes: int | None
    quotes_per: str | None
    survey: str | None
    supply: str | None
    payment_plan: str | None
    charity: str | None
    repeat_after_months: int | None
    works_due_on: date | None
    guarding: bool | None
    upkeep_months: int | None
    criteria: tuple[tuple[str, int], ...] = CRITERIA
    threshold_tenths: int = 400
    min_evidence_x2: int = 4
    moderation_points: int = 100
    moderation_criterion: int = 3
    floors_pence: Mapping[str, int] = field(default_factory=dict)
    type_caps_pence: Mapping[str, int] = field(default_factory=dict)
    holdback_bp: int = 200
    retention_bp: int = 1_000
    closes_text: str = ""
    sources: Mapping[str, str] = field(default_factory=dict)
    conflicts: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def starts_at(self) -> datetime | None:
        """Instant from which bids are taken, UTC; None where the day is not known."""
        return window_start(self.opens) if self.opens else None

    @property
    def ends_at(self) -> datetime | None:
        """First instant that is too late, UTC; None for a round without an end or where it is not known."""
        return window_end(self.closes) if self.closes else None

    def knows(self, name: str) -> bool:
        """Whether a rule that needs this field can be applied."""
        return name not in self.unknown


def scheme_document(scheme: Scheme) -> dict[str, Any]:
    """Every field as JSON values: lists for tuples, ISO dates."""

    def plain(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: plain(item) for key, item in value.items()}
        if isinstance(value, tuple):
            return [plain(item) for item in value]
        return value.isoformat() if isinstance(value, date) else value

    return {f.name: plain(getattr(scheme, f.name)) for f in fields(scheme)}


def scheme_digest(scheme: Scheme) -> str:
    """SHA-256 of the scheme's canonical JSON: changes when any term, source or word changes."""
    return digest_of(scheme_document(scheme))


def scheme_problems(scheme: Scheme) -> list[Problem]:
    """Every reason why these are no terms of a scheme, in the order of the fields; a preset has none."""
    names = {f.name for f in fields(scheme)}
    found = [Problem("unknown", name, "the name of a field") for name in scheme.unknown if name not in names]
    found += [
        Problem("unknown", name, "only fields without a value")
        for name in scheme.unknown
        if name in names and getattr(scheme, name) not in (None, (), {})
    ]
    found += [
        Problem(name, "", "a value, or its name in unknown")
        for name in NEEDED
        if getattr(scheme, name) in (None, ()) and name not in scheme.unknown
    ]
    found += _value_problems(scheme)
    if sum(weight for _, weight in scheme.criteria) != 100:
        found.append(Problem("criteria", str(dict(scheme.criteria)), "weights that sum to 100"))
    if scheme.starts_at and scheme.ends_at and scheme.starts_at >= scheme.ends_at:
        found.append(Problem("closes", str(scheme.closes), f"a day or time after {scheme.opens}"))
    return found


def _value_problems(scheme: Scheme) -> list[Problem]:
    choices: list[tuple[str, tuple[str, ...]]] = [
        ("intake", INTAKES),
        ("cap_period", CAP_PERIODS),
        ("quotes_per", QUOTES_PER),
        ("survey", SURVEY),
        ("supply", SUPPLY),
        ("payment_plan", PAYMENT_PLANS),
        ("charity", CHARITY),
        ("nations", NATIONS),
        ("place_kinds", PLACE_KINDS),
        ("routes", ROUTES),
        ("catalogue", tuple(MEASURES)),
    ]
    found = []
    for name, allowed in choices:
        value = getattr(scheme, name)
        items = value if isinstance(value, tuple) else (value,)
        expected = "one of " + ", ".join(allowed)
        found += [Problem(name, str(item), expected) for item in items if item is not None and item not in allowed]
    rates = (("rate_bp", scheme.rate_bp), ("holdback_bp", scheme.holdback_bp), ("retention_bp", scheme.retention_bp))
    for name, rate in rates:
        least = 1 if name == "rate_bp" else 0
        if rate is not None and not least <= rate <= WHOLE_BP:
            found.append(Problem(name, str(rate), f"{least} to 10000"))
    for name in ("cap_pence", "project_ceiling_pence", "min_award_pence", "max_measures", "n_quotes"):
        value = getattr(scheme, name)
        if value is not None and value <= 0:
            found.append(Problem(name, str(value), "more than 0"))
    if scheme.cap_pence and scheme.min_award_pence and scheme.min_award_pence > scheme.cap_pence:
        found.append(Problem("min_award_pence", str(scheme.min_award_pence), f"at most the cap, {scheme.cap_pence}"))
    for pot, pence in (scheme.money_pence or {}).items():
        if pence <= 0:
            found.append(Problem(f"money_pence.{pot}", str(pence), "more than 0"))
    return found


def publish_problems(scheme: Scheme) -> list[Problem]:
    """Every reason why a round may not be published on these terms: all that is wrong, and all that is not known."""
    found = scheme_problems(scheme)
    found += [Problem(name, "", "a value before the round is published") for name in scheme.unknown]
    if not scheme.opens:
        found.append(Problem("opens", "", "the day or time from which bids are taken"))
    if scheme.intake == "window" and not scheme.closes:
        found.append(Problem("closes", "", "the day or time at which a window ends"))
    return found


def regime(scheme: Scheme, *, asked_above_threshold_pence: int, available_pence: int) -> str:
    """
    Which of the three regimes a round is in: "C" rolling, "B" more is asked than there is, else "A".

    Always computed, never set.
    """
    if scheme.intake == "rolling":
        return "C"
    return "B" if asked_above_threshold_pence > available_pence else "A"
