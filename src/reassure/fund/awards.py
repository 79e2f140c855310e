"""The ledger: pots, caps and awards as one value, changed only by functions that keep every sum right.

Rules (I1 to I4 of the specification): committed money never exceeds a pot, nor a place's awards its cap; paid net <=
certified <= claimed <= awarded <= requested; an award is 0 or at least the minimum. Amounts are pence, all
cumulative. Elsewhere: what is due (`payments`), who may do what (`guards`). Source: docs/rooms/fund.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from reassure.errors import Problem, RuleError
from reassure.fund.payments import due_pence
from reassure.money import with_sign


@dataclass(frozen=True, slots=True)
class Pot:
    """
    Money of a round for one purpose.

    Parameters
    ----------
    committed_pence
        Sum of what awards may still cost or have cost, without what was released.
    holdback_pence
        Kept for appeals that are upheld; part of `budget_pence`. `holdback_used_pence` is part of `committed_pence`.
    """

    budget_pence: int
    committed_pence: int = 0
    holdback_pence: int = 0
    holdback_used_pence: int = 0

    @property
    def free_pence(self) -> int:
        """What an ordinary award may still take."""
        held = self.holdback_pence - self.holdback_used_pence
        return self.budget_pence - self.committed_pence - held


@dataclass(frozen=True, slots=True)
class CapUse:
    """What a place has had in a cap's period, and the cap; None for none."""

    cap_pence: int | None
    used_pence: int = 0


@dataclass(frozen=True, slots=True)
class Award:
    """
    What a bid was offered and what became of it.

    Parameters
    ----------
    claimed_pence, certified_pence, approved_pence, paid_pence
        The fund's part, cumulative. `recovered_pence` came back; paid net is the difference.
    spend_pence, certified_spend_pence
        What the place spent in all, as claimed and as certified.
    released_pence
        Given back to the pot.
    """

    bid_ref: str
    pot: str
    place_ref: str
    requested_pence: int
    awarded_pence: int
    min_award_pence: int
    rate_bp: int
    retention_bp: int
    spend_pence: int = 0
    claimed_pence: int = 0
    certified_spend_pence: int = 0
    certified_pence: int = 0
    approved_pence: int = 0
    paid_pence: int = 0
    recovered_pence: int = 0
    released_pence: int = 0
    is_complete: bool = False
    is_from_holdback: bool = False

    @property
    def paid_net_pence(self) -> int:
        """Paid without what came back."""
        return self.paid_pence - self.recovered_pence

    @property
    def committed_pence(self) -> int:
        """What of the pot this award still holds."""
        return self.awarded_pence - self.released_pence


@dataclass(frozen=True, slots=True)
class Ledger:
    """All money of a round: pots by name, cap use by place, awards by bid."""

    pots: Mapping[str, Pot] = field(default_factory=dict)
    caps: Mapping[str, CapUse] = field(default_factory=dict)
    awards: Mapping[str, Award] = field(default_factory=dict)


def _refused(column: str, pence: int, expected: str) -> RuleError:
    return RuleError([Problem(column, with_sign(pence), expected)])


def make_award(ledger: Ledger, award: Award, *, cap_pence: int | None) -> Ledger:
    """
    Offer an award: the pot and the place's cap are charged with it.

    Raises
    ------
    RuleError
        It is less than the minimum, more than requested, more than the pot or the cap leaves; all reasons at once.
    """
    pot, use = ledger.pots[award.pot], ledger.caps.get(award.place_ref, CapUse(cap_pence))
    found = []
    amount = award.awarded_pence
    if award.bid_ref in ledger.awards and ledger.awards[award.bid_ref].committed_pence:
        found.append(Problem("bid_ref", award.bid_ref, "one award a bid"))
    if amount < max(1, award.min_award_pence):
        found.append(Problem("awarded", with_sign(amount), f"{with_sign(max(1, award.min_award_pence))} or more"))
    if amount > award.requested_pence:
        found.append(Problem("awarded", with_sign(amount), f"at most {with_sign(award.requested_pence)}, as requested"))
    free = pot.holdback_pence - pot.holdback_used_pence if award.is_from_holdback else pot.free_pence
    if amount > free:
        found.append(Problem("awarded", with_sign(amount), f"at most {with_sign(free)}, what pot {award.pot} has left"))
    if use.cap_pence is not None and use.used_pence + amount > use.cap_pence:
        left = use.cap_pence - use.used_pence
        found.append(Problem("awarded", with_sign(amount), f"at most {with_sign(left)}, what the place's cap leaves"))
    if found:
        raise RuleError(found)
    held = pot.holdback_used_pence + (amount if award.is_from_holdback else 0)
    return Ledger(
        {
            **ledger.pots,
            award.pot: replace(pot, committed_pence=pot.committed_pence + amount, holdback_used_pence=held),
        },
        {**ledger.caps, award.place_ref: replace(use, used_pence=use.used_pence + amount)},
        {**ledger.awards, award.bid_ref: award},
    )


