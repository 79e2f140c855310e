"""Check-ins by the API: what phones send when they come online, as many at once as wait."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.utils import timezone
from ninja import Router, Schema
from pydantic import AwareDatetime, Field

from reassure.engagement.visits import VisitSent
from reassure_web.accounts.http import SignedIn
from reassure_web.engagement import services
from reassure_web.tokens.answers import ProblemsOut

router = Router(tags=["check-ins"])
MOST_RECORDS = 100
Short = Annotated[str, Field(max_length=130, pattern=r"^[^\x00]*$")]


class RecordIn(Schema):
    """
    One record of a visit. A start may be sent first, without `ended_at` and `outcome`, and its end later under the same
    `client_id`.
    """

    client_id: UUID
    area_code: Annotated[str, Field(max_length=20, pattern=r"^[^\x00]*$")]
    on: date
    unit_ref: Annotated[str, Field(max_length=60, pattern=r"^[^\x00]*$")]
    visit_ref: Annotated[str, Field(max_length=12, pattern=r"^[0-9a-f]*$")] = ""
    place_ref: Short
    started_at: AwareDatetime
    ended_at: AwareDatetime | None = None
    outcome: Short = ""
    method: Annotated[str, Field(pattern=r"^(gps|tap)$")] = "tap"
    spoke_to: Short = ""
    reach: Short = ""
    topics: list[Short] = Field(default_factory=list, max_length=20)
    leaflets: list[Short] = Field(default_factory=list, max_length=20)
    miss_reason: Short = ""
    distance_m: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    accuracy_m: Annotated[int, Field(ge=0, le=1_000_000)] | None = None


class CheckInsIn(Schema):
    """What waited on a phone, and the phone's own time when it sent."""

    sent_at: AwareDatetime
    records: Annotated[list[RecordIn], Field(min_length=1, max_length=MOST_RECORDS)]


class ResultOut(Schema):
    """What became of one record: new, same, completed, conflict, or refused with every reason."""

    client_id: str
    state: str
    problems: list[str]


class CheckInsOut(Schema):
    """One result a record, in the order sent."""

    results: list[ResultOut]


@router.post(
    "/check-ins",
    response={200: CheckInsOut, 403: ProblemsOut, 422: ProblemsOut},
    url_name="check-ins",
    operation_id="send_check_ins",
    summary="Send what was recorded",
)
def send_check_ins(request: SignedIn, sent: CheckInsIn) -> dict[str, Any]:
    """
    Keep records of visits of one's own unit. Each has a `client_id`, which is its idempotency key: sent again it is the
    same record, and one that says something else is a conflict. What is answered is kept; what is not answered may be
    sent again.
    """
    records = [_visit(record, sent.sent_at) for record in sent.records]
    results = services.record_visits(request.user, records, now=timezone.now())
    return {"results": [{"client_id": r.client_id, "state": r.state, "problems": r.problems} for r in results]}


def _visit(record: RecordIn, sent_at: datetime) -> VisitSent:
    values = record.dict()
    values |= {name: tuple(values[name]) for name in ("topics", "leaflets")}
    return VisitSent(**{**values, "client_id": str(record.client_id), "device_sent_at": sent_at})
