"""The draw of single places, without travel: which chances are best, and what a floor costs.

Rules: chances follow need as evenly as a permitted loss allows, nobody below the floor, must-visits always. The
draw is Madow's systematic one over an order that a hash gives, so that anyone with the seed repeats it. It is
the reference for the draw of whole plans (`lottery`) and serves what needs no route: calls and surgeries.
Source: docs/rooms/patrols-lottery.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import exp, floor, sqrt

from reassure.errors import InputError, Problem, RuleError

FLOOR_CHANCE = 0.10
"""Least chance of a visit for an eligible place (our choice)."""

LOSS_SHARE = 0.03
"""Part of the best value that a draw may cost on average (our choice)."""

SLOT_MIN = 10
"""Minutes from one possible start to the next."""

_BISECTIONS = 200
_LAM_MOST = 1e4


@dataclass(frozen=True, slots=True)
class Chances:
    """
    Chances of a visit, by place in the order given.

    Parameters
    ----------
    lam
        Spread, in need points: small follows need sharply, large evenly.
    best, expected
        Sum of need of the best choice, and on average over draws.
    """

    chances: tuple[float, ...]
    lam: float
    mu: float
    best: float
    expected: float

    @property
    def kept_share(self) -> float:
        """Part of the best value that a draw keeps on average; 1 where there is no value."""
        return self.expected / self.best if self.best else 1.0


def single_chances(
    values: Sequence[float],
    n_visits: int,
    *,
    must: frozenset[int] = frozenset(),
    floor_chance: float = FLOOR_CHANCE,
    lam: float,
) -> Chances:
    """
    Chances at a given spread: `max(floor, 1/(1 + exp(-(v - mu)/lam)))`, with mu such that they sum to `n_visits`.

    Parameters
    ----------
    values
        Need of each place; places that opted out are not in the list.
    must
        Indices of the places that are visited whatever is drawn.

    Raises
    ------
    InputError
        A need that is negative or no number, a floor outside 0 to 1, a spread of 0 or less.
    RuleError
        More must-visits than visits, or a floor that needs more visits than are left.
    """
    _refuse(values, n_visits, must, floor_chance, lam)
    free = [i for i in range(len(values)) if i not in must]
    left = n_visits - len(must)
    mu = float("nan")
    chances = [1.0] * len(values)
    if left < len(free):
        mu = _centre([values[i] for i in free], left, floor_chance, lam)
        for i in free:
            chances[i] = max(floor_chance, _logistic((values[i] - mu) / lam))
    expected = sum(p * v for p, v in zip(chances, values, strict=True))
    return Chances(tuple(chances), lam, mu, _best(values, n_visits, must), expected)


def widest_chances(
    values: Sequence[float],
    n_visits: int,
    *,
    must: frozenset[int] = frozenset(),
    floor_chance: float = FLOOR_CHANCE,
    loss_share: float = LOSS_SHARE,
) -> Chances:
    """
    The chances with the widest spread that keep `(1 - loss_share)` of the best value on average.

    Raises
    ------
    RuleError
        Besides those of `single_chances`: the floor alone costs more than was allowed.
    """
    _refuse(values, n_visits, must, floor_chance, 1.0)
    best = _best(values, n_visits, must)
    kept = floor_value(values, n_visits, must=must, floor_chance=floor_chance)
    least = (1.0 - loss_share) * best
    if kept < least - 1e-9 * max(1.0, best):
        cost = 100.0 * (1.0 - kept / best)
        raise RuleError(f"The floor alone costs {cost:.1f} %; at most {100.0 * loss_share:.1f} % was allowed.")
    low, high = 1e-6, _LAM_MOST
    if single_chances(values, n_visits, lam=high, must=must, floor_chance=floor_chance).expected >= least:
        low = high
    else:
        for _ in range(60):
            middle = sqrt(low * high)
            found = single_chances(values, n_visits, lam=middle, must=must, floor_chance=floor_chance)
            low, high = (middle, high) if found.expected >= least else (low, middle)
    return single_chances(values, n_visits, lam=low, must=must, floor_chance=floor_chance)


def places_beyond_floor(n_places: int, n_visits: int, n_must: int = 0, floor_chance: float = FLOOR_CHANCE) -> float:
    """
    How many of the best places can be visited for certain when every other has the floor: `(k - floor n)/(1 - floor)`.

    Parameters
    ----------
    n_places
        All places, must-visits too.

    Examples
    --------
    >>> places_beyond_floor(1_800, 900), round(places_beyond_floor(60, 25), 2)
    (800.0, 21.11)
    """
    n, k = n_places - n_must, n_visits - n_must
    return n if k >= n else (k - floor_chance * n) / (1.0 - floor_chance)


def floor_value(
    values: Sequence[float],
    n_visits: int,
    *,
    must: frozenset[int] = frozenset(),
    floor_chance: float = FLOOR_CHANCE,
) -> float:
    """The most value on average with the floor alone: the best places for certain, the others at the floor."""
    left = places_beyond_floor(len(values), n_visits, len(must), floor_chance)
    total = sum(values[i] for i in must)
    for value in sorted((v for i, v in enumerate(values) if i not in must), reverse=True):
        share = min(1.0, max(0.0, left))
        total += value * (share + (1.0 - share) * floor_chance)
        left -= 1.0
    return total


def draw_seed(declaration: str, force: str, on: str, salt: str) -> str:
    """
    The seed of a draw, 64 hex digits, from what is known to all and the sealed salt.

    Examples
    --------
    >>> draw_seed("D-7", "west-midlands", "2019-03-15", "test-salt")[:16]
    '2adf8b20c7b49a4a'
    """
    return sha256(f"{declaration}|{force}|{on}|{salt}".encode()).hexdigest()


def hash_share(text: str) -> float:
    """The SHA-256 of a text as a share of 2^256: 0 or more, under 1."""
    return min(int(sha256(text.encode()).hexdigest(), 16) / 2**256, 1.0 - 2.0**-53)


def single_draw(refs: Sequence[str], chances: Sequence[float], seed: str) -> tuple[str, ...]:
    """
    Draw places: exactly `sum(chances)` distinct ones, each with exactly its chance (Madow's systematic draw).

    Parameters
    ----------
    chances
        0 to 1 each, their sum a whole number.

    Returns
    -------
    tuple[str, ...]
        In the order of the draw: that of the SHA-256 of `seed|ref`.
    """
    chance = dict(zip(refs, chances, strict=True))
    n = round(sum(chances))
    u = hash_share(f"{seed}|start")
    drawn: list[str] = []
    total = 0.0
    order = draw_order(refs, seed)
    for ref in order:
        total += chance[ref]
        if len(drawn) < n and total > u + len(drawn):
            drawn.append(ref)
    if len(drawn) < n:  # the last sum fell short of a whole number by rounding
        drawn += [ref for ref in reversed(order) if ref not in drawn][: n - len(drawn)]
    return tuple(drawn)


def draw_order(refs: Sequence[str], seed: str) -> tuple[str, ...]:
    """The places in the order of the SHA-256 of `seed|ref`."""
    return tuple(sorted(refs, key=lambda ref: (sha256(f"{seed}|{ref}".encode()).hexdigest(), ref)))


def n_start_slots(first_start_min: int, last_start_min: int) -> int:
    """
    How many 10-minute starts there are from the first to the last, both allowed; minutes of the day.

    Examples
    --------
    >>> n_start_slots(12 * 60 + 15, 14 * 60 + 35)
    15
    """
    return max(0, (last_start_min - first_start_min) // SLOT_MIN + 1)


def start_slot(seed: str, ref: str, n_slots: int) -> int:
    """Which of the starts a place gets, from 0."""
    return floor(hash_share(f"{seed}|{ref}|slot") * n_slots)


def thinned_shares(before: Sequence[float], after: Sequence[float]) -> tuple[float, ...]:
    """
    With which chance each drawn contact is kept when chances fall: `min(1, c after/before)`, c so that the sum fits.

    Parameters
    ----------
    before, after
        Chances of each drawn contact, before and after; `before` above 0.

    Returns
    -------
    tuple[float, ...]
        Their sum is the number of contacts that are kept: `round(sum(after/before))`, at most all.
    """
    ratios = [b / a for a, b in zip(before, after, strict=True)]
    n_kept = min(len(ratios), round(sum(ratios)))
    if n_kept == len(ratios):
        return (1.0,) * len(ratios)
    low, high = 0.0, len(ratios) / max(1e-12, min((r for r in ratios if r > 0), default=1.0)) + 1.0
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(min(1.0, middle * r) for r in ratios) < n_kept else (low, middle)
    return tuple(min(1.0, high * r) for r in ratios)


def thinned_draw(chances: Mapping[str, tuple[float, float]], seed: str) -> tuple[str, ...]:
    """The contacts that are kept, from the (chance before, chance after) of each that was drawn."""
    refs = tuple(chances)
    shares = thinned_shares([chances[r][0] for r in refs], [chances[r][1] for r in refs])
    return single_draw(refs, shares, f"{seed}|replan-1")


def _centre(values: Sequence[float], total: float, floor_chance: float, lam: float) -> float:
    low, high = min(values) - 60.0 * lam, max(values) + 60.0 * lam
    for _ in range(_BISECTIONS):
        mu = (low + high) / 2
        is_over = sum(max(floor_chance, _logistic((v - mu) / lam)) for v in values) > total
        low, high = (mu, high) if is_over else (low, mu)
    return (low + high) / 2


def _logistic(x: float) -> float:
    if x >= 0:
        return 1.0 / (1.0 + exp(-min(x, 700.0)))
    return exp(max(x, -700.0)) / (1.0 + exp(max(x, -700.0)))


def _best(values: Sequence[float], n_visits: int, must: frozenset[int]) -> float:
    others = sorted((v for i, v in enumerate(values) if i not in must), reverse=True)
    return sum(values[i] for i in must) + sum(others[: max(0, n_visits - len(must))])


def _refuse(values: Sequence[float], n_visits: int, must: frozenset[int], floor_chance: float, lam: float) -> None:
    found = [Problem("need", str(v), "0 or more") for v in values if not 0.0 <= v < float("inf")]
    if not 0.0 <= floor_chance <= 1.0:
        found.append(Problem("floor_chance", str(floor_chance), "0 to 1"))
    if not 0.0 < lam < float("inf"):
        found.append(Problem("lam", str(lam), "more than 0"))
    if found:
        raise InputError(found)
    left = n_visits - len(must)
    if left < 0:
        raise RuleError(f"{len(must)} visits are fixed but only {n_visits} fit.")
    n_free = len(values) - len(must)
    needed = floor_chance * n_free
    if left < n_free and needed > left + 1e-9:
        raise RuleError(f"The floor needs {-int(-needed // 1)} visits; {left} are left.")
