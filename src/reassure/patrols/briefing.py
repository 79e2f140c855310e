"""What a plan tells the people who carry it out: each unit's card, with its own visits and nothing else.

Rules: what may stand on a card. An officer reads where to be, from when to when, how to behave there, and at most two
lines of why; never points, the security gap, the days since the last visit, how many units there are, or a
place of another unit. So the values made here hold none of these. Everything is read from the plan document
(plan.schema.json). Elsewhere: the operation order (`order`), pages and PDFs (`reassure.files`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from reassure.errors import InputError, Problem
from reassure.faiths import faith
from reassure.occasions.keys import KEYS
from reassure.periods import london_wall

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)

KIND_WORDS = {"foot": "on foot", "cycle": "by cycle", "car": "by car"}

TASKS = {
    "arrival": "Be seen as people arrive",
    "during": "Be seen while people are gathered",
    "dispersal": "Be seen as people leave",
    "around": "Be seen before people arrive or after they have left",
    "any_time": "Visit at any time; nobody is known to gather",
}
"""What a visit of each kind is for, in an officer's words."""

MANNERS = {
    "welcome": "Officers are welcome. Ask before you go inside.",
    "outside_only": "Stay outside. This place asked for officers outside only.",
    "none": "No presence. This place asked for contact only.",
}

REASON_WORDS = {
    "outweighed": "Other visits earn more",
    "unreachable": "No unit can be there in time",
    "no_window": "Outside every shift",
    "skill": "No unit has the skill asked for",
    "barred": "Barred by the commander",
    "opted_out": "Asked for contact only",
    "other_occasion": "Visited at another occasion that day",
    "gate_closed": "No occasion in these hours, no recent incident, no request",
}
"""First reasons of not visiting in words, those that a planner can do something about first."""


@dataclass(frozen=True, slots=True)
class Clock:
    """
    London's wall clock as one plan shows it.

    Parameters
    ----------
    on
        The day of the plan; a time on another day carries its weekday.
    has_change
        Whether the clocks change inside the planning window; each time then says GMT or BST.
    """

    on: date
    has_change: bool

    def time(self, at: str | datetime) -> str:
        """
        An instant as hours and minutes.

        Examples
        --------
        >>> Clock(date(2026, 11, 27), has_change=False).time("2026-11-28T00:30:00+00:00")
        'Sat 00:30'
        """
        wall = london_wall(instant(at))
        day = "" if wall.date() == self.on else f"{WEEKDAYS[wall.weekday()][:3]} "
        return f"{day}{wall:%H:%M}{f' {wall.tzname()}' if self.has_change else ''}"

    def span(self, starts_at: str | datetime, ends_at: str | datetime) -> str:
        """Two instants as `13:15 to 13:27`."""
        return f"{self.time(starts_at)} to {self.time(ends_at)}"

    def moment(self, at: str | datetime) -> str:
        """An instant with its full date, such as `Friday 27 November 2026, 13:15`."""
        wall = london_wall(instant(at))
        return f"{day_words(wall.date())}, {wall:%H:%M}{f' {wall.tzname()}' if self.has_change else ''}"


@dataclass(frozen=True, slots=True)
class Visit:
    """
    One visit as the officer meets it.

    Parameters
    ----------
    number
        Of the stops of its unit, from 1.
    where
        Address and postcode, or the nearest postcode; empty where neither is known.
    start_by
        Latest instant at which the visit may start: the end of its window, or of the shift less the stay.
    occasion
        Kind and starts of the occasion in words; empty where nobody is known to gather.
    lines
        At most two lines of why.
    travel_flag
        Set where the road server had no answer for the way here.
    """

    unit_ref: str
    callsign: str
    number: int
    place_ref: str
    name: str
    where: str
    lat_deg: float
    lon_deg: float
    arrives_at: datetime
    starts_at: datetime
    ends_at: datetime
    start_by: datetime
    travel_s: int
    kind: str
    occasion: str
    manners: str
    lines: tuple[str, ...]
    is_must: bool
    travel_flag: str


@dataclass(frozen=True, slots=True)
class Pause:
    """A break of a unit: when, and at which place or base."""

    starts_at: datetime
    ends_at: datetime
    where: str


