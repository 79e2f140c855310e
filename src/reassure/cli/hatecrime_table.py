"""`reassure hatecrime table`: one of the published tables from records, as known on a day."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from reassure.cli.hatecrime_records import Coverage, Offences, beside, parse_day, read_records, tell_findings
from reassure.cli.output import note, say, working
from reassure.errors import InputError, Problem
from reassure.files.hatecrime_csv import csv_bytes, json_bytes, read_release, statement_json
from reassure.files.hatecrime_html import page_html
from reassure.files.hatecrime_ods import workbook
from reassure.files.ods_reading import read_bulletin
from reassure.files.writing import write_file
from reassure.hatecrime.offences import parse_year
from reassure.hatecrime.quality import count_findings, does_not_add_up
from reassure.hatecrime.release import COLUMNS, Release, release
from reassure.hatecrime.statements import statement
from reassure.hatecrime.tables import KINDS, Table, make_table


def command(
    offences: Offences,
    coverage: Coverage,
    year: Annotated[str, typer.Option(metavar="YEAR", help="April to March, such as 2018/19.")],
    as_at: Annotated[str, typer.Option(metavar="DATE", help="Count what was known at the end of this day.")],
    by: Annotated[str, typer.Option(metavar="KIND", help="religion, strand, force, force-religion or month.")],
    suppress: Annotated[bool, typer.Option("--suppress", help="Hide what could make people out, for release.")] = False,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="CSV, or .ods or .html by its ending; FILE.json is put beside it."),
    ] = None,
    label: Annotated[str, typer.Option(metavar="LABEL", help="experimental or official.")] = "",
    earlier: Annotated[
        list[Path] | None, typer.Option(metavar="FILE.csv", help="Earlier release of the same table; may be repeated.")
    ] = None,
    released: Annotated[
        list[str] | None,
        typer.Option(metavar="DATE", help="Day of a vintage that was released, may be repeated; or none."),
    ] = None,
    bulletin: Annotated[
        Path | None, typer.Option(metavar="FILE.ods", help="Bulletin whose Table_3 the table has to add up to.")
    ] = None,
) -> None:
    """
    Make one of the published tables from records, as they were known on a day.

    The numbers are unrounded; an empty cell means not applicable, never zero. Beside FILE stands FILE.json with
    title, year, vintage, coverage, label, bases and everything doubtful. Faults that stop the count end with 2.
    """
    of, day = parse_year(year), parse_day(as_at, "as_at")
    if by not in KINDS:
        raise InputError([Problem("by", by, "one of " + ", ".join(KINDS))])
    records = read_records(offences, coverage)
    with working("Counting"):
        vintage = records.as_at(day)
        table = make_table(vintage, of, by)
        stated = statement(table, vintage, label=label)
        findings = [*records.findings(day), *count_findings(vintage, of)]
        if bulletin is not None:
            _check_bulletin(bulletin, table)
        made = Release(table, 0, 0)
        if suppress:
            before = [read_release(path, by) for path in earlier or []] if by in COLUMNS else []
            days = _released_on(released, day)
            made = release(table, records.read.supplies, records.coverage, day, earlier=before, released_on=days)
    told = json_bytes(statement_json(stated, made, findings, is_for_release=suppress))
    if out is None:
        say(csv_bytes(made.table.header, made.table.rows).decode("utf-8").rstrip("\n"))
    else:
        makers = {".ods": workbook, ".html": page_html}
        maker = makers.get(out.suffix.casefold())
        data = maker(made, stated) if maker else csv_bytes(made.table.header, made.table.rows)
        write_file(beside(out), told)
        write_file(out, data)
    tell_findings(findings)
    note(f"{stated.title}; as known on {day}; {stated.coverage}; {stated.label}.")
    note(f"Base: {stated.base:,} {stated.base_words}.")
    if suppress and by in COLUMNS:
        note(f"Hidden: {made.n_hidden} of {made.n_cells} cells. Two people sign a release.")
    if made.beside_vintages:
        note(f"Before you sign: {made.beside_vintages}")
    if not made.holds_beside_religion:
        note("Before you sign: the table by force and religion would give hidden cells of this one away. Not both.")


def _released_on(said: Sequence[str] | None, day: date) -> list[date] | None:
    """The days of --released; None where nothing is said: any earlier state may have been released."""
    if said is None or list(said) == ["none"]:
        return None if said is None else []
    days = [parse_day(one, "released") for one in said]
    if late := [one for one in days if one >= day]:
        raise InputError([Problem("released", late[0].isoformat(), f"a day before {day.isoformat()}")])
    return days


def _check_bulletin(path: Path, table: Table) -> None:
    """Refuse a table by religion that does not add up to the bulletin's own."""
    if table.by != "religion":
        raise InputError([Problem("bulletin", str(path), "a table by religion to compare it with")])
    found = does_not_add_up(table, read_bulletin(path).counts)
    if found:
        raise InputError([Problem("offences", "", "", file=str(path), says=finding.says) for finding in found])
