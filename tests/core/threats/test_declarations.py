"""Declarations: what they must say, which of them count, and whether they name a place."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassure.errors import RuleError
from reassure.places.place import Place
from reassure.threats.declarations import (
    Declaration,
    declaration_match,
    declaration_problems,
    match_between,
    require_covers,
    require_in_force,
    standing,
)

FIVE = datetime(2019, 3, 15, 5, tzinfo=UTC)
NOON = FIVE + timedelta(hours=7)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

FIXTURE = Declaration(
    ref="D-7",
    revision=1,
    status="actual",
    msg_type="alert",
    title="Mosques named, all faiths engaged",
    threat_wording="No intelligence links these events to the UK.",
    faiths_named=frozenset({"muslim"}),
    is_all_faiths=True,
    areas=frozenset(),
    activities=frozenset({"presence", "advice"}),
    issued_by="Coordinator",
    approved_by="Second person",
    issued_at=FIVE,
    starts_at=FIVE,
    review_at=FIVE + DAY,
    expires_at=FIVE + 3 * DAY,
    event_at=datetime(2019, 3, 15, 0, 40, tzinfo=UTC),
)
"""The fixture of operations.md section 2: declared 05:00, review by 16 March 05:00, expires 18 March 05:00."""

MOSQUE = Place("M", faiths=frozenset({"muslim"}), area_code="E23000014")
MANDIR = Place("H", faiths=frozenset({"hindu"}), area_code="E23000014")


def test_the_fixture_stands() -> None:
    """The declaration of 15 March 2019 has no fault."""
    assert declaration_problems(FIXTURE) == []


FAITHS = "one of buddhist, christian, hindu, jewish, muslim, sikh, other, unknown"
REVIEW = "after starts_at and not after expires_at"
START = "2019-03-15T05:00:00"
NAIVE = datetime(2019, 3, 15, 5)  # noqa: DTZ001 - the fault that is meant


@pytest.mark.parametrize(
    ("known", "says", "expected"),
    [
        ({"threat_wording": " "}, "threat_wording is  ", "a text"),
        (
            {"faiths_named": frozenset(), "is_all_faiths": False},
            "faiths_named is missing",
            "at least one faith, or is_all_faiths = true",
        ),
        ({"activities": frozenset()}, "activities is missing", "presence, advice or both"),
        ({"activities": frozenset({"search"})}, "activities is search", "presence, advice or both"),
        ({"faiths_named": frozenset({"jedi"})}, "faiths_named is jedi", FAITHS),
        ({"expires_at": FIVE}, f"expires_at is {START}+00:00", "after starts_at and at most 72 h after it"),
        (
            {"expires_at": FIVE + 80 * HOUR},
            "expires_at is 2019-03-18T13:00:00+00:00, 80 h after starts_at",
            "at most 72 h",
        ),
        ({"review_at": FIVE}, f"review_at is {START}+00:00", REVIEW),
        ({"review_at": FIVE + 73 * HOUR}, "review_at is 2019-03-18T06:00:00+00:00", REVIEW),
        ({"approved_by": "coordinator "}, "approved_by is coordinator ", "somebody other than issued_by"),
        ({"status": "real"}, "status is real", "one of actual, exercise, test"),
        ({"msg_type": "renew"}, "msg_type is renew", "one of alert, update, cancel"),
        ({"revision": 0}, "revision is 0", "1 or more"),
        ({"wordings": (("press", "."),)}, "wordings is press", "one of national, force, officer, trustee, public"),
        ({"wordings": (("public", "a"), ("public", "b"))}, "wordings is public", "each audience once"),
        ({"starts_at": NAIVE}, f"starts_at is {START}", "an instant with a UTC offset"),
    ],
)
def test_a_declaration_without_its_facets_is_refused(known: dict[str, object], says: str, expected: str) -> None:
    """Threat wording, scope, duration and activities are required, and each refusal says what was expected."""
    found = declaration_problems(replace(FIXTURE, **known))  # type: ignore[arg-type]

    assert [p.text for p in found] == [f"{says}; expected {expected}."]


def test_all_72_hours_are_allowed_and_a_missing_approver_too() -> None:
    """The end may be 72 hours after the start to the second; an issuer may have had to go alone."""
    alone = replace(FIXTURE, approved_by="")

    assert declaration_problems(alone) == []
    assert declaration_problems(replace(alone, expires_at=alone.expires_at + timedelta(seconds=1)))


@pytest.mark.parametrize(
    ("at", "match"),
    [
        (FIVE, "none"),
        (FIVE + timedelta(seconds=1), "named"),
        (FIVE + 3 * DAY - timedelta(seconds=1), "named"),
        (FIVE + 3 * DAY, "none"),
    ],
)
def test_a_declaration_speaks_strictly_between_start_and_end(at: datetime, match: str) -> None:
    """An occasion exactly at the start or at the end is outside."""
    assert declaration_match(MOSQUE, at, [FIXTURE])[0] == match


@pytest.mark.parametrize(
    ("place", "known", "match"),
    [
        (MOSQUE, {}, "named"),
        (MANDIR, {}, "all_faiths"),
        (MANDIR, {"is_all_faiths": False}, "none"),
        (replace(MOSQUE, faiths=frozenset({"hindu", "muslim"})), {}, "named"),
        (replace(MOSQUE, faiths=frozenset()), {}, "all_faiths"),
        (MOSQUE, {"areas": frozenset({"E23000014", "E23000001"})}, "named"),
        (MOSQUE, {"areas": frozenset({"E23000001"})}, "none"),
        (replace(MOSQUE, area_code=""), {"areas": frozenset({"E23000001"})}, "none"),
        (MOSQUE, {"status": "exercise"}, "none"),
        (MOSQUE, {"status": "test"}, "none"),
        (MOSQUE, {"msg_type": "cancel"}, "none"),
        (MOSQUE, {"msg_type": "update"}, "named"),
    ],
)
def test_a_place_is_named_by_faith_and_area_and_only_for_real(
    place: Place, known: dict[str, object], match: str
) -> None:
    """A place is named if one of its faiths is and its area is in scope; exercises and tests never count."""
    assert declaration_match(place, NOON, [replace(FIXTURE, **known)])[0] == match  # type: ignore[arg-type]


def test_the_strongest_of_several_wins_then_the_first_ref() -> None:
    """Named stands over all faiths whatever the order; of equals the ref that comes first is told."""
    engaged = replace(FIXTURE, ref="D-1", faiths_named=frozenset({"sikh"}))
    other = replace(FIXTURE, ref="D-9")

    for declared in ([engaged, other, FIXTURE], [FIXTURE, other, engaged]):
        match, found = declaration_match(MOSQUE, NOON, declared)
        assert (match, found and found.ref) == ("named", "D-7")


def test_only_the_highest_revision_counts() -> None:
    """A second revision that names only gurdwaras takes the mosques out, whatever the order given."""
    second = replace(FIXTURE, revision=2, msg_type="update", faiths_named=frozenset({"sikh"}))

    assert declaration_match(MOSQUE, NOON, [FIXTURE, second]) == ("all_faiths", second)
    assert declaration_match(MOSQUE, NOON, [second, FIXTURE]) == ("all_faiths", second)


def test_a_cancel_ends_it_and_an_exercise_never_does() -> None:
    """A cancelling revision ends a declaration; one of an exercise with the same ref changes nothing."""
    cancel = replace(FIXTURE, revision=2, msg_type="cancel")

    assert standing([FIXTURE, cancel]) == ()
    assert standing([FIXTURE, replace(cancel, status="exercise")]) == (FIXTURE,)


def test_a_superseded_declaration_counts_no_more() -> None:
    """One that stands in the place of another ends it; naming itself, or an exercise's word, does not."""
    new = replace(FIXTURE, ref="D-8", faiths_named=frozenset({"sikh"}), supersedes="D-7")

    assert standing([FIXTURE, new]) == (new,)
    assert standing([FIXTURE, replace(new, status="exercise")]) == (FIXTURE,)
    assert standing([replace(FIXTURE, supersedes="D-7")]) == (replace(FIXTURE, supersedes="D-7"),)


