"""Sealed values open with their keys alone, and keys can be rotated."""

import pytest
from cryptography.fernet import Fernet

from reassure.errors import InputError
from reassure_web.accounts.sealed import seal, sealed_anew, unseal


@pytest.fixture
def keys(settings):
    """Two fresh keys; the first is in use."""
    made = [Fernet.generate_key().decode() for _ in range(2)]
    settings.SEAL_KEYS = made[:1]
    return made


def test_a_sealed_value_shows_nothing_and_opens_again(keys):
    """What lies in the database is not what was written."""
    sealed = seal("the seed of the draw")

    assert "seed" not in sealed
    assert sealed != seal("the seed of the draw")
    assert unseal(sealed) == "the seed of the draw"


def test_a_changed_or_foreign_value_does_not_open(keys, settings):
    """Neither a value that somebody changed nor one sealed elsewhere is taken."""
    sealed = seal("17")

    with pytest.raises(InputError, match="REASSURE_SEAL_KEYS"):
        unseal(sealed[:-6] + "AAAAA=")
    settings.SEAL_KEYS = keys[1:]
    with pytest.raises(InputError, match="REASSURE_SEAL_KEYS"):
        unseal(sealed)


def test_keys_are_rotated_without_losing_a_value(keys, settings):
    """A new key in front, everything sealed anew, the old key gone: every value still opens."""
    sealed = seal("17")
    settings.SEAL_KEYS = [keys[1], keys[0]]

    anew = sealed_anew(sealed)
    settings.SEAL_KEYS = [keys[1]]

    assert unseal(anew) == "17"
