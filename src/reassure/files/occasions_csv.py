"""Occasions as a table for spreadsheets: one row an occasion, times as London's clock shows them.

Rules: the columns and their order. Cells that a spreadsheet would run get an apostrophe first. The last column
carries the words that the licence of the register asks for. Attendance bands are never written.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from reassure.faiths import in_order
from reassure.files.csv_rows import safe_cell
from reassure.occasions.keys import KEYS
from reassure.occasions.values import CONFIDENCES, Occasion, Sitting
from reassure.periods import london_wall
from reassure.places.place import Place

COLUMNS = (
    "ref",
    "place_ref",
    "place",
    "faiths",
    "area_code",
    "lat_deg",
    "lon_deg",
    "key",
    "occasion",
    "on",
    "weekday",
    "arrive_from",
    "starts",
    "ends",
    "gone_by",
    "earliest_start",
    "latest_start",
    "confidence",
    "how_sure",
    "status",
    "date_share",
    "source",
    "notes",
    "attribution",
)
BETWEEN = "; "
"""Between the starts of several sittings, faiths, notes and attributions in one cell."""


def occasions_csv(
    occasions: Iterable[Occasion], places: Mapping[str, Place], *, attributions: Sequence[str] = ()
) -> str:
    """
    A CSV file with a header, in the order given; local times as `2026-11-27 12:45`, several starts as a list.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    said = safe_cell(BETWEEN.join(attributions))
    for occasion in occasions:
        place = places[occasion.place_ref]
        writer.writerow(
            (
                safe_cell(occasion.ref),
                safe_cell(occasion.place_ref),
                safe_cell(place.title),
                BETWEEN.join(in_order(place.faiths)),
                safe_cell(place.area_code),
                f"{place.point.lat_deg:.5f}",
                f"{place.point.lon_deg:.5f}",
                occasion.key,
                KEYS[occasion.key].words,
                occasion.on.isoformat(),
                f"{occasion.on:%A}",
                *_times(occasion.sittings),
                occasion.confidence,
                CONFIDENCES[occasion.confidence],
                occasion.status,
                f"{occasion.date_share:.6g}",
                safe_cell(occasion.source_ref),
                safe_cell(BETWEEN.join(occasion.notes)),
                said,
            )
        )
    return out.getvalue()


@lru_cache(maxsize=1024)
def _times(sittings: tuple[Sitting, ...]) -> tuple[str, ...]:
    """First arrival, starts, last end, gone by, bounds of the first start: London's wall clock."""
    gone_by = max(sitting.gone_by for sitting in sittings)
    walls = [london_wall(sitting.starts_at) for sitting in sittings]
    return (
        f"{london_wall(sittings[0].arrive_from):%Y-%m-%d %H:%M}",
        BETWEEN.join(f"{wall:%Y-%m-%d %H:%M}" for wall in walls),
        f"{london_wall(max(sitting.ends_at for sitting in sittings)):%Y-%m-%d %H:%M}",
        f"{london_wall(gone_by):%Y-%m-%d %H:%M}",
        f"{london_wall(sittings[0].earliest):%H:%M}",
        f"{london_wall(sittings[0].latest):%H:%M}",
    )
