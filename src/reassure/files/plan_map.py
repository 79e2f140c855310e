"""Maps of a plan as SVG: the whole area for the page, and one round for a page section or a card.

Rules: places by what becomes of them (visited, not visited, nobody gathers, contact only), each by its own shape;
rounds by colour, dash and number, so that none depends on colour. Positions are projected on a plane (equirectangular,
true at the middle latitude), north is up. The map of a round holds that unit's places and no other. No map images.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from math import cos, hypot, radians
from typing import Any

from reassure.errors import InputError, Problem
from reassure.files.markup import Markup, number, tag
from reassure.geo import EARTH_RADIUS_M
from reassure.patrols.briefing import Card, Index

N_COLOURS = 8
"""Colours of rounds in the style sheet; the ninth round has the first colour again, with another dash."""

DASHES = ("", "9 4", "3 3", "12 3 3 3")
KINK_PX = 0.7
"""Corners of an outline that are closer to the last one kept are left out."""

PUSHES = 40
"""Rounds of pushing discs apart; in a city centre they may still touch after them."""

Spot = tuple[float, float]
"""Pixels from the left and from the top."""

METRES_PER_DEGREE = radians(1) * EARTH_RADIUS_M
_BAR_METRES = tuple(k * 10**p for p in range(1, 6) for k in (1, 2, 5))


@dataclass(frozen=True, slots=True)
class Plane:
    """Turns degrees into pixels: `x = left + (lon - west) * px`, north up."""

    west_deg: float
    north_deg: float
    px_per_lat_deg: float
    px_per_lon_deg: float
    left: float
    top: float
    width: float
    height: float

    def xy(self, lat_deg: float, lon_deg: float) -> tuple[float, float]:
        """Pixels from the left and from the top."""
        x = self.left + (lon_deg - self.west_deg) * self.px_per_lon_deg
        return round(x, 1), round(self.top + (self.north_deg - lat_deg) * self.px_per_lat_deg, 1)


def plane(points: Sequence[tuple[float, float]], *, width: float, margin: float, heights: tuple[float, float]) -> Plane:
    """
    The plane on which all points (lat_deg, lon_deg) fit, whatever the shape of the area.

    Parameters
    ----------
    heights
        Least and greatest height, px; the map is centred in what is left over.
    """
    points = points or [(54.0, -2.0)]
    south, north = min(p[0] for p in points), max(p[0] for p in points)
    west, east = min(p[1] for p in points), max(p[1] for p in points)
    squeeze = cos(radians((south + north) / 2))
    tall, wide = max(north - south, 0.002), max((east - west) * squeeze, 0.002)
    px = min((width - 2 * margin) / wide, (heights[1] - 2 * margin) / tall)
    height = min(max(tall * px + 2 * margin, heights[0]), heights[1])
    left = (width - (east - west) * squeeze * px) / 2
    top = (height - (north - south) * px) / 2
    return Plane(west, north, px, px * squeeze, left, top, width, height)


def area_map(
    index: Index, cards: Sequence[Card], *, rounds: range | None = None, gaps: Collection[str] | None = None
) -> Markup:
    """
    The map of the plan; rounds are numbered in the order of the units.

    Parameters
    ----------
    rounds
        Which of the cards are drawn, counted from 0; all by default.
    gaps
        References of the places that are drawn although nobody visits them; all by default.
    """
    rings = list(rings_of(index.document["area"].get("outline")))
    places = index.document["places"]
    spots = [(p["lat_deg"], p["lon_deg"]) for p in places] + [b for c in cards for b in (c.base, c.end_base)]
    spots += [(lat, lon) for ring in rings for lat, lon in ring]
    on = plane(spots, width=1000, margin=34, heights=(420, 900))
    visited = {visit.place_ref for card in cards for visit in card.visits}
    drawn_cards = [(n, card) for n, card in enumerate(cards) if rounds is None or n in rounds]
    n_stops = sum(len(card.visits) for _, card in drawn_cards)
    size = 9 if n_stops <= 120 else 7 if n_stops <= 300 else 5.5
    busy = {o["place_ref"] for o in index.document["occasions"] if o["status"] != "cancelled"}
    drawn = [outline_path(rings, on)]
    left = [p for p in places if p["ref"] not in visited and (gaps is None or p["ref"] in gaps)]
    drawn += [_place(p, on, index.name(p["ref"]), p["ref"] in busy) for p in left]
    drawn += [_round(card, n, on) for n, card in drawn_cards if card.visits]
    drawn += [_base(card, on) for _, card in drawn_cards]
    spread = iter(_spread([on.xy(v.lat_deg, v.lon_deg) for _, c in drawn_cards for v in c.visits], 2 * size + 1, on))
    for n, card in drawn_cards:
        drawn.append(_stops(card, n, list(islice(spread, len(card.visits))), on, size, prefix=f"{n + 1}."))
    title = f"Map of {index.document['area']['name']}"
    desc = (
        f"{n_stops:,} visits, joined unit by unit, and {len(left):,} places without one. The same facts stand in the "
        "tables 'Not visited' and 'Visits by unit'."
    )
    return framed(on, "map", title, desc, [*drawn, *furniture(on)])


def round_map(card: Card, *, width: float = 300, height: float = 150) -> Markup:
    """The round of one unit: its bases and its own stops by number, as an SVG that needs no style sheet."""
    spots = [(v.lat_deg, v.lon_deg) for v in card.visits] + [card.base, card.end_base]
    on = plane(spots, width=width, margin=18, heights=(height, height))
    at = _spread([on.xy(v.lat_deg, v.lon_deg) for v in card.visits], 18, on)
    drawn = [_round(card, 0, on), _base(card, on), _stops(card, 0, at, on, 8.5, prefix="")]
    return framed(on, "round", round_words(card), "", [*drawn, *furniture(on)])


def round_words(card: Card) -> str:
    """What the map of a round shows, for those who do not see it."""
    return f"Sketch map of the round of {card.callsign}: base and {len(card.visits)} stops in the order of the list"


def framed(on: Plane, kind: str, title: str, desc: str, drawn: Iterable[Markup]) -> Markup:
    """The SVG of a map as large as its plane, with a title and a description for those who do not see it."""
    return tag(
        "svg",
        tag("title", title),
        tag("desc", desc) if desc else None,
        drawn,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(on.width)} {number(on.height)}",
        class_=kind,
        role="img",
        width=number(on.width),
        height=number(on.height),
    )


def outline_path(rings: Sequence[Sequence[tuple[float, float]]], on: Plane) -> Markup:
    """An area as one path; nothing when there are no rings."""
    parts = []
    for ring in rings:
        kept: list[tuple[float, float]] = []
        for lat, lon in ring:
            x, y = on.xy(lat, lon)
            if not kept or abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= KINK_PX:
                kept.append((x, y))
        parts.append("M" + " ".join(f"{number(x)},{number(y)}" for x, y in kept) + "z")
    return tag("path", d="".join(parts), class_="area", fill_rule="evenodd") if parts else Markup("")


def _place(place: Any, on: Plane, name: str, gathers: bool) -> Markup:
    x, y = on.xy(place["lat_deg"], place["lon_deg"])
    at = f"M{number(x)},{number(y)}"
    if place["presence"] == "none":
        return tag("path", tag("title", f"Contact only: {name}"), d=f"{at}m-4,-4l8,8m0,-8l-8,8", class_="contact")
    if not gathers:
        return tag("circle", tag("title", f"Nobody gathers: {name}"), cx=x, cy=y, r=2.2, class_="idle")
    words = "Must-visit not planned" if place["must"] else "Not visited"
    kind = "missed must" if place["must"] else "missed"
    return tag("path", tag("title", f"{words}: {name}"), d=f"{at}m0,-5.5l5.5,5.5l-5.5,5.5l-5.5,-5.5z", class_=kind)


def _round(card: Card, n: int, on: Plane) -> Markup:
    way = [card.base, *((v.lat_deg, v.lon_deg) for v in card.visits), card.end_base]
    points = " ".join(",".join(map(number, on.xy(*spot))) for spot in way)
    dash = DASHES[n // N_COLOURS % len(DASHES)] or None
    colour = f"way u{n % N_COLOURS}"
    return tag(
        "polyline",
        points=points,
        class_=colour,
        fill="none",
        stroke="#444",
        stroke_width=1.8,
        stroke_linejoin="round",
        stroke_dasharray=dash,
    )


def _base(card: Card, on: Plane) -> Markup:
    ends = [card.base] if card.end_base == card.base else [card.base, card.end_base]
    drawn = []
    for end in ends:
        x, y = on.xy(*end)
        title = tag("title", f"Base of {card.callsign}")
        drawn.append(tag("rect", title, x=x - 4.5, y=y - 4.5, width=9, height=9, class_="base", fill="#000"))
    return Markup("".join(drawn))


def _stops(card: Card, n: int, spots: Sequence[Spot], on: Plane, size: float, *, prefix: str) -> Markup:
    """Discs at `spots`, each joined to its place by a short line where it stands beside it."""
    drawn = []
    for visit, (x, y) in zip(card.visits, spots, strict=True):
        label = f"{prefix}{visit.number}"
        em = size * (1.2 if len(label) < 3 else 0.95 if len(label) == 3 else 0.78)
        dot = tag("circle", cx=x, cy=y, r=float(size), class_=f"stop f{n % N_COLOURS}", fill="#222", stroke="#fff")
        text = tag(
            "text",
            label,
            x=x,
            y=round(y + em * 0.35, 1),
            font_size=round(em, 1),
            text_anchor="middle",
            class_="num",
            fill="#fff",
            font_family="DejaVu Sans Mono",
        )
        px, py = on.xy(visit.lat_deg, visit.lon_deg)
        leader = tag("path", d=f"M{px},{py}L{x},{y}", class_="leader", stroke="#222") if (px, py) != (x, y) else None
        drawn.append(tag("g", tag("title", f"{card.callsign}, visit {visit.number}: {visit.name}"), leader, dot, text))
    return Markup("".join(drawn))


def _spread(spots: Sequence[Spot], least: float, on: Plane) -> list[Spot]:
    """
    Positions of discs at least `least` px apart as far as a few rounds of pushing bring them, inside the drawing.

    The same spots give the same positions; discs that hide nothing stay where they are.
    """
    at = [list(spot) for spot in spots]
    for _ in range(PUSHES):
        order = sorted(range(len(at)), key=lambda k: (at[k], k))
        is_still = True
        for n, a in enumerate(order):
            for b in order[n + 1 :]:
                if at[b][0] - at[a][0] >= least:
                    break
                dx, dy = at[b][0] - at[a][0], at[b][1] - at[a][1]
                far = hypot(dx, dy)
                if far >= least - 0.1:
                    continue
                if far < 0.1:
                    dx, dy, far = 0.3, 0.95, 1.0
                push = (least - min(far, least)) / 2 + 0.1
                for k, sign in ((a, -1), (b, 1)):
                    at[k][0] = min(max(at[k][0] + sign * dx / far * push, least / 2), on.width - least / 2)
                    at[k][1] = min(max(at[k][1] + sign * dy / far * push, least / 2), on.height - least / 2)
                is_still = False
        if is_still:
            break
    return [(round(x, 1), round(y, 1)) for x, y in at]


def furniture(on: Plane) -> list[Markup]:
    """Scale bar and north arrow, in the corners at the bottom left and the top right."""
    px_per_m = on.px_per_lat_deg / METRES_PER_DEGREE
    metres = max((m for m in _BAR_METRES if m * px_per_m <= on.width / 4), default=_BAR_METRES[0])
    words = f"{metres // 1000} km" if metres >= 1000 else f"{metres} m"
    x, y, long = 8.0, on.height - 8, metres * px_per_m
    bar = tag("path", d=f"M{x},{y - 4}v4h{number(long)}v-4", class_="bar", fill="none", stroke="#000")
    label = _small(words, x + 4, y - 4)
    right = on.width - 12
    arrow = tag("path", d=f"M{right},6l5,14l-5,-3l-5,3z", class_="north", fill="#000")
    return [bar, label, arrow, _small("N", right - 3, 31)]


def _small(words: str, x: float, y: float) -> Markup:
    return tag("text", words, x=x, y=y, class_="small", font_size=10, font_family="DejaVu Sans Mono", fill="#000")


def rings_of(outline: Any) -> Iterable[list[tuple[float, float]]]:
    """Rings of (lat_deg, lon_deg) of the coordinates of a GeoJSON MultiPolygon; `InputError` when they are none."""
    try:
        for polygon in outline or []:
            for ring in polygon:
                yield [(float(lat), float(lon)) for lon, lat, *_ in ring]
    except (TypeError, ValueError):
        problem = Problem("area.outline", str(outline), "the coordinates of a GeoJSON MultiPolygon")
        raise InputError([problem]) from None
