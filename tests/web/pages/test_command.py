"""The command `reassure-web` as a newcomer meets it."""

import sys

import pytest

from reassure_web.__main__ import run


def test_help_lists_the_products_commands_and_no_others(capsys, monkeypatch, settings, tmp_path):
    """A line each with what it does; the framework's own commands would hide them."""
    settings.HOME = tmp_path / "home"
    monkeypatch.setattr(sys, "argv", ["reassure-web", "--help"])

    run()

    words = [line.split()[0] for line in capsys.readouterr().out.splitlines() if line.startswith("  ")]
    assert {"serve", "demo", "background", "load-areas", "backup", "restore", "verify", "purge", "doctor"} <= set(words)
    assert "startapp" not in words


@pytest.mark.django_db
def test_a_command_makes_the_home_that_it_needs(capsys, monkeypatch, settings, tmp_path):
    """The folder is made, readable by its owner alone, so that a first command does not fail on it."""
    settings.HOME = tmp_path / "new" / "home"
    monkeypatch.setattr(sys, "argv", ["reassure-web", "verify"])

    run()

    assert settings.HOME.stat().st_mode & 0o777 == 0o700
