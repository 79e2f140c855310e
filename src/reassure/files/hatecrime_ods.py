"""A table of hate crime as a workbook: cover, notes, and the table on a sheet of its own."""

from reassure.disclosure import SHOWN
from reassure.files.ods_writing import NOT_APPLICABLE, TableSheet, TextSheet, ods_bytes
from reassure.hatecrime.headings import headings, worded_rows
from reassure.hatecrime.release import Release
from reassure.hatecrime.statements import Statement, day_words

MARKS = (
    f"{SHOWN} stands for a count that is not shown, so that nobody can be made out from it.",
    f"{NOT_APPLICABLE} stands for not applicable. Zero is a count of none.",
    "Shares keep all their digits in the cells and are shown rounded once, half away from zero; 0 can be a share "
    "below one half.",
)


def workbook(released: Release, stated: Statement) -> bytes:
    """The workbook of one table, OpenDocument; the same table gives the same bytes."""
    lines = (
        f"As known on {day_words(stated.day)}. {stated.label.capitalize()} statistics. Coverage: {stated.coverage}.",
        f"Base: {stated.base:,} {stated.base_words}.",
        "This sheet holds one table. Notes stand on the sheet Notes.",
    )
    known = f"Second base: {stated.known:,} {stated.known_words}." if stated.known is not None else ""
    cover = TextSheet(
        "Cover",
        stated.title,
        tuple(
            filter(
                None,
                (
                    *lines[:2],
                    known,
                    f"Label: {stated.label} statistics.",
                    "Sheets: Cover, Notes, Table.",
                    f"Hidden cells: {released.n_hidden} of {released.n_cells}." if released.n_hidden else "",
                ),
            )
        ),
    )
    notes = TextSheet("Notes", "Notes", (*stated.notes, *MARKS, *stated.sentences))
    table = TableSheet("Table", stated.title, lines, headings(released.table), tuple(worded_rows(released.table)))
    subject = f"Hate crime recorded by the police, as known on {stated.day.isoformat()}"
    return ods_bytes([cover, notes, table], title=stated.title, subject=subject, made_on=stated.day)
