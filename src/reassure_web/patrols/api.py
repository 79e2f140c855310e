"""Plans, runs and the own card by the API, with the same scope and the same entries as the pages."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpResponse
from django.utils import timezone
from ninja import Header, Router, Schema
from pydantic import Field

from reassure_web.accounts.http import SignedIn
from reassure_web.patrols import queries_day, queries_plan, queries_planning, services_day, services_runs
from reassure_web.patrols.queries import handed_out
from reassure_web.patrols.queries_card import OwnCard
from reassure_web.patrols.services_runs import Options
from reassure_web.tokens.answers import ProblemsOut, check_version, json_answer, json_text, tagged
from reassure_web.tokens.services import answer_once

router = Router(tags=["patrols"])
Key = Annotated[str, Header(alias="Idempotency-Key", min_length=8, max_length=80, pattern=r"^[\x21-\x7e]+$")]
Held = Annotated[str | None, Header(alias="If-Match", max_length=80)]
DAY = "/areas/{area}/days/{on}"


class StopOut(Schema):
    """A stop of the own card."""

    visit_ref: str
    place_ref: str
    name: str
    where: str
    starts_at: str
    ends_at: str
    start_by: str
    occasion: str
    manners: str
    lines: list[str]
    state: str


class CardOut(Schema):
    """The own unit's round of one shift, and until when it may be kept."""

    area_code: str
    on: str
    unit_ref: str
    callsign: str
    expires_at: str
    is_offline_on: bool
    stops: list[StopOut]


class RunIn(Schema):
    """How a plan is searched for; left out is what fits the size of the day."""

    seed: Annotated[int, Field(ge=0, le=2_147_483_647)] = 1
    iterations: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    is_drawn: bool = True


class RunOut(Schema):
    """A run: waiting, running, done or failed; the number of its plan once there is one."""

    ref: str
    state: str
    attempt: int
    n_before: int
    best: float | None
    bound: float | None
    failure: str
    plan: int | None


class SettingIO(Schema):
    """Whether phones of the area may keep the card."""

    is_offline_on: bool


REFUSED = {403: ProblemsOut, 404: ProblemsOut, 422: ProblemsOut}


@router.get("/card", response={200: CardOut, **REFUSED}, url_name="card", operation_id="read_card", summary="My card")
def read_card(request: SignedIn) -> HttpResponse:
    """The stops of the caller's own unit today; not found where there are none."""
    return tagged(request, _card(services_day.card_to_read(request.user, now=timezone.now())))


@router.get(
    f"{DAY}/plans/{{number}}",
    response={200: dict[str, Any], **REFUSED},
    url_name="plan",
    operation_id="read_plan",
    summary="Read a plan",
)
def read_plan(request: SignedIn, area: str, on: date, number: int) -> HttpResponse:
    """One plan as its document, field by field in docs/plan-file.md."""
    page = queries_plan.plan_page(request.user, area, on, number, now=timezone.now())
    return tagged(request, handed_out(page.plan))


@router.post(
    f"{DAY}/runs",
    response={202: RunOut, 409: ProblemsOut, **REFUSED},
    url_name="runs",
    operation_id="start_run",
    summary="Start a run",
)
def start_run(request: SignedIn, area: str, on: date, asked: RunIn, key: Key) -> HttpResponse:
    """Ask for a plan of the day as it stands. The same key again gives the same answer and starts nothing."""
    now = timezone.now()
    options = Options(seed=asked.seed, iterations=asked.iterations, is_drawn=asked.is_drawn)

    def work() -> tuple[int, str]:
        run = services_runs.request_run(request.user, area, on, options, now=now)
        return 202, json_text(_run(queries_planning.run_page(request.user, area, on, run.ref, now=now)))

    status, text = answer_once(request.user, key, request.path.encode() + request.body, work, now=now)
    return json_answer(text, status)


@router.get(
    f"{DAY}/runs/{{ref}}",
    response={200: RunOut, **REFUSED},
    url_name="run",
    operation_id="read_run",
    summary="Follow a run",
)
def read_run(request: SignedIn, area: str, on: date, ref: str) -> HttpResponse:
    """The state of a run, its best plan so far and what no plan exceeds, in points."""
    return tagged(request, _run(queries_planning.run_page(request.user, area, on, ref, now=timezone.now())))


@router.get(
    "/areas/{area}/card-setting",
    response={200: SettingIO, **REFUSED},
    url_name="card-setting",
    operation_id="read_card_setting",
    summary="May phones keep the card?",
)
def read_card_setting(request: SignedIn, area: str) -> HttpResponse:
    """The setting with its ETag, which a change has to name."""
    _, is_on = queries_day.is_offline_on(request.user, area, now=timezone.now())
    return tagged(request, {"is_offline_on": is_on})


@router.put(
    "/areas/{area}/card-setting",
    response={200: SettingIO, 409: ProblemsOut, 428: ProblemsOut, **REFUSED},
    url_name="card-setting",
    operation_id="change_card_setting",
    summary="Let phones keep the card, or stop it",
)
def change_card_setting(request: SignedIn, area: str, setting: SettingIO, if_match: Held = None) -> HttpResponse:
    """Change the setting that `If-Match` names; 409 where somebody changed it meanwhile."""
    now = timezone.now()
    _, is_on = queries_day.is_offline_on(request.user, area, now=now)
    check_version(if_match, {"is_offline_on": is_on})
    services_day.set_offline_cards(request.user, area, is_on=setting.is_offline_on, now=now)
    return tagged(request, {"is_offline_on": setting.is_offline_on})


def _card(card: OwnCard) -> dict[str, Any]:
    return {
        "area_code": card.area_code,
        "on": card.on,
        "unit_ref": card.card.unit_ref,
        "callsign": card.card.callsign,
        "expires_at": card.expires_at,
        "is_offline_on": card.is_offline_on,
        "stops": [
            {
                "visit_ref": stop.ref,
                "place_ref": stop.planned.place_ref,
                "name": stop.visit.name,
                "where": stop.visit.where,
                "starts_at": stop.visit.starts_at,
                "ends_at": stop.visit.ends_at,
                "start_by": stop.visit.start_by,
                "occasion": stop.visit.occasion,
                "manners": stop.visit.manners,
                "lines": list(stop.visit.lines),
                "state": stop.state,
            }
            for stop in card.stops
        ],
    }


def _run(page: queries_planning.RunPage) -> dict[str, Any]:
    return {
        "ref": page.run.ref,
        "state": page.run.state,
        "attempt": page.run.attempt,
        "n_before": page.n_before,
        "best": page.best,
        "bound": page.bound,
        "failure": page.run.failure,
        "plan": page.run.plan.number if page.run.plan else None,
    }
