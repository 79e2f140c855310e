"""Reading a CSV file from outside: nothing is trusted, every fault is named with its line and column.

Rules: what a table from outside may hold. Files are UTF-8, with or without a byte order mark. Unknown
columns are named and dropped. Formula cells, control characters and cells of more than 2,000
characters are refused. Reading stops at the limits, so that no file can exhaust the machine.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from reassure.errors import InputError, Problem

MAX_BYTES = 512 * 2**20
MAX_ROWS = 2_000_000
CELL_CHARACTERS = 2_000
MAX_COLUMNS = 200
MAX_PROBLEMS = 200
"""Faults of one file that are listed; the rest is counted."""
_CONTROLS = bytes({*range(32), 127} - {9, 10, 13})
_HIGH_CONTROL = re.compile(rb"\xc2[\x80-\x9f]")
_FORMULA = re.compile(r"(?<![^\s,\"])(?:[=@]|[+-](?![0-9.]))")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line it starts on, as an editor counts, and its cells by column, stripped."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """
    The good rows of a file, in its order, and what is wrong with the others.

    `dropped` names the columns that nobody knows, in the order of the file.
    """

    file: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]
    dropped: tuple[str, ...]


def read_bytes(path: Path, *, max_bytes: int = MAX_BYTES) -> bytes:
    """The bytes of a file; `InputError` when it cannot be read or is larger than `max_bytes`."""
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise InputError([Problem("", "", "a file", file=str(path), says="this is not a file")])
        if size > max_bytes:
            raise InputError(
                [
                    Problem(
                        "",
                        "",
                        f"at most {max_bytes:,} bytes",
                        file=str(path),
                        says=f"the file has {size:,} bytes",
                    )
                ]
            )
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError(
            [Problem("", "", "a file that can be read", file=str(path), says=f"cannot be read ({reason})")]
        ) from None


def decode(data: bytes, file: str) -> str:
    """
    Text of UTF-8 bytes without their byte order mark; `InputError` names the line of the first bad byte.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        byte = data[error.start]
        problem = Problem(
            "",
            "",
            "UTF-8 text; save the file as UTF-8",
            file=file,
            row=line,
            says=f"byte {error.start + 1} (0x{byte:02x}) is not UTF-8",
        )
        raise InputError([problem]) from None


def read_table(
    path: Path,
    *,
    required: Sequence[str],
    optional: Sequence[str] = (),
    max_rows: int = MAX_ROWS,
    max_bytes: int = MAX_BYTES,
) -> Table:
    """
    Read a CSV file with a header row.

    Parameters
    ----------
    required, optional
        Columns that have to be there, and those that may; `lat|latitude` stands for one of these.
        All others are dropped and named.

    Returns
    -------
    Table
        Rows in which a cell is faulty are left out of `rows` and named in `problems`.

    Raises
    ------
    InputError
        The file as a whole cannot be used: unreadable, not UTF-8, empty, a required column missing,
        a column twice, over a limit.
    """
    file = str(path)
    data = read_bytes(path, max_bytes=max_bytes)
    text = decode(data, file)
    is_doubtful = _may_hold_a_fault(data, text)
    csv.field_size_limit(2**31 - 1)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader)]
    except StopIteration:
        raise InputError(
            [
                Problem(
                    "",
                    "",
                    "a header row with the columns " + ", ".join(name.split("|")[0] for name in required),
                    file=file,
                    says="the file is empty",
                )
            ]
        ) from None
    except csv.Error as error:
        raise InputError(
            [Problem("", "", "a CSV file", file=file, row=1, says=f"cannot be read as CSV ({error})")]
        ) from None
    _check_header(header, required, file)
    wanted = [(i, name) for i, name in enumerate(header) if name in _names(required, optional)]
    known = [name for _, name in wanted]
    dropped = tuple(name for name in header if name not in known)
    rows: list[Row] = []
    problems: list[Problem] = []
    for line, cells in _records(reader, file, problems):
        if len(rows) >= max_rows:
            raise InputError(
                [
                    Problem(
                        "",
                        "",
                        f"at most {max_rows:,} rows",
                        file=file,
                        row=line,
                        says="the file has more rows than may be read",
                    )
                ]
            )
        if not any(cells):
            continue
        is_odd = is_doubtful or len(cells) != len(header) or max(map(len, cells)) > CELL_CHARACTERS
        if is_odd and (faults := _cell_faults(header, cells, set(known), file, line)):
            problems += faults
        else:
            rows.append(Row(line, {name: cells[i].strip() for i, name in wanted}))
    return Table(file, tuple(known), tuple(rows), tuple(problems), dropped)


