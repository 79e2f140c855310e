"""A table of hate crime as one page to read: the table, a drawing of it, and what they rest on.

Rules: one file, nothing is loaded, no scripts; the table stands above the chart that shows the same numbers; no chart
without base and vintage; bars start at zero and carry their number, so that nothing depends on colour.
"""

import base64
import hashlib
from collections.abc import Sequence

from reassure.disclosure import SHOWN
from reassure.files.markup import Child, Markup, tag
from reassure.hatecrime.headings import headings, is_by_force, worded_rows
from reassure.hatecrime.months import month_words
from reassure.hatecrime.release import Release
from reassure.hatecrime.shares import rounded
from reassure.hatecrime.statements import Statement, day_words
from reassure.hatecrime.tables import Table, Value

_STYLE = (
    ":root{color-scheme:light dark;--ink:#0b0c0c;--paper:#fff;--rule:#b1b4b6;--quiet:#505a5f;--bar:#1d70b8}"
    "@media(prefers-color-scheme:dark){:root{--ink:#f3f2f1;--paper:#15181a;--rule:#545b61;--quiet:#b8bdc1;--bar:#7db8ee}}"
    "*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);"
    'font:1rem/1.5 system-ui,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}'
    "main,header{max-width:70rem;margin:0 auto;padding:0 1rem}h1{font-size:1.9rem;line-height:1.15;"
    "margin:1.5rem 0 .5rem}"
    "h2{font-size:1.4rem;margin:2.5rem 0 .8rem}p,li{max-width:44rem}.tag{display:inline-block;background:var(--ink);"
    "color:var(--paper);font-weight:700;padding:0 .6rem}.scroll{overflow-x:auto}"
    ".scroll:focus-visible,a:focus-visible{outline:3px solid #fd0;outline-offset:2px}"
    "table{border-collapse:collapse;width:100%}caption{text-align:left;font-weight:700;padding:.3rem 0}"
    "th,td{text-align:left;vertical-align:bottom;padding:.4rem .9rem .4rem 0;border-bottom:1px solid var(--rule)}"
    "thead th{border-bottom:2px solid var(--ink)}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}"
    "tbody th{font-weight:600}tr.total th,tr.total td{font-weight:700;border-top:2px solid var(--ink)}"
    "figure{margin:1rem 0}figcaption{color:var(--quiet);max-width:44rem}svg{display:block;width:100%;height:auto;"
    "max-width:52rem}svg text{fill:var(--ink);font-family:inherit;font-size:14px}.bar{fill:var(--bar)}"
    ".range{fill:var(--rule);opacity:.6}.line{fill:none;stroke:var(--bar);stroke-width:2}"
    ".axis{stroke:var(--ink);stroke-width:1.5}.skip{position:absolute;left:-999em}.skip:focus{position:static}"
    "@media print{.scroll{overflow:visible}}"
)
LABEL_WIDTH, BAR_WIDTH, BAR_STEP, BAR_HEIGHT = 200, 430, 30, 20


def page_html(released: Release, stated: Statement) -> bytes:
    """The page of one table, UTF-8."""
    table = released.table
    return whole_page(
        stated.title,
        stated.label.capitalize(),
        [
            _grounds(stated),
            tag("h2", "Table"),
            _table(table, stated),
            _hidden_words(released),
            _chart(table, stated),
            _quotes(stated),
            tag("h2", "Notes"),
            tag("ul", (tag("li", note) for note in stated.notes)),
        ],
    )


def whole_page(title: str, label: str, parts: Child) -> bytes:
    """A page with its policy, one heading, a label and its parts; nothing is loaded."""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_policy()),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", f"{title} ({label.lower()})"),
        tag("style", Markup(_STYLE)),
    )
    body = tag(
        "body",
        tag("a", "Skip to the table", href="#main", class_="skip"),
        tag("header", tag("h1", title), tag("p", tag("span", label, class_="tag"))),
        tag("main", parts, id="main"),
    )
    return ("<!doctype html>\n" + tag("html", head, body, lang="en-GB") + "\n").encode("utf-8")


