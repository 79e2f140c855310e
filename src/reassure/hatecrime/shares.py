"""Shares, their rounding, what a printed percentage says of its base, and how far a count may vary by chance.

Rules: T1, T7 and T12 of docs/rooms/hatecrime.md. Shares are percentages, kept unrounded; rounding happens once, half
away from zero, on screen and paper. Intervals are Byar's approximation to Poisson limits, two-sided 95 %.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from reassure.errors import InputError, Problem

Z_95 = 1.959964
PER = 10_000
"""Rates are per so many people of the same religion."""


def percent(count: int, base: int) -> float | None:
    """
    `100 * count / base`, unrounded; None (not shown) for an empty base.

    Examples
    --------
    >>> round(percent(3530, 7446), 6)
    47.408004
    """
    return 100 * count / base if base else None


def rounded(value: float | Fraction) -> int:
    """
    A number as it is printed: once, half away from zero. Never feed it a number that was rounded before.

    Examples
    --------
    >>> rounded(2.5248), rounded(0.2552), rounded(-2.5), rounded(0.5)
    (3, 0, -3, 1)
    """
    exact = Fraction(value)
    whole, rest = divmod(abs(exact), 1)
    size = int(whole) + (rest >= Fraction(1, 2))
    return size if exact >= 0 else -size


@dataclass(frozen=True, slots=True)
class BaseInterval:
    """The bases that a count and its printed percentage allow: above `above`, up to `most` (None: no end)."""

    above: float
    most: float | None

    def __contains__(self, base: object) -> bool:
        """Whether a base would have been printed with that percentage."""
        return isinstance(base, int | float) and base > self.above and (self.most is None or base <= self.most)


def implied_base(count: int, percent_shown: int) -> BaseInterval:
    """
    The half-open interval `(100 count / (p + 0.5), 100 count / (p - 0.5)]`; p = 0 has no upper end.

    It shows that a headline is not the base of a printed percentage.

    Examples
    --------
    >>> 10_484 in implied_base(3282, 33), 10_050 in implied_base(3282, 33)
    (False, True)
    """
    if count < 0 or percent_shown < 0:
        raise InputError([Problem("percent_shown", str(percent_shown), "a count and a percentage of 0 or more")])
    above = 100 * count / (percent_shown + 0.5)
    return BaseInterval(above, 100 * count / (percent_shown - 0.5) if percent_shown else None)


@dataclass(frozen=True, slots=True)
class Interval:
    """Lower and upper limit, in the unit of what it belongs to."""

    low: float
    high: float


def byar(count: int, *, z: float = Z_95) -> Interval:
    """
    Byar's interval of a count: how far it may vary by chance alone.

    Examples
    --------
    >>> limits = byar(117)
    >>> round(limits.low, 2), round(limits.high, 2)
    (96.76, 140.22)
    """
    if count < 0:
        raise InputError([Problem("count", str(count), "0 or more")])
    low = count * (1 - 1 / (9 * count) - z / (3 * sqrt(count))) ** 3 if count else 0.0
    more = count + 1
    return Interval(low, more * (1 - 1 / (9 * more) + z / (3 * sqrt(more))) ** 3)


@dataclass(frozen=True, slots=True)
class Rate:
    """Offences per 10,000 people of a religion, with its interval."""

    per_10_000: float
    interval: Interval


def rate(count: int, population: int | None) -> Rate | None:
    """The rate of a count; None (not shown) where there is no population (the City of London in the census file)."""
    if not population:
        return None
    limits = byar(count)
    scale = PER / population
    return Rate(count * scale, Interval(limits.low * scale, limits.high * scale))


def rates(counts: Mapping[str, int], population: Mapping[str, int]) -> dict[str, Rate | None]:
    """Rates of areas or religions, in the order of their names: listed, never ranked."""
    return {name: rate(counts[name], population.get(name)) for name in sorted(counts)}
