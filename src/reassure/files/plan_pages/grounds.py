"""The parts of the plan page about what it stands on: fairness, inputs, sources."""

from collections.abc import Mapping
from typing import Any

from reassure.faiths import faith, in_order
from reassure.files.markup import Child, Markup, tag
from reassure.files.plan_pages.tables import NUMERIC, facts, section, table
from reassure.patrols.briefing import Index
from reassure.patrols.order import group_words, percent
from reassure.patrols.replan_diff import replan_words

OSM_COPYRIGHT = "https://www.openstreetmap.org/copyright"


def fairness_section(index: Index) -> Markup:
    """Coverage by tenth of need, then by community and area, flagged differences first in words."""
    report = index.document["fairness"]
    if not report or not report["deciles"]:
        return section("fairness", "Fairness", tag("p", "No fairness report: no place had an open gate."))
    flags = report["flags"]
    lead: Child = tag("p", "No difference asks for a written reason.")
    if flags:
        words = tag("p", tag("strong", f"{len(flags):,} differences need a written reason before approval."))
        lead = tag("div", words, tag("ul", (tag("li", flag) for flag in flags)), class_="warn")
    columns = ("Tenth of need (1 is the highest)", "Places", "Points", "Visited")
    rows = [
        (
            d.get("decile"),
            d.get("n"),
            f"{d.get('lowest_points', '')} to {d.get('highest_points', '')}",
            percent(d.get("coverage")),
        )
        for d in report["deciles"]
    ]
    coverage = table(
        f"Coverage by tenth of need, {report['kind']}", columns, rows, kinds=("", NUMERIC, NUMERIC, NUMERIC)
    )
    cells = [_cell(cell) for cell in report["cells"]]
    groups = table(
        "Coverage of communities and areas within each tenth (groups under 5 places are not shown)",
        ("Group", "Tenth", "Places", "Visited", "Ratio to the tenth", "Reason needed"),
        cells,
        kinds=("", NUMERIC, NUMERIC, NUMERIC, NUMERIC, ""),
    )
    shown = groups if cells else tag("p", "No group is large enough to be shown.")
    return section("fairness", "Fairness", lead, coverage, shown)


def inputs_section(index: Index) -> Markup:
    """Declarations, need model, travel, digests of the input files, and what repeats the search."""
    inputs = index.document["inputs"]
    declarations: list[Child] = []
    for d in inputs["declarations"]:
        declarations += [tag("h3", f"Declaration {d['ref']}"), _declaration(index, d)]
    travel, search, model = inputs["travel"], index.document["search"], inputs["need_model"]
    weights = ", ".join(f"{name} {n}" for name, n in model["weights"].items())
    rows: list[tuple[str, Child]] = [
        ("Places in the register", inputs["n_places"]),
        ("Occasions on the day", inputs["n_occasions"]),
        ("Need model", f"version {model['version']}: {weights}"),
        ("Travel times", _travel(travel)),
        (
            "Places without a known band",
            "all named ones are must-visits" if inputs["must_unknown"] else "no must-visits",
        ),
        ("A shortfall", "may be planned with" if inputs["allow_shortfall"] else "stops the plan"),
        ("Search", ", ".join(f"{k.replace('_', ' ')} {_value(v)}" for k, v in sorted(search.items()))),
        ("Made", index.clock.moment(index.document["created_at"]) if index.document["created_at"] else ""),
    ]
    digests = sorted(inputs["digests"].items())
    listed = table(
        "SHA-256 of the input files", ("File", "Digest"), [(k, tag("span", v, class_="digest")) for k, v in digests]
    )
    return section(
        "inputs",
        "Inputs and sources",
        declarations or tag("p", "No declaration is in force for this plan."),
        tag("h3", "Settings"),
        facts(rows),
        listed if digests else None,
    )


