"""The order and the cards as PDF: tagged, marked, the same each time, and each card silent about the others."""

import io
import re
from functools import cache, lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from plan_documents import made_plan, plan_with_shortfall, plan_without_visits
from reassure.errors import InputError
from reassure.files.plan_glyphs import DRAWN, drawable
from reassure.files.plan_pdf import card_pdf, cards_pdf, order_pdf
from reassure.patrols.briefing import cards, index_plan

PLANS = {"full": made_plan, "short": plan_with_shortfall, "empty": plan_without_visits}
WRITERS = {"order": order_pdf, "cards": cards_pdf}
every_file = pytest.mark.parametrize(("writer", "kind"), [(w, k) for w in WRITERS for k in PLANS])


@cache
def plan(kind: str):
    return PLANS[kind]()


@cache
def written(writer: str, kind: str) -> bytes:
    return WRITERS[writer](PLANS[kind]())


@lru_cache
def pages(data: bytes) -> list[str]:
    """The text of each page, in one line."""
    return [re.sub(r"\s+", " ", p.extract_text()) for p in PdfReader(io.BytesIO(data)).pages]


@every_file
def test_a_pdf_says_that_it_is_accessible(writer, kind):
    """PDF/UA-1: tagged, with language, a title that is shown, and the part of the standard in its metadata."""
    reader = PdfReader(io.BytesIO(written(writer, kind)))
    catalog = reader.trailer["/Root"]

    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"] == "en-GB"
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "/StructTreeRoot" in catalog
    assert b"pdfuaid:part>1<" in catalog["/Metadata"].get_data()
    assert reader.metadata.title


@every_file
def test_the_same_plan_gives_the_same_pdf(writer, kind):
    """No clock, no font of the machine: equal documents, equal bytes."""
    assert WRITERS[writer](PLANS[kind]()) == written(writer, kind)


@every_file
def test_every_page_carries_marking_draft_date_digest_and_number(writer, kind):
    """A page that gets lost says what it is, of which plan, and that nobody has approved it."""
    document = plan(kind)
    texts = pages(written(writer, kind))

    for number, text in enumerate(texts, start=1):
        assert text.count(f"{document['marking']} | DRAFT") >= 2
        assert "Friday 27 November 2026" in text
        assert f"Plan {document['digest'][:16]}" in text
        counted = f"Page {number} of {len(texts)}" if writer == "order" else "Page 1 of 1"
        assert counted in text


def test_an_approved_plan_is_no_draft():
    """DRAFT goes when somebody has approved the plan."""
    document = {**made_plan(n_places=20, n_units=2), "status": "approved"}

    assert "DRAFT" not in "".join(pages(cards_pdf(document)) + pages(order_pdf(document)))


@pytest.mark.parametrize("kind", PLANS)
def test_there_is_one_card_a_unit_with_its_own_visits(kind):
    """Page n is the card of unit n: its call sign and the position of each of its stops."""
    document = plan(kind)
    places = {p["ref"]: p for p in document["places"]}
    texts = pages(written("cards", kind))

    assert len(texts) == len(document["units"])
    for text, unit, route in zip(texts, document["units"], document["routes"], strict=True):
        assert unit["callsign"] in text
        for stop in route["stops"]:
            place = places[stop["place_ref"]]
            assert f"{place['lat_deg']:.5f}, {place['lon_deg']:.5f}" in text
            assert not place["name"].startswith("Generated Place") or place["name"] in text


@pytest.mark.parametrize("kind", PLANS)
def test_a_card_names_no_place_and_no_unit_but_its_own(kind):
    """Whoever finds a card learns one round and nothing about the others."""
    document = plan(kind)
    names = {p["ref"]: p["name"] for p in document["places"]}
    where = {p["ref"]: f"{p['lat_deg']:.5f}, {p['lon_deg']:.5f}" for p in document["places"]}

    for text, route in zip(pages(written("cards", kind)), document["routes"], strict=True):
        own = {stop["place_ref"] for stop in route["stops"]}
        for ref in names.keys() - own:
            assert names[ref] not in text
            assert where[ref] not in text
        for unit in document["units"]:
            is_named = re.search(re.escape(unit["callsign"]) + r"\b", text)
            assert unit["ref"] == route["unit_ref"] or not is_named


