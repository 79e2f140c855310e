"""Two records that may be one: proposals by the rules, decisions by people, and taking decisions back."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from reassure.access.allowed import Action
from reassure.access.grants import require
from reassure.errors import RuleError
from reassure.places.matching import Pair as Proposal
from reassure.places.matching import duplicate_pairs, verdict_on
from reassure.places.merging import merge, older_first
from reassure_web.accounts.models import User
from reassure_web.audit.services import record
from reassure_web.places import queries
from reassure_web.places.models import Alias, Pair, Place
from reassure_web.places.services import show


class DecidedMeanwhileError(RuleError):
    """Somebody else decided the pair since the page was opened."""


def propose_pairs(area_codes: Iterable[str]) -> int:
    """Look for pairs anew in these areas; what people said stays. Gives how many wait for a decision."""
    codes = list(area_codes)
    rows = Place.objects.filter(area_code__in=codes, is_standing=True)
    places = queries.read(rows)
    held = {
        (pair.first, pair.second): pair for pair in Pair.objects.filter(first_area__in=codes, second_area__in=codes)
    }
    said = [pair.facts() for pair in held.values() if pair.verdict == "different"]
    found = {pair.refs: pair for pair in duplicate_pairs(places, said)}
    area_of = {place.ref: place.area_code for place in places}
    gone = [pair.pk for refs, pair in held.items() if refs not in found and pair.verdict in {"", "unsure"}]
    Pair.objects.filter(pk__in=gone).delete()
    rows_of = [_pair_row(pair, area_of, held.get(refs)) for refs, pair in found.items()]
    Pair.objects.bulk_create(
        rows_of,
        update_conflicts=True,
        unique_fields=["first", "second"],
        update_fields=["kind", "distance_m", "likeness", "first_area", "second_area", "verdict"],
        batch_size=500,
    )
    return sum(not pair.verdict for pair in rows_of)


def _pair_row(pair: Proposal, area_of: dict[str, str], held: Pair | None) -> Pair:
    """The row of a proposal; a "different" that no longer holds is asked again."""
    first, second = pair.refs
    return Pair(
        first=first,
        second=second,
        first_area=area_of[first],
        second_area=area_of[second],
        kind=pair.kind,
        distance_m=pair.distance_m,
        likeness=pair.likeness,
        verdict=held.verdict if held and held.verdict == "unsure" else "",
    )


@transaction.atomic
def look_for_pairs(actor: User, *, now: datetime) -> int:
    """Look for pairs anew in every area in which somebody may change places."""
    require(actor.grants(now), Action.PLACE_CHANGE, now=now)
    reach = queries.reach_of(actor, Action.PLACE_CHANGE, now)
    areas = queries.areas_visible_to(actor, now).values_list("code", flat=True)
    n = propose_pairs(areas if reach.is_national else reach.areas)
    record(actor, Action.PLACE_CHANGE, "pairs", now=now, reason="looked for pairs")
    return n


@transaction.atomic
def decide_pair(actor: User, number: int, verdict: str, *, now: datetime) -> None:
    """
    Say of two records that they are one place, two places, or that nobody can tell yet.

    Raises
    ------
    DecidedMeanwhileError
        The pair was decided before, or one of the two was merged into another place.
    """
    pair = queries.pairs_visible_to(actor, now).select_for_update().get(pk=number)
    _require_both(actor, pair, now)
    if pair.verdict in {"same", "different"}:
        raise DecidedMeanwhileError(f"{pair.decided_by} decided on this pair: {pair.verdict}.")
    rows = {row.ref: row for row in Place.objects.select_for_update().filter(ref__in=[pair.first, pair.second])}
    first, second = rows[pair.first], rows[pair.second]
    said = verdict_on(first.facts(), second.facts(), verdict)
    if verdict == "same":
        _merge(actor, first, second, now)
    pair.verdict, pair.decided_by, pair.decided_at = verdict, actor, now
    pair.then = {"names": said.names, "points": [[p.lat_deg, p.lon_deg] for p in said.points]}
    pair.save()
    subject = f"pair:{pair.first}+{pair.second}"
    record(actor, Action.PLACE_CHANGE, subject, now=now, reason=verdict, change={"verdict": verdict})


@transaction.atomic
def undo_pair(actor: User, number: int, *, now: datetime) -> None:
    """Take back what was said of a pair; two records that were one are two again, as they were before."""
    pair = queries.pairs_visible_to(actor, now).select_for_update().get(pk=number)
    _require_both(actor, pair, now)
    if not pair.verdict:
        raise RuleError("Nothing was said of this pair that could be taken back.")
    if pair.verdict == "same":
        _take_apart(pair)
    said = pair.verdict
    pair.verdict, pair.decided_by, pair.decided_at, pair.then = "", None, None, None
    pair.save()
    record(actor, Action.PLACE_CHANGE, f"pair:{pair.first}+{pair.second}", now=now, reason=f"{said} taken back")


def _merge(actor: User, first: Place, second: Place, now: datetime) -> None:
    ages = {row.ref: row.recorded_at for row in (first, second)}
    kept, absorbed = older_first(first.facts(), second.facts(), ages)
    reach = queries.reach_of(actor, Action.PLACE_CHANGE, now)
    granted = None if reach.is_national else reach.areas
    try:
        merge(queries.aliases(), absorbed, kept, decided_by=str(actor.pk), decided_at=now, areas_granted=granted)
    except RuleError as error:
        raise DecidedMeanwhileError(error.problems) from None
    Alias.objects.create(absorbed=absorbed.ref, kept=kept.ref, decided_by=actor, decided_at=now)
    rows = {first.ref: first, second.ref: second}
    rows[absorbed.ref].is_standing = False
    rows[absorbed.ref].save(update_fields=["is_standing"])
    show(rows[kept.ref])
    rows[kept.ref].save()


def _take_apart(pair: Pair) -> None:
    """Let the absorbed record stand again; the one that it was read with is shown without it."""
    alias = Alias.objects.filter(Q(absorbed=pair.first, kept=pair.second) | Q(absorbed=pair.second, kept=pair.first))
    found = alias.get()
    stood = queries.aliases().resolve(found.absorbed)
    found.delete()
    rows = {row.ref: row for row in Place.objects.select_for_update().filter(ref__in=[found.absorbed, stood])}
    absorbed = rows[found.absorbed]
    absorbed.is_standing = True
    for row in rows.values():
        show(row)
        row.save()


def _require_both(actor: User, pair: Pair, now: datetime) -> None:
    for area, ref in ((pair.first_area, pair.first), (pair.second_area, pair.second)):
        require(actor.grants(now), Action.PLACE_CHANGE, now=now, area=area, place=ref)
