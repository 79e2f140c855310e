"""A generated police area to try things with: about 120 places of worship that nobody has ever seen.

Rules: everything comes from one seed and one date, so that two machines show the same area. It stands in the
open North Sea, 140 km from any real place of worship, so that no invented building lies on a real one; its code is
none of a police force. One town, suburbs, villages; all faiths; and on purpose the flaws of real registers: a name
spelt twice, a place without a name, three prayer rooms in one hospital, a closed house, one that wants no visit.
Elsewhere: the words (`demo_names`), the day (`demo_day`), the files a planner would have (`demo_inputs`).
"""

from dataclasses import dataclass, replace
from datetime import date
from math import cos, pi, radians, sin
from random import Random

from reassure.files.demo_names import MARK, SUBURBS, TOWN, VILLAGES, PlaceNames, postcode, streets
from reassure.forces import DEMO_FORCE
from reassure.geo import EARTH_RADIUS_M, Point, distance_m
from reassure.places.place import Place
from reassure.places.sources import FACT_FIELDS, RANK_OPEN, Origin, observed
from reassure.provenance import Source

AREA_CODE, AREA_NAME = DEMO_FORCE.area_code, DEMO_FORCE.area_name
CENTRE = Point(55.6, 1.0)
"""Open North Sea, about 160 km off Northumberland."""

DEMO_DAY = date(2026, 11, 27)
"""A Friday outside any festival: Jumu'ah at noon, Shabbat from sunset."""

SOURCE = Source(
    ref="demo",
    title="Generated demo area of Reassure",
    licence="CC0-1.0",
    attribution="Generated demo data; it describes no real place, person or event",
)
APART_M = 130.0
"""Two generated places are never nearer than this unless the demo wants them to look like one."""

MIX: dict[str, dict[str, int]] = {
    "town": {
        "muslim": 15,
        "christian": 7,
        "jewish": 3,
        "hindu": 3,
        "sikh": 3,
        "buddhist": 2,
        "other": 1,
        "unknown": 1,
        "multifaith": 1,
    },
    "suburb": {
        "muslim": 22,
        "christian": 12,
        "sikh": 5,
        "hindu": 5,
        "jewish": 4,
        "buddhist": 2,
        "other": 2,
        "unknown": 2,
    },
    "village": {"christian": 16, "muslim": 8, "unknown": 2, "hindu": 1, "jewish": 1, "buddhist": 1, "other": 1},
}
"""How many places of each faith stand in each kind of settlement: 36, 54 and 30. Invented, no real town's."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """A town, suburb or village: a disc of streets."""

    name: str
    kind: str
    number: int
    centre: Point
    radius_m: float
    streets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DemoGround:
    """
    The generated area without its day.

    Parameters
    ----------
    outline
        Corners of the area in order, the first again at the end.
    places
        In the order of their refs.
    """

    outline: tuple[Point, ...]
    settlements: tuple[Settlement, ...]
    places: tuple[Place, ...]


def demo_ground(rng: Random, on: date) -> DemoGround:
    """The area, its settlements and its places, from a generator of the caller's; `on` dates what is known."""
    settlements = _settlements(rng)
    names = PlaceNames(rng)
    slots = [(s, faith) for s, faith in _slots(rng, settlements)]
    places: list[Place] = []
    for number, (settlement, faith) in enumerate(slots, start=1):
        point = _free_point(rng, settlement, [p.point for p in places])
        places.append(_place(rng, names, number, settlement, faith, point))
    origins = {field: Origin(SOURCE.ref, RANK_OPEN, on.replace(day=1)) for field in FACT_FIELDS}
    told = tuple(observed(place, origins) for place in _with_flaws(places, on))
    return DemoGround(_outline(rng), settlements, told)


def shifted(origin: Point, east_m: float, north_m: float) -> Point:
    """The point so many metres east and north, to six decimals of a degree (0.1 m)."""
    lat = origin.lat_deg + north_m / EARTH_RADIUS_M * 180 / pi
    lon = origin.lon_deg + east_m / (EARTH_RADIUS_M * cos(radians(origin.lat_deg))) * 180 / pi
    return Point(round(lat, 6), round(lon, 6))


def _polar(origin: Point, angle_rad: float, away_m: float) -> Point:
    return shifted(origin, away_m * cos(angle_rad), away_m * sin(angle_rad))


def _outline(rng: Random) -> tuple[Point, ...]:
    n_corners = 24
    ring = [_polar(CENTRE, 2 * pi * i / n_corners, rng.uniform(14_800, 17_000)) for i in range(n_corners)]
    return (*ring, ring[0])


def _settlements(rng: Random) -> tuple[Settlement, ...]:
    made = [Settlement(TOWN, "town", 1, CENTRE, 2_600, streets(rng, 22))]
    for ring, (names, kind, near_m, far_m, radius_m, n_streets) in enumerate(
        ((SUBURBS, "suburb", 5_000, 6_800, 1_500, 9), (VILLAGES, "village", 10_000, 12_600, 850, 5))
    ):
        turn = rng.uniform(0, 2 * pi)
        for i, name in enumerate(names):
            angle = turn + 2 * pi * (i + rng.uniform(-0.2, 0.2)) / len(names)
            centre = _polar(CENTRE, angle, rng.uniform(near_m, far_m))
            number = len(made) + 1
            made.append(Settlement(name, kind, number, centre, radius_m * (1 + 0.1 * ring), streets(rng, n_streets)))
    return tuple(made)