@pytest.mark.parametrize(
    ("begins", "ends", "match"),
    [
        (FIVE, FIVE + HOUR, "named"),
        (FIVE - HOUR, FIVE, "none"),
        (FIVE - HOUR, FIVE + HOUR, "named"),
        (FIVE + 3 * DAY - HOUR, FIVE + 4 * DAY, "named"),
        (FIVE + 3 * DAY, FIVE + 4 * DAY, "none"),
    ],
)
def test_a_place_without_an_occasion_is_matched_with_a_period(begins: datetime, ends: datetime, match: str) -> None:
    """A declaration in force at any time of a half-open period counts."""
    assert match_between(MOSQUE, (begins, ends), [FIXTURE])[0] == match


def test_planning_after_the_end_is_refused_in_the_words_of_the_house() -> None:
    """The refusals of operations.md section 12, word for word; at the very end too, a second before not."""
    with pytest.raises(RuleError) as refused:
        require_covers(FIXTURE, datetime(2019, 3, 18, 12, 30, tzinfo=UTC))
    assert str(refused.value) == "The step-up ends 18 Mar 05:00; this occasion starts 18 Mar 12:30."

    with pytest.raises(RuleError) as refused:
        require_in_force(FIXTURE, now=FIXTURE.expires_at)
    assert str(refused.value) == "Posture lapsed 18 Mar 05:00; renew or step down."

    require_covers(FIXTURE, FIXTURE.expires_at - timedelta(seconds=1))
    require_in_force(FIXTURE, now=FIXTURE.expires_at - timedelta(seconds=1))


@given(
    st.lists(st.tuples(st.integers(1, 3), st.sampled_from(("alert", "cancel")), st.sampled_from("AB")), max_size=6),
    st.randoms(use_true_random=False),
)
def test_what_stands_knows_no_order(drawn: list[tuple[int, str, str]], rng) -> None:  # type: ignore[no-untyped-def]
    """However revisions arrive, the same declarations stand, at most one a ref."""
    declared = list({(ref, n): replace(FIXTURE, ref=ref, revision=n, msg_type=kind) for n, kind, ref in drawn}.values())
    shuffled = list(declared)
    rng.shuffle(shuffled)

    found = standing(declared)

    assert standing(shuffled) == found
    assert len({d.ref for d in found}) == len(found)
