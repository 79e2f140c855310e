"""The command `reassure-web`: serve, demo, background, load- commands, backup, restore, verify, purge, doctor."""

import os
import sys

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line, get_commands, load_command_class

from reassure_web.pages.health import report_text

DOCTOR = "Say which settings are there, never what they are."


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
        settings.HOME.mkdir(mode=0o700, parents=True, exist_ok=True)
        if sys.argv[1:] in ([], ["-h"], ["--help"], ["help"]):
            sys.stdout.write(commands_text())
        else:
            execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        raise SystemExit(
            f"reassure-web: {error} See docs/settings.md; `reassure-web doctor` says what is set."
        ) from None


def commands_text() -> str:
    """What the command can do, a line each; those of Django itself are left to its own documentation."""
    django.setup()
    own = {name: app for name, app in get_commands().items() if app.startswith("reassure_web.")}
    helps = {name.replace("_", "-"): load_command_class(app, name).help for name, app in own.items()}
    helps["doctor"] = DOCTOR
    lines = [f"  {name:<22}{helps[name]}" for name in sorted(helps)]
    head = "Usage: reassure-web COMMAND [OPTIONS]\n\nThe web product. `reassure-web COMMAND --help` says more.\n\n"
    return head + "\n".join(lines) + "\n"


if __name__ == "__main__":
    run()
