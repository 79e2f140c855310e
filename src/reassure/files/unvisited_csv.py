"""What a plan does not visit, as a CSV table with the reason for each row.

Rules: the columns, their order, and that no cell can run as a formula. UTF-8 with a byte order mark, so that
spreadsheets show names of every script; lines end with CR LF (RFC 4180). Marking and plan digest stand in each
row, because rows are sorted, cut and pasted.
"""

import csv
import io
from collections.abc import Mapping
from typing import Any

from reassure.files.csv_rows import safe_cell
from reassure.files.plain_text import plain
from reassure.patrols.briefing import REASON_WORDS, index_plan

COLUMNS = (
    "marking",
    "status",
    "area_code",
    "on",
    "place_ref",
    "name",
    "address",
    "postcode",
    "nearest_postcode",
    "lat_deg",
    "lon_deg",
    "occasion_ref",
    "occasion",
    "points",
    "is_must",
    "reason",
    "reason_words",
    "text",
    "change",
    "plan_digest",
)


def unvisited_csv(document: Mapping[str, Any]) -> bytes:
    """The table, in the order of the document; only the header row where everything is visited."""
    index = index_plan(document)
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in document["unvisited"]:
        place = index.places[row["place_ref"]]
        cells = {
            **{name: place.get(name, "") for name in ("address", "postcode", "nearest_postcode", "lat_deg", "lon_deg")},
            "marking": document["marking"],
            "status": document["status"],
            "area_code": document["area"]["code"],
            "on": document["on"],
            "place_ref": row["place_ref"],
            "name": row["name"],
            "occasion_ref": row["occasion_ref"],
            "occasion": index.occasion_words(row["occasion_ref"]),
            "points": row["points"],
            "is_must": "yes" if row.get("is_must") else "no",
            "reason": row["reason"],
            "reason_words": REASON_WORDS[row["reason"]],
            "text": row["text"],
            "change": row.get("change", ""),
            "plan_digest": document["digest"],
        }
        writer.writerow([_cell(cells[name]) for name in COLUMNS])
    return stream.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> str:
    return safe_cell(plain(value)) if isinstance(value, str) else str(value)
