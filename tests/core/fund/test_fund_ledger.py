"""Money: the pennies of the specification row by row, and sums that no sequence of steps can break."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from fund_rounds import whole_round
from reassure.errors import RuleError
from reassure.fund.awards import (
    Award,
    Ledger,
    Pot,
    approve,
    certify,
    claim,
    ledger_problems,
    make_award,
    pay,
    recover,
    release,
    vary,
)
from reassure.fund.payments import due_pence, pay_now_pence, provider_split, staged_due_pence
from reassure.money import part_pence

AWARDED = 987_654


def claims(spends: list[int], *, retention_bp: int, last_is_complete: bool) -> list[int]:
    """What is paid for each of several claims."""
    paid, out, total = 0, [], 0
    for n, spend in enumerate(spends):
        total += spend
        is_complete = last_is_complete and n == len(spends) - 1
        due = due_pence(AWARDED, total, rate_bp=8_000, retention_bp=retention_bp, is_complete=is_complete)
        out.append(pay_now_pence(due, paid))
        paid = due
    return out


def test_three_claims_pay_to_the_penny() -> None:
    """4,115.22 twice and 4,115.23: 3,292.18 three times, 9,876.54 in all; claim by claim would be a penny over."""
    paid = claims([411_522, 411_522, 411_523], retention_bp=0, last_is_complete=True)

    assert paid == [329_218, 329_218, 329_218]
    assert sum(paid) == AWARDED
    assert sum(part_pence(s, 8_000) for s in (411_522, 411_522, 411_523)) == AWARDED + 1


def test_retention_waits_for_completion() -> None:
    """With 987.66 held back: 3,292.18, 3,292.18, 2,304.52, together 8,888.88; on completion 987.66."""
    paid = claims([411_522, 411_522, 411_523, 0], retention_bp=1_000, last_is_complete=True)

    assert paid == [329_218, 329_218, 230_452, 98_766]
    assert part_pence(AWARDED, 1_000) == 98_766
    assert sum(paid[:3]) == 888_888


@pytest.mark.parametrize(("final", "pays", "released"), [(1_100_000, 880_000, 107_654), (1_300_000, AWARDED, 0)])
def test_the_final_cost_decides(final: int, pays: int, released: int) -> None:
    """11,000.00 pays 8,800.00 and releases 1,076.54; 13,000.00 pays the award, the rest is the place's."""
    ledger = funded()
    ledger = claim(ledger, "b", spend_pence=final, is_complete=True)
    ledger = approve(certify(ledger, "b", spend_pence=final, is_complete=True), "b")
    ledger = release(pay(ledger, "b", amount_pence=pays), "b")

    assert ledger.awards["b"].paid_net_pence == pays
    assert ledger.awards["b"].released_pence == released
    assert ledger.pots["main"].committed_pence == pays
    assert ledger.caps["p"].used_pence == pays
    assert ledger_problems(ledger) == []


def test_a_provider_is_paid_whole() -> None:
    """2,469.13 comes in before the order; the invoice of 12,345.67 is paid, the fund's part is 9,876.54."""
    split = provider_split(1_234_567, rate_bp=8_000, awarded_pence=AWARDED)
    whole = provider_split(1_234_567, rate_bp=10_000, awarded_pence=1_234_567)

    assert (split.fund_pence, split.place_pence) == (987_654, 246_913)
    assert (whole.fund_pence, whole.place_pence) == (1_234_567, 0)


def test_the_staged_plan_adds_up() -> None:
    """40 % at the order, 90 % when installed, all when certified; rounding never pays early."""
    assert [staged_due_pence(AWARDED, s) for s in ("order", "installed", "certified")] == [395_061, 888_888, AWARDED]


