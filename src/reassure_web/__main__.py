"""The command `reassure-web`: serve, demo, background, load- commands, backup, restore, verify, purge, doctor."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from reassure_web.pages.health import report_text


def run() -> None:
    """Run the management command that the arguments name; hyphens and underscores are the same."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reassure_web.settings")
    if len(sys.argv) > 1:
        sys.argv[1] = sys.argv[1].replace("-", "_") if not sys.argv[1].startswith("-") else sys.argv[1]
    if sys.argv[1:2] == ["doctor"]:  # has to answer where the settings refuse to be read
        text, is_whole = report_text(os.environ)
        sys.stdout.write(text)
        raise SystemExit(0 if is_whole else 1)
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        raise SystemExit(
            f"reassure-web: {error} See docs/settings.md; `reassure-web doctor` says what is set."
        ) from None


if __name__ == "__main__":
    run()
