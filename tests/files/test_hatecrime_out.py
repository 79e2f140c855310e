"""What leaves: workbook and page, checked for structure, and the official workbook as it is read."""

import csv
import json
import re
import zipfile
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from hatecrime_records import FORCES, covered, small_year, table_3_supplies
from reassure.errors import InputError
from reassure.files.hatecrime_csv import csv_bytes, read_release, read_series, statement_json
from reassure.files.hatecrime_html import page_html
from reassure.files.hatecrime_ods import workbook
from reassure.files.ods_reading import read_bulletin, read_ods
from reassure.hatecrime.quality import count_findings, does_not_add_up
from reassure.hatecrime.release import Release, release
from reassure.hatecrime.statements import Statement, statement
from reassure.hatecrime.tables import make_table
from reassure.hatecrime.vintages import as_at

DAY = date(2019, 10, 15)
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"


@pytest.fixture(scope="module")
def religion() -> tuple[Release, Statement]:
    vintage = as_at(table_3_supplies(), covered(FORCES), DAY)
    table = make_table(vintage, "2018/19", "religion")
    return Release(table, 0, 0), statement(table, vintage)


@pytest.fixture(scope="module")
def by_force() -> tuple[Release, Statement]:
    supplies, coverage = small_year(3), covered(FORCES[:7])
    vintage = as_at(supplies, coverage, DAY)
    table = make_table(vintage, "2018/19", "force-religion")
    return release(table, supplies, coverage, DAY), statement(table, vintage)


def test_the_official_workbook_is_read_and_its_table_made_again(
    data_dir: Path, religion: tuple[Release, Statement]
) -> None:
    """Table_3 of bulletin 24/19: counts, unrounded percentages, notes word for word; our table adds up to it."""
    official = read_bulletin(data_dir / "hate_crime" / "hate-crime-1819-hosb2419-tables.ods")

    assert (official.year, official.counts["muslim"], official.counts["total_offences"]) == ("2018/19", 3530, 7446)
    assert official.notes == (
        "Source: Police recorded crime, Home Office",
        "1. Data for religious hate crimes where targeted religion has been recorded by the police.",
        "2. In some offences more than one religion has been recorded as being targeted.",
    )
    assert official.title.startswith(
        "Table 3: Experimental statistics on number and proportion of religious hate crimes"
    )
    made = religion[0].table
    assert does_not_add_up(made, official.counts) == []
    for code, share in official.percents.items():
        assert made.column("percent_of_offences")[code] == pytest.approx(share, abs=1e-9)
    [finding] = does_not_add_up(made, official.counts | {"sikh": 190})
    assert (finding.level, finding.says) == ("stop", "sikh: 188 here, 190 in the bulletin (-2)")


