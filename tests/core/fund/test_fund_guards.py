"""Every guard of every event: the event is legal, and each change that breaks one guard is refused by it."""

import pytest

from fund_scenes import TAMPERS, guarded, scenes
from reassure.errors import RuleError
from reassure.fund.awards import ledger_problems
from reassure.fund.bid_guards import guard_problems
from reassure.fund.progress import apply_event


@pytest.mark.parametrize("key", sorted(scenes()), ids="-".join)
def test_every_event_has_a_legal_case(key: tuple[str, str]) -> None:
    """In the right state, by the right people, with every guard held, the event is taken and the sums hold."""
    life, event = scenes()[key]
    after = apply_event(life, event)

    assert after.transitions[-1].event == event.event
    assert len(after.transitions) == len(life.transitions) + 1
    assert ledger_problems(after.ledger) == []


def test_every_guard_has_a_case() -> None:
    """No guard of the tables goes without a change that breaks it, and no change is for a guard that is gone."""
    assert set(TAMPERS) == set(guarded())


@pytest.mark.parametrize(("key", "n"), [(key, n) for key, cases in TAMPERS.items() for n in range(len(cases))])
def test_a_broken_guard_refuses(key: tuple[str, str, str], n: int) -> None:
    """An event that breaks one guard is refused with reasons, and the round is as before."""
    machine, name, guard = key
    life, event = TAMPERS[key][n](*scenes()[machine, name])
    bids = dict(life.bids)
    reasons = guard_problems(life, life.bids.get(event.ref), event, (guard,))

    with pytest.raises(RuleError) as caught:
        apply_event(life, event)
    assert reasons
    assert all(problem.text for problem in reasons)
    assert set(reasons) <= set(caught.value.problems)
    assert life.bids == bids
