"""`reassure places check`: say what is doubtful in a register, for the whole and for each police area."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from reassure.cli.output import BAD_INPUT, DONE, say, say_json, working
from reassure.cli.register_words import pairs_json, sources_json, tell_pairs, tell_refused, tell_sources
from reassure.errors import InputError, Problem
from reassure.files.register import read_register
from reassure.files.residents import read_residents
from reassure.forces import FORCES
from reassure.places.matching import duplicate_pairs
from reassure.places.place import Place
from reassure.places.quality import HEADER, Finding, by_area, quality_report

AREA_NAMES = {force.area_code: force.area_name for force in FORCES if force.has_area}
IN_AREA_TABLE = ("unnamed", "no_religion", "likely_duplicate", "possible_duplicate", "maybe_closed", "outside_polygons")


def command(
    register: Annotated[Path, typer.Argument(metavar="REGISTER.csv", help="Register of places of worship.")],
    area: Annotated[str, typer.Option(metavar="CODE", help="Only this police area, such as E23000014.")] = "",
    residents: Annotated[
        Path | None,
        typer.Option(metavar="FILE.csv", help="Census residents (pfa_code, faith_category, count) to compare with."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON, with every place.")] = False,
) -> int:
    """
    Say what is doubtful in a register: for the whole, for each police area, and pairs that may be one place.

    Every row is a question for people; nothing is changed. Exit code 0 even with doubts, since no register is
    without; 2 when rows cannot be read.
    """
    with working("Reading the register"):
        read = read_register(register, with_facts=True)
        census = read_residents(residents) if residents else None
    with working("Looking for doubts"):
        groups = by_area(read.places)
        if area and area not in groups:
            expected = "an area of the register: " + ", ".join(code for code in groups if code)
            raise InputError([Problem("area", area, expected, str(register))])
        places = groups[area] if area else list(read.places)
        own = {place.ref for place in places}
        pairs = tuple(pair for pair in duplicate_pairs(read.places) if own & set(pair.refs))
        whole = quality_report(places, pairs, residents=None if area else census)
        parts = {code: quality_report(group, pairs) for code, group in groups.items() if not area or code == area}
    if as_json:
        say_json(
            {
                "notice": HEADER,
                "n_places": len(places),
                "report": [_finding_json(finding) for finding in whole],
                "areas": {code or "none": [_finding_json(f) for f in found] for code, found in parts.items()},
                "pairs": pairs_json(pairs),
                "sources": sources_json(read.sources),
                "problems": [problem.text for problem in read.problems],
            }
        )
    else:
        _tell(places, whole, groups, {} if area else parts)
        tell_pairs(pairs, {place.ref: place for place in read.places})
        tell_sources(read.sources)
    tell_refused(read.problems)
    return BAD_INPUT if read.problems else DONE


def _finding_json(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "says": finding.says,
        "n": finding.n,
        "of": finding.n_of,
        "by_faith": dict(finding.by_faith),
        "refs": list(finding.refs),
    }


def _tell(
    places: Sequence[Place],
    whole: Sequence[Finding],
    groups: Mapping[str, Sequence[Place]],
    parts: Mapping[str, Sequence[Finding]],
) -> None:
    say(HEADER)
    say(f"{len(places):,} places. Each row below is a question for people, not a fault found.")
    say()
    for finding in whole:
        share = f"{finding.share:7.1%} of {finding.n_of:,}"
        faiths = ", ".join(f"{n:,} {code}" for code, n in finding.by_faith) if 0 < finding.n < finding.n_of else ""
        say(f"{finding.rule:24} {finding.n:7,} {share:20} {finding.says}" + (f" ({faiths})" if faiths else ""))
    say()
    if parts:
        say(f"{'police area':34} {'places':>7} " + " ".join(f"{rule.replace('_', ' '):>18}" for rule in IN_AREA_TABLE))
    for code, findings in parts.items():
        n_by_rule = {finding.rule: finding.n for finding in findings}
        name = f"{code} {AREA_NAMES.get(code, '')}".strip() or "no police area"
        say(f"{name:34} {len(groups[code]):7,} " + " ".join(f"{n_by_rule[rule]:18,}" for rule in IN_AREA_TABLE))
    if parts:
        say()
