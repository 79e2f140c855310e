"""What authorities announced about dates, loaded by whoever runs the installation: it holds for the whole nation."""

from datetime import datetime
from pathlib import Path

from django.db import transaction

from reassure.access.allowed import Action
from reassure.files.announcements import read_announcements
from reassure.occasions.announcements import contradictions
from reassure_web.audit.services import record
from reassure_web.occasions import queries
from reassure_web.occasions.models import Announcement


@transaction.atomic
def load_announcements(path: Path, *, now: datetime) -> tuple[int, list[str]]:
    """
    Take the announcements of a file; one that is there already is left alone.

    Returns
    -------
    tuple[int, list[str]]
        How many are new, and where one speaker gave two dates for one event: both stay until a person decides.
    """
    n_before = Announcement.objects.count()
    rows = [
        Announcement(
            authority=said.authority,
            event=said.event,
            hijri_year=said.hijri_year,
            on=said.on,
            announced_at=said.announced_at,
            source_ref=said.source_ref[:120],
        )
        for said in read_announcements(path)
    ]
    Announcement.objects.bulk_create(rows, ignore_conflicts=True)
    n = Announcement.objects.count() - n_before
    record(None, Action.OCCASION_CHANGE, "announcements", now=now, change={"n": n})
    return n, [problem.text for problem in contradictions(queries.area_announcements())]
