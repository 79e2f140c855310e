"""A plan document made by hand, every number of it worked out on paper; tests plant faults in copies of it.

All places and bases stand on one meridian, so that a journey over 0.01 degree of latitude is
6,371,008.8 m x pi/180 x 0.01 = 1,111.95 m, x 1.35 = 1,501.13 m. At 25 mph (11.176 m/s) that is 134.32 s:
1 step 135 s, 2 steps 269 s, 4 steps 538 s, rounded up; 60 s more into a place. Friday 27 November 2026 is in
winter, so that London's wall clock shows UTC.

    Car 1    10:00-14:30, base 52.49   leave 12:12:00
      m1   52.50  12:15:15 to 12:27:15  arrival     1 step  195 s            53 points
      m2   52.51  12:30:30 to 12:42:30  arrival     1 step  195 s            56 points, must
      c1   52.53  13:00:00 to 13:12:00  any time    2 steps 329 s, waits 721 s (12:47:59)  31 points
      break at c1 13:15:00 to 13:45:00              back 4 steps 538 s: 13:53:58
    Car 2    15:00-17:00, base 52.51   leave 15:20:00
      s1   52.52  15:30:00 to 15:42:00  arrival     1 step  195 s, waits 405 s (15:23:15)  39 points
                                                    back 1 step 135 s: 15:44:15
    Foot 3   12:00-14:00, base 52.50   does nothing
"""

import hashlib
import json
from copy import deepcopy
from typing import Any

from reassure.patrols.check import check

DAY = "2026-11-27"
PARTS = ("attendance", "incidents", "declared", "gap", "recency", "request")


Plan = dict[str, Any]
U1, U2, U3 = 0, 1, 2
"""Index of each unit and its route."""


def t(clock: str) -> str:
    """An instant of the day from HH:MM or HH:MM:SS."""
    return f"{DAY}T{clock if len(clock) == 8 else clock + ':00'}+00:00"


