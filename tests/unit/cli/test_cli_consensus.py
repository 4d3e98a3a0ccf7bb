"""`goldsmith consensus`: what it prints and writes, and what it says of files that it cannot use."""

import csv
import json
import re
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from playwright.sync_api import Browser
from typer.testing import CliRunner

from goldsmith.cli.consensus import app
from goldsmith.errors import GoldsmithError, InputError, StorageError, VotesError

CLASSES = "xyz"


def planted(folder: Path, n_tasks: int = 120) -> tuple[Path, Path]:
    """Votes of six annotators of whom two are careless, and the truth."""
    rng = np.random.default_rng(11)
    truth = rng.integers(0, 3, n_tasks)
    rows = ["task,annotator,label"]
    for task in rng.permutation(n_tasks).tolist():
        for who, skill in enumerate((0.9, 0.9, 0.85, 0.8, 0.35, 0.35)):
            label = truth[task] if rng.random() < skill else rng.integers(0, 3)
            rows.append(f"{task:03},w{who},{CLASSES[label]}")
    votes, known = folder / "votes.csv", folder / "truth.csv"
    votes.write_text("\n".join(rows) + "\n")
    known.write_text("task,label\n" + "".join(f"{task:03},{CLASSES[label]}\n" for task, label in enumerate(truth)))
    return votes, known


def said(*arguments: object) -> str:
    run = CliRunner().invoke(app, [str(one) for one in arguments])
    if run.exception is not None:
        raise run.exception
    return run.stdout


def test_labels_are_written_in_the_order_and_by_the_names_of_the_file(tmp_path: Path):
    votes, known = planted(tmp_path)

    shown = said(votes, "--truth", known, "--out", tmp_path / "out.csv")

    rows = list(csv.DictReader((tmp_path / "out.csv").read_text().splitlines()))
    assert list(rows[0]) == ["task", "label", "confidence", "n_answers"]
    given = [line.split(",")[0] for line in votes.read_text().splitlines()[1::6]]
    assert [row["task"] for row in rows] == given
    truth = dict(line.split(",") for line in known.read_text().splitlines()[1:])
    right = np.mean([truth[row["task"]] == row["label"] for row in rows])
    assert right > 0.85
    assert {row["n_answers"] for row in rows} == {"6"}
    assert all(1 / 3 < float(row["confidence"]) < 1 for row in rows)
    assert f"accuracy   {100 * right:.2f}%" in shown
    assert "720 votes by 6 annotators on 120 tasks, 3 classes" in shown
    assert "give --gold" in shown


def test_json_says_the_same_and_gold_does_not_count_as_truth(tmp_path: Path):
    votes, known = planted(tmp_path)
    gold = tmp_path / "gold.csv"
    gold.write_text("".join(line + "\n" for line in known.read_text().splitlines()[:41]))

    found = json.loads(said(votes, "--truth", known, "--gold", gold, "--json"))

    assert (found["method"], found["calibrated_on"], found["tasks"]) == ("auto", 40, 120)
    assert found["accuracy"]["n"] == 80
    assert found["accuracy"]["low"] < found["accuracy"]["value"] < found["accuracy"]["high"]
    assert found["ece"]["value"] < 0.2
    assert sum(one["n"] for one in found["reliability"]) == 80
    assert json.loads(said(votes, "--truth", known, "--gold", gold, "--json")) == found


@pytest.mark.parametrize(("name", "read"), [("o.jsonl", pl.read_ndjson), ("o.parquet", pl.read_parquet)])
def test_other_formats_hold_the_same(tmp_path: Path, name: str, read):
    votes, _ = planted(tmp_path, 30)

    said(votes, "--out", tmp_path / name)
    said(votes, "--out", tmp_path / "o.csv")

    assert read(tmp_path / name).equals(pl.read_csv(tmp_path / "o.csv", schema_overrides={"task": pl.String}))


def test_any_method_can_be_named_and_a_wrong_name_names_the_nearest(tmp_path: Path):
    votes, known = planted(tmp_path, 30)

    assert json.loads(said(votes, "--method", "majority", "--json"))["method"] == "majority"
    with pytest.raises(VotesError, match=r"there is no method 'majorty'.*majority"):
        said(votes, "--truth", known, "--method", "majorty")


def test_an_answer_that_nobody_checked_has_no_confidence(tmp_path: Path):
    votes = tmp_path / "v.csv"
    votes.write_text("task,annotator,label\na,x,1\nb,y,0\n")

    said(votes, "--out", tmp_path / "o.csv")

    assert (tmp_path / "o.csv").read_text() == "task,label,confidence,n_answers\na,1,,1\nb,0,,1\n"


