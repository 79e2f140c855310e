"""`reassure fund allocate`: the proven choice of measures, with a reason for each line."""

# ruff: noqa: E501 - a line of help stands whole

from pathlib import Path
from typing import Annotated

import typer

from reassure.cli.fund_options import write_run
from reassure.cli.output import note, say, say_json, working
from reassure.errors import InputError, Problem, RuleError
from reassure.files.fund_bids import read_bids
from reassure.files.fund_run import REPORT, StoredRun, run_document, run_sha256, stored
from reassure.files.schemes import find_scheme
from reassure.fund.allocation import Override, Run, allocate
from reassure.fund.bids import Key, keys, terms_of
from reassure.fund.changes import Change, budget_for_line, lowest_score
from reassure.fund.explanations import LineReason, line_reasons, regret_or_none
from reassure.fund.optimum import Model
from reassure.money import MAX_PENCE, with_sign

WEIGHED = ("rate_bp", "cap_pence", "min_award_pence", "catalogue")
"""Terms that the choice would keep to if the scheme knew them."""

SMALL_RUN = 60
"""Lines up to which every regret, and the smallest changes of the nearest bids, are worked out at once."""

NEAREST = 10
BUDGET_STEPS = 60
"""Budgets tried for a bid's first line, in steps of 100 pounds."""


def command(
    bids: Annotated[Path, typer.Argument(metavar="BIDS.csv", help="Scored bids, one row a line.")],
    scheme: Annotated[str, typer.Option(metavar="CODE", help="Code of a scheme, or its TOML file.")],
    budget_pence: Annotated[
        int,
        typer.Option(
            min=1, max=MAX_PENCE, metavar="N", help="What the run may spend, in pence; committed and holdback are off."
        ),
    ],
    seed: Annotated[str, typer.Option(metavar="TEXT", help="Seed of the draw; its SHA-256 was published before.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for run.json, allocation.csv and report.html.")],
    hold_in: Annotated[
        list[str] | None, typer.Option(metavar="BID/LINE", help="Hold a line in: the panel's override.")
    ] = None,
    hold_out: Annotated[
        list[str] | None, typer.Option(metavar="BID/LINE", help="Hold a line out: the panel's override.")
    ] = None,
    standing: Annotated[
        list[str] | None, typer.Option(metavar="BID/LINE", help="A line of an award that stands; give each.")
    ] = None,
    reason: Annotated[
        str, typer.Option(metavar="TEXT", help="Why the panel overrides; needed with --hold-in and --hold-out.")
    ] = "",
    by: Annotated[str, typer.Option(metavar="WHO", help="Who decided the override.")] = "the panel",
    changes: Annotated[
        int,
        typer.Option(
            min=0, metavar="N", help="Work out the smallest change for the N best unfunded bids of a large run."
        ),
    ] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print the run as JSON.")] = False,
) -> None:
    """Choose the measures to fund, proven best, with a reason for each.

    Need met is first, then places, then least money, then the draw. The choice does not depend on the order of rows.
    report.html shows what was funded and why, what was not and what would have changed it. Exit code 3 when the run may
    not be confirmed.
    """
    terms_scheme = find_scheme(scheme)
    read = read_bids(bids, terms_scheme)
    unknown = [name for name in WEIGHED if not terms_scheme.knows(name)]
    if unknown:
        note("Not known for this round and not applied: " + ", ".join(unknown) + ".")
    terms = terms_of(terms_scheme, budget_pence=budget_pence)
    known = set(keys(read))
    overrides = [Override(_key(t, known, "--hold-in"), is_in=True, reason=reason, by=by) for t in hold_in or ()]
    overrides += [Override(_key(t, known, "--hold-out"), is_in=False, reason=reason, by=by) for t in hold_out or ()]
    if overrides and not reason.strip():
        raise InputError([Problem("--reason", "", "a reason in words for the override")])
    held = frozenset(_key(t, known, "--standing") for t in standing or ())
    with working("Choosing the measures that meet most need..."):
        run = allocate(read, terms, seed, overrides=overrides, standing=held)
        model = Model(run.bids, terms, seed)
        reasons = line_reasons(run, model)
        kept = stored(terms_scheme, run, reasons)
        if len(known) <= SMALL_RUN:
            regrets = {key: regret_or_none(run, model, key) for key in reasons}
            kept = stored(terms_scheme, run, reasons, regrets=regrets, changes=_changes(run, reasons, NEAREST))
        elif changes:
            kept = stored(terms_scheme, run, reasons, changes=_changes(run, reasons, changes))
    write_run(out, kept)
    if as_json:
        say_json({**run_document(kept), "sha256": run_sha256(kept)})
    else:
        _summary(kept, out)
    if not run.may_confirm:
        raise RuleError([*run.checked.problems] or "The run is not proven.")


def _key(text: str, known: set[Key], option: str) -> Key:
    bid, _, line = text.partition("/")
    if (bid, line) not in known:
        raise InputError([Problem(option, text, "BID/LINE of the bids")])
    return bid, line


def _changes(run: Run, reasons: dict[Key, LineReason], most: int) -> dict[str, tuple[Change, ...]]:
    """The smallest changes for the best unfunded bids: their lowest score, and the budget for their first line."""
    funded = {ref for ref, _ in run.decided.chosen}
    order = sorted((b for b in run.bids if b.ref not in funded), key=lambda b: (-b.tenths, b.ref))
    out: dict[str, tuple[Change, ...]] = {}
    for bid in order[:most]:
        found = [lowest_score(run, bid.ref)]
        if run.terms.passes(bid) and any(reasons[bid.ref, x.ref].codes[0] == "BUDGET" for x in bid.lines):
            line = next(x for x in bid.lines if reasons[bid.ref, x.ref].codes[0] == "BUDGET")
            out[f"{bid.ref}/{line.ref}"] = (budget_for_line(run, (bid.ref, line.ref), max_solves=BUDGET_STEPS),)
        out[bid.ref] = tuple(found)
    return out


def _summary(kept: StoredRun, out: Path) -> None:
    run = kept.run
    passing = sum(run.terms.passes(b) for b in run.bids)
    say(
        f"{run.decided.n_places} of {passing} bids that passed ({len(run.bids)} scored) get "
        f"{with_sign(run.decided.spent_pence)} of {with_sign(run.terms.budget_pence)} for {len(run.decided.chosen)} lines."
    )
    proven = "proven: no other choice meets more" if run.decided.proven else "NOT proven"
    say(f"Need met {run.decided.value:,} ({proven}); by value for money alone {run.greedy_value:,}.")
    if run.overrides:
        say(f"The overrides leave {run.override_cost:,} need unmet ({run.override_cost / max(1, run.best.value):.1%}).")
    counts: dict[str, int] = {}
    for reason in kept.reasons.values():
        counts[reason.codes[0]] = counts.get(reason.codes[0], 0) + 1
    say("Lines by leading code: " + ", ".join(f"{code} {n}" for code, n in sorted(counts.items(), key=lambda p: -p[1])))
    say(f"Report: {out / REPORT}")
