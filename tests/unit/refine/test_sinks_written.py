import hashlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from goldsmith.errors import RecipeError
from goldsmith.kit.arrow import make_batch
from goldsmith.kit.parquet import ParquetParts
from goldsmith.refine import Places, RefineReport, load_recipe, redecide, refine
from goldsmith.refine.readers.files import Files
from goldsmith.refine.recipe import sink_types, with_sinks
from goldsmith.refine.sinks import Sink

STAGES = "stages: [decode, language, {length: {min_characters: 10}}, exact-duplicates]\n"
TEXTS = {
    "a.txt": "The first document is written in English, as one can see.",
    "b.txt": "Das zweite Dokument ist auf Deutsch geschrieben, wie man sieht.",
    "c.txt": "The third document is in English, as one can see.\u2028It has signs: \u00e9 \U0001f600 \\ and a tab\t.",
    "d.txt": "short",
}


def places(base: Path) -> Places:
    return Places(base=base, doc_folders=(), packages=tuple)


def recipe_of(sinks: str):
    source = "source: [{kind: files, paths: [in]}]\n"
    return load_recipe(f"goldsmith: 1\nname: test\ntitle: 'A: test'\n{source}{STAGES}{sinks}", origin="test.yaml")


def run(base: Path, sinks: str = "sinks: [jsonl, hf-datasets]\n", out: str = "out") -> RefineReport:
    (base / "in").mkdir(exist_ok=True)
    for name, text in TEXTS.items():
        (base / "in" / name).write_text(text, encoding="utf-8")
    return refine(recipe_of(sinks), base / out, places=places(base), keep_journal=False)


def kept(out: Path) -> list[dict[str, Any]]:
    return [{**row, "meta": json.loads(row["meta"])} for row in pq.read_table(out / "kept").to_pylist()]


def unpacked(path: Path) -> bytes:
    with pa.CompressedInputStream(pa.OSFile(str(path)), "zstd") as stream:
        return stream.read()


def digests(out: Path) -> dict[str, str]:
    files = [path for path in sorted(out.rglob("*")) if path.is_file()]
    return {path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_json_lines_say_what_parquet_says(tmp_path: Path):
    run(tmp_path)

    (part,) = (tmp_path / "out/jsonl").iterdir()

    assert part.name == "part-00000.jsonl.zst"
    rows = [json.loads(line) for line in unpacked(part).decode().split("\n")[:-1]]
    assert rows == kept(tmp_path / "out")
    assert [row["id"] for row in rows] == ["files/a.txt", "files/b.txt", "files/c.txt"]


def test_what_was_written_can_be_refined_again(tmp_path: Path):
    run(tmp_path)

    documents = Files(paths=("out/jsonl",)).read(places(tmp_path)).documents

    assert {each.id: each.text for each in documents} == {
        f"files/{name}": text for name, text in TEXTS.items() if name != "d.txt"
    }


def test_the_folder_of_datasets_describes_its_own_files(tmp_path: Path):
    report = run(tmp_path)

    folder = tmp_path / "out/hf-datasets"
    _, head, body = (folder / "README.md").read_text(encoding="utf-8").split("---\n", 2)
    card = yaml.safe_load(head)
    (data,) = (folder / "data").iterdir()

    assert data.name == "train-00000-of-00001.parquet"
    assert data.read_bytes() == (tmp_path / "out/kept/part-00000.parquet").read_bytes()
    assert card["pretty_name"] == "A: test"
    assert (card["license"], sorted(card["language"])) == ("unknown", ["de", "en"])
    assert card["size_categories"] == ["n<1K"]
    about = card["dataset_info"]
    assert [each["name"] for each in about["features"]] == pq.read_schema(data).names
    assert about["splits"][0]["num_examples"] == report.n_kept == 3
    assert about["download_size"] == data.stat().st_size
    assert report.recipe_sha256 in body


def test_sinks_have_the_same_bytes_again_and_after_deciding_anew(tmp_path: Path):
    run(tmp_path)
    run(tmp_path, out="again")
    redecide(tmp_path / "out", recipe_of("sinks: [jsonl, hf-datasets]\n"), tmp_path / "anew")

    assert digests(tmp_path / "again") == digests(tmp_path / "out")
    assert digests(tmp_path / "anew") == digests(tmp_path / "out")
    lock = json.loads((tmp_path / "out/recipe.lock.json").read_bytes())
    assert [sink["name"] for sink in lock["sinks"]] == ["jsonl", "hf-datasets"]


def test_a_recipe_without_kept_documents_writes_empty_sinks(tmp_path: Path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/d.txt").write_text("short", encoding="utf-8")

    report = refine(recipe_of("sinks: [jsonl, hf-datasets]\n"), tmp_path / "out", places=places(tmp_path))

    assert report.n_kept == 0
    assert unpacked(tmp_path / "out/jsonl/part-00000.jsonl.zst") == b""
    assert "num_examples: 0" in (tmp_path / "out/hf-datasets/README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("sinks", "problem"),
    [
        ("sinks: [jsnl]\n", r"test.yaml:6: unknown sink 'jsnl'; did you mean 'jsonl'\?"),
        ("sinks: [jsonl, jsonl]\n", "the sink 'jsonl' stands twice"),
        ("sinks: [jsonl: {part_bites: 3}]\n", "'jsonl' has no parameter 'part_bites'; did you mean 'part_bytes'"),
        ("sinks: [hf-datasets: {split: ../x}]\n", "`split` has to be letters"),
        ("sinks: 3\n", "`sinks` has to be a list"),
    ],
)
def test_a_sink_that_cannot_be_names_its_line(sinks: str, problem: str):
    with pytest.raises(RecipeError, match=problem):
        recipe_of(sinks)


def test_sinks_can_be_added_to_a_recipe_once():
    plain = recipe_of("")

    assert [sink.name for sink in with_sinks(plain, ["jsonl"]).sinks] == ["jsonl"]
    assert with_sinks(plain, []) is plain
    with pytest.raises(RecipeError, match="names its sinks itself"):
        with_sinks(recipe_of("sinks: [jsonl]\n"), ["hf-datasets"])


KINDS = {"id": "text", "text": "text", "meta": "text", "n": "int", "score": "float", "is_new": "bool"}
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
            "text": st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
            "meta": st.dictionaries(st.sampled_from("abc"), st.text('xy"\\ü\n', max_size=4)).map(json.dumps),
            "n": st.none() | st.integers(-(2**63), 2**63 - 1),
            "score": st.none() | st.floats(allow_nan=False, allow_infinity=False),
            "is_new": st.none() | st.booleans(),
        }
    ),
    max_size=20,
)


