"""Generated plan documents for the tests of what comes out: whole, valid, and full of awkward names.

Nothing here is a real place, street or person. The plans are made by a short greedy walk, so that every time
in them adds up (travel by great circle at a fixed speed); whether they are good plans is no question here.
"""

import json
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import resources
from random import Random
from typing import Any

from jsonschema import Draft202012Validator

from reassure.files.plan_json import signed
from reassure.geo import Point, great_circle_m

DAY = "2026-11-27"
OPENS = datetime(2026, 11, 27, 9, tzinfo=UTC)
FAITHS = ("muslim", "christian", "sikh", "hindu", "jewish", "buddhist", "other")
KEYS = {"muslim": "jumuah", "jewish": "shabbat_eve", "sikh": "evening_service"}
STARTS = {"muslim": (13, 15), "jewish": (15, 40), "sikh": (18, 0)}

AWKWARD_NAMES = (
    "<script>alert('x')</script> Chapel",
    'St Brannoc\'s & "All Sorts" <b>Church</b>',
    '=HYPERLINK("https://example.org","Chapel")',
    "#set text(fill: red) $x^2$ *Hall* _under_ \\ @ref <label> `raw` // note /* open",
    "مسجد النور التجريبي",
    "בית כנסת לדוגמה",
    "ਗੁਰਦੁਆਰਾ ਸਾਹਿਬ (Generated Gurdwara)",
    "श्री उदाहरण मंदिर",
    "示範佛寺",
    "Храм Образцовый",
    "Evil\u202eelpmaxe Hall\u202c",
    "Very Long Generated Congregation of the Upper and Lower Meadow Lane Reunited Gathering Rooms, Community "
    "Centre, Library, Day Nursery and Lunch Club (formerly the Old Tramway Depot Institute)",
    "Wales: Capel Ŵyth a Thŷ Gwŷdd",
    "]]> -- }}{{ %s {0} ${name} ; , \\n BEGIN:VEVENT",
    "🙏 Generated Hall of Peace",
    "ไทย বাংলা தமிழ் አማርኛ",
)
STREETS = ("Alder", "Bobbin", "Cinder", "Dovetail", "Ember", "Fathom", "Gosling", "Hopper", "Inkwell", "Jessamy")
KINDS = ("car", "car", "car", "cycle", "foot")
SPEED_M_S = {"car": 11.0, "cycle": 4.2, "foot": 1.3}


def stamp(at: datetime) -> str:
    """An instant as the document writes it."""
    return at.astimezone(UTC).isoformat()


@cache
def at_time(text: str) -> datetime:
    """The instant of a text of the document."""
    return datetime.fromisoformat(text)


@cache
def _validator() -> Draft202012Validator:
    text = resources.files("reassure.files").joinpath("plan.schema.json").read_text("utf-8")
    return Draft202012Validator(json.loads(text))


def faults(document: dict[str, Any]) -> list[str]:
    """What the schema says against a document."""
    return [error.message for error in _validator().iter_errors(document)]


def made_plan(*, n_places: int = 120, n_units: int = 14, seed: int = 7) -> dict[str, Any]:
    """A signed plan of a generated area: visits, breaks, every reason, a declaration, a fairness report."""
    random = Random(seed)
    places = [_place(i, random) for i in range(n_places)]
    occasions = [_occasion(p, i) for i, p in enumerate(places) if i % 9 != 4]
    by_place = {o["place_ref"]: o for o in occasions}
    needs = [_need(i, p, by_place.get(p["ref"])) for i, p in enumerate(places)]
    units = [_unit(i, random) for i in range(n_units)]
    options = [_option(o, n["points"]) for n in needs if n["gate"] == "open" for o in [by_place[n["place_ref"]]]]
    routes = _routes(units, options, {p["ref"]: p for p in places})
    visited = {stop["place_ref"] for route in routes for stop in route["stops"]}
    unvisited = [_unvisited(i, p, n) for i, (p, n) in enumerate(zip(places, needs, strict=True))]
    document = _frame(places, occasions, needs, units, options, routes)
    document["unvisited"] = [row for row in unvisited if row["place_ref"] not in visited]
    document["totals"] = _totals(document)
    document["shortfall"] = None
    unmet = [p for p in places if p["must"] and p["ref"] not in visited]
    if unmet:
        for place in unmet:
            place["must"], place["must_reason"] = False, ""
        for row in document["unvisited"]:
            row["is_must"] = False
        document["totals"] = _totals(document)
    return signed(document)


