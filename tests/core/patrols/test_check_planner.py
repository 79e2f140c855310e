"""Planner and checker, which share no code, agree on every plan that is made of generated days."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from reassure.files.plan_json import schema_problems, signed
from reassure.geo import Point
from reassure.occasions.expand import expand
from reassure.patrols.check import check
from reassure.patrols.document import Findings, Setting, plan_document
from reassure.patrols.must import must_visits
from reassure.patrols.need import MODEL, PlaceFacts, assess
from reassure.patrols.problem import VisitLock, build_problem, planning_window
from reassure.patrols.reasons import shortfall_document, unvisited_rows
from reassure.patrols.search import plan_patrols
from reassure.patrols.travel import travel_matrices
from reassure.patrols.units import Break, Unit
from reassure.periods import london_instant
from reassure.places.place import Place
from reassure.threats.declarations import Declaration

AREA = "E23000014"
DAYS = st.sampled_from(
    [date(2026, 11, 27), date(2026, 11, 29), date(2026, 10, 25), date(2026, 3, 29), date(2026, 7, 3)]
)


@st.composite
def generated_places(draw: st.DrawFn) -> list[Place]:
    n = draw(st.integers(1, 9))
    return [
        Place(
            ref=f"p{i}",
            name=draw(st.sampled_from([f"Generated {i}", ""])),
            faiths=frozenset(draw(st.sets(st.sampled_from(["christian", "jewish", "muslim", "sikh"]), max_size=2))),
            point=Point(round(52.4 + draw(st.floats(0, 0.3)), 5), round(-1.9 + draw(st.floats(0, 0.3)), 5)),
            area_code=AREA,
            status="active",
            presence=draw(st.sampled_from(["welcome", "welcome", "outside_only", "none"])),
        )
        for i in range(n)
    ]


@st.composite
def generated_units(draw: st.DrawFn, on: date) -> list[Unit]:
    units = []
    for i in range(draw(st.integers(1, 3))):
        starts_at = london_instant(on, time(draw(st.integers(0, 20)), draw(st.sampled_from([0, 30]))))
        end_base = draw(st.sampled_from([None, Point(52.52, -1.75)]))
        hours = draw(st.integers(5 if end_base else 2, 9))  # the way to the end base takes more than an hour on foot
        pauses = [
            Break(start, start + timedelta(minutes=draw(st.integers(0, 50))), draw(st.sampled_from([15, 30])))
            for k in draw(st.sampled_from([(), (0,), (1,), (0, 1), (1, 0)]))  # in the order of time, and not
            for start in [starts_at + timedelta(minutes=30 + 90 * k)]
        ]
        ends_at = starts_at + timedelta(hours=hours)
        units.append(
            Unit(
                ref=f"u{i}",
                callsign=f"Unit {i}",
                kind=draw(st.sampled_from(["car", "cycle", "foot"])),
                n_officers=2,
                base=Point(52.5, -1.8),
                end_base=end_base,
                starts_at=starts_at,
                ends_at=ends_at,
                breaks=tuple(b for b in pauses if b.latest_start + timedelta(minutes=b.minutes) <= ends_at),
                skills=frozenset(draw(st.sets(st.sampled_from(["urdu", "adviser"]), max_size=1))),
            )
        )
    return units


def declaration(on: date) -> Declaration:
    starts_at = london_instant(on, time(5))
    return Declaration(
        ref="D-1",
        revision=1,
        status="actual",
        msg_type="alert",
        title="Generated declaration",
        threat_wording="Nothing links it to the United Kingdom.",
        faiths_named=frozenset({"muslim"}),
        is_all_faiths=True,
        areas=frozenset(),
        activities=frozenset({"presence"}),
        issued_by="one",
        approved_by="other",
        issued_at=starts_at,
        starts_at=starts_at,
        review_at=starts_at + timedelta(hours=9),
        expires_at=starts_at + timedelta(hours=9),
    )


def document(
    places: list[Place],
    units: list[Unit],
    on: date,
    *,
    facts: dict[str, PlaceFacts],
    barred: frozenset[str],
    skills: dict[str, str],
    lock: str,
    seed: int,
) -> dict[str, Any]:
    """The whole way from places to a signed plan, as the command goes it."""
    window = planning_window(units)
    declarations = [declaration(on)]
    occasions = tuple(expand(places, (), on, on))
    needs = assess(places, occasions, on=on, window=window, declarations=declarations, facts=facts)
    must = must_visits(needs, places, declarations=declarations, facts=facts, incidents=(), on=on)
    must = {ref: reason for ref, reason in must.items() if ref not in barred}
    options = {
        "places": places,
        "needs": needs,
        "occasions": occasions,
        "units": units,
        "matrices": travel_matrices,
        "must": tuple(must),
        "barred": barred,
        "allows_second": seed % 2 == 1,
        "skills": skills,
    }
    problem = build_problem(**options)  # type: ignore[arg-type]
    plan = plan_patrols(problem, seed=seed, iterations=60)
    served = {problem.site_refs[problem.options[stop.option].site] for route in plan.routes for stop in route.stops}
    if lock in served:  # a lock that can be kept: this plan keeps it
        problem = build_problem(**options, locks=[VisitLock(lock)])  # type: ignore[arg-type]
        plan = plan_patrols(problem, seed=seed, iterations=60)
    return signed(_written(places, units, on, occasions, needs, declarations, must, barred, problem, plan, window))


def _written(
    places: Any,
    units: Any,
    on: date,
    occasions: Any,
    needs: Any,
    declarations: Any,
    must: Any,
    barred: Any,
    problem: Any,
    plan: Any,
    window: tuple[datetime, datetime],
) -> dict[str, Any]:
    return plan_document(
        Setting(
            area_code=AREA,
            area_name="Generated",
            force_name="Generated",
            on=on,
            window_starts_at=window[0],
            window_ends_at=window[1],
            travel={"source": "great-circle", "is_recomputable": True},
            allow_shortfall=True,
        ),
        places=places,
        occasions=occasions,
        needs=needs,
        model=MODEL,
        declarations=declarations,
        units=units,
        must=must,
        barred=barred,
        problem=problem,
        plan=plan,
        findings=Findings(
            unvisited=unvisited_rows(
                problem, plan, places=places, needs=needs, occasions=occasions, window_starts_at=window[0]
            ),
            shortfall=shortfall_document(problem, plan, names={p.ref: p.title for p in places}),
        ),
    )


@pytest.mark.slow
@settings(max_examples=40, phases=[Phase.explicit, Phase.reuse, Phase.generate])  # to shrink takes minutes
@given(data=st.data(), on=DAYS, seed=st.integers(0, 9))
def test_the_checker_accepts_every_plan_that_the_planner_makes(data: st.DataObject, on: date, seed: int) -> None:
    """Any day, places, units, breaks, skills, musts, bars, locks and second visits: no fault, the schema kept."""
    places = data.draw(generated_places())
    refs = [p.ref for p in places]
    some = st.sets(st.sampled_from(refs), max_size=3)
    asked, must = data.draw(some), data.draw(some)
    facts = {ref: PlaceFacts(ref, request_until=on if ref in asked else None, must=ref in must) for ref in asked | must}

    plan = document(
        places,
        data.draw(generated_units(on)),
        on,
        facts=facts,
        barred=frozenset(data.draw(some)),
        skills=dict.fromkeys(data.draw(some), "urdu"),
        lock=data.draw(st.sampled_from([*refs, ""])),
        seed=seed,
    )

    assert [p.text for p in schema_problems(plan)] == []
    assert [p.text for p in check(plan)] == []
