"""A whole day planned with journeys of a routing server, and judged by the independent checker."""

from dataclasses import replace
from datetime import time

from patrol_day import DAY, place, unit
from reassure.engines.routing import ServerTravel
from reassure.engines.travel_server import Server
from reassure.files.plan_json import signed
from reassure.occasions.values import Rule, Weekly
from reassure.patrols.check import check
from reassure.patrols.day import DayInputs, plan_day


class SlowRoads(Server):
    """Answers 20 minutes for every journey, and nothing for those into the first place."""

    def block(self, kind, sources, targets):
        return [[None if t.lat_deg == 53.0 else 0.0 if s == t else 1_200.0 for t in targets] for s in sources]


def test_a_plan_with_journeys_without_an_answer_is_flagged_and_passes_the_checker():
    """Where a server has no answer for a place its visit is flagged, takes the great circle, and the plan is sound."""
    places = [
        replace(place(ref, km), faiths=frozenset({"muslim"}), area_code="X", status="active")
        for ref, km in (("A", 0.0), ("B", 3.0))
    ]
    rules = [Rule(p.ref, "jumuah", Weekly((4,), time(13, 15)), 3, "test") for p in places]
    inputs = DayInputs("X", "Generated", "Generated", DAY.date(), places, [unit("1", km_north=6)], rules)
    travel = ServerTravel(SlowRoads("valhalla", "http://roads.example"))

    document = signed(plan_day(inputs, travel, iterations=500, rounds=0, salt=None))

    stops = [stop for route in document["routes"] for stop in route["stops"]]
    flags = {stop["place_ref"]: bool(stop.get("travel_flag")) for stop in stops}
    assert flags == {"A": True, "B": False}
    assert [p.text for p in check(document)] == []
