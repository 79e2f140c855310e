"""The report and the letters: one file each, nothing from elsewhere, every number in words or a table."""

import re
from html.parser import HTMLParser

import pytest

from fund_oracle import BIDS, SCHEME, SEED, TERMS
from reassure.errors import InputError
from reassure.files.fund_letters import letter_files, letter_text, letters_of
from reassure.files.fund_report import report_html
from reassure.files.fund_run import read_run, run_bytes, run_sha256, stored
from reassure.fund.allocation import allocate
from reassure.fund.explanations import line_reasons, regret_or_none
from reassure.fund.optimum import Model


@pytest.fixture(scope="module")
def kept():
    run, model = allocate(BIDS, TERMS, SEED), Model(BIDS, TERMS, SEED)
    reasons = line_reasons(run, model)
    return stored(SCHEME, run, reasons, regrets={k: regret_or_none(run, model, k) for k in reasons})


class Shape(HTMLParser):
    """Which elements a page opens and closes, and its ids and references."""

    void = ("meta", "link", "br", "img", "input", "hr", "path", "rect", "line", "circle")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.uses: list[str] = []
        self.names: list[str] = []

    def handle_starttag(self, tag, attrs) -> None:
        self.names.append(tag)
        values = dict(attrs)
        if "id" in values:
            self.ids.append(values["id"])
        self.uses += (values.get("aria-labelledby") or "").split()
        if (values.get("href") or "").startswith("#"):
            self.uses.append(values["href"][1:])
        if tag not in self.void:
            self.open.append(tag)

    def handle_endtag(self, tag) -> None:
        if tag not in self.void:
            assert self.open.pop() == tag


def shape(html: str) -> Shape:
    parser = Shape()
    parser.feed(html)
    assert parser.open == []
    return parser


def test_the_report_is_whole_and_loads_nothing(kept) -> None:
    """Every element is closed, every reference has its target, there is no script and nothing from a network."""
    html = report_html(kept).decode()
    page = shape(html)

    assert len(page.ids) == len(set(page.ids))
    assert set(page.uses) <= set(page.ids)
    assert "script" not in page.names
    assert "http" not in html.replace("http://www.w3.org/2000/svg", "")
    assert 'lang="en-GB"' in html
    assert html.count("<svg") == html.count("<title id=") == html.count("<desc id=") >= 3
    assert page.names.count("h1") == 1


def test_the_report_says_what_the_run_says(kept) -> None:
    """The numbers of the worked round stand on the page, the hidden ones do not."""
    html = report_html(kept).decode()

    for part in ("£29,800", "81,970", "79,480", "46,560", "6,145", "22,525", "The score is below the pass mark"):
        assert part in html
    fairness = html[html.index("By region") :]
    assert "[c]" in fairness


def test_text_from_outside_cannot_become_markup(kept) -> None:
    """A region or a title with markup in it is shown as text."""
    from dataclasses import replace  # noqa: PLC0415

    evil = "<script>alert(1)</script>"
    run = replace(kept.run, bids=tuple(replace(b, region=evil, faith=evil) for b in kept.run.bids), seed=evil)
    html = report_html(replace(kept, run=run, scheme_title=evil)).decode()

    assert evil not in html
    assert "&lt;script&gt;" in html
    letters = letters_of(replace(kept, scheme_title=evil))
    assert all(
        evil.encode() not in data
        for data in letter_files(replace(kept, scheme_title=evil), letters).values()
        if b"<main>" in data
    )


def test_every_bid_has_a_letter_with_its_reasons(kept) -> None:
    """Offers name amount and own part, refusals the reason of every line and the way to appeal."""
    letters = {x.bid_ref: x for x in letters_of(kept)}

    assert {ref: x.kind for ref, x in letters.items()} == {
        "A": "offer",
        "B": "offer",
        "C": "offer",
        "D": "offer",
        "E": "offer",
        "F": "refused",
    }
    a, f = (" ".join(letter_text(letters[ref], kept).split()) for ref in "AF")
    assert "We offer £8,400 for 2 of the 3 measures" in a
    assert "Your place and its other grants pay £2,100" in a  # 1,500 - 1,200 ... 600,000 + 450,000 - 840,000 pence
    assert "A3 fixed CCTV, £12,000.00: The money went further elsewhere" in a
    assert "38.5 of 100, and 40.0 passes" in f
    assert "20 working days" in f
    files = letter_files(kept, list(letters.values()))
    assert len(files) == 2 * len(letters) + 1
    for name, data in files.items():
        if name.endswith(".html"):
            shape(data.decode())
        if name.endswith(".txt"):
            assert max(map(len, data.decode().splitlines())) <= 80


def test_words_of_letters_are_for_people(kept) -> None:
    """No code of ours stands in a letter."""
    text = " ".join(letter_text(x, kept) for x in letters_of(kept))

    assert not re.search(r"\b[A-Z]{4,}_[A-Z]+\b", text)


def test_a_reference_cannot_leave_the_folder(kept, tmp_path) -> None:
    """A run.json whose digest fits but whose bid is called ../x is no run: nobody writes outside the folder by it."""
    from dataclasses import replace  # noqa: PLC0415

    (tmp_path / "run.json").write_bytes(run_bytes(kept))
    assert run_sha256(read_run(tmp_path)) == run_sha256(kept)
    bids = tuple(replace(b, ref="../x") if b.ref == "F" else b for b in kept.run.bids)
    (tmp_path / "run.json").write_bytes(run_bytes(replace(kept, run=replace(kept.run, bids=bids))))
    with pytest.raises(InputError, match="a part is missing"):
        read_run(tmp_path)
