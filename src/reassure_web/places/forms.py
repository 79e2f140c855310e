"""What people fill in about places: filters, corrections, files, verdicts."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms

from reassure.errors import ReassureError
from reassure.faiths import FAITHS, in_order
from reassure.files.handed_in import MAX_BYTES, REGISTERS
from reassure.files.register import KINDS
from reassure.places.correcting import WORDS_OF_A_PERSON
from reassure.places.place import AUTHORITIES, NAME_CHARACTERS, PROFILES, SETTINGS
from reassure.places.place import Place as Facts
from reassure_web.places.models import Area
from reassure_web.places.queries import Filters
from reassure_web.places.services import SAYS_CHARACTERS, Told
from reassure_web.places.services_imports import Upload
from reassure_web.places.wording import DOUBTS, PRESENCE, RANK_WORDS, REPORTS, STATES

Choices = list[tuple[str, str]]
ANY: Choices = [("", "Any")]
DAY_EXPECTED = "Give a day such as 27/11/2026."
DOOR_PRECISION_M = 5.0
"""How far off an entrance may be that somebody puts by hand; docs/rooms/places.md."""
KIND_WORDS = {"osm": "OpenStreetMap's", "open": "another open list's", "force": "our force's own"}


def _words(codes: Iterable[str]) -> Choices:
    return [(code, code.replace("_", " ").capitalize()) for code in codes]


def add_problems(form: forms.Form, error: ReassureError, names: Mapping[str, str] = {}) -> None:
    """Put each problem of an error at its field, or above the form where it has none."""
    for problem in error.problems:
        column = names.get(problem.column, problem.column)
        form.add_error(column if column in form.fields else None, problem.text)
    if not error.problems:
        form.add_error(None, str(error))


def small_enough(file: Any) -> Any:
    """A file that was handed in; `ValidationError` for one that is larger than may be read."""
    if file.size > MAX_BYTES:
        raise forms.ValidationError(f"The file has {file.size:,} bytes; at most {MAX_BYTES:,} may be handed in.")
    return file


class FilterForm(forms.Form):
    """Which places a list shows."""

    text = forms.CharField(required=False, max_length=100, label="Name, address, postcode or ref")
    area = forms.ChoiceField(required=False, label="Police area")
    faith = forms.ChoiceField(required=False, choices=ANY + [(f.code, f.category) for f in FAITHS])
    status = forms.ChoiceField(required=False, choices=ANY + list(STATES.items()))
    doubt = forms.ChoiceField(
        required=False, label="To be looked at", choices=ANY + [(r, s.capitalize()) for r, s in DOUBTS.items()]
    )

    def __init__(self, data: Mapping[str, Any], areas: Iterable[Area]) -> None:
        super().__init__(data)
        choices = ANY + [(area.slug, area.name) for area in areas]
        self.fields["area"] = forms.ChoiceField(required=False, choices=choices, label="Police area")


def filters_of(data: Mapping[str, Any]) -> tuple[Filters, int]:
    """The filters and the number of the page in an address; what nobody knows narrows to nothing."""
    names = ("area", "faith", "status", "doubt", "text")
    page = str(data.get("page", ""))
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1
    return Filters(**{name: str(data.get(name, ""))[:100].replace("\0", "") for name in names}), number


class WordForm(forms.Form):
    """On whose word somebody changes a place, and why."""

    rank = forms.TypedChoiceField(
        coerce=int,
        choices=[(rank, RANK_WORDS[rank].capitalize()) for rank in WORDS_OF_A_PERSON],
        widget=forms.RadioSelect,
        label="Who says so?",
        error_messages={"required": "Choose who says so."},
    )
    source = forms.CharField(
        max_length=120,
        label="Where do you have it from?",
        help_text="A letter, a call, a visit. No names of people.",
        error_messages={"required": "Say where you have it from."},
    )
    observed_on = forms.DateField(
        label="On which day?",
        help_text="For example, 27/11/2026",
        error_messages={"required": "Give the day on which it was said or seen.", "invalid": DAY_EXPECTED},
    )
    reason = forms.CharField(
        max_length=SAYS_CHARACTERS,
        label="Why do you change it?",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why you change it."},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def told(self) -> Told:
        """What was typed, with the values of the place."""
        cleaned = self.cleaned_data
        return Told(self.values(), cleaned["rank"], cleaned["source"], cleaned["observed_on"], cleaned["reason"])

    def values(self) -> dict[str, Any]:
        """The values of the place that the form asks for."""
        return {}


class PlaceForm(WordForm):
    """The fields of a place that a person may correct."""

    name = forms.CharField(required=False, max_length=NAME_CHARACTERS)
    faiths = forms.MultipleChoiceField(
        required=False,
        choices=[(f.code, f.category) for f in FAITHS if f.code != "unknown"],
        widget=forms.CheckboxSelectMultiple,
        help_text="None if nobody knows. Several for a shared house.",
    )
    lat_deg = forms.FloatField(
        label="Latitude, degrees",
        help_text="For example, 52.48620",
        error_messages={"required": "Give the latitude.", "invalid": "Give the latitude as a number such as 52.48620."},
    )
    lon_deg = forms.FloatField(
        label="Longitude, degrees",
        help_text="For example, -1.89040",
        error_messages={
            "required": "Give the longitude.",
            "invalid": "Give the longitude as a number such as -1.89040.",
        },
    )
    address = forms.CharField(required=False, max_length=200, help_text="Of the building only.")
    postcode = forms.CharField(required=False, max_length=40)
    setting = forms.ChoiceField(choices=_words(SETTINGS))
    profile = forms.ChoiceField(choices=_words(PROFILES), label="Usual times")
    status = forms.ChoiceField(choices=list(STATES.items()))
    presence = forms.ChoiceField(
        choices=list(PRESENCE.items()), label="Visits wanted", help_text="The place's own word alone."
    )
    authority = forms.ChoiceField(
        choices=_words(AUTHORITIES), label="Follows for dates", help_text="For mosques; the place's own word alone."
    )

    field_order = (
        "name",
        "faiths",
        "address",
        "postcode",
        "lat_deg",
        "lon_deg",
        "setting",
        "profile",
        "status",
        "presence",
        "authority",
    )

    @staticmethod
    def initial_of(place: Facts, version: int) -> dict[str, Any]:
        """What the form shows of a place."""
        plain = ("name", "address", "postcode", "setting", "profile", "status", "presence", "authority")
        return {name: getattr(place, name) for name in plain} | {
            "faiths": list(in_order(place.faiths)),
            "lat_deg": place.point.lat_deg,
            "lon_deg": place.point.lon_deg,
            "version": version,
        }

    def values(self) -> dict[str, Any]:
        """Every value that was typed; the position with how sure a hand on a map is."""
        cleaned = self.cleaned_data
        plain = ("name", "address", "postcode", "setting", "profile", "status", "presence", "authority")
        return {name: cleaned[name] for name in plain} | {
            "faiths": frozenset(cleaned["faiths"]),
            "point": (cleaned["lat_deg"], cleaned["lon_deg"], DOOR_PRECISION_M),
        }


class CloseForm(WordForm):
    """From which day a place is closed."""

    closed_on = forms.DateField(
        label="Closed from",
        help_text="For example, 27/11/2026",
        error_messages={"required": "Give the first day on which it is closed.", "invalid": DAY_EXPECTED},
    )
    field_order = ("closed_on",)

    def closed_from(self) -> date:
        """The first day on which nobody gathers there."""
        on: date = self.cleaned_data["closed_on"]
        return on


class ReportForm(forms.Form):
    """What somebody thinks is mistaken."""

    kind = forms.ChoiceField(
        choices=list(REPORTS.items()),
        widget=forms.RadioSelect,
        label="What is mistaken?",
        error_messages={"required": "Choose what is mistaken."},
    )
    says = forms.CharField(
        required=False,
        max_length=SAYS_CHARACTERS,
        label="What should be known?",
        help_text="No names, numbers or addresses of people.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ImportForm(forms.Form):
    """A file of places."""

    file = forms.FileField(
        label="File of places",
        help_text=f"One of {', '.join(REGISTERS)}; at most 50 MB and 200,000 rows.",
        allow_empty_file=True,
        error_messages={"required": "Choose a file."},
    )
    kind = forms.ChoiceField(
        required=False,
        label="Whose word is it?",
        choices=[
            ("", "The file says so itself"),
            *((code, words.capitalize()) for code, words in KIND_WORDS.items() if code in KINDS),
        ],
    )
    faith = forms.ChoiceField(
        required=False,
        label="Faith of rows without a column for it",
        choices=[("", "Not known"), *((f.code, f.category) for f in FAITHS[:-1])],
    )
    observed_on = forms.DateField(
        required=False,
        label="Day on which it was true",
        help_text="For example, 27/11/2026. Left empty: the day in its name.",
        error_messages={"invalid": DAY_EXPECTED},
    )

    def clean_file(self) -> Any:
        """The file, if it is not too large to be read at all."""
        return small_enough(self.cleaned_data["file"])

    def upload(self) -> Upload:
        """The file as it was handed in."""
        cleaned = self.cleaned_data
        file = cleaned["file"]
        return Upload(file.name, file.read(), cleaned["kind"], cleaned["faith"], cleaned["observed_on"])


class ExportForm(forms.Form):
    """Why somebody takes a copy of the register."""

    reason = forms.CharField(
        max_length=500,
        label="What do you need the file for?",
        error_messages={"required": "Say what you need the file for."},
    )
