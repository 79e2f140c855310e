"""The report of an allocation as one HTML page: what was funded and why, what was not and what would have changed it.

Rules: one file, no network, no script; every chart has its numbers in a table; small counts stay hidden. It opens for
the panel before anybody confirms. Elsewhere: charts (`fund_charts`), words (`fund.reason_words`).
"""

# ruff: noqa: E501 - a sentence of the page stands whole

from collections.abc import Iterable, Sequence
from html import escape
from importlib import resources

from reassure.files.fund_charts import Bar, Dot, bars, scatter
from reassure.files.fund_run import StoredRun, run_sha256
from reassure.fund.allocation import by_score, part_closed
from reassure.fund.bids import Key, Line, ScoredBid, need_met
from reassure.fund.changes import Change
from reassure.fund.fairness import GroupTable, fairness_bids, fairness_table
from reassure.fund.optimum import SOLVER, totals
from reassure.fund.reason_words import HEADLINES, change_words, sentence
from reassure.fund.schemes import MEASURES
from reassure.fund.scoring import as_score
from reassure.money import pounds, with_sign

HIDDEN = "[c]"


def report_html(kept: StoredRun) -> bytes:
    """The page of a run, UTF-8."""
    style = resources.files("reassure.files").joinpath("fund_report.css").read_text("utf-8")
    sections = [
        ("summary", "In short", _summary(kept)),
        ("measures", "Money by measure", _measures(kept)),
        ("funded", "What was funded, and why", _funded(kept)),
        ("not-funded", "What was not, and what would have changed it", _not_funded(kept)),
        ("picture", "Score and cost", _picture(kept)),
        ("fairness", "Fairness", _fairness(kept)),
        ("close", "How firm the choice is", _firm(kept)),
        ("check", "How it was checked", _checked(kept)),
    ]
    nav = "".join(f'<li><a href="#{ident}">{escape(name)}</a></li>' for ident, name, _ in sections)
    body = "".join(
        f'<section aria-labelledby="{ident}"><h2 id="{ident}">{escape(name)}</h2>{html}</section>'
        for ident, name, html in sections
    )
    title = f"Allocation: {kept.scheme_title}"
    return (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{style}</style></head><body>"
        '<a class="skip" href="#main">Skip to the report</a>'
        f"<header><p>Security fund · {escape(kept.scheme_code)}</p><h1>{escape(title)}</h1>"
        f'<nav aria-label="Parts of the report"><ul>{nav}</ul></nav></header><main id="main">{body}</main>'
        f"<footer><p>Run {run_sha256(kept)}. {escape(SOLVER)}. The choice follows from the bids, the scheme and the "
        f"published seed alone; anybody can run it again and gets the same bytes.</p></footer></body></html>"
    ).encode()


def _table(caption: str, header: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: Iterable[int] = ()) -> str:
    right = set(numbers)

    def cell(n: int, text: str, tag: str) -> str:
        kind = ' class="n"' if n in right else ' class="w"' if len(text) > 60 else ""
        scope = ' scope="col"' if tag == "th" else ""
        return f"<{tag}{kind}{scope}>{text}</{tag}>"

    head = "".join(cell(n, escape(h), "th") for n, h in enumerate(header))
    body = "".join("<tr>" + "".join(cell(n, c, "td") for n, c in enumerate(row)) + "</tr>" for row in rows)
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(caption)}"><table><caption>'
        f"{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _summary(kept: StoredRun) -> str:
    run = kept.run
    passing = [b for b in run.bids if run.terms.passes(b)]
    asked = sum(x.requested_pence for b in passing for x in b.lines)
    spent = run.decided.spent_pence
    tiles = [
        (with_sign(spent), f"awarded of {with_sign(run.terms.budget_pence)}"),
        (f"{run.decided.n_places:,} of {len(passing):,}", "bids that passed get money"),
        (f"{len(run.decided.chosen):,}", "measures funded"),
        (f"{run.decided.value:,}", "need met"),
    ]
    html = '<ul class="tiles">' + "".join(f"<li><b>{a}</b><span>{escape(b)}</span></li>" for a, b in tiles) + "</ul>"
    ranked = totals(run.bids, by_score(run.bids, run.terms), run.seed)[0]
    html += (
        f"<p>{len(run.bids):,} bids were scored and {len(passing):,} passed; these ask for {with_sign(asked)}. "
        f"Need met counts, for each place, its score times the part of its surveyed gaps that is closed. "
        f"No other choice meets more: a choice by value for money alone meets {run.greedy_value:,}, "
        f"funding whole bids by score {ranked:,}.</p>"
    )
    html += (
        f"<p>One more pound would meet about {run.shadow_price:.2f} more need. "
        "More money can fund other places instead of adding to these: no place is promised money by a larger budget.</p>"
    )
    if run.overrides:
        said = "; ".join(
            f"{o.key[0]}/{o.key[1]} {'in' if o.is_in else 'out'} ({escape(o.reason)}, {escape(o.by)})"
            for o in run.overrides
        )
        share = run.override_cost / run.best.value if run.best.value else 0
        html += f'<p class="note">Decided by the panel: {said}. This leaves {run.override_cost:,} need unmet ({share:.1%}).</p>'
    rows = [
        Bar("Asked by bids that passed", asked, asked, with_sign(asked)),
        Bar("To give", run.terms.budget_pence, run.terms.budget_pence, with_sign(run.terms.budget_pence)),
        Bar("Awarded", spent, spent, with_sign(spent)),
    ]
    words = f"Asked {with_sign(asked)}, to give {with_sign(run.terms.budget_pence)}, awarded {with_sign(spent)}."
    return (
        html
        + f"<figure class=scroll tabindex=0>{bars('Money asked, to give and awarded', words, rows, ident='c-money')}</figure>"
    )


