"""Two records that may be one: people decide, and decisions can be taken back."""

from datetime import timedelta

import pytest

from reassure.errors import InputError
from reassure_web.places.models import Alias, Pair, Place
from reassure_web.places.queries_register import area_places
from reassure_web.places.services_pairs import decide_pair, undo_pair
from web.conftest import NOW
from web.places.records import pair_kwargs, place


def likely(register):
    """A pair of the demo area that is one place entered twice."""
    return Pair.objects.filter(kind="likely").order_by("distance_m").first()


def rows_of(pair):
    """Both records, every column."""
    return list(Place.objects.filter(ref__in=[pair.first, pair.second]).order_by("ref").values())


def test_pairs_are_proposed_surest_first(signed_in, register):
    """Likely pairs come before possible ones, near before far, with metres and likeness."""
    page = signed_in("planner").get("/places/duplicates/").context["page"]

    kinds = [pair.kind for pair, _, _ in page.waiting]
    assert kinds == sorted(kinds, key=["same_id", "likely", "possible"].index)
    assert page.n_waiting == len(kinds) >= 3


def test_the_same_place_reads_as_one(signed_in, register):
    """After "same" one of the two stands for both: the list and the rules have one place less, no record is moved."""
    pair = likely(register)
    before = len(area_places("DEMO-01"))

    response = signed_in("planner").post(f"/places/duplicates/{pair.pk}/", {"verdict": "same"}, follow=True)

    assert "The two are one place now" in response.text
    assert len(area_places("DEMO-01")) == before - 1
    assert Place.objects.count() == 120
    alias = Alias.objects.get()
    assert {alias.absorbed, alias.kept} == {pair.first, pair.second}


def test_undo_restores_both_records_to_the_byte(signed_in, register):
    """Every column of both rows, and what the rules read, are as they were before."""
    pair = likely(register)
    rows, read = rows_of(pair), area_places("DEMO-01")
    planner = signed_in("planner")

    planner.post(f"/places/duplicates/{pair.pk}/", {"verdict": "same"})
    assert rows_of(pair) != rows
    planner.post(f"/places/duplicates/{pair.pk}/undo/")

    assert rows_of(pair) == rows
    assert area_places("DEMO-01") == read
    assert not Alias.objects.exists()


def test_an_absorbed_record_says_which_one_stands(signed_in, register):
    """The page of the absorbed record links to the one that stands for it."""
    pair = likely(register)
    planner = signed_in("planner")
    planner.post(f"/places/duplicates/{pair.pk}/", {"verdict": "same"})
    alias = Alias.objects.get()

    assert f'href="/places/{alias.kept}/"' in planner.get(f"/places/{alias.absorbed}/").text
    assert alias.absorbed in planner.get(f"/places/{alias.kept}/").text


def test_different_is_remembered_until_something_changes(signed_in, register):
    """Looking again leaves the pair out; a new name of one of the two asks again."""
    pair = likely(register)
    planner = signed_in("planner")
    planner.post(f"/places/duplicates/{pair.pk}/", {"verdict": "different"})
    planner.post("/places/duplicates/look/")
    assert Pair.objects.get(pk=pair.pk).verdict == "different"

    row = Place.objects.get(ref=pair.first)
    name = Place.objects.get(ref=pair.second).name
    row.record["name"] = f"{name} Hall"
    row.record["facts"] = ""
    row.save()
    planner.post("/places/duplicates/look/")

    assert Pair.objects.get(pk=pair.pk).verdict == ""


def test_of_two_people_one_wins_and_the_other_sees_it(signed_in, register):
    """The second click of two people is answered with 409 and what the first one said."""
    pair = likely(register)
    first, second = signed_in("planner"), signed_in("adviser")
    first.post(f"/places/duplicates/{pair.pk}/", {"verdict": "different"})

    response = second.post(f"/places/duplicates/{pair.pk}/", {"verdict": "same"})

    assert response.status_code == 409
    assert f"{first.user} decided on this pair: different." in response.text
    assert not Alias.objects.exists()


def test_chains_are_merged_one_by_one_and_taken_apart_in_any_order(person, db):
    """Three records of one house become one; a record that is absorbed already cannot be absorbed again."""
    planner = person("planner")
    for ref in ("A", "B", "C"):
        place(ref)
    pairs = [
        Pair.objects.create(
            first=a, second=b, first_area="DEMO-01", second_area="DEMO-01", kind="likely", distance_m=0, likeness=100
        )
        for a, b in (("A", "B"), ("A", "C"), ("B", "C"))
    ]

    decide_pair(planner, pairs[0].pk, "same", now=NOW)
    decide_pair(planner, pairs[1].pk, "same", now=NOW)

    assert [p.ref for p in area_places("DEMO-01")] == ["A"]
    with pytest.raises(Exception, match="was merged already"):
        decide_pair(planner, pairs[2].pk, "same", now=NOW)


def test_merges_on_top_of_merges_are_taken_apart_in_any_order(person, db):
    """B into A, A into the older C; taking the first merge back first leaves C without B, and then all as before."""
    planner = person("planner")
    for ref, name in (("A", "Demo Hall"), ("B", "Demo House"), ("C", "Demo Home")):
        place(ref, name=name)
    Place.objects.filter(ref="C").update(recorded_at=NOW - timedelta(days=1))
    before = list(Place.objects.order_by("ref").values())
    usual = {"first_area": "DEMO-01", "second_area": "DEMO-01", "kind": "likely", "distance_m": 0, "likeness": 100}
    lower, upper = (Pair.objects.create(first="A", second=other, **usual) for other in ("B", "C"))
    decide_pair(planner, lower.pk, "same", now=NOW)
    decide_pair(planner, upper.pk, "same", now=NOW)
    assert "house" in Place.objects.get(ref="C").words

    undo_pair(planner, lower.pk, now=NOW)
    assert "house" not in Place.objects.get(ref="C").words
    assert [p.ref for p in area_places("DEMO-01")] == ["B", "C"]
    undo_pair(planner, upper.pk, now=NOW)

    assert list(Place.objects.order_by("ref").values()) == before


def test_a_pair_over_a_border_needs_people_of_both_areas(signed_in, db):
    """A planner of one of the two areas does not see the other's place, and so not the pair."""
    found = pair_kwargs()
    Pair.objects.update(second_area="DEMO-02")
    Place.objects.filter(ref="P1b").update(area_code="DEMO-02")

    assert signed_in("planner").get(f"/places/duplicates/{found['pair']}/").status_code == 404


def test_another_verdict_is_refused(person, db):
    """Same, different, unsure: there is nothing else to say."""
    with pytest.raises(InputError, match="verdict is perhaps"):
        decide_pair(person("planner"), pair_kwargs()["pair"], "perhaps", now=NOW)


def test_no_pairs_is_said_in_words(signed_in, db):
    """The empty state."""
    place()

    assert "No pairs to decide." in signed_in("planner").get("/places/duplicates/").text
