"""A timetable is shown first, and its good rows are taken as a whole or not at all."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from reassure_web.occasions.models import Rule, TimetableRun
from reassure_web.occasions.queries import area_rules
from web.places.conftest import FILES
from web.places.records import place

HEAD = "place_ref,key,days,local_time,source\n"


def hand_in(client, text, name="times.csv"):
    """The page after a file was handed in."""
    data = text if isinstance(text, bytes) else text.encode()
    return client.post("/occasions/timetables/", {"area": "demo", "file": SimpleUploadedFile(name, data)})


def test_the_timetables_of_the_demo_area_come_in_once(signed_in, register):
    """Every row becomes a rule; the same file a second time adds nothing."""
    planner = signed_in("planner")
    page = hand_in(planner, FILES["timetables.csv"])
    run = TimetableRun.objects.get()
    assert page["Location"] == f"/occasions/timetables/{run.ref}/"
    assert not Rule.objects.exists()

    planner.post(f"{page['Location']}accept/")
    planner.post(f"{page['Location']}accept/")

    n = FILES["timetables.csv"].count(b"\n") - 1
    assert Rule.objects.count() == len(area_rules("DEMO-01")) == run.outcome["n_new"]
    assert run.outcome["n_new"] + run.outcome["n_refused"] == n
    hand_in(planner, FILES["timetables.csv"])
    assert TimetableRun.objects.latest("made_at").outcome["n_new"] == 0


def test_bad_rows_are_named_and_good_ones_kept(signed_in, db):
    """A place nobody knows and an afternoon without PM are told by row; the good row comes in."""
    place("P1")
    planner = signed_in("planner")
    text = HEAD + "P1,sunday_main,Sun,10:00,board\nP9,sunday_main,Sun,10:00,board\nP1,jumuah,Fri,1:15,board\n"

    page = hand_in(planner, text)
    shown = planner.get(page["Location"]).text
    planner.post(f"{page['Location']}accept/")

    assert "times.csv, row 3: place_ref is P9" in shown
    assert "perhaps 13:15" in shown
    assert Rule.objects.count() == 1


def test_a_dropped_timetable_adds_nothing(signed_in, db):
    """None of it, and it cannot be accepted afterwards."""
    place("P1")
    planner = signed_in("planner")
    page = hand_in(planner, HEAD + "P1,sunday_main,Sun,10:00,board\n")

    planner.post(f"{page['Location']}drop/")

    assert planner.post(f"{page['Location']}accept/").status_code == 422
    assert not Rule.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("x.csv", b"", "the file is empty"),
        ("x.ods", b"PK", "unknown kind"),
        ("x.csv", b"a,b\n1,2\n", "column place_ref is missing"),
        ("x.csv", b"place_ref,key,local_time\n\xff,x,y\n", "is not UTF-8"),
    ],
)
def test_files_that_cannot_be_used_are_refused_in_words(signed_in, db, name, content, says):
    """The fault stands on the form, without a path of ours, and nothing is kept."""
    place("P1")

    response = hand_in(signed_in("planner"), content, name)

    assert response.status_code == 422
    assert says in response.text
    assert "/tmp" not in response.text  # noqa: S108 - the words, not a file
    assert not TimetableRun.objects.exists()


def test_a_timetable_for_another_area_is_refused(signed_in, db):
    """A planner chooses among the own areas only."""
    place("P1")

    response = signed_in("planner").post(
        "/occasions/timetables/", {"area": "west-midlands", "file": SimpleUploadedFile("x.csv", b"x")}
    )

    assert response.status_code == 422
    assert "Select a valid choice" in response.text
