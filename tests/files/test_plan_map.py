"""Maps and charts: that what is drawn is where and when it is."""

import re
import xml.etree.ElementTree as ET
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from plan_documents import made_plan, plan_without_visits
from reassure.files.plan_map import area_map, plane, round_map
from reassure.files.plan_timeline import Axis, timeline
from reassure.geo import Point, great_circle_m
from reassure.patrols.briefing import cards, index_plan
from sound_plan import sound_plan

NS = "{http://www.w3.org/2000/svg}"


def drawing(markup):
    return ET.fromstring(str(markup))  # noqa: S314 - our own output


@pytest.mark.parametrize("make", [made_plan, plan_without_visits])
def test_each_place_is_drawn_once_by_what_becomes_of_it(make):
    """A mark for each visit, each gap, each place where nobody gathers and each that asked for contact only."""
    document = make()
    index = index_plan(document)
    svg = drawing(area_map(index, cards(index)))

    kinds = [e.get("class", "") for e in svg.iter()]
    n_marks = sum(k.startswith(("stop", "missed", "idle", "contact")) for k in kinds)
    assert n_marks == len(document["places"])
    assert sum(k.startswith("stop") for k in kinds) == document["totals"]["n_visits"]
    visited = {s["place_ref"] for r in document["routes"] for s in r["stops"]}
    contact = [p for p in document["places"] if p["presence"] == "none" and p["ref"] not in visited]
    assert kinds.count("contact") == len(contact)


def test_the_scale_bar_measures_what_it_says():
    """Two stops of the plan made by hand are 1,111.95 m apart; the bar's metres by its pixels agree within 1 %."""
    card = cards(index_plan(sound_plan()))[0]
    svg = drawing(round_map(card))

    circles = list(svg.iter(f"{NS}circle"))
    y = [float(c.get("cy")) for c in circles]
    bar = next(e for e in svg.iter(f"{NS}path") if e.get("class") == "bar")
    long_px = float(re.search(r"h([\d.]+)", bar.get("d"))[1])
    words = next(e.text for e in svg.iter(f"{NS}text") if e.text.endswith("m"))
    metres = float(words.split()[0]) * (1000 if words.endswith("km") else 1)
    assert abs(y[0] - y[1]) * metres / long_px == pytest.approx(1111.95, rel=0.01)


def test_distances_on_the_map_are_true_in_every_direction():
    """On a plane of some 20 km, pixels are proportional to great-circle metres within 0.5 %, east and north."""
    spots = [(52.4, -2.0), (52.5, -2.0), (52.4, -1.8), (52.5, -1.8)]
    on = plane(spots, width=1000, margin=20, heights=(400, 900))

    scales = []
    for a in spots:
        for b in spots:
            if a < b:
                (xa, ya), (xb, yb) = on.xy(*a), on.xy(*b)
                metres = great_circle_m(Point(*a), Point(*b))
                scales.append(((xa - xb) ** 2 + (ya - yb) ** 2) ** 0.5 / metres)
    assert max(scales) / min(scales) == pytest.approx(1, abs=0.005)
    assert on.xy(52.5, -2.0)[1] < on.xy(52.4, -2.0)[1], "north is up"
    assert on.xy(52.4, -1.8)[0] > on.xy(52.4, -2.0)[0], "east is right"


@pytest.mark.parametrize(
    "spots",
    [[], [(51.5, -0.1)], [(51.5, -0.1)] * 3, [(50.0, -5.7), (58.6, -3.1)]],
    ids=["nothing", "one place", "one place thrice", "the whole country"],
)
def test_any_set_of_places_fits(spots):
    """No division by nothing, and every point lies inside the drawing."""
    on = plane(spots, width=300, margin=18, heights=(150, 150))

    for spot in spots:
        x, y = on.xy(*spot)
        assert 0 <= x <= 300
        assert 0 <= y <= 150


def test_the_map_of_a_round_names_no_other_place():
    """A card's sketch holds its own stops only, by number and name."""
    document = made_plan()
    index = index_plan(document)

    for card in cards(index):
        svg = drawing(round_map(card))
        titles = [e.text for e in svg.iter(f"{NS}title")]
        own = {v.place_ref for v in card.visits}
        others = [index.name(p["ref"]) for p in document["places"] if p["ref"] not in own]
        assert not [t for t in titles for name in others if name in t]
        assert len(list(svg.iter(f"{NS}circle"))) == len(card.visits)