@dataclass(frozen=True, slots=True)
class Card:
    """What one unit is given: its shift and its own steps in the order of time."""

    unit_ref: str
    callsign: str
    kind: str
    n_officers: int
    skills: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    base: tuple[float, float]
    end_base: tuple[float, float]
    leaves_at: datetime
    back_at: datetime
    back_travel_s: int
    steps: tuple[Visit | Pause, ...]

    @property
    def visits(self) -> tuple[Visit, ...]:
        """The visits alone, in order."""
        return tuple(step for step in self.steps if isinstance(step, Visit))


@dataclass(frozen=True)
class Index:
    """A plan document with its rows by their keys; `needs` by (place_ref, occasion_ref)."""

    document: Mapping[str, Any]
    clock: Clock
    places: Mapping[str, Mapping[str, Any]]
    occasions: Mapping[str, Mapping[str, Any]]
    needs: Mapping[tuple[str, str], Mapping[str, Any]]
    units: Mapping[str, Mapping[str, Any]]
    options: Mapping[str, Mapping[str, Any]]

    def occasion_words(self, occasion_ref: str) -> str:
        """Kind and starts of an occasion, such as `Jumu'ah 13:15`; empty without one."""
        row = self.occasions.get(occasion_ref)
        if row is None:
            return ""
        starts = " and ".join(self.clock.time(sitting["starts_at"]) for sitting in row["sittings"])
        return f"{key_words(row['key'])} {starts}"

    def name(self, place_ref: str) -> str:
        """The name of a place; one without a name is called after what it is."""
        place = self.places[place_ref]
        venue = faith(place["faiths"][0]).venue if place["faiths"] else "place of worship"
        return str(place["name"]).strip() or f"Unnamed {venue} ({place_ref})"

    def where(self, place_ref: str) -> str:
        """Address and postcode, or the nearest postcode, as far as known."""
        place = self.places[place_ref]
        nearest = place.get("nearest_postcode", "")
        postcode = place.get("postcode", "") or (f"near {nearest}" if nearest else "")
        address = place.get("address", "").strip()
        is_said = bool(place.get("postcode", "")) and address.endswith(place["postcode"])
        return address if is_said else ", ".join(filter(None, (address, postcode)))


def unmet_must(index: Index) -> list[Mapping[str, Any]]:
    """
    The unvisited rows of must-visits that have no visit at all, in the order of the document.

    A must-visit that is made at another occasion of the day is met.
    """
    visited = {stop["place_ref"] for route in index.document["routes"] for stop in route["stops"]}
    return [row for row in index.document["unvisited"] if row.get("is_must") and row["place_ref"] not in visited]


def attribution(document: Mapping[str, Any]) -> str:
    """The words that licences ask for, as one text of sentences."""
    return "".join(f"{words.strip().rstrip('.')}. " for words in document["attributions"]).rstrip()


def index_plan(document: Mapping[str, Any]) -> Index:
    """
    The rows of a plan document by their keys.

    Raises
    ------
    InputError
        A row names a place, unit, option or occasion that the document does not hold: every such row.
    """
    window = document["window"]
    ends = [london_wall(instant(window[name])).utcoffset() for name in ("starts_at", "ends_at")]
    index = Index(
        document=document,
        clock=Clock(date.fromisoformat(document["on"]), has_change=ends[0] != ends[1]),
        places={p["ref"]: p for p in document["places"]},
        occasions={o["ref"]: o for o in document["occasions"]},
        needs={(n["place_ref"], n["occasion_ref"]): n for n in document["needs"]},
        units={u["ref"]: u for u in document["units"]},
        options={o["ref"]: o for o in document["options"]},
    )
    if found := list(_lost_references(index)):
        raise InputError(found)
    return index


def cards(index: Index) -> tuple[Card, ...]:
    """A card for each unit, in the order of the routes; a unit with nothing to do has one without steps."""
    return tuple(_card(index, route) for route in index.document["routes"])


def day_words(on: date) -> str:
    """A date in words, the same on every machine, such as `Friday 27 November 2026`."""
    return f"{WEEKDAYS[on.weekday()]} {on.day} {MONTHS[on.month - 1]} {on.year}"


def key_words(key: str) -> str:
    """The words for a kind of occasion; a kind that is not in the table is shown as it is written."""
    return KEYS[key].words if key in KEYS else key.replace("_", " ")


def minutes(seconds: int) -> str:
    """Seconds as whole minutes, rounded up, so that nobody is promised less than it takes."""
    return f"{-(-seconds // 60)} min"


