"""The bench of the fund's choice: ours beside scipy's milp and the greedy, each in a process of its own.

Run it with `make bench-fund`. Six generated instances of 377 bids and 766 lines at 1.6m, as 2019/20 had. Times are for
reading, never asserted in a test. Ours is timed for the value alone (proven) and for all four levels.
"""

import json
import subprocess
import sys
import time

SOLVERS = ("value", "levels", "milp", "greedy")


def instance(seed: int, n_bids: int, n_lines: int):
    """Bids and terms of an invented instance."""
    from reassure.files.fund_demo_bids import demo_bids  # noqa: PLC0415
    from reassure.files.schemes import preset  # noqa: PLC0415
    from reassure.fund.bids import terms_of  # noqa: PLC0415

    scheme = preset("2018-demo")
    bids = demo_bids(scheme, seed=seed, n_bids=n_bids, n_lines=n_lines)
    return bids, terms_of(scheme, budget_pence=160_000_000 * n_bids // 377)


def milp_value(bids, terms) -> int:
    """The value by scipy's milp, from a model written out anew from the formulas of the page."""
    import numpy as np  # noqa: PLC0415
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415
    from scipy.sparse import lil_array  # noqa: PLC0415

    passing = [b for b in bids if terms.passes(b)]
    x = {(b.ref, m.ref): n for n, (b, m) in enumerate((b, m) for b in passing for m in b.lines)}
    y = {b.ref: len(x) + n for n, b in enumerate(passing)}
    gaps = [(b, g, d) for b in passing for g, d in b.gaps if d]
    z = {(b.ref, g): len(x) + len(y) + n for n, (b, g, _) in enumerate(gaps)}
    rows, low, high = [], [], []

    def add(row: dict, lo: float, hi: float) -> None:
        rows.append(row)
        low.append(lo)
        high.append(hi)

    asked = {(b.ref, m.ref): m.requested_pence / 100 for b in passing for m in b.lines}
    add({x[k]: p for k, p in asked.items()}, -np.inf, terms.budget_pence / 100)
    for b in passing:
        mine = {x[b.ref, m.ref]: asked[b.ref, m.ref] for m in b.lines}
        add(mine, -np.inf, (terms.cap_pence - b.cap_used_pence) / 100)
        add(mine | {y[b.ref]: -terms.min_award_pence / 100}, 0, np.inf)
        for m in b.lines:
            add({x[b.ref, m.ref]: 1, y[b.ref]: -1}, -np.inf, 0)
            if m.alternative_of:
                add({x[b.ref, m.ref]: 1, x[b.ref, m.alternative_of]: 1}, -np.inf, 1)
            if m.needs:
                add({x[b.ref, m.ref]: 1, x[b.ref, m.needs]: -1}, -np.inf, 0)
    for b, g, _ in gaps:
        add(
            {z[b.ref, g]: 1} | {x[b.ref, m.ref]: -dict(m.closes)[g] for m in b.lines if g in dict(m.closes)}, -np.inf, 0
        )
    n = len(x) + len(y) + len(z)
    matrix = lil_array((len(rows), n))
    for r, row in enumerate(rows):
        for column, value in row.items():
            matrix[r, column] = value
    costs = np.zeros(n)
    for b, g, d in gaps:
        costs[z[b.ref, g]] = -b.tenths * d
    upper = np.ones(n)
    upper[len(x) + len(y) :] = 10
    whole = np.ones(n)
    whole[len(x) + len(y) :] = 0
    done = milp(
        costs,
        constraints=LinearConstraint(matrix.tocsr(), low, high),
        bounds=Bounds(0, upper),
        integrality=whole,
        options={"mip_rel_gap": 0},
    )
    return round(-done.fun)


def one(solver: str, seed: int, n_bids: int, n_lines: int) -> None:
    """Solve one instance in this process and print value and seconds as JSON."""
    from reassure.fund.allocation import greedy  # noqa: PLC0415
    from reassure.fund.optimum import Model, totals  # noqa: PLC0415

    bids, terms = instance(seed, n_bids, n_lines)
    started = time.process_time()
    proven = True
    if solver == "milp":
        value = milp_value(bids, terms)
    elif solver == "greedy":
        value, proven = totals(bids, greedy(bids, terms), "bench")[0], False
    else:
        best = Model(bids, terms, "bench").solve(n_levels=1 if solver == "value" else 4, start=greedy(bids, terms))
        value, proven = best.value, best.proven
    print(json.dumps({"value": value, "proven": proven, "seconds": round(time.process_time() - started, 2)}))  # noqa: T201


def main() -> None:
    """All instances beside all solvers, as a table."""
    if len(sys.argv) == 5:
        one(sys.argv[1], *map(int, sys.argv[2:]))
        return
    n_bids, n_lines = (int(v) for v in sys.argv[1:3]) if len(sys.argv) == 3 else (377, 766)
    print(f"{n_bids} bids, {n_lines} lines, one thread each; seconds, and value against ours")  # noqa: T201
    for seed in range(1, 7):
        row = {}
        for solver in SOLVERS:
            command = [sys.executable, __file__, solver, str(seed), str(n_bids), str(n_lines)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
            row[solver] = json.loads(done.stdout.strip().splitlines()[-1])
        ours = row["value"]["value"]
        words = [f"{s} {r['seconds']:6.2f} s {100 * (r['value'] / ours - 1):+.2f} %" for s, r in row.items()]
        proven = row["value"]["proven"] and row["levels"]["proven"]
        print(f"instance {seed}: value {ours:,}, proven {proven}; " + "; ".join(words), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
