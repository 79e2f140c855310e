"""What makes the entries a chain, and how a break in it is found.

Each hash is SHA-256 over an entry's fields as canonical JSON, the hash of the entry before among them. Somebody who
owns the database can write the whole chain anew: an anchor, a head kept elsewhere, shows that as well.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import Any, Protocol

FIRST_HASH = "0" * 64
FIELDS = (
    "number",
    "person_id",
    "grant",
    "action",
    "subject",
    "outcome",
    "reason",
    "request_id",
    "change_digest",
    "previous_hash",
)


class Chained(Protocol):
    """An entry with its place in the chain; the fields that the hash covers are `FIELDS` and `at`."""

    number: int
    at: Any
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """A head of the chain as it was kept outside the database: number, hash and when, in ISO 8601."""

    number: int
    hash: str
    at: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of the chain found; `fault` is empty when it is whole, else it tells of `first_bad`."""

    n_entries: int
    n_anchors: int
    first_bad: int | None = None
    fault: str = ""


def entry_hash(entry: Chained) -> str:
    """The hash that an entry has to have; its instant counts as UTC with microseconds."""
    fields = {name: getattr(entry, name) for name in FIELDS}
    fields["at"] = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def verdict(entries: Iterable[Chained], *, head: Anchor | None, anchors: Iterable[Anchor]) -> Verdict:
    """
    Compute every hash anew and compare the chain with its head and with what was kept elsewhere.

    Parameters
    ----------
    entries
        All of them, by number.
    head
        The row that every writer locks; None when it is gone.
    anchors
        Heads from outside the database, in any order.
    """
    kept = sorted(anchors, key=lambda anchor: anchor.number)
    last = Anchor(0, FIRST_HASH, "")
    due = _by_number(kept)
    n_entries = 0
    for entry in entries:
        n_entries += 1
        fault = _fault(entry, last)
        if not fault and any(anchor.hash != entry.hash for anchor in due.pop(entry.number, [])):
            fault = "is not the entry that the anchor knows"
        if fault:
            return Verdict(n_entries, len(kept), last.number + 1, f"Entry {last.number + 1} {fault}.")
        last = Anchor(entry.number, entry.hash, "")
    missing = [anchor.number for anchor in kept if anchor.number > last.number]
    if missing or head is None or head.number > last.number:
        return Verdict(n_entries, len(kept), last.number + 1, f"Entry {last.number + 1} and those after it are gone.")
    if (head.number, head.hash) != (last.number, last.hash):
        return Verdict(n_entries, len(kept), head.number, f"The head of the chain does not fit entry {last.number}.")
    return Verdict(n_entries, len(kept))


def _by_number(anchors: Iterable[Anchor]) -> dict[int, list[Anchor]]:
    due: dict[int, list[Anchor]] = {}
    for anchor in anchors:
        due.setdefault(anchor.number, []).append(anchor)
    return due


def _fault(entry: Chained, last: Anchor) -> str:
    if entry.number != last.number + 1:
        return "is gone"
    if entry.previous_hash != last.hash:
        return "does not follow the one before it"
    if entry_hash(entry) != entry.hash:
        return "was changed"
    return ""


def anchor_line(anchor: Anchor) -> str:
    """An anchor as one line of a file."""
    return json.dumps({"number": anchor.number, "hash": anchor.hash, "at": anchor.at})


def anchors_of(lines: Iterable[str]) -> Iterator[Anchor]:
    """The anchors of a file; empty lines are passed over."""
    for line in lines:
        if line.strip():
            fields = json.loads(line)
            yield Anchor(int(fields["number"]), str(fields["hash"]), str(fields["at"]))
