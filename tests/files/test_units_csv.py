"""Rosters from outside: what is read, and each fault with its row, column and value."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassure.errors import InputError
from reassure.files.units import read_units, units_csv
from reassure.geo import Point
from reassure.patrols.units import Break, Unit

HEADER = (
    "ref,callsign,kind,n_officers,base_lat_deg,base_lon_deg,end_lat_deg,end_lon_deg,starts_at,ends_at,breaks,skills\n"
)
GOOD = "U1,Sierra 1,car,2,52.48,-1.89,,,2026-11-27T11:00+00:00,2026-11-27T15:00+00:00,,\n"


def read(tmp_path, text, **options):
    path = tmp_path / "units.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_units(path, **options)


def faults(tmp_path, text, **options):
    with pytest.raises(InputError) as caught:
        read(tmp_path, text, **options)
    return [p.text.split("units.csv")[1].lstrip(", ") for p in caught.value.problems]


def test_a_full_row_is_read(tmp_path):
    """Every column of the format is read: end base, two breaks, two skills."""
    row = (
        "U1,Sierra 1,Foot,2,52.48,-1.89,52.5,-1.9,2026-11-27T11:00+00:00,2026-11-27T19:00+00:00,"
        "2026-11-27T13:00+00:00/2026-11-27T14:00+00:00/30;2026-11-27T16:00Z/2026-11-27T16:00Z/15,Urdu;adviser\n"
    )

    units = read(tmp_path, HEADER + row)

    at = [datetime(2026, 11, 27, hour, tzinfo=UTC) for hour in (11, 13, 14, 16, 19)]
    assert units == (
        Unit(
            "U1",
            "Sierra 1",
            "foot",
            2,
            Point(52.48, -1.89),
            at[0],
            at[4],
            Point(52.5, -1.9),
            (Break(at[1], at[2], 30), Break(at[3], at[3], 15)),
            frozenset({"Urdu", "adviser"}),
        ),
    )


def test_end_breaks_and_skills_may_be_left_out(tmp_path):
    """Without the optional columns a unit ends at its base and has no breaks or skills."""
    text = "ref,callsign,kind,n_officers,base_lat_deg,base_lon_deg,starts_at,ends_at\n"
    text += "U1,,car,2,52.48,-1.89,2026-11-27T11:00+00:00,2026-11-27T15:00+00:00\n"

    (unit,) = read(tmp_path, text)

    assert (unit.callsign, unit.end_base, unit.breaks, unit.skills) == ("U1", None, (), frozenset())


def test_a_shift_across_the_clock_change_has_its_true_length(tmp_path):
    """00:30 BST to 02:30 GMT on 25 October 2026 is three hours, though the clock shows two."""
    row = "U1,N1,car,2,52.48,-1.89,,,2026-10-25T00:30+01:00,2026-10-25T02:30+00:00,,\n"

    (unit,) = read(tmp_path, HEADER + row)

    assert unit.ends_at - unit.starts_at == timedelta(hours=3)


def test_what_is_written_is_read_again(tmp_path):
    """A roster that is written and read is the same roster."""
    units = read(tmp_path, HEADER + GOOD + GOOD.replace("U1", "=U2").replace("=U2", "U2"))

    assert read(tmp_path, units_csv(units)) == units
    assert units_csv(units).decode().splitlines()[0] == HEADER.strip()


instants = st.datetimes(datetime(2026, 1, 2), datetime(2026, 12, 30)).map(  # noqa: DTZ001 - made aware here
    lambda t: t.replace(tzinfo=UTC, microsecond=0)
)
words = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=12)


@st.composite
def rosters(draw):
    units = []
    for ref in draw(st.lists(words, min_size=1, max_size=5, unique=True)):
        starts = draw(instants)
        ends = starts + timedelta(minutes=draw(st.integers(60, 1440)))
        breaks = tuple(
            Break(starts + timedelta(minutes=m), starts + timedelta(minutes=m + 5), draw(st.integers(1, 20)))
            for m in draw(st.lists(st.integers(0, 20), max_size=2))
        )
        point = st.builds(Point, st.floats(49, 61), st.floats(-9, 2))
        end = draw(st.none() | point)
        kind = draw(st.sampled_from(["car", "cycle", "foot"]))
        skills = draw(st.frozensets(words, max_size=3))
        n_officers = draw(st.integers(1, 9))
        units.append(Unit(ref, draw(words), kind, n_officers, draw(point), starts, ends, end, breaks, skills))
    return tuple(units)


@given(rosters())
def test_any_roster_comes_back_as_it_was(tmp_path_factory, units):
    """Writing and reading gives the same units, to the last digit of a position and the second of a shift."""
    path = tmp_path_factory.mktemp("roster") / "units.csv"
    path.write_bytes(units_csv(units))

    assert read_units(path) == units


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (GOOD.replace("car", "bus"), "row 2: kind is bus; expected one of foot, cycle, car."),
        (GOOD.replace(",2,", ",0,"), "row 2: n_officers is 0; expected 1 or more."),
        (GOOD.replace(",2,", ",two,"), "row 2: n_officers is two; expected a whole number, 1 or more."),
        (GOOD.replace("52.48", "NaN"), "row 2: base_lat_deg, lon_deg is nan, -1.89; expected two numbers in degrees."),
        (GOOD.replace("52.48", ""), "row 2: base_lat_deg is missing; expected a number in degrees."),
        (
            GOOD.replace("52.48,-1.89", "-1.89,52.48"),
            "row 2: base_lat_deg, lon_deg is -1.89, 52.48; expected latitude first; the two look swapped.",
        ),
        (GOOD.replace(",,,2026", ",52.5,,2026", 1), "row 2: end_lon_deg is missing; expected a number in degrees."),
        (
            GOOD.replace("T15:00", "T10:00"),
            "row 2: ends_at is 2026-11-27T10:00:00+00:00; expected after starts_at, 2026-11-27T11:00:00+00:00.",
        ),
        (
            GOOD.replace("T15:00", "T11:11"),
            "row 2: ends_at is 2026-11-27T11:11:00+00:00; expected a shift of at least one visit, 12 min.",
        ),
        (
            GOOD.replace("27T15:00", "28T11:01"),
            "row 2: ends_at is 2026-11-28T11:01:00+00:00; expected a shift of at most 24 h.",
        ),
        (
            GOOD.replace("T11:00+00:00", "T11:00"),
            "row 2: starts_at is 2026-11-27T11:00; expected an instant with its UTC offset, "
            "such as 2026-11-27T11:00+00:00.",
        ),
        (
            GOOD.replace(",,\n", ",2026-11-27T14:45+00:00/2026-11-27T14:50+00:00/30,\n"),
            "row 2: breaks is 2026-11-27T14:45:00+00:00/2026-11-27T14:50:00+00:00/30; "
            "expected a break inside the shift.",
        ),
        (
            GOOD.replace(",,\n", ",lunch,\n"),
            "row 2: breaks is lunch; expected EARLIEST/LATEST/MINUTES, "
            "such as 2026-11-27T11:00+00:00/2026-11-27T12:00+00:00/30.",
        ),
        (GOOD.replace("U1,", ","), "row 2: ref is missing; expected an identifier."),
        (GOOD.replace("U1", "=1+1"), "row 2: ref is =1+1; expected a value, not a formula."),
        (GOOD.replace("\n", ",extra\n"), "row 2: the row has 13 cells; expected 12 cells, as in the header."),
    ],
)
def test_each_fault_is_named_with_its_row_column_and_value(tmp_path, row, expected):
    """One faulty cell gives one sentence that says where it is, what it is and what was expected."""
    assert faults(tmp_path, HEADER + row) == [expected]


def test_all_faults_come_at_once(tmp_path):
    """Faults of several rows come together, in the order of the rows, and a ref that stands twice is one."""
    text = HEADER + GOOD + GOOD + GOOD.replace("U1", "U3").replace("car", "tram").replace("T15:00", "T10:00")

    assert [fault.split(";")[0] for fault in faults(tmp_path, text)] == [
        "row 3: ref is U1",
        "row 4: kind is tram",
        "row 4: ends_at is 2026-11-27T10:00:00+00:00",
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the file is empty"),
        (HEADER, "the file has no units"),
        (HEADER.replace("kind,", ""), "column kind is missing"),
        (HEADER.encode() + b"U1,Caf\xe9", "is not UTF-8"),
    ],
)
def test_a_file_without_units_is_refused(tmp_path, text, says):
    """An empty file, no rows, a missing column and another encoding are each said."""
    assert says in faults(tmp_path, text)[0]


def test_the_shortest_shift_follows_the_stay(tmp_path):
    """A shift of 20 minutes does for a stay of 15 and not for one of 25."""
    text = HEADER + GOOD.replace("T15:00", "T11:20")

    assert len(read(tmp_path, text, dwell_min=15)) == 1
    assert "at least one visit, 25 min" in faults(tmp_path, text, dwell_min=25)[0]
