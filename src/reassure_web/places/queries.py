"""What somebody may see of the register: areas, lists of places, one place.

Scope is applied here and nowhere else: what lies outside it does not exist for the person who asks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, Count, OuterRef, Q, QuerySet, Subquery, When
from shapely.geometry import shape

from reassure.access.allowed import ALLOWED, Action
from reassure.access.grants import Scope, may
from reassure.errors import InputError, NotAllowedError
from reassure.files.place_json import place_of_object
from reassure.places.areas import AreaMap, Outline
from reassure.places.matching import KINDS, name_key
from reassure.places.merging import Alias as Merge
from reassure.places.merging import Aliases, read_together
from reassure.places.place import Place as Facts
from reassure.places.postcodes import Gazetteer, parse_postcode
from reassure_web.accounts.models import User
from reassure_web.places.models import Alias, Area, District, ImportRun, Pair, Place, Postcode

PAGE = 50


@dataclass(frozen=True, slots=True)
class Reach:
    """How far somebody's grants for one action go."""

    is_national: bool
    areas: frozenset[str]
    places: frozenset[str]

    @property
    def is_nothing(self) -> bool:
        """Whether no place at all is in reach."""
        return not (self.is_national or self.areas or self.places)

    @property
    def area_words(self) -> str:
        """The codes of the areas in order, parted by spaces; empty for the whole nation."""
        return "" if self.is_national else " ".join(sorted(self.areas))

    def holds(self, place: Facts) -> bool:
        """Whether a place is in reach."""
        return self.is_national or place.area_code in self.areas or place.ref in self.places


def reach_of(actor: User, action: Action, now: datetime) -> Reach:
    """The areas and places for which somebody holds a grant that allows the action."""
    held = [grant for grant in actor.grants(now) if grant.role in ALLOWED[action]]
    return Reach(
        any(grant.scope is Scope.NATION for grant in held),
        frozenset(ref for grant in held if grant.scope is Scope.AREAS for ref in grant.refs),
        frozenset(ref for grant in held if grant.scope is Scope.PLACES for ref in grant.refs),
    )


def areas_visible_to(actor: User, now: datetime) -> QuerySet[Area]:
    """The police areas that somebody may look into, by name."""
    reach = reach_of(actor, Action.PLACE_READ, now)
    return Area.objects.all() if reach.is_national else Area.objects.filter(code__in=reach.areas)


def area_by_slug(actor: User, slug: str, now: datetime) -> Area:
    """An area by the word in an address; `Area.DoesNotExist` for another's as for none."""
    return areas_visible_to(actor, now).get(slug=slug)


def places_visible_to(actor: User, now: datetime) -> QuerySet[Place]:
    """Every record, merged ones too, that somebody may see, by name."""
    reach = reach_of(actor, Action.PLACE_READ, now)
    if reach.is_national:
        return Place.objects.all()
    return Place.objects.filter(Q(area_code__in=reach.areas) | Q(ref__in=reach.places))


def place_row_visible(actor: User, ref: str, now: datetime) -> Place:
    """The record of a place; `Place.DoesNotExist` for one out of reach as for none."""
    return places_visible_to(actor, now).get(ref=ref)


def aliases() -> Aliases:
    """Every merge that stands."""
    rows = Alias.objects.values_list("absorbed", "kept", "decided_by_id", "decided_at")
    return Aliases({absorbed: Merge(absorbed, kept, f"user:{by}", at) for absorbed, kept, by, at in rows})


def read(rows: Iterable[Place], merged: Aliases | None = None) -> list[Facts]:
    """The places of standing records in the order given, each read together with those merged into it."""
    held = {row.ref: row.facts() for row in rows}
    merged = aliases() if merged is None else merged
    absorbed: dict[str, list[Facts]] = {}
    refs = [ref for ref in merged.by_absorbed if merged.resolve(ref) in held] if merged.by_absorbed else []
    for row in Place.objects.filter(ref__in=refs) if refs else ():
        absorbed.setdefault(merged.resolve(row.ref), []).append(row.facts())
    return [read_together(place, absorbed[ref]) if ref in absorbed else place for ref, place in held.items()]


