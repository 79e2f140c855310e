"""Postcodes and where they are, without a network.

Rules: what a postcode looks like, how sure its position is, and what stands in when it is not in the
list: the middle of its sector, then of its district. O and 0, I and 1 are never swapped in silence, only
proposed. A postcode's position is where its addresses are on average, not a door.
Source: docs/sources.md#code-point-open.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import product

from reassure.errors import InputError, Problem
from reassure.geo import Point, distance_m
from reassure.places.place import Place

QUALITY_PRECISION_M = {10: 30.0, 20: 100.0, 30: 100.0, 50: 300.0, 60: 1_000.0}
"""How far a postcode's addresses may be from its point, metres, by its positional quality (our choice)."""
SECTOR_PRECISION_M, OUTCODE_PRECISION_M = 1_000.0, 5_000.0
FAR_M = 500.0
"""A place farther than this from its stated postcode is doubtful."""
FORM = "a postcode such as B11 1AA"
_OUTWARD = r"(?:[A-Z]\d|[A-Z]\d\d|[A-Z]{2}\d|[A-Z]{2}\d\d|[A-Z]\d[A-Z]|[A-Z]{2}\d[A-Z]|GIR)"
_SHAPE = re.compile(rf"({_OUTWARD})(\d[ABD-HJLNP-UW-Z]{{2}})")
"""Outward and inward code; the last two letters are never C, I, K, M, O or V."""
MAX_PROPOSALS = 3
_SWAPS = {"O": "O0", "0": "0O", "I": "I1", "1": "1I"}


@dataclass(frozen=True, slots=True)
class PostcodePoint:
    """
    Where a postcode is.

    Parameters
    ----------
    match
        `postcode` for the postcode itself, `sector` or `outcode` for what stands in for it.
    lad_code
        District; empty where the list has none.
    """

    lat_deg: float
    lon_deg: float
    precision_m: float
    lad_code: str
    match: str = "postcode"

    @property
    def point(self) -> Point:
        """The position alone."""
        return Point(self.lat_deg, self.lon_deg)


def parse_postcode(text: str) -> str:
    """
    A postcode in its one form: upper case, one space before the last three characters.

    Raises
    ------
    InputError
        It does not look like one; where swapping O and 0 or I and 1 would mend it, that is proposed.

    Examples
    --------
    >>> parse_postcode(" b111aa "), parse_postcode("ec1a 1bb")
    ('B11 1AA', 'EC1A 1BB')
    """
    packed = "".join(text.split()).upper()
    if found := _SHAPE.fullmatch(packed):
        return f"{found[1]} {found[2]}"
    proposed = proposals(packed)
    expected = " or ".join(proposed) + " perhaps" if proposed else FORM
    raise InputError([Problem("postcode", text, expected)])


def proposals(text: str) -> tuple[str, ...]:
    """What may have been meant: postcodes that differ in O and 0, I and 1 only, fewest changes first; at most three."""
    packed = "".join(text.split()).upper()
    if not 5 <= len(packed) <= 7:
        return ()
    found: dict[str, int] = {}
    for letters in product(*(_SWAPS.get(c, c) for c in packed)):
        word = "".join(letters)
        if (shape := _SHAPE.fullmatch(word)) and word != packed:
            found[f"{shape[1]} {shape[2]}"] = sum(a != b for a, b in zip(word, packed, strict=True))
    return tuple(sorted(found, key=lambda p: (found[p], p))[:MAX_PROPOSALS])


class Gazetteer:
    """
    Where postcodes are.

    Parameters
    ----------
    look_up
        Latitude, longitude, positional quality and district code of a postcode in its one form, or `None`.
    sectors, outcodes
        The same without the quality, by sector ("B11 1") and outward code ("B11").
    """

    def __init__(
        self,
        look_up: Callable[[str], tuple[float, float, int, str] | None],
        sectors: Mapping[str, tuple[float, float, str]],
        outcodes: Mapping[str, tuple[float, float, str]],
    ) -> None:
        self._look_up = look_up
        self._sectors = sectors
        self._outcodes = outcodes

    def find(self, text: str) -> PostcodePoint:
        """
        Where a postcode is; the middle of its sector or district when it is not in the list.

        Raises
        ------
        InputError
            The text is no postcode, or nothing is known of its district either.
        """
        postcode = parse_postcode(text)
        if row := self._look_up(postcode):
            lat_deg, lon_deg, quality, lad_code = row
            return PostcodePoint(lat_deg, lon_deg, precision_of(quality), lad_code)
        if middle := self._sectors.get(postcode[:-2]):
            return PostcodePoint(middle[0], middle[1], SECTOR_PRECISION_M, middle[2], "sector")
        if middle := self._outcodes.get(postcode[:-4]):
            return PostcodePoint(middle[0], middle[1], OUTCODE_PRECISION_M, middle[2], "outcode")
        raise InputError([Problem("postcode", text, "a postcode that is in use")])


def precision_of(quality: int) -> float:
    """Metres for a positional quality of Code-Point Open; the worst for one that is not listed."""
    return QUALITY_PRECISION_M.get(quality, max(QUALITY_PRECISION_M.values()))


def with_postcodes(places: Iterable[Place], gazetteer: Gazetteer) -> tuple[Place, ...]:
    """
    Places with their stated postcode in its one form and checked against their position, in the order given.

    Flags: `postcode_unknown` (no postcode, or not in the list) and `point_far_from_postcode` (over 500 m and
    over the precision of the postcode).
    """
    return tuple(_with_postcode(place, gazetteer) if place.postcode else place for place in places)


def _with_postcode(place: Place, gazetteer: Gazetteer) -> Place:
    flags = set(place.flags) - {"postcode_unknown", "point_far_from_postcode"}
    postcode = place.postcode
    try:
        postcode = parse_postcode(postcode)
        found = gazetteer.find(postcode)
    except InputError:
        flags.add("postcode_unknown")
    else:
        flags |= {"postcode_unknown"} if found.match != "postcode" else set()
        if distance_m(place.point, found.point) > max(FAR_M, found.precision_m):
            flags.add("point_far_from_postcode")
    return replace(place, postcode=postcode, flags=tuple(sorted(flags)))
