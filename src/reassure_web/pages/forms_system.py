"""What is typed on the pages of administrators."""

from django import forms

from reassure.retention import SCHEDULE


class HoldForm(forms.Form):
    """A kind of record to keep, where, and why."""

    kind = forms.ChoiceField(label="Keep", choices=[(kind, kept.words.capitalize()) for kind, kept in SCHEDULE.items()])
    area_code = forms.CharField(
        label="Police area", help_text="Its code; empty for everywhere.", max_length=20, required=False
    )
    reason = forms.CharField(label="Reason", max_length=300, error_messages={"required": "Say why it has to stay"})


class LiftForm(forms.Form):
    """Why a hold is lifted."""

    reason = forms.CharField(label="Reason", max_length=300, error_messages={"required": "Say why it may go"})
