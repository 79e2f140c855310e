"""Schemes: the presets are the table of rounds, and a faulty file is refused with every fault."""

from dataclasses import replace
from pathlib import Path

import pytest

from reassure.errors import InputError
from reassure.files.schemes import find_scheme, preset, preset_codes, read_scheme, scheme_of_toml
from reassure.fund.schemes import Scheme, publish_problems, regime, scheme_digest, scheme_document, scheme_problems

ROUNDS = [
    # code, opens, closes (UTC), rate in %, cap GBP, money GBP, measures
    ("2016", "2016-07-25T23:00", "2016-09-20T16:00", 80, None, 800_000, None),
    ("2017", "2017-04-02T23:00", "2017-05-29T16:00", 80, None, 1_800_000, None),
    ("2018", "2018-06-07T23:00", "2018-08-10T23:00", 80, 56_000, 800_000, None),
    ("2019", "2019-07-04T23:00", "2019-08-31T23:00", 80, 56_000, 1_600_000, 3),
    ("2020", "2020-06-15T23:00", "2020-08-09T23:00", 80, 56_000, 3_200_000, 3),
    ("2021", "2021-06-03T23:00", "2021-07-02T23:00", None, 56_000, 0, 3),
    ("scotland-2021", None, None, 100, 20_000, 500_000, 3),
    ("2022", "2022-05-18T23:00", "2022-07-28T23:00", 100, None, 28_000_000, 3),
    ("2023-pow", "2023-06-20T23:00", "2023-09-05T23:00", 100, None, 3_500_000, None),
    ("2025-pow", "2025-10-27T00:00", "2025-12-09T00:00", 100, None, 3_500_000, None),
    ("2026-pow", None, None, 100, None, 5_000_000, None),
    ("2023-psms", "2023-06-20T23:00", "2024-02-19T00:00", 100, None, 29_400_000, None),
    ("2025-psms", "2025-03-31T23:00", None, 100, None, 29_400_000, None),
    ("2026-psms", "2026-03-31T23:00", None, 100, None, 40_000_000, None),
]


@pytest.mark.parametrize(("code", "opens", "closes", "rate", "cap", "money", "measures"), ROUNDS)
def test_presets_are_the_table_of_rounds(code, opens, closes, rate, cap, money, measures) -> None:
    """Each preset gives the window, money, rate, cap and measures of the table of real rounds."""
    scheme = preset(code)

    assert (scheme.starts_at and f"{scheme.starts_at:%Y-%m-%dT%H:%M}") == opens
    assert (scheme.ends_at and f"{scheme.ends_at:%Y-%m-%dT%H:%M}") == closes
    assert scheme.rate_bp == (None if rate is None else rate * 100)
    assert scheme.cap_pence == (None if cap is None else cap * 100)
    assert sum((scheme.money_pence or {}).values()) == money * 100
    assert scheme.max_measures == measures


def test_every_round_of_the_table_is_a_preset() -> None:
    """No round of the table is missing, and beside them stand only demonstrations."""
    assert {c for c in preset_codes() if "demo" not in c} == {row[0] for row in ROUNDS}


@pytest.mark.parametrize("code", preset_codes())
def test_what_is_not_known_is_said(code: str) -> None:
    """A field without a value is either named as not known or has a source that says there is none."""
    scheme = preset(code)

    assert scheme_problems(scheme) == []
    assert all(getattr(scheme, name) in (None, {}) for name in scheme.unknown)
    assert bool(publish_problems(scheme)) == ("demo" not in code)
    assert all(len(letter) > 0 for letter in scheme.sources.values())


def test_2018_cap_is_eighty_per_cent_of_its_ceiling() -> None:
    """56,000 is 80 % of 70,000; 2016 is known to set no cap, 2017 is not known."""
    scheme = preset("2018")
    assert scheme.cap_pence * 10_000 == scheme.project_ceiling_pence * scheme.rate_bp
    assert preset("2016").cap_pence is None
    assert preset("2016").knows("cap_pence")
    assert not preset("2017").knows("cap_pence")
    assert "1m" in preset("2018").conflicts[0]


def test_digest_changes_with_any_term() -> None:
    """Two schemes have one digest only if every field is equal."""
    scheme = preset("2018-demo")
    changed = [
        replace(scheme, version=2),
        replace(scheme, rate_bp=7_999),
        replace(scheme, floors_pence={"London": 1}),
        replace(scheme, sources={**scheme.sources, "rate_bp": "x"}),
    ]

    assert len({scheme_digest(s) for s in (scheme, *changed)}) == 5
    assert set(scheme_document(scheme)) == set(Scheme.__dataclass_fields__)


def test_regime_is_computed() -> None:
    """Rolling is C; a window is B when more is asked above the threshold than there is, else A."""
    window, rolling = preset("2019"), preset("2025-psms")
    assert regime(window, asked_above_threshold_pence=101, available_pence=100) == "B"
    assert regime(window, asked_above_threshold_pence=100, available_pence=100) == "A"
    assert regime(rolling, asked_above_threshold_pence=101, available_pence=100) == "C"


def test_a_faulty_scheme_names_every_fault(tmp_path: Path) -> None:
    """All faults of a scheme's file are named at once, each with its field, its value and what was expected."""
    path = tmp_path / "own.toml"
    path.write_text(
        'code = "x"\ntitle = "X"\nintake = "sometimes"\nopens = "2026-03-29T01:30"\nrate_bp = "80"\nspeed = 3\n'
        "guarding = 1\nnations = [1]\n[criteria]\nevidence = 100\n",
        "utf-8",
    )
    with pytest.raises(InputError) as caught:
        read_scheme(path)

    text = str(caught.value)
    for part in (
        "speed is 3",
        "opens is 2026-03-29T01:30",
        "rate_bp is 80",
        "guarding is 1",
        "nations is [1]",
        "criteria",
    ):
        assert part in text
    assert text.count(str(path)) == 6


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ('unknown = ["rate_bp"]\nrate_bp = 8000', "unknown is rate_bp"),
        ('unknown = ["wings"]', "unknown is wings"),
        ("rate_bp = 10001", "rate_bp is 10001; expected 1 to 10000"),
        (
            'opens = "2026-02-01"\ncloses = "2026-01-01"',
            "closes is 2026-01-01; expected a day or time after 2026-02-01",
        ),
        ("cap_pence = 100\nmin_award_pence = 200", "min_award_pence is 200"),
        ("cap_pence = 0", "cap_pence is 0"),
        ("cap_pence = true", "cap_pence is True; expected a whole number"),
        ("x = [", "cannot be read as TOML"),
    ],
)
def test_terms_that_contradict_each_other_are_refused(lines: str, message: str) -> None:
    """Terms that contradict each other are named with what was expected."""
    with pytest.raises(InputError, match="expected") as caught:
        scheme_of_toml(f'code = "x"\ntitle = "X"\n{lines}\n', "x.toml")
    assert message in str(caught.value)


def test_an_unknown_code_names_the_presets() -> None:
    """Whoever asks for a scheme that is not there is told which there are."""
    with pytest.raises(InputError, match="2018-demo"):
        find_scheme("2015")
