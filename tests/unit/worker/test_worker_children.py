"""Computing children: their results and errors come back, they stop when asked, and they never outlive their parent."""

import json
import os
import pkgutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from goldsmith.errors import Cancelled, ComputeError, SchemaError, StorageError
from goldsmith.labeling.handover import Answer, Inferred
from goldsmith.worker import computing
from goldsmith.worker.child import TASKS
from goldsmith.worker.children import Update, run_child
from goldsmith.worker.frames import read_frames, write_frames

SCHEMA = {
    "fields": [{"name": "text", "type": "text"}],
    "questions": [
        {"type": "choice", "name": "mood", "label": "?", "options": [{"value": "good", "label": "Good"}]},
    ],
}
LIMIT_S = 60


def infer(tmp_path: Path, **others) -> dict:
    (tmp_path / "known").write_bytes(b"")
    places = {name: str(tmp_path / name) for name in ("answers", "known", "inferred")}
    return {"schema": SCHEMA, "annotators": [], "target_confidence": 0.95, **places, **others}


def go_on(update: Update) -> bool:
    return False


@pytest.fixture
def silent(tmp_path) -> dict:
    """What makes a child wait for ever and say nothing: it reads a pipe that nobody writes."""
    os.mkfifo(tmp_path / "answers")
    return infer(tmp_path)


def test_every_computing_module_is_a_task():
    modules = {info.name for info in pkgutil.iter_modules(computing.__path__)} - {"reports"}
    assert modules == TASKS


def test_a_result_comes_back(tmp_path):
    (tmp_path / "answers").write_bytes(b"")
    told: list[Update] = []
    result = run_child("infer", infer(tmp_path), lambda update: told.append(update) or False)
    assert result["n_items"] == 0
    assert any(update.message == "inferring mood" for update in told)


def test_answers_come_in_any_order_and_of_two_of_an_annotator_the_later_one_counts(tmp_path):
    said = [("i1", "ada", 1), ("i2", "ada", 1), ("i1", "bob", 2), ("i2", "bob", 1), ("i1", "ada", 2)]
    question = {"type": "spans", "name": "who", "label": "?", "field": "text", "labels": [{"value": "x", "label": "X"}]}
    answers = (
        Answer(item, item, name, json.dumps({"who": [{"start": 0, "end": end, "label": "x"}]}))
        for item, name, end in said
    )
    write_frames(tmp_path / "answers", answers)
    run_child("infer", infer(tmp_path, schema={**SCHEMA, "questions": [question]}), go_on)
    found = [one for of_item in read_frames(tmp_path / "inferred", list[Inferred]) for one in of_item]
    assert [(one.item_id, one.n_answers, one.agreement) for one in found] == [("i1", 2, 1.0), ("i2", 2, 1.0)]


def test_an_error_comes_back_as_what_it_was(tmp_path):
    with pytest.raises(SchemaError, match=r"\$\.fields"):
        run_child("infer", infer(tmp_path, schema={"fields": [], "questions": []}), go_on)


def test_a_refusal_of_the_disk_is_a_storage_error(tmp_path):
    with pytest.raises(StorageError, match="The disk refused: No such file or directory"):
        run_child("infer", infer(tmp_path), go_on)


def test_a_child_that_dies_is_told_in_one_line(tmp_path):
    with pytest.raises(ComputeError, match=r"should infer ended with code 1: .*unknown field `surprise`") as caught:
        run_child("infer", infer(tmp_path, surprise=1), go_on)
    assert "\n" not in str(caught.value)
    with pytest.raises(ComputeError, match=r"InputError: There is no task 'dance'"):
        run_child("dance", {}, go_on)


def test_a_child_that_is_killed_is_told(silent):
    def kill(update: Update) -> bool:
        for child in children_of(os.getpid()):
            os.kill(child, signal.SIGKILL)
        return False

    with pytest.raises(ComputeError, match=r"was killed by signal 9\. It may have wanted more memory"):
        run_child("infer", silent, kill)


def test_a_silent_child_is_stopped_when_asked(silent):
    asked: list[float] = []

    def stop_at_the_second_time(update: Update) -> bool:
        asked.append(time.monotonic())
        return len(asked) == 2

    with pytest.raises(Cancelled):
        run_child("infer", silent, stop_at_the_second_time)
    assert len(asked) == 2
    assert children_of(os.getpid()) == []


def test_what_the_listener_raises_ends_the_child(silent):
    def fail(update: Update) -> bool:
        raise StorageError("the disk is full")

    with pytest.raises(StorageError, match="the disk is full"):
        run_child("infer", silent, fail)
    assert children_of(os.getpid()) == []


def test_a_child_ends_when_its_parent_is_killed(silent):
    code = (
        "import json, sys\n"
        "from goldsmith.worker.children import run_child\n"
        "run_child('infer', json.loads(sys.argv[1]), lambda update: print('.', flush=True) or False)\n"
    )
    command = [sys.executable, "-c", code, json.dumps(silent)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as parent:
        assert parent.stdout.readline() == b".\n"
        wait_until(lambda: children_of(parent.pid))
        (child,) = children_of(parent.pid)
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    wait_until(lambda: not is_alive(child))


def test_an_interrupt_from_the_terminal_is_for_the_parent_alone(silent):
    code = (
        "import json, signal, sys\n"
        "from goldsmith.worker.children import run_child\n"
        "said = ['.']\n"
        "signal.signal(signal.SIGINT, lambda *_: said.append('interrupted'))\n"
        "run_child('infer', json.loads(sys.argv[1]), lambda update: print(said[-1], flush=True) or False)\n"
    )
    command = [sys.executable, "-c", code, json.dumps(silent)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, process_group=0) as parent:
        assert parent.stdout.readline() == b".\n"
        wait_until(lambda: children_of(parent.pid))
        (child,) = children_of(parent.pid)
        os.killpg(parent.pid, signal.SIGINT)  # what a terminal does at Ctrl+C
        assert b"interrupted\n" in iter(parent.stdout.readline, b"")
        assert children_of(parent.pid) == [child]
        parent.kill()


def wait_until(is_so) -> None:
    never, until = threading.Event(), time.monotonic() + LIMIT_S
    while not is_so():
        assert time.monotonic() < until
        never.wait(0.02)


def processes() -> dict[int, tuple[int, str]]:
    """Every process: its parent, and its command line."""
    listed = subprocess.run(
        ["ps", "-ww", "-eo", "pid=,ppid=,stat=,args="], capture_output=True, text=True, check=True
    ).stdout
    rows = (line.split(None, 3) for line in listed.splitlines())
    return {int(row[0]): (int(row[1]), row[3]) for row in rows if len(row) == 4 and not row[2].startswith("Z")}


def children_of(pid: int) -> list[int]:
    return [child for child, (parent, command) in processes().items() if parent == pid and "worker.child" in command]


def is_alive(pid: int) -> bool:
    return pid in processes()
