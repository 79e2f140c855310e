"""Travel times from a routing server, against a real server on the loopback that speaks OSRM and Valhalla."""

import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

from reassure.engines.routing import NO_ANSWER, GreatCircle, ServerTravel, parse_travel, travel_source
from reassure.engines.travel_server import BLOCK_NODES, Server, ServerError
from reassure.errors import InputError, ReassureError
from reassure.geo import Point
from reassure.patrols.problem import Option, PatrolProblem, Shift
from reassure.patrols.search_routes import plan_of, timed_route
from reassure.patrols.travel import travel_matrices


@dataclass
class Roads:
    """How the server answers: seconds of a journey by its two ends, and what goes wrong."""

    asked: list[str] = field(default_factory=list)
    no_answer: set[tuple[float, float]] = field(default_factory=set)
    refused: set[float] = field(default_factory=set)
    statuses: list[int] = field(default_factory=list)
    body: bytes | None = None
    pause_s: float = 0.0

    def seconds(self, a, b):
        """100.25 s a hundredth of a degree, and 7 s more towards the north: one way differs from the other."""
        if (a[1], b[1]) in self.no_answer:
            return None
        return 100.25 * 100 * (abs(a[0] - b[0]) + abs(a[1] - b[1])) + (7 if b[1] > a[1] else 0)

    def table(self, sources, targets):
        return [[self.seconds(a, b) for b in targets] for a in sources]


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        parts = urlsplit(self.path)
        assert parts.path.split("/")[1:3] == ["table", "v1"]
        points = [tuple(float(v) for v in pair.split(",")) for pair in parts.path.split("/")[4].split(";")]
        query = {
            key: [int(i) for i in values[0].split(";")]
            for key, values in parse_qs(parts.query).items()
            if key != "annotations"
        }
        assert len(points) <= 100
        sources, targets = ([points[i] for i in query[name]] for name in ("sources", "destinations"))
        self.answer({"code": "Ok", "durations": self.server.roads.table(sources, targets)}, sources + targets)

    def do_POST(self):
        assert self.path == "/sources_to_targets"
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.roads.asked.append(asked["costing"])
        sources, targets = ([(p["lon"], p["lat"]) for p in asked[name]] for name in ("sources", "targets"))
        rows = self.server.roads.table(sources, targets)
        cells = [[{"time": t, "from_index": i, "to_index": j} for j, t in enumerate(row)] for i, row in enumerate(rows)]
        self.answer({"sources_to_targets": cells, "units": "kilometers"}, sources + targets)

    def answer(self, value, points):
        roads = self.server.roads
        roads.asked.append(self.path)
        time.sleep(roads.pause_s)
        status = roads.statuses.pop(0) if roads.statuses else 200
        if any(p[1] in roads.refused for p in points):
            status = 400
        body = roads.body if roads.body is not None else json.dumps(value).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            pass  # the client gave up waiting

    def log_message(self, *_args):
        """Nothing is printed."""


@pytest.fixture
def roads():
    return Roads()


