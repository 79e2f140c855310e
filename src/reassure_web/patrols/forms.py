"""What is typed while a day is planned: units, terms, overrides, runs, moves, reasons, the order's words."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from reassure.errors import InputError, Problem, ReassureError
from reassure.geo import Point
from reassure.patrols.units import KINDS, Break, Unit
from reassure.periods import london_instant, london_wall, parse_local_time

CLOCK = "24-hour clock, such as 13:05"
NEXT_DAY_HINT = "24-hour clock; a time before the start is on the next day"


class RuleForm(forms.Form):
    """A form on which the problems of a rule stand at their fields, others above."""

    def take(self, error: ReassureError) -> None:
        """Show every problem of an error."""
        for problem in error.problems:
            self.add_error(problem.column if problem.column in self.fields else None, problem.text)
        if not error.problems:
            self.add_error(None, str(error))


class FileForm(RuleForm):
    """One file."""

    file = forms.FileField(label="File", error_messages={"required": "Choose a file."})

    @property
    def content(self) -> bytes:
        """The bytes of the file."""
        content: bytes = self.cleaned_data["file"].read()
        return content

    @property
    def name(self) -> str:
        """What the file is called."""
        return str(self.cleaned_data["file"].name)


class DayFileForm(FileForm):
    """A file that says more of the places of a day."""

    kind = forms.ChoiceField(
        label="What the file holds",
        choices=[
            ("facts", "Facts of places: last visits, requests, gaps, bands"),
            ("incidents", "Incidents of the last weeks"),
        ],
        widget=forms.RadioSelect,
        initial="facts",
    )


class TermsForm(RuleForm):
    """How strict a day's plan is."""

    must_unknown = forms.BooleanField(label="Places whose attendance is not known are must-visits", required=False)
    allow_shortfall = forms.BooleanField(
        label="Make a plan although must-visits fall short, and state which", required=False
    )


class UnitForm(RuleForm):
    """One unit with one break."""

    ref = forms.CharField(label="Reference", max_length=60, help_text="Once a day, such as car-3")
    callsign = forms.CharField(label="Callsign", max_length=60)
    kind = forms.ChoiceField(label="Travels", choices=[(k, k) for k in KINDS], widget=forms.RadioSelect, initial="car")
    n_officers = forms.IntegerField(label="Officers", min_value=1, max_value=99, initial=2)
    base_lat_deg = forms.FloatField(label="Base, latitude", help_text="Degrees, such as 52.48")
    base_lon_deg = forms.FloatField(label="Base, longitude", help_text="Degrees, such as -1.89")
    starts = forms.TimeField(label="Shift starts", help_text=CLOCK)
    ends = forms.TimeField(label="Shift ends", help_text=NEXT_DAY_HINT)
    break_from = forms.TimeField(label="Break may start from", required=False, help_text=NEXT_DAY_HINT)
    break_until = forms.TimeField(label="Break may start until", required=False, help_text=NEXT_DAY_HINT)
    break_min = forms.IntegerField(label="Break, minutes", min_value=1, max_value=240, required=False)
    skills = forms.CharField(
        label="Skills", max_length=200, required=False, help_text="Joined by commas: urdu, adviser"
    )

    def unit(self, on: date) -> Unit:
        """The unit as the rules read it; clock times are of London, on the day or the night after."""
        data = self.cleaned_data
        starts = data["starts"]

        def at(wall: time, *, after: time) -> datetime:
            return london_instant(on + timedelta(days=wall <= after), wall)

        given = (data["break_from"], data["break_until"], data["break_min"])
        if any(given) and not all(given):
            raise InputError([Problem("break_from", "", "from, until and minutes of the break, or none of them")])
        earliest = at(data["break_from"], after=starts) if all(given) else None
        pause = (
            (Break(earliest, at(data["break_until"], after=starts), data["break_min"]),) if earliest is not None else ()
        )
        return Unit(
            ref=data["ref"].strip(),
            callsign=data["callsign"].strip(),
            kind=data["kind"],
            n_officers=data["n_officers"],
            base=Point(data["base_lat_deg"], data["base_lon_deg"]),
            starts_at=london_instant(on, starts),
            ends_at=at(data["ends"], after=starts),
            breaks=pause,
            skills=frozenset(s.strip() for s in data["skills"].split(",") if s.strip()),
        )


