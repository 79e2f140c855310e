"""What a force supplies about an offence, and the words that the figures are counted in.

Rules: the five strands, the nine targeted religions, the aggravated offences, who may supply, and what a year is.
The religion is the one that was targeted as it was perceived; the victim's own is another variable and is never
kept, nor is a name, an age, an address, a place or a story. Sources: docs/rooms/hatecrime.md.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from reassure import faiths
from reassure.errors import InputError, Problem
from reassure.forces import FORCES

STRANDS = ("race", "religion", "sexual_orientation", "disability", "transgender")
RELIGIONS = (*(code for code in faiths.CODES if code != "unknown"), "no_religion", "unknown")
"""In the order of the published table."""

UNKNOWN = "unknown"
RELIGION_WORDS = {faith.code: faith.category for faith in faiths.FAITHS} | {"no_religion": "No religion"}
STRAND_WORDS = {code: code.replace("_", " ").capitalize() for code in STRANDS}
RRA_CODES = frozenset({"8P", "105B", "8M", "9B", "58J"})
"""Racially or religiously aggravated offences: another, narrower count, never added to strands."""

TRANSPORT_POLICE = "btp"
FORCE_WORDS = {force.area_code or TRANSPORT_POLICE: force.area_name or force.name for force in FORCES}
"""The 46 that may supply, by code: the police area's, or `btp`."""

RELIGION_SUPPLIES = ("perceived", "victim", "none")
_YEAR = re.compile(r"(\d{4})/(\d{2})")


@dataclass(frozen=True, slots=True)
class Offence:
    """
    One hate crime as one supply describes it.

    Parameters
    ----------
    code
        Home Office offence code, 1 to 5 characters, capital letters.
    strands
        Why it was perceived to be motivated; never empty.
    religions
        Religions that were targeted as perceived; empty means "not supplied", which is not `unknown`.
    """

    force: str
    offence_id: str
    recorded_on: date
    code: str
    strands: frozenset[str]
    religions: frozenset[str]

    @property
    def year(self) -> str:
        """The year from April to March that it was recorded in, such as 2018/19."""
        return year_of(self.recorded_on)


@dataclass(frozen=True, slots=True)
class Supply:
    """One row of a supply: the offence as it was sent that day, or None when it was cancelled."""

    row: int
    force: str
    offence_id: str
    submitted_on: date
    offence: Offence | None


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """What a force supplied for a year, as it was known on a day; `religion` is one of `RELIGION_SUPPLIES`."""

    row: int
    force: str
    year: str
    submitted_on: date
    religion: str
    has_strands: bool


def year_of(day: date) -> str:
    """
    The year from 1 April to 31 March that a day lies in.

    Examples
    --------
    >>> year_of(date(2019, 3, 31)), year_of(date(1999, 4, 1))
    ('2018/19', '1999/00')
    """
    first = day.year - (day.month < 4)
    return f"{first}/{(first + 1) % 100:02d}"


def months_of(year: str) -> tuple[str, ...]:
    """The twelve months of a year, April to March, as YYYY-MM."""
    first = int(year[:4])
    return tuple(f"{first + (month > 12)}-{(month - 1) % 12 + 1:02d}" for month in range(4, 16))


def parse_year(text: str, column: str = "year") -> str:
    """
    A year such as 2018/19; `InputError` for anything else.

    Examples
    --------
    >>> parse_year("2018/19")
    '2018/19'
    >>> parse_year("2018/20")
    Traceback (most recent call last):
    reassure.errors.InputError: year is 2018/20; expected a year from April to March such as 2018/19.
    """
    found = _YEAR.fullmatch(text.strip())
    if not found or (int(found[1]) + 1) % 100 != int(found[2]):
        raise InputError([Problem(column, text, "a year from April to March such as 2018/19")])
    return text.strip()


def force_words(codes: Collection[str]) -> str:
    """Forces by name, in the order of their codes: "Metropolitan Police and Lancashire"; "none" when empty."""
    names = [FORCE_WORDS[code] for code in sorted(codes)]
    return ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else "".join(names) or "none"
