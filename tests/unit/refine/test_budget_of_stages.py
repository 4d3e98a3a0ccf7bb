import dataclasses
import hashlib
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from goldsmith.errors import ComputeError, InputError
from goldsmith.kit.arrow import make_batch
from goldsmith.kit.columns import Kinds
from goldsmith.refine import Places, RefineReport, load_recipe, redecide, refine
from goldsmith.refine.engines.local import COMPILING
from goldsmith.refine.engines.watching import Known, Meter, Step, Watched
from goldsmith.refine.model import ORDER, DocumentStage
from goldsmith.refine.stages.length import Length

TRAPS = '''
import ctypes, math, os, time
from pathlib import Path
from typing import ClassVar
from goldsmith.errors import InputError
from goldsmith.refine.model import DocumentStage
from goldsmith.refine.rules import Bound

class Trapped(DocumentStage, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Falls into what a document tells it to."""
    name: ClassVar[str] = "length"
    columns: ClassVar = {"text": "text", "n_words": "int"}
    changes: ClassVar = {"n_words": "words"}

    def annotate(self, batch):
        texts = batch.column("text").to_pylist()
        return {"text": [each.upper() for each in texts], "n_words": [self.fallen(each) for each in texts]}

    def rules(self):
        return (Bound(name="few", number="n_words", side="minimum", threshold=2, label="words", unit="words",
                      reason="{value} of {threshold} words"),)

    def fallen(self, text):
        match text.strip():
            case "spin": math.factorial(1 << 40)
            case "crash": ctypes.string_at(0)
            case "exit": os._exit(3)
            case "memory": raise MemoryError
            case "bug": raise KeyError("column")
            case "refuse": raise InputError("no such word list.")
            case "load":
                if not Path(__file__).with_name(f"loaded-{os.getpid()}").exists():
                    Path(__file__).with_name(f"loaded-{os.getpid()}").touch()
                    self.fallen("slow")
            case "slow":
                end = time.process_time() + 0.1
                while time.process_time() < end: pass
        return len(text.split())
'''


