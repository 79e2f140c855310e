"""A whole small round as events, for tests of states, guards and the ledger."""

from dataclasses import replace
from datetime import timedelta
from functools import lru_cache

from reassure.files.fund_demo import delivery_events, demo_round
from reassure.fund.allocation import allocate
from reassure.fund.bids import terms_of
from reassure.fund.decisions import Decided, Panel, bid_codes, bid_events, closing_events, confirm_events
from reassure.fund.events import Event
from reassure.fund.explanations import line_reasons
from reassure.fund.life import RoundLife
from reassure.fund.optimum import Model
from reassure.fund.progress import apply_event, replay

PANEL = Panel("officer-3", "officer-1", "chair-1", "minutes 1")


def after(life: RoundLife, events: list[Event]) -> RoundLife:
    for event in events:
        life = apply_event(life, event)
    return life


def decide(life: RoundLife, budget_pence: int) -> Decided:
    """The run of a frozen round and its codes."""
    bids = [b.scored() for b in life.bids.values() if b.state == "assessed"]
    terms = terms_of(life.scheme, budget_pence=budget_pence)
    run = allocate(bids, terms, life.seed)
    reasons = line_reasons(run, Model(run.bids, terms, life.seed))
    funded = {b.ref: tuple(x.ref for x in b.lines if (b.ref, x.ref) in run.decided.chosen) for b in run.bids}
    codes = {
        b.ref: bid_codes([r.codes for k, r in reasons.items() if k[0] == b.ref and not r.is_funded]) for b in run.bids
    }
    return Decided(
        "0" * 64, {k: v for k, v in funded.items() if v}, codes, run.decided.proven, True, run.decided.spent_pence, {}
    )


@lru_cache(maxsize=8)
def whole_round(regime: str = "B", n_bids: int = 24, seed: int = 1) -> tuple[RoundLife, tuple[Event, ...]]:
    """A window round from publication to its end: the last life and all its events."""
    demo = demo_round(regime, seed=seed, n_bids=n_bids)
    life, events = replay(demo.scheme, demo.events), list(demo.events)

    def take(more: list[Event]) -> None:
        nonlocal life
        life = after(life, more)
        events.extend(more)

    decided = decide(life, sum(p.free_pence for p in life.ledger.pots.values()))
    take(confirm_events("round", decided, PANEL, at=life.last_at + timedelta(days=1)))
    take(sorted(bid_events(life, decided, PANEL, at=life.last_at + timedelta(days=1)), key=lambda e: e.at))
    deliver = delivery_events(life, at=life.last_at, seed=seed)
    first = next(e.at for e in deliver if e.event == "accept")
    deliver.append(Event(first, "system", "system", "round", "begin"))
    take(sorted(deliver, key=lambda e: (e.at, e.subject == "round")))
    take(closing_events(life, PANEL, finance1="finance-1", at=life.last_at + timedelta(days=1)))
    return life, tuple(events)


def until(events: tuple[Event, ...], scheme, subject: str, event: str, nth: int = 1) -> tuple[RoundLife, Event]:
    """The round just before the nth such event of a subject ("bid:*" for any bid), and that event."""
    life, seen = None, 0
    from reassure.fund.life import new_round  # noqa: PLC0415

    life = new_round(scheme)
    for e in events:
        if e.event == event and (e.subject == subject or (subject == "bid:*" and e.machine == "bid")):
            seen += 1
            if seen == nth:
                return life, e
        life = apply_event(life, e)
    raise LookupError(f"no {event} of {subject}")


def changed(event: Event, **facts) -> Event:
    return replace(event, facts={**event.facts, **facts})
