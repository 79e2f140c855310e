"""Taking a backup: the database, the uploads and the list of erasures in one folder, with a signed manifest.

Source: docs/running.md#backup-and-restore.
"""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from reassure.access.allowed import Action
from reassure.errors import InputError
from reassure_web.audit.services import record
from reassure_web.pages.services_database import copy_out
from reassure_web.pages.services_erasures import LIST, erasures_file
from reassure_web.pages.services_manifest import Manifest, files_in, write_manifest

UPLOADS = "uploads"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was taken; `digest` is the SHA-256 of its manifest, which the audit keeps."""

    folder: Path
    manifest: Manifest
    digest: str


def take_backup(out: Path, *, now: datetime) -> Backup:
    """
    Write a backup into a new folder of `out` that only its owner may read; it has its name once it is whole.

    Raises
    ------
    InputError
        The folder is there already, or a program of the database failed.
    """
    name = f"reassure-{now.astimezone(UTC):%Y-%m-%dT%H%M%SZ}"
    folder, unfinished = out / name, out / f".{name}.part"
    if folder.exists():
        raise InputError(f"{folder} is there already.")
    unfinished.mkdir(parents=True, mode=0o700)
    try:
        state = copy_out(unfinished)
        for source, target in ((settings.MEDIA_ROOT, UPLOADS), (erasures_file(), LIST)):
            _copy(Path(source), unfinished / target)
        manifest = Manifest(now, connection.vendor, files_in(unfinished), state)
        digest = write_manifest(unfinished, manifest)
        unfinished.rename(folder)
    except BaseException:
        shutil.rmtree(unfinished)
        raise
    record(None, Action.SYSTEM_CHANGE, f"backup:{name}", now=now, reason=f"manifest {digest}")
    return Backup(folder, manifest, digest)


def _copy(source: Path, target: Path) -> None:
    """Copy a file or a folder; one that is not there yet is nothing to keep."""
    if source.is_dir():
        shutil.copytree(source, target)
    elif source.exists():
        shutil.copyfile(source, target)
