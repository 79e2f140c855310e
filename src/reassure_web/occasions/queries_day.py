"""A day of an area by hour and place, one place's times, and texts that no rule could read."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet

from reassure.access.allowed import Action
from reassure.files.occasions_html import present_by_hour
from reassure.occasions.expand import expand
from reassure.occasions.osm_times import osm_text_problems
from reassure.occasions.values import Announcement, Occasion
from reassure.occasions.values import Rule as Facts
from reassure.occasions.why import Said, why
from reassure.periods import london_wall
from reassure.places.place import Place as PlaceFacts
from reassure_web.accounts.models import User
from reassure_web.occasions import queries
from reassure_web.occasions.models import Rule, TimetableRun
from reassure_web.occasions.wording import (
    CONFIDENCE,
    RANKS,
    STATUS,
    clock,
    date_words,
    kind_words,
    rule_words,
    times_words,
)
from reassure_web.places import queries as places
from reassure_web.places.models import Area, Place
from reassure_web.places.queries_register import area_register

PAGE = 50
DAYS_SHOWN = 14
LASTING = timedelta(days=400)
"""How far from today a day may lie that is shown."""


@dataclass(frozen=True, slots=True)
class Line:
    """An occasion as a row of a list."""

    place_ref: str
    title: str
    kind: str
    key: str
    times: str
    people: str
    confidence: str
    status: str
    on: date
    notes: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour of the day: how many occasions have people present, and of which kinds."""

    hour: int
    n: int
    kinds: str


@dataclass(frozen=True, slots=True)
class DayPage:
    """What is known of a day: its hours, the occasions of the filter, and what was looked at to know it."""

    area: Area
    on: date
    hours: tuple[Hour, ...]
    counts: tuple[int, ...]
    lines: tuple[Line, ...]
    n: int
    n_day: int
    n_cancelled: int
    number: int
    n_pages: int
    n_places: int
    n_rules: int
    n_announcements: int
    may_change: bool


