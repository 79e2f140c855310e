"""The guards of rounds and batches: what must hold before an event may happen.

Rules: each guard says every reason why not, and nothing when it holds. Guards of bids are in `bid_guards`.
Elsewhere: which event needs which guard (`states`). Source: docs/rooms/fund.md.
"""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime

from reassure.errors import Problem
from reassure.fund.events import Event
from reassure.fund.life import RoundLife, RunFacts
from reassure.fund.rolling import tranche_pence
from reassure.fund.schemes import publish_problems, scheme_digest
from reassure.fund.states import FINAL
from reassure.money import with_sign

NOTICE_DAYS = 28
LANGUAGES = ("en", "cy")

Guard = Callable[[RoundLife, Event], list[Problem]]


def _terms_complete(life: RoundLife, event: Event) -> list[Problem]:
    found = publish_problems(life.scheme)
    said = event.facts.get("scheme_sha256")
    if said is not None and said != scheme_digest(life.scheme):
        found.append(Problem("scheme_sha256", str(said), f"{scheme_digest(life.scheme)}, the digest of these terms"))
    return found


def _languages(_: RoundLife, event: Event) -> list[Problem]:
    missing = [language for language in LANGUAGES if language not in event.facts["languages"]]
    return [Problem("languages", language, "", says=f"texts in {language} are missing") for language in missing]


def _commitment(_: RoundLife, event: Event) -> list[Problem]:
    digest = str(event.facts["seed_sha256"])
    return [] if len(digest) == 64 else [Problem("seed_sha256", digest, "64 hexadecimal digits")]


def _has_begun(life: RoundLife, event: Event) -> list[Problem]:
    if life.starts_at is not None and event.at >= life.starts_at:
        return []
    starts = life.starts_at.isoformat() if life.starts_at else "a day"
    return [Problem("at", event.at.isoformat(), f"{starts} or later")]


def _has_ended(life: RoundLife, event: Event) -> list[Problem]:
    if life.ends_at is not None:
        if event.at >= life.ends_at:
            return []
        return [Problem("at", event.at.isoformat(), f"{life.ends_at.isoformat()} or later")]
    notice = event.facts.get("notice_on")
    if notice is None or (event.at.date() - notice).days < NOTICE_DAYS:
        return [Problem("notice_on", str(notice or ""), f"{NOTICE_DAYS} days' notice")]
    return []


def _later_end(life: RoundLife, event: Event) -> list[Problem]:
    old, new = life.ends_at, event.facts["ends_at"]
    if old is None:
        return [Problem("ends_at", new.isoformat(), "", says="this round has no end to move")]
    found = []
    if event.at >= old:
        found.append(Problem("at", event.at.isoformat(), f"before the old end, {old.isoformat()}"))
    if new <= old:
        found.append(Problem("ends_at", new.isoformat(), f"later than {old.isoformat()}"))
    return found


def _reason(_: RoundLife, event: Event) -> list[Problem]:
    text = str(event.facts.get("reason", "")).strip()
    return [] if text else [Problem("reason", "", "a reason in words")]


def _none_in(life: RoundLife, states: tuple[str, ...]) -> list[Problem]:
    return [
        Problem("bid", bid.ref, "", says=f"bid {bid.ref} is still {bid.state}")
        for bid in life.bids.values()
        if bid.state in states
    ]


def _screened(life: RoundLife, _: Event) -> list[Problem]:
    return _none_in(life, ("submitted", "screening", "info_requested"))


def _assessed(life: RoundLife, _: Event) -> list[Problem]:
    return _none_in(life, ("assessing", "moderation"))


def _seed_matches(life: RoundLife, event: Event) -> list[Problem]:
    seed = str(event.facts["seed"])
    if hashlib.sha256(seed.encode()).hexdigest() == life.seed_sha256:
        return []
    return [Problem("seed", seed, "the seed whose SHA-256 was published before the round opened")]


def _run_fits(life: RoundLife, event: Event) -> list[Problem]:
    """Lines that exist, of bids that may compete; and, in a round, money that the pots have."""
    found = []
    allowed = ("assessed", "recommended", "reserve", "not_recommended")
    for ref, lines in event.facts["funded"].items():
        bid = life.bids.get(ref)
        if bid is None:
            found.append(Problem("funded", ref, "a bid of this round"))
            continue
        if bid.state not in allowed:
            found.append(Problem("funded", ref, "a bid that competes", says=f"bid {ref} is {bid.state}"))
        known = {line.ref for line in bid.lines}
        found += [Problem("funded", f"{ref}/{line}", "a line of the bid") for line in lines if line not in known]
    spent = sum(
        line.requested_pence
        for ref, lines in event.facts["funded"].items()
        if ref in life.bids
        for line in life.bids[ref].lines
        if line.ref in lines
    )
    if spent != event.facts["spent_pence"]:
        found.append(Problem("spent_pence", str(event.facts["spent_pence"]), f"{spent}, the sum of its lines"))
    free = sum(pot.free_pence for pot in life.ledger.pots.values())
    if spent > free:
        found.append(Problem("spent_pence", with_sign(spent), f"at most {with_sign(free)}, what the pots have left"))
    return found


