"""Goldsmith: started with `goldsmith serve`, everything else over its API, as a person's browser does it."""

import contextlib
import re
import sys
import time
import uuid
from importlib.metadata import version
from pathlib import Path
from typing import NotRequired, TypedDict

import httpx
import msgspec

from benchmarks.connections import Connection
from benchmarks.peers import LABELS, Cycle, Page, Place
from benchmarks.processes import ServerError, ServerProcess

START_S = 60
PAGE_ROWS = 50
SIGN_IN = re.compile(r"/sign-in#([\w.~-]+)")


class _Lease(TypedDict):
    id: str
    item_id: str
    schema_version: int
    guideline_version: int
    policy_version: int


class _Leases(TypedDict):
    leases: list[_Lease]
    empty: NotRequired[object]


class Goldsmith:
    """Goldsmith as it is served to people: one person for each client, an overlap of 1, nothing switched off."""

    name = "Goldsmith"
    notes = ("Goldsmith: permissions, policies, log leaf, signed receipt and an fsync for each commit are on.",)

    _process: ServerProcess | None = None

    def version(self) -> str:
        """The version that is measured."""
        return version("goldsmith")

    def start(self, place: Place) -> int:
        """Serve a fresh home and make the project; returns the server's process id."""
        self._base = f"http://127.0.0.1:{place.port}"
        self._port = place.port
        command = [str(Path(sys.executable).parent / "goldsmith"), "serve", "--home", str(place.folder / "home")]
        command += ["--port", str(place.port), "--no-open"]
        environment = {"DO_NOT_TRACK": "1", "PYTHONUNBUFFERED": "1"}
        if place.store == "postgresql":
            environment["GOLDSMITH_DATABASE_URL"] = place.database_url
        process = ServerProcess(command, folder=place.folder, environment=environment, core=place.core)
        self._process = process
        process.wait_until_it_answers(f"{self._base}/healthz", within_s=START_S)
        self._owner = self._sign_in(_printed_link(process))
        me = self._owner.get("/api/me").raise_for_status().json()
        self._vault: str = me["engagements"][0]["vault"]
        options = [{"value": label, "label": label.title()} for label in LABELS]
        question = {"type": "choice", "name": "label", "label": "Label", "required": True, "options": options}
        schema = {"fields": [{"name": "text", "type": "text"}], "questions": [question]}
        policy = {"overlap": 1, "order": "sequence"}
        made = self._owner.post(
            f"/api/vaults/{self._vault}/projects", json={"name": "Benchmark", "schema": schema, "policy": policy}
        )
        self._project = f"/api/vaults/{self._vault}/projects/{made.raise_for_status().json()['id']}"
        return process.pid

    def load(self, texts: list[str]) -> None:
        """Import the texts as one JSONL file."""
        encoder = msgspec.json.Encoder()
        rows = encoder.encode_lines({"id": str(number), "text": text} for number, text in enumerate(texts))
        where = f"{self._project}/items?format=jsonl&text_column=text&id_column=id"
        done = self._owner.post(where, content=rows, headers={"Content-Type": "application/x-ndjson"})
        report = done.raise_for_status().json()
        if report["n_accepted"] != len(texts):
            raise ServerError(f"only {report['n_accepted']} of {len(texts)} texts were accepted.")

    def session(self, index: int) -> "GoldsmithSession":
        """A new person, admitted as an annotator, with an API token."""
        name = f"Annotator {index} {time.time_ns()}"
        person = {"name": name, "email": None, "role": "annotator"}
        made = self._owner.post(f"/api/vaults/{self._vault}/people", json=person).raise_for_status().json()
        found = SIGN_IN.search(made["sign_in_link"])
        if found is None:
            raise ServerError("a new person's sign-in link has no token.")
        with contextlib.closing(self._sign_in(found[1])) as signed_in:
            wanted = {"name": "benchmark", "vault": self._vault, "role": "annotator", "expires_in_days": 1}
            token: str = signed_in.post("/api/tokens", json=wanted).raise_for_status().json()["token"]
        connection = Connection(self._port, {"Authorization": f"Bearer {token}"}, keeps_alive=True)
        return GoldsmithSession(connection, self._project)

    async def first_page(self) -> Page:
        """The calls of the items page: who am I, which project, the first rows."""
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self._owner.cookies.jar)
        connection = Connection(self._port, {"Cookie": cookies}, keeps_alive=True)
        bodies = [await connection.get(path) for path in ("/api/me", self._project)]
        bodies.append(await connection.get(f"{self._project}/items?limit={PAGE_ROWS}&sort=position"))
        await connection.close()
        return Page(len(msgspec.json.decode(bodies[-1])["rows"]), sum(map(len, bodies)), len(bodies))

    def export(self) -> int:
        """The streamed export of all items with their answers."""
        with self._owner.stream("GET", f"{self._project}/export.jsonl") as reply:
            reply.raise_for_status()
            return sum(len(chunk) for chunk in reply.iter_raw())

    def stop(self) -> None:
        """Stop the server."""
        if self._process is not None:
            self._process.stop()

    def _sign_in(self, token: str) -> httpx.Client:
        headers = {"Origin": self._base, "Accept-Encoding": "identity"}
        client = httpx.Client(base_url=self._base, headers=headers, timeout=600, trust_env=False)
        client.post("/api/sign-in/link", json={"token": token}).raise_for_status()
        return client


class GoldsmithSession:
    """One person who leases the next item and answers it."""

    def __init__(self, connection: Connection, project: str) -> None:
        self._connection = connection
        self._leases = f"{project}/leases"
        self._annotations = f"{project}/annotations"
        self._decoder = msgspec.json.Decoder(_Leases)

    async def cycle(self, label: str) -> Cycle:
        """Lease the next item and answer it."""
        started = time.perf_counter()
        leases = self._decoder.decode(await self._connection.post(self._leases, {"n": 1}))["leases"]
        leased = time.perf_counter()
        if not leases:
            raise ServerError("the queue is empty: import more items or work for fewer seconds.")
        lease = leases[0]
        answer = {
            "id": str(uuid.uuid4()),
            "item_id": lease["item_id"],
            "lease_id": lease["id"],
            "outcome": "answered",
            "reason": None,
            "answers": {"label": label},
            "active_ms": 1500,
            "schema_version": lease["schema_version"],
            "guideline_version": lease["guideline_version"],
            "policy_version": lease["policy_version"],
            "supersedes": None,
        }
        await self._connection.post(self._annotations, answer)
        return Cycle(leased - started, time.perf_counter() - leased, lease["item_id"])

    async def close(self) -> None:
        """Leave."""
        await self._connection.close()


def _printed_link(process: ServerProcess) -> str:
    """The token of the one-time link that the server prints when it starts."""
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        if found := SIGN_IN.search(process.log.read_text(errors="replace")):
            return found[1]
        time.sleep(0.05)
    raise ServerError(f"goldsmith serve printed no sign-in link:\n{process.last_words()}")
