"""Check-ins survive a killed server: what a phone was told is kept is there, once, and the audit holds."""

import json
import subprocess
import sys

import pytest
from django.conf import settings

from installations import ROOT


@pytest.mark.slow
def test_no_acknowledged_check_in_is_lost_or_doubled_when_the_server_is_killed():
    """Six phones send 60 check-ins while a worker and the whole server are killed with SIGKILL."""
    is_sqlite = settings.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
    command = [sys.executable, "scripts/load_check_ins.py", "kill", "--writes=60", "--kills=2", "--clients=6"]
    command += [f"--database={'sqlite' if is_sqlite else 'postgresql'}"]

    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-3000:]
    found = json.loads(run.stdout)
    assert found["kills"] == {"worker": 1, "server": 1, "database": 0}
    assert found["acknowledged"] == found["stored"] >= 60
    assert found["broken_attempts"] > 0
