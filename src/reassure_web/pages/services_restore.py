"""Putting a backup back: into an empty place only, compared with its manifest, and what was erased since erased again.

Source: docs/running.md#backup-and-restore.
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from reassure.access.allowed import Action
from reassure.errors import InputError, RuleError
from reassure_web.audit.chain import Anchor
from reassure_web.audit.queries import chain_verdict
from reassure_web.audit.services import record
from reassure_web.pages.services_backup import UPLOADS
from reassure_web.pages.services_database import FILES, is_empty, put_back
from reassure_web.pages.services_erasures import LIST, Erasure, erase, erasures_file, read_erasures
from reassure_web.pages.services_manifest import Manifest, read_manifest


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore brought back, how many rows it erased again, and how many entries of the audit hold."""

    manifest: Manifest
    n_erased: int
    n_entries: int


def restore_backup(folder: Path, *, erasures: Path | None, now: datetime) -> Restored:
    """
    Restore into an empty database and an empty folder of uploads.

    Everybody signs in again. Where `erasures` is a list kept elsewhere, what it names as erased after the backup was
    taken is erased again, and it becomes this installation's list.

    Raises
    ------
    InputError
        The backup is damaged, was changed, or is of another database or a newer version.
    RuleError
        The place is not empty, or what was restored is not what was backed up.
    """
    manifest = read_manifest(folder)
    uploads = Path(settings.MEDIA_ROOT)
    if not is_empty() or erasures_file().exists() or (uploads.exists() and any(uploads.iterdir())):
        raise RuleError("This place is not empty: a backup is restored into an empty database and home only.")
    _refuse_other_versions(manifest)
    listed = read_erasures(erasures) if erasures else []
    put_back(folder / FILES[manifest.vendor], manifest.state)
    if (folder / UPLOADS).exists():
        shutil.copytree(folder / UPLOADS, uploads, dirs_exist_ok=True)
    kept = erasures or folder / LIST
    if kept.exists():
        shutil.copyfile(kept, erasures_file())
    call_command("migrate", verbosity=0, interactive=False)
    return _settle(manifest, listed, folder.name, now=now)


@transaction.atomic
def _settle(manifest: Manifest, listed: Sequence[Erasure], name: str, *, now: datetime) -> Restored:
    """Verify the chain, erase again, end all sessions and write the entry."""
    head = Anchor(manifest.state.audit_number, manifest.state.audit_hash, "")
    verdict = chain_verdict([head] if head.number else [])
    if verdict.fault:
        raise RuleError(f"The audit of the restored place does not hold: {verdict.fault} Do not use this database.")
    n_erased = sum(sum(erase(one).values()) for one in listed if one.at > manifest.taken_at)
    Session.objects.all().delete()
    reason = f"{manifest.n_rows} rows, {n_erased} erased again"
    record(None, Action.SYSTEM_CHANGE, f"restore:{name}", now=now, reason=reason)
    return Restored(manifest, n_erased, verdict.n_entries)


def _refuse_other_versions(manifest: Manifest) -> None:
    """Refuse a backup of the other database, and one with migrations that this version does not know."""
    if manifest.vendor != connection.vendor:
        raise InputError(f"The backup is of {manifest.vendor}; this installation runs on {connection.vendor}.")
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations or {}}
    rooms = {config.label for config in apps.get_app_configs()}
    newer = [name for name in manifest.state.migrations if name.split(".")[0] in rooms and name not in known]
    if newer:
        raise InputError(f"The backup is of a newer version: {', '.join(newer)} is not known here.")