def _reserve_run(life: RoundLife, event: Event) -> list[Problem]:
    """A run of the reserve must be proven and checked, and may only add bids that hold no award."""
    found = [
        Problem("funded", ref, "bids without an award: standing ones are never moved")
        for ref in event.facts["funded"]
        if ref in life.ledger.awards and life.ledger.awards[ref].committed_pence
    ]
    if not (event.facts["is_proven"] and event.facts["is_checked"]):
        found.append(Problem("is_proven", "", "", says="the run is not proven"))
    return found


def _current(life: RoundLife, event: Event) -> RunFacts | None:
    return life.batches[event.ref].run if event.machine == "batch" else life.run


def _has_run(life: RoundLife, event: Event) -> list[Problem]:
    return [] if _current(life, event) else [Problem("run", "", "a run first", says="no run was made")]


def _not_runner(life: RoundLife, event: Event) -> list[Problem]:
    run = _current(life, event)
    if run is not None and event.actor == run.made_by:
        return [Problem("actor", event.actor, "a chair who did not start the run")]
    return []


def _proven(life: RoundLife, event: Event) -> list[Problem]:
    run = _current(life, event)
    if run is None or not run.is_proven:
        return [Problem("run", "", "a proven run", says="the run is not proven")]
    return [] if run.is_checked else [Problem("run", "", "a clean run", says="the checker found faults")]


def _overrides_costed(life: RoundLife, event: Event) -> list[Problem]:
    run = _current(life, event)
    costs = run.override_costs if run is not None else {}
    return [Problem("overrides", key, "its cost before it is decided") for key, cost in costs.items() if cost < 0]


def _fairness_opened(life: RoundLife, event: Event) -> list[Problem]:
    run = _current(life, event)
    if run is not None and run.is_fairness_open:
        return []
    return [Problem("fairness", "", "the fairness report opened first", says="the fairness report was not opened")]


def _first_acceptance(life: RoundLife, _: Event) -> list[Problem]:
    if any(t.event == "accept" for t in life.transitions):
        return []
    return [Problem("bid", "", "a first acceptance", says="no offer was accepted yet")]


def _all_final(life: RoundLife, _: Event) -> list[Problem]:
    return _none_in(life, tuple({b.state for b in life.bids.values()} - set(FINAL)))


def _committed_is_paid(life: RoundLife, _: Event) -> list[Problem]:
    return [
        Problem(f"award of {ref}", with_sign(a.committed_pence), f"{with_sign(a.paid_net_pence)}, as paid net")
        for ref, a in life.ledger.awards.items()
        if a.committed_pence != a.paid_net_pence
    ]


def _no_award(life: RoundLife, _: Event) -> list[Problem]:
    return [
        Problem("award", ref, "no award", says=f"bid {ref} holds an award")
        for ref, a in life.ledger.awards.items()
        if a.committed_pence
    ]


def _rolling_open(life: RoundLife, _: Event) -> list[Problem]:
    found = []
    if life.scheme.intake != "rolling" or life.state != "open":
        found.append(Problem("round", life.state, "an open rolling round"))
    found += [
        Problem("batch", b.ref, "", says=f"batch {b.ref} is still {b.state}")
        for b in life.batches.values()
        if b.state != "decided"
    ]
    return found


def _tranche(life: RoundLife, event: Event) -> list[Problem]:
    budget = sum(pot.budget_pence - pot.holdback_pence for pot in life.ledger.pots.values())
    committed = sum(pot.committed_pence for pot in life.ledger.pots.values())
    starts = life.starts_at or datetime.max.replace(tzinfo=UTC)
    right = tranche_pence(budget, committed, starts_at=starts, at=event.at)
    said = event.facts["tranche_pence"]
    return [] if said == right else [Problem("tranche_pence", with_sign(said), f"{with_sign(right)} on this day")]


def _within_tranche(life: RoundLife, event: Event) -> list[Problem]:
    most, spent = life.batches[event.ref].tranche_pence, event.facts["spent_pence"]
    return (
        [] if spent <= most else [Problem("spent_pence", with_sign(spent), f"at most {with_sign(most)}, the tranche")]
    )


GUARDS: dict[str, Guard] = {
    "terms_complete": _terms_complete,
    "languages": _languages,
    "commitment": _commitment,
    "has_begun": _has_begun,
    "has_ended": _has_ended,
    "later_end": _later_end,
    "reason": _reason,
    "screened": _screened,
    "assessed": _assessed,
    "seed_matches": _seed_matches,
    "run_fits": _run_fits,
    "reserve_run": _reserve_run,
    "has_run": _has_run,
    "not_runner": _not_runner,
    "proven": _proven,
    "overrides_costed": _overrides_costed,
    "fairness_opened": _fairness_opened,
    "first_acceptance": _first_acceptance,
    "all_final": _all_final,
    "committed_is_paid": _committed_is_paid,
    "no_award": _no_award,
    "rolling_open": _rolling_open,
    "tranche": _tranche,
    "within_tranche": _within_tranche,
}
"""By the names that `states` uses."""
