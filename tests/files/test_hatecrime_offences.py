"""Reading supplied offences and coverage: every fault with its row, column and kind."""

from datetime import date
from pathlib import Path

import pytest

from hatecrime_records import COVERAGE_HEADER, HEADER
from reassure.errors import InputError
from reassure.files.offences import read_coverage, read_offences

GOOD = "a1,E23000014,2019-06-01,recorded,2018-09-03,125,religion,muslim"


def read(tmp_path: Path, *rows: str, header: str = HEADER, bom: bool = False):
    path = tmp_path / "offences.csv"
    path.write_text("\n".join([header, *rows]) + "\n", "utf-8-sig" if bom else "utf-8")
    return read_offences(path)


def kinds(tmp_path: Path, *rows: str) -> set[tuple[int, str, str]]:
    return {(fault.row, fault.column, fault.kind) for fault in read(tmp_path, *rows).faults}


@pytest.mark.parametrize(
    ("row", "column", "kind"),
    [
        (",E23000014,2019-06-01,recorded,2018-09-03,125,religion,muslim", "offence_id", "missing"),
        ("a1,,2019-06-01,recorded,2018-09-03,125,religion,muslim", "force_code", "missing"),
        ("a1,E23000014,,recorded,2018-09-03,125,religion,muslim", "submitted_on", "missing"),
        ("a1,E23000014,2019-06-01,,2018-09-03,125,religion,muslim", "state", "missing"),
        ("a1,E23000014,2019-06-01,recorded,,125,religion,muslim", "recorded_on", "missing"),
        ("a1,E23000014,2019-06-01,recorded,2018-09-03,,religion,muslim", "offence_code", "missing"),
        ("a1,E23000014,2019-06-01,recorded,2018-09-03,125,,muslim", "strands", "missing"),
        ("a1,E23000099,2019-06-01,recorded,2018-09-03,125,religion,muslim", "force_code", "unknown_code"),
        ("a1,E23000014,2019-06-01,sent,2018-09-03,125,religion,muslim", "state", "unknown_code"),
        ("a1,E23000014,2019-06-01,recorded,2018-09-03,125,faith,muslim", "strands", "unknown_code"),
        ("a1,E23000014,2019-06-01,recorded,2018-09-03,125,religion,jedi", "perceived_religions", "unknown_code"),
        ("a1,E23000014,2019-06-01,recorded,2018-09-03,123456,religion,muslim", "offence_code", "unknown_code"),
        ("a1,E23000014,2019-06-01,recorded,2019-02-30,125,religion,muslim", "recorded_on", "not_a_date"),
        ("a1,E23000014,2019-06-01,recorded,03/09/2018,125,religion,muslim", "recorded_on", "not_a_date"),
        ("a1,E23000014,20190601,recorded,2018-09-03,125,religion,muslim", "submitted_on", "not_a_date"),
        ("a1,E23000014,2019-06-01,recorded,2018-09-03,125,religion,muslim;Muslim", "perceived_religions", "repeated"),
        ("a1,E23000014,2019-06-01,recorded,2018-09-03,125,race;race,", "strands", "repeated"),
        ("a1,E23000014,2019-06-01,recorded,2019-06-02,125,religion,muslim", "recorded_on", "after_submission"),
        (
            "a1,E23000014,2019-06-01,recorded,2018-09-03,125,race,muslim",
            "perceived_religions",
            "religion_without_strand",
        ),
        (
            "a1,E23000014,2019-06-01,recorded,2018-09-03,125,religion,muslim;unknown",
            "perceived_religions",
            "unknown_with_named",
        ),
        ("a1,E23000014,2019-06-01,recorded,2018-09-03,8P,disability,", "strands", "rra_without_strand"),
        ("=1+1,E23000014,2019-06-01,recorded,2018-09-03,125,religion,muslim", "offence_id", "unreadable"),
    ],
)
def test_a_fault_is_named_with_row_column_and_kind(tmp_path: Path, row: str, column: str, kind: str) -> None:
    """Each kind of section 7, one at a time; the good row above it stays good."""
    assert kinds(tmp_path, GOOD.replace("a1", "a0"), row) == {(3, column, kind)}


