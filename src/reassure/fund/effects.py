"""What an event changes in a round besides the state: assessments, scores, the ledger, clocks, the chain.

Rules: an effect is applied only after the table, the roles and the guards said yes; the ledger may still refuse (pot,
cap, minimum, sums). Elsewhere: `life` for the values, `progress` for the order of it all.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from reassure.errors import Problem, RuleError
from reassure.fund.awards import Award, Pot, approve, certify, claim, make_award, pay, recover, release, vary
from reassure.fund.bid_guards import PART_OF
from reassure.fund.events import Event
from reassure.fund.life import Assigned, BatchLife, BidLife, RoundLife, RunFacts
from reassure.fund.rolling import MAX_BATCHES
from reassure.fund.scoring import Assessment, bid_score
from reassure.money import part_pence


def with_bid(life: RoundLife, bid: BidLife) -> RoundLife:
    """The round with one bid replaced."""
    return replace(life, bids={**life.bids, bid.ref: bid})


def _publish(life: RoundLife, event: Event) -> RoundLife:
    money = event.facts.get("pots_pence") or life.scheme.money_pence or {}
    held = event.facts.get("holdback_bp", life.scheme.holdback_bp)
    pots = {name: Pot(pence, 0, part_pence(pence, held)) for name, pence in money.items()}
    return replace(life, seed_sha256=event.facts["seed_sha256"], ledger=replace(life.ledger, pots=pots))


def _run(event: Event) -> RunFacts:
    facts = event.facts
    return RunFacts(
        run_sha256=facts["run_sha256"],
        funded={ref: tuple(lines) for ref, lines in facts["funded"].items() if lines},
        is_proven=facts["is_proven"],
        is_checked=facts["is_checked"],
        spent_pence=facts["spent_pence"],
        override_costs=dict(facts.get("overrides", {})),
        made_by=event.actor,
    )


def round_effect(life: RoundLife, event: Event) -> RoundLife:
    """The round after one of its own events, its state not yet changed."""
    match event.event:
        case "publish":
            return _publish(life, event)
        case "extend":
            return replace(life, ends_at=event.facts["ends_at"])
        case "freeze":
            return replace(life, seed=event.facts["seed"])
        case "run" if life.state == "allocating":
            return replace(life, run=_run(event))
        case "run":
            return replace(life, reserve_run=_run(event))
        case "open_fairness" if life.run is not None:
            return replace(life, run=replace(life.run, is_fairness_open=True))
        case "reopen":
            return replace(life, run=None, seed="")
    return life


def batch_effect(life: RoundLife, batch: BatchLife, event: Event) -> tuple[RoundLife, BatchLife]:
    """Round and batch after an event of a batch, the state not yet changed."""
    match event.event:
        case "freeze":
            return life, replace(batch, seed=event.facts["seed"], tranche_pence=event.facts["tranche_pence"])
        case "run":
            return life, replace(batch, run=_run(event))
        case "open_fairness" if batch.run is not None:
            return life, replace(batch, run=replace(batch.run, is_fairness_open=True))
        case "confirm":
            bids = {
                ref: replace(bid, n_batches=bid.n_batches + 1) if bid.state == "assessed" else bid
                for ref, bid in life.bids.items()
            }
            return replace(life, bids=bids), batch
        case "reopen":
            return life, replace(batch, run=None, seed="")
    return life, batch


def may_wait(bid: BidLife) -> bool:
    """Whether an unfunded bid of a rolling round may compete once more."""
    return bid.n_batches < MAX_BATCHES


def bid_effect(life: RoundLife, bid: BidLife, event: Event) -> RoundLife:
    """
    The round after an event of a bid, the bid's state not yet changed.

    Raises
    ------
    RuleError
        The ledger refuses.
    """
    people = {person for role, person in event.acting if role not in ("trustee", "signatory", "system", "supplier")}
    bid = replace(bid, people=bid.people | people)
    if event.event in PART_OF:
        bid = replace(bid, chain={**bid.chain, event.actor: PART_OF[event.event]})
    if event.event in _MONEY:
        return _MONEY[event.event](with_bid(life, bid), bid, event)
    if event.event in _BID:
        bid = _BID[event.event](life, bid, event)
    return with_bid(life, bid)


def _submit(_: RoundLife, bid: BidLife, event: Event) -> BidLife:
    facts = event.facts
    authors = tuple(person for _, person in event.acting)
    return replace(
        bid,
        authors=authors,
        versions=(*bid.versions, facts["version_sha256"]),
        submitted_at=facts.get("paper_stamped_at") or event.at,
        gaps=tuple(facts["gaps"].items()),
        lines=tuple(facts["measures"]),
        cap_used_pence=facts.get("cap_used_pence", 0),
        chain={**bid.chain, **dict.fromkeys(authors, "author")},
    )


def _set_assigned(bid: BidLife, person: str, **changes: Any) -> BidLife:
    return replace(
        bid,
        assigned=tuple(replace(a, **changes) if a.assessor == person and not a.is_void else a for a in bid.assigned),
    )


def _score(_: RoundLife, bid: BidLife, event: Event) -> BidLife:
    assessment = Assessment(bid.ref, event.actor, dict(event.facts["scores"]), dict(event.facts["reasons"]))
    return _set_assigned(bid, event.actor, assessment=assessment)


def _void(_: RoundLife, bid: BidLife, event: Event) -> BidLife:
    person = event.facts["assessor"]
    chain = {who: part for who, part in bid.chain.items() if who != person}
    return replace(_set_assigned(bid, person, is_void=True), score=None, chain=chain)


def _settle(life: RoundLife, bid: BidLife, _: Event) -> BidLife:
    return replace(bid, score=bid_score([a.assessment for a in bid.valid if a.assessment], life.scheme))


def _letter(_: RoundLife, bid: BidLife, event: Event) -> BidLife:
    return replace(bid, codes=tuple(event.facts.get("codes", ())) or bid.codes, letter_at=event.at)


def _codes(_: RoundLife, bid: BidLife, event: Event) -> BidLife:
    return replace(bid, codes=tuple(event.facts.get("codes", ())))


def _payee(_: RoundLife, bid: BidLife, event: Event) -> BidLife:
    return replace(bid, payee=event.facts["payee_sha256"], payee_at=event.at, payee_by=event.actor, called_back_by="")


def _flag(_: RoundLife, bid: BidLife, event: Event) -> BidLife:
    kind = event.facts["kind"]
    still_open = bid.open_flags if kind in bid.open_flags else (*bid.open_flags, kind)
    return replace(bid, flags=(*bid.flags, kind), open_flags=still_open)


def _resolve(_: RoundLife, bid: BidLife, event: Event) -> BidLife:
    return replace(bid, open_flags=tuple(f for f in bid.open_flags if f != event.facts["kind"]))


def _suspend(_: RoundLife, bid: BidLife, event: Event) -> BidLife:
    people = tuple(person for _, person in event.acting)
    return replace(bid, former=bid.state, suspended_by=people, suspended_on=event.at.date())


def _uphold(_: RoundLife, bid: BidLife, __: Event) -> BidLife:
    voided = tuple(replace(a, is_void=True) for a in bid.assigned)
    return replace(bid, assigned=voided, score=None, codes=(), is_appeal_upheld=True)


_BID: dict[str, Callable[[RoundLife, BidLife, Event], BidLife]] = {
    "submit": _submit,
    "ask": lambda _, bid, e: replace(bid, asked=tuple(e.facts["question_ids"]), due_on=e.facts["due_on"]),
    "answer": lambda _, bid, e: replace(bid, versions=(*bid.versions, e.facts["version_sha256"]), asked=()),
    "refuse": _letter,
    "assign": lambda _, bid, e: replace(bid, assigned=(*bid.assigned, Assigned(e.facts["assessor"]))),
    "declare": lambda _, bid, e: _set_assigned(bid, e.actor, is_declared=True, ties=tuple(e.facts.get("ties", ()))),
    "score": _score,
    "void": _void,
    "complete": _settle,
    "moderate": _settle,
    "recommend": _codes,
    "hold": _codes,
    "pass_over": _codes,
    "reject": _letter,
    "payee": _payee,
    "call_back": lambda _, bid, e: replace(bid, called_back_by=e.actor),
    "flag": _flag,
    "resolve": _resolve,
    "suspend": _suspend,
    "uphold": _uphold,
}


def _offer(life: RoundLife, bid: BidLife, event: Event) -> RoundLife:
    run = life.run_of(bid)
    lines = run.funded.get(bid.ref, ()) if run is not None else ()
    if not lines and bid.is_appeal_upheld:
        lines = tuple(line.ref for line in bid.lines)
    amount = sum(line.requested_pence for line in bid.lines if line.ref in lines)
    scheme = life.scheme
    award = Award(
        bid_ref=bid.ref,
        pot=_pot_of(life, bid),
        place_ref=bid.place_ref,
        requested_pence=sum(line.requested_pence for line in bid.lines),
        awarded_pence=amount,
        min_award_pence=scheme.min_award_pence or 0,
        rate_bp=scheme.rate_bp or 0,
        retention_bp=scheme.retention_bp,
        is_from_holdback=bool(event.facts.get("from_holdback")) and bid.is_appeal_upheld,
    )
    cap = None if scheme.cap_pence is None else scheme.cap_pence - bid.cap_used_pence
    ledger = make_award(life.ledger, award, cap_pence=cap)
    expires: datetime = event.facts["expires_at"]
    return with_bid(replace(life, ledger=ledger), replace(bid, expires_at=expires, letter_at=event.at))


def _pot_of(life: RoundLife, bid: BidLife) -> str:
    """The pot that bears the bid's faith as its name, else the first: real rounds had one pot, or one by faith."""
    names = list(life.ledger.pots)
    if not names:
        raise RuleError([Problem("pot", "", "a pot", says="the round has no pot")])
    return bid.faith if bid.faith in names else next((n for n in names if n in ("main", "others")), names[0])


