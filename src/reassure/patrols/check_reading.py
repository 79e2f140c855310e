"""Reading a plan document into the checker's facts, every field that a check rests on.

Elsewhere: the facts (`check_facts`) and what each kind of field may hold (`check_fields`).
"""

from collections.abc import Mapping
from typing import Any

from reassure.errors import Problem
from reassure.patrols.check_facts import (
    BreakFact,
    DeclarationFact,
    LegFact,
    LockFact,
    NeedFact,
    OccasionFact,
    OptionFact,
    PlaceFact,
    PlanFacts,
    RestFact,
    RouteFact,
    SittingFact,
    StopFact,
    UnitFact,
    UnvisitedFact,
    fault,
)
from reassure.patrols.check_fields import Fields


def read_facts(document: Mapping[str, Any]) -> tuple[PlanFacts, list[Problem]]:
    """The facts of a document, and every field that could not be read; with such faults the facts are worth nothing."""
    problems: list[Problem] = []
    plan = Fields(document, "", problems)
    inputs, window = plan.within("inputs"), plan.within("window")
    travel = inputs.within("travel")
    travel.text("source")
    travel.flag("is_recomputable")
    facts = PlanFacts(
        marking=plan.text("marking"),
        area_code=plan.within("area").text("code"),
        window=(window.instant("starts_at"), window.instant("ends_at")),
        n_places=inputs.whole("n_places"),
        n_occasions=inputs.whole("n_occasions"),
        declarations=tuple(_declaration(row) for row in inputs.rows("declarations")),
        model=inputs.within("need_model").text("version"),
        weights=inputs.within("need_model").wholes("weights"),
        travel=travel.value,
        legs=tuple(_leg(row, i, problems) for i, row in enumerate(travel.items("legs"))),
        allow_shortfall=inputs.flag("allow_shortfall"),
        places=tuple(_place(row) for row in plan.rows("places")),
        occasions=tuple(_occasion(row) for row in plan.rows("occasions")),
        needs=tuple(_need(row) for row in plan.rows("needs")),
        units=tuple(_unit(row) for row in plan.rows("units")),
        options=tuple(_option(row) for row in plan.rows("options")),
        locks=tuple(_lock(row) for row in plan.rows("locks")),
        routes=tuple(_route(row) for row in plan.rows("routes")),
        unvisited=tuple(_unvisited(row) for row in plan.rows("unvisited")),
        totals=plan.wholes("totals"),
        shortfall=plan.optional("shortfall"),
        certificate=plan.optional("certificate"),
        has_lottery=plan.optional("lottery") is not None,
    )
    return facts, problems


def _place(row: Fields) -> PlaceFact:
    return PlaceFact(
        path=row.path,
        ref=row.text("ref"),
        name=row.text("name"),
        faiths=row.texts("faiths"),
        lat_deg=row.number("lat_deg", 49, 61),
        lon_deg=row.number("lon_deg", -9, 2),
        presence=row.text("presence"),
        is_must=row.flag("must"),
        is_barred=row.flag("barred"),
    )


def _occasion(row: Fields) -> OccasionFact:
    sittings = tuple(
        SittingFact(
            arrive_from=sitting.instant("arrive_from"),
            starts_at=sitting.instant("starts_at"),
            ends_at=sitting.instant("ends_at"),
            gone_by=sitting.instant("gone_by"),
            earliest=sitting.instant("earliest"),
            latest=sitting.instant("latest"),
        )
        for sitting in row.rows("sittings")
    )
    if not sittings:
        row.problems.append(fault(f"{row.path}.sittings", f"{row.path}.sittings is empty", "at least one sitting"))
    return OccasionFact(
        path=row.path,
        ref=row.text("ref"),
        place_ref=row.text("place_ref"),
        key=row.text("key"),
        on=row.text("on"),
        status=row.text("status"),
        sittings=sittings,
    )


def _need(row: Fields) -> NeedFact:
    return NeedFact(
        path=row.path,
        place_ref=row.text("place_ref"),
        occasion_ref=row.text("occasion_ref"),
        gate=row.text("gate"),
        points=row.whole("points"),
        parts=row.wholes("parts"),
        n_expected=row.whole("n_expected"),
        match=row.text("declaration_match"),
    )


