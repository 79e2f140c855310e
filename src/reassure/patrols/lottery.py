"""The draw of one whole plan from many good ones, so that no plan can be foretold and no place is left out for good.

Rules: who may be drawn and how likely (`lottery_pool`, `lottery_weights`), how the drawn plan follows from a sealed
seed, how starts move inside their slack, and what is reported: chances, value, prices, how well an observer
could guess. The same problem, best plan, seed and salt give the same plan. Source: docs/rooms/patrols-lottery.md.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from statistics import median
from typing import Any

import numpy as np

from reassure.patrols.lottery_pool import Sampled, sample
from reassure.patrols.lottery_shifts import shifted_plan
from reassure.patrols.lottery_weights import MILLION, entropy_bits, most_value
from reassure.patrols.problem import PatrolProblem, Plan
from reassure.patrols.single_lottery import FLOOR_CHANCE, LOSS_SHARE, draw_seed, hash_share

SLOT_S = 600
N_FRIDAYS = 3
"""A pattern counts as repeated when a place has a visit in the same ten minutes on so many Fridays running."""


@dataclass(frozen=True, slots=True)
class Salt:
    """The part of a draw's seed that is kept sealed; with one that is not secret the draw is a rehearsal."""

    text: str
    is_rehearsal: bool = False


@dataclass(frozen=True, slots=True)
class LotteryTerms:
    """
    How a plan is drawn.

    Parameters
    ----------
    declaration, force, on
        What the seed is made of besides the salt; the declaration is `none` where there is none.
    salt
        Sealed until the day after, so that nobody can work out the draw before.
    floor_chance
        Least chance of a visit for each place that some unit could visit.
    loss_share
        Part of the best value that a draw may cost on average.
    """

    declaration: str
    force: str
    on: str
    salt: Salt
    floor_chance: float = FLOOR_CHANCE
    loss_share: float = LOSS_SHARE


@dataclass(frozen=True)
class Drawn:
    """
    A drawn plan, and how it was drawn.

    Parameters
    ----------
    report
        The `lottery` object of the plan document.
    chances
        Chance of a visit by (place_ref, occasion_ref); the occasion is empty for a place without one.
    """

    plan: Plan
    report: Mapping[str, Any]
    chances: Mapping[tuple[str, str], float]


def draw_plan(
    problem: PatrolProblem,
    best: Plan,
    terms: LotteryTerms,
    *,
    seed: int,
    progress: Callable[[str], None] | None = None,
) -> Drawn:
    """
    Draw one plan, and say how.

    Parameters
    ----------
    best
        The best plan found; its search record goes on to the drawn plan.
    seed
        Of the search that samples plans; what is drawn among them follows from the salt.
    """
    sampled = sample(
        problem,
        best,
        seed=seed,
        floor_chance=terms.floor_chance,
        loss_share=terms.loss_share,
        progress=progress,
    )
    sealed = draw_seed(terms.declaration, terms.force, terms.on, terms.salt.text)
    number = drawn_number(sampled.weights.millionths.tolist(), sealed)
    drawn = shifted_plan(problem, sampled.pool.plans[number], sealed)
    drawn = Plan(drawn.routes, drawn.n_must_served, drawn.prize, drawn.travel_s, best.search)
    return Drawn(drawn, report(problem, best, sampled, terms), _visit_chances(problem, sampled))


def drawn_number(millionths: list[int], seed: str) -> int:
    """
    Which plan is drawn, from 0: the first whose running sum of weights passes the SHA-256 of `seed|plan`.

    Examples
    --------
    >>> drawn_number([0, 1_000_000, 0], "any")
    1
    """
    mark = hash_share(f"{seed}|plan") * MILLION
    total = 0
    for number, weight in enumerate(millionths):
        total += weight
        if total > mark:
            return number
    return max(i for i, weight in enumerate(millionths) if weight)


def report(problem: PatrolProblem, best: Plan, sampled: Sampled, terms: LotteryTerms) -> dict[str, Any]:
    """The `lottery` object of the plan document."""
    weights, values = sampled.weights.millionths, sampled.pool.values
    chances = sampled.chances
    certain = _certain(problem, best)
    asked = [i for i in np.flatnonzero(sampled.floors > 0).tolist() if i not in certain]
    expected = float(weights @ values) / MILLION
    with_floor = most_value(values, sampled.pool.visits, sampled.floors)
    bits = entropy_bits(weights)
    top = max(1, best.prize)
    unmet = [problem.site_refs[i] for i in asked if chances[i] < terms.floor_chance]
    found: dict[str, Any] = {
        "is_rehearsal": terms.salt.is_rehearsal,
        "drawn_from": f"{terms.declaration}|{terms.force}|{terms.on}",
        "commitment": sha256(terms.salt.text.encode()).hexdigest(),
        "floor": terms.floor_chance,
        "loss_share": terms.loss_share,
        "best": best.prize,
        "expected": round(expected),
        "worst": int(values[weights > 0].min()),
        "floor_price": round(max(0.0, best.prize - with_floor) / top, 4),
        "unpredictability_price": round(max(0.0, min(with_floor, best.prize) - expected) / top, 4),
        "n_plans": int((weights > 0).sum()),
        "entropy_bits": round(bits, 2),
        "effective_plans": round(float(2.0**bits), 1),
        "next_stop_share": round(next_stop_share(problem, sampled), 4),
        "slot_repeat_share": round(slot_repeat_share(problem, sampled, asked), 5),
        "chance_min": round(float(min((chances[i] for i in asked), default=1.0)), 4),
        "chance_median": round(float(median([chances[i] for i in asked] or [1.0])), 4),
        "chances": [
            {"place_ref": ref, "chance": round(float(chances[i]), 4)} for i, ref in enumerate(problem.site_refs)
        ],
        "below_floor": unmet,
        "heat": round(sampled.heat, 4),
        "rounds": sampled.n_bonus_rounds,
        "steps": sampled.n_steps,
    }
    return {**found, "text": lottery_words(found)}


