"""Whether a plan holds, worked out again from its document alone.

Rules: a plan is accepted when every time, window, journey, break, skill, lock, prize, reason and sum in it is
what the checker works out for itself, in whole seconds and hundredths of a point. It shares nothing with what
makes plans, so that one mistake cannot hide another. Elsewhere: the shape of the file (`files.plan_json`);
units and routes (`check_routes`), need and options (`check_needs`), visits and accounts (`check_visits`).
"""

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

from reassure.errors import Problem
from reassure.patrols.check_facts import PlanFacts, fault
from reassure.patrols.check_needs import need_problems
from reassure.patrols.check_reading import read_facts
from reassure.patrols.check_routes import route_problems
from reassure.patrols.check_visits import visit_problems

_EXERCISE = "EXERCISE EXERCISE EXERCISE"
_DEEPEST = 40


def check(document: Mapping[str, Any], *, is_signed: bool = True) -> list[Problem]:
    """
    List every reason why a plan may not be used.

    Parameters
    ----------
    document
        A parsed plan.json. `column` of each problem is the path in it.
    is_signed
        Whether the digest has to be there and right; False for a plan that is about to be signed.

    Returns
    -------
    list[Problem]
        In the order of reading: numbers, fields, digest, needs and options, routes, visits and sums. Empty when
        the plan is accepted. Where a field cannot be read, only such faults are listed.
    """
    if found := list(_numbers(document)):
        return found
    facts, found = read_facts(document)
    if found:
        return found
    return [
        *(_digest(document) if is_signed else ()),
        *_marking(facts),
        *need_problems(facts),
        *route_problems(facts),
        *visit_problems(facts),
    ]


def what_was_checked(document: Mapping[str, Any]) -> list[str]:
    """What an accepted plan was checked for, in words; says where travel was taken as given."""
    facts, _ = read_facts(document)
    n_stops = sum(len(route.stops) for route in facts.routes)
    journeys = f"{n_stops + len(facts.routes):,} journeys"
    n_flagged = sum(bool(leg.flag) for leg in facts.legs)
    travel = f"{journeys} worked out again by great circle"
    if facts.travel.get("is_recomputable") is not True:
        travel = f"{journeys}: travel taken as given by {facts.travel.get('source')}, {n_flagged:,} by great circle"
    return [
        f"{n_stops:,} visits by {len(facts.units):,} units: shifts, windows, stays, breaks, skills, locks",
        travel,
        f"{len(facts.options):,} options against {len(facts.occasions):,} occasions and {len(facts.needs):,} needs",
        f"{len(facts.unvisited):,} reasons for {len(facts.places):,} places: each visited or accounted for once",
        "must-visits, opt-outs, sums and digest",
    ]


def _numbers(document: Mapping[str, Any]) -> Iterator[Problem]:
    """Numbers that are not finite, wherever they stand: nothing that holds one can be trusted or signed."""
    rest: list[tuple[str, Any, int]] = [("", document, 0)]
    while rest:
        path, value, depth = rest.pop()
        if depth > _DEEPEST:
            yield fault(path, f"{path:.60} stands too deep", f"at most {_DEEPEST} levels")
            continue
        is_named = isinstance(value, Mapping)
        for name, inner in value.items() if is_named else enumerate(value):
            if isinstance(inner, str | int | None):
                continue
            at = f"{path}.{name}".lstrip(".") if is_named else f"{path}[{name}]"
            if isinstance(inner, Mapping | list | tuple):
                rest.append((at, inner, depth + 1))
            elif isinstance(inner, float) and not math.isfinite(inner):
                yield fault(at, f"{at} is {inner}", "a finite number")


def _digest(document: Mapping[str, Any]) -> Iterator[Problem]:
    unsigned = {name: value for name, value in document.items() if name != "digest"}
    text = json.dumps(unsigned, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    right = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    said = document.get("digest")
    if said != right:
        expected = f"{right[:12]}…; the document was altered after it was signed"
        yield fault("digest", f"the digest is {str(said)[:12]}…" if said else "the digest is missing", expected)


def _marking(facts: PlanFacts) -> Iterator[Problem]:
    """A plan under an exercise declaration says so first; nothing above OFFICIAL-SENSITIVE belongs here."""
    if any(d.status == "exercise" for d in facts.declarations) and not facts.marking.startswith(_EXERCISE):
        yield fault("marking", f"an exercise is marked {facts.marking!r:.60}", f"{_EXERCISE} first")
    if "SECRET" in facts.marking.upper():
        yield fault("marking", f"the plan is marked {facts.marking!r:.60}", "OFFICIAL or OFFICIAL-SENSITIVE")