def _freed(life: RoundLife, bid: BidLife, _: Event) -> RoundLife:
    if bid.ref not in life.ledger.awards:
        return life
    return replace(life, ledger=release(life.ledger, bid.ref))


def _claim(life: RoundLife, bid: BidLife, event: Event) -> RoundLife:
    facts = event.facts
    ledger = claim(life.ledger, bid.ref, spend_pence=facts["spend_pence"], is_complete=bool(facts.get("is_complete")))
    return replace(life, ledger=ledger)


def _certify(life: RoundLife, bid: BidLife, event: Event) -> RoundLife:
    facts = event.facts
    ledger = certify(life.ledger, bid.ref, spend_pence=facts["spend_pence"], is_complete=bool(facts.get("is_complete")))
    return replace(life, ledger=ledger)


def _recover(life: RoundLife, bid: BidLife, event: Event) -> RoundLife:
    ledger = recover(life.ledger, bid.ref, amount_pence=event.facts["amount_pence"])
    if bid.state in ("cancelled", "disqualified"):
        ledger = release(ledger, bid.ref)
    return replace(life, ledger=ledger)


_MONEY: dict[str, Callable[[RoundLife, BidLife, Event], RoundLife]] = {
    "offer": _offer,
    "decline": _freed,
    "expire": _freed,
    "cancel": _freed,
    "disqualify": _freed,
    "close": _freed,
    "claim": _claim,
    "certify": _certify,
    "approve": lambda life, bid, _: replace(life, ledger=approve(life.ledger, bid.ref)),
    "pay": lambda life, bid, e: replace(life, ledger=pay(life.ledger, bid.ref, amount_pence=e.facts["amount_pence"])),
    "recover": _recover,
    "vary": lambda life, bid, e: replace(
        life, ledger=vary(life.ledger, bid.ref, awarded_pence=e.facts["awarded_pence"])
    ),
}
