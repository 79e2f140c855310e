"""The parts of the year in which a rule speaks.

Rules: `bst` and `gmt` by the offset of London's clock at noon; a range of dates; else a name whose dates the
caller gives (`ramadan`, terms of a school). Clocks change on Sundays, so "from the first Friday after the
clocks change" is the same as `bst` or `gmt` for Fridays.
"""

import re
from collections.abc import Mapping
from datetime import date

from reassure.errors import InputError, Problem
from reassure.periods import is_bst, parse_date

CLOCK_SEASONS = ("bst", "gmt")

Seasons = Mapping[str, tuple[tuple[date, date], ...]]
"""First and last civil date, both inside, of each stretch of a named season."""

_RANGE = re.compile(r"[^/]+/[^/]+")


def in_season(season: str, on: date, seasons: Seasons) -> bool:
    """Whether a date lies in a season; every date lies in the empty one. `InputError` for an unknown name."""
    if not season:
        return True
    if season in CLOCK_SEASONS:
        return is_bst(on) == (season == "bst")
    return any(first <= on <= last for first, last in _stretches(season, seasons))


def season_problems(season: str, seasons: Seasons) -> list[Problem]:
    """What is wrong with a season; empty when its dates are known."""
    try:
        _stretches(season, seasons)
    except InputError as error:
        return list(error.problems)
    return []


def _stretches(season: str, seasons: Seasons) -> tuple[tuple[date, date], ...]:
    if not season or season in CLOCK_SEASONS:
        return ()
    if season in seasons:
        return seasons[season]
    if _RANGE.fullmatch(season):
        first, last = (parse_date(part, "season") for part in season.split("/"))
        if last < first:
            raise InputError([Problem("season", season, "the earlier date first")])
        return ((first, last),)
    known = ", ".join([*CLOCK_SEASONS, *sorted(seasons)])
    raise InputError([Problem("season", season, f"{known}, or two dates such as 2026-09-01/2026-12-18")])
