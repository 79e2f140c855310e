"""A file of places is shown first, and taken as a whole or not at all."""

import os
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from reassure.errors import InputError, NotAllowedError, RuleError
from reassure_web.audit.models import AuditEntry
from reassure_web.places.models import Area, ImportRun, Pair, Place, PlaceVersion, SourceNote
from reassure_web.places.queries_register import area_places
from reassure_web.places.services_imports import Upload, accept_import, drop_import, preview_import
from web.conftest import NOW
from web.places.conftest import FILES

DATA = Path(os.environ.get("REASSURE_DATA", "../shared/data")) / "places_of_worship"
WEST_MIDLANDS = DATA / "west_midlands_places_of_worship_osm_2026-08.csv"
WHOLE = DATA / "places_of_worship_osm_2026-08.csv"
HEAD = b"ref,name,faith,lat,lon,area_code\n"
LATER = NOW + timedelta(days=1)


def test_a_preview_changes_nothing(person, areas):
    """Until somebody accepts, the register is as it was; the counts are there."""
    run = preview_import(person("planner"), Upload("places.csv", FILES["places.csv"]), now=NOW)

    assert (run.state, run.outcome["n_new"], run.outcome["n_refused"]) == ("preview", 120, 0)
    assert not Place.objects.exists()


def test_the_whole_file_comes_in_with_pairs_and_sources(register):
    """120 generated places with three doubles: places, proposals and the source's own words are there."""
    assert Place.objects.count() == 120
    assert Pair.objects.filter(kind="likely").count() >= 2
    assert SourceNote.objects.filter(ref="demo").exists() or SourceNote.objects.count() >= 1
    assert AuditEntry.objects.filter(action="place.import", subject=f"import:{register.ref}").count() == 2
    assert ImportRun.objects.get(ref=register.ref).content == b""


def test_the_same_file_again_changes_nothing(register, person, bring_in):
    """A second import of the same file: 0 new, 0 changed, every row as it was."""
    before = list(Place.objects.order_by("ref").values())

    run = bring_in(person("planner"), FILES["places.csv"], now=LATER)

    assert (run.outcome["n_new"], run.outcome["n_changed"], run.outcome["n_equal"]) == (0, 0, 120)
    assert list(Place.objects.order_by("ref").values()) == before
    assert not PlaceVersion.objects.exists()


def test_accepting_twice_takes_it_once(person, areas):
    """Two clicks on the button are one import."""
    planner = person("planner")
    run = preview_import(planner, Upload("places.csv", FILES["places.csv"]), now=NOW)

    accept_import(planner, run.ref, now=NOW)
    accept_import(planner, run.ref, now=LATER)

    assert Place.objects.count() == 120
    assert AuditEntry.objects.filter(subject=f"import:{run.ref}", reason="accepted").count() == 1


def test_a_dropped_file_takes_nothing(person, areas):
    """None of it: the bytes are forgotten, and it cannot be accepted afterwards."""
    planner = person("planner")
    run = preview_import(planner, Upload("places.csv", FILES["places.csv"]), now=NOW)

    drop_import(planner, run.ref, now=NOW)

    assert ImportRun.objects.get().content == b""
    with pytest.raises(RuleError, match="was dropped"):
        accept_import(planner, run.ref, now=NOW)
    assert not Place.objects.exists()


def test_a_newer_list_changes_field_by_field_and_keeps_what_was(person, bring_in):
    """A name of a newer list of the force stands; the old version is kept with who ended it."""
    planner = person("planner")
    bring_in(planner, HEAD + b"a1,Old Chapel,christian,52.5,-1.9,DEMO-01\n", "list_2026-01.csv", kind="force")

    run = bring_in(planner, HEAD + b"a1,New Chapel,christian,52.5,-1.9,DEMO-01\n", "list_2026-05.csv", kind="force")

    assert run.outcome["changes"] == [["a1", "New Chapel", "name", "Old Chapel", "New Chapel"]]
    row = Place.objects.get()
    assert (row.name, row.version) == ("New Chapel", 2)
    ended = PlaceVersion.objects.get()
    assert (ended.record["name"], ended.ended_by, ended.source) == ("Old Chapel", planner, "list_2026-05.csv")