def sign(document: dict[str, Any]) -> dict[str, Any]:
    """The document with the digest that the schema describes."""
    unsigned = {k: v for k, v in document.items() if k != "digest"}
    text = json.dumps(unsigned, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return {**unsigned, "digest": hashlib.sha256(text.encode()).hexdigest()}


def place(ref: str, lat_deg: float, faith: str, **more: Any) -> dict[str, Any]:
    return {
        "ref": ref,
        "name": f"Generated {ref}",
        "faiths": [faith],
        "lat_deg": lat_deg,
        "lon_deg": -1.9,
        "precision_m": 10.0,
        "presence": "welcome",
        "must": False,
        "barred": False,
        **more,
    }


def occasion(
    place_ref: str, key: str, *sittings: tuple[str, str, str, str], status: str = "forecast"
) -> dict[str, Any]:
    """Sittings are (arrive from, start, end, gone by)."""
    return {
        "ref": f"{place_ref}:{key}:{DAY}:1",
        "place_ref": place_ref,
        "key": key,
        "on": DAY,
        "confidence": "D",
        "status": status,
        "sittings": [
            {
                "arrive_from": t(a),
                "starts_at": t(s),
                "ends_at": t(e),
                "gone_by": t(g),
                "earliest": t(s),
                "latest": t(s),
            }
            for a, s, e, g in sittings
        ],
    }


def need(
    place_ref: str, key: str, parts: tuple[int, ...], match: str, gate: str = "open", n_expected: int = 75
) -> dict[str, Any]:
    """Attendance of need.md: 75 people 18 points, 150 people 21."""
    return {
        "place_ref": place_ref,
        "occasion_ref": f"{place_ref}:{key}:{DAY}:1" if key else "",
        "gate": gate,
        "points": sum(parts),
        "parts": dict(zip(PARTS, parts, strict=True)),
        "n_expected": n_expected if key else 0,
        "is_estimated": True,
        "declaration_match": match,
        "explanation": "",
        "officer_lines": [],
    }


def option(
    place_ref: str, key: str, kind: str, window: tuple[str, str], prize: int, n: int = 1, **more: Any
) -> dict[str, Any]:
    occasion_ref = f"{place_ref}:{key}:{DAY}:1" if key else ""
    return {
        "ref": f"{occasion_ref or place_ref}#{kind}-{n}",
        "place_ref": place_ref,
        "occasion_ref": occasion_ref,
        "kind": kind,
        "earliest_start": t(window[0]),
        "latest_start": t(window[1]),
        "dwell_min": 12,
        "prize": prize,
        "skill": "",
        "is_second": False,
        **more,
    }


JUMUAH = ("12:15", "12:45", "13:15", "13:40")


def jumuah_options(place_ref: str, points: int, **more: Any) -> list[dict[str, Any]]:
    """Every option of a Jumu'ah at 12:45: before, arrival, during, dispersal, after."""
    return [
        option(place_ref, "jumuah", "around", ("11:45", "12:15"), points * 50, 1, **more),
        option(place_ref, "jumuah", "arrival", ("12:15", "12:45"), points * 100, 1, **more),
        option(place_ref, "jumuah", "during", ("12:45", "13:15"), points * 70, 1, **more),
        option(place_ref, "jumuah", "dispersal", ("13:15", "13:40"), points * 90, 1, **more),
        option(place_ref, "jumuah", "around", ("13:40", "14:10"), points * 50, 2, **more),
    ]


def unit(
    ref: str, callsign: str, kind: str, lat_deg: float, shift: tuple[str, str], breaks: list[Any]
) -> dict[str, Any]:
    return {
        "ref": ref,
        "callsign": callsign,
        "kind": kind,
        "n_officers": 2,
        "base": [lat_deg, -1.9],
        "end_base": [lat_deg, -1.9],
        "starts_at": t(shift[0]),
        "ends_at": t(shift[1]),
        "breaks": breaks,
        "skills": [],
    }


def stop(place_ref: str, option_ref: str, times: tuple[str, str, str], travel_s: int, wait_s: int) -> dict[str, Any]:
    return {
        "place_ref": place_ref,
        "option": option_ref,
        "arrive": t(times[0]),
        "start": t(times[1]),
        "end": t(times[2]),
        "travel_s": travel_s,
        "wait_s": wait_s,
    }


def unvisited(place_ref: str, key: str, points: int, reason: str) -> dict[str, Any]:
    return {
        "place_ref": place_ref,
        "name": f"Generated {place_ref}",
        "occasion_ref": f"{place_ref}:{key}:{DAY}:1" if key else "",
        "points": points,
        "is_must": False,
        "reason": reason,
        "text": "",
    }


def sound_plan() -> dict[str, Any]:
    """The plan of the module's docstring, signed; a new copy each time."""
    return sign(deepcopy(_PLAN))


def texts(plan: Plan, **how: Any) -> list[str]:
    """What the checker says of a plan."""
    return [problem.text for problem in check(plan, **how)]


def row(plan: Plan, table: str, **keys: Any) -> dict[str, Any]:
    """The one row of a table with these values."""
    [found] = [r for r in plan[table] if all(r[k] == v for k, v in keys.items())]
    return found


_PLAN: dict[str, Any] = {
    "format": "reassure-plan",
    "version": 1,
    "marking": "OFFICIAL-SENSITIVE",
    "status": "draft",
    "created_at": None,
    "area": {"code": "E23000014", "name": "West Midlands", "force": "West Midlands Police", "outline": None},
    "on": DAY,
    "window": {"starts_at": t("10:00"), "ends_at": t("17:00")},
    "inputs": {
        "digests": {},
        "n_places": 12,
        "n_occasions": 9,
        "declarations": [
            {
                "ref": "D-7",
                "revision": 1,
                "status": "actual",
                "title": "Generated declaration",
                "threat_wording": "No intelligence links the event to the United Kingdom.",
                "faiths_named": ["muslim"],
                "is_all_faiths": True,
                "areas": [],
                "starts_at": t("05:00"),
                "expires_at": "2026-11-30T05:00:00+00:00",
                "wordings": {},
            }
        ],
        "need_model": {
            "version": "1",
            "weights": {"attendance": 30, "incidents": 20, "declared": 20, "gap": 10, "recency": 10, "request": 10},
        },
        "travel": {
            "source": "great-circle",
            "is_recomputable": True,
            "detour": 1.35,
            "seconds_per_stop": 60,
            "speeds_kmh": {"car": 40.2336, "cycle": 15.0, "foot": 4.8},
        },
        "must_unknown": False,
        "allow_shortfall": False,
    },
    "attributions": [],
    "places": [
        place("b1", 52.58, "muslim", barred=True),
        place("c1", 52.53, "christian"),
        place("far", 53.5, "muslim"),
        place("g1", 52.54, "sikh"),
        place("late", 52.57, "muslim"),
        place("m1", 52.50, "muslim"),
        place("m2", 52.51, "muslim", must=True),
        place("m3", 52.55, "muslim"),
        place("off", 52.56, "muslim"),
        place("out", 52.59, "muslim", presence="none"),
        place("s1", 52.52, "jewish"),
        place("tongue", 52.60, "muslim"),
    ],
    "occasions": [
        occasion("b1", "jumuah", JUMUAH),
        occasion("far", "jumuah", JUMUAH),
        occasion("late", "isha_talk", ("19:30", "20:00", "20:30", "20:45")),
        occasion("m1", "jumuah", JUMUAH),
        occasion("m2", "jumuah", JUMUAH, ("13:10", "13:40", "14:10", "14:35")),
        occasion("m3", "jumuah", JUMUAH),
        occasion("off", "jumuah", JUMUAH, status="cancelled"),
        occasion("out", "jumuah", JUMUAH),
        occasion("s1", "shabbat_eve", ("15:30", "15:45", "16:30", "16:50")),
        occasion("tongue", "jumuah", JUMUAH),
    ],
    "needs": [
        need("b1", "jumuah", (18, 0, 20, 5, 10, 0), "named"),
        need("c1", "", (0, 17, 6, 5, 3, 0), "all_faiths"),
        need("far", "jumuah", (18, 0, 20, 5, 10, 0), "named"),
        need("g1", "", (0, 0, 0, 0, 0, 0), "all_faiths", "closed"),
        need("late", "isha_talk", (0, 0, 20, 5, 10, 10), "named"),
        need("m1", "jumuah", (18, 0, 20, 5, 10, 0), "named"),
        need("m2", "jumuah", (21, 0, 20, 5, 10, 0), "named", n_expected=150),
        need("m3", "jumuah", (18, 0, 20, 5, 10, 0), "named"),
        need("off", "", (0, 0, 0, 0, 0, 0), "named", "closed"),
        need("out", "jumuah", (0, 0, 0, 0, 0, 0), "named", "opted_out"),
        need("s1", "shabbat_eve", (18, 0, 6, 5, 10, 0), "all_faiths"),
        need("tongue", "jumuah", (18, 0, 20, 5, 10, 0), "named"),
    ],
    "units": [
        unit(
            "U1",
            "Car 1",
            "car",
            52.49,
            ("10:00", "14:30"),
            [{"earliest_start": t("13:00"), "latest_start": t("14:00"), "minutes": 30}],
        ),
        unit("U2", "Car 2", "car", 52.51, ("15:00", "17:00"), []),
        unit("U3", "Foot 3", "foot", 52.50, ("12:00", "14:00"), []),
    ],
    "options": [
        *jumuah_options("b1", 53),
        option("c1", "", "any_time", ("10:00", "17:00"), 3100),
        *jumuah_options("far", 53),
        *jumuah_options("m1", 53),
        option("m2", "jumuah", "around", ("11:45", "12:15"), 2800, 1),
        option("m2", "jumuah", "arrival", ("12:15", "12:45"), 5600),
        option("m2", "jumuah", "during", ("12:45", "14:10"), 3920),
        option("m2", "jumuah", "dispersal", ("13:10", "13:40"), 5040, 1),
        option("m2", "jumuah", "dispersal", ("14:10", "14:35"), 5040, 2),
        option("m2", "jumuah", "around", ("14:35", "15:05"), 2800, 2),
        *jumuah_options("m3", 53),
        option("s1", "shabbat_eve", "arrival", ("15:30", "15:45"), 3900),
        option("s1", "shabbat_eve", "during", ("15:45", "16:30"), 2730),
        *jumuah_options("tongue", 53, skill="urdu"),
    ],
    "locks": [],
    "routes": [
        {
            "unit_ref": "U1",
            "leave": t("12:12"),
            "stops": [
                stop("m1", f"m1:jumuah:{DAY}:1#arrival-1", ("12:15:15", "12:15:15", "12:27:15"), 195, 0),
                stop("m2", f"m2:jumuah:{DAY}:1#arrival-1", ("12:30:30", "12:30:30", "12:42:30"), 195, 0),
                stop("c1", "c1#any_time-1", ("12:47:59", "13:00:00", "13:12:00"), 329, 721),
            ],
            "breaks": [{"break": 0, "after_stop": 2, "start": t("13:15"), "end": t("13:45")}],
            "back": {"arrive": t("13:53:58"), "travel_s": 538},
        },
        {
            "unit_ref": "U2",
            "leave": t("15:20"),
            "stops": [stop("s1", f"s1:shabbat_eve:{DAY}:1#arrival-1", ("15:23:15", "15:30:00", "15:42:00"), 195, 405)],
            "breaks": [],
            "back": {"arrive": t("15:44:15"), "travel_s": 135},
        },
        {
            "unit_ref": "U3",
            "leave": t("12:00"),
            "stops": [],
            "breaks": [],
            "back": {"arrive": t("12:00"), "travel_s": 0},
        },
    ],
    "unvisited": [
        unvisited("b1", "jumuah", 53, "barred"),
        unvisited("far", "jumuah", 53, "unreachable"),
        unvisited("g1", "", 0, "gate_closed"),
        unvisited("late", "isha_talk", 45, "no_window"),
        unvisited("m3", "jumuah", 53, "outweighed"),
        unvisited("off", "", 0, "gate_closed"),
        unvisited("out", "jumuah", 0, "opted_out"),
        unvisited("tongue", "jumuah", 53, "skill"),
    ],
    "totals": {
        "prize": 17_900,
        "n_visits": 4,
        "n_places_visited": 4,
        "n_occasions_visited": 3,
        "n_must": 1,
        "n_must_served": 1,
        "travel_s": 1_587,
        "wait_s": 1_126,
        "dwell_s": 2_880,
        "break_s": 1_800,
        "shift_s": 30_600,
    },
    "shortfall": None,
    "certificate": {
        "value": 17_900,
        "bound": 23_200,
        "gap": 0.228,
        "method": "by hand",
        "converged": False,
        "text": "This plan earns 179 of at most 232 points.",
    },
    "lottery": None,
    "fairness": None,
    "search": {"seed": 1, "iterations": 0},
}
