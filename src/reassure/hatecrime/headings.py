"""How rows and columns of the tables are called where people read them: units in the heading, forces by name.

Rules: the words of docs/rooms/hatecrime.md, section "Words". The CSV keeps codes; pages and workbooks have words.
"""

from reassure.hatecrime.offences import FORCE_WORDS, RELIGION_WORDS, STRAND_WORDS
from reassure.hatecrime.tables import FACTORS, OFFENCES, TARGETED, Table, Value

HEADINGS = {
    "perceived_religion": "Perceived religion of the victim",
    "offences": "Offences (number)",
    "percent_of_offences": "Share of offences, unknown included (per cent)",
    "percent_of_known": "Share of offences with a known religion (per cent)",
    "strand": "Hate crime strand",
    "force_code": "Code of police force",
    "factors": "Motivating factors (number)",
    "targeted": "Targeted religions (number)",
    "month": "Month",
    "rra_offences": "Racially or religiously aggravated offences (number)",
}
FORCE_HEADING = "Police force"
TOTALS = {
    TARGETED: "Total number of targeted religions",
    FACTORS: "Total number of motivating factors",
    OFFENCES: "Total number of offences",
}
_CELL_WORDS = {code: f"{words} (number)" for code, words in (RELIGION_WORDS | STRAND_WORDS).items()}
_ROW_WORDS = RELIGION_WORDS | STRAND_WORDS | TOTALS


def headings(table: Table) -> tuple[str, ...]:
    """The header in words; a table by force gets a column for the force's name."""
    words = [HEADINGS.get(name) or _CELL_WORDS[name] for name in table.header]
    return (words[0], FORCE_HEADING, *words[1:]) if is_by_force(table) else tuple(words)


def is_by_force(table: Table) -> bool:
    """Whether the rows are forces."""
    return table.header[0] == "force_code"


def worded_rows(table: Table) -> list[tuple[Value, ...]]:
    """The rows with words for codes; numbers stay as they are."""
    if is_by_force(table):
        return [(row[0], FORCE_WORDS[str(row[0])], *row[1:]) for row in table.rows]
    return [(_ROW_WORDS.get(str(row[0]), row[0]), *row[1:]) for row in table.rows]
