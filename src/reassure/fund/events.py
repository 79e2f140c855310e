"""What happened in a round: one event at a time, with the facts that each kind of event carries.

Rules: which facts an event must and may carry, and of which kind. Elsewhere: what an event leads to (`states`),
whether it may happen (`guards`), the file of events (`files.fund_events`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """
    One event.

    Parameters
    ----------
    at
        Instant at which the service took it, by its own clock, aware UTC.
    subject
        "round", "batch:1" or "bid:REF".
    others
        (role, person) of everybody who acted with the actor.
    facts
        As `FACTS` says for the event; instants and dates are already values.
    """

    at: datetime
    actor: str
    role: str
    subject: str
    event: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    others: tuple[tuple[str, str], ...] = ()

    @property
    def machine(self) -> str:
        """What changes: "round", "batch" or "bid"."""
        return self.subject.split(":", 1)[0]

    @property
    def ref(self) -> str:
        """Which batch or bid; empty for the round."""
        return self.subject.split(":", 1)[1] if ":" in self.subject else ""

    @property
    def acting(self) -> tuple[tuple[str, str], ...]:
        """Everybody who acts, the actor first."""
        return ((self.role, self.actor), *self.others)


_REASON = {"reason": "text"}
FACTS: dict[str, dict[str, dict[str, str]]] = {
    "round": {
        "publish": {
            "seed_sha256": "sha256",
            "languages": "texts",
            "scheme?": "text",
            "scheme_sha256?": "sha256",
            "pots_pence?": "amounts",
            "holdback_bp?": "count",
        },
        "begin": {},
        "close": {"notice_on?": "date"},
        "extend": {"ends_at": "instant", **_REASON},
        "assess": {},
        "freeze": {"seed": "text"},
        "run": {
            "run_sha256": "sha256",
            "funded": "lines",
            "is_proven": "yesno",
            "is_checked": "yesno",
            "spent_pence": "amount",
            "overrides?": "amounts",
        },
        "open_fairness": {},
        "confirm": {"minutes_ref": "text"},
        "reopen": _REASON,
        "finish": {"statement": "text"},
        "cancel": _REASON,
    },
    "batch": {
        "collect": {},
        "freeze": {"seed": "text", "tranche_pence": "amount"},
        "run": {
            "run_sha256": "sha256",
            "funded": "lines",
            "is_proven": "yesno",
            "is_checked": "yesno",
            "spent_pence": "amount",
            "overrides?": "amounts",
        },
        "open_fairness": {},
        "confirm": {"minutes_ref": "text"},
        "reopen": _REASON,
    },
    "bid": {
        "draft": {"place_ref": "text", "region?": "text", "faith?": "text", "locale?": "text"},
        "submit": {
            "version_sha256": "sha256",
            "is_complete": "yesno",
            "is_declared": "yesno",
            "are_files_clean": "yesno",
            "gaps": "counts",
            "measures": "measures",
            "cap_used_pence?": "amount",
            "paper_stamped_at?": "instant",
        },
        "screen": {"ties?": "texts"},
        "ask": {"question_ids": "texts", "due_on": "date"},
        "answer": {"version_sha256": "sha256", "changed": "texts"},
        "overdue": {},
        "refuse": {"codes": "texts", "pending?": "texts"},
        "admit": {"results": "words"},
        "assign": {"assessor": "text", "ties?": "texts"},
        "declare": {"ties?": "texts"},
        "score": {"scores": "counts", "reasons": "words"},
        "void": {"assessor": "text", **_REASON},
        "complete": {},
        "differ": {},
        "moderate": _REASON,
        "recommend": {"codes?": "texts"},
        "hold": {"codes?": "texts"},
        "pass_over": {"codes": "texts"},
        "offer": {"expires_at": "instant", "from_holdback?": "yesno"},
        "reject": {"codes": "texts"},
        "accept": {"terms_sha256": "sha256"},
        "decline": {},
        "expire": {},
        "start": {"are_quotes_current": "yesno", "is_contribution_shown": "yesno"},
        "payee": {"payee_sha256": "sha256"},
        "call_back": {},
        "vary": {"awarded_pence": "amount", "swapped?": "yesno", "fit?": "count", **_REASON},
        "claim": {"spend_pence": "amount", "is_complete?": "yesno"},
        "certify": {"spend_pence": "amount", "is_complete?": "yesno"},
        "approve": {},
        "pay": {"amount_pence": "amount"},
        "recover": {"amount_pence": "amount", **_REASON},
        "evidence": {"lines": "evidence"},
        "return": _REASON,
        "close": {},
        "withdraw": {},
        "cancel": _REASON,
        "flag": {"kind": "text", "strength?": "text"},
        "resolve": {"kind": "text", **_REASON},
        "suspend": _REASON,
        "resume": _REASON,
        "disqualify": {"heard_on": "date", **_REASON},
        "appeal": {"ground": "text"},
        "uphold": _REASON,
        "dismiss": _REASON,
    },
}
"""Facts by machine and event; a name with "?" may be left out. Kinds as `files.fund_events` reads them."""
