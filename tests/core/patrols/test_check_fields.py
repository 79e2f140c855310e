"""The checker trusts no digest, number or field, and never fails itself; it stands alone."""

import ast
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassure.patrols import check as check_module
from reassure.patrols.check import check
from sound_plan import jumuah_options, row, sign, sound_plan, t, texts


def test_an_altered_document_is_refused_by_its_digest() -> None:
    """A plan changed after it was signed is refused even where the change breaks no other rule."""
    plan = sound_plan()
    row(plan, "places", ref="m1")["name"] = "Another name"

    [text] = texts(plan)

    assert text.startswith("the digest is ")
    assert "altered after it was signed" in text


def test_a_plan_without_a_digest_is_refused_unless_it_is_about_to_be_signed() -> None:
    """Only a plan that is not signed yet may do without its digest."""
    plan = sound_plan()
    del plan["digest"]

    assert texts(plan)[0].startswith("the digest is missing")
    assert texts(plan, is_signed=False) == []


def test_an_exercise_is_marked_first() -> None:
    """A plan under an exercise declaration is refused without EXERCISE EXERCISE EXERCISE first in its marking."""
    plan = sound_plan()
    plan["inputs"]["declarations"][0]["status"] = "exercise"

    found = texts(sign(plan))

    assert any("an exercise is marked 'OFFICIAL-SENSITIVE'" in text for text in found)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_numbers_that_are_not_finite_are_refused_wherever_they_stand(number: float) -> None:
    """NaN and infinity are named with their path, in a field that is checked or not."""
    plan = sound_plan()
    plan["places"][3]["lat_deg"] = number
    plan["certificate"]["gap"] = number

    assert sorted(p.column for p in check(plan)) == ["certificate.gap", "places[3].lat_deg"]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("totals", "prize"), 17_900.0),  # whole, but not a whole number
        (("totals", "n_visits"), True),
        (("totals", "prize"), -1),
        (("window", "starts_at"), "2026-11-27T10:00:00Z"),
        (("window", "starts_at"), "2026-11-27T10:00:00+00:00\n"),
        (("window", "starts_at"), "2026-11-31T10:00:00+00:00"),
        (("window", "starts_at"), "٢٠٢٦-11-27T10:00:00+00:00"),  # digits, but not ASCII
        (("inputs", "allow_shortfall"), "no"),
        (("routes",), {}),
        (("units", 0, "base"), [52.49]),
        (("units", 0, "base"), [-1.9, 52.49]),  # longitude first
        (("places", 0, "faiths"), "muslim"),
        (("occasions", 0, "sittings"), []),
        (("shortfall",), "none"),
        (("routes", 0, "stops", 0, "travel_s"), "195"),
        (("inputs", "travel", "legs"), [["car", "m1"]]),
        (("inputs", "travel"), None),
        (("options", 0), 7),
    ],
)
def test_a_field_of_another_kind_is_named_and_nothing_else_is_said(path: tuple[Any, ...], value: Any) -> None:
    """A field that cannot be read is named by its path; no rule is applied to what could not be read."""
    plan = sound_plan()
    holder = plan
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    name = "".join(f"[{s}]" if isinstance(s, int) else f".{s}" for s in path).lstrip(".")

    found = check(sign(plan))

    assert found
    assert all(p.column.startswith(name) for p in found), [p.text for p in found]


@given(data=st.data())
def test_no_document_makes_the_checker_fail(data: st.DataObject) -> None:
    """Whatever stands in a field, or whichever is gone, the checker answers with problems, never with an error."""
    plan = sound_plan()
    holder: Any = plan
    while True:
        keys: list[Any] = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        key = data.draw(st.sampled_from(keys))
        inner = holder[key]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.booleans()):
            break
        holder = inner
    junk = (
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text(max_size=9)
        | st.lists(st.integers(), max_size=2)
    )
    if data.draw(st.booleans()):
        del holder[key]
    else:
        holder[key] = data.draw(junk | st.dictionaries(st.text(max_size=3), st.integers(), max_size=2))

    for problem in check(plan):
        assert problem.text.endswith(".")


def test_the_checker_imports_nothing_but_errors_and_itself() -> None:
    """No module of the checker imports anything of the product but `errors` and the checker's own modules."""
    folder = Path(check_module.__file__).parent
    modules = sorted(folder.glob("check*.py"))
    names = {
        name
        for path in modules
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for name in _imported(node)
        if name.split(".")[0] == "reassure"
    }

    own = {f"reassure.patrols.{path.stem}" for path in modules}
    assert len(modules) >= 8
    assert names <= own | {"reassure.errors"}


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


def test_options_of_the_sample_are_those_of_a_jumuah() -> None:
    """The sample's windows are those of a Jumu'ah at 12:45: arrival 12:15, end 13:15, gone 13:40."""
    windows = [(o["kind"], o["earliest_start"], o["latest_start"]) for o in jumuah_options("m1", 53)]

    assert windows == [
        ("around", t("11:45"), t("12:15")),
        ("arrival", t("12:15"), t("12:45")),
        ("during", t("12:45"), t("13:15")),
        ("dispersal", t("13:15"), t("13:40")),
        ("around", t("13:40"), t("14:10")),
    ]
