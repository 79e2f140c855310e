"""Occasions as one page with pictures: the hours of the week, the days of the year, and the hours of one day.

Rules: what is counted (occasions at which people are present), how deep a colour is, and how a date that is not
settled is marked. No scripts, no network; every number stands in a table too, so that no colour is needed to read it.
Attendance bands are never shown. Every text goes through `files.markup`.
"""

import base64
import hashlib
from calendar import Calendar
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from importlib import resources
from math import ceil, log1p

from reassure.files.markup import Child, Markup, tag
from reassure.occasions.keys import KEYS
from reassure.occasions.values import FestivalDay, Occasion
from reassure.periods import london_wall
from reassure.places.place import Place

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DEPTHS = 5
"""Depths of colour; 0 is none."""
HOUR = timedelta(hours=1)
MAX_LISTED = 400
Hours = Mapping[tuple[date, int], Counter[str]]


def occasions_html(
    occasions: Sequence[Occasion],
    places: Mapping[str, Place],
    *,
    first: date,
    last: date,
    festivals: Sequence[FestivalDay] = (),
    attributions: Sequence[str] = (),
) -> str:
    """
    A page about the dates from `first` to `last`: for one date its hours, else the week's hours and a calendar.

    Parameters
    ----------
    occasions
        In any order; cancelled ones are counted and drawn nowhere.
    festivals
        Days to name in the calendar.
    """
    held = [o for o in occasions if o.status != "cancelled"]
    hours = present_by_hour(held)
    title = _title(first, last)
    style = Markup(resources.files("reassure.files").joinpath("occasions.css").read_text("utf-8"))
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="robots", content="noindex"),
        tag("title", title),
        tag("style", style),
    )
    parts: list[Child] = [_kinds(held)]
    if first == last:
        parts.append(_day(hours, first))
    else:
        parts += [_week(hours, first, last), _year(held, first, last, festivals)]
    parts.append(_open_dates(held, festivals))
    n_places = len({o.place_ref for o in held})
    said = (
        f"{len(held):,} occasions at {n_places:,} of {len(places):,} places, "
        f"{len(occasions) - len(held):,} cancelled. This register is incomplete."
    )
    body = tag(
        "body",
        tag("a", "Skip to the pictures", href="#main", class_="skip"),
        tag("header", tag("h1", title), tag("p", said)),
        tag("main", parts, id="main"),
        tag("footer", tag("h2", "Attribution"), (tag("p", words, class_="quiet") for words in attributions)),
    )
    return "<!doctype html>\n" + tag("html", head, body, lang="en-GB") + "\n"


def present_by_hour(occasions: Iterable[Occasion]) -> Hours:
    """How many occasions of each kind have people present in each hour of London's clock, by (date, hour)."""
    found: dict[tuple[date, int], Counter[str]] = {}
    for occasion in occasions:
        at = occasion.arrive_from.replace(minute=0, second=0, microsecond=0)
        while at < occasion.gone_by:
            wall = london_wall(at)
            found.setdefault((wall.date(), wall.hour), Counter())[occasion.key] += 1
            at += HOUR
    return found


def depth(value: float, most: float) -> int:
    """
    How deep a colour is: 0 for nothing, else 1 to 5 in equal steps of the logarithm, since Sundays dwarf other days.

    Examples
    --------
    >>> [depth(value, 1152) for value in (0, 0.1, 4, 21, 137, 1152)]
    [0, 1, 2, 3, 4, 5]
    """
    return 0 if value <= 0 or most <= 0 else min(DEPTHS, ceil(log1p(value) / log1p(most) * DEPTHS))


def _title(first: date, last: date) -> str:
    words = f"{first.day} {first:%B %Y}"
    return f"Who gathers, {first:%A} {words}" if first == last else f"Who gathers, {words} to {last.day} {last:%B %Y}"


def _kinds(held: Sequence[Occasion]) -> Markup:
    counts = Counter(o.key for o in held)
    rows = (tag("tr", tag("td", KEYS[key].words), tag("td", n, class_="n")) for key, n in counts.most_common())
    head = tag("thead", tag("tr", tag("th", "Kind", scope="col"), tag("th", "Occasions", scope="col", class_="n")))
    return tag("section", tag("h2", "By kind"), tag("table", head, tag("tbody", rows)))


def _week(hours: Hours, first: date, last: date) -> Markup:
    """Rows are hours, columns weekdays; a cell is the mean number of occasions with people present."""
    n_days = Counter((first + timedelta(days=n)).weekday() for n in range((last - first).days + 1))
    sums: Counter[tuple[int, int]] = Counter()
    for (on, hour), kinds in hours.items():
        if first <= on <= last:
            sums[(hour, on.weekday())] += kinds.total()
    means = {cell: total / n_days[cell[1]] for cell, total in sums.items()}
    most = max(means.values(), default=0)
    seen = sorted({hour for hour, _ in means}) or [0]
    rows = (
        tag(
            "tr",
            tag("th", f"{hour:02d}:00", scope="row"),
            (_heat_cell(means.get((hour, day), 0), most) for day in range(7)),
        )
        for hour in range(seen[0], seen[-1] + 1)
    )
    head = tag("thead", tag("tr", tag("th", "Hour", scope="col"), (tag("th", day, scope="col") for day in WEEKDAYS)))
    words = "Occasions with people present, the mean of all such weekdays; each deeper colour is several times more."
    return tag(
        "section",
        tag("h2", "The hours of the week"),
        tag("p", words),
        tag("table", head, tag("tbody", rows), class_="heat"),
    )


