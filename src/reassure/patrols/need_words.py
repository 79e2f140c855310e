"""A need in words, for three readers: the planner sees every term, the officer and the trustee never a point.

Rules: who reads what. Terms of 0 are left out, and what a planner reads adds up. The security gap and the days since
the last visit are for planners only. Elsewhere: the points themselves (`points`).
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from reassure.faiths import faith, in_order
from reassure.patrols.points import NeedInputs, NeedScore
from reassure.periods import london_wall
from reassure.threats.near_repeat import AT_THE_PLACE_M, DECAY, RECENT_DAYS, Decay, NearIncident, weight

CLOSED = f"0 = no occasion in the window, no incident within {RECENT_DAYS} days, no request"
OPTED_OUT = "no visit: this place asked for contact only"
MAX_OFFICER_LINES = 2


def explanation(score: NeedScore, *, declaration_ref: str = "", decay: Decay = DECAY) -> str:
    """
    The planner's sum, such as `60 = 28 attendance 900 + 20 named in declaration D-7 + 4 security gap + ...`.
    """
    if score.gate == "opted_out":
        return OPTED_OUT
    if score.gate == "closed":
        return CLOSED
    i, parts = score.inputs, score.parts
    n_expected = f"about {i.n_expected:,} (estimated)" if i.is_estimated else f"{i.n_expected:,}"
    declaration = f"declaration {declaration_ref}" if declaration_ref else "a declaration"
    days = i.days_since_visit
    terms = (
        (parts.attendance, f"attendance {n_expected}"),
        (parts.incidents, _counted(i.incidents, decay)),
        (parts.declared, f"{'named' if i.declaration_match == 'named' else 'all faiths'} in {declaration}"),
        (parts.gap, "security gap" if i.gap_share is not None else "security gap (not assessed)"),
        (parts.recency, "never visited" if days is None else f"last visit {_days(days)}"),
        (parts.request, "asked for a visit"),
    )
    said = [f"{points} {words}" for points, words in terms if points]
    return f"{score.points} = " + (" + ".join(said) or "nothing that gives a point")


def officer_lines(
    score: NeedScore,
    *,
    faiths_named: frozenset[str],
    declaration_ref: str,
    starts: Sequence[datetime],
    decay: Decay = DECAY,
) -> tuple[str, ...]:
    """
    At most two lines for the card: the highest of declaration, attendance, incidents and request, in words.

    Parameters
    ----------
    faiths_named
        The place's faiths that the declaration names.
    starts
        Starts of the occasion's congregations, by time.
    """
    if score.gate != "open":
        return ()
    parts = score.parts
    lines: tuple[tuple[int, Callable[[], str]], ...] = (
        (parts.declared, partial(_declared, score.inputs, faiths_named, declaration_ref)),
        (parts.attendance, lambda: f"People gather here at {_clock_times(starts)}."),
        (parts.incidents, partial(_happened, score.inputs.incidents, decay)),
        (parts.request, lambda: "The place asked for a visit."),
    )
    highest = sorted((line for line in lines if line[0]), key=lambda line: -line[0])
    return tuple(words() for _, words in highest[:MAX_OFFICER_LINES])


def trustee_line(score: NeedScore) -> str:
    """Why we plan a visit, for the place's own trustees: no points, no other place, no weakness."""
    if score.gate == "opted_out":
        return "We plan no visit because: you asked for contact only"
    if score.gate == "closed":
        return "We plan no visit because: we know of no occasion, recent incident or request for these hours"
    i, parts = score.inputs, score.parts
    reasons = (
        (parts.attendance > 0, "people gather here"),
        (any(near.is_recent_here for near in i.incidents), "an incident was reported here"),
        (i.declaration_match == "named", "your community is named in today's declaration"),
        (i.declaration_match == "all_faiths", "places of all faiths are included in today's declaration"),
        (i.has_request, "you asked"),
    )
    return "We plan a visit because: " + "; ".join(words for is_so, words in reasons if is_so)


def _counted(incidents: Sequence[NearIncident], decay: Decay) -> str:
    counted = [near for near in incidents if decay.reaches(near.distance_m, near.days)]
    if not counted:
        return "incidents"
    nearest = min(counted, key=lambda near: (near.distance_m, near.days))
    return f"incidents ({len(counted)}; nearest {nearest.distance_m:,.0f} m, {_days(nearest.days)})"


def _happened(incidents: Sequence[NearIncident], decay: Decay) -> str:
    """The line for the incident that weighs most."""
    heaviest = max(incidents, key=lambda near: (weight(*near, decay=decay), -near.days), default=None)
    if heaviest is None:
        return ""
    where = "here" if heaviest.distance_m <= AT_THE_PLACE_M else "nearby"
    when = "today" if heaviest.days == 0 else f"{_days(heaviest.days)} ago"
    return f"An incident was reported {where} {when}."


def _declared(inputs: NeedInputs, faiths_named: frozenset[str], declaration_ref: str) -> str:
    declaration = f"declaration {declaration_ref}" if declaration_ref else "a declaration"
    if inputs.declaration_match != "named" or not faiths_named:
        return f"Places of all faiths are included in {declaration}."
    venues = [faith(code).venues for code in in_order(faiths_named)]
    words = " and ".join(filter(None, (", ".join(venues[:-1]), venues[-1])))
    return f"{words[0].upper()}{words[1:]} are named in {declaration}."


def _clock_times(starts: Sequence[datetime]) -> str:
    times = [f"{london_wall(at):%H:%M}" for at in starts]
    return " and ".join(filter(None, (", ".join(times[:-1]), times[-1]))) if times else "times not known"


def _days(days: int) -> str:
    return f"{days:,} day" if days == 1 else f"{days:,} days"
