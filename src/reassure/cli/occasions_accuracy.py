"""`reassure occasions accuracy`: how far our times and dates lie from published ones."""

import os
from pathlib import Path
from typing import Annotated

import typer

from reassure.cli.output import DONE, FAULTS_FOUND, note, say
from reassure.errors import InputError, Problem
from reassure.files.accuracy import Measure, measures


def command(
    data: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Folder of open data; without it REASSURE_DATA is taken.")
    ] = None,
) -> None:
    """
    Compare prayer times, Shabbat, festivals and Fridays with published tables.

    One row a bar: how many values were compared, the largest difference, the largest allowed, and whether it holds.
    Exit code 1 when a bar is missed or a table is not at hand.
    """
    folder = data or (Path(os.environ["REASSURE_DATA"]) if os.environ.get("REASSURE_DATA") else None)
    if folder is None:
        raise InputError([Problem("--data", "", "the folder of open data, or REASSURE_DATA set to it")])
    found = measures(folder)
    wide = max(len(m.what) for m in found)
    say(f"{'Compared':<{wide}}  {'n':>4}  {'largest':>8}  {'allowed':>8}  {'':9}  {'holds':5}  table")
    for measure in found:
        say(_line(measure, wide))
    missed = [measure for measure in found if not measure.is_met]
    note(f"{len(found) - len(missed)} of {len(found)} bars hold.")
    raise typer.Exit(FAULTS_FOUND if missed else DONE)


def _line(measure: Measure, wide: int) -> str:
    holds = "yes" if measure.is_met else "no"
    return (
        f"{measure.what:<{wide}}  {measure.n:>4}  {measure.worst:>8.3g}  {measure.bar:>8g}  {measure.unit:<9}  "
        f"{holds:<5}  {measure.table}"
    )