@pytest.fixture(scope="module")
def trapped(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plugin")
    (folder / "goldsmith_trap.py").write_text(TRAPS, encoding="utf-8")
    sys.path.insert(0, str(folder))
    import goldsmith_trap  # noqa: PLC0415 - it was just written

    yield goldsmith_trap.Trapped
    sys.path.remove(str(folder))


def recipe_of(stage):
    text = (
        "goldsmith: 1\nname: test\nsource: [{kind: files, paths: [in]}]\nstages: [decode, length, exact-duplicates]\n"
    )
    recipe = load_recipe(text, origin="test.yaml")
    decode, _, last = recipe.stages
    return dataclasses.replace(recipe, stages=(decode, stage, last))


def corpus(base: Path, words: list[str], n_sound: int) -> None:
    (base / "in").mkdir()
    for number in range(n_sound):
        (base / f"in/{number:03}.txt").write_text(f"sound text {number}", encoding="utf-8")
    for word in words:
        (base / f"in/{word}.txt").write_text(word, encoding="utf-8")


def run(base: Path, stage, *, out: str = "out", jobs: int | None = 1) -> RefineReport:
    places = Places(base=base, doc_folders=(), packages=tuple)
    return refine(recipe_of(stage), base / out, places=places, jobs=jobs)


def rows(out: Path, kind: str) -> dict[str, dict[str, object]]:
    return {row["id"]: row for row in pq.read_table(out / kind).to_pylist()}


def digests(out: Path) -> dict[str, str]:
    files = [path for path in sorted(out.rglob("*")) if path.is_file() and path.suffix == ".parquet"]
    return {path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


COMPILED = '''
from goldsmith.kit.jit import compiled
from goldsmith_trap import Trapped

@compiled
def double(number: int) -> int:
    return number + number

class Doubling(Trapped, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Compiles something with the first document."""
    libraries = ("numba",)

    def fallen(self, text):
        return double(len(text.split()))
'''


def test_that_a_run_has_to_compile_first_is_told_once_and_only_by_the_first_run(tmp_path: Path, trapped, monkeypatch):
    (tmp_path / "goldsmith_doubling.py").write_text(COMPILED, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    import goldsmith_doubling  # noqa: PLC0415 - it was just written

    corpus(tmp_path, [], 280)
    places = Places(base=tmp_path, doc_folders=(), packages=tuple)
    recipe = recipe_of(goldsmith_doubling.Doubling())
    told: dict[str, list[str]] = {"first": [], "second": []}
    for out, phases in told.items():
        refine(recipe, tmp_path / out, places=places, jobs=2, progress=lambda one, to=phases: to.append(one.phase))

    assert told["first"][0] == COMPILING
    assert told["first"].count(COMPILING) == 1
    assert told["second"] == told["first"][1:]


def test_a_document_that_never_ends_or_ends_its_process_fails_alone(tmp_path: Path, trapped):
    corpus(tmp_path, ["spin", "crash", "exit", "memory"], 280)

    report = run(tmp_path, trapped(cpu_seconds=0.5), jobs=2)

    failed = rows(tmp_path / "out", "failed")
    assert {name: row["reason"] for name, row in failed.items()} == {
        "files/spin.txt": "took more than 0.5 s of CPU",
        "files/crash.txt": "ended the process that looked at it (SIGSEGV)",
        "files/exit.txt": "ended the process that looked at it (exit code 3)",
        "files/memory.txt": "asked for more memory than there is",
    }
    assert {(row["stage"], row["rule"]) for row in failed.values()} == {("length", "unfinished")}
    assert failed["files/spin.txt"]["text"] == "spin"
    assert report.n_kept == 280
    assert [(stage.stage, stage.n_failed) for stage in report.stages if stage.n_failed] == [("length", 4)]


def test_a_run_with_unfinished_documents_is_decided_anew_to_the_same_files(tmp_path: Path, trapped):
    corpus(tmp_path, ["memory", "exit"], 3)
    run(tmp_path, trapped(), jobs=1)

    redecide(tmp_path / "out", recipe_of(trapped()), tmp_path / "again")

    assert digests(tmp_path / "again") == digests(tmp_path / "out")


@pytest.mark.parametrize("jobs", [None, 1])
def test_a_slow_document_fails_and_many_that_are_slow_together_do_not(tmp_path: Path, trapped, jobs):
    corpus(tmp_path, ["slow", "load"], 2)
    (tmp_path / "in/also.txt").write_text("slow", encoding="utf-8")

    strict, patient = trapped(cpu_seconds=0.05), trapped(cpu_seconds=0.15)

    assert run(tmp_path, strict, out="strict", jobs=jobs).n_failed == 2
    assert run(tmp_path, patient, out="patient", jobs=jobs).n_failed == 0


def test_an_error_of_a_stage_ends_the_run_with_what_it_said(tmp_path: Path, trapped, capfd):
    corpus(tmp_path, ["refuse"], 1)
    with pytest.raises(InputError, match="no such word list"):
        run(tmp_path, trapped())

    (tmp_path / "in/refuse.txt").write_text("bug", encoding="utf-8")
    with pytest.raises(ComputeError, match="refining raised KeyError: 'column'"):
        run(tmp_path, trapped())

    assert not (tmp_path / "out").exists()
    assert "KeyError" in capfd.readouterr().err


class Told(Meter):
    """Says that a call with many documents, or with a slow one, took long."""

    def begin(self, step: Step, seconds: float) -> None:
        del seconds
        self.number = step.number

    def end(self) -> float:
        return 0.0 if self.number in (0, 2, 3) else 60.0


def test_columns_that_only_some_documents_have_come_back_in_their_places():
    def annotate(stage: DocumentStage, batch: Any) -> dict[str, list[object]]:
        texts = batch.column("text").to_pylist()
        moved = {"spans": [each * 2 for each in texts]} if "c" in texts else {}
        return {"text": [each.upper() for each in texts], "n": [len(each) for each in texts], **moved}

    kinds: Kinds = {ORDER: "int", "text": "text", "spans": "text"}
    batch = make_batch({ORDER: [0, 1, 2, 3], "text": ["a", "b", "c", "d"], "spans": ["w", "x", "y", "z"]}, kinds)
    watched = Watched(Told(), annotate)
    watched.begin(Known(set(), {0: {3: "died before"}}))

    assert watched(Length(), batch) == {
        "text": ["A", "b", "C", "d"],
        "n": [1, None, 1, None],
        "spans": ["w", "x", "cc", "z"],
        "_unfinished": [None, "took more than 10 s of CPU", None, "died before"],
    }
