"""The guards of bids up to their score: what must hold before an event of a bid may happen.

Rules: each guard says every reason why not, and nothing when it holds. Among them are the rules behind the
invariants: variance to moderation (I6), one person one part (I7), no bid at or after the end (I16). Elsewhere: guards
from the decision on (`award_guards`), of rounds (`guards`).
Source: docs/rooms/fund.md.
"""

from reassure.errors import Problem
from reassure.fund.award_guards import AWARD_GUARDS, BidGuard, no
from reassure.fund.eligibility import RULES
from reassure.fund.events import Event
from reassure.fund.guards import GUARDS
from reassure.fund.life import BidLife, RoundLife
from reassure.fund.scoring import Assessment, assessment_problems, bid_score, differ_on
from reassure.fund.states import FINAL
from reassure.fund.windows import add_working_days, civil_day
from reassure.money import part_pence

ASK_WORKING_DAYS = 10
PART_OF: dict[str, str] = {
    "score": "assessor",
    "recommend": "confirmer",
    "hold": "confirmer",
    "pass_over": "confirmer",
    "certify": "certifier",
    "approve": "approver",
    "pay": "payer",
}
"""Which part of a bid's chain an event gives to its actor."""


def _window_open(life: RoundLife, _: BidLife, event: Event) -> list[Problem]:
    stamped = event.facts.get("paper_stamped_at")
    arrived = stamped or event.at
    found = []
    if life.ends_at is not None and arrived >= life.ends_at:
        found += [Problem("at", arrived.isoformat(), f"before {life.ends_at.isoformat()}, the end of the window")]
    if life.starts_at is not None and arrived < life.starts_at:
        found += [Problem("at", arrived.isoformat(), f"{life.starts_at.isoformat()} or later")]
    if life.state not in ("open", "shut") or (life.state == "shut" and stamped is None):
        found += no(f"the round is {life.state}", "an open round")
    return found


def _complete(_: RoundLife, __: BidLife, event: Event) -> list[Problem]:
    names = ("is_complete", "is_declared", "are_files_clean")
    return [Problem(name, "false", "true") for name in names if not event.facts[name]]


def _amounts_fit(life: RoundLife, _: BidLife, event: Event) -> list[Problem]:
    """I17: what a line asks for is within the fund's rate of its cost, and with other grants within the cost."""
    found = []
    for line in event.facts["measures"]:
        most = line.cost_pence - line.other_grants_pence
        if life.scheme.rate_bp is not None:
            most = min(most, part_pence(line.cost_pence, life.scheme.rate_bp))
        if not 0 < line.requested_pence <= most:
            asked = f"requested_pence of {line.ref}"
            found.append(Problem(asked, str(line.requested_pence), f"more than 0 and at most {most}"))
    return found


def _one_live_bid(life: RoundLife, bid: BidLife, _: Event) -> list[Problem]:
    others = [
        b.ref
        for b in life.bids.values()
        if b.place_ref == bid.place_ref and b.ref != bid.ref and b.state not in (*FINAL, "draft")
    ]
    return [Problem("place_ref", bid.place_ref, "", says=f"the place has bid {r} in this round") for r in others]


def _unlinked(_: RoundLife, bid: BidLife, event: Event) -> list[Problem]:
    found = [Problem("ties", tie, "an officer without a tie to the place") for tie in event.facts.get("ties", ())]
    if event.actor in bid.authors:
        found.append(Problem("actor", event.actor, "nobody who signed the bid"))
    return found


def _questions(_: RoundLife, __: BidLife, event: Event) -> list[Problem]:
    return [] if event.facts["question_ids"] else [Problem("question_ids", "", "one question or more")]


def _due_date(_: RoundLife, __: BidLife, event: Event) -> list[Problem]:
    first, due = add_working_days(civil_day(event.at), ASK_WORKING_DAYS), event.facts["due_on"]
    return [] if due >= first else [Problem("due_on", due.isoformat(), f"{first} or later: 10 working days")]


def _only_asked(_: RoundLife, bid: BidLife, event: Event) -> list[Problem]:
    return [Problem("changed", q, "only " + ", ".join(bid.asked)) for q in event.facts["changed"] if q not in bid.asked]


def _same_authors(_: RoundLife, bid: BidLife, event: Event) -> list[Problem]:
    people = {person for _, person in event.acting}
    strangers = sorted(people - set(bid.authors))
    return [Problem("with", person, "the two who signed the bid") for person in strangers]


def _due_passed(_: RoundLife, bid: BidLife, event: Event) -> list[Problem]:
    if bid.due_on is not None and civil_day(event.at) > bid.due_on:
        return []
    return [Problem("at", event.at.isoformat(), f"after {bid.due_on}")]


def _failed_rule(_: RoundLife, __: BidLife, event: Event) -> list[Problem]:
    codes, pending = event.facts["codes"], event.facts.get("pending", ())
    found = [Problem("codes", code, "E01 to E15") for code in codes if code not in RULES]
    if not codes:
        found.append(Problem("codes", "", "one failed rule or more"))
    found += [Problem("pending", rule, "no rule that is still open") for rule in pending]
    return found


def _rules_pass(_: RoundLife, __: BidLife, event: Event) -> list[Problem]:
    results = event.facts["results"]
    found = [
        Problem("results", "", f"a result for {rule}", says=f"{rule} was not looked at")
        for rule in RULES
        if rule not in results
    ]
    found += [
        Problem(rule, result, "pass, or unknown for this round")
        for rule, result in results.items()
        if rule not in RULES or result not in ("pass", "unknown")
    ]
    return found


