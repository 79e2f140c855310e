"""What the cards and the order say, worked out from plan documents."""

from dataclasses import fields
from datetime import UTC, date, datetime

import pytest

from plan_documents import faults, made_plan, plan_with_shortfall, plan_without_visits
from reassure.errors import InputError
from reassure.patrols.briefing import (
    REASON_WORDS,
    Card,
    Clock,
    Pause,
    Visit,
    attribution,
    cards,
    day_words,
    hour_starts,
    index_plan,
    minutes,
    unmet_must,
)
from reassure.patrols.order import Facts, Grid, Points, Words, occasions_by_hour, order_sections
from sound_plan import sound_plan


def words_of(sections):
    """Every text of an order."""
    found = []
    for section in sections:
        for block in section.blocks:
            if isinstance(block, Words):
                found.append(block.text)
            elif isinstance(block, Facts):
                found += [text for row in block.rows for text in row]
            elif isinstance(block, Points):
                found += block.lines
            elif isinstance(block, Grid):
                found += [block.caption, *block.columns, *(cell for row in block.rows for cell in row)]
    return "\n".join(found)


@pytest.mark.parametrize("make", [made_plan, plan_with_shortfall, plan_without_visits])
def test_the_generated_documents_are_valid_plans(make):
    """What the tests of outputs stand on is what the schema asks for."""
    assert faults(make()) == []


def test_a_card_holds_the_steps_of_its_unit_in_the_order_of_time():
    """Car 1 of the plan made by hand visits m1, m2 and c1 and then rests at c1."""
    card = cards(index_plan(sound_plan()))[0]

    steps = [(s.number, s.place_ref) if isinstance(s, Visit) else s.where for s in card.steps]
    assert steps == [(1, "m1"), (2, "m2"), (3, "c1"), "at Generated c1"]
    assert [f"{s.starts_at:%H:%M:%S}" for s in card.steps] == ["12:15:15", "12:30:30", "13:00:00", "13:15:00"]
    assert f"{card.leaves_at:%H:%M:%S} {card.back_at:%H:%M:%S}" == "12:12:00 13:53:58"


def test_a_unit_with_nothing_to_do_has_a_card_without_steps():
    """Foot 3 of the plan made by hand stays at base, and still gets a card."""
    made = cards(index_plan(sound_plan()))

    assert len(made) == 3
    assert made[2].steps == ()


def test_a_card_has_no_field_for_what_officers_may_not_see():
    """Neither points nor their parts nor the number of units have a place in the values of a card."""
    names = {f.name for value in (Card, Visit, Pause) for f in fields(value)}

    assert not names & {"points", "prize", "parts", "gap", "recency", "n_units", "explanation", "n_expected"}


def test_an_order_names_no_points():
    """The order is read by more people than the plan: no sum, no part of a need, no reason that speaks of points."""
    document = plan_with_shortfall()
    said = words_of(order_sections(index_plan(document)))

    assert "points" not in said
    assert not [n["explanation"] for n in document["needs"] if n["points"] and n["explanation"] in said]


def test_an_order_has_the_seven_headings_in_order():
    """Information, Intention, Method, Administration, Risk assessment, Communications, Human rights: IIMARCH."""
    sections = order_sections(index_plan(made_plan()))

    assert "".join(s.heading[0] for s in sections) == "IIMARCH"


def test_an_order_leaves_what_a_person_writes_empty():
    """Gold's strategy, tactical limits, commanders, the risk assessment and the legal basis wait for a hand."""
    facts = [
        row
        for section in order_sections(index_plan(made_plan()))
        for block in section.blocks
        if isinstance(block, Facts)
        for row in block.rows
    ]

    empty = {name for name, value in facts if not value}
    by_hand = {"Gold's strategy", "Tactical limits", "Commanders", "Welfare", "Dress", "Risk assessment", "Legal basis"}
    assert by_hand | {"History", "Community notes", "Channels"} <= empty


def test_an_order_gives_officers_the_wording_meant_for_them():
    """Where a declaration has a wording for officers, the wording for planners is left out."""
    said = words_of(order_sections(index_plan(made_plan())))

    assert "Nothing links the event to this area." in said
    assert "PLANNERS-ONLY-WORDS" not in said


def test_an_order_lists_every_visit_once_and_every_place_that_opted_out():
    """Each visit is a row of its unit's table; each place that asked for no presence is named."""
    document = made_plan()
    index = index_plan(document)
    sections = order_sections(index)

    rows = [row[2] for block in sections[2].blocks if isinstance(block, Grid) for row in block.rows if row[0]]
    stops = [stop for route in document["routes"] for stop in route["stops"]]
    assert len(rows) == len(stops) == document["totals"]["n_visits"]
    for stop in stops:
        assert sum(row.startswith(index.name(stop["place_ref"])) for row in rows) >= 1
    listed = [line for block in sections[6].blocks if isinstance(block, Points) for line in block.lines]
    assert listed == [p["name"] for p in document["places"] if p["presence"] == "none"]


def test_an_order_states_a_shortfall_with_its_price():
    """The words, the bound, and the must-visits that are not planned."""
    document = plan_with_shortfall()
    risk = words_of(order_sections(index_plan(document))[4:5])

    assert document["shortfall"]["text"] in risk
    assert "42 minutes of a unit" in risk
    for row in document["unvisited"]:
        assert not row["is_must"] or row["name"] in risk


