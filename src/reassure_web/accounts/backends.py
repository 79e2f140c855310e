"""Who a session belongs to, with the grants in the same question, and the lock-out in front of passwords."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from axes.backends import AxesStandaloneBackend

from reassure_web.accounts.models import User
from reassure_web.accounts.queries import person_with_grants


class LockOut(AxesStandaloneBackend):
    """Refuses a password, right or wrong, while the account or the address is locked."""

    def get_user(self, user_id: Any) -> User | None:
        """The person with their grants."""
        return person_with_grants(user_id)


class Passwords(AuthenticationBackend):
    """Takes an e-mail address and a password."""

    def get_user(self, user_id: Any) -> User | None:
        """The person with their grants."""
        return person_with_grants(user_id)