def plan_without_visits() -> dict[str, Any]:
    """A signed plan of a day on which nobody gathers and no unit goes out."""
    document = made_plan(n_places=5, n_units=2)
    for need in document["needs"]:
        need.update(
            occasion_ref="",
            gate="closed",
            points=0,
            parts=dict.fromkeys(need["parts"], 0),
            explanation="0 = no occasion in the window, no incident within 7 days, no request",
            officer_lines=[],
        )
    document.update(occasions=[], options=[], unvisited=[_unvisited(4, p, None) for p in document["places"]])
    for place in document["places"]:
        place.update(must=False, must_reason="", presence="welcome")
    for route, unit in zip(document["routes"], document["units"], strict=True):
        route.update(stops=[], breaks=[], leave=unit["starts_at"], back={"arrive": unit["starts_at"], "travel_s": 0})
    document.update(certificate=None, fairness=None, totals=_totals(document))
    document["inputs"].update(declarations=[], n_occasions=0)
    return signed(document)


def plan_with_shortfall() -> dict[str, Any]:
    """A signed plan in which some must-visits could not be planned, of an exercise."""
    document = made_plan(n_places=60, n_units=4, seed=11)
    unmet = [row for row in document["unvisited"] if row["reason"] == "outweighed"][:3]
    by_ref = {p["ref"]: p for p in document["places"]}
    for row in unmet:
        row["is_must"] = True
        by_ref[row["place_ref"]].update(must=True, must_reason="named faith and 100 or more expected")
    document["totals"] = _totals(document)
    totals = document["totals"]
    document["shortfall"] = {
        "n_must": totals["n_must"],
        "n_served": totals["n_must_served"],
        "fits_at_most": totals["n_must_served"] + 1,
        "missing_unit_min": 42,
        "unmet": [row["place_ref"] for row in unmet],
        "text": f"{len(unmet)} visits short; one more unit, or one unit 42 min longer.",
    }
    document["marking"] = "EXERCISE EXERCISE EXERCISE OFFICIAL-SENSITIVE"
    document["inputs"]["declarations"][0]["status"] = "exercise"
    document["inputs"]["allow_shortfall"] = True
    return signed(document)


def _place(i: int, random: Random) -> dict[str, Any]:
    faith = FAITHS[i % len(FAITHS)] if i % 3 else "muslim"
    name = AWKWARD_NAMES[i] if i < len(AWKWARD_NAMES) else f"Generated Place {i} on {STREETS[i % 10]} Lane"
    return {
        "ref": f"gen:{i:04}",
        "name": name,
        "faiths": [faith],
        "lat_deg": round(52.50 + random.gauss(0, 0.05), 6),
        "lon_deg": round(-1.95 + random.gauss(0, 0.09), 6),
        "precision_m": 10.0,
        "address": f"{i + 1} {STREETS[i % 10]} Lane" if i % 5 else "",
        "postcode": f"ZZ{i % 90 + 1} {i % 9}AA" if i % 2 else "",
        "nearest_postcode": f"ZZ{i % 90 + 1} {i % 9}AB",
        "presence": "none" if i % 40 == 21 else "outside_only" if i % 7 == 2 else "welcome",
        "must": i % 12 == 0,
        "must_reason": "named faith and 100 or more expected" if i % 12 == 0 else "",
        "barred": i % 60 == 33,
    }


def _occasion(place: dict[str, Any], i: int) -> dict[str, Any]:
    faith = place["faiths"][0]
    key = KEYS.get(faith, "weekday_service")
    hour, minute = STARTS.get(faith, (10 + i % 6, 30))
    starts = datetime(2026, 11, 27, hour, minute, tzinfo=UTC)
    ends = starts + timedelta(minutes=45)
    before, after = timedelta(minutes=30), timedelta(minutes=25)
    return {
        "ref": f"{place['ref']}:{key}:{DAY}:1",
        "place_ref": place["ref"],
        "key": key,
        "on": DAY,
        "confidence": "ABCD"[i % 4],
        "status": "forecast",
        "notes": [],
        "sittings": [
            {
                "arrive_from": stamp(starts - before),
                "starts_at": stamp(starts),
                "ends_at": stamp(ends),
                "gone_by": stamp(ends + after),
                "earliest": stamp(starts),
                "latest": stamp(starts),
            }
        ],
    }


