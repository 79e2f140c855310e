"""`reassure fund score`: scores of bids from their assessments."""

# ruff: noqa: E501 - a line of help stands whole

from pathlib import Path
from typing import Annotated

import typer

from reassure.cli.output import say, say_json
from reassure.files.fund_bids import csv_bytes, read_assessments
from reassure.files.schemes import find_scheme
from reassure.files.writing import write_file
from reassure.fund.scoring import Assessment, BidScore, as_score, bid_score, points, quality
from reassure.fund.sensitivity import sigma_tenths


def command(
    assessments: Annotated[
        Path, typer.Argument(metavar="ASSESSMENTS.csv", help="bid_ref,assessor_ref,criterion,score,reason")
    ],
    scheme: Annotated[str, typer.Option(metavar="CODE", help="Code of a scheme, or its TOML file.")] = "2018-demo",
    out: Annotated[Path | None, typer.Option(metavar="SCORES.csv", help="Also write the scores to a file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Score bids from their assessments, and say which need a third.

    Two assessors: the sum of their points. Three: twice the median. A third is needed where totals are 20.0 or more
    apart, or any criterion 3 or more. Also says how well assessors agreed; no score is ever rescaled.
    """
    terms = find_scheme(scheme)
    groups: dict[str, list[Assessment]] = {}
    for one in read_assessments(assessments):
        groups.setdefault(one.bid_ref, []).append(one)
    scores = [bid_score(some, terms) for some in groups.values() if len(some) >= 2]
    waiting = sorted(ref for ref, some in groups.items() if len(some) < 2)
    pairs = [
        ((g[0].assessor_ref, points(g[0], terms) / 5), (g[1].assessor_ref, points(g[1], terms) / 5))
        for g in groups.values()
        if len(g) >= 2
    ]
    agreed = quality(pairs)
    rows = [_row(s, passes=s.passes(terms)) for s in scores]
    if out is not None:
        header = ("bid_ref", "score", "tenths", "evidence_x2", "n_assessments", "passes", "needs_third", "differs_on")
        write_file(out, csv_bytes(header, rows))
    if as_json:
        say_json(
            {
                "scheme": terms.code,
                "scores": [
                    {
                        "bid_ref": s.bid_ref,
                        "tenths": s.tenths,
                        "evidence_x2": s.evidence_x2,
                        "n_assessments": s.n_assessments,
                        "passes": s.passes(terms),
                        "needs_third": s.needs_third,
                        "differs_on": list(s.differs_on),
                    }
                    for s in scores
                ],
                "one_assessment_only": waiting,
                "quality": {
                    "n_pairs": agreed.n_pairs,
                    "alpha": agreed.alpha,
                    "sd_one_assessment": agreed.sd_one_assessment,
                    "mean_offset": dict(agreed.mean_offset),
                    "sigma_tenths": sigma_tenths(agreed.sd_one_assessment, agreed.n_pairs),
                },
            }
        )
        return
    for s in scores:
        word = "third assessor needed: " + ", ".join(s.differs_on) if s.needs_third else ""
        say(
            f"{s.bid_ref:12} {as_score(s.tenths):>6}  evidence {s.evidence_x2 / 2:g}  {'passes' if s.passes(terms) else 'below'}  {word}".rstrip()
        )
    for ref in waiting:
        say(f"{ref:12} one assessment only: a second is needed")
    alpha = "not known" if agreed.alpha is None else f"{agreed.alpha:.3f}"
    spread = "not known" if agreed.sd_one_assessment is None else f"{agreed.sd_one_assessment:.2f} points"
    say(f"{agreed.n_pairs} pairs; Krippendorff's alpha {alpha}; one assessment varies by {spread}.")


def _row(s: BidScore, *, passes: bool) -> tuple[object, ...]:
    third = "yes" if s.needs_third else "no"
    return (
        s.bid_ref,
        as_score(s.tenths),
        s.tenths,
        s.evidence_x2,
        s.n_assessments,
        "yes" if passes else "no",
        third,
        " ".join(s.differs_on),
    )
