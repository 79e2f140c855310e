"""A place where the product runs: a home and a database, and its commands."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEY = "a-key-of-the-tests-that-guards-nothing"


@dataclass(frozen=True)
class Installation:
    """A place where the product runs."""

    home: Path
    database_url: str

    def run(self, *arguments: str, key: str = KEY) -> subprocess.CompletedProcess[str]:
        """Run `reassure-web` with these arguments."""
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "reassure_web.settings",
            "REASSURE_MODE": "test",
            "REASSURE_HOME": str(self.home),
            "DATABASE_URL": self.database_url,
            "REASSURE_SECRET_KEY": key,
        }
        command = [sys.executable, "-m", "reassure_web", *arguments]
        return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)

    def done(self, *arguments: str) -> str:
        """Run it, expect success; what it said."""
        run = self.run(*arguments)
        assert run.returncode == 0, run.stdout + run.stderr
        return run.stdout

    def python(self, code: str) -> str:
        """Run a few lines inside the installation; what they printed."""
        return self.done("shell", "--no-imports", "--command", code).strip()
