"""Two need models side by side: who gains, who loses."""

import pytest

from reassure.errors import InputError
from reassure.patrols.need import MODEL, NeedInputs, NeedModel
from reassure.patrols.need_models import compare_models
from reassure.patrols.points import TERMS
from reassure.places.place import Place

LESS_DECLARED = NeedModel("2", tuple(zip(TERMS, (30, 20, 10, 10, 20, 10), strict=True)))


def visit(ref: str, match: str) -> NeedInputs:
    return NeedInputs(ref, "", True, 75, declaration_match=match, gap_share=0.0)


def test_gains_and_losses_are_listed_by_community_and_area() -> None:
    """With 10 points from the declaration to recency, never visited mosques stay, others gain: worked out by hand."""
    places = {f"M{i}": Place(f"M{i}", faiths=frozenset({"muslim"}), area_code="E23000014") for i in range(5)}
    places |= {f"S{i}": Place(f"S{i}", faiths=frozenset({"sikh"}), area_code="E23000014") for i in range(6)}
    inputs = [visit(ref, "named" if ref.startswith("M") else "none") for ref in places]

    found = compare_models(MODEL, LESS_DECLARED, inputs, places=places)

    rows = [(c.by, c.group, c.n, c.n_gain, c.n_lose, c.mean_before, c.mean_after) for c in found]
    assert rows == [
        ("faith", "muslim", 5, 0, 0, 48, 48),  # 18 + 20 + 10; then 18 + 10 + 20
        ("faith", "sikh", 6, 6, 0, 28, 38),  # 18 + 10; then 18 + 20
        ("area", "E23000014", 11, 6, 0, (5 * 48 + 6 * 28) / 11, (5 * 48 + 6 * 38) / 11),
    ]


def test_a_place_without_a_faith_is_compared_as_unknown() -> None:
    """Places whose faith is not known make a community of their own, so that nobody is left out."""
    places = {f"U{i}": Place(f"U{i}") for i in range(5)}

    (found,) = compare_models(MODEL, LESS_DECLARED, [visit(ref, "none") for ref in places], places=places)

    assert (found.by, found.group, found.n) == ("faith", "unknown", 5)


def test_small_groups_are_left_out_and_the_greatest_loss_stands_first() -> None:
    """Four places make no row; of two groups the one that loses stands before the one that gains."""
    places = {f"M{i}": Place(f"M{i}", faiths=frozenset({"muslim"})) for i in range(5)}
    places |= {f"B{i}": Place(f"B{i}", faiths=frozenset({"buddhist"})) for i in range(5)}
    places |= {f"S{i}": Place(f"S{i}", faiths=frozenset({"sikh"})) for i in range(4)}
    inputs = [
        NeedInputs(
            ref,
            "",
            True,
            75,
            declaration_match="named" if ref[0] == "M" else "none",
            days_since_visit=0 if ref[0] == "M" else 28,
        )
        for ref in places
    ]

    found = compare_models(MODEL, LESS_DECLARED, inputs, places=places)

    assert [(c.group, c.mean_change) for c in found] == [("muslim", -10), ("buddhist", 10)]


def test_comparing_needs_every_place() -> None:
    """Inputs of a place that is not in the register are refused by name."""
    with pytest.raises(InputError, match="place_ref is P9"):
        compare_models(MODEL, MODEL, [visit("P9", "none")], places={})