@given(
    st.lists(st.integers(0, 500_000), min_size=1, max_size=8), st.sampled_from([0, 500, 1_000]), st.integers(1, 10_000)
)
def test_cumulative_claims_never_drift(spends: list[int], retention_bp: int, rate_bp: int) -> None:
    """However a spend is cut into claims, the sum paid is that of one claim; and no claim pays more than is due."""
    paid, total = 0, 0
    for spend in spends:
        total += spend
        due = due_pence(AWARDED, total, rate_bp=rate_bp, retention_bp=retention_bp, is_complete=False)
        assert due >= paid
        assert due <= AWARDED - part_pence(AWARDED, retention_bp)
        paid = due
    last = due_pence(AWARDED, total, rate_bp=rate_bp, retention_bp=retention_bp, is_complete=True)
    assert paid + pay_now_pence(last, paid) == min(AWARDED, -(-total * rate_bp // 10_000))


def funded(budget: int = 3_000_000, **more) -> Ledger:
    ledger = Ledger({"main": Pot(budget, 0, 0)}, {}, {})
    values = {"requested_pence": AWARDED, "awarded_pence": AWARDED, "min_award_pence": 100_000} | more
    return make_award(ledger, Award("b", "main", "p", rate_bp=8_000, retention_bp=0, **values), cap_pence=5_600_000)


@pytest.mark.parametrize(
    ("changes", "budget", "cap", "words"),
    [
        ({"awarded_pence": 99_999}, 3_000_000, None, "£1,000 or more"),
        ({"awarded_pence": 0, "min_award_pence": 0}, 3_000_000, None, "£0.01 or more"),
        ({"awarded_pence": AWARDED + 1}, 3_000_000, None, "as requested"),
        ({}, AWARDED - 1, None, "pot main has left"),
        ({}, 3_000_000, AWARDED - 1, "cap leaves"),
    ],
)
def test_an_award_keeps_to_minimum_request_pot_and_cap(changes: dict, budget: int, cap: int | None, words: str) -> None:
    """A penny under the minimum, over the request, the pot or the cap is refused; at the limit it is taken."""
    values = {"requested_pence": AWARDED, "awarded_pence": AWARDED, "min_award_pence": 100_000} | changes
    award = Award("b", "main", "p", rate_bp=8_000, retention_bp=0, **values)
    with pytest.raises(RuleError, match=words):
        make_award(Ledger({"main": Pot(budget)}, {}, {}), award, cap_pence=cap)
    make_award(
        Ledger({"main": Pot(AWARDED)}, {}, {}), Award(**{**_fields(award), "awarded_pence": AWARDED}), cap_pence=AWARDED
    )


def _fields(award: Award) -> dict:
    return {name: getattr(award, name) for name in Award.__dataclass_fields__}


def test_what_is_certified_lies_between_paid_and_claimed() -> None:
    """A penny more than was claimed is refused; less than was paid is refused until the difference came back."""
    ledger = claim(funded(), "b", spend_pence=500_000, is_complete=False)
    with pytest.raises(RuleError, match=r"at most £5,000, as claimed"):
        certify(ledger, "b", spend_pence=500_001, is_complete=False)
    ledger = approve(certify(ledger, "b", spend_pence=500_000, is_complete=False), "b")
    ledger = pay(ledger, "b", amount_pence=400_000)
    with pytest.raises(RuleError, match=r"a recovery of £80 first"):
        certify(ledger, "b", spend_pence=490_000, is_complete=False)
    back = certify(recover(ledger, "b", amount_pence=8_000), "b", spend_pence=490_000, is_complete=False)

    assert back.awards["b"].certified_pence == back.awards["b"].paid_net_pence == 392_000
    assert ledger_problems(back) == []


def test_the_holdback_is_for_appeals() -> None:
    """An ordinary award cannot touch the holdback; one from the holdback takes it first and is counted once."""
    pot = Pot(1_000_000, 0, 200_000)
    award = Award("b", "main", "p", 900_000, 800_001, 0, 8_000, 0)
    with pytest.raises(RuleError, match="£8,000"):
        make_award(Ledger({"main": pot}, {}, {}), award, cap_pence=None)
    upheld = Award("a", "main", "q", 200_000, 200_000, 0, 8_000, 0, is_from_holdback=True)
    ledger = make_award(Ledger({"main": pot}, {}, {}), upheld, cap_pence=None)
    full = make_award(ledger, Award("b", "main", "p", 800_000, 800_000, 0, 8_000, 0), cap_pence=None)

    assert full.pots["main"].committed_pence == 1_000_000
    assert full.pots["main"].free_pence == 0
    with pytest.raises(RuleError, match="£0,"):
        make_award(full, Award("c", "main", "r", 100, 100, 0, 8_000, 0, is_from_holdback=True), cap_pence=None)


class AnyLedger(RuleBasedStateMachine):
    """Random steps on one small ledger: three places, two pots, boundary amounts, a cap that several bids share."""

    amounts = st.sampled_from([1, 99_999, 100_000, 150_000, 250_000, 400_000])
    bids = st.sampled_from(["b1", "b2", "b3"])

    def __init__(self) -> None:
        super().__init__()
        self.ledger = Ledger({"main": Pot(500_000, 0, 50_000), "other": Pot(400_000)}, {}, {})
        self.spent: dict[str, int] = {}

    def step(self, function, *args, **more) -> None:
        before = self.ledger
        try:
            self.ledger = function(self.ledger, *args, **more)
        except RuleError:
            assert self.ledger is before

    @rule(
        bid=bids,
        amount=amounts,
        more=st.sampled_from([-1, 0, 1]),
        place=st.sampled_from("pqr"),
        pot=st.sampled_from(["main", "other"]),
        held=st.booleans(),
    )
    def offer(self, bid, amount, more, place, pot, held) -> None:
        if bid not in self.ledger.awards:
            award = Award(bid, pot, place, amount, max(0, amount + more), 100_000, 8_000, 1_000, is_from_holdback=held)
            self.step(make_award, award, cap_pence=400_000)

    def known(self, bid: str) -> bool:
        return bid in self.ledger.awards

    @rule(bid=bids, spend=amounts, done=st.booleans())
    def claims(self, bid, spend, done) -> None:
        if self.known(bid):
            self.step(claim, bid, spend_pence=self.ledger.awards[bid].spend_pence + spend, is_complete=done)

    @rule(bid=bids, less=st.sampled_from([-1, 0, 1, 50_000]), done=st.booleans())
    def certifies(self, bid, less, done) -> None:
        if self.known(bid):
            self.step(certify, bid, spend_pence=max(0, self.ledger.awards[bid].spend_pence - less), is_complete=done)

    @rule(bid=bids)
    def approves(self, bid) -> None:
        if self.known(bid):
            self.step(approve, bid)

    @rule(bid=bids, more=st.sampled_from([-1, 0, 1]))
    def pays(self, bid, more) -> None:
        if self.known(bid):
            award = self.ledger.awards[bid]
            self.step(pay, bid, amount_pence=award.approved_pence - award.paid_net_pence + more)

    @rule(bid=bids, amount=amounts)
    def recovers(self, bid, amount) -> None:
        if self.known(bid):
            self.step(recover, bid, amount_pence=amount)

    @rule(bid=bids, less=st.sampled_from([-1, 0, 1, 50_000]))
    def varies(self, bid, less) -> None:
        if self.known(bid):
            self.step(vary, bid, awarded_pence=self.ledger.awards[bid].awarded_pence - less)

    @rule(bid=bids)
    def releases(self, bid) -> None:
        if self.known(bid):
            self.step(release, bid)

    @invariant()
    def sums_hold(self) -> None:
        """I1 to I4, summed again by hand."""
        awards = self.ledger.awards.values()
        for name, pot in self.ledger.pots.items():
            held = sum(a.awarded_pence - a.released_pence for a in awards if a.pot == name)
            assert pot.committed_pence == held <= pot.budget_pence
            ordinary = sum(
                a.awarded_pence - a.released_pence for a in awards if a.pot == name and not a.is_from_holdback
            )
            assert ordinary <= pot.budget_pence - pot.holdback_pence
        for place, use in self.ledger.caps.items():
            assert (
                use.used_pence
                == sum(a.awarded_pence - a.released_pence for a in awards if a.place_ref == place)
                <= 400_000
            )
        for a in awards:
            assert 0 <= a.paid_net_pence <= a.certified_pence <= a.claimed_pence <= a.awarded_pence <= a.requested_pence
            assert a.paid_net_pence <= a.approved_pence <= a.certified_pence
            assert a.awarded_pence >= 100_000
            assert a.released_pence >= 0
            assert a.certified_pence <= a.awarded_pence - a.released_pence
        assert ledger_problems(self.ledger) == []


AnyLedger.TestCase.settings = settings(max_examples=120, stateful_step_count=30, deadline=None)
TestAnyLedger = AnyLedger.TestCase


def test_problems_of_a_ledger_made_by_hand_are_seen() -> None:
    """A sum that is off, an order that is broken, an award under the minimum: each is named."""
    from dataclasses import replace  # noqa: PLC0415

    good = funded()
    bad_pot = replace(good, pots={"main": replace(good.pots["main"], committed_pence=AWARDED - 1)})
    assert "committed" in ledger_problems(bad_pot)[0].text
    for field in ("claimed_pence", "certified_pence", "paid_pence"):
        award = replace(good.awards["b"], **{field: AWARDED + 1})
        assert "no step larger" in ledger_problems(replace(good, awards={"b": award}))[0].text
    small = replace(good.awards["b"], awarded_pence=1, released_pence=1 - AWARDED)
    assert any("or more" in p.text for p in ledger_problems(replace(good, awards={"b": small})))
    use = {"p": replace(good.caps["p"], cap_pence=1)}
    assert "cap of p" in ledger_problems(replace(good, caps=use))[0].text


@pytest.mark.parametrize("regime", ["A", "B"])
def test_a_whole_round_balances_to_the_penny(regime: str) -> None:
    """At the end of a generated round every bid is final and what is committed is what was paid."""
    life, _ = whole_round(regime)
    paid = sum(a.paid_net_pence for a in life.ledger.awards.values())

    assert life.state == "finished"
    assert life.ledger.pots["main"].committed_pence == paid > 0
    assert ledger_problems(life.ledger) == []