def day_page(actor: User, slug: str, on: date, hour: int | None, number: int, now: datetime) -> DayPage:
    """Who gathers in an area on a day; `Area.DoesNotExist` for an area out of reach."""
    area = places.area_by_slug(actor, slug, now)
    register = area_register(area.code)
    rules = queries.rules_of(register, queries.stored_rules(area.code))
    announced = queries.area_announcements()
    every = list(expand(register.places, rules, on, on, announcements=announced))
    held = [occasion for occasion in every if occasion.status != "cancelled"]
    by_hour = present_by_hour(held)
    shown = [o for o in every if hour is None or _is_present(o, on, hour)]
    n_pages = max(1, -(-len(shown) // PAGE))
    number = min(max(1, number), n_pages)
    titles = {place.ref: place.title for place in register.places}
    counts = tuple(by_hour.get((on, h), Counter()).total() for h in range(24))
    return DayPage(
        area=area,
        on=on,
        hours=tuple(Hour(h, counts[h], _kinds(by_hour[(on, h)])) for h in range(24) if counts[h]),
        counts=counts,
        lines=tuple(_line(o, titles[o.place_ref]) for o in shown[(number - 1) * PAGE : number * PAGE]),
        n=len(shown),
        n_day=len(every),
        n_cancelled=len(every) - len(held),
        number=number,
        n_pages=n_pages,
        n_places=len(register.places),
        n_rules=len(rules),
        n_announcements=len(announced),
        may_change=area.code in places.reach_of(actor, Action.OCCASION_CHANGE, now).areas,
    )


def _is_present(occasion: Occasion, on: date, hour: int) -> bool:
    return any(cell == (on, hour) for cell in present_by_hour([occasion]))


def _kinds(kinds: Counter[str]) -> str:
    return ", ".join(f"{kind_words(code)} {n:,}" for code, n in kinds.most_common())


def _line(occasion: Occasion, title: str) -> Line:
    notes = tuple(filter(None, (date_words(occasion), *occasion.notes)))
    return Line(
        place_ref=occasion.place_ref,
        title=title,
        kind=kind_words(occasion.key),
        key=occasion.key,
        times=times_words(occasion),
        people=f"{clock(occasion.arrive_from)} to {clock(occasion.gone_by)}",
        confidence=CONFIDENCE[occasion.confidence],
        status=STATUS[occasion.status],
        on=occasion.on,
        notes=notes,
        source=occasion.source_ref.replace("_", " "),
    )


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule of a place as a row of a list; `number` is 0 for one that comes from OpenStreetMap's text."""

    number: int
    kind: str
    words: str
    rank: str
    source: str
    made_at: datetime | None


@dataclass(frozen=True, slots=True)
class PlaceTimes:
    """When a place gathers: its rules, the days to come, and the text that waits to be read."""

    row: Place
    place: PlaceFacts
    rules: tuple[RuleLine, ...]
    lines: tuple[Line, ...]
    unread: str
    may_change: bool


def place_times(actor: User, ref: str, now: datetime) -> PlaceTimes:
    """The times of a place; `Place.DoesNotExist` for one out of reach."""
    row = places.place_row_visible(actor, ref, now)
    known = of_place(row)
    today = london_wall(now).date()
    found = expand(
        [known.place], known.facts, today, today + timedelta(days=DAYS_SHOWN - 1), announcements=known.announcements
    )
    lines = [RuleLine(0, kind_words(r.key), rule_words(r), RANKS[r.rank], r.source_ref, None) for r in known.texts]
    lines += [
        RuleLine(held.pk, kind_words(held.key), rule_words(rule), RANKS[rule.rank], rule.source_ref, held.made_at)
        for held, rule in zip(known.rows, known.facts, strict=False)
    ]
    return PlaceTimes(
        row=row,
        place=known.place,
        rules=tuple(lines),
        lines=tuple(_line(occasion, known.place.title) for occasion in found),
        unread=row.service_times if row.times_state == "unread" else "",
        may_change=places.reach_of(actor, Action.OCCASION_CHANGE, now).holds(known.place),
    )


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known of one place's times: rows and their rules first, then rules of OpenStreetMap's text."""

    place: PlaceFacts
    rows: tuple[Rule, ...]
    facts: tuple[Facts, ...]
    texts: tuple[Facts, ...]
    announcements: tuple[Announcement, ...]


def of_place(row: Place) -> Known:
    """The place of a record with its rules and those of the records merged into it."""
    merged = places.aliases()
    place = places.read([row], merged)[0]
    refs = [row.ref, *merged.absorbed_by(row.ref)]
    rows = tuple(Rule.objects.filter(place_ref__in=refs, ended_at=None).order_by("rank", "id"))
    texts = queries.text_rules(place, row.service_times) if row.times_state == "read" else ()
    facts = tuple(queries.spoken_of(held.facts(), row.ref) for held in rows)
    return Known(place, rows, (*facts, *texts), tuple(texts), queries.area_announcements())


@dataclass(frozen=True, slots=True)
class Word:
    """One kind of occasion of a place on a day, for a form about it: what stands, and every word said of it."""

    row: Place
    kind: str
    on: date
    starts: tuple[str, ...]
    length_min: int
    said: tuple[tuple[str, str, str, str], ...]


def word_page(actor: User, ref: str, code: str, on: date, now: datetime) -> Word:
    """What is said of a kind of occasion at a place on a day, best rank first."""
    row = places.place_row_visible(actor, ref, now)
    known = of_place(row)
    found = [o for o in expand([known.place], known.facts, on, on, announcements=known.announcements) if o.key == code]
    sittings = [sitting for occasion in found for sitting in occasion.sittings]
    minutes = [round((s.ends_at - s.starts_at).total_seconds() / 60) for s in sittings]
    said = why(known.place, known.facts, on, announcements=known.announcements)
    return Word(
        row=row,
        kind=kind_words(code),
        on=on,
        starts=tuple(clock(sitting.starts_at) for sitting in sittings),
        length_min=max(minutes, default=60),
        said=tuple(_said(one) for one in said if one.key == code),
    )


def _said(said: Said) -> tuple[str, str, str, str]:
    times = ", ".join(clock(at) for at in said.starts) or "no times"
    return (times, RANKS[said.rank], said.source_ref or "unnamed source", said.verdict)


@dataclass(frozen=True, slots=True)
class Unread:
    """A text that no rule could read, and why."""

    row: Place
    why: str


def unread_texts(actor: User, now: datetime) -> list[Unread]:
    """The texts that wait where somebody may change times, by name of the place; at most 200."""
    rows: QuerySet[Place] = places.unread_visible_to(actor, now)
    return [Unread(row, _problem(row.service_times)) for row in rows.defer("record", "words")[:200]]


def _problem(raw: str) -> str:
    return next((problem.text for problem in osm_text_problems(raw)), "")


def timetables_visible_to(actor: User, now: datetime) -> QuerySet[TimetableRun]:
    """The timetables that people of the same area handed in, newest first; those of others are not found."""
    reach = places.reach_of(actor, Action.OCCASION_CHANGE, now)
    return TimetableRun.objects.all() if reach.is_national else TimetableRun.objects.filter(area_code__in=reach.areas)


def held_records(refs: Iterable[str]) -> Sequence[Rule]:
    """The rules that hold at these places."""
    return list(Rule.objects.filter(place_ref__in=list(refs), ended_at=None))


def starts_of(known: Known, code: str, on: date) -> tuple[time, ...]:
    """At which times of London's clock a kind of occasion starts at a place on a day."""
    found = expand([known.place], known.facts, on, on, announcements=known.announcements)
    return tuple(london_wall(s.starts_at).time() for o in found if o.key == code for s in o.sittings)
