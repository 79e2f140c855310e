"""What is typed on the audit's pages."""

from django import forms

from reassure.access.allowed import Action

OUTCOMES = ("done", "seen", "listed", "exported", "refused", "failed")
NARROW = {"class": "govuk-input--width-20"}
SHORT = {"class": "govuk-input--width-10"}


class ReasonForm(forms.Form):
    """Why somebody needs to go on after a pause; `next` is the address they wanted."""

    reason = forms.CharField(
        label="Reason",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why you need to go on"},
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)


class SearchForm(forms.Form):
    """Which entries an auditor looks for, and why."""

    reason = forms.CharField(
        label="Reason", max_length=500, error_messages={"required": "Say why you look at the audit"}
    )
    person = forms.EmailField(label="Person (e-mail address)", required=False, widget=forms.EmailInput(attrs=NARROW))
    action = forms.ChoiceField(
        label="Action", required=False, choices=[("", "Any"), *((action.code, action.words) for action in Action)]
    )
    outcome = forms.ChoiceField(
        label="Outcome", required=False, choices=[("", "Any"), *((outcome, outcome) for outcome in OUTCOMES)]
    )
    subject = forms.CharField(
        label="Subject begins with", required=False, max_length=200, widget=forms.TextInput(attrs=NARROW)
    )
    since = forms.DateField(
        label="First day",
        required=False,
        help_text="For example 2026-11-28",
        widget=forms.DateInput(attrs=SHORT, format="%Y-%m-%d"),
    )
    until = forms.DateField(label="Last day", required=False, widget=forms.DateInput(attrs=SHORT, format="%Y-%m-%d"))
