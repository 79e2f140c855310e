"""The guards of bids from the decision on: offer, payee, payment, flags, suspension, appeal.

Rules: each guard says every reason why not, and nothing when it holds. Among them are the rules behind I5 (two
unconflicted assessments before an offer) and I13 (a code for every refusal). Elsewhere: guards up to the score
(`bid_guards`), of rounds (`guards`). Source: docs/rooms/fund.md.
"""

from collections.abc import Callable
from datetime import date, timedelta

from reassure.errors import Problem
from reassure.fund.events import Event
from reassure.fund.explanations import UNFUNDED_CODES
from reassure.fund.life import BidLife, RoundLife
from reassure.fund.windows import add_working_days, civil_day

OFFER_DAYS = 28
APPEAL_WORKING_DAYS = 20
HEARING_WORKING_DAYS = 10
HOLD = timedelta(hours=48)
"""New payee details are paid no sooner than this after they came."""
GROUNDS = ("fact_wrong", "evidence_overlooked", "conflict", "rule_misapplied")
FLAG_KINDS = ("duplicate", "quotes", "shared_contact", "price", "payee", "conflict", "other")

BidGuard = Callable[[RoundLife, BidLife, Event], list[Problem]]


def no(says: str, expected: str = "") -> list[Problem]:
    """One reason in words."""
    return [Problem("", "", expected, says=says)]


def _decided(life: RoundLife, bid: BidLife, _: Event) -> list[Problem]:
    if life.scheme.intake == "rolling":
        if life.run_of(bid) is not None:
            return []
        return no("no batch was decided", "a decided batch")
    return [] if life.state in ("decided", "delivering") else no(f"the round is {life.state}", "a decided round")


def _funded_lines(life: RoundLife, bid: BidLife) -> tuple[str, ...]:
    run = life.run_of(bid)
    return run.funded.get(bid.ref, ()) if run is not None else ()


def _in_run(life: RoundLife, bid: BidLife, _: Event) -> list[Problem]:
    if _funded_lines(life, bid) or bid.is_appeal_upheld:
        return []
    return no(f"bid {bid.ref} has no line in the run", "a funded line")


def _not_in_run(life: RoundLife, bid: BidLife, _: Event) -> list[Problem]:
    lines = _funded_lines(life, bid)
    return no(f"bid {bid.ref} has lines in the run: {', '.join(lines)}", "recommend") if lines else []


def _codes(_: RoundLife, __: BidLife, event: Event) -> list[Problem]:
    codes = event.facts["codes"]
    if not codes:
        return [Problem("codes", "", "one code or more")]
    return [Problem("codes", c, "a code of docs/rooms/fund.md") for c in codes if c not in UNFUNDED_CODES]


def _reserve_over(life: RoundLife, bid: BidLife, _: Event) -> list[Problem]:
    if bid.state != "reserve":
        return []
    waiting = [b.ref for b in life.bids.values() if b.state in ("recommended", "offered", "accepted", "delivering")]
    return [Problem("bid", ref, "the reserve waits for every award", says=f"bid {ref} is not final") for ref in waiting]


def _clean_assessments(_: RoundLife, bid: BidLife, __: Event) -> list[Problem]:
    """I5: two or more submitted, unconflicted assessments by different people, none of them an author."""
    people = {a.assessor for a in bid.valid} - set(bid.authors)
    return [] if len(people) >= 2 else no(f"{len(people)} clean assessments", "two or more, by different people")


def _offer_window(_: RoundLife, __: BidLife, event: Event) -> list[Problem]:
    expires = event.facts["expires_at"]
    least = event.at + timedelta(days=OFFER_DAYS)
    return [] if expires >= least else [Problem("expires_at", expires.isoformat(), f"{least.isoformat()} or later")]


def _before_expiry(_: RoundLife, bid: BidLife, event: Event) -> list[Problem]:
    if bid.expires_at is not None and event.at < bid.expires_at:
        return []
    return [Problem("at", event.at.isoformat(), f"before {bid.expires_at}")]


def _after_expiry(_: RoundLife, bid: BidLife, event: Event) -> list[Problem]:
    if bid.expires_at is not None and event.at >= bid.expires_at:
        return []
    return [Problem("at", event.at.isoformat(), f"{bid.expires_at} or later")]


def _quotes_current(_: RoundLife, __: BidLife, event: Event) -> list[Problem]:
    return [] if event.facts["are_quotes_current"] else no("the quotes are old", "current quotes or a work order")


def _contribution_shown(_: RoundLife, __: BidLife, event: Event) -> list[Problem]:
    return [] if event.facts["is_contribution_shown"] else no("the place's part is not shown", "proof of its part")


def _payee_known(_: RoundLife, bid: BidLife, __: Event) -> list[Problem]:
    return [] if bid.payee else no("no payee was given", "payee details first")


def _second_person(_: RoundLife, bid: BidLife, event: Event) -> list[Problem]:
    return [Problem("actor", event.actor, "a second person calls back")] if event.actor == bid.payee_by else []


