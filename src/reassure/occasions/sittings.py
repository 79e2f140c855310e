"""Making one congregation from a start: when people come, how long it lasts, when they have left.

Rules: minutes come from the rule, else from the kind of occasion (`keys`); all arithmetic is on UTC instants.
"""

from datetime import datetime, timedelta
from functools import lru_cache

from reassure.occasions.keys import key
from reassure.occasions.values import Sitting


@lru_cache(maxsize=65536)
def sitting_at(
    key_code: str,
    starts_at: datetime,
    ends_at: datetime | None = None,
    *,
    length_min: int | None = None,
    arrive_min: int | None = None,
    disperse_min: int | None = None,
    earliest: datetime | None = None,
    latest: datetime | None = None,
) -> Sitting:
    """
    The congregation of a kind that starts at an instant.

    Parameters
    ----------
    ends_at
        Stands over `length_min`; None takes the length.
    length_min, arrive_min, disperse_min
        None takes the minutes of the kind of occasion.
    earliest, latest
        Bounds of the start where it is not published; None is the start itself.

    Raises
    ------
    InputError
        No such kind of occasion.
    """
    kind = key(key_code)
    if ends_at is None:
        ends_at = starts_at + timedelta(minutes=kind.length_min if length_min is None else length_min)
    return Sitting(
        arrive_from=starts_at - timedelta(minutes=kind.arrive_min if arrive_min is None else arrive_min),
        starts_at=starts_at,
        ends_at=ends_at,
        gone_by=ends_at + timedelta(minutes=kind.disperse_min if disperse_min is None else disperse_min),
        earliest=earliest or starts_at,
        latest=latest or starts_at,
    )
