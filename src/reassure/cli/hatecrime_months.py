"""`reassure hatecrime months`: which months of a series stood out, without saying why."""

from pathlib import Path
from typing import Annotated

import typer

from reassure.cli.hatecrime_records import put_out
from reassure.cli.output import note
from reassure.files.hatecrime_csv import json_bytes, months_csv, read_series
from reassure.files.hatecrime_months_html import months_html
from reassure.hatecrime.months import in_order, month_sentence, month_words, scores


def command(
    series: Annotated[list[Path], typer.Argument(metavar="SERIES.csv...", help="Month and count; files are joined.")],
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="CSV, or .html by its ending; FILE.json is put beside it.")
    ] = None,
) -> None:
    """
    Say which months of a series stood out, measured against the months before them.

    Needs 36 months and more without a gap; the first answer is for the 37th. Says nothing on why.
    """
    ordered = in_order(read_series(series))
    scored = scores(ordered)
    sentences = [month_sentence(score.month, scored) for score in scored if score.score is not None]
    stood_out = [score.month for score in scored if score.stood_out]
    told = {"first": scored[0].month, "last": scored[-1].month, "stood_out": stood_out, "sentences": sentences}
    is_page = out is not None and out.suffix.casefold() == ".html"
    data = months_html(scored, [path.name for path in series]) if is_page else months_csv(scored)
    put_out(out, data, json_bytes(told))
    n_scored = sum(score.score is not None for score in scored)
    names = ", ".join(map(month_words, stood_out)) or "none"
    note(f"Stood out: {names} ({len(stood_out)} of {n_scored} months with a score).")
    if scored[-1].score is not None:
        note(sentences[-1])
