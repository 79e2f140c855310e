"""A file that somebody hands in is looked at before anything reads it."""

import os
import zlib
from pathlib import Path

import pytest

from reassure.errors import InputError
from reassure.files.handed_in import MAX_BYTES, check_handed_in, safe_name

EXTRACT = Path(os.environ.get("REASSURE_DATA", "../shared/data")) / "osm_extracts/rutland-2018-02-27.osm.pbf"


def varint(n: int) -> bytes:
    out = b""
    while n > 0x7F:
        out, n = out + bytes([n & 0x7F | 0x80]), n >> 7
    return out + bytes([n])


def pbf_block(kind: bytes, packed: bytes, raw_size: int) -> bytes:
    """A block as the OpenStreetMap wiki describes the format: length, BlobHeader, Blob."""
    blob = b"\x10" + varint(raw_size) + b"\x1a" + varint(len(packed)) + packed
    header = b"\x0a" + varint(len(kind)) + kind + b"\x18" + varint(len(blob))
    return len(header).to_bytes(4, "big") + header + blob


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", b"name,lat,lon\n"),
        ("A.CSV", b"\xef\xbb\xbfname,lat,lon\n"),
        ("a.geojson", b' {"type": "FeatureCollection"}'),
        ("a.osm", b"<?xml version='1.0'?><osm/>"),
        ("a.osm.pbf", pbf_block(b"OSMHeader", zlib.compress(b"x" * 60), 60)),
    ],
)
def test_files_that_are_what_they_say_pass(name, data):
    """Each kind passes by its ending and first bytes, with and without a byte order mark."""
    check_handed_in(name, data)


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.exe", b"MZ", "unknown kind; expected a file ending in .csv"),
        ("a.csv.gz", b"\x1f\x8b", "unknown kind"),
        ("a.csv", b"", "the file is empty"),
        ("a.csv", b"PK\x03\x04 a workbook", "not what the ending says; expected a table of text"),
        ("a.csv", b"\x1f\x8b\x08 packed", "not what the ending says"),
        ("a.csv", b"name\0lat", "not what the ending says"),
        ("a.geojson", b"<html>", "not what the ending says; expected JSON"),
        ("a.osm", b"{}", "not what the ending says; expected XML"),
        ("a.pbf", b"<osm>", "not what the ending says; expected OpenStreetMap PBF"),
        ("a.csv", b"x" * (MAX_BYTES + 1), "the file has 52,428,801 bytes; expected at most 52,428,800 bytes"),
        ("a.csv", b"a\n" * 200_002, "the file has 200,002 lines; expected at most 200,000 rows"),
    ],
)
def test_other_files_are_refused_with_a_reason(name, data, says):
    """Wrong ending, content that the ending does not say, nothing, too much: each is named."""
    with pytest.raises(InputError, match=says):
        check_handed_in(name, data)


def test_a_file_that_unpacks_to_too_much_is_refused_unread():
    """Blocks that say they unpack to over 100 times their size, or to over 50 MB, are never unpacked."""
    head = pbf_block(b"OSMHeader", b"x" * 60, 60)

    with pytest.raises(InputError, match="unpacks to 32,000,060 bytes"):
        check_handed_in("a.pbf", head + pbf_block(b"OSMData", b"x" * 1_000, 32_000_000))
    with pytest.raises(InputError, match="unpacks to 60,000,060 bytes"):
        check_handed_in("a.pbf", head + 3 * pbf_block(b"OSMData", b"x" * 250_000, 20_000_000))


@pytest.mark.parametrize("cut", [1, 30, 100])
def test_a_file_that_is_cut_short_is_refused(cut):
    """A block that ends early is a fault of the file, not of the program."""
    data = pbf_block(b"OSMHeader", b"x" * 60, 60) + pbf_block(b"OSMData", b"x" * 1_000, 4_000)

    with pytest.raises(InputError, match="blocks of the file cannot be followed"):
        check_handed_in("a.pbf", data[:-cut])


@pytest.mark.skipif(not EXTRACT.exists(), reason="the extracts are not here (REASSURE_DATA)")
def test_a_real_extract_passes():
    """The Rutland extract is what it says and within the limits."""
    check_handed_in(EXTRACT.name, EXTRACT.read_bytes())


@pytest.mark.parametrize("name", ["../../etc/passwd", "..", "/", "a b\u202ecsv.exe", "x" * 400 + ".csv"])
def test_a_name_never_leaves_its_folder(name):
    """Folders, odd characters and length are taken out of a name before it is used."""
    safe = safe_name(name)

    assert safe
    assert Path(safe).name == safe
    assert len(safe) <= 100
    assert safe.isascii()
