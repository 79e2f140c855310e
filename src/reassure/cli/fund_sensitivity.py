"""`reassure fund sensitivity`: how firm a run's choice is; added to its folder and page."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from reassure.cli.fund_options import write_run
from reassure.cli.output import say, say_json, working
from reassure.files.fund_run import read_run, run_document
from reassure.fund.sensitivity import DEFAULT_SIGMA_TENTHS, N_DRAWS, stability


def command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of `reassure fund allocate`.")],
    sigma: Annotated[
        float,
        typer.Option(
            min=0, max=500, metavar="TENTHS", help="How far scores move; `fund score --json` works it out of the pairs."
        ),
    ] = DEFAULT_SIGMA_TENTHS,
    draws: Annotated[int, typer.Option(min=1, max=10_000, metavar="N", help="How many times.")] = N_DRAWS,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """How firm a choice is if scores or the budget were a little different.

    Moves every score as other assessors might have, chooses again, and counts in how many draws each line is funded;
    does the same for budgets from 10 % less to 10 % more. Close calls (a tenth to nine tenths) are shown to the panel
    and decide nothing. The result is added to run.json and report.html.
    """
    kept = read_run(folder)
    with working(f"Choosing {draws} times..."):
        found = stability(kept.run, sigma_tenths=sigma, n_draws=draws)
    kept = replace(kept, stability=found)
    write_run(folder, kept)
    if as_json:
        say_json(run_document(kept)["sensitivity"])
        return
    always = sum(share == 1 for share in found.shares.values())
    never = sum(share == 0 for share in found.shares.values())
    say(f"{draws} draws: {always} lines always funded, {never} never, {len(found.close_calls)} close calls.")
    for key in found.close_calls[:40]:
        say(f"  {'/'.join(key):24} funded in {found.shares[key]:.0%}")
    for per_cent, value in found.by_budget:
        say(f"  budget {per_cent:+d} %: need met {value:,}")
