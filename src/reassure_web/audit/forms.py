"""What is typed on the audit's pages."""

from django import forms


class ReasonForm(forms.Form):
    """Why somebody needs to go on after a pause; `next` is the address they wanted."""

    reason = forms.CharField(
        label="Reason",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why you need to go on"},
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)
