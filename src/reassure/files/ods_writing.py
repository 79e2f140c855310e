"""Writing an OpenDocument spreadsheet that everyone can read: one table a sheet, no merged cells, header rows marked.

Rules: what a published workbook has: a cover first, notes, one table a sheet with its title in the first cell and one
header row, units in the header, language and title in the metadata. The same content gives the same bytes.
Source: docs/sources.md#opendocument-12.
"""

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape, quoteattr

from reassure.files.plain_text import plain
from reassure.hatecrime.shares import rounded

MIME = "application/vnd.oasis.opendocument.spreadsheet"
NOT_APPLICABLE = "[z]"
Cell = str | int | float | None

_NAMESPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" '
    'xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" '
    'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.2"'
)
_DECLARED = '<?xml version="1.0" encoding="UTF-8"?>\n'
_STYLES = """<office:styles>
<style:default-style style:family="table-cell"><style:paragraph-properties style:tab-stop-distance="1.25cm"/>
<style:text-properties fo:font-family="Arial" fo:font-size="12pt" fo:language="en" fo:country="GB"/>
</style:default-style>
<number:number-style style:name="Whole"><number:number number:decimal-places="0" number:min-integer-digits="1"
 number:grouping="true"/></number:number-style>
<style:style style:name="Default" style:family="table-cell"/>
</office:styles>
<office:automatic-styles><style:page-layout style:name="page"><style:page-layout-properties fo:page-width="29.7cm"
 fo:page-height="21cm" style:print-orientation="landscape" fo:margin="1.5cm" style:scale-to-X="1" style:scale-to-Y="0"/>
</style:page-layout></office:automatic-styles>
<office:master-styles><style:master-page style:name="Page" style:page-layout-name="page"/></office:master-styles>"""
_AUTOMATIC = """<office:automatic-styles>
<number:number-style style:name="N0"><number:number number:decimal-places="0" number:min-integer-digits="1"
 number:grouping="true"/></number:number-style>
<style:style style:name="first" style:family="table-column"><style:table-column-properties
 style:column-width="6.2cm"/></style:style>
<style:style style:name="other" style:family="table-column"><style:table-column-properties
 style:column-width="3.3cm"/></style:style>
<style:style style:name="wide" style:family="table-column"><style:table-column-properties
 style:column-width="22cm"/></style:style>
<style:style style:name="row" style:family="table-row"><style:table-row-properties
 style:use-optimal-row-height="true"/></style:style>
<style:style style:name="headrow" style:family="table-row"><style:table-row-properties
 style:row-height="2.7cm" style:use-optimal-row-height="false"/></style:style>
<style:style style:name="title" style:family="table-cell" style:parent-style-name="Default"><style:text-properties
 fo:font-size="15pt" fo:font-weight="bold"/></style:style>
<style:style style:name="head" style:family="table-cell" style:parent-style-name="Default"><style:table-cell-properties
 fo:wrap-option="wrap" fo:border-bottom="0.06cm solid #0b0c0c" style:vertical-align="bottom"/><style:text-properties
 fo:font-weight="bold"/></style:style>
<style:style style:name="headnumber" style:family="table-cell" style:parent-style-name="Default">
<style:table-cell-properties fo:wrap-option="wrap" fo:border-bottom="0.06cm solid #0b0c0c"
 style:vertical-align="bottom"/><style:paragraph-properties fo:text-align="end"/>
<style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="number" style:family="table-cell" style:parent-style-name="Default"
 style:data-style-name="N0"><style:paragraph-properties fo:text-align="end"/></style:style>
<style:style style:name="mark" style:family="table-cell" style:parent-style-name="Default"><style:paragraph-properties
 fo:text-align="end"/></style:style>
<style:style style:name="words" style:family="table-cell" style:parent-style-name="Default"><style:table-cell-properties
 fo:wrap-option="wrap" style:vertical-align="top"/></style:style>
<style:style style:name="sheet" style:family="table" style:master-page-name="Page">
<style:table-properties table:display="true"/></style:style>
</office:automatic-styles>"""


