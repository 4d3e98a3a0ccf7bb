"""Votes are read from files as they stand there, and what cannot be used is named by its row."""

import gzip
from pathlib import Path

import polars as pl
import pytest

from goldsmith.errors import VotesError
from goldsmith.quality.vote_files import read_answers, read_labels, read_votes

CSV = "task,worker,label,timestamp\n07,b,yes,2026-01-02T10:00:00\n07,a,no,2026-01-02T11:00:00\n7,a,no,2026-01-03\n"

JSONL = """{"task": "07", "worker": "b", "label": "yes"}

{"task": "07", "worker": "a", "label": "no"}
{"task": 7, "worker": "a", "label": "no", "more": [1]}
"""


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def as_rows(path: Path) -> list[tuple[str, str, str]]:
    votes = read_votes(path)
    names = votes.task_names, votes.annotator_names, votes.classes
    return [
        (names[0][task], names[1][annotator], names[2][label])
        for task, annotator, label in zip(votes.task, votes.annotator, votes.label, strict=True)
    ]


ROWS = [("07", "a", "no"), ("07", "b", "yes"), ("7", "a", "no")]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("v.csv", CSV),
        ("v.csv", "\ufeff" + CSV),
        ("v.CSV", CSV.replace("worker", " Annotator ")),
        ("v.tsv", CSV.replace(",", "\t")),
        ("v.csv.gz", CSV),
        ("v.jsonl", JSONL),
        ("v.jsonl.gz", JSONL),
    ],
)
def test_formats_and_names_of_columns(tmp_path: Path, name: str, content: str):
    packed = gzip.compress(content.encode()) if name.endswith(".gz") else content

    assert as_rows(written(tmp_path, name, packed)) == ROWS


def test_parquet_with_numbers(tmp_path: Path):
    frame = pl.DataFrame({"task": [2, 10], "annotator": [1, 1], "label": [0, 1], "boxes": [[1], [2]]})
    frame.write_parquet(tmp_path / "v.parquet")

    assert as_rows(tmp_path / "v.parquet") == [("10", "1", "1"), ("2", "1", "0")]


def test_the_last_answer_by_time_counts_and_repeats_are_counted(tmp_path: Path):
    text = "task,annotator,label,time\nt,a,late,20.5\nt,a,early,10\nu,a,x,5\n"

    votes = read_votes(written(tmp_path, "v.csv", text))

    assert votes.n_repeats == 1
    assert votes.classes[votes.label[0]] == "late"
    without = written(tmp_path, "w.csv", text.replace("time", "clock"))
    assert read_votes(without).classes[read_votes(without).label[0]] == "early"


def test_tasks_stay_as_given_and_in_order(tmp_path: Path):
    answers = read_answers(written(tmp_path, "v.csv", "task,annotator,label\n10,a,x\n 2,a,x\n10,b,x\n"))

    assert answers.tasks_in_order() == ["10", " 2"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("v.csv", "", "v.csv is empty"),
        ("v.csv", "task,annotator,label\n", "there are no votes"),
        ("v.csv", "task,who,label\nt,a,x\n", "no column 'annotator or worker'; it has task, who, label"),
        ("v.csv", "task,annotator,label\nt,a,x\nt,b,\n", "v.csv, row 2: its label is empty; take the row out"),
        ("v.csv", "task,annotator,label\nt,a,x,y\n", "line 2 has 4 values for 3 columns"),
        ("v.csv", b"task,annotator,label\nt,a,\xff\n", "v.csv: "),
        ("v.csv", "task,annotator,label,time\nt,a,x,noon\n", "row 1: its time is 'noon'"),
        ("v.csv", "task,annotator,label,weight\nt,a,x,1\nu,a,x,much\n", "row 2: its weight is 'much'"),
        ("v.csv", "task,annotator,label,weight\nt,a,x,1\nu,a,x,-1\n", "vote 1: its weight is -1.0"),
        ("v.csv", "task,annotator,label,weight\nt,a,x,NaN\n", "vote 0: its weight is nan"),
        ("v.jsonl", '{"task": 1}\nno\n', "v.jsonl, line 2"),
        ("v.jsonl", "[1]\n", "v.jsonl, line 1"),
        ("v.parquet", "PAR", "v.parquet is not a Parquet file"),
        ("v.xlsx", "x", "its name says none of the formats"),
        ("gone.csv", None, "is not there"),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path: Path, name: str, content: str | bytes | None, message: str):
    path = tmp_path / name
    if content is not None:
        written(tmp_path, name, content)

    with pytest.raises(VotesError) as refused:
        read_votes(path)

    assert message in str(refused.value)


def test_known_labels(tmp_path: Path):
    assert read_labels(written(tmp_path, "t.csv", "task,label\n07,yes\n7,no\n7,no\n")) == {"07": "yes", "7": "no"}
    with pytest.raises(VotesError, match="row 2: the task 't' has the label 'no', and 'yes' further up"):
        read_labels(written(tmp_path, "t.csv", "task,label\nt,yes\nt,no\n"))
