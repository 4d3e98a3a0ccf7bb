"""A disk that is full: one line that says so, nothing half-written, what was acknowledged stays, and it goes on."""

import json
import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from labeling_desk import Desk, annotation, new_desk, problem
from labeling_jobs import finished, jobs_run, wait_until

from goldsmith.kit.clock import FixedClock
from goldsmith.settings import load_settings
from goldsmith.trust.authorize import Role

SIZE = "6m"


class SmallDisk:
    """A file system of six megabytes that can be filled and emptied."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._filler = path / "filler"

    def fill(self, *, leaves: int = 0) -> None:
        """Use up all room but for `leaves` bytes."""
        with self._filler.open("ab", buffering=0) as file:
            for size in (1 << 16, 1 << 12, 1):
                try:
                    while True:
                        file.write(bytes(size))
                except OSError:
                    continue
        os.truncate(self._filler, max(0, self._filler.stat().st_size - leaves))

    def empty(self) -> None:
        self._filler.unlink(missing_ok=True)


@pytest.fixture
def disk(tmp_path) -> Iterator[SmallDisk]:
    place = tmp_path / "small"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", place]
    mounted = subprocess.run(command, capture_output=True, check=False)
    if mounted.returncode != 0:
        pytest.skip("a small file system can only be mounted by root")
    try:
        yield SmallDisk(place)
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


@pytest.fixture
def served(disk, request):
    conftest = request.config.pluginmanager.getplugin(str(Path(__file__).parent / "conftest.py"))
    with conftest.served_home(disk.path / "home", FixedClock(), load_settings({})) as running:
        yield running


@pytest.fixture
def desk(served) -> Desk:
    desk = new_desk(served.signed_in(Role.MANAGER), overlap=100)
    desk.add_texts([f"text {i}" for i in range(20)])
    return desk


def check_whole(served) -> None:
    """The database is sound, no item lacks its content, no annotation its leaf, and the log has no gap."""
    with sqlite3.connect(served.home.vault("acme").folder / "vault.db") as database:

        def one(statement: str):
            return database.execute(statement).fetchone()[0]

        assert one("pragma integrity_check") == "ok"
        assert one("select count(*) from items") == one("select count(*) from item_contents")
        assert one("select count(*) from log_leaves") == one("select size from log_head")
        assert one("select max(seq) + 1 from log_leaves") == one("select size from log_head")
        joined = "from annotations join log_leaves on log_leaves.seq = annotations.leaf_seq"
        assert one("select count(*) from annotations") == one(f"select count(*) {joined} where object_id = id")


def told_to_make_room(answer) -> None:
    told = problem(answer, 507, "storage")
    assert len(told["detail"]) < 200
    assert "space" in (told["detail"] + told["hint"]) or "room" in told["hint"]


def test_an_import_says_so_and_goes_on_when_there_is_room(served, desk, disk):
    lines = [json.dumps({"id": i, "text": f"{i} " + "long " * 200}) for i in range(2000)]
    disk.fill()
    told_to_make_room(desk.send_file("\n".join(lines), "jsonl", id_column="id"))
    assert list((served.home.vault("acme").folder / "scratch").iterdir()) == []
    assert len(desk.items()) == 20
    assert desk.get("progress").json()["n_items"] == 20  # what is there can still be read
    disk.empty()
    told_to_make_room(desk.send_file("\n".join(lines * 3), "jsonl", id_column="id"))  # the database itself fills up
    check_whole(served)
    n_there = len(desk.items(limit=500)) - 20
    report = desk.send_file("\n".join(lines[:100]), "jsonl", id_column="id").json()
    assert report["n_accepted"] + report["n_duplicate"] == 100
    assert report["n_duplicate"] == min(n_there, 100)
    check_whole(served)


def test_answers_that_were_acknowledged_stay_and_the_others_can_be_sent_again(served, desk, disk):
    disk.fill()
    items = [row["id"] for row in desk.items()]
    acknowledged, refused = [], None
    for i in range(2000):
        body = annotation(items[i % 20])
        answer = desk.client.post(f"{desk.path}/annotations", json=body)
        if answer.status_code == 507:
            told_to_make_room(answer)
            refused = body
            break
        acknowledged.append(answer.json()["annotation_id"])
    assert refused is not None
    told_to_make_room(desk.client.post(f"{desk.path}/annotations", json=refused))
    disk.empty()
    assert desk.client.post(f"{desk.path}/annotations", json=refused).status_code == 201
    check_whole(served)
    stored = [one["id"] for item in items for one in desk.get(f"items/{item}").json()["annotations"]]
    assert sorted(stored) == sorted([*acknowledged, refused["id"]])


def test_a_job_fails_in_one_line_and_the_loop_goes_on(served, desk, disk):
    draw = random.Random(1)  # noqa: S311 - text that does not compress, not a secret
    desk.add_texts([draw.randbytes(20_000).hex() for _ in range(12)], start=100)
    path = f"{desk.path}/releases"
    with jobs_run(served) as loop:
        asked = desk.client.post(path, json={})
        disk.fill(leaves=200 << 10)  # enough to write down how the job ended, not enough for its files
        failed = finished(desk, loop, asked)
        assert failed["state"] == "failed", failed
        assert failed["error"]["code"] == "storage"
        assert "\n" not in failed["error"]["detail"]
        assert desk.get("releases").json()["rows"] == []
        disk.empty()
        done = finished(desk, loop, desk.client.post(path, json={}))
        assert (done["state"], done["result"]["release"]) == ("done", "v1"), done
    check_whole(served)


def test_a_loop_that_cannot_write_at_all_goes_on_when_there_is_room(served, desk, disk, caplog):
    asked = desk.client.post(f"{desk.path}/releases", json={})
    disk.fill()
    with jobs_run(served) as loop:
        wait_until(lambda: "failed: " in caplog.text)
        disk.empty()
        ended = finished(desk, loop, asked)
        assert ended["state"] in {"done", "failed"}
        again = finished(desk, loop, desk.client.post(f"{desk.path}/releases", json={}))
        assert again["state"] == "done", again
    check_whole(served)


LIMITED = """
import resource, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from store_lab import Lab
from goldsmith.errors import StorageError
from goldsmith.kit.clock import FixedClock
from goldsmith.labeling.handover import ImportRow
from goldsmith.labeling.flows.imports import import_rows
from goldsmith.store.homes import Home

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with Home(Path(sys.argv[1]), clock=FixedClock()) as home:
    lab = Lab(home.create_vault("acme"), home.clock)
    lab.add_items(5)
    rows = [ImportRow(line=i, external_id=f"big-{i:05}", payload={"text": "x" * 1000}) for i in range(9000)]
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (6 << 20, hard))
    try:
        import_rows(lab.bench, lab.project, rows, actor="owner")
    except StorageError as error:
        print("refused:", str(error))
    n_there = len(lab.item_ids())
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    report = import_rows(lab.bench, lab.project, rows, actor="owner")
    print(n_there, report.n_accepted, report.n_duplicate, len(lab.item_ids()))
"""


def test_a_file_that_may_not_grow_is_the_same_as_a_full_disk(tmp_path):
    """The limit of the operating system on a file's size needs no rights, so this runs everywhere."""
    lab = Path(__file__).parent.parent / "store"
    command = [sys.executable, "-c", LIMITED, str(tmp_path / "home"), str(lab)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    refused, numbers = done.stdout.splitlines()
    assert refused.startswith("refused: The database refused: ")
    assert "Nothing of this request was stored." in refused
    n_there, n_accepted, n_duplicate, n_items = map(int, numbers.split())
    assert 5 <= n_there < 9005
    assert (n_accepted + n_duplicate, n_duplicate, n_items) == (9000, n_there - 5, 9005)
