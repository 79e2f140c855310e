"""States: the tables, walks through them, and the page that is made from them."""

import random
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from pathlib import Path

import pytest

from fund_rounds import until, whole_round
from fund_scenes import scenes
from reassure.errors import RuleError
from reassure.files.fund_demo import demo_scheme
from reassure.fund.awards import ledger_problems
from reassure.fund.bid_guards import BID_GUARDS
from reassure.fund.events import FACTS
from reassure.fund.guards import GUARDS
from reassure.fund.life import new_round
from reassure.fund.progress import apply_event, replay
from reassure.fund.states import (
    BID,
    FINAL,
    MACHINES,
    ROLES,
    change_of,
    changes_from,
    next_state,
    role_problems,
    states_of,
    states_page,
)

ROOT = Path(__file__).resolve().parents[3]


def test_the_tables_are_closed() -> None:
    """Every state is reached and left or final, every guard and every event's facts exist, every role is known."""
    for machine, table in MACHINES.items():
        reached = {c.to for c in table} | {"draft", "none"}
        for change in table:
            assert set(change.guards) <= GUARDS.keys() | BID_GUARDS.keys()
            assert change.event in FACTS[machine]
            assert {r for who in change.who for r in who.split("|")} <= set(ROLES)
            assert all(s in reached or change.to == "=" for s in change.sources)
        assert {c.event for c in table} == set(FACTS[machine])
    for state in FINAL:
        left = {c.event for c in changes_from("bid", state)}
        assert left <= {"appeal", "recover"}, state


def test_no_state_has_two_rows_for_one_event() -> None:
    """What an event leads to never depends on the order of the table."""
    for machine, table in MACHINES.items():
        for state in states_of(machine):
            events = [c.event for c in table if state in c.sources]
            assert len(events) == len(set(events)), (machine, state)


@pytest.mark.parametrize(
    ("state", "event", "to"),
    [
        ("draft", "submit", "submitted"),
        ("screening", "admit", "assessing"),
        ("assessing", "differ", "moderation"),
        ("moderation", "moderate", "assessed"),
        ("assessed", "hold", "reserve"),
        ("reserve", "offer", "offered"),
        ("offered", "expire", "lapsed"),
        ("evidenced", "return", "delivering"),
        ("rejected", "appeal", "appealed"),
        ("appealed", "uphold", "assessing"),
    ],
)
def test_rows_of_the_specification(state: str, event: str, to: str) -> None:
    """Rows of the specification's table lead where it says."""
    assert next_state("bid", state, event) == to


def test_resume_goes_back() -> None:
    """A suspended bid goes back to the state it was in."""
    assert next_state("bid", "suspended", "resume", former="delivering") == "delivering"


def test_an_illegal_event_says_what_may_happen() -> None:
    """Whoever tries what the table does not allow is told what it allows."""
    with pytest.raises(RuleError, match=r"pay may not happen to a bid that is draft; expected submit, withdraw"):
        change_of("bid", "draft", "pay")


def test_roles_act_together_and_differ() -> None:
    """Two officers are two people; a role too few or too many is refused."""
    change = change_of("bid", "screening", "refuse")

    assert role_problems(change, [("officer", "a"), ("officer2", "b")]) == []
    assert "different people" in role_problems(change, [("officer", "a"), ("officer2", "a")])[0].text
    assert role_problems(change, [("officer", "a")])
    assert role_problems(change, [("officer", "a"), ("officer2", "b"), ("chair", "c")])
    assert role_problems(change, [("trustee", "a"), ("officer2", "b")])


def test_no_service_takes_an_event_that_its_state_does_not_allow() -> None:
    """Every pair of bid state and event that the table lacks is refused, whatever the facts (I11)."""
    refused = 0
    for (machine, name), (life, event) in scenes().items():
        if machine != "bid" or name == "draft":
            continue
        allowed = {s for c in BID if c.event == name for s in c.sources}
        for state in set(states_of("bid")) - allowed:
            bid = replace(life.bids[event.ref], state=state)
            with pytest.raises(RuleError, match="may not happen"):
                apply_event(replace(life, bids={**life.bids, event.ref: bid}), event)
            refused += 1
    assert refused > 700


def test_random_walks_keep_every_promise() -> None:
    """Events in any order: what is taken keeps sums, chain and assessments right; what is refused changes nothing."""
    _, events = whole_round("B", n_bids=12, seed=3)
    taken = 0
    for seed in range(30):
        rng = random.Random(seed)
        life = new_round(demo_scheme("B"))
        pool = list(events)
        for _ in range(rng.randint(2, 40)):  # a few events lost, doubled or swapped
            i, j = rng.randrange(len(pool)), rng.randrange(len(pool))
            how = rng.random()
            if how < 0.4:
                pool.pop(i)
            elif how < 0.7:
                pool.insert(j, pool[i])
            else:
                pool[i], pool[j] = pool[j], pool[i]
        for event in pool:
            moved = replace(event, at=max(event.at, life.last_at or event.at))
            before = life
            try:
                life = apply_event(life, moved)
                taken += 1
            except RuleError:
                assert life is before
        assert ledger_problems(life.ledger) == []
        assert len(life.transitions) == len({id(t) for t in life.transitions})
        for bid in life.bids.values():
            if bid.ref in life.ledger.awards:
                clean = {a.assessor for a in bid.valid} - set(bid.authors)
                assert len(clean) >= 2
            parts = {}
            for t in life.transitions:
                if t.subject == f"bid:{bid.ref}" and t.event in (
                    "submit",
                    "score",
                    "recommend",
                    "certify",
                    "approve",
                    "pay",
                ):
                    for _, person in t.acting:
                        parts.setdefault(person, set()).add("author" if t.event == "submit" else t.event)
            assert all(len(p) == 1 for p in parts.values()), bid.ref
    assert taken > 2000


