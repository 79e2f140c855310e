"""What is doubtful in a register, with how many places each doubt is about.

Rules: the doubts that are looked for, what each counts, and out of how many. Nothing here says that a
place is wrong: each row is a question for people. Every list is headed `HEADER`, because no register of
places of worship is complete.
Elsewhere: flags set at import (`profiles`, `areas`, `postcodes`, `importing`), duplicates (`matching`).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians

from reassure.faiths import in_order
from reassure.geo import EARTH_RADIUS_M
from reassure.places.matching import Pair
from reassure.places.place import Place

HEADER = "This register is incomplete."
EDGE_LAT_DEG, EDGE_LON_DEG, EDGE_M = 55.9, -6.5, 2_000.0
"""Where the open register file ends in the north and the west, and how near a place is doubtful."""
CONFIRMING_RANK = 2
FEW_SHARE, FEW_LEAST = 0.5, 5.0
"""An area has few places of a faith when it has under half of what its residents would make it expect, and
at least five are expected (our choice)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One rule and what it found.

    Parameters
    ----------
    n_of
        How many places (for `few_for_population` areas and faiths) were looked at.
    refs
        The places, in alphabetical order; for `few_for_population` "area faith".
    by_faith
        How many places of each faith, in the one order of faiths; a place counts for each faith it lists.
    """

    rule: str
    says: str
    n_of: int
    refs: tuple[str, ...]
    by_faith: tuple[tuple[str, int], ...] = ()

    @property
    def n(self) -> int:
        """How many were found."""
        return len(self.refs)

    @property
    def share(self) -> float:
        """Found out of looked at, 0 to 1; 0 when nothing was looked at."""
        return self.n / self.n_of if self.n_of else 0.0


def _is_unconfirmed(place: Place) -> bool:
    return all(fact.rank > CONFIRMING_RANK for fact in place.facts)


def _is_at_the_edge(place: Place) -> bool:
    metres = radians(EARTH_RADIUS_M)
    lat_deg, lon_deg = place.point.lat_deg, place.point.lon_deg
    is_north = abs(lat_deg - EDGE_LAT_DEG) * metres <= EDGE_M and lon_deg >= EDGE_LON_DEG
    is_west = abs(lon_deg - EDGE_LON_DEG) * metres * cos(radians(lat_deg)) <= EDGE_M and lat_deg <= EDGE_LAT_DEG
    return is_north or is_west


def _flagged(flag: str) -> Callable[[Place], bool]:
    return lambda place: flag in place.flags


RULES: tuple[tuple[str, str, Callable[[Place], bool]], ...] = (
    ("unnamed", "has no name", lambda p: not p.name),
    ("no_religion", "lists no faith", lambda p: not p.faiths),
    ("same_id", "shares an external id with a place of another faith", _flagged("same_id")),
    ("maybe_closed", "name or tag says that it may be closed", _flagged("maybe_closed")),
    ("no_services_expected", "a cemetery, a ruin or the like: no services", lambda p: p.profile == "none"),
    ("differs", "a newer source says something else", _flagged("differs")),
    ("outside_polygons", "lies outside every outline of a police area", _flagged("outside_polygons")),
    ("area_nearest", "police area taken from the nearest outline", _flagged("area_nearest")),
    ("area_differs", "district and outline give different police areas", _flagged("area_differs")),
    ("area_unknown", "has no police area", lambda p: not p.area_code),
    ("lad_unknown", "district code is not in the list of districts", _flagged("lad_unknown")),
    ("postcode_unknown", "postcode is not in the list", _flagged("postcode_unknown")),
    ("point_far_from_postcode", "over 500 m from its postcode", _flagged("point_far_from_postcode")),
    ("not_seen", "a newer file of its source no longer has it", _flagged("not_seen")),
    ("never_confirmed", "nobody at the place or at its door has confirmed it", _is_unconfirmed),
    ("cut_edge", "near the edge at which the open register ends", _is_at_the_edge),
)
"""Rules about single places: name, what it says, and whether it speaks of a place."""


def quality_report(
    places: Sequence[Place],
    pairs: Iterable[Pair],
    *,
    residents: Mapping[tuple[str, str], int] | None = None,
) -> tuple[Finding, ...]:
    """
    Every rule with what it found among these places, in a fixed order; rules that found nothing as well.

    Parameters
    ----------
    pairs
        Of the whole register; a pair counts here when one of its places does.
    residents
        Census residents by (police area, faith), for `few_for_population`; without them it is left out.
    """
    open_places = [place for place in places if place.is_open]
    found = [_finding(rule, says, places, speaks_of) for rule, says, speaks_of in RULES]
    by_kind: dict[str, set[str]] = defaultdict(set)
    own = {place.ref for place in places}
    for pair in pairs:
        by_kind[pair.kind].update(own & set(pair.refs))
    at = next(i for i, finding in enumerate(found) if finding.rule == "same_id") + 1
    found[at:at] = [
        _finding(f"{kind}_duplicate", f"may be the same as another place ({kind})", places, _is_among(by_kind[kind]))
        for kind in ("likely", "possible")
    ]
    if residents is not None:
        found.append(few_for_population(open_places, residents))
    return tuple(found)


def _is_among(refs: set[str]) -> Callable[[Place], bool]:
    return lambda place: place.ref in refs


def _finding(rule: str, says: str, places: Sequence[Place], speaks_of: Callable[[Place], bool]) -> Finding:
    hit = [place for place in places if speaks_of(place)]
    counts = Counter(code for place in hit for code in (in_order(place.faiths) or ("unknown",)))
    by_faith = tuple((code, counts[code]) for code in in_order(frozenset(counts)))
    return Finding(rule, says, len(places), tuple(sorted(place.ref for place in hit)), by_faith)


def few_for_population(places: Sequence[Place], residents: Mapping[tuple[str, str], int]) -> Finding:
    """
    Areas that have few places of a faith for their residents of that faith, compared with all areas: ask.

    Expected is the number of residents times places per resident of the faith over all areas that have
    both. Other and unknown faiths are left out, because they are no one faith.
    """
    counts = Counter((p.area_code, code) for p in places for code in p.faiths)
    faiths = in_order(frozenset(code for _, code in residents) - {"other", "unknown"})
    areas = sorted({area for area, _ in residents})
    few = []
    for code in faiths:
        n_residents = sum(residents.get((area, code), 0) for area in areas)
        n_places = sum(counts[(area, code)] for area in areas)
        for area in areas:
            expected = n_places * residents.get((area, code), 0) / n_residents if n_residents else 0.0
            if expected >= FEW_LEAST and counts[(area, code)] < FEW_SHARE * expected:
                few.append(f"{area} {code}")
    says = "fewer places of a faith than its residents would make one expect: ask"
    return Finding("few_for_population", says, len(areas) * len(faiths), tuple(sorted(few)))


def by_area(places: Iterable[Place]) -> dict[str, list[Place]]:
    """Places by police area, in the order of the codes; those without one under the empty code, first."""
    groups: dict[str, list[Place]] = defaultdict(list)
    for place in places:
        groups[place.area_code].append(place)
    return {code: groups[code] for code in sorted(groups)}
