"""A note is looked through for what nobody should keep."""

import pytest

from reassure.engagement.notes import note_problems


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ring 07700 900123", "telephone"),  # the four of engagement.md 10
        ("AB12 CDE outside", "plate"),
        ("Mr Khan waits", "name"),
        ("north gate stuck", None),
        ("call +44 7700 900123 first", "telephone"),
        ("write to office@mosque.example", "e-mail"),
        ("Rabbi Levy was there", "name"),
        ("AB12CDE", "plate"),
        ("back at 14:30, 12 people at 3 doors", None),
        ("plan 2026-11-27, 120 = 107 + 13", None),
        ("miss 3 of them", None),  # a word, not a title
    ],
)
def test_a_note_that_names_somebody_is_seen(text, kind) -> None:
    """Numbers, addresses, plates and names are asked about; the rest passes."""
    problems = note_problems(text)

    assert [kind in p.text for p in problems] == ([True] if kind else [])


def test_each_kind_is_named_once() -> None:
    """Two numbers are one question, two kinds are two."""
    assert len(note_problems("07700 900123 or 07700 900456")) == 1
    assert len(note_problems("Mr Khan, AB12 CDE")) == 2
