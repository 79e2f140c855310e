"""`reassure fund explain`: one bid of a run, with what would have changed it."""

# ruff: noqa: E501 - a line of help stands whole

from pathlib import Path
from typing import Annotated, Any

import typer

from reassure.cli.output import say, say_json, working
from reassure.errors import InputError, Problem
from reassure.files.fund_run import StoredRun, read_run
from reassure.fund.bids import ScoredBid, need_met
from reassure.fund.changes import Change, budget_for_line, cost_for_line, lowest_score, score_for_line
from reassure.fund.explanations import OverridePrice, override_price, regret_or_none
from reassure.fund.optimum import Model
from reassure.fund.reason_words import change_words, sentence
from reassure.fund.schemes import MEASURES
from reassure.fund.scoring import as_score
from reassure.money import with_sign

FIXED = ("BELOW_THRESHOLD", "EVIDENCE_LOW", "GAP_CLOSED", "ALTERNATIVE")
"""Lines with these codes have no nearest budget or cost of their own."""


def command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of `reassure fund allocate`.")],
    bid: Annotated[str, typer.Option(metavar="ID", help="Reference of the bid.")],
    solves: Annotated[
        int,
        typer.Option(
            min=1, max=2000, metavar="N", help="Most steps of a scan; each takes one to two seconds in a large run."
        ),
    ] = 40,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Why a bid was funded or not, and what would have changed it.

    For each line its codes, what holding it the other way would cost, and the nearest score, cost or budget at which it
    would have been funded. In a small run the scans are complete; in a large one they stop after --solves steps and say how
    far they came.
    """
    kept = read_run(folder)
    one = next((b for b in kept.run.bids if b.ref == bid), None)
    if one is None:
        raise InputError([Problem("--bid", bid, "a bid of the run, such as " + kept.run.bids[0].ref)])
    with working("Trying what would have changed it..."):
        answer = _answer(kept, one, solves)
    if as_json:
        say_json(answer)
        return
    _print(kept, one, answer)


def _answer(kept: StoredRun, bid: ScoredBid, solves: int) -> dict[str, Any]:
    run = kept.run
    model = Model(run.bids, run.terms, run.seed)
    is_small = sum(len(b.lines) for b in run.bids) <= 60
    steps = 400 if is_small else solves
    lines: list[dict[str, Any]] = []
    for line in bid.lines:
        key = (bid.ref, line.ref)
        reason = kept.reasons[key]
        value = regret_or_none(run, model, key)
        found: list[Change] = []
        if not reason.is_funded and reason.codes[0] not in FIXED and value is not None:
            found = [f(run, key, max_solves=steps) for f in (score_for_line, budget_for_line, cost_for_line)]
        price = override_price(run, model, key, is_in=not reason.is_funded) if value is not None else None
        lines.append(
            {
                "line_ref": line.ref,
                "measure": line.measure,
                "requested_pence": line.requested_pence,
                "is_funded": reason.is_funded,
                "codes": list(reason.codes),
                "words": [sentence(code, bid, line, run.terms) for code in reason.codes],
                "regret": value,
                "changes": [_change(c) for c in found],
                "override": None if price is None else _price(price),
            }
        )
    funded = [x["line_ref"] for x in lines if x["is_funded"]]
    lowest = None if funded else _change(lowest_score(run, bid.ref))
    return {
        "bid_ref": bid.ref,
        "tenths": bid.tenths,
        "passes": run.terms.passes(bid),
        "need_met": need_met(bid, funded),
        "lines": lines,
        "lowest_score": lowest,
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "found": change.found,
        "searched_to": change.searched_to,
        "words": change_words(change),
    }


def _price(price: OverridePrice) -> dict[str, Any]:
    return {
        "cost": price.cost,
        "share": round(price.share, 6),
        "enters": ["/".join(k) for k in price.enters],
        "leaves": ["/".join(k) for k in price.leaves],
    }


def _print(kept: StoredRun, bid: ScoredBid, answer: dict[str, Any]) -> None:
    say(f"Bid {bid.ref}: score {as_score(bid.tenths)}, need met {answer['need_met']:,}")
    for line in answer["lines"]:
        word = "funded" if line["is_funded"] else "not funded"
        say(
            f"  {line['line_ref']} {MEASURES.get(line['measure'], line['measure'])}, {with_sign(line['requested_pence'])}: {word}"
        )
        for code, words in zip(line["codes"], line["words"], strict=True):
            say(f"      {code}: {words}")
        if line["override"] is None:
            say("      It cannot be funded beside the other rules.")
            continue
        price = line["override"]
        way = "out" if line["is_funded"] else "in"
        moved = [f"drops {', '.join(price['leaves'])}"] if price["leaves"] else []
        moved += [f"brings in {', '.join(price['enters'])}"] if price["enters"] else []
        said = f" and {' and '.join(moved)}" if moved else ""
        say(f"      Holding it {way} costs {price['cost']:,} of {kept.run.best.value:,} ({price['share']:.1%}){said}.")
        for change in line["changes"]:
            say(f"      {change['words']}")
    if answer["lowest_score"] is not None:
        say(f"  The bid as a whole: {answer['lowest_score']['words']}")
