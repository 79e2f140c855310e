"""Print every target of the planner with what was measured, met or missed: published problems, peers, proof, days.

Usage: python scripts/bench_targets.py FOLDER [--seconds S] [--sample N] [--seed N] [--parts PART,PART]
FOLDER holds the tour problems as for bench_peers.py; parts are tours, certificates, days, start. The default is a
sample that ends in about half an hour on a machine of its own; `--sample 0` takes every problem there is. Seconds of
tours and days are by the clock: on a machine that is shared they say less than the ratios of the same run.
"""

import argparse
import tempfile
from dataclasses import dataclass
from pathlib import Path

import bench_certificates
import bench_days
import bench_peers
from bench_peers import OURS, PEERS, tell

MOST_BETTER = 10
"""Of all problems; a sample that finds fewer says nothing."""
PARTS = "tours", "certificates", "days", "start"


@dataclass(frozen=True)
class Row:
    """A target and what was measured; `is_met` is None where nothing was."""

    work: str
    target: str
    measured: str
    is_met: bool | None


def tours(folder: Path, seconds: float, sample: int, seed: int) -> list[Row]:
    """The published problems, beside the peers."""
    known = bench_peers.best_known(folder)
    cases = [bench_peers.case_of(folder, word, known) for word in bench_peers.sampled(known, sample, seed)]
    solvers = (OURS, *PEERS)
    bench_peers.solve_all(cases, solvers, seconds, seed)
    bench_peers.tables(cases, solvers)
    plain = [gap for case in cases if case.instance.budget is None and (gap := case.gap(OURS)) is not None]
    mixed = [gap for case in cases if case.instance.budget is not None and (gap := case.gap(OURS)) is not None]
    rows = []
    if plain:
        mean, worst, n_better = sum(plain) / len(plain), max(plain), sum(gap < 0 for gap in plain)
        work = f"TOPTW, {len(plain)} problems, {seconds:g} s"
        said = f"{mean:.3f} %, worst {worst:.2f} %"
        rows.append(Row(work, "mean gap <= 0.10 %, none > 1.5 %", said, mean <= 0.10 and worst <= 1.5))
        is_enough = True if n_better >= MOST_BETTER else False if len(plain) >= len(known) // 2 else None
        said = f"{n_better} better"
        rows.append(Row(work, f">= {MOST_BETTER} values better than best known (at 60 s)", said, is_enough))
        rows.append(peers_row(cases, solvers, work))
    if mixed:
        mean = sum(mixed) / len(mixed)
        work = f"MCTOPMTW, {len(mixed)} problems, {seconds:g} s"
        rows.append(Row(work, "mean gap <= 1 %", f"{mean:.2f} %", mean <= 1))
    return rows


def peers_row(cases: list[bench_peers.Case], solvers: tuple[str, ...], work: str) -> Row:
    """What each loses against the best value known or found by any of them in this run."""
    shared = [
        [value for s in solvers if (value := case.values.get(s)) is not None] + [case.best or 0]
        for case in cases
        if case.instance.budget is None and all(case.values.get(s) is not None for s in solvers)
    ]
    target = "value lost <= 1/5 of the best peer's"
    if not shared:
        return Row(work, target, "not measured", None)
    lost = [
        sum(float(1 - values[i] / max(values)) for values in shared if max(values)) / len(shared)
        for i in range(len(solvers))
    ]
    ours, peers = lost[0], dict(zip(solvers[1:], lost[1:], strict=True))
    best = min(peers, key=lambda s: peers[s])
    said = f"{100 * ours:.3f} % against {100 * peers[best]:.3f} % ({best}), {len(shared)} problems"
    return Row(work, target, said, 5 * ours <= peers[best])


def certificates(seed: int) -> list[Row]:
    """Generated Fridays."""
    rows = []
    for size, most in (((100, 10, 10.0), 1.0), ((300, 30, 60.0), 2.0)):
        m = bench_certificates.measure(*size, seed)
        said = f"{m.gap:.2f} % ({m.value:,.0f} of {m.bound:,.0f}) in {m.seconds:.1f} s of the processor"
        is_met = m.gap <= most and m.seconds <= size[2]
        rows.append(Row(f"certificate, {size[0]}/{size[1]}", f"<= {most} % in {size[2]:g} s", said, is_met))
    return rows


def days(seed: int) -> list[Row]:
    """Whole commands on the real register."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        friday = bench_days.plan(bench_days.FRIDAY, folder, seed)
        again, share = bench_days.replan(folder / bench_days.FRIDAY, seed)
        said = bench_days.day_words(folder / bench_days.FRIDAY)
        everywhere, forces_said = bench_days.forces(folder / "forces", seed)
    return [
        Row(
            f"West Midlands, {bench_days.FRIDAY}, 40 units",
            "<= 60 s on 2 cores",
            f"{bench_days.took(friday)}; {said}",
            friday.seconds <= 60,
        ),
        Row(
            "re-plan after losing two units",
            "<= 2 s, <= 20 % changed",
            f"{bench_days.took(again)} for the whole command with its files; {100 * share:.1f} % changed",
            again.seconds <= 2 and share <= 0.2,
        ),
        Row(
            "every force with a mosque, with certificates",
            "<= 5 min on 2 cores, <= 1.5 GB",
            f"{bench_days.took(everywhere)}; {forces_said}",
            everywhere.seconds <= 300 and everywhere.memory_mb <= 1_500,
        ),
    ]


def start(folder: Path) -> list[Row]:
    """A command that loads the compiled search and does a few steps, the second time that it is run."""
    words = ("patrols", "bench", folder / "toptw" / "r101.txt", "--iterations", 64, "--json")
    bench_days.run(*words)
    made = bench_days.run(*words)
    return [Row("warm start, first steps and end", "<= 1.5 s", bench_days.took(made), made.seconds <= 1.5)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--sample", type=int, default=24)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--parts", default=",".join(PARTS))
    given = parser.parse_args()
    parts = given.parts.split(",")
    if unknown := set(parts) - set(PARTS):
        parser.error(f"unknown parts: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    tell(f"{bench_peers.machine()}; seed {given.seed}\n")
    rows = start(given.folder) if "start" in parts else []
    rows += tours(given.folder, given.seconds, given.sample, given.seed) if "tours" in parts else []
    rows += certificates(given.seed) if "certificates" in parts else []
    rows += days(given.seed) if "days" in parts else []
    tell("\n| work | target | measured | |\n|---|---|---|---|")
    words = {True: "met", False: "missed", None: "not measured"}
    for row in rows:
        tell(f"| {row.work} | {row.target} | {row.measured} | {words[row.is_met]} |")


if __name__ == "__main__":
    main()
