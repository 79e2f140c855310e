"""What a plan covers and what it does not, in a dozen lines for the end of a command.

Rules: which counts are shown and in which order; places are counted whole, never by faith. Everything is read from
the plan document (plan.schema.json), so that the words and the file cannot differ.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from reassure.patrols.briefing import REASON_WORDS


@dataclass(frozen=True, slots=True)
class PlanCounts:
    """
    Counts of one plan.

    Parameters
    ----------
    dwell_s, travel_s, wait_s
        Of all units together, seconds.
    points
        Need points that the visits earn.
    shortfall
        What is missing for the must-visits, in words; empty where nothing is.
    unvisited
        (reason, rows) in the order of the reasons, none of them zero.
    """

    area: str
    on: str
    n_places: int
    n_units: int
    n_units_out: int
    n_places_gathering: int
    n_occasions: int
    n_occasions_visited: int
    n_places_visited: int
    n_visits: int
    n_contact_only: int
    n_must: int
    n_must_served: int
    points: float
    dwell_s: int
    travel_s: int
    wait_s: int
    shortfall: str
    unvisited: tuple[tuple[str, int], ...]

    def as_json(self) -> dict[str, Any]:
        """The counts as JSON values, reasons as an object."""
        return {**asdict(self), "unvisited": dict(self.unvisited)}


def plan_counts(document: Mapping[str, Any]) -> PlanCounts:
    """What a plan document says it covers; cancelled occasions are not counted."""
    reasons = Counter(str(row["reason"]) for row in document["unvisited"])
    occasions = [o for o in document["occasions"] if o["status"] != "cancelled"]
    totals = document["totals"]
    return PlanCounts(
        area=f"{document['area']['name']} ({document['area']['code']})",
        on=str(document["on"]),
        n_places=len(document["places"]),
        n_units=len(document["units"]),
        n_units_out=sum(bool(route["stops"]) for route in document["routes"]),
        n_places_gathering=len({o["place_ref"] for o in occasions}),
        n_occasions=len(occasions),
        n_occasions_visited=totals["n_occasions_visited"],
        n_places_visited=totals["n_places_visited"],
        n_visits=totals["n_visits"],
        n_contact_only=sum(place["presence"] == "none" for place in document["places"]),
        n_must=totals["n_must"],
        n_must_served=totals["n_must_served"],
        points=totals["prize"] / 100,
        dwell_s=totals["dwell_s"],
        travel_s=totals["travel_s"],
        wait_s=totals["wait_s"],
        shortfall=document["shortfall"]["text"] if document["shortfall"] else "",
        unvisited=tuple((reason, reasons[reason]) for reason in REASON_WORDS if reasons[reason]),
    )


def summary_lines(counts: PlanCounts) -> list[str]:
    """The summary as lines of text: covered first, then what is not and why, one line a reason."""
    day = date.fromisoformat(counts.on)
    lines = [
        f"{counts.area}, {day:%A} {day.day} {day:%B %Y}",
        "",
        "Covered",
        _line("visits planned", counts.n_visits),
        _line("places visited", counts.n_places_visited, counts.n_places),
        _line("occasions visited", counts.n_occasions_visited, counts.n_occasions),
        _line("must-visits planned", counts.n_must_served, counts.n_must),
        _line("units sent out", counts.n_units_out, counts.n_units),
        f"  {counts.points:>6,.0f}{'':<10}  points of need; {_hours(counts.dwell_s)} h with people, "
        f"{_hours(counts.travel_s)} h travelling, {_hours(counts.wait_s)} h waiting",
        *([f"  SHORTFALL: {counts.shortfall}"] if counts.shortfall else []),
        "",
        "Known",
        _line("places where people gather that day", counts.n_places_gathering, counts.n_places),
        _line("places that asked for contact only", counts.n_contact_only),
        "",
        "Not visited, by first reason (each with its place in unvisited.csv)",
    ]
    lines += [_line(REASON_WORDS[reason], n) for reason, n in counts.unvisited]
    return lines + ([] if counts.unvisited else ["  nothing: every place and occasion has a visit"])


def certificate_lines(document: Mapping[str, Any]) -> list[str]:
    """How near the plan comes to what is possible; or that nothing useful was proved."""
    certificate = document["certificate"]
    text = certificate["text"] if certificate else "No bound was asked for, or no useful one was found for this size"
    return ["", "Proved", f"  {text.rstrip('.')}."]


def lottery_lines(document: Mapping[str, Any]) -> list[str]:
    """How the plan was drawn, a sentence a line; or that it can be foretold."""
    lottery = document["lottery"]
    if not lottery:
        return ["Draw", "  Not drawn by lot: this is the best plan that was found, and it can be foretold."]
    return ["Draw", *(f"  {line.rstrip('.')}." for line in str(lottery["text"]).split(". "))]


def _hours(seconds: int) -> str:
    return f"{seconds / 3600:.1f}"


def _line(words: str, n: int, of: int | None = None) -> str:
    return f"  {n:>6,}{'' if of is None else f' of {of:,}':<10}  {words}"
