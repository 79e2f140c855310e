"""A generated roster of units, to try things with: nobody's real shifts, bases or callsigns.

Rules: bases stand in the middle of groups of places, as many units at each as its share of the places; shifts are
those patterns in which the day's occasions lie; most units drive, some walk or cycle where places stand close.
Everything follows from the places, the occasions, the day and the seed. All numbers here are our choice.
Elsewhere: what a unit is (`units`), its file (`files.units`).
"""

from collections.abc import Sequence
from datetime import date, time, timedelta
from random import Random

import numpy as np
from numpy.typing import NDArray

from reassure.errors import InputError, Problem
from reassure.geo import Point
from reassure.occasions.values import Occasion
from reassure.patrols.units import Break, Unit
from reassure.periods import london_instant
from reassure.places.place import Place

MAX_UNITS = 2_000
UNITS_PER_BASE = 4
PATTERNS: tuple[tuple[time, time], ...] = (
    (time(7), time(15)),
    (time(8), time(16)),
    (time(10), time(18)),
    (time(12), time(20)),
    (time(14), time(22)),
    (time(22), time(6)),
)
"""Wall-clock start and end of shifts; one that ends at or before its start ends on the next day."""

BREAK_FROM, BREAK_UNTIL, BREAK_MIN = timedelta(hours=2, minutes=30), timedelta(hours=5), 30
"""The one break starts so long after the shift's start; its length in minutes."""

FOOT_PLACES, FOOT_M = 8, 1_500.0
CYCLE_PLACES, CYCLE_M = 15, 4_000.0
"""So many places within so many metres of a base let one of its units walk, or cycle."""

LANGUAGES = ("arabic", "bengali", "gujarati", "panjabi", "polish", "somali", "urdu", "welsh", "yiddish")
ADVISER_SHARE, LANGUAGE_SHARE = 0.2, 0.3
_ROUNDS = 30
_DEGREE_M = 111_195.0


