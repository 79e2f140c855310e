"""Installations to run commands in: a home and a database each, on the database that the tests run on."""

import os
from collections.abc import Callable, Iterator

import psycopg
import pytest
from django.conf import settings

from installations import Installation


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Installation]]:
    """`installation("a")` is an empty place called a; nothing is migrated."""
    database = settings.DATABASES["default"]
    made: list[str] = []

    def make(name: str) -> Installation:
        home = tmp_path_factory.mktemp(name)
        if database["ENGINE"] == "django.db.backends.sqlite3":
            return Installation(home, f"sqlite:///{home / 'reassure.sqlite3'}")
        place = f"drill_{os.getpid()}_{name}"
        made.append(place)
        with psycopg.connect(_server(), autocommit=True) as opened:
            opened.execute(f'CREATE DATABASE "{place}"')
        user, password = database["USER"], database["PASSWORD"]
        return Installation(home, f"postgres://{user}:{password}@{database['HOST']}:{database['PORT']}/{place}")

    yield make
    for place in made:
        with psycopg.connect(_server(), autocommit=True) as opened:
            opened.execute(f'DROP DATABASE "{place}" WITH (FORCE)')


def _server() -> str:
    database = settings.DATABASES["default"]
    return psycopg.conninfo.make_conninfo(
        host=database["HOST"],
        port=database["PORT"],
        user=database["USER"],
        password=database["PASSWORD"],
        dbname="postgres",
    )
