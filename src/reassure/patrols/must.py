"""Which places have to be visited before anything else counts, and why, in words.

Rules: what a step-up makes a must (our choice, a default of the plan): a named faith with 100 or more expected, an
incident at the place within seven days, an open request; and what the planner marked. A place that asked for contact
only is never a must. Elsewhere: the points (`points`), what is said when the musts do not fit (`reasons`).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time, timedelta

from reassure.patrols.need import PlaceFacts, PlaceNeed
from reassure.periods import london_instant
from reassure.places.place import Place
from reassure.threats.declarations import Declaration, has_in_scope, standing
from reassure.threats.incidents import Incident
from reassure.threats.near_repeat import NearIncident, near_incidents

LEAST_EXPECTED = 100
"""People from which a named place with a known band is a must."""


def must_visits(
    needs: Sequence[PlaceNeed],
    places: Sequence[Place],
    *,
    declarations: Iterable[Declaration],
    facts: Mapping[str, PlaceFacts],
    incidents: Iterable[Incident],
    on: date,
    must_unknown: bool = False,
) -> dict[str, str]:
    """
    The must-visits: every reason in words, joined by "; ", by `place_ref` in order.

    Parameters
    ----------
    needs
        As `assess` gave them for these places.
    on
        The civil day in London; the defaults hold only where an actual declaration in force on it has the place in
        its areas. What the planner marked is a must on any day.
    must_unknown
        Add every named place that has an occasion in the window and no band.
    """
    begins, ends = (london_instant(day, time(0)) for day in (on, on + timedelta(days=1)))
    covering = [d for d in standing(declarations) if d.starts_at < ends and d.expires_at > begins]
    rows: dict[str, list[PlaceNeed]] = {}
    for need in needs:
        rows.setdefault(need.place_ref, []).append(need)
    near = near_incidents(incidents, places, on=on) if covering else {}
    found: dict[str, str] = {}
    for place in sorted(places, key=lambda place: place.ref):
        of_place = rows.get(place.ref, [])
        if not of_place or any(need.score.gate == "opted_out" for need in of_place):
            continue
        reasons: list[str] = []
        if any(has_in_scope(d, place) for d in covering):
            reasons += _named(of_place, must_unknown)
            reasons += _incident_here(near.get(place.ref, ()))
            reasons += ["the place asked for a visit"] if of_place[0].score.inputs.has_request else []
        if place.ref in facts and facts[place.ref].must:
            reasons.append("marked as a must by the planner")
        if reasons:
            found[place.ref] = "; ".join(reasons)
    return found


def _named(needs: Sequence[PlaceNeed], must_unknown: bool) -> list[str]:
    """The reason of the fullest named occasion, if it is one."""
    named = [n for n in needs if n.declaration_match == "named" and n.score.inputs.has_occasion]
    known = [n for n in named if not n.score.inputs.is_estimated]
    if known:
        fullest = max(known, key=lambda n: n.score.inputs.n_expected)
        if fullest.score.inputs.n_expected >= LEAST_EXPECTED:
            n_expected = f"{fullest.score.inputs.n_expected:,}"
            return [f"named in declaration {fullest.declaration_ref}, {n_expected} people expected"]
    unknown = [n for n in named if n.score.inputs.is_estimated]
    if must_unknown and unknown:
        return [f"named in declaration {unknown[0].declaration_ref}, number of people not known"]
    return []


def _incident_here(near: Sequence[NearIncident]) -> list[str]:
    """The reason of the latest incident at the place within seven days, if there is one."""
    days = min((incident.days for incident in near if incident.is_recent_here), default=None)
    if days is None:
        return []
    return ["an incident here " + ("today" if days == 0 else f"{days} day ago" if days == 1 else f"{days} days ago")]
