"""Aggregators on real answers with gold, against published accuracies and against the textbook algorithm."""

import csv
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from goldsmith.quality.aggregators.dawid_skene import DawidSkene
from goldsmith.quality.aggregators.majority import Majority
from goldsmith.quality.aggregators.pooled_dawid_skene import PooledDawidSkene
from goldsmith.quality.consensus import Aggregator, Consensus
from goldsmith.quality.votes import Votes

SETS = Path(__file__).parents[3] / "shared" / "data" / "crowd"
needs_sets = pytest.mark.skipif(not SETS.is_dir(), reason="the sets of real answers are not beside this checkout")

# Accuracy in percent: crowd-kit's majority vote; crowd-kit's Dawid-Skene; Dawid-Skene with weak smoothing.
MEASURED = {
    "bluebird": (75.9, 88.9, 88.9),
    "dog": (81.2, 84.3, 84.1),
    "face": (63.5, 64.0, 64.6),
    "product": (89.7, 94.0, 93.8),
    "relevance": (53.6, 61.4, 61.2),
    "relex_cause": (76.4, 76.0, 76.7),
    "relex_treat": (79.1, 82.4, 83.1),
    "rte": (87.5, 92.8, 92.9),
    "sp": (88.2, 91.5, 91.6),
    "sp_amt": (94.4, 94.4, 94.4),
    "trec": (66.1, 70.2, 70.0),
    "web": (68.8, 82.9, 81.3),
    "wsd": (99.4, 99.4, 99.4),
}


@cache
def votes_of(name: str) -> Votes:
    with (SETS / name / "labels.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    return Votes.from_columns(*([row[column] for row in rows] for column in ("task", "worker", "label")))


@cache
def truth_of(name: str) -> dict[str, str]:
    with (SETS / name / "truth.csv").open(newline="") as file:
        return {row["task"]: row["label"] for row in csv.DictReader(file)}


def accuracy(name: str, found: Consensus) -> float:
    votes, truth = votes_of(name), truth_of(name)
    decided = zip(votes.task_names, found.labels_, strict=True)
    return 100 * float(np.mean([votes.classes[label] == truth[task] for task, label in decided if task in truth]))


@needs_sets
@pytest.mark.parametrize("name", MEASURED)
def test_dawid_skene_is_as_right_as_measured_and_never_below_the_majority(name: str):
    majority, _, smoothed = MEASURED[name]

    found = accuracy(name, DawidSkene().fit(votes_of(name)))

    assert found >= smoothed - 0.25, "rounding and one task of the smallest sets"
    assert found >= round(max(majority, accuracy(name, Majority().fit(votes_of(name)))), 1) - 0.05


@needs_sets
@pytest.mark.parametrize(("method", "mean"), [(DawidSkene(), 83.25), (PooledDawidSkene(), 83.5), (Majority(), 78.0)])
def test_the_mean_over_all_sets_is_as_measured(method: Aggregator, mean: float):
    found = np.mean([accuracy(name, method.fit(votes_of(name))) for name in MEASURED])

    assert mean <= found < mean + 1


@needs_sets
@pytest.mark.parametrize("name", ["bluebird", "face", "relex_treat"])
def test_the_compiled_passes_equal_the_textbook_written_out(name: str):
    votes = votes_of(name)
    n = 12
    k = votes.n_classes
    pseudo = np.where(np.eye(k) > 0, 1.0, 1 / k)

    found = DawidSkene(tolerance=0, max_iterations=n).fit(votes)

    posterior = votes.counts() / votes.counts().sum(axis=1, keepdims=True)
    for _ in range(n):
        prior = (posterior.sum(axis=0) + 1) / (posterior.sum() + k)
        confusion = np.tile(pseudo, (votes.n_annotators, 1, 1))
        for task, annotator, label in zip(votes.task, votes.annotator, votes.label, strict=True):
            confusion[annotator, :, label] += posterior[task]
        confusion /= confusion.sum(axis=2, keepdims=True)
        posterior = np.tile(prior, (votes.n_tasks, 1))
        for task in range(votes.n_tasks):
            for i in range(votes.starts[task], votes.starts[task + 1]):
                posterior[task] *= confusion[votes.annotator[i], :, votes.label[i]]
        posterior /= posterior.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(found.posterior_, posterior, atol=1e-10)


@needs_sets
def test_shuffled_and_renamed_answers_give_the_same_consensus():
    votes = votes_of("dog")
    order = np.random.default_rng(4).permutation(votes.n_votes)
    names = [f"w{number}" for number in np.random.default_rng(5).permutation(votes.n_annotators)]
    shuffled = Votes.from_columns(
        [votes.task_names[t] for t in votes.task[order]],
        [names[a] for a in votes.annotator[order]],
        [votes.classes[c] for c in votes.label[order]],
    )

    one, other = DawidSkene().fit(votes), DawidSkene().fit(shuffled)

    assert one.labels_.tolist() == other.labels_.tolist()
    np.testing.assert_allclose(one.posterior_, other.posterior_, atol=1e-8)
