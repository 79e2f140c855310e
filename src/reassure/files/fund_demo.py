"""Invented rounds of each regime as events, from publication to the freeze, and from the offers to the last penny.

Rules: everything is generated and says so; people are roles with numbers. Regime A asks for less than there is, B for
more, C is rolling with a backlog in batches. The events pass the same replay as anybody's.
Elsewhere: the bids themselves (`fund_demo_bids`), decisions after a run (`fund_decide`).
"""

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from reassure.files.fund_demo_bids import demo_bids
from reassure.files.schemes import preset
from reassure.fund.bids import ScoredBid
from reassure.fund.eligibility import RULES
from reassure.fund.events import Event
from reassure.fund.life import RoundLife
from reassure.fund.rolling import BATCH_DAYS
from reassure.fund.schemes import CRITERIA, Scheme, scheme_digest
from reassure.fund.windows import add_working_days, civil_day

SEED = "demo draw: generated"
REASON = "Invented reason for a demonstration: the survey and the file say so."
REGIMES = ("A", "B", "C")
SCORERS = 6


@dataclass(frozen=True, slots=True)
class DemoRound:
    """A regime's scheme, budget and events up to the freeze of its round, or of its first batch."""

    scheme: Scheme
    regime: str
    events: tuple[Event, ...]


def digest(text: str) -> str:
    """SHA-256 of a text, as the digests of events are written."""
    return hashlib.sha256(text.encode()).hexdigest()


def demo_scheme(regime: str) -> Scheme:
    """The terms of a demonstration: those of 2018 completed by us, or a rolling scheme."""
    return preset("2026-demo-rolling" if regime == "C" else "2018-demo")


