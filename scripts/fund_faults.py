"""The fault run of the fund: removes each guard and each rule once, and says which test sees it.

Run it with `make faults` (some minutes). A fault that no test sees ends it with 1. With --write it also writes
docs/rooms/fund-faults.md. Guards are taken out of the tables of `fund.states`, each in a process of its own; rules are
changed in a copy of the source. Nothing of the work tree is touched.
"""

# ruff: noqa: E501 - a fault stands on one line

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GUARD_TESTS = "tests/core/fund/test_fund_guards.py"
CORE = "tests/core/fund"
NOT_RUN = 70
QUIETLY = ["-x", "-q", "-p", "no:cacheprovider", "--noconftest", "--assert=plain", "--no-header", "--tb=no"]
"""The fund's tests need no database, no plugin and nothing of tests/conftest.py."""
os.environ |= {
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "CI": "true",
}  # in CI hypothesis has no deadline and draws the same


TESTS = {
    "awards": "ledger",
    "payments": "ledger",
    "money": "money ledger",
    "optimum": "oracle optimum",
    "bids": "oracle optimum",
    "run_check": "optimum",
    "explanations": "oracle optimum",
    "life": "states guards",
    "award_guards": "guards states",
    "bid_guards": "guards states",
    "scoring": "scoring",
    "effects": "states guards",
    "states": "states guards",
    "progress": "states",
    "disclosure": "fairness",
    "publication": "fairness",
    "eligibility": "eligibility",
    "evidence": "eligibility",
    "windows": "windows eligibility",
    "conflicts": "scoring",
    "rolling": "flags",
}
"""Which tests of the fund stand for a file."""


@dataclass(frozen=True)
class Fault:
    """One change of a file of src/reassure; `tests` are where it has to be seen."""

    rule: str
    says: str
    file: str
    old: str
    new: str

    @property
    def tests(self) -> str:
        """The tests of the file that is changed: the suite's part that has to see it."""
        return " ".join(f"{CORE}/test_fund_{name}.py" for name in TESTS[Path(self.file).stem].split())


