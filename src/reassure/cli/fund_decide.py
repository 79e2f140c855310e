"""`reassure fund decide`: from a run to the events that record its decisions."""

# ruff: noqa: E501 - a line of help stands whole

from pathlib import Path
from typing import Annotated

import typer

from reassure.cli.fund_options import scheme_of_events
from reassure.cli.output import say, say_json
from reassure.errors import InputError, Problem
from reassure.files.fund_events import events_bytes, read_events
from reassure.files.fund_run import read_run, run_sha256
from reassure.files.writing import write_file
from reassure.fund.decisions import Decided, Panel, bid_events, confirm_events
from reassure.fund.progress import apply_event, replay
from reassure.periods import parse_instant


def command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of `reassure fund allocate`.")],
    events: Annotated[Path, typer.Option(metavar="EVENTS.jsonl", help="The round's events up to the freeze.")],
    out: Annotated[Path, typer.Option(metavar="NEW.jsonl", help="The same events with the decisions added.")],
    at: Annotated[str, typer.Option(metavar="INSTANT", help="When the panel meets.")],
    runner: Annotated[str, typer.Option(metavar="WHO", help="The officer who started the run.")] = "officer-3",
    officer: Annotated[
        str, typer.Option(metavar="WHO", help="The officer who sends offers and letters.")
    ] = "officer-1",
    chair: Annotated[
        str, typer.Option(metavar="WHO", help="The chair who confirms; not the one who ran it.")
    ] = "chair-1",
    minutes: Annotated[str, typer.Option(metavar="REF", help="Reference of the minutes.")] = "minutes of the panel",
    scheme: Annotated[str, typer.Option(metavar="CODE", help="Scheme of the round, if its events do not say it.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Turn a run into the events that record its decisions.

    Records the run, the opening of the fairness report and the confirmation; then recommends and offers, holds in reserve, or
    passes over and rejects with codes. Every event goes through the same guards as any other. Of a rolling round the
    newest batch is decided; unfunded bids wait for up to three batches.
    """
    kept, read = read_run(folder), read_events(events)
    terms = scheme_of_events(read, scheme)
    life = replay(terms, read.events, rows=read.rows, file=read.file)
    if life.seed != kept.run.seed and not any(b.seed == kept.run.seed for b in life.batches.values()):
        raise InputError([Problem("seed", kept.run.seed, "the seed of the freeze in the events", str(folder))])
    instant = parse_instant(at, "--at")
    subject = "round"
    if terms.intake == "rolling":
        frozen = [b.ref for b in life.batches.values() if b.state == "allocating"]
        if not frozen:
            raise InputError([Problem("events", read.file, "a frozen batch", says="no batch is frozen")])
        subject = f"batch:{frozen[-1]}"
    decided = Decided(
        run_sha256=run_sha256(kept),
        funded=kept.funded,
        codes={bid.ref: kept.codes_of(bid) for bid in kept.run.bids},
        is_proven=kept.run.decided.proven,
        is_checked=kept.run.checked.is_clean,
        spent_pence=kept.run.decided.spent_pence,
        override_costs={"/".join(o.key): kept.run.override_cost for o in kept.run.overrides},
    )
    panel = Panel(runner, officer, chair, minutes)
    added = confirm_events(subject, decided, panel, at=instant)
    for event in added:
        life = apply_event(life, event)
    more = sorted(bid_events(life, decided, panel, at=added[-1].at), key=lambda e: e.at)
    for event in more:
        life = apply_event(life, event)
    write_file(out, events_bytes([*read.events, *added, *more]))
    counts: dict[str, int] = {}
    for event in more:
        counts[event.event] = counts.get(event.event, 0) + 1
    if as_json:
        say_json({"subject": subject, "added": len(added) + len(more), "counts": counts, "events": str(out)})
        return
    say(f"{subject} decided: " + ", ".join(f"{n} {name}" for name, n in sorted(counts.items())) + f"; events in {out}")
