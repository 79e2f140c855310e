"""What the fund's commands share: finding a scheme, and writing a run's folder."""

from pathlib import Path

from reassure.errors import InputError, Problem
from reassure.files.fund_events import EventFile
from reassure.files.fund_report import report_html
from reassure.files.fund_run import ALLOCATION, REPORT, RUN, StoredRun, allocation_csv, run_bytes
from reassure.files.schemes import find_scheme
from reassure.files.writing import write_folder
from reassure.fund.schemes import Scheme


def write_run(folder: Path, kept: StoredRun) -> None:
    """Write run.json, allocation.csv and report.html, all or none."""
    files = {RUN: run_bytes(kept), ALLOCATION: allocation_csv(kept), REPORT: report_html(kept)}
    write_folder(folder, files)


def scheme_of_events(events: EventFile, given: str) -> Scheme:
    """The scheme that was given, else the one that the round was published with; `InputError` when there is none."""
    if given:
        return find_scheme(given)
    for event in events.events:
        if event.subject == "round" and event.event == "publish" and event.facts.get("scheme"):
            return find_scheme(str(event.facts["scheme"]))
    says = "the round does not say its scheme"
    raise InputError([Problem("scheme", "", "--scheme CODE, or facts.scheme of publish", events.file, says=says)])
