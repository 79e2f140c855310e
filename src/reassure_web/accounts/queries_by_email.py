"""Finding the person that a command names."""

from reassure.errors import InputError
from reassure_web.accounts.models import User


def person_by_email(email: str) -> User:
    """
    The person with that address, upper and lower case alike.

    Raises
    ------
    InputError
        Nobody has it.
    """
    person = User.objects.filter(email=email.strip().lower()).first()
    if person is None:
        raise InputError(f"Nobody has an account with the address {email!r}.")
    return person
