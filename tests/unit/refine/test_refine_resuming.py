"""A run that was killed goes on, and a later one computes what is new; what comes out is always that of one run."""

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldsmith.errors import Cancelled
from goldsmith.kit.arrow import make_batch, without_columns
from goldsmith.kit.columns import Batch
from goldsmith.refine import Places, load_recipe, refine
from goldsmith.refine.engines import hands
from goldsmith.refine.intake import Intake
from goldsmith.refine.journals import Journal, journaled, read_records
from goldsmith.refine.model import ORDER, RawDocument, Reading
from goldsmith.refine.pipeline import DIGEST, RAW_KINDS, Outcome
from goldsmith.refine.readers.files import Files
from goldsmith.refine.tallies import StageTally

RECIPE = """\
goldsmith: 1
name: test
source:
  - {{kind: files, paths: [in]}}
stages:
  - decode
  - repair
  - length: {{min_characters: {least}}}
  - exact-duplicates
"""
N_ROWS = 900


def recipe_of(*, least: int = 30):
    return load_recipe(RECIPE.format(least=least), origin="recipe.yaml")


def places(base: Path) -> Places:
    return Places(base=base, doc_folders=(), packages=lambda: ())


def row(number: int) -> str:
    text = f"Row {number}\r\n is about {'things ' * (number % 9)}and the number {number * number}."
    return json.dumps({"id": f"r{number}", "text": text}) + "\n"


def corpus(base: Path, n_rows: int = N_ROWS) -> Path:
    (base / "in").mkdir(parents=True)
    path = base / "in/rows.jsonl"
    path.write_text("".join(row(number) for number in range(n_rows)), encoding="utf-8")
    return path