def area_map() -> AreaMap:
    """The outlines that are loaded."""
    rows = Area.objects.filter(outline__isnull=False)
    return AreaMap([Outline(row.code, row.name, shape(row.outline)) for row in rows if row.outline])


def districts() -> dict[str, str]:
    """Police area of each district."""
    return dict(District.objects.values_list("lad_code", "area_code"))


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of places is narrowed to; empty words narrow nothing."""

    area: str = ""
    faith: str = ""
    status: str = ""
    doubt: str = ""
    text: str = ""

    @property
    def query(self) -> str:
        """The filters as they stand in an address."""
        names = ("area", "faith", "status", "doubt", "text")
        return urlencode({name: value for name in names if (value := getattr(self, name))})

    def narrow(self, rows: QuerySet[Place]) -> QuerySet[Place]:
        """The standing records that fit."""
        wanted: dict[str, Any] = {"is_standing": True}
        if self.area:
            wanted["area_code__in"] = Area.objects.filter(slug=self.area).values("code")
        if self.faith:
            wanted["faiths__contains"] = f" {self.faith} "
        if self.status:
            wanted["status"] = self.status
        if self.doubt:
            wanted["doubts__contains"] = f" {self.doubt} "
        found = rows.filter(**wanted)
        for word in name_key(self.text).split():
            found = found.filter(words__contains=word)
        return found


@dataclass(frozen=True, slots=True)
class PlacesPage:
    """
    A page of a list of places, and where it stands in the whole.

    Over the whole nation without a filter there are no rows, but `counts`: how many places each area has.
    """

    rows: list[Place]
    n: int
    number: int
    n_pages: int
    filters: Filters
    areas: list[Area]
    counts: list[tuple[Area, int]]
    may_import: bool
    may_change: bool

    @property
    def area(self) -> Area | None:
        """The one area that the list is about, if it is about one."""
        chosen = [area for area in self.areas if area.slug == self.filters.area]
        return chosen[0] if chosen else self.areas[0] if len(self.areas) == 1 else None


def places_page(actor: User, filters: Filters, number: int, now: datetime) -> PlacesPage:
    """
    One page of the places that somebody may see.

    Raises
    ------
    NotAllowedError
        No grant of theirs reaches a list of places, such as an officer's, who has a card.
    """
    require_list(actor, now)
    areas = list(areas_visible_to(actor, now))
    counts = counts_by_area(actor, areas, now) if reach_of(actor, Action.PLACE_READ, now).is_national else []
    is_by_area = bool(counts) and not filters.query
    found = filters.narrow(places_visible_to(actor, now))
    n = sum(n for _, n in counts) if is_by_area else found.count()
    n_pages = 1 if is_by_area else max(1, -(-n // PAGE))
    number = min(max(1, number), n_pages)
    named = found.defer("record", "words").annotate(area_name=_area_name())
    return PlacesPage(
        rows=[] if is_by_area else list(named[(number - 1) * PAGE : number * PAGE]),
        n=n,
        number=number,
        n_pages=n_pages,
        filters=filters,
        areas=areas,
        counts=counts if is_by_area else [],
        may_import=may(actor.grants(now), Action.PLACE_IMPORT, now=now),
        may_change=may(actor.grants(now), Action.PLACE_CHANGE, now=now),
    )


def _area_name() -> Subquery:
    return Subquery(Area.objects.filter(code=OuterRef("area_code")).values("name")[:1])


def require_list(actor: User, now: datetime) -> None:
    """Let somebody see lists of places; `NotAllowedError` when nothing of the register is in their reach."""
    if reach_of(actor, Action.PLACE_READ, now).is_nothing:
        raise NotAllowedError(
            "You may not see the list of places. Who may: adviser, commander, coordinator, planner, supervisor, "
            "trustee. Officers find their stops on the card.",
            action=Action.PLACE_READ.code,
        )


def counts_by_area(actor: User, areas: Iterable[Area], now: datetime) -> list[tuple[Area, int]]:
    """How many standing places each area has, for a look at the nation; areas with none are left out."""
    standing = places_visible_to(actor, now).filter(is_standing=True)
    counts = dict(standing.order_by().values_list("area_code").annotate(n=Count("id")))
    return [(area, counts[area.code]) for area in areas if counts.get(area.code)]


def of_record(kept: Any) -> Facts:
    """The place of a kept record."""
    return place_of_object(kept)


def unread_visible_to(actor: User, now: datetime) -> QuerySet[Place]:
    """Places whose text of times no rule could read, where somebody may change times, by name."""
    reach = reach_of(actor, Action.OCCASION_CHANGE, now)
    waiting = Place.objects.filter(times_state="unread", is_standing=True)
    return waiting if reach.is_national else waiting.filter(area_code__in=reach.areas)


def imports_visible_to(actor: User, now: datetime) -> QuerySet[ImportRun]:
    """The files that people of the same areas handed in, newest first; those of others are not found."""
    reach = reach_of(actor, Action.PLACE_IMPORT, now)
    return ImportRun.objects.none() if reach.is_nothing else ImportRun.objects.filter(areas=reach.area_words)


@dataclass(frozen=True, slots=True)
class PairsPage:
    """Pairs that wait, with the places of each, and how many there are; those decided last below."""

    waiting: list[tuple[Pair, Place, Place]]
    n_waiting: int
    decided: list[tuple[Pair, Place, Place]]
    may_change: bool


def pairs_page(actor: User, now: datetime) -> PairsPage:
    """The pairs that somebody may see: by kind and distance those that wait, newest first those decided."""
    visible = pairs_visible_to(actor, now).select_related("decided_by")
    waiting = waiting_pairs(actor, now)
    return PairsPage(
        waiting=_with_places(waiting[:PAGE]),
        n_waiting=waiting.count(),
        decided=_with_places(visible.exclude(verdict__in=["", "unsure"]).order_by("-decided_at")[:20]),
        may_change=not reach_of(actor, Action.PLACE_CHANGE, now).is_nothing,
    )


def waiting_pairs(actor: User, now: datetime) -> QuerySet[Pair]:
    """Pairs of two standing records that nobody has called the same or different."""
    absorbed = Alias.objects.values("absorbed")
    pairs = pairs_visible_to(actor, now).filter(verdict__in=["", "unsure"])
    order = Case(*(When(kind=kind, then=n) for n, kind in enumerate(KINDS)), default=len(KINDS))
    standing = pairs.exclude(first__in=absorbed).exclude(second__in=absorbed)
    return standing.annotate(order=order).order_by("verdict", "order", "distance_m", "first", "second")


def _with_places(pairs: Iterable[Pair]) -> list[tuple[Pair, Place, Place]]:
    held = list(pairs)
    refs = {ref for pair in held for ref in (pair.first, pair.second)}
    rows = {row.ref: row for row in Place.objects.filter(ref__in=refs).defer("record", "words")}
    return [(pair, rows[pair.first], rows[pair.second]) for pair in held]


def pairs_visible_to(actor: User, now: datetime) -> QuerySet[Pair]:
    """Pairs of which somebody may see both places, surest first."""
    reach = reach_of(actor, Action.PLACE_READ, now)
    pairs = Pair.objects.order_by("distance_m", "first", "second")
    if reach.is_national:
        return pairs
    return pairs.filter(
        Q(first_area__in=reach.areas) | Q(first__in=reach.places),
        Q(second_area__in=reach.areas) | Q(second__in=reach.places),
    )


def gazetteer(wanted: Iterable[str]) -> Gazetteer | None:
    """Where these postcodes are, their sectors and outward codes; nothing where no list is loaded."""
    if not Postcode.objects.exists():
        return None
    codes = set()
    for text in wanted:
        try:
            postcode = parse_postcode(text)
        except InputError:
            continue
        codes |= {postcode, postcode[:-2], postcode[:-4]}
    rows: dict[str, Postcode] = {}
    ordered = sorted(codes)
    for start in range(0, len(ordered), 5_000):
        rows |= Postcode.objects.in_bulk(ordered[start : start + 5_000])
    middles = {c: (row.lat_deg, row.lon_deg, row.lad_code) for c, row in rows.items() if not row.quality}
    full = {c: (r.lat_deg, r.lon_deg, r.quality, r.lad_code) for c, r in rows.items() if r.quality}
    return Gazetteer(full.get, middles, middles)
