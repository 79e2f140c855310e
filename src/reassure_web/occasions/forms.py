"""What people fill in about times: a place's word for a date, rules by days of the week, timetables."""

from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any

from django import forms

from reassure.errors import Problem, ReassureError
from reassure.files.time_cells import clock_of
from reassure.occasions.keys import KEYS
from reassure_web.occasions.services import Told, Typed
from reassure_web.occasions.services_timetables import Upload
from reassure_web.occasions.wording import DAYS, RANKS, SEASONS
from reassure_web.places.forms import small_enough
from reassure_web.places.models import Area

KINDS = [(key.code, key.words) for key in KEYS.values()]


def add_problems(form: forms.Form, error: ReassureError) -> None:
    """Put each problem of an error at its field, or above the form where it has none."""
    for problem in error.problems:
        form.add_error(problem.column if problem.column in form.fields else None, problem.text)
    if not error.problems:
        form.add_error(None, str(error))


class TimesField(forms.CharField):
    """Times of London's clock, 24 hours, several parted by commas."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            help_text="24 hours, several parted by commas. For example, 13:15, 14:00", max_length=60, **options
        )

    def read(self, text: str, code: str) -> tuple[time, ...]:
        """The times of a text; `ValidationError` says what a slip may have meant."""
        problems: list[Problem] = []
        parts = [part.strip() for part in text.split(",") if part.strip()]
        found = [clock_of(part, code, problems, column=str(self.label)) for part in parts]
        if problems:
            raise forms.ValidationError([problem.text for problem in problems])
        return tuple(at for at in found if at is not None)


class WordForm(forms.Form):
    """What a place says of a kind of occasion on a date."""

    says = forms.ChoiceField(
        label="What does the place say?",
        choices=[
            ("confirmed", "It takes place as usual"),
            ("cancelled", "It does not take place"),
            ("times", "It takes place at other times"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what the place says."},
    )
    starts = TimesField(required=False, label="Starts at")
    length_min = forms.IntegerField(
        label="Lasts, minutes", min_value=1, max_value=720, error_messages={"required": "Give how long it lasts."}
    )
    source = forms.CharField(
        label="Where do you have it from?",
        max_length=120,
        help_text="A call, a letter, a visit. No names of people.",
        error_messages={"required": "Say where you have it from."},
    )
    reason = forms.CharField(required=False, label="Anything to note", max_length=500)

    def __init__(self, data: Mapping[str, Any] | None, *, code: str, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.code = code

    def clean_starts(self) -> tuple[time, ...]:
        """The times that were typed; only other times need any."""
        field = self.fields["starts"]
        return field.read(self.cleaned_data["starts"], self.code) if isinstance(field, TimesField) else ()

    def told(self, on: date) -> Told:
        """The word as the service takes it."""
        c = self.cleaned_data
        return Told(self.code, on, c["says"], c["source"], c["reason"], c["starts"], c["length_min"])


class RuleForm(forms.Form):
    """A rule by days of the week."""

    key = forms.ChoiceField(choices=KINDS, label="Kind of occasion")
    days = forms.TypedMultipleChoiceField(
        coerce=int,
        choices=[(str(n), day) for n, day in enumerate(DAYS)],
        widget=forms.CheckboxSelectMultiple,
        label="On which days?",
        error_messages={"required": "Choose at least one day."},
    )
    starts = TimesField(label="Starts at", error_messages={"required": "Give at least one time such as 13:15."})
    season = forms.ChoiceField(required=False, choices=[(code, words.capitalize()) for code, words in SEASONS.items()])
    length_min = forms.IntegerField(
        required=False,
        label="Lasts, minutes",
        min_value=1,
        max_value=720,
        help_text="Left empty: as usual for the kind.",
    )
    rank = forms.TypedChoiceField(
        coerce=int,
        label="Whose rule is it?",
        choices=[(3, RANKS[3]), (4, RANKS[4])],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whose rule it is."},
    )
    source = forms.CharField(
        label="Where do you have it from?", max_length=120, error_messages={"required": "Say where you have it from."}
    )

    def clean(self) -> dict[str, Any]:
        """Read the times by the hours of the kind that was chosen."""
        cleaned = super().clean() or self.cleaned_data
        field = self.fields["starts"]
        if "starts" in cleaned and isinstance(field, TimesField):
            try:
                cleaned["starts"] = field.read(cleaned["starts"], cleaned.get("key", ""))
            except forms.ValidationError as error:
                self.add_error("starts", error)
        return cleaned

    def typed(self) -> Typed:
        """The rule as the service takes it."""
        c = self.cleaned_data
        days = tuple(sorted(c["days"]))
        return Typed(c["key"], days, c["starts"], c["season"], c["length_min"], c["rank"], c["source"])


class TimetableForm(forms.Form):
    """A file of timetables for the places of an area."""

    area = forms.ChoiceField(label="Police area")
    file = forms.FileField(
        label="Timetable",
        help_text="A CSV file with the columns place_ref, key, on or days, local_time and source.",
        allow_empty_file=True,
        error_messages={"required": "Choose a file."},
    )

    def __init__(self, areas: Iterable[Area], data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        self.fields["area"] = forms.ChoiceField(label="Police area", choices=[(a.slug, a.name) for a in areas])

    def clean_file(self) -> Any:
        """The file, if it is not too large to be read at all."""
        return small_enough(self.cleaned_data["file"])

    def upload(self) -> Upload:
        """The file as it was handed in."""
        file = self.cleaned_data["file"]
        return Upload(self.cleaned_data["area"], file.name, file.read())