def digests(out: Path) -> dict[str, str]:
    files = [path for path in sorted(out.rglob("*")) if path.is_file()]
    return {path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many documents each batch has that stages look at in this process."""
    sizes: list[int] = []
    run_stages = hands.run_stages

    def counting(stages, batch, *more):
        sizes.append(batch.num_rows)
        return run_stages(stages, batch, *more)

    monkeypatch.setattr(hands, "run_stages", counting)
    return sizes


def fresh(base: Path, folder: Path, **parameters: int) -> dict[str, str]:
    refine(recipe_of(**parameters), folder / "fresh", places=places(base))
    return digests(folder / "fresh")


KILLED = """\
import os, signal, sys
from pathlib import Path
from goldsmith.refine import Places, load_recipe, refine
from goldsmith.refine.engines import hands

base, left = Path(sys.argv[1]), int(sys.argv[2])
run_stages = hands.run_stages

def dying(*given):
    global left
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1
    return run_stages(*given)

hands.run_stages = dying
recipe = load_recipe((base / "recipe.yaml").read_text(encoding="utf-8"), origin="recipe.yaml")
refine(recipe, base / "out", places=Places(base=base, doc_folders=(), packages=lambda: ()))
"""


def kill(base: Path, *, after: int) -> None:
    (base / "recipe.yaml").write_text(recipe_of().text, encoding="utf-8")
    done = subprocess.run([sys.executable, "-c", KILLED, str(base), str(after)], check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


def test_a_killed_run_goes_on_where_it_was_and_gives_the_same_bytes(tmp_path: Path, computed: list[int]):
    corpus(tmp_path)
    kill(tmp_path, after=2)
    kill(tmp_path, after=1)
    n_known = len(list(read_records(tmp_path / ".out.partial/journal")))

    refine(recipe_of(), tmp_path / "out", places=places(tmp_path))

    n_computed = len(computed)
    assert n_known == 3
    assert digests(tmp_path / "out") == fresh(tmp_path, tmp_path)
    assert n_known + n_computed == len(computed) - n_computed


def test_an_interrupted_run_keeps_its_journal_and_a_cancelled_one_nothing(tmp_path: Path, monkeypatch):
    corpus(tmp_path)
    run_stages, left = hands.run_stages, [2]

    def ending(*given):
        left[0] -= 1
        if left[0] == 0:
            raise KeyboardInterrupt
        return run_stages(*given)

    monkeypatch.setattr(hands, "run_stages", ending)
    with pytest.raises(KeyboardInterrupt):
        refine(recipe_of(), tmp_path / "out", places=places(tmp_path))

    assert [path.name for path in (tmp_path / ".out.partial").iterdir()] == ["journal"]
    with pytest.raises(Cancelled):
        refine(recipe_of(), tmp_path / "out", places=places(tmp_path), should_stop=lambda: True)
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_a_run_that_is_interrupted_early_loses_nothing_of_the_one_before(tmp_path: Path, monkeypatch):
    corpus(tmp_path)
    kill(tmp_path, after=4)
    journal = tmp_path / ".out.partial/journal"
    before = list(read_records(journal))

    def interrupted(progress):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        refine(recipe_of(), tmp_path / "out", places=places(tmp_path), progress=interrupted)

    assert list(read_records(journal)) == before


@pytest.mark.parametrize("change", ["insert", "append", "remove", "edit", "new file before"])
def test_a_change_of_the_documents_computes_little_and_gives_what_a_fresh_run_gives(
    tmp_path: Path, computed: list[int], change: str
):
    path = corpus(tmp_path)
    refine(recipe_of(), tmp_path / "out", places=places(tmp_path))
    rows = [row(number) for number in range(N_ROWS)]
    match change:
        case "insert":
            rows.insert(300, row(10_000))
        case "append":
            rows.append(row(10_000))
        case "remove":
            del rows[500]
        case "edit":
            rows[40] = rows[40].replace("about", "no longer about")
        case _:
            (tmp_path / "in/a.txt").write_text("A new file that stands before all others.", encoding="utf-8")
    path.write_text("".join(rows), encoding="utf-8")
    computed.clear()

    refine(recipe_of(), tmp_path / "out", places=places(tmp_path))

    n_computed = len(computed)
    assert digests(tmp_path / "out") == fresh(tmp_path, tmp_path)
    assert 0 < 2 * n_computed < len(computed) - n_computed


def test_nothing_new_computes_nothing(tmp_path: Path, computed: list[int]):
    corpus(tmp_path)
    refine(recipe_of(), tmp_path / "out", places=places(tmp_path))
    before = digests(tmp_path / "out")
    computed.clear()

    refine(recipe_of(), tmp_path / "out", places=places(tmp_path))

    assert computed == []
    assert digests(tmp_path / "out") == before


def test_other_parameters_take_nothing_from_the_journal(tmp_path: Path, computed: list[int]):
    corpus(tmp_path)
    refine(recipe_of(), tmp_path / "out", places=places(tmp_path))
    computed.clear()

    refine(recipe_of(least=60), tmp_path / "out", places=places(tmp_path))

    assert sum(computed) == N_ROWS
    assert digests(tmp_path / "out") == fresh(tmp_path, tmp_path, least=60)


def test_what_a_killed_run_did_with_other_parameters_is_removed(tmp_path: Path):
    corpus(tmp_path)
    kill(tmp_path, after=2)

    refine(recipe_of(least=60), tmp_path / "out", places=places(tmp_path))

    assert digests(tmp_path / "out") == fresh(tmp_path, tmp_path, least=60)


@pytest.mark.parametrize("damage", ["a byte", "the last byte", "the end", "all of it"])
def test_a_damaged_journal_is_computed_anew(tmp_path: Path, computed: list[int], damage: str):
    corpus(tmp_path)
    kill(tmp_path, after=3)
    segment = tmp_path / ".out.partial/journal/segment-00000"
    content = bytearray(segment.read_bytes())
    match damage:
        case "a byte":
            content[len(content) // 2] ^= 1
        case "the last byte":
            content[-1] ^= 1
        case "the end":
            content = content[:-7]
        case _:
            content = bytearray(os.urandom(len(content)))
    segment.write_bytes(content)

    refine(recipe_of(), tmp_path / "out", places=places(tmp_path))

    assert len(computed) > 0
    assert digests(tmp_path / "out") == fresh(tmp_path, tmp_path)


def test_a_journal_need_not_be_kept(tmp_path: Path):
    corpus(tmp_path)

    refine(recipe_of(), tmp_path / "out", places=places(tmp_path), keep_journal=False)

    assert not (tmp_path / "out/journal").exists()


def batch_of(number: int, start: int) -> Batch:
    columns: dict[str, list[object]] = {name: [None] for name in RAW_KINDS}
    columns |= {ORDER: [start], "id": [f"d{number}"], "text": [str(number)], DIGEST: [number.to_bytes(16, "big")]}
    return make_batch(columns, RAW_KINDS)


@settings(max_examples=60)
@given(known=st.sets(st.integers(0, 12)), ahead=st.integers(1, 4))
def test_known_and_new_batches_come_out_in_their_order(tmp_path_factory, known: set[int], ahead: int):
    folder = tmp_path_factory.mktemp("journal")
    looked_at: list[str] = []

    def compute(batches: Iterator[Batch]) -> Iterator[Outcome]:
        taken: list[Batch] = []
        for batch in batches:
            taken.append(batch)
            if len(taken) == ahead:
                yield outcome(taken.pop(0))
        for batch in taken:
            yield outcome(batch)

    def outcome(batch: Batch) -> Outcome:
        looked_at.extend(batch.column("id").to_pylist())
        return Outcome(batch=without_columns(batch, ["_raw", DIGEST]), tallies=(StageTally(n_in=1),))

    with Journal(folder / "first", b"stages") as first:
        list(journaled(first, (batch_of(number, 0) for number in sorted(known)), compute))
    looked_at.clear()

    with Journal(folder / "second", b"stages", older=[folder / "first", folder / "none"]) as second:
        found = list(journaled(second, (batch_of(number, place) for place, number in enumerate(range(10))), compute))

    assert [each.batch.column("id").to_pylist() for each in found] == [[f"d{number}"] for number in range(10)]
    assert [each.batch.column(ORDER).to_pylist() for each in found] == [[place] for place in range(10)]
    assert looked_at == [f"d{number}" for number in range(10) if number not in known]
    assert len(list(read_records(folder / "second"))) == 10


def test_batches_depend_on_their_documents_and_stay_small():
    source = Files(paths=("in",))

    def sizes(documents: list[RawDocument]) -> list[list[str]]:
        batches = Intake([(source, Reading(None, iter(documents)))]).batches()
        return [batch.column("id").to_pylist() for batch in batches]

    small = [RawDocument(id=f"s{n}", origin="x", text="t" * (n % 700)) for n in range(3000)]
    large = [RawDocument(id=f"l{n}", origin="x", raw=b"t" * 900_000) for n in range(40)]

    for documents in (small, large):
        cut, shifted = sizes(documents), sizes(documents[1:])
        assert [name for batch in cut for name in batch] == [document.id for document in documents]
        assert sum(batch in cut for batch in shifted) >= len(shifted) - 2
    assert max(map(len, sizes(large))) <= 5
    assert 60 < 3000 / len(sizes(small)) < 260
