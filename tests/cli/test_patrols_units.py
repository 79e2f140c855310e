"""`reassure patrols units` writes a roster that planning reads, and says that it is made up."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from reassure.cli.main import run
from reassure.files.units import read_units
from reassure.periods import london_wall

HEADER = "ref,name,faiths,lat_deg,lon_deg,area_code,status\n"
ROWS = "".join(
    f"g{i},Generated place {i},{'muslim' if i % 2 else 'christian'},{52.4 + 0.01 * i:.2f},-1.9,E23000014,active\n"
    for i in range(20)
)


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    def called(*arguments: Any) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["reassure", "patrols", "units", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            run()
        printed = capsys.readouterr()
        return int(left.value.code or 0), printed.out, printed.err

    return called


@pytest.fixture
def register(tmp_path: Path) -> Path:
    path = tmp_path / "register.csv"
    path.write_text(HEADER + ROWS, "utf-8")
    return path


def test_the_roster_is_read_back_by_planning(call: Any, register: Path, tmp_path: Path) -> None:
    """Nine units asked for are nine units in the file, on shift that day, and the command says they are made up."""
    out = tmp_path / "new" / "units.csv"

    code, printed, _ = call("--area", "E23000014", "--places", register, "--on", "2026-11-27", "--n", 9, "--out", out)

    units = read_units(out)
    assert code == 0
    assert len(units) == 9
    assert {london_wall(u.starts_at).date() for u in units} == {date(2026, 11, 27)}
    assert "Generated roster for E23000014 on 2026-11-27: 9 units" in printed
    assert "never for sending anybody" in printed


def test_equal_calls_write_equal_bytes(call: Any, register: Path, tmp_path: Path) -> None:
    """The same register, day, number and seed give the same file; another seed another."""
    written = []
    for i, seed in enumerate((1, 1, 2)):
        out = tmp_path / f"{i}.csv"
        call("--area", "E23000014", "--places", register, "--on", "2026-11-27", "--n", 9, "--seed", seed, "--out", out)
        written.append(out.read_bytes())

    assert written[0] == written[1] != written[2]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"--area": "E23000001"}, "the register has no open place in area E23000001; expected an area of the register"),
        ({"--on": "27/11/2026"}, "--on is 27/11/2026; expected a date such as 2026-11-27"),
        ({"--n": "0"}, "Invalid value for '--n'"),
        ({"--places": "missing.csv"}, "cannot be read"),
    ],
)
def test_what_cannot_be_used_ends_with_two(
    call: Any, register: Path, tmp_path: Path, options: dict[str, str], expected: str
) -> None:
    """An unknown area, a date that is none, no units, no register: exit code 2 and nothing written."""
    out = tmp_path / "units.csv"
    usual = {"--area": "E23000014", "--places": register, "--on": "2026-11-27", "--n": 9, "--out": out}

    code, _, err = call(*(word for pair in {**usual, **options}.items() for word in pair))

    assert code == 2
    assert expected in err
    assert not out.exists()


def test_the_open_register_gives_forty_units_for_the_west_midlands(call: Any, data_dir: Path, tmp_path: Path) -> None:
    """The real register's West Midlands gets 40 units that all lie inside the area's box."""
    places = data_dir / "places_of_worship" / "west_midlands_places_of_worship_osm_2026-08.csv"
    out = tmp_path / "units.csv"

    code, _, _ = call("--area", "E23000014", "--places", places, "--on", "2026-11-27", "--n", 40, "--out", out)

    units = read_units(out)
    assert code == 0
    assert len(units) == 40
    assert all(52.3 < u.base.lat_deg < 52.7 and -2.25 < u.base.lon_deg < -1.4 for u in units)