FUND = "fund/"
FAULTS = [
    Fault("I1", "an award may exceed its pot", FUND + "awards.py", "    if amount > free:", "    if amount > free + 10**9:"),
    Fault("I1", "a released award stays committed", FUND + "awards.py", "award.pot: replace(pot, committed_pence=pot.committed_pence - freed, holdback_used_pence=held),\n        },\n        {**ledger.caps, award.place_ref: replace(use, used_pence=use.used_pence - freed)},\n        {**ledger.awards, bid_ref: replace(award, released_pence", "award.pot: replace(pot, holdback_used_pence=held),\n        },\n        {**ledger.caps, award.place_ref: replace(use, used_pence=use.used_pence - freed)},\n        {**ledger.awards, bid_ref: replace(award, released_pence"),
    Fault("I1", "ordinary awards may use the holdback", FUND + "awards.py", "return self.budget_pence - self.committed_pence - held", "return self.budget_pence - self.committed_pence"),
    Fault("I2", "a place may exceed its cap by a penny", FUND + "awards.py", "use.used_pence + amount > use.cap_pence", "use.used_pence + amount > use.cap_pence + 1"),
    Fault("I3", "paid may exceed approved", FUND + "awards.py", "if not 0 < amount_pence <= left:", "if not 0 < amount_pence <= left + 1:"),
    Fault("I3", "certified may exceed claimed", FUND + "awards.py", "    if spend_pence > award.spend_pence:\n        raise _refused(\"spend_pence\", spend_pence, f\"at most", "    if spend_pence > award.spend_pence + 1:\n        raise _refused(\"spend_pence\", spend_pence, f\"at most"),
    Fault("I3", "awarded may exceed requested", FUND + "awards.py", "if amount > award.requested_pence:", "if amount > award.requested_pence + 1:"),
    Fault("I3", "claimed may exceed awarded", FUND + "payments.py", "due = min(awarded_pence, part_pence(spend_pence, rate_bp))", "due = part_pence(spend_pence, rate_bp)"),
    Fault("I3", "certifying less than was paid needs no recovery", FUND + "awards.py", "    if due < award.paid_net_pence:", "    if due < 0:"),
    Fault("I3", "retention is not held back", FUND + "payments.py", "return due if is_complete else", "return due if is_complete or True else"),
    Fault("I3", "each claim is rounded by itself", FUND + "payments.py", "min(awarded_pence, part_pence(spend_pence, rate_bp))", "min(awarded_pence, part_pence(spend_pence, rate_bp) + 1)"),
    Fault("I4", "an award may be a penny under the minimum", FUND + "awards.py", "if amount < max(1, award.min_award_pence):", "if amount < max(1, award.min_award_pence) - 1:"),
    Fault("I4", "the model forgets the minimum", FUND + "optimum.py", "mine | {y: -self.terms.min_award_pence / 100}, inf", "mine | {y: 0.0}, inf"),
    Fault("I5", "voided assessments count", FUND + "life.py", "self.is_declared and not self.ties and not self.is_void", "self.is_declared and not self.ties"),
    Fault("I5", "assessments by an author count", FUND + "award_guards.py", "people = {a.assessor for a in bid.valid} - set(bid.authors)", "people = {a.assessor for a in bid.valid}"),
    Fault("I6", "totals 20.0 apart need no third", FUND + "scoring.py", "gap >= scheme.moderation_points", "gap > scheme.moderation_points"),
    Fault("I6", "three apart on a criterion needs no third", FUND + "scoring.py", ">= scheme.moderation_criterion", "> scheme.moderation_criterion"),
    Fault("I6", "totals 19.8 apart call a third", FUND + "scoring.py", "gap >= scheme.moderation_points", "gap >= scheme.moderation_points - 1"),
    Fault("I6", "three assessments take the mean", FUND + "scoring.py", "tenths=2 * int(median(totals)) if", "tenths=2 * sum(totals) // 3 if"),
    Fault("I7", "parts are not kept", FUND + "effects.py", "    if event.event in PART_OF:", "    if event.event in ():"),
    Fault("I7", "two roles may be one person", FUND + "states.py", "if len(set(people)) < len(people):", "if len(set(people)) < 0:"),
    Fault("I8", "an answer replaces the version", FUND + "effects.py", "\"answer\": lambda _, bid, e: replace(bid, versions=(*bid.versions, e.facts[\"version_sha256\"])", "\"answer\": lambda _, bid, e: replace(bid, versions=(e.facts[\"version_sha256\"],)"),
    Fault("I11", "an event may come from any state", FUND + "states.py", "    for change in changes_from(machine, state):\n        if change.event == event:", "    for change in MACHINES[machine]:\n        if change.event == event:"),
    Fault("I11", "events may run back in time", FUND + "progress.py", "if life.last_at is not None and event.at < life.last_at:", "if life.last_at is None and event.at is None:"),
    Fault("I12", "no draw", FUND + "optimum.py", "costs[column] = draw_number(self.seed, ref, line)", "costs[column] = 0"),
    Fault("I12", "no second level", FUND + "optimum.py", "costs[list(self.y.values())] = 1", "costs[list(self.y.values())] = 0"),
    Fault("I12", "least money is not sought", FUND + "optimum.py", "= -self.by_ref[ref].line(line).requested_pence / 100", "= self.by_ref[ref].line(line).requested_pence / 100"),
    Fault("I12", "gaps close twice", FUND + "bids.py", "{gap: min(FULLY_CLOSED, tenths) for", "{gap: min(2 * FULLY_CLOSED, tenths) for"),
    Fault("I12", "alternatives may be funded together", FUND + "optimum.py", "self._rows.append((-inf, tied, 1.0))", "self._rows.append((-inf, tied, 2.0))"),
    Fault("I12", "a line is funded without the one it needs", FUND + "optimum.py", "if needed:\n                    self._rows", "if not needed:\n                    self._rows"),
    Fault("I12", "the checker forgets the budget", FUND + "run_check.py", "    if spent > terms.budget_pence:", "    if spent > terms.budget_pence * 9:"),
    Fault("I12", "the checker takes the run's word", FUND + "run_check.py", "        if said != is_so:", "        if said != said:"),
    Fault("I12", "a run that is not proven is clean", FUND + "run_check.py", "if not claimed.proven or not claimed.bound - value < 1:", "if claimed.bound - value < 0:"),
    Fault("I13", "a refusal needs no code", FUND + "award_guards.py", "    if not codes:\n        return [Problem(\"codes\", \"\", \"one code or more\")]", "    if not codes:\n        return []"),
    Fault("I13", "ties are called BUDGET", FUND + "explanations.py", "return (\"BUDGET\",) if key in settled", "return (\"BUDGET\",) if True or key in settled"),
    Fault("I14", "no second cell", "disclosure.py", "or attack.n_values(cell, hidden) >= MIN_VALUES:", "or True:"),
    Fault("I14", "counts of 4 are shown", "disclosure.py", "SMALL = (1, 4)", "SMALL = (1, 3)"),
    Fault("I14", "releases may differ by two", "disclosure.py", "if low <= abs(now - before) <= high", "if low <= abs(now - before) <= 1"),
    Fault("I15", "one consent is enough", FUND + "publication.py", "self.agreed_on is not None and self.released_on is not None", "self.agreed_on is not None or self.released_on is not None"),
    Fault("I16", "the end's instant is in time", FUND + "eligibility.py", "if ends is not None and arrived >= ends:", "if ends is not None and arrived > ends:"),
    Fault("I16", "the service takes bids at the end's instant", FUND + "bid_guards.py", "arrived >= life.ends_at", "arrived > life.ends_at"),
    Fault("I16", "23:59 means 23:59", FUND + "windows.py", "return end + timedelta(minutes=1) if at == time(23, 59) else end", "return end"),
    Fault("I16", "the earlier of two autumn hours", FUND + "windows.py", "    end = _instants(on, at, text, column)[1]", "    end = _instants(on, at, text, column)[0]"),
    Fault("I17", "parts are rounded half to even", "money.py", "return -(-amount_pence * rate_bp // WHOLE_BP)", "return round(amount_pence * rate_bp / WHOLE_BP)"),
    Fault("I17", "parts are rounded down", "money.py", "return -(-amount_pence * rate_bp // WHOLE_BP)", "return amount_pence * rate_bp // WHOLE_BP"),
    Fault("evidence", "distances on a sphere", FUND + "evidence.py", "distance = geodesic_m(at, incident.point)", "distance = __import__(\"reassure.geo\", fromlist=[\"x\"]).great_circle_m(at, incident.point)"),
    Fault("evidence", "exactly two miles are too far", FUND + "evidence.py", "return \"counts\" if distance_m <= limit_m", "return \"counts\" if distance_m < limit_m"),
    Fault("evidence", "the oldest day does not count", FUND + "evidence.py", "add_months(as_of, -months) <= last_on <= as_of", "add_months(as_of, -months) < last_on <= as_of"),
    Fault("evidence", "withdrawn incidents count", FUND + "evidence.py", "if incident.status != \"recorded\":", "if incident.status == \"never\":"),
    Fault("conflicts", "a member of 36 months ago is free a day early", FUND + "conflicts.py", "m.until >= oldest", "m.until > oldest"),
    Fault("C", "a tranche ignores what is committed", FUND + "rolling.py", "budget_pence * elapsed // year - committed_pence)", "budget_pence * elapsed // year)"),
]  # fmt: skip


