"""The server is killed in the middle of an import and of a release: both are whole after the next try, and once."""

import json
import random
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
from cli_commands import Served, serving

from goldsmith.store.homes import Home
from goldsmith.trust.merkle import root_of
from goldsmith.trust.reports import VerifyStatus
from goldsmith.trust.verifier import verify_release

N_ROWS = 12_000
N_KILLS = 3
SCHEMA = {
    "fields": [{"name": "text", "type": "text"}],
    "questions": [
        {"type": "choice", "name": "mood", "label": "?", "options": [{"value": "good", "label": "Good"}]},
    ],
}
BASE = "/api/vaults/default/projects"


@contextmanager
def signed_in(served: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served.url, headers={"origin": served.url}, timeout=60) as owner:
        owner.post("/api/sign-in/link", json={"token": served.link_token}).raise_for_status()
        yield owner


def vault_file(home: Path) -> Path:
    return home / "vaults" / "default" / "vault.db"


def n_items(home: Path) -> int:
    with sqlite3.connect(f"file:{vault_file(home)}?mode=ro", uri=True) as database:
        return database.execute("select count(*) from items").fetchone()[0]


def kill_once(served: Served, is_time) -> None:
    """Kill the server as soon as it is time, or when a minute has passed."""
    never = threading.Event()
    for _ in range(6000):
        if is_time():
            break
        never.wait(0.01)
    served.process.kill()
    served.process.wait(60)


def test_an_import_that_is_killed_again_and_again_ends_whole(tmp_path: Path):
    home, draw = tmp_path / "home", random.Random(3)  # noqa: S311 - moments, not secrets
    rows = [json.dumps({"id": f"r{i:05}", "text": f"Text number {i}. " + "word " * 30}) for i in range(N_ROWS)]
    content = "\n".join(rows).encode()
    place = f"{BASE}/killed/items?format=jsonl&id_column=id"
    kind = {"content-type": "application/x-ndjson"}
    for kill in range(N_KILLS):
        with serving(home) as served, signed_in(served) as owner:
            if kill == 0:
                owner.post(BASE, json={"name": "Killed", "schema": SCHEMA}).raise_for_status()
            reached = n_items(home) + draw.choice([0, 500, 1500, 2500])
            killer = threading.Thread(target=kill_once, args=(served, lambda at=reached: n_items(home) > at))
            killer.start()
            with suppress(httpx.HTTPError):
                owner.post(place, content=content, headers=kind)
            killer.join()
    n_before = n_items(home)
    with serving(home) as served, signed_in(served) as owner:
        report = owner.post(place, content=content, headers=kind).json()
        assert list((vault_file(home).parent / "scratch").iterdir()) == []
    assert (report["n_read"], report["n_duplicate"], report["n_rejected"]) == (N_ROWS, n_before, 0)
    with sqlite3.connect(vault_file(home)) as database:
        assert database.execute("pragma integrity_check").fetchone() == ("ok",)
        found = database.execute("select external_id, position from items order by external_id").fetchall()
        contents = database.execute("select count(*) from item_contents").fetchone()[0]
    assert [external_id for external_id, _ in found] == [f"r{i:05}" for i in range(N_ROWS)]
    assert sorted(position for _, position in found) == list(range(N_ROWS))
    assert contents == N_ROWS
    check_log(home)


def test_a_release_that_is_killed_again_and_again_appears_once_and_whole(tmp_path: Path):
    home, draw = tmp_path / "home", random.Random(4)  # noqa: S311 - moments, not secrets
    with serving(home) as served, signed_in(served) as owner:
        owner.post(BASE, json={"name": "Frozen", "schema": SCHEMA}).raise_for_status()
        rows = "\n".join(json.dumps({"id": i, "text": f"Text number {i}."}) for i in range(3000))
        kind = {"content-type": "application/x-ndjson"}
        owner.post(f"{BASE}/frozen/items?format=jsonl&id_column=id", content=rows, headers=kind).raise_for_status()
        asked = owner.post(f"{BASE}/frozen/releases", json={}).json()
        served.process.kill()
    for _ in range(N_KILLS):
        with serving(home) as served:
            moment = threading.Event()
            moment.wait(draw.uniform(0.0, 1.2))
            served.process.kill()
            served.process.wait(60)
        check_releases(home)
    with serving(home) as served, signed_in(served) as owner:
        never = threading.Event()
        for _ in range(1200):
            job = owner.get(f"/api/vaults/default/jobs/{asked['id']}").json()
            if job["finished_at"] is not None:
                break
            never.wait(0.05)
        assert (job["state"], job["result"]["release"], job["result"]["n_items"]) == ("done", "v1", 3000)
        listed = owner.get(f"{BASE}/frozen/releases").json()["rows"]
        assert [row["version"] for row in listed] == ["v1"]
    check_releases(home)
    assert [path.name for path in (vault_file(home).parent / "releases" / "frozen").iterdir()] == ["v1"]
    check_log(home)


def check_releases(home: Path) -> None:
    """Every release that is listed verifies."""
    with Home(home) as opened:
        vault = opened.vault("default")
        with sqlite3.connect(vault_file(home)) as database:
            folders = [row[0] for row in database.execute("select folder from releases")]
        for folder in folders:
            report = verify_release(vault.folder / folder, vault.key.verifying)
            assert (report.status, report.faults) == (VerifyStatus.OK, ())


def check_log(home: Path) -> None:
    with sqlite3.connect(vault_file(home)) as database:
        rows = database.execute("select seq, leaf_hash from log_leaves order by seq").fetchall()
        (size,) = database.execute("select size from log_head").fetchone()
        sealed = database.execute("select size, frontier from log_checkpoints").fetchall()
    assert [seq for seq, _ in rows] == list(range(size))
    for at, frontier in sealed:
        assert frontier.startswith(f"{at}:")
        assert root_of(bytes(hashed) for _, hashed in rows[:at])
