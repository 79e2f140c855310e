"""What every test may use: the folder of open data, where it is at hand."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of real open data (REASSURE_DATA, else ../shared/data); the test is skipped where it is absent."""
    folder = Path(os.environ.get("REASSURE_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("no open data at hand: set REASSURE_DATA to its folder")
    return folder
