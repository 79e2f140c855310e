"""The command `reassure`: which commands there are, and how an error leaves.

A command lives in a module of its own with a function `command`; it is imported when it is called and
not before, so that `--help` answers at once. Exit codes: 0 done, 1 a check found faults, 2 an input
cannot be used, 3 the rules say no, 130 stopped by the user.
"""

import gc
import sys
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from reassure.cli.output import STOPPED, report_error
from reassure.engines.compiled import keep_compiled_code
from reassure.errors import ReassureError

COLLECT_AFTER = 100_000
"""Objects after which Python looks for circles: a command ends soon, and looking after each 700 costs a tenth of it."""

COMMANDS: dict[str, dict[str, str]] = {
    "": {
        "demo": "Plan a day for a generated police area, and show what comes out.",
    },
    "places": {
        "import": "Read registers of places of worship into one register.",
        "check": "Say what is doubtful in a register.",
    },
    "occasions": {
        "list": "Who gathers where and when on a day.",
        "festivals": "The festivals of a tradition, with every date that is still open.",
        "times": "When the prayers begin at a position, day by day.",
        "check": "Ask what is doubtful in rules, tables and calendars.",
        "timetable": "Check what a place publishes, and write it as a timetable.",
        "accuracy": "How far our times and dates lie from published ones.",
    },
    "patrols": {
        "plan": "Work out which unit visits which place in which order.",
        "units": "Make a roster of units to try things with.",
        "check": "Check a plan, independently of how it was made.",
        "replan": "Plan the rest of a day again after something changed.",
        "explain": "Explain one place: need, windows, visits, or why there is none.",
        "compare": "What is different between two plans, visit by visit.",
        "forces": "Plan every police area of a register, on all cores or a cluster.",
        "bench": "Solve published tour problems, to see how good the planner is.",
    },
    "fund": {
        "schemes": "The rounds there were, their terms, and what is not known of them.",
        "check": "Whether a bid may go to assessment: every reason at once.",
        "score": "Score bids from their assessments, and say which need a third.",
        "allocate": "Choose the measures to fund, proven best, with a reason for each.",
        "explain": "Why a bid was funded or not, and what would have changed it.",
        "sensitivity": "How firm a choice is if scores or the budget were a little different.",
        "letters": "Write a letter for each bid of a run.",
        "replay": "Replay a round's events to its state; refuse the first illegal one.",
        "decide": "Turn a run into the events that record its decisions.",
        "publish": "Figures that may be published, and 360Giving rows of those who agreed.",
        "demo": "Make an invented round of a regime to try the commands on.",
    },
    "hatecrime": {
        "table": "Make a published table from records, as they were known on a day.",
        "problems": "List everything that is wrong or doubtful in supplied records.",
        "months": "Say which months of a series stood out, without saying why.",
        "compare": "Put two years side by side, over the same forces.",
        "revisions": "Say how the figures of a year were revised between two days.",
    },
}
"""Command and its one line of help, by group; `places import` is the module `reassure.cli.places_import`."""

GROUP_HELP = {
    "fund": 'The security fund: from "may we apply?" to the last penny.',
    "places": "The register of places of worship.",
    "occasions": "When people gather.",
    "patrols": "Plans for the units that visit.",
    "hatecrime": "Published figures of hate crime, made again from records.",
}


USAGE_ERROR: Any = typer.BadParameter.__base__
"""What Typer raises when it is called with options or arguments that it does not know."""


class CommandGroup(TyperGroup):
    """A group whose commands are imported when they run; `--help` lists them without importing any."""

    group = ""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the signature is Typer's
        """Commands in the order of the table; groups after the commands that stand alone."""
        return list(COMMANDS[self.group]) + ([name for name in COMMANDS if name] if not self.group else [])

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - the signature is Typer's
        """A stand-in that carries the help line, or the group of that name."""
        if cmd_name in COMMANDS[self.group]:
            text = COMMANDS[self.group][cmd_name]
            return TyperCommand(cmd_name, callback=None, help=text, short_help=text, rich_markup_mode=None)
        if not self.group and cmd_name in COMMANDS:
            return _group(cmd_name)
        return None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command itself, imported."""
        name, found, rest = super().resolve_command(ctx, args)
        if name in COMMANDS[self.group]:
            module = import_module("reassure.cli." + "_".join(filter(None, (self.group, name))))
            found = _command(name, module.command)
        return name, found, rest


def _command(name: str, function: Any) -> Any:
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command(name)(function)
    return typer.main.get_command(app)


def _group(name: str) -> Any:
    kind = type("CommandGroup", (CommandGroup,), {"group": name})
    app = typer.Typer(
        cls=kind, add_completion=False, no_args_is_help=True, rich_markup_mode=None, help=GROUP_HELP.get(name)
    )
    app.callback()(lambda: None)
    return typer.main.get_command(app)


def build() -> Any:
    """The whole command, as an object of Typer's that can be called."""
    app = typer.Typer(
        cls=CommandGroup,
        add_completion=False,
        no_args_is_help=True,
        rich_markup_mode=None,
        help="Protective security of places of worship: who gathers where and when, why go, which unit goes, "
        "and the cards in officers' hands. Exit codes: 0 done, 1 a check found faults, 2 an input cannot be "
        "used, 3 the rules say no, 130 stopped.",
    )
    app.callback()(lambda: None)
    return typer.main.get_command(app)


def run() -> None:
    """Run the command line; errors meant for users are printed whole, without a traceback."""
    gc.set_threshold(COLLECT_AFTER)
    keep_compiled_code()
    try:
        sys.exit(build().main(standalone_mode=False) or 0)
    except ReassureError as error:
        sys.exit(report_error(error))
    except USAGE_ERROR as error:
        error.show()
        sys.exit(error.exit_code)
    except (typer.Abort, KeyboardInterrupt, BrokenPipeError):
        sys.exit(STOPPED)
