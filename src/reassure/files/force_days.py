"""The inputs of many police areas at once: one register, read once, and a roster for each area.

Rules: every area of the register that has open places is planned; rosters come from a folder of `AREA.csv`, or are
generated, and then say so. Elsewhere: the inputs of one day (`day_files`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from reassure.errors import InputError, Problem, ReassureError
from reassure.files.announcements import read_announcements
from reassure.files.areas import read_areas
from reassure.files.day_files import area_words
from reassure.files.declaration import read_declaration
from reassure.files.register import read_register
from reassure.files.timetables import read_timetables
from reassure.files.units import read_units
from reassure.forces import AREA_CODES
from reassure.occasions.expand import expand
from reassure.patrols.day import DayInputs
from reassure.patrols.roster import generated_roster
from reassure.patrols.units import Unit
from reassure.places.areas import assigned_area
from reassure.places.place import Place
from reassure.provenance import AREA_ATTRIBUTION


@dataclass(frozen=True, slots=True)
class ForceFiles:
    """
    Where the inputs of many areas are.

    Parameters
    ----------
    units
        Folder with a roster `AREA.csv` for each area; None to generate `units_per_area` units.
    """

    places: Path
    units: Path | None = None
    units_per_area: int = 0
    declaration: Path | None = None
    timetables: Path | None = None
    areas: Path | None = None
    announcements: Path | None = None


@dataclass(frozen=True)
class ForceDays:
    """
    Inputs by area, in the order of the codes.

    Parameters
    ----------
    failures
        Why an area cannot be planned, by area.
    n_without_area
        Open places that lie in no police area; they are in no plan.
    """

    inputs: dict[str, DayInputs]
    failures: dict[str, str]
    n_without_area: int


def read_force_days(
    files: ForceFiles, *, on: date, faiths: frozenset[str] = frozenset(), must_unknown: bool = False, seed: int = 1
) -> ForceDays:
    """
    Read the register once, and the roster of each area.

    Parameters
    ----------
    faiths
        Only places of these faiths; all where it is empty.

    Raises
    ------
    InputError
        A file that cannot be used, or a register without a police area.
    """
    register = read_register(files.places)
    areas = read_areas(files.areas) if files.areas else None
    points = {p.ref: p.point for p in register.places}
    rules = read_timetables(files.timetables, place_refs=points).rules if files.timetables else ()
    announcements = read_announcements(files.announcements) if files.announcements else ()
    codes = AREA_CODES | set(areas or ())
    declaration = read_declaration(files.declaration, area_codes=codes) if files.declaration else None
    placed = [assigned_area(p, areas) if areas and not p.area_code else p for p in register.places]
    chosen = [p for p in placed if p.is_open and (not faiths or p.faiths & faiths)]
    by_area: dict[str, list[Place]] = {}
    for place in chosen:
        by_area.setdefault(place.area_code, []).append(place)
    n_without = len(by_area.pop("", []))
    if not by_area:
        expected = "places with a police area (area_code), or --areas"
        raise InputError([Problem("area_code", "", expected, file=str(files.places), says="no open place has an area")])
    attributions = [s.attribution for s in register.sources if s.attribution] + ([AREA_ATTRIBUTION] if areas else [])
    shared = {
        role: sha256(path.read_bytes()).hexdigest()
        for role in ("places", "declaration", "timetables", "areas", "announcements")
        if (path := getattr(files, role)) is not None
    }
    inputs: dict[str, DayInputs] = {}
    failures: dict[str, str] = {}
    for area in sorted(by_area):
        area_name, force_name = area_words(area, areas)
        try:
            roster = None if files.units is None else files.units / f"{area}.csv"
            if roster is None:
                occasions = tuple(expand(by_area[area], rules, on, on, announcements=announcements))
                units: Sequence[Unit] = generated_roster(
                    by_area[area], occasions, on=on, n=files.units_per_area, seed=seed
                )
            else:
                units = read_units(roster)
        except ReassureError as error:
            failures[area] = str(error)
            continue
        inputs[area] = DayInputs(
            area_code=area,
            area_name=area_name,
            force_name=force_name,
            on=on,
            places=by_area[area],
            units=units,
            rules=rules,
            announcements=announcements,
            declarations=(declaration,) if declaration else (),
            outline=areas[area].outline if areas and area in areas else None,
            digests=shared | ({} if roster is None else {"units": sha256(roster.read_bytes()).hexdigest()}),
            attributions=tuple(dict.fromkeys(attributions)),
            must_unknown=must_unknown,
            allow_shortfall=True,
        )
    return ForceDays(inputs, failures, n_without)
