"""`goldsmith suspects`: what it ranks, writes and prints, and what it says of files that it cannot use."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from goldsmith.cli.suspects import app
from goldsmith.errors import InputError, VotesError

WRONG = {"t03", "t17", "t41"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rng = np.random.default_rng(4)
    truth = {f"t{task:02}": "yes" if rng.random() < 0.5 else "no" for task in range(80)}
    other = {"yes": "no", "no": "yes"}
    votes = [
        f"{task},{who},{label if rng.random() < skill else other[label]}"
        for task, label in truth.items()
        for who, skill in (("ann", 0.95), ("ben", 0.9), ("robot", 0.9), ("zoe", 0.5))
    ]
    (tmp_path / "votes.csv").write_text("\n".join(["task,annotator,label", *votes]) + "\n")
    given = [f"{task},{other[label] if task in WRONG else label}" for task, label in truth.items()]
    (tmp_path / "labels.csv").write_text("\n".join(["task,label", *given, "t99,yes"]) + "\n")
    rows = [f"{task},{0.9 if label == 'no' else 0.2},{0.1 if label == 'no' else 0.8}" for task, label in truth.items()]
    (tmp_path / "classifier.csv").write_text("\n".join(["task,no,yes", *rows]) + "\n")
    return tmp_path


def said(*arguments: object) -> str:
    run = CliRunner().invoke(app, [str(one) for one in arguments])
    if run.exception is not None:
        raise run.exception
    return run.stdout


def test_wrong_labels_come_first_with_who_said_what(folder):
    found = json.loads(said(folder / "votes.csv", "--labels", folder / "labels.csv", "--model", "robot", "--json"))

    assert (found["checked"], found["unchecked"]) == (80, 1)
    first = found["suspects"][:3]
    assert {one["task"] for one in first} == WRONG
    for one in first:
        assert one["annotator"] is None
        assert one["score"] > 0.5
        assert {answer["annotator"] for answer in one["said"]} == {"ann", "ben", "robot", "zoe"}
        assert [answer["is_model"] for answer in one["said"] if answer["annotator"] == "robot"] == [True]
        assert one["said"][-1]["annotator"] == "zoe"


def test_without_labels_single_answers_are_ranked(folder):
    found = json.loads(said(folder / "votes.csv", "--limit", 20, "--json"))

    assert found["checked"] == 320
    assert len(found["suspects"]) == 20
    assert sum(one["annotator"] == "zoe" for one in found["suspects"]) > 12


def test_a_classifier_sharpens_the_scores(folder):
    alone, joined = (
        json.loads(said(folder / "votes.csv", "--labels", folder / "labels.csv", *more, "--json"))["suspects"]
        for more in ((), ("--probabilities", folder / "classifier.csv"))
    )
    assert {one["task"] for one in joined[:3]} == WRONG
    assert min(one["score"] for one in joined[:3]) > min(one["score"] for one in alone[:3])
    assert joined[3]["score"] < alone[3]["score"]
    assert joined[0]["by_classifier"] in (0.1, 0.2)


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_the_table_and_the_file_say_the_same(folder, suffix):
    path = folder / f"out{suffix}"
    shown = said(folder / "votes.csv", "--labels", folder / "labels.csv", "--limit", 5, "--out", path)

    read = {".csv": pl.read_csv, ".jsonl": pl.read_ndjson, ".parquet": pl.read_parquet}[suffix]
    rows = read(path).to_dicts()
    assert shown.startswith("80 labels checked, ")
    assert "1 label cannot be checked" in shown
    lines = shown.splitlines()[2:]
    assert [line.split()[0] for line in lines] == [row["task"] for row in rows]
    assert all(f"{100 * row['score']:.0f}%" in line for line, row in zip(lines, rows, strict=True))
    assert "ann: " in rows[0]["said"]


def test_a_file_of_another_kind_is_refused_before_it_is_written(folder):
    with pytest.raises(InputError, match="suspects are written as"):
        said(folder / "votes.csv", "--out", folder / "out.txt")
    assert not (folder / "out.txt").exists()


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("item_id,no,yes\nt01,0.5,0.5\n", "no column 'task'"),
        ("task,no\nt01,0.5\n", "no column 'yes'"),
        ("task,no,yes\nt01,0.5,x\n", "row 1: its numbers"),
        ("task,no,yes\nt01,0.5,0.5\nt01,0.5,0.5\n", "row 2: the task 't01' stands further up"),
        ("task,no,yes\nt01,0,0\n", "row 1: its numbers"),
        ("task,no,yes\nz,0.5,0.5\n", "none of its 1 tasks has votes"),
    ],
    ids=["task", "class", "text", "twice", "zeros", "others"],
)
def test_probabilities_that_cannot_be_used_are_named(folder, content, complaint):
    (folder / "bad.csv").write_text(content)
    with pytest.raises(VotesError, match=complaint):
        said(folder / "votes.csv", "--probabilities", folder / "bad.csv")


def test_labels_of_other_tasks_are_refused(folder):
    (folder / "others.csv").write_text("task,label\nz,yes\n")
    with pytest.raises(VotesError, match="none of the 1 labels"):
        said(folder / "votes.csv", "--labels", folder / "others.csv")
