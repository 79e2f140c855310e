"""Erasing records of sign-ins whose time is over."""

from collections import Counter
from collections.abc import Collection
from datetime import date, time

from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session

from reassure.periods import london_instant


def erase_sign_ins(before: date, _held_areas: Collection[str]) -> Counter[str]:
    """Erase sessions, sign-ins, failures and lock-outs of before that date; they belong to no area."""
    midnight = london_instant(before, time.min)
    return +Counter(
        sessions=Session.objects.filter(expire_date__lt=midnight).delete()[0],
        devices=UserSession.objects.filter(last_seen_at__lt=midnight).delete()[0],
        sign_ins=AccessLog.objects.filter(attempt_time__lt=midnight).delete()[0],
        failures=AccessFailureLog.objects.filter(attempt_time__lt=midnight).delete()[0],
        lock_outs=AccessAttempt.objects.filter(attempt_time__lt=midnight).delete()[0],
    )
