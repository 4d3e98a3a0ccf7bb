"""`goldsmith route`: what it prints and writes, and what it says of what it cannot use."""

import csv
import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from goldsmith.cli.route import app
from goldsmith.errors import InputError, VotesError

SKILLS = (0.95, 0.9, 0.85, 0.8, 0.7, 0.6)


def planted(folder: Path, n_each: int = 3) -> tuple[Path, Path, Path]:
    """Votes of six annotators on 90 tasks, some known labels, and 100 tasks, of which ten have no answer."""
    rng = np.random.default_rng(4)
    rows = ["task,annotator,label,time"]
    truth = rng.integers(0, 2, 90)
    for task, true in enumerate(truth.tolist()):
        for who in rng.permutation(6)[:n_each].tolist():
            label = true if rng.random() < SKILLS[who] else 1 - true
            rows.append(f"t{task:03},w{who},{'ab'[label]},{len(rows)}")
    votes, gold, tasks = folder / "votes.csv", folder / "gold.csv", folder / "tasks.csv"
    votes.write_text("\n".join(rows) + "\n")
    gold.write_text("task,label\n" + "".join(f"t{task:03},{'ab'[truth[task]]}\n" for task in range(40)))
    tasks.write_text("task\n" + "".join(f"t{task:03}\n" for task in range(100)))
    return votes, gold, tasks


def said(*arguments: object) -> str:
    run = CliRunner().invoke(app, [str(one) for one in arguments])
    if run.exception is not None:
        raise run.exception
    return run.stdout


def test_the_queue_is_written_with_tasks_that_nobody_has_answered_in_front(tmp_path: Path):
    votes, gold, tasks = planted(tmp_path)

    shown = said(votes, "--gold", gold, "--tasks", tasks, "--out", tmp_path / "queue.csv")

    rows = list(csv.DictReader((tmp_path / "queue.csv").read_text().splitlines()))
    assert list(rows[0]) == ["task", "state", "wanted", "priority", "label", "confidence", "n_answers"]
    assert {row["task"] for row in rows[:10]} == {f"t{number:03}" for number in range(90, 100)}
    assert {(row["state"], row["wanted"], row["label"]) for row in rows[:10]} == {("needs_start", "2", "")}
    later = rows[10:]
    assert {row["state"] for row in later} == {"wanted"}
    assert all(float(row["confidence"]) < 0.95 for row in later)
    priorities = [float(row["priority"]) for row in rows]
    assert priorities == sorted(priorities, reverse=True)
    assert f"{len(later):>8}  want another answer" in shown
    assert f"{90 - len(later):>8}  are certain" in shown
    assert "10  lack their first answers" in shown
    assert "--gold with" not in shown


def test_json_says_the_same_and_the_plan_is_in_money(tmp_path: Path):
    votes, gold, tasks = planted(tmp_path)
    arguments = (votes, "--gold", gold, "--tasks", tasks, "--price", "0.05", "--currency", "CHF")

    found = json.loads(said(*arguments, "--budget", "1.50", "--budget", "1000", "--json"))

    assert sum(found["states"].values()) == found["tasks"] == 100
    assert (found["votes"], found["calibrated_on"], found["batch"], len(found["queue"])) == (270, 40, 5, 5)
    today, small, large = found["plan"]
    assert (today["budget"], small["budget"], large["budget"]) == ("today", "1.50 CHF", "1,000 CHF")
    assert (today["answers"], small["answers"], large["answers"]) == (0, 30, 20000)
    assert small["used"] == 30
    assert 30 < large["used"] < 900
    assert today["accuracy"] < small["accuracy"] < large["accuracy"]
    assert all(one["low"] <= one["accuracy"] <= one["high"] for one in found["plan"])
    again = json.loads(said(*arguments, "--budget", "1.50", "--budget", "1000", "--json"))
    assert again == found


