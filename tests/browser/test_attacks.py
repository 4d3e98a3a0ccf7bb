"""Hostile content of items: no script runs, no request leaves, nothing covers the page, nothing stays unseen."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from browser_lab import VAULT, NewContext, Served
from playwright.sync_api import expect

from goldsmith import Client

pytestmark = pytest.mark.browser
CORPUS = Path(__file__).parent / "attacks"
KINDS = ("html", "markdown", "text", "json")
SCHEMA = {
    "fields": [{"name": kind, "type": kind} for kind in KINDS],
    "questions": [
        {"type": "choice", "name": "fine", "label": "Fine?", "options": [{"value": "yes", "label": "Yes"}]},
    ],
}


@pytest.fixture
def attacker() -> Iterator[tuple[str, list[str]]]:
    """The address of a server that is not Goldsmith's, and the first line of all that reaches it."""
    heard: list[str] = []
    with closing(socket.create_server(("127.0.0.1", 0))) as server:

        def listen() -> None:
            with suppress(OSError):  # closed at the end
                while True:
                    caller, _ = server.accept()
                    with closing(caller):
                        heard.append(caller.recv(200).decode(errors="replace").splitlines()[0])

        threading.Thread(target=listen, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", heard


def corpus(address: str) -> list[dict[str, Any]]:
    """Items, each with one attack in one field, that name the attacker's address."""
    rows: list[dict[str, Any]] = []
    for kind in KINDS:
        for attack in json.loads((CORPUS / f"{kind}.json").read_text().replace("ATTACKER", address)):
            harmless: dict[str, Any] = dict.fromkeys(KINDS, "nothing")
            rows.append({"id": f"{kind}: {attack['name']}", **harmless, kind: attack["content"]})
    return rows


def test_no_attack_of_the_corpus_runs_loads_or_hides(
    served: Served, new_context: NewContext, attacker: tuple[str, list[str]]
) -> None:
    address, heard = attacker
    rows = corpus(address)
    with Client(served.url, served.token()) as client:
        project = client.vault(VAULT).create_project("Attacks", SCHEMA, policy={"order": "sequence"})
        imported = project.import_rows(rows, id_column="id")
        assert imported.n_accepted == len(rows), imported
    page = new_context().new_page()
    dialogs: list[str] = []
    left: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: left.append(request.url) if request.url.startswith("http") else None)
    page.context.on("page", lambda other: dialogs.append(f"a window opened: {other.url}"))
    page.goto(served.link)
    expect(page.get_by_role("link", name="Attacks", exact=True)).to_be_visible()
    page.goto(f"{served.url}/v/{VAULT}/p/attacks/label")
    for nth, row in enumerate(rows, 1):
        item = page.get_by_role("region", name=f"Item {row['id']}", exact=True)
        expect(item).to_be_visible()
        assert page.evaluate("[window.__ran ?? null, Object.prototype.polluted ?? null]") == [None, None], row["id"]
        assert [page.url, dialogs] == [f"{served.url}/v/{VAULT}/p/attacks/label", []], row["id"]
        if row["id"] == "text: direction turned":
            expect(item.locator('[data-mark="RLO"]')).to_be_visible()
            expect(item.locator('[data-mark="RLM"]')).to_be_visible()
        if row["id"] == "text: nothing between letters":
            expect(item.locator('[data-mark="ZWSP"]')).to_be_visible()
        # What lies over the page would take the click.
        page.get_by_role("button", name="Yes").click()
        page.get_by_role("button", name="submit").click()
        if nth < len(rows):
            expect(page.get_by_text(f"your item {nth + 1}", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="Nothing waits for you here")).to_be_visible()
    assert [url for url in left if not url.startswith(served.url)] == []
    assert heard == []
