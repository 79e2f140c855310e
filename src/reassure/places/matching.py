"""Which two places of a register may be one: a proposal for a person, never a decision.

Rules: how names are compared, how near and how alike two places have to be, what a person's verdict
means for later runs. Pairs need a faith in common, except two places that share an external id
(`same_id`), which may be one building that changed hands: ask, do not merge.
Elsewhere: what follows from a verdict (`merging`). Likeness is RapidFuzz's `token_set_ratio`, 0 to 100.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import cos, floor, radians

from rapidfuzz.fuzz import token_set_ratio

from reassure.errors import InputError, Problem
from reassure.geo import EARTH_RADIUS_M, Point, distance_m
from reassure.places.place import Place

SEARCH_M = 150.0
LIKELY_M, LIKELY_LIKENESS = 60.0, 90.0
POSSIBLE_LIKENESS = 75.0
UNNAMED_M = 30.0
MOVED_M = 100.0
"""How far a place has to move before a remembered "different" is asked again."""
CELL_LAT_DEG, CELL_LON_DEG = 0.002, 0.003
"""Cells of the search grid; each side is over `SEARCH_M` up to 61 degrees north."""
KINDS = ("same_id", "likely", "possible")
VERDICTS = ("same", "different", "unsure")
_WORDS = {"saint": "st", "sts": "st", "masjid": "mosque", "musjid": "mosque"}
_DROPPED = dict.fromkeys(map(ord, "'’‘ʼʻ`´′\u2010"), None)


@dataclass(frozen=True, slots=True)
class Pair:
    """
    Two places that may be one.

    Parameters
    ----------
    kind
        `same_id`, `likely` or `possible`.
    refs
        The refs of the two, in alphabetical order.
    likeness
        Of the two names, 0 to 100; 0 where one is missing.
    """

    kind: str
    refs: tuple[str, str]
    distance_m: float
    likeness: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person said of two places (`same`, `different`, `unsure`), and what they were like then."""

    refs: tuple[str, str]
    says: str
    names: tuple[str, str]
    points: tuple[Point, Point]