@pytest.mark.parametrize(
    ("votes", "gold", "message"),
    [
        ("task,annotator,label\n", None, "there are no votes"),
        ("task,annotator,label\na,x,1\na,y,1\n", "task,label\nq,1\n", "none of the 1 gold labels"),
        ("task,annotator,label\na,x,1\na,y,1\n", "task,truth\na,1\n", "no column 'label'"),
        ("task,annotator,label,weight\na,x,1,-2\n", None, "its weight is -2.0"),
    ],
)
def test_bad_files_are_refused_in_one_sentence(tmp_path: Path, votes: str, gold: str | None, message: str):
    (tmp_path / "v.csv").write_text(votes)
    (tmp_path / "g.csv").write_text(gold or "")

    with pytest.raises(VotesError, match=message):
        said(tmp_path / "v.csv", *(["--gold", tmp_path / "g.csv"] if gold else []), "--out", tmp_path / "o.csv")

    assert not (tmp_path / "o.csv").exists()


@pytest.mark.parametrize(("out", "problem"), [("o.xlsx", InputError), ("missing/o.csv", StorageError)])
def test_nothing_is_half_written(tmp_path: Path, out: str, problem: type[GoldsmithError]):
    votes, _ = planted(tmp_path, 10)

    with pytest.raises(problem):
        said(votes, "--out", tmp_path / out)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["truth.csv", "votes.csv"]


def test_gold_that_nobody_votes_for_is_told(tmp_path: Path):
    votes, _ = planted(tmp_path, 20)
    gold = tmp_path / "g.csv"
    gold.write_text("task,label\n001,q\n002,x\n")

    assert "2 known labels, 1 of them for labels that nobody voted for" in said(votes, "--gold", gold)


def test_the_report_shows_who_answers_how_and_runs_nothing(tmp_path: Path, browser: Browser):
    votes, known = planted(tmp_path)
    hostile = "<script>alert(1)</script>"
    votes.write_text(votes.read_text().replace("w5", hostile))

    said(votes, "--truth", known, "--report", tmp_path / "report.html")

    page = browser.new_page(viewport={"width": 390, "height": 844})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto((tmp_path / "report.html").as_uri())
    headings = page.locator("h2").all_inner_texts()
    assert headings == [
        "How right it is",
        "How sure it is",
        "What is taken for what",
        "Who answers how",
        "What is contested",
    ]
    row = page.locator("tr", has_text=hostile).first
    assert "answers do not depend on what is true" in row.inner_text() or "may be a spammer" in row.inner_text()
    assert page.locator("script").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert not complaints
    page.close()


def test_the_report_says_nothing_of_how_a_class_is_answered_that_was_hardly_met(tmp_path: Path):
    votes, _ = planted(tmp_path)
    votes.write_text(votes.read_text() + "000,w4,rare\n")

    said(votes, "--report", tmp_path / "report.html")

    page = (tmp_path / "report.html").read_text()
    matrix = page[page.index("What is taken for what") : page.index("Who answers how")]
    rows = dict(re.findall(r'<th scope="row">(\w+)</th>(.*?)</tr>', matrix, re.DOTALL))
    assert list(rows) == ["rare", "x", "y", "z"]
    assert [name for name, row in rows.items() if "not known" in row] == ["rare"]
    for name in "xyz":
        assert sum(map(int, re.findall(r"(\d+)%", rows[name]))) == pytest.approx(100, abs=2)


def test_where_all_votes_are_for_one_class_nothing_is_certain(tmp_path: Path):
    votes = tmp_path / "votes.csv"
    votes.write_text("task,annotator,label\n1,a,x\n1,b,x\n2,a,x\n")

    shown = said(votes, "--out", tmp_path / "out.csv", "--report", tmp_path / "out.html")

    assert "2 tasks, 1 class\n" in shown
    assert "confidence not known: all votes are for one class, so nothing tells right labels from wrong ones" in shown
    assert "certain    0 of 2 tasks" in shown
    assert "agreement  Krippendorff's alpha is not known: every answer is the same class" in shown
    assert (tmp_path / "out.csv").read_text() == "task,label,confidence,n_answers\n1,x,,2\n2,x,,1\n"
    assert "No label has a confidence: all votes are for one class" in (tmp_path / "out.html").read_text()
    facts = json.loads(said(votes, "--json"))
    assert (facts["certain"], facts["why_not_sure"]) == (
        0,
        "all votes are for one class, so nothing tells right labels from wrong ones",
    )


def test_too_many_classes_for_the_default_are_voted_on_and_the_command_says_so(tmp_path: Path):
    rows = [f"{task},{who},{label}" for task in range(3000) for who, label in (("a", task), ("b", task), ("c", -task))]
    votes = tmp_path / "votes.csv"
    votes.write_text("\n".join(["task,annotator,label", *rows]) + "\n")

    shown = said(votes, "--out", tmp_path / "out.csv", "--report", tmp_path / "out.html")

    assert "method     wawa: 5,999 classes and 3 annotators are too many" in shown
    labels = {row["task"]: row["label"] for row in csv.DictReader((tmp_path / "out.csv").read_text().splitlines())}
    assert labels == {str(task): str(task) for task in range(3000)}
    assert "Who answers how" not in (tmp_path / "out.html").read_text()


def test_a_single_vote_reads_as_one(tmp_path: Path):
    votes = tmp_path / "votes.csv"
    votes.write_text("task,annotator,label\n1,a,x\n")

    assert "1 vote by 1 annotator on 1 task, 1 class\n" in said(votes)
