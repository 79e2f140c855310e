"""`reassure places import`, as people call it."""

import json
import sys
from collections import Counter
from pathlib import Path

import pytest

from reassure.cli.main import run
from reassure.files.register import read_register

CHURCHES = """osm_type,osm_id,name,faith,lat,lon,area_code,pfa_code
way,1,Grace Chapel,Christian,52.4801,-1.9001,E08000025,E23000014
way,2,St Mary,Christian,52.49,-1.91,E08000025,E23000014
"""
MOSQUES = """name,lat,lon,address,postcode
Jamia Mosque,52.50,-1.92,1 High Street,B11 1AA
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "churches_osm_2026-08.csv").write_text(CHURCHES, encoding="utf-8")
    (tmp_path / "mosques_2025-07.csv").write_text(MOSQUES, encoding="utf-8")
    return tmp_path


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch):
    def _call(*arguments: object, command: str = "import") -> int:
        monkeypatch.setattr(sys, "argv", ["reassure", "places", command, *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            run()
        return int(stopped.value.code or 0)

    return _call


def test_two_files_become_one_register(folder: Path, call, capsys: pytest.CaptureFixture[str]) -> None:
    """Files are brought together; what was read, who has to be named, and that it is incomplete is said."""
    out = folder / "register.csv"

    code = call(folder / "churches_osm_2026-08.csv", folder / "mosques_2025-07.csv", "--faith", "muslim", "--out", out)

    told = capsys.readouterr().out
    assert code == 0
    assert "2 places read, 0 rows refused" in told
    assert "2 new, 0 changed, 0 equal" in told
    assert "3 places. This register is incomplete." in told
    assert "© OpenStreetMap contributors, ODbL 1.0" in told
    assert "under the ODbL 1.0 as a whole" in told
    assert "1 places have no police area" in told
    places = read_register(out, with_facts=True).places
    assert Counter(f for place in places for f in place.faiths) == {"christian": 2, "muslim": 1}
    assert {fact.rank for place in places if "muslim" in place.faiths for fact in place.facts} == {4}


def test_the_same_file_again_changes_no_byte(folder: Path, call, capsys: pytest.CaptureFixture[str]) -> None:
    """A second import of the same file: 0 new, 0 changed, and the register is the same file."""
    out = folder / "register.csv"
    call(folder / "churches_osm_2026-08.csv", "--out", out)
    before = out.read_bytes()
    capsys.readouterr()

    code = call(folder / "churches_osm_2026-08.csv", "--out", out, "--json")

    (file,) = json.loads(capsys.readouterr().out)["files"]
    assert code == 0
    assert (file["n_new"], file["n_changed"], file["n_equal"]) == (0, 0, 2)
    assert out.read_bytes() == before


def test_a_newer_file_shows_what_changed_and_what_is_gone(
    folder: Path, call, capsys: pytest.CaptureFixture[str]
) -> None:
    """Changes are shown field by field; a row that is gone stays in the register with a flag."""
    out = folder / "register.csv"
    call(folder / "churches_osm_2026-08.csv", "--out", out)
    newer = folder / "churches_osm_2026-09.csv"
    newer.write_text(
        "\n".join(CHURCHES.replace("Grace Chapel", "Grace Hall").splitlines()[:2]) + "\n", encoding="utf-8"
    )
    capsys.readouterr()

    assert call(newer, "--out", out) == 0

    told = capsys.readouterr().out
    assert "osm-way-1: name Grace Chapel -> Grace Hall" in told
    assert "1 of an older file of this series not seen again; kept and flagged" in told
    flags = {place.ref: place.flags for place in read_register(out).places}
    assert flags == {"osm-way-1": (), "osm-way-2": ("not_seen",)}


def test_refused_rows_never_block_good_ones(folder: Path, call, capsys: pytest.CaptureFixture[str]) -> None:
    """Good rows are written whole, every refused row is named, and the exit code is 2."""
    bad = folder / "churches_osm_2026-08.csv"
    bad.write_text(CHURCHES + "way,3,Far,Christian,91,-1.9,,\nway,4,Odd,Jedi,52.5,-1.9,,\n", encoding="utf-8")
    out = folder / "register.csv"

    code = call(bad, "--out", out)

    told = capsys.readouterr()
    assert code == 2
    assert "2 places read, 2 rows refused" in told.out
    assert "row 4: lat is 91; expected 49 to 61." in told.err
    assert "row 5: faith is jedi; expected one of buddhist" in told.err
    assert len(read_register(out).places) == 2


def test_a_file_that_cannot_be_used_leaves_nothing_written(
    folder: Path, call, capsys: pytest.CaptureFixture[str]
) -> None:
    """With one bad file among good ones nothing is written, and every bad file is named."""
    (folder / "empty.csv").write_text("", encoding="utf-8")
    out = folder / "register.csv"
    before = sorted(folder.iterdir())

    code = call(folder / "churches_osm_2026-08.csv", folder / "empty.csv", folder / "none.csv", "--out", out)

    told = capsys.readouterr()
    assert code == 2
    assert "the file is empty" in told.err
    assert "none.csv: cannot be read" in told.err
    assert told.out == ""
    assert sorted(folder.iterdir()) == before


def test_a_register_with_faults_is_not_written_over(folder: Path, call, capsys: pytest.CaptureFixture[str]) -> None:
    """A register whose rows cannot all be read stays as it is: writing it anew would lose them."""
    out = folder / "register.csv"
    call(folder / "churches_osm_2026-08.csv", "--out", out)
    broken = out.read_text(encoding="utf-8").replace("52.49", "fifty")
    out.write_text(broken, encoding="utf-8")

    code = call(folder / "mosques_2025-07.csv", "--out", out)

    assert code == 2
    assert "mend them, or name another file" in capsys.readouterr().err
    assert out.read_text(encoding="utf-8") == broken


def test_areas_and_postcodes_are_looked_up(folder: Path, call, capsys: pytest.CaptureFixture[str]) -> None:
    """A place without a district gets its area from the outlines; its postcode is held against the list."""
    ring = [[-2.5, 52.0], [-1.0, 52.0], [-1.0, 53.0], [-2.5, 53.0], [-2.5, 52.0]]
    feature = {
        "type": "Feature",
        "properties": {"pfa_code": "E23000014", "pfa_name": "West Midlands"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    areas = folder / "areas_2023.geojson"
    areas.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    districts = folder / "districts.csv"
    districts.write_text("lad_code,pfa_code\nE08000025,E23000014\n", encoding="utf-8")
    codes = folder / "codes.csv"
    codes.write_text("postcode,lat,lon,pq,lad_code\nB11 1AA,52.40,-1.92,10,E08000025\n", encoding="utf-8")
    out = folder / "register.csv"
    arguments = (
        folder / "mosques_2025-07.csv", "--faith", "muslim", "--areas", areas, "--districts", districts,
        "--postcodes", codes, "--out", out,
    )  # fmt: skip

    assert call(*arguments) == 0

    assert (
        "Source: Office for National Statistics licensed under the Open Government Licence v3.0"
        in capsys.readouterr().out
    )
    before = out.read_bytes()
    (place,) = read_register(out, with_facts=True).places
    assert (place.area_code, place.area_by, place.flags) == ("E23000014", "polygon", ("point_far_from_postcode",))
    assert {fact.source_ref for fact in place.facts if fact.field == "area_code"} == {"police_areas"}
    assert call(*arguments) == 0
    assert out.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--faith", "jedi"), "faith is jedi; expected one of buddhist"),
        (("--kind", "rumour"), "kind is rumour; expected one of osm, open, force"),
        (("--observed-on", "May"), "--observed-on is May; expected a date such as"),
        (("--areas", "none.geojson"), "none.geojson: cannot be read"),
    ],
)
def test_wrong_options_are_named(
    folder: Path, call, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    """An option with a wrong value ends with 2, one line, and nothing written."""
    out = folder / "register.csv"

    assert call(folder / "mosques_2025-07.csv", *arguments, "--out", out) == 2
    assert said in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.slow
def test_the_open_files_become_one_register(
    data_dir: Path, tmp_path: Path, call, capsys: pytest.CaptureFixture[str]
) -> None:
    """1,300 + 984 places, Rutland and London in one register; again: 0 new, 0 changed, the same bytes."""
    places, extracts = data_dir / "places_of_worship", data_dir / "osm_extracts"
    out = tmp_path / "register.csv"
    files = (
        places / "west_midlands_places_of_worship_osm_2026-08.csv",
        places / "mosques_uk_osm_2025-07_dedup.csv",
        extracts / "rutland-2018-02-27.osm.pbf",
        extracts / "london-holborn-farringdon-2020-07-20.osm.pbf",
    )

    assert call(*files, "--faith", "muslim", "--out", out, "--json") == 0

    told = json.loads(capsys.readouterr().out)
    assert [file["n_read"] for file in told["files"]] == [1_300, 984, 66, 34]
    assert [file["n_refused"] for file in told["files"]] == [0, 0, 0, 0]
    assert told["files"][3]["skipped"] == ["relation/6628233 St Clement Danes: it has no outline"]
    assert sum(pair["kind"] == "same_id" for pair in told["pairs"]) == 1
    before = out.read_bytes()
    assert call(files[0], "--out", out, "--json") == 0
    (again,) = json.loads(capsys.readouterr().out)["files"]
    assert (again["n_new"], again["n_changed"], again["n_equal"]) == (0, 0, 1_300)
    assert out.read_bytes() == before
