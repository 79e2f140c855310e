"""What people write into an order, and when it may be issued."""

import io

import pytest
from pypdf import PdfReader

from plan_documents import made_plan
from reassure.files.plan_pdf import order_pdf
from reassure.patrols.briefing import index_plan
from reassure.patrols.order import Facts, order_sections
from reassure.patrols.order_texts import BY_HAND, Issued, asked_lines, filled, order_problems

ONE_LINE_EACH = {
    "History": "Nothing known.",
    "Gold's strategy": "Be seen.",
    "Tactical limits": "None.",
    "Welfare": "Hot food at the base.",
    "Risk assessment": "Low.",
    "Channels": "Channel 3.",
    "Legal basis": "Common law.",
    "Written reason": "Two units only.",
}


@pytest.fixture(scope="module")
def sections():
    """The sections of a small order."""
    return order_sections(index_plan(made_plan(n_places=20, n_units=2)))


def test_every_line_for_people_stands_in_the_order(sections):
    """No line is asked for that the order would not print, but a reason where nothing needs one."""
    asked = {name for _, names in asked_lines(sections) for name in names}

    assert {name for names in BY_HAND.values() for name in names} - asked <= {"Written reason"}


def test_an_order_without_words_names_all_seven_headings(sections):
    """The headings of the College of Policing, in their order."""
    columns = [problem.column for problem in order_problems(sections, {}) if problem.column in BY_HAND]

    assert columns == [
        "Information", "Intention", "Method", "Administration", "Risk assessment", "Communications",
        "Human rights and legal",
    ]  # fmt: skip


def test_one_line_under_each_heading_is_enough(sections):
    """An empty line beside a written one prints "not stated"."""
    assert order_problems(sections, ONE_LINE_EACH) == []


def test_spaces_are_no_words(sections):
    """A heading with nothing but spaces is empty."""
    [problem] = order_problems(sections, {**ONE_LINE_EACH, "Gold's strategy": "  \n"})

    assert problem.column == "Intention"


def test_what_the_system_said_is_not_overwritten(sections):
    """Only lines of people take their words."""
    said = filled(sections, {"Day": "another day", "History": "Nothing known."})
    rows = [row for section in said for block in section.blocks if isinstance(block, Facts) for row in block.rows]

    assert ("Day", "Friday 27 November 2026") in rows
    assert ("History", "Nothing known.") in rows


def test_an_issued_order_prints_its_words_and_who_stands_for_it():
    """Words, commander and the head of the audit chain are on paper."""
    document = {**made_plan(n_places=20, n_units=2), "status": "approved"}

    data = order_pdf(document, ONE_LINE_EACH, Issued("Demo commander", "Demo commander", "ab" * 32))

    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    assert "Hot food at the base." in text
    assert "Demo commander" in text
    assert "abab" in text