def _need(i: int, place: dict[str, Any], occasion: dict[str, Any] | None) -> dict[str, Any]:
    gate = "opted_out" if place["presence"] == "none" else "open" if occasion else "closed"
    named = place["faiths"] == ["muslim"]
    parts = dict.fromkeys(("attendance", "incidents", "declared", "gap", "recency", "request"), 0)
    if gate == "open":
        parts.update(attendance=(10, 15, 18, 21, 23, 26, 28)[i % 7], declared=20 if named else 6)
        parts.update(gap=i % 11, recency=i % 10, incidents=12 if i % 17 == 3 else 0, request=10 if i % 19 == 5 else 0)
    points = sum(parts.values())
    words = " + ".join(f"{v} {k}" for k, v in parts.items() if v)
    explanations = {
        "open": f"{points} = {words}",
        "closed": "0 = no occasion in the window, no incident within 7 days, no request",
        "opted_out": "no visit: this place asked for contact only",
    }
    lines = [
        "Mosques are named in declaration D-7." if named else "Places of all faiths are included in declaration D-7."
    ]
    lines.append(f"People gather here at {occasion['sittings'][0]['starts_at'][11:16]}." if occasion else "")
    return {
        "place_ref": place["ref"],
        "occasion_ref": occasion["ref"] if occasion else "",
        "gate": gate,
        "points": points,
        "parts": parts,
        "n_expected": 75 + i,
        "is_estimated": i % 2 == 0,
        "declaration_match": ("named" if named else "all_faiths") if occasion else "none",
        "explanation": explanations[gate],
        "officer_lines": lines if gate == "open" else [],
    }


def _unit(i: int, random: Random) -> dict[str, Any]:
    base = [round(52.50 + random.gauss(0, 0.03), 6), round(-1.95 + random.gauss(0, 0.05), 6)]
    starts = OPENS + timedelta(hours=i % 5)
    rest = {"earliest_start": stamp(starts + timedelta(hours=3)), "latest_start": stamp(starts + timedelta(hours=5))}
    return {
        "ref": f"U{i + 1:02}",
        "callsign": "Car <7> & Crew" if i == 6 else f"{KINDS[i % 5].title()} Zulu {i + 1}",
        "kind": KINDS[i % 5],
        "n_officers": 2,
        "base": base,
        "end_base": base if i % 4 else [round(base[0] + 0.01, 6), base[1]],
        "starts_at": stamp(starts),
        "ends_at": stamp(starts + timedelta(hours=8)),
        "breaks": [{**rest, "minutes": 30}],
        "skills": ["arabic"] if i == 2 else [],
    }


def _option(occasion: dict[str, Any], points: int) -> dict[str, Any]:
    sitting = occasion["sittings"][0]
    return {
        "ref": f"{occasion['ref']}#arrival-1",
        "place_ref": occasion["place_ref"],
        "occasion_ref": occasion["ref"],
        "kind": "arrival",
        "earliest_start": stamp(datetime.fromisoformat(sitting["arrive_from"]) - timedelta(minutes=30)),
        "latest_start": sitting["starts_at"],
        "dwell_min": 12,
        "prize": points * 100,
        "skill": "",
        "is_second": False,
    }


def _routes(
    units: list[dict[str, Any]], options: list[dict[str, Any]], places: dict[str, dict[str, Any]]
) -> list[dict[str, Any]]:
    """Each unit in turn takes whatever it can still reach in time, must-visits first; the last one stays in."""
    free = {o["ref"]: o for o in options if not places[o["place_ref"]]["barred"]}
    routes = []
    for number, unit in enumerate(units):
        at, now = unit["base"], datetime.fromisoformat(unit["starts_at"])
        ends = datetime.fromisoformat(unit["ends_at"]) - timedelta(minutes=50)
        stops: list[dict[str, Any]] = []
        breaks: list[dict[str, Any]] = []
        rest_from = datetime.fromisoformat(unit["breaks"][0]["earliest_start"])
        while number < len(units) - 1 and len(stops) < 9:
            if stops and not breaks and now >= rest_from:
                until = now + timedelta(minutes=30)
                breaks.append({"break": 0, "after_stop": len(stops) - 1, "start": stamp(now), "end": stamp(until)})
                now = until
            found = _next(free, places, unit["kind"], at, now, ends)
            if found is None:
                break
            option, travel_s, start = found
            del free[option["ref"]]
            place, arrive = places[option["place_ref"]], now + timedelta(seconds=travel_s)
            end = start + timedelta(minutes=12)
            stops.append(
                {
                    "place_ref": place["ref"],
                    "option": option["ref"],
                    "arrive": stamp(arrive),
                    "start": stamp(start),
                    "end": stamp(end),
                    "travel_s": travel_s,
                    "wait_s": int((start - arrive).total_seconds()),
                }
            )
            at, now = [place["lat_deg"], place["lon_deg"]], end
        back_s = _travel_s(unit["kind"], at, unit["end_base"])
        routes.append(
            {
                "unit_ref": unit["ref"],
                "leave": unit["starts_at"],
                "stops": stops,
                "breaks": breaks,
                "back": {"arrive": stamp(now + timedelta(seconds=back_s)), "travel_s": back_s},
            }
        )
    return routes


