"""Must-visits: the defaults of operations.md section 5 and what never is one."""

from datetime import UTC, date, datetime, timedelta

import pytest

from reassure.geo import Point
from reassure.occasions.values import Occasion, Sitting
from reassure.patrols.must import must_visits
from reassure.patrols.need import PlaceFacts, assess
from reassure.places.place import Place
from reassure.threats.declarations import Declaration
from reassure.threats.incidents import Incident

ON = date(2019, 3, 15)
NOON = datetime(2019, 3, 15, 12, tzinfo=UTC)
FIVE = datetime(2019, 3, 15, 5, tzinfo=UTC)
WINDOW = (datetime(2019, 3, 15, 9, tzinfo=UTC), datetime(2019, 3, 15, 17, tzinfo=UTC))
HERE = Point(52.48, -1.89)


def declared(**known: object) -> Declaration:
    usual: dict[str, object] = {
        "ref": "D-7",
        "revision": 1,
        "status": "actual",
        "msg_type": "alert",
        "title": "Mosques named",
        "threat_wording": "none",
        "faiths_named": frozenset({"muslim"}),
        "is_all_faiths": True,
        "areas": frozenset({"E23000014"}),
        "activities": frozenset({"presence"}),
        "issued_by": "A",
        "approved_by": "B",
        "issued_at": FIVE,
        "starts_at": FIVE,
        "review_at": FIVE + timedelta(hours=24),
        "expires_at": FIVE + timedelta(hours=72),
    }
    return Declaration(**{**usual, **known})  # type: ignore[arg-type]


def musts(
    faith: str = "muslim",
    *,
    fact: PlaceFacts | None = None,
    incidents: tuple[Incident, ...] = (),
    declarations: tuple[Declaration, ...] | None = None,
    starts_at: datetime | None = NOON,
    must_unknown: bool = False,
    presence: str = "welcome",
) -> dict[str, str]:
    """The must-visits of an area of one place, with an occasion at noon."""
    place = Place("P1", faiths=frozenset({faith}), point=HERE, area_code="E23000014", presence=presence)
    occasions = []
    if starts_at:
        later = starts_at + timedelta(minutes=30)
        sitting = Sitting(starts_at, starts_at, later, later, starts_at, starts_at)
        occasions = [Occasion("P1:jumuah:2019-03-15:1", "P1", "jumuah", ON, (sitting,))]
    facts = {"P1": fact} if fact else {}
    in_force = (declared(),) if declarations is None else declarations
    needs = assess([place], occasions, on=ON, window=WINDOW, declarations=in_force, facts=facts, incidents=incidents)
    return dict(
        must_visits(
            needs,
            [place],
            declarations=in_force,
            facts=facts,
            incidents=incidents,
            on=ON,
            must_unknown=must_unknown,
        )
    )


def incident(**known: object) -> Incident:
    usual = {"ref": "I1", "family": "damage", "origin": "victim", "ended_on": ON - timedelta(days=7), "place_ref": "P1"}
    return Incident(**{**usual, **known})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("faith", "band", "reason"),
    [
        ("muslim", "100-199", "named in declaration D-7, 150 people expected"),
        ("muslim", "1000-1499", "named in declaration D-7, 1,250 people expected"),
        ("muslim", "50-99", None),  # 75 is under 100
        ("muslim", "", None),  # not known, and not asked for
        ("sikh", "1500+", None),  # engaged, not named
    ],
)
def test_a_named_place_with_100_expected_is_a_must(faith: str, band: str, reason: str | None) -> None:
    """Under a declaration a named faith with a known band of 100 or more is a must; others are not."""
    found = musts(faith, fact=PlaceFacts("P1", band=band))

    assert found == ({"P1": reason} if reason else {})


def test_places_without_a_band_are_musts_only_when_asked_for() -> None:
    """must_unknown adds the named place without a band, and neither a smaller one nor one that is not named."""
    assert musts(must_unknown=True) == {"P1": "named in declaration D-7, number of people not known"}
    assert musts(fact=PlaceFacts("P1", band="50-99"), must_unknown=True) == {}
    assert musts("sikh", must_unknown=True) == {}


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ({}, "an incident here 7 days ago"),
        ({"ended_on": ON}, "an incident here today"),
        ({"ended_on": ON - timedelta(days=1)}, "an incident here 1 day ago"),
        ({"ended_on": ON - timedelta(days=8)}, None),
        ({"place_ref": "", "point": Point(52.4804, -1.89)}, "an incident here 7 days ago"),  # 44 m north
        ({"place_ref": "", "point": Point(52.4805, -1.89)}, None),  # 56 m north
        ({"origin": "officer_on_visit"}, None),
        ({"origin": "unknown"}, None),
        ({"status": "withdrawn"}, None),
    ],
)
def test_an_incident_here_within_seven_days_is_a_must(known: dict[str, object], reason: str | None) -> None:
    """Linked or within 50 m, at most seven days old and of a counted origin: for every faith in the area."""
    assert musts("sikh", incidents=(incident(**known),)) == ({"P1": reason} if reason else {})


def test_an_open_request_is_a_must_and_reasons_are_joined() -> None:
    """A place with several reasons says them all."""
    fact = PlaceFacts("P1", band="100-199", request_until=ON, must=True)

    assert musts(fact=fact, incidents=(incident(),)) == {
        "P1": "named in declaration D-7, 150 people expected; an incident here 7 days ago; "
        "the place asked for a visit; marked as a must by the planner"
    }


EVERYTHING = PlaceFacts("P1", band="1500+", request_until=ON)


@pytest.mark.parametrize(
    "declarations",
    [
        (),
        (declared(status="exercise"),),
        (declared(status="test"),),
        (declared(), declared(revision=2, msg_type="cancel")),
        (declared(areas=frozenset({"E23000001"})),),
        (declared(starts_at=FIVE - timedelta(days=4), expires_at=FIVE - timedelta(days=1)),),
        (declared(starts_at=FIVE + timedelta(days=1), expires_at=FIVE + timedelta(days=2)),),
    ],
    ids=["none", "exercise", "test", "cancelled", "elsewhere", "over", "tomorrow"],
)
def test_the_defaults_hold_only_under_an_actual_declaration(declarations: tuple[Declaration, ...]) -> None:
    """Without an actual declaration in force on the day in this area nothing is a must but what the planner marked."""
    assert musts(fact=EVERYTHING, incidents=(incident(),), declarations=declarations) == {}

    marked = PlaceFacts("P1", must=True)
    assert musts(fact=marked, declarations=declarations) == {"P1": "marked as a must by the planner"}


def test_a_named_place_without_an_occasion_in_the_window_is_no_must() -> None:
    """Nobody gathers while units are out, so there is nothing to be at; an incident here still counts."""
    fact = PlaceFacts("P1", band="1500+")

    assert musts(fact=fact, starts_at=None, must_unknown=True) == {}
    assert musts(fact=fact, starts_at=WINDOW[1] + timedelta(hours=2)) == {}
    assert musts(fact=fact, starts_at=None, incidents=(incident(),)) == {"P1": "an incident here 7 days ago"}


def test_a_place_that_asked_for_contact_only_is_never_a_must() -> None:
    """Opting out stands over every reason, the planner's mark too."""
    fact = PlaceFacts("P1", band="1500+", request_until=ON, must=True)

    assert musts(fact=fact, incidents=(incident(),), presence="none") == {}
    assert musts(fact=PlaceFacts("P1", must=True, presence="none")) == {}
