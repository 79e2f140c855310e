"""Where compiled code is kept between runs, and how many threads numbers get, so that the search starts at once.

Rules: one folder for each state of the compiled modules. Numba notices when a file has changed, but not when a
function that it calls in another file has; code for other sources would then be run. So the folder is named by
a digest of all of them, and a new version never meets the code of an old one. Vectorising is off: the loops are
short, and it costs a third of the time to build. Matrices are multiplied on one thread: they are small, several
threads take eight times the processor to wait for each other, and sums come out the same on any machine's cores.
"""

import hashlib
import os
from pathlib import Path

import reassure.patrols

MODULES = "search_*.py", "*_kernel.py", "reasons_swaps.py"
"""Files of `reassure.patrols` that hold compiled functions, and what they rest on."""


def keep_compiled_code() -> Path:
    """
    Name the folder of compiled code to numba, unless NUMBA_CACHE_DIR does already; call before numpy and numba.

    Returns
    -------
    Path
        `reassure/compiled/DIGEST` in the user's cache folder; numba makes it when it first keeps something there.
    """
    for name in ("NUMBA_LOOP_VECTORIZE", "NUMBA_SLP_VECTORIZE"):
        os.environ.setdefault(name, "0")
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    if named := os.environ.get("NUMBA_CACHE_DIR"):
        return Path(named)
    home = os.environ.get("XDG_CACHE_HOME", "")
    folder = (Path(home) if home else Path.home() / ".cache") / "reassure" / "compiled" / sources_digest()
    os.environ["NUMBA_CACHE_DIR"] = str(folder)
    return folder


def sources_digest() -> str:
    """The first 16 hex digits of SHA-256 over the compiled modules, in the order of their names."""
    sha = hashlib.sha256()
    folder = Path(reassure.patrols.__path__[0])
    for path in sorted({path for pattern in MODULES for path in folder.glob(pattern)}):
        sha.update(path.name.encode() + b"\0" + path.read_bytes())
    return sha.hexdigest()[:16]


def has_compiled_code() -> bool:
    """Whether the search was built on this machine before; numba keeps an index of each function that was."""
    return any(keep_compiled_code().rglob("search_loop.anneal-*.nbi"))
