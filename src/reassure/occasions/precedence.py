"""Which word stands for one place, kind and day, and what becomes of the others.

Rules: the lowest rank wins, and only there: 1 the place's word for that date, 2 a published table row, 3 the
place's rule in season, 4 the text of others, 5 the tradition default. Inside one rank a seasonal rule beats one
for all year, then the newest observation stands; a tie goes to the first source by name and is noted. Two
sources of ranks 1 to 3 that differ by more than 10 minutes are noted. A cancelled occasion stays visible.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from reassure.geo import Point
from reassure.occasions.values import RANK_CONFIDENCE as CONFIDENCE
from reassure.occasions.values import Occasion, Sitting, one_or_two
from reassure.periods import london_wall

DIFFERS = timedelta(minutes=10)
"""Two sources whose starts lie farther apart than this are said to differ."""

_EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Offer:
    """What one rule (or default) says about one kind of occasion on one day at one place; sittings by time."""

    rank: int
    sittings: tuple[Sitting, ...]
    source_ref: str = ""
    observed_on: date | None = None
    is_seasonal: bool = False
    band: str = ""
    is_outdoor: bool = False
    route: tuple[Point, ...] = ()
    share: float = 1.0
    authority: str = ""
    replaces: tuple[str, ...] = ()
    note: str = ""
    status: str = "forecast"


@dataclass(frozen=True, slots=True)
class Word:
    """A place's word for the date: `says` is `times` (with an offer of rank 1), `confirmed` or `cancelled`."""

    says: str
    said_at: datetime | None
    offer: Offer


@dataclass(frozen=True, slots=True)
class Settled:
    """What stands for one kind, place and day: offers that share it, their status, and notes for the planner."""

    offers: tuple[Offer, ...]
    status: str
    notes: tuple[str, ...] = ()


def settle(offers: Iterable[Offer], words: Iterable[Word]) -> Settled:
    """
    The word that stands, from what rules offer (ranks 2 to 5) and what the place said of the date (rank 1).

    Returns
    -------
    Settled
        Without offers when nothing is said, or when a word confirms what no rule gives.
    """
    ruled, words = list(offers), list(words)
    if len(ruled) == 1 and not words:
        return Settled((ruled[0],), ruled[0].status)
    standing = _standing(ruled)
    timed: list[Offer] = []
    for word in sorted(words, key=_word_order):
        if word.says == "times":
            timed = [*timed, word.offer] if standing.status != "cancelled" else [word.offer]
            standing = Settled(tuple(timed), "confirmed", _differing(timed, ruled))
        elif word.says == "confirmed":
            held = tuple(_spoken_for(offer, word.offer) for offer in standing.offers)
            standing = Settled(held, "confirmed", standing.notes)
        else:
            held = standing.offers or ((word.offer,) if word.offer.sittings else ())
            held = tuple(_spoken_for(offer, word.offer) for offer in held)
            standing = Settled(held, "cancelled", standing.notes)
    return standing


def occasions_of(settled: Settled, *, place_ref: str, key: str, on: date, band: str) -> list[Occasion]:
    """
    The occasions of one kind on one day, by time, with refs that number them from 1.

    Sittings at the building whose presence is at most 30 minutes apart are one; an outdoor offer stands alone.
    """
    groups: list[tuple[tuple[Sitting, ...], Offer]] = []
    if len(settled.offers) == 1 and len(settled.offers[0].sittings) == 1:
        groups.append((settled.offers[0].sittings, settled.offers[0]))
    else:
        for offers in _together(settled.offers):
            sittings = {sitting: None for offer in offers for sitting in offer.sittings}
            groups += [(group, _merged(offers)) for group in one_or_two(sittings)]
        groups.sort(key=lambda held: (held[0][0].starts_at, held[0][0].ends_at, held[1].route))
    day = on.isoformat()
    return [
        Occasion(
            ref=f"{place_ref}:{key}:{day}:{n}",
            place_ref=place_ref,
            key=key,
            on=on,
            sittings=sittings,
            date_share=offer.share,
            authority=offer.authority,
            band=offer.band or band,
            is_outdoor=offer.is_outdoor,
            route=offer.route,
            source_ref=offer.source_ref,
            observed_on=offer.observed_on,
            confidence=CONFIDENCE[offer.rank],
            status=settled.status,
            replaces=offer.replaces,
            rank=offer.rank,
            notes=tuple(dict.fromkeys((*settled.notes, offer.note))) if offer.note else settled.notes,
        )
        for n, (sittings, offer) in enumerate(groups, start=1)
    ]


