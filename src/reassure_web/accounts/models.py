"""People who use the product and the roles they hold for a time."""

from datetime import datetime
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from reassure.access.allowed import Role
from reassure.access.grants import Grant, Scope

MOST_DAYS_OF_A_GRANT = 365


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

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name

    def grants(self, now: datetime) -> list[Grant]:
        """The roles in force at `now`; none for a disabled account."""
        if not self.is_active:
            return []
        return [g for g in (row.facts() for row in self.role_grants.all()) if g.holds(now)]


class RoleGrant(models.Model):
    """A role given to a person, for an area or a place, from a day to a day, by somebody."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="role_grants")
    role = models.CharField(max_length=20, choices=[(r.value, r.value) for r in Role])
    scope = models.CharField(max_length=10, choices=[(s.value, s.value) for s in Scope])
    refs = models.JSONField(default=list)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="grant_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("given_by")),
                name="grant_confirmed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} for {self.user}"

    def facts(self) -> Grant:
        """The grant as the rules read it."""
        return Grant(Role(self.role), Scope(self.scope), frozenset(self.refs), self.starts_at, self.ends_at)
