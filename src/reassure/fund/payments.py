"""What is due on an award: cumulative, so that pennies never drift.

Rules: the part of the spend that the fund bears, held back before completion, capped at the award; a negative amount
proposes a recovery. Spend is what the place really bears, without VAT it can reclaim. Elsewhere: who may pay
(`states`), sums by pot and place (`awards`). Source: docs/rooms/fund.md.
"""

from dataclasses import dataclass

from reassure.errors import InputError, Problem
from reassure.money import WHOLE_BP, part_pence

STAGES_BP: dict[str, int] = {"order": 4_000, "installed": 9_000, "certified": 10_000}
"""The staged plan: 40 % at the order, 50 % when installed, 10 % when certified, cumulative; ours."""


def due_pence(awarded_pence: int, spend_pence: int, *, rate_bp: int, retention_bp: int, is_complete: bool) -> int:
    """
    What the fund owes in all for a cumulative spend.

    Examples
    --------
    >>> due_pence(987_654, 1_234_567, rate_bp=8_000, retention_bp=1_000, is_complete=False)
    888888
    >>> due_pence(987_654, 1_300_000, rate_bp=8_000, retention_bp=1_000, is_complete=True)
    987654
    """
    due = min(awarded_pence, part_pence(spend_pence, rate_bp))
    return due if is_complete else min(due, awarded_pence - part_pence(awarded_pence, retention_bp))


def staged_due_pence(awarded_pence: int, stage: str) -> int:
    """
    What the fund owes in all at a stage of the staged plan; the order stage is certified against the accepted quote.

    Examples
    --------
    >>> [staged_due_pence(987_654, s) for s in ("order", "installed", "certified")]
    [395061, 888888, 987654]
    """
    if stage not in STAGES_BP:
        raise InputError([Problem("stage", stage, "one of " + ", ".join(STAGES_BP))])
    return awarded_pence - part_pence(awarded_pence, WHOLE_BP - STAGES_BP[stage])


def pay_now_pence(due: int, paid_net_pence: int) -> int:
    """What is to be paid now; negative proposes a recovery of that much."""
    return due - paid_net_pence


@dataclass(frozen=True, slots=True)
class ProviderSplit:
    """How a provider's invoice is carried: `place_pence` comes in before the order, the fund's part is the rest."""

    invoice_pence: int
    fund_pence: int
    place_pence: int


def provider_split(invoice_pence: int, *, rate_bp: int, awarded_pence: int) -> ProviderSplit:
    """
    Who pays a provider's invoice.

    Examples
    --------
    >>> provider_split(1_234_567, rate_bp=8_000, awarded_pence=987_654)
    ProviderSplit(invoice_pence=1234567, fund_pence=987654, place_pence=246913)
    """
    fund = min(awarded_pence, part_pence(invoice_pence, rate_bp))
    return ProviderSplit(invoice_pence, fund, invoice_pence - fund)