def test_all_faults_of_a_row_are_named_at_once(tmp_path: Path) -> None:
    """A row with five faults has five, each with its sentence: file, row, column, value and what was expected."""
    found = read(tmp_path, "a1,E9,2019-06-01,recorded,2018-13-01,,faith;race,jedi")

    assert {(f.column, f.kind) for f in found.faults} == {
        ("force_code", "unknown_code"),
        ("recorded_on", "not_a_date"),
        ("offence_code", "missing"),
        ("strands", "unknown_code"),
        ("perceived_religions", "unknown_code"),
    }
    texts = [f.problem.text for f in found.faults]
    assert any("row 2: force_code is E9; expected a police area code such as E23000014, or btp." in t for t in texts)
    assert found.supplies == ()


def test_repeats_and_conflicts_name_the_second_row(tmp_path: Path) -> None:
    """An equal row of one key and day is a duplicate, whatever its spelling; a different one a conflict."""
    same = "a1,E23000014,2019-06-01,Recorded,2018-09-03,125, Religion , MUSLIM "
    other = "a1,E23000014,2019-06-01,recorded,2018-09-03,125,religion,sikh"
    cancelled = "a2,E23000014,2019-06-01,cancelled,,,,"

    assert kinds(tmp_path, GOOD, same) == {(3, "offence_id", "duplicate")}
    assert kinds(tmp_path, GOOD, other) == {(3, "offence_id", "conflicting_versions")}
    assert kinds(tmp_path, cancelled, cancelled) == {(3, "offence_id", "duplicate")}
    assert kinds(tmp_path, cancelled, GOOD.replace("a1", "a2")) == {(3, "offence_id", "conflicting_versions")}
    assert kinds(tmp_path, GOOD, other.replace("2019-06-01", "2019-06-02")) == set()


def test_codes_are_read_in_any_case_and_spacing(tmp_path: Path) -> None:
    """Trim, any case, a space is an underscore; a byte order mark is fine; a cancelled row needs nothing more."""
    found = read(
        tmp_path,
        "a1,BTP,2019-06-01,RECORDED,2018-09-03,8m,Religion ; Sexual Orientation,No Religion;",
        "a2,E23000014,2019-06-01,cancelled,rubbish,,,",
        bom=True,
    )

    assert found.faults == ()
    assert kinds(tmp_path, GOOD.replace("2018-09-03", "2019-06-01")) == set()  # recorded on the day of supply
    offence = found.supplies[0].offence
    assert offence is not None
    assert (offence.force, offence.code, offence.recorded_on) == ("btp", "8M", date(2018, 9, 3))
    assert offence.strands == {"religion", "sexual_orientation"}
    assert offence.religions == {"no_religion"}
    assert found.supplies[1].offence is None


def test_other_columns_are_dropped_and_named(tmp_path: Path) -> None:
    """The victim's own religion, a name, a place: never read, and the user is told which columns went."""
    header = HEADER + ",victim_religion,victim_name"

    found = read(tmp_path, GOOD + ",sikh,A Person", header=header)

    assert found.dropped == ("victim_religion", "victim_name")
    assert "A Person" not in repr(found.supplies)
    assert found.supplies == read(tmp_path, GOOD).supplies


def test_a_file_without_its_columns_is_refused(tmp_path: Path) -> None:
    """Every missing column is named."""
    with pytest.raises(InputError) as refused:
        read(tmp_path, "a1,E23000014", header="offence_id,force_code")
    assert len(refused.value.problems) == 6


def test_coverage_names_every_fault(tmp_path: Path) -> None:
    """Force, year, date, supply of religion and of strands are checked; all faults at once."""
    path = tmp_path / "coverage.csv"
    path.write_text(f"{COVERAGE_HEADER}\nE23000014,2018/19,2019-06-01,perceived,yes\nbtp,2018/19,2019-06-01,None,NO\n")
    rows = read_coverage(path)
    assert [(r.force, r.religion, r.has_strands) for r in rows] == [
        ("E23000014", "perceived", True),
        ("btp", "none", False),
    ]

    path.write_text(f"{COVERAGE_HEADER}\nX,2018/20,1/6/19,both,maybe\n")
    with pytest.raises(InputError) as refused:
        read_coverage(path)
    assert [p.column for p in refused.value.problems] == COVERAGE_HEADER.split(",")
