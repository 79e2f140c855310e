"""FACTS.toml: the inputs of the rules E01 to E15 by name, for the check that stores nothing.

Rules: every fault is named with its field. Elsewhere: what the rules say (`fund.eligibility`).
"""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

from reassure.errors import InputError, Problem
from reassure.files.csv_rows import decode, read_bytes
from reassure.files.schemes import MAX_TOML_BYTES, parsed_toml
from reassure.fund.eligibility import BidFacts, MeasureFacts, RouteClaim, Signatory, facts_problems
from reassure.fund.evidence import MOTIVES
from reassure.fund.schemes import ROUTES

_KINDS: dict[str, tuple[type | tuple[type, ...], str]] = {
    "str": (str, "a text in quotes"),
    "bool": (bool, "true or false"),
    "bool | None": (bool, "true or false"),
    "int": (int, "a whole number"),
    "float | None": ((float, int), "a number"),
    "datetime.date | None": (date, "a date such as 2018-05-01"),
}
_TABLES: dict[str, type] = {"signatories": Signatory, "routes": RouteClaim, "measures": MeasureFacts}

EXAMPLE = """\
# What the rules E01 to E15 need to know of a bid. Invented.
nation = "England"
place_kind = "worship"
has_regular_worship = true
faiths = ["sikh"]
charity_status = "registered"        # registered, exempt, excepted, none
is_charity_required = true
survey_done_on = 2018-05-01
cap_used_pence = 0
has_ordered = false
n_live_bids = 0
evidence_rung = 4

[[signatories]]
ref = "treasurer"
is_trustee = true
has_authority = true

[[signatories]]
ref = "secretary"
is_trustee = true
has_authority = true

[[routes]]
route = "own"                        # own, near, vulnerable
motive = "religious"                 # religious, racial, theft, nuisance, unknown
result = "counts"                    # counts, officer, not

[[measures]]
ref = "A1"
measure = "door"
cost_pence = 600000
requested_pence = 480000
other_grants_pence = 0
n_quotes = 3
"""


def read_facts(path: Path) -> BidFacts:
    """The facts of a bid from a TOML file; `InputError` with every fault."""
    return facts_of_toml(decode(read_bytes(path, max_bytes=MAX_TOML_BYTES), str(path)), str(path))


def facts_of_toml(text: str, file: str) -> BidFacts:
    """The facts of a bid from a TOML text; see `read_facts`."""
    document = parsed_toml(text, file)
    found: list[Problem] = []
    values = _values(document, BidFacts, "", found)
    for name, kind in _TABLES.items():
        rows = document.get(name, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            found.append(Problem(name, str(rows), f"tables [[{name}]]"))
            continue
        made = [_values(row, kind, f"{name}[{n}].", found) for n, row in enumerate(rows, 1)]
        if not found:
            values[name] = tuple(kind(**row) for row in made)
    if not found:
        faiths = document.get("faiths", [])
        if not isinstance(faiths, list) or not all(isinstance(f, str) for f in faiths):
            found.append(Problem("faiths", str(faiths), "a list of texts"))
        values["faiths"] = tuple(faiths)
    if not found:
        facts = BidFacts(**values)
        found += _word_problems(facts) + facts_problems(facts)
        if not found:
            return facts
    raise InputError([Problem(p.column, p.value, p.expected, file, says=p.says) for p in found])


def _values(row: Mapping[str, Any], kind: type, where: str, found: list[Problem]) -> dict[str, Any]:
    known = {f.name: f for f in fields(kind)}
    found += [Problem(where + name, str(row[name]), "one of " + ", ".join(known)) for name in row if name not in known]
    out = {}
    for name, f in known.items():
        text = f.type.__name__ if isinstance(f.type, type) else str(f.type)
        if text not in _KINDS:
            continue
        wanted, words = _KINDS[text]
        if name not in row:
            if f.default is MISSING:
                found.append(Problem(where + name, "", words))
            continue
        value = row[name]
        is_wrong = not isinstance(value, wanted) or isinstance(value, datetime)
        if is_wrong or (isinstance(value, bool) and wanted is not bool):
            found.append(Problem(where + name, str(value), words))
        else:
            out[name] = value
    return out


def _word_problems(facts: BidFacts) -> list[Problem]:
    found = []
    for n, claim in enumerate(facts.routes, 1):
        for name, value, allowed in (
            ("route", claim.route, ROUTES),
            ("motive", claim.motive, MOTIVES),
            ("result", claim.result, ("counts", "officer", "not")),
        ):
            if value not in allowed:
                found.append(Problem(f"routes[{n}].{name}", value, "one of " + ", ".join(allowed)))
    return found