def lottery_words(found: Mapping[str, Any]) -> str:
    """What a draw means, in sentences; `found` is the `lottery` object of a plan document."""
    best = max(1, found["best"])
    words = [
        f"Drawn by lot from {found['n_plans']:,} plans.",
        f"A draw earns {found['expected'] / 100:,.0f} points on average and {found['worst'] / 100:,.0f} at the worst, "
        f"of {found['best'] / 100:,.0f} for the best plan ({100 * found['expected'] / best:.1f} % and "
        f"{100 * found['worst'] / best:.1f} %).",
        f"Fairness (the floor) costs {100 * found['floor_price']:.1f} %, "
        f"unpredictability {100 * found['unpredictability_price']:.1f} %.",
        f"The least chance of a visit, of the places that a unit could visit, is {100 * found['chance_min']:.0f} %; "
        f"the middle one is {100 * found['chance_median']:.0f} %.",
        f"Somebody who knew all of this would foretell a unit's next stop {100 * found['next_stop_share']:.0f} % "
        "of the time.",
    ]
    if found["below_floor"]:
        n = len(found["below_floor"])
        words.append(
            f"{n} {'place has' if n == 1 else 'places have'} a chance below the floor of {100 * found['floor']:.0f} %: "
            "no plan was found that visits them without costing more than was allowed."
        )
    if found["is_rehearsal"]:
        words.append("This is a rehearsal: the draw follows from a number that is not secret.")
    return " ".join(words)


def next_stop_share(problem: PatrolProblem, sampled: Sampled) -> float:
    """
    How often the likeliest next stop of a unit is the right guess, for somebody who knows the pool and where it is.

    Over every journey to a visit; 1 where one plan is certain, 0 where nobody goes anywhere.
    """
    seen: dict[tuple[int, int], dict[int, int]] = {}
    for weight, plan in zip(sampled.weights.millionths.tolist(), sampled.pool.plans, strict=True):
        for route in plan.routes if weight else ():
            here = -1
            for stop in route.stops:
                site = problem.options[stop.option].site
                onward = seen.setdefault((route.shift, here), {})
                onward[site] = onward.get(site, 0) + weight
                here = site
    total = sum(sum(onward.values()) for onward in seen.values())
    return sum(max(onward.values()) for onward in seen.values()) / total if total else 0.0


def slot_repeat_share(problem: PatrolProblem, sampled: Sampled, sites: list[int]) -> float:
    """Mean share of places with a visit in the same ten minutes in three draws, before starts are shifted."""
    seen: dict[tuple[int, int], int] = {}
    for weight, plan in zip(sampled.weights.millionths.tolist(), sampled.pool.plans, strict=True):
        for route in plan.routes if weight else ():
            for stop in route.stops:
                key = (problem.options[stop.option].site, stop.start_s // SLOT_S)
                seen[key] = seen.get(key, 0) + weight
    chosen = set(sites)
    total = sum(weight**N_FRIDAYS / MILLION**N_FRIDAYS for (site, _), weight in seen.items() if site in chosen)
    return total / len(chosen) if chosen else 0.0


def _visit_chances(problem: PatrolProblem, sampled: Sampled) -> dict[tuple[str, str], float]:
    total: dict[tuple[str, str], int] = {}
    for weight, plan in zip(sampled.weights.millionths.tolist(), sampled.pool.plans, strict=True):
        options = (problem.options[stop.option] for route in plan.routes for stop in route.stops)
        for key in {(problem.site_refs[option.site], option.occasion_ref) for option in options}:
            total[key] = total.get(key, 0) + weight
    return {key: weight / MILLION for key, weight in sorted(total.items())}


def _certain(problem: PatrolProblem, best: Plan) -> frozenset[int]:
    """Sites of must-visits and locks that the best plan serves: no draw leaves them out."""
    kept = problem.must | {lock.group for lock in problem.locks}
    return frozenset(
        problem.options[stop.option].site
        for route in best.routes
        for stop in route.stops
        if problem.options[stop.option].group in kept
    )