def test_one_person_one_part_in_every_order() -> None:
    """Whoever holds any part of a bid's chain is refused every other, in all pairs."""
    events = {
        "assessor": "score",
        "confirmer": "recommend",
        "certifier": "certify",
        "approver": "approve",
        "payer": "pay",
    }
    for has, wants in permutations(("author", *events), 2):
        if wants == "author":
            continue
        life, event = scenes()["bid", events[wants]]
        bid = life.bids[event.ref]
        held = replace(bid, chain={**bid.chain, event.actor: has})
        with pytest.raises(RuleError, match="one person, one part"):
            apply_event(replace(life, bids={**life.bids, bid.ref: held}), event)


def test_a_part_is_kept_when_it_is_played() -> None:
    """After the event its actor holds the part."""
    for name, part in (
        ("score", "assessor"),
        ("recommend", "confirmer"),
        ("certify", "certifier"),
        ("approve", "approver"),
        ("pay", "payer"),
    ):
        life, event = scenes()["bid", name]
        assert apply_event(life, event).bids[event.ref].chain[event.actor] == part
    life, event = scenes()["bid", "submit"]
    chain = apply_event(life, event).bids[event.ref].chain
    assert {chain[p] for _, p in event.acting} == {"author"}


def test_replay_names_the_first_illegal_event() -> None:
    """A history with one event missing is refused at the first event that no longer follows, by its row."""
    _, events = whole_round()
    index = next(i for i, e in enumerate(events) if e.event == "screen")
    broken = events[:index] + events[index + 1 :]
    first = next(i for i, e in enumerate(broken) if i >= index and e.subject == events[index].subject)

    with pytest.raises(RuleError) as caught:
        replay(demo_scheme("B"), broken, file="x.jsonl")
    assert caught.value.problems[0].row == first + 1
    assert "refused" in str(caught.value)


def test_events_must_come_in_order() -> None:
    """An event earlier than the last one is refused: the clock of the service never runs back."""
    life, event = until(whole_round()[1], demo_scheme("B"), "bid:*", "screen")

    with pytest.raises(RuleError, match="events in order"):
        apply_event(life, replace(event, at=life.last_at - timedelta(microseconds=1)))


def test_a_submitted_version_is_only_added_to() -> None:
    """An answer adds a version; the first stays as it was (I8)."""
    life, event = scenes()["bid", "answer"]
    before, after = life.bids[event.ref].versions, apply_event(life, event).bids[event.ref].versions

    assert after[: len(before)] == before
    assert len(after) == len(before) + 1


def test_voiding_reopens_a_bid_and_frees_a_place_for_another() -> None:
    """A conflict found later takes the assessment out, the score with it, and somebody new can be assigned."""
    life, event = scenes()["bid", "void"]
    after = apply_event(life, event)
    bid = after.bids[event.ref]

    assert (bid.state, bid.score, len(bid.valid)) == ("assessing", None, len(life.bids[event.ref].valid) - 1)
    assign = scenes()["bid", "assign"][1]
    fresh = replace(assign, at=after.last_at, subject=event.subject, facts={"assessor": "assessor-77"})
    assert apply_event(after, fresh).bids[event.ref].assigned[-1].assessor == "assessor-77"
    again = replace(fresh, facts={"assessor": event.facts["assessor"]})
    with pytest.raises(RuleError, match="earlier part"):
        apply_event(after, again)


def test_an_upheld_appeal_is_paid_from_the_holdback() -> None:
    """After an upheld appeal the bid is assessed anew and paid from the holdback; nobody else's award moves."""
    life, event = scenes()["bid", "uphold"]
    done, _ = whole_round()
    life = apply_event(replace(life, ledger=done.ledger), event)
    bid = life.bids[event.ref]
    valid = tuple(replace(a, is_void=False) for a in done.bids[event.ref].assigned)
    small = replace(bid.lines[0], requested_pence=110_000, cost_pence=137_500)
    bid = replace(bid, state="recommended", assigned=valid, lines=(small,))
    life = replace(life, bids={**life.bids, bid.ref: bid})
    at = life.last_at
    offer = replace(
        scenes()["bid", "offer"][1],
        subject=event.subject,
        at=at,
        facts={"expires_at": at + timedelta(days=28), "from_holdback": True},
    )
    after = apply_event(life, offer)

    assert after.ledger.awards[bid.ref].is_from_holdback
    assert after.ledger.pots["main"].holdback_used_pence == 110_000
    assert {r: a for r, a in after.ledger.awards.items() if r != bid.ref} == life.ledger.awards


def test_the_page_of_states_is_in_step() -> None:
    """docs/rooms/fund-states.md is what the tables make; `make fund-states` writes it."""
    assert (ROOT / "docs" / "rooms" / "fund-states.md").read_text("utf-8") == states_page()
