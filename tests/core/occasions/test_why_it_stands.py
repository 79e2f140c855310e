"""Why an occasion stands: every word named, the verdict the one that precedence gives."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassure.geo import Point
from reassure.occasions.expand import expand
from reassure.occasions.values import OneOff, OsmText, Rule, TableRow, Weekly
from reassure.occasions.why import why
from reassure.places.place import Place

FRIDAY = date(2026, 11, 27)
MOSQUE = Place("m", "Demo Mosque", faiths=frozenset({"muslim"}), point=Point(52.4862, -1.8904))


def _rule(at: time, rank: int = 3, source: str = "site", **changes: object) -> Rule:
    when = changes.pop("when", Weekly((4,), at))
    return Rule("m", "jumuah", when, rank, source, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("loser", "winner", "verdict"),
    [
        (_rule(time(13)), _rule(time(13), 2, "t", when=TableRow(FRIDAY, time(13, 5))), "gives way to a published time"),
        (
            _rule(time(13)),
            _rule(time(13, 5), source="t", when=Weekly((4,), time(13, 5), "gmt")),
            "gives way to a rule for",
        ),
        (
            _rule(time(13), observed_on=date(2025, 1, 1)),
            _rule(time(13, 5), source="t", observed_on=date(2026, 1, 1)),
            "gives way to a newer word",
        ),
        (_rule(time(13), source="z"), _rule(time(13, 5), source="a"), "gives way to another source"),
        (_rule(time(13), 4, "osm", when=OsmText("Fr 13:00")), _rule(time(13, 5)), "gives way to the place's own rule"),
        (
            _rule(time(13)),
            _rule(time(13, 5), 1, "t", when=OneOff(datetime(2026, 11, 27, 13, 5), datetime(2026, 11, 27, 14))),  # noqa: DTZ001
            "gives way to the place's word for this date",
        ),
    ],
)
def test_the_verdict_names_what_won(loser: Rule, winner: Rule, verdict: str) -> None:
    """Each reason for giving way in its own words; the default gives way too."""
    said = why(MOSQUE, [loser, winner], FRIDAY)

    by_start = {f"{word.starts[0]:%H:%M}": word for word in said}
    assert by_start["13:05"].verdict == "stands"
    assert by_start["13:00"].verdict.startswith(verdict)
    assert by_start["12:45"].verdict.startswith("gives way to")


def test_a_later_word_of_the_place_stands_over_an_earlier_one() -> None:
    """Cancelled at 09:00 and entered again at 10:00: the later word stands."""
    start, end = datetime(2026, 11, 27, 13), datetime(2026, 11, 27, 14)  # noqa: DTZ001 - wall clock
    off = OneOff(start, end, is_cancelled=True, said_at=datetime(2026, 11, 26, 9, tzinfo=UTC))
    on = OneOff(start, end, said_at=datetime(2026, 11, 26, 10, tzinfo=UTC))
    said = why(MOSQUE, [_rule(time(13), 1, s, when=w) for s, w in (("off", off), ("on", on))], FRIDAY)

    assert {word.source_ref: word.verdict for word in said if word.rank == 1} == {
        "off": "gives way to a later word of the place",
        "on": "stands",
    }


def test_a_closed_place_has_no_words() -> None:
    """Nothing is said about a place that is closed."""
    assert why(Place("m", faiths=frozenset({"muslim"}), point=MOSQUE.point, status="closed"), [], FRIDAY) == []


rules = st.lists(
    st.builds(
        _rule,
        st.times(time(12, 30), time(14)).map(lambda at: at.replace(second=0, microsecond=0)),
        st.sampled_from([2, 3, 4]),
        st.sampled_from("ab"),
        observed_on=st.sampled_from([None, date(2025, 1, 1), date(2026, 1, 1)]),
    ),
    max_size=5,
)


@given(rules)
def test_what_stands_is_what_the_expansion_has(held: list[Rule]) -> None:
    """For any rules, the starts of the words that stand are those of the occasions that come out."""
    stands = {at for word in why(MOSQUE, held, FRIDAY) if word.stands for at in word.starts}

    assert stands == {s.starts_at for o in expand([MOSQUE], held, FRIDAY, FRIDAY) for s in o.sittings}
