"""A backup brings everything back into an empty place, and nothing into any other place."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from installations import Installation

SEED = """
from datetime import UTC, datetime
from reassure.access.allowed import Action
from reassure_web.accounts.models import User
from reassure_web.audit.services import record
from reassure_web.engagement.models import Visit
now = datetime(2026, 11, 27, 5, 10, tzinfo=UTC)
for n in range(3):
    person = User.objects.create_user(f"person{n}@demo.example", f"Demo person {n} — Ærø")
    record(person, Action.PLACE_READ, f"place:P{n}", now=now, outcome="seen")
start = datetime(2020, 1, 1, 12, tzinfo=UTC)
Visit.objects.create(client_id="v", area_code="DEMO-01", on=start.date(), unit_ref="1", place_ref="P1", kind="presence",
    started_at=start, ended_at=start, outcome="nobody_in", method="tap", received_at=start, recorded_by=person)
"""
COUNT = """
from reassure_web.accounts.models import User
from reassure_web.audit.models import AuditEntry
from reassure_web.engagement.models import Visit, VisitCount
print(*User.objects.order_by("email").values_list("email", flat=True))
print(*AuditEntry.objects.order_by("number").values_list("subject", flat=True))
print(Visit.objects.count(), VisitCount.objects.count())
"""
SIGN = """
from dataclasses import replace
from pathlib import Path
from reassure_web.pages.services_manifest import read_manifest, write_manifest
from reassure_web.pages.services_tables import TableState
m = read_manifest(Path({folder!r}))
s = m.state
write_manifest(Path({folder!r}), {changed})
"""
THREE = [f"person{n}@demo.example" for n in range(3)]
UPLOAD = b"ref,name\nP1,Demo hall\n"

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class BackedUp:
    """A place with three people, three entries in the audit, an old visit and an upload; and its backup."""

    place: Installation
    folder: Path


@pytest.fixture(scope="module")
def backed_up(installation, tmp_path_factory) -> BackedUp:
    place = installation("lived")
    place.done("migrate", "--verbosity", "0")
    place.python(SEED)
    (place.home / "uploads" / "in").mkdir(parents=True)
    (place.home / "uploads" / "in" / "places.csv").write_bytes(UPLOAD)
    said = place.done("backup", "--out", str(tmp_path_factory.mktemp("backups")))
    return BackedUp(place, Path(said.splitlines()[0]))


def test_a_restore_brings_everything_back_but_what_was_erased(backed_up, installation, tmp_path):
    """People, audit and uploads are there, the chain holds, the restore is in the audit; the erased stays erased."""
    later = tmp_path / "erasures.jsonl"
    erasure = {"kind": "check_ins", "before": "2021-01-01", "held": [], "at": "2099-01-01T00:00:00+00:00"}
    later.write_text(json.dumps(erasure) + "\n")
    empty = installation("empty")

    said = empty.done("restore", str(backed_up.folder), "--erasures", str(later))

    people, subjects, visits_and_counts = empty.python(COUNT).splitlines()
    assert "every table equals the backup's" in said
    assert "Erased again: 1." in said
    assert people.split() == THREE
    assert subjects.split() == ["place:P0", "place:P1", "place:P2", f"restore:{backed_up.folder.name}"]
    assert visits_and_counts == "0 1"
    assert (empty.home / "uploads" / "in" / "places.csv").read_bytes() == UPLOAD
    assert (empty.home / "erasures.jsonl").read_text() == later.read_text()
    assert empty.done("verify")


def test_a_backup_stands_in_the_audit_and_is_its_owners_alone(backed_up):
    """The entry names the backup; only its owner may read the folder; the manifest counts each table."""
    manifest = json.loads((backed_up.folder / "manifest.json").read_text())

    people, subjects, visits_and_counts = backed_up.place.python(COUNT).splitlines()

    assert people.split() == THREE
    assert visits_and_counts == "1 0"
    assert subjects.split()[-1] == f"backup:{backed_up.folder.name}"
    assert backed_up.folder.stat().st_mode & 0o777 == 0o700
    assert manifest["state"]["tables"]["accounts_user"]["rows"] == 3
    assert manifest["state"]["audit_number"] == 3
    assert manifest["files"]["uploads/in/places.csv"]["n_bytes"] == 22


def test_a_restore_wants_an_empty_place(backed_up):
    """A place with tables is left as it is."""
    refused = backed_up.place.run("restore", str(backed_up.folder))

    assert refused.returncode == 1
    assert "not empty" in refused.stderr


OTHERS = {
    "accounts_user": 'replace(m, state=replace(s, tables={**s.tables, "accounts_user": TableState(4, "")}))',
    "pages.9999_later": 'replace(m, state=replace(s, migrations=(*s.migrations, "pages.9999_later")))',
    "of oracle": 'replace(m, vendor="oracle")',
}
"""What is changed in a manifest that is signed anew, by what the refusal has to name."""


def test_a_backup_of_other_tables_a_newer_version_or_another_database_is_refused(backed_up, installation, tmp_path):
    """Each is signed with the right key; nothing is put back."""
    place, folders = installation("never"), {}
    for number, (named, changed) in enumerate(OTHERS.items()):
        folders[named] = Path(shutil.copytree(backed_up.folder, tmp_path / str(number)))
        backed_up.place.python(SIGN.format(folder=str(folders[named]), changed=changed))

    for named, folder in reversed(folders.items()):
        refused = place.run("restore", str(folder))

        assert refused.returncode == 1
        assert named in refused.stderr
