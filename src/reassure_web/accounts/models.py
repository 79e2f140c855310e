"""People who use the product and the roles they hold for a time."""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac

from reassure.access.allowed import Role
from reassure.access.giving import duty
from reassure.access.grants import Grant, Scope


class UserManager(BaseUserManager["User"]):
    """Makes people."""

    def create_user(self, email: str, name: str, password: str | None = None) -> "User":
        """A person with an e-mail address to sign in with; without a password until they set one."""
        user = self.model(email=self.normalize_email(email).lower(), name=name)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):
    """A person with an account; no rights but their grants."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    session_round = models.PositiveIntegerField(default=0)
    """One more ends every session that was opened before."""

    held: "list[RoleGrant] | None" = None
    """The person's grants as they came with a request, so that a page need not ask for them again."""
    grant_in_use: int | None = None
    """The grant that a request acts under; None outside requests, where all count."""
    grant_words: str = ""
    """The grant in use as the audit notes it: its number and its role."""

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What every session of this person has to carry: it changes with the password and with `session_round`."""
        text = f"{self.password} {self.session_round}"
        return salted_hmac("reassure_web.accounts.session", text, secret=secret, algorithm="sha256").hexdigest()

    def grants(self, now: datetime) -> list[Grant]:
        """The roles in force at `now`, or only the one in use; none for a disabled account."""
        rows = self.grant_rows(now)
        if self.grant_in_use is not None:
            rows = [row for row in rows if row.pk == self.grant_in_use]
        return [row.facts() for row in rows]

    def grant_rows(self, now: datetime) -> "list[RoleGrant]":
        """The rows of the roles in force at `now`, oldest first; none for a disabled account."""
        if not self.is_active:
            return []
        held = self.held if self.held is not None else list(self.role_grants.order_by("id"))
        return [row for row in held if row.is_confirmed() and row.facts().holds(now)]

    def use_grant(self, wanted: int | None, now: datetime) -> None:
        """Act under one grant from here on: the wanted one if it is in force, else the first that is."""
        rows = self.grant_rows(now)
        row = next((row for row in rows if row.pk == wanted), rows[0] if rows else None)
        self.grant_in_use = row.pk if row else None
        self.grant_words = f"{row.pk} {row.role}" if row else ""


class RoleGrant(models.Model):
    """
    A role given to a person, for an area or a place, from a day to a day, by somebody.

    One that needs a second person is in force only when another has confirmed it. `duty` repeats what the role is
    for, so that the database itself can refuse an auditor or an administrator a role of another duty.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="role_grants")
    role = models.CharField(max_length=20, choices=[(r.value, r.value) for r in Role])
    scope = models.CharField(max_length=10, choices=[(s.value, s.value) for s in Scope])
    refs = models.JSONField(default=list)
    duty = models.CharField(max_length=20, editable=False)
    is_aid = models.BooleanField(default=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    needs_second = models.BooleanField(default=False)
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="grant_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("given_by")),
                name="grant_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("user")), name="grant_not_confirmed_by_self"
            ),
            models.CheckConstraint(
                condition=Q(given_by__isnull=True) | ~Q(given_by=F("user")), name="grant_not_given_to_self"
            ),
            models.CheckConstraint(
                condition=Q(role="auditor", duty="audit")
                | Q(role="admin", duty="administration")
                | (~Q(role__in=["auditor", "admin"]) & Q(duty="operations")),
                name="grant_duty_is_that_of_the_role",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} for {self.user}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with the duty of the role."""
        self.duty = duty(Role(self.role))
        super().save(*args, **kwargs)

    def facts(self) -> Grant:
        """The grant as the rules read it; one that was ended early ends there."""
        ends_at = min(self.ends_at, self.ended_at or self.ends_at)
        return Grant(Role(self.role), Scope(self.scope), frozenset(self.refs), self.starts_at, ends_at)

    def is_confirmed(self) -> bool:
        """Whether nobody has to say yes any more."""
        return not self.needs_second or self.confirmed_by_id is not None
