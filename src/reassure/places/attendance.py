"""How many people gather, as bands that trustees give, and the planning figure of each band.

Rules: the nine bands, their figures, and what is assumed where nobody gave a band. Edges at 200 and 800 follow the
Terrorism (Protection of Premises) Act 2025; the figures are our choice. Never by faith or denomination: the figure
of a place must not depend on its label. Never a count of people. Source: docs/sources.md#premises-act-2025.
"""

from collections.abc import Iterable, Sequence

from reassure.errors import InputError, Problem

BANDS: dict[str, int] = {
    "1-19": 10,
    "20-49": 35,
    "50-99": 75,
    "100-199": 150,
    "200-399": 300,
    "400-799": 600,
    "800-999": 900,
    "1000-1499": 1_250,
    "1500+": 1_500,
}
"""People to plan with, by band, from the smallest."""

FIGURE_WITHOUT_BANDS = 75
"""People to plan with where nobody in the nation gave a band."""

MIN_GIVEN = 5
"""Bands that a force area has to have before its own median counts."""


def n_expected_of(band: str) -> int:
    """
    The planning figure of a band; thousands may be parted by a comma and the ends by a dash.

    Examples
    --------
    >>> n_expected_of("100-199"), n_expected_of("1,000–1,499")
    (150, 1250)
    """
    try:
        return BANDS[band.replace(",", "").replace("–", "-").strip()]
    except KeyError:
        raise InputError([Problem("band", band, "one of " + ", ".join(BANDS))]) from None


def lower_median(figures: Sequence[int]) -> int:
    """
    The middle figure, the lower of two; `InputError` when there is none.

    Examples
    --------
    >>> lower_median([600, 35, 75, 150])
    75
    """
    if not figures:
        raise InputError([Problem("figures", "", "at least one figure")])
    return sorted(figures)[(len(figures) - 1) // 2]


def estimates(given: Iterable[tuple[str, int]]) -> dict[str, int]:
    """
    What to plan with at a place without a band, by police area; the key "" holds for every other area.

    Parameters
    ----------
    given
        (police area code, planning figure), one for each place and kind of occasion that has a band. An empty code
        counts for the nation only.
    """
    by_area: dict[str, list[int]] = {}
    nation: list[int] = []
    for area_code, figure in given:
        nation.append(figure)
        by_area.setdefault(area_code, []).append(figure)
    found = {code: lower_median(f) for code, f in sorted(by_area.items()) if code and len(f) >= MIN_GIVEN}
    return {"": lower_median(nation) if nation else FIGURE_WITHOUT_BANDS, **found}
