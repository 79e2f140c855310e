"""Copying the database out as a file and putting it back: VACUUM INTO for SQLite, pg_dump for PostgreSQL.

What is copied and what is counted is the same moment: SQLite's copy is counted itself, PostgreSQL's programs read the
snapshot of the transaction that counts.
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection, transaction
from psycopg.conninfo import make_conninfo

from reassure.errors import InputError, RuleError
from reassure_web.pages.services_tables import DatabaseState, database_state

FILES = {"sqlite": "reassure.sqlite3", "postgresql": "reassure.dump"}
"""Name of the copy by Django's word for the database."""


def copy_out(folder: Path) -> DatabaseState:
    """Copy the whole database into the folder, while others read and write; outside of any transaction."""
    target = folder / FILES[connection.vendor]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(target)])
        target.chmod(0o600)
        return sqlite_state(target)
    with _one_moment() as snapshot:
        _run("pg_dump", "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={target}")
        target.chmod(0o600)
        return database_state(_rows_here, connection.introspection.table_names())


def is_empty() -> bool:
    """Whether the database has no table at all."""
    return not connection.introspection.table_names()


def put_back(copy: Path, expected: DatabaseState) -> None:
    """
    Fill the empty database from the copy, and compare every table with what is expected.

    Raises
    ------
    RuleError
        A table differs; an SQLite database is then still empty, a PostgreSQL one has to be dropped.
    """
    if connection.vendor == "sqlite":
        target = Path(connection.settings_dict["NAME"])
        arriving = target.with_name(target.name + ".arriving")
        arriving.unlink(missing_ok=True)
        shutil.copyfile(copy, arriving)
        arriving.chmod(0o600)
        _compare(sqlite_state(arriving), expected)
        connection.close()
        arriving.replace(target)
    else:
        _run("pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", "--dbname={}", str(copy))
        with _one_moment():
            _compare(database_state(_rows_here, connection.introspection.table_names()), expected)


def sqlite_state(file: Path) -> DatabaseState:
    """What stands in a file of SQLite that nobody else has open."""
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as opened:
        (said,) = opened.execute("PRAGMA quick_check").fetchone()
        if said != "ok":
            raise InputError(f"{file.name} is damaged: {said}.")
        names = opened.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        return database_state(opened.execute, [name for (name,) in names.fetchall()])


def _compare(found: DatabaseState, expected: DatabaseState) -> None:
    """Refuse when a table is missing, too many, or has other rows."""
    names = sorted(found.tables.keys() | expected.tables.keys())
    other = [name for name in names if found.tables.get(name) != expected.tables.get(name)]
    if other:
        raise RuleError(f"The restored tables differ from the backup's: {', '.join(other)}. Do not use this database.")


@contextmanager
def _one_moment() -> Iterator[str]:
    """A read-only transaction of PostgreSQL in which nothing changes; its snapshot's name."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        yield cursor.fetchone()[0]


def _rows_here(select: str) -> Iterable[Sequence[Any]]:
    """The rows of a SELECT, a few at a time."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(select)
        while page := cursor.fetchmany(2000):
            yield from page


def _run(program: str, *arguments: str) -> None:
    """Run a program of PostgreSQL on our database; its password goes by the environment, never by the command line."""
    known = {option.keyword.decode() for option in psycopg.pq.Conninfo.get_defaults()}
    options = {key: value for key, value in connection.get_connection_params().items() if key in known}
    password = str(options.pop("password", ""))
    address = make_conninfo("", **options)
    said = [argument.format(address) if argument == "--dbname={}" else argument for argument in arguments]
    if program == "pg_dump":
        said.append(f"--dbname={address}")
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own programs
        [_program(program), *said],
        env={**os.environ, "PGPASSWORD": password},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise InputError(f"{program} failed: {done.stderr.strip()[-500:]}")


def _program(name: str) -> str:
    """Where a program of PostgreSQL is: on PATH, else Debian's newest."""
    on_path = shutil.which(name)
    if on_path:
        return on_path
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    if not found:
        raise InputError(f"{name} is not at hand: install PostgreSQL's client programs or put them on PATH.")
    return str(found[-1])
