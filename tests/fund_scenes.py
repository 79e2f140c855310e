"""For every event of the tables a round in which it is legal, and for every guard a change that breaks only it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache

from fund_rounds import PANEL, changed, decide, until, whole_round
from reassure.files.fund_demo import SEED, demo_round, demo_scheme, next_batch
from reassure.fund.decisions import confirm_events
from reassure.fund.events import Event
from reassure.fund.life import Assigned, RoundLife
from reassure.fund.progress import apply_event, replay
from reassure.fund.rolling import tranche_pence
from reassure.fund.states import MACHINES
from reassure.fund.windows import add_working_days, civil_day

Scene = tuple[RoundLife, Event]
WHY = {"reason": "because of the file of 3 March"}
DAY = timedelta(days=1)


def _window(subject: str, event: str, nth: int = 1) -> Scene:
    return until(whole_round()[1], demo_scheme("B"), subject, event, nth)


def _then(scene: Scene, *events: Event) -> RoundLife:
    life = apply_event(*scene)
    for event in events:
        life = apply_event(life, event)
    return life


def _of(life: RoundLife, actor: str, role: str, subject: str, event: str, facts=None, others=(), after=DAY) -> Scene:
    return life, Event(life.last_at + after, actor, role, subject, event, facts or {}, others)


OFFICERS = (("officer2", "officer-2"),)


@lru_cache(maxsize=1)
def scenes() -> dict[tuple[str, str], Scene]:
    """A legal pair of round and event for every event of every machine."""
    out: dict[tuple[str, str], Scene] = {}
    for event in ("publish", "begin", "close", "assess", "freeze", "run", "open_fairness", "confirm", "finish"):
        out["round", event] = _window("round", event)
    for event in (
        "draft",
        "submit",
        "screen",
        "ask",
        "answer",
        "overdue",
        "refuse",
        "admit",
        "assign",
        "declare",
        "score",
    ):
        out["bid", event] = _window("bid:*", event)
    for event in ("complete", "differ", "moderate", "recommend", "hold", "offer", "accept", "expire", "withdraw"):
        out["bid", event] = _window("bid:*", event)
    for event in ("start", "payee", "call_back", "claim", "certify", "approve", "pay", "evidence", "close"):
        out["bid", event] = _window("bid:*", event)
    out["round", "deliver"] = _window("round", "begin", 2)
    out |= _round_extras() | _bid_extras() | _batch_scenes()
    return out


def _round_extras() -> dict[tuple[str, str], Scene]:
    life, close = _window("round", "close")
    later = {"ends_at": life.ends_at + 7 * DAY, **WHY}
    out = {
        ("round", "extend"): (
            life,
            Event(close.at - DAY, "officer-1", "officer", "round", "extend", later, (("chair", "chair-1"),)),
        ),
        ("round", "cancel"): (
            life,
            Event(close.at - DAY, "chair-1", "chair", "round", "cancel", WHY, (("officer", "officer-1"),)),
        ),
    }
    life = _then(_window("round", "run"))
    out["round", "reopen"] = _of(life, "chair-1", "chair", "round", "reopen", WHY)
    life, offer = _window("bid:*", "offer")
    free = [b for b in life.bids.values() if b.state == "reserve"]
    one = free[0]
    line = min(one.lines, key=lambda x: x.requested_pence)
    facts = {
        "run_sha256": "1" * 64,
        "funded": {one.ref: (line.ref,)},
        "is_proven": True,
        "is_checked": True,
        "spent_pence": line.requested_pence,
    }
    life = _then((life, offer))
    out["round", "reserve"] = _of(life, "officer-3", "officer", "round", "run", facts)
    return out


def _bid_extras() -> dict[tuple[str, str], Scene]:
    out: dict[tuple[str, str], Scene] = {}
    life, complete = _window("bid:*", "complete")
    done = _then((life, complete))
    ref = complete.ref
    first = done.bids[ref].assigned[0].assessor
    out["bid", "void"] = _of(done, "officer-1", "officer", f"bid:{ref}", "void", {"assessor": first, **WHY})
    life, hold = _window("bid:*", "hold")
    out["bid", "pass_over"] = life, replace(hold, event="pass_over", facts={"codes": ("GAP_CLOSED",)})
    out["bid", "reject"] = _of(
        _then(out["bid", "pass_over"]), "officer-1", "officer", hold.subject, "reject", {"codes": ("BUDGET",)}
    )
    rejected = _then(out["bid", "reject"])
    author = rejected.bids[hold.ref].authors[0]
    out["bid", "appeal"] = _of(rejected, author, "trustee", hold.subject, "appeal", {"ground": "fact_wrong"})
    appealed = _then(out["bid", "appeal"])
    chair = (("chair", "chair-9"),)
    out["bid", "uphold"] = _of(appealed, "officer-9", "officer", hold.subject, "uphold", WHY, chair)
    out["bid", "dismiss"] = _of(appealed, "officer-9", "officer", hold.subject, "dismiss", WHY, chair)
    life, accept = _window("bid:*", "accept")
    out["bid", "decline"] = _of(life, accept.actor, "trustee", accept.subject, "decline")
    life, certify = _window("bid:*", "certify")
    award = life.ledger.awards[certify.ref]
    subject = certify.subject
    vary = {"awarded_pence": award.awarded_pence - 1, **WHY}
    out["bid", "vary"] = _of(life, "officer-1", "officer", subject, "vary", vary)
    out["bid", "cancel"] = _of(life, "officer-1", "officer", subject, "cancel", WHY)
    out["bid", "flag"] = _of(life, "officer-1", "officer", subject, "flag", {"kind": "quotes"})
    flagged = _then(out["bid", "flag"])
    out["bid", "resolve"] = _of(flagged, "officer-2", "officer", subject, "resolve", {"kind": "quotes", **WHY})
    out["bid", "suspend"] = _of(flagged, "officer-1", "officer", subject, "suspend", WHY, OFFICERS)
    away = _then(out["bid", "suspend"])
    others = (("officer2", "officer-5"),)
    out["bid", "resume"] = _of(away, "officer-4", "officer", subject, "resume", WHY, others)
    heard = civil_day(away.last_at) + 3 * DAY
    out["bid", "disqualify"] = _of(
        away, "chair-1", "chair", subject, "disqualify", {"heard_on": heard, **WHY}, after=21 * DAY
    )
    paid = _then(_window("bid:*", "pay"))
    ref = next(r for r, a in paid.ledger.awards.items() if a.paid_pence)
    out["bid", "recover"] = _of(paid, "finance-2", "finance2", f"bid:{ref}", "recover", {"amount_pence": 1, **WHY})
    life, close = _window("bid:*", "close")
    out["bid", "return"] = _of(life, "officer-1", "officer", close.subject, "return", WHY)
    return out


@lru_cache(maxsize=1)
def _batch_scenes() -> dict[tuple[str, str], Scene]:
    demo = demo_round("C", n_bids=16)
    life = replay(demo.scheme, demo.events)
    at = life.last_at + 15 * DAY
    pot = life.ledger.pots["main"]
    tranche = tranche_pence(pot.budget_pence - pot.holdback_pence, pot.committed_pence, starts_at=life.starts_at, at=at)
    collect, freeze = next_batch(life, tranche, at)
    out: dict[tuple[str, str], Scene] = {("batch", "collect"): (life, collect)}
    life = apply_event(life, collect)
    out["batch", "freeze"] = (life, freeze)
    life = apply_event(life, freeze)
    run, fair, confirm = confirm_events("batch:1", decide(replace(life, seed=SEED), tranche), PANEL, at=at + DAY)
    out["batch", "run"] = (life, run)
    life = apply_event(life, run)
    out["batch", "open_fairness"] = (life, fair)
    out["batch", "reopen"] = (life, Event(fair.at, "chair-1", "chair", "batch:1", "reopen", WHY))
    life = apply_event(life, fair)
    out["batch", "confirm"] = (life, confirm)
    return out


def _facts(**facts) -> Callable[[RoundLife, Event], Scene]:
    return lambda life, event: (life, changed(event, **facts))


def _bid(**changes) -> Callable[[RoundLife, Event], Scene]:
    """Change the bid in question; a value may be a function of the bid and the event."""

    def tamper(life: RoundLife, event: Event) -> Scene:
        bid = life.bids[event.ref]
        values = {k: v(bid, event) if callable(v) else v for k, v in changes.items()}
        return replace(life, bids={**life.bids, bid.ref: replace(bid, **values)}), event

    return tamper


def _at(delta: timedelta, of=lambda life, event: event.at) -> Callable[[RoundLife, Event], Scene]:
    return lambda life, event: (replace(life, last_at=None), replace(event, at=of(life, event) + delta))


def _run(**changes) -> Callable[[RoundLife, Event], Scene]:
    def tamper(life: RoundLife, event: Event) -> Scene:
        if event.machine == "batch":
            batch = life.batches[event.ref]
            run = replace(batch.run, **changes) if changes else None
            return replace(life, batches={**life.batches, event.ref: replace(batch, run=run)}), event
        return replace(life, run=replace(life.run, **changes) if changes else None), event

    return tamper


def _someone_in(state: str) -> Callable[[RoundLife, Event], Scene]:
    def tamper(life: RoundLife, event: Event) -> Scene:
        bid = next(b for b in life.bids.values() if b.ref != event.ref)
        return replace(life, bids={**life.bids, bid.ref: replace(bid, state=state)}), event

    return tamper


def _actor(who: Callable[[RoundLife, Event], str]) -> Callable[[RoundLife, Event], Scene]:
    return lambda life, event: (life, replace(event, actor=who(life, event)))


def _in_chain(part: str) -> Callable[[RoundLife, Event], Scene]:
    return _bid(chain=lambda bid, event: {**bid.chain, event.actor: part})


def _no_result(life: RoundLife, event: Event) -> Scene:
    return life, changed(event, results={k: v for k, v in event.facts["results"].items() if k != "E11"})


def _weak(life: RoundLife, event: Event) -> Scene:
    """One of the two assessments was voided without the bid being reopened."""
    bid = life.bids[event.ref]
    first, *rest = bid.assigned
    return replace(
        life, bids={**life.bids, bid.ref: replace(bid, assigned=(replace(first, is_void=True), *rest))}
    ), event


def _author_assessed(life: RoundLife, event: Event) -> Scene:
    bid = life.bids[event.ref]
    first, *rest = bid.assigned
    mine = replace(first, assessor=bid.authors[0])
    return replace(life, bids={**life.bids, bid.ref: replace(bid, assigned=(mine, *rest))}), event


def _same_scores(bid, _):
    one = next(a for a in bid.assigned if a.assessment)
    return tuple(
        replace(a, assessment=replace(one.assessment, assessor_ref=a.assessor)) if a.assessment else a
        for a in bid.assigned
    )


def _far_scores(bid, _):
    out = []
    for n, a in enumerate(bid.assigned):
        scores = dict.fromkeys(a.assessment.scores, 1 if n else 4) if a.assessment else {}
        out.append(replace(a, assessment=replace(a.assessment, scores=scores)) if a.assessment else a)
    return tuple(out)


def _overpaid(life: RoundLife, event: Event) -> Scene:
    ledger = life.ledger
    award = replace(ledger.awards[event.ref], certified_pence=ledger.awards[event.ref].certified_pence + 1)
    return replace(life, ledger=replace(ledger, awards={**ledger.awards, event.ref: award})), event


def _open_award(life: RoundLife, event: Event) -> Scene:
    ledger = life.ledger
    ref = next(r for r, a in ledger.awards.items() if a.committed_pence)
    award = replace(ledger.awards[ref], released_pence=ledger.awards[ref].released_pence - 1)
    return replace(life, ledger=replace(ledger, awards={**ledger.awards, ref: award})), event


def _has_award(life: RoundLife, event: Event) -> Scene:
    done = whole_round()[0]
    return replace(life, ledger=replace(life.ledger, awards=done.ledger.awards)), event


def _second_bid(life: RoundLife, event: Event) -> Scene:
    bid = life.bids[event.ref]
    twin = replace(bid, ref="twin", state="screening")
    return replace(life, bids={**life.bids, "twin": twin}), event


def _standing(life: RoundLife, event: Event) -> Scene:
    ref = next(r for r, a in life.ledger.awards.items() if a.committed_pence)
    bid = replace(life.bids[ref], state="reserve")
    line = bid.lines[0]
    facts = {"funded": {ref: (line.ref,)}, "spent_pence": line.requested_pence}
    return replace(life, bids={**life.bids, ref: bid}), changed(event, **facts)


def _assigned(n: int) -> Callable[..., tuple[Assigned, ...]]:
    return lambda bid, event: (*bid.assigned, *(Assigned(f"assessor-{90 + i}") for i in range(n)))


TAMPERS: dict[tuple[str, str, str], list[Callable[[RoundLife, Event], Scene]]] = {
    ("round", "publish", "terms_complete"): [
        lambda life, e: (replace(life, scheme=replace(life.scheme, rate_bp=None, unknown=("rate_bp",))), e)
    ],
    ("round", "publish", "languages"): [_facts(languages=("en",)), _facts(languages=("cy",))],
    ("round", "publish", "commitment"): [_facts(seed_sha256="f" * 63)],
    ("round", "begin", "has_begun"): [_at(-timedelta(microseconds=1), lambda life, e: life.starts_at)],
    ("round", "close", "has_ended"): [_at(-timedelta(microseconds=1), lambda life, e: life.ends_at)],
    ("round", "extend", "later_end"): [
        _at(timedelta(0), lambda life, e: life.ends_at),
        lambda life, e: (life, changed(e, ends_at=life.ends_at)),
    ],
    ("round", "extend", "reason"): [_facts(reason=" ")],
    ("round", "assess", "screened"): [_someone_in(s) for s in ("submitted", "screening", "info_requested")],
    ("round", "freeze", "assessed"): [_someone_in(s) for s in ("assessing", "moderation")],
    ("round", "freeze", "seed_matches"): [_facts(seed="another")],
    ("round", "run", "run_fits"): [
        lambda life, e: (life, changed(e, spent_pence=e.facts["spent_pence"] + 1)),
        lambda life, e: (life, changed(e, funded={**e.facts["funded"], "B9999": ("x",)})),
        lambda life, e: (
            replace(
                life,
                ledger=replace(
                    life.ledger,
                    pots={
                        "main": replace(
                            life.ledger.pots["main"], budget_pence=e.facts["spent_pence"] - 1, holdback_pence=0
                        )
                    },
                ),
            ),
            e,
        ),
        _someone_in("ineligible"),
    ],
    ("round", "reserve", "reserve_run"): [_facts(is_proven=False), _facts(is_checked=False), _standing],
    ("round", "open_fairness", "has_run"): [_run()],
    ("round", "confirm", "not_runner"): [lambda life, e: (replace(life, run=replace(life.run, made_by=e.actor)), e)],
    ("round", "confirm", "proven"): [_run(is_proven=False), _run(is_checked=False)],
    ("round", "confirm", "overrides_costed"): [_run(override_costs={"B1/L1": -1})],
    ("round", "confirm", "fairness_opened"): [_run(is_fairness_open=False)],
    ("round", "reopen", "reason"): [_facts(reason="")],
    ("round", "deliver", "first_acceptance"): [lambda life, e: (replace(life, transitions=()), e)],
    ("round", "finish", "all_final"): [_someone_in("reserve"), _someone_in("delivering")],
    ("round", "finish", "committed_is_paid"): [_open_award],
    ("round", "cancel", "no_award"): [_has_award],
    ("round", "cancel", "reason"): [_facts(reason="")],
    ("batch", "collect", "rolling_open"): [lambda life, e: (replace(life, state="shut"), e)],
    ("batch", "freeze", "seed_matches"): [_facts(seed="another")],
    ("batch", "freeze", "tranche"): [lambda life, e: (life, changed(e, tranche_pence=e.facts["tranche_pence"] + 1))],
    ("batch", "run", "run_fits"): [lambda life, e: (life, changed(e, spent_pence=e.facts["spent_pence"] - 1))],
    ("batch", "run", "within_tranche"): [
        lambda life, e: (
            replace(life, batches={"1": replace(life.batches["1"], tranche_pence=e.facts["spent_pence"] - 1)}),
            e,
        )
    ],
    ("batch", "open_fairness", "has_run"): [_run()],
    ("batch", "confirm", "not_runner"): [_run(made_by="chair-1")],
    ("batch", "confirm", "proven"): [_run(is_proven=False)],
    ("batch", "confirm", "overrides_costed"): [_run(override_costs={"B1/L1": -1})],
    ("batch", "confirm", "fairness_opened"): [_run(is_fairness_open=False)],
    ("batch", "reopen", "reason"): [_facts(reason="")],
    ("bid", "submit", "window_open"): [
        _at(timedelta(0), lambda life, e: life.ends_at),
        lambda life, e: (replace(life, state="shut"), e),
        lambda life, e: (life, changed(e, paper_stamped_at=life.ends_at)),
        lambda life, e: (replace(life, starts_at=e.at + DAY), e),
    ],
    ("bid", "submit", "complete"): [
        _facts(is_complete=False),
        _facts(is_declared=False),
        _facts(are_files_clean=False),
    ],
    ("bid", "submit", "amounts_fit"): [
        lambda life, e: (
            life,
            changed(e, measures=tuple(replace(x, requested_pence=x.requested_pence + 1) for x in e.facts["measures"])),
        ),
        lambda life, e: (
            life,
            changed(e, measures=tuple(replace(x, other_grants_pence=x.cost_pence) for x in e.facts["measures"])),
        ),
    ],
    ("bid", "submit", "one_live_bid"): [_second_bid],
    ("bid", "screen", "unlinked"): [_facts(ties=("C1",)), _actor(lambda life, e: life.bids[e.ref].authors[0])],
    ("bid", "ask", "questions"): [_facts(question_ids=())],
    ("bid", "ask", "due_date"): [
        lambda life, e: (life, changed(e, due_on=add_working_days(civil_day(e.at), 10) - DAY))
    ],
    ("bid", "answer", "only_asked"): [_facts(changed=("survey", "amount"))],
    ("bid", "answer", "same_authors"): [_actor(lambda life, e: "stranger")],
    ("bid", "overdue", "due_passed"): [_bid(due_on=lambda bid, e: civil_day(e.at))],
    ("bid", "refuse", "failed_rule"): [_facts(codes=()), _facts(codes=("E16",)), _facts(pending=("E07",))],
    ("bid", "admit", "rules_pass"): [
        _no_result,
        lambda life, e: (life, changed(e, results={**e.facts["results"], "E11": "fail"})),
    ],
    ("bid", "assign", "free_assessor"): [
        _facts(ties=("C2",)),
        lambda life, e: (life, changed(e, assessor=life.bids[e.ref].authors[1])),
        _bid(assigned=lambda bid, e: (*bid.assigned, Assigned(e.facts["assessor"], is_void=True))),
        _bid(assigned=_assigned(2)),
    ],
    ("bid", "declare", "assigned"): [_actor(lambda life, e: "assessor-99")],
    ("bid", "score", "declared"): [
        _bid(assigned=lambda bid, e: tuple(replace(a, is_declared=False) for a in bid.assigned)),
        _bid(assigned=lambda bid, e: tuple(replace(a, ties=("C1",)) for a in bid.assigned)),
        _actor(lambda life, e: "assessor-99"),
    ],
    ("bid", "score", "scores_sound"): [
        lambda life, e: (life, changed(e, scores={**e.facts["scores"], "gap": 6})),
        lambda life, e: (life, changed(e, reasons={})),
    ],
    ("bid", "score", "not_in_chain"): [_in_chain("author"), _in_chain("confirmer")],
    ("bid", "void", "void_known"): [_facts(assessor="nobody")],
    ("bid", "void", "reason"): [_facts(reason="")],
    ("bid", "complete", "two_assessments"): [_bid(assigned=lambda bid, e: bid.assigned[:1])],
    ("bid", "complete", "agree"): [_bid(assigned=_far_scores)],
    ("bid", "differ", "two_assessments"): [_bid(assigned=lambda bid, e: bid.assigned[:1])],
    ("bid", "differ", "disagree"): [_bid(assigned=_same_scores)],
    ("bid", "moderate", "third_assessment"): [_bid(assigned=lambda bid, e: bid.assigned[:2])],
    ("bid", "moderate", "not_assessor"): [_actor(lambda life, e: life.bids[e.ref].assigned[0].assessor)],
    ("bid", "moderate", "reason"): [_facts(reason="")],
    ("bid", "recommend", "decided"): [lambda life, e: (replace(life, state="allocating"), e)],
    ("bid", "recommend", "in_run"): [_run(funded={})],
    ("bid", "recommend", "not_in_chain"): [_in_chain("author"), _in_chain("assessor")],
    ("bid", "hold", "decided"): [lambda life, e: (replace(life, state="allocating"), e)],
    ("bid", "hold", "not_in_run"): [lambda life, e: (replace(life, run=replace(life.run, funded={e.ref: ("x",)})), e)],
    ("bid", "hold", "not_in_chain"): [_in_chain("assessor")],
    ("bid", "pass_over", "decided"): [lambda life, e: (replace(life, state="allocating"), e)],
    ("bid", "pass_over", "not_in_run"): [
        lambda life, e: (replace(life, run=replace(life.run, funded={e.ref: ("x",)})), e)
    ],
    ("bid", "pass_over", "codes"): [_facts(codes=()), _facts(codes=("UNLUCKY",))],
    ("bid", "pass_over", "not_in_chain"): [_in_chain("assessor")],
    ("bid", "offer", "decided"): [lambda life, e: (replace(life, state="allocating"), e)],
    ("bid", "offer", "in_run"): [_run(funded={})],
    ("bid", "offer", "clean_assessments"): [_weak, _author_assessed],
    ("bid", "offer", "offer_window"): [
        lambda life, e: (life, changed(e, expires_at=e.at + 28 * DAY - timedelta(seconds=1)))
    ],
    ("bid", "reject", "codes"): [_facts(codes=()), _facts(codes=("UNLUCKY",))],
    ("bid", "reject", "reserve_over"): [lambda life, e: _someone_in("offered")(*_bid(state="reserve")(life, e))],
    ("bid", "accept", "before_expiry"): [_at(timedelta(0), lambda life, e: life.bids[e.ref].expires_at)],
    ("bid", "accept", "same_authors"): [_actor(lambda life, e: "stranger")],
    ("bid", "expire", "after_expiry"): [_bid(expires_at=lambda bid, e: e.at + timedelta(microseconds=1))],
    ("bid", "start", "quotes_current"): [_facts(are_quotes_current=False)],
    ("bid", "start", "contribution_shown"): [_facts(is_contribution_shown=False)],
    ("bid", "call_back", "payee_known"): [_bid(payee="")],
    ("bid", "call_back", "second_person"): [_bid(payee_by=lambda bid, e: e.actor)],
    ("bid", "vary", "reason"): [_facts(reason="")],
    ("bid", "claim", "no_open_flag"): [_bid(open_flags=("price",))],
    ("bid", "certify", "not_in_chain"): [_in_chain("author"), _in_chain("approver")],
    ("bid", "certify", "no_open_flag"): [_bid(open_flags=("price",))],
    ("bid", "approve", "not_in_chain"): [_in_chain("certifier")],
    ("bid", "approve", "no_open_flag"): [_bid(open_flags=("price",))],
    ("bid", "pay", "not_in_chain"): [_in_chain("approver")],
    ("bid", "pay", "payee_clear"): [
        _bid(payee_at=lambda bid, e: e.at - timedelta(hours=48) + timedelta(microseconds=1)),
        _bid(called_back_by=""),
        _bid(called_back_by=lambda bid, e: e.actor),
        _bid(payee=""),
    ],
    ("bid", "pay", "no_open_flag"): [_bid(open_flags=("payee",))],
    ("bid", "recover", "reason"): [_facts(reason="")],
    ("bid", "evidence", "lines_evidenced"): [
        lambda life, e: (life, changed(e, lines=dict.fromkeys(e.facts["lines"], ("invoice", "photo")))),
        _facts(lines={}),
    ],
    ("bid", "return", "reason"): [_facts(reason="")],
    ("bid", "close", "paid_in_full"): [_overpaid],
    ("bid", "withdraw", "system_withdrawal"): [lambda life, e: (life, replace(e, role="system", actor="system"))],
    ("bid", "cancel", "reason"): [_facts(reason="")],
    ("bid", "flag", "flag_kind"): [_facts(kind="gut feeling")],
    ("bid", "resolve", "flag_open"): [_facts(kind="price")],
    ("bid", "resolve", "reason"): [_facts(reason="")],
    ("bid", "suspend", "has_flag"): [_bid(flags=())],
    ("bid", "suspend", "reason"): [_facts(reason="")],
    ("bid", "resume", "others_than_before"): [_actor(lambda life, e: "officer-1")],
    ("bid", "resume", "reason"): [_facts(reason="")],
    ("bid", "disqualify", "heard"): [
        _bid(suspended_on=lambda bid, e: civil_day(e.at) - 8 * DAY),
        lambda life, e: (life, changed(e, heard_on=civil_day(e.at) + DAY)),
    ],
    ("bid", "disqualify", "reason"): [_facts(reason="")],
    ("bid", "appeal", "in_appeal_time"): [lambda life, e: (life, replace(e, at=e.at + 40 * DAY)), _bid(letter_at=None)],
    ("bid", "appeal", "ground"): [_facts(ground="disagree")],
    ("bid", "uphold", "no_earlier_part"): [_actor(lambda life, e: "officer-1")],
    ("bid", "uphold", "reason"): [_facts(reason="")],
    ("bid", "dismiss", "no_earlier_part"): [_actor(lambda life, e: "officer-1")],
    ("bid", "dismiss", "reason"): [_facts(reason="")],
}
"""By machine, event and guard; events with two rows go by the names in `_NAMES`."""


_NAMES = {("run", "="): "reserve", ("begin", "delivering"): "deliver"}
"""Rows of the round that share their event with another."""


def guarded() -> list[tuple[str, str, str]]:
    """Every guard of every row, as TAMPERS names them."""
    out = []
    for machine, table in MACHINES.items():
        for change in table:
            name = _NAMES.get((change.event, change.to), change.event)
            out += [
                (machine, name, guard)
                for guard in change.guards
                if (machine, name, guard) != ("round", "reserve", "run_fits")
            ]
    return out