def _unit(row: Fields) -> UnitFact:
    return UnitFact(
        path=row.path,
        ref=row.text("ref"),
        callsign=row.text("callsign"),
        kind=row.text("kind"),
        n_officers=row.whole("n_officers", 1),
        base=row.pair("base"),
        end_base=row.pair("end_base"),
        starts_at=row.instant("starts_at"),
        ends_at=row.instant("ends_at"),
        breaks=tuple(
            BreakFact(pause.instant("earliest_start"), pause.instant("latest_start"), pause.whole("minutes", 1) * 60)
            for pause in row.rows("breaks")
        ),
        skills=row.texts("skills"),
    )


def _option(row: Fields) -> OptionFact:
    return OptionFact(
        path=row.path,
        ref=row.text("ref"),
        place_ref=row.text("place_ref"),
        occasion_ref=row.text("occasion_ref"),
        kind=row.text("kind"),
        earliest=row.instant("earliest_start"),
        latest=row.instant("latest_start"),
        dwell=row.whole("dwell_min", 1) * 60,
        prize=row.whole("prize"),
        skill=row.text("skill"),
        is_second=row.flag("is_second"),
    )


def _lock(row: Fields) -> LockFact:
    return LockFact(
        path=row.path,
        place_ref=row.text("place_ref"),
        unit_ref=None if row.value.get("unit_ref") is None else row.text("unit_ref"),
        start=None if row.value.get("start") is None else row.instant("start"),
    )


def _route(row: Fields) -> RouteFact:
    back = row.within("back")
    return RouteFact(
        path=row.path,
        unit_ref=row.text("unit_ref"),
        leave=row.instant("leave"),
        stops=tuple(_stop(stop) for stop in row.rows("stops")),
        rests=tuple(
            RestFact(
                path=rest.path,
                number=rest.whole("break"),
                after=rest.whole("after_stop", -1),
                start=rest.instant("start"),
                end=rest.instant("end"),
            )
            for rest in row.rows("breaks")
        ),
        back_at=back.instant("arrive"),
        back_travel_s=back.whole("travel_s"),
    )


def _stop(row: Fields) -> StopFact:
    return StopFact(
        path=row.path,
        place_ref=row.text("place_ref"),
        option=row.text("option"),
        arrive=row.instant("arrive"),
        start=row.instant("start"),
        end=row.instant("end"),
        travel_s=row.whole("travel_s"),
        wait_s=row.whole("wait_s"),
        flag=row.text_or("travel_flag", ""),
    )


def _unvisited(row: Fields) -> UnvisitedFact:
    return UnvisitedFact(
        path=row.path,
        place_ref=row.text("place_ref"),
        name=row.text("name"),
        occasion_ref=row.text("occasion_ref"),
        points=row.whole("points"),
        is_must=row.flag("is_must") if "is_must" in row.value else None,
        reason=row.text("reason"),
    )


def _declaration(row: Fields) -> DeclarationFact:
    return DeclarationFact(
        ref=row.text("ref"),
        revision=row.whole("revision"),
        status=row.text("status"),
        faiths=row.texts("faiths_named"),
        is_all_faiths=row.flag("is_all_faiths"),
        areas=row.texts("areas") if "areas" in row.value else frozenset(),
        starts_at=row.instant("starts_at"),
        expires_at=row.instant("expires_at"),
    )


def _leg(value: Any, i: int, problems: list[Problem]) -> LegFact:
    path = f"inputs.travel.legs[{i}]"
    names = ("kind", "from", "to", "seconds", "flag")
    if not isinstance(value, list) or len(value) != len(names):
        problems.append(fault(path, f"{path} is {value!r:.60}", "[kind, from, to, seconds, flag]"))
        return LegFact(path, "", "", "", 0, "")
    row = Fields(dict(zip(names, value, strict=True)), path, problems)
    flag = "" if row.value["flag"] is None else row.text("flag")
    return LegFact(path, row.text("kind"), row.text("from"), row.text("to"), row.whole("seconds"), flag)
