"""The operation order of a plan under the IIMARCH headings, as values that any page or PDF can be made from.

Rules: what the system fills in, what a person has to write (printed "not stated" until then), and that neither
points nor the terms behind them stand in an order: it is read by more people than the plan. Source: College of
Policing APP (briefing and debriefing); docs/rooms/patrols-outputs.md. Elsewhere: cards (`briefing`), the page
itself (`reassure.files.plan_pdf`).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reassure.faiths import faith, in_order
from reassure.patrols.briefing import (
    KIND_WORDS,
    REASON_WORDS,
    Card,
    Index,
    Visit,
    cards,
    day_words,
    hour_starts,
    instant,
    minutes,
    unmet_must,
)

NOT_STATED = "not stated"

DO = (
    "Be seen, greet people, and listen. Offer protective-security advice where it is wanted.",
    "Ask a trustee or steward before going inside. Follow the line on the card about how to behave there.",
    "Stay the planned time where you can; a visit of at least 10 minutes counts in full.",
)
DO_NOT = (
    "Do not record who worships, number plates or faces; take no photographs of people.",
    "Do not show the card, or tell anyone which places are visited, when, or by whom.",
    "Do not go in where the card says outside only.",
)
CONTINGENCY = (
    "An incident comes first: 999 or the radio, and command. This order and its cards are no channel for incidents. "
    "Visits that are left out are reported as missed with their reason."
)
REPLAN = (
    "A visit that has started, or starts within 30 minutes, is not moved. Bronze may change up to 20 % of the visits "
    "of the units that remain; more needs Silver. The plan is never drawn again on the day."
)
PURPOSE = "Reassurance and advice: to be seen where people gather to worship, and to help places protect themselves."
NOT_RECORDED = (
    "People, faces, number plates, names of worshippers and attendance lists are not recorded. A visit keeps its "
    "place, its times and its outcome only. The community of a place acts on this plan only through a declaration in "
    "force; the fairness figures below are there to test that."
)
EQUALITY_DRAFT = (
    "Draft figures for the equality impact assessment, not legal advice (Equality Act 2010 s149). A person has to "
    "read, complete and sign the assessment."
)


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph; one that is `is_grave` is set apart."""

    text: str
    is_grave: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Pairs of a name and what is known; an empty value is printed "not stated"."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Points:
    """A list, each entry one line."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its caption, columns, shares of the width, and rows of texts; empty cells stay empty."""

    caption: str
    columns: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Sketch:
    """Where the map of a unit's round belongs."""

    unit_ref: str


@dataclass(frozen=True, slots=True)
class Title:
    """A heading inside a section."""

    text: str


Block = Words | Facts | Points | Grid | Sketch | Title


@dataclass(frozen=True, slots=True)
class Section:
    """One of the seven headings."""

    heading: str
    blocks: tuple[Block, ...]


def order_sections(index: Index) -> tuple[Section, ...]:
    """The seven sections of the order, in their one order."""
    units = cards(index)
    return (
        Section("Information", (*_declarations(index), *_situation(index))),
        Section("Intention", (Words(PURPOSE), Facts((("Gold's strategy", ""),)))),
        Section("Method", (*_method(index), *_rounds(units, index))),
        Section("Administration", _administration(units, index)),
        Section("Risk assessment", _risks(units, index)),
        Section("Communications", _communications(units, index)),
        Section("Human rights and legal", _rights(index)),
    )


def _declarations(index: Index) -> list[Block]:
    found: list[Block] = []
    for d in index.document["inputs"]["declarations"]:
        named = ", ".join(faith(code).category for code in in_order(frozenset(d["faiths_named"])))
        rows = (
            ("Declaration", f"{d['ref']}, revision {d['revision']}: {d['title']}"),
            ("Kind", d["status"]),
            ("Threat, as it may be passed on", d["wordings"].get("officer") or d["threat_wording"]),
            ("Threat level at the time", d.get("threat_level_seen", "")),
            ("Communities named", named or "none"),
            ("All faiths engaged", "yes" if d["is_all_faiths"] else "no"),
            ("Activities", ", ".join(d.get("activities", ()))),
            ("Issued", _issued(d, index)),
            ("In force", f"{index.clock.moment(d['starts_at'])} to {index.clock.moment(d['expires_at'])}"),
            ("Review by", index.clock.moment(d["review_at"]) if d.get("review_at") else ""),
        )
        found += [Title(f"Declaration {d['ref']}"), Facts(rows)]
    return found or [Words("No declaration is in force for this plan.")]


def _issued(d: Mapping[str, Any], index: Index) -> str:
    at = index.clock.moment(d["issued_at"]) if d.get("issued_at") else ""
    by = f"by {d['issued_by']}" if d.get("issued_by") else ""
    second = f"confirmed by {d['approved_by']}" if d.get("approved_by") else ""
    return ", ".join(filter(None, (" ".join(filter(None, (at, by))), second)))


