"""Reading a published OpenDocument workbook: its sheets as text and numbers, and the bulletin's table by religion.

Rules: numbers are taken from the cells' values, never from the rounded text; notes are kept word for word. A file
that is no workbook, is too large unpacked, or declares entities is refused.
"""

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from reassure.errors import InputError, Problem
from reassure.files.csv_rows import read_bytes
from reassure.hatecrime.headings import TOTALS
from reassure.hatecrime.offences import RELIGION_WORDS
from reassure.hatecrime.tables import OFFENCES

MAX_BYTES = 20 * 2**20
MAX_UNPACKED_BYTES = 100 * 2**20
MAX_REPEATED = 1_000
"""A cell that is repeated more often than this is empty space to the edge of the sheet."""

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"

CellValue = str | float
Sheet = list[list[CellValue]]


def read_ods(path: Path) -> dict[str, Sheet]:
    """
    The sheets of a workbook by name: rows of text and numbers without the empty ends; `InputError` when it is none.
    """
    data = read_bytes(path, max_bytes=MAX_BYTES)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if archive.getinfo("content.xml").file_size > MAX_UNPACKED_BYTES:
                raise _unusable(path, "the workbook is too large unpacked")
            content = archive.read("content.xml")
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise _unusable(path, "the workbook declares entities")
        root = ElementTree.fromstring(content)  # noqa: S314 - see above
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError, NotImplementedError, RuntimeError):
        raise _unusable(path, "the file is no workbook") from None
    return {str(table.get(f"{_TABLE}name")): _sheet(table) for table in root.iter(f"{_TABLE}table")}


def _unusable(path: Path, says: str) -> InputError:
    return InputError([Problem("", "", "an OpenDocument spreadsheet (.ods)", file=str(path), says=says)])


def _sheet(table: ElementTree.Element) -> Sheet:
    rows: Sheet = []
    for element in table.iter(f"{_TABLE}table-row"):
        cells = list(_cells(element))
        while cells and cells[-1] == "":
            cells.pop()
        n_times = int(element.get(f"{_TABLE}number-rows-repeated") or 1)
        rows += [cells] * (n_times if cells or n_times <= MAX_REPEATED else 0)
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _cells(row: ElementTree.Element) -> Iterator[CellValue]:
    for cell in row:
        if cell.tag not in {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}:
            continue
        n_times = int(cell.get(f"{_TABLE}number-columns-repeated") or 1)
        yield from [_value(cell)] * (n_times if n_times <= MAX_REPEATED else 1)


def _value(cell: ElementTree.Element) -> CellValue:
    kind = cell.get(f"{_OFFICE}value-type")
    if kind in {"float", "percentage", "currency"}:
        return float(cell.get(f"{_OFFICE}value") or "nan")
    return "\n".join("".join(_words(paragraph)) for paragraph in cell.findall(f"{_TEXT}p")).strip()


def _words(element: ElementTree.Element) -> Iterator[str]:
    """The text of a paragraph as it is read: runs of spaces, tabs and line breaks are elements of their own."""
    yield element.text or ""
    for child in element:
        if child.tag == f"{_TEXT}s":
            yield " " * int(child.get(f"{_TEXT}c") or 1)
        elif child.tag in {f"{_TEXT}tab", f"{_TEXT}line-break"}:
            yield " "
        elif not child.tag.startswith(_OFFICE):
            yield from _words(child)
        yield child.tail or ""


@dataclass(frozen=True, slots=True)
class Bulletin:
    """
    Table 3 of the bulletin.

    Parameters
    ----------
    counts
        Offences by religion code, with `total_targeted_religions` and `total_offences`.
    percents
        Percentages by religion code, unrounded as in the cells.
    notes
        Everything under the table, word for word, in order.
    """

    title: str
    year: str
    counts: dict[str, int]
    percents: dict[str, float]
    notes: tuple[str, ...]


def read_bulletin(path: Path, *, sheet: str = "Table_3") -> Bulletin:
    """The bulletin's table by perceived religion; `InputError` says which sheet or row is missing."""
    sheets = read_ods(path)
    if sheet not in sheets:
        expected = f"a sheet {sheet}"
        says = f"the workbook has the sheets {', '.join(sheets) or 'none'}"
        raise InputError([Problem("", "", expected, file=str(path), says=says)])
    rows = sheets[sheet]
    codes = {words: code for code, words in (RELIGION_WORDS | TOTALS).items()}
    counts: dict[str, int] = {}
    percents: dict[str, float] = {}
    last = 0
    for at, row in enumerate(rows):
        values = [cell for cell in row[1:] if isinstance(cell, float)]
        code = codes.get(str(row[0]).strip()) if row else None
        if code and values:
            counts[code], last = int(values[0]), at
            percents |= {code: values[1]} if len(values) > 1 else {}
    missing = [words for words, code in codes.items() if code not in counts and code in {*RELIGION_WORDS, OFFENCES}]
    if missing:
        says = f"sheet {sheet} has no row {', '.join(missing)}"
        raise InputError([Problem("", "", "the nine religions and their totals", file=str(path), says=says)])
    texts = [[cell for cell in row if isinstance(cell, str) and cell] for row in rows]
    return Bulletin(_first(texts), _year(texts), counts, percents, tuple(t for row in texts[last + 1 :] for t in row))


def _first(texts: Sequence[Sequence[str]]) -> str:
    return next((row[0] for row in texts if row), "")


def _year(texts: Sequence[Sequence[str]]) -> str:
    return next((cell for row in texts for cell in row if len(cell) == 7 and cell[4:5] == "/"), "")
