"""Letters: one for each bid, as text and as HTML, by criterion and line, in words a trustee can use.

Rules: every refusal names its reasons, what would have changed it where that was worked out, and how to appeal.
English only: a bid that asked for Welsh is listed for a translator, and no machine's Welsh goes out.
Elsewhere: the reasons (`fund.explanations`), their words (`fund.reason_words`).
"""

# ruff: noqa: E501 - a sentence of a letter stands whole

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from reassure.files.fund_bids import csv_bytes
from reassure.files.fund_run import StoredRun
from reassure.fund.bids import ScoredBid
from reassure.fund.decisions import RESERVE_CODES
from reassure.fund.eligibility import RULES
from reassure.fund.life import BidLife
from reassure.fund.reason_words import HEADLINES, change_words, sentence
from reassure.fund.schemes import MEASURES
from reassure.fund.scoring import as_score
from reassure.money import pounds, with_sign

INDEX = "letters.csv"
_APPEAL = (
    "You may appeal within 20 working days of this letter, if a fact was wrong, evidence was overlooked, somebody who "
    "decided had a tie to another bid, or a rule was misapplied. Disagreeing with the score alone is no ground. An "
    "appeal is looked at by an officer with no earlier part in your bid and by the chair."
)
_OFFER = (
    "The offer stands for 28 days. To accept it, both people who signed the bid confirm it. Do not order anything before "
    "you have accepted. New payee details are confirmed by a call back and are first paid after 48 hours."
)


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter: `kind` is "offer", "reserve", "refused" or "ineligible"; paragraphs and rows of a table in order."""

    bid_ref: str
    kind: str
    locale: str
    title: str
    paragraphs: tuple[str, ...]
    lines: tuple[tuple[str, str, str, str], ...] = ()
    ending: tuple[str, ...] = ()


def letters_of(kept: StoredRun, bids: Mapping[str, BidLife] | None = None) -> list[Letter]:
    """
    A letter for each bid of a run, and for each bid that was found ineligible before it, by reference.

    Parameters
    ----------
    bids
        The bids of the round's events, for those that never came to the run and for the language asked for.
    """
    lives = bids or {}
    out = [_of_bid(kept, bid, lives.get(bid.ref)) for bid in kept.run.bids]
    known = {bid.ref for bid in kept.run.bids}
    out += [_ineligible(b) for b in lives.values() if b.state == "ineligible" and b.ref not in known]
    return sorted(out, key=lambda letter: letter.bid_ref)


def _of_bid(kept: StoredRun, bid: ScoredBid, life: BidLife | None) -> Letter:
    funded = kept.funded.get(bid.ref, ())
    lines = tuple(_row(kept, bid, ref) for ref in (x.ref for x in bid.lines))
    score = f"Your bid scored {as_score(bid.tenths)} of 100; {as_score(kept.run.terms.threshold_tenths)} passes."
    locale = life.locale if life is not None else "en"
    body: tuple[str, ...]
    if funded:
        money = sum(x.requested_pence for x in bid.lines if x.ref in funded)
        own = sum(x.contribution_pence for x in bid.lines if x.ref in funded)
        body = (
            f"We offer {with_sign(money)} for {len(funded)} of the {len(bid.lines)} measures that you asked for.",
            score,
            f"Your place and its other grants pay {with_sign(own)} of these measures." if own else "You pay nothing.",
        )
        return Letter(bid.ref, "offer", locale, f"Offer of {with_sign(money)}", body, lines, (_OFFER, _APPEAL))
    codes = kept.codes_of(bid)
    led = next(x for x in bid.lines if codes[0] in kept.reasons[bid.ref, x.ref].codes)
    is_reserve = codes[0] in RESERVE_CODES
    body = (
        "We cannot fund your bid in this round. We are sorry: we know the work that it took.",
        score,
        sentence(codes[0], bid, led, kept.run.terms),
        *_change_paragraphs(kept, bid),
    )
    if is_reserve:
        body = (*body, "Your bid stays in reserve: if money comes back in this round, it is looked at again.")
    kind, title = ("reserve", "Held in reserve") if is_reserve else ("refused", "No money in this round")
    return Letter(bid.ref, kind, locale, title, body, lines, (_APPEAL,))


def _row(kept: StoredRun, bid: ScoredBid, ref: str) -> tuple[str, str, str, str]:
    line, reason = bid.line(ref), kept.reasons[bid.ref, ref]
    why = " ".join(sentence(code, bid, line, kept.run.terms) for code in reason.codes)
    return (
        ref,
        MEASURES.get(line.measure, line.measure),
        pounds(line.requested_pence),
        "Funded." if reason.is_funded else why,
    )


def _change_paragraphs(kept: StoredRun, bid: ScoredBid) -> tuple[str, ...]:
    own = [change_words(c) for c in kept.changes.get(bid.ref, ())]
    by_line = [
        f"Line {x.ref}: {change_words(c)}" for x in bid.lines for c in kept.changes.get(f"{bid.ref}/{x.ref}", ())
    ]
    return tuple(own + by_line)


def _ineligible(bid: BidLife) -> Letter:
    body = (
        "Your bid could not go to assessment. These are all the reasons; each can be mended for another round:",
        *(f"{code}: {RULES.get(code, HEADLINES.get(code, code))}." for code in bid.codes),
    )
    return Letter(bid.ref, "ineligible", bid.locale, "Your bid could not be assessed", body, (), (_APPEAL,))


def letter_text(letter: Letter, kept: StoredRun) -> str:
    """A letter as plain text, lines of at most 78 characters."""
    head = [f"{kept.scheme_title}", f"Bid {letter.bid_ref}", "", letter.title.upper(), ""]
    body = [part for paragraph in letter.paragraphs for part in (*_wrapped(paragraph), "")]
    table = [part for row in letter.lines for part in _wrapped(f"{row[0]} {row[1]}, £{row[2]}: {row[3]}", "  ")]
    end = [part for paragraph in letter.ending for part in ("", *_wrapped(paragraph))]
    return "\n".join(head + body + (["Your measures:"] if table else []) + table + end) + "\n"


def _wrapped(text: str, indent: str = "") -> list[str]:
    out, now = [], ""
    for word in text.split():
        if now and len(now) + 1 + len(word) > 78:
            out.append(now)
            now = (indent + "  " if indent else "") + word
        else:
            now = f"{now} {word}" if now else indent + word
    return [*out, now] if now else out


_STYLE = (
    "body{font:17px/1.5 Arial,sans-serif;color:#0b0c0c;max-width:42rem;margin:2rem auto;padding:0 1rem;"
    "overflow-wrap:anywhere}table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;"
    "padding:.4rem .5rem .4rem 0;border-bottom:1px solid #b1b4b6}td.n{white-space:nowrap}.scroll{overflow-x:auto}"
    "th,td{overflow-wrap:normal}th{white-space:nowrap}h1{font-size:1.6rem}h2{font-size:1.2rem}@media print{body{margin:0}}"
)


def letter_html(letter: Letter, kept: StoredRun) -> bytes:
    """A letter as a page of its own, for screen and print."""
    rows = "".join(
        f'<tr><th scope="row">{escape(a)}</th><td>{escape(b)}</td><td class="n">£{escape(c)}</td><td>{escape(d)}</td></tr>'
        for a, b, c, d in letter.lines
    )
    table = (
        '<h2>Your measures</h2><div class="scroll" role="region" tabindex="0" aria-label="Your measures"><table><thead>'
        '<tr><th scope="col">Line</th><th scope="col">Measure</th><th scope="col">Asked</th><th scope="col">Decision</th>'
        f"</tr></thead><tbody>{rows}</tbody></table></div>"
        if rows
        else ""
    )
    paragraphs = "".join(f"<p>{escape(p)}</p>" for p in letter.paragraphs)
    ending = "".join(f"<p>{escape(p)}</p>" for p in letter.ending)
    title = f"{letter.title} · bid {letter.bid_ref}"
    return (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><main>"
        f"<p>{escape(kept.scheme_title)}<br>Bid {escape(letter.bid_ref)}</p><h1>{escape(letter.title)}</h1>"
        f"{paragraphs}{table}{ending}</main></body></html>"
    ).encode()


def letter_files(kept: StoredRun, letters: Sequence[Letter]) -> dict[str, bytes]:
    """Every letter as text and HTML, and the list of them; bids that asked for Welsh are marked for a translator."""
    files = {}
    rows = []
    for letter in letters:
        files[f"{letter.bid_ref}.txt"] = letter_text(letter, kept).encode()
        files[f"{letter.bid_ref}.html"] = letter_html(letter, kept)
        wanted = "to be translated into Welsh before it goes out" if letter.locale == "cy" else ""
        rows.append((letter.bid_ref, letter.kind, letter.title, letter.locale, wanted))
    files[INDEX] = csv_bytes(("bid_ref", "kind", "title", "locale", "note"), rows)
    return files
