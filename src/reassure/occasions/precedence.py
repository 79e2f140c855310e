"""Which word stands for one place, kind and day, and what becomes of the others.

Rules: the lowest rank wins, and only there: 1 the place's word for that date, 2 a published table row, 3 the
place's rule in season, 4 the text of others, 5 the tradition default. Inside one rank a seasonal rule beats one
for all year, then the newest observation stands; a tie goes to the first source by name and is noted. Two
sources of ranks 1 to 3 that differ by more than 10 minutes are noted. A cancelled occasion stays visible.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from reassure.geo import Point
from reassure.occasions.values import RANK_CONFIDENCE as CONFIDENCE
from reassure.occasions.values import Occasion, Sitting, one_or_two
from reassure.periods import london_wall

DIFFERS = timedelta(minutes=10)
"""Two sources whose starts lie farther apart than this are said to differ."""

_EARLIEST = datetime.min.replace(tzinfo=UTC)


class Voice(NamedTuple):
    """Whose word a rule (or default) is, and what it says whatever the day."""

    rank: int
    source_ref: str = ""
    observed_on: date | None = None
    is_seasonal: bool = False
    band: str = ""
    is_outdoor: bool = False
    route: tuple[Point, ...] = ()
    replaces: tuple[str, ...] = ()


class Offer(NamedTuple):
    """What one voice says about one kind of occasion on one day at one place; sittings by time."""

    voice: Voice
    sittings: tuple[Sitting, ...]
    share: float = 1.0
    authority: str = ""
    note: str = ""
    status: str = "forecast"


class Word(NamedTuple):
    """A place's word for the date: `says` is `times` (with an offer of rank 1), `confirmed` or `cancelled`."""

    says: str
    said_at: datetime | None
    offer: Offer


class Settled(NamedTuple):
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
    ruled, words = tuple(offers), tuple(words)
    if len(ruled) == 1 and not words:
        return Settled(ruled, ruled[0].status)
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
    held = settled.offers
    groups = [(held[0].sittings, held[0])] if len(held) == 1 and len(held[0].sittings) == 1 else _groups(held)
    day = on.isoformat()
    return [
        occasion_of(offer, sittings, f"{place_ref}:{key}:{day}:{n}", place_ref, key, on, band, settled)
        for n, (sittings, offer) in enumerate(groups, start=1)
    ]


def occasion_of(
    offer: Offer,
    sittings: tuple[Sitting, ...],
    ref: str,
    place_ref: str,
    key: str,
    on: date,
    band: str,
    settled: Settled | None = None,
) -> Occasion:
    """One occasion of an offer that stands; `band` is the place's own for this kind, without `settled` it is alone."""
    rank, source_ref, observed_on, _, own_band, is_outdoor, route, replaces = offer.voice
    status, notes = (settled.status, settled.notes) if settled else (offer.status, ())
    if offer.note:
        notes = tuple(dict.fromkeys((*notes, offer.note)))
    return Occasion(
        ref,
        place_ref,
        key,
        on,
        sittings,
        offer.share,
        offer.authority,
        own_band or band,
        is_outdoor,
        route,
        source_ref,
        observed_on,
        CONFIDENCE[rank],
        status,
        replaces,
        rank,
        notes,
    )


def _groups(offers: Sequence[Offer]) -> list[tuple[tuple[Sitting, ...], Offer]]:
    """The sittings that form one occasion each, by time, with the offer they come from."""
    groups = []
    for together in _together(offers):
        sittings = {sitting: None for offer in together for sitting in offer.sittings}
        groups += [(group, _merged(together)) for group in one_or_two(sittings)]
    return sorted(groups, key=lambda held: (held[0][0].starts_at, held[0][0].ends_at, held[1].voice.route))


def _standing(ruled: Sequence[Offer]) -> Settled:
    if not ruled:
        return Settled((), "forecast")
    best = min(offer.voice.rank for offer in ruled)
    held = [offer for offer in ruled if offer.voice.rank == best]
    held = [offer for offer in held if offer.voice.is_seasonal] or held
    newest = max(offer.voice.observed_on or date.min for offer in held)
    held = [offer for offer in held if (offer.voice.observed_on or date.min) == newest]
    sources = sorted({offer.voice.source_ref for offer in held})
    notes: tuple[str, ...] = ()
    if len(sources) > 1:
        held = [offer for offer in held if offer.voice.source_ref == sources[0]]
        notes = (f"two sources of equal weight: {' and '.join(sources)}",)
    status = next((offer.status for offer in held if offer.status != "forecast"), "forecast")
    return Settled(tuple(held), status, notes + _differing(held, ruled))


def _differing(held: Sequence[Offer], ruled: Sequence[Offer]) -> tuple[str, ...]:
    """What other sources of ranks 1 to 3 say, where it is over 10 minutes away from what stands."""
    starts, sources = _starts(held), {offer.voice.source_ref for offer in held}
    if min(offer.voice.rank for offer in held) > 3:
        return ()
    others = sorted({offer.voice.source_ref for offer in ruled if offer.voice.rank <= 3} - sources)
    found = []
    for source in others:
        said = _starts(_standing([o for o in ruled if o.voice.source_ref == source and o.voice.rank <= 3]).offers)
        far = len(said) != len(starts) or any(abs(a - b) > DIFFERS for a, b in zip(said, starts, strict=True))
        if far:
            times = ", ".join(f"{london_wall(at):%H:%M}" for at in said)
            found.append(f"sources differ: {source or 'an unnamed source'} says {times}")
    return tuple(found)


def _starts(offers: Iterable[Offer]) -> list[datetime]:
    return sorted({sitting.starts_at for offer in offers for sitting in offer.sittings})


def _spoken_for(offer: Offer, word: Offer) -> Offer:
    """An offer as the place's word makes it: same times, the word's rank and source."""
    said, held = word.voice, offer.voice
    return offer._replace(
        voice=held._replace(
            rank=said.rank, source_ref=said.source_ref, observed_on=said.observed_on, band=said.band or held.band
        )
    )


def _together(offers: Sequence[Offer]) -> list[list[Offer]]:
    """Offers whose sittings may form one occasion: those at the building; each route by itself."""
    held: dict[tuple[bool, tuple[Point, ...]], list[Offer]] = {}
    for offer in offers:
        held.setdefault((offer.voice.is_outdoor, offer.voice.route), []).append(offer)
    return list(held.values())


def _merged(offers: Sequence[Offer]) -> Offer:
    if len(offers) == 1:
        return offers[0]
    first = min(offers, key=_offer_order)
    voice = first.voice._replace(
        band=next((offer.voice.band for offer in sorted(offers, key=_offer_order) if offer.voice.band), ""),
        replaces=tuple(sorted({code for offer in offers for code in offer.voice.replaces})),
    )
    return first._replace(voice=voice, share=max(offer.share for offer in offers))


def _offer_order(offer: Offer) -> tuple[object, ...]:
    first, voice = offer.sittings[0], offer.voice
    return (first.starts_at, first.ends_at, voice.source_ref, voice.observed_on or date.min, voice.band, offer.note)


def _word_order(word: Word) -> tuple[object, ...]:
    return (
        word.said_at or _EARLIEST,
        word.says,
        [s.starts_at for s in word.offer.sittings],
        word.offer.voice.source_ref,
    )
