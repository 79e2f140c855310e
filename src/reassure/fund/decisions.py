"""From a run to decisions: the events that record a run, the panel's confirmation, and what becomes of each bid.

Rules: bids with a funded line are recommended; those that only the budget or the draw kept out are held in reserve;
all others are passed over with their codes. In a rolling round an unfunded bid waits for up to three batches.
Elsewhere: the run (`allocation`), reasons (`explanations`), what the events need (`guards`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from reassure.fund.bid_guards import guard_problems
from reassure.fund.events import Event
from reassure.fund.explanations import UNFUNDED_CODES
from reassure.fund.life import BidLife, RoundLife
from reassure.fund.rolling import MAX_BATCHES
from reassure.fund.states import FINAL

OFFER_SPAN = timedelta(days=28)
RESERVE_CODES = ("BUDGET", "TIE", "FLOOR")


@dataclass(frozen=True, slots=True)
class Decided:
    """
    What a run says of the bids of a round.

    Parameters
    ----------
    funded
        Lines by bid.
    codes
        Every code of the unfunded lines, by bid, the leading one first.
    """

    run_sha256: str
    funded: Mapping[str, tuple[str, ...]]
    codes: Mapping[str, tuple[str, ...]]
    is_proven: bool
    is_checked: bool
    spent_pence: int
    override_costs: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Panel:
    """Who acts: an officer who runs, one who offers, and a chair who confirms."""

    runner: str
    officer: str
    chair: str
    minutes_ref: str


def bid_codes(codes_by_line: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """
    The codes of a bid from those of its unfunded lines, each once, the leading one first.

    A bid of which any line was kept out by the budget or the draw alone is led by that: more money could fund it, so it
    belongs in the reserve. Else the codes stand in the order in which they lead.

    Examples
    --------
    >>> bid_codes([("CAP_PLACE",), ("BUDGET",)]), bid_codes([("GAP_CLOSED",), ("BELOW_THRESHOLD",)])
    (('BUDGET', 'CAP_PLACE'), ('BELOW_THRESHOLD', 'GAP_CLOSED'))
    """
    seen = {code for codes in codes_by_line for code in codes}
    ordered = [code for code in UNFUNDED_CODES if code in seen]
    leads = [codes[0] for codes in codes_by_line if codes[0] in RESERVE_CODES]
    if leads:
        lead = min(leads, key=UNFUNDED_CODES.index)
        ordered.remove(lead)
        ordered.insert(0, lead)
    return tuple(ordered)


def confirm_events(subject: str, decided: Decided, panel: Panel, *, at: datetime) -> list[Event]:
    """The run, the opening of the fairness report and the chair's confirmation, a minute apart."""
    facts: dict[str, Any] = {
        "run_sha256": decided.run_sha256,
        "funded": {ref: tuple(lines) for ref, lines in decided.funded.items()},
        "is_proven": decided.is_proven,
        "is_checked": decided.is_checked,
        "spent_pence": decided.spent_pence,
        "overrides": dict(decided.override_costs),
    }
    minute = timedelta(minutes=1)
    return [
        Event(at, panel.runner, "officer", subject, "run", facts),
        Event(at + minute, panel.chair, "chair", subject, "open_fairness"),
        Event(at + 2 * minute, panel.chair, "chair", subject, "confirm", {"minutes_ref": panel.minutes_ref}),
    ]


def bid_events(life: RoundLife, decided: Decided, panel: Panel, *, at: datetime) -> list[Event]:
    """What becomes of each assessed bid once the run is confirmed, by reference; offers run 28 days."""
    out: list[Event] = []
    for bid in sorted(life.bids.values(), key=lambda b: b.ref):
        if bid.state == "assessed":
            out += _one_bid(life, bid, decided, panel, at)
    return out


def _one_bid(life: RoundLife, bid: BidLife, decided: Decided, panel: Panel, at: datetime) -> list[Event]:
    subject, later = f"bid:{bid.ref}", at + timedelta(hours=1)
    if decided.funded.get(bid.ref):
        expires = {"expires_at": later + OFFER_SPAN}
        return [
            Event(at, panel.chair, "chair", subject, "recommend", {"codes": ()}),
            Event(later, panel.officer, "officer", subject, "offer", expires),
        ]
    codes = decided.codes.get(bid.ref, ("BUDGET",))
    is_rolling = life.scheme.intake == "rolling"
    if is_rolling and bid.n_batches < MAX_BATCHES:
        return []
    if codes[0] in RESERVE_CODES and not is_rolling:
        return [Event(at, panel.chair, "chair", subject, "hold", {"codes": codes})]
    return [
        Event(at, panel.chair, "chair", subject, "pass_over", {"codes": codes}),
        Event(later, panel.officer, "officer", subject, "reject", {"codes": codes}),
    ]


def closing_events(life: RoundLife, panel: Panel, *, finance1: str, at: datetime) -> list[Event]:
    """The last letters to the reserve, and the end of the round."""
    out = [
        Event(at, panel.officer, "officer", f"bid:{bid.ref}", "reject", {"codes": bid.codes or ("BUDGET",)})
        for bid in sorted(life.bids.values(), key=lambda b: b.ref)
        if bid.state == "reserve"
    ]
    end = Event(
        at + timedelta(hours=1),
        panel.officer,
        "officer",
        "round",
        "finish",
        {"statement": "Every bid is final and every penny is accounted for."},
        (("finance1", finance1),),
    )
    return [*out, end]


def open_business(life: RoundLife) -> list[str]:
    """Bids that are not final yet, in order; a round cannot finish before they are."""
    return sorted(bid.ref for bid in life.bids.values() if bid.state not in FINAL)


def may_begin_delivery(life: RoundLife, at: datetime) -> bool:
    """Whether the system may move a decided round to delivery."""
    event = Event(at, "system", "system", "round", "begin")
    return life.state == "decided" and not guard_problems(life, None, event, ("first_acceptance",))
