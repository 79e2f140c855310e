"""Why a visit here, at this occasion: the need of every place of an area on a day.

Rules: how a place, its occasions and what is known of it become the inputs of the formula, and no more than these.
A faith is used once, to work out what a declaration says of the place. A need says nothing of any person and is never
learned from data. Elsewhere: the formula (`points`), words (`need_words`), must-visits (`must`), fairness (`fairness`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from reassure.errors import InputError, Problem
from reassure.occasions.values import Occasion
from reassure.patrols.need_words import explanation, officer_lines, trustee_line
from reassure.patrols.points import MODEL, NeedInputs, NeedModel, NeedParts, NeedScore, score
from reassure.places.attendance import BANDS, estimates, n_expected_of
from reassure.places.place import PRESENCES, Place
from reassure.threats.declarations import Declaration, declaration_match, match_between, standing
from reassure.threats.incidents import Incident
from reassure.threats.near_repeat import NearIncident, near_incidents

__all__ = [
    "MODEL",
    "NeedInputs",
    "NeedModel",
    "NeedParts",
    "NeedScore",
    "PlaceFacts",
    "PlaceNeed",
    "assess",
    "facts_problems",
    "score",
]

REQUEST_DAYS = 28
"""How long a request for a visit stays open."""


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """
    What is known of a place beside the register; None and empty where nobody said.

    Parameters
    ----------
    last_visit_on
        Day of the last completed visit.
    request_until
        Last day on which a request of the place is open.
    gap_share
        0 to 1 from a self-assessment of at most 24 months.
    presence
        As in the register; `none` here or there means contact only.
    band
        Attendance band for every kind of occasion for which the register has none.
    must
        The planner asks for a visit whatever the points.
    """

    place_ref: str
    last_visit_on: date | None = None
    request_until: date | None = None
    gap_share: float | None = None
    presence: str = ""
    band: str = ""
    must: bool = False


@dataclass(frozen=True, slots=True)
class PlaceNeed:
    """
    The need of one visit, with its words for each reader.

    Parameters
    ----------
    occasion_ref
        Empty for a place without an occasion.
    declaration_match, declaration_ref
        What declarations say of the place, and the one that says so; the ref is empty where none does.
    explanation
        For planners: the sum that adds up.
    officer_lines
        For the card: at most two, without points, security gap or last visit.
    trustee_line
        For the place's own trustees.
    """

    place_ref: str
    occasion_ref: str
    score: NeedScore
    declaration_match: str
    declaration_ref: str
    explanation: str
    officer_lines: tuple[str, ...]
    trustee_line: str


def facts_problems(facts: PlaceFacts, *, on: date | None = None) -> list[Problem]:
    """
    Every reason why these cannot be facts of a place, in the order of the fields; empty when they can.

    Parameters
    ----------
    on
        Day of the plan, after which no visit can have taken place; None where it is not known.
    """
    found = []
    if not facts.place_ref:
        found.append(Problem("place_ref", "", "an identifier"))
    if on and facts.last_visit_on and facts.last_visit_on > on:
        found.append(Problem("last_visit_on", facts.last_visit_on.isoformat(), f"a day up to {on.isoformat()}"))
    if on and facts.request_until and facts.request_until > on + timedelta(days=REQUEST_DAYS):
        latest = on + timedelta(days=REQUEST_DAYS)
        expected = f"at most {REQUEST_DAYS} days ahead, {latest.isoformat()}"
        found.append(Problem("request_until", facts.request_until.isoformat(), expected))
    if facts.gap_share is not None and not 0 <= facts.gap_share <= 1:
        found.append(Problem("gap_share", f"{facts.gap_share:g}", "0 to 1"))
    if facts.presence and facts.presence not in PRESENCES:
        found.append(Problem("presence", facts.presence, "one of " + ", ".join(PRESENCES)))
    if facts.band and not _is_band(facts.band):
        found.append(Problem("band", facts.band, "one of " + ", ".join(BANDS)))
    return found


def assess(
    places: Sequence[Place],
    occasions: Sequence[Occasion],
    *,
    on: date,
    window: tuple[datetime, datetime],
    declarations: Sequence[Declaration] = (),
    facts: Mapping[str, PlaceFacts] | None = None,
    incidents: Sequence[Incident] = (),
    model: NeedModel = MODEL,
) -> tuple[PlaceNeed, ...]:
    """
    The need of each occasion at each place, and of each place without one, in the order of place and occasion.

    Parameters
    ----------
    occasions
        Cancelled ones and those of other places are left out.
    on
        Civil day in London that ages are counted from.
    window
        Aware instants between which visits are planned, half-open. An occasion outside still gets a row, with a
        gate that only an incident or a request opens.

    Raises
    ------
    InputError
        With every fault of the facts, bands and window, and every ref that stands twice.
    """
    facts = facts or {}
    known = {place.ref: place for place in places}
    taken = [o for o in occasions if o.status != "cancelled" and o.place_ref in known]
    if found := _assess_problems(places, taken, on=on, window=window, facts=facts):
        raise InputError(found)
    day = _Day(
        on=on,
        window=window,
        declarations=standing(declarations),
        facts=facts,
        estimates=estimates(_given(places, taken, facts)),
        near=near_incidents(incidents, places, on=on, decay=model.constants.decay),
        model=model,
    )
    rows: list[tuple[Place, Occasion | None]] = [(known[o.place_ref], o) for o in taken]
    with_occasion = {o.place_ref for o in taken}
    rows += [(place, None) for place in places if place.ref not in with_occasion]
    rows.sort(key=lambda row: (row[0].ref, row[1].ref if row[1] else ""))
    return tuple(day.need(place, occasion) for place, occasion in rows)


@dataclass(frozen=True)
class _Day:
    """What is known of an area on a day, worked out once for all its places."""

    on: date
    window: tuple[datetime, datetime]
    declarations: tuple[Declaration, ...]
    facts: Mapping[str, PlaceFacts]
    estimates: Mapping[str, int]
    near: Mapping[str, tuple[NearIncident, ...]]
    model: NeedModel

    def need(self, place: Place, occasion: Occasion | None) -> PlaceNeed:
        """The row of a place and an occasion, or of a place without one."""
        match, declaration = self._match(place, occasion)
        ref = declaration.ref if declaration else ""
        decay = self.model.constants.decay
        found = score(self._inputs(place, occasion, match), self.model)
        return PlaceNeed(
            place_ref=place.ref,
            occasion_ref=occasion.ref if occasion else "",
            score=found,
            declaration_match=match,
            declaration_ref=ref,
            explanation=explanation(found, declaration_ref=ref, decay=decay),
            officer_lines=officer_lines(
                found,
                faiths_named=place.faiths & declaration.faiths_named if declaration else frozenset(),
                declaration_ref=ref,
                starts=[s.starts_at for s in occasion.sittings] if occasion else (),
                decay=decay,
            ),
            trustee_line=trustee_line(found),
        )

    def _match(self, place: Place, occasion: Occasion | None) -> tuple[str, Declaration | None]:
        if not self.declarations:
            return "none", None
        if occasion is None:
            return match_between(place, self.window, self.declarations)
        return declaration_match(place, occasion.starts_at, self.declarations)

    def _inputs(self, place: Place, occasion: Occasion | None, match: str) -> NeedInputs:
        known = self.facts.get(place.ref) or PlaceFacts(place.ref)
        band = _band(place, occasion, known) if occasion else ""
        estimate = self.estimates.get(place.area_code, self.estimates[""]) if occasion else 0
        begins, ends = self.window
        return NeedInputs(
            place_ref=place.ref,
            occasion_ref=occasion.ref if occasion else "",
            has_occasion=occasion is not None and occasion.arrive_from < ends and occasion.gone_by > begins,
            n_expected=n_expected_of(band) if band else estimate,
            is_estimated=occasion is not None and not band,
            incidents=self.near.get(place.ref, ()),
            declaration_match=match,
            gap_share=known.gap_share,
            days_since_visit=(self.on - known.last_visit_on).days if known.last_visit_on else None,
            has_request=known.request_until is not None and self.on <= known.request_until,
            has_opted_out="none" in (place.presence, known.presence),
        )


def _band(place: Place, occasion: Occasion, known: PlaceFacts) -> str:
    """The band for this kind of occasion: the occasion's, the register's, then the one for every kind."""
    return occasion.band or dict(place.bands).get(occasion.key, "") or known.band


def _given(
    places: Iterable[Place], occasions: Iterable[Occasion], facts: Mapping[str, PlaceFacts]
) -> list[tuple[str, int]]:
    """(area code, figure) of every band that was given, one for each place and kind of occasion."""
    bands: dict[str, dict[str, str]] = {place.ref: dict(place.bands) for place in places}
    for occasion in occasions:
        if occasion.band:
            bands[occasion.place_ref][occasion.key] = occasion.band
    given = []
    for place in places:
        known = facts.get(place.ref)
        if not bands[place.ref] and known and known.band:
            bands[place.ref][""] = known.band
        given += [(place.area_code, n_expected_of(band)) for band in bands[place.ref].values()]
    return given


def _assess_problems(
    places: Sequence[Place],
    occasions: Sequence[Occasion],
    *,
    on: date,
    window: tuple[datetime, datetime],
    facts: Mapping[str, PlaceFacts],
) -> list[Problem]:
    found = [Problem("ref", ref, "each place once") for ref in _twice(p.ref for p in places)]
    found += [Problem("ref", ref, "each occasion once") for ref in _twice(o.ref for o in occasions)]
    naive = [at for at in window if at.tzinfo is None]
    found += [Problem("window", at.isoformat(), "an instant with a UTC offset") for at in naive]
    if not naive and window[1] <= window[0]:
        found.append(Problem("window", window[1].isoformat(), f"an end after {window[0].isoformat()}"))
    expected = "one of " + ", ".join(BANDS)
    for place in places:
        for kind, band in place.bands:
            if not _is_band(band):
                found.append(Problem("bands", band, expected, says=f"the band of {place.ref} for {kind} is {band}"))
        if place.ref in facts:
            found += [
                Problem(p.column, p.value, p.expected, says=f"{p.column} of {place.ref} is {p.value}")
                for p in facts_problems(facts[place.ref], on=on)
            ]
    found += [Problem("band", o.band, expected) for o in occasions if o.band and not _is_band(o.band)]
    return found


def _is_band(band: str) -> bool:
    try:
        return n_expected_of(band) > 0
    except InputError:
        return False


def _twice(refs: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    twice: set[str] = set()
    for ref in refs:
        (twice if ref in seen else seen).add(ref)
    return sorted(twice)