def _situation(index: Index) -> list[Block]:
    document, window = index.document, index.document["window"]
    rows = (
        ("Day", day_words(index.clock.on)),
        ("Area", f"{document['area']['name']} ({document['area']['code']}), {document['area']['force']}"),
        ("Hours of this order", index.clock.span(window["starts_at"], window["ends_at"])),
        ("Places of worship known", f"{len(document['places']):,}"),
        ("Places where people gather", f"{len({o['place_ref'] for o in document['occasions']}):,}"),
    )
    hours = occasions_by_hour(index)
    grid = Grid(
        "Occasions by hour",
        ("From", "People arriving, gathered or leaving", "Visits starting"),
        (2, 3, 3),
        tuple((hour, f"{occasions:,}", f"{visits:,}") for hour, occasions, visits in hours),
    )
    return [Title("Situation"), Facts(rows), grid, Facts((("Community notes", ""), ("History", "")))]


def occasions_by_hour(index: Index) -> list[tuple[str, int, int]]:
    """For each hour of the planning window: its start, occasions with people there, visits that start in it."""
    window = index.document["window"]
    hours = hour_starts(instant(window["starts_at"]), instant(window["ends_at"]))
    presences = [
        [(instant(s["arrive_from"]), instant(s["gone_by"])) for s in occasion["sittings"]]
        for occasion in index.document["occasions"]
        if occasion["status"] != "cancelled"
    ]
    starts = [instant(stop["start"]) for route in index.document["routes"] for stop in route["stops"]]
    found = []
    for n, hour in enumerate(hours):
        until = hours[n + 1] if n + 1 < len(hours) else instant(window["ends_at"])
        present = sum(any(a < until and hour < b for a, b in sittings) for sittings in presences)
        found.append((index.clock.time(hour), present, sum(hour <= at < until for at in starts)))
    return found


def _method(index: Index) -> list[Block]:
    dwells = sorted({option["dwell_min"] for option in index.document["options"]})
    aim = f"{dwells[0]} to {dwells[-1]} minutes" if len(dwells) > 1 else f"{dwells[0]} minutes" if dwells else ""
    totals = index.document["totals"]
    summary = (
        f"{totals['n_visits']:,} visits to {totals['n_places_visited']:,} places by "
        f"{sum(bool(route['stops']) for route in index.document['routes']):,} units."
    )
    return [
        Words(summary),
        Facts((("Length of a visit", aim), ("Tactical limits", ""))),
        Title("What to do"),
        Points(DO),
        Title("What not to do"),
        Points(DO_NOT),
        Title("When things change"),
        Points((REPLAN, CONTINGENCY)),
    ]


def _rounds(units: Sequence[Card], index: Index) -> list[Block]:
    found: list[Block] = []
    for card in units:
        if not card.visits:
            continue
        rows = [_step(step, index) for step in card.steps]
        rows.append(
            ("", f"back {index.clock.time(card.back_at)}", f"At base after {minutes(card.back_travel_s)}", "", "")
        )
        found += [
            Title(f"{card.callsign}: {len(card.visits)} visits"),
            Sketch(card.unit_ref),
            Grid(
                f"Visits of {card.callsign}, leaving base at {index.clock.time(card.leaves_at)}",
                ("No.", "Time", "Place", "Occasion", "How"),
                (1, 3, 7, 4, 4),
                tuple(rows),
            ),
        ]
    idle = [card.callsign for card in units if not card.visits]
    if idle:
        found += [Title("Units without planned visits"), Points(tuple(idle))]
    return found or [Words("No visits are planned.")]


def _step(step: Any, index: Index) -> tuple[str, str, str, str, str]:
    span = index.clock.span(step.starts_at, step.ends_at)
    if not isinstance(step, Visit):
        return ("", span, f"Break {step.where}", "", "")
    place = ". ".join(filter(None, (step.name, step.where)))
    how = "Outside only" if index.places[step.place_ref]["presence"] == "outside_only" else "Welcome"
    return (
        str(step.number),
        span,
        place,
        step.occasion or "None known",
        how + ("; must-visit" if step.is_must else ""),
    )


def _administration(units: Sequence[Card], index: Index) -> tuple[Block, ...]:
    rows = tuple(
        (
            card.callsign,
            KIND_WORDS[card.kind],
            str(card.n_officers),
            index.clock.span(card.starts_at, card.ends_at),
            "; ".join(
                f"{b['minutes']} min, starting {index.clock.span(b['earliest_start'], b['latest_start'])}"
                for b in index.units[card.unit_ref]["breaks"]
            ),
            str(len(card.visits)),
        )
        for card in units
    )
    units_grid = Grid(
        "Units", ("Call sign", "Travels", "Officers", "Shift", "Breaks", "Visits"), (4, 2, 2, 4, 5, 2), rows
    )
    by_hand = ("Commanders", "Briefing times and places", "Vehicles", "Mutual aid", "Welfare", "Dress")
    return (units_grid, Facts(tuple((name, "") for name in by_hand)))


