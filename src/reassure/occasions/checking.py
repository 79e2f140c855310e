"""What is doubtful in rules and calendars: questions for a person, nothing is changed.

Rules: a rule that never speaks in a stretch of dates, or speaks and never stands; two kinds at one place at the same
time; a place's own rule that a published table contradicts; rules that tie; places about which nothing is known.
Elsewhere: faults of a single rule (`rules`), of announcements (`announcements`), years without rows (`festivals`).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from reassure.occasions.evaluators import Calendar, kind_of
from reassure.occasions.expand import expand, prepared
from reassure.occasions.keys import KEYS
from reassure.occasions.rules import rule_ties
from reassure.occasions.values import Announcement, Confirmed, DateCandidate, Occasion, OneOff, Rule
from reassure.occasions.why import why
from reassure.places.place import Place

KINDS_OF_DOUBT = ("never", "overlap", "differs", "tie", "nothing known")
SAMPLE_DAYS = 60
"""Days on which it is asked whether a rule that speaks ever stands."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A question for a person: its kind, the place it is about, and the words."""

    kind: str
    place_ref: str
    says: str


def doubts(
    places: Sequence[Place],
    rules: Iterable[Rule],
    first: date,
    last: date,
    *,
    candidates: Mapping[tuple[str, str], tuple[DateCandidate, ...]] = {},
    announcements: Sequence[Announcement] = (),
) -> list[Doubt]:
    """
    Every doubt about the rules of these places between two dates, both inside, by kind, then place.

    Raises
    ------
    InputError, RuleError
        Those of `expand`: rules that cannot be used at all.
    """
    ruled = tuple(rules)
    held, mine, calendar = prepared(places, ruled, first, last, {}, candidates, announcements)
    by_ref = {place.ref: place for place in held}
    of_place: dict[str, list[Rule]] = defaultdict(list)
    for rule in mine:
        of_place[rule.place_ref].append(rule)
    found = [Doubt("tie", "", problem.text) for problem in rule_ties(mine)]
    for ref in sorted(of_place):
        found += _never(by_ref[ref], of_place[ref], first, last, calendar, candidates, announcements)
        told = expand([by_ref[ref]], of_place[ref], first, last, candidates=candidates, announcements=announcements)
        found += _of_occasions(ref, list(told))
    found += _nothing_known(held, of_place, first, last)
    return sorted(found, key=lambda doubt: (KINDS_OF_DOUBT.index(doubt.kind), doubt.place_ref, doubt.says))


def _never(
    place: Place,
    rules: Sequence[Rule],
    first: date,
    last: date,
    calendar: Calendar,
    candidates: Mapping[tuple[str, str], tuple[DateCandidate, ...]],
    announcements: Sequence[Announcement],
) -> list[Doubt]:
    """Rules that give no start between the dates, and those that give some but never stand."""
    found = []
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    for rule in rules:
        if isinstance(rule.when, OneOff | Confirmed):
            continue
        dates = kind_of(rule.when).dates(rule.when, calendar)
        asked = days if dates is None else sorted(on for on in set(dates) if first <= on <= last)
        spoken = [on for on in asked if _speaks(rule, place, on, calendar)]
        words = f"{KEYS[rule.key].words} of {rule.source_ref or 'an unnamed source'} ({type(rule.when).__name__})"
        if not spoken:
            found.append(
                Doubt("never", place.ref, f"{words} gives nothing from {first.isoformat()} to {last.isoformat()}")
            )
        elif not any(
            _stands(rule, place, rules, on, calendar, candidates, announcements) for on in spoken[:SAMPLE_DAYS]
        ):
            found.append(Doubt("never", place.ref, f"{words} speaks on {_days(len(spoken))} and never stands"))
    return found


def _speaks(rule: Rule, place: Place, on: date, calendar: Calendar) -> bool:
    if (rule.valid_from and on < rule.valid_from) or (rule.valid_to and on > rule.valid_to):
        return False
    return bool(kind_of(rule.when).starts(rule.when, place, on, calendar))


def _stands(
    rule: Rule,
    place: Place,
    rules: Sequence[Rule],
    on: date,
    calendar: Calendar,
    candidates: Mapping[tuple[str, str], tuple[DateCandidate, ...]],
    announcements: Sequence[Announcement],
) -> bool:
    """Whether what the rule says on a day is what the occasion comes from."""
    starts = {start.starts_at for start in kind_of(rule.when).starts(rule.when, place, on, calendar)}
    return any(
        said.stands and said.key == rule.key and said.source_ref == rule.source_ref and starts & set(said.starts)
        for said in why(place, rules, on, candidates=candidates, announcements=announcements)
        if said.rank == rule.rank
    )


def _of_occasions(ref: str, occasions: Sequence[Occasion]) -> list[Doubt]:
    """Kinds that take place at the same time at one place, and sources that differ; each once, with its days."""
    overlaps: Counter[tuple[str, str]] = Counter()
    examples: dict[tuple[str, str], date] = {}
    differing: Counter[str] = Counter()
    by_day: dict[date, list[Occasion]] = defaultdict(list)
    for occasion in occasions:
        by_day[occasion.on].append(occasion)
        for note in occasion.notes:
            if note.startswith("sources differ"):
                differing[f"{KEYS[occasion.key].words}: {note}"] += 1
    for on, held in by_day.items():
        standing = [o for o in held if o.status != "cancelled" and not o.is_outdoor]
        for n, one in enumerate(standing):
            for other in standing[n + 1 :]:
                if one.key != other.key and _meets(one, other):
                    pair = (min(one.key, other.key), max(one.key, other.key))
                    overlaps[pair] += 1
                    examples.setdefault(pair, on)
    found = [
        Doubt(
            "overlap",
            ref,
            f"{KEYS[a].words} and {KEYS[b].words} take place at the same time on {_days(n)}, first on {examples[a, b]}",
        )
        for (a, b), n in overlaps.items()
    ]
    return found + [Doubt("differs", ref, f"{words}, on {_days(n)}") for words, n in differing.items()]


def _days(n: int) -> str:
    return f"{n:,} day" if n == 1 else f"{n:,} days"


def _meets(one: Occasion, other: Occasion) -> bool:
    return any(a.starts_at < b.ends_at and b.starts_at < a.ends_at for a in one.sittings for b in other.sittings)


def _nothing_known(
    places: Sequence[Place], of_place: Mapping[str, Sequence[Rule]], first: date, last: date
) -> list[Doubt]:
    """Open places without a rule and without a usual time: nothing is made up for them."""
    silent = [place for place in places if place.is_open and place.ref not in of_place]
    week = min(last, first + timedelta(days=6))
    known = {occasion.place_ref for occasion in expand(silent, (), first, week)}
    return [
        Doubt("nothing known", place.ref, f"{place.title}: no rule, and no usual time of its tradition")
        for place in silent
        if place.ref not in known
    ]
