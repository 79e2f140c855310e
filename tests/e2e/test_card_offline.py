"""The card in a phone without a network: loaded once, cut off, used, sent once, and forgotten when it has to be.

The plan is of tomorrow and so is the server's clock, because the worker asks the real clock whether the card has ended.
"""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

import running_day
from e2e.conftest import Visitor
from reassure.patrols.stops import visit_ref
from reassure.periods import LONDON
from reassure_web.engagement.models import CardSetting, Visit

M1 = visit_ref("m1")
N_KEPT = "caches.open('reassure-card').then((store) => store.keys()).then((keys) => keys.length)"
EXPECTED = ("ERR_INTERNET_DISCONNECTED", "status of 503")
"""What a browser says of a page that it could not fetch."""
LOW = """list => list.filter(e => e.offsetParent && e.getBoundingClientRect().height < 43.5)
    .map(e => e.textContent.trim())"""
PHONE = {"width": 390, "height": 800}
MOST_BYTES = 100_000
pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def tomorrow(monkeypatch):
    """It is 12:20 tomorrow for the server."""
    on = datetime.now(LONDON).date() + timedelta(days=1)

    monkeypatch.setattr("django.utils.timezone.now", lambda: running_day.at("12:20", on))
    running_day.running_day(on)


@pytest.fixture
def phone(tomorrow, person, visitor):
    """An officer's phone that has opened the card once with a network."""
    at = running_day.at("06:00")
    setting = {"is_offline_on": True, "changed_by": person("commander"), "changed_at": at}
    CardSetting.objects.create(area_code=running_day.AREA, **setting)
    one: Visitor = visitor("officer")
    one.expects(*EXPECTED)
    one.page.set_viewport_size(PHONE)
    one.page.clock.set_system_time(timezone.now())
    one.open("/card/")
    wait_until_kept(one.page)
    return one


def wait_until_kept(page: Page) -> None:
    """The phone has the page and the files it needs."""
    for _ in range(300):
        if page.evaluate(N_KEPT) > 3:
            return
        page.wait_for_timeout(100)
    pytest.fail("the phone keeps no card after 30 s")


def record_a_visit(page: Page) -> None:
    """Three taps: start, outcome, end."""
    page.get_by_role("button", name="Start visit").click()
    page.get_by_label("Nobody in").check()
    page.get_by_role("button", name="End visit").click()
    page.wait_for_url("**/card/")


def test_a_visit_is_recorded_without_a_network_and_sent_once(phone):
    """Load, cut, record, reload, restore: one visit on the server, nothing left on the phone."""
    page = phone.page
    phone.context.set_offline(True)
    page.get_by_role("link", name="Generated m1").first.click()
    record_a_visit(page)

    page.reload()
    expect(page.locator(f'li[data-stop="{M1}"]')).to_contain_text("Delivered")
    expect(page.locator("[data-count]")).to_have_text("1")
    expect(page.locator("a.card-button")).to_contain_text("Generated m2")
    assert not Visit.objects.exists()

    phone.context.set_offline(False)
    page.goto(page.url.split("/card/")[0] + "/card/outbox/")
    expect(page.locator("[data-outbox]")).to_contain_text("All check-ins sent")
    row = Visit.objects.get()
    assert (row.place_ref, row.outcome, row.visit_ref) == ("m1", "nobody_in", M1)
    page.reload()
    assert Visit.objects.count() == 1


def test_the_list_counts_what_was_sent_without_a_reload(phone):
    """The page was made before the visit; when the network is back it says 1 of 3 by what the server took."""
    page = phone.page
    phone.context.set_offline(True)
    page.get_by_role("link", name="Generated m1").first.click()
    record_a_visit(page)
    expect(page.get_by_role("main")).to_contain_text("1 of 3 stops done")

    phone.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")  # as phones do; this emulation does not

    expect(page.locator("[data-count]")).to_have_text("0")
    assert Visit.objects.count() == 1
    expect(page.get_by_role("main")).to_contain_text("1 of 3 stops done")
    expect(page.locator(f'li[data-stop="{M1}"]')).to_contain_text("Delivered")


