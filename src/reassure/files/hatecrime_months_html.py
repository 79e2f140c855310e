"""A series of months as one page to read: which stood out, the table, and a drawing with the range that was expected.

Rules: the sentence of the month asked about stands first; no word on why; the drawing starts at zero, says what it
counts and from which files, and marks what stood out with a shape and a name, not with colour alone.
"""

from collections.abc import Sequence

from reassure.files.hatecrime_html import whole_page
from reassure.files.markup import Child, Markup, tag
from reassure.hatecrime.months import STANDS_OUT_FROM, MonthScore, month_sentence, month_words
from reassure.hatecrime.shares import rounded
from reassure.hatecrime.statements import LICENCE, PREVALENCE, RRA_NOTE

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 860, 330, 60, 300, 20
HEADINGS = (
    "Month",
    "Offences (number)",
    "Expected (number)",
    "Ratio to expected",
    "Score",
    "Range from (number)",
    "Range to (number)",
    "Stood out",
)


def months_html(scored: Sequence[MonthScore], files: Sequence[str]) -> bytes:
    """The page of a series, UTF-8; `files` are the names of the files that it was joined from."""
    title = f"Months that stood out, {month_words(scored[0].month)} to {month_words(scored[-1].month)}"
    stood_out = [score for score in scored if score.stood_out]
    n_scored = sum(score.score is not None for score in scored)
    parts: list[Child] = [tag("p", month_sentence(scored[-1].month, scored))]
    parts.append(tag("p", f"{len(stood_out)} of {n_scored} months with a score stood out."))
    parts.append(
        tag("ul", (tag("li", month_sentence(score.month, scored)) for score in stood_out)) if stood_out else None
    )
    parts += [tag("h2", "Table"), _table(scored), tag("h2", "Chart"), _figure(scored, files), tag("h2", "Notes")]
    notes = (
        "A month is measured against the months before it: the level of the last six, times the season of earlier "
        f"years, per day. It stood out where its score is {STANDS_OUT_FROM:.0f} or more. Nothing is said on why.",
        RRA_NOTE,
        PREVALENCE,
        LICENCE,
    )
    parts.append(tag("ul", (tag("li", note) for note in notes)))
    return whole_page(title, "Series", parts)


def _table(scored: Sequence[MonthScore]) -> Child:
    rows = [tag("tr", tag("th", month_words(s.month), scope="row"), _cells(s)) for s in scored]
    head = [tag("th", words, scope="col", class_="n" if i else None) for i, words in enumerate(HEADINGS)]
    caption = "Racially or religiously aggravated offences by month, beside what the months before let expect"
    inside = tag("table", tag("caption", caption), tag("thead", tag("tr", head)), tag("tbody", rows))
    return tag("div", inside, class_="scroll", tabindex="0", role="region", aria_label="Table")


def _cells(score: MonthScore) -> list[Child]:
    words = {True: "yes", False: "no", None: "n/a"}
    values = [
        f"{score.count:,}",
        _whole(score.expected),
        f"{score.ratio:.3f}" if score.ratio is not None else "n/a",
        f"{score.score:.2f}" if score.score is not None else "n/a",
        _whole(score.low),
        _whole(score.high),
        words[score.stood_out],
    ]
    return [tag("td", value, class_="n") for value in values]


def _whole(value: float | None) -> str:
    return "n/a" if value is None else f"{rounded(value):,}"


def _figure(scored: Sequence[MonthScore], files: Sequence[str]) -> Child:
    caption = (
        "Line: offences. Grey: the range in which 95 of 100 such months would lie. Triangles: stood out. From zero. "
        f"Base: every month of {', '.join(files)}, as those files have it. The table has the same numbers."
    )
    return tag("figure", _drawing(scored), tag("figcaption", caption))


def _drawing(scored: Sequence[MonthScore]) -> Markup:
    most = max(max(s.count, s.high or 0) for s in scored) or 1
    step = (WIDTH - LEFT - 20) / max(1, len(scored) - 1)

    def at(i: int, value: float) -> tuple[float, float]:
        return LEFT + i * step, BOTTOM - (BOTTOM - TOP) * max(0.0, value) / most

    named = [month_words(s.month) for s in scored if s.stood_out]
    described = f"Offences by month from zero to {rounded(most):,}. Stood out: {', '.join(named) or 'none'}."
    drawn: list[Child] = [tag("title", described)]
    ranged = [(i, s.low, s.high) for i, s in enumerate(scored) if s.low is not None and s.high is not None]
    band = [at(i, high) for i, _, high in ranged] + [at(i, low) for i, low, _ in reversed(ranged)]
    drawn.append(tag("polygon", points=_points(band), class_="range") if band else None)
    drawn.append(tag("polyline", points=_points([at(i, s.count) for i, s in enumerate(scored)]), class_="line"))
    for i, score in enumerate(scored):
        x, y = at(i, score.count)
        if score.stood_out:
            drawn.append(tag("polygon", points=_points([(x, y - 4), (x - 5, y - 13), (x + 5, y - 13)]), class_="bar"))
            drawn.append(tag("text", month_words(score.month), x=x - 8, y=y - 6, text_anchor="end"))
        if score.month.endswith("-04"):
            drawn.append(tag("text", month_words(score.month), x=x, y=BOTTOM + 18, text_anchor="middle"))
    drawn += [
        tag("line", x1=LEFT, y1=BOTTOM, x2=WIDTH - 20, y2=BOTTOM, class_="axis"),
        tag("line", x1=LEFT, y1=TOP, x2=LEFT, y2=BOTTOM, class_="axis"),
        tag("text", "0", x=LEFT - 6, y=BOTTOM, text_anchor="end"),
        tag("text", f"{rounded(most):,}", x=LEFT - 6, y=TOP + 5, text_anchor="end"),
    ]
    return tag("svg", drawn, viewBox=f"0 0 {WIDTH} {HEIGHT}", role="img")


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
