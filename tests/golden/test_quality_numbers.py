"""Numbers and grades that people gave, against those of experts."""

import csv
from pathlib import Path

import numpy as np
import pytest

from goldsmith.quality.aggregators.dawid_skene import DawidSkene
from goldsmith.quality.numeric import NumericVotes, WinsorisedMean
from goldsmith.quality.ordinal import OrdinalDawidSkene
from goldsmith.quality.votes import Votes

SETS = Path(__file__).parents[3] / "shared" / "data" / "crowd"
needs_sets = pytest.mark.skipif(not SETS.is_dir(), reason="the sets of real answers are not beside this checkout")


def columns(name: str) -> list[list[str]]:
    with (SETS / name / "labels.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    return [[row[column] for row in rows] for column in ("task", "worker", "label")]


def truth_of(name: str) -> dict[str, float]:
    with (SETS / name / "truth.csv").open(newline="") as file:
        return {row["task"]: float(row["label"]) for row in csv.DictReader(file)}


@needs_sets
def test_strengths_of_feeling_are_nearer_than_the_mean():
    tasks, annotators, labels = columns("emotion")
    votes = NumericVotes.from_columns(tasks, annotators, map(float, labels))
    truth = np.array([truth_of("emotion")[task] for task in votes.task_names])

    mean = np.bincount(votes.task, votes.value) / np.bincount(votes.task)
    found = WinsorisedMean().fit(votes).values_

    assert np.abs(mean - truth).mean() == pytest.approx(12.02, abs=0.005)
    assert np.abs(found - truth).mean() == pytest.approx(11.852, abs=0.005)
    assert np.sqrt(((found - truth) ** 2).mean()) == pytest.approx(17.76, abs=0.01)


@needs_sets
@pytest.mark.parametrize(("name", "plain", "graded"), [("relevance", 0.512, 0.507), ("web", 0.224, 0.200)])
def test_grades_are_nearer_than_classes_without_order(name: str, plain: float, graded: float):
    votes, truth = Votes.from_columns(*columns(name)), truth_of(name)
    known = [task for task, found in enumerate(votes.task_names) if found in truth]
    true = np.array([truth[votes.task_names[task]] for task in known])
    grade_of = np.array([float(name) for name in votes.classes])

    one, other = DawidSkene().fit(votes).labels_[known], OrdinalDawidSkene().fit(votes).grades_[known]

    assert np.abs(grade_of[one] - true).mean() == pytest.approx(plain, abs=0.002)
    assert np.abs(grade_of[other] - true).mean() == pytest.approx(graded, abs=0.002)
