"""What is typed or ticked while a day runs: starting and ending a visit, saying why not, paper cards, notes."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django import forms

from reassure.engagement.visits import LEAFLETS, MISS_REASONS, OUTCOMES, REACH, ROLES, TOPICS
from reassure.errors import ReassureError
from reassure.periods import london_instant

BEFORE_SHIFT = timedelta(hours=3)
"""A paper card's time earlier than this before the shift is of the night after it."""

MADE = {code: words for code, words in OUTCOMES.items() if code != "not_reached"}
"""Outcomes of a visit that was made."""


def _choices(words: dict[str, str]) -> list[tuple[str, str]]:
    return list(words.items())


def new_id() -> str:
    """A client id for a record that a form will make, so that sending the form twice makes one."""
    return str(uuid4())


class RecordForm(forms.Form):
    """A form that makes one record; what the rules say no to is shown at its field."""

    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)

    @property
    def record_id(self) -> str:
        """The client id of the record."""
        return str(self.cleaned_data["client_id"])

    def take(self, error: ReassureError) -> None:
        """Show the problems of an error at their fields, others above the form."""
        for problem in error.problems:
            self.add_error(problem.column if problem.column in self.fields else None, problem.text)
        if not error.problems:
            self.add_error(None, str(error))


class StartForm(RecordForm):
    """The first tap."""


class SkipForm(RecordForm):
    """Why a visit is not made."""

    miss_reason = forms.ChoiceField(
        label="Why not?",
        choices=_choices(MISS_REASONS),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why the place was not reached."},
    )


class OutcomeForm(RecordForm):
    """The second tap, and what may be added to it; nothing is typed."""

    outcome = forms.ChoiceField(
        label="What happened?",
        choices=_choices(MADE),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what happened."},
    )
    spoke_to = forms.ChoiceField(label="Spoke to", choices=[("", "Not said"), *_choices(ROLES)], required=False)
    reach = forms.ChoiceField(
        label="People talked to, about",
        choices=[("", "Not said"), *((band, band) for band in REACH)],
        required=False,
    )
    topics = forms.MultipleChoiceField(
        label="Topics", choices=_choices(TOPICS), required=False, widget=forms.CheckboxSelectMultiple
    )
    leaflets = forms.MultipleChoiceField(
        label="Leaflets given", choices=_choices(LEAFLETS), required=False, widget=forms.CheckboxSelectMultiple
    )

    def fields_told(self) -> dict[str, Any]:
        """What was chosen, by the names of a record."""
        data = self.cleaned_data
        return {
            "outcome": data["outcome"],
            "spoke_to": data["spoke_to"],
            "reach": data["reach"],
            "topics": tuple(data["topics"]),
            "leaflets": tuple(data["leaflets"]),
        }


class PaperForm(RecordForm):
    """A paper card as a supervisor keys it in."""

    started = forms.TimeField(label="Started", help_text="24-hour clock, such as 13:05")
    ended = forms.TimeField(label="Ended", help_text="24-hour clock, such as 13:17")
    uncertainty_min = forms.IntegerField(label="Give or take, minutes", min_value=0, max_value=60, initial=5)
    outcome = forms.ChoiceField(label="What happened?", choices=_choices(OUTCOMES), widget=forms.RadioSelect)
    miss_reason = forms.ChoiceField(
        label="If not reached, why", choices=[("", "It was reached"), *_choices(MISS_REASONS)], required=False
    )
    reach = forms.ChoiceField(
        label="People talked to, about",
        choices=[("", "Not said"), *((band, band) for band in REACH)],
        required=False,
    )
    is_attested = forms.BooleanField(
        label="I have the signed paper card before me",
        error_messages={"required": "Confirm that you have the signed card before you."},
    )

    def fields_told(self, on: date, shift_starts_at: datetime) -> dict[str, Any]:
        """What the card says, by the names of a record; a time long before the shift is of the night after."""
        data = self.cleaned_data
        next_day = on + timedelta(days=1)
        started_at = london_instant(on, data["started"])
        if started_at < shift_starts_at - BEFORE_SHIFT:
            started_at = london_instant(next_day, data["started"])
        ended_at = london_instant(on, data["ended"])
        if ended_at < started_at:
            ended_at = london_instant(next_day, data["ended"])
        return {
            "started_at": started_at,
            "ended_at": ended_at,
            **{name: data[name] for name in ("uncertainty_min", "outcome", "miss_reason", "reach")},
        }


class NotesForm(forms.Form):
    """What is written of a day; what looks like somebody's details is asked about first."""

    notes = forms.CharField(
        label="Notes",
        help_text="No names, numbers, plates or addresses of people.",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    is_sure = forms.BooleanField(label="Save it as it is", required=False)

    def take(self, error: ReassureError) -> None:
        """Show what was asked about at the notes."""
        for problem in error.problems:
            self.add_error("notes", problem.text)