def _measures(kept: StoredRun) -> str:
    asked: dict[str, int] = {}
    given: dict[str, int] = {}
    counts: dict[str, list[int]] = {}
    for bid in kept.run.bids:
        if not kept.run.terms.passes(bid):
            continue
        for line in bid.lines:
            is_in = (bid.ref, line.ref) in kept.run.decided.chosen
            asked[line.measure] = asked.get(line.measure, 0) + line.requested_pence
            given[line.measure] = given.get(line.measure, 0) + (line.requested_pence if is_in else 0)
            n = counts.setdefault(line.measure, [0, 0])
            n[0] += 1
            n[1] += is_in
    order = sorted(asked, key=lambda m: (-given[m], m))
    rows = [
        Bar(MEASURES.get(m, m), asked[m], given[m], f"{with_sign(given[m])} of {with_sign(asked[m])}") for m in order
    ]
    words = "; ".join(f"{MEASURES.get(m, m)} {with_sign(given[m])} of {with_sign(asked[m])}" for m in order)
    table = _table(
        "Money by measure, of bids that passed",
        ("Measure", "Asked", "Awarded", "Lines asked", "Lines funded"),
        [
            (escape(MEASURES.get(m, m)), pounds(asked[m]), pounds(given[m]), str(counts[m][0]), str(counts[m][1]))
            for m in order
        ],
        numbers=(1, 2, 3, 4),
    )
    figure = bars("Money by measure", words, rows, ident="c-measures")
    return (
        f"<figure class=scroll tabindex=0>{figure}<figcaption>Dark: awarded. Pale: asked.</figcaption></figure>{table}"
    )


def _line_cells(kept: StoredRun, bid: ScoredBid, line: Line) -> tuple[str, ...]:
    reason = kept.reasons[bid.ref, line.ref]
    yes = '<span class="yes">funded</span>' if reason.is_funded else '<span class="no">not funded</span>'
    regret = kept.regrets.get((bid.ref, line.ref), -1)
    effect = "" if regret == -1 else "cannot be funded" if regret is None else f"{regret:,}"
    words = " ".join(escape(sentence(code, bid, line, kept.run.terms)) for code in reason.codes)
    return (
        escape(line.ref),
        escape(MEASURES.get(line.measure, line.measure)),
        pounds(line.requested_pence),
        yes,
        words,
        effect,
    )


LINE_HEADER = ("Line", "Measure", "Asked", "Result", "Why", "Need lost the other way")


def _bid_details(kept: StoredRun, bid: ScoredBid, lead: str) -> str:
    funded = [x.ref for x in bid.lines if (bid.ref, x.ref) in kept.run.decided.chosen]
    table = _table(
        f"Lines of bid {bid.ref}", LINE_HEADER, [_line_cells(kept, bid, x) for x in bid.lines], numbers=(2, 5)
    )
    gaps = ", ".join(f"{gap} {depth}" for gap, depth in bid.gaps if depth) or "none"
    changes = "".join(f"<li>{escape(name)}: {escape(change_words(c))}</li>" for name, c in _changes_of(kept, bid))
    return (
        f"<details><summary>{escape(bid.ref)} · {lead}</summary>"
        f"<p>Score {as_score(bid.tenths)}, evidence {bid.evidence_x2 / 2:g} of 5, {escape(bid.region or 'region not given')}. "
        f"Gaps found by the survey (of 4): {escape(gaps)}. Part of them closed: {part_closed(bid, funded):.0%}. "
        f"Need met: {need_met(bid, funded):,}.</p>{table}" + (f"<ul>{changes}</ul>" if changes else "") + "</details>"
    )


