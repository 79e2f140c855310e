"""What a written note may give away: a telephone number, an e-mail address, a number plate, somebody's name.

Rules: a note is looked through before it is kept, and whoever writes it is asked. A warning, not proof.
Source: docs/rooms/engagement.md.
"""

import re

from reassure.errors import Problem

_PATTERNS = (
    ("a telephone number", re.compile(r"(?<!\d)(?:\+44[\s-]?|0)(?:\d[\s-]?){8,9}\d(?!\d)")),
    ("an e-mail address", re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")),
    ("a number plate", re.compile(r"\b[A-Z]{2}\d{2}\s?[A-Z]{3}\b")),
    (
        "a name",
        re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Imam|Sheikh|Rabbi|Rev|Father|Sister|Brother|Pandit|Giani)\.? [A-Z]\w+"),
    ),
)


def note_problems(text: str, column: str = "notes") -> list[Problem]:
    """
    What a note seems to give away, each kind once, in the order of the table.

    Examples
    --------
    >>> [p.text for p in note_problems("ring 07700 900123")]
    ['notes holds what looks like a telephone number: 07700 900123; expected no personal details.']
    >>> note_problems("north gate stuck")
    []
    """
    found = [(kind, match.group()) for kind, pattern in _PATTERNS if (match := pattern.search(text))]
    return [
        Problem(column, what, "no personal details", says=f"{column} holds what looks like {kind}: {what}")
        for kind, what in found
    ]