def _heat_cell(mean: float, most: float) -> Markup:
    text = "" if mean == 0 else f"{mean:,.0f}" if mean >= 9.95 else f"{mean:.1f}"
    return tag("td", text, class_=f"h{depth(mean, most)}")


def _year(held: Sequence[Occasion], first: date, last: date, festivals: Sequence[FestivalDay]) -> Markup:
    counts = Counter(o.on for o in held)
    most = max(counts.values(), default=0)
    open_dates = {o.on for o in held if o.date_share < 1} | {d.on for d in festivals if d.share < 1}
    sure = {d.on: d.name for d in festivals if d.share == 1}
    months = sorted({(on.year, on.month) for on in _dates(first, last)})
    key = tag(
        "ul",
        tag("li", tag("span", class_="open"), "date not settled"),
        tag("li", tag("span", class_="h1"), "few occasions"),
        tag("li", tag("span", class_="h5"), f"most: {most:,} on one day"),
        tag("li", tag("u", tag("b", "12")), " a festival, listed below"),
        class_="key",
    )
    grids = (_month(year, month, counts, most, open_dates, sure, first, last) for year, month in months)
    return tag("section", tag("h2", "The days"), key, tag("div", grids, class_="months"))


def _month(
    year: int,
    month: int,
    counts: Mapping[date, int],
    most: int,
    open_dates: set[date],
    sure: Mapping[date, str],
    first: date,
    last: date,
) -> Markup:
    def cell(on: date) -> Markup:
        if on.month != month or not first <= on <= last:
            return tag("td")
        marks = [f"h{depth(counts.get(on, 0), most)}"]
        marks += ["open"] if on in open_dates else ["sure"] if on in sure else []
        words = f"{on.day} {on:%B}: {counts.get(on, 0):,} occasions"
        words += ", date not settled" if on in open_dates else f", {sure[on]}" if on in sure else ""
        return tag("td", str(on.day), class_=" ".join(marks), title=words)

    weeks = Calendar().monthdatescalendar(year, month)
    head = tag("thead", tag("tr", (tag("th", day[:2], scope="col") for day in WEEKDAYS)))
    rows = (tag("tr", (cell(on) for on in week)) for week in weeks)
    return tag("table", tag("caption", f"{date(year, month, 1):%B %Y}"), head, tag("tbody", rows), class_="month")


def _day(hours: Hours, on: date) -> Markup:
    """A row an hour: how many occasions have people present, of which kinds; hours after midnight too."""
    seen = sorted(cell for cell in hours if cell[0] >= on)
    most = max((hours[cell].total() for cell in seen), default=1)
    rows = (
        tag(
            "tr",
            tag("th", f"{hour:02d}:00" if day == on else f"{day:%a} {hour:02d}:00", scope="row"),
            tag("td", hours[(day, hour)].total(), class_="n"),
            tag("td", _bar(hours[(day, hour)].total() / most)),
            tag("td", ", ".join(f"{KEYS[key].words} {n:,}" for key, n in hours[(day, hour)].most_common())),
        )
        for day, hour in seen
    )
    head = tag("thead", tag("tr", (tag("th", words, scope="col") for words in ("Hour", "How many", "", "Of which"))))
    words = "Occasions with people present in each hour, from the first arrival until all have left."
    return tag(
        "section",
        tag("h2", "The hours of the day"),
        tag("p", words),
        tag("table", head, tag("tbody", rows), class_="day"),
    )


def _bar(share: float) -> Markup:
    bar = tag("rect", width=round(share * 100, 1), height=10)
    return tag("svg", bar, viewBox="0 0 100 10", preserveAspectRatio="none", aria_hidden="true")


def _open_dates(held: Sequence[Occasion], festivals: Sequence[FestivalDay]) -> Markup | None:
    """Festivals by date, and occasions whose date is not settled, with how likely each date is."""
    rows = {(day.on, day.name, day.share, day.tradition) for day in festivals}
    rows |= {(o.on, KEYS[o.key].words, o.date_share, "at the places") for o in held if o.date_share < 1}
    if not rows:
        return None
    listed = sorted(rows)[:MAX_LISTED]
    body = (
        tag(
            "tr",
            tag("td", f"{on:%a} {on.day} {on:%b %Y}"),
            tag("td", words),
            tag("td", "settled" if share == 1 else f"{share:.0%} likely", class_="n"),
            tag("td", of),
        )
        for on, words, share, of in listed
    )
    head = tag("thead", tag("tr", (tag("th", w, scope="col") for w in ("Date", "What", "How likely", "Whose"))))
    more = tag("p", f"{len(rows) - len(listed):,} more.") if len(rows) > len(listed) else None
    return tag(
        "section", tag("h2", "Festivals and open dates"), tag("table", head, tag("tbody", body), class_="list"), more
    )


def _dates(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))
