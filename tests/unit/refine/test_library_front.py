import gc
import json
import pickle
import re
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pytest

import goldsmith
from goldsmith import refine
from goldsmith.errors import InputError, RecipeError
from goldsmith.refine.library import RefinedDocuments
from goldsmith.refine.stages.length import Length

PAGE = Path(__file__).resolve().parents[3] / "docs/recipes.md"
RECIPE = """\
goldsmith: 1
name: small
source: [{kind: files, paths: [in]}]
stages: [decode, {length: {min_characters: 10}}, exact-duplicates]
"""
STAGES: list[Any] = [{"length": {"min_characters": 10}}, "exact-duplicates"]
ROWS = [
    {"id": "a", "text": "a text that is long enough", "stars": 5},
    {"id": "b", "text": "short", "stars": 1},
    {"id": "c", "text": "a text that is long enough", "stars": 4},
    {"id": "d", "text": None, "stars": 3},
]
FATES = {"kept": ["a"], "dropped": ["b", "c"], "failed": ["rows:4"]}


def fates(refined: RefinedDocuments) -> dict[str, list[str]]:
    return {kind: getattr(refined, kind)().read_all()["id"].to_pylist() for kind in ("kept", "dropped", "failed")}


@pytest.mark.parametrize(
    "documents",
    [
        pytest.param(lambda: ROWS, id="list"),
        pytest.param(lambda: iter(ROWS), id="iterator"),
        pytest.param(lambda: pa.Table.from_pylist(ROWS), id="table"),
        pytest.param(lambda: pa.RecordBatch.from_pylist(ROWS), id="batch"),
        pytest.param(lambda: pa.Table.from_pylist(ROWS).to_reader(), id="reader"),
        pytest.param(lambda: ds.dataset(pa.Table.from_pylist(ROWS)), id="dataset"),
        pytest.param(lambda: pl.DataFrame(ROWS), id="polars"),
    ],
)
def test_rows_of_any_kind_are_refined(documents: Any):
    refined = goldsmith.refine(STAGES, documents(), jobs=1)

    assert {kind: [name.split("/")[-1] for name in names] for kind, names in fates(refined).items()} == FATES
    assert (refined.report.n_read, refined.report.n_kept) == (4, 1)
    (kept,) = refined.kept().read_all().to_pylist()
    assert (kept["text"], kept["source"], json.loads(kept["meta"])) == (ROWS[0]["text"], "rows", {"stars": "5"})


def folder_of_texts(base: Path) -> Path:
    (base / "in").mkdir()
    (base / "in/a.txt").write_text("a text that is long enough", encoding="utf-8")
    (base / "in/b.txt").write_text("short", encoding="utf-8")
    return base / "in"


