"""Reading lists of postcodes: Code-Point Open, and the middles of sectors and outward codes.

Rules: which list a file is (its columns say so), and what its rows have to hold. Lists may be packed
(`.csv.gz`). The full list has 1.7 million rows, so only those that are asked for are kept; where no list
of sectors or outward codes is given, their middles are the means of their postcodes.
"""

import csv
import gzip
import io
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

from reassure.errors import InputError, Problem
from reassure.files.csv_rows import decode, read_bytes
from reassure.places.place import point_problems
from reassure.places.postcodes import Gazetteer, parse_postcode

MAX_UNPACKED_BYTES = 256 * 2**20
MAX_PROBLEMS = 50
KINDS = {
    "postcode": ("postcode", "lat", "lon", "pq", "lad_code"),
    "sector": ("sector", "lat", "lon", "lad"),
    "outcode": ("outcode", "lat", "lon", "lad"),
}
"""Columns of each kind of list; the first one tells them apart."""

Middle = tuple[float, float, str]


def read_gazetteer(paths: Iterable[Path], wanted: Collection[str]) -> Gazetteer:
    """
    Where the wanted postcodes are.

    Parameters
    ----------
    paths
        Lists in any order: postcodes, sectors, outward codes.
    wanted
        Postcodes as they stand in a register; those that do not look like one are passed over.

    Raises
    ------
    InputError
        A file cannot be used, or a row that is needed is at fault.
    """
    postcodes = set(_parsed(wanted))
    lists = _Lists(postcodes, {p[:-2] for p in postcodes}, {p[:-4] for p in postcodes})
    for path in paths:
        lists.read(path)
    if lists.problems:
        raise InputError(lists.problems[:MAX_PROBLEMS])
    sectors = {key: _mean(sums) for key, sums in lists.sums_by_sector.items()} | lists.sectors
    outcodes = {key: _mean(sums) for key, sums in lists.sums_by_outcode.items()} | lists.outcodes
    return Gazetteer(lists.postcodes.get, sectors, outcodes)


def _parsed(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        try:
            yield parse_postcode(text)
        except InputError:
            continue


def _mean(sums: list[float]) -> Middle:
    return sums[0] / sums[2], sums[1] / sums[2], ""


class _Lists:
    """What has been read so far, of the rows that are wanted."""

    def __init__(self, postcodes: set[str], sectors: set[str], outcodes: set[str]) -> None:
        self.wanted = {"postcode": postcodes, "sector": sectors, "outcode": outcodes}
        self.postcodes: dict[str, tuple[float, float, int, str]] = {}
        self.sectors: dict[str, Middle] = {}
        self.outcodes: dict[str, Middle] = {}
        self.sums_by_sector: dict[str, list[float]] = {}
        self.sums_by_outcode: dict[str, list[float]] = {}
        self.problems: list[Problem] = []

    def read(self, path: Path) -> None:
        """Take in one list."""
        reader = csv.reader(io.StringIO(_text(path), newline=""))
        kind, at, width = _kind_of(next(reader, []), path)
        take = self._take_postcode if kind == "postcode" else self._taker(kind)
        try:
            self._rows(reader, at, width, path, take)
        except csv.Error as error:
            says = f"cannot be read as CSV ({error})"
            raise InputError([Problem("", "", "a CSV file", str(path), reader.line_num, says)]) from None

    def _rows(
        self,
        rows: Iterator[list[str]],
        at: list[int],
        width: int,
        path: Path,
        take: Callable[[list[str], list[int]], None],
    ) -> None:
        for line, row in enumerate(rows, 2):
            if len(row) != width:
                says = f"the row has {len(row)} cells"
                self.problems.append(Problem("", "", f"{width} cells, as in the header", str(path), line, says))
            else:
                try:
                    take(row, at)
                except ValueError:
                    value = ", ".join(row[i] for i in at)
                    expected = "a postcode area, latitude, longitude and quality as numbers"
                    self.problems.append(Problem("", value, expected, str(path), line, f"the row is {value}"))
            if len(self.problems) >= MAX_PROBLEMS:
                raise InputError(self.problems)

    def _take_postcode(self, row: list[str], at: list[int]) -> None:
        postcode = row[at[0]]
        sector, outcode = postcode[:-2], postcode[:-4]
        if outcode not in self.wanted["outcode"]:
            return
        lat_deg, lon_deg = _position(row, at)
        for sums, key, keys in (
            (self.sums_by_sector, sector, self.wanted["sector"]),
            (self.sums_by_outcode, outcode, self.wanted["outcode"]),
        ):
            if key in keys:
                total = sums.setdefault(key, [0.0, 0.0, 0.0])
                total[0] += lat_deg
                total[1] += lon_deg
                total[2] += 1
        if postcode in self.wanted["postcode"]:
            self.postcodes[postcode] = (lat_deg, lon_deg, int(row[at[3]]), row[at[4]])

    def _taker(self, kind: str) -> Callable[[list[str], list[int]], None]:
        held = self.sectors if kind == "sector" else self.outcodes

        def take(row: list[str], at: list[int]) -> None:
            if row[at[0]] in self.wanted[kind]:
                held[row[at[0]]] = (*_position(row, at), row[at[3]])

        return take


def _position(row: list[str], at: list[int]) -> tuple[float, float]:
    lat_deg, lon_deg = float(row[at[1]]), float(row[at[2]])
    if point_problems(lat_deg, lon_deg):
        raise ValueError
    return lat_deg, lon_deg


def _text(path: Path) -> str:
    data = read_bytes(path)
    if path.name.casefold().endswith(".gz"):
        data = _unpacked(data, path)
    return decode(data, str(path))


def _unpacked(data: bytes, path: Path) -> bytes:
    try:
        with gzip.open(io.BytesIO(data)) as stream:
            unpacked = stream.read(MAX_UNPACKED_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        says = f"cannot be unpacked ({error})"
        raise InputError([Problem("", "", "a file packed with gzip", str(path), says=says)]) from None
    if len(unpacked) > MAX_UNPACKED_BYTES:
        says = f"the file unpacks to more than {MAX_UNPACKED_BYTES:,} bytes"
        raise InputError([Problem("", "", f"at most {MAX_UNPACKED_BYTES:,} bytes", str(path), says=says)])
    return unpacked


def list_rows(path: Path) -> Iterator[tuple[str, float, float, int, str]]:
    """
    Every row of one list: code, latitude, longitude, positional quality (0 in lists of middles), district.

    Raises
    ------
    InputError
        While it is read: the file is no list of postcodes, or a row is at fault.
    """
    reader = csv.reader(io.StringIO(_text(path), newline=""))
    kind, at, width = _kind_of(next(reader, []), path)
    for line, row in enumerate(reader, 2):
        try:
            if len(row) != width:
                raise ValueError(len(row))
            quality = int(row[at[3]]) if kind == "postcode" else 0
            yield (row[at[0]], *_position(row, at), quality, row[at[-1]])
        except ValueError:
            expected = f"{width} cells with a code, latitude, longitude and quality as numbers"
            raise InputError(
                [Problem("", ", ".join(row), expected, str(path), line, "the row cannot be read")]
            ) from None


def _kind_of(header: list[str], path: Path) -> tuple[str, list[int], int]:
    kind = next((k for k, columns in KINDS.items() if set(columns) <= set(header)), "")
    if not kind:
        expected = " or ".join(", ".join(columns) for columns in KINDS.values())
        says = f"the columns are {', '.join(header) or 'none'}"
        raise InputError([Problem("", "", expected, str(path), 1, says)])
    return kind, [header.index(column) for column in KINDS[kind]], len(header)
