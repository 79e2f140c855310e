"""The parts of the plan page about what is visited: map, timeline, hours, each unit's visits, and the need for each."""

from collections.abc import Sequence

from reassure.files.markup import Child, Markup, tag
from reassure.files.plan_map import DASHES, N_COLOURS, area_map, round_map
from reassure.files.plan_pages.tables import NUMERIC, TIME, named, scrolled, section, table
from reassure.files.plan_timeline import hours_chart, timeline
from reassure.patrols.briefing import KIND_WORDS, Card, Index, Visit, attribution, minutes
from reassure.patrols.order import occasions_by_hour

PARTS = (
    ("attendance", "Attendance", "pa"),
    ("incidents", "Incidents", "pi"),
    ("declared", "Declared", "pt"),
    ("gap", "Security gap", "pg"),
    ("recency", "Last visit", "pr"),
    ("request", "Request", "pq"),
)
"""Parts of a need: name in the document, in words, and class in the style sheet."""


def map_section(index: Index, cards: Sequence[Card]) -> Markup:
    """The map with its key."""
    caption = tag(
        "figcaption",
        "Straight lines join stops in their order; they are not roads. Discs that would hide one another stand beside "
        f"their place. {attribution(index.document)}",
    )
    return section("map", "Map", tag("figure", scrolled(area_map(index, cards), "Map"), map_key(cards), caption))


def map_key(cards: Sequence[Card], rounds: range | None = None) -> Markup:
    """What the shapes and lines of `area_map` mean."""
    shapes = (
        (
            '<circle cx="9" cy="9" r="8" class="stop f0"/>'
            '<text x="9" y="12" font-size="8" text-anchor="middle" class="num">1.1</text>',
            "visited: unit and stop",
        ),
        ('<path d="M9,3l6,6l-6,6l-6,-6z" class="missed"/>', "not visited"),
        ('<path d="M9,3l6,6l-6,6l-6,-6z" class="missed must"/>', "must-visit not planned"),
        ('<circle cx="9" cy="9" r="2.5" class="idle"/>', "nobody gathers"),
        ('<path d="M5,5l8,8m0,-8l-8,8" class="contact"/>', "contact only"),
        ('<rect x="4" y="4" width="10" height="10" class="base"/>', "base"),
    )
    key = tag("ul", (tag("li", _swatch(Markup(shape), 18), words) for shape, words in shapes), class_="key")
    lines = (
        tag("li", _line(n), f"{n + 1} ", named(card.callsign))
        for n, card in enumerate(cards)
        if rounds is None or n in rounds
    )
    return Markup(key + tag("ul", lines, class_="key"))


def timeline_section(index: Index, cards: Sequence[Card]) -> Markup:
    """The timeline of units with its key."""
    shapes = (
        ('<rect x="1" y="3" width="26" height="12" class="stop f0"/>', "visit, with its number"),
        ('<path d="M1,9h26" class="travel"/>', "travel"),
        ('<path d="M1,9h26" class="wait"/>', "waiting"),
        (
            '<rect x="1" y="3" width="26" height="12" class="rest"/>'
            '<text x="14" y="13" font-size="11" text-anchor="middle">B</text>',
            "break",
        ),
        ('<rect x="1" y="3" width="26" height="12" class="shift"/>', "on shift"),
    )
    key = tag("ul", (tag("li", _swatch(Markup(shape), 28), words) for shape, words in shapes), class_="key")
    caption = tag("figcaption", "Times are London's wall clock.")
    drawing = scrolled(timeline(index, cards), "Timeline of units")
    return section("timeline", "Timeline of units", tag("figure", drawing, key, caption))


def hours_section(index: Index) -> Markup:
    """Occasions and visits by hour, as a chart and as a table."""
    shapes = (
        (
            '<rect x="3" y="3" width="12" height="12" class="people"/>',
            "occasions with people arriving, gathered or leaving",
        ),
        ('<rect x="3" y="3" width="12" height="12" class="calls"/>', "visits that start"),
    )
    key = tag("ul", (tag("li", _swatch(Markup(shape), 18), words) for shape, words in shapes), class_="key")
    rows = occasions_by_hour(index)
    listed = table(
        "Occasions and visits by hour",
        ("From", "Occasions", "Visits"),
        rows,
        kinds=("", NUMERIC, NUMERIC),
        kind="narrow",
    )
    drawing = scrolled(hours_chart(index), "Occasions and visits by hour")
    return section("hours", "Occasions by hour", tag("figure", drawing, key), listed)


def visits_section(index: Index, cards: Sequence[Card]) -> Markup:
    """Each unit with its round, in the order of the roster."""
    parts: list[Child] = []
    for n, card in enumerate(cards):
        if card.visits:
            parts += _unit(index, n, card)
    idle = [card for card in cards if not card.visits]
    if idle:
        names = ", ".join(f"{card.callsign} ({index.clock.span(card.starts_at, card.ends_at)})" for card in idle)
        parts += [tag("h3", f"Units without visits ({len(idle)})"), tag("p", names)]
    return section("visits", "Visits by unit", parts or tag("p", "The plan has no units."))


