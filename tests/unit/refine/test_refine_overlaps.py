"""What a run does at the same time comes out as if it were done one after the other, also when it goes wrong."""

import dataclasses
import hashlib
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryFile

import pytest

from goldsmith.errors import Cancelled, ComputeError
from goldsmith.kit.arrow import make_batch
from goldsmith.refine import Places, RefineReport, load_recipe, refine
from goldsmith.refine.engines.comparing import chains
from goldsmith.refine.engines.messages import Peer, Whereabouts
from goldsmith.refine.engines.showcases import Showcase
from goldsmith.refine.engines.watching import BETWEEN, Step
from goldsmith.refine.model import Cluster, Member
from goldsmith.refine.pipeline import RAW_KINDS, STOPS
from goldsmith.refine.stages.near_duplicates import NearDuplicates

STAGES = "[decode, length: {min_characters: 20}, exact-duplicates, near-duplicates: {threshold: 0.5}]"
WORDS = [f"word{number}" for number in range(60)]


def recipe_of(stages: str = STAGES):
    source = "goldsmith: 1\nname: test\nsource: [{kind: files, paths: [in]}]\n"
    return load_recipe(f"{source}stages: {stages}\n", origin="test.yaml")


def corpus(base: Path) -> None:
    (base / "in").mkdir()
    text = " ".join(WORDS)
    for name, content in {
        "copy": text.replace(" ", "\n"),
        "copied": text,
        "like": text + " and more",
        "other": " ".join(reversed(WORDS)),
        "short": "short",
    }.items():
        (base / f"in/{name}.txt").write_text(content, encoding="utf-8")


def run(base: Path, out: str = "out", *, jobs: int | None = None, stages: str = STAGES, **more) -> RefineReport:
    places = Places(base=base, doc_folders=(), packages=tuple)
    return refine(recipe_of(stages), base / out, places=places, jobs=jobs, **more)


