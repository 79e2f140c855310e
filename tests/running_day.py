"""A day with an approved plan in the web shell's database: the hand-made plan of `sound_plan`, moved to DEMO-01.

Units 1, 2 and 3 are U1, U2 and U3 there; unit 1 visits m1 at 12:15:15, m2 at 12:30:30 and c1 at 13:00.
"""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from reassure.engagement.visits import VisitSent
from reassure.files.place_json import place_object
from reassure.geo import Point
from reassure.patrols.stops import visit_ref
from reassure.places.place import Place as PlaceFacts
from reassure_web.accounts.models import User
from reassure_web.patrols.models import Day, PatrolPlan, Unit
from reassure_web.places.models import Area, Place, columns_of
from sound_plan import DAY, sign, sound_plan

AREA, SLUG = "DEMO-01", "demo-area"
ON = date.fromisoformat(DAY)


def at(clock: str, on: date = ON) -> datetime:
    """An instant of the day from HH:MM or HH:MM:SS."""
    return datetime.fromisoformat(f"{on.isoformat()}T{clock}+00:00").astimezone(UTC)


def plan_document(on: date = ON, area: str = AREA) -> dict[str, Any]:
    """The hand-made plan for an area and a day, signed."""
    text = json.dumps(sound_plan()).replace(DAY, on.isoformat()).replace("E23000014", area)
    for number in "123":
        text = text.replace(f'"U{number}"', f'"{number}"')
    return sign(json.loads(text))


def area_row(area: str = AREA, slug: str = SLUG) -> Area:
    """The police area; made once."""
    return Area.objects.get_or_create(code=area, defaults={"slug": slug, "name": f"Area {area}"})[0]


def running_day(
    on: date = ON, area: str = AREA, slug: str = SLUG, document: dict[str, Any] | None = None
) -> PatrolPlan:
    """The area, its places, and a plan that a planner wrote and a commander approved at 06:00."""
    area_row(area, slug)
    document = document or plan_document(on, area)
    six = at("06:00", on)
    for row in document["places"]:
        facts = PlaceFacts(
            ref=row["ref"], name=row["name"], point=Point(row["lat_deg"], row["lon_deg"]), area_code=area
        )
        Place.objects.get_or_create(
            ref=row["ref"],
            defaults={**columns_of(facts), "record": place_object(facts), "recorded_at": six, "changed_at": six},
        )
    n = User.objects.count()
    writer = User.objects.create_user(f"writer{n}@demo.example", "Demo writer")
    approver = User.objects.create_user(f"approver{n}@demo.example", "Demo approver")
    day, _ = Day.objects.get_or_create(area_code=area, on=on, defaults={"sealed_salt": "sealed", "made_at": six})
    for row in document["units"]:
        Unit.objects.get_or_create(
            day=day,
            ref=row["ref"],
            defaults={
                "callsign": row["callsign"],
                "kind": row["kind"],
                "n_officers": row["n_officers"],
                "base_lat_deg": row["base"][0],
                "base_lon_deg": row["base"][1],
                "starts_at": datetime.fromisoformat(row["starts_at"]),
                "ends_at": datetime.fromisoformat(row["ends_at"]),
            },
        )
    day.plans.filter(state="approved").update(state="superseded")
    return PatrolPlan.objects.create(
        day=day,
        number=day.plans.count() + 1,
        document=document,
        digest=document["digest"],
        what="Made by hand",
        state="approved",
        written_by=writer,
        made_at=six,
        approved_by=approver,
        approved_at=six,
    )


def visit(place_ref: str = "m1", clock: str = "12:15", minutes: int | None = 12, **more: Any) -> VisitSent:
    """A record of unit 1, complete unless `minutes` is None; times are of the day."""
    started_at = at(clock)
    values: dict[str, Any] = {
        "client_id": str(uuid4()),
        "area_code": AREA,
        "on": ON,
        "unit_ref": "1",
        "visit_ref": visit_ref(place_ref),
        "place_ref": place_ref,
        "started_at": started_at,
        "ended_at": None if minutes is None else started_at + timedelta(minutes=minutes),
        "outcome": "" if minutes is None else "spoke_to_people",
    }
    return VisitSent(**{**values, **more})