def test_rounds_differ_without_colour():
    """Two rounds never share both colour and dash (up to 32 units), and each stop carries unit and number."""
    document = made_plan(n_places=300, n_units=20)
    index = index_plan(document)
    svg = drawing(area_map(index, cards(index)))

    lines = [(e.get("class"), e.get("stroke-dasharray")) for e in svg.iter(f"{NS}polyline")]
    assert len(lines) == len(set(lines))
    labels = [e.text for e in svg.iter(f"{NS}text") if re.fullmatch(r"\d+\.\d+", e.text or "")]
    assert len(labels) == len(set(labels)) == document["totals"]["n_visits"]


def test_a_map_of_some_rounds_keeps_their_numbers():
    """Units 3 and 4 of a plan stay 3 and 4 where they are drawn alone, with those gaps that are asked for."""
    document = made_plan(n_places=300, n_units=20)
    index = index_plan(document)
    gap = next(p["ref"] for p in document["places"] if p["presence"] == "none")

    svg = drawing(area_map(index, cards(index), rounds=range(2, 4), gaps={gap}))

    labels = [e.text for e in svg.iter(f"{NS}text") if re.fullmatch(r"\d+\.\d+", e.text or "")]
    assert {label.split(".")[0] for label in labels} == {"3", "4"}
    assert len(labels) == sum(len(card.visits) for card in cards(index)[2:4])
    assert [e.get("class") for e in svg.iter(f"{NS}polyline")] == ["way u2", "way u3"]
    assert sum(e.get("class") in {"idle", "contact", "missed", "missed must"} for e in svg.iter()) == 1


def test_the_last_label_of_the_timeline_is_not_cut_off():
    """It names a weekday, in 12 px letters that are at most 8 px wide each, centred on the end of the hours."""
    document = made_plan()
    document["window"]["ends_at"] = "2026-11-28T05:00:00+00:00"
    index = index_plan(document)
    svg = drawing(timeline(index, cards(index)))

    last = [e for e in svg.iter("text") if e.get("text-anchor") == "middle" and e.get("font-size") == "12"][-1]
    assert last.text == "Sat 05:00"
    assert float(last.get("x")) + len(last.text) * 8 / 2 <= float(svg.get("viewBox").split()[2])


def test_a_night_on_which_the_clocks_change_has_its_true_length():
    """From 23:00 UTC to 04:00 UTC are five hours; each takes a fifth of the width, the doubled one too."""
    starts_at = datetime(2026, 10, 24, 23, tzinfo=UTC)
    axis = Axis(starts_at, starts_at + timedelta(hours=5))

    steps = [axis.x(starts_at + timedelta(hours=h)) for h in range(6)]
    widths = [b - a for a, b in pairwise(steps)]
    assert max(widths) - min(widths) <= 0.2


def test_the_timeline_shows_every_visit_and_every_break():
    """One block a visit and one a break, on the row of its unit."""
    document = made_plan()
    index = index_plan(document)
    svg = drawing(timeline(index, cards(index)))

    blocks = Counter()
    for path in svg.iter("path"):
        blocks[path.get("class", "").split()[0]] += path.get("d").count("z")
    assert blocks["stop"] == document["totals"]["n_visits"]
    assert blocks["rest"] == sum(len(r["breaks"]) for r in document["routes"])
    assert sum(e.get("class") == "shift" for e in svg.iter("rect")) == len(document["units"])


def test_discs_do_not_hide_one_another():
    """Eight stops in one street, two of them at one door: every disc can be read, and lines lead to the places."""
    document = made_plan(n_places=60, n_units=2)
    index = index_plan(document)
    card = max(cards(index), key=lambda c: len(c.visits))
    for k, visit in enumerate(card.visits):
        object.__setattr__(visit, "lat_deg", 52.5 + max(k, 1) * 0.0001)
        object.__setattr__(visit, "lon_deg", -1.95)
    svg = drawing(round_map(card))

    discs = [(float(c.get("cx")), float(c.get("cy"))) for c in svg.iter(f"{NS}circle")]
    assert len(discs) == len(card.visits) >= 6
    gaps = [((a - c) ** 2 + (b - d) ** 2) ** 0.5 for n, (a, b) in enumerate(discs) for c, d in discs[n + 1 :]]
    assert min(gaps) >= 15, "radius 8.5: two discs touch at 17 px, numbers stay free"
    assert all(8 <= x <= 292 and 8 <= y <= 142 for x, y in discs)
    assert [e for e in svg.iter(f"{NS}path") if e.get("class") == "leader"]
