"""Fill an empty, migrated installation with a generated country for load tests; everybody in it is signed in.

Usage: python scripts/load_country.py FILE --areas N --units N --places N
It runs with the environment of the installation. FILE gets, as JSON, the session and CSRF token of each officer with
the visits of their unit, and of two supervisors an area with the board they watch. Nothing in it is real.
"""

import argparse
import json
import os
import sys
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reassure_web.settings")
django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402 - Django starts first
from django.contrib.auth.hashers import make_password  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.contrib.sessions.models import Session  # noqa: E402

from plan_documents import DAY, made_plan  # noqa: E402
from reassure.files.plan_json import signed  # noqa: E402
from reassure.patrols.stops import planned_visits  # noqa: E402
from reassure_web.accounts.models import RoleGrant, User  # noqa: E402
from reassure_web.patrols.models import Day, PatrolPlan  # noqa: E402
from reassure_web.places.models import Area, Place  # noqa: E402

CSRF = "reassureloadtestreassureloadtest"
SUPERVISORS_PER_AREA = 2


@dataclass(frozen=True)
class Person:
    """Somebody who is signed in: what they watch, and which visits their unit has."""

    session: str
    area: str
    unit: str
    board: str
    visits: list[dict[str, str]]


class Country:
    """Areas one after the other; rows go in bulk, sessions last."""

    def __init__(self, n_units: int, n_places: int) -> None:
        self.now = datetime.now(UTC)
        self.template = json.dumps(made_plan(n_places=n_places, n_units=n_units))
        self.password = make_password(None)
        self.people: list[Person] = []

    def add_area(self, number: int) -> None:
        """An area with its places, approved plan, crews and supervisors."""
        code, slug = f"LOAD-{number:02}", f"load-{number:02}"
        document = signed(json.loads(self.template.replace("gen:", f"{code}:")))
        Area.objects.create(code=code, slug=slug, name=f"Load area {number}")
        Place.objects.bulk_create(self._place(code, facts) for facts in document["places"])
        board = f"/patrols/{slug}/{DAY}/board/"
        planner, commander = self._people(code, ["planner", "commander"], [[code], [code]])
        day = Day.objects.create(area_code=code, on=DAY, sealed_salt="load", made_at=self.now)
        PatrolPlan.objects.create(
            day=day, number=1, document=document, digest=document["digest"], what="generated for a load test",
            state="approved", written_by=planner, made_at=self.now, approved_by=commander, approved_at=self.now,
        )  # fmt: skip
        self._crews(code, board, document)

    def _crews(self, code: str, board: str, document: dict[str, Any]) -> None:
        by_unit: dict[str, list[dict[str, str]]] = {}
        for visit in planned_visits(document):
            facts = {"visit_ref": visit.ref, "place_ref": visit.place_ref, "starts_at": visit.starts_at.isoformat()}
            by_unit.setdefault(visit.unit_ref, []).append(facts)
        units = [unit["ref"] for unit in document["units"]]
        outside = [{"visit_ref": "", "place_ref": document["places"][0]["ref"], "starts_at": f"{DAY}T12:00:00+00:00"}]
        roles = ["officer"] * len(units) + ["supervisor"] * SUPERVISORS_PER_AREA
        refs = [[f"{code}/{unit}"] for unit in units] + [[code]] * SUPERVISORS_PER_AREA
        people = self._people(code, roles, refs)
        for person, unit in zip(people, [*units, *[""] * SUPERVISORS_PER_AREA], strict=True):
            self.people.append(Person(self._session(person), code, unit, board, by_unit.get(unit, outside)))

    def _place(self, code: str, facts: dict[str, Any]) -> Place:
        return Place(
            ref=facts["ref"], name=str(facts["name"])[:120], status="active", area_code=code, lat_deg=facts["lat_deg"],
            lon_deg=facts["lon_deg"], record={}, recorded_at=self.now, changed_at=self.now,
        )  # fmt: skip

    def _people(self, code: str, roles: list[str], refs: list[list[str]]) -> list[User]:
        people = User.objects.bulk_create(
            User(email=f"{role}{n}@{code.lower()}.example", name=f"Generated {role} {n}", password=self.password)
            for n, role in enumerate(roles)
        )
        RoleGrant.objects.bulk_create(
            RoleGrant(
                user=person, role=role, scope="unit" if role == "officer" else "areas", refs=reach, duty="operations",
                starts_at=self.now - timedelta(days=1), ends_at=self.now + timedelta(days=30),
            )
            for person, role, reach in zip(people, roles, refs, strict=True)
        )  # fmt: skip
        return people

    def _session(self, person: User) -> str:
        """A session as a sign-in with a second factor leaves it."""
        store, at = SessionStore(), time.time()
        key = store._get_new_session_key()
        values = {
            SESSION_KEY: str(person.pk), BACKEND_SESSION_KEY: "reassure_web.accounts.backends.Passwords",
            HASH_SESSION_KEY: person.get_session_auth_hash(), "_csrftoken": CSRF, "started_at": at, "seen_at": at,
            "account_authentication_methods": [{"method": "mfa", "type": "totp", "at": at}],
            "account_authentication_methods_user": str(person.pk),
        }  # fmt: skip
        Session.objects.create(
            session_key=key, session_data=store.encode(values), expire_date=self.now + timedelta(hours=12)
        )
        return key


def run() -> None:
    """Make the country and write who is signed in."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--areas", type=int, required=True)
    parser.add_argument("--units", type=int, required=True)
    parser.add_argument("--places", type=int, required=True)
    wanted = parser.parse_args()
    country = Country(wanted.units, wanted.places)
    for number in range(1, wanted.areas + 1):
        country.add_area(number)
    people = [asdict(person) for person in country.people]
    wanted.file.write_text(json.dumps({"on": DAY, "csrf": CSRF, "people": people}), "utf-8")


if __name__ == "__main__":
    run()