def release(ledger: Ledger, bid_ref: str) -> Ledger:
    """Give back to pot and cap what an award holds beyond what was certified or, if more, paid net."""
    award = ledger.awards[bid_ref]
    kept = max(award.certified_pence, award.paid_net_pence)
    freed = award.awarded_pence - award.released_pence - kept
    pot, use = ledger.pots[award.pot], ledger.caps[award.place_ref]
    held = pot.holdback_used_pence - (freed if award.is_from_holdback else 0)
    return Ledger(
        {
            **ledger.pots,
            award.pot: replace(pot, committed_pence=pot.committed_pence - freed, holdback_used_pence=held),
        },
        {**ledger.caps, award.place_ref: replace(use, used_pence=use.used_pence - freed)},
        {**ledger.awards, bid_ref: replace(award, released_pence=award.released_pence + freed)},
    )


def claim(ledger: Ledger, bid_ref: str, *, spend_pence: int, is_complete: bool) -> Ledger:
    """
    Record what a place says it has spent in all; the fund's part is capped at the award.

    Raises
    ------
    RuleError
        The spend is not more than what was claimed before, unless this claim completes the work.
    """
    award = ledger.awards[bid_ref]
    if spend_pence < award.spend_pence or (spend_pence == award.spend_pence and not is_complete):
        raise _refused("spend_pence", spend_pence, f"more than {with_sign(award.spend_pence)}, claimed before")
    claimed = due_pence(award.committed_pence, spend_pence, rate_bp=award.rate_bp, retention_bp=0, is_complete=True)
    return _with(ledger, replace(award, spend_pence=spend_pence, claimed_pence=claimed))


def certify(ledger: Ledger, bid_ref: str, *, spend_pence: int, is_complete: bool) -> Ledger:
    """
    Accept a cumulative spend, at most what was claimed; before completion the retention is held back.

    A lower figure than before is allowed: it may leave more paid than is due, and a recovery.
    """
    award = ledger.awards[bid_ref]
    if spend_pence > award.spend_pence:
        raise _refused("spend_pence", spend_pence, f"at most {with_sign(award.spend_pence)}, as claimed")
    due = due_pence(
        award.committed_pence,
        spend_pence,
        rate_bp=award.rate_bp,
        retention_bp=award.retention_bp,
        is_complete=is_complete,
    )
    if due < award.paid_net_pence:
        raise _refused(
            "spend_pence",
            spend_pence,
            f"a recovery of {with_sign(award.paid_net_pence - due)} first, or a higher figure",
        )
    return _with(
        ledger,
        replace(
            award,
            certified_spend_pence=spend_pence,
            certified_pence=due,
            approved_pence=min(award.approved_pence, due),
            is_complete=is_complete,
        ),
    )


def approve(ledger: Ledger, bid_ref: str) -> Ledger:
    """Approve for payment all that is certified."""
    award = ledger.awards[bid_ref]
    if award.certified_pence <= award.approved_pence:
        raise _refused("approved", award.certified_pence, f"more than {with_sign(award.approved_pence)} certified")
    return _with(ledger, replace(award, approved_pence=award.certified_pence))


