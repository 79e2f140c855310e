"""Check-ins survive a killed server and a double sending: each is there once, and the audit holds."""

import json
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings

from installations import ROOT

pytestmark = pytest.mark.slow


def figures(*arguments: str) -> dict[str, Any]:
    """Run the script of load and crash tests on the kind of database that the tests run on; it has to succeed."""
    is_sqlite = settings.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
    database = f"--database={'sqlite' if is_sqlite else 'postgresql'}"
    command = [sys.executable, "scripts/load_check_ins.py", *arguments, database]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-3000:]
    return json.loads(run.stdout)


def test_no_acknowledged_check_in_is_lost_or_doubled_when_the_server_is_killed():
    """Six phones send 60 check-ins while a worker and the whole server are killed with SIGKILL."""
    found = figures("kill", "--writes=60", "--kills=2", "--clients=6")

    assert found["kills"] == {"worker": 1, "server": 1, "database": 0}
    assert found["acknowledged"] == found["stored"] >= 60
    assert found["broken_attempts"] > 0


def test_a_record_sent_twenty_times_at_once_is_one_visit():
    """One answer says that it is new, nineteen that it is the same; one row, one entry."""
    found = figures("double", "--writes=10", "--clients=20")

    assert (found["stored"], found["with_other_than_one_entry"], found["odd_answers"]) == (10, 0, [])
