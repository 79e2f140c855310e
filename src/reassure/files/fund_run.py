"""The folder of an allocation run: run.json, allocation.csv and report.html.

Rules: run.json holds everything that is needed to explain the run again, with a digest over all of it; reading it
back checks the digest and lets the independent checker look at the choice. Two runs on the same input give the same
bytes. Elsewhere: the run (`fund.allocation`), the page (`fund_report`).
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from reassure.errors import InputError, Problem
from reassure.files.csv_rows import decode, read_bytes
from reassure.files.fund_bids import REF, csv_bytes
from reassure.fund.allocation import Override, Run
from reassure.fund.bids import Key, Line, ScoredBid, Terms
from reassure.fund.changes import Change
from reassure.fund.decisions import bid_codes
from reassure.fund.explanations import LineReason
from reassure.fund.optimum import LEVELS, OPTIONS, SOLVER, Optimum
from reassure.fund.run_check import Claimed, check_run
from reassure.fund.schemes import Scheme, scheme_digest
from reassure.fund.sensitivity import Stability
from reassure.provenance import digest_of

FORMAT = "reassure-fund-run"
RUN, ALLOCATION, REPORT = "run.json", "allocation.csv", "report.html"


@dataclass(frozen=True, slots=True)
class StoredRun:
    """
    A run with its reasons and what else was worked out of it.

    Parameters
    ----------
    regrets
        Need left unmet when a line is held the other way; None where that is impossible; lines not worked out are
        missing.
    changes
        By bid or line ("A", "A/A1"), what would have changed it, where it was worked out.
    """

    scheme_code: str
    scheme_title: str
    scheme_sha256: str
    run: Run
    reasons: Mapping[Key, LineReason]
    regrets: Mapping[Key, int | None]
    changes: Mapping[str, tuple[Change, ...]]
    stability: Stability | None = None

    @property
    def funded(self) -> dict[str, tuple[str, ...]]:
        """Funded lines by bid."""
        out: dict[str, tuple[str, ...]] = {}
        for bid, line in sorted(self.run.decided.chosen):
            out[bid] = (*out.get(bid, ()), line)
        return out

    def codes_of(self, bid: ScoredBid) -> tuple[str, ...]:
        """Codes of a bid's unfunded lines, the leading one first."""
        reasons = (self.reasons[bid.ref, line.ref] for line in bid.lines)
        return bid_codes([reason.codes for reason in reasons if not reason.is_funded])


def stored(
    scheme: Scheme,
    run: Run,
    reasons: Mapping[Key, LineReason],
    *,
    regrets: Mapping[Key, int | None] | None = None,
    changes: Mapping[str, tuple[Change, ...]] | None = None,
) -> StoredRun:
    """A run as it is kept."""
    return StoredRun(scheme.code, scheme.title, scheme_digest(scheme), run, reasons, regrets or {}, changes or {})


def _name(key: Key) -> str:
    return f"{key[0]}/{key[1]}"


def _optimum(best: Optimum) -> dict[str, Any]:
    return {
        "lines": sorted(_name(key) for key in best.chosen),
        "value": best.value,
        "n_places": best.n_places,
        "spent_pence": best.spent_pence,
        "draw": best.draw,
        "bounds": dict(zip(LEVELS, (round(b, 6) for b in best.bounds), strict=False)),
        "is_proven": best.proven,
    }


def run_document(kept: StoredRun) -> dict[str, Any]:
    """Everything that is kept of a run, as JSON values, without the digest."""
    run = kept.run
    document: dict[str, Any] = {
        "format": FORMAT,
        "version": 1,
        "scheme": {"code": kept.scheme_code, "title": kept.scheme_title, "sha256": kept.scheme_sha256},
        "solver": {"name": SOLVER, "options": {k: v for k, v in OPTIONS.items() if k != "output_flag"}},
        "seed": run.seed,
        "terms": asdict(run.terms),
        "bids": [asdict(bid) for bid in run.bids],
        "best": _optimum(run.best),
        "decided": _optimum(run.decided),
        "overrides": [{"line": _name(o.key), "is_in": o.is_in, "reason": o.reason, "by": o.by} for o in run.overrides],
        "override_cost": run.override_cost,
        "standing": sorted(_name(key) for key in run.standing),
        "greedy": {"lines": sorted(_name(key) for key in run.greedy), "value": run.greedy_value},
        "relaxed": {"value": round(run.relaxed_value, 6), "per_pound": round(run.shadow_price, 6)},
        "checker": {
            "problems": [p.text for p in run.checked.problems],
            "padding": [_name(key) for key in run.checked.padding],
        },
        "may_confirm": run.may_confirm,
        "lines": {
            _name(key): {"is_funded": reason.is_funded, "codes": list(reason.codes)}
            | ({"regret": kept.regrets[key]} if key in kept.regrets else {})
            for key, reason in kept.reasons.items()
        },
        "changes": {name: [asdict(c) for c in some] for name, some in kept.changes.items()},
    }
    if kept.stability is not None:
        s = kept.stability
        document["sensitivity"] = {
            "sigma_tenths": s.sigma_tenths,
            "n_draws": s.n_draws,
            "shares": {_name(key): share for key, share in s.shares.items()},
            "by_budget": [list(pair) for pair in s.by_budget],
            "close_calls": [_name(key) for key in s.close_calls],
        }
    return document