@pytest.mark.parametrize("kind", PLANS)
def test_a_card_holds_no_points_no_weakness_and_no_number_of_units(kind):
    """Officers never see points, the security gap or the last visit; a page number would give the units away."""
    document = plan(kind)

    for text in pages(written("cards", kind)):
        assert not re.search(r"points?\b|\bgap\b|last visit|must-visit|\bneed\b", text, re.IGNORECASE)
        assert not [n for n in document["needs"] if n["points"] and n["explanation"] in text]
        assert f"of {len(document['units'])} " not in text


def test_a_card_says_how_to_behave_and_why():
    """Outside only where the place asked for it, and at most the two lines of the document."""
    document = made_plan()
    index = index_plan(document)
    texts = pages(written("cards", "full"))

    for text, card in zip(texts, cards(index), strict=True):
        outside = sum(index.places[v.place_ref]["presence"] == "outside_only" for v in card.visits)
        assert text.count("Stay outside.") == outside
        for visit in card.visits:
            assert len(visit.lines) <= 2
            assert all(line in text for line in visit.lines)


def test_a_single_card_is_small_and_alone():
    """What one unit is handed has one page and at most 100 kB (operations.md section 7)."""
    document = made_plan()

    for unit in document["units"][:6]:
        data = card_pdf(document, unit["ref"])
        assert len(data) <= 100_000
        assert len(pages(data)) == 1
    with pytest.raises(InputError, match="unit_ref is U99"):
        card_pdf(document, "U99")


@pytest.mark.parametrize("kind", PLANS)
def test_an_order_holds_the_headings_every_visit_and_what_a_hand_must_fill(kind):
    """Seven headings, each stop of each unit, and "not stated" where nobody has written yet."""
    document = plan(kind)
    text = " ".join(pages(written("order", kind)))
    headings = "Information|Intention|Method|Administration|Risk assessment|Communications|Human rights and legal"

    places = [text.index(heading) for heading in headings.split("|")]
    assert places == sorted(places)
    assert "Gold's strategy: not stated" in text.replace("\u2019", "'")
    for p in document["places"]:
        is_visited = any(s["place_ref"] == p["ref"] for r in document["routes"] for s in r["stops"])
        assert not (is_visited and p["name"].startswith("Generated Place")) or p["name"] in text
    assert "points" not in text


def test_marks_of_the_template_language_stay_text():
    """A name that looks like Typst is printed as it is, and sets nothing."""
    document = made_plan(n_places=12, n_units=2)
    name = "#panic() $x$ *b* _i_ \\ @a <l> `r` // c /* d"
    for place in document["places"]:
        place["name"] = name
    document["units"][0]["callsign"] = "#set page(fill: red)"

    squeezed = name.replace(" ", "")
    assert squeezed in "".join(pages(order_pdf(document))).replace(" ", "")
    assert "#set page(fill: red)" in pages(cards_pdf(document))[0]


@given(st.text(min_size=1, max_size=30))
@settings(max_examples=25)
def test_any_name_can_be_printed(name):
    """Whatever script, mark or symbol a name holds, the card comes out."""
    document = made_plan(n_places=4, n_units=2)
    for place in document["places"]:
        place["name"] = name

    assert card_pdf(document, "U01").startswith(b"%PDF-1.7")


def test_a_script_that_cannot_be_drawn_is_named():
    """Gurmukhi and Chinese have no letters in the fonts inside Typst: the card says what stands there."""
    assert drawable("ਗੁਰਦੁਆਰਾ ਸਾਹਿਬ (Generated)") == "[Gurmukhi text] (Generated)"
    assert drawable("示範佛寺") == "[Chinese text]"
    assert drawable("🙏 Hall") == "[symbol] Hall"
    assert drawable("مسجد النور") == "مسجد النور"


@pytest.mark.slow
def test_every_character_of_the_table_can_be_drawn():
    """Each character that the table calls drawable goes through PDF/UA-1, which refuses one without a shape."""
    spans = [part.split("-") for part in DRAWN.split()]
    letters = [chr(c) for a, *b in spans for c in range(int(a, 16), int((b or [a])[0], 16) + 1)]
    document = made_plan(n_places=4, n_units=2)
    document["attributions"] = [" ".join(letters)]

    text = "".join(pages(order_pdf(document))[-1:])
    assert "text]" not in text
    assert "[symbol]" not in text
    assert len(letters) > 2_000
