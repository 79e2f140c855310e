"""`reassure patrols plan` from files to cards: what comes out, what is refused, and that nothing is half-written."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from reassure.cli.main import run
from reassure.cli.plan_files import OUTPUT_WORDS
from reassure.files.demo_area import demo_area
from reassure.files.demo_inputs import input_files
from reassure.files.plan_json import read_plan
from reassure.patrols.check import check

Call = Callable[..., tuple[int, str, str]]
ROLES = ("places", "units", "timetables", "facts", "incidents", "declaration", "areas")
ENDINGS = {"declaration": "toml", "areas": "geojson"}


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Runs `reassure` with these words: exit code, standard output, standard error."""

    def called(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["reassure", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            run()
        printed = capsys.readouterr()
        return int(left.value.code or 0), printed.out, printed.err

    return called


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    """The demo area's files, to be spoilt by a test."""
    folder = tmp_path / "inputs"
    folder.mkdir()
    for name, data in input_files(demo_area(1, date(2026, 11, 27))).items():
        (folder / name).write_bytes(data)
    return folder


def words(inputs: Path, out: Path, *more: object, without: tuple[str, ...] = ()) -> list[object]:
    """The command's words over the files of a folder."""
    given: list[object] = ["patrols", "plan", "--on", "2026-11-27", "--area", "DEMO-01", "--out", out]
    for role in ROLES:
        if role not in without:
            given += [f"--{role}", inputs / f"{role}.{ENDINGS.get(role, 'csv')}"]
    return [*given, *more]


def refused(call: Call, inputs: Path, *more: object) -> tuple[int, str]:
    """Exit code and message of a plan that must not be made; the folder for results must not appear."""
    out = inputs.parent / "out"
    code, _, said = call(*words(inputs, out, "--iterations", 200, *more))
    assert not out.exists()
    assert not list(inputs.parent.glob(".out*"))
    return code, said


@pytest.mark.slow
def test_a_plan_is_checked_and_handed_out_the_same_each_time(call: Call, inputs: Path, tmp_path: Path) -> None:
    """Every output is there, the checker accepts the plan, and the same words give the same bytes."""
    made = []
    for name in ("one", "two"):
        code, printed, _ = call(*words(inputs, tmp_path / name, "--iterations", 400, "--seed", 7, "--allow-shortfall"))
        assert code == 0
        assert "Not visited, by first reason" in printed
        made.append({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()})

    assert set(made[0]) == set(OUTPUT_WORDS)
    assert made[0] == made[1]
    assert check(read_plan(tmp_path / "one" / "plan.json")) == []


@pytest.mark.slow
def test_a_machine_gets_json_and_nothing_else(call: Call, inputs: Path, tmp_path: Path) -> None:
    """With --json standard output is one JSON document with counts, files and digest."""
    code, printed, _ = call(*words(inputs, tmp_path / "out", "--iterations", 200, "--allow-shortfall", "--json"))

    answer = json.loads(printed)
    assert code == 0
    assert set(answer["files"]) == set(OUTPUT_WORDS)
    assert answer["digest"] == read_plan(tmp_path / "out" / "plan.json")["digest"]


@pytest.mark.slow
def test_every_fault_of_every_file_is_told_at_once(call: Call, inputs: Path) -> None:
    """Faults in four files are named together, each with file, row, value and what was expected."""
    rows = (inputs / "places.csv").read_text("utf-8").splitlines()
    header = rows[0].split(",")
    cells = rows[1].split(",")
    cells[header.index("lat_deg")] = "NaN"
    (inputs / "places.csv").write_text("\n".join([rows[0], ",".join(cells), *rows[2:]]), "utf-8")
    units = (inputs / "units.csv").read_text("utf-8").splitlines()
    late = units[1].replace("2026-11-27T", "2026-11-28T", 1)  # the shift now ends before it starts
    (inputs / "units.csv").write_text("\n".join([units[0], late, *units[2:]]), "utf-8")
    with (inputs / "facts.csv").open("a", encoding="utf-8") as file:
        file.write("no-such-place,,,2.5,,,\n")
    incidents = (inputs / "incidents.csv").read_text("utf-8").splitlines()[0].split(",")
    with (inputs / "incidents.csv").open("a", encoding="utf-8") as file:
        file.write(",".join("=cmd()" if column == "family" else "" for column in incidents) + "\n")

    code, said = refused(call, inputs)

    assert code == 2
    for part in ("places.csv, row 2", "NaN", "units.csv, row 2", "ends_at", "no-such-place", "2.5", "not a formula"):
        assert part in said


@pytest.mark.parametrize(
    ("role", "data", "part"),
    [
        ("places", b"", "the file is empty"),
        ("places", b"name,lat\nx,51\n", "missing"),
        ("places", b"ref,name,lat_deg,lon_deg\n\xff,x,51,-1\n", "is not UTF-8"),
        ("units", b"", "the file is empty"),
        ("units", b"ref,callsign,kind,n_officers,base_lat_deg,base_lon_deg,starts_at,ends_at\n", "unit"),
        ("timetables", b"place_ref,key,local_time\nx,jumuah,25:00\n", "25:00"),
        ("facts", b"place_ref\n" + b"x" * 10_000_000, "characters"),
        ("declaration", b"ref = ", "TOML"),
        ("areas", b"{}", "areas.geojson"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(call: Call, inputs: Path, role: str, data: bytes, part: str) -> None:
    """Empty, no header, wrong encoding, no rows, bad time, a cell of ten million characters, no TOML, no GeoJSON."""
    name = f"{role}.{ENDINGS.get(role, 'csv')}"
    (inputs / name).write_bytes(data)

    code, said = refused(call, inputs)

    assert code == 2
    assert name in said
    assert part in said
    assert max(map(len, said.splitlines())) < 600


@pytest.mark.parametrize(
    ("more", "part"),
    [
        (("--on", "2026-13-01"), "2026-13-01"),
        (("--area", "E99999999"), "no open place lies in area E99999999"),
        (("--travel", "ftp:somewhere"), "great-circle"),
        (("--places", "nowhere.csv"), "cannot be read"),
    ],
)
def test_words_that_cannot_be_used_are_named(call: Call, inputs: Path, more: tuple[str, ...], part: str) -> None:
    """A date, an area, a source of journeys or a file that is not there."""
    code, said = refused(call, inputs, *more)

    assert code == 2
    assert part in said


def test_a_lapsed_declaration_stops_the_plan(call: Call, inputs: Path) -> None:
    """A step-up that has ended before the first shift is no ground for a plan (operations.md section 12)."""
    text = (inputs / "declaration.toml").read_text("utf-8")
    (inputs / "declaration.toml").write_text(text.replace("2026-11-2", "2026-10-2").replace("2026-11-3", "2026-10-3"))

    code, said = refused(call, inputs)

    assert code == 3
    assert "The step-up ends" in said
    assert "this occasion starts 27 Nov" in said


def far_unit(inputs: Path) -> None:
    """One unit far out on foot, so that a must-visit is out of reach."""
    rows = (inputs / "units.csv").read_text("utf-8").splitlines()
    header = rows[0].split(",")
    cells = dict(zip(header, next(r for r in rows[1:] if ",foot," in r).split(","), strict=True))
    cells |= {"base_lat_deg": "54.0", "base_lon_deg": "-1.0", "end_lat_deg": "", "end_lon_deg": "", "breaks": ""}
    (inputs / "units.csv").write_text("\n".join([rows[0], ",".join(cells[c] for c in header)]), "utf-8")


@pytest.mark.slow
def test_a_must_visit_out_of_reach_is_named_and_may_be_stated(call: Call, inputs: Path, tmp_path: Path) -> None:
    """Without --allow-shortfall nothing is written; with it the plan is made and states what is missing."""
    far_unit(inputs)

    code, said = refused(call, inputs)
    allowed, printed, _ = call(*words(inputs, tmp_path / "out", "--iterations", 200, "--allow-shortfall"))

    assert code == 3
    assert "must-visits are planned; not served:" in said
    assert "--allow-shortfall" in said
    assert allowed == 0
    assert "SHORTFALL" in printed
    document = read_plan(tmp_path / "out" / "plan.json")
    assert document["shortfall"]["n_served"] == 0
    assert check(document) == []


@pytest.mark.slow
def test_a_day_on_which_nobody_gathers_gives_an_empty_plan(call: Call, inputs: Path, tmp_path: Path) -> None:
    """A Tuesday without timetables, incidents or requests: no visit, every place with its reason."""
    units = (
        (inputs / "units.csv")
        .read_text("utf-8")
        .replace("2026-11-27", "2026-12-01")
        .replace("2026-11-28", "2026-12-02")
    )
    (inputs / "units.csv").write_text(units, "utf-8")

    code, _, _ = call(
        *words(
            inputs,
            tmp_path / "out",
            "--on",
            "2026-12-01",
            "--iterations",
            200,
            without=("timetables", "facts", "incidents", "declaration"),
        )
    )

    document = read_plan(tmp_path / "out" / "plan.json")
    assert code == 0
    assert document["totals"]["n_visits"] == 0
    assert len(document["unvisited"]) == document["inputs"]["n_places"]
    assert check(document) == []


@pytest.mark.slow
def test_a_shift_across_the_clock_change_has_its_true_length(call: Call, inputs: Path, tmp_path: Path) -> None:
    """On 25 October 2026 a shift from 00:00 BST to 08:00 GMT lasts nine hours, and the plan holds."""
    head = "ref,callsign,kind,n_officers,base_lat_deg,base_lon_deg,starts_at,ends_at"
    rows = (inputs / "units.csv").read_text("utf-8").splitlines()
    cells = dict(zip(rows[0].split(","), rows[1].split(","), strict=True))
    base = f"{cells['base_lat_deg']},{cells['base_lon_deg']}"
    (inputs / "units.csv").write_text(
        f"{head}\nn1,Night 1,car,2,{base},2026-10-25T00:00+01:00,2026-10-25T08:00+00:00\n"
        f"d1,Day 1,car,2,{base},2026-10-25T08:00+00:00,2026-10-25T16:00+00:00\n",
        "utf-8",
    )

    code, _, _ = call(
        *words(
            inputs,
            tmp_path / "out",
            "--on",
            "2026-10-25",
            "--iterations",
            400,
            without=("timetables", "facts", "incidents", "declaration"),
        )
    )

    document = read_plan(tmp_path / "out" / "plan.json")
    assert code == 0
    assert document["totals"]["shift_s"] == (9 + 8) * 3600
    assert document["totals"]["n_visits"] > 0
    assert check(document) == []


@pytest.mark.slow
def test_every_mosque_of_the_west_midlands_has_its_friday_prayer(call: Call, data_dir: Path, tmp_path: Path) -> None:
    """On the real register 137 mosques have Jumu'ah on 27 November 2026, and whoever is not visited has a reason."""
    register = data_dir / "places_of_worship" / "places_of_worship_osm_2026-08.csv"
    declaration = tmp_path / "declaration.toml"
    declaration.write_bytes(input_files(demo_area(1, date(2026, 11, 27)))["declaration.toml"])
    declaration.write_text(declaration.read_text("utf-8").replace('"DEMO-01"', '"E23000014"'), "utf-8")
    area = ("--area", "E23000014", "--places", register, "--on", "2026-11-27")
    call("patrols", "units", *area, "--n", 40, "--out", tmp_path / "units.csv")

    code, _, _ = call(
        "patrols", "plan", *area, "--units", tmp_path / "units.csv", "--declaration", declaration,
        "--iterations", 2000, "--out", tmp_path / "out",
    )  # fmt: skip

    document = read_plan(tmp_path / "out" / "plan.json")
    jumuah = {o["place_ref"] for o in document["occasions"] if o["key"] == "jumuah"}
    mosques = {p["ref"] for p in document["places"] if "muslim" in p["faiths"]}
    visited = {stop["place_ref"] for route in document["routes"] for stop in route["stops"]}
    assert code == 0
    assert len(jumuah) == 137
    assert jumuah == mosques
    assert len(document["places"]) == 1300
    assert {p["ref"] for p in document["places"]} == visited | {row["place_ref"] for row in document["unvisited"]}
    assert all(row["reason"] and row["text"] for row in document["unvisited"])
    assert check(document) == []


@pytest.mark.slow
def test_an_announced_eid_reaches_the_plan(call: Call, tmp_path: Path) -> None:
    """
    On 30 March 2025 every mosque may keep Eid; one that announced the 31st does not, one that announced the 30th does.
    """
    folder = tmp_path / "inputs"
    folder.mkdir()
    area = demo_area(1, date(2025, 3, 30))
    for name, data in input_files(area).items():
        (folder / name).write_bytes(data)
    later, today, silent = [p.ref for p in area.places if "muslim" in p.faiths and p.status == "active"][4:7]
    said = tmp_path / "announcements.csv"
    said.write_text(
        "authority,event,hijri_year,on,announced_at,source,weekday_said\n"
        f"{later},eid_al_fitr,1446,2025-03-31,2025-03-29T20:00+00:00,board,Monday\n"
        f"{today},eid_al_fitr,1446,2025-03-30,2025-03-29T18:00+00:00,board,Sunday\n"
    )
    given: list[object] = ["patrols", "plan", "--on", "2025-03-30", "--area", "DEMO-01", "--out", tmp_path / "out"]
    given += ["--places", folder / "places.csv", "--units", folder / "units.csv", "--announcements", said]

    code, _, _ = call(*given, "--iterations", 50, "--bound", "off", "--lottery", "off", "--allow-shortfall")

    plan = read_plan(tmp_path / "out" / "plan.json")
    eids = {o["place_ref"]: o["date_share"] for o in plan["occasions"] if o["key"] == "eid_prayer"}
    assert code == 0
    assert later not in eids
    assert (eids[today], eids[silent]) == (1, pytest.approx(0.525))
    assert "announcements" in plan["inputs"]["digests"]
