"""What stands in the tables of a database: rows and a digest for each, the head of the audit, the migrations applied.

A digest is the sum of the SHA-256 of each row, modulo 2 to the 256th, so that the order of rows does not matter.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

Rows = Callable[[str], Iterable[Sequence[Any]]]
"""Runs a SELECT and gives its rows; a database at rest or a transaction that sees one moment."""


@dataclass(frozen=True, slots=True)
class TableState:
    """How many rows a table has, and their digest."""

    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class DatabaseState:
    """Every table's state by name, the audit's last number and hash (0 and nothing when empty), migrations by name."""

    tables: dict[str, TableState]
    audit_number: int
    audit_hash: str
    migrations: tuple[str, ...]


def database_state(rows: Rows, names: Iterable[str]) -> DatabaseState:
    """Read every row of the tables named."""
    head = list(rows("SELECT number, hash FROM audit_auditentry ORDER BY number DESC LIMIT 1"))
    number, last_hash = head[0] if head else (0, "")
    applied = tuple(sorted(f"{app}.{name}" for app, name in rows("SELECT app, name FROM django_migrations")))
    return DatabaseState({name: table_state(rows, name) for name in sorted(names)}, number, last_hash, applied)


def table_state(rows: Rows, name: str) -> TableState:
    """Count and digest the rows of one table."""
    count = total = 0
    for row in rows(f'SELECT * FROM "{name}"'):  # noqa: S608 - a name from the database's own catalogue
        text = json.dumps([_plain(value) for value in row])
        total += int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
        count += 1
    return TableState(count, f"{total % 2**256:064x}")


def _plain(value: Any) -> Any:
    """A value of a column as JSON has it."""
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value if isinstance(value, bool | int | float | str | None) else str(value)
