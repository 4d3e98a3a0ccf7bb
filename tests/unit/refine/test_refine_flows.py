import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from importlib.metadata import Distribution
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from goldsmith.errors import Cancelled, Conflict, InputError, NotFound, StorageError
from goldsmith.refine import Places, Progress, RefineReport, load_recipe, refine
from goldsmith.refine.documents import read_kept
from goldsmith.refine.outputs import read_report, staged, storage_errors

STAGES = """\
stages:
  - decode
  - extract-html
  - repair
  - language
  - length: {min_characters: 20, max_characters: 5000}
  - exact-duplicates
  - near-duplicates: {threshold: 0.8}
"""
LICENCE = "Permission is hereby granted, free of charge, to any person obtaining a copy of this software. " * 4
GERMAN = "Die Erlaubnis wird hiermit unentgeltlich jeder Person erteilt, die eine Kopie dieser Software erhält. " * 4


def nothing() -> Iterable[Distribution]:
    return ()


def places(base: Path) -> Places:
    return Places(base=base, doc_folders=(), packages=nothing)


def recipe_of(source: str = "  - {kind: files, paths: [in]}\n", stages: str = STAGES):
    return load_recipe(f"goldsmith: 1\nname: test\ntitle: A test\nsource:\n{source}{stages}", origin="test.yaml")


def corpus(base: Path) -> Path:
    folder = base / "in"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.txt").write_text(LICENCE, encoding="utf-8")
    (folder / "b.txt").write_text(LICENCE.replace(" ", "\n"), encoding="utf-8")
    (folder / "c.txt").write_text(LICENCE.replace("copy of", "copy, of") + "The end.", encoding="utf-8")
    (folder / "d.txt").write_text("short", encoding="utf-8")
    (folder / "e.txt").write_bytes(b"PK\x03\x04\x00\x00")
    (folder / "f.html").write_text(f"<html><body><h1>Lizenz</h1><p>{GERMAN}</p></body></html>", encoding="utf-8")
    (folder / "g.txt").write_text("x" * 6000, encoding="utf-8")
    (folder / "sub/h.txt").write_bytes(GERMAN.encode("utf-16"))
    (folder / "rows.jsonl").write_text('{"id": "r1", "text": "' + "Another row. " * 9 + '"}\n{oops\n', encoding="utf-8")
    return folder


def run(base: Path, out: Path, *, jobs: int | None = None, recipe=None) -> RefineReport:
    return refine(recipe or recipe_of(), out, places=places(base), jobs=jobs)


