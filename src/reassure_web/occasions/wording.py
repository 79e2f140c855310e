"""Words for occasions and rules, as pages show them."""

from datetime import date, datetime

from reassure.errors import InputError
from reassure.occasions.keys import key
from reassure.occasions.values import Computed, Confirmed, Festival, Occasion, OneOff, OsmText, Rule, TableRow, Weekly
from reassure.occasions.why import RANK_WORDS
from reassure.periods import london_wall

CONFIDENCE = {
    "A": "A: confirmed by the place",
    "B": "B: its own timetable",
    "C": "C: somebody else's word",
    "D": "D: usual time, not checked",
}
STATUS = {"forecast": "Expected", "announced": "Announced", "confirmed": "Confirmed", "cancelled": "Cancelled"}
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SEASONS = {"": "all year", "bst": "in British Summer Time", "gmt": "in winter time", "ramadan": "in Ramadan"}
RANKS = {rank: words[0].upper() + words[1:] for rank, words in RANK_WORDS.items()}


def kind_words(code: str) -> str:
    """What a kind of occasion is called; the code itself for one that nobody knows."""
    try:
        return key(code).words
    except InputError:
        return code


def clock(at: datetime) -> str:
    """London's clock, 24 hours."""
    return f"{london_wall(at):%H:%M}"


def times_words(occasion: Occasion) -> str:
    """Start and end of each sitting."""
    return ", ".join(f"{clock(sitting.starts_at)} to {clock(sitting.ends_at)}" for sitting in occasion.sittings)


def date_words(occasion: Occasion) -> str:
    """How likely the date is, where it is not settled."""
    return "" if occasion.date_share == 1 else f"{occasion.date_share:.0%} likely on this day"


def rule_words(rule: Rule) -> str:
    """When a rule says that people gather, as one line."""
    when = rule.when
    if isinstance(when, Weekly):
        return f"{_days(when.days)} at {when.local_time:%H:%M}, {SEASONS.get(when.season, when.season)}"
    if isinstance(when, Computed):
        return f"{_days(when.days)}, {when.anchor} {when.offset_min:+d} min, {SEASONS.get(when.season, when.season)}"
    if isinstance(when, Festival):
        return f"{when.event.replace('_', ' ')} at {', '.join(f'{at:%H:%M}' for at in when.local_times)}"
    if isinstance(when, TableRow):
        return f"{_date(when.on)} at {when.local_time:%H:%M}"
    if isinstance(when, OneOff):
        said = "cancelled" if when.is_cancelled else f"{when.starts_local:%H:%M} to {when.ends_local:%H:%M}"
        return f"{_date(when.starts_local.date())}: {said}"
    if isinstance(when, Confirmed):
        return f"{_date(when.on)}: takes place as usual"
    if isinstance(when, OsmText):
        return when.raw
    return f"{len(when.instants)} times of a calendar"


def _days(days: tuple[int, ...]) -> str:
    return "every day" if len(days) == 7 else " and ".join(DAYS[day] for day in days)


def _date(on: date) -> str:
    return f"{on:%a} {on.day} {on:%B %Y}"