def test_a_budget_beyond_all_measure_costs_no_memory(tmp_path: Path):
    votes, _, _ = planted(tmp_path)

    found = json.loads(said(votes, "--price", "0.000001", "--budget", "1000000000000", "--json"))

    assert found["plan"][1]["answers"] == 10**18
    assert 0 < found["plan"][1]["used"] <= 90 * 7


def test_without_price_budgets_are_answers_and_without_gold_it_says_so(tmp_path: Path):
    votes, _, _ = planted(tmp_path)

    shown = said(votes, "--budget", 50)

    assert "50 answers " in shown
    assert "today" in shown
    assert "--gold with 50 known labels" in shown
    assert "next round" in said(votes)


@pytest.mark.parametrize(("name", "read"), [("q.jsonl", pl.read_ndjson), ("q.parquet", pl.read_parquet)])
def test_other_formats_hold_the_same(tmp_path: Path, name: str, read):
    votes, _, _ = planted(tmp_path)

    said(votes, "--out", tmp_path / name)
    said(votes, "--out", tmp_path / "q.csv")

    assert read(tmp_path / name).equals(pl.read_csv(tmp_path / "q.csv"))


def test_a_policy_moves_tasks_between_states(tmp_path: Path):
    votes, _, _ = planted(tmp_path)

    strict = json.loads(said(votes, "--target", 0.999, "--cap", 3, "--json"))["states"]
    mild = json.loads(said(votes, "--target", 0.5, "--json"))["states"]
    thorough = json.loads(said(votes, "--start", 4, "--json"))

    assert (strict["capped"], mild["certain"], thorough["states"]["needs_start"]) == (90, 90, 90)
    assert thorough["wanted"] == 90


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (("--budget", "much"), InputError, "--budget is 'much'; give an amount such as 0.05"),
        (("--budget", "-5"), InputError, "--budget is '-5'; give an amount from 0"),
        (("--budget", "nan"), InputError, "--budget is 'nan'"),
        (("--budget", "2.5"), InputError, "2.5 answers; give a whole number, or --price"),
        (("--price", "0"), InputError, "--price is 0; give what an answer costs, at least a millionth"),
        (("--cap", "1", "--start", "2"), VotesError, "cap is 1; it has to be at least 1, and at least start, 2"),
        (("--target", "95"), VotesError, "target is 95.*such as 0.95"),
        (("--out", "queue.txt"), InputError, "queue.txt: a queue is written as .csv"),
        (("--tasks", "votes.md"), VotesError, "votes.md is not there"),
    ],
)
def test_what_cannot_be_used_is_told_with_the_way_out(tmp_path: Path, arguments, error, message: str):
    votes, _, _ = planted(tmp_path)

    with pytest.raises(error, match=message) as refused:
        said(votes, *arguments)
    assert refused.value.exit_code == 2
    assert not (tmp_path / "queue.txt").exists()


def test_the_last_votes_by_time_decide_what_is_contested(tmp_path: Path):
    votes, _, _ = planted(tmp_path, 6)
    rows = votes.read_text().splitlines()
    turned = [rows[0], *(f"{row.rsplit(',', 1)[0]},{len(rows) - place}" for place, row in enumerate(rows[1:]))]
    other = tmp_path / "turned.csv"
    other.write_text("\n".join(turned) + "\n")

    found, backwards = (json.loads(said(file, "--target", 0.97, "--json"))["states"] for file in (votes, other))

    assert found["certain"] == backwards["certain"]
    assert found["contested"] != backwards["contested"]


def test_a_file_of_tasks_with_an_empty_name_is_refused_by_its_row(tmp_path: Path):
    votes, _, _ = planted(tmp_path)
    tasks = tmp_path / "empty.csv"
    tasks.write_text('task,x\n"",1\n')

    with pytest.raises(VotesError, match=r"empty\.csv, row 1: its task is empty"):
        said(votes, "--tasks", tasks)