def pay(ledger: Ledger, bid_ref: str, *, amount_pence: int) -> Ledger:
    """Pay an amount; what is paid net never exceeds what is approved."""
    award = ledger.awards[bid_ref]
    left = award.approved_pence - award.paid_net_pence
    if not 0 < amount_pence <= left:
        raise _refused("amount_pence", amount_pence, f"more than £0 and at most {with_sign(left)}, approved and unpaid")
    return _with(ledger, replace(award, paid_pence=award.paid_pence + amount_pence))


def recover(ledger: Ledger, bid_ref: str, *, amount_pence: int) -> Ledger:
    """Record money that came back: at most what was paid net; what is approved falls with it."""
    award = ledger.awards[bid_ref]
    if not 0 < amount_pence <= award.paid_net_pence:
        raise _refused(
            "amount_pence", amount_pence, f"more than £0 and at most {with_sign(award.paid_net_pence)}, paid net"
        )
    left = award.paid_net_pence - amount_pence
    return _with(
        ledger,
        replace(
            award, recovered_pence=award.recovered_pence + amount_pence, approved_pence=min(award.approved_pence, left)
        ),
    )


def vary(ledger: Ledger, bid_ref: str, *, awarded_pence: int) -> Ledger:
    """Change an award to the same or a lower total; the difference goes back to pot and cap."""
    award = ledger.awards[bid_ref]
    if award.released_pence:
        raise _refused("awarded_pence", awarded_pence, "an award of which nothing was given back")
    least = max(award.min_award_pence, award.claimed_pence)
    if not least <= awarded_pence <= award.awarded_pence:
        raise _refused(
            "awarded_pence", awarded_pence, f"{with_sign(least)} to {with_sign(award.awarded_pence)}: never more"
        )
    freed = award.awarded_pence - awarded_pence
    pot, use = ledger.pots[award.pot], ledger.caps[award.place_ref]
    held = pot.holdback_used_pence - (freed if award.is_from_holdback else 0)
    return Ledger(
        {
            **ledger.pots,
            award.pot: replace(pot, committed_pence=pot.committed_pence - freed, holdback_used_pence=held),
        },
        {**ledger.caps, award.place_ref: replace(use, used_pence=use.used_pence - freed)},
        {**ledger.awards, bid_ref: replace(award, awarded_pence=awarded_pence)},
    )


def _with(ledger: Ledger, award: Award) -> Ledger:
    return replace(ledger, awards={**ledger.awards, award.bid_ref: award})


def ledger_problems(ledger: Ledger) -> list[Problem]:
    """Every sum or order that does not hold; empty for any ledger that these functions made."""
    found = []
    for name, pot in ledger.pots.items():
        committed = sum(a.committed_pence for a in ledger.awards.values() if a.pot == name)
        if pot.committed_pence != committed:
            found.append(Problem(f"committed of pot {name}", with_sign(pot.committed_pence), with_sign(committed)))
        if pot.committed_pence > pot.budget_pence:
            most = f"at most {with_sign(pot.budget_pence)}"
            found.append(Problem(f"committed of pot {name}", with_sign(pot.committed_pence), most))
    for place, use in ledger.caps.items():
        if use.cap_pence is not None and use.used_pence > use.cap_pence:
            found.append(Problem(f"cap of {place}", with_sign(use.used_pence), f"at most {with_sign(use.cap_pence)}"))
    for ref, a in ledger.awards.items():
        steps = (a.paid_net_pence, a.certified_pence, a.claimed_pence, a.awarded_pence, a.requested_pence)
        if list(steps) != sorted(steps) or a.paid_net_pence < 0:
            says = f"{ref}: paid net, certified, claimed, awarded, requested are {steps}"
            found.append(Problem(ref, str(steps), "no step larger than the next", says=says))
        if a.awarded_pence and a.awarded_pence < a.min_award_pence:
            found.append(
                Problem(f"award of {ref}", with_sign(a.awarded_pence), f"{with_sign(a.min_award_pence)} or more")
            )
    return found