@dataclass(frozen=True, slots=True)
class TextSheet:
    """A sheet of sentences: its title, then one a row."""

    name: str
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableSheet:
    """A sheet with one table: title, sentences above it, one header row, rows as wide as the header."""

    name: str
    title: str
    lines: tuple[str, ...]
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def ods_bytes(sheets: Sequence[TextSheet | TableSheet], *, title: str, subject: str, made_on: date) -> bytes:
    """A workbook; numbers keep all their digits and show as whole numbers, None shows as [z] (not applicable)."""
    body = "".join(_text_sheet(s) if isinstance(s, TextSheet) else _table_sheet(s) for s in sheets)
    content = (
        f"{_DECLARED}<office:document-content {_NAMESPACES}>{_AUTOMATIC}"
        f"<office:body><office:spreadsheet>{body}{_ranges(sheets)}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    meta = (
        f"{_DECLARED}<office:document-meta {_NAMESPACES}><office:meta><meta:generator>Reassure</meta:generator>"
        f"<dc:title>{_text(title)}</dc:title><dc:subject>{_text(subject)}</dc:subject><dc:language>en-GB</dc:language>"
        f"<dc:date>{made_on.isoformat()}T00:00:00</dc:date></office:meta></office:document-meta>"
    )
    styles = f"{_DECLARED}<office:document-styles {_NAMESPACES}>{_STYLES}</office:document-styles>"
    parts = {"content.xml": content, "styles.xml": styles, "meta.xml": meta}
    entries = "".join(f'<manifest:file-entry manifest:full-path="{n}" manifest:media-type="text/xml"/>' for n in parts)
    manifest = (
        f'{_DECLARED}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
        f'manifest:version="1.2"><manifest:file-entry manifest:full-path="/" manifest:version="1.2" '
        f'manifest:media-type="{MIME}"/>{entries}</manifest:manifest>'
    )
    return _zipped({**parts, "META-INF/manifest.xml": manifest})


def _zipped(parts: dict[str, str]) -> bytes:
    """The type stands first and uncompressed, so that it can be read without unpacking."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(zipfile.ZipInfo("mimetype", (1980, 1, 1, 0, 0, 0)), MIME)
        for name, text in parts.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, text.encode("utf-8"))
    return data.getvalue()


def _text_sheet(sheet: TextSheet) -> str:
    rows = [_row([_words(sheet.title, "title")]), *(_row([_words(line, "words")]) for line in sheet.lines)]
    return _sheet(sheet.name, '<table:table-column table:style-name="wide"/>', "".join(rows))


def _table_sheet(sheet: TableSheet) -> str:
    above = [_row([_words(sheet.title, "title")]), *(_row([_words(line, "plain")]) for line in sheet.lines)]
    n_named = sum(isinstance(value, str) and not value.startswith("[") for value in (sheet.rows or ((),))[0])
    titles = [_words(text, "head" if i < n_named else "headnumber") for i, text in enumerate(sheet.header)]
    head = f"<table:table-header-rows>{_row(titles, 'headrow')}</table:table-header-rows>"
    rows = [_row([_cell(value) for value in row]) for row in sheet.rows]
    n_first = max(1, n_named)
    columns = _columns("first", n_first) + _columns("other", len(titles) - n_first)
    return _sheet(sheet.name, columns, "".join([*above, head, *rows]))


def _columns(style: str, number: int) -> str:
    return (
        f'<table:table-column table:style-name="{style}" table:number-columns-repeated="{number}"/>' if number else ""
    )


def _sheet(name: str, columns: str, rows: str) -> str:
    return f'<table:table table:name={quoteattr(name)} table:style-name="sheet">{columns}{rows}</table:table>'


def _ranges(sheets: Iterable[TextSheet | TableSheet]) -> str:
    """Each table is a named range with a header row, so that a screen reader can tell its cells' headings."""
    found = []
    for sheet in sheets:
        if isinstance(sheet, TableSheet):
            first = len(sheet.lines) + 2
            last, column = first + len(sheet.rows), _column_name(len(sheet.header))
            address = f"'{sheet.name}'.A{first}:'{sheet.name}'.{column}{last}"
            found.append(
                f'<table:database-range table:name={quoteattr(sheet.name)} table:contains-header="true" '
                f"table:target-range-address={quoteattr(address)}/>"
            )
    return f"<table:database-ranges>{''.join(found)}</table:database-ranges>" if found else ""


def _column_name(number: int) -> str:
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def _row(cells: Sequence[str], style: str = "row") -> str:
    return f'<table:table-row table:style-name="{style}">{"".join(cells)}</table:table-row>'


def _cell(value: Cell) -> str:
    if value is None:
        return _words(NOT_APPLICABLE, "mark")
    if isinstance(value, str):
        return _words(value, "mark" if value.startswith("[") else "plain")
    return (
        f'<table:table-cell table:style-name="number" office:value-type="float" office:value="{value!r}">'
        f"<text:p>{rounded(value):,}</text:p></table:table-cell>"
    )


def _words(text: str, style: str) -> str:
    named = "" if style == "plain" else f' table:style-name="{style}"'
    return f'<table:table-cell{named} office:value-type="string"><text:p>{_text(text)}</text:p></table:table-cell>'


def _text(text: str) -> str:
    return escape(plain(text))