def need_section(index: Index) -> Markup:
    """Why there: points of every place and occasion with an open gate, as a bar of its parts and as a sum in words."""
    weights = index.document["inputs"]["need_model"]["weights"]
    visited = {
        (stop["place_ref"], index.options[stop["option"]]["occasion_ref"])
        for route in index.document["routes"]
        for stop in route["stops"]
    }
    needs = [n for n in index.document["needs"] if n["gate"] == "open"]
    needs.sort(key=lambda n: (-n["points"], n["place_ref"], n["occasion_ref"]))
    closed = sum(n["gate"] == "closed" for n in index.document["needs"])
    opted_out = sum(n["gate"] == "opted_out" for n in index.document["needs"])
    key = tag(
        "ul",
        (
            tag(
                "li",
                _swatch(tag("rect", x=3, y=3, width=12, height=12, class_=kind), 18),
                f"{words}, up to {weights.get(name, 0)}",
            )
            for name, words, kind in PARTS
        ),
        class_="key",
    )
    lead = tag(
        "p",
        "Points rank visits, from 0 to 100; they say nothing about any person. The parts of each sum stand in the last "
        f"column. {closed:,} had no occasion, recent incident or request, and {opted_out:,} asked for contact only: "
        "0 points.",
    )
    rows = [
        (
            named(index.name(n["place_ref"]), index.occasion_words(n["occasion_ref"]) or "no occasion known"),
            n["points"],
            _bar(n["parts"]),
            "yes" if (n["place_ref"], n["occasion_ref"]) in visited else "no",
            n["explanation"],
        )
        for n in needs
    ]
    listed = table(
        "Need, highest first",
        ("Place", "Points", "Parts", "Visited", "Sum"),
        rows,
        kinds=("", NUMERIC, "", "", ""),
        kind="needs",
    )
    return section("need", "Need explained", lead, key, listed if rows else tag("p", "No place had an open gate."))


def _unit(index: Index, n: int, card: Card) -> list[Child]:
    clock = index.clock
    officers = "1 officer" if card.n_officers == 1 else f"{card.n_officers} officers"
    skills = f" Skills: {', '.join(card.skills)}." if card.skills else ""
    line = (
        f"Shift {clock.span(card.starts_at, card.ends_at)}, {KIND_WORDS[card.kind]}, {officers}.{skills} Leaves base "
        f"{clock.time(card.leaves_at)}, back {clock.time(card.back_at)} after {minutes(card.back_travel_s)}."
    )
    columns = ("No.", "Time", "Place", "Occasion", "Start by", "Travel", "Notes")
    rows = [_step(index, step) for step in card.steps]
    caption = f"Visits of {card.callsign}"
    return [
        tag("h3", f"{n + 1}. ", named(card.callsign)),
        tag("p", line),
        round_map(card),
        table(caption, columns, rows, kinds=(NUMERIC, TIME, "", "", TIME, NUMERIC, ""), heads=2, kind="hush rounds"),
    ]


def _step(index: Index, step: object) -> tuple[Child, ...]:
    clock = index.clock
    if not isinstance(step, Visit):
        starts_at, ends_at, where = step.starts_at, step.ends_at, step.where  # type: ignore[attr-defined]
        return ("", clock.span(starts_at, ends_at), named("Break", where), "", "", "", "")
    notes = [
        "Must-visit." if step.is_must else "",
        "Outside only." if index.places[step.place_ref]["presence"] == "outside_only" else "",
        f"{step.travel_flag}." if step.travel_flag else "",
    ]
    return (
        step.number,
        clock.span(step.starts_at, step.ends_at),
        named(step.name, step.where),
        step.occasion or "None known",
        clock.time(step.start_by),
        minutes(step.travel_s),
        " ".join(filter(None, notes)),
    )


def _bar(parts: dict[str, int]) -> Markup:
    drawn, x = [], 0.0
    for name, _, kind in PARTS:
        if width := parts[name] * 1.2:
            drawn.append(tag("rect", x=x, width=width, height=12, class_=kind))
            x += width
    return tag("svg", drawn, viewBox="0 0 120 12", class_="parts", aria_hidden="true")


def _swatch(shape: Markup, width: int) -> Markup:
    return tag("svg", shape, viewBox=f"0 0 {width} 18", width=width, height=18, aria_hidden="true")


def _line(n: int) -> Markup:
    dash = DASHES[n // N_COLOURS % len(DASHES)] or None
    return _swatch(tag("path", d="M0,9h28", class_=f"u{n % N_COLOURS}", stroke_width=3, stroke_dasharray=dash), 28)
