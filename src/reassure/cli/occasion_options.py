"""Options that several commands about occasions share, checked the same way."""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from reassure.errors import InputError, Problem
from reassure.periods import parse_date


def checked_range(first: str, last: str, *, max_days: int) -> tuple[date, date]:
    """The dates of `--from` and `--to`, both inside; `InputError` with everything that is wrong with them."""
    found: list[Problem] = []
    dates = []
    for column, text in (("--from", first), ("--to", last)):
        try:
            dates.append(parse_date(text, column))
        except InputError as error:
            found += error.problems
    if not found and dates[1] < dates[0]:
        found.append(Problem("--to", last, f"on or after {dates[0].isoformat()}"))
    elif not found and (dates[1] - dates[0]).days >= max_days:
        found.append(Problem("--to", last, f"at most {max_days:,} days from {dates[0].isoformat()}"))
    if found:
        raise InputError(found)
    return dates[0], dates[1]


def known_word(option: str, text: str, words: Iterable[str], also: Mapping[str, str] = {}) -> str:
    """
    The word that an option names, whatever its case and however its parts are joined.

    Parameters
    ----------
    also
        Other names that people use, by the word they mean.
    """
    plain = re.sub(r"[^a-z0-9]+", "_", text.strip().casefold()).strip("_")
    allowed = tuple(words)
    found = also.get(plain, plain)
    if found not in allowed:
        raise InputError([Problem(option, text, "one of " + ", ".join(allowed))])
    return found