def _next(
    free: dict[str, Any], places: dict[str, Any], kind: str, at: list[float], now: datetime, ends: datetime
) -> tuple[dict[str, Any], int, datetime] | None:
    best = None
    for option in free.values():
        place = places[option["place_ref"]]
        earliest = at_time(option["earliest_start"])
        if best is not None and (not place["must"], max(now, earliest)) > best[0][:2]:
            continue
        travel_s = _travel_s(kind, at, [place["lat_deg"], place["lon_deg"]])
        start = max(now + timedelta(seconds=travel_s), earliest)
        if start > at_time(option["latest_start"]) or start > ends or travel_s > 1500:
            continue
        key = (not place["must"], start, option["ref"])
        if best is None or key < best[0]:
            best = (key, option, travel_s, start)
    return best and best[1:]


def _travel_s(kind: str, a: list[float], b: list[float]) -> int:
    return round(great_circle_m(Point(*a), Point(*b)) * 1.35 / SPEED_M_S[kind]) + 60


def _unvisited(i: int, place: dict[str, Any], need: dict[str, Any] | None) -> dict[str, Any]:
    occasion_ref = need["occasion_ref"] if need else ""
    reasons = ("outweighed", "outweighed", "unreachable", "no_window", "skill", "other_occasion")
    if place["presence"] == "none":
        reason = "opted_out"
    elif not occasion_ref:
        reason = "gate_closed"
    else:
        reason = "barred" if place["barred"] else reasons[i % len(reasons)]
    texts = {
        "opted_out": "This place asked for contact only.",
        "gate_closed": "Nobody gathers here on the day, no incident within 7 days, no request.",
        "outweighed": f"Would fit Car Zulu 1 at 13:05 if it dropped {place['name'][:20]} (41): 52 points for 79.",
    }
    return {
        "place_ref": place["ref"],
        "name": place["name"],
        "occasion_ref": occasion_ref,
        "points": need["points"] if need else 0,
        "is_must": place["must"],
        "reason": reason,
        "text": texts.get(reason, f"No visit: {reason.replace('_', ' ')}."),
        "change": "Car Zulu 1 on shift 14 min longer would serve it." if reason == "outweighed" else "",
    }


def _totals(document: dict[str, Any]) -> dict[str, int]:
    stops = [stop for route in document["routes"] for stop in route["stops"]]
    option = {o["ref"]: o for o in document["options"]}
    must = {p["ref"] for p in document["places"] if p["must"]}
    visited = {s["place_ref"] for s in stops}

    def seconds(a: str, b: str) -> int:
        return int((datetime.fromisoformat(b) - datetime.fromisoformat(a)).total_seconds())

    return {
        "prize": sum(option[s["option"]]["prize"] for s in stops),
        "n_visits": len(stops),
        "n_places_visited": len(visited),
        "n_occasions_visited": len({option[s["option"]]["occasion_ref"] for s in stops}),
        "n_must": len(must),
        "n_must_served": len(must & visited),
        "travel_s": sum(s["travel_s"] for s in stops) + sum(r["back"]["travel_s"] for r in document["routes"]),
        "wait_s": sum(s["wait_s"] for s in stops),
        "dwell_s": sum(seconds(s["start"], s["end"]) for s in stops),
        "break_s": sum(seconds(b["start"], b["end"]) for r in document["routes"] for b in r["breaks"]),
        "shift_s": sum(seconds(u["starts_at"], u["ends_at"]) for u in document["units"]),
    }


