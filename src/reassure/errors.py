"""What can be wrong, and how it is said.

A `Problem` names the place of the fault (file, row, column), the value, and what was expected.
Every error that a user meets is an `InputError` (a value), a `RuleError` (the rules say no) or a
`NotAllowedError` (this person, here); each carries all of its problems, not only the first.
"""

from collections.abc import Iterable
from dataclasses import dataclass

SHOWN_VALUE_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Problem:
    """
    One fault that a person can mend.

    Parameters
    ----------
    column
        Field or column at fault; empty when the whole file or row is meant.
    value
        The value as it was read; shown shortened to 60 characters, control characters escaped.
    expected
        What would have been right, to follow "expected".
    file, row
        Where it stands; `row` is the line of the file as an editor shows it, 1 for the first line.
    says
        Replaces "`column` is `value`" where that does not say what is wrong.

    Examples
    --------
    >>> Problem("lat_deg", "91", "49 to 61", file="a.csv", row=3).text
    'a.csv, row 3: lat_deg is 91; expected 49 to 61.'
    >>> Problem("", "", "a CSV file with a header row", file="a.csv", says="the file is empty").text
    'a.csv: the file is empty; expected a CSV file with a header row.'
    """

    column: str
    value: str
    expected: str
    file: str = ""
    row: int | None = None
    says: str = ""

    @property
    def text(self) -> str:
        """The problem as one sentence, with its place first."""
        where = self.file + (f", row {self.row}" if self.row is not None else "")
        said = self.says or (f"{self.column} is {shown(self.value)}" if self.value else f"{self.column} is missing")
        expected = f"; expected {self.expected}" if self.expected else ""
        return (f"{where}: " if where else "") + f"{said}{expected}."


def shown(value: str) -> str:
    """A value from outside as it may be printed: at most 60 characters, no control characters."""
    clean = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in value[:200])
    return clean if len(clean) <= SHOWN_VALUE_CHARACTERS else clean[: SHOWN_VALUE_CHARACTERS - 1] + "…"


class ReassureError(Exception):
    """Any error that is meant for a user; `problems` holds each fault, in the order of the input."""

    def __init__(self, what: str | Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = () if isinstance(what, str) else tuple(what)
        super().__init__(what if isinstance(what, str) else "\n".join(p.text for p in self.problems))


class InputError(ReassureError):
    """A value from outside is not what it has to be."""


class RuleError(ReassureError):
    """The values are well formed, but the rules say no."""


class NotAllowedError(ReassureError):
    """This person may not do this here; `action` is the code of what was asked, empty when no table decides it."""

    def __init__(self, what: str | Iterable[Problem], *, action: str = "") -> None:
        super().__init__(what)
        self.action = action
