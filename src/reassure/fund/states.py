"""The life of a round, a batch and a bid as tables: the one source of checks, buttons, diagram and docs.

Rules: which event leads from which state to which, who may do it, under which guards, and what is kept of it besides
actor, time and digest. Transitions are only added. Elsewhere: the guards (`guards`), a round as a value (`life`).
Source: docs/rooms/fund.md.
"""

# ruff: noqa: E501 - a row of a table stands on one line

from collections.abc import Sequence
from dataclasses import dataclass

from reassure.errors import Problem, RuleError

ROLES = (
    "trustee",
    "signatory",
    "officer",
    "officer2",
    "assessor",
    "chair",
    "finance1",
    "finance2",
    "supplier",
    "system",
)
FORMER = "former state"


@dataclass(frozen=True, slots=True)
class Change:
    """
    One row of a table.

    Parameters
    ----------
    to
        The state after; equal to the source for entries that change none, FORMER for the state before a suspension.
    who
        Roles that act together, different people; "a|b" where either may.
    guards
        Names in `guards.GUARDS`; all must hold.
    records
        What is kept besides actor, time and digest.
    """

    sources: tuple[str, ...]
    event: str
    to: str
    who: tuple[str, ...]
    guards: tuple[str, ...] = ()
    records: str = ""


def _change(sources: str, event: str, to: str, who: str, guards: str = "", records: str = "") -> Change:
    return Change(
        tuple(sources.split()), event, to, tuple(who.split(" + ")), tuple(filter(None, guards.split())), records
    )


ROUND: tuple[Change, ...] = (
    _change("draft", "publish", "published", "officer + officer2", "terms_complete languages commitment", "scheme digest, SHA-256 of the draw seed"),
    _change("published", "begin", "open", "system", "has_begun"),
    _change("open", "close", "shut", "system|officer", "has_ended", "digest of all versions"),
    _change("open", "extend", "open", "officer + chair", "later_end reason", "reason; notice to every draft"),
    _change("shut", "assess", "assessing", "officer", "screened"),
    _change("assessing", "freeze", "allocating", "officer", "assessed seed_matches", "input digest"),
    _change("allocating", "run", "allocating", "officer", "run_fits", "run, its digest and seed"),
    _change("allocating", "open_fairness", "allocating", "officer|chair", "has_run"),
    _change("allocating", "confirm", "decided", "chair", "not_runner proven overrides_costed fairness_opened", "Decision"),
    _change("allocating", "reopen", "assessing", "chair", "reason", "reason"),
    _change("decided", "begin", "delivering", "system", "first_acceptance"),
    _change("decided delivering", "run", "=", "officer", "run_fits reserve_run", "run of the reserve"),
    _change("decided delivering", "finish", "finished", "officer + finance1", "all_final committed_is_paid", "closing statement"),
    _change("draft published open shut", "cancel", "cancelled", "chair + officer", "no_award reason", "reason, letters"),
)  # fmt: skip

BATCH: tuple[Change, ...] = (
    _change("none", "collect", "collecting", "officer", "rolling_open"),
    _change("collecting", "freeze", "allocating", "officer", "seed_matches tranche", "input digest"),
    _change("allocating", "run", "allocating", "officer", "run_fits within_tranche", "run, its digest and seed"),
    _change("allocating", "open_fairness", "allocating", "officer|chair", "has_run"),
    _change("allocating", "confirm", "decided", "chair", "not_runner proven overrides_costed fairness_opened", "Decision"),
    _change("allocating", "reopen", "collecting", "chair", "reason", "reason"),
)  # fmt: skip

LIVE = (
    "submitted screening info_requested assessing moderation assessed recommended reserve not_recommended offered "
    "accepted delivering evidenced"
)
EARLY = "draft submitted screening info_requested assessing moderation assessed recommended reserve not_recommended"