def _changes_of(kept: StoredRun, bid: ScoredBid) -> list[tuple[str, Change]]:
    out = [(f"the bid {bid.ref}", c) for c in kept.changes.get(bid.ref, ())]
    for line in bid.lines:
        out += [(f"line {line.ref}", c) for c in kept.changes.get(f"{bid.ref}/{line.ref}", ())]
    return out


def _funded(kept: StoredRun) -> str:
    order = [b for b in kept.run.bids if b.ref in kept.funded]
    order.sort(key=lambda b: (-need_met(b, kept.funded[b.ref]), b.ref))
    parts = []
    for bid in order:
        money = sum(x.requested_pence for x in bid.lines if x.ref in kept.funded[bid.ref])
        parts.append(
            _bid_details(kept, bid, f"{with_sign(money)} for {len(kept.funded[bid.ref])} of {len(bid.lines)} lines")
        )
    return "<p>Those that meet most need first. Open a bid for its lines and reasons.</p>" + "".join(parts)


def _not_funded(kept: StoredRun) -> str:
    order = [b for b in kept.run.bids if b.ref not in kept.funded]
    leads = {b.ref: kept.codes_of(b)[0] for b in order}
    counts: dict[str, int] = {}
    for code in leads.values():
        counts[code] = counts.get(code, 0) + 1
    summary = _table(
        "Bids without money by leading reason",
        ("Reason", "Bids"),
        [(escape(HEADLINES[code]), str(n)) for code, n in sorted(counts.items(), key=lambda p: (-p[1], p[0]))],
        numbers=(1,),
    )
    known = any(b.ref in kept.changes for b in order)
    note = (
        "<p>The smallest change is shown where it was worked out; "
        "<code>reassure fund explain DIR --bid ID</code> works it out for any bid.</p>"
    )
    order.sort(key=lambda b: (b.ref not in kept.changes, -b.tenths, b.ref))
    parts = "".join(
        _bid_details(kept, b, escape(HEADLINES[leads[b.ref]]) + f" · score {as_score(b.tenths)}") for b in order
    )
    return summary + (note if known or order else "") + parts + _partly(kept)


def _partly(kept: StoredRun) -> str:
    """Lines without money in bids that have some."""
    rows = [
        (escape(b.ref), *_line_cells(kept, b, x))
        for b in kept.run.bids
        if b.ref in kept.funded
        for x in b.lines
        if (b.ref, x.ref) not in kept.run.decided.chosen
    ]
    if not rows:
        return ""
    return _table("Lines without money in bids that have some", ("Bid", *LINE_HEADER), rows, numbers=(3, 6))


def _picture(kept: StoredRun) -> str:
    close = {bid for bid, _ in kept.stability.close_calls} if kept.stability else set()
    dots = [
        Dot(
            b.tenths / 10,
            sum(x.requested_pence for x in b.lines) / 100,
            "close" if b.ref in close else "in" if b.ref in kept.funded else "out",
        )
        for b in kept.run.bids
    ]
    passed = kept.run.terms.threshold_tenths / 10
    words = f"{len(dots)} bids by score and money asked; {len(kept.funded)} have money. The line is the pass mark, {passed:g}."
    chart = scatter(
        "Bids by score and money asked",
        words,
        dots,
        ident="c-bids",
        x_words="score of 100",
        y_words="asked, pounds",
        x_line=passed,
    )
    return f"<figure class=scroll tabindex=0>{chart}<figcaption>{escape(words)} Discs have money, rings have none, diamonds are close calls. The numbers stand in allocation.csv.</figcaption></figure>"


def _fairness(kept: StoredRun) -> str:
    bids = fairness_bids(kept.run.bids, kept.run.terms, kept.run.decided.chosen)
    html = (
        "<p>Expected is what each group would have if all bids that passed were equal. "
        f"{HIDDEN} stands for a figure that stays hidden, because fewer than five bids are behind it or it would give "
        "another away. These figures never go into the choice.</p>"
    )
    for dimension, name in (("region", "region"), ("faith", "faith as declared")):
        table = fairness_table(bids, dimension)
        html += _fairness_figure(table, name) + _fairness_table(table, name)
    return html