def _risks(units: Sequence[Card], index: Index) -> tuple[Block, ...]:
    found: list[Block] = []
    shortfall = index.document["shortfall"]
    totals = index.document["totals"]
    if shortfall:
        found.append(Words(f"Shortfall: {shortfall['text']}", is_grave=True))
        facts = (
            ("Must-visits", f"{shortfall['n_must']:,}"),
            ("Planned", f"{shortfall['n_served']:,}"),
            ("At most possible with these units", f"{shortfall['fits_at_most']:,}"),
            ("Missing", f"{shortfall['missing_unit_min']:,} minutes of a unit"),
        )
        found.append(Facts(facts))
    else:
        found.append(
            Words(f"All {totals['n_must']:,} must-visits are planned." if totals["n_must"] else "No must-visits.")
        )
    must = unmet_must(index)
    if must:
        unmet = tuple((index.name(r["place_ref"]), REASON_WORDS[r["reason"]], r.get("change", "")) for r in must)
        found.append(
            Grid("Must-visits that are not planned", ("Place", "Why", "What would serve it"), (5, 4, 5), unmet)
        )
    reasons = Counter(row["reason"] for row in index.document["unvisited"])
    if reasons:
        rows = tuple((REASON_WORDS[r], f"{reasons[r]:,}") for r in REASON_WORDS if reasons[r])
        found.append(Grid("Not visited, by first reason (each in unvisited.csv)", ("Reason", "Number"), (6, 2), rows))
    flags = [f"{v.callsign}, visit {v.number}: {v.travel_flag}" for card in units for v in card.visits if v.travel_flag]
    alone = [f"{card.callsign} works alone (1 officer)." for card in units if card.n_officers == 1]
    found += [Title("Flags"), Points(tuple(flags + alone) or ("No travel flag; no unit works alone.",))]
    return (*found, Facts((("Risk assessment", ""), ("Assessed by", ""))))


def _communications(units: Sequence[Card], index: Index) -> tuple[Block, ...]:
    public = [d["wordings"]["public"] for d in index.document["inputs"]["declarations"] if d["wordings"].get("public")]
    skills = [f"{card.callsign}: {', '.join(card.skills)}" for card in units if card.skills]
    return (
        Facts(
            (
                ("Public wording", " ".join(public)),
                ("Call signs", ", ".join(card.callsign for card in units)),
                ("Languages and other skills", "; ".join(skills)),
                ("Channels", ""),
                ("Contacts, by role", ""),
            )
        ),
    )


def _rights(index: Index) -> tuple[Block, ...]:
    opted_out = tuple(index.name(p["ref"]) for p in index.document["places"] if p["presence"] == "none")
    outside = sum(p["presence"] == "outside_only" for p in index.document["places"])
    found: list[Block] = [
        Facts((("Legal basis", ""),)),
        Title("Places that asked for no presence"),
        Points(opted_out or ("None.",)),
        Words(f"{outside:,} places asked for officers outside only; their cards say so."),
        Title("What is not recorded"),
        Words(NOT_RECORDED),
        Title("Fairness and equality"),
        Words(EQUALITY_DRAFT),
    ]
    lottery = index.document["lottery"] or {}
    if lottery.get("commitment"):
        found.append(Facts((("Commitment to the draw (SHA-256)", str(lottery["commitment"])),)))
    return (*found, *_fairness(index))


def _fairness(index: Index) -> list[Block]:
    report = index.document["fairness"]
    if not report or not report["deciles"]:
        return [Words("No fairness report: no place had an open gate.")]
    found: list[Block] = [
        Grid(
            f"Coverage by tenth of need, {report['kind']} (1 is the highest need)",
            ("Tenth", "Places", "Visited"),
            (2, 2, 2),
            tuple(
                (str(d.get("decile", "")), str(d.get("n", "")), percent(d.get("coverage"))) for d in report["deciles"]
            ),
        )
    ]
    flagged = [cell for cell in report["cells"] if cell.get("is_flagged")]
    if flagged:
        rows = tuple(
            (str(c.get("decile")), group_words(c), str(c.get("n")), percent(c.get("coverage"))) for c in flagged
        )
        found.append(
            Grid("Differences that need a written reason", ("Tenth", "Group", "Places", "Visited"), (1, 3, 2, 2), rows)
        )
        found.append(Facts((("Written reason", ""),)))
    return found


def percent(share: float | None) -> str:
    """A share of 0 to 1 as a percentage with one decimal; empty without one."""
    return "" if share is None else f"{share * 100:.1f} %"


def group_words(cell: Mapping[str, Any]) -> str:
    """The community or area of a cell of the fairness report, in words."""
    group = str(cell.get("group", ""))
    words = {code: faith(code).category for code in in_order(frozenset({group}))} if cell.get("by") == "faith" else {}
    return words.get(group, group)
