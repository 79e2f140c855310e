"""What a name, a tag and a denomination say at import: which defaults of time fit, and what is doubtful.

Rules: the profile proposed for a place, and the flags `maybe_closed` and `no_services_expected`. The
denomination is looked at once, here, and is never kept. Nothing is derived for Muslims or Jews beyond
what a name says. All of it is a proposal: trustees decide.
"""

import re
from functools import lru_cache

NO_SERVICES = re.compile(r"\b(?:cemetery|crematorium|chapel of rest)\b")
CLOSED = re.compile(r"\b(?:disused|ruins?|demolished)\b")
FORMER = re.compile(r"\bformer\b")
WORDS = ("cemetery", "crematorium", "chapel of rest", "disused", "ruin", "demolished", "former")
"""Lets most names go at one look."""


def flags_of_name(name: str) -> tuple[str, ...]:
    """
    Doubts that the name alone raises, in alphabetical order; whole words count, case does not.

    Examples
    --------
    >>> flags_of_name("St Mary (ruins)"), flags_of_name("Former Chapel"), flags_of_name("Ruinart Hall")
    (('maybe_closed', 'no_services_expected'), ('maybe_closed',), ())
    """
    words = name.casefold()
    if not any(word in words for word in WORDS):
        return ()
    flags = []
    if CLOSED.search(words) or FORMER.search(words):
        flags.append("maybe_closed")
    if CLOSED.search(words) or NO_SERVICES.search(words):
        flags.append("no_services_expected")
    return tuple(flags)


def proposed_profile(name: str, faiths: frozenset[str], denomination: str) -> str:
    """
    The profile proposed at import: what the name rules out first, then the denomination of Christians.

    Faith comes before denomination, because "orthodox" stands on Christian and on Jewish rows and means
    two things.

    Parameters
    ----------
    denomination
        The tag as it was read, several parted by `;`; it is not kept.

    Examples
    --------
    >>> proposed_profile("St Nicholas", frozenset({"christian"}), "greek_orthodox")
    'orthodox'
    >>> proposed_profile("Beth El", frozenset({"jewish"}), "orthodox")
    'default'
    """
    if name and "no_services_expected" in flags_of_name(name):
        return "none"
    return _profile_of_tag(denomination) if "christian" in faiths and denomination else "default"


@lru_cache(maxsize=1024)
def _profile_of_tag(denomination: str) -> str:
    parts = {part.strip().casefold() for part in denomination.split(";")}
    if "seventh_day_adventist" in parts:
        return "saturday"
    return "orthodox" if any(part.endswith("orthodox") for part in parts) else "default"
