"""A national declaration as a value, and whether it names a place.

Rules: what a declaration must say before it may go out, and what it means for one place at one instant.
Elsewhere: sending, clocks and acknowledgement (`operations`), posture (`threats.posture`).
Instants are aware and in UTC; periods are half-open. Source: docs/sources.md#npcc-2019-03-15.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from reassure.errors import Problem
from reassure.faiths import CODES
from reassure.places.place import Place

STATUSES = ("actual", "exercise", "test")
MESSAGE_TYPES = ("alert", "update", "cancel")
ACTIVITIES = ("presence", "advice")
LONGEST = timedelta(hours=72)
MATCHES = ("none", "all_faiths", "named")
"""From the weakest to the strongest; of several declarations the strongest match counts."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """
    One revision of a declaration; a change is revision + 1.

    Parameters
    ----------
    threat_wording
        What is said about the threat, in the words that may be passed on.
    faiths_named, is_all_faiths
        Whose places are named, and whether all faiths are engaged besides.
    areas
        Police area codes in scope; empty means all.
    wordings
        (audience, wording) pairs: officer, trustee, public.
    """

    ref: str
    revision: int
    status: str
    msg_type: str
    title: str
    threat_wording: str
    faiths_named: frozenset[str]
    is_all_faiths: bool
    areas: frozenset[str]
    activities: frozenset[str]
    issued_by: str
    approved_by: str
    issued_at: datetime
    starts_at: datetime
    review_at: datetime
    expires_at: datetime
    event_at: datetime | None = None
    event_place: str = ""
    source_url: str = ""
    threat_level_seen: str = ""
    wordings: tuple[tuple[str, str], ...] = field(default=())
    supersedes: str = ""


def declaration_problems(declaration: Declaration) -> list[Problem]:
    """Every reason why a declaration may not stand, in the order of its fields; empty when it may."""
    d = declaration
    found = []
    for column, value, allowed in (("status", d.status, STATUSES), ("msg_type", d.msg_type, MESSAGE_TYPES)):
        if value not in allowed:
            found.append(Problem(column, value, "one of " + ", ".join(allowed)))
    if d.revision < 1:
        found.append(Problem("revision", str(d.revision), "1 or more"))
    for column, text in (
        ("ref", d.ref),
        ("title", d.title),
        ("threat_wording", d.threat_wording),
        ("issued_by", d.issued_by),
    ):
        if not text.strip():
            found.append(Problem(column, text, "a text"))
    found += [Problem("faiths_named", f, "one of " + ", ".join(CODES)) for f in sorted(d.faiths_named - set(CODES))]
    if not d.faiths_named and not d.is_all_faiths:
        found.append(Problem("faiths_named", "", "at least one faith, or is_all_faiths = true"))
    if not d.activities or not d.activities <= set(ACTIVITIES):
        found.append(Problem("activities", ", ".join(sorted(d.activities)), "presence, advice or both"))
    if d.approved_by and d.approved_by == d.issued_by:
        found.append(Problem("approved_by", d.approved_by, "somebody other than issued_by"))
    if not d.starts_at < d.expires_at <= d.starts_at + LONGEST:
        found.append(Problem("expires_at", d.expires_at.isoformat(), "after starts_at and at most 72 h after it"))
    if not d.starts_at < d.review_at <= d.expires_at:
        found.append(Problem("review_at", d.review_at.isoformat(), "after starts_at and not after expires_at"))
    return found


def declaration_match(
    place: Place, starts_at: datetime, declarations: Iterable[Declaration]
) -> tuple[str, Declaration | None]:
    """
    How declarations in force speak of a place at an instant: `named`, `all_faiths` or `none`, and which does.

    Only actual declarations of type alert or update count, and only `starts_at < occasion < expires_at`.
    Of several matches the strongest wins, then the declaration whose `ref` comes first.
    """
    best: tuple[str, Declaration | None] = ("none", None)
    for d in sorted(declarations, key=lambda d: (d.ref, -d.revision)):
        if d.status != "actual" or d.msg_type == "cancel" or not d.starts_at < starts_at < d.expires_at:
            continue
        if d.areas and place.area_code not in d.areas:
            continue
        match = "named" if place.faiths & d.faiths_named else "all_faiths" if d.is_all_faiths else "none"
        if MATCHES.index(match) > MATCHES.index(best[0]):
            best = (match, d)
    return best