def generated_roster(
    places: Sequence[Place], occasions: Sequence[Occasion], *, on: date, n: int, seed: int = 1
) -> tuple[Unit, ...]:
    """
    Make `n` units for a day.

    Parameters
    ----------
    places
        The places that bases are put among; at least one.
    occasions
        What the shifts are put around; where there are none all patterns by day are used alike.
    on
        Civil date in London on which the shifts start.

    Returns
    -------
    tuple[Unit, ...]
        By base, then kind; refs `generated-car-01`, callsigns `Generated car 1`.

    Raises
    ------
    InputError
        No places, or a number of units outside 1 to 2,000.
    """
    found = [] if 1 <= n <= MAX_UNITS else [Problem("n", str(n), f"1 to {MAX_UNITS:,} units")]
    if not places:
        found.append(Problem("places", "", "at least one place", says="there are no places to put bases among"))
    if found:
        raise InputError(found)
    dice = Random(f"reassure roster {seed} {on.isoformat()} {n}")
    ground = _ground(places)
    bases, members = _bases(ground, min(len(ground), -(-n // UNITS_PER_BASE)), dice)
    shifts = _dealt(_pattern_shares(occasions, on), n)
    dice.shuffle(shifts)
    crews = [
        (base, kind) for base, n_units in zip(bases, _dealt_counts(members, n), strict=True)
        for kind in _kinds(base, ground, n_units)
    ]  # fmt: skip
    count: dict[str, int] = {}
    units = []
    for (base, kind), pattern in zip(crews, shifts, strict=True):
        count[kind] = count.get(kind, 0) + 1
        units.append(_unit(kind, count[kind], base, on, PATTERNS[pattern], dice))
    return tuple(units)


def _unit(kind: str, number: int, base: Point, on: date, pattern: tuple[time, time], dice: Random) -> Unit:
    starts, ends = pattern
    starts_at = london_instant(on, starts)
    ends_at = london_instant(on + timedelta(days=ends <= starts), ends)
    skills = {"adviser"} if dice.random() < ADVISER_SHARE else set()
    if dice.random() < LANGUAGE_SHARE:
        skills.add(LANGUAGES[int(dice.random() * len(LANGUAGES))])
    return Unit(
        ref=f"generated-{kind}-{number:02d}",
        callsign=f"Generated {kind} {number}",
        kind=kind,
        n_officers=2,
        base=base,
        starts_at=starts_at,
        ends_at=ends_at,
        breaks=(Break(starts_at + BREAK_FROM, starts_at + BREAK_UNTIL, BREAK_MIN),),
        skills=frozenset(skills),
    )


def _ground(places: Sequence[Place]) -> NDArray[np.float64]:
    """Where the places stand, (n_places, 2) degrees, in an order that does not depend on how they were given."""
    return np.array(sorted((p.point.lat_deg, p.point.lon_deg) for p in places), dtype=np.float64)


def _metres(ground: NDArray[np.float64], base: Point) -> NDArray[np.float64]:
    """Metres from each place to a base, (n_places,), flat; right enough to choose between bases."""
    north = (ground[:, 0] - base.lat_deg) * _DEGREE_M
    east = (ground[:, 1] - base.lon_deg) * _DEGREE_M * np.cos(np.radians(base.lat_deg))
    metres: NDArray[np.float64] = np.hypot(north, east)
    return metres


def _bases(ground: NDArray[np.float64], n: int, dice: Random) -> tuple[list[Point], list[int]]:
    """Bases in the middle of groups of places (k-means from far-apart starts), and how many places each group has."""
    bases = [_point(ground[int(dice.random() * len(ground))])]
    nearest = _metres(ground, bases[0])
    while len(bases) < n and float(nearest.max()) > 0:
        bases.append(_point(ground[int(nearest.argmax())]))
        nearest = np.minimum(nearest, _metres(ground, bases[-1]))
    for _ in range(_ROUNDS):
        group = np.argmin(np.stack([_metres(ground, base) for base in bases]), axis=0)
        moved = [_point(ground[group == i].mean(axis=0)) if (group == i).any() else b for i, b in enumerate(bases)]
        if moved == bases:
            break
        bases = moved
    bases = sorted(bases)
    group = np.argmin(np.stack([_metres(ground, base) for base in bases]), axis=0)
    return bases, [int((group == i).sum()) for i in range(len(bases))]


def _point(position: NDArray[np.float64]) -> Point:
    """A position to about a metre, so that the last bit of a sum on another machine does not matter."""
    return Point(round(float(position[0]), 5), round(float(position[1]), 5))


def _pattern_shares(occasions: Sequence[Occasion], on: date) -> list[int]:
    """How many occasions lie wholly in each pattern; where none do, one each for the patterns by day."""
    inside = []
    for starts, ends in PATTERNS:
        starts_at = london_instant(on, starts)
        ends_at = london_instant(on + timedelta(days=ends <= starts), ends)
        inside.append(sum(starts_at <= o.arrive_from and o.gone_by <= ends_at for o in occasions))
    return inside if any(inside) else [int(starts < ends) for starts, ends in PATTERNS]


def _dealt(shares: Sequence[int], n: int) -> list[int]:
    """`n` numbers of shares, each as often as its share, in order."""
    return [i for i, count in enumerate(_dealt_counts(shares, n, least=0)) for _ in range(count)]


def _dealt_counts(shares: Sequence[int], n: int, least: int = 1) -> list[int]:
    """
    Split `n` in proportion to shares, largest remainder first, each at least `least` while `n` lasts.

    Examples
    --------
    >>> _dealt_counts([6, 3, 1], 5), _dealt_counts([5, 0, 0], 4), _dealt_counts([1, 1], 3, least=0)
    ([2, 2, 1], [2, 1, 1], [2, 1])
    """
    first = [least if i < n else 0 for i in range(len(shares))]
    rest, total = n - sum(first), sum(shares)
    floors = [rest * share // total for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda i: (-(rest * shares[i] % total), i))
    extra = set(by_remainder[: rest - sum(floors)])
    return [a + b + (i in extra) for i, (a, b) in enumerate(zip(first, floors, strict=True))]


def _kinds(base: Point, ground: NDArray[np.float64], n_units: int) -> list[str]:
    """Kinds of the units of one base: cars, and one on foot and one cycling where places stand close."""
    metres = _metres(ground, base)
    others = []
    if n_units > 2 and int((metres <= FOOT_M).sum()) >= FOOT_PLACES:
        others.append("foot")
    if n_units > 3 and int((metres <= CYCLE_M).sum()) >= CYCLE_PLACES:
        others.append("cycle")
    return ["car"] * (n_units - len(others)) + others
