"""Nothing is lost, nor claimed, where a clock is wrong, a device full, a sign-in ended, or an hour passed offline."""

import copy
from itertools import islice
from typing import Any

import pytest
from browser_lab import DELIVERY, PRODUCT, SCHEMA, VAULT, NewContext, Served
from playwright.sync_api import Locator, Page, expect

from goldsmith import Client
from goldsmith.sdk import Project
from goldsmith.sdk.vaults import Vault
from goldsmith.trust.authorize import Role

pytestmark = pytest.mark.browser
_WRONG_CLOCK = "{ const right = Date.now; Date.now = () => right.call(Date) + %d * 86_400_000; }"
_CLOSED = "indexedDB.open = () => { throw new DOMException('closed', 'SecurityError'); };"
_FULL = """{
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (...given) {
        if (window.isFull) throw new DOMException('full', 'QuotaExceededError');
        return put.apply(this, given);
    };
}"""
N_ITEMS = 200  # near its end a queue hands out nothing ahead, and there is nothing to answer offline


@pytest.mark.parametrize("days", [-1, 1])
def test_a_clock_wrong_by_a_day_changes_nothing(served: Served, new_context: NewContext, days: int) -> None:
    with Client(served.url, served.token()) as client:
        vault = client.vault(VAULT)
        project = _project(vault)
        page = _labelling(served, new_context, vault, _WRONG_CLOCK % days)
        _answer(page, 1, "2")
        expect(_state(page)).to_have_text("saved ✓")
        page.context.set_offline(True)
        for nth, key in ((2, "1"), (3, "2")):
            _answer(page, nth, key)
        expect(_state(page)).to_contain_text("offline, 2 kept")
        page.context.set_offline(False)
        expect(_state(page)).to_have_text("saved ✓")

        stored = _stored(project)
        assert [one["answers"] for one in stored] == [{"about": PRODUCT}, {"about": DELIVERY}, {"about": PRODUCT}]
        assert not any(one["is_late"] for one in stored)


def test_a_full_device_sends_straight_to_the_server_and_offline_says_that_nothing_is_kept(
    served: Served, new_context: NewContext
) -> None:
    with Client(served.url, served.token()) as client:
        vault = client.vault(VAULT)
        project = _project(vault)
        page = _labelling(served, new_context, vault, _FULL)
        _answer(page, 1, "2")
        expect(_state(page)).to_have_text("saved ✓")
        page.evaluate("window.isFull = true")
        _answer(page, 2, "1")
        expect(_state(page)).to_have_text("saved ✓")
        assert len(_stored(project)) == 2

        page.context.set_offline(True)
        page.keyboard.press("1")
        page.keyboard.press("Enter")
        note = page.get_by_role("alert").filter(has_text="This device cannot store anything")
        expect(note).to_be_visible()
        expect(note).not_to_contain_text("is kept")
        expect(_state(page)).not_to_contain_text("kept")
        expect(page.get_by_role("button", name=DELIVERY, pressed=True)).to_be_visible()
        assert len(_stored(project)) == 2

        page.context.set_offline(False)
        page.keyboard.press("Enter")
        expect(page.get_by_text("your item 4", exact=True)).to_be_visible()
        expect(note).to_be_hidden()
        expect(_state(page)).to_have_text("saved ✓")
        assert [one["answers"]["about"] for one in _stored(project)] == [PRODUCT, DELIVERY, DELIVERY]


def test_where_the_storage_is_closed_answers_go_to_the_server(served: Served, new_context: NewContext) -> None:
    with Client(served.url, served.token()) as client:
        vault = client.vault(VAULT)
        project = _project(vault)
        page = _labelling(served, new_context, vault, _CLOSED)
        _answer(page, 1, "2")
        _answer(page, 2, "1")
        expect(_state(page)).to_have_text("saved ✓")
        assert [one["answers"]["about"] for one in _stored(project)] == [PRODUCT, DELIVERY]


def test_an_hour_offline_without_lease_sign_in_and_schema_loses_nothing(
    served: Served, new_context: NewContext
) -> None:
    with Client(served.url, served.token()) as client:
        vault = client.vault(VAULT)
        project = _project(vault)
        page = _labelling(served, new_context, vault)
        _answer(page, 1, "2")
        expect(_state(page)).to_have_text("saved ✓")
        page.context.set_offline(True)
        _answer(page, 2, "1")
        page.clock.fast_forward("01:00:00")
        _answer(page, 3, "2")
        expect(_state(page)).to_contain_text("offline, 2 kept")
        for row in islice(project.items(), 12):
            project.end_leases(row.id, "an hour has passed")
        changed = copy.deepcopy(SCHEMA)
        changed["questions"].append({"type": "rating", "name": "tone", "label": "Tone?", "required": True})
        project.set_schema(changed)
        page.context.clear_cookies()
        page.context.set_offline(False)
        page.clock.fast_forward("02:00")

        again = page.get_by_role("region", name="Your sign-in has ended")
        expect(again).to_contain_text("2 answers or decisions are kept on this device")
        (person,) = (one for one in vault.people() if one.name == "Ana")
        again.get_by_text("I have a sign-in link").click()
        again.get_by_label("Sign-in link").fill(vault.sign_in_link(person.person_id))
        page.keyboard.press("Enter")
        expect(again).to_be_hidden()
        expect(_state(page)).to_have_text("saved ✓")

        stored = _stored(project)
        assert [one["answers"] for one in stored] == [{"about": PRODUCT}, {"about": DELIVERY}, {"about": PRODUCT}]
        assert [one["is_late"] for one in stored] == [False, True, True]
        assert {one["schema_version"] for one in stored} == {1}


def _project(vault: Vault) -> Project:
    project = vault.create_project("Reviews", SCHEMA, policy={"order": "sequence"})
    project.import_rows([{"id": str(i), "review": f"Review {i}"} for i in range(N_ITEMS)], id_column="id")
    return project


def _labelling(served: Served, new_context: NewContext, vault: Vault, script: str = "") -> Page:
    """The labelling screen of somebody new, on a device that runs `script` first."""
    context = new_context()
    context.add_init_script(script or "0")
    page = context.new_page()
    page.clock.install()
    page.goto(vault.add_person("Ana", Role.ANNOTATOR).sign_in_link)
    page.wait_for_url(lambda address: "sign-in" not in address)
    page.goto(f"{served.url}/v/{VAULT}/p/reviews/label")
    expect(page.get_by_text("your item 1", exact=True)).to_be_visible()
    return page


def _answer(page: Page, nth: int, key: str) -> None:
    expect(page.get_by_text(f"your item {nth}", exact=True)).to_be_visible()
    page.keyboard.press(key)
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"your item {nth + 1}", exact=True)).to_be_visible()


def _state(page: Page) -> Locator:
    return page.get_by_test_id("save-state")


def _stored(project: Project) -> list[dict[str, Any]]:
    """The annotations of the first items, in their order."""
    return [
        {
            "answers": dict(one.answers),
            "is_late": one.is_late,
            "schema_version": one.schema_version,
        }
        for row in islice(project.items(), 12)
        for one in project.item(row.id).annotations
    ]
