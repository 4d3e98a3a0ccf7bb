"""Twenty answers with no mouse, five of them with no network: each is kept, sealed, and stored once."""

import json

import numpy as np
import pytest
from browser_lab import DELIVERY, PRODUCT, SCHEMA, VAULT, WAIT_MS, NewContext, Served, answer_by_keyboard, reviews
from playwright.sync_api import Page, expect

from goldsmith import Client
from goldsmith.sdk import Project
from goldsmith.trust.authorize import Role

pytestmark = pytest.mark.browser
N_ITEMS = 150
N_ONLINE = 15
N_OFFLINE = 5
MOST_TABS = 40

# Everything that this device keeps, as text: what is bytes is read as Latin-1, so that no letter can hide.
_KEPT = """async () => {
    const readable = (value) => {
        if (value instanceof ArrayBuffer) return new TextDecoder('latin1').decode(value);
        if (ArrayBuffer.isView(value)) return new TextDecoder('latin1').decode(value);
        if (Array.isArray(value)) return value.map(readable);
        if (value && typeof value === 'object') {
            return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, readable(part)]));
        }
        return value;
    };
    const asked = (request) => new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
    const kept = [];
    for (const { name } of await indexedDB.databases()) {
        const database = await asked(indexedDB.open(name));
        for (const store of database.objectStoreNames) {
            kept.push(...readable(await asked(database.transaction(store).objectStore(store).getAll())));
        }
        database.close();
    }
    return kept;
}"""
_UNTIL_NOTHING_IS_KEPT = f"""async (wait_ms) => {{
    for (const start = performance.now(); (await ({_KEPT})()).length > 0; await new Promise(requestAnimationFrame)) {{
        if (performance.now() - start > wait_ms) throw new Error('answers are still kept on this device');
    }}
}}"""
_CACHED = """async () => {
    const names = await caches.keys();
    const caches_ = await Promise.all(names.map((name) => caches.open(name)));
    const requests = await Promise.all(caches_.map((cache) => cache.keys()));
    return requests.flat().map((request) => new URL(request.url).pathname);
}"""


def test_twenty_answers_by_keyboard_with_five_offline(
    served: Served, new_context: NewContext, rng: np.random.Generator
) -> None:
    with Client(served.url, served.token()) as client:
        vault = client.vault(VAULT)
        project = vault.create_project("Reviews", SCHEMA)
        assert project.import_rows(reviews(N_ITEMS, rng), id_column="id").n_accepted == N_ITEMS
        link = vault.add_person("Ana", Role.ANNOTATOR).sign_in_link
        context = new_context()
        page = context.new_page()
        page.goto(link)
        _open_the_labelling_screen(page)
        page.evaluate("async () => { await navigator.serviceWorker.ready }")
        given = dict(answer_by_keyboard(page, nth) for nth in range(1, N_ONLINE + 1))
        state = page.get_by_test_id("save-state")
        expect(state).to_have_text("saved ✓")

        _come_back_to_a_full_queue(page)
        context.set_offline(True)
        for nth in range(1, N_OFFLINE + 1):
            external_id, answer = answer_by_keyboard(page, nth)
            given[external_id] = answer
            expect(state).to_contain_text(f"offline, {nth} kept")
        _nothing_readable_is_kept(page)
        assert _answered(project) == N_ONLINE

        page.reload()
        expect(page.get_by_role("heading", name="You are offline")).to_be_visible()
        expect(page.get_by_test_id("kept")).to_have_text(
            f"Offline, {N_OFFLINE} answers or decisions kept on this device, encrypted."
        )
        _nothing_readable_is_kept(page)

        context.set_offline(False)
        expect(page.get_by_text("your item 1", exact=True)).to_be_visible()
        page.evaluate(_UNTIL_NOTHING_IS_KEPT, WAIT_MS)
        assert _answered(project) == N_ONLINE + N_OFFLINE
        _each_is_stored_once(list(project.export()), given)
        external_id, answer = answer_by_keyboard(page, 1)
        assert external_id not in given
        expect(state).to_have_text("saved ✓")


def _open_the_labelling_screen(page: Page) -> None:
    tile = page.get_by_role("link", name="Reviews", exact=True)
    expect(tile).to_be_visible()
    for _ in range(MOST_TABS):
        if tile.evaluate("link => link === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(tile).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Why not finished")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("l")


def _come_back_to_a_full_queue(page: Page) -> None:
    """A labelling screen just opened holds the open item and five more; a used one may hold fewer."""
    page.keyboard.press("g")
    page.keyboard.press("o")
    expect(page.get_by_role("heading", name="Why not finished")).to_be_visible()
    with page.expect_response(lambda response: response.url.endswith("/leases")) as leased:
        page.keyboard.press("g")
        page.keyboard.press("l")
    assert len(leased.value.json()["leases"]) > N_OFFLINE


def _nothing_readable_is_kept(page: Page) -> None:
    kept = page.evaluate(_KEPT)
    assert [entry["kind"] for entry in kept] == ["annotation"] * N_OFFLINE
    text = json.dumps(kept, ensure_ascii=False)
    assert all(entry["body"] for entry in kept)
    assert not [word for word in (DELIVERY, PRODUCT, "about", "answers", "stars") if word in text]
    assert not [path for path in page.evaluate(_CACHED) if path.startswith("/api")]


def _answered(project: Project) -> int:
    return project.progress().n_people_annotations


def _each_is_stored_once(parts: list[bytes], given: dict[str, str]) -> None:
    items = [json.loads(line) for line in b"".join(parts).splitlines()]
    stored = [
        (item["external_id"], annotation["answers"]["about"]) for item in items for annotation in item["annotations"]
    ]
    assert sorted(stored) == sorted(given.items())
    assert len(given) == N_ONLINE + N_OFFLINE