BID: tuple[Change, ...] = (
    _change("none", "draft", "draft", "trustee|officer"),
    _change("draft", "submit", "submitted", "trustee + signatory", "window_open complete amounts_fit one_live_bid", "frozen version, receipt"),
    _change("submitted", "screen", "screening", "officer", "unlinked"),
    _change("screening", "ask", "info_requested", "officer", "questions due_date", "clock stops"),
    _change("info_requested", "answer", "screening", "trustee + signatory", "only_asked same_authors", "new version, diff; clock runs"),
    _change("info_requested", "overdue", "screening", "system", "due_passed", "unanswered; clock runs"),
    _change("screening", "refuse", "ineligible", "officer + officer2", "failed_rule", "codes, letter"),
    _change("screening", "admit", "assessing", "officer", "rules_pass", "rule versions, inputs"),
    _change("assessing moderation", "assign", "=", "officer", "free_assessor"),
    _change("assessing moderation", "declare", "=", "assessor", "assigned"),
    _change("assessing moderation", "score", "=", "assessor", "declared scores_sound not_in_chain"),
    _change("assessing moderation assessed", "void", "assessing", "officer", "void_known reason", "reason"),
    _change("assessing", "complete", "assessed", "system", "two_assessments agree", "score"),
    _change("assessing", "differ", "moderation", "system", "two_assessments disagree", "flag"),
    _change("moderation", "moderate", "assessed", "officer", "third_assessment not_assessor reason", "median, reason"),
    _change("assessed", "recommend", "recommended", "chair", "decided in_run not_in_chain", "Decision, codes"),
    _change("assessed", "hold", "reserve", "chair", "decided not_in_run not_in_chain", "Decision, codes"),
    _change("assessed", "pass_over", "not_recommended", "chair", "decided not_in_run codes not_in_chain", "Decision, codes"),
    _change("recommended reserve", "offer", "offered", "officer", "decided in_run clean_assessments offer_window", "Award, terms, expiry"),
    _change("not_recommended reserve", "reject", "rejected", "officer", "codes reserve_over", "letter by criterion"),
    _change("offered", "accept", "accepted", "trustee + signatory", "before_expiry same_authors", "terms digest"),
    _change("offered", "decline", "declined", "trustee", "", "money released"),
    _change("offered", "expire", "lapsed", "system", "after_expiry", "money released"),
    _change("accepted", "start", "delivering", "officer", "quotes_current contribution_shown"),
    _change("accepted delivering evidenced", "payee", "=", "trustee", "", "payee digest; 48 hours' hold"),
    _change("accepted delivering evidenced", "call_back", "=", "finance1|finance2|officer", "payee_known second_person"),
    _change("delivering", "vary", "delivering", "officer", "reason", "variation"),
    _change("delivering evidenced", "claim", "=", "trustee|supplier", "no_open_flag"),
    _change("delivering evidenced", "certify", "=", "officer", "not_in_chain no_open_flag"),
    _change("delivering evidenced", "approve", "=", "finance1", "not_in_chain no_open_flag"),
    _change("delivering evidenced", "pay", "=", "finance2", "not_in_chain payee_clear no_open_flag"),
    _change("delivering evidenced suspended disqualified cancelled", "recover", "=", "finance2", "reason"),
    _change("delivering", "evidence", "evidenced", "trustee|supplier", "lines_evidenced"),
    _change("evidenced", "return", "delivering", "officer", "reason", "reason"),
    _change("evidenced", "close", "closed", "officer + finance1 + finance2", "paid_in_full", "outcome due in 12 months"),
    _change(EARLY, "withdraw", "withdrawn", "trustee|system", "system_withdrawal"),
    _change("accepted delivering", "cancel", "cancelled", "trustee|officer", "reason", "reason; unspent released, overpaid to recovery"),
    _change(LIVE, "flag", "=", "officer|system", "flag_kind", "kind, strength, facts"),
    _change(LIVE + " suspended", "resolve", "=", "officer|finance1", "flag_open reason", "reason"),
    _change(LIVE, "suspend", "suspended", "officer + officer2", "has_flag reason", "reason; payments stop"),
    _change("suspended", "resume", FORMER, "officer + officer2", "others_than_before reason", "reason"),
    _change("suspended", "disqualify", "disqualified", "chair", "heard reason", "reason; recovery"),
    _change("rejected ineligible", "appeal", "appealed", "trustee", "in_appeal_time ground", "ground"),
    _change("appealed", "uphold", "assessing", "officer + chair", "no_earlier_part reason", "reasons, new assessors"),
    _change("appealed", "dismiss", "dismissed", "officer + chair", "no_earlier_part reason", "reasons"),
)  # fmt: skip
"""In the order of a bid's life; entries that change no state stand where they first may occur."""

