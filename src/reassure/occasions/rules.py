"""Which rules can be used: every fault of a rule, words of a place that contradict, rules that tie.

Rules: what a rule may hold, when two words of one place cannot both stand, and when a late word comes too late.
Elsewhere: each kind's own faults and starts (`evaluators`), which rule stands (`precedence`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from reassure.errors import InputError, Problem, RuleError
from reassure.occasions.evaluators import Calendar, kind_of, route_problems
from reassure.occasions.keys import KEYS, key
from reassure.occasions.values import Confirmed, OneOff, Rule, TableRow, Weekly
from reassure.places.place import Place

MINUTES_IN_A_DAY = 24 * 60
LATEST_WORD = timedelta(days=30)
"""A place may confirm or cancel what lies at most this far back."""


def rule_problems(rule: Rule, calendar: Calendar) -> list[Problem]:
    """Every reason why a rule cannot be used, in the order of its fields; empty when it can."""
    found: list[Problem] = []
    try:
        key(rule.key)
    except InputError as error:
        found += error.problems
    try:
        found += kind_of(rule.when).problems(rule.when, calendar)
    except InputError as error:
        found += error.problems
    if not 1 <= rule.rank <= 5:
        found.append(Problem("rank", str(rule.rank), "1 to 5"))
    elif isinstance(rule.when, OneOff | Confirmed) and rule.rank != 1:
        found.append(Problem("rank", str(rule.rank), "1, the place's word for a date"))
    elif rule.rank == 1 and not isinstance(rule.when, OneOff | Confirmed):
        found.append(Problem("rank", "1", "2 to 5 for a rule that is not the place's word for one date"))
    for column, value, least in (
        ("length_min", rule.length_min, 1),
        ("arrive_min", rule.arrive_min, 0),
        ("disperse_min", rule.disperse_min, 0),
    ):
        if value is not None and not least <= value <= MINUTES_IN_A_DAY:
            found.append(Problem(column, str(value), f"{least} to {MINUTES_IN_A_DAY} minutes"))
    if not found and _presence_min(rule) > MINUTES_IN_A_DAY:
        found.append(Problem("length_min", str(rule.length_min), "at most 24 h from the first arrival until all left"))
    if rule.valid_from and rule.valid_to and rule.valid_to < rule.valid_from:
        found.append(Problem("valid_to", rule.valid_to.isoformat(), f"on or after {rule.valid_from.isoformat()}"))
    found += [Problem("replaces", code, "kinds of occasion") for code in rule.replaces if code not in KEYS]
    return found


def checked_rules(rules: Iterable[Rule], places: Mapping[str, Place], calendar: Calendar) -> tuple[Rule, ...]:
    """
    The rules that speak of the places given, ready to be expanded.

    Raises
    ------
    InputError
        With every fault of every such rule; each names its place and kind.
    RuleError
        One place both cancels and confirms a kind for one date at the same instant.
    """
    mine = tuple(rule for rule in rules if rule.place_ref in places)
    found = []
    known: dict[tuple[object, ...], list[Problem]] = {}
    for rule in mine:
        minutes = (rule.length_min, rule.arrive_min, rule.disperse_min)
        alike = (rule.key, rule.when, rule.rank, minutes, rule.valid_from, rule.valid_to, rule.replaces)
        if (problems := known.get(alike)) is None:
            problems = known[alike] = rule_problems(rule, calendar)
        if isinstance(rule.when, OneOff) and not problems:
            problems = route_problems(rule.when, places[rule.place_ref])
        found += [replace(p, file=p.file or f"rule {rule.key} of {rule.place_ref}") for p in problems]
    if found:
        raise InputError(found)
    if clashes := word_clashes(mine):
        raise RuleError(clashes)
    return mine


def word_clashes(rules: Iterable[Rule]) -> list[Problem]:
    """Where a place cancels and confirms one kind on one date at the same instant: nobody can say which stands."""
    said = defaultdict(list)
    for rule in rules:
        if isinstance(rule.when, OneOff | Confirmed):
            said[(rule.place_ref, rule.key, word_date(rule.when), rule.when.said_at)].append(rule)
    found = []
    for (place_ref, code, on, said_at), held in sorted(said.items(), key=lambda item: repr(item[0])):
        words = {"cancelled" if _is_cancelled(rule) else "confirmed" for rule in held}
        if len(words) > 1:
            at = said_at.isoformat() if said_at else "at an unknown time"
            says = f"{place_ref}: {code} on {on.isoformat()} is both cancelled and confirmed, said {at}"
            found.append(Problem("said_at", "", "one of the two, or a later word", says=says))
    return found


def checked_word(rule: Rule, *, today: date) -> Rule:
    """The place's word itself; `RuleError` when its date lies over 30 days back."""
    if isinstance(rule.when, OneOff | Confirmed) and (on := word_date(rule.when)) < today - LATEST_WORD:
        says = f"{rule.key} on {on.isoformat()} lies {(today - on).days} days back"
        raise RuleError([Problem("on", on.isoformat(), "a date at most 30 days back", says=says)])
    return rule


def word_date(when: OneOff | Confirmed) -> date:
    """The civil date that a word of a place is about."""
    return when.on if isinstance(when, Confirmed) else when.starts_local.date()


def rule_ties(rules: Iterable[Rule]) -> list[Problem]:
    """
    Rules of one place that nothing decides between: equal rank, day and season, other sources, observed on one day.

    `expand` then takes the first source by name and notes it; a person should say which holds.
    """
    by_slot: dict[tuple[object, ...], dict[str, Rule]] = defaultdict(dict)
    for rule in rules:
        slots: Iterable[object] = ()
        if isinstance(rule.when, TableRow):
            slots = (rule.when.on,)
        elif isinstance(rule.when, Weekly):
            slots = ((day, rule.when.season) for day in rule.when.days)
        for slot in slots:
            by_slot[(rule.place_ref, rule.key, rule.rank, rule.observed_on, slot)].setdefault(rule.source_ref, rule)
    pairs: dict[tuple[str, str, tuple[str, ...]], None] = {}
    for (place_ref, code, *_), held in by_slot.items():
        if len(held) > 1:
            pairs[(str(place_ref), str(code), tuple(sorted(held)))] = None
    return [
        Problem(
            "source",
            "",
            "a newer observation of one of them",
            says=f"{place_ref}: {' and '.join(sources)} both give {code}, and neither is newer",
        )
        for place_ref, code, sources in sorted(pairs)
    ]


def _is_cancelled(rule: Rule) -> bool:
    return isinstance(rule.when, OneOff) and rule.when.is_cancelled


def _presence_min(rule: Rule) -> float:
    kind = key(rule.key)
    length = kind.length_min if rule.length_min is None else rule.length_min
    if isinstance(rule.when, OneOff):
        length = round((rule.when.ends_local - rule.when.starts_local).total_seconds() / 60)
    arrive = kind.arrive_min if rule.arrive_min is None else rule.arrive_min
    return arrive + length + (kind.disperse_min if rule.disperse_min is None else rule.disperse_min)