def first_failure(output: str) -> str:
    """The name of the first test that failed, from pytest's words."""
    found = re.search(r"^(?:FAILED|ERROR) (?:\S*/)?(.+?)(?: - .*)?$", output, re.MULTILINE)
    return re.sub(r"\[.*", "", found[1]) if found else ""


def run_pytest(tests: str, source: Path) -> tuple[bool, str]:
    """Whether the tests stay green on a copy of the source, and the first that does not."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        *tests.split(),
        *QUIETLY,
    ]
    env = {**os.environ, "PYTHONPATH": str(source), "HYPOTHESIS_STORAGE_DIRECTORY": str(source.parent / "examples")}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)  # noqa: S603
    return is_green(done.returncode, done.stdout + done.stderr), first_failure(done.stdout)


def is_green(code: int, said: str) -> bool:
    """Whether tests ran and passed, by pytest's exit code; a run that could not be made is no test that saw a fault."""
    if code not in (0, 1):
        raise SystemExit(f"the tests could not be run (pytest ended with {code}):\n{said}")
    return code == 0


def plant(fault: Fault, source: Path) -> None:
    """Change one place of the copy; the text has to stand there exactly once or more."""
    path = source / "reassure" / fault.file
    text = path.read_text("utf-8")
    if fault.old not in text:
        raise SystemExit(f"{fault.file} no longer holds the text of the fault {fault.says!r}")
    path.write_text(text.replace(fault.old, fault.new), "utf-8")