def instant(at: str | datetime) -> datetime:
    """An instant of the document."""
    return _parsed(at) if isinstance(at, str) else at


def hour_starts(starts_at: datetime, ends_at: datetime, *, step_hours: int = 1) -> tuple[datetime, ...]:
    """
    The full hours of London's clock from that in which `starts_at` lies up to `ends_at`, as instants.

    Steps are taken on instants, so that on a day on which the clocks change no hour is lost or counted twice.
    """
    wall = london_wall(starts_at)
    hour = starts_at - timedelta(minutes=wall.minute, seconds=wall.second, microseconds=wall.microsecond)
    found = []
    while hour < ends_at:
        found.append(hour)
        hour += timedelta(hours=step_hours)
    return tuple(found)


@lru_cache(maxsize=65_536)
def _parsed(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _card(index: Index, route: Mapping[str, Any]) -> Card:
    unit = index.units[route["unit_ref"]]
    visits = [_visit(index, unit, number, stop) for number, stop in enumerate(route["stops"], start=1)]
    pauses = [_pause(index, route, rest) for rest in route["breaks"]]
    return Card(
        unit_ref=unit["ref"],
        callsign=unit["callsign"].strip() or unit["ref"],
        kind=unit["kind"],
        n_officers=unit["n_officers"],
        skills=tuple(unit["skills"]),
        starts_at=instant(unit["starts_at"]),
        ends_at=instant(unit["ends_at"]),
        base=(unit["base"][0], unit["base"][1]),
        end_base=(unit["end_base"][0], unit["end_base"][1]),
        leaves_at=instant(route["leave"]),
        back_at=instant(route["back"]["arrive"]),
        back_travel_s=route["back"]["travel_s"],
        steps=tuple(sorted([*visits, *pauses], key=lambda step: (step.starts_at, step.ends_at))),
    )


def _visit(index: Index, unit: Mapping[str, Any], number: int, stop: Mapping[str, Any]) -> Visit:
    place, option = index.places[stop["place_ref"]], index.options[stop["option"]]
    need = index.needs.get((place["ref"], option["occasion_ref"]))
    stay = timedelta(minutes=option["dwell_min"])
    return Visit(
        unit_ref=unit["ref"],
        callsign=unit["callsign"].strip() or unit["ref"],
        number=number,
        place_ref=place["ref"],
        name=index.name(place["ref"]),
        where=index.where(place["ref"]),
        lat_deg=place["lat_deg"],
        lon_deg=place["lon_deg"],
        arrives_at=instant(stop["arrive"]),
        starts_at=instant(stop["start"]),
        ends_at=instant(stop["end"]),
        start_by=min(instant(option["latest_start"]), instant(unit["ends_at"]) - stay),
        travel_s=stop["travel_s"],
        kind=option["kind"],
        occasion=index.occasion_words(option["occasion_ref"]),
        manners=MANNERS[place["presence"]],
        lines=tuple(line for line in need["officer_lines"] if line.strip()) if need else (),
        is_must=place["must"],
        travel_flag=stop.get("travel_flag", ""),
    )


def _pause(index: Index, route: Mapping[str, Any], rest: Mapping[str, Any]) -> Pause:
    after, stops = rest["after_stop"], route["stops"]
    where = "at base" if after < 0 or after >= len(stops) else f"at {index.name(stops[after]['place_ref'])}"
    return Pause(instant(rest["start"]), instant(rest["end"]), where)


def _lost_references(index: Index) -> Iterable[Problem]:
    document = index.document
    for n, route in enumerate(document["routes"]):
        if route["unit_ref"] not in index.units:
            yield Problem(f"routes[{n}].unit_ref", route["unit_ref"], "a unit of the plan")
        for k, stop in enumerate(route["stops"]):
            if stop["place_ref"] not in index.places:
                yield Problem(f"routes[{n}].stops[{k}].place_ref", stop["place_ref"], "a place of the plan")
            if stop["option"] not in index.options:
                yield Problem(f"routes[{n}].stops[{k}].option", stop["option"], "an option of the plan")
    for name in ("unvisited", "needs", "occasions"):
        for n, row in enumerate(document[name]):
            if row["place_ref"] not in index.places:
                yield Problem(f"{name}[{n}].place_ref", row["place_ref"], "a place of the plan")
