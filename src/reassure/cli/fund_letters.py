"""`reassure fund letters`: a letter for each bid of a run."""

from pathlib import Path
from typing import Annotated

import typer

from reassure.cli.fund_options import scheme_of_events
from reassure.cli.output import note, say, say_json
from reassure.errors import RuleError
from reassure.files.fund_events import read_events
from reassure.files.fund_letters import letter_files, letters_of
from reassure.files.fund_run import read_run
from reassure.files.writing import write_folder
from reassure.fund.life import BidLife
from reassure.fund.progress import replay


def command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of `reassure fund allocate`.")],
    events: Annotated[
        Path | None,
        typer.Option(
            metavar="EVENTS.jsonl", help="The round's events: adds bids that were never assessed, and languages."
        ),
    ] = None,
    scheme: Annotated[str, typer.Option(metavar="CODE", help="Scheme of the events, if they do not say it.")] = "",
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder for the letters; DIR/letters if not given.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the list of letters as JSON.")] = False,
) -> None:
    """Write a letter for each bid of a run.

    Each as text and as a page, with the decision on every line, its reason and how to appeal. English only: bids that
    asked for Welsh are listed for a translator in letters.csv. A run that may not be confirmed gets no letters.
    """
    kept = read_run(folder)
    if not kept.run.may_confirm:
        raise RuleError([*kept.run.checked.problems] or "The run is not proven: no letters.")
    bids: dict[str, BidLife] = {}
    if events is not None:
        read = read_events(events)
        bids = dict(replay(scheme_of_events(read, scheme), read.events, rows=read.rows, file=read.file).bids)
    letters = letters_of(kept, bids)
    target = out or folder / "letters"
    write_folder(target, letter_files(kept, letters))
    kinds: dict[str, int] = {}
    for letter in letters:
        kinds[letter.kind] = kinds.get(letter.kind, 0) + 1
    if as_json:
        say_json({"folder": str(target), "letters": {x.bid_ref: x.kind for x in letters}, "counts": kinds})
    else:
        say(f"{len(letters)} letters in {target}: " + ", ".join(f"{n} {kind}" for kind, n in sorted(kinds.items())))
    welsh = sum(x.locale == "cy" for x in letters)
    if welsh:
        note(f"{welsh} bids asked for Welsh: their letters need a translator before they go out.")
