"""Erasing visits whose time is over: the records go, counts stay."""

from collections import Counter
from collections.abc import Collection
from datetime import date

from django.db.models import F

from reassure_web.engagement.models import UnitEvent, Visit, VisitConflict, VisitCount

COUNTED = ("area_code", "on", "kind", "outcome", "miss_reason", "is_planned", "is_short")


def erase_check_ins(before: date, held_areas: Collection[str]) -> Counter[str]:
    """Turn visits of days before that date into counts, but for areas on hold; rows erased by what they were."""
    due = Visit.objects.filter(on__lt=before).exclude(area_code__in=held_areas)
    alike: Counter[tuple[str | bool | date, ...]] = Counter()
    for row in due.iterator(chunk_size=2_000):
        alike[
            row.area_code, row.on, row.kind, row.outcome, row.miss_reason, bool(row.visit_ref), row.facts().is_short
        ] += 1
    for values, n_visits in alike.items():
        named = dict(zip(COUNTED, values, strict=True))
        if not VisitCount.objects.filter(**named).update(n_visits=F("n_visits") + n_visits):
            VisitCount.objects.create(**named, n_visits=n_visits)
    erased = Counter(
        conflicts=VisitConflict.objects.filter(visit__in=due).delete()[0],
        events=UnitEvent.objects.filter(on__lt=before).exclude(area_code__in=held_areas).delete()[0],
    )
    erased["visits"] = due.delete()[0]
    return +erased
