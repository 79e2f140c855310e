"""Reading all the files of a day's plan at once, so that every fault of every file is told together."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from reassure.errors import InputError, Problem
from reassure.files.announcements import read_announcements
from reassure.files.areas import read_areas
from reassure.files.declaration import read_declaration
from reassure.files.facts import read_facts
from reassure.files.incidents import read_incidents
from reassure.files.register import read_register
from reassure.files.timetables import read_timetables
from reassure.files.units import read_units
from reassure.forces import AREA_CODES, DEMO_FORCE, FORCES
from reassure.occasions.announcements import contradictions
from reassure.patrols.day import DayInputs
from reassure.places.areas import AreaMap, assigned_area
from reassure.places.place import Place
from reassure.provenance import AREA_ATTRIBUTION

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DayFiles:
    """
    Where a day's inputs are; all but places and units may be missing.

    `areas` is a GeoJSON file of police areas: it gives the outline on the map, and the area of places
    that carry none.
    """

    places: Path
    units: Path
    declaration: Path | None = None
    timetables: Path | None = None
    facts: Path | None = None
    incidents: Path | None = None
    areas: Path | None = None
    announcements: Path | None = None

    def given(self) -> dict[str, Path]:
        """The files that are there, by role."""
        return {role: path for role in self.__dataclass_fields__ if (path := getattr(self, role)) is not None}


@dataclass(frozen=True, slots=True)
class Read:
    """A day's inputs, and what a planner should know of the files: columns not used, announcements that differ."""

    inputs: DayInputs
    notes: tuple[str, ...]


class _Reading:
    """Collects faults and unused columns over several files."""

    def __init__(self) -> None:
        self.faults: list[Problem] = []
        self.unused: dict[Path, list[str]] = {}

    def attempt(self, path: Path | None, read: Callable[[Path], T]) -> T | None:
        """What a reader gives, or None when the file is not given or cannot be used."""
        if path is None:
            return None
        try:
            value = read(path)
        except InputError as error:
            self.faults += error.problems
            return None
        self.faults += getattr(value, "problems", ())
        self.unused.setdefault(path, []).extend(getattr(value, "dropped", ()))
        return value

    def note_unused(self, path: Path | None) -> Callable[[str], None]:
        """For readers that call back with each unused column."""
        return self.unused.setdefault(path, []).append if path is not None else lambda _: None


def read_day(
    files: DayFiles, *, area: str, on: date, must_unknown: bool = False, allow_shortfall: bool = False
) -> Read:
    """
    Read every file and choose the open places of the area.

    Raises
    ------
    InputError
        With every fault of every file, in the order of `DayFiles`; or the area has no open place.
    """
    reading = _Reading()
    register = reading.attempt(files.places, read_register)
    points = {p.ref: p.point for p in register.places} if register else None
    units = reading.attempt(files.units, read_units)
    timetables = reading.attempt(files.timetables, partial(read_timetables, place_refs=points))
    facts = reading.attempt(
        files.facts, partial(read_facts, place_refs=points, on=on, dropped=reading.note_unused(files.facts))
    )
    incidents = reading.attempt(
        files.incidents,
        partial(read_incidents, place_refs=points, points=points, on=on, dropped=reading.note_unused(files.incidents)),
    )
    areas = reading.attempt(files.areas, read_areas)
    announcements = reading.attempt(files.announcements, read_announcements) or ()
    codes = AREA_CODES | set(areas or ())
    declaration = reading.attempt(files.declaration, partial(read_declaration, area_codes=codes))
    if reading.faults or register is None or units is None:
        raise InputError(reading.faults)
    places = _of_area(register.places, area, areas, files.places)
    area_name, force_name = area_words(area, areas)
    attributions = [s.attribution for s in register.sources if s.attribution]
    inputs = DayInputs(
        area_code=area,
        area_name=area_name,
        force_name=force_name,
        on=on,
        places=places,
        units=units,
        rules=timetables.rules if timetables else (),
        declarations=(declaration,) if declaration else (),
        facts=facts or {},
        incidents=incidents or (),
        announcements=announcements,
        outline=areas[area].outline if areas and area in areas else None,
        digests={role: sha256(path.read_bytes()).hexdigest() for role, path in files.given().items()},
        attributions=tuple(
            dict.fromkeys(attributions + ([AREA_ATTRIBUTION] if areas and area != DEMO_FORCE.area_code else []))
        ),
        must_unknown=must_unknown,
        allow_shortfall=allow_shortfall,
    )
    notes = [f"{path}: columns not used: {', '.join(names)}." for path, names in reading.unused.items() if names]
    return Read(inputs, (*notes, *(problem.text for problem in contradictions(announcements))))


def area_words(code: str, areas: AreaMap | None = None) -> tuple[str, str]:
    """Name of an area and of its force; for a code that nobody holds the name on the map, else the code."""
    for force in (*FORCES, DEMO_FORCE):
        if force.area_code == code:
            return force.area_name, force.name
    name = areas[code].name if areas and code in areas else code
    return name, name


def _of_area(places: tuple[Place, ...], area: str, areas: AreaMap | None, path: Path) -> tuple[Place, ...]:
    placed = [assigned_area(p, areas) if areas and not p.area_code else p for p in places]
    chosen = tuple(p for p in placed if p.area_code == area and p.is_open)
    if chosen:
        return chosen
    codes = sorted({p.area_code for p in placed} - {""})
    listed = ", ".join(codes[:8]) + (", ..." if len(codes) > 8 else "")
    expected = f"a police area of this register: {listed}" if codes else "places with a police area (area_code)"
    raise InputError([Problem("area", area, expected, file=str(path), says=f"no open place lies in area {area}")])
