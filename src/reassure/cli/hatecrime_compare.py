"""`reassure hatecrime compare`: two years over the same forces, or a refusal that names who differs."""

from pathlib import Path
from typing import Annotated

import typer

from reassure.cli.hatecrime_records import Coverage, Offences, parse_day, put_out, read_records
from reassure.cli.output import note
from reassure.errors import InputError, Problem
from reassure.files.hatecrime_csv import comparison_json, csv_bytes, json_bytes
from reassure.hatecrime.changes import compare
from reassure.hatecrime.offences import force_words, parse_year


def command(
    offences: Offences,
    coverage: Coverage,
    years: Annotated[str, typer.Option(metavar="YEAR,YEAR", help="Two years, such as 2016/17,2017/18.")],
    as_at: Annotated[str, typer.Option(metavar="DATE", help="Count what was known at the end of this day.")],
    by: Annotated[str, typer.Option(metavar="KIND", help="religion or strand.")],
    common: Annotated[bool, typer.Option("--common", help="Count only forces that supplied for both years.")] = False,
    out: Annotated[Path | None, typer.Option(metavar="FILE.csv", help="Where to; FILE.json is put beside it.")] = None,
) -> None:
    """
    Put two years side by side, over the same forces.

    Years that are covered by different forces are refused (3) unless --common is given; the result then names who
    was left out.
    """
    pair = [parse_year(part, "years") for part in years.split(",")]
    if len(pair) != 2 or pair[0] == pair[1]:
        raise InputError([Problem("years", years, "two different years such as 2016/17,2017/18")])
    day = parse_day(as_at, "as_at")
    records = read_records(offences, coverage)
    found = compare(records.as_at(day), pair, by, is_common=common)
    put_out(out, csv_bytes(found.header, found.rows), json_bytes(comparison_json(found, day.isoformat())))
    if found.left_out:
        note(f"Left out, because they supplied for one of the years only: {force_words(found.left_out)}.")
