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
RIGHT = 46
"""Room for half of the last label, such as "Sun 00:00 GMT"."""

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
    lines: dict[str, list[str]] = {"travel": [], "wait": []}
    visits, rests = [], []
    free_at = card.leaves_at
    for step in card.steps:
        if isinstance(step, Visit):
            sets_off = max(free_at, step.arrives_at - timedelta(seconds=step.travel_s))
            lines["travel"].append(_line(axis, sets_off, step.arrives_at, middle))
            if step.starts_at > step.arrives_at:
                lines["wait"].append(_line(axis, step.arrives_at, step.starts_at, middle))
            visits.append(_Block(axis, step.starts_at, step.ends_at, str(step.number)))
        else:
            rests.append(_Block(axis, step.starts_at, step.ends_at, "B"))
        free_at = step.ends_at
    if card.visits:
        lines["travel"].append(_line(axis, card.back_at - timedelta(seconds=card.back_travel_s), card.back_at, middle))
    drawn += [tag("path", d="".join(parts), class_=kind) for kind, parts in lines.items() if parts]
    drawn += _blocks(visits, y, f"stop f{n % N_COLOURS}", "num") + _blocks(rests, y, "rest", "")
    return tag("g", drawn)


def _line(axis: Axis, a: datetime, b: datetime, y: float) -> str:
    return f"M{number(axis.x(a))},{number(y)}H{number(axis.x(b))}"


class _Block:
    """A visit or a break: from where to where, and what stands in it where it has room."""

    def __init__(self, axis: Axis, starts_at: datetime, ends_at: datetime, label: str) -> None:
        self.x = axis.x(starts_at)
        self.width = max(axis.x(ends_at) - self.x, 3)
        self.label = label if self.width >= 7 * len(label) else ""


def _blocks(blocks: Sequence[_Block], y: float, kind: str, label_kind: str) -> list[Markup]:
    """All blocks of a row as one path, and their labels as one text, since a page may hold hundreds."""
    if not blocks:
        return []
    high = ROW - 12
    outline = "".join(f"M{number(b.x)},{number(y + 6)}h{number(b.width)}v{high}h{number(-b.width)}z" for b in blocks)
    spans = (tag("tspan", b.label, x=number(b.x + b.width / 2)) for b in blocks if b.label)
    text = tag("text", spans, y=number(y + ROW / 2 + 4), font_size=11, text_anchor="middle", class_=label_kind or None)
    return [tag("path", d=outline, class_=kind), text]


def _text(text: str, x: float, y: float, *, size: int) -> Markup:
    return tag("text", text, x=number(x), y=number(y), font_size=size, text_anchor="middle")
