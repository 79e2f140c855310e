"""Settings: production refuses to start on weak ones, the doctor says what is set and never what it is."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.db import connection

from reassure_web.pages.health import SETTINGS, report_text, settings_report

ROOT = Path(__file__).resolve().parents[3]
STRONG = "kP3v9sYxTq7LmZ0aWbN5cRdJ8eHgF2uVi6oQ1tXyBnM4lKjS+/%w"
"""Made for this test; guards nothing."""


def production(**environ: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("REASSURE_", "DJANGO_"))}
    whole = {
        "REASSURE_MODE": "production",
        "REASSURE_SECRET_KEY": STRONG,
        "REASSURE_SEAL_KEYS": Fernet.generate_key().decode(),
        "REASSURE_HOSTS": "reassure.example",
    }
    return kept | {name: value for name, value in (whole | environ).items() if value}


def command(*words: str, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    run = [sys.executable, "-m", "reassure_web", *words]
    return subprocess.run(run, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_a_whole_production_passes_the_checks_for_deployment(tmp_path):
    """Django's own list of what a deployment needs has nothing to say."""
    environ = production(REASSURE_HOME=str(tmp_path))

    run = command("check", "--deploy", "--fail-level", "WARNING", environ=environ)

    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("environ", "names"),
    [
        ({"REASSURE_SECRET_KEY": ""}, "REASSURE_SECRET_KEY"),
        ({"REASSURE_SECRET_KEY": "short"}, "REASSURE_SECRET_KEY"),
        ({"REASSURE_SECRET_KEY": "ab" * 40}, "REASSURE_SECRET_KEY"),  # long, but of two characters
        ({"REASSURE_SECRET_KEY": "not-secret-demo-and-tests-only-0123456789-0123456789"}, "REASSURE_SECRET_KEY"),
        ({"REASSURE_SEAL_KEYS": ""}, "REASSURE_SEAL_KEYS"),
        ({"REASSURE_SEAL_KEYS": "short"}, "REASSURE_SEAL_KEYS"),
        ({"REASSURE_HOSTS": ""}, "REASSURE_HOSTS"),
        ({"REASSURE_HOSTS": "*"}, "REASSURE_HOSTS"),
        ({"DEBUG": "true"}, "DEBUG"),
        ({"REASSURE_MODE": "prod"}, "REASSURE_MODE"),
    ],
)
def test_production_refuses_to_start_on_weak_settings(environ, names):
    """The refusal names the setting, not its value."""
    run = command("check", environ=production(**environ))

    assert run.returncode == 1
    assert names in run.stderr
    assert "Traceback" not in run.stderr
    assert STRONG not in run.stderr


@pytest.mark.slow
def test_the_doctor_answers_where_the_settings_refuse():
    """Without a key nothing starts but the doctor, which says what is missing and ends with 1."""
    run = command("doctor", environ=production(REASSURE_SECRET_KEY=""))

    assert run.returncode == 1
    assert "missing  REASSURE_SECRET_KEY" in run.stdout


def test_the_doctor_never_prints_a_value():
    """Every setting is named once, with its state."""
    environ = {s.name: "the-value" for s in SETTINGS} | {"REASSURE_SECRET_KEY_FILE": "/a/file"}

    text, is_whole = report_text(environ)
    states = {line.name: line.state for line in settings_report({"EMAIL_URL_FILE": "/a/file"})}

    assert is_whole
    assert "the-value" not in text
    assert "/a/file" not in text
    assert states["EMAIL_URL"] == "file"
    assert states["REASSURE_SECRET_KEY"] not in {"set", "missing"}  # no production, so ours for demos


def test_settings_the_doctor_and_the_page_name_the_same():
    """A setting that the code reads stands in the doctor's list and in docs/settings.md, and none besides."""
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (ROOT / "src/reassure_web/settings.py").read_text("utf-8")))
    told = set(re.findall(r"`([A-Z][A-Z_]+)`", (ROOT / "docs/settings.md").read_text("utf-8"))) - {"NAME_FILE"}

    assert read == {s.name for s in SETTINGS} == told


def test_a_thread_keeps_its_connection_and_asks_whether_it_still_stands():
    """Opening one anew for each request costs more than most requests; one that the server has dropped is replaced."""
    assert connection.settings_dict["CONN_MAX_AGE"] > 500
    assert connection.settings_dict["CONN_HEALTH_CHECKS"]
