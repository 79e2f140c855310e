"""The hours of one day as a picture: a column for each hour in which people are present at occasions.

Rules: heights are counts, told in words for those who do not see them; the same numbers stand in a table beside it.
Elsewhere: how many are present in each hour (`occasions_html.present_by_hour`).
"""

from collections.abc import Sequence
from datetime import date

from reassure.files.markup import Child, Markup, tag

WIDTH_PX, HEIGHT_PX, FOOT_PX, HEAD_PX = 760, 220, 24, 20
COLUMN = "#1d70b8"
WORDS = "#383f43"


def hours_chart(counts: Sequence[int], on: date) -> Markup:
    """
    A picture of 24 counts, one an hour from midnight.

    Examples
    --------
    >>> hours_chart([0] * 13 + [7] + [0] * 10, date(2026, 11, 27)).count("<rect")
    1
    """
    most = max(counts, default=0) or 1
    step = WIDTH_PX / len(counts)
    drawn: list[Child] = []
    for hour, n in enumerate(counts):
        tall = (HEIGHT_PX - FOOT_PX - HEAD_PX) * n / most
        middle, top = (hour + 0.5) * step, HEIGHT_PX - FOOT_PX - tall
        if n:
            bar = tag("rect", x=hour * step + 2, y=top, width=step - 4, height=tall, fill=COLUMN)
            drawn += [bar, _words(f"{n:,}", middle, top - 5)]
        if hour % 3 == 0:
            drawn.append(_words(f"{hour:02d}:00", middle, HEIGHT_PX - 6))
    busiest = max(range(len(counts)), key=lambda hour: counts[hour])
    told = f"Most at {busiest:02d}:00: {counts[busiest]:,}." if any(counts) else "Nobody gathers."
    line = tag("line", x1=0, y1=HEIGHT_PX - FOOT_PX, x2=WIDTH_PX, y2=HEIGHT_PX - FOOT_PX, stroke=WORDS)
    return tag(
        "svg",
        tag("title", f"Occasions with people present by hour, {on:%A} {on.day} {on:%B %Y}"),
        tag("desc", told),
        drawn,
        line,
        viewBox=f"0 0 {WIDTH_PX} {HEIGHT_PX}",
        width=WIDTH_PX,
        height=HEIGHT_PX,
        role="img",
    )


def _words(text: str, x: float, y: float) -> Markup:
    return tag("text", text, x=x, y=y, font_size=13, font_family="arial, sans-serif", fill=WORDS, text_anchor="middle")
