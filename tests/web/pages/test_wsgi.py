"""What a WSGI server imports: everything is loaded and set aside before the first answer."""

import subprocess
import sys

LOADED = """
import gc, sys
import reassure_web.wsgi
print("reassure_web.patrols.views_board" in sys.modules, 100 * len(gc.get_objects()) < gc.get_freeze_count())
"""


def test_no_answer_waits_for_code_to_load_or_for_a_walk_through_it(tmp_path):
    """The views are there, and less than one object in a hundred is left for the collector to look at."""
    environ = {"REASSURE_MODE": "test", "REASSURE_HOME": str(tmp_path), "PATH": ""}

    done = subprocess.run([sys.executable, "-c", LOADED], env=environ, capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["True", "True"]
