"""`reassure fund publish`: figures of a run that may leave, and rows of those who agreed twice."""

# ruff: noqa: E501 - a line of help stands whole

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from reassure.cli.output import say, say_json
from reassure.errors import InputError, Problem
from reassure.files.csv_rows import decode, read_bytes
from reassure.files.fund_consents import read_consents
from reassure.files.fund_run import read_run
from reassure.files.writing import write_folder
from reassure.fund.fairness import GroupRow, fairness_bids
from reassure.fund.publication import Funder, grants, release
from reassure.provenance import canonical_json

FIGURES, GRANTS = "figures.json", "grants.json"


def command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of `reassure fund allocate`.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for figures.json and grants.json.")],
    signed_by: Annotated[list[str], typer.Option(metavar="WHO", help="Who signs the release; give two people.")],
    earlier: Annotated[
        list[Path] | None, typer.Option(metavar="figures.json", help="An earlier release of this round; give each.")
    ] = None,
    consents: Annotated[
        Path | None, typer.Option(metavar="CONSENTS.csv", help="Places that agreed to be named, with both dates.")
    ] = None,
    funder: Annotated[
        str, typer.Option(metavar="PREFIX,ID,NAME", help="With --consents: the funder as 360Giving knows it.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Figures that may be published, and 360Giving rows of those who agreed.

    By region and by faith as declared; counts of 1 to 4 stay hidden, with others where a total would give them away. A
    release whose difference to an earlier one isolates 1 to 4 bids is refused (exit code 3), as is one that fewer than two
    people sign. Rows carry no measures, no postcode, and the region at most.
    """
    kept = read_run(folder)
    bids = fairness_bids(kept.run.bids, kept.run.terms, kept.run.decided.chosen)
    rows = []
    if consents is not None:
        awarded = {b.ref: b.awarded_pence for b in bids if b.is_funded}
        rows = grants(read_consents(consents, awarded), _funder(funder), scheme_title=kept.scheme_title)
    before = [_earlier(path) for path in earlier or ()]
    made = release(bids, ("region", "faith"), earlier=before, signed_by=signed_by, named=len(rows))
    figures: dict[str, Any] = {
        "scheme": kept.scheme_code,
        "signed_by": sorted(set(signed_by)),
        "hidden": "null stands for a figure that stays hidden",
        "tables": {t.dimension: [_row(r) for r in (*t.rows, t.total)] for t in made.tables},
        "counts": dict(made.counts),
    }
    write_folder(out, {FIGURES: canonical_json(figures) + b"\n", GRANTS: canonical_json({"grants": rows}) + b"\n"})
    if as_json:
        say_json(figures)
        return
    say(
        f"{made.counts['funded']} of {made.counts['bids']} bids funded; figures by region and faith in {out / FIGURES}."
    )
    say(f"{len(rows)} awards by name in {out / GRANTS}.")


def _row(row: GroupRow) -> dict[str, Any]:
    names = ("group", "n_bids", "n_passed", "n_funded", "asked_pence", "awarded_pence", "mean_tenths")
    return {name: getattr(row, name) for name in names}


def _funder(text: str) -> Funder:
    parts = [part.strip() for part in text.split(",", 2)]
    if len(parts) != 3 or not all(parts):
        raise InputError([Problem("--funder", text, "PREFIX,ID,NAME, as 360Giving knows the funder")])
    return Funder(*parts)


def _earlier(path: Path) -> dict[str, int]:
    try:
        counts = json.loads(decode(read_bytes(path), str(path)))["counts"]
        return {str(name): int(n) for name, n in counts.items()}
    except (json.JSONDecodeError, RecursionError, KeyError, TypeError, ValueError, AttributeError):
        says = "this is no release"
        raise InputError([Problem("", "", "a figures.json of `fund publish`", str(path), says=says)]) from None
