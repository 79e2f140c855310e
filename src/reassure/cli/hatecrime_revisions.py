"""`reassure hatecrime revisions`: one year as it was known on two days."""

from pathlib import Path
from typing import Annotated

import typer

from reassure.cli.hatecrime_records import Coverage, Offences, parse_day, put_out, read_records
from reassure.cli.output import note
from reassure.errors import InputError, Problem
from reassure.files.hatecrime_csv import csv_bytes, json_bytes, revision_json
from reassure.hatecrime.changes import revisions
from reassure.hatecrime.offences import force_words, parse_year


def command(
    offences: Offences,
    coverage: Coverage,
    year: Annotated[str, typer.Option(metavar="YEAR", help="April to March, such as 2018/19.")],
    first: Annotated[str, typer.Option(metavar="DATE", help="The earlier vintage: what was known on this day.")],
    then: Annotated[str, typer.Option(metavar="DATE", help="The later vintage.")],
    by: Annotated[str, typer.Option(metavar="KIND", help="religion or strand.")],
    out: Annotated[Path | None, typer.Option(metavar="FILE.csv", help="Where to; FILE.json is put beside it.")] = None,
) -> None:
    """
    Say how the figures of a year were revised between two days: first value, then, difference.

    A force that sends late appears only in the later vintage and is named.
    """
    of, before, after = parse_year(year), parse_day(first, "first"), parse_day(then, "then")
    if before > after:
        raise InputError([Problem("then", then, f"a day from {before} on")])
    records = read_records(offences, coverage)
    found = revisions(records.as_at(before), records.as_at(after), of, by)
    told = revision_json(found, before.isoformat(), after.isoformat())
    put_out(out, csv_bytes(found.header, found.rows), json_bytes(told))
    for words, forces in (("Only in the later vintage", found.came), ("Only in the earlier vintage", found.left)):
        if forces:
            note(f"{words}: {force_words(forces)}.")
