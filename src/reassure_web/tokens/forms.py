"""What is asked for when a token is made."""

from typing import Any

from django import forms

from reassure_web.tokens.services import MOST_DAYS


class TokenForm(forms.Form):
    """A token for one grant, for some days."""

    label = forms.CharField(label="What it is for", max_length=80, error_messages={"required": "Say what it is for"})
    days = forms.IntegerField(
        label="Days it lasts", help_text=f"{MOST_DAYS} at most", min_value=1, max_value=MOST_DAYS, initial=30
    )

    def __init__(self, grants: list[tuple[int, str]], data: Any = None) -> None:
        super().__init__(data)
        self.fields["grant"] = forms.TypedChoiceField(label="Acts as", coerce=int, choices=grants)
        self.order_fields(["label", "grant", "days"])