def _policy() -> str:
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode("utf-8")).digest()).decode("ascii")
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _grounds(stated: Statement) -> Child:
    known = f" Second base: {stated.known:,} {stated.known_words}." if stated.known is not None else ""
    return [
        tag("p", f"As known on {day_words(stated.day)}. Coverage: {stated.coverage}."),
        tag("p", f"Base: {stated.base:,} {stated.base_words}.{known}"),
    ]


def _table(table: Table, stated: Statement) -> Child:
    words = headings(table)
    n_named = 2 if is_by_force(table) else 1
    rows = []
    for row, own in zip(worded_rows(table), table.rows, strict=True):
        cells: list[Child] = [tag("th", str(row[0]), scope="row")]
        cells += [tag("td", str(value)) for value in row[1:n_named]]
        cells += [tag("td", _shown(value), class_="n") for value in row[n_named:]]
        rows.append(tag("tr", cells, class_="total" if str(own[0]).startswith("total_") else None))
    head = [tag("th", text, scope="col", class_="n" if i >= n_named else None) for i, text in enumerate(words)]
    caption = f"{stated.title}; as known on {day_words(stated.day)}; {stated.label}"
    return tag(
        "div",
        tag("table", tag("caption", caption), tag("thead", tag("tr", head)), tag("tbody", rows)),
        class_="scroll",
        tabindex="0",
        role="region",
        aria_label="Table",
    )


def _shown(value: Value) -> str:
    """A number rounded once, as it stands on paper; n/a where it does not apply."""
    if value is None:
        return "n/a"
    return value if isinstance(value, str) else f"{rounded(value):,}"


def _hidden_words(released: Release) -> Child:
    if not released.n_hidden:
        return None
    return tag(
        "p",
        f"{SHOWN}: {released.n_hidden} of {released.n_cells} counts are not shown, so that nobody can be made out "
        "from them. Zero is a count of none.",
    )


def _chart(table: Table, stated: Statement) -> Child:
    """Bars of the table's shares or counts; tables by force have none."""
    if is_by_force(table):
        return None
    column = table.header.index("percent_of_offences") if table.by == "religion" else 1
    rows = [row for row in table.rows if not str(row[0]).startswith("total_")]
    if table.by == "month":
        bars = [(month_words(str(row[0])), row[column]) for row in rows]
    else:
        own = [row for row in worded_rows(table) if row[0] is not None][: len(rows)]
        bars = [(str(row[0]), row[column]) for row in own]
    numbers = [(words, float(value)) for words, value in bars if isinstance(value, int | float)]
    if not numbers or max(n for _, n in numbers) <= 0:
        return None
    unit = " %" if table.by == "religion" else ""
    described = "; ".join(f"{words} {rounded(n):,}{unit}" for words, n in numbers)
    caption = (
        f"{'Share of offences in per cent' if unit else 'Number of offences'}, from zero. Base: {stated.base:,} "
        f"{stated.base_words}; as known on {day_words(stated.day)}; {stated.label}. The table has the same numbers."
    )
    return [
        tag("h2", "Chart"),
        tag("figure", _bars(numbers, unit, f"{stated.title}. {described}."), tag("figcaption", caption)),
    ]


def _bars(numbers: Sequence[tuple[str, float]], unit: str, described: str) -> Markup:
    longest = max(n for _, n in numbers)
    height = BAR_STEP * len(numbers) + 10
    drawn: list[Child] = [tag("title", described)]
    for i, (words, n) in enumerate(numbers):
        top, width = BAR_STEP * i + 5, BAR_WIDTH * n / longest
        drawn += [
            tag("text", words, x=LABEL_WIDTH - 8, y=top + 15, text_anchor="end"),
            tag("rect", x=LABEL_WIDTH, y=top, width=width, height=BAR_HEIGHT, class_="bar"),
            tag("text", f"{rounded(n):,}{unit}", x=LABEL_WIDTH + width + 6, y=top + 15),
        ]
    drawn.append(tag("line", x1=LABEL_WIDTH, y1=0, x2=LABEL_WIDTH, y2=height, class_="axis"))
    return tag("svg", drawn, viewBox=f"0 0 {LABEL_WIDTH + BAR_WIDTH + 80} {height}", role="img")


def _quotes(stated: Statement) -> Child:
    if not stated.sentences:
        return None
    return [tag("h2", "To be quoted"), tag("ul", (tag("li", sentence) for sentence in stated.sentences))]