@pytest.fixture
def address(roads):
    """A server on the loopback that answers as `roads` say."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.roads = roads
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


NODES = [Point(52.0, -1.0), Point(52.01, -1.0), Point(52.0, -1.01)]


def travel(engine, address, **options):
    return ServerTravel(Server(engine, address, timeout_s=0.5, pause_s=0.01), **options)


@pytest.mark.parametrize("engine", ["osrm", "valhalla"])
def test_seconds_of_the_server_are_rounded_up_and_get_the_minute_at_the_door(engine, address):
    """0.01 degrees north is 107.25 s, back 100.25 s: 108 and 101, and 60 more into a place; the base gets none."""
    matrix = travel(engine, address).matrices(NODES, 2, {"car"})["car"]

    assert matrix.tolist() == [[0, 168, 101], [161, 0, 201], [161, 268, 0]]
    assert matrix.dtype == np.int32


def test_each_kind_has_its_own_profile(roads, address):
    """Valhalla is asked for auto, bicycle and pedestrian; OSRM for a profile in its address."""
    travel("valhalla", address).matrices(NODES, 2, {"car", "foot", "cycle"})
    assert {word for word in roads.asked if "/" not in word} == {"auto", "bicycle", "pedestrian"}

    assert Server("osrm", "http://h/{profile}").knows("foot")


def test_an_osrm_server_is_asked_about_cars_only(roads, address):
    """A plain OSRM server knows one kind of traffic: units on foot take the default, and it is said."""
    lines = []
    source = travel("osrm", address, note=lines.append)

    matrices = source.matrices(NODES, 2, {"car", "foot"})

    assert matrices["foot"].tolist() == travel_matrices(NODES, 2, {"foot"})["foot"].tolist()
    assert source.unanswered["foot"].sum() == 6
    assert "is not asked about units by foot" in lines[0]
    assert all("/driving/" in path for path in roads.asked)


@pytest.mark.parametrize("engine", ["osrm", "valhalla"])
def test_a_pair_without_an_answer_takes_the_default_and_is_flagged(engine, roads, address):
    """A null in the table becomes the great circle for that pair only, flagged and said."""
    roads.no_answer = {(52.0, 52.01)}
    lines = []
    source = travel(engine, address, note=lines.append)

    matrix = source.matrices(NODES, 2, {"car"})["car"]

    default = travel_matrices(NODES, 2, {"car"})["car"]
    assert [matrix[0, 1], matrix[2, 1], matrix[1, 0]] == [default[0, 1], default[2, 1], 161]
    assert source.unanswered["car"].tolist() == [[False, True, False], [False, False, False], [False, True, False]]
    assert lines == ["2 of 9 journeys by car had no answer; great-circle times are taken."]


def test_a_block_that_is_refused_is_halved_down_to_the_point_at_fault(roads, address):
    """A point without a road makes the server refuse its blocks; only its own journeys take the default."""
    roads.refused = {52.01}
    source = travel("valhalla", address)

    matrix = source.matrices(NODES, 2, {"car"})["car"]

    assert source.unanswered["car"].tolist() == [[False, True, False], [True, False, True], [False, True, False]]
    assert matrix[2, 0] == 161


@pytest.mark.parametrize("engine", ["osrm", "valhalla"])
def test_blocks_keep_inside_the_limits_of_servers(engine, roads, address):
    """120 nodes are asked in 9 blocks of at most 50 by 50, and come together as one matrix."""
    nodes = [Point(51 + 0.01 * i, -1.0) for i in range(120)]

    matrix = travel(engine, address).matrices(nodes, 0, {"car"})["car"]

    assert BLOCK_NODES == 50
    assert len([path for path in roads.asked if "/" in path]) == 9
    assert matrix[0, 119] == 11_937  # 119 x 100.25 + 7 = 11,936.75
    assert matrix[119, 0] == 11_930  # 119 x 100.25 = 11,929.75


def test_a_busy_server_is_asked_again(roads, address):
    """Two answers of 503 and 429 are followed by a third try that works."""
    roads.statuses = [503, 429]

    matrix = travel("osrm", address).matrices(NODES, 2, {"car"})["car"]

    assert matrix[0, 1] == 168
    assert len(roads.asked) == 3


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"statuses": [500] * 9}, "answered with HTTP status 500"),
        ({"statuses": [403] * 9}, "answered with HTTP status 403"),
        ({"body": b"<html>no</html>"}, "answered with something that is not JSON"),
        ({"body": b"[1, 2]"}, "answered with JSON that is not an object"),
        ({"body": b'{"durations": [[0, 1]]}'}, "did not answer with a table of 3 by 3 journeys"),
        ({"body": b'{"durations": [[0, 1, -5], [0, 0, 0], [0, 0, 0]]}'}, "gave -5 as the seconds of a journey"),
        ({"body": b'{"durations": [[0, 1, NaN], [0, 0, 0], [0, 0, 0]]}'}, "gave nan as the seconds of a journey"),
        ({"body": b'{"durations": [[0, 1, "x"], [0, 0, 0], [0, 0, 0]]}'}, "gave 'x' as the seconds of a journey"),
        ({"body": b'{"durations": [[0, 1, 1e9], [0, 0, 0], [0, 0, 0]]}'}, "as the seconds of a journey"),
        ({"pause_s": 0.8}, "gave no answer within 0.5 s"),
    ],
)
def test_a_server_that_fails_is_said_in_one_line(roads, address, change, says):
    """Status, rubbish, silence and impossible seconds each stop the plan with one line that names the server."""
    for name, value in change.items():
        setattr(roads, name, value)

    with pytest.raises(ServerError) as caught:
        travel("osrm", address).matrices(NODES, 2, {"car"})

    assert isinstance(caught.value, ReassureError)
    assert address in str(caught.value)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_address_where_nobody_listens_is_said():
    """A refused connection names the address and the reason."""
    with pytest.raises(ServerError, match="cannot be reached"):
        travel("osrm", "http://127.0.0.1:9").matrices(NODES, 2, {"car"})


def test_with_fallback_the_plan_goes_on_by_great_circle(roads, address):
    """Where the caller allows it a failing server gives great-circle times, says so, and the record is honest."""
    roads.statuses = [500] * 9
    lines = []
    source = travel("osrm", address, is_fallback_allowed=True, note=lines.append)

    matrices = source.matrices(NODES, 2, {"car"})

    assert matrices["car"].tolist() == travel_matrices(NODES, 2, {"car"})["car"].tolist()
    assert len(lines) == 1
    assert "Great-circle times are taken instead." in lines[0]
    problem, plan = driven(matrices)
    assert source.record(problem, plan) == GreatCircle().record(problem, plan)


def test_answers_are_kept_by_coordinates_and_profile(roads, address, tmp_path):
    """A second plan asks for what is new only; a spoilt file is asked for again."""
    travel("osrm", address, cache=tmp_path).matrices(NODES, 2, {"car"})
    n_first = len(roads.asked)

    again = travel("osrm", address, cache=tmp_path).matrices(NODES, 2, {"car"})["car"]
    assert len(roads.asked) == n_first
    assert again.tolist() == [[0, 168, 101], [161, 0, 201], [161, 268, 0]]

    travel("osrm", address, cache=tmp_path).matrices([*NODES, Point(52.02, -1.0)], 2, {"car"})
    assert len(roads.asked) == n_first + 1

    for path in tmp_path.rglob("*.json"):
        path.write_text("{spoilt")
    assert travel("osrm", address, cache=tmp_path).matrices(NODES, 2, {"car"})["car"].tolist() == again.tolist()
    assert len(roads.asked) == n_first + 2


def test_a_cache_that_cannot_be_written_is_done_without(address, tmp_path):
    """A folder that is a file stops nothing."""
    blocked = tmp_path / "file"
    blocked.write_text("")

    assert travel("osrm", address, cache=blocked).matrices(NODES, 2, {"car"})["car"][0, 1] == 168


def driven(matrices):
    """One unit from the base (node 2) to both places and back."""
    options = tuple(Option(site, site, "any_time", "", 0, 9_000, 720, 100) for site in (0, 1))
    shift = Shift("U1", "car", 2, 2, 0, 9_000)
    problem = PatrolProblem(("A", "B"), (0, 1), options, (shift,), matrices)
    route = timed_route(problem, 0, [("stop", 0, None), ("stop", 1, None), ("end", 0, None)])
    return problem, plan_of(problem, [route], {})


def test_the_record_holds_every_leg_that_is_driven(roads, address):
    """The plan keeps the legs used, with seconds and flag, and the digest of the matrix, so that it can be checked."""
    roads.no_answer = {(52.0, 52.01)}
    source = travel("osrm", address)

    record = source.record(*driven(source.matrices(NODES, 2, {"car"})))

    assert record["legs"] == [
        ["car", "base:U1", "A", 161, ""],
        ["car", "A", "B", 195, NO_ANSWER],
        ["car", "B", "end:U1", 201, ""],
    ]
    assert record["source"] == f"osrm:{address}"
    assert record["is_recomputable"] is False
    assert len(record["matrix_digest"]) == 64
    assert "OpenStreetMap" in record["attribution"]
    assert [leg[1] for leg in record["legs"]] == [a for a, _ in pairwise(["base:U1", "A", "B", "end:U1"])]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("osrm:http://localhost:5000", "osrm:http://localhost:5000"),
        ("valhalla:https://roads.example/v1/", "valhalla:https://roads.example/v1"),
        ("osrm:http://roads.example/routed-{profile}", "osrm:http://roads.example/routed-{profile}"),
    ],
)
def test_servers_are_named_by_engine_and_address(text, name):
    """The address is kept without its last slash."""
    assert parse_travel(text).name == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "google",
        "osrm",
        "osrm:",
        "osrm:localhost:5000",
        "osrm:file:///etc/passwd",
        "valhalla:ftp://host/",
        "osrm:http://",
        "osrm:http://user:secret@host/",
        "osrm:http://host/?key=1",
        "osrm:http://host:99999/",
        "osrm:http://ho st/",
    ],
)
def test_what_is_no_source_of_travel_times_is_refused(text):
    """Anything but great-circle or an http address of a known engine is refused before anything is asked."""
    with pytest.raises(InputError, match="--travel"):
        parse_travel(text)


def test_the_default_needs_no_server():
    """`great-circle` gives the embedded times, and the record says that they can be reckoned again."""
    source = travel_source("great-circle")
    problem, plan = driven(source.matrices(NODES, 2, {"car"}))

    record = source.record(problem, plan)

    assert problem.travel["car"].tolist() == travel_matrices(NODES, 2, {"car"})["car"].tolist()
    assert record == {
        "source": "great-circle",
        "is_recomputable": True,
        "detour": 1.35,
        "seconds_per_stop": 60,
        "speeds_kmh": {"car": 40.2336, "cycle": 15.0, "foot": 4.8},
    }
