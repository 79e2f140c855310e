"""Many processes at once leave one chain: no number twice, none left out."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from web.ops.conftest import installation

__all__ = ["installation"]

N_PROCESSES, N_EACH = 4, 50
WRITE = f"""
from django.utils import timezone
from reassure.access.allowed import Action
from reassure_web.audit.services import record
for n in range({N_EACH}):
    record(None, Action.PLACE_CHANGE, f"place:P{{n}}", now=timezone.now())
"""


@pytest.mark.slow
def test_entries_written_at_once_make_one_chain(installation):
    """Each writer waits for the head; the chain is whole whatever the order."""
    place = installation("crowded")
    place.done("migrate")

    with ThreadPoolExecutor(N_PROCESSES) as starters:
        list(starters.map(lambda _: place.python(WRITE), range(N_PROCESSES)))

    assert place.done("verify").strip() == f"The chain is whole: {N_PROCESSES * N_EACH} entries, 0 anchors."
