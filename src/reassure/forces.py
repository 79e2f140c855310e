"""The police forces of the United Kingdom and the areas they hold.

46 forces, of which 45 hold an area: 43 in England and Wales, Police Scotland and the Police Service of
Northern Ireland. British Transport Police holds none. Codes are those of the Office for National
Statistics; `N-PSNI` is ours. Source: docs/sources.md#police-areas.
"""

from dataclasses import dataclass

from reassure.errors import InputError, Problem


@dataclass(frozen=True, slots=True)
class Force:
    """A police force; `area_code` is empty for one that holds no territory."""

    area_code: str
    name: str
    area_name: str
    nation: str

    @property
    def has_area(self) -> bool:
        """Whether places of worship can lie in its area."""
        return bool(self.area_code)


FORCES: tuple[Force, ...] = (
    Force("E23000001", "Metropolitan Police Service", "Metropolitan Police", "England"),
    Force("E23000002", "Cumbria Constabulary", "Cumbria", "England"),
    Force("E23000003", "Lancashire Constabulary", "Lancashire", "England"),
    Force("E23000004", "Merseyside Police", "Merseyside", "England"),
    Force("E23000005", "Greater Manchester Police", "Greater Manchester", "England"),
    Force("E23000006", "Cheshire Constabulary", "Cheshire", "England"),
    Force("E23000007", "Northumbria Police", "Northumbria", "England"),
    Force("E23000008", "Durham Constabulary", "Durham", "England"),
    Force("E23000009", "North Yorkshire Police", "North Yorkshire", "England"),
    Force("E23000010", "West Yorkshire Police", "West Yorkshire", "England"),
    Force("E23000011", "South Yorkshire Police", "South Yorkshire", "England"),
    Force("E23000012", "Humberside Constabulary", "Humberside", "England"),
    Force("E23000013", "Cleveland Police", "Cleveland", "England"),
    Force("E23000014", "West Midlands Police", "West Midlands", "England"),
    Force("E23000015", "Staffordshire Police", "Staffordshire", "England"),
    Force("E23000016", "West Mercia Police", "West Mercia", "England"),
    Force("E23000017", "Warwickshire Police", "Warwickshire", "England"),
    Force("E23000018", "Derbyshire Constabulary", "Derbyshire", "England"),
    Force("E23000019", "Nottinghamshire Police", "Nottinghamshire", "England"),
    Force("E23000020", "Lincolnshire Police", "Lincolnshire", "England"),
    Force("E23000021", "Leicestershire Police", "Leicestershire", "England"),
    Force("E23000022", "Northamptonshire Police", "Northamptonshire", "England"),
    Force("E23000023", "Cambridgeshire Constabulary", "Cambridgeshire", "England"),
    Force("E23000024", "Norfolk Constabulary", "Norfolk", "England"),
    Force("E23000025", "Suffolk Constabulary", "Suffolk", "England"),
    Force("E23000026", "Bedfordshire Police", "Bedfordshire", "England"),
    Force("E23000027", "Hertfordshire Constabulary", "Hertfordshire", "England"),
    Force("E23000028", "Essex Police", "Essex", "England"),
    Force("E23000029", "Thames Valley Police", "Thames Valley", "England"),
    Force("E23000030", "Hampshire Constabulary", "Hampshire", "England"),
    Force("E23000031", "Surrey Police", "Surrey", "England"),
    Force("E23000032", "Kent Police", "Kent", "England"),
    Force("E23000033", "Sussex Police", "Sussex", "England"),
    Force("E23000034", "City of London Police", "City of London", "England"),
    Force("E23000035", "Devon and Cornwall Police", "Devon and Cornwall", "England"),
    Force("E23000036", "Avon and Somerset Constabulary", "Avon and Somerset", "England"),
    Force("E23000037", "Gloucestershire Constabulary", "Gloucestershire", "England"),
    Force("E23000038", "Wiltshire Police", "Wiltshire", "England"),
    Force("E23000039", "Dorset Police", "Dorset", "England"),
    Force("N-PSNI", "Police Service of Northern Ireland", "Northern Ireland", "Northern Ireland"),
    Force("S23000009", "Police Scotland", "Scotland", "Scotland"),
    Force("W15000001", "North Wales Police", "North Wales", "Wales"),
    Force("W15000002", "Gwent Police", "Gwent", "Wales"),
    Force("W15000003", "South Wales Police", "South Wales", "Wales"),
    Force("W15000004", "Dyfed Powys Police", "Dyfed-Powys", "Wales"),
    Force("", "British Transport Police", "", ""),
)
"""In the order of their codes, the one without an area last."""

DEMO_FORCE = Force("DEMO-01", "Demo Police (generated)", "Demo area (generated)", "")
"""Holds the generated demo area; none of the 46, and counted nowhere."""

AREA_CODES: frozenset[str] = frozenset(force.area_code for force in (*FORCES, DEMO_FORCE) if force.has_area)
"""Every code that may stand for a police area: those of the 45 forces that hold one, and the demo area's."""

_BY_AREA = {force.area_code: force for force in (*FORCES, DEMO_FORCE) if force.has_area}


def force_of_area(area_code: str) -> Force:
    """The force that holds an area; `InputError` for a code of none."""
    try:
        return _BY_AREA[area_code]
    except KeyError:
        raise InputError([Problem("area_code", area_code, "a police area code such as E23000014")]) from None