def run_bytes(kept: StoredRun) -> bytes:
    """run.json as it is written, with its digest."""
    document = run_document(kept)
    signed = {**document, "sha256": digest_of(document)}
    return json.dumps(signed, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def run_sha256(kept: StoredRun) -> str:
    """The digest that stands in run.json."""
    return digest_of(run_document(kept))


def allocation_csv(kept: StoredRun) -> bytes:
    """One row a line: what was asked, whether it is funded, and why."""
    header = (
        "bid_ref",
        "line_ref",
        "place_ref",
        "region",
        "faith",
        "score",
        "measure",
        "cost_pence",
        "requested_pence",
    )
    rows = []
    for bid in kept.run.bids:
        for line in bid.lines:
            reason = kept.reasons[bid.ref, line.ref]
            regret = kept.regrets.get((bid.ref, line.ref))
            rows.append(
                (
                    bid.ref,
                    line.ref,
                    bid.place_ref,
                    bid.region,
                    bid.faith,
                    f"{bid.tenths // 10}.{bid.tenths % 10}",
                    line.measure,
                    line.cost_pence,
                    line.requested_pence,
                    line.requested_pence if reason.is_funded else 0,
                    "yes" if reason.is_funded else "no",
                    " ".join(reason.codes),
                    "" if regret is None else regret,
                )
            )
    return csv_bytes((*header, "requested_pence", "awarded_pence", "is_funded", "codes", "regret"), rows)


def read_run(folder: Path) -> StoredRun:
    """
    The run of a folder.

    Raises
    ------
    InputError
        No run, a digest that does not fit (somebody changed the file), or a choice that the checker refuses.
    """
    path = folder / RUN
    file = str(path)
    try:
        document = json.loads(decode(read_bytes(path), file))
    except (json.JSONDecodeError, RecursionError):
        raise InputError([Problem("", "", "a run.json of `reassure fund allocate`", file, says="not JSON")]) from None
    if not isinstance(document, dict) or document.get("format") != FORMAT or document.get("version") != 1:
        raise InputError([Problem("", "", "a run.json of `reassure fund allocate`", file, says="this is no run")])
    said = document.pop("sha256", "")
    if said != digest_of(document):
        raise InputError([Problem("sha256", str(said), "the digest of the file: it was changed by hand", file)])
    try:
        return _stored(document)
    except (KeyError, TypeError, ValueError, AttributeError, StopIteration) as error:
        raise InputError([Problem("", "", "a whole run", file, says=f"a part is missing ({error})")]) from None


def _key(name: str) -> Key:
    bid, _, line = name.partition("/")
    return bid, line


def _stored(document: dict[str, Any]) -> StoredRun:
    bids = tuple(_bid(b) for b in document["bids"])
    terms = Terms(**document["terms"])
    best, decided = _best(document["best"]), _best(document["decided"])
    claimed = Claimed(decided.value, decided.n_places, decided.spent_pence, decided.bounds[0], decided.proven)
    run = Run(
        bids=bids,
        terms=terms,
        seed=document["seed"],
        best=best,
        decided=decided,
        checked=check_run(bids, terms, decided.chosen, claimed),
        greedy=frozenset(_key(n) for n in document["greedy"]["lines"]),
        greedy_value=document["greedy"]["value"],
        relaxed_value=document["relaxed"]["value"],
        shadow_price=document["relaxed"]["per_pound"],
        overrides=tuple(Override(_key(o["line"]), o["is_in"], o["reason"], o["by"]) for o in document["overrides"]),
        standing=frozenset(_key(n) for n in document["standing"]),
    )
    lines = document["lines"]
    kept = StoredRun(
        scheme_code=document["scheme"]["code"],
        scheme_title=document["scheme"]["title"],
        scheme_sha256=document["scheme"]["sha256"],
        run=run,
        reasons={_key(n): LineReason(_key(n), x["is_funded"], tuple(x["codes"])) for n, x in lines.items()},
        regrets={_key(n): x["regret"] for n, x in lines.items() if "regret" in x},
        changes={name: tuple(Change(**c) for c in some) for name, some in document["changes"].items()},
    )
    s = document.get("sensitivity")
    if s is None:
        return kept
    shares = {_key(n): share for n, share in s["shares"].items()}
    budgets = tuple((per_cent, value) for per_cent, value in s["by_budget"])
    return replace(kept, stability=Stability(s["sigma_tenths"], s["n_draws"], shares, budgets))


def _best(document: dict[str, Any]) -> Optimum:
    return Optimum(
        frozenset(_key(n) for n in document["lines"]),
        document["value"],
        document["n_places"],
        document["spent_pence"],
        document["draw"],
        tuple(document["bounds"][level] for level in LEVELS if level in document["bounds"]),
        document["is_proven"],
    )


def _bid(document: dict[str, Any]) -> ScoredBid:
    def pairs(value: Any) -> tuple[tuple[str, int], ...]:
        return tuple((gap, n) for gap, n in value)

    for ref in (document["ref"], *(x["ref"] for x in document["lines"])):
        if not REF.fullmatch(ref):
            raise ValueError(ref)
    lines = tuple(Line(**{**x, "closes": pairs(x["closes"])}) for x in document["lines"])
    return ScoredBid(**{**document, "gaps": pairs(document["gaps"]), "lines": lines})
