"""Whether a unit could have made a visit if it did nothing else: the checker's own answer, to judge reasons.

Elsewhere: the reasons that a plan gives (`check_visits`).
"""

from collections.abc import Iterator

from reassure.patrols.check_facts import BreakFact, OptionFact, PlanFacts, UnitFact
from reassure.patrols.check_travel import Node, Travel, nodes_of


class Reach:
    """Answers for one plan; `is_known` is False where a server gave the journeys of the routes and no others."""

    def __init__(self, facts: PlanFacts) -> None:
        self.nodes = nodes_of(facts)
        self.travel = Travel(facts)
        self.units = [u for u in facts.units if u.kind in {"foot", "cycle", "car"}]
        self.is_known = not self.travel.is_given
        self._legs: dict[tuple[str, str, str], int] = {}

    def in_a_shift(self, options: list[OptionFact]) -> bool:
        """Whether some unit is on shift to start and end one of these visits."""
        return any(self._is_on_shift(unit, option) for option in options for unit in self.units)

    def with_skill(self, options: list[OptionFact]) -> bool:
        """Whether some unit on shift for one of these visits can do what it asks for."""
        return any(_has_skill(unit, o) and self._is_on_shift(unit, o) for o in options for unit in self.units)

    def at_all(self, options: list[OptionFact], *, with_breaks: bool) -> bool:
        """Whether some unit could make one of these visits and nothing else, and take its breaks or leave them out."""
        return any(
            _has_skill(unit, o) and self._is_on_shift(unit, o) and self._could(unit, o, with_breaks=with_breaks)
            for o in options
            for unit in self.units
        )

    def _is_on_shift(self, unit: UnitFact, option: OptionFact) -> bool:
        return max(option.earliest, unit.starts_at) <= min(option.latest, unit.ends_at - option.dwell)

    def _could(self, unit: UnitFact, option: OptionFact, *, with_breaks: bool) -> bool:
        place = self.nodes.get(option.place_ref)
        if place is None:
            return False
        there = self._seconds(unit.kind, self.nodes[f"base:{unit.ref}"], place)
        home = self._seconds(unit.kind, place, self.nodes[f"end:{unit.ref}"])
        breaks = tuple(sorted(unit.breaks, key=lambda b: (b.earliest, b.latest))) if with_breaks else ()
        for first, second, third in _splits(breaks):
            free = _rest(unit.starts_at, first)
            if free is None or max(free + there, option.earliest) > option.latest:
                continue
            free = _rest(max(free + there, option.earliest) + option.dwell, second)
            free = None if free is None else _rest(free + home, third)
            if free is not None and free <= unit.ends_at:
                return True
        return False

    def _seconds(self, kind: str, start: Node, end: Node) -> int:
        key = (kind, start.name, end.name)
        if key not in self._legs:
            journey = self.travel.journey(kind, start, end)
            self._legs[key] = 0 if journey is None else journey.fewest_s
        return self._legs[key]


def _has_skill(unit: UnitFact, option: OptionFact) -> bool:
    return not option.skill or option.skill in unit.skills


Breaks = tuple[BreakFact, ...]


def _splits(breaks: Breaks) -> Iterator[tuple[Breaks, Breaks, Breaks]]:
    """Every way to take breaks, in their order, before leaving, after the visit and when back."""
    n = len(breaks)
    return ((breaks[:i], breaks[i:j], breaks[j:]) for i in range(n + 1) for j in range(i, n + 1))


def _rest(free: int, breaks: Breaks) -> int | None:
    """When a unit that is free at an instant has taken these breaks; None when one cannot start in time."""
    for pause in breaks:
        start = max(free, pause.earliest)
        if start > pause.latest:
            return None
        free = start + pause.length
    return free