def name_key(name: str) -> str:
    """
    The form in which names are compared; other scripts stay as they are.

    Examples
    --------
    >>> name_key("Saint John’s  & All-Saints"), name_key("Jāmi Masjid")
    ('st johns and all saints', 'jami mosque')
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    plain = plain.casefold().replace("&", " and ").translate(_DROPPED)
    spaced = "".join(c if c.isalnum() else " " for c in plain)
    return " ".join(_WORDS.get(word, word) for word in spaced.split())


def duplicate_pairs(places: Sequence[Place], verdicts: Iterable[Verdict] = ()) -> tuple[Pair, ...]:
    """
    Every pair of places that may be one, surest first; pairs that a person called different are left out.

    Returns
    -------
    tuple[Pair, ...]
        Ordered by kind, then distance, then refs. It does not depend on the order of the places.
    """
    found = {pair.refs: pair for pair in _near_pairs(places, places)}
    found |= {pair.refs: pair for pair in _same_id_pairs(places)}
    by_ref = {place.ref: place for place in places}
    for verdict in verdicts:
        pair = found.get(verdict.refs)
        if pair and verdict.says == "different" and still_holds(verdict, *(by_ref[ref] for ref in verdict.refs)):
            del found[verdict.refs]
    return _in_order(found.values())


def pairs_between(left: Sequence[Place], right: Sequence[Place]) -> tuple[Pair, ...]:
    """
    For each place of one list its best partner in another; places without one are left out.

    Best is by kind, then likeness, then distance. The first ref of a pair is that of the left list.
    """
    best: dict[str, Pair] = {}
    lefts = {place.ref for place in left}
    for pair in _near_pairs(left, right):
        ref, other = pair.refs if pair.refs[0] in lefts else pair.refs[::-1]
        turned = Pair(pair.kind, (ref, other), pair.distance_m, pair.likeness)
        if ref not in best or _rank(turned) < _rank(best[ref]):
            best[ref] = turned
    return _in_order(best.values())


def _rank(pair: Pair) -> tuple[int, float, float, tuple[str, str]]:
    return (KINDS.index(pair.kind), -pair.likeness, pair.distance_m, pair.refs)


def _in_order(pairs: Iterable[Pair]) -> tuple[Pair, ...]:
    return tuple(sorted(pairs, key=lambda p: (KINDS.index(p.kind), p.distance_m, p.refs)))


def _near_pairs(left: Sequence[Place], right: Sequence[Place]) -> Iterator[Pair]:
    keys: dict[str, tuple[str, ...]] = {}
    for a, b in _neighbours(left, right):
        far_m = distance_m(a.point, b.point)
        if far_m > SEARCH_M or not a.faiths & b.faiths:
            continue
        likeness = max(
            (token_set_ratio(x, y) for x in _keys(a, keys) for y in _keys(b, keys)),
            default=0.0,
        )
        kind = kind_of(far_m, likeness, is_unnamed=not (_keys(a, keys) and _keys(b, keys)))
        if kind:
            yield Pair(kind, (min(a.ref, b.ref), max(a.ref, b.ref)), far_m, likeness)


def kind_of(far_m: float, likeness: float, *, is_unnamed: bool) -> str:
    """What a distance and a likeness come to: `likely`, `possible`, or empty for neither."""
    if likeness >= LIKELY_LIKENESS and far_m <= LIKELY_M:
        return "likely"
    if likeness >= POSSIBLE_LIKENESS and far_m <= SEARCH_M:
        return "possible"
    return "possible" if is_unnamed and far_m <= UNNAMED_M else ""


def _keys(place: Place, known: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    if place.ref not in known:
        known[place.ref] = tuple(filter(None, map(name_key, (place.name, *place.other_names))))
    return known[place.ref]


def _neighbours(left: Sequence[Place], right: Sequence[Place]) -> Iterator[tuple[Place, Place]]:
    """Pairs of places in the same or touching cells that could be within `SEARCH_M`, each once."""
    is_one_list = left is right
    cells: dict[tuple[int, int], list[tuple[float, float, Place]]] = defaultdict(list)
    for place in right:
        cells[_cell(place.point)].append((place.point.lat_deg, place.point.lon_deg, place))
    most_lat = SEARCH_M / radians(EARTH_RADIUS_M) * 1.01
    for a in left:
        row, column = _cell(a.point)
        lat_deg, lon_deg = a.point.lat_deg, a.point.lon_deg
        most_lon = most_lat / cos(radians(lat_deg)) * 1.01
        for cell in [(row + i, column + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]:
            for b_lat, b_lon, b in cells.get(cell, ()):
                if abs(b_lat - lat_deg) > most_lat or abs(b_lon - lon_deg) > most_lon:
                    continue
                if not is_one_list or a.ref < b.ref:
                    yield a, b


def _cell(point: Point) -> tuple[int, int]:
    return floor(point.lat_deg / CELL_LAT_DEG), floor(point.lon_deg / CELL_LON_DEG)


def _same_id_pairs(places: Iterable[Place]) -> Iterator[Pair]:
    holders: dict[tuple[str, str], list[Place]] = defaultdict(list)
    for place in places:
        for external_id in place.external_ids:
            holders[external_id].append(place)
    for group in holders.values():
        ordered = sorted(group, key=lambda place: place.ref)
        for i, a in enumerate(ordered):
            for b in ordered[i + 1 :]:
                likeness = token_set_ratio(name_key(a.name), name_key(b.name))
                yield Pair("same_id", (a.ref, b.ref), distance_m(a.point, b.point), likeness)


def verdict_on(a: Place, b: Place, says: str) -> Verdict:
    """What a person says of two places, with what they are like now; `InputError` for another word."""
    if says not in VERDICTS:
        raise InputError([Problem("verdict", says, "one of " + ", ".join(VERDICTS))])
    a, b = sorted((a, b), key=lambda place: place.ref)
    return Verdict((a.ref, b.ref), says, (name_key(a.name), name_key(b.name)), (a.point, b.point))


def still_holds(verdict: Verdict, a: Place, b: Place) -> bool:
    """Whether neither name has changed since the verdict and neither place has moved 100 m."""
    return all(
        name_key(place.name) == name and distance_m(place.point, point) < MOVED_M
        for place, name, point in zip((a, b), verdict.names, verdict.points, strict=True)
    )


def chains(pairs: Iterable[Pair]) -> tuple[tuple[str, ...], ...]:
    """Refs that pairs tie together, to be looked at at once; each in alphabetical order, longest chain first."""
    heads: dict[str, str] = {}

    def head(ref: str) -> str:
        while heads.setdefault(ref, ref) != ref:
            heads[ref] = heads[heads[ref]]
            ref = heads[ref]
        return ref

    for pair in pairs:
        first, second = sorted(map(head, pair.refs))
        heads[second] = first
    groups: dict[str, list[str]] = defaultdict(list)
    for ref in sorted(heads):
        groups[head(ref)].append(ref)
    return tuple(sorted((tuple(group) for group in groups.values()), key=lambda group: (-len(group), group)))
