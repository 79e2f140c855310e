"""`reassure fund demo`: an invented round to try the other commands on."""

# ruff: noqa: E501 - a line of help stands whole

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from reassure.cli.fund_options import scheme_of_events
from reassure.cli.output import say, say_json
from reassure.errors import InputError, Problem
from reassure.files.fund_demo import REGIMES, SEED, delivery_events, demo_round, next_batch
from reassure.files.fund_events import events_bytes, read_events
from reassure.files.fund_facts import EXAMPLE
from reassure.files.writing import write_folder
from reassure.fund.decisions import Panel, closing_events, may_begin_delivery, open_business
from reassure.fund.events import Event
from reassure.fund.life import RoundLife
from reassure.fund.progress import apply_event, replay
from reassure.fund.rolling import BATCH_DAYS, tranche_pence
from reassure.fund.states import FINAL
from reassure.periods import parse_instant

EVENTS, FACTS = "EVENTS.jsonl", "FACTS.toml"


def command(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for EVENTS.jsonl and FACTS.toml.")],
    regime: Annotated[
        str, typer.Option(metavar="A|B|C", help="A asks for less than there is, B for more, C is rolling.")
    ] = "B",
    bids: Annotated[int, typer.Option(min=2, max=5_000, metavar="N", help="How many bids.")] = 40,
    seed: Annotated[int, typer.Option(min=0, help="Another number makes another round.")] = 1,
    batch: Annotated[
        Path | None,
        typer.Option(metavar="EVENTS.jsonl", help="Instead: open and freeze the next batch of this rolling round."),
    ] = None,
    at: Annotated[str, typer.Option(metavar="INSTANT", help="With --batch: when it is frozen.")] = "",
    deliver: Annotated[
        Path | None, typer.Option(metavar="EVENTS.jsonl", help="Instead: carry this decided round to its last penny.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Make an invented round of a regime to try the commands on.

    Writes the events up to the freeze, ready for `fund replay --out`, `fund allocate`, `fund decide` and `fund letters`;
    --deliver then adds acceptances, claims, payments and the end. Everything is generated; nobody in it is real.
    """
    if batch is not None:
        events = _next_batch(batch, at)
    elif deliver is not None:
        events = _delivered(deliver)
    else:
        if regime not in REGIMES:
            raise InputError([Problem("--regime", regime, "A, B or C")])
        events = list(demo_round(regime, seed=seed, n_bids=bids).events)
    write_folder(out, {EVENTS: events_bytes(events), FACTS: EXAMPLE.encode()})
    if as_json:
        say_json({"events": str(out / EVENTS), "n_events": len(events), "seed": SEED})
        return
    say(f"{len(events)} invented events in {out / EVENTS}; the seed of the draw is {SEED!r}.")


def _life(path: Path) -> tuple[RoundLife, list[Event]]:
    read = read_events(path)
    return replay(scheme_of_events(read, ""), read.events, rows=read.rows, file=read.file), list(read.events)


def _next_batch(path: Path, at: str) -> list[Event]:
    life, events = _life(path)
    instant = parse_instant(at, "--at")
    if life.last_at is not None and instant < (soonest := life.last_at + timedelta(days=BATCH_DAYS)):
        expected = f"{soonest.isoformat()} or later, since a batch is open for {BATCH_DAYS} days after the last event"
        raise InputError([Problem("--at", at, expected)])
    budget = sum(p.budget_pence - p.holdback_pence for p in life.ledger.pots.values())
    committed = sum(p.committed_pence for p in life.ledger.pots.values())
    tranche = tranche_pence(budget, committed, starts_at=life.starts_at or instant, at=instant)
    added = next_batch(life, tranche, instant)
    for event in added:
        life = apply_event(life, event)
    return events + added


def _delivered(path: Path) -> list[Event]:
    life, events = _life(path)
    start = life.last_at
    if start is None:
        raise InputError([Problem("events", str(path), "a decided round")])
    added = delivery_events(life, at=start)
    accepted = next((e.at for e in added if e.event == "accept"), None)
    if life.state == "decided" and accepted is not None:
        added.append(Event(accepted, "system", "system", "round", "begin"))
    added.sort(key=lambda e: (e.at, e.subject == "round"))
    for event in added:
        life = apply_event(life, event)
    events += added
    rest = [ref for ref in open_business(life) if life.bids[ref].state not in (*FINAL, "reserve")]
    if life.state in ("decided", "delivering") and not rest:
        end = (life.last_at or start) + timedelta(days=1)
        if may_begin_delivery(life, end):
            events.append(Event(end, "system", "system", "round", "begin"))
        events += closing_events(life, Panel("officer-3", "officer-1", "chair-1", ""), finance1="finance-1", at=end)
    return events
