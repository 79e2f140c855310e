"""Erasing records of sign-ins whose time is over."""

from collections import Counter
from collections.abc import Collection
from datetime import date, time

from django.contrib.sessions.models import Session

from reassure.periods import london_instant


def erase_sign_ins(before: date, _held_areas: Collection[str]) -> Counter[str]:
    """Erase sessions, failures and lock-outs of before that date; they belong to no area."""
    midnight = london_instant(before, time.min)
    return +Counter(sessions=Session.objects.filter(expire_date__lt=midnight).delete()[0])
