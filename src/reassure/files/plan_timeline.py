"""The day of a plan as SVG charts: what each unit does when, and how many gather in each hour.

Rules: time runs along instants and is labelled with London's wall clock, so that a day on which the clocks change
has its true length. Travel, waiting, visits and breaks differ in shape, not only in colour.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from reassure.files.markup import Markup, number, tag
from reassure.files.plan_map import N_COLOURS
from reassure.patrols.briefing import Card, Index, Visit, hour_starts, instant
from reassure.patrols.order import occasions_by_hour

WIDTH = 1000
LABELS = 170
RIGHT = 26
ROW = 30
TOP = 26
MOST_TICKS = 16
LABEL_CHARACTERS = 23


@dataclass(frozen=True, slots=True)
class Axis:
    """Instants along the width of a chart."""

    starts_at: datetime
    ends_at: datetime

    def x(self, at: datetime) -> float:
        """Pixels from the left."""
        share = (at - self.starts_at) / max(self.ends_at - self.starts_at, timedelta(seconds=1))
        return round(LABELS + share * (WIDTH - LABELS - RIGHT), 1)


def timeline(index: Index, cards: Sequence[Card]) -> Markup:
    """One row a unit: shift, journeys, waiting, visits by number, breaks."""
    axis = _axis(index)
    height = TOP + ROW * len(cards) + 8
    rows = [_row(card, n, axis) for n, card in enumerate(cards)]
    desc = "Each row is a unit. The same times stand in the tables 'Visits by unit'."
    drawn = [*_ticks(index, axis, height), *rows]
    return _svg(height, "Timeline of units", desc, drawn)


def hours_chart(index: Index) -> Markup:
    """Two bars an hour: occasions with people there, and visits that start."""
    rows = occasions_by_hour(index)
    most = max([1, *(n for row in rows for n in row[1:])])
    step, height, floor = (WIDTH - 40) / max(len(rows), 1), 220, 190
    drawn = []
    for k, (hour, occasions, visits) in enumerate(rows):
        x = 20 + k * step
        for shift, n, kind in ((0.1, occasions, "people"), (0.5, visits, "calls")):
            tall = n / most * (floor - 24)
            left = x + shift * step
            drawn.append(
                tag(
                    "rect",
                    x=number(left),
                    y=number(floor - tall),
                    width=number(step * 0.38),
                    height=number(tall),
                    class_=kind,
                )
            )
            middle = left + step * 0.19
            drawn.append(_text(str(n), middle, floor - tall - 4, size=12) if n else Markup(""))
        drawn.append(_text(hour, x + step / 2, floor + 18, size=12))
    drawn.append(tag("path", d=f"M20,{floor}h{WIDTH - 40}", class_="axis"))
    return _svg(height, "Occasions and visits by hour", "The table that follows holds the same numbers.", drawn)


def _svg(height: float, title: str, desc: str, drawn: Iterable[Markup]) -> Markup:
    return tag(
        "svg",
        tag("title", title),
        tag("desc", desc),
        drawn,
        viewBox=f"0 0 {WIDTH} {number(height)}",
        role="img",
        class_="chart",
    )


def _axis(index: Index) -> Axis:
    window = index.document["window"]
    return Axis(instant(window["starts_at"]), instant(window["ends_at"]))


def _ticks(index: Index, axis: Axis, height: float) -> Iterable[Markup]:
    hours = hour_starts(axis.starts_at, axis.ends_at + timedelta(seconds=1))
    every = -(-len(hours) // MOST_TICKS)
    for at in hours[::every]:
        if at >= axis.starts_at:
            x = axis.x(at)
            yield tag("path", d=f"M{x},{TOP - 6}V{number(height)}", class_="gridline")
            yield _text(index.clock.time(at), x, TOP - 10, size=12)


def _row(card: Card, n: int, axis: Axis) -> Markup:
    y = TOP + n * ROW
    middle = y + ROW / 2
    x, end = axis.x(card.starts_at), axis.x(card.ends_at)
    name = f"{n + 1}. {card.callsign}"
    short = name if len(name) <= LABEL_CHARACTERS else name[: LABEL_CHARACTERS - 1] + "…"
    drawn = [
        tag("text", tag("title", name), short, x=4, y=middle + 4, font_size=13),
        tag("rect", x=x, y=y + 4.0, width=number(max(end - x, 1)), height=ROW - 8, class_="shift"),
    ]
    free_at = card.leaves_at
    for step in card.steps:
        if isinstance(step, Visit):
            arrives = step.arrives_at
            sets_off = max(free_at, arrives - timedelta(seconds=step.travel_s))
            drawn.append(_line(axis, sets_off, arrives, middle, "travel"))
            if step.starts_at > arrives:
                drawn.append(_line(axis, arrives, step.starts_at, middle, "wait"))
            drawn.append(
                _block(axis, step.starts_at, step.ends_at, y, f"stop f{n % N_COLOURS}", str(step.number), "num")
            )
        else:
            drawn.append(_block(axis, step.starts_at, step.ends_at, y, "rest", "B", ""))
        free_at = step.ends_at
    if card.visits:
        drawn.append(_line(axis, card.back_at - timedelta(seconds=card.back_travel_s), card.back_at, middle, "travel"))
    return tag("g", drawn)


def _line(axis: Axis, a: datetime, b: datetime, y: float, kind: str) -> Markup:
    return tag("path", d=f"M{number(axis.x(a))},{number(y)}H{number(axis.x(b))}", class_=kind)


def _block(axis: Axis, a: datetime, b: datetime, y: float, kind: str, label: str, label_kind: str) -> Markup:
    x, width = axis.x(a), max(axis.x(b) - axis.x(a), 3)
    rect = tag("rect", x=x, y=y + 6, width=number(width), height=ROW - 12, class_=kind)
    shown = tag(
        "text",
        label,
        x=number(x + width / 2),
        y=number(y + ROW / 2 + 4),
        font_size=11,
        text_anchor="middle",
        class_=label_kind or None,
    )
    return Markup(rect + (shown if width >= 7 * len(label) else ""))


def _text(text: str, x: float, y: float, *, size: int) -> Markup:
    return tag("text", text, x=number(x), y=number(y), font_size=size, text_anchor="middle")
