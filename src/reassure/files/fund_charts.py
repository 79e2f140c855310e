"""Charts of an allocation as SVG: no script, no network, readable at 280 pixels and by a screen reader.

Rules: every chart has a title and a description in words, and stands beside the table of its numbers. Colours differ
in lightness as well, and funded bars carry a pattern of their own. Elsewhere: the page (`fund_report`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH = 640
ROW = 34


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a bar chart: a whole, the part of it that is filled, an optional mark, and the words at its end."""

    label: str
    whole: float
    part: float
    words: str
    mark: float | None = None


def bars(title: str, description: str, rows: Sequence[Bar], *, ident: str) -> str:
    """Horizontal bars: the whole pale, the part of it dark, a line where the mark is."""
    top = max((max(r.whole, r.mark or 0) for r in rows), default=0) or 1
    span = WIDTH - 8
    height = len(rows) * (ROW + 14) + 8
    out = [_open(title, description, height, ident)]
    for n, r in enumerate(rows):
        y = 4 + n * (ROW + 14)
        out.append(f'<text x="4" y="{y + 13}">{escape(r.label)}</text>')
        out.append(f'<text x="{WIDTH - 4}" y="{y + 13}" text-anchor="end">{escape(r.words)}</text>')
        out.append(f'<rect class="whole" x="4" y="{y + 20}" width="{r.whole / top * span:.1f}" height="16" rx="2"/>')
        out.append(f'<rect class="part" x="4" y="{y + 20}" width="{r.part / top * span:.1f}" height="16" rx="2"/>')
        if r.mark is not None:
            x = 4 + r.mark / top * span
            out.append(f'<line class="mark" x1="{x:.1f}" x2="{x:.1f}" y1="{y + 16}" y2="{y + 40}"/>')
    return "".join(out) + "</svg>"


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of a scatter chart; `kind` is "in", "out" or "close"."""

    x: float
    y: float
    kind: str


def scatter(
    title: str,
    description: str,
    dots: Sequence[Dot],
    *,
    ident: str,
    x_words: str,
    y_words: str,
    x_line: float | None = None,
) -> str:
    """Dots on two axes from 0: discs are funded, rings are not, diamonds are close calls."""
    height, left, bottom = 360, 62, 46
    most_x, most_y = _round_up(max((d.x for d in dots), default=1)), _round_up(max((d.y for d in dots), default=1))
    out = [_open(title, description, height, ident)]

    def place(x: float, y: float) -> tuple[float, float]:
        return left + x / most_x * (WIDTH - left - 14), height - bottom - y / most_y * (height - bottom - 14)

    for part in (0, 0.25, 0.5, 0.75, 1):
        x, y = place(most_x * part, most_y * part)
        out.append(f'<line class="grid" x1="{left}" x2="{WIDTH - 14}" y1="{y:.1f}" y2="{y:.1f}"/>')
        out.append(f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{_short(most_y * part)}</text>')
        out.append(f'<text x="{x:.1f}" y="{height - bottom + 18}" text-anchor="middle">{_short(most_x * part)}</text>')
    if x_line is not None and x_line <= most_x:
        x, _ = place(x_line, 0)
        out.append(f'<line class="mark" x1="{x:.1f}" x2="{x:.1f}" y1="14" y2="{height - bottom}"/>')
    for d in sorted(dots, key=lambda d: (d.kind != "out", d.x, d.y)):
        x, y = place(d.x, d.y)
        if d.kind == "close":
            out.append(f'<path class="close" d="M{x:.1f} {y - 7:.1f}l7 7l-7 7l-7-7z"/>')
        else:
            out.append(f'<circle class="{d.kind}" cx="{x:.1f}" cy="{y:.1f}" r="5"/>')
    out.append(f'<text x="{(left + WIDTH) / 2:.0f}" y="{height - 8}" text-anchor="middle">{escape(x_words)}</text>')
    out.append(
        f'<text transform="rotate(-90)" x="{-height / 2:.0f}" y="14" text-anchor="middle">{escape(y_words)}</text>'
    )
    return "".join(out) + "</svg>"


def _open(title: str, description: str, height: int, ident: str) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="{ident}-t {ident}-d" '
        f'xmlns="http://www.w3.org/2000/svg"><title id="{ident}-t">{escape(title)}</title>'
        f'<desc id="{ident}-d">{escape(description)}</desc>'
    )


def _round_up(value: float) -> float:
    """The next 1, 2, 4 or 8 times a power of ten, so that quarters of an axis are round."""
    step = 1.0
    while step * 8 < value:
        step *= 10
    return next(step * n for n in (1, 2, 4, 8) if step * n >= value)


def _short(value: float) -> str:
    if value >= 10_000:
        return f"{value / 1000:,.0f}k"
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.1f}"
