"""Where travel times come from: the great circle, or a routing server given by its address.

Rules: journeys of a server are rounded up to whole seconds and get the 60 seconds of each leg into a place; a
pair without an answer takes the great circle and is flagged. When the server fails the plan goes on only
where the caller allowed it, and says so. Elsewhere: one request (`travel_server`), the cache (`travel_cache`).
"""

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import pairwise
from math import ceil
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from reassure.engines.travel_cache import TravelCache, cache_folder, written
from reassure.engines.travel_server import BLOCK_NODES, Server, ServerError, TooFarError
from reassure.errors import InputError, Problem
from reassure.geo import Point
from reassure.patrols.problem import PatrolProblem, Plan, TravelMatrix
from reassure.patrols.travel import DETOUR, SPEED_M_PER_HOUR, STOP_S, travel_matrices
from reassure.provenance import OSM_ATTRIBUTION

NO_ANSWER = "no answer from the routing server; great circle taken"
MAX_SPLITS = 200
"""Blocks that a server may refuse in one plan before it counts as failing."""


class GreatCircle:
    """Travel times by great circle; `matrices` and `record` as every source of travel times has them."""

    def matrices(self, nodes: Sequence[Point], n_sites: int, kinds: Collection[str]) -> Mapping[str, TravelMatrix]:
        """Seconds from node to node, one matrix a kind of unit."""
        return travel_matrices(nodes, n_sites, kinds)

    def record(self, problem: PatrolProblem, plan: Plan) -> Mapping[str, Any]:  # noqa: ARG002 - as a server's
        """The `inputs.travel` object of the plan document."""
        return {"source": "great-circle", "is_recomputable": True, **_default_terms()}