def _may_hold_a_fault(data: bytes, text: str) -> bool:
    """Whether any cell could hold a control character or a formula; a file without one is sound at one look."""
    if len(data.translate(None, _CONTROLS)) < len(data) or _HIGH_CONTROL.search(data):
        return True
    for found in _FORMULA.finditer(text):
        at = found.start() - 1
        while at >= 0 and text[at].isspace() and text[at] not in "\r\n":
            at -= 1
        if at < 0 or text[at] in ',"\r\n':
            return True
    return False


def _names(required: Sequence[str], optional: Sequence[str]) -> set[str]:
    return {name for words in (*required, *optional) for name in words.split("|")}


def _check_header(header: list[str], required: Sequence[str], file: str) -> None:
    found = [
        Problem(
            name,
            "",
            f"a column {name.replace('|', ' or ')} in the header",
            file=file,
            row=1,
            says=f"column {name.split('|')[0]} is missing",
        )
        for name in required
        if not set(name.split("|")) & set(header)
    ]
    found += [
        Problem(name, "", "each column once", file=file, row=1, says=f"column {name} stands twice")
        for name in sorted(set(header))
        if name and header.count(name) > 1
    ]
    if len(header) > MAX_COLUMNS:
        found = [
            Problem(
                "",
                "",
                f"at most {MAX_COLUMNS} columns",
                file=file,
                row=1,
                says=f"the header has {len(header):,} columns",
            )
        ]
    if found:
        raise InputError(found)


def _records(reader: Iterator[list[str]], file: str, problems: list[Problem]) -> Iterable[tuple[int, list[str]]]:
    line = reader.line_num + 1  # type: ignore[attr-defined]
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            problems.append(
                Problem(
                    "",
                    "",
                    "a CSV row with closed quotes",
                    file=file,
                    row=line,
                    says=f"cannot be read as CSV ({error})",
                )
            )
            return
        yield line, cells
        line = reader.line_num + 1  # type: ignore[attr-defined]


def _cell_faults(header: list[str], cells: list[str], known: set[str], file: str, line: int) -> list[Problem]:
    if len(cells) != len(header):
        return [
            Problem(
                "",
                "",
                f"{len(header)} cells, as in the header",
                file=file,
                row=line,
                says=f"the row has {len(cells)} cells",
            )
        ]
    return [
        Problem(name, cell, expected, file=file, row=line)
        for name, cell in zip(header, cells, strict=True)
        if name in known and (expected := cell_fault(cell))
    ]


def cell_fault(cell: str) -> str:
    """What a text from outside would have to be instead; empty when it is sound."""
    if len(cell) > CELL_CHARACTERS:
        return f"at most {CELL_CHARACTERS:,} characters, not {len(cell):,}"
    if is_formula(cell):
        return "a value, not a formula"
    if any(ord(c) < 32 or 127 <= ord(c) < 160 for c in cell if c not in "\t\n\r"):
        return "text without control characters"
    return ""


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would run this cell: it starts with `=`, `@`, or a sign that no number follows."""
    start = cell.lstrip()
    if not start or start[0] not in "=@+-":
        return False
    if start[0] in "=@":
        return True
    return not (len(start) > 1 and (start[1].isdigit() or start[1] == "."))


def safe_cell(value: str) -> str:
    """A cell as it may be written to a CSV file: one that a spreadsheet would run gets an apostrophe first."""
    return "'" + value if is_formula(value) else value
