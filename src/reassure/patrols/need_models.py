"""Two versions of the need model side by side: which communities and areas would gain or lose by the change.

Rules: what has to be read before a new version is approved. Scores of the past keep their version; comparing changes
none of them. Elsewhere: the models and the formula (`points`), fairness of a plan (`fairness`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reassure.errors import InputError, Problem
from reassure.faiths import CODES
from reassure.patrols.points import NeedInputs, NeedModel, score
from reassure.places.place import Place

LEAST_SHOWN = 5
"""Places of a group from which its row is shown."""


@dataclass(frozen=True, slots=True)
class ModelChange:
    """
    What one group would gain or lose, in points.

    Parameters
    ----------
    by, group
        faith and its code, or area and the code of a police area.
    n
        Places; `n_gain` and `n_lose` of their visits get more points, or fewer.
    mean_before, mean_after
        Mean points of a visit under the two models.
    """

    by: str
    group: str
    n: int
    n_visits: int
    n_gain: int
    n_lose: int
    mean_before: float
    mean_after: float

    @property
    def mean_change(self) -> float:
        """Mean points gained; below 0 for a loss."""
        return self.mean_after - self.mean_before


def compare_models(
    a: NeedModel, b: NeedModel, inputs: Iterable[NeedInputs], *, places: Mapping[str, Place]
) -> tuple[ModelChange, ...]:
    """
    Who gains and who loses when model `b` takes the place of `a`, faiths first, each from the greatest loss.

    A place of several faiths counts in each, one without in `unknown`; groups of fewer than five places are left out.

    Raises
    ------
    InputError
        When a place of the inputs is none of `places`.
    """
    groups: dict[tuple[str, str], list[tuple[str, int, int]]] = {}
    missing = set()
    for one in inputs:
        if (place := places.get(one.place_ref)) is None:
            missing.add(one.place_ref)
            continue
        row = (one.place_ref, score(one, a).points, score(one, b).points)
        for code in place.faiths & set(CODES) or {"unknown"}:
            groups.setdefault(("faith", code), []).append(row)
        if place.area_code:
            groups.setdefault(("area", place.area_code), []).append(row)
    if missing:
        raise InputError(Problem("place_ref", ref, "a place of the register") for ref in sorted(missing))
    changes = [_change(by, group, rows) for (by, group), rows in groups.items()]
    shown = (change for change in changes if change.n >= LEAST_SHOWN)
    return tuple(sorted(shown, key=lambda c: (c.by != "faith", round(c.mean_change, 9), c.group)))


def _change(by: str, group: str, rows: Sequence[tuple[str, int, int]]) -> ModelChange:
    return ModelChange(
        by=by,
        group=group,
        n=len({ref for ref, _, _ in rows}),
        n_visits=len(rows),
        n_gain=sum(after > before for _, before, after in rows),
        n_lose=sum(after < before for _, before, after in rows),
        mean_before=sum(before for _, before, _ in rows) / len(rows),
        mean_after=sum(after for _, _, after in rows) / len(rows),
    )
