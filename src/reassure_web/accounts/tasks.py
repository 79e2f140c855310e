"""Something that waits for a person: what each room lists for the first page."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Task:
    """
    One thing to do.

    `text` begins with a verb ("Approve plan 3 of Friday 27 November"); `href` opens it; `due_at` is when it has to be
    done by, None for none; `hint` says in a few words why it waits.
    """

    text: str
    href: str
    due_at: datetime | None = None
    hint: str = ""
