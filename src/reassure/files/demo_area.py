"""A generated police area with its day, to see the whole of Reassure without anybody's data.

Rules: one seed and one date give one area, the same on every machine; every name in it says that it is generated.
Elsewhere: ground (`demo_ground`), day (`demo_day`), words (`demo_names`), the files of a planner (`demo_inputs`).
"""

from dataclasses import dataclass
from datetime import date
from random import Random

from reassure.errors import InputError, Problem
from reassure.files.demo_day import (
    demo_declaration,
    demo_facts,
    demo_incidents,
    demo_rules,
    demo_units,
)
from reassure.files.demo_ground import AREA_CODE, AREA_NAME, DEMO_DAY, demo_ground
from reassure.geo import Point
from reassure.occasions.values import Rule
from reassure.patrols.need import PlaceFacts
from reassure.patrols.units import Unit
from reassure.places.place import Place
from reassure.threats.declarations import Declaration
from reassure.threats.incidents import Incident

YEARS = (2000, 2099)
"""Years in which a demo day may lie."""


@dataclass(frozen=True, slots=True)
class DemoArea:
    """
    Everything that a plan of the demo area is made from.

    Parameters
    ----------
    outline
        Corners of the area in order, the first again at the end; every place lies inside.
    """

    seed: int
    on: date
    code: str
    name: str
    outline: tuple[Point, ...]
    places: tuple[Place, ...]
    units: tuple[Unit, ...]
    rules: tuple[Rule, ...]
    facts: tuple[PlaceFacts, ...]
    incidents: tuple[Incident, ...]
    declaration: Declaration


def demo_area(seed: int = 1, on: date | None = None) -> DemoArea:
    """
    The demo area of a seed on a day (Friday 27 November 2026 where none is given).

    Raises
    ------
    InputError
        The seed is negative or the year outside 2000 to 2099.

    Examples
    --------
    >>> area = demo_area(seed=1)
    >>> len(area.places), len(area.units), area.code
    (120, 14, 'DEMO-01')
    """
    day = on or DEMO_DAY
    if seed < 0:
        raise InputError([Problem("seed", str(seed), "0 or more")])
    if not YEARS[0] <= day.year <= YEARS[1]:
        raise InputError([Problem("on", day.isoformat(), "a date from 2000 to 2099")])
    rng = Random(seed)
    ground = demo_ground(rng, day)
    rules = demo_rules(rng, ground, day)
    return DemoArea(
        seed=seed,
        on=day,
        code=AREA_CODE,
        name=AREA_NAME,
        outline=ground.outline,
        places=ground.places,
        units=demo_units(rng, ground, day),
        rules=rules,
        facts=demo_facts(rng, ground, rules, day),
        incidents=demo_incidents(rng, ground, day),
        declaration=demo_declaration(day),
    )
