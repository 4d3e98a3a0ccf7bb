"""Decisions of a reviewer are kept, sealed, while nobody can take them, and stored once when somebody can."""

import uuid

import pytest
from browser_lab import DELIVERY, PRODUCT, SCHEMA, VAULT, NewContext, Served
from playwright.sync_api import Locator, Page, expect

from goldsmith import Client
from goldsmith.sdk import Project
from goldsmith.trust.authorize import Role

pytestmark = pytest.mark.browser
N_ITEMS = 80  # nobody holds more than a twentieth of what waits for a review
WHY = "Read the first sentence again."


def test_decisions_offline_and_signed_out_are_stored_once(served: Served, new_context: NewContext) -> None:
    with Client(served.url, served.token()) as client:
        vault = client.vault(VAULT)
        project = vault.create_project("Reviews", SCHEMA, policy={"review": "all", "order": "sequence"})
        rows = [{"id": f"r{n}", "review": f"It came late, for the time number {n}."} for n in range(1, N_ITEMS + 1)]
        assert project.import_rows(rows, id_column="id").n_accepted == N_ITEMS
        annotator = new_context().new_page()
        annotator.goto(vault.add_person("Ana", Role.ANNOTATOR).sign_in_link)
        annotator.wait_for_url(lambda address: "sign-in" not in address)
        for item in project.items():
            _answer(served, annotator, project, item.id)

        admitted = vault.add_person("Rui", Role.REVIEWER)
        context = new_context()
        page = context.new_page()
        page.goto(admitted.sign_in_link)
        expect(page.get_by_role("navigation", name="Main")).to_be_visible()
        page.goto(f"{served.url}/v/{VAULT}/p/{project.reference}/review")
        desk, state = page.get_by_test_id("reviewing"), page.get_by_test_id("save-state")
        _is_open(desk, "r1")
        page.evaluate("async () => { await navigator.serviceWorker.ready }")

        context.set_offline(True)
        page.keyboard.press("a")
        expect(state).to_have_text("offline, 1 kept")
        _is_open(desk, "r2")
        page.keyboard.press("x")
        desk.get_by_role("button", name=PRODUCT).click()
        page.keyboard.press("Control+Enter")
        expect(state).to_have_text("offline, 2 kept")
        _is_open(desk, "r3")
        page.reload()
        expect(page.get_by_test_id("kept")).to_contain_text("2 ")
        assert list(project.reviews()) == []

        context.set_offline(False)
        _is_open(desk, "r3")
        _are_stored(project, "r1 accepted", "r2 fixed")

        _begin_a_return_and_reload(page)
        context.clear_cookies()
        page.keyboard.press("Control+Enter")
        _sign_in_again(page, vault.sign_in_link(admitted.person_id))
        _is_open(desk, "r4")
        expect(state).to_have_text("saved ✓")
        _are_stored(project, "r1 accepted", "r2 fixed", "r3 returned")

        _come_second(project, page)
        _is_open(desk, "r5")

        _decide_about_own_work(served, project, page)
        _let_go_of_it(desk, page)
        _are_stored(project, "r1 accepted", "r2 fixed", "r3 returned", "r4 accepted", "r4 fixed")


def _begin_a_return_and_reload(page: Page) -> None:
    """What is begun is there again."""
    page.keyboard.press("r")
    page.keyboard.type(WHY)
    expect(page.get_by_test_id("save-state")).to_have_text("kept on this device")
    page.reload()
    expect(page.get_by_role("textbox", name="What shall be done otherwise?")).to_have_value(WHY)


def _come_second(project: Project, page: Page) -> None:
    """Somebody else decides about r4 before the decision arrives, which is kept and told not to count."""
    r4 = next(item.id for item in project.items() if item.external_id == "r4")
    assert project.end_leases(r4, "Rui was offline").n_leases == 1
    lease = project.lease_reviews().leases[0]
    assert lease.external_id == "r4"
    assert project.fix(lease, lease.answers[0], {"about": PRODUCT}).applies
    page.keyboard.press("a")
    overtaken = page.get_by_test_id("overtaken")
    expect(overtaken).to_contain_text("Your decision about r4 does not count as its label.")
    overtaken.get_by_role("button", name="Seen").click()
    expect(overtaken).to_have_count(0)


def _sign_in_again(page: Page, link: str) -> None:
    """Sign in over the page that is as it was left."""
    again = page.get_by_role("region", name="Your sign-in has ended")
    expect(again).to_be_visible()
    again.get_by_text("I have a sign-in link").click()
    again.get_by_role("textbox", name="Sign-in link").fill(link)
    again.get_by_role("button", name="Use the link").click()
    expect(again).to_have_count(0)


def _decide_about_own_work(served: Served, project: Project, page: Page) -> None:
    """Who answers an item cannot decide about it: what the server refuses is shown until the person lets go of it."""
    _answer(served, page, project, next(item.id for item in project.items() if item.external_id == "r5"))
    page.keyboard.press("a")
    refused = page.get_by_test_id("refused")
    expect(refused).to_contain_text("Your decision about r5 was not stored")
    expect(refused).to_contain_text("You have answered, reviewed or contested this item yourself.")
    _is_open(page.get_by_test_id("reviewing"), "r6")
    expect(page.get_by_test_id("save-state")).to_be_empty()


def _let_go_of_it(desk: Locator, page: Page) -> None:
    """Open the item of a refused decision again, and then discard the decision."""
    refused = page.get_by_test_id("refused")
    page.keyboard.press("d")
    _is_open(desk, "r5")
    refused.get_by_role("button", name="Discard", exact=True).click()
    refused.get_by_role("button", name="Discard for good").click()
    expect(refused).to_have_count(0)


def _answer(served: Served, page: Page, project: Project, item_id: str) -> None:
    """Store an answer to an item as whoever is signed in."""
    versions = {f"{kind}_version": 1 for kind in ("schema", "guideline", "policy")}
    stored = page.request.post(
        f"{served.url}/api/vaults/{VAULT}/projects/{project.reference}/annotations",
        data={"id": str(uuid.uuid4()), "item_id": item_id, "answers": {"about": DELIVERY}, **versions},
        headers={"origin": served.url},
    )
    assert stored.status == 201, stored.text()


def _is_open(desk: Locator, external_id: str) -> None:
    expect(desk.get_by_role("region", name=f"Item {external_id}")).to_be_visible()


def _are_stored(project: Project, *decisions: str) -> None:
    """Each decision is stored once, about its own item."""
    names = {item.id: item.external_id for item in project.items()}
    assert sorted(f"{names[one.item_id]} {one.decision}" for one in project.reviews()) == list(decisions)
