"""`reassure fund replay`: a round's events to its state."""

# ruff: noqa: E501 - a line of help stands whole

from pathlib import Path
from typing import Annotated, Any

import typer

from reassure.cli.fund_options import scheme_of_events
from reassure.cli.output import say, say_json
from reassure.files.fund_bids import assessments_csv, bids_csv
from reassure.files.fund_events import read_events
from reassure.files.writing import write_folder
from reassure.fund.life import RoundLife
from reassure.fund.progress import replay
from reassure.fund.rolling import tranche_pence
from reassure.fund.schemes import regime
from reassure.money import with_sign
from reassure.periods import parse_instant
from reassure.provenance import canonical_json

COMPETING = "assessed"


def command(
    events: Annotated[Path, typer.Argument(metavar="EVENTS.jsonl", help="One event a line.")],
    scheme: Annotated[str, typer.Option(metavar="CODE", help="Scheme of the round, if its events do not say it.")] = "",
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Folder for state.json, and BIDS.csv and ASSESSMENTS.csv of the bids that compete."
        ),
    ] = None,
    at: Annotated[
        str, typer.Option(metavar="INSTANT", help="Of a rolling round: say what a batch may spend at this instant.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the state as JSON.")] = False,
) -> None:
    """Replay a round's events to its state; refuse the first illegal one.

    Every event is checked against the table of states, the roles and the guards, and the ledger has to add up. Exit code
    2: a line cannot be read. Exit code 3: an event may not happen; its line and every reason are said.
    """
    read = read_events(events)
    life = replay(scheme_of_events(read, scheme), read.events, rows=read.rows, file=read.file)
    document = state_document(life)
    if at:
        document["tranche_pence"] = _tranche(life, at)
    if out is not None:
        bids = [life.bids[ref] for ref in sorted(life.bids) if life.bids[ref].state == COMPETING]
        files = {"state.json": canonical_json(document) + b"\n"}
        if bids:
            files |= {"BIDS.csv": bids_csv(b.scored() for b in bids), "ASSESSMENTS.csv": assessments_csv(bids)}
        write_folder(out, files)
    if as_json:
        say_json(document)
        return
    say(f"{len(read.events)} events: the round is {life.state} (regime {document['regime']}).")
    for state, n in document["bids_by_state"].items():
        say(f"  {n:5} bids {state}")
    for name, pot in document["pots"].items():
        say(
            f"  pot {name}: {with_sign(pot['committed_pence'])} committed of {with_sign(pot['budget_pence'])}, "
            f"{with_sign(pot['free_pence'])} free, {with_sign(pot['paid_net_pence'])} paid"
        )
    if at:
        say(f"  a batch may spend {with_sign(document['tranche_pence'])} ({document['tranche_pence']} pence)")


def _tranche(life: RoundLife, at: str) -> int:
    budget = sum(p.budget_pence - p.holdback_pence for p in life.ledger.pots.values())
    committed = sum(p.committed_pence for p in life.ledger.pots.values())
    instant = parse_instant(at, "--at")
    return tranche_pence(budget, committed, starts_at=life.starts_at or instant, at=instant)


def state_document(life: RoundLife) -> dict[str, Any]:
    """A round as JSON values: its state, bids, batches, pots and awards."""
    states: dict[str, int] = {}
    for bid in life.bids.values():
        states[bid.state] = states.get(bid.state, 0) + 1
    asked = sum(
        x.requested_pence for b in life.bids.values() if b.score and b.score.passes(life.scheme) for x in b.lines
    )
    free = sum(p.budget_pence - p.holdback_pence for p in life.ledger.pots.values())
    return {
        "scheme": life.scheme.code,
        "state": life.state,
        "regime": regime(life.scheme, asked_above_threshold_pence=asked, available_pence=free),
        "n_transitions": len(life.transitions),
        "last_at": life.last_at.isoformat() if life.last_at else None,
        "bids_by_state": dict(sorted(states.items())),
        "bids": {ref: {"state": b.state, "codes": list(b.codes)} for ref, b in sorted(life.bids.items())},
        "batches": {ref: b.state for ref, b in life.batches.items()},
        "pots": {
            name: {
                "budget_pence": pot.budget_pence,
                "committed_pence": pot.committed_pence,
                "free_pence": pot.free_pence,
                "holdback_pence": pot.holdback_pence - pot.holdback_used_pence,
                "paid_net_pence": sum(a.paid_net_pence for a in life.ledger.awards.values() if a.pot == name),
            }
            for name, pot in life.ledger.pots.items()
        },
        "awards": {
            ref: {
                "awarded_pence": a.awarded_pence,
                "claimed_pence": a.claimed_pence,
                "certified_pence": a.certified_pence,
                "paid_net_pence": a.paid_net_pence,
                "released_pence": a.released_pence,
            }
            for ref, a in sorted(life.ledger.awards.items())
        },
    }
