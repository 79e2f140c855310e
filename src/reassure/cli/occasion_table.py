"""Occasions of a day as people read them: counts by kind first, then one row an occasion.

Rules: times are London's wall clock; how sure they are stands in words; a long list is cut, and says so.
"""

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from reassure.forces import FORCES
from reassure.occasions.keys import KEYS
from reassure.occasions.values import CONFIDENCES, Occasion, Sitting, change_overs
from reassure.periods import london_wall
from reassure.places.place import Place

TABLE_ROWS = 250
"""Rows that are printed; the rest is counted."""
_AREAS = {force.area_code: force.area_name for force in FORCES if force.has_area}
WIDTH = 140
"""Columns of text where there is no terminal that says its own."""


def print_table(
    found: Sequence[Occasion],
    places: Mapping[str, Place],
    day: date,
    attributions: Sequence[str] = (),
    last: date | None = None,
) -> None:
    """Print the table on standard output, as wide as the terminal."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=WIDTH)
    console.print(_page(found, places, day, attributions, last or day))


def table_text(
    found: Sequence[Occasion],
    places: Mapping[str, Place],
    day: date,
    attributions: Sequence[str] = (),
    last: date | None = None,
) -> str:
    """The table as plain text, 140 characters wide."""
    out = io.StringIO()
    page = _page(found, places, day, attributions, last or day)
    Console(file=out, highlight=False, width=WIDTH, color_system=None).print(page)
    return out.getvalue()


def _page(
    found: Sequence[Occasion], places: Mapping[str, Place], day: date, attributions: Sequence[str], last: date
) -> RenderableType:
    held = [occasion for occasion in found if occasion.status != "cancelled"]
    with_one = {occasion.place_ref for occasion in found}
    title = f"{day:%A} {day.day} {day:%B %Y}"
    if last != day:
        title += f" to {last:%A} {last.day} {last:%B %Y}"
    heading = Text(title, style="bold")
    said = Text(
        f"{_counted(len(held), 'occasion')} at {len({o.place_ref for o in held}):,} of "
        f"{_counted(len(places), 'place')}, {len(found) - len(held):,} cancelled; "
        f"no occasion is known at {len(places) - len(with_one):,}."
    )
    parts: list[RenderableType] = [heading, said]
    if found:
        parts += ["", _counts(held), "", _rows(found[:TABLE_ROWS], places, has_days=last != day)]
    if len(found) > TABLE_ROWS:
        parts.append(f"{len(found) - TABLE_ROWS:,} more; --format csv or json lists them all, --area fewer.")
    parts += [Text(words, style="dim") for words in attributions]
    return Group(*parts)


def _counted(n: int, word: str) -> str:
    return f"{n:,} {word}" if n == 1 else f"{n:,} {word}s"


def _counts(found: Sequence[Occasion]) -> Table:
    """How many of each kind, and how sure, most first."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Kind")
    table.add_column("Occasions", justify="right")
    for words in CONFIDENCES.values():
        table.add_column(words[:1].upper() + words[1:], justify="right", max_width=18)
    by_kind = Counter(occasion.key for occasion in found)
    sure = Counter((occasion.key, occasion.confidence) for occasion in found)
    for code, n in sorted(by_kind.items(), key=lambda item: (-item[1], item[0])):
        cells = [f"{sure[code, letter]:,}" if sure[code, letter] else "" for letter in CONFIDENCES]
        table.add_row(KEYS[code].words, f"{n:,}", *cells)
    return table


def _rows(found: Sequence[Occasion], places: Mapping[str, Place], *, has_days: bool) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    if has_days:
        table.add_column("Date", no_wrap=True)
    is_one_area = len({places[occasion.place_ref].area_code for occasion in found}) == 1
    for heading in ("From", "Starts", "Between", "Ends", "Gone by", "Kind", "Place", "How sure", "Notes"):
        table.add_column(heading, no_wrap=heading not in {"Place", "Notes"})
    for occasion in found:
        place = places[occasion.place_ref]
        is_off = occasion.status == "cancelled"
        table.add_row(
            *((f"{occasion.on:%a} {occasion.on.day} {occasion.on:%b}",) if has_days else ()),
            _at(occasion.arrive_from, occasion.on),
            "\n".join(_at(sitting.starts_at, occasion.on) for sitting in occasion.sittings),
            "\n".join(_spread(sitting, occasion.on) for sitting in occasion.sittings),
            _at(max(sitting.ends_at for sitting in occasion.sittings), occasion.on),
            _at(occasion.gone_by, occasion.on),
            KEYS[occasion.key].words,
            Text(place.title if is_one_area else f"{place.title}, {_area(place.area_code)}"),
            "cancelled by the place" if is_off else CONFIDENCES[occasion.confidence],
            Text("\n".join(_notes(occasion))),
            style="dim strike" if is_off else "",
        )
    return table


def _spread(sitting: Sitting, on: date) -> str:
    """Bounds of a start that nobody published."""
    if sitting.earliest == sitting.latest:
        return ""
    return f"{_at(sitting.earliest, on)}–{_at(sitting.latest, on)}"


def _area(code: str) -> str:
    """The name of a police area; its code where it is none of the kingdom's."""
    return _AREAS.get(code, code)


def _at(instant: datetime, on: date) -> str:
    """Hours and minutes on London's clock, with the day where it is another."""
    wall = london_wall(instant)
    return f"{wall:%H:%M}" if wall.date() == on else f"{wall:%a %H:%M}"


def _notes(occasion: Occasion) -> list[str]:
    meets = [
        f"change-over {_at(start, occasion.on)} to {_at(end, occasion.on)}" for start, end in change_overs(occasion)
    ]
    likely = [f"{occasion.date_share:.0%} likely on this date"] if occasion.date_share < 1 else []
    return [*meets, *likely, *occasion.notes]
