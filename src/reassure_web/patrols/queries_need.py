"""Why each place: points that add up, must-visits, opt-outs and overrides, for a day."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Prefetch

from reassure.access.allowed import Action
from reassure.occasions.values import Occasion
from reassure.patrols.briefing import Clock, key_words
from reassure.patrols.need import PlaceNeed
from reassure.periods import london_wall
from reassure_web.accounts.models import User
from reassure_web.audit.services import record_seen
from reassure_web.patrols.models import Day, NeedOverride
from reassure_web.patrols.queries_inputs import DayNeeds, day_needs
from reassure_web.patrols.queries_planning import PAGE, On, on_day

TERM_WORDS = {
    "attendance": "Attendance",
    "incidents": "Incidents",
    "declared": "Declared",
    "gap": "Security gap",
    "recency": "Last visit",
    "request": "Request",
}
"""Terms of the sum in the order in which they are added up."""


@dataclass(frozen=True, slots=True)
class NeedLine:
    """One place and occasion with its points by term."""

    need: PlaceNeed
    name: str
    occasion: str
    must_reason: str
    override: NeedOverride | None
    is_visited: bool = False

    @property
    def parts(self) -> list[int]:
        """Points by term, in the order of `TERM_WORDS`."""
        parts = self.need.score.parts
        return [getattr(parts, name) for name in TERM_WORDS]

    @property
    def is_estimated(self) -> bool:
        """Whether attendance is an estimate because nobody gave a band."""
        return self.need.score.inputs.is_estimated


@dataclass(frozen=True)
class NeedPage:
    """The needs of a day, highest first, a page of them."""

    head: On
    lines: tuple[NeedLine, ...]
    overrides: tuple[NeedOverride, ...]
    gate: str
    counts: Mapping[str, int]
    n: int
    number: int
    n_pages: int
    n_places: int

    @property
    def terms(self) -> list[str]:
        """Headings of the terms."""
        return list(TERM_WORDS.values())


def need_page(actor: User, slug: str, on: date, gate: str, number: int, *, now: datetime) -> NeedPage:
    """The needs of a day with one gate: open, closed or opted_out."""
    head = on_day(actor, slug, on, Action.NEED_READ, now=now)
    people = NeedOverride.objects.select_related("asked_by", "decided_by")
    days = Day.objects.prefetch_related(Prefetch("overrides", people))
    day = days.filter(area_code=head.area.code, on=on).first()
    found = day_needs(head.area, day or Day(area_code=head.area.code, on=on))
    rows = list(day.overrides.all()) if day else []
    standing = {row.place_ref: row for row in rows if row.state in {"asked", "signed"}}
    gate = gate if gate in {"open", "closed", "opted_out"} else "open"
    shown = sorted((n for n in found.needs if n.score.gate == gate), key=lambda n: (-n.score.points, n.place_ref))
    n_pages = max(1, -(-len(shown) // PAGE))
    number = min(max(1, number), n_pages)
    record_seen(actor, Action.NEED_READ, f"need:{head.area.code}/{on}", now=now, outcome="listed", rows=len(shown))
    return NeedPage(
        head=head,
        lines=_lines(found, shown[(number - 1) * PAGE : number * PAGE], standing, on),
        overrides=tuple(rows),
        gate=gate,
        counts=Counter(n.score.gate for n in found.needs),
        n=len(shown),
        number=number,
        n_pages=n_pages,
        n_places=len(found.names),
    )


def _lines(
    found: DayNeeds, shown: Sequence[PlaceNeed], standing: Mapping[str, NeedOverride], on: date
) -> tuple[NeedLine, ...]:
    clock = _clock(on, found.window)
    occasions = {o.ref: o for o in found.occasions}
    return tuple(
        NeedLine(
            need,
            found.names[need.place_ref],
            _words(occasions[need.occasion_ref], clock) if need.occasion_ref else "",
            found.must.get(need.place_ref, ""),
            standing.get(need.place_ref),
        )
        for need in shown
    )


def _words(occasion: Occasion, clock: Clock) -> str:
    return f"{key_words(occasion.key)} {' and '.join(clock.time(s.starts_at) for s in occasion.sittings)}"


def _clock(on: date, window: tuple[datetime, datetime]) -> Clock:
    offsets = {london_wall(at).utcoffset() for at in window}
    return Clock(on, has_change=len(offsets) > 1 and timedelta(0) in offsets)
