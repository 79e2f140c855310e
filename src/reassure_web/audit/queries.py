"""Reading the audit."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from reassure.access.allowed import Action
from reassure_web.audit.chain import FIRST_HASH, Anchor, Verdict, anchor_line, verdict
from reassure_web.audit.models import AuditEntry, ChainHead


def reads_since(actor: Any, *, outcome: str, since: datetime) -> tuple[list[str], bool]:
    """
    What somebody read since an instant, or since they last gave a reason for reading so much.

    Returns
    -------
    tuple[list[str], bool]
        The subjects, and whether a reason was given since that instant.
    """
    subjects: list[str] = []
    rows = AuditEntry.objects.filter(person=actor, at__gte=since).order_by("-number")
    for action, subject, said in rows.values_list("action", "subject", "outcome"):
        if action == Action.LIMIT_PASS.code and said == "done":
            return subjects, True
        if said == outcome:
            subjects.append(subject)
    return subjects, False


def chain_head() -> Anchor | None:
    """Number and hash of the newest entry as the writers' row has them."""
    head = ChainHead.objects.filter(id=1).first()
    return Anchor(head.number, head.hash, "") if head else None


def anchor_now(now: datetime) -> str:
    """The head of the chain as a line for a file outside the database."""
    head = chain_head() or Anchor(0, FIRST_HASH, "")
    return anchor_line(Anchor(head.number, head.hash, now.astimezone(UTC).isoformat(timespec="seconds")))


def chain_verdict(anchors: Iterable[Anchor] = ()) -> Verdict:
    """Compute every hash of the chain anew and name the first bad entry."""
    entries = AuditEntry.objects.order_by("number").iterator(chunk_size=2_000)
    return verdict(entries, head=chain_head(), anchors=anchors)
