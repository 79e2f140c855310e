"""Show in which compiled function the search, or the pricing of the bound, spends its time.

Usage: python scripts/profile_search.py [search|bound] [--places N] [--units N] [--iterations N] [--rounds N]
Needs `perf` (Debian: linux-perf) and `nm` (binutils). The problem is generated (bench_certificates.py). Compiled code
has no names that perf could see: they are read from the compiled objects here and written where perf looks for them. A
function that LLVM put inside its caller counts as its caller.
"""

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reassure.engines.compiled import keep_compiled_code

FRESH = tempfile.TemporaryDirectory()
os.environ["NUMBA_CACHE_DIR"] = FRESH.name  # code that is loaded has no object to read names from: build it again
keep_compiled_code()

from bench_certificates import friday  # noqa: E402 - numba reads where to keep code

from reassure.patrols import bound_kernel, search_kernel, search_loop, search_recreate, search_ruin  # noqa: E402
from reassure.patrols.bound import certify  # noqa: E402
from reassure.patrols.search import plan_patrols  # noqa: E402
from reassure.patrols.search_routes import UntimedRoute  # noqa: E402

MODULES = search_kernel, search_ruin, search_recreate, search_loop, bound_kernel
WORK = "search", "bound"
LEAST_SHARE = 0.5
"""Per cent of the samples below which a function is not shown."""
SAMPLES_A_SECOND = 999


def symbols(function: Any) -> Iterator[tuple[int, int, str]]:
    """Address, size and short name of everything in the object that a compiled function came from."""
    for made in function.overloads.values():
        library, own = made.library, made.fndesc.llvm_func_name
        with tempfile.NamedTemporaryFile(suffix=".o") as file:
            file.write(library._get_compiled_object())
            file.flush()
            listed = subprocess.run(["nm", "-S", file.name], capture_output=True, text=True, check=True).stdout  # noqa: S603, S607 - our own file
        rows = [line.split() for line in listed.splitlines()]
        found = {row[3]: (int(row[0], 16), int(row[1], 16)) for row in rows if len(row) == 4 and row[2] in "tTwW"}
        base = library.get_pointer_to_function(own) - found[own][0]
        for name, (offset, size) in found.items():
            yield base + offset, size, short(name)


def short(name: str) -> str:
    """
    The Python name in a mangled one.

    Examples
    --------
    >>> short("_ZN8reassure7patrols11search_loop6annealB2v9B52c8tJT")
    'search_loop.anneal'
    """
    parts = []
    rest = name.partition("_ZN")[2]
    while found := re.match(r"\d+", rest):
        size, rest = int(found[0]), rest[found.end() :]
        parts.append(rest[:size])
        rest = rest[size:]
    return ".".join(parts[-2:]) or name


def sampled(work: Any) -> Counter[str]:
    """Samples by function while some work is done."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "perf.data"
        command = ["perf", "record", "-q", "-F", str(SAMPLES_A_SECOND), "-o", str(data), "-p", str(os.getpid())]
        recorder = subprocess.Popen(command)  # noqa: S603 - words of our own
        time.sleep(1)
        work()
        recorder.send_signal(signal.SIGINT)
        recorder.wait()
        words = ["perf", "script", "-i", str(data), "-F", "ip,sym"]
        said = subprocess.run(words, capture_output=True, text=True, check=True).stdout  # noqa: S603 - words of our own
    return Counter(line.split(maxsplit=1)[1] for line in said.splitlines() if line.strip())


def main() -> None:
    """Print a line for each function."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=WORK, default="search")
    parser.add_argument("--places", type=int, default=100)
    parser.add_argument("--units", type=int, default=10)
    parser.add_argument("--iterations", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=12)
    given = parser.parse_args()
    small = friday(8, 2, 1)
    certify(small, plan_patrols(small, iterations=200), rounds=2)  # loads the compiled code
    problem = friday(given.places, given.units, 1)
    met: list[UntimedRoute] = []
    took: list[float] = []

    def search() -> None:
        began = time.process_time()
        took.append(plan_patrols(problem, iterations=given.iterations, met=met).prize)
        took.append(time.process_time() - began)

    def bound() -> None:
        certify(problem, plan, rounds=given.rounds, routes=met)

    if given.what == "bound":
        plan = plan_patrols(problem, iterations=given.iterations, met=met)
    names = Path(tempfile.gettempdir()) / f"perf-{os.getpid()}.map"
    functions = [f for module in MODULES for f in vars(module).values() if hasattr(f, "overloads")]
    rows = [row for function in functions for row in symbols(function)]
    names.write_text("".join(f"{at:x} {size:x} {name}\n" for at, size, name in rows), "utf-8")
    try:
        samples = sampled(search if given.what == "search" else bound)
    finally:
        names.unlink()
    if given.what == "search":
        sys.stdout.write(f"{given.iterations / took[1]:,.0f} iterations a second of the processor\n")
    total = sum(samples.values())
    sys.stdout.write("| function | per cent |\n|---|--:|\n")
    for name, n in samples.most_common():
        if 100 * n / total >= LEAST_SHARE:
            sys.stdout.write(f"| {name} | {100 * n / total:.1f} |\n")


if __name__ == "__main__":
    main()