class ServerTravel:
    """
    Travel times from a routing server.

    Parameters
    ----------
    cache
        Folder of answers, or None to ask for everything anew.
    is_fallback_allowed
        Whether a plan goes on with great-circle times when the server fails.
    note
        Told in one line what a user should know.
    """

    def __init__(
        self,
        server: Server,
        *,
        cache: Path | None = None,
        is_fallback_allowed: bool = False,
        note: Callable[[str], None] | None = None,
    ) -> None:
        self.server = server
        self.cache = cache
        self.is_fallback_allowed = is_fallback_allowed
        self.note = note or (lambda _line: None)
        self.has_failed = False
        self.unanswered: dict[str, NDArray[np.bool_]] = {}
        self.digest = ""
        self._n_splits = 0

    def matrices(self, nodes: Sequence[Point], n_sites: int, kinds: Collection[str]) -> Mapping[str, TravelMatrix]:
        """
        Seconds from node to node, one matrix a kind of unit; `unanswered` holds the pairs that took the default.

        Raises
        ------
        ServerError
            The server fails and `is_fallback_allowed` is not set; its text is one line.
        """
        default = travel_matrices(nodes, n_sites, kinds)
        self.unanswered = {}
        self.has_failed = False
        self._n_splits = 0
        try:
            found = {kind: self._matrix(default[kind], nodes, n_sites, kind) for kind in sorted(set(kinds))}
        except ServerError as error:
            if not self.is_fallback_allowed:
                raise
            self.note(f"{error} Great-circle times are taken instead.")
            self.has_failed = True
            return default
        sha = hashlib.sha256()
        for kind, matrix in found.items():
            sha.update(kind.encode() + matrix.astype("<i4").tobytes())
        self.digest = sha.hexdigest()
        return found

    def record(self, problem: PatrolProblem, plan: Plan) -> Mapping[str, Any]:
        """The `inputs.travel` object of the plan document: every leg that the plan uses, flagged or not."""
        if self.has_failed:
            return GreatCircle().record(problem, plan)
        legs: dict[tuple[str, str, str], list[object]] = {}
        for route in plan.routes:
            shift = problem.shifts[route.shift]
            sites = [problem.options[stop.option].site for stop in route.stops]
            nodes = [shift.start_node, *sites, shift.end_node]
            ref = shift.unit_ref
            names = [f"base:{ref}", *(problem.site_refs[s] for s in sites), f"end:{ref}"]
            for (a, name_a), (b, name_b) in pairwise(zip(nodes, names, strict=True)):
                flag = NO_ANSWER if self.unanswered[shift.kind][a, b] else ""
                seconds = int(problem.travel[shift.kind][a, b])
                legs.setdefault((shift.kind, name_a, name_b), [shift.kind, name_a, name_b, seconds, flag])
        return {
            "source": self.server.name,
            "is_recomputable": False,
            **_default_terms(),
            "matrix_digest": self.digest,
            "attribution": OSM_ATTRIBUTION,
            "legs": list(legs.values()),
        }

    def _matrix(self, default: TravelMatrix, nodes: Sequence[Point], n_sites: int, kind: str) -> TravelMatrix:
        matrix = default.copy()
        points = list(dict.fromkeys(nodes))
        missing = np.ones(matrix.shape, dtype=bool)
        if self.server.knows(kind):
            answers = self._answers(points, kind)
            for i, a in enumerate(nodes):
                row = answers[written(a)]
                for j, b in enumerate(nodes):
                    seconds = row.get(written(b))
                    if seconds is not None:
                        matrix[i, j] = ceil(seconds) + (STOP_S if j < n_sites else 0)
                        missing[i, j] = False
        else:
            self.note(f"{self.server.url} is not asked about units by {kind}; great-circle times are taken for them.")
        same = np.array([[a == b for b in nodes] for a in nodes])
        matrix[same] = default[same]
        missing[same] = False
        self.unanswered[kind] = missing
        n_missing = int(missing.sum())
        if n_missing and self.server.knows(kind):
            self.note(
                f"{n_missing:,} of {missing.size:,} journeys by {kind} had no answer; great-circle times are taken."
            )
        return matrix

    def _answers(self, points: Sequence[Point], kind: str) -> dict[str, dict[str, float | None]]:
        """Seconds by source and target, from the cache where they are known and else from the server."""
        cache = TravelCache(self.cache, self.server.name, kind)
        known = {written(p): cache.read(p) for p in points}
        for i in range(0, len(points), BLOCK_NODES):
            sources = points[i : i + BLOCK_NODES]
            is_new = False
            for j in range(0, len(points), BLOCK_NODES):
                targets = points[j : j + BLOCK_NODES]
                lacking = [p for p in sources if any(written(q) not in known[written(p)] for q in targets)]
                if lacking:
                    is_new = True
                    self._ask(kind, lacking, targets, known)
            if is_new:
                for p in sources:
                    cache.write(p, known[written(p)])
        return known

    def _ask(
        self,
        kind: str,
        sources: Sequence[Point],
        targets: Sequence[Point],
        known: dict[str, dict[str, float | None]],
    ) -> None:
        """Ask for one block; one that is refused as a whole is halved, down to the pair that is at fault."""
        try:
            rows = self.server.block(kind, sources, targets)
        except TooFarError:
            self._n_splits += 1
            if self._n_splits > MAX_SPLITS:
                raise ServerError(self.server.url, f"refused more than {MAX_SPLITS} requests") from None
            if len(sources) == len(targets) == 1:
                known[written(sources[0])][written(targets[0])] = None
            elif len(sources) >= len(targets):
                half = len(sources) // 2
                self._ask(kind, sources[:half], targets, known)
                self._ask(kind, sources[half:], targets, known)
            else:
                half = len(targets) // 2
                self._ask(kind, sources, targets[:half], known)
                self._ask(kind, sources, targets[half:], known)
            return
        for p, row in zip(sources, rows, strict=True):
            known[written(p)].update({written(q): value for q, value in zip(targets, row, strict=True)})


def parse_travel(text: str) -> Server | None:
    """
    What `--travel` says: None for `great-circle`, else the server.

    Examples
    --------
    >>> parse_travel("osrm:http://localhost:5000/").name
    'osrm:http://localhost:5000'
    >>> parse_travel("great-circle") is None
    True
    """
    if text.strip() == "great-circle":
        return None
    engine, _, url = text.strip().partition(":")
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_address = False
    if engine not in {"osrm", "valhalla"} or not is_address or any(c.isspace() for c in url):
        raise InputError([Problem("--travel", text, "great-circle, osrm:http://HOST or valhalla:http://HOST")])
    if parts.username or parts.password or parts.query or parts.fragment:
        raise InputError([Problem("--travel", text, "an address without name, password, ? or #")])
    return Server(engine, url.rstrip("/"))


def travel_source(
    text: str, *, fallback: bool = False, note: Callable[[str], None] | None = None
) -> GreatCircle | ServerTravel:
    """The source of travel times that `--travel` names; answers of servers are kept in the user's cache folder."""
    server = parse_travel(text)
    if server is None:
        return GreatCircle()
    if note is not None:
        note(f"Journey times by {server.url}; road data {OSM_ATTRIBUTION}.")
    return ServerTravel(server, cache=cache_folder(), is_fallback_allowed=fallback, note=note)


def _default_terms() -> dict[str, Any]:
    return {
        "detour": DETOUR,
        "seconds_per_stop": STOP_S,
        "speeds_kmh": {kind: round(metres / 1000, 6) for kind, metres in sorted(SPEED_M_PER_HOUR.items())},
    }
