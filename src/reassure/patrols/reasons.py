"""Why a place or an occasion is not visited: one first reason each, in words, and the smallest change.

Rules: the order of the reasons, and what each rests on. A reason that only a trade-off gives is shown with
its price: what would have to go, and what it would take to go there for nothing. Elsewhere: what must-visits
lack (`shortfall`), swaps worked out (`reasons_swaps`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reassure.occasions.values import Occasion
from reassure.patrols.need import PlaceNeed
from reassure.patrols.problem import Option, PatrolProblem, Plan, Shift
from reassure.patrols.reasons_swaps import NEVER_S, cheapest_swap, longer_shift, wider_window
from reassure.patrols.search_arrays import State
from reassure.patrols.search_kernel import SEQ
from reassure.patrols.search_loop import settle
from reassure.patrols.search_model import Model, empty_routes, end_element, make_model, make_state
from reassure.patrols.shortfall import shortfall, shortfall_document
from reassure.periods import london_wall
from reassure.places.place import Place

__all__ = ["REASONS", "Unvisited", "can_serve_alone", "shortfall", "shortfall_document", "unvisited", "unvisited_rows"]

REASONS = (
    "opted_out",
    "gate_closed",
    "other_occasion",
    "no_window",
    "skill",
    "unreachable",
    "barred",
    "outweighed",
)
"""In the order in which they are looked for; the first that holds is the reason."""

MOST_MINUTES = 120
"""A change of shift or window beyond this is not proposed; one more unit is."""


@dataclass(frozen=True, slots=True)
class Unvisited:
    """One place-occasion (or a place without an occasion, `occasion_ref` empty) and why nobody goes there."""

    place_ref: str
    name: str
    occasion_ref: str
    points: int
    is_must: bool
    reason: str
    text: str
    change: str = ""


def unvisited_rows(
    problem: PatrolProblem,
    plan: Plan,
    *,
    places: Sequence[Place],
    needs: Sequence[PlaceNeed],
    occasions: Sequence[Occasion],
    window_starts_at: datetime,
    callsigns: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """What `unvisited` finds, as rows of the plan document."""
    found = unvisited(
        problem,
        plan,
        places=places,
        needs=needs,
        occasions=occasions,
        window_starts_at=window_starts_at,
        callsigns=callsigns,
    )
    return [
        {
            "place_ref": u.place_ref,
            "name": u.name,
            "occasion_ref": u.occasion_ref,
            "points": u.points,
            "is_must": u.is_must,
            "reason": u.reason,
            "text": u.text,
            "change": u.change,
        }
        for u in found
    ]


def unvisited(
    problem: PatrolProblem,
    plan: Plan,
    *,
    places: Sequence[Place],
    needs: Sequence[PlaceNeed],
    occasions: Sequence[Occasion],
    window_starts_at: datetime,
    callsigns: Mapping[str, str] | None = None,
) -> tuple[Unvisited, ...]:
    """
    Every row of `needs` that no visit serves, in its order, with exactly one first reason of `REASONS`.

    Parameters
    ----------
    window_starts_at
        The instant of second 0 of the problem.
    callsigns
        What units are called, by ref; the ref where it is not given.
    """
    words = _Words(window_starts_at, {p.ref: p.title for p in places}, callsigns or {}, problem, needs)
    by_key: dict[tuple[str, str], list[int]] = {}
    for o, option in enumerate(problem.options):
        by_key.setdefault((problem.site_refs[option.site], option.occasion_ref), []).append(o)
    served = {
        (problem.site_refs[option.site], option.occasion_ref): (route.shift, stop.start_s)
        for route in plan.routes
        for stop in route.stops
        for option in [problem.options[stop.option]]
    }
    by_place = {place: visit for (place, _), visit in sorted(served.items())}
    must = {problem.site_refs[problem.group_sites[g]] for g in problem.must}
    whens = {o.ref: o for o in occasions}
    swaps: _Swaps | None = None
    found = []
    for need in needs:
        key = (need.place_ref, need.occasion_ref)
        if key in served:
            continue
        change = ""
        if need.score.gate == "opted_out":
            reason, text = "opted_out", "The place asked for contact only."
        elif need.score.gate == "closed":
            reason, text = "gate_closed", "No occasion in the window, no incident within 7 days, no request."
        elif need.place_ref in by_place:
            reason, text = "other_occasion", words.other_occasion(by_place[need.place_ref])
        elif blocked := _blocked(problem, by_key.get(key, []), words, whens.get(need.occasion_ref)):
            reason, text = blocked
        else:
            swaps = swaps or _Swaps(problem, plan)
            reason = "outweighed"
            text, change = swaps.words(by_key[key], need, words)
        found.append(
            Unvisited(
                need.place_ref,
                words.names.get(need.place_ref, need.place_ref),
                need.occasion_ref,
                need.score.points,
                need.place_ref in must,
                reason,
                text,
                change,
            )
        )
    return tuple(found)


def can_serve_alone(problem: PatrolProblem, shift: Shift, option: Option) -> bool:
    """Whether a unit could make this visit inside its window if it did nothing else but its breaks."""
    matrix = problem.travel[shift.kind]
    out_s = int(matrix[shift.start_node, option.site])
    back_s = int(matrix[option.site, shift.end_node])
    n = len(shift.breaks)
    return any(
        _is_kept(shift, option, out_s, back_s, n_before, n_there)
        for n_before in range(n + 1)
        for n_there in range(n - n_before + 1)
    )


def _is_kept(shift: Shift, option: Option, out_s: int, back_s: int, n_before: int, n_there: int) -> bool:
    """Whether a visit fits with so many breaks before leaving, so many after the visit, the others at the end."""
    t = shift.starts_s
    for i in range(len(shift.breaks) + 1):
        if i == n_before:
            t = max(t + out_s, option.earliest_s)
            if t > option.latest_s:
                return False
            t += option.dwell_s
        if i == n_before + n_there:
            t += back_s
        if i < len(shift.breaks):
            earliest_s, latest_s, length_s = shift.breaks[i]
            t = max(t, earliest_s)
            if t > latest_s:
                return False
            t += length_s
    return t <= shift.ends_s


def _blocked(
    problem: PatrolProblem, options: Sequence[int], words: "_Words", occasion: Occasion | None
) -> tuple[str, str] | None:
    """The reason before any trade-off, in words; None where only a trade-off speaks against a visit."""
    pairs = [
        (problem.options[o], shift)
        for o in options
        for shift in problem.shifts
        if problem.options[o].earliest_s + problem.options[o].dwell_s <= shift.ends_s
        and problem.options[o].latest_s >= shift.starts_s
    ]
    if not pairs:
        return "no_window", words.no_window(occasion)
    able = [(option, shift) for option, shift in pairs if option.skill in {"", *shift.skills}]
    if not able:
        skills = ", ".join(sorted({option.skill for option, _ in pairs}))
        return "skill", f"No unit on shift then has the skill asked for: {skills}."
    if not any(can_serve_alone(problem, shift, option) for option, shift in able):
        return "unreachable", words.unreachable(able)
    if problem.options[options[0]].group in problem.barred:
        return "barred", "The planner barred visits to this place."
    return None


class _Words:
    """Times, places and units as people write them."""

    def __init__(
        self,
        origin: datetime,
        names: Mapping[str, str],
        callsigns: Mapping[str, str],
        problem: PatrolProblem,
        needs: Sequence[PlaceNeed],
    ) -> None:
        self.origin = origin
        self.names = names
        self.callsigns = callsigns
        self.problem = problem
        self.points = {(n.place_ref, n.occasion_ref): n.score.points for n in needs}

    def at(self, seconds: int) -> str:
        """Wall clock in London."""
        return f"{london_wall(self.origin + timedelta(seconds=seconds)):%H:%M}"

    def unit(self, shift: int) -> str:
        """The callsign."""
        ref = self.problem.shifts[shift].unit_ref
        return self.callsigns.get(ref) or ref

    def other_occasion(self, visit: tuple[int, int]) -> str:
        """Where the place is visited instead."""
        return f"The place is visited at another occasion that day, at {self.at(visit[1])} by {self.unit(visit[0])}."

    def no_window(self, occasion: Occasion | None) -> str:
        """When people gather, and when units work."""
        first = self.at(min(s.starts_s for s in self.problem.shifts))
        last = self.at(max(s.ends_s for s in self.problem.shifts))
        if occasion is None:
            return f"No shift has room for a visit; the first starts {first}, the last ends {last}."
        begins, ends = (f"{london_wall(t):%a %H:%M}" for t in (occasion.arrive_from, occasion.gone_by))
        return (
            f"People are there {begins} to {ends}, outside every shift; the first starts {first}, the last ends {last}."
        )

    def unreachable(self, able: Sequence[tuple[Option, Shift]]) -> str:
        """By how many minutes the nearest unit misses."""
        misses = []
        for option, shift in able:
            matrix = self.problem.travel[shift.kind]
            out_s = int(matrix[shift.start_node, option.site])
            start_s = max(shift.starts_s + out_s, option.earliest_s)
            back_s = start_s + option.dwell_s + int(matrix[option.site, shift.end_node])
            misses.append((max(start_s - option.latest_s, back_s - shift.ends_s, 0), shift.unit_ref))
        short_s, ref = min(misses)
        name = self.callsigns.get(ref) or ref
        if short_s == 0:
            return f"No unit can be there inside the window and keep its breaks; the nearest is {name}."
        return f"No unit can be there in time even if it did nothing else; {name} misses by {_minutes(short_s)} min."


class _Swaps:
    """What it would take to add a visit to a plan."""

    def __init__(self, problem: PatrolProblem, plan: Plan) -> None:
        self.problem = problem
        self.model = make_model(problem)
        self.state = _loaded(self.model, plan)
        a = self.model.arrays
        self.of_option: dict[int, list[int]] = {}
        for x, (o, _) in enumerate(self.model.options):
            self.of_option.setdefault(o, []).append(x)
        kept = problem.must | {lock.group for lock in problem.locks}
        self.is_kept: NDArray[np.uint8] = np.array(
            [problem.options[o].group in kept for o, _ in self.model.options], dtype=np.uint8
        )
        self.nothing_kept = np.zeros_like(self.is_kept)
        self.worth = a.prize

    def words(self, options: Sequence[int], need: PlaceNeed, words: _Words) -> tuple[str, str]:
        """Reason and smallest change, in words."""
        a, s = self.model.arrays, self.state
        xs = [x for o in options for x in self.of_option.get(o, [])]
        is_must = any(self.problem.options[o].group in self.problem.must for o in options)
        kept = self.nothing_kept if is_must else self.is_kept
        swaps = [
            (cheapest_swap(s.routes, s.ends, a.may, a.kind, a.travel, a.elements, self.worth, kept, x), x) for x in xs
        ]
        best = min(((swap, x) for swap, x in swaps if swap[1] >= 0), default=None)
        return self._trade(best, need, words), self._change(xs, words)

    def _trade(self, best: tuple[tuple[int, int, int, int, int], int] | None, need: PlaceNeed, words: _Words) -> str:
        if best is None:
            return "The units' time goes to visits with more need; no swap for a few visits makes room."
        (_, r, i, j, start_s), _ = best
        where = f"Would fit {words.unit(self.model.shifts[r])} at {words.at(start_s)}"
        dropped = [int(x) for x in self.state.routes[r, SEQ, i + 1 : j] if x < self.model.n_options]
        if not dropped:
            return f"{where} as it is, for {need.score.points} points."
        parts, total = [], 0
        for x in dropped:
            option = self.problem.options[self.model.options[x][0]]
            ref = self.problem.site_refs[option.site]
            points = words.points.get((ref, option.occasion_ref), option.prize // 100)
            total += points
            parts.append(f"{words.names.get(ref, ref)} ({points})")
        listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
        return f"{where} if it dropped {listed}: {need.score.points} points for {total}."

    def _change(self, xs: Sequence[int], words: _Words) -> str:
        """The smallest change that serves it for nothing."""
        a, s = self.model.arrays, self.state
        longer, wider = (NEVER_S, -1), (NEVER_S, -1)
        for x in xs:
            longer = min(longer, longer_shift(s.routes, s.lengths, s.ends, a.may, a.kind, a.travel, a.elements, x))
            wider = min(wider, wider_window(s.routes, s.ends, a.may, a.kind, a.travel, a.elements, x))
        best = min(longer[0], wider[0])
        if best > MOST_MINUTES * 60:
            return "One more unit."
        if longer[0] == best:
            return f"{words.unit(self.model.shifts[longer[1]])} on shift {_minutes(best)} min longer, or one more unit."
        unit = words.unit(self.model.shifts[wider[1]])
        return f"A window {_minutes(best)} min wider, for {unit}, or one more unit."


def _loaded(model: Model, plan: Plan) -> State:
    """The plan's routes as rows of the search, timed."""
    state = make_state(model, 1)
    at = {o: x for x, (o, _) in enumerate(model.options)}
    by_shift = {route.shift: route for route in plan.routes}
    idle = empty_routes(model)
    for r, shift in enumerate(model.shifts):
        route = by_shift[shift]
        breaks = [x for x in idle[r] if model.n_options <= x < end_element(model, r) - 1]
        rests = {
            n: [breaks[rest.pause] for rest in route.rests if rest.after == n] for n in range(-1, len(route.stops) + 1)
        }
        row = [end_element(model, r) - 1, *rests[-1]]
        for n, stop in enumerate(route.stops):
            row += [at[stop.option], *rests[n]]
        row.append(end_element(model, r))
        state.ends[r] = len(row) - 1
        row += rests[len(route.stops)]
        state.routes[r, 0, : len(row)] = row
        state.lengths[r] = len(row)
    settle(model.arrays, state)
    return state


def _minutes(seconds: int) -> int:
    return -(-seconds // 60)
