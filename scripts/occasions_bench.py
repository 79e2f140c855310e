"""The speed and memory of occasions on the open register, beside the bars that they have to keep.

Run it with `make bench-occasions`; the folder of open data is REASSURE_DATA, else ../shared/data. Each line is measured
in a process of its own: processor seconds of the work alone, and the most memory that the process held, register and
libraries included. "Load" is five computed prayers (ten minutes after they begin, rounded up to five) at every mosque.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from reassure.files.register import read_register
from reassure.occasions.expand import expand
from reassure.occasions.keys import DAILY_PRAYERS
from reassure.occasions.osm_times import osm_starts
from reassure.occasions.values import Computed, Rule
from reassure.places.place import Place

DATA = Path(os.environ.get("REASSURE_DATA", "../shared/data"))
REGISTER = DATA / "places_of_worship" / "places_of_worship_osm_2026-08.csv"
WEST_MIDLANDS = "E23000014"
FRIDAY, SUNDAY, WEEK_ENDS = date(2026, 11, 27), date(2026, 11, 29), date(2026, 12, 3)
YEAR = (date(2026, 1, 1), date(2026, 12, 31))
FRIDAYS = tuple(date(2026, 1, 2) + timedelta(days=7 * n) for n in range(52))
TEXT = "Mo-Fr 12:15;Sa 10:00;Su 09:30, 11:00, 12:30, 19:00"


def with_prayers(mosques: Sequence[Place]) -> list[Rule]:
    """Five computed prayers for each mosque."""
    every_day = tuple(range(7))
    return [
        Rule(place.ref, code, Computed(every_day, code, offset_min=10, round_to_min=5), 3, "bench")
        for place in mosques
        for code in DAILY_PRAYERS
    ]


def muslim(places: Sequence[Place]) -> list[Place]:
    """The mosques of a register."""
    return [place for place in places if "muslim" in place.faiths]


def days_of_all(places: Sequence[Place], first: date, last: date) -> Iterator[object]:
    """Every place with the load."""
    return expand(places, with_prayers(muslim(places)), first, last)


def fridays_in_one(places: Sequence[Place]) -> Iterator[object]:
    """The mosques with their load on the Fridays of a year, asked once."""
    mosques = muslim(places)
    return expand(mosques, with_prayers(mosques), *YEAR, weekdays=(4,))


def fridays_one_by_one(places: Sequence[Place]) -> Iterator[object]:
    """The same, asked 52 times."""
    mosques = muslim(places)
    rules = with_prayers(mosques)
    for on in FRIDAYS:
        yield from expand(mosques, rules, on, on)


@dataclass(frozen=True)
class Measure:
    """A line: its words, the bars in seconds and MB (0 for none), what is done with the places."""

    says: str
    bar_s: float
    bar_mb: int
    work: object


MEASURES = {
    "import": Measure("read the register", 10, 0, None),
    "friday": Measure("a Friday, all places, load", 1, 0, lambda held: days_of_all(held, FRIDAY, FRIDAY)),
    "sunday": Measure("a Sunday, all places, load", 2, 0, lambda held: days_of_all(held, SUNDAY, SUNDAY)),
    "week": Measure("a week, all places, load", 6, 400, lambda held: days_of_all(held, FRIDAY, WEEK_ENDS)),
    "force": Measure(
        "a year of the West Midlands, defaults",
        6,
        0,
        lambda held: expand([p for p in held if p.area_code == WEST_MIDLANDS], (), *YEAR),
    ),
    "defaults": Measure(
        "52 Fridays, all mosques, defaults", 0, 0, lambda held: expand(muslim(held), (), *YEAR, weekdays=(4,))
    ),
    "fridays": Measure("52 Fridays, all mosques, load", 20, 0, fridays_in_one),
    "apart": Measure("the same, asked Friday by Friday", 20, 0, fridays_one_by_one),
    "texts": Measure(
        "2,000 texts of OpenStreetMap, a Sunday",
        0,
        0,
        lambda held: (start for place in held[:2000] for start in osm_starts(TEXT, place, SUNDAY)),
    ),
}


def measured(name: str) -> dict[str, float]:
    """Processor seconds, what came out, and the peak of this process."""
    started = time.process_time()
    places = read_register(REGISTER).places
    n = len(places)
    if (work := MEASURES[name].work) is not None:
        started = time.process_time()
        n = sum(1 for _ in work(places))
    spent = time.process_time() - started
    return {"s": spent, "n": n, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}


def verdict(value: float, bar: float, unit: str) -> str:
    """Whether a bar is met, in words; empty where there is none."""
    return f"  bar {bar:g} {unit}: {'met' if value <= bar else 'MISSED'}" if bar else ""


def main() -> None:
    """Print one line a measure; ends with 1 where a bar is missed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("names", nargs="*", metavar="NAME", help="lines to measure; all without any")
    options.add_argument("--one", choices=MEASURES, help="measure this line here and print it as JSON")
    given = options.parse_args()
    if given.one:
        sys.stdout.write(json.dumps(measured(given.one)))
        return
    is_missed = False
    for name in given.names or MEASURES:
        line = MEASURES[name]
        command = [sys.executable, __file__, "--one", name]
        run = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - ourselves
        told = json.loads(run.stdout)
        verdicts = verdict(told["s"], line.bar_s, "s") + verdict(told["mb"], line.bar_mb, "MB")
        is_missed = is_missed or "MISSED" in verdicts
        sys.stdout.write(f"{line.says:40} {told['s']:6.2f} s {told['mb']:5} MB {told['n']:9,}{verdicts}\n")
        sys.stdout.flush()
    sys.exit(is_missed)


if __name__ == "__main__":
    main()
