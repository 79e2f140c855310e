"""The picture of a day's hours says the same as the numbers."""

import re
from datetime import date

from reassure.files.hours_chart import hours_chart

ON = date(2026, 11, 27)


def test_columns_are_as_tall_as_their_counts():
    """Half the count is half the height; an hour without anybody has no column."""
    drawn = hours_chart([0] * 12 + [10, 5] + [0] * 10, ON)

    heights = [float(h) for h in re.findall(r'<rect[^>]*?height="([0-9.]+)"', drawn)]
    assert heights == [176.0, 88.0]  # 220 less 24 and 20 for the words, and half of that
    assert "Most at 12:00: 10." in drawn
    assert "style=" not in drawn


def test_an_empty_day_is_said_in_words():
    """Nothing is drawn, and the description says so."""
    drawn = hours_chart([0] * 24, ON)

    assert "<rect" not in drawn
    assert "Nobody gathers." in drawn
