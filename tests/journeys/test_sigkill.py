"""The server is killed again and again while four people answer: nothing acknowledged is lost, nothing is doubled."""

import json
import random
import sqlite3
import threading
import time
import uuid
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import msgspec
from cli_commands import Served, serving

from goldsmith.store.checkpoints import checkpoint
from goldsmith.store.homes import Home
from goldsmith.store.migrate import VAULT
from goldsmith.trust.logs import read_checkpoint
from goldsmith.trust.merkle import root_of
from goldsmith.trust.receipts import Receipt, verify_receipt

N_KILLS = 30
N_PEOPLE = 4
N_ITEMS = 6_000
LIMIT_S = 900
LABELS = ("positive", "negative", "neutral")
SCHEMA = {
    "fields": [{"name": "text", "type": "text"}],
    "questions": [
        {
            "type": "choice",
            "name": "mood",
            "label": "Mood?",
            "options": [{"value": label, "label": label} for label in LABELS],
        }
    ],
}


class Person(threading.Thread):
    """Answers without pause, and like the browser's outbox sends what has no receipt again under the same id."""

    def __init__(self, address: "Address", project: str, token: str, seed: int) -> None:
        super().__init__(name=f"person-{seed}")
        self.address = address
        self.path = f"/api/vaults/default/projects/{project}"
        self.client = httpx.Client(headers={"authorization": f"Bearer {token}"}, timeout=20)
        self.rng = random.Random(seed)  # noqa: S311 - answers, not secrets
        self.sent: dict[str, dict[str, Any]] = {}
        self.receipts: dict[str, Receipt] = {}
        self.unexpected: list[str] = []
        self.pause = threading.Event()

    def run(self) -> None:
        while True:
            try:
                for annotation_id in [one for one in self.sent if one not in self.receipts]:
                    self.send(annotation_id)
                while not self.address.is_over.is_set():
                    self.answer_one()
            except httpx.HTTPError:  # the server was killed: try the next one
                self.pause.wait(0.1)
            else:
                self.client.close()
                return

    def answer_one(self) -> None:
        found = self.client.post(f"{self.address.url}{self.path}/leases", json={"n": 1}).json()
        lease = found["leases"][0]
        annotation_id = str(uuid.UUID(int=self.rng.getrandbits(128), version=4))
        self.sent[annotation_id] = {
            "id": annotation_id,
            "item_id": lease["item_id"],
            "lease_id": lease["id"],
            "answers": {"mood": self.rng.choice(LABELS)},
            "active_ms": 900,
            "schema_version": 1,
            "guideline_version": 1,
            "policy_version": 1,
        }
        self.send(annotation_id)

    def send(self, annotation_id: str) -> None:
        answer = self.client.post(f"{self.address.url}{self.path}/annotations", json=self.sent[annotation_id])
        if answer.status_code not in {200, 201}:
            self.unexpected.append(answer.text)
        else:
            self.receipts[annotation_id] = msgspec.json.decode(answer.content, type=Receipt)


class Address:
    """Where the server is just now, and whether the day is over."""

    def __init__(self) -> None:
        self.url = ""
        self.is_over = threading.Event()


def prepare(served: Served) -> tuple[str, list[str]]:
    """A project with items, and a token for each person."""
    with httpx.Client(base_url=served.url, headers={"origin": served.url}, timeout=60) as owner:
        owner.post("/api/sign-in/link", json={"token": served.link_token}).raise_for_status()
        made = owner.post("/api/vaults/default/projects", json={"name": "Killed", "schema": SCHEMA}).json()
        rows = "".join(json.dumps({"id": str(i), "text": f"Text number {i}."}) + "\n" for i in range(N_ITEMS))
        imported = owner.post(
            f"/api/vaults/default/projects/{made['slug']}/items?format=jsonl&id_column=id",
            content=rows,
            headers={"content-type": "application/x-ndjson"},
        ).json()
        assert imported["n_accepted"] == N_ITEMS
        return made["slug"], [token_of_new_person(owner, served, i) for i in range(N_PEOPLE)]


