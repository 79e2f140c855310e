"""Why an occasion stands as it does: every word about a place and a day, and which one won over which.

Rules: the words are those of `precedence`; here they are only named. Nothing is decided in this module.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from reassure.occasions.expand import prepared, sorted_out
from reassure.occasions.place_day import RuledPlace, replaced, said_on
from reassure.occasions.precedence import Offer, Word, settle
from reassure.occasions.values import Announcement, DateCandidate, Rule
from reassure.places.place import Place

RANK_WORDS = {
    1: "the place's word for this date",
    2: "a published time",
    3: "the place's own rule",
    4: "what others say",
    5: "the usual time of its tradition",
}


@dataclass(frozen=True, slots=True)
class Said:
    """
    One word about a kind of occasion on a day.

    Parameters
    ----------
    rank
        1 to 5, as in rules.
    starts
        UTC instants; empty for a word without times.
    verdict
        What became of it: "stands", or what it gives way to.
    """

    place_ref: str
    key: str
    on: date
    rank: int
    source_ref: str
    starts: tuple[datetime, ...]
    verdict: str

    @property
    def stands(self) -> bool:
        """Whether it is what the occasion comes from."""
        return self.verdict.startswith("stands")


def why(
    place: Place,
    rules: Iterable[Rule],
    on: date,
    *,
    seasons: Mapping[str, tuple[tuple[date, date], ...]] = {},
    candidates: Mapping[tuple[str, str], tuple[DateCandidate, ...]] = {},
    announcements: Iterable[Announcement] = (),
) -> list[Said]:
    """
    Every word about a place on a civil date, by kind, best rank first; raises what `expand` does.
    """
    _, mine, calendar = prepared([place], rules, on, on, seasons, candidates, announcements)
    plain, ruled = sorted_out([place], mine, calendar)
    held = ruled[0] if ruled else RuledPlace(place, {}, (), next(iter(plain), ()))
    if not place.is_open:
        return []
    offers, words = said_on(held, on, calendar)
    settled = {code: settle(offers[code], words[code]) for code in sorted({*offers, *words})}
    hidden = {code: key for key, standing in settled.items() for code in replaced({key: standing}) if code in settled}
    found = []
    for code in settled:
        for offer, verdict in _verdicts(offers[code], words[code], hidden.get(code, "")):
            starts = tuple(sitting.starts_at for sitting in offer.sittings)
            found.append(Said(place.ref, code, on, offer.voice.rank, offer.voice.source_ref, starts, verdict))
    return sorted(found, key=lambda said: (said.key, said.rank, said.starts, said.source_ref))


def _verdicts(offers: Sequence[Offer], words: Sequence[Word], by: str) -> list[tuple[Offer, str]]:
    """Each offer and word with what became of it."""
    by_time = sorted(words, key=lambda word: word.said_at.timestamp() if word.said_at else float("-inf"))
    last = by_time[-1].says if by_time else ""
    found = [(offer, _verdict(offer, offers, last)) for offer in offers]
    for word in by_time:
        is_last = word.says == last
        said = {"times": "stands", "confirmed": "stands: it confirms", "cancelled": "stands: cancelled by the place"}
        found.append((word.offer, said[word.says] if is_last else "gives way to a later word of the place"))
    if by:
        found = [
            (offer, f"gives way: {by} takes its place" if said.startswith("stands") else said) for offer, said in found
        ]
    return found


def _verdict(offer: Offer, offers: Sequence[Offer], last_word: str) -> str:
    best = min(other.voice.rank for other in offers)
    if last_word == "times":
        return f"gives way to {RANK_WORDS[1]}"
    if offer.voice.rank > best:
        return f"gives way to {RANK_WORDS[best]}"
    equals = [other for other in offers if other.voice.rank == best]
    if any(other.voice.is_seasonal for other in equals) and not offer.voice.is_seasonal:
        return "gives way to a rule for this season"
    equals = [other for other in equals if other.voice.is_seasonal == offer.voice.is_seasonal]
    newest = max(other.voice.observed_on or date.min for other in equals)
    if (offer.voice.observed_on or date.min) < newest:
        return "gives way to a newer word"
    equals = [other for other in equals if (other.voice.observed_on or date.min) == newest]
    if offer.voice.source_ref != min(other.voice.source_ref for other in equals):
        return "gives way to another source of equal weight, the first by name"
    return "stands, but cancelled by the place" if last_word == "cancelled" else "stands"