def lottery_section(index: Index) -> Markup:
    """How the plan was drawn, in words and figures, with the chance of each place; or that it can be foretold."""
    lottery = index.document["lottery"]
    if not lottery:
        words = "This plan was not drawn by lot: it is the best found, and whoever knows its inputs can foretell it."
        return section("lottery", "Draw", tag("p", words))
    best = max(1, lottery["best"])
    rows: list[tuple[str, Child]] = [
        ("Best plan found", f"{lottery['best'] / 100:,.0f} points"),
        ("On average over draws", f"{lottery['expected'] / 100:,.0f} points ({_percent(lottery['expected'] / best)})"),
        ("Worst plan that can be drawn", f"{lottery['worst'] / 100:,.0f} points ({_percent(lottery['worst'] / best)})"),
        ("Price of the floor", _percent(lottery["floor_price"])),
        ("Price of unpredictability", _percent(lottery["unpredictability_price"])),
        ("Least chance of a place", f"{_percent(lottery['chance_min'])}, floor {_percent(lottery['floor'])}"),
        ("Middle chance of a place", _percent(lottery["chance_median"])),
        (
            "Plans that can be drawn",
            f"{lottery['n_plans']:,}, as hard to guess as {lottery['effective_plans']:,.0f} equal ones",
        ),
        ("Entropy", f"{lottery['entropy_bits']:g} bits"),
        (
            "Next stop foretold",
            f"{_percent(lottery['next_stop_share'])} of the time, by somebody who knows every chance",
        ),
        ("Same place, same ten minutes, three Fridays", _percent(lottery["slot_repeat_share"])),
        ("Seed made of", f"{lottery['drawn_from']} and a salt"),
        ("Commitment (SHA-256 of the salt)", tag("span", lottery["commitment"], class_="digest")),
        ("Kind of draw", "a rehearsal: the salt is not secret" if lottery["is_rehearsal"] else "sealed salt"),
    ]
    chances = sorted(lottery["chances"], key=lambda c: (c["chance"], c["place_ref"]))
    listed = [(index.name(c["place_ref"]), _percent(c["chance"])) for c in chances if c["chance"] < 1]
    certain = sum(c["chance"] >= 1 for c in chances)
    shown = table(
        f"Chance of a visit, {certain:,} places that are always visited left out",
        ("Place", "Chance"),
        listed,
        kinds=("", NUMERIC),
    )
    return section("lottery", "Draw", tag("p", lottery["text"]), facts(rows), shown if listed else None)


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def replan_section(index: Index) -> Markup | None:
    """What was changed on the day, every changed visit in a row; None where nothing was."""
    row = index.document.get("replan")
    if not row:
        return None
    callsign = {unit["ref"]: unit["callsign"] for unit in index.document["units"]}
    changes = [
        (
            index.name(c["place_ref"]),
            c["what"],
            *(
                f"{callsign.get(c[f'unit_{side}'], c[f'unit_{side}'])} {index.clock.moment(c[f'start_{side}'])}"
                if c[f"unit_{side}"]
                else "nobody"
                for side in ("before", "after")
            ),
        )
        for c in row["changes"]
    ]
    return section(
        "replan",
        "Changed on the day",
        [tag("p", words) for words in replan_words(row)],
        facts(
            (
                ("Known at", index.clock.moment(row["at"])),
                ("Lost units", ", ".join(row["lost"])),
                ("Plan before (digest)", tag("span", row["of"], class_="digest")),
            )
        ),
        table("Changed visits", ("Place", "What", "Before", "Now"), changes) if changes else None,
    )


def attribution_lines(index: Index) -> Markup:
    """The words that licences ask for; that of OpenStreetMap leads to its copyright page."""
    lines = []
    for words in index.document["attributions"]:
        link = tag("a", "openstreetmap.org/copyright", href=OSM_COPYRIGHT, rel="noreferrer noopener")
        before, found, after = words.partition("openstreetmap.org/copyright")
        lines.append(tag("p", before, link if found else None, after))
    return Markup("".join(lines))


def _cell(cell: Mapping[str, Any]) -> tuple[Child, ...]:
    needed = "yes" if cell.get("is_flagged") else "no"
    return (
        group_words(cell),
        cell.get("decile"),
        cell.get("n"),
        percent(cell.get("coverage")),
        str(cell.get("text", "")),
        needed,
    )


def _declaration(index: Index, d: Mapping[str, Any]) -> Markup:
    named = ", ".join(faith(code).category for code in in_order(frozenset(d["faiths_named"])))
    return facts(
        (
            ("Title", f"{d['title']} (revision {d['revision']}, {d['status']})"),
            ("Threat wording", d["threat_wording"]),
            ("Threat level at the time", d.get("threat_level_seen", "")),
            ("Communities named", named or "none"),
            ("All faiths engaged", "yes" if d["is_all_faiths"] else "no"),
            ("In force", f"{index.clock.moment(d['starts_at'])} to {index.clock.moment(d['expires_at'])}"),
            ("Issued by", d.get("issued_by", "")),
            ("Confirmed by", d.get("approved_by", "")),
            ("Source", d.get("source_url", "")),
        )
    )


def _travel(travel: Mapping[str, Any]) -> str:
    speeds = ", ".join(f"{kind} {kmh:g} km/h" for kind, kmh in sorted(travel.get("speeds_kmh", {}).items()))
    detour = f"detour {travel['detour']:g}" if "detour" in travel else ""
    stop = f"{travel['seconds_per_stop']} s more at each stop" if "seconds_per_stop" in travel else ""
    check = "recomputed by the check" if travel["is_recomputable"] else "taken as given by the check"
    return "; ".join(filter(None, (travel["source"], detour, speeds, stop, check, travel.get("attribution", ""))))


def _value(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