def _slots(rng: Random, settlements: tuple[Settlement, ...]) -> list[tuple[Settlement, str]]:
    slots = []
    for kind, mix in MIX.items():
        faiths = [faith for faith, n in mix.items() for _ in range(n)]
        rng.shuffle(faiths)
        homes = [s for s in settlements if s.kind == kind]
        slots += [(homes[i % len(homes)], faith) for i, faith in enumerate(faiths)]
    return sorted(slots, key=lambda slot: slot[0].number)


def _free_point(rng: Random, settlement: Settlement, taken: list[Point]) -> Point:
    spread = 1.0
    while True:
        away_m = settlement.radius_m * spread * rng.random() ** 0.6
        point = _polar(settlement.centre, rng.uniform(0, 2 * pi), away_m)
        if all(distance_m(point, other) >= APART_M for other in taken):
            return point
        spread = min(spread + 0.01, 2.0)


def _place(rng: Random, names: PlaceNames, number: int, settlement: Settlement, faith: str, point: Point) -> Place:
    street = rng.choice(settlement.streets)
    faiths = {"unknown": frozenset[str](), "multifaith": frozenset({"christian", "hindu", "muslim"})}
    is_outline = rng.random() < 0.6
    code = postcode(settlement.number, rng)
    return Place(
        ref=f"demo-{number:03d}",
        name=names.name(faith, street, settlement.name),
        faiths=faiths.get(faith, frozenset({faith})),
        point=point,
        precision_m=30.0 if is_outline else 10.0,
        address=f"{rng.randint(1, 180)} {street}, {settlement.name}",
        postcode=code,
        nearest_postcode=code,
        area_code=AREA_CODE,
        area_by="polygon",
        setting=rng.choices(("own_building", "shared_building", "unknown"), (8, 1, 3))[0],
        size_m2=float(rng.randint(90, 1_400)) if is_outline else None,
        status=rng.choices(("active", "unknown"), (7, 3))[0],
        external_ids=(("demo", f"generated/{number}"),),
    )


def _with_flaws(places: list[Place], on: date) -> list[Place]:
    """The places with what real registers have: doubles, gaps, hospital rooms, a cemetery, a closed house."""
    by_faith: dict[str, list[int]] = {}
    for i, place in enumerate(places):
        by_faith.setdefault(min(place.faiths) if len(place.faiths) == 1 else "", []).append(i)
    changed = list(places)
    christian, muslim, jewish = by_faith["christian"], by_faith["muslim"], by_faith["jewish"]
    _hospital(changed, muslim[0], (christian[0], by_faith[""][0]))
    _double(changed, kept=muslim[1], other=muslim[2], east_m=24)
    _double(changed, kept=christian[1], other=christian[2], east_m=38)
    first, second = by_faith["sikh"][:2]
    changed[second] = replace(changed[second], name="", point=shifted(changed[first].point, 0, 21))
    for i in (muslim[5], christian[7], by_faith["hindu"][1]):
        changed[i] = replace(changed[i], name="")
    changed[christian[-1]] = replace(
        changed[christian[-1]],
        name=f"Invented Lane Cemetery Chapel {MARK}",
        setting="cemetery",
        profile="none",
        flags=("no_services_expected",),
    )
    changed[muslim[-1]] = replace(changed[muslim[-1]], status="closed", valid_to=on.replace(day=1))
    changed[christian[3]] = replace(changed[christian[3]], profile="saturday")
    changed[christian[4]] = replace(changed[christian[4]], profile="orthodox", name=f"Ναός Παραδείγματος {MARK}")
    changed[muslim[3]] = replace(changed[muslim[3]], other_names=(f"مسجد المثال {MARK}",))
    changed[christian[5]] = replace(
        changed[christian[5]], name=f"Capel Enghraifft & Sampl {MARK}", setting="university"
    )
    changed[jewish[1]] = replace(
        changed[jewish[1]], setting="shared_building", faiths=frozenset({"christian", "jewish"})
    )
    changed[muslim[6]] = replace(
        changed[muslim[6]],
        entrances=(("main", changed[muslim[6]].point), ("women", shifted(changed[muslim[6]].point, 18, 6))),
    )
    return changed


def _hospital(places: list[Place], first: int, others: tuple[int, ...]) -> None:
    """Three prayer rooms of different faiths in one building, 11 m apart."""
    home = replace(places[first], name=f"Exampleton Hospital Muslim Prayer Room {MARK}", setting="hospital")
    places[first] = home
    for n, i in enumerate(others, start=1):
        what = "Chapel" if places[i].faiths == frozenset({"christian"}) else "Multifaith Room"
        places[i] = replace(
            places[i],
            name=f"Exampleton Hospital {what} {MARK}",
            point=shifted(home.point, 11.0 * n, 0),
            address=home.address,
            postcode=home.postcode,
            nearest_postcode=home.nearest_postcode,
            setting="hospital",
        )


def _double(places: list[Place], *, kept: int, other: int, east_m: float) -> None:
    """One house entered twice: the second with a letter lost from its name and a point beside the first."""
    original = places[kept]
    typo = original.name[:2] + original.name[3:]
    places[other] = replace(
        places[other],
        name=typo,
        point=shifted(original.point, east_m, 0),
        address=original.address,
        postcode="",
        nearest_postcode=original.nearest_postcode,
    )