def run_faults(only: str) -> list[tuple[str, str, str]]:
    """Every fault of FAULTS: (rule, words, test that saw it or ""). The tests have to be green without any."""
    out = []
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "src", Path(folder) / "src", ignore=shutil.ignore_patterns("__pycache__"))
        passed, test = run_pytest(CORE, Path(folder) / "src")
    if not passed:
        raise SystemExit(f"{test} fails without any fault")
    for fault in FAULTS:
        if only and only not in f"{fault.rule} {fault.says}":
            continue
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "src"
            shutil.copytree(ROOT / "src", source, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
            plant(fault, source)
            passed, test = run_pytest(fault.tests, source)
        out.append((fault.rule, fault.says, "" if passed else test))
        print(f"{'MISSED' if passed else 'seen  '} {fault.rule:9} {fault.says}: {out[-1][2]}", flush=True)  # noqa: T201
    return out


def run_guards(only: str) -> list[tuple[str, str, str]]:
    """Every guard of every row, taken out in a child process: (row, guard, test that saw it or "")."""
    sys.path.insert(0, str(ROOT / "tests"))
    import pytest  # noqa: PLC0415, I001
    from fund_scenes import guarded, scenes  # noqa: PLC0415
    from reassure.fund import states  # noqa: PLC0415

    scenes()
    names = {("round", "reserve"): ("run", "="), ("round", "deliver"): ("begin", "delivering")}
    out = []
    for machine, event, guard in guarded():
        if only and only not in f"{machine} {event} {guard}":
            continue
        wanted = names.get((machine, event), (event, None))
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.dup2(writer, 1)
            states.MACHINES[machine] = tuple(
                replace(c, guards=tuple(g for g in c.guards if g != guard))
                if c.event == wanted[0] and wanted[1] in (None, c.to)
                else c
                for c in states.MACHINES[machine]
            )
            args = [GUARD_TESTS, *QUIETLY]
            code = NOT_RUN
            try:
                code = pytest.main([*args, "-k", "test_a_broken_guard_refuses"])
            finally:
                sys.stdout.flush()
                os._exit(int(code))
        os.close(writer)
        with os.fdopen(reader) as stream:
            said = stream.read()
        passed = is_green(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), said)
        out.append((f"{machine}: {event}", guard, "" if passed else first_failure(said)))
        print(f"{'MISSED' if passed else 'seen  '} {machine}: {event} without {guard}", flush=True)  # noqa: T201
    return out


def page(guards: list[tuple[str, str, str]], faults: list[tuple[str, str, str]]) -> str:
    """What was taken out and which test saw it, as Markdown."""
    head = (
        "# Security fund: fault run\n\nMade by `make faults`: each guard and each rule is removed once, and a test has to see "
        f"it. Last run: {len(guards)} guards and {len(faults)} rules removed, {sum(not t for *_, t in guards + faults)} unseen.\n"
    )
    rules = "".join(f"| {rule} | {says} | {test} |\n" for rule, says, test in faults)
    rows = "".join(f"| {row} | {guard} | {test} |\n" for row, guard, test in guards)
    return (
        f"{head}\n## Rules\n\n| rule | fault | first test that saw it |\n|---|---|---|\n{rules}"
        f"\n## Guards\n\n| event | guard removed | first test that saw it |\n|---|---|---|\n{rows}"
    )


def main() -> None:
    """Run all, or those whose words hold --only."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="only faults whose words hold this")
    parser.add_argument("--part", choices=("all", "guards", "rules"), default="all")
    parser.add_argument("--write", action="store_true", help="write docs/rooms/fund-faults.md")
    options = parser.parse_args()
    guards = run_guards(options.only) if options.part != "rules" else []
    faults = run_faults(options.only) if options.part != "guards" else []
    unseen = [row for row in guards + faults if not row[2]]
    print(f"{len(guards)} guards and {len(faults)} rules removed, {len(unseen)} unseen")  # noqa: T201
    if options.write:
        (ROOT / "docs" / "rooms" / "fund-faults.md").write_text(page(guards, faults), "utf-8")
    sys.exit(bool(unseen))


if __name__ == "__main__":
    main()
