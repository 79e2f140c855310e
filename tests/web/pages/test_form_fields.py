"""Fields and errors of a form as the design system shows them."""

import pytest
from django import forms
from django.template import Context, Template


class Sample(forms.Form):
    name = forms.CharField(label="Name of the place", help_text="As on its door")
    n_officers = forms.IntegerField(label="Officers", min_value=1)
    share = forms.DecimalField(label="Share", required=False)
    day = forms.DateField(label="Day", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    why = forms.CharField(label="Reason", widget=forms.Textarea(attrs={"rows": 3}))
    faith = forms.ChoiceField(label="Faith", choices=[("", "Any"), ("a", "First"), ("b", "Second")], required=False)
    way = forms.ChoiceField(label="Way", choices=[("f", "Foot"), ("c", "Car")], widget=forms.RadioSelect)
    tags = forms.MultipleChoiceField(
        label="Tags", choices=[("x", "X"), ("y", "Y")], widget=forms.CheckboxSelectMultiple, required=False
    )
    is_sure = forms.BooleanField(label="I am sure")
    file = forms.FileField(label="File")
    secret = forms.CharField(label="Password", widget=forms.PasswordInput)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self):
        if self.cleaned_data.get("name") == "<x>":
            raise forms.ValidationError("The name is <x>; expected words.")


def shown(form: forms.Form, what: str) -> str:
    return Template("{% load gds %}" + what).render(Context({"form": form}))


@pytest.mark.parametrize(
    ("field", "parts"),
    [
        ("name", ['type="text"', 'for="id_name"', "As on its door", 'aria-describedby="id_name-hint"']),
        ("n_officers", ['type="text"', 'inputmode="numeric"']),  # a wheel turn must not change a number
        ("share", ['inputmode="decimal"']),
        ("day", ['type="date"', 'value="2026-11-27"']),
        ("why", ["<textarea", 'rows="3"']),
        ("faith", ["<select", '<option value="b" selected>Second</option>', '<option value="">Any</option>']),
        ("way", ['type="radio"', "<fieldset", 'value="c" checked']),
        ("tags", ['type="checkbox"', 'value="y" checked', "Tags"]),
        ("is_sure", ['type="checkbox"', 'value="on" checked', "I am sure"]),
        ("file", ['type="file"']),
        ("secret", ['type="password"']),
        ("version", ['type="hidden"', 'value="7"']),
    ],
)
def test_each_widget_has_its_component_and_keeps_what_was_typed(field, parts):
    """The label belongs to the field, the value stays, hints are tied to it."""
    initial = {"day": "2026-11-27", "faith": "b", "way": "c", "tags": ["y"], "is_sure": True, "version": 7}

    html = shown(Sample(initial=initial), "{% gds_field form." + field + " %}")

    assert [part for part in parts if part not in html] == []


def test_every_error_is_named_above_and_at_its_field():
    """The summary links to each wrong field; the first wrong one takes the focus; nothing typed is lost."""
    form = Sample({"name": "", "n_officers": "none", "day": "2026-11-27", "why": "because", "way": "q"})

    summary, fields = shown(form, "{% gds_errors form %}"), shown(form, "{% gds_form form %}")

    assert "There is a problem" in summary
    assert all(f'href="#id_{name}"' in summary for name in ("name", "n_officers", "way", "is_sure", "file", "secret"))
    assert 'href="#id_why"' not in summary
    assert 'value="none"' in fields
    assert ">because<" in fields.replace("\n", "")
    assert fields.count(" autofocus") == 1
    assert fields.index(" autofocus") < fields.index("Officers")


def test_an_error_of_the_whole_form_stands_first_and_is_escaped():
    """What a rule said no to has no field; it is words, whatever it holds."""
    form = Sample({"name": "<x>", "n_officers": "1"})

    summary = shown(form, "{% gds_errors form %}")

    assert "The name is &lt;x&gt;; expected words." in summary
    assert summary.index("The name is") < summary.index("id_day")


def test_options_of_the_tag_go_over_those_of_the_field():
    """A page may say how wide a field is without losing its label."""
    html = shown(Sample(), '{% gds_field form.name label__classes="govuk-label--m" classes="govuk-input--width-5" %}')

    assert "govuk-label--m" in html
    assert "govuk-input--width-5" in html
    assert "Name of the place" in html


def test_a_form_without_error_has_no_summary():
    """No empty box above a fresh form."""
    assert shown(Sample(), "{% gds_errors form %}").strip() == ""