def test_rows_of_another_area_stay_out(person, bring_in):
    """A planner's import reaches the own area; the rest is counted, and a ref of another area is never taken over."""
    bring_in(person("planner", refs=["DEMO-02"]), HEAD + b"b1,Theirs,sikh,52.5,-1.9,E23000014\n", "x.csv")
    assert not Place.objects.exists()

    run = bring_in(person("planner", refs=["E23000014"]), HEAD + b"b1,Theirs,sikh,52.5,-1.9,E23000014\n", "x.csv")
    assert run.outcome["n_new"] == 1

    run = bring_in(person("planner"), HEAD + b"b1,Ours now,sikh,52.5,-1.9,DEMO-01\n", "x.csv")

    assert (run.outcome["n_new"], run.outcome["n_refused"]) == (0, 1)
    assert "expected a ref that no place of another area has" in run.outcome["problems"][0]
    assert Place.objects.get().name == "Theirs"


def test_a_preview_that_no_longer_holds_is_shown_anew(signed_in, bring_in, person):
    """A register that changed between preview and click is no agreement; the click after the new preview is one."""
    planner = signed_in("planner")
    run = preview_import(planner.user, Upload("x.csv", HEAD + b"a1,One,sikh,52.5,-1.9,DEMO-01\n"), now=NOW)
    bring_in(person("planner"), HEAD + b"a1,Two,sikh,52.5,-1.9,DEMO-01\n", "y.csv")

    response = planner.post(f"/places/import/{run.ref}/accept/", follow=True)

    assert "Nothing is taken yet: the register has changed." in response.text
    assert (Place.objects.get().name, response.context["outcome"]["n_new"]) == ("Two", 0)
    planner.post(f"/places/import/{run.ref}/accept/")
    assert ImportRun.objects.get(ref=run.ref).state == "accepted"


def test_a_file_of_which_nothing_can_be_taken_offers_nothing_to_accept(signed_in, areas):
    """Every row refused: the reasons are there, the button is not."""
    planner = signed_in("planner")
    run = preview_import(planner.user, Upload("x.csv", HEAD + b"a1,North,sikh,91,-1.9,DEMO-01\n"), now=NOW)

    text = planner.get(f"/places/import/{run.ref}/").text

    assert "lat is 91" in text
    assert "Accept all" not in text
    assert "Take nothing" in text


def test_a_file_over_the_limit_is_refused_before_it_is_read(signed_in, areas, monkeypatch):
    """The size that the browser sends is enough to say no."""
    monkeypatch.setattr("reassure_web.places.forms.MAX_BYTES", 10)
    file = SimpleUploadedFile("x.csv", HEAD)

    response = signed_in("planner").post("/places/import/", {"file": file})

    assert response.status_code == 422
    assert "The file has 33 bytes; at most 10 may be handed in." in response.text
    assert not ImportRun.objects.exists()


def test_bad_rows_are_named_and_never_cost_a_good_one(person, bring_in):
    """A latitude of 91 is refused by file, line and column; the row below it comes in."""
    content = HEAD + b"a1,North,sikh,91,-1.9,DEMO-01\na2,Good,sikh,52.5,-1.9,DEMO-01\n"

    run = bring_in(person("planner"), content, "list.csv")

    assert run.outcome["problems"] == ["list.csv, row 2: lat is 91; expected 49 to 61."]
    assert [row.ref for row in Place.objects.all()] == ["a2"]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("x.csv", b"a,b\n1,2\n", "column name is missing"),
        ("x.csv", HEAD + b"a1,=cmd(),sikh,52.5,-1.9,DEMO-01\n", None),  # a formula: the row is refused, not the file
        ("x.csv", (",".join(f"c{i}" for i in range(10_000)) + "\n").encode(), "10,000 columns"),
        ("x.csv", HEAD + b"a1,\xff\xfe,sikh,52.5,-1.9,DEMO-01\n", "is not UTF-8"),
        ("x.csv", b"PK\x03\x04" + b"\0" * 100, "not what the ending says"),
        ("x.geojson", b"{" * 100_000, "cannot be read as JSON"),
        ("x.geojson", b'{"type":"FeatureCollection","features":' + b"[" * 100_000, "cannot be read as JSON"),
        ("x.osm", b"<osm><node id='1'", "cannot be read"),
        (
            "x.osm",
            b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
            b"<osm version='0.6'><node id='1' lat='1' lon='1'><tag k='name' v='&b;'/></node></osm>",
            "cannot be read",
        ),
        ("x.pbf", b"\0\0\0\x0eOSMHeader" + b"\xff" * 50, "cannot be followed"),
        ("x.exe", b"MZ", "unknown kind"),
    ],
)
def test_hostile_files_are_refused_in_words(person, areas, name, content, says):
    """Bombs, cut files, polyglots and formulas: one problem in words, no path of ours in it, nothing kept."""
    planner = person("planner")
    if says is None:
        run = preview_import(planner, Upload(name, content), now=NOW)
        assert (run.outcome["n_new"], run.outcome["n_refused"]) == (0, 1)
        assert "expected a value, not a formula" in run.outcome["problems"][0]
        return

    with pytest.raises(InputError, match=says) as caught:
        preview_import(planner, Upload(name, content), now=NOW)

    assert "/tmp" not in str(caught.value)  # noqa: S108 - the words, not a file
    assert not ImportRun.objects.exists()


