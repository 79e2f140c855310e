"""Asking a routing server for the seconds of one block of journeys: OSRM `/table`, Valhalla `/sources_to_targets`.

Rules: what is asked and what counts as an answer. Blocks keep inside the servers' usual limits; an answer is
checked before it is believed; a server that fails is asked three times and then said to fail, in one line.
"""

import json
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from reassure.errors import InputError, Problem
from reassure.geo import Point

BLOCK_NODES = 50
"""Sources and targets of one request: 2,500 pairs and 100 coordinates, the limits both servers come with."""

MAX_ANSWER_BYTES = 16 * 2**20
MAX_SECONDS = 7 * 86_400
N_TRIES = 3
OSRM_PROFILES = {"car": "driving", "cycle": "cycling", "foot": "walking"}
VALHALLA_COSTINGS = {"car": "auto", "cycle": "bicycle", "foot": "pedestrian"}

Seconds = list[list[float | None]]


class ServerError(InputError):
    """The server cannot be used; one line says why."""

    def __init__(self, url: str, why: str) -> None:
        super().__init__([Problem("--travel", url, "a routing server that answers", says=f"{url}: {why}")])


class TooFarError(Exception):
    """The server refuses this block, though it is well: a distance beyond its limit, or no road near a point."""


@dataclass(frozen=True, slots=True)
class Server:
    """
    A routing server.

    Parameters
    ----------
    engine
        `osrm` or `valhalla`.
    url
        Without a slash at the end; `{profile}` in the address of an OSRM server stands for driving, cycling or
        walking, because one OSRM server knows one kind of traffic only.
    """

    engine: str
    url: str
    timeout_s: float = 20.0
    pause_s: float = 0.5

    @property
    def name(self) -> str:
        """As the command line takes it."""
        return f"{self.engine}:{self.url}"

    def knows(self, kind: str) -> bool:
        """Whether the server can answer for this kind of unit."""
        return self.engine == "valhalla" or kind == "car" or "{profile}" in self.url

    def block(self, kind: str, sources: Sequence[Point], targets: Sequence[Point]) -> Seconds:
        """
        Seconds from each source to each target, None where the server has no answer.

        Raises
        ------
        ServerError
            It does not answer, or with something that is no table.
        TooFarError
            It refuses the block as a whole.
        """
        request = (
            self._osrm(kind, sources, targets) if self.engine == "osrm" else self._valhalla(kind, sources, targets)
        )
        answer = self._ask(request)
        rows = answer.get("durations") if self.engine == "osrm" else answer.get("sources_to_targets")
        if self.engine == "valhalla" and isinstance(rows, list):
            rows = [[c.get("time") if isinstance(c, dict) else c for c in row] for row in rows if isinstance(row, list)]
        return self._checked(rows, len(sources), len(targets))

    def _osrm(self, kind: str, sources: Sequence[Point], targets: Sequence[Point]) -> Request:
        profile = OSRM_PROFILES[kind]
        points = list(dict.fromkeys([*sources, *targets]))
        at = {point: str(i) for i, point in enumerate(points)}
        where = ";".join(f"{p.lon_deg:.6f},{p.lat_deg:.6f}" for p in points)
        starts, ends = (";".join(at[p] for p in some) for some in (sources, targets))
        base = self.url.replace("{profile}", profile)
        query = f"?sources={starts}&destinations={ends}&annotations=duration"
        return Request(f"{base}/table/v1/{profile}/{where}{query}")  # noqa: S310 - `parse_travel` allows http and https only

    def _valhalla(self, kind: str, sources: Sequence[Point], targets: Sequence[Point]) -> Request:
        body = {
            "sources": [_lat_lon(p) for p in sources],
            "targets": [_lat_lon(p) for p in targets],
            "costing": VALHALLA_COSTINGS[kind],
        }
        data = json.dumps(body).encode("utf-8")
        headers = {"Content-Type": "application/json"}
        return Request(f"{self.url}/sources_to_targets", data=data, headers=headers)  # noqa: S310 - as above

    def _ask(self, request: Request) -> dict[str, Any]:
        """The answer as JSON; asked again after a pause when the server is busy, silent or broken."""
        why = ""
        for attempt in range(N_TRIES):
            if attempt:
                time.sleep(self.pause_s * 2 ** (attempt - 1))
            try:
                with urlopen(request, timeout=self.timeout_s) as reply:  # noqa: S310 - as above
                    data = reply.read(MAX_ANSWER_BYTES + 1)
                return self._json(data)
            except HTTPError as error:
                with error:
                    if error.code == 400:
                        raise TooFarError from None
                    why = f"answered with HTTP status {error.code}"
                if error.code < 500 and error.code != 429:
                    break
            except TimeoutError:
                why = f"gave no answer within {self.timeout_s:g} s"
            except URLError as error:
                is_slow = isinstance(error.reason, TimeoutError)
                why = (
                    f"gave no answer within {self.timeout_s:g} s" if is_slow else f"cannot be reached ({error.reason})"
                )
            except (OSError, HTTPException) as error:
                why = f"broke off ({type(error).__name__})"
        raise ServerError(self.url, why)

    def _json(self, data: bytes) -> dict[str, Any]:
        if len(data) > MAX_ANSWER_BYTES:
            raise ServerError(self.url, f"sent more than {MAX_ANSWER_BYTES:,} bytes for one table")
        try:
            answer = json.loads(data)
        except (ValueError, RecursionError):
            raise ServerError(self.url, "answered with something that is not JSON") from None
        if not isinstance(answer, dict):
            raise ServerError(self.url, "answered with JSON that is not an object")
        return answer

    def _checked(self, rows: object, n_sources: int, n_targets: int) -> Seconds:
        if not (
            isinstance(rows, list)
            and len(rows) == n_sources
            and all(isinstance(row, list) and len(row) == n_targets for row in rows)
        ):
            raise ServerError(self.url, f"did not answer with a table of {n_sources} by {n_targets} journeys")
        for row in rows:
            for value in row:
                if value is not None and not _is_seconds(value):
                    raise ServerError(self.url, f"gave {value!r:.40} as the seconds of a journey")
        return rows


def _is_seconds(value: object) -> bool:
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and math.isfinite(value)
        and 0 <= value <= MAX_SECONDS
    )


def _lat_lon(point: Point) -> dict[str, float]:
    return {"lat": round(point.lat_deg, 6), "lon": round(point.lon_deg, 6)}