def demo_round(regime: str, *, seed: int = 1, n_bids: int = 40) -> DemoRound:
    """
    An invented round.

    Parameters
    ----------
    n_bids
        About one in twelve is ineligible, one in twenty withdraws, one in twenty answers a question late.
    """
    scheme = demo_scheme(regime)
    bids = demo_bids(scheme, seed=seed, n_bids=n_bids, n_lines=2 * n_bids)
    asked = sum(line.requested_pence for bid in bids for line in bid.lines)
    budget = {"A": asked * 2, "B": asked // 3, "C": asked * 8}[regime]
    rng = random.Random(f"events|{regime}|{seed}|{n_bids}")
    events = list(_opening(scheme, budget))
    start = events[-1].at
    for n, bid in enumerate(bids):
        span = 50 if regime == "C" else 40
        arrived = start + timedelta(days=1 + n * span // n_bids, minutes=rng.randrange(600))
        events += _to_assessing(bid, arrived, rng, n)
        if not any(e.event in ("refuse", "withdraw") and e.ref == bid.ref for e in events[-6:]):
            events += _assessed(bid, arrived + timedelta(days=60), rng, scheme)
    events.sort(key=lambda e: e.at)
    if regime != "C":
        events = _with_close(events, scheme)
    return DemoRound(scheme, regime, tuple(events))


def _opening(scheme: Scheme, budget: int) -> Iterator[Event]:
    starts = scheme.starts_at
    assert starts is not None  # noqa: S101 - the demonstration's own terms name their start
    facts = {
        "seed_sha256": digest(SEED),
        "languages": ("en", "cy"),
        "scheme": scheme.code,
        "scheme_sha256": scheme_digest(scheme),
        "pots_pence": {"main": budget},
    }
    yield Event(
        starts - timedelta(days=30), "officer-1", "officer", "round", "publish", facts, (("officer2", "officer-2"),)
    )
    yield Event(starts, "system", "system", "round", "begin")


def _with_close(events: list[Event], scheme: Scheme) -> list[Event]:
    """The window's end, and the two steps of the officer around the assessments."""
    ends = scheme.ends_at
    assert ends is not None  # noqa: S101 - the demonstration's own terms name their end
    assessing = {"assign", "declare", "score", "complete", "differ", "moderate"}
    late = max([e.at for e in events if e.event not in assessing], default=ends)
    shift = max(late, ends) + timedelta(days=1)
    first = min((e.at for e in events if e.event in assessing), default=shift)
    moved = [replace(e, at=e.at + (shift - first) + timedelta(days=1)) if e.event in assessing else e for e in events]
    moved.append(Event(ends, "system", "system", "round", "close"))
    moved.append(Event(shift, "officer-1", "officer", "round", "assess"))
    moved.sort(key=lambda e: e.at)
    moved.append(Event(moved[-1].at + timedelta(days=1), "officer-1", "officer", "round", "freeze", {"seed": SEED}))
    return moved


def _to_assessing(bid: ScoredBid, at: datetime, rng: random.Random, n: int) -> Iterator[Event]:
    subject = f"bid:{bid.ref}"
    trustee, other = f"trustee-{n}-a", f"trustee-{n}-b"
    facts: dict[str, Any] = {"place_ref": bid.place_ref, "region": bid.region, "faith": bid.faith}
    if bid.region == "Wales" and n % 2:
        facts["locale"] = "cy"
    yield Event(at, trustee, "trustee", subject, "draft", facts)
    if n % 20 == 7:
        yield Event(at + timedelta(hours=1), trustee, "trustee", subject, "withdraw")
        return
    sent = {
        "version_sha256": digest(f"version 1 of {bid.ref}"),
        "is_complete": True,
        "is_declared": True,
        "are_files_clean": True,
        "gaps": dict(bid.gaps),
        "measures": bid.lines,
        "cap_used_pence": bid.cap_used_pence,
    }
    yield Event(at + timedelta(hours=2), trustee, "trustee", subject, "submit", sent, (("signatory", other),))
    yield Event(at + timedelta(days=1), "officer-1", "officer", subject, "screen")
    now = at + timedelta(days=2)
    if n % 10 == 3:
        due = add_working_days(civil_day(now), 10)
        yield Event(now, "officer-1", "officer", subject, "ask", {"question_ids": ("survey",), "due_on": due})
        if n % 20 == 3:
            now += timedelta(days=5)
            answer = {"version_sha256": digest(f"version 2 of {bid.ref}"), "changed": ("survey",)}
            yield Event(now, trustee, "trustee", subject, "answer", answer, (("signatory", other),))
        else:
            now += timedelta(days=(due - civil_day(now)).days + 2)
            yield Event(now, "system", "system", subject, "overdue")
    now += timedelta(days=1)
    if n % 12 == 5:
        codes = (rng.choice(("E05", "E09", "E11")),)
        refused = {"codes": codes, "pending": ()}
        yield Event(now, "officer-1", "officer", subject, "refuse", refused, (("officer2", "officer-2"),))
        return
    results = dict.fromkeys(RULES, "pass")
    yield Event(now, "officer-1", "officer", subject, "admit", {"results": results})


def _assessed(bid: ScoredBid, at: datetime, rng: random.Random, scheme: Scheme) -> Iterator[Event]:
    """Two assessments around the bid's invented score; a third where they differ too much."""
    who = rng.sample([f"assessor-{i}" for i in range(1, SCORERS + 1)], 3)
    around = bid.tenths / 200
    given = []
    for n, person in enumerate(who[:2]):
        scores = {code: min(5, max(0, round(rng.gauss(around, 0.7)))) for code, _ in CRITERIA}
        given.append(scores)
        yield from _one_assessment(bid, person, scores, at + timedelta(hours=n))
    weights = dict(scheme.criteria)
    totals = [sum(weights[c] * s for c, s in scores.items()) for scores in given]
    differ = abs(totals[0] - totals[1]) >= scheme.moderation_points or any(
        abs(given[0][c] - given[1][c]) >= scheme.moderation_criterion for c in weights
    )
    subject, later = f"bid:{bid.ref}", at + timedelta(hours=8)
    if not differ:
        yield Event(later, "system", "system", subject, "complete")
        return
    yield Event(later, "system", "system", subject, "differ")
    third = {code: round((given[0][code] + given[1][code]) / 2) for code in weights}
    yield from _one_assessment(bid, who[2], third, later + timedelta(hours=1))
    yield Event(later + timedelta(hours=9), "officer-2", "officer", subject, "moderate", {"reason": REASON})


def _one_assessment(bid: ScoredBid, person: str, scores: dict[str, int], at: datetime) -> Iterator[Event]:
    subject = f"bid:{bid.ref}"
    yield Event(at, "officer-1", "officer", subject, "assign", {"assessor": person})
    yield Event(at + timedelta(minutes=10), person, "assessor", subject, "declare", {"ties": ()})
    facts = {"scores": scores, "reasons": dict.fromkeys(scores, REASON)}
    yield Event(at + timedelta(minutes=50), person, "assessor", subject, "score", facts)


def next_batch(life: RoundLife, tranche: int, at: datetime) -> list[Event]:
    """The two events that open the next batch of a rolling round and freeze it 14 days later."""
    subject = f"batch:{len(life.batches) + 1}"
    facts = {"seed": SEED, "tranche_pence": tranche}
    return [
        Event(at - timedelta(days=BATCH_DAYS), "officer-1", "officer", subject, "collect"),
        Event(at, "officer-1", "officer", subject, "freeze", facts),
    ]


def delivery_events(life: RoundLife, *, at: datetime, seed: int = 1) -> list[Event]:
    """
    From the offers of a round to the last penny: most accept and deliver in three claims, some decline or let it lapse.
    """
    rng = random.Random(f"delivery|{seed}")
    events: list[Event] = []
    for bid in sorted(life.bids.values(), key=lambda b: b.ref):
        if bid.state == "offered":
            events += _one_delivery(life, bid.ref, at, rng)
    events.sort(key=lambda e: e.at)
    return events


def _one_delivery(life: RoundLife, ref: str, at: datetime, rng: random.Random) -> Iterator[Event]:
    bid, award = life.bids[ref], life.ledger.awards[ref]
    trustee, other = bid.authors
    subject, kind = f"bid:{ref}", rng.random()
    expires = bid.expires_at or at
    if kind < 0.08:
        yield Event(at + timedelta(days=1), trustee, "trustee", subject, "decline")
        return
    if kind < 0.14:
        yield Event(expires, "system", "system", subject, "expire")
        return
    now = at + timedelta(days=2, minutes=rng.randrange(600))
    pair = (("signatory", other),)
    yield Event(now, trustee, "trustee", subject, "accept", {"terms_sha256": digest(f"terms {ref}")}, pair)
    yield Event(now + timedelta(days=1), trustee, "trustee", subject, "payee", {"payee_sha256": digest(f"payee {ref}")})
    yield Event(now + timedelta(days=2), "officer-3", "officer", subject, "call_back")
    shown = {"are_quotes_current": True, "is_contribution_shown": True}
    yield Event(now + timedelta(days=3), "officer-1", "officer", subject, "start", shown)
    run = life.run_of(bid)
    lines = run.funded.get(ref, ()) if run is not None else ()
    cost = sum(line.cost_pence for line in bid.lines if line.ref in lines)
    final = max(3, cost * rng.choice((85, 93, 100, 100, 104)) // 100)
    paid = 0
    for n in (1, 2, 3):
        now += timedelta(days=20)
        spend, is_last = final * n // 3, n == 3
        facts: dict[str, Any] = {"spend_pence": spend} | ({"is_complete": True} if is_last else {})
        yield Event(now, trustee, "trustee", subject, "claim", facts)
        yield Event(now + timedelta(days=2), "certifier-1", "officer", subject, "certify", facts)
        due = min(award.awarded_pence, -(-spend * award.rate_bp // 10_000))
        if not is_last:
            due = min(due, award.awarded_pence - -(-award.awarded_pence * award.retention_bp // 10_000))
        if due > paid:
            yield Event(now + timedelta(days=3), "finance-1", "finance1", subject, "approve")
            yield Event(now + timedelta(days=4), "finance-2", "finance2", subject, "pay", {"amount_pence": due - paid})
            paid = due
    proof = {"lines": dict.fromkeys(lines, ("invoice", "photo", "note"))}
    yield Event(now + timedelta(days=5), trustee, "trustee", subject, "evidence", proof)
    together = (("finance1", "finance-1"), ("finance2", "finance-2"))
    yield Event(now + timedelta(days=6), "officer-1", "officer", subject, "close", {}, together)
