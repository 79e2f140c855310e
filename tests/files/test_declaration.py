"""A declaration as TOML: what is read, and every refusal with its words."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from reassure.errors import InputError
from reassure.files.declaration import read_declaration
from reassure.threats.declarations import declaration_problems

WHOLE = """\
ref = "D-7"
revision = 2
status = "actual"
msg_type = "update"
title = "Mosques named, all faiths engaged"
event_at = 2019-03-15T13:40:00+13:00
event_place = "Abroad"
source_url = "https://example.org/statement"
threat_wording = "No intelligence links these events to the UK."
threat_level_seen = "SEVERE"
faiths_named = ["muslim"]
is_all_faiths = true
areas = ["E23000014"]
activities = ["presence", "advice"]
issued_by = "Coordinator"
approved_by = "Second person"
issued_at = 2019-03-15T05:00:00Z
starts_at = "2019-03-15T05:00:00+00:00"
review_at = 2019-03-16T06:00:00+01:00
expires_at = 2019-03-18T05:00:00+00:00

[wordings]
officer = "Be seen, listen, advise."
public = "Officers are visiting places of worship."
"""


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "d.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def texts(path: Path, **known: object) -> list[str]:
    """What is refused, without the name of the file."""
    with pytest.raises(InputError) as refused:
        read_declaration(path, **known)  # type: ignore[arg-type]
    said = [p.text for p in refused.value.problems]
    assert all(text.startswith(f"{path}: ") for text in said)
    return [text.removeprefix(f"{path}: ") for text in said]


def test_every_field_is_read(tmp_path: Path) -> None:
    """All fields of operations.md section 2, instants as TOML date-times or texts, in UTC."""
    d = read_declaration(written(tmp_path, WHOLE))

    assert (d.ref, d.revision, d.status, d.msg_type) == ("D-7", 2, "actual", "update")
    assert d.event_at == datetime(2019, 3, 15, 0, 40, tzinfo=UTC)
    assert (d.issued_at, d.starts_at) == (datetime(2019, 3, 15, 5, tzinfo=UTC),) * 2
    assert d.review_at == datetime(2019, 3, 16, 5, tzinfo=UTC)
    assert d.review_at.tzinfo is UTC
    assert d.faiths_named == {"muslim"}
    assert d.is_all_faiths
    assert (d.areas, d.activities) == ({"E23000014"}, {"presence", "advice"})
    assert d.wordings == (
        ("officer", "Be seen, listen, advise."),
        ("public", "Officers are visiting places of worship."),
    )
    assert (d.source_url, d.threat_level_seen, d.event_place) == ("https://example.org/statement", "SEVERE", "Abroad")
    assert declaration_problems(d) == []


def test_what_may_be_left_out_may_be_left_out(tmp_path: Path) -> None:
    """Event, source, level, areas, approver and wordings may be missing or empty; a first revision is 1."""
    optional = ("revision", "event_at", "event_place", "source_url", "threat_level_seen", "areas", "approved_by")
    lines = [line for line in WHOLE.split("\n[wordings]", maxsplit=1)[0].splitlines() if not line.startswith(optional)]

    d = read_declaration(written(tmp_path, "\n".join([*lines, 'supersedes = ""'])))

    assert (d.revision, d.event_at, d.areas, d.approved_by, d.wordings, d.supersedes) == (1, None, set(), "", (), "")


def test_a_missing_end_is_refused_in_the_words_of_the_house(tmp_path: Path) -> None:
    """The refusal of operations.md section 12, word for word."""
    text = WHOLE.replace("expires_at = 2019-03-18T05:00:00+00:00\n", "")

    assert texts(written(tmp_path, text)) == ["expires_at is missing; expected at most 72 h after starts_at."]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ('threat_wording = ""', "threat_wording is missing; expected what is said about the threat."),
        ("faiths_named = []\nis_all_faiths = false", "faiths_named is missing; expected at least one faith, or is_all"),
        ("activities = []", "activities is missing; expected presence, advice or both."),
        ('activities = "presence"', "activities is presence; expected a list of at most 200 texts."),
        ('activities = ["presence", 3]', "activities.2 is 3; expected a text."),
        ("revision = true", "revision is true; expected a whole number, 1 or more."),
        ("revision = 1.5", "revision is 1.5; expected a whole number, 1 or more."),
        ("revision = -99999999999999999999", "revision is -99999999999999999999; expected 1 or more."),
        ('is_all_faiths = "yes"', "is_all_faiths is yes; expected true or false."),
        ("title = 7", "title is 7; expected a text."),
        (
            "expires_at = 2019-03-18T13:00:00Z",
            "expires_at is 2019-03-18T13:00:00+00:00, 80 h after starts_at; expected",
        ),
        ("expires_at = 2019-03-18T05:00:00", "expires_at is 2019-03-18T05:00:00; expected an instant with its UTC"),
        ("expires_at = 2019-03-18", "expires_at is 2019-03-18; expected an instant with its UTC offset"),
        ('expires_at = "soon"', "expires_at is soon; expected an instant with its UTC offset"),
        ('expires_at = "0001-01-01T00:00+05:00"', "expires_at is 0001-01-01T00:00+05:00; expected an instant"),
        ("expires_at = nan", "expires_at is nan; expected an instant with its UTC offset"),
        ('title = "a\\u0007b"', "title is a\\x07b; expected at most 4,000 characters, none of them a control"),
        ('approved_by = "Coordinator"', "approved_by is Coordinator; expected somebody other than issued_by."),
    ],
)
def test_a_fault_of_one_field_is_one_problem(tmp_path: Path, line: str, text: str) -> None:
    """A wrong type, a value out of range or a missing facet is said once, with what was expected."""
    keys = [part.split(" = ")[0] + " = " for part in line.split("\n")]
    kept = [row for row in WHOLE.splitlines() if not row.startswith(tuple(keys))]

    (said,) = texts(written(tmp_path, line + "\n" + "\n".join(kept)))

    assert said.startswith(text)


def test_all_faults_are_listed_in_the_order_of_the_fields(tmp_path: Path) -> None:
    """An empty shell of a declaration names everything that is missing, once each, and every key nobody knows."""
    assert texts(written(tmp_path, 'expire_at = 2019-03-18T05:00:00Z\n[wordings]\npress = "x"\n')) == [
        "ref is missing; expected a text such as D-7.",
        "status is missing; expected actual, exercise or test.",
        "msg_type is missing; expected alert, update or cancel.",
        "title is missing; expected a text.",
        "threat_wording is missing; expected what is said about the threat.",
        "faiths_named is missing; expected at least one faith, or is_all_faiths = true.",
        "activities is missing; expected presence, advice or both.",
        "wordings is press; expected one of national, force, officer, trustee, public.",
        "issued_by is missing; expected who issues it.",
        "issued_at is missing; expected an instant with its UTC offset, such as 2026-11-27T05:00:00+00:00.",
        "starts_at is missing; expected an instant with its UTC offset, such as 2026-11-27T05:00:00+00:00.",
        "review_at is missing; expected an instant after starts_at and not after expires_at.",
        "expires_at is missing; expected at most 72 h after starts_at.",
        "nobody knows the key expire_at.",
    ]


def test_a_slip_in_an_area_is_refused_where_areas_are_known(tmp_path: Path) -> None:
    """A code that no area has would silently leave an area out."""
    path = written(tmp_path, WHOLE.replace("E23000014", "E2300014"))

    assert texts(path, area_codes=("E23000014",)) == [
        "areas is E2300014; expected a police area code such as E23000014."
    ]
    assert read_declaration(path).areas == {"E2300014"}


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", "the file is empty; expected a declaration with the keys ref"),
        (b"\xef\xbb\xbf  \n", "the file is empty; expected"),
        (b"ref = ", "cannot be read as TOML (Invalid value (at "),
        (b'ref = "A"\nref = "B"\n', "cannot be read as TOML (Cannot overwrite a value (at line 2"),
        (b"a = " + b"[" * 20_000, "cannot be read as TOML (nested too deeply); expected a TOML file."),
        (b"revision = " + b"9" * 5_000, "cannot be read as TOML (Exceeds the limit"),
        (b"PK\x03\x04", "cannot be read as TOML"),
    ],
)
def test_what_is_no_toml_is_refused(tmp_path: Path, data: bytes, text: str) -> None:
    """Empty, broken, doubled, too deep or too huge: one message, no traceback."""
    (said,) = texts(written(tmp_path, data))

    assert said.startswith(text)


def test_a_byte_that_is_no_utf_8_is_named_with_its_line(tmp_path: Path) -> None:
    """A file in another encoding says where it is not UTF-8."""
    with pytest.raises(InputError, match=r"d\.toml, row 2: byte \d+ \(0xe9\) is not UTF-8"):
        read_declaration(written(tmp_path, b'ref = "D"\ntitle = "caf\xe9"\n'))


def test_a_file_that_is_not_there_or_too_large_is_refused(tmp_path: Path) -> None:
    """A missing file, a folder and a file of megabytes are refused before they are read."""
    assert "cannot be read" in texts(tmp_path / "none.toml")[0]
    assert "this is not a file" in texts(tmp_path)[0]
    assert "expected at most 262,144 bytes" in texts(written(tmp_path, b"#" * 300_000))[0]
