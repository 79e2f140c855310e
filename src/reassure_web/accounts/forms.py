"""What is typed about people and grants."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from reassure.access.allowed import Role
from reassure.access.giving import scope_of
from reassure.access.grants import Grant
from reassure.errors import InputError, RuleError

SHORT = {"class": "govuk-input--width-10"}
LONDON = ZoneInfo("Europe/London")


def done(form: forms.Form, write: Callable[[], Any]) -> bool:
    """Whether a form is valid and its write went through; what the rules say no to stands at its field."""
    if not form.is_valid():
        return False
    try:
        write()
    except (RuleError, InputError) as error:
        for problem in error.problems:
            form.add_error(_field(form, problem.column), problem.text)
        if not error.problems:
            form.add_error(None, str(error))
        return False
    return True


class InviteForm(forms.Form):
    """Somebody who is to get an account."""

    name = forms.CharField(label="Name", max_length=120, error_messages={"required": "Enter a name"})
    email = forms.EmailField(
        label="E-mail address at work",
        error_messages={"required": "Enter an e-mail address", "invalid": "Enter an e-mail address, as in a@b.uk"},
    )


class GrantForm(forms.Form):
    """A role for somebody, where, and for how long."""

    role = forms.ChoiceField(label="Role", choices=[(role.value, role.value.replace("_", " ")) for role in Role])
    refs = forms.CharField(
        label="Where",
        help_text="Police area codes, units as area/unit, or references of places, one a line; empty for all areas.",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    starts_on = forms.DateField(
        label="First day", help_text="For example 2026-11-28", widget=forms.DateInput(attrs=SHORT, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label="Last day", help_text="At most 365 days in all", widget=forms.DateInput(attrs=SHORT, format="%Y-%m-%d")
    )
    is_aid = forms.BooleanField(label="Mutual aid in another force's area, three days at most", required=False)
    reason = forms.CharField(label="Reason", max_length=500, error_messages={"required": "Say why"})

    def grant(self, now: datetime) -> Grant:
        """The grant that was typed, from the first day (now if that is today) to the end of the last."""
        typed = self.cleaned_data
        role = Role(typed["role"])
        refs = frozenset(typed["refs"].split())
        starts_at = datetime.combine(typed["starts_on"], time(), LONDON)
        if starts_at <= now < starts_at + timedelta(days=1):
            starts_at = now
        ends_at = datetime.combine(typed["ends_on"] + timedelta(days=1), time(), LONDON)
        return Grant(role, scope_of(role, has_refs=bool(refs)), refs, starts_at, ends_at)


class ReasonForm(forms.Form):
    """Why something is done to somebody's account."""

    reason = forms.CharField(label="Reason", max_length=500, error_messages={"required": "Say why"})


def _field(form: forms.Form, column: str) -> str | None:
    """The field at which a problem of a column is shown; times are typed as days."""
    field = {"starts_at": "starts_on", "ends_at": "ends_on", "scope": "refs"}.get(column, column)
    return field if field in form.fields else None
