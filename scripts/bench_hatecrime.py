"""Measure the tables of hate crime on generated records, beside pandas doing the plain group-by.

    python scripts/bench_hatecrime.py [ROWS ...]

Each runs in a process of its own: processor seconds from file to five tables, and the most memory it held. The
records are invented: three supplies, 44 forces, a tenth of the offences revised. pandas comes with the extra `bench`;
it is given the easy part only (newest version of each offence, then counting), without a check of any row.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

RELIGIONS = ("buddhist", "christian", "hindu", "jewish", "muslim", "sikh", "other", "no_religion", "unknown")
WEIGHTS = (19, 535, 114, 1326, 3530, 188, 535, 215, 1255)
HEADER = "offence_id,force_code,submitted_on,state,recorded_on,offence_code,strands,perceived_religions"


def generate(folder: Path, n_rows: int) -> None:
    """Records of two years and their coverage, n_rows rows in all."""
    rng = random.Random(n_rows)
    forces = [f"E230000{i:02d}" for i in range(1, 40)] + [f"W1500000{i}" for i in range(1, 5)] + ["btp"]
    n_new = n_rows * 10 // 11
    lines = [HEADER]
    numbers = [*range(n_new), *rng.sample(range(n_new), n_rows - n_new)]
    for i, number in enumerate(numbers):
        sent = "2018-06-01" if i < n_new // 2 else "2019-06-01" if i < n_new else "2019-09-0" + str(1 + i % 9)
        on = date(2017 if i < n_new // 2 else 2018, 4, 1) + timedelta(days=rng.randrange(364))
        strands = rng.choices(
            ["race", "religion", "race;religion", "sexual_orientation", "disability"], [70, 7, 1, 14, 8]
        )
        religions = ";".join(sorted(set(rng.choices(RELIGIONS, WEIGHTS, k=rng.choice([1] * 25 + [2])))))
        told = religions if "religion" in strands[0] and rng.random() < 0.87 else ""
        code = rng.choice(["8P", "105B", "8M", "9B", "58J", "125", "8N"])
        lines.append(f"o{number},{forces[number % 44]},{sent},recorded,{on},{code},{strands[0]},{told}")
    (folder / "offences.csv").write_text("\n".join(lines) + "\n", "utf-8")
    rows = [f"{f},{year},2019-06-01,perceived,yes" for f in forces for year in ("2017/18", "2018/19")]
    (folder / "coverage.csv").write_text(
        "force_code,year,submitted_on,religion_supply,strands_supply\n" + "\n".join(rows) + "\n", "utf-8"
    )


def ours(folder: Path) -> dict[str, int]:
    """Read, check and count: five tables of 2018/19."""
    from reassure.files.offences import read_coverage, read_offences  # noqa: PLC0415 - measured with the start-up
    from reassure.hatecrime.tables import KINDS, make_table  # noqa: PLC0415
    from reassure.hatecrime.vintages import as_at  # noqa: PLC0415

    read, coverage = read_offences(folder / "offences.csv"), read_coverage(folder / "coverage.csv")
    vintage = as_at(read.supplies, coverage, date(2019, 10, 15))
    tables = {by: make_table(vintage, "2018/19", by) for by in KINDS}
    return {str(key): int(str(n)) for key, n in tables["religion"].column("offences").items()}


def suppressed(folder: Path) -> dict[str, int]:
    """The same, and the table by force and religion as it may be released."""
    from reassure.files.offences import read_coverage, read_offences  # noqa: PLC0415 - measured with the start-up
    from reassure.hatecrime.release import release  # noqa: PLC0415
    from reassure.hatecrime.tables import make_table  # noqa: PLC0415
    from reassure.hatecrime.vintages import as_at  # noqa: PLC0415

    read, coverage = read_offences(folder / "offences.csv"), read_coverage(folder / "coverage.csv")
    day = date(2019, 10, 15)
    table = make_table(as_at(read.supplies, coverage, day), "2018/19", "force-religion")
    found = release(table, read.supplies, coverage, day)
    return {"hidden": found.n_hidden, "of": found.n_cells}


def with_pandas(folder: Path) -> dict[str, int]:
    """The plain group-by: newest version, offences by religion, strand, force, force and religion, month."""
    import pandas as pd  # noqa: PLC0415 - only where it is installed

    frame = pd.read_csv(folder / "offences.csv", dtype=str, keep_default_na=False)
    frame = frame[frame.submitted_on <= "2019-10-15"].sort_values("submitted_on", kind="stable")
    frame = frame.drop_duplicates(["force_code", "offence_id"], keep="last")
    year = frame[(frame.recorded_on >= "2018-04-01") & (frame.recorded_on < "2019-04-01")]
    based = year[year.strands.str.contains("religion", regex=False) & (year.perceived_religions != "")]
    split = based.assign(religion=based.perceived_religions.str.split(";")).explode("religion")
    strands = year.assign(strand=year.strands.str.split(";")).explode("strand")
    strands.groupby("strand").size()
    strands.groupby(["force_code", "strand"]).size().unstack(fill_value=0)
    split.groupby(["force_code", "religion"]).size().unstack(fill_value=0)
    rra = year[year.offence_code.isin(["8P", "105B", "8M", "9B", "58J"])]
    rra.groupby(rra.recorded_on.str[:7]).size()
    counts = {str(key): int(n) for key, n in split.groupby("religion").size().items()}
    return counts | {"total_targeted_religions": len(split), "total_offences": len(based)}


WAYS = {"ours": ours, "suppressed": suppressed, "pandas": with_pandas}


def main() -> None:
    """Measure each way in a process of its own and print one line each; ours and pandas have to agree."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("rows", type=int, nargs="*", default=[26_000, 200_000])
    options.add_argument("--way", choices=WAYS)
    options.add_argument("--folder", type=Path)
    given = options.parse_args()
    if given.way:
        started = time.process_time()
        found = WAYS[given.way](given.folder)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        sys.stdout.write(json.dumps({"s": time.process_time() - started, "mb": peak, "found": found}))
        return
    for n_rows in given.rows:
        with tempfile.TemporaryDirectory() as name:
            generate(Path(name), n_rows)
            results = {}
            for way in WAYS:
                command = [sys.executable, __file__, "--way", way, "--folder", name]
                run = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - ourselves
                if run.returncode:
                    sys.stdout.write(f"{n_rows:9,} rows  {way:10} not run: {run.stderr.strip().splitlines()[-1]}\n")
                    continue
                told = results[way] = json.loads(run.stdout)
                more = told["found"] if way == "suppressed" else ""
                sys.stdout.write(f"{n_rows:9,} rows  {way:10} {told['s']:6.2f} s  {told['mb']:5} MB  {more}\n")
            if {"ours", "pandas"} <= set(results):
                same = {k: v for k, v in results["ours"]["found"].items() if v} == results["pandas"]["found"]
                sys.stdout.write(f"{n_rows:9,} rows  the religion tables {'agree' if same else 'DIFFER'}\n")


if __name__ == "__main__":
    main()
