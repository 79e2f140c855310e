"""Build the front-end folder of the web shell from the npm packages that `package-lock.json` pins.

    .venv/bin/python scripts/build_assets.py

Installs the packages (`npm ci`: exact versions, hashes checked, no install scripts), compiles the style sheet, copies
the listed files to `pages/static/vendor` and cuts the outline of the United Kingdom out of Natural Earth's map.
A stamp of the lock file and the sources makes a second run free. Nothing of the folder is ever committed.
"""

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
PAGES = ROOT / "src/reassure_web/pages"
VENDOR = PAGES / "static/vendor"
STAMP = VENDOR / ".stamp"

Atlas = dict[str, Any]
"""TopoJSON or GeoJSON as read."""

COPIED = {
    "govuk-frontend/dist/govuk/govuk-frontend.min.js": "govuk-frontend.js",
    "maplibre-gl/dist/maplibre-gl.mjs": "maplibre-gl.mjs",
    "maplibre-gl/dist/maplibre-gl-worker.mjs": "maplibre-gl-worker.mjs",
    "maplibre-gl/dist/maplibre-gl.css": "maplibre-gl.css",
}
"""Files of the packages and what they are called in the built folder."""

LICENSED = ("govuk-frontend", "@ministryofjustice/frontend", "maplibre-gl", "world-atlas")
ATLAS = "world-atlas/countries-50m.json"
UNITED_KINGDOM = "826"
"""ISO 3166-1 numeric code, which is the country's id in world-atlas."""


def main() -> int:
    """Build the folder unless it is as new as its sources; 1 when npm is not there or fails."""
    stamp = _stamp()
    if STAMP.is_file() and STAMP.read_text("ascii") == stamp:
        return 0
    npm = shutil.which("npm")
    if npm is None:
        sys.stderr.write("npm is not installed: the web shell gets no style sheet and no scripts.\n")
        return 1
    _install(npm)
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    _run(
        str(MODULES / ".bin/sass"),
        f"--load-path={MODULES}",
        f"--load-path={MODULES / '@ministryofjustice/frontend'}",
        f"--load-path={ROOT}",
        "--style=compressed",
        "--no-source-map",
        "--quiet-deps",
        str(PAGES / "styles/reassure.scss"),
        str(VENDOR / "reassure.css"),
    )
    for source, name in COPIED.items():
        _copy(MODULES / source, VENDOR / name)
    for package in LICENSED:
        for text in sorted((MODULES / package).glob("LICENSE*")):
            _copy(text, VENDOR / "licences" / f"{package.replace('/', '-').lstrip('@')}.txt")
    outline = united_kingdom(json.loads((MODULES / ATLAS).read_text("utf-8")))
    (VENDOR / "outline.json").write_text(json.dumps(outline, separators=(",", ":")), "utf-8")
    STAMP.write_text(stamp, "ascii")
    sys.stdout.write(f"Front-end files built: {sum(1 for p in VENDOR.rglob('*') if p.is_file())} files.\n")
    return 0


def _install(npm: str) -> None:
    """The packages, unless those of this lock file are there already."""
    lock = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    installed = MODULES / ".lock-digest"
    if not installed.is_file() or installed.read_text("ascii") != lock:
        _run(npm, "ci", "--no-audit", "--no-fund", "--loglevel=error")
        installed.write_text(lock, "ascii")


def united_kingdom(atlas: Atlas) -> Atlas:
    """The United Kingdom of a TopoJSON atlas as a GeoJSON feature, degrees with three decimals."""
    countries = atlas["objects"]["countries"]["geometries"]
    country = next(c for c in countries if c.get("id") == UNITED_KINGDOM)
    polygons = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
    coordinates = [[list(_ring(atlas, arcs)) for arcs in polygon] for polygon in polygons]
    return {
        "type": "Feature",
        "properties": {"name": "United Kingdom", "source": "Natural Earth, public domain"},
        "geometry": {"type": "MultiPolygon", "coordinates": coordinates},
    }


def _ring(atlas: Atlas, arcs: list[int]) -> Iterator[list[float]]:
    """One ring: its arcs one after another, a negative number meaning the arc of its complement backwards."""
    scale, shift = atlas["transform"]["scale"], atlas["transform"]["translate"]
    for n, arc in enumerate(arcs):
        points = []
        x = y = 0
        for dx, dy in atlas["arcs"][arc if arc >= 0 else ~arc]:
            x, y = x + dx, y + dy
            points.append([round(x * scale[0] + shift[0], 3), round(y * scale[1] + shift[1], 3)])
        if arc < 0:
            points.reverse()
        yield from points[1:] if n else points


def _stamp() -> str:
    """A digest of everything that the folder is built from."""
    sources = [ROOT / "package-lock.json", Path(__file__), *sorted((PAGES / "styles").glob("*.scss"))]
    digest = hashlib.sha256()
    for source in sources:
        digest.update(source.name.encode() + source.read_bytes())
    return digest.hexdigest()


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _run(*command: str) -> None:
    subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603 - fixed commands on our own files


if __name__ == "__main__":
    raise SystemExit(main())
