"""Words of a place about one date, in a file of timetables."""

from datetime import date
from pathlib import Path

import pytest

from reassure.files.timetables import read_timetables
from reassure.geo import Point
from reassure.occasions.expand import expand
from reassure.places.place import Place

HEADER = "place_ref,key,on,days,season,local_time,length_min,source,status\n"
FRIDAY = date(2026, 11, 27)
MOSQUE = Place("m", "Example Mosque", faiths=frozenset({"muslim"}), point=Point(52.5, -1.9))


def rules_of(tmp_path: Path, *rows: str):  # type: ignore[no-untyped-def]
    path = tmp_path / "timetables.csv"
    path.write_text(HEADER + "".join(row + "\n" for row in rows), "utf-8")
    return read_timetables(path)


def test_a_cancelled_row_stands_over_a_published_one(tmp_path: Path) -> None:
    """The place's word cancels the published time of that Friday only; the next Friday stays."""
    read = rules_of(tmp_path, "m,jumuah,2026-11-27,,,13:00,30,page,", "m,jumuah,2026-11-27,,,13:00,30,call,Cancelled")

    found = list(expand([MOSQUE], read.rules, FRIDAY, date(2026, 12, 4)))

    assert read.problems == ()
    assert [(o.on, o.status) for o in found] == [(FRIDAY, "cancelled"), (date(2026, 12, 4), "forecast")]


def test_a_confirmed_row_gives_the_time_with_confidence_a(tmp_path: Path) -> None:
    """13:20 confirmed for that Friday beats the weekly 12:45, and lasts the usual 30 minutes of the kind."""
    read = rules_of(tmp_path, "m,jumuah,,fri,,12:45,,rule,", "m,jumuah,2026-11-27,,,13:20,,call,confirmed")

    (occasion,) = expand([MOSQUE], read.rules, FRIDAY, FRIDAY)

    assert [(s.starts_at.hour, s.starts_at.minute, s.ends_at.minute) for s in occasion.sittings] == [(13, 20, 50)]
    assert occasion.confidence == "A"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("m,jumuah,2026-11-27,,,13:00,30,call,maybe", "status is maybe; expected cancelled, confirmed or nothing."),
        ("m,jumuah,,fri,,13:00,30,call,cancelled", "status is cancelled; expected a date in on"),
    ],
)
def test_a_word_that_cannot_stand_is_named(tmp_path: Path, row: str, words: str) -> None:
    """An unknown word, and a word without a date, are problems with row and column; no rule is made of them."""
    read = rules_of(tmp_path, row)

    assert read.rules == ()
    assert len(read.problems) == 1
    assert "row 2: " + words in read.problems[0].text
