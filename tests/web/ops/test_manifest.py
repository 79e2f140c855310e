"""A backup that was changed is found: each file by its sum, the sums by their signature."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from reassure.errors import InputError
from reassure_web.pages.services_manifest import Manifest, files_in, read_manifest, write_manifest
from reassure_web.pages.services_tables import DatabaseState, TableState, table_state

TAKEN_AT = datetime(2026, 11, 27, 5, 10, tzinfo=UTC)
STATE = DatabaseState({"accounts_user": TableState(3, "ab" * 32)}, 7, "cd" * 32, ("accounts.0001_initial",))
SUM_OF_UPLOAD = "b6b74135ddeea19ec270462ef8abd05425d45ca8a2aa56e6b92e72d1af233b07"
"""`printf 'ref\\nP1\\n' | sha256sum`."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A backup of two files."""
    (tmp_path / "reassure.sqlite3").write_bytes(b"rows")
    (tmp_path / "uploads").mkdir()
    (tmp_path / "uploads" / "a.csv").write_bytes(b"ref\nP1\n")
    write_manifest(tmp_path, Manifest(TAKEN_AT, "sqlite", files_in(tmp_path), STATE))
    return tmp_path


def test_a_manifest_comes_back_as_it_was_written(folder):
    """Sizes, sums and counts are read again."""
    manifest = read_manifest(folder)

    upload = manifest.files["uploads/a.csv"]
    assert (manifest.taken_at, manifest.vendor, manifest.state, manifest.n_rows) == (TAKEN_AT, "sqlite", STATE, 3)
    assert upload.n_bytes == 7
    assert upload.sha256 == SUM_OF_UPLOAD


@pytest.mark.parametrize("name", ["reassure.sqlite3", "uploads/a.csv"])
def test_a_changed_file_is_named(folder, name):
    """One changed byte is enough."""
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[:-1] + b"!")

    with pytest.raises(InputError, match=name):
        read_manifest(folder)


def test_a_file_missing_or_too_many_is_named(folder):
    """Files are those that were written."""
    (folder / "uploads" / "a.csv").rename(folder / "uploads" / "b.csv")

    with pytest.raises(InputError, match=r"uploads/a\.csv, uploads/b\.csv"):
        read_manifest(folder)


def test_a_changed_manifest_is_found(folder):
    """Whoever changes a file and its sum cannot sign."""
    (folder / "uploads" / "a.csv").write_bytes(b"ref\nP2\n")
    content = (folder / "manifest.json").read_text()
    sums = files_in(folder)["uploads/a.csv"].sha256
    (folder / "manifest.json").write_text(content.replace(SUM_OF_UPLOAD, sums))

    with pytest.raises(InputError, match="was changed"):
        read_manifest(folder)


def test_another_key_does_not_open_a_backup(folder, settings):
    """A backup is restored with the secret key it was made with, which may be an old one."""
    made_with = settings.SECRET_KEY
    settings.SECRET_KEY = made_with[::-1]

    with pytest.raises(InputError, match="another secret key"):
        read_manifest(folder)
    settings.SECRET_KEY_FALLBACKS = [made_with]
    assert read_manifest(folder).state == STATE


def test_a_folder_without_a_manifest_is_no_backup(tmp_path):
    """The words say what is missing."""
    with pytest.raises(InputError, match=r"is no backup: .*manifest\.json is missing"):
        read_manifest(tmp_path)


def test_a_digest_of_a_table_does_not_depend_on_the_order_of_rows():
    """The same rows in another order have the same digest; another value, or a row twice, has another."""
    rows = [(1, "Ærø", None), (2, b"\x00\xff", 1.5)]

    state = table_state(lambda _: rows, "t")

    assert state.rows == 2
    assert table_state(lambda _: rows[::-1], "t") == state
    assert table_state(lambda _: [rows[0], (2, b"\x00\xfe", 1.5)], "t").digest != state.digest
    assert table_state(lambda _: [*rows, rows[0], rows[0]], "t").digest != state.digest