def _shown(value: int | None) -> str:
    return HIDDEN if value is None else f"{value:,}"


def _fairness_figure(table: GroupTable, name: str) -> str:
    rows = [
        Bar(r.group, r.n_passed, r.n_funded, f"{r.n_funded} of {r.n_passed}", r.expected_funded)
        for r in table.rows
        if r.n_passed is not None and r.n_funded is not None
    ]
    if not rows:
        return ""
    words = "; ".join(f"{r.label} {r.words}, expected {r.mark:.1f}" for r in rows if r.mark is not None)
    chart = bars(f"Funded of passed, by {name}", words, rows, ident=f"c-{table.dimension}")
    return f"<figure class=scroll tabindex=0>{chart}<figcaption>Dark: funded. Pale: passed. Dashed line: expected.</figcaption></figure>"


def _fairness_table(table: GroupTable, name: str) -> str:
    rows = []
    for r in (*table.rows, table.total):
        expected = HIDDEN if r.expected_funded is None else f"{r.expected_funded:.1f}"
        money = [
            HIDDEN if p is None else pounds(p) for p in (r.asked_pence, r.awarded_pence, r.awarded_per_passed_pence)
        ]
        score = HIDDEN if r.mean_tenths is None else as_score(r.mean_tenths)
        rows.append(
            (escape(r.group), _shown(r.n_bids), _shown(r.n_passed), _shown(r.n_funded), expected, *money, score)
        )
    header = (
        name.capitalize(),
        "Bids",
        "Passed",
        "Funded",
        "Expected",
        "Asked",
        "Awarded",
        "Awarded a passed bid",
        "Mean score",
    )
    return _table(f"By {name}", header, rows, numbers=range(1, 9))


def _firm(kept: StoredRun) -> str:
    s = kept.stability
    if s is None:
        return "<p>Not worked out yet: <code>reassure fund sensitivity DIR</code> adds it to this page.</p>"
    always = sum(share == 1 for share in s.shares.values())
    never = sum(share == 0 for share in s.shares.values())
    html = (
        f"<p>{s.n_draws} times every score was moved as other assessors might have (by {s.sigma_tenths / 10:.1f} points, "
        f"one standard deviation). {always:,} lines were funded every time, {never:,} never, and {len(s.close_calls):,} are "
        "close calls: funded in a tenth to nine tenths. This is shown to the panel; it decides nothing.</p>"
    )
    base = dict(s.by_budget).get(0, 0) or 1
    html += _table(
        "Need met at other budgets",
        ("Budget", "Need met", "Against today's"),
        [(f"{p:+d} %" if p else "as it is", f"{v:,}", f"{v / base - 1:+.1%}") for p, v in s.by_budget],
        numbers=(1, 2),
    )
    by_ref = {b.ref: b for b in kept.run.bids}

    def row(key: Key) -> tuple[str, ...]:
        line = by_ref[key[0]].line(key[1])
        is_in = key in kept.run.decided.chosen
        return (
            escape(f"{key[0]}/{key[1]}"),
            escape(MEASURES.get(line.measure, line.measure)),
            pounds(line.requested_pence),
            "funded" if is_in else "not funded",
            f"{s.shares[key]:.0%}",
        )

    calls = sorted(s.close_calls, key=lambda k: (abs(s.shares[k] - 0.5), k))
    if calls:
        html += _table(
            "Close calls", ("Line", "Measure", "Asked", "Result", "Funded in"), map(row, calls), numbers=(2, 4)
        )
    return html


def _checked(kept: StoredRun) -> str:
    run = kept.run
    html = (
        f"<p>{'The run may be confirmed.' if run.may_confirm else 'The run may not be confirmed.'} "
        f"The solver proved that no choice is worth more than {run.decided.bounds[0]:,.0f}; this one is worth "
        f"{run.decided.value:,}. A checker that shares nothing with the solver added up every sum in whole numbers and "
        f"found {len(run.checked.problems)} faults.</p>"
    )
    if run.checked.problems:
        html += "<ul>" + "".join(f"<li>{escape(p.text)}</li>" for p in run.checked.problems) + "</ul>"
    if run.checked.padding:
        names = ", ".join(f"{b}/{x}" for b, x in run.checked.padding)
        html += f"<p>Funded lines that add no need, to reach the least award: {escape(names)}.</p>"
    return html + f"<p>Seed of the draw: {escape(run.seed)}. Terms: {escape(kept.scheme_sha256)}.</p>"