@settings(max_examples=30, deadline=None)
@given(rows=ROWS, part_bytes=st.sampled_from([1, 200, 1 << 20]))
def test_every_row_is_read_back_as_it_was_written(tmp_path_factory, rows: list[dict[str, Any]], part_bytes: int):
    base = tmp_path_factory.mktemp("law")
    with ParquetParts(base / "kept", KINDS) as parts:
        parts.write(make_batch({name: [row[name] for row in rows] for name in KINDS}, KINDS))
    (base / "jsonl").mkdir()

    sink_types()["jsonl"](part_bytes=part_bytes).write(sorted((base / "kept").iterdir()), base / "jsonl", None)

    files = sorted((base / "jsonl").iterdir())
    lines = b"".join(unpacked(file) for file in files)
    found = [json.loads(line) for line in io.BytesIO(lines)]
    assert found == [{**row, "meta": json.loads(row["meta"])} for row in rows]
    assert len(files) == (max(1, len(rows)) if part_bytes == 1 else len(files))


def test_every_sink_has_a_title_and_its_own_folder():
    assert {name: sink.name for name, sink in sink_types().items()} == {name: name for name in sink_types()}
    assert all(issubclass(sink, Sink) and sink.title for sink in sink_types().values())


def test_the_command_writes_what_also_asks_for(tmp_path: Path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text(TEXTS["a.txt"], encoding="utf-8")
    (tmp_path / "r.yaml").write_text(
        "goldsmith: 1\nname: r\nsource: [{kind: files, paths: [in]}]\nstages: [decode]\n", encoding="utf-8"
    )
    command = [Path(sys.executable).with_name("goldsmith"), "refine", "r.yaml", "--out", "out", "--also", "jsonl"]

    done = subprocess.run(command, cwd=tmp_path, env=dict(os.environ), capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert json.loads(unpacked(tmp_path / "out/jsonl/part-00000.jsonl.zst"))["id"] == "files/a.txt"
    assert "jsonl" in (tmp_path / "out/recipe.yaml").read_text(encoding="utf-8")
