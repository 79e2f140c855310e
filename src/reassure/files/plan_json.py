"""The plan file: reading one from outside, and writing one so that equal plans are equal bytes.

Rules: what a `plan.json` has to look like (`plan.schema.json` beside this module, field by field in
docs/plan-file.md), and its canonical form. Nothing in a file from outside is trusted: size and depth are
limited, numbers are finite, no name stands twice in one object. Elsewhere: whether the plan is a good one
(`patrols.check`), what stands in it (`patrols.document`).
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import jsonschema_rs

from reassure.errors import InputError, Problem, shown
from reassure.files.csv_rows import decode, read_bytes

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

MAX_BYTES = 64 * 2**20
MAX_PROBLEMS = 200
"""Faults of one file that are listed; the rest is counted."""

MAX_ITEMS = {"places": 100_000, "occasions": 200_000, "needs": 200_000, "units": 2_000, "options": 50_000}
"""The longest lists that are read, far above what a plan may hold, so that no file can exhaust the machine."""

SHOWN_TYPES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "null",
    "number": "a number",
    "object": "an object",
    "string": "a text",
}


@cache
def plan_schema() -> dict[str, Any]:
    """The JSON Schema of the plan file, version 1."""
    text = resources.files("reassure.files").joinpath("plan.schema.json").read_text("utf-8")
    return cast(dict[str, Any], json.loads(text))


def read_plan(path: Path) -> dict[str, Any]:
    """
    The document in a plan file; only its shape is checked here, not whether the plan is right.

    Raises
    ------
    InputError
        With every place where the file is not what the schema asks for, at most `MAX_PROBLEMS`.
    """
    file = str(path)
    document = _parsed(decode(read_bytes(path, max_bytes=MAX_BYTES), file), file)
    if not isinstance(document, dict) or document.get("format") != "reassure-plan":
        raise _unusable(file, "this is not a plan", 'a plan.json, with "format": "reassure-plan"')
    if document.get("version") != 1:
        raise InputError([Problem("version", str(document.get("version", "")), "1", file=file)])
    if found := _too_long(document, file) or schema_problems(document, file):
        raise InputError(found)
    return cast(dict[str, Any], document)


def schema_problems(document: Mapping[str, Any], file: str = "") -> list[Problem]:
    """
    Every place where a document is not what the schema asks for, in the order of the document.

    A compiled validator says first whether there is any, in a hundredth of the time; one that has words for them finds
    them.
    """
    if _quick_validator().is_valid(document):
        return []
    found: dict[Problem, None] = {}
    for error in _leaves(_validator().iter_errors(document)):
        if len(found) == MAX_PROBLEMS:
            found[Problem("", "", "", file=file, says="there are more faults than are listed")] = None
            break
        found[_problem(error, file)] = None
    return list(found)


def signed(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document with its digest, whether it had one or not."""
    return {**document, "digest": digest(document)}


def digest(document: Mapping[str, Any]) -> str:
    """SHA-256, as 64 hex digits, of a document without its `digest`, in canonical form."""
    return hashlib.sha256(_canonical({k: v for k, v in document.items() if k != "digest"})).hexdigest()


def plan_bytes(document: Mapping[str, Any]) -> bytes:
    """
    The bytes of a plan file: canonical JSON with the right digest, and a line feed at the end.

    Canonical: keys sorted, no spaces, UTF-8, numbers as Python writes them. `InputError` for a number that is
    not finite or a text that is not Unicode.
    """
    return _canonical(signed(document)) + b"\n"


def _canonical(value: Any) -> bytes:
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True)
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise _unusable("", "the plan holds a text that is not Unicode", "text without lone surrogates") from None
    except ValueError:
        raise _unusable("", "the plan holds a number that is not finite", "finite numbers") from None


@cache
def _quick_validator() -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(plan_schema())


@cache
def _validator() -> "Draft202012Validator":
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - slow to load, and for plans with faults only

    return Draft202012Validator(plan_schema())


def _parsed(text: str, file: str) -> Any:
    try:
        document = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_each_name_once)
        _canonical(document)
    except json.JSONDecodeError as error:
        problem = Problem("", "", "JSON", file=file, row=error.lineno, says=f"cannot be read as JSON ({error.msg})")
        raise InputError([problem]) from None
    except RecursionError:
        raise _unusable(file, "values stand inside one another too deeply", "a plan.json") from None
    except InputError as error:
        raise _unusable(file, error.problems[0].says, error.problems[0].expected) from None
    except ValueError as error:
        raise _unusable(file, f"cannot be read as JSON ({error})", "JSON") from None
    return document


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) < len(pairs):
        twice, _ = Counter(name for name, _ in pairs).most_common(1)[0]
        raise ValueError(f"{shown(twice)!r} stands twice in one object")
    return read


def _too_long(document: Mapping[str, Any], file: str) -> list[Problem]:
    return [
        Problem(name, "", f"at most {limit:,}", file=file, says=f"{name} has {len(rows):,} items")
        for name, limit in MAX_ITEMS.items()
        if isinstance(rows := document.get(name), list) and len(rows) > limit
    ]


def _leaves(errors: Iterable["ValidationError"]) -> Iterable["ValidationError"]:
    """The errors that say most: for a choice of shapes, those of the choice that the value is nearest to."""
    for error in errors:
        branches = [e for e in error.context or () if "null" not in str(e.validator_value)]
        if error.validator == "anyOf" and branches:
            yield from _leaves(branches)
        else:
            yield error


def _problem(error: "ValidationError", file: str) -> Problem:
    column = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in error.absolute_path).lstrip(".")
    wanted, value = cast(Any, error.validator_value), cast(Any, error.instance)
    if error.validator == "required":
        missing = [name for name in wanted if name not in value]
        name = ", ".join(f"{column}.{m}".lstrip(".") for m in missing)
        return Problem(name, "", "it to be there", file=file, says=f"{name} is missing")
    if error.validator == "additionalProperties":
        known = error.schema.get("properties", {}) if isinstance(error.schema, Mapping) else {}
        name = ", ".join(f"{column}.{key}".lstrip(".") for key in sorted(set(value) - set(known)))
        return Problem(name, "", "only the fields of the schema", file=file, says=f"{name} is not known")
    said = f"{column or 'the document'} is {_short(value)}"
    return Problem(column, _short(value), _expected(str(error.validator), wanted), file=file, says=said)


def _expected(validator: str, wanted: Any) -> str:
    if validator == "type":
        types = [wanted] if isinstance(wanted, str) else wanted
        return " or ".join(SHOWN_TYPES[t] for t in types)
    words = {
        "enum": "one of {}",
        "const": "{}",
        "minimum": "{} or more",
        "maximum": "{} or less",
        "minLength": "at least {} character",
        "minItems": "at least {} items",
        "maxItems": "at most {} items",
        "pattern": "a text such as {}",
    }
    examples = {"^\\d{4}-\\d{2}-\\d{2}$": "2026-11-27", "^[0-9a-f]{64}$": "64 hex digits"}
    if validator == "pattern":
        wanted = examples.get(wanted, "2026-11-27T12:45:00+00:00")
    if validator == "enum":
        wanted = ", ".join(str(w) for w in wanted)
    return words.get(validator, "what the schema asks for").format(wanted)


def _short(value: Any) -> str:
    if isinstance(value, dict | list):
        return f"{'an object' if isinstance(value, dict) else 'a list'} of {len(value):,}"
    text = json.dumps(value, ensure_ascii=True)
    return text if len(text) <= 60 else text[:59] + "…"


def _unusable(file: str, says: str, expected: str) -> InputError:
    return InputError([Problem("", "", expected, file=file, says=says)])