def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path, data_dir: Path) -> None:
    """Not a zip, no content, entities, or no such sheet: an error that says what was expected."""
    path = tmp_path / "a.ods"
    path.write_bytes(b"hello")
    with pytest.raises(InputError, match="the file is no workbook; expected an OpenDocument spreadsheet"):
        read_ods(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    with pytest.raises(InputError, match="declares entities"):
        read_ods(path)
    with pytest.raises(InputError, match="the workbook has the sheets Notes, Table_1"):
        read_bulletin(data_dir / "hate_crime" / "hate-crime-1819-hosb2419-tables.ods", sheet="Table_9")
    with pytest.raises(InputError, match="sheet Table_2 has no row Buddhist"):
        read_bulletin(data_dir / "hate_crime" / "hate-crime-1819-hosb2419-tables.ods", sheet="Table_2")


@pytest.mark.parametrize("which", ["religion", "by_force"])
def test_the_workbook_has_the_structure_that_readers_need(
    tmp_path: Path, which: str, request: pytest.FixtureRequest
) -> None:
    """Type first and plain; cover, notes, one table a sheet; one header row; no merged cells; language and title."""
    released, stated = request.getfixturevalue(which)
    path = tmp_path / "out.ods"
    path.write_bytes(workbook(released, stated))

    with zipfile.ZipFile(path) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert archive.read("mimetype") == b"application/vnd.oasis.opendocument.spreadsheet"
        content, meta, styles = (archive.read(f"{name}.xml").decode() for name in ("content", "meta", "styles"))
        listed = re.findall(r'full-path="([^"]+)"', archive.read("META-INF/manifest.xml").decode())
        assert set(listed) == {"/", "content.xml", "styles.xml", "meta.xml"}
    root = ElementTree.fromstring(content)  # noqa: S314 - our own file
    tables = list(root.iter(f"{TABLE}table"))
    assert [t.get(f"{TABLE}name") for t in tables] == ["Cover", "Notes", "Table"]
    assert [len(list(t.iter(f"{TABLE}table-header-rows"))) for t in tables] == [0, 0, 1]
    assert "spanned" not in content
    assert "covered" not in content
    assert f"<dc:title>{stated.title}</dc:title>" in meta
    assert "<dc:language>en-GB</dc:language>" in meta
    assert 'fo:language="en" fo:country="GB"' in styles
    [header] = [row for head in root.iter(f"{TABLE}table-header-rows") for row in head]
    words = ["".join(cell.itertext()) for cell in header]
    assert all(words)
    assert len(set(words)) == len(words)
    assert all("(number)" in w or "(per cent)" in w for w in words[2:])
    sheet = read_ods(path)["Table"]
    assert sheet[0] == [stated.title]
    assert all(len(row) == len(words) for row in sheet[4:])
    assert workbook(released, stated) == path.read_bytes()


def test_cells_of_the_workbook_keep_all_digits(tmp_path: Path, religion: tuple[Release, Statement]) -> None:
    """The value is unrounded, the text rounded once: Sikh 2.5248... shows as 3; not applicable is [z], never blank."""
    path = tmp_path / "out.ods"
    path.write_bytes(workbook(*religion))

    rows = {row[0]: row for row in read_ods(path)["Table"] if row}

    assert rows["Sikh"][1:3] == [188, pytest.approx(100 * 188 / 7446, abs=1e-12)]
    assert rows["Total number of offences"] == ["Total number of offences", 7446, "[z]", "[z]"]
    with zipfile.ZipFile(path) as archive:
        shown = re.findall(r'office:value="2\.52[0-9]+"><text:p>([^<]*)<', archive.read("content.xml").decode())
    assert shown == ["3"]


class Outline(HTMLParser):
    """The parts of a page that a screen reader goes by."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, name: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((name, dict(attrs)))

    def of(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]


def test_the_page_is_one_file_with_table_chart_base_and_vintage(religion: tuple[Release, Statement]) -> None:
    """Language, one h1, caption, scoped headings, a described drawing after the table, nothing loaded, no scripts."""
    page = page_html(*religion).decode()
    outline = Outline(page)

    assert outline.of("html") == [{"lang": "en-GB"}]
    assert len(outline.of("h1")) == len(outline.of("caption")) == len(outline.of("main")) == 1
    assert {th["scope"] for th in outline.of("th")} == {"col", "row"}
    assert page.index("<table") < page.index("<svg")
    assert re.search(r'<svg [^>]*role="img"><title>[^<]*Muslim 47 %', page)
    caption = page[page.index("<figcaption") : page.index("</figcaption")]
    assert "Base: 7,446 offences" in caption
    assert "15 October 2019" in caption
    assert "from zero" in caption
    assert not re.search(r"<script|<link|<img|src=|https?://|style=\"", page)
    assert (
        "47 % (3,530 of 7,446 offences where a perceived religion was recorded, unknown included; experimental" in page
    )
    assert "should not be seen as a good measure of prevalence" in page


def test_hidden_cells_stand_nowhere_in_what_is_published(by_force: tuple[Release, Statement]) -> None:
    """No chart, no finding about one force and no row number beside a table with hidden cells."""
    released, stated = by_force
    vintage = as_at(small_year(3), covered(FORCES[:7]), DAY)
    findings = count_findings(vintage, "2018/19")

    page = page_html(released, stated).decode()
    told = statement_json(stated, released, findings, is_for_release=True)

    assert "<svg" not in page
    assert f"[c]: {released.n_hidden} of 63 counts are not shown" in page
    assert findings
    assert told["problems"] == []
    assert statement_json(stated, released, findings)["problems"] != []


def test_csv_numbers_read_back_the_same() -> None:
    """Floats keep every digit; None is an empty cell, zero is 0."""
    data = csv_bytes(("a", "b", "c"), [("x", 0, 100 * 188 / 7446), ("y", None, None)]).decode()

    rows = list(csv.DictReader(data.splitlines()))
    assert float(rows[0]["c"]) == 100 * 188 / 7446
    assert (rows[0]["b"], rows[1]["b"]) == ("0", "")
    assert json.loads("[" + rows[0]["c"] + "]") == [100 * 188 / 7446]


def test_series_are_joined_and_contradictions_named(tmp_path: Path) -> None:
    """Files follow one another; the same month twice with another count, or no number, is named."""
    one, two = tmp_path / "a.csv", tmp_path / "b.csv"
    one.write_text("month,rra_offences\n2018-04,5\n2018-05,6\n")
    two.write_text("month,rra_offences\n2018-05,6\n2018-06,7\n")
    assert read_series([one, two]) == {"2018-04": 5, "2018-05": 6, "2018-06": 7}

    two.write_text("month,rra_offences\n2018-05,9\n2018-06,many\n")
    with pytest.raises(InputError) as refused:
        read_series([one, two])
    assert [p.row for p in refused.value.problems] == [2, 3]


def test_an_earlier_release_is_read_with_its_hidden_cells(tmp_path: Path) -> None:
    """`[c]` is a hidden cell; anything but a number is named."""
    path = tmp_path / "r.csv"
    header = "force_code,race,religion,sexual_orientation,disability,transgender,factors,offences"
    path.write_text(f"{header}\nE23000014,9,[c],0,[c],7,30,28\n")
    assert read_release(path, "force") == {"E23000014": [9, None, 0, None, 7]}

    path.write_text(f"{header}\nE23000014,9,x,0,[c],7,30,28\n")
    with pytest.raises(InputError, match="religion is x; expected a whole number"):
        read_release(path, "force")