@pytest.mark.parametrize("form", ["folder", "text", "paths", "own sources", "text of a recipe", "mapping", "stages"])
def test_recipes_and_files_have_many_forms(tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch):
    folder = folder_of_texts(tmp_path)
    (tmp_path / "r.yaml").write_text(RECIPE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    recipe, documents = {
        "folder": (tmp_path / "r.yaml", folder),
        "text": (str(tmp_path / "r.yaml"), str(folder)),
        "paths": (tmp_path / "r.yaml", sorted(folder.iterdir())),
        "own sources": (tmp_path / "r.yaml", None),
        "text of a recipe": (RECIPE, None),
        "mapping": ({"stages": ["decode", *STAGES], "name": "mine"}, folder),
        "stages": ([Length(min_characters=10), "exact-duplicates"], folder),
    }[form]

    refined = refine(recipe, documents, out=tmp_path / "out", jobs=1)

    assert fates(refined) == {"kept": ["files/a.txt"], "dropped": ["files/b.txt"], "failed": []}
    assert (refined.folder / "report.html").is_file()


def test_without_a_folder_the_result_goes_when_nobody_reads_it():
    refined = refine(["decode"], ROWS, jobs=1)
    folder, reader = refined.folder, refined.kept()

    del refined
    gc.collect()
    assert folder.is_dir()
    assert len(reader.read_all()) == 3
    del reader
    gc.collect()

    assert not folder.exists()


@pytest.mark.parametrize(
    ("recipe", "documents", "error", "problem"),
    [
        (["lenght"], ROWS, RecipeError, "unknown stage 'lenght'; did you mean 'length'"),
        ("no-such-recipe", ROWS, InputError, "the recipe no-such-recipe cannot be read"),
        (["decode"], None, InputError, "the recipe has no source"),
        (["decode"], 3, InputError, "documents cannot be int"),
        (["decode"], {"text": "one row"}, InputError, "documents cannot be dict"),
        (["decode"], ["no-such-folder"], InputError, "no-such-folder does not exist"),
        (["decode"], [3], InputError, "a row has to be a mapping of names to values, not int"),
        (["decode"], [], InputError, "hold no documents"),
        (
            "goldsmith: 1\nname: x\nsource: [{kind: rows}]\nstages: [decode]\n",
            None,
            InputError,
            "no program hands over",
        ),
    ],
)
def test_what_cannot_be_refined_says_why(recipe: Any, documents: Any, error: type[Exception], problem: str):
    with pytest.raises(error, match=problem):
        refine(recipe, documents, jobs=1)


def test_a_row_that_is_none_fails_alone():
    refined = refine(["decode"], iter([{"id": "a", "text": "one"}, 3, {"id": "b", "text": "two"}]), jobs=1)

    (failed,) = refined.failed().read_all().to_pylist()
    assert failed["reason"] == "rows:2: a row has to be a mapping, not int"
    assert refined.report.n_kept == 2


def test_batches_are_decided_like_whole_runs_wherever_they_are_cut():
    stages = ["extract-html", "repair", {"length": {"min_characters": 10, "max_characters": 40}}, "language"]
    rows = [{"id": f"r{n}", "text": text} for n, text in enumerate(["short", "schÃ¶n, ein Satz auf Deutsch", "x" * 50])]
    whole = refine(stages, rows, jobs=1)
    kept, dropped = whole.kept().read_all().to_pylist(), whole.dropped().read_all().to_pylist()
    refiner = pickle.loads(pickle.dumps(goldsmith.refine_batches(stages)))  # noqa: S301 - what was just pickled

    table = refiner(pa.Table.from_pylist(rows))
    cut = list(refiner.over(iter(pa.Table.from_pylist(rows).to_batches(max_chunksize=1))))

    assert table.schema == refiner.schema
    assert pa.Table.from_batches(cut) == table
    assert [(row["id"], row["verdict"]) for row in table.to_pylist()] == [
        ("r0", "drop"),
        ("r1", "keep"),
        ("r2", "drop"),
    ]
    by_id = {row["id"]: row for row in table.to_pylist()}
    for row in [*kept, *dropped]:
        assert {name: by_id[row["id"]][name] for name in row if name != "number"} == {
            name: value for name, value in row.items() if name != "number"
        }


def test_rows_of_a_batch_without_an_id_or_a_text_keep_their_place():
    refiner = goldsmith.refine_batches(["decode"], text_field="body")
    batch = pa.RecordBatch.from_pylist([{"body": "one"}, {"body": None}, {"body": "one"}])

    rows = refiner(batch).to_pylist()

    assert [row["verdict"] for row in rows] == ["keep", "fail", "keep"]
    assert rows[0]["id"] == rows[2]["id"] != rows[1]["id"]
    assert "holds no text" in rows[1]["reason"]
    assert refiner(batch.slice(0, 0)).schema == refiner.schema


def test_a_comparison_cannot_be_part_of_a_batch():
    with pytest.raises(InputError, match="exact-duplicates compares all documents with each other"):
        goldsmith.refine_batches(STAGES)


def test_the_page_of_recipes_shows_code_that_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder_of_texts(tmp_path)
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    ours = [block for block in blocks if "spark" not in block and "ray" not in block and "daft" not in block]
    assert len(ours) == 2
    for block in ours:
        exec(compile(block, "docs/recipes.md", "exec"), {})  # noqa: S102 - our own page
    for block in blocks:
        compile(block, "docs/recipes.md", "exec")
