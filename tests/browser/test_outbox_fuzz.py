"""Random trouble for somebody who labels: no network, reloads, two tabs, a server that is killed. Nothing is lost."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from browser_lab import SCHEMA, VAULT, NewContext, goldsmith, reviews
from playwright.sync_api import BrowserContext, Error, Page, Response, expect

from goldsmith import Client
from goldsmith.sdk import Project
from goldsmith.trust.authorize import Role

pytestmark = pytest.mark.browser
DURATION_S = float(os.environ.get("GOLDSMITH_FUZZ_S", "25"))
"""How long trouble is made; 600 for the ten minutes that the page promises."""
N_ITEMS = 3_000
LABEL = f"/v/{VAULT}/p/reviews/label"
_GOLDSMITH = Path(sys.executable).with_name("goldsmith")


class _Server:
    """A server on one port that can be killed and started again."""

    def __init__(self, home: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.home = home
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[str] | None = None

    @property
    def is_running(self) -> bool:
        return self._process is not None

    def start(self) -> None:
        command = [_GOLDSMITH, "serve", "--home", self.home, "--port", str(self.port), "--no-open"]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self._process.stdout is not None
        assert any("/sign-in#" in line for line in self._process.stdout), "the server did not start"

    def end(self, sign: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(sign)
            _ = self._process.wait(timeout=60)
            assert self._process.stdout is not None
            self._process.stdout.close()
        self._process = None


class _Person:
    """Somebody with two tabs, and what the server has confirmed to them."""

    def __init__(self, context: BrowserContext, url: str, rng: np.random.Generator) -> None:
        self.context, self.url, self.rng = context, url, rng
        self.confirmed: Counter[str] = Counter()
        self.sent: set[str] = set()
        self.tabs = [self._tab(), self._tab()]

    def _tab(self) -> Page:
        page = self.context.new_page()
        page.on("response", self._note)
        page.goto(self.url + LABEL)
        expect(page.get_by_test_id("labelling")).to_be_visible()
        return page

    def _note(self, response: Response) -> None:
        request = response.request
        if request.method != "POST" or not response.url.endswith("/annotations"):
            return
        self.sent.add(json.loads(request.post_data or "{}")["id"])
        try:
            if response.ok:
                self.confirmed[response.json()["annotation_id"]] += 1
        except Error:
            return  # the answer broke off: nothing was confirmed

    def answer(self) -> None:
        page = self.tabs[int(self.rng.integers(2))]
        page.bring_to_front()
        for _ in range(int(self.rng.integers(1, 6))):
            page.keyboard.press(str(self.rng.integers(1, 3)))
            if self.rng.random() < 0.2:
                page.keyboard.press("Control+z")
                page.keyboard.press(str(self.rng.integers(1, 3)))
            page.keyboard.press("Enter")
            page.wait_for_timeout(float(self.rng.integers(0, 120)))

    def reload(self) -> None:
        page = self.tabs[int(self.rng.integers(2))]
        page.reload()
        expect(page.get_by_role("main")).to_be_attached()


def test_random_trouble_loses_nothing_that_was_confirmed(
    new_context: NewContext, tmp_path: Path, rng: np.random.Generator
) -> None:
    server = _Server(tmp_path / "home")
    server.start()
    try:
        token = goldsmith("token", "create", "--home", server.home).stdout.strip()
        with Client(server.url, token) as client:
            vault = client.vault(VAULT)
            project = vault.create_project("Reviews", SCHEMA)
            assert project.import_rows(reviews(N_ITEMS, rng), id_column="id").n_accepted == N_ITEMS
            link = vault.add_person("Ana", Role.ANNOTATOR).sign_in_link
        context = new_context()
        page = context.new_page()
        page.goto(link)
        page.wait_for_url(lambda address: "sign-in" not in address)
        page.evaluate("async () => { await navigator.serviceWorker.ready }")
        person = _Person(context, server.url, rng)
        n_troubles = _make_trouble(person, server, rng)
        _come_to_rest(person, server)
        with Client(server.url, token) as client:
            stored = _stored(client.vault(VAULT).project("reviews"))
        assert n_troubles["kill"] and n_troubles["offline"] and n_troubles["reload"]
        assert len(person.confirmed) >= 8, "too little was answered to say anything"
        assert {one: stored[one] for one in person.confirmed} == dict.fromkeys(person.confirmed, 1)
        assert {one: stored[one] for one in person.sent} == dict.fromkeys(person.sent, 1)
    finally:
        server.end(signal.SIGTERM)


def _make_trouble(person: _Person, server: _Server, rng: np.random.Generator) -> Counter[str]:
    troubles: dict[str, Callable[[], None]] = {
        "kill": lambda: server.end(signal.SIGKILL),
        "start": server.start,
        "offline": lambda: person.context.set_offline(True),
        "online": lambda: person.context.set_offline(False),
        "reload": person.reload,
    }
    made: Counter[str] = Counter()
    end = time.monotonic() + DURATION_S
    first = ["answer", "kill", "answer", "start", "answer", "offline", "answer", "reload", "online", "answer"]
    while first or time.monotonic() < end:
        name = first.pop(0) if first else str(rng.choice(["answer"] * 14 + list(troubles)))
        if name == "answer":
            person.answer()
        elif (name == "start") != server.is_running or name not in {"kill", "start"}:
            troubles[name]()
            made[name] += 1
    return made


def _come_to_rest(person: _Person, server: _Server) -> None:
    """The network and the server are back: everything that is kept arrives."""
    person.context.set_offline(False)
    if not server.is_running:
        server.start()
    for page in person.tabs:
        page.reload()
        expect(page.get_by_test_id("labelling")).to_be_visible()
    page = person.tabs[0]
    page.bring_to_front()
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("save-state")).to_have_text("saved ✓")
    page.wait_for_timeout(1_000)


def _stored(project: Project) -> Counter[str]:
    """How often each annotation is stored; nobody's answer stands twice on one item."""
    found: Counter[str] = Counter()
    for row in project.items():
        if row.n_people:
            annotations = project.item(row.id).annotations
            found.update(one.id for one in annotations)
            superseded = {one.supersedes for one in annotations}
            assert len([one for one in annotations if one.id not in superseded]) == 1
            assert row.n_people == 1
    return found