def _payee_clear(_: RoundLife, bid: BidLife, event: Event) -> list[Problem]:
    found = []
    if not bid.payee or bid.payee_at is None:
        return no("no payee was given", "payee details first")
    if event.at < bid.payee_at + HOLD:
        found.append(Problem("at", event.at.isoformat(), f"{(bid.payee_at + HOLD).isoformat()} or later: 48 hours"))
    if not bid.called_back_by:
        found += no("nobody called back to confirm the payee", "a call back by a second person")
    if bid.called_back_by == event.actor:
        found.append(Problem("actor", event.actor, "somebody who did not call back"))
    return found


def _no_open_flag(_: RoundLife, bid: BidLife, __: Event) -> list[Problem]:
    return [Problem("flag", f, "a person to resolve it first", says=f"flag {f} is open") for f in bid.open_flags]


def _lines_evidenced(life: RoundLife, bid: BidLife, event: Event) -> list[Problem]:
    found = []
    for line in _funded_lines(life, bid):
        given = event.facts["lines"].get(line, ())
        found += [
            Problem(f"evidence of {line}", "", what, says=f"line {line} has no {what}")
            for what in ("invoice", "photo", "note")
            if what not in given
        ]
    return found


def _paid_in_full(life: RoundLife, bid: BidLife, _: Event) -> list[Problem]:
    award = life.ledger.awards[bid.ref]
    found = []
    if not award.is_complete:
        found += no("the last claim is not certified as complete", "a complete claim")
    if award.certified_pence != award.paid_net_pence:
        found.append(Problem("certified_pence", str(award.certified_pence), f"{award.paid_net_pence}, as paid net"))
    return found


def _system_withdrawal(life: RoundLife, bid: BidLife, event: Event) -> list[Problem]:
    if event.role != "system":
        return []
    if (bid.state == "draft" and life.state not in ("draft", "published", "open")) or life.state == "cancelled":
        return []
    return no("the system withdraws unsent drafts after the close, and bids of a cancelled round", "a trustee")


def _flag_kind(_: RoundLife, __: BidLife, event: Event) -> list[Problem]:
    kind = event.facts["kind"]
    return [] if kind in FLAG_KINDS else [Problem("kind", kind, "one of " + ", ".join(FLAG_KINDS))]


def _flag_open(_: RoundLife, bid: BidLife, event: Event) -> list[Problem]:
    kind = event.facts["kind"]
    return [] if kind in bid.open_flags else [Problem("kind", kind, "a flag that is open")]


def _has_flag(_: RoundLife, bid: BidLife, __: Event) -> list[Problem]:
    return [] if bid.flags else no("the bid has no flag", "a flag first")


def _others_than_before(_: RoundLife, bid: BidLife, event: Event) -> list[Problem]:
    same = sorted({person for _, person in event.acting} & set(bid.suspended_by))
    return [Problem("with", person, "two others than those who suspended") for person in same]


def _heard(_: RoundLife, bid: BidLife, event: Event) -> list[Problem]:
    heard: date = event.facts["heard_on"]
    first = add_working_days(bid.suspended_on or heard, HEARING_WORKING_DAYS)
    found = []
    if civil_day(event.at) < first:
        found.append(Problem("at", event.at.isoformat(), f"{first} or later: 10 working days to answer"))
    if heard > civil_day(event.at) or (bid.suspended_on is not None and heard < bid.suspended_on):
        found.append(Problem("heard_on", heard.isoformat(), "a day between suspension and decision"))
    return found


def _in_appeal_time(_: RoundLife, bid: BidLife, event: Event) -> list[Problem]:
    if bid.letter_at is None:
        return no("no letter was sent", "an appeal against a letter")
    last = add_working_days(civil_day(bid.letter_at), APPEAL_WORKING_DAYS)
    return [] if civil_day(event.at) <= last else [Problem("at", event.at.isoformat(), f"{last} or earlier")]


def _ground(_: RoundLife, __: BidLife, event: Event) -> list[Problem]:
    ground = event.facts["ground"]
    return [] if ground in GROUNDS else [Problem("ground", ground, "one of " + ", ".join(GROUNDS))]


def _no_earlier_part(_: RoundLife, bid: BidLife, event: Event) -> list[Problem]:
    officers = [person for role, person in event.acting if role == "officer" and person in bid.people]
    return [Problem("with", person, "an officer without an earlier part in the bid") for person in officers]


AWARD_GUARDS: dict[str, BidGuard] = {
    "decided": _decided,
    "in_run": _in_run,
    "not_in_run": _not_in_run,
    "codes": _codes,
    "reserve_over": _reserve_over,
    "clean_assessments": _clean_assessments,
    "offer_window": _offer_window,
    "before_expiry": _before_expiry,
    "after_expiry": _after_expiry,
    "quotes_current": _quotes_current,
    "contribution_shown": _contribution_shown,
    "payee_known": _payee_known,
    "second_person": _second_person,
    "payee_clear": _payee_clear,
    "no_open_flag": _no_open_flag,
    "lines_evidenced": _lines_evidenced,
    "paid_in_full": _paid_in_full,
    "system_withdrawal": _system_withdrawal,
    "flag_kind": _flag_kind,
    "flag_open": _flag_open,
    "has_flag": _has_flag,
    "others_than_before": _others_than_before,
    "heard": _heard,
    "in_appeal_time": _in_appeal_time,
    "ground": _ground,
    "no_earlier_part": _no_earlier_part,
}
"""By the names that `states` uses."""
