"""What stands beside every figure: title, year, vintage, coverage, label, base, and the sentence that may be quoted.

Rules: T3, T8 and T9 of docs/rooms/hatecrime.md. No figure leaves without its base and its vintage, and none says why.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reassure.errors import InputError, Problem
from reassure.forces import FORCES
from reassure.hatecrime.offences import FORCE_WORDS, RELIGION_WORDS, RELIGIONS, TRANSPORT_POLICE, force_words
from reassure.hatecrime.shares import percent, rounded
from reassure.hatecrime.tables import Base, Table
from reassure.hatecrime.vintages import Vintage

LABELS = ("experimental", "official")
TITLES = {
    "religion": "Religious hate crimes recorded by the police, by perceived religion of the victim",
    "strand": "Hate crimes recorded by the police, by monitored strand",
    "force": "Hate crimes recorded by the police, by police force and monitored strand",
    "force-religion": "Religious hate crimes recorded by the police, by police force and perceived religion",
    "month": "Racially or religiously aggravated offences recorded by the police, by month",
}
EXPECTED_FORCES = frozenset(
    force.area_code or TRANSPORT_POLICE
    for force in FORCES
    if force.nation in {"England", "Wales"} or not force.has_area
)
"""The 43 territorial forces of England and Wales and British Transport Police: full coverage."""

LICENCE = "Contains public sector information licensed under the Open Government Licence v3.0."
PREVALENCE = (
    'The figures "should not be seen as a good measure of prevalence" (Home Office): they count what was reported '
    "to and recorded by the police."
)
DEFINITION = (
    "Hate crime: an offence perceived by the victim or any other person to be motivated by hostility or prejudice "
    "towards a personal characteristic. One offence may carry several strands and target several religions, so that "
    "the rows sum to more than the offences."
)
NEVER_ADDED = (
    "Counts of the Community Security Trust and Tell MAMA overlap with police counts by agreement and are never added."
)
RRA_NOTE = (
    "Racially or religiously aggravated offences (codes 8P, 105B, 8M, 9B, 58J) are another, narrower count: race and "
    "religion cannot be told apart in it, and it is never added to strands."
)
MAX_NAMED = 6
"""So many forces are named in a sentence; more are counted."""


@dataclass(frozen=True, slots=True)
class Statement:
    """The words and numbers beside a table; lists of forces hold codes, in order."""

    title: str
    year: str
    day: date
    label: str
    coverage: str
    counted: tuple[str, ...]
    victims_own_religion: tuple[str, ...]
    without_religion: tuple[str, ...]
    without_strands: tuple[str, ...]
    not_supplying: tuple[str, ...]
    base_words: str
    base: int
    known_words: str
    known: int | None
    sentences: tuple[str, ...]
    notes: tuple[str, ...]


def statement(table: Table, vintage: Vintage, *, label: str = "") -> Statement:
    """Everything that has to stand beside a table; by default figures by religion are experimental."""
    if label and label not in LABELS:
        raise InputError([Problem("label", label, " or ".join(LABELS))])
    label = label or ("experimental" if "religion" in table.by else "official")
    year, by_religion = table.year, "religion" in table.by
    victim, none = (tuple(sorted(vintage.with_religion(year, kind))) for kind in ("victim", "none"))
    absent = tuple(sorted(EXPECTED_FORCES - vintage.supplying(year)))
    strands = tuple(sorted(vintage.supplying(year) - vintage.with_strands(year)))
    base = table.base
    return Statement(
        title=f"{TITLES[table.by]}, {year}",
        year=year,
        day=vintage.day,
        label=label,
        coverage=coverage_words(table.forces),
        counted=table.forces,
        victims_own_religion=victim,
        without_religion=none,
        without_strands=strands,
        not_supplying=absent,
        base_words=_base_words(table),
        base=base.offences if by_religion else _n_offences(table),
        known_words="offences where at least one religion other than unknown was recorded" if by_religion else "",
        known=base.known if by_religion else None,
        sentences=tuple(_sentences(table, vintage.day, label)) if table.by == "religion" else (),
        notes=tuple(_notes(table, victim, none, strands, base)),
    )


def _base_words(table: Table) -> str:
    if "religion" in table.by:
        return "offences with strand religion where a perceived religion was recorded, unknown included"
    if table.by == "month":
        return "racially or religiously aggravated offences of the forces counted"
    return "hate crime offences of the forces counted"


def _n_offences(table: Table) -> int:
    values = [row[-1] for row in (table.rows if table.by in {"month", "force"} else table.rows[-1:])]
    return sum(value for value in values if isinstance(value, int))


def coverage_words(forces: Sequence[str]) -> str:
    """
    Coverage in words.

    Examples
    --------
    >>> coverage_words(sorted(EXPECTED_FORCES))
    '43 territorial forces and British Transport Police'
    >>> coverage_words(sorted(EXPECTED_FORCES - {"E23000001"}))
    '42 of 43 territorial forces and British Transport Police; Metropolitan not included'
    """
    counted = set(forces)
    n_all = len(EXPECTED_FORCES) - 1
    n_here = len(counted & EXPECTED_FORCES - {TRANSPORT_POLICE})
    with_transport = TRANSPORT_POLICE in counted
    if n_here == n_all and with_transport:
        words = f"{n_all} territorial forces and British Transport Police"
    else:
        words = f"{n_here} of {n_all} territorial forces{' and British Transport Police' if with_transport else ''}"
    beyond = sorted(counted - EXPECTED_FORCES)
    words += f", and {force_words(beyond)}" if beyond else ""
    left = left_words(counted)
    return f"{words}; {left}" if left else words


def left_words(counted: set[str]) -> str:
    """Who is not counted: by name up to six, else their number; empty when nobody is missing."""
    left = sorted(EXPECTED_FORCES - counted)
    if not left:
        return ""
    if len(left) > MAX_NAMED:
        return f"{len(left)} of {len(EXPECTED_FORCES)} forces not included"
    names = [_short(code) for code in left]
    said = ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else names[0]
    return f"{said} not included"


def _short(code: str) -> str:
    name = FORCE_WORDS[code]
    return name if code == TRANSPORT_POLICE else name.removesuffix(" Police")


def _sentences(table: Table, day: date, label: str) -> list[str]:
    counts = table.column("offences")
    return [
        f"{RELIGION_WORDS[religion]}: {text}"
        for religion in RELIGIONS
        if isinstance(n := counts[religion], int)
        and (text := share_sentence(n, table.base.offences, table.forces, label, vintage_words(table.year, day)))
    ]


def share_sentence(count: int, base: int, forces: Sequence[str], label: str, vintage: str) -> str:
    """
    A share as it may be quoted: per cent, count, base in words, who is not included, label and vintage.

    Examples
    --------
    >>> counted = sorted(EXPECTED_FORCES - {"E23000001", "E23000003"})
    >>> words = share_sentence(2965, 5680, counted, "experimental", vintage_words("2017/18", date(2018, 10, 16)))
    >>> words[:72]
    '52 % (2,965 of 5,680 offences where a perceived religion was recorded, u'
    >>> words[72:]
    'nknown included; Metropolitan and Lancashire not included; experimental; first published 16 October 2018)'
    """
    share = percent(count, base)
    if share is None:
        return ""
    left = left_words(set(forces))
    parts = [
        f"{count:,} of {base:,} offences where a perceived religion was recorded, unknown included",
        *([left] if left else []),
        label,
        vintage,
    ]
    return f"{rounded(share)} % ({'; '.join(parts)})"


def vintage_words(year: str, day: date) -> str:
    """
    The vintage in words: a year's own bulletin first publishes it; from the next year's on it is revised.

    Examples
    --------
    >>> vintage_words("2017/18", date(2018, 10, 16)), vintage_words("2017/18", date(2019, 10, 15))
    ('first published 16 October 2018', 'as revised by 15 October 2019')
    """
    is_first = day < date(int(year[:4]) + 2, 4, 1)
    return f"{'first published' if is_first else 'as revised by'} {day_words(day)}"


def day_words(day: date) -> str:
    """A date as it is read: "16 October 2018"."""
    return f"{day.day} {day:%B} {day.year}"


def _notes(table: Table, victim: Sequence[str], none: Sequence[str], strands: Sequence[str], base: Base) -> list[str]:
    notes = [DEFINITION, PREVALENCE]
    if "religion" in table.by:
        if victim:
            notes.append(
                f"Not in numerator or base, because they gave the victims' own religion: {force_words(victim)}."
            )
        if none:
            notes.append(f"Not in numerator or base, because they gave no religion: {force_words(none)}.")
        if base.religious:
            share = 100 * base.not_in_table / base.religious
            notes.append(
                f"Of {base.religious:,} religious offences of the forces that supplied, {base.not_in_table:,} "
                f"({share:.1f} %) are not in this table: no perceived religion was supplied for them."
            )
    if table.by in {"strand", "force"} and strands:
        notes.append(f"Absent, because they supplied no strands: {force_words(strands)}.")
    if table.by == "month":
        notes.append(RRA_NOTE)
    return [*notes, NEVER_ADDED, f"Forces are listed in the order of their codes, never ranked. {LICENCE}"]
