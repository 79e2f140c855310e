"""A default as an offer that may stand or give way, for a place that has said something.

Rules: a default has rank 5. Christmas Day and Easter Day take the times that a church gives for its Sundays.
"""

from collections.abc import Callable
from datetime import date
from functools import lru_cache

from reassure.occasions.defaults import DEFAULT_SOURCE, Day, Default
from reassure.occasions.precedence import Offer, Voice
from reassure.occasions.sittings import sitting_at
from reassure.periods import london_instant, london_wall
from reassure.places.place import Place

RANK_DEFAULT = 5


def default_offers(
    default: Default, how: Day, place: Place, on: date, weekly_of: Callable[[str], list[Offer]]
) -> list[Offer]:
    """
    What a default offers on a day: one offer, or none where it gives no sitting at this position.

    Parameters
    ----------
    weekly_of
        The offers of the place's own rules for a weekly kind on the first Sunday from that day on.
    """
    sittings = default.sittings(on, place.point)
    voice, note = _voice(default.replaces), how.note
    if default.times_of and (own := weekly_of(default.times_of)):
        held = sorted({s for offer in own for s in offer.sittings}, key=lambda s: (s.starts_at, s.ends_at))
        sittings = tuple(
            sitting_at(
                default.key,
                london_instant(on, london_wall(s.starts_at).time()),
                length_min=round((s.ends_at - s.starts_at).total_seconds() / 60),
            )
            for s in held
        )
        voice = voice._replace(source_ref=own[0].voice.source_ref)
        note = "; ".join(filter(None, (how.note, "at the times of its Sundays")))
    if not sittings:
        return []
    return [Offer(voice, sittings, how.share, how.authority, note, how.status)]


@lru_cache(maxsize=64)
def _voice(replaces: tuple[str, ...]) -> Voice:
    return Voice(RANK_DEFAULT, DEFAULT_SOURCE, replaces=replaces)
