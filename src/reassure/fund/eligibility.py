"""Whether a bid to the security fund may go to assessment.

Rules: E01 to E15, all reasons at once. The machine may fail only E01 to E05, E09, E11, E13 and E15; the others it
marks "for an officer", who decides with a reason. The same function is the public check: no account, nothing
stored. A rule whose terms the scheme does not know is not applied, and says so.
Elsewhere: a scheme's terms (`schemes`), what counts as proof (`evidence`). Source: docs/rooms/fund.md.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from reassure.errors import InputError, Problem
from reassure.fund.schemes import MEASURES, Scheme
from reassure.fund.windows import add_months, civil_day
from reassure.money import part_pence, with_sign
from reassure.periods import aware_utc

RULES: dict[str, str] = {
    "E01": "the round takes bids",
    "E02": "the nation",
    "E03": "a place of worship, or a centre with regular worship",
    "E04": "no other scheme serves it",
    "E05": "charity",
    "E06": "two named trustees with authority",
    "E07": "a route: own incident, near incident, vulnerability",
    "E08": "religious hostility",
    "E09": "measures in the catalogue",
    "E10": "survey and quotes",
    "E11": "amounts",
    "E12": "nothing ordered before the offer",
    "E13": "one live bid a place and round",
    "E14": "repeat",
    "E15": "other grants",
}
MACHINE_MAY_FAIL = frozenset({"E01", "E02", "E03", "E04", "E05", "E09", "E11", "E13", "E15"})
SURVEY_MONTHS = 12
STRONGEST_RUNG = 5
MAX_FENCE_M = 2.1
CHARITY_STATUS = ("registered", "exempt", "excepted", "none")
CENTRES = ("faith_centre",)


@dataclass(frozen=True, slots=True)
class Signatory:
    """Somebody who signs for a place."""

    ref: str
    is_trustee: bool
    has_authority: bool


@dataclass(frozen=True, slots=True)
class RouteClaim:
    """
    What a bid rests on: `route` is "own", "near" or "vulnerable"; `motive` as in `evidence.MOTIVES`.

    `result` is what the rules of evidence made of it: "counts", "officer" or "not".
    """

    route: str
    motive: str = "unknown"
    result: str = "officer"


@dataclass(frozen=True, slots=True)
class MeasureFacts:
    """One line of a bid; `height_m` matters for fences only."""

    ref: str
    measure: str
    cost_pence: int
    requested_pence: int
    other_grants_pence: int = 0
    n_quotes: int = 0
    height_m: float | None = None


@dataclass(frozen=True, slots=True)
class BidFacts:
    """
    The inputs of E01 to E15, by name.

    Parameters
    ----------
    is_charity_required
        Whether the law makes this body register; None when not known.
    n_quotes
        Quotes for the bid as a whole, where the scheme counts them so.
    n_live_bids
        Other live bids of this place in this round.
    last_measures_on
        Day on which this place last had measures from a scheme; None for never.
    evidence_rung
        0 to 5 on the ladder of evidence (`scoring.ANCHORS`), as far as known.
    """

    nation: str
    place_kind: str
    has_regular_worship: bool
    faiths: tuple[str, ...]
    charity_status: str
    signatories: tuple[Signatory, ...]
    routes: tuple[RouteClaim, ...]
    measures: tuple[MeasureFacts, ...]
    is_charity_required: bool | None = None
    survey_done_on: date | None = None
    n_quotes: int = 0
    cap_used_pence: int = 0
    has_ordered: bool = False
    n_live_bids: int = 0
    last_measures_on: date | None = None
    evidence_rung: int = 0


@dataclass(frozen=True, slots=True)
class Check:
    """
    What one rule says: "pass", "fail", "officer" (a person decides) or "unknown" (not known for this round).
    """

    rule: str
    result: str
    problems: tuple[Problem, ...] = ()


def eligibility_problems(facts: BidFacts, scheme: Scheme, *, arrived_at: datetime) -> list[Problem]:
    """
    Every reason why a bid cannot go to assessment, as far as a machine may say so.

    Parameters
    ----------
    arrived_at
        Instant at which the bid arrived, aware; the window's end is exclusive.

    Returns
    -------
    list[Problem]
        In the order E01 to E15; empty when nothing bars the bid. What an officer has to decide is not among them.
    """
    checks = eligibility_checks(facts, scheme, arrived_at=arrived_at)
    return [problem for check in checks if check.result == "fail" for problem in check.problems]


def eligibility_checks(facts: BidFacts, scheme: Scheme, *, arrived_at: datetime) -> list[Check]:
    """What every rule E01 to E15 says, in order; see `eligibility_problems`."""
    arrived = aware_utc(arrived_at, "arrived_at")
    found = []
    for rule, words in RULES.items():
        needed, function = _FUNCTIONS[rule]
        if any(not scheme.knows(name) for name in needed):
            names = ", ".join(name for name in needed if not scheme.knows(name))
            says = f"{rule} {words}: not known for this round ({names})"
            found.append(Check(rule, "unknown", (Problem(rule, "", "", says=says),)))
            continue
        problems = tuple(
            Problem(rule, p.value, p.expected, says=f"{rule} {p.says or f'{p.column} is {p.value}'}")
            for p in function(facts, scheme, arrived)
        )
        result = "pass" if not problems else ("fail" if rule in MACHINE_MAY_FAIL else "officer")
        found.append(Check(rule, result, problems))
    return found


def _e01(_: BidFacts, scheme: Scheme, arrived: datetime) -> list[Problem]:
    starts, ends = scheme.starts_at, scheme.ends_at
    if starts is not None and arrived < starts:
        return [Problem("arrived_at", arrived.isoformat(), f"{starts.isoformat()} or later")]
    if ends is not None and arrived >= ends:
        return [Problem("arrived_at", arrived.isoformat(), f"before {ends.isoformat()}")]
    return []


def _e02(facts: BidFacts, scheme: Scheme, _: datetime) -> list[Problem]:
    nations = scheme.nations or ()
    return [] if facts.nation in nations else [Problem("nation", facts.nation, "one of " + ", ".join(nations))]


def _e03(facts: BidFacts, scheme: Scheme, _: datetime) -> list[Problem]:
    kinds = scheme.place_kinds or ()
    if facts.place_kind not in kinds:
        return [Problem("place_kind", facts.place_kind, "one of " + ", ".join(kinds))]
    if facts.place_kind in CENTRES and not facts.has_regular_worship:
        return [Problem("has_regular_worship", "false", "regular worship at a centre")]
    return []


def _e04(facts: BidFacts, scheme: Scheme, _: datetime) -> list[Problem]:
    served = [f for f in facts.faiths if f in scheme.served_elsewhere]
    if not facts.faiths or len(served) < len(facts.faiths):
        return []
    return [Problem("faiths", faith, f"a bid to {scheme.served_elsewhere[faith]}") for faith in served]


def _e05(facts: BidFacts, scheme: Scheme, _: datetime) -> list[Problem]:
    has_status = facts.charity_status in ("registered", "exempt")
    must = scheme.charity == "registered_or_exempt" or (
        scheme.charity == "if_required" and bool(facts.is_charity_required)
    )
    if has_status or not must:
        return []
    return [Problem("charity_status", facts.charity_status, "registered or exempt")]


def _e06(facts: BidFacts, _: Scheme, __: datetime) -> list[Problem]:
    able = {s.ref for s in facts.signatories if s.is_trustee and s.has_authority}
    if len(able) >= 2:
        return []
    return [Problem("signatories", str(len(able)), "two different trustees with authority")]


def _e07(facts: BidFacts, scheme: Scheme, _: datetime) -> list[Problem]:
    allowed = scheme.routes or ()
    if any(c.route in allowed and c.result == "counts" for c in facts.routes):
        return []
    given = ", ".join(sorted({c.route for c in facts.routes})) or "none"
    return [Problem("routes", given, "proof that counts, by one of " + ", ".join(allowed))]


def _e08(facts: BidFacts, _: Scheme, __: datetime) -> list[Problem]:
    incidents = [c for c in facts.routes if c.route != "vulnerable"]
    if not incidents or any(c.motive == "religious" for c in incidents):
        return []
    given = ", ".join(sorted({c.motive for c in incidents}))
    return [Problem("motive", given, "religious hostility, not theft or nuisance")]


def _e09(facts: BidFacts, scheme: Scheme, _: datetime) -> list[Problem]:
    found = []
    catalogue = scheme.catalogue or tuple(MEASURES)
    if not facts.measures:
        found.append(Problem("measures", "", "one measure or more", says="no measure is asked for"))
    for m in facts.measures:
        if m.measure not in catalogue:
            found.append(Problem(f"measure of {m.ref}", m.measure, "one of " + ", ".join(catalogue)))
        if m.measure == "guarding" and scheme.guarding is False:
            found.append(Problem(f"measure of {m.ref}", m.measure, "no guarding in this round"))
        if m.measure == "fence" and m.height_m is not None and m.height_m > MAX_FENCE_M:
            found.append(Problem(f"height_m of {m.ref}", str(m.height_m), f"at most {MAX_FENCE_M}"))
    if scheme.max_measures is not None and len(facts.measures) > scheme.max_measures:
        found.append(Problem("measures", str(len(facts.measures)), f"at most {scheme.max_measures}"))
    return found


def _e10(facts: BidFacts, scheme: Scheme, arrived: datetime) -> list[Problem]:
    if scheme.survey in ("provider", "none"):
        return []
    found = []
    day = civil_day(arrived)
    oldest = add_months(day, -SURVEY_MONTHS)
    if facts.survey_done_on is None or not oldest <= facts.survey_done_on <= day:
        value = facts.survey_done_on.isoformat() if facts.survey_done_on else "missing"
        found.append(Problem("survey_done_on", value, f"{oldest} to {day}"))
    wanted = scheme.n_quotes or 0
    if scheme.quotes_per == "bid" and facts.n_quotes < wanted:
        found.append(Problem("n_quotes", str(facts.n_quotes), f"{wanted} for the bid"))
    if scheme.quotes_per == "line":
        found += [
            Problem(f"n_quotes of {m.ref}", str(m.n_quotes), f"{wanted} for each measure")
            for m in facts.measures
            if m.n_quotes < wanted
        ]
    return found


def _e11(facts: BidFacts, scheme: Scheme, _: datetime) -> list[Problem]:
    found = []
    cost = sum(m.cost_pence for m in facts.measures)
    asked = sum(m.requested_pence for m in facts.measures)
    if scheme.project_ceiling_pence is not None and cost > scheme.project_ceiling_pence:
        found.append(Problem("project cost", with_sign(cost), f"at most {with_sign(scheme.project_ceiling_pence)}"))
    least = scheme.min_award_pence or 1
    if asked < least:
        found.append(Problem("requested", with_sign(asked), f"{with_sign(least)} or more"))
    if scheme.rate_bp is not None:
        for m in facts.measures:
            most = part_pence(m.cost_pence, scheme.rate_bp)
            if m.requested_pence > most:
                found.append(
                    Problem(f"requested for {m.ref}", with_sign(m.requested_pence), f"at most {with_sign(most)}")
                )
    if scheme.cap_pence is not None and asked > scheme.cap_pence - facts.cap_used_pence:
        left = max(0, scheme.cap_pence - facts.cap_used_pence)
        found.append(Problem("requested", with_sign(asked), f"at most {with_sign(left)}, what the cap leaves"))
    return found


def _e12(facts: BidFacts, _: Scheme, __: datetime) -> list[Problem]:
    return [Problem("has_ordered", "true", "nothing ordered before the offer")] if facts.has_ordered else []


def _e13(facts: BidFacts, _: Scheme, __: datetime) -> list[Problem]:
    if facts.n_live_bids == 0:
        return []
    says = f"the place has {facts.n_live_bids} other live bid(s) in this round"
    return [Problem("n_live_bids", str(facts.n_live_bids), "one live bid a place and round", says=says)]


def _e14(facts: BidFacts, scheme: Scheme, arrived: datetime) -> list[Problem]:
    months, last = scheme.repeat_after_months, facts.last_measures_on
    if months is None or last is None or facts.evidence_rung >= STRONGEST_RUNG:
        return []
    free = add_months(last, months)
    if civil_day(arrived) >= free:
        return []
    return [Problem("last_measures_on", last.isoformat(), f"a bid from {free} on, or the strongest evidence")]


def _e15(facts: BidFacts, _: Scheme, __: datetime) -> list[Problem]:
    return [
        Problem(
            f"requested and other grants for {m.ref}",
            with_sign(m.requested_pence + m.other_grants_pence),
            f"at most its cost, {with_sign(m.cost_pence)}",
        )
        for m in facts.measures
        if m.requested_pence + m.other_grants_pence > m.cost_pence
    ]


_FUNCTIONS: dict[str, tuple[tuple[str, ...], Callable[[BidFacts, Scheme, datetime], list[Problem]]]] = {
    "E01": (("opens", "closes"), _e01),
    "E02": (("nations",), _e02),
    "E03": (("place_kinds",), _e03),
    "E04": ((), _e04),
    "E05": (("charity",), _e05),
    "E06": ((), _e06),
    "E07": (("routes",), _e07),
    "E08": ((), _e08),
    "E09": ((), _e09),
    "E10": (("survey",), _e10),
    "E11": ((), _e11),
    "E12": ((), _e12),
    "E13": ((), _e13),
    "E14": (("repeat_after_months",), _e14),
    "E15": ((), _e15),
}
"""Rule, the fields of the scheme without which it says nothing, and its function."""


def facts_problems(facts: BidFacts) -> list[Problem]:
    """Faults of the facts themselves, before any rule looks at them: negative money, unknown words."""
    found = []
    if facts.charity_status not in CHARITY_STATUS:
        found.append(Problem("charity_status", facts.charity_status, "one of " + ", ".join(CHARITY_STATUS)))
    for m in facts.measures:
        for name, pence in (("cost_pence", m.cost_pence), ("requested_pence", m.requested_pence)):
            if pence <= 0:
                found.append(Problem(f"{name} of {m.ref}", str(pence), "more than 0"))
        if m.other_grants_pence < 0:
            found.append(Problem(f"other_grants_pence of {m.ref}", str(m.other_grants_pence), "0 or more"))
    refs = [m.ref for m in facts.measures]
    found += [Problem("line_ref", ref, "each line once") for ref in sorted({r for r in refs if refs.count(r) > 1})]
    if facts.cap_used_pence < 0:
        found.append(Problem("cap_used_pence", str(facts.cap_used_pence), "0 or more"))
    return found


def require_facts(facts: BidFacts) -> None:
    """`InputError` with every fault of the facts themselves."""
    found = facts_problems(facts)
    if found:
        raise InputError(found)