FINAL = (
    "ineligible",
    "rejected",
    "declined",
    "lapsed",
    "closed",
    "cancelled",
    "withdrawn",
    "disqualified",
    "dismissed",
)
"""States in which a bid asks nothing more of anybody (rejected and ineligible may still be appealed)."""

MACHINES: dict[str, tuple[Change, ...]] = {"round": ROUND, "batch": BATCH, "bid": BID}


def states_of(machine: str) -> tuple[str, ...]:
    """Every state of a machine, in the order of its table."""
    seen: dict[str, None] = {}
    for change in MACHINES[machine]:
        for state in (*change.sources, change.to):
            if state not in ("=", FORMER, "none"):
                seen[state] = None
    return tuple(seen)


def changes_from(machine: str, state: str) -> tuple[Change, ...]:
    """What may happen in a state, in the order of the table."""
    return tuple(change for change in MACHINES[machine] if state in change.sources)


def change_of(machine: str, state: str, event: str) -> Change:
    """
    The row of the table for an event in a state.

    Raises
    ------
    RuleError
        The event may not happen in this state; says which may.
    """
    for change in changes_from(machine, state):
        if change.event == event:
            return change
    may = ", ".join(change.event for change in changes_from(machine, state)) or "nothing: this state is final"
    says = f"{event} may not happen to a {machine} that is {state}"
    raise RuleError([Problem("event", event, may, says=says)])


def next_state(machine: str, state: str, event: str, *, former: str = "") -> str:
    """
    The state after an event, by the table alone; guards are looked at elsewhere.

    Examples
    --------
    >>> next_state("bid", "screening", "admit"), next_state("bid", "delivering", "claim")
    ('assessing', 'delivering')
    """
    to = change_of(machine, state, event).to
    return {"=": state, FORMER: former or state}.get(to, to)


def role_problems(change: Change, acting: Sequence[tuple[str, str]]) -> list[Problem]:
    """
    Every reason why these people may not do this: roles missing or not asked for, one person twice.

    Parameters
    ----------
    acting
        (role, person), the actor first.
    """
    left = [role for role, _ in acting]
    found = []
    for wanted in change.who:
        match = next((role for role in left if role in wanted.split("|")), None)
        if match is None:
            given = ", ".join(role for role, _ in acting)
            found.append(Problem("role", given, wanted.replace("|", " or "), says=f"{change.event} by {given}"))
        else:
            left.remove(match)
    found += [Problem("role", role, "only " + " + ".join(change.who)) for role in left]
    people = [person for _, person in acting]
    if len(set(people)) < len(people):
        found.append(Problem("with", ", ".join(people), "different people"))
    return found


def states_page() -> str:
    """The tables and diagrams as Markdown, for docs/rooms/fund-states.md."""
    out = [
        "# Security fund: states",
        "",
        "Made from `reassure.fund.states` by `make fund-states`; a test keeps it in step. Actor, time and digest are",
        "always recorded; `=` means the state stays.",
    ]
    for machine, table in MACHINES.items():
        out += ["", f"## {machine.capitalize()}", "", "```mermaid", "stateDiagram-v2"]
        for change in table:
            for source in change.sources:
                to = {"=": source, FORMER: source}.get(change.to, change.to)
                if source != to or change.to not in ("=", FORMER):
                    start = "[*]" if source == "none" else source
                    out.append(f"    {start} --> {to}: {change.event}")
        out += ["```", "", "| from | event | to | who | guards | kept besides |", "|---|---|---|---|---|---|"]
        for change in table:
            who = " + ".join(change.who).replace("|", " or ")
            cells = (", ".join(change.sources), change.event, change.to, who, ", ".join(change.guards), change.records)
            out.append("| " + " | ".join(cells) + " |")
    return "\n".join(out) + "\n"