def digests(out: Path) -> dict[str, str]:
    files = [path for path in sorted(out.rglob("*")) if path.is_file()]
    return {path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def table(out: Path, kind: str) -> list[dict[str, object]]:
    return pq.read_table(out / kind).to_pylist()


def test_every_document_ends_kept_dropped_or_failed_with_its_reason(tmp_path: Path):
    corpus(tmp_path)

    report = run(tmp_path, tmp_path / "out")

    kept = {row["id"]: row for row in table(tmp_path / "out", "kept")}
    dropped = {row["id"]: row for row in table(tmp_path / "out", "dropped")}
    failed = {row["id"]: row for row in table(tmp_path / "out", "failed")}
    assert set(kept) == {"files/c.txt", "files/f.html", "r1"}
    assert {name: (row["stage"], row["rule"]) for name, row in dropped.items()} == {
        "files/a.txt": ("near-duplicates", "near-duplicate"),
        "files/b.txt": ("exact-duplicates", "same-text"),
        "files/d.txt": ("length", "too-short"),
        "files/g.txt": ("length", "too-long"),
        "files/sub/h.txt": ("near-duplicates", "near-duplicate"),
    }
    assert dropped["files/b.txt"]["reason"] == "the same text as files/a.txt"
    assert dropped["files/d.txt"]["reason"] == "length 5, below the minimum of 20 characters"
    assert (dropped["files/d.txt"]["value"], dropped["files/d.txt"]["threshold"]) == (5.0, 20.0)
    assert json.loads(str(dropped["files/a.txt"]["evidence"]))["kept"] == "files/c.txt"
    assert set(failed) == {"files/e.txt", "files/rows.jsonl:2"}
    assert failed["files/e.txt"]["reason"] == "binary: a NUL byte at offset 4"
    assert str(failed["files/rows.jsonl:2"]["reason"]).startswith(f"{tmp_path / 'in/rows.jsonl'}:2: not JSON: ")
    assert (report.n_read, report.n_kept, report.n_dropped, report.n_failed) == (10, 3, 5, 2)
    assert kept["files/f.html"]["language"] == "de"
    assert kept["files/c.txt"]["n_near_copies"] == 1


def test_counts_add_up_in_all_and_at_every_stage(tmp_path: Path):
    corpus(tmp_path)

    report = run(tmp_path, tmp_path / "out")

    assert report.n_read == report.n_kept + report.n_dropped + report.n_failed
    coming = report.n_read
    for stage in report.stages:
        assert stage.n_in == coming
        assert stage.n_in == stage.n_out + stage.n_dropped + stage.n_failed
        assert sum(rule.n for rule in stage.rules) == stage.n_dropped + stage.n_failed
        coming = stage.n_out
    assert coming == report.n_kept
    assert [stage.stage for stage in report.stages][:2] == ["read", "decode"]
    assert sum(source.n_read for source in report.sources) == report.n_read


def test_the_same_input_gives_the_same_bytes_also_in_two_processes(tmp_path: Path):
    folder = corpus(tmp_path)
    for number in range(600):
        (folder / f"many{number:03}.txt").write_text(f"{LICENCE} number {number} {'x' * number}", encoding="utf-8")

    run(tmp_path, tmp_path / "one")
    run(tmp_path, tmp_path / "one")
    run(tmp_path, tmp_path / "two", jobs=2)

    assert digests(tmp_path / "two") == digests(tmp_path / "one")


def test_the_folder_has_all_its_parts_and_nothing_else(tmp_path: Path):
    corpus(tmp_path)

    report = run(tmp_path, tmp_path / "out")

    assert set(digests(tmp_path / "out")) == {
        "kept/part-00000.parquet",
        "dropped/part-00000.parquet",
        "failed/part-00000.parquet",
        "report.json",
        "report.html",
        "recipe.lock.json",
        "recipe.yaml",
        "journal/segment-00000",
    }
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["in", "out"]
    assert read_report(tmp_path / "out") == report
    assert json.loads((tmp_path / "out/recipe.lock.json").read_bytes())["recipe_sha256"] == report.recipe_sha256


def test_kept_documents_are_read_back_in_their_order(tmp_path: Path):
    corpus(tmp_path)
    run(tmp_path, tmp_path / "out")

    found = list(read_kept(tmp_path / "out"))

    assert [document.id for document in found] == ["files/c.txt", "files/f.html", "r1"]
    assert found[1].text.startswith("Lizenz\n\nDie Erlaubnis")
    assert found[1].source == "files"


def test_a_folder_that_no_run_made_cannot_be_read_back(tmp_path: Path):
    with pytest.raises(NotFound, match="holds no refined documents"):
        read_report(tmp_path)
    with pytest.raises(NotFound, match="holds no refined documents"):
        list(read_kept(tmp_path))


def test_an_id_that_stands_twice_fails_and_both_places_are_named(tmp_path: Path):
    for name, text in (("a", "The first one of two."), ("b", "The second one of two.")):
        (tmp_path / f"{name}.jsonl").write_text('{"id": "x", "text": "' + text + '"}\n', encoding="utf-8")

    run(tmp_path, tmp_path / "out", recipe=recipe_of("  - {kind: files, paths: [a.jsonl, b.jsonl]}\n"))

    (failed,) = table(tmp_path / "out", "failed")
    assert (failed["stage"], failed["rule"]) == ("read", "id-used-twice")
    first, second = (f"{tmp_path / name}:1" for name in ("a.jsonl", "b.jsonl"))
    assert failed["reason"] == f"the id 'x' of {second} was used before by {first}; give one of them another id"
    assert [row["text"] for row in table(tmp_path / "out", "kept")] == ["The first one of two."]


def test_a_huge_file_fails_and_the_others_are_refined(tmp_path: Path):
    folder = corpus(tmp_path)
    with (folder / "huge.txt").open("wb") as file:
        file.truncate(200 << 20)

    report = run(tmp_path, tmp_path / "out")

    failed = {row["id"]: row for row in table(tmp_path / "out", "failed")}
    assert str(failed["files/huge.txt"]["reason"]).startswith("209,715,200 bytes, more than 16,777,216 bytes")
    assert report.n_kept == 3


def test_a_stage_that_touches_nothing_is_pointed_out(tmp_path: Path):
    corpus(tmp_path)

    report = run(
        tmp_path, tmp_path / "out", recipe=recipe_of(stages="stages: [decode, {length: {min_characters: 1}}]\n")
    )

    assert report.warnings == ("Length (length) saw 8 documents, and dropped, failed and changed none.",)


def test_one_document_is_not_said_to_be_several(tmp_path: Path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text("words", encoding="utf-8")

    report = run(
        tmp_path, tmp_path / "out", recipe=recipe_of(stages="stages: [decode, {length: {min_characters: 1}}]\n")
    )

    assert report.warnings == ("Length (length) saw 1 document, and dropped, failed and changed none.",)


@pytest.mark.parametrize(("texts", "n_warnings"), [(["words"], 0), (["words", "others"], 1)])
def test_a_comparison_needs_two_documents_to_do_anything(tmp_path: Path, texts: list[str], n_warnings: int):
    (tmp_path / "in").mkdir()
    for number, text in enumerate(texts):
        (tmp_path / f"in/{number}.txt").write_text(text, encoding="utf-8")

    report = run(tmp_path, tmp_path / "out", recipe=recipe_of(stages="stages: [decode, exact-duplicates]\n"))

    assert len(report.warnings) == n_warnings


def test_a_source_that_gives_nothing_is_pointed_out(tmp_path: Path):
    corpus(tmp_path)
    sources = "  - {kind: files, paths: [in]}\n  - {kind: system-docs}\n"

    report = run(tmp_path, tmp_path / "out", recipe=recipe_of(sources))

    assert "Source 'system-docs' gave no documents." in report.warnings


def test_sources_without_any_document_are_an_error(tmp_path: Path):
    with pytest.raises(InputError, match="the sources of this recipe hold no documents"):
        run(tmp_path, tmp_path / "out", recipe=recipe_of("  - {kind: system-docs}\n"))
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_is_an_error_and_leaves_nothing(tmp_path: Path):
    (tmp_path / "in").mkdir()

    with pytest.raises(InputError, match="has no file that ends in"):
        run(tmp_path, tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_no_jobs_are_refused(tmp_path: Path):
    with pytest.raises(InputError, match="0 jobs"):
        run(tmp_path, tmp_path / "out", jobs=0)


def test_an_unknown_engine_is_refused(tmp_path: Path):
    with pytest.raises(InputError, match=r"unknown engine 'locl'; did you mean 'local'\?"):
        refine(recipe_of(), tmp_path / "out", places=places(tmp_path), engine="locl")


def test_progress_is_told_until_all_documents_are_done(tmp_path: Path):
    corpus(tmp_path)
    told: list[Progress] = []

    refine(recipe_of(), tmp_path / "out", places=places(tmp_path), progress=told.append)

    phases = [each.phase for each in told]
    assert list(dict.fromkeys(phases)) == ["Reading", "Exact duplicates", "Near duplicates"]
    assert told[-1] == Progress(phase="Near duplicates", done=10, total=10)
    assert all(each.total is None or each.done <= each.total for each in told)


@pytest.mark.parametrize("patience", [0, 1, 2, 3, 4])
def test_a_stopped_run_leaves_nothing(tmp_path: Path, patience: int):
    corpus(tmp_path)
    asked: list[int] = []

    def should_stop() -> bool:
        asked.append(1)
        return len(asked) > patience

    with pytest.raises(Cancelled):
        refine(recipe_of(), tmp_path / "out", places=places(tmp_path), should_stop=should_stop)
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_a_stopped_run_leaves_the_result_of_the_one_before(tmp_path: Path):
    corpus(tmp_path)
    run(tmp_path, tmp_path / "out")
    before = digests(tmp_path / "out")

    with pytest.raises(Cancelled):
        refine(recipe_of(), tmp_path / "out", places=places(tmp_path), should_stop=lambda: True)
    assert digests(tmp_path / "out") == before


def test_a_folder_with_other_files_is_never_replaced(tmp_path: Path):
    corpus(tmp_path)
    (tmp_path / "out").mkdir()
    (tmp_path / "out/thesis.txt").write_text("years of work", encoding="utf-8")

    with pytest.raises(Conflict, match="holds files of yours"):
        run(tmp_path, tmp_path / "out")
    with pytest.raises(Conflict, match="is a file"):
        run(tmp_path, tmp_path / "out/thesis.txt")
    assert (tmp_path / "out/thesis.txt").read_text(encoding="utf-8") == "years of work"


def test_two_runs_cannot_write_one_folder(tmp_path: Path):
    corpus(tmp_path)

    with staged(tmp_path / "out") as folder:
        (folder / "report.json").write_text("{}", encoding="utf-8")
        with pytest.raises(Conflict, match="another run is writing"):
            run(tmp_path, tmp_path / "out")
    assert (tmp_path / "out/report.json").read_text(encoding="utf-8") == "{}"


KILLED = """\
import sys
from pathlib import Path
from goldsmith.refine import Places, load_recipe, refine

def wait(progress):
    print(progress.phase, flush=True)
    sys.stdin.readline()

base = Path(sys.argv[1])
recipe = load_recipe((base / "recipe.yaml").read_text(encoding="utf-8"), origin="recipe.yaml")
refine(recipe, base / "out", places=Places(base=base, doc_folders=(), packages=lambda: ()), progress=wait)
"""


@pytest.mark.parametrize("n_steps", [1, 3])
def test_a_killed_run_leaves_nothing_half_written_and_the_next_one_cleans_up(tmp_path: Path, n_steps: int):
    corpus(tmp_path)
    (tmp_path / "recipe.yaml").write_text(recipe_of().text, encoding="utf-8")
    program = [sys.executable, "-c", KILLED, str(tmp_path)]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        for _ in range(n_steps):
            assert child.stdout.readline()
            child.stdin.write("\n")
            child.stdin.flush()
        assert child.stdout.readline()
        child.send_signal(signal.SIGKILL)

    left = {path.name for path in tmp_path.iterdir()}
    run(tmp_path, tmp_path / "out")

    assert left == {"in", "recipe.yaml", ".out.partial"}
    assert {path.name for path in tmp_path.iterdir()} == {"in", "recipe.yaml", "out"}
    assert len(table(tmp_path / "out", "kept")) == 3


def test_a_kill_between_the_two_renames_is_undone(tmp_path: Path):
    corpus(tmp_path)
    run(tmp_path, tmp_path / "out")
    before = digests(tmp_path / "out")
    (tmp_path / "out").rename(tmp_path / ".out.old")

    with pytest.raises(Cancelled):
        refine(recipe_of(), tmp_path / "out", places=places(tmp_path), should_stop=lambda: True)

    assert digests(tmp_path / "out") == before
    assert not (tmp_path / ".out.old").exists()


LIMITED = """\
import resource, sys
from pathlib import Path
from goldsmith.errors import StorageError
from goldsmith.refine import Places, load_recipe, refine

base = Path(sys.argv[1])
recipe = load_recipe((base / "recipe.yaml").read_text(encoding="utf-8"), origin="recipe.yaml")
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    refine(recipe, base / "out", places=Places(base=base, doc_folders=(), packages=lambda: ()))
except StorageError as error:
    print(error)
"""


def test_a_disk_that_refuses_is_one_error_and_leaves_no_more_than_the_journal(tmp_path: Path):
    folder = corpus(tmp_path)
    for number in range(40):
        (folder / f"noise{number}.txt").write_text(os.urandom(900).hex(), encoding="utf-8")
    (tmp_path / "recipe.yaml").write_text(recipe_of().text, encoding="utf-8")

    done = subprocess.run([sys.executable, "-c", LIMITED, str(tmp_path)], capture_output=True, text=True, check=True)

    assert "was not written" in done.stdout
    assert done.stderr == ""
    assert {path.name for path in tmp_path.iterdir()} <= {"in", "recipe.yaml", ".out.partial"}
    assert {path.name for path in tmp_path.glob(".out.partial/*")} <= {"journal"}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_named_with_the_way_out(tmp_path: Path):
    with pytest.raises(StorageError) as caught, storage_errors(tmp_path / "out"):
        Path("/dev/full").write_bytes(b"x")

    assert str(caught.value) == (
        f"the disk is full: {tmp_path / 'out'} was not written. Make room there. What was done so far is kept, and the "
        "same command goes on from there."
    )


def test_a_folder_that_cannot_be_made_is_a_storage_error(tmp_path: Path):
    corpus(tmp_path)
    (tmp_path / "file").write_text("x", encoding="utf-8")

    with pytest.raises(StorageError, match="was not written"):
        run(tmp_path, tmp_path / "file/out")