def _standing(ruled: Sequence[Offer]) -> Settled:
    if not ruled:
        return Settled((), "forecast")
    best = min(offer.rank for offer in ruled)
    held = [offer for offer in ruled if offer.rank == best]
    held = [offer for offer in held if offer.is_seasonal] or held
    newest = max(offer.observed_on or date.min for offer in held)
    held = [offer for offer in held if (offer.observed_on or date.min) == newest]
    sources = sorted({offer.source_ref for offer in held})
    notes: tuple[str, ...] = ()
    if len(sources) > 1:
        held = [offer for offer in held if offer.source_ref == sources[0]]
        notes = (f"two sources of equal weight: {' and '.join(sources)}",)
    status = next((offer.status for offer in held if offer.status != "forecast"), "forecast")
    return Settled(tuple(held), status, notes + _differing(held, ruled))


def _differing(held: Sequence[Offer], ruled: Sequence[Offer]) -> tuple[str, ...]:
    """What other sources of ranks 1 to 3 say, where it is over 10 minutes away from what stands."""
    starts, sources = _starts(held), {offer.source_ref for offer in held}
    if min(offer.rank for offer in held) > 3:
        return ()
    others = sorted({offer.source_ref for offer in ruled if offer.rank <= 3} - sources)
    found = []
    for source in others:
        said = _starts(_standing([o for o in ruled if o.source_ref == source and o.rank <= 3]).offers)
        far = len(said) != len(starts) or any(abs(a - b) > DIFFERS for a, b in zip(said, starts, strict=True))
        if far:
            times = ", ".join(f"{london_wall(at):%H:%M}" for at in said)
            found.append(f"sources differ: {source or 'an unnamed source'} says {times}")
    return tuple(found)


def _starts(offers: Iterable[Offer]) -> list[datetime]:
    return sorted({sitting.starts_at for offer in offers for sitting in offer.sittings})


def _spoken_for(offer: Offer, word: Offer) -> Offer:
    """An offer as the place's word makes it: same times, the word's rank and source."""
    return replace(
        offer, rank=word.rank, source_ref=word.source_ref, observed_on=word.observed_on, band=word.band or offer.band
    )


def _together(offers: Sequence[Offer]) -> list[list[Offer]]:
    """Offers whose sittings may form one occasion: those at the building; each route by itself."""
    held: dict[tuple[bool, tuple[Point, ...]], list[Offer]] = {}
    for offer in offers:
        held.setdefault((offer.is_outdoor, offer.route), []).append(offer)
    return list(held.values())


def _merged(offers: Sequence[Offer]) -> Offer:
    if len(offers) == 1:
        return offers[0]
    first = min(offers, key=_offer_order)
    return replace(
        first,
        band=next((offer.band for offer in sorted(offers, key=_offer_order) if offer.band), ""),
        share=max(offer.share for offer in offers),
        replaces=tuple(sorted({code for offer in offers for code in offer.replaces})),
    )


def _offer_order(offer: Offer) -> tuple[object, ...]:
    first = offer.sittings[0]
    return (first.starts_at, first.ends_at, offer.source_ref, offer.observed_on or date.min, offer.band, offer.note)


def _word_order(word: Word) -> tuple[object, ...]:
    return (word.said_at or _EARLIEST, word.says, [s.starts_at for s in word.offer.sittings], word.offer.source_ref)