def test_others_may_not_hand_a_file_in(person, areas):
    """An adviser may change places but not import them; who may is named."""
    with pytest.raises(NotAllowedError, match=r"You may not import places\. Who may: planner"):
        preview_import(person("adviser"), Upload("x.csv", FILES["places.csv"]), now=NOW)


def test_unread_service_times_wait_for_a_person(person, bring_in):
    """Plain English is kept and waits; opening-hours syntax is read."""
    content = (
        b"ref,name,faith,lat,lon,area_code,service_times\n"
        b"a1,A,sikh,52.5,-1.9,DEMO-01,Sundays at ten\n"
        b"a2,B,sikh,52.6,-1.9,DEMO-01,Su 10:00-12:00\n"
    )

    run = bring_in(person("planner"), content, "list.csv")

    assert (run.outcome["n_times"], run.outcome["n_unread"]) == (2, 1)
    assert dict(Place.objects.values_list("ref", "times_state")) == {"a1": "unread", "a2": "read"}


def test_places_without_a_loaded_area_are_refused(person, areas, bring_in):
    """A position that no outline holds and no code names is a task for a person, never a guess."""
    run = bring_in(person("planner"), b"ref,name,lat,lon\na1,A,52.5,-1.9\n", "list.csv")

    assert run.outcome["problems"] == [
        "list.csv: a1 (A) has no police area that is known; expected a position inside an outline, or the area's code."
    ]


@pytest.mark.skipif(not WEST_MIDLANDS.exists(), reason="the real register is not here (REASSURE_DATA)")
@pytest.mark.slow
def test_the_real_west_midlands_register_comes_in(person, bring_in):
    """1,300 places, 8 likely and 15 possible pairs, as docs/rooms/places.md counts them; no query a row."""
    planner = person("planner", refs=["E23000014"])

    run = bring_in(planner, WEST_MIDLANDS.read_bytes(), WEST_MIDLANDS.name)

    assert (run.outcome["n_new"], run.outcome["n_refused"]) == (1_300, 0)
    kinds = list(Pair.objects.values_list("kind", flat=True))
    assert (kinds.count("likely"), kinds.count("possible")) == (8, 15)
    assert len(area_places("E23000014")) == 1_300


@pytest.mark.skipif(not WHOLE.exists(), reason="the real register is not here (REASSURE_DATA)")
@pytest.mark.slow
def test_the_whole_register_comes_in_within_a_minute(person, bring_in):
    """37,757 places and their pairs, into the database, in less than the 60 s of docs/rooms/places.md."""
    planner = person("planner", refs=sorted(Area.objects.values_list("code", flat=True)))
    began = time.process_time()

    run = bring_in(planner, WHOLE.read_bytes(), WHOLE.name)

    assert time.process_time() - began < 60
    assert run.outcome["n_new"] == Place.objects.count() == 37_757
    kinds = list(Pair.objects.values_list("kind", flat=True))
    assert kinds.count("same_id") == 4
    assert run.observed_on is None
    assert date(2026, 8, 1).isoformat() in Place.objects.first().record["facts"]
