"""Every page that axe looks at: normal, empty and in error; each room adds its own rows."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AxePage:
    """
    A page in one state.

    `url` is a path, or a function that makes the data of that state and returns the path; it may take the `visitor`
    who looks. `act` presses what has to be pressed to reach the state, given the browser's page.
    """

    name: str
    role: str | None
    url: str | Callable[..., str]
    act: Callable[..., None] | None = None


PAGES = [
    AxePage("home, nothing to do", "planner", "/"),
    AxePage("home, no grant", "outsider", "/"),
    AxePage("help", None, "/help/"),
    AxePage("help, signed in", "auditor", "/help/"),
    AxePage("accessibility", None, "/accessibility/"),
    AxePage("privacy", None, "/privacy/"),
    AxePage("cookies", None, "/cookies/"),
]