def _assigned_to(bid: BidLife, person: str) -> int | None:
    return next((i for i, a in enumerate(bid.assigned) if a.assessor == person and not a.is_void), None)


def _free_assessor(_: RoundLife, bid: BidLife, event: Event) -> list[Problem]:
    person = event.facts["assessor"]
    found = [Problem("ties", tie, "an assessor without a tie") for tie in event.facts.get("ties", ())]
    if person in bid.authors or person in bid.chain or any(a.assessor == person for a in bid.assigned):
        found.append(Problem("assessor", person, "somebody without an earlier part in the bid"))
    active = [a for a in bid.assigned if not a.is_void and not a.ties]
    most = 3 if bid.state == "moderation" else 2
    if len(active) >= most:
        found += no(f"bid {bid.ref} has {len(active)} assessors", f"at most {most}")
    return found


def _assigned(_: RoundLife, bid: BidLife, event: Event) -> list[Problem]:
    if _assigned_to(bid, event.actor) is None:
        return [Problem("actor", event.actor, "an assessor of this bid")]
    return []


def _declared(_: RoundLife, bid: BidLife, event: Event) -> list[Problem]:
    index = _assigned_to(bid, event.actor)
    if index is None:
        return [Problem("actor", event.actor, "an assessor of this bid")]
    mine = bid.assigned[index]
    found = []
    if not mine.is_declared:
        found += no("the declaration of ties is missing", "a declaration before the bid opens")
    if mine.ties:
        found += [Problem("ties", tie, "no tie: this assessor is barred") for tie in mine.ties]
    if mine.assessment is not None:
        found += no(f"{event.actor} has submitted scores already", "one assessment a person")
    return found


def _scores_sound(_: RoundLife, bid: BidLife, event: Event) -> list[Problem]:
    return assessment_problems(Assessment(bid.ref, event.actor, event.facts["scores"], event.facts["reasons"]))


def _void_known(_: RoundLife, bid: BidLife, event: Event) -> list[Problem]:
    person = event.facts["assessor"]
    return [] if _assigned_to(bid, person) is not None else [Problem("assessor", person, "an assessor of this bid")]


def _two_assessments(_: RoundLife, bid: BidLife, __: Event) -> list[Problem]:
    n = len(bid.valid)
    return [] if n == 2 else no(f"{n} valid assessments", "two")


def _flagged(life: RoundLife, bid: BidLife) -> tuple[str, ...]:
    valid = [a.assessment for a in bid.valid if a.assessment is not None]
    return differ_on(valid[0], valid[1], life.scheme) if len(valid) >= 2 else ()


def _agree(life: RoundLife, bid: BidLife, _: Event) -> list[Problem]:
    flags = _flagged(life, bid)
    return no("the assessors differ on " + ", ".join(flags), "differ: a third assessor") if flags else []


def _disagree(life: RoundLife, bid: BidLife, _: Event) -> list[Problem]:
    return [] if _flagged(life, bid) else no("the assessors agree", "complete")


def _third_assessment(life: RoundLife, bid: BidLife, _: Event) -> list[Problem]:
    valid = [a.assessment for a in bid.valid if a.assessment is not None]
    if len(valid) != 3:
        return no(f"{len(valid)} valid assessments", "three")
    bid_score(valid, life.scheme)
    return []


def _not_assessor(_: RoundLife, bid: BidLife, event: Event) -> list[Problem]:
    if any(a.assessor == event.actor for a in bid.assigned):
        return [Problem("actor", event.actor, "an officer who did not assess this bid")]
    return []


def _not_in_chain(_: RoundLife, bid: BidLife, event: Event) -> list[Problem]:
    wanted = PART_OF[event.event]
    part = bid.chain.get(event.actor, wanted)
    if part == wanted:
        return []
    return [Problem("actor", event.actor, f"one person, one part: {event.actor} is {part} of bid {bid.ref}")]


BID_GUARDS: dict[str, BidGuard] = {
    **AWARD_GUARDS,
    "window_open": _window_open,
    "complete": _complete,
    "amounts_fit": _amounts_fit,
    "one_live_bid": _one_live_bid,
    "unlinked": _unlinked,
    "questions": _questions,
    "due_date": _due_date,
    "only_asked": _only_asked,
    "same_authors": _same_authors,
    "due_passed": _due_passed,
    "failed_rule": _failed_rule,
    "rules_pass": _rules_pass,
    "free_assessor": _free_assessor,
    "assigned": _assigned,
    "declared": _declared,
    "scores_sound": _scores_sound,
    "void_known": _void_known,
    "two_assessments": _two_assessments,
    "agree": _agree,
    "disagree": _disagree,
    "third_assessment": _third_assessment,
    "not_assessor": _not_assessor,
    "not_in_chain": _not_in_chain,
}
"""By the names that `states` uses."""


def guard_problems(life: RoundLife, bid: BidLife | None, event: Event, names: tuple[str, ...]) -> list[Problem]:
    """Every reason of every guard named, in their order."""
    found: list[Problem] = []
    for name in names:
        if bid is not None and name in BID_GUARDS:
            found += BID_GUARDS[name](life, bid, event)
        else:
            found += GUARDS[name](life, event)
    return found
