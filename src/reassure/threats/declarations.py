"""A national declaration as a value, and whether it names a place.

Rules: what a declaration must say before it may go out, and what it means for one place at one instant.
Elsewhere: sending, clocks and acknowledgement (`operations`), posture (`threats.posture`).
Instants are aware and in UTC; a declaration speaks strictly between its start and its end. An exercise or a test
never counts as one in force. Source: docs/sources.md#npcc-2019-03-15.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from reassure.errors import Problem, RuleError
from reassure.faiths import CODES
from reassure.periods import london_wall
from reassure.places.place import Place

STATUSES = ("actual", "exercise", "test")
MESSAGE_TYPES = ("alert", "update", "cancel")
ACTIVITIES = ("presence", "advice")
AUDIENCES = ("national", "force", "officer", "trustee", "public")
"""Whom a wording is for."""
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
    activities
        What is asked: presence at places, protective-security advice, or both.
    approved_by
        Somebody other than the issuer; empty where the issuer had to go alone.
    event_at
        When it happened, where an event is behind it.
    wordings
        (audience, wording) pairs, at most one an audience.
    supersedes
        Ref of a declaration that this one stands in place of; empty for none.
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
    for column, text in (("ref", d.ref), ("title", d.title), ("threat_wording", d.threat_wording)):
        if not text.strip():
            found.append(Problem(column, text, "a text"))
    if d.revision < 1:
        found.append(Problem("revision", str(d.revision), "1 or more"))
    for column, value, allowed in (("status", d.status, STATUSES), ("msg_type", d.msg_type, MESSAGE_TYPES)):
        if value not in allowed:
            found.append(Problem(column, value, "one of " + ", ".join(allowed)))
    found += [Problem("faiths_named", f, "one of " + ", ".join(CODES)) for f in sorted(d.faiths_named - set(CODES))]
    if not d.faiths_named and not d.is_all_faiths:
        found.append(Problem("faiths_named", "", "at least one faith, or is_all_faiths = true"))
    if not d.activities or not d.activities <= set(ACTIVITIES):
        found.append(Problem("activities", ", ".join(sorted(d.activities)), "presence, advice or both"))
    audiences = [audience for audience, _ in d.wordings]
    found += [Problem("wordings", a, "one of " + ", ".join(AUDIENCES)) for a in audiences if a not in AUDIENCES]
    found += [Problem("wordings", a, "each audience once") for a in AUDIENCES if audiences.count(a) > 1]
    if not d.issued_by.strip():
        found.append(Problem("issued_by", d.issued_by, "a text"))
    if d.approved_by and d.approved_by.strip().casefold() == d.issued_by.strip().casefold():
        found.append(Problem("approved_by", d.approved_by, "somebody other than issued_by"))
    return found + _clock_problems(d)


def _clock_problems(d: Declaration) -> list[Problem]:
    clocks = [(name, getattr(d, name)) for name in ("event_at", "issued_at", "starts_at", "review_at", "expires_at")]
    naive = [
        Problem(name, at.isoformat(), "an instant with a UTC offset") for name, at in clocks if at and not at.tzinfo
    ]
    if naive:
        return naive
    found = []
    if d.expires_at > d.starts_at and not d.starts_at < d.review_at <= d.expires_at:
        found.append(Problem("review_at", d.review_at.isoformat(), "after starts_at and not after expires_at"))
    if d.expires_at <= d.starts_at:
        found.append(Problem("expires_at", d.expires_at.isoformat(), "after starts_at and at most 72 h after it"))
    elif d.expires_at > d.starts_at + LONGEST:
        hours = (d.expires_at - d.starts_at) / timedelta(hours=1)
        says = f"expires_at is {d.expires_at.isoformat()}, {hours:,.4g} h after starts_at"
        found.append(Problem("expires_at", d.expires_at.isoformat(), "at most 72 h", says=says))
    return found


def standing(declarations: Iterable[Declaration]) -> tuple[Declaration, ...]:
    """
    The declarations that count, by ref: actual ones in their highest revision, neither cancelled nor superseded.

    Exercises and tests change nothing, not even by a ref or a `supersedes` that is the same as an actual one's.
    """
    latest: dict[str, Declaration] = {}
    for d in declarations:
        if d.status == "actual" and (d.ref not in latest or d.revision > latest[d.ref].revision):
            latest[d.ref] = d
    replaced = {d.supersedes for d in latest.values() if d.supersedes != d.ref}
    return tuple(d for ref, d in sorted(latest.items()) if d.msg_type != "cancel" and ref not in replaced)


def declaration_match(
    place: Place, starts_at: datetime, declarations: Iterable[Declaration]
) -> tuple[str, Declaration | None]:
    """
    How declarations in force speak of a place at an instant: `named`, `all_faiths` or `none`, and which does.

    Only standing ones count, and only `starts_at < occasion < expires_at`. Of several matches the strongest wins,
    then the declaration whose `ref` comes first.
    """
    return _strongest(place, (d for d in standing(declarations) if d.starts_at < starts_at < d.expires_at))


def match_between(
    place: Place, period: tuple[datetime, datetime], declarations: Iterable[Declaration]
) -> tuple[str, Declaration | None]:
    """The same for a place without an occasion: declarations in force at any time of a half-open period."""
    begins, ends = period
    return _strongest(place, (d for d in standing(declarations) if d.starts_at < ends and d.expires_at > begins))


def has_in_scope(declaration: Declaration, place: Place) -> bool:
    """Whether the place lies in the declaration's areas; one without areas holds for all."""
    return not declaration.areas or place.area_code in declaration.areas


def _strongest(place: Place, declarations: Iterable[Declaration]) -> tuple[str, Declaration | None]:
    best: tuple[str, Declaration | None] = ("none", None)
    for d in declarations:
        if has_in_scope(d, place):
            match = "named" if place.faiths & d.faiths_named else "all_faiths" if d.is_all_faiths else "none"
            if MATCHES.index(match) > MATCHES.index(best[0]):
                best = (match, d)
    return best


def require_in_force(declaration: Declaration, *, now: datetime) -> None:
    """`RuleError` when plans, cards or messages are asked for after a declaration has lapsed."""
    if now >= declaration.expires_at:
        raise RuleError(f"Posture lapsed {_day_and_time(declaration.expires_at)}; renew or step down.")


def require_covers(declaration: Declaration, starts_at: datetime) -> None:
    """`RuleError` when a visit under a declaration is asked for at an occasion that starts when it has ended."""
    if starts_at >= declaration.expires_at:
        ends, starts = _day_and_time(declaration.expires_at), _day_and_time(starts_at)
        raise RuleError(f"The step-up ends {ends}; this occasion starts {starts}.")


def _day_and_time(instant: datetime) -> str:
    wall = london_wall(instant)
    return f"{wall.day} {wall:%b %H:%M}"
