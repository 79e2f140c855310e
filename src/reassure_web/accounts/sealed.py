"""Values that lie encrypted in the database, so that a copy of it alone tells little.

Keys come from `REASSURE_SEAL_KEYS` (or `REASSURE_SEAL_KEYS_FILE`), newest first: the first seals, all open. To rotate,
put a new key in front, seal everything anew, and take the old one away.
"""

from collections.abc import Sequence
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from reassure.errors import InputError


def seal(text: str) -> str:
    """The text encrypted and authenticated under the newest key; two sealings of one text differ."""
    return _box(tuple(settings.SEAL_KEYS)).encrypt(text.encode()).decode("ascii")


def unseal(sealed: str) -> str:
    """
    The text that was sealed under any of the keys.

    Raises
    ------
    InputError
        No key at hand opens it, or it was changed.
    """
    try:
        return _box(tuple(settings.SEAL_KEYS)).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise InputError("A sealed value cannot be opened; expected one of its keys in REASSURE_SEAL_KEYS.") from None


def sealed_anew(sealed: str) -> str:
    """The same text under the newest key: one step of a rotation."""
    return _box(tuple(settings.SEAL_KEYS)).rotate(sealed.encode()).decode("ascii")


@cache
def _box(keys: Sequence[str]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
