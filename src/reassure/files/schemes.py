"""Schemes as TOML: the presets of every real round, and schemes of one's own.

Rules: every fault of a file is named with its field. A preset holds facts with the letter of their source;
docs/rooms/fund.md lists the letters. Elsewhere: what a scheme means (`fund.schemes`).
"""

import tomllib
from dataclasses import MISSING, fields
from datetime import date, datetime
from importlib import resources
from pathlib import Path
from typing import Any

from reassure.errors import InputError, Problem
from reassure.files.csv_rows import decode, read_bytes
from reassure.fund.schemes import CRITERIA, Scheme, scheme_problems
from reassure.fund.windows import window_end, window_start

MAX_TOML_BYTES = 2**20

_INTEGERS = (
    "version",
    "rate_bp",
    "cap_pence",
    "project_ceiling_pence",
    "min_award_pence",
    "max_measures",
    "look_back_months",
    "n_quotes",
    "repeat_after_months",
    "upkeep_months",
    "threshold_tenths",
    "min_evidence_x2",
    "moderation_points",
    "moderation_criterion",
    "holdback_bp",
    "retention_bp",
)
_TEXTS = (
    "code",
    "title",
    "intake",
    "opens",
    "closes",
    "closes_text",
    "cap_period",
    "quotes_per",
    "survey",
    "supply",
    "payment_plan",
    "charity",
)
_LISTS = ("nations", "place_kinds", "catalogue", "routes", "conflicts", "unknown")
_AMOUNTS = ("money_pence", "floors_pence", "type_caps_pence")
_WORDS = ("served_elsewhere", "sources")


def preset_codes() -> tuple[str, ...]:
    """The codes of the schemes that come with this product, in order."""
    folder = resources.files("reassure.files").joinpath("scheme_presets")
    return tuple(sorted(item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml")))


def preset(code: str) -> Scheme:
    """The preset of a code; `InputError` names the codes there are."""
    if code not in preset_codes():
        raise InputError([Problem("scheme", code, "a TOML file, or one of " + ", ".join(preset_codes()))])
    resource = resources.files("reassure.files").joinpath("scheme_presets", f"{code}.toml")
    return scheme_of_toml(resource.read_text("utf-8"), f"{code}.toml")


def find_scheme(code_or_path: str) -> Scheme:
    """The preset of that code, else the scheme in the TOML file of that path."""
    if code_or_path in preset_codes() or not code_or_path.endswith(".toml"):
        return preset(code_or_path)
    return read_scheme(Path(code_or_path))


def read_scheme(path: Path) -> Scheme:
    """A scheme from a TOML file; `InputError` with every fault."""
    return scheme_of_toml(decode(read_bytes(path, max_bytes=MAX_TOML_BYTES), str(path)), str(path))


def parsed_toml(text: str, file: str) -> dict[str, Any]:
    """The tables of a TOML text; `InputError` names the line that cannot be read."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError([Problem("", "", "TOML", file=file, says=f"cannot be read as TOML ({error})")]) from None
    except RecursionError:
        says = "values stand inside one another too deeply"
        raise InputError([Problem("", "", "TOML", file=file, says=says)]) from None


def scheme_of_toml(text: str, file: str) -> Scheme:
    """
    The scheme that a TOML text describes.

    Fields that are left out are None (not known when listed in `unknown`, else set to none) or have the
    default of `Scheme`.

    Raises
    ------
    InputError
        Names of no field, values of the wrong kind, times that do not exist, terms that contradict each other.
    """
    document = parsed_toml(text, file)
    names = {f.name for f in fields(Scheme)}
    found = [
        Problem(name, str(document[name]), "a field of a scheme", file=file) for name in document if name not in names
    ]
    values: dict[str, Any] = {
        f.name: None for f in fields(Scheme) if f.default is MISSING and f.default_factory is MISSING
    }
    values |= {"version": 1, "served_elsewhere": {}}
    for name in (f.name for f in fields(Scheme) if f.name in document):
        try:
            values[name] = _value(name, document[name])
        except InputError as error:
            found += [Problem(p.column, p.value, p.expected, file=file) for p in error.problems]
    found += [Problem(name, "", "a value", file=file) for name in ("code", "title") if not values[name]]
    if found:
        raise InputError(found)
    scheme = Scheme(**values)
    if problems := scheme_problems(scheme):
        raise InputError([Problem(p.column, p.value, p.expected, file=file) for p in problems])
    return scheme


def _value(name: str, value: Any) -> Any:
    kinds: tuple[tuple[tuple[str, ...], type, str], ...] = (
        (_INTEGERS, int, "a whole number"),
        (_TEXTS, str, "a text in quotes"),
        (("guarding",), bool, "true or false"),
        (("works_due_on",), date, "a date such as 2019-03-31"),
        (("near_limit_m",), float, "metres such as 3218.688"),
    )
    for wanted, kind, expected in kinds:
        if name in wanted:
            if type(value) is not kind or isinstance(value, datetime):
                raise InputError([Problem(name, str(value), expected)])
            if name == "opens":
                window_start(str(value))
            if name == "closes":
                window_end(str(value))
            return value
    if name in _LISTS:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise InputError([Problem(name, str(value), "a list of texts")])
        return tuple(value)
    wanted_type, expected = (int, "whole pence by name") if name in (*_AMOUNTS, "criteria") else (str, "texts by name")
    if not isinstance(value, dict) or not all(type(item) is wanted_type for item in value.values()):
        raise InputError([Problem(name, str(value), expected)])
    if name == "criteria":
        return _criteria(value)
    return dict(value)


def _criteria(value: dict[str, int]) -> tuple[tuple[str, int], ...]:
    known = [code for code, _ in CRITERIA]
    if sorted(value) != sorted(known) or any(weight <= 0 for weight in value.values()):
        raise InputError([Problem("criteria", str(value), "a weight above 0 for each of " + ", ".join(known))])
    return tuple((code, value[code]) for code in known)
