"""Whether a file that somebody hands in may be read: small enough, and what its name says.

Rules: at most 50 MB, unpacked as well, 100 times the packed size at most, and 200,000 rows; the first bytes have to
be those of the kind that the ending names. Nothing is parsed here; larger files go through the command line.
Elsewhere: reading (`register`, `timetables`), whose own limits hold as well.
"""

import re
from collections.abc import Iterator

from reassure.errors import InputError, Problem

MAX_BYTES = 50 * 2**20
MAX_RATIO = 100
MAX_ROWS = 200_000
NAME_CHARACTERS = 100
REGISTERS = (".csv", ".geojson", ".json", ".osm", ".pbf")
TABLES = (".csv",)
_PACKED = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"%PDF", b"\x89PNG", b"\xff\xd8\xff")
_KIND_WORDS = {
    ".csv": "a table of text",
    ".geojson": "JSON, which starts with {",
    ".json": "JSON, which starts with {",
    ".osm": "XML, which starts with <",
    ".pbf": "OpenStreetMap PBF, which starts with OSMHeader",
}


def safe_name(name: str) -> str:
    r"""
    The name of a file without folders and without characters that a path could stumble over.

    Examples
    --------
    >>> safe_name("C:\\data\\../Mosques 2025-07.CSV"), safe_name("")
    ('Mosques_2025-07.CSV', 'file')
    """
    last = re.split(r"[/\\]", name)[-1]
    clean = re.sub(r"[^A-Za-z0-9._-]+", "_", last).lstrip("._-")
    return clean[-NAME_CHARACTERS:] or "file"


def check_handed_in(name: str, data: bytes, *, endings: tuple[str, ...] = REGISTERS) -> None:
    """
    Let a file pass, or say why it cannot be read.

    Raises
    ------
    InputError
        Another ending, another content than the ending says, empty, or over a limit.
    """
    ending = next((e for e in endings if name.casefold().endswith(e)), "")
    if not ending:
        raise _refused(name, f"a file ending in {', '.join(endings)}", "unknown kind")
    if len(data) > MAX_BYTES:
        raise _refused(name, f"at most {MAX_BYTES:,} bytes", f"the file has {len(data):,} bytes")
    if not data.strip():
        raise _refused(name, _KIND_WORDS[ending], "the file is empty")
    if not _is_kind(ending, data):
        raise _refused(name, _KIND_WORDS[ending], "the content is not what the ending says")
    if ending == ".csv" and (n := data.count(b"\n")) > MAX_ROWS + 1:
        raise _refused(name, f"at most {MAX_ROWS:,} rows", f"the file has {n:,} lines")
    if ending == ".pbf":
        _check_unpacked(name, data)


def _is_kind(ending: str, data: bytes) -> bool:
    start = data[:512].removeprefix(b"\xef\xbb\xbf").lstrip()
    if ending in {".geojson", ".json"}:
        return start.startswith(b"{")
    if ending == ".osm":
        return start.startswith(b"<")
    if ending == ".pbf":
        return b"OSMHeader" in data[:32]
    return b"\0" not in data[:4096] and not start.startswith(_PACKED)


def _check_unpacked(name: str, data: bytes) -> None:
    """What the blocks of a PBF file say that they unpack to; a block that lies is refused by its reader."""
    try:
        n_bytes = sum(_raw_sizes(data))
    except (IndexError, ValueError):
        raise _refused(name, "OpenStreetMap PBF", "the blocks of the file cannot be followed") from None
    if n_bytes > MAX_BYTES or n_bytes > MAX_RATIO * len(data):
        expected = f"at most {MAX_BYTES:,} bytes, and {MAX_RATIO} times the packed size"
        raise _refused(name, expected, f"the file unpacks to {n_bytes:,} bytes")


def _raw_sizes(data: bytes) -> Iterator[int]:
    """The unpacked size of each block: a length, a header with the size of the blob (field 3), the blob (field 2)."""
    at = 0
    while at < len(data):
        n_header = int.from_bytes(data[at : at + 4], "big")
        header = data[at + 4 : at + 4 + n_header]
        n_blob = _fields(header).get(3, 0)
        at += 4 + n_header
        blob = data[at : at + n_blob]
        if len(header) < n_header or len(blob) < n_blob or not n_header:
            raise ValueError(at)
        yield _fields(blob[:64], may_be_cut=True).get(2, n_blob)
        at += n_blob


def _fields(message: bytes, *, may_be_cut: bool = False) -> dict[int, int]:
    """The numbers of a protocol-buffers message by field; texts and bytes are passed over."""
    found: dict[int, int] = {}
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        if tag & 7 == 0:
            found[tag >> 3], at = _varint(message, at)
        elif tag & 7 == 2:
            length, at = _varint(message, at)
            at += length
        else:
            raise ValueError(tag)
    if at > len(message) and not may_be_cut:
        raise ValueError(at)
    return found


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def _refused(name: str, expected: str, says: str) -> InputError:
    return InputError([Problem("", "", expected, file=name, says=says)])
