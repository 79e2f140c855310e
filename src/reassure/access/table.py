"""The table of who may do what, as docs/permissions.md shows it; a test compares the two."""

from reassure.access.allowed import ALLOWED, Action, Role
from reassure.access.giving import SCOPES_OF_ROLE


def permissions_table() -> str:
    """
    Every action with the roles that may do it, in the order of the code, as a Markdown table.

    An action of everybody says so instead of naming all roles.
    """
    lines = ["| action | in the audit | who may |", "|---|---|---|"]
    for action in Action:
        allowed = ALLOWED[action]
        who = "everybody" if allowed == frozenset(Role) else ", ".join(_words(role) for role in Role if role in allowed)
        lines.append(f"| {action.words} | `{action.code}` | {who} |")
    return "\n".join(lines)


def scopes_table() -> str:
    """Every role with the scopes a grant of it can have, as a Markdown table."""
    lines = ["| role | a grant reaches |", "|---|---|"]
    lines += [f"| {_words(role)} | {' or '.join(sorted(SCOPES_OF_ROLE[role]))} |" for role in Role]
    return "\n".join(lines)


def _words(role: Role) -> str:
    return role.value.replace("_", " ")
