"""One event after another: the round that follows, or every reason why the event may not happen.

Rules: the order of looking (time, table, roles, guards, ledger); a refused event changes nothing. Replaying the events
of a round gives its state and names the first event that is illegal. Source: docs/rooms/fund.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from reassure.errors import Problem, RuleError
from reassure.fund.awards import ledger_problems
from reassure.fund.bid_guards import guard_problems
from reassure.fund.effects import batch_effect, bid_effect, round_effect, with_bid
from reassure.fund.events import Event
from reassure.fund.life import BatchLife, BidLife, RoundLife, Transition, new_round
from reassure.fund.schemes import Scheme
from reassure.fund.states import change_of, next_state, role_problems


def apply_event(life: RoundLife, event: Event) -> RoundLife:
    """
    The round after an event.

    Raises
    ------
    RuleError
        The event may not happen now; every reason, none of its effects.
    """
    if life.last_at is not None and event.at < life.last_at:
        raise RuleError([Problem("at", event.at.isoformat(), f"{life.last_at.isoformat()} or later: events in order")])
    before = life.state_of(event.machine, event.ref)
    change = change_of(event.machine, before, event.event)
    bid = _bid_for(life, event, before) if event.machine == "bid" else None
    found = role_problems(change, event.acting) + guard_problems(life, bid, event, change.guards)
    if found:
        raise RuleError(found)
    after = next_state(event.machine, before, event.event, former=bid.former if bid else "")
    if bid is not None:
        life = bid_effect(life, bid, event)
        life = with_bid(life, replace(life.bids[bid.ref], state=after))
    elif event.machine == "batch":
        life, batch = batch_effect(life, life.batches.get(event.ref, BatchLife(event.ref, "none")), event)
        life = replace(life, batches={**life.batches, event.ref: replace(batch, state=after)})
    else:
        life = replace(round_effect(life, event), state=after)
    entry = Transition(event.at, event.subject, event.event, before, after, event.acting)
    return replace(life, transitions=(*life.transitions, entry), last_at=event.at)


def _bid_for(life: RoundLife, event: Event, before: str) -> BidLife:
    if before != "none":
        return life.bids[event.ref]
    facts = event.facts
    return BidLife(
        ref=event.ref,
        place_ref=facts["place_ref"],
        region=facts.get("region", ""),
        faith=facts.get("faith", "unknown"),
        state="none",
        locale=facts.get("locale", "en"),
    )


def replay(scheme: Scheme, events: Iterable[Event], *, rows: Sequence[int] = (), file: str = "") -> RoundLife:
    """
    The round that a sequence of events leads to.

    Parameters
    ----------
    rows
        Line of each event in its file, for the message; counted from 1 when empty.

    Raises
    ------
    RuleError
        The first illegal event, with every reason; or the ledger does not add up at the end.
    """
    life = new_round(scheme)
    for n, event in enumerate(events):
        try:
            life = apply_event(life, event)
        except RuleError as error:
            row = rows[n] if rows else n + 1
            said = [
                replace(p, file=file, row=row, says=f"{event.event} of {event.subject} refused: {_said(p)}")
                for p in error.problems
            ]
            raise RuleError(said) from None
    if found := ledger_problems(life.ledger):
        raise RuleError([replace(p, file=file) for p in found])
    return life


def _said(problem: Problem) -> str:
    return problem.says or (f"{problem.column} is {problem.value}" if problem.value else f"{problem.column} is missing")
