"""The faiths a place of worship can list: codes, order, words and how OpenStreetMap names them.

Rules: the eight codes and their one order; what a `religion` tag means. Sub-groups (denomination,
school, ethnicity) are not kept anywhere. Source: docs/sources.md#home-office-perceived-religion.
"""

from dataclasses import dataclass

from reassure.errors import InputError, Problem


@dataclass(frozen=True, slots=True)
class Faith:
    """One faith: its code, the Home Office's category and the words for it and its places."""

    code: str
    category: str
    venue: str
    venues: str


FAITHS: tuple[Faith, ...] = (
    Faith("buddhist", "Buddhist", "temple", "temples"),
    Faith("christian", "Christian", "church or chapel", "churches and chapels"),
    Faith("hindu", "Hindu", "mandir", "mandirs"),
    Faith("jewish", "Jewish", "synagogue", "synagogues"),
    Faith("muslim", "Muslim", "mosque", "mosques"),
    Faith("sikh", "Sikh", "gurdwara", "gurdwaras"),
    Faith("other", "Other", "place of worship", "places of worship of other faiths"),
    Faith("unknown", "Unknown", "place of worship", "places of worship whose faith is unknown"),
)
"""In the one order used everywhere: alphabetical, then other, then unknown."""

CODES: tuple[str, ...] = tuple(f.code for f in FAITHS)
_BY_CODE = {f.code: f for f in FAITHS}


def faith(code: str) -> Faith:
    """The faith of a code; `InputError` when there is none."""
    try:
        return _BY_CODE[code]
    except KeyError:
        raise InputError([Problem("faith", code, "one of " + ", ".join(CODES))]) from None


def faiths_of_tag(religion: str) -> frozenset[str]:
    """
    The faith codes that an OpenStreetMap `religion` tag stands for.

    Returns
    -------
    frozenset[str]
        Empty for no tag, `multifaith` or `unknown`: the faith of the place is then not known.
        A value of none of the six named faiths is `other`. Lists (`a;b`) give every code.

    Examples
    --------
    >>> sorted(faiths_of_tag("Muslim")), sorted(faiths_of_tag("jain")), sorted(faiths_of_tag(""))
    (['muslim'], ['other'], [])
    """
    names = {part.strip().casefold() for part in religion.split(";")} - {"", "multifaith", "unknown"}
    named = set(CODES) - {"other", "unknown"}
    return frozenset(name if name in named else "other" for name in names)


def in_order(codes: frozenset[str]) -> tuple[str, ...]:
    """Faith codes in the one order; empty stays empty."""
    return tuple(code for code in CODES if code in codes)
