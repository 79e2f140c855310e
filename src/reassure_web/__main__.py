"""The command `reassure-web`: serve, demo, background, load-areas, backup, restore, verify, purge, doctor."""

import os
import sys

from django.core.management import execute_from_command_line


def run() -> None:
    """Run the management command that the arguments name; hyphens and underscores are the same."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reassure_web.settings")
    if len(sys.argv) > 1:
        sys.argv[1] = sys.argv[1].replace("-", "_") if not sys.argv[1].startswith("-") else sys.argv[1]
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    run()
