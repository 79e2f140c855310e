"""Heads of the chain in a file outside the database, a line an hour."""

from datetime import datetime, timedelta
from pathlib import Path

from reassure_web.audit import queries

EVERY = timedelta(hours=1)


def add_anchor(file: Path, *, now: datetime) -> str:
    """Add the head of the chain to a file as one line; that line."""
    line = queries.anchor_now(now)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as anchors:
        anchors.write(line + "\n")
    return line


def add_anchor_if_due(file: Path, *, now: datetime) -> bool:
    """Add the head unless a line was added within the hour; whether one was."""
    if file.exists() and now.timestamp() - file.stat().st_mtime < EVERY.total_seconds():
        return False
    add_anchor(file, now=now)
    return True
