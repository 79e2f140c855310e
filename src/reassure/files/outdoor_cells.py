"""Cells of a timetable that speak of an occasion in the street: where it goes, and what it takes the place of.

Rules: a route is `lat lon; lat lon`, two points or more, first point first; `replaces` names kinds of occasion.
Elsewhere: how far a route may lie from its place (`occasions.evaluators`).
"""

from reassure.errors import Problem
from reassure.geo import Point
from reassure.occasions.keys import KEYS
from reassure.places.place import point_problems

MAX_POINTS = 200
EXPECTED = "two points or more as lat lon; lat lon, such as 52.4862 -1.8904; 52.48 -1.9"


def route_of(text: str, found: list[Problem]) -> tuple[Point, ...]:
    """The points of a cell, first point first; empty with a problem in `found` where it cannot be read."""
    if not text:
        return ()
    points = []
    for part in filter(None, (part.strip() for part in text.split(";"))):
        try:
            lat, lon = (float(number) for number in part.replace(",", " ").split())
        except ValueError:
            found.append(Problem("route", part, EXPECTED))
            return ()
        if problems := point_problems(lat, lon):
            found += [Problem("route", part, problem.expected) for problem in problems]
            return ()
        points.append(Point(lat, lon))
    if not 2 <= len(points) <= MAX_POINTS:
        found.append(Problem("route", text, EXPECTED))
        return ()
    return tuple(points)


def replaces_of(text: str, found: list[Problem]) -> tuple[str, ...]:
    """The kinds of occasion that a cell names."""
    codes = tuple(code for code in text.replace(",", ";").replace(" ", ";").split(";") if code)
    found += [Problem("replaces", code, "one of " + ", ".join(KEYS)) for code in codes if code not in KEYS]
    return codes