def test_occasions_by_hour_count_people_from_first_arrival_to_last_leaving():
    """In the plan made by hand: counted again here, hour by hour, from the text of the times alone."""
    document = sound_plan()
    rows = {hour: (occasions, visits) for hour, occasions, visits in occasions_by_hour(index_plan(document))}

    for hour in range(10, 17):
        present = 0
        for o in document["occasions"]:
            spans = [(s["arrive_from"][11:16], s["gone_by"][11:16]) for s in o["sittings"]]
            present += o["status"] != "cancelled" and any(a < f"{hour + 1}:00" and b > f"{hour}:00" for a, b in spans)
        starting = [s for r in document["routes"] for s in r["stops"] if s["start"][11:13] == str(hour)]
        assert rows[f"{hour}:00"] == (present, len(starting))
    assert rows["12:00"][1] == 2, "m1 and m2 start between 12 and 13"


def test_times_on_the_day_of_a_clock_change_say_which_clock():
    """On 25 October 2026 the hour from 01:00 comes twice: first British Summer Time, then Greenwich Mean Time."""
    clock = Clock(date(2026, 10, 25), has_change=True)

    assert clock.time("2026-10-25T00:30:00+00:00") == "01:30 BST"
    assert clock.time("2026-10-25T01:30:00+00:00") == "01:30 GMT"


def test_no_hour_is_lost_when_the_clocks_go_back():
    """Five hours of a night are five hours, and the one that comes twice stands twice."""
    clock = Clock(date(2026, 10, 25), has_change=True)
    hours = hour_starts(datetime(2026, 10, 24, 23, tzinfo=UTC), datetime(2026, 10, 25, 4, tzinfo=UTC))

    assert [clock.time(h) for h in hours] == ["00:00 BST", "01:00 BST", "01:00 GMT", "02:00 GMT", "03:00 GMT"]


def test_a_window_over_a_clock_change_is_noticed():
    """A plan whose first and last hour have different offsets shows them."""
    document = plan_without_visits()
    document["on"] = "2026-10-25"
    document["window"] = {"starts_at": "2026-10-24T23:00:00+00:00", "ends_at": "2026-10-25T06:00:00+00:00"}

    assert index_plan(document).clock.has_change


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 min"), (1, "1 min"), (60, "1 min"), (61, "2 min"), (538, "9 min")],
)
def test_travel_is_rounded_up_to_minutes(seconds, words):
    """Nobody is told that a journey is shorter than it is."""
    assert minutes(seconds) == words


def test_dates_carry_their_weekday():
    """27 November 2026 is a Friday, 29 February 2028 a Tuesday (calendar)."""
    assert day_words(date(2026, 11, 27)) == "Friday 27 November 2026"
    assert day_words(date(2028, 2, 29)) == "Tuesday 29 February 2028"


def test_rows_that_name_what_is_not_there_are_all_refused():
    """A place, an option and a unit that the document does not hold are named together."""
    document = made_plan(n_places=20, n_units=2)
    document["unvisited"][0]["place_ref"] = "nowhere"
    document["routes"][0]["stops"][0]["option"] = "none"
    document["routes"][1]["unit_ref"] = "nobody"

    with pytest.raises(InputError) as error:
        index_plan(document)

    assert {p.value for p in error.value.problems} == {"nowhere", "none", "nobody"}


def test_every_reason_of_the_schema_has_words():
    """Eight reasons of patrols.md section 5, each once."""
    reasons = "opted_out gate_closed other_occasion no_window skill unreachable barred outweighed".split()  # noqa: SIM905

    assert sorted(REASON_WORDS) == sorted(reasons)
    assert len(set(REASON_WORDS.values())) == 8


def test_a_place_without_a_name_is_called_after_what_it_is():
    """An unnamed mosque is an unnamed mosque, with its reference."""
    document = made_plan(n_places=3, n_units=1)
    document["places"][0]["name"] = "  "

    assert index_plan(document).name("gen:0000") == "Unnamed mosque (gen:0000)"


def test_a_must_visit_made_at_another_occasion_is_met():
    """Only a must-visit whose place has no visit at all is missing; its other occasions are ordinary gaps."""
    document = plan_with_shortfall()
    visited = document["routes"][0]["stops"][0]["place_ref"]
    gap = {"place_ref": visited, "name": "x", "occasion_ref": "", "points": 50, "is_must": True}
    document["unvisited"].append({**gap, "reason": "other_occasion", "text": "visited at another"})

    unmet = unmet_must(index_plan(document))

    assert [row["place_ref"] for row in unmet] == document["shortfall"]["unmet"]


def test_a_card_never_asks_for_a_start_after_the_shift():
    """A window that runs to the night ends, on the card, with the shift less the stay of 12 minutes."""
    document = made_plan(n_places=20, n_units=2)
    for option in document["options"]:
        option["latest_start"] = "2026-11-28T03:00:00+00:00"

    visits = [v for card in cards(index_plan(document)) for v in card.visits]

    assert visits
    assert {f"{v.start_by:%H:%M}" for v in visits} == {"16:48"}, "unit 1 is on shift until 17:00"


def test_words_of_licences_are_separate_sentences():
    """Two sources do not run into one another, and none gets two full stops."""
    assert attribution({"attributions": ["© A contributors.", "Source: B "]}) == "© A contributors. Source: B."
    assert attribution({"attributions": []}) == ""


@pytest.mark.parametrize(
    ("address", "postcode", "nearest", "shown"),
    [
        ("1 Example Street, B91 3HG", "B91 3HG", "", "1 Example Street, B91 3HG"),  # stands in the address already
        ("1 Example Street", "B91 3HG", "", "1 Example Street, B91 3HG"),
        ("", "", "B28 0LD", "near B28 0LD"),
        ("", "", "", ""),
    ],
)
def test_a_postcode_stands_once_in_an_address(address, postcode, nearest, shown):
    """The card gives address and postcode, never the same postcode twice."""
    document = sound_plan()
    for place in document["places"]:
        place.update(address=address, postcode=postcode, nearest_postcode=nearest)

    index = index_plan(document)

    assert {index.where(place["ref"]) for place in document["places"]} == {shown}
