"""What every test may use: the folder of open data, where it is at hand."""

import os
from pathlib import Path

import pytest
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import HealthCheck, settings

from reassure.engines.compiled import keep_compiled_code
from reassure.files.register import Register, read_register
from reassure_web.audit.chain import FIRST_HASH
from reassure_web.audit.models import ChainHead
from reassure_web.audit.triggers import install, remove

keep_compiled_code()

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


@pytest.fixture(scope="session", autouse=True)
def emptied_audit():
    """
    Let a test that commits (`transactional_db`, `live_server`) empty the audit after itself.

    The triggers go for the moment of the emptying, as only the owner of a database can do; the head of the chain,
    which a migration made, comes back.
    """
    empty = TransactionTestCase._fixture_teardown

    def without_triggers(case: TransactionTestCase) -> None:
        with connection.schema_editor() as editor:
            remove(None, editor)
        empty(case)
        with connection.schema_editor() as editor:
            install(None, editor)
        ChainHead.objects.get_or_create(id=1, defaults={"number": 0, "hash": FIRST_HASH})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", without_triggers)
        yield


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of real open data (REASSURE_DATA, else ../shared/data); the test is skipped where it is absent."""
    folder = Path(os.environ.get("REASSURE_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("no open data at hand: set REASSURE_DATA to its folder")
    return folder


@pytest.fixture(scope="session")
def open_register(data_dir: Path) -> Register:
    """The open register of 37,757 places, with its facts, read once."""
    return read_register(data_dir / "places_of_worship" / "places_of_worship_osm_2026-08.csv", with_facts=True)