def _frame(
    places: list[Any], occasions: list[Any], needs: list[Any], units: list[Any], options: list[Any], routes: list[Any]
) -> dict[str, Any]:
    ring = [[-2.25, 52.36], [-1.65, 52.34], [-1.62, 52.66], [-1.9, 52.70], [-2.28, 52.64], [-2.25, 52.36]]
    return {
        "format": "reassure-plan",
        "version": 1,
        "marking": "OFFICIAL-SENSITIVE",
        "status": "draft",
        "created_at": "2026-11-27T05:10:00+00:00",
        "area": {"code": "E23999999", "name": "Generated Vale", "force": "Generated Vale Police", "outline": [[ring]]},
        "on": DAY,
        "window": {
            "starts_at": min(u["starts_at"] for u in units),
            "ends_at": max(u["ends_at"] for u in units),
        },
        "inputs": {
            "digests": {"places": "1" * 64, "units": "2" * 64, "declaration": "3" * 64},
            "n_places": len(places),
            "n_occasions": len(occasions),
            "declarations": [_declaration()],
            "need_model": {
                "version": "1",
                "weights": {"attendance": 30, "incidents": 20, "declared": 20, "gap": 10, "recency": 10, "request": 10},
            },
            "travel": {
                "source": "great-circle",
                "is_recomputable": True,
                "detour": 1.35,
                "seconds_per_stop": 60,
                "speeds_kmh": {"car": 40.2336, "foot": 4.8, "cycle": 15.0},
            },
            "must_unknown": False,
            "allow_shortfall": False,
        },
        "attributions": ["© OpenStreetMap contributors, ODbL 1.0 (openstreetmap.org/copyright)"],
        "places": places,
        "occasions": occasions,
        "needs": needs,
        "units": units,
        "options": options,
        "locks": [],
        "routes": routes,
        "unvisited": [],
        "totals": {},
        "shortfall": None,
        "certificate": {
            "value": 150400,
            "bound": 152400,
            "gap": 0.0131,
            "method": "column generation",
            "converged": False,
            "text": "This plan earns 1,504 of at most 1,524 points (98.7 %)",
        },
        "lottery": None,
        "fairness": _fairness(),
        "search": {"seed": 1, "iterations": 20000},
    }


def _declaration() -> dict[str, Any]:
    return {
        "ref": "D-7",
        "revision": 1,
        "status": "actual",
        "title": "Generated attack abroad: <mosques> named, all faiths engaged",
        "threat_wording": "No intelligence linking the generated event to the United Kingdom. PLANNERS-ONLY-WORDS",
        "threat_level_seen": "SUBSTANTIAL",
        "source_url": "https://example.org/release",
        "issued_by": "National coordinator (generated)",
        "approved_by": "Second person (generated)",
        "activities": ["advice", "presence"],
        "faiths_named": ["muslim"],
        "is_all_faiths": True,
        "areas": [],
        "issued_at": "2026-11-27T05:00:00+00:00",
        "starts_at": "2026-11-27T05:00:00+00:00",
        "review_at": "2026-11-28T05:00:00+00:00",
        "expires_at": "2026-11-30T05:00:00+00:00",
        "wordings": {
            "officer": "Be visible, be approachable. Nothing links the event to this area.",
            "public": "You may see more officers near places of worship.",
        },
    }


def _fairness() -> dict[str, Any]:
    return {
        "kind": "planned",
        "deciles": [
            {"decile": 1, "n": 40, "n_rows": 42, "highest_points": 78, "lowest_points": 60, "coverage": 0.6},
            {"decile": 2, "n": 40, "n_rows": 41, "highest_points": 59, "lowest_points": 48, "coverage": 0.0},
        ],
        "cells": [
            {"decile": 1, "by": "faith", "group": "sikh", "n": 10, "coverage": 0.4, "ratio": 0.666667,
             "is_flagged": True, "text": "0.667"},
            {"decile": 2, "by": "faith", "group": "christian", "n": 12, "coverage": 0.0, "ratio": None,
             "is_flagged": False, "text": "no visits"},
        ],
        "flags": ["Decile 1, faith sikh: 10 places, coverage 0.40 against 0.60, ratio 0.667; "
                  "a written reason is needed before approval"],
    }  # fmt: skip