def token_of_new_person(owner: httpx.Client, served: Served, number: int) -> str:
    person = {"name": f"Person {number}", "email": None, "role": "annotator"}
    link = owner.post("/api/vaults/default/people", json=person).json()["sign_in_link"]
    with httpx.Client(base_url=served.url, headers={"origin": served.url}, timeout=60) as browser:
        browser.post("/api/sign-in/link", json={"token": link.partition("#")[2]}).raise_for_status()
        asked = {"name": "test", "vault": "default", "role": "annotator", "expires_in_days": 1}
        return browser.post("/api/tokens", json=asked).json()["token"]


def test_no_acknowledged_annotation_is_lost_or_doubled_when_the_server_is_killed(tmp_path: Path):
    home, address = tmp_path / "home", Address()
    people: list[Person] = []
    until = time.monotonic() + LIMIT_S
    n_kills = 0
    while n_kills < N_KILLS and time.monotonic() < until:
        with serving(home) as served:
            if not people:
                project, tokens = prepare(served)
                people = [Person(address, project, token, i) for i, token in enumerate(tokens)]
                address.url = served.url
                for person in people:
                    person.start()
            n_before = sum(len(person.receipts) for person in people)
            address.url = served.url
            wanted = n_before + random.Random(n_kills).randint(1, 60)  # noqa: S311 - a moment, not a secret
            while sum(len(person.receipts) for person in people) < wanted and time.monotonic() < until:
                address.is_over.wait(0.01)
            served.process.kill()
            served.process.wait(60)
            n_kills += 1
    assert n_kills == N_KILLS
    with serving(home) as served:
        address.url = served.url
        address.is_over.set()
        for person in people:
            person.join(60)
        exported = export(served, project)
    assert [person.unexpected for person in people] == [[]] * N_PEOPLE
    check_export(exported, people)
    check_log(home, people)


def export(served: Served, project: str) -> list[dict[str, Any]]:
    with httpx.Client(base_url=served.url, headers={"origin": served.url}, timeout=60) as owner:
        owner.post("/api/sign-in/link", json={"token": served.link_token}).raise_for_status()
        lines = owner.get(f"/api/vaults/default/projects/{project}/export.jsonl").text.splitlines()
    return [json.loads(line) for line in lines]


def check_export(exported: list[dict[str, Any]], people: list[Person]) -> None:
    """Every acknowledged answer is there once, as it was sent, and no item has two."""
    found = {one["id"]: (item["id"], one["answers"]) for item in exported for one in item["annotations"]}
    sent = {key: value for person in people for key, value in person.sent.items()}
    acknowledged = [key for person in people for key in person.receipts]
    assert len(acknowledged) > N_KILLS
    assert set(acknowledged) <= set(found)
    assert all(found[key] == (sent[key]["item_id"], sent[key]["answers"]) for key in acknowledged)
    assert set(found) <= set(sent)
    per_item = Counter(item for item, _ in found.values())
    assert max(per_item.values()) == 1


def check_log(home: Path, people: list[Person]) -> None:
    """Every receipt is signed and its leaf stands in the log, which has no gaps and the root of its checkpoint."""
    with Home(home) as opened:
        vault = opened.vault("default")
        note = vault.database.write(partial(checkpoint, plane=VAULT, origin=vault.origin, key=vault.key)).note
        sealed = read_checkpoint(note, vault.key.verifying)
        for person in people:
            assert all(verify_receipt(receipt, vault.key.verifying) for receipt in person.receipts.values())
    with sqlite3.connect(home / "vaults" / "default" / "vault.db") as database:
        assert database.execute("pragma integrity_check").fetchone() == ("ok",)
        rows = database.execute("select seq, leaf_hash, object_id from log_leaves order by seq").fetchall()
    assert [row[0] for row in rows] == list(range(sealed.size))
    assert root_of(bytes(row[1]) for row in rows) == sealed.root
    leaves = {seq: (bytes(hashed).hex(), named) for seq, hashed, named in rows}
    for person in people:
        for annotation_id, receipt in person.receipts.items():
            assert leaves[receipt.leaf_seq] == (receipt.leaf_hash, annotation_id)