def digests(out: Path) -> dict[str, str]:
    files = [path for path in sorted(out.rglob("*")) if path.is_file() and "journal" not in path.parts]
    return {path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def n_children() -> int:
    command = ["ps", "-o", "pid=", "--ppid", str(os.getpid())]
    return len(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


def test_stages_that_compare_see_documents_together_where_one_can_forget():
    stages = recipe_of(
        "[decode, exact-duplicates, near-duplicates, line-duplicates, near-duplicates, url-duplicates, near-duplicates]"
    ).stages

    assert list(chains(stages, range(1, 7))) == [[1, 2], [3], [4], [5, 6]]


def test_an_exact_copy_is_no_near_duplicate_too(tmp_path: Path):
    corpus(tmp_path)

    report = run(tmp_path)

    exact, near = report.clusters
    assert [member.id for member in exact.cluster.members] == ["files/copy.txt"]
    assert (near.cluster.kept, [member.id for member in near.cluster.members]) == (
        ("files/like.txt",),
        ["files/copied.txt"],
    )
    counts = {stage.stage: (stage.n_in, stage.n_dropped) for stage in report.stages}
    assert counts["exact-duplicates"] == (4, 1)
    assert counts["near-duplicates"] == (3, 1)


def test_the_text_of_a_failed_document_is_not_shown_for_the_one_that_has_its_id():
    cluster = Cluster(kept=("a",), members=(Member(id="b", kept="a", likeness=0.9),))
    showcase = Showcase(NearDuplicates(), [cluster])
    columns = {"id": ["a", "b", "a"], "text": ["one two", "one three", None], STOPS: [None, None, "[]"]}

    showcase.see(make_batch(columns, {name: RAW_KINDS[name] for name in columns}))

    (diff,) = showcase.diffs()
    assert diff.rows is not None
    assert [piece.text for row in diff.rows for piece in row.kept] == ["one", "two"]


@pytest.mark.parametrize("jobs", [None, 2])
def test_a_run_that_is_stopped_in_the_last_pass_leaves_nothing_and_nobody(tmp_path: Path, jobs: int | None):
    corpus(tmp_path)
    n_asked = 0

    def never() -> bool:
        nonlocal n_asked
        n_asked += 1
        return False

    run(tmp_path, jobs=jobs, should_stop=never)
    shutil.rmtree(tmp_path / "out")
    n_before, n_left = n_children(), n_asked

    def at_the_end() -> bool:
        nonlocal n_left
        n_left -= 1
        return n_left == 0

    with pytest.raises(Cancelled):
        run(tmp_path, jobs=jobs, should_stop=at_the_end)

    assert [path.name for path in tmp_path.iterdir()] == ["in"]
    assert n_children() == n_before


FULL = """\
import resource, sys
from pathlib import Path
from goldsmith.errors import StorageError
from goldsmith.refine import Places, load_recipe, refine

base, jobs = Path(sys.argv[1]), int(sys.argv[2]) or None

def fill(progress):
    if progress.phase == "Near duplicates":
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

recipe = load_recipe((base / "recipe.yaml").read_text(encoding="utf-8"), origin="recipe.yaml")
try:
    refine(recipe, base / "out", places=Places(base=base, doc_folders=(), packages=tuple), jobs=jobs, progress=fill)
except StorageError as error:
    print(error)
"""


@pytest.mark.parametrize("jobs", [0, 2])
def test_a_disk_that_is_full_at_the_end_is_one_error_and_the_next_run_goes_on(tmp_path: Path, jobs: int):
    corpus(tmp_path)
    (tmp_path / "recipe.yaml").write_text(recipe_of().text, encoding="utf-8")
    command = [sys.executable, "-c", FULL, str(tmp_path), str(jobs)]

    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert "was not written: " in done.stdout
    assert done.stderr == ""
    assert {path.name for path in (tmp_path / ".out.partial").iterdir()} == {"journal"}
    run(tmp_path)
    run(tmp_path, "fresh")
    assert digests(tmp_path / "out") == digests(tmp_path / "fresh")


def test_who_knows_all_documents_starts_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    corpus(tmp_path)
    run(tmp_path, jobs=2)
    before = digests(tmp_path / "out")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no such program"))

    run(tmp_path, jobs=2)

    assert digests(tmp_path / "out") == before


DYING = '''
import os
from goldsmith.refine.stages.length import Length

class Dying(Length, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Ends its process when it has to show where a text is too short."""

    def spans_of(self, rule, text, columns):
        os._exit(3)
'''


def test_processes_that_die_at_the_end_end_the_run_and_the_next_one_goes_on(tmp_path: Path, monkeypatch):
    (tmp_path / "goldsmith_dying.py").write_text(DYING, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    import goldsmith_dying  # noqa: PLC0415 - it was just written

    corpus(tmp_path)
    places, recipe = Places(base=tmp_path, doc_folders=(), packages=tuple), recipe_of()
    decode, length, *rest = recipe.stages
    dying = goldsmith_dying.Dying(min_characters=length.min_characters)

    with pytest.raises(ComputeError, match=r"die outside of all stages \(exit code 3\)"):
        refine(dataclasses.replace(recipe, stages=(decode, dying, *rest)), tmp_path / "out", places=places, jobs=1)

    assert {path.name for path in (tmp_path / ".out.partial").iterdir()} == {"journal"}


def test_batches_inside_of_messages_arrive_as_they_were():
    batch = make_batch({"a": [1, None, 3], "b": ["x", "é", None]}, {"a": "int", "b": "text"})
    here, there = (Peer(end.detach()) for end in socket.socketpair())

    here.send({"part": (batch.slice(1, 2), 7), "whole": batch})
    received = there.receive()
    part, number = received["part"]

    assert number == 7
    assert part.column("a").to_pylist() == [None, 3]
    assert part.column("b").to_pylist() == ["é", None]
    assert received["whole"] == batch
    here.close()
    with pytest.raises(EOFError):
        there.receive()
    there.close()


def test_where_a_process_is_can_be_seen_from_elsewhere():
    with TemporaryFile(buffering=0) as file:
        mine, theirs = Whereabouts(file.fileno()), Whereabouts(file.fileno())

    assert theirs.get() == BETWEEN
    for step in (Step(3, None), Step(0, 0), Step(12, 1 << 40), BETWEEN):
        mine.set(step)
        assert theirs.get() == step
