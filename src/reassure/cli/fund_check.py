"""`reassure fund check`: the public check of a bid, with no account and nothing stored."""

from pathlib import Path
from typing import Annotated

import typer

from reassure.cli.output import FAULTS_FOUND, say, say_json
from reassure.files.fund_facts import read_facts
from reassure.files.schemes import find_scheme
from reassure.fund.eligibility import RULES, eligibility_checks
from reassure.periods import parse_instant

WORDS = {"pass": "passes", "fail": "fails", "officer": "for an officer", "unknown": "not known for this round"}


def command(
    facts: Annotated[Path, typer.Argument(metavar="FACTS.toml", help="The facts of the bid; `fund demo` writes one.")],
    scheme: Annotated[str, typer.Option(metavar="CODE", help="Code of a scheme, or its TOML file.")],
    arrived: Annotated[
        str, typer.Option(metavar="INSTANT", help="When the bid arrived, such as 2018-08-10T22:59:59+00:00.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Whether a bid may go to assessment: every reason at once.

    Rules E01 to E15 are looked at. The machine may fail only some of them; others it marks for an officer, who decides
    with a reason. Nothing is stored. Exit code 1 when a rule fails.
    """
    terms = find_scheme(scheme)
    checks = eligibility_checks(read_facts(facts), terms, arrived_at=parse_instant(arrived, "--arrived"))
    failed = [c for c in checks if c.result == "fail"]
    if as_json:
        say_json(
            {
                "scheme": terms.code,
                "may_be_assessed": not failed,
                "checks": [
                    {"rule": c.rule, "name": RULES[c.rule], "result": c.result, "reasons": [p.text for p in c.problems]}
                    for c in checks
                ],
            }
        )
    else:
        for c in checks:
            say(f"{c.rule}  {WORDS[c.result]:26} {RULES[c.rule]}")
            if c.result in ("fail", "officer"):
                for problem in c.problems:
                    say(f"       {problem.text}")
        n_officer = sum(c.result == "officer" for c in checks)
        more = f" {n_officer} rules are for an officer." if n_officer else ""
        say(("Nothing bars this bid." if not failed else f"{len(failed)} rules fail.") + more)
    if failed:
        raise typer.Exit(FAULTS_FOUND)
