"""Plan files are read with suspicion and written so that equal plans are equal bytes."""

import hashlib
import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassure.errors import InputError
from reassure.files import plan_json
from reassure.files.plan_json import digest, plan_bytes, plan_schema, read_plan, schema_problems, signed
from sound_plan import sound_plan


def written(folder: Path, content: bytes | str) -> Path:
    path = folder / "plan.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as refused:
        read_plan(path)
    return str(refused.value)


def test_a_plan_comes_back_as_it_was_written(tmp_path: Path) -> None:
    """Writing a plan and reading it gives the same document, and writing it again the same bytes."""
    plan = sound_plan()
    data = plan_bytes(plan)

    again = read_plan(written(tmp_path, data))

    assert again == plan
    assert plan_bytes(again) == data


def test_the_digest_is_that_of_the_canonical_text() -> None:
    """The digest of a small document is SHA-256 of its sorted, unspaced UTF-8 text without the digest."""
    text = '{"a":[1,2.5,null],"b":"Jāmiʿ"}'

    assert (
        digest({"b": "Jāmiʿ", "digest": "old", "a": [1, 2.5, None]}) == hashlib.sha256(text.encode("utf-8")).hexdigest()
    )


@given(seed=st.integers(0, 2**32))
def test_the_order_of_fields_changes_neither_digest_nor_bytes(seed: int) -> None:
    """A document is the same whatever order its fields were put in."""
    plan = sound_plan()

    assert plan_bytes(_shuffled(plan, random.Random(seed))) == plan_bytes(plan)


def _shuffled(value: Any, dice: random.Random) -> Any:
    if isinstance(value, dict):
        names = list(value)
        dice.shuffle(names)
        return {name: _shuffled(value[name], dice) for name in names}
    return [_shuffled(v, dice) for v in value] if isinstance(value, list) else value


def test_any_change_changes_the_digest() -> None:
    """Changing one value, adding a field or the order of a list gives another digest."""
    plan = sound_plan()
    others = [plan | {"marking": "OFFICIAL"}, plan | {"more": 1}, plan | {"units": plan["units"][::-1]}]

    assert len({digest(other) for other in [plan, *others]}) == 4


def test_signing_puts_the_right_digest_whatever_stood_there() -> None:
    """A signed document carries its own digest."""
    assert signed(sound_plan() | {"digest": "0" * 64}) == sound_plan()


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800"])
def test_what_cannot_be_canonical_is_not_written(value: Any) -> None:
    """Numbers that are not finite and texts that are not Unicode are refused, not written."""
    with pytest.raises(InputError):
        plan_bytes(sound_plan() | {"marking": value})


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('{"format": "reassure-plan", "version": NaN}', "NaN is no number of JSON"),
        ('{"format": "reassure-plan", "version": -Infinity}', "-Infinity is no number of JSON"),
        ('{"format": "reassure-plan", "a": 1e999}', "not finite"),
        ('{"format": "reassure-plan", "version": 1, "version": 1}', "'version' stands twice in one object"),
        ('{"format": "reassure-plan", "a": "\\ud800"}', "not Unicode"),
        ("[" * 100_000, "too deeply"),
        ('{"a": ' + "9" * 5_000 + "}", "cannot be read as JSON"),
        ('{"format": "reassure-plan"\n"version": 1}', "row 2: cannot be read as JSON"),
        ('{"format": "reassure-plan"}', "version is missing; expected 1"),
    ],
)
def test_a_file_from_outside_is_not_trusted(tmp_path: Path, content: str, expected: str) -> None:
    """Numbers that are none, names that stand twice, nesting without end: each is refused with its reason."""
    assert expected in refusal(written(tmp_path, content))


def test_a_byte_order_mark_is_fine(tmp_path: Path) -> None:
    """A file that an editor saved with a byte order mark is read."""
    assert read_plan(written(tmp_path, b"\xef\xbb\xbf" + plan_bytes(sound_plan()))) == sound_plan()


def test_a_file_over_the_limit_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file larger than any plan is refused by its size, and a list longer than any plan's by its length."""
    path = written(tmp_path, plan_bytes(sound_plan()))
    monkeypatch.setattr(plan_json, "MAX_ITEMS", {"options": 33})
    assert refusal(path) == f"{path}: options has 34 items; expected at most 33."

    monkeypatch.setattr(plan_json, "MAX_BYTES", 100)
    assert "expected at most 100 bytes" in refusal(path)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda p: p["units"][0].pop("kind"), "units[0].kind is missing"),
        (lambda p: p["units"][0].update(kind="horse"), 'units[0].kind is "horse"; expected one of foot, cycle, car.'),
        (
            lambda p: p["units"][0].update(plate="AB12"),
            "units[0].plate is not known; expected only the fields",
        ),
        (lambda p: p["totals"].update(prize=-1), "totals.prize is -1; expected 0 or more."),
        (lambda p: p["totals"].update(prize="5"), 'totals.prize is "5"; expected a whole number.'),
        (lambda p: p["places"][2].update(lat_deg=-1.9), "places[2].lat_deg is -1.9; expected 49 or more."),
        (lambda p: p.update(on="27/11/2026"), 'on is "27/11/2026"; expected a text such as 2026-11-27.'),
        (
            lambda p: p.update(created_at="now"),
            'created_at is "now"; expected a text such as 2026-11-27T',
        ),
        (lambda p: p.update(places={}), "places is an object of 0; expected a list."),
        (lambda p: p["occasions"][0].update(sittings=[]), "occasions[0].sittings is a list of 0"),
    ],
)
def test_a_wrong_shape_is_named_by_its_path(tmp_path: Path, change: Any, expected: str) -> None:
    """Each place where a file is not what the schema asks for is named by its path, with what was expected."""
    plan = sound_plan()
    change(plan)

    assert expected in refusal(written(tmp_path, plan_bytes(plan)))


def test_all_faults_of_shape_are_listed_at_once_up_to_a_limit(tmp_path: Path) -> None:
    """Two faults are told in one go, hundreds are cut off with a word."""
    plan = sound_plan()
    plan["units"][0]["kind"], plan["totals"]["prize"] = "horse", -1
    assert len(refusal(written(tmp_path, plan_bytes(plan))).splitlines()) == 2

    plan["places"] = [7] * 500
    lines = refusal(written(tmp_path, plan_bytes(plan))).splitlines()
    assert len(lines) == plan_json.MAX_PROBLEMS + 1
    assert "more faults than are listed" in lines[-1]


def test_the_schema_is_itself_a_schema() -> None:
    """The schema keeps the rules of JSON Schema 2020-12, and the plan made by hand keeps the schema."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415

    Draft202012Validator.check_schema(plan_schema())
    assert schema_problems(sound_plan()) == []
    assert json.loads(plan_bytes(sound_plan())) == sound_plan()