def test_a_record_that_the_server_refuses_is_not_counted_as_done(phone):
    """The stop stays as the server says it is, and the record waits in the outbox."""
    page = phone.page

    def refuse(route: Route) -> None:
        records = route.request.post_data_json["records"]
        results = [{"client_id": r["client_id"], "state": "refused", "problems": ["No such stop."]} for r in records]
        route.fulfill(json={"results": results})

    phone.context.route("**/api/v1/check-ins", refuse)
    phone.open(f"/card/{M1}/")
    record_a_visit(page)

    expect(page.locator("[data-count]")).to_have_text("1")
    expect(page.get_by_role("main")).to_contain_text("0 of 3 stops done")
    expect(page.locator(f'li[data-stop="{M1}"]')).not_to_contain_text("Delivered")


def test_what_waits_can_be_looked_at_without_a_network(phone):
    """Count, oldest, and the records as text."""
    page = phone.page
    phone.context.set_offline(True)
    page.get_by_role("link", name="Generated m1").first.click()
    record_a_visit(page)

    page.goto(page.url + "outbox/")

    expect(page.locator("[data-outbox]")).to_contain_text("1 not sent")
    page.get_by_text("Show as text").click()
    expect(page.locator("[data-outbox] pre")).to_contain_text('"outcome": "nobody_in"')


def test_three_taps_with_a_network_are_on_the_server_at_once(phone):
    """The same taps, sent as they are made."""
    phone.open(f"/card/{M1}/")
    record_a_visit(phone.page)

    expect(phone.page.locator("[data-count]")).to_have_text("0")
    assert Visit.objects.get().outcome == "nobody_in"


def test_signing_out_wipes_the_phone(phone):
    """No card and no record stays; what waits is sent first."""
    page = phone.page
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(lambda url: "/card/" not in url)

    phone.context.set_offline(True)

    assert page.evaluate("caches.keys()") == []


def test_a_revoked_phone_forgets_the_card_at_its_next_contact(phone):
    """After "Lost phone" the next page leads to the sign-in, and the copy is gone."""
    page = phone.page
    phone.client.session.flush()

    page.goto(page.url)

    assert "/sign-in/" in page.url
    assert page.evaluate("caches.has('reassure-card')") is False


def test_a_force_that_stops_it_is_obeyed_at_the_next_contact(phone):
    """Switched off, phones keep nothing."""
    CardSetting.objects.update(is_offline_on=False)

    phone.open("/card/")

    assert phone.page.evaluate("caches.has('reassure-card')") is False


def test_the_card_ends_with_the_shift(phone):
    """After 14:30, and without a network, the phone shows no stop."""
    page = phone.page
    page.evaluate(
        """async () => {
            const store = await caches.open("reassure-card");
            const kept = await store.match("/card/");
            const headers = new Headers(kept.headers);
            headers.set("X-Card-Expires", "2020-01-01T00:00:00+00:00");
            await store.put("/card/", new Response(await kept.blob(), { headers }));
        }"""
    )
    phone.context.set_offline(True)

    page.goto(page.url)

    expect(page.get_by_role("heading")).to_have_text("This phone keeps no card now")
    assert page.evaluate("caches.has('reassure-card')") is False


def test_the_whole_card_is_light(phone):
    """All that the phone keeps, as bytes on the wire: 100 kB at most (web.md 8)."""
    n_bytes = phone.page.evaluate(
        """async () => {
            const store = await caches.open("reassure-card");
            const sizes = await Promise.all((await store.keys()).map(async (request) => {
                const packed = (await store.match(request)).body.pipeThrough(new CompressionStream("gzip"));
                const isPage = new URL(request.url).pathname === "/card/";
                const body = isPage ? (await store.match(request)).body : packed;
                return (await new Response(body).arrayBuffer()).byteLength;
            }));
            return sizes.reduce((sum, size) => sum + size, 0);
        }"""
    )

    assert 20_000 < n_bytes <= MOST_BYTES


def test_the_card_has_large_targets_and_no_barrier(phone):
    """44 px for fingers; axe finds nothing, on the list and on a stop."""
    for path in ("/card/", f"/card/{M1}/"):
        phone.open(path)
        targets = "main a, main button, main .govuk-radios__item, main summary"
        assert phone.page.eval_on_selector_all(targets, LOW) == []
        assert phone.barriers() == []
