"""Journeys that a routing server has answered, kept on disk by server, profile and coordinates.

Rules: one file a source, made anew after 30 days because roads change; a file that cannot be read counts as
absent, and one that cannot be written is done without. Nothing but coordinates and seconds is kept.
"""

import hashlib
import json
import os
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from reassure.geo import Point

KEPT_DAYS = 30
Answers = dict[str, float | None]
"""Seconds, or None for a journey without an answer, by target."""


def cache_folder() -> Path:
    """Where answers are kept: `reassure/travel` in the user's cache folder."""
    home = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(home) if home else Path.home() / ".cache") / "reassure" / "travel"


def written(point: Point) -> str:
    """A position as a key: six decimals, about 0.1 m."""
    return f"{point.lat_deg:.6f},{point.lon_deg:.6f}"


class TravelCache:
    """The answers of one server for one kind of unit."""

    def __init__(self, folder: Path | None, server: str, kind: str) -> None:
        self.folder = folder
        self.server = server
        self.kind = kind

    def read(self, source: Point) -> Answers:
        """What is known of the journeys from here; empty where nothing is."""
        if self.folder is None:
            return {}
        path = self._path(source)
        try:
            if time.time() - path.stat().st_mtime > KEPT_DAYS * 86_400:
                return {}
            answers = json.loads(path.read_bytes())
        except (OSError, ValueError):
            return {}
        if not isinstance(answers, dict):
            return {}
        return {
            key: value
            for key, value in answers.items()
            if value is None or (isinstance(value, int | float) and not isinstance(value, bool) and value >= 0)
        }

    def write(self, source: Point, answers: Mapping[str, float | None]) -> None:
        """Keep these answers."""
        if self.folder is None:
            return
        path = self._path(source)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, beside = tempfile.mkstemp(prefix=".answers.", dir=path.parent)
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                json.dump(dict(sorted(answers.items())), stream)
            os.replace(beside, path)
        except OSError:
            self.folder = None

    def _path(self, source: Point) -> Path:
        key = hashlib.sha256(f"{self.server}|{self.kind}|{written(source)}".encode()).hexdigest()
        return (self.folder or Path()) / key[:2] / f"{key}.json"
