"""The manifest of a backup: each file's size and SHA-256, each table's rows and digest, the head of the audit.

It is signed with a key made from the secret key, so that whoever changes a file of a backup and its sum is found too.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from reassure.errors import InputError
from reassure_web.pages.services_tables import DatabaseState, TableState

FORMAT = 1
NAME = "manifest.json"
SIGNATURE = "manifest.hmac"


@dataclass(frozen=True, slots=True)
class File:
    """Size and SHA-256 of a file of the backup."""

    n_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds; `files` by path inside its folder, `vendor` is Django's word for the database."""

    taken_at: datetime
    vendor: str
    files: Mapping[str, File]
    state: DatabaseState

    @property
    def n_rows(self) -> int:
        """Rows of all tables."""
        return sum(table.rows for table in self.state.tables.values())


def file_of(path: Path) -> File:
    """Size and sum of a file."""
    with path.open("rb") as opened:
        return File(path.stat().st_size, hashlib.file_digest(opened, "sha256").hexdigest())


def files_in(folder: Path) -> dict[str, File]:
    """Every file of a backup but the manifest and its signature."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): file_of(path)
        for path in paths
        if path.relative_to(folder).as_posix() not in {NAME, SIGNATURE}
    }


def write_manifest(folder: Path, manifest: Manifest) -> str:
    """Write and sign the manifest; its SHA-256."""
    facts = {"format": FORMAT, **asdict(manifest), "taken_at": manifest.taken_at.isoformat()}
    content = (json.dumps(facts, indent=1, sort_keys=True) + "\n").encode()
    (folder / NAME).write_bytes(content)
    (folder / SIGNATURE).write_text(_signature(content, settings.SECRET_KEY) + "\n")
    return hashlib.sha256(content).hexdigest()


def read_manifest(folder: Path) -> Manifest:
    """
    Read a backup's manifest, and hold its signature and every file against it.

    Raises
    ------
    InputError
        The folder is no backup, was made with another secret key, or a file is missing, changed or too many.
    """
    try:
        content = (folder / NAME).read_bytes()
        signed = (folder / SIGNATURE).read_text().strip()
    except FileNotFoundError as missing:
        raise InputError(f"{folder} is no backup: {missing.filename} is missing.") from None
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if not any(constant_time_compare(_signature(content, key), signed) for key in keys):
        raise InputError(f"{NAME} was changed, or made with another secret key.")
    manifest = _manifest(json.loads(content))
    found = files_in(folder)
    other = sorted(path for path in found.keys() | manifest.files.keys() if found.get(path) != manifest.files.get(path))
    if other:
        raise InputError(f"Files of the backup are missing, changed or too many: {', '.join(other)}.")
    return manifest


def _manifest(facts: dict[str, Any]) -> Manifest:
    """The manifest from its JSON."""
    if facts["format"] != FORMAT:
        raise InputError(f"The backup's format is {facts['format']}; expected {FORMAT}.")
    state = facts["state"]
    tables = {name: TableState(**table) for name, table in state["tables"].items()}
    return Manifest(
        datetime.fromisoformat(facts["taken_at"]),
        facts["vendor"],
        {path: File(**file) for path, file in facts["files"].items()},
        DatabaseState(tables, state["audit_number"], state["audit_hash"], tuple(state["migrations"])),
    )


def _signature(content: bytes, key: str) -> str:
    """Keyed digest of the manifest."""
    return salted_hmac("reassure.backup", content, secret=key, algorithm="sha256").hexdigest()
