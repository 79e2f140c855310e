"""Single records for the walk over every address: a day with units, a run, plans in each state, an override."""

from collections.abc import Callable, Mapping
from typing import Any

from reassure_web.accounts.models import User
from reassure_web.patrols.models import Day, NeedOverride, PatrolPlan, PlanRun, Unit
from reassure_web.places.models import Area
from running_day import at, running_day

SIX = at("06:00")


def slug_of(code: str = "DEMO-01") -> str:
    """The word of the area in addresses."""
    return Area.objects.get(code=code).slug


def plan_in(state: str) -> PatrolPlan:
    """The hand-made plan in a state."""
    plan = running_day()
    if state != "approved":
        PatrolPlan.objects.filter(pk=plan.pk).update(state=state, approved_by=None, approved_at=None)
    return plan


def area_kwargs() -> Mapping[str, Any]:
    """The area for an address."""
    running_day()
    return {"area": slug_of()}


def day_kwargs() -> Mapping[str, Any]:
    """The day for an address."""
    plan = running_day()
    return {"area": slug_of(), "on": plan.day.on}


def plan_kwargs(state: str = "draft", **more: Any) -> Callable[[], Mapping[str, Any]]:
    """A plan in a state for an address."""

    def kwargs() -> Mapping[str, Any]:
        plan = plan_in(state)
        return {"area": slug_of(), "on": plan.day.on, "number": plan.number, **more}

    return kwargs


def unit_kwargs() -> Mapping[str, Any]:
    """A unit for an address."""
    found = day_kwargs()
    Unit.objects.create(
        day=Day.objects.get(), ref="car-1", callsign="Car 1", kind="car", n_officers=2, base_lat_deg=52.5,
        base_lon_deg=-1.9, starts_at=at("07:00"), ends_at=at("15:00"),
    )  # fmt: skip
    return {**found, "unit": "car-1"}


def override_kwargs() -> Mapping[str, Any]:
    """An override that waits, for an address."""
    found = day_kwargs()
    asker = User.objects.create_user("asker@demo.example", "Demo asker")
    row = NeedOverride.objects.create(
        day=Day.objects.get(), place_ref="m1", kind="must", reason="A long enough reason", asked_by=asker, asked_at=SIX
    )
    return {**found, "override": row.pk}


def run_kwargs() -> Mapping[str, Any]:
    """A run that waits, for an address."""
    found = day_kwargs()
    asker = User.objects.create_user("asker@demo.example", "Demo asker")
    PlanRun.objects.create(
        ref="0123456789ab", day=Day.objects.get(), kind="plan", inputs="{}", input_hash="0" * 64, software="0",
        asked_by=asker, asked_at=SIX,
    )  # fmt: skip
    return {**found, "run": "0123456789ab"}