class CopyForm(RuleForm):
    """The day to copy units from."""

    from_on = forms.DateField(
        label="Copy the units of", help_text="Such as 2026-11-20", widget=forms.DateInput(format="%Y-%m-%d")
    )


class ReasonForm(RuleForm):
    """Why."""

    reason = forms.CharField(label="Reason", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class OverrideForm(RuleForm):
    """A must-visit, or a place left out, with a reason."""

    place_ref = forms.CharField(label="Place", max_length=120, help_text="Its reference")
    kind = forms.ChoiceField(
        label="Ask for",
        choices=[("must", "A must-visit, whatever the points"), ("bar", "No visit")],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label="Reason", help_text="At least 10 characters; a commander reads it.", max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class RunForm(RuleForm):
    """How a plan is searched for."""

    is_drawn = forms.TypedChoiceField(
        label="Which plan",
        choices=[
            ("yes", "Draw one of many good plans by lot, so that nobody can foretell it"),
            ("no", "Take the best plan found, which can be foretold"),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        initial="yes",
    )
    iterations = forms.IntegerField(
        label="Iterations", required=False, min_value=100, max_value=2_000_000,
        help_text="Leave empty for what fits the size of the day",
    )  # fmt: skip
    seed = forms.IntegerField(label="Seed", min_value=0, max_value=2**31, initial=1)


class PlaceForm(RuleForm):
    """A visit's unit and start."""

    unit_ref = forms.ChoiceField(label="Unit")
    start = forms.CharField(label="Starts", max_length=5, help_text=CLOCK)

    def __init__(self, units: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit_ref"]
        if isinstance(field, forms.ChoiceField):
            field.choices = units

    def starts_at(self, window: tuple[datetime, datetime], on: date) -> datetime:
        """The instant meant."""
        return instant_meant(self.cleaned_data["start"], "start", window, on)


class ReplanForm(RuleForm):
    """What happened to a plan."""

    at = forms.CharField(label="Known at", max_length=5, help_text=CLOCK)
    lost = forms.MultipleChoiceField(label="Units that are lost", required=False, widget=forms.CheckboxSelectMultiple)
    with_new_units = forms.BooleanField(label="Send units that were added to the day since", required=False)
    cancelled = forms.CharField(
        label="Places not to be visited any more", required=False, help_text="References, joined by commas"
    )

    def __init__(
        self, units: Sequence[tuple[str, str]], window: tuple[datetime, datetime], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        first, last = (f"{london_wall(at):%a %H:%M}" for at in window)
        self.fields["at"].help_text = f"{CLOCK}; from {first} to {last}"
        self.window = window
        field = self.fields["lost"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = units

    def known_at(self, on: date) -> datetime:
        """The instant meant."""
        return instant_meant(self.cleaned_data["at"], "at", self.window, on)


def instant_meant(text: str, field: str, window: tuple[datetime, datetime], on: date) -> datetime:
    """A clock time on the day, or on the day after where only that lies in the plan's hours."""
    wall = parse_local_time(text, field)
    today, tomorrow = london_instant(on, wall), london_instant(on + timedelta(days=1), wall)
    return tomorrow if not window[0] <= today <= window[1] and window[0] <= tomorrow <= window[1] else today


class OrderForm(RuleForm):
    """The lines of an order that people write; `groups` holds them by heading."""

    def __init__(
        self,
        asked: Sequence[tuple[str, tuple[str, ...]]],
        data: Mapping[str, Any] | None = None,
        *,
        texts: Mapping[str, str],
    ) -> None:
        super().__init__(data)
        self.names: dict[str, str] = {}
        self.headings: list[tuple[str, list[str]]] = []
        for heading, names in asked:
            fields = []
            for name in names:
                field = f"line-{len(self.names) + 1}"
                self.names[field] = name
                self.fields[field] = forms.CharField(
                    label=name,
                    required=False,
                    max_length=4000,
                    initial=texts.get(name, ""),
                    widget=forms.Textarea(attrs={"rows": 2}),
                )
                fields.append(field)
            self.headings.append((heading, fields))

    @property
    def groups(self) -> list[tuple[str, list[BoundField]]]:
        """The fields of each heading."""
        return [(heading, [self[name] for name in names]) for heading, names in self.headings]

    @property
    def texts(self) -> dict[str, str]:
        """What was written, by line."""
        return {name: self.cleaned_data[field] for field, name in self.names.items()}
