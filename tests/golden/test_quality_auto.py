"""The default on real answers with known labels: as right as reached, and never much below a majority vote."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from goldsmith.quality.aggregators.auto import Auto
from goldsmith.quality.aggregators.majority import Majority
from goldsmith.quality.consensus import Consensus
from goldsmith.quality.vote_files import read_labels, read_votes
from goldsmith.quality.votes import Votes

SETS = Path(__file__).parents[3] / "shared" / "data" / "crowd"
NAMES = [
    "bluebird",
    "dog",
    "face",
    "product",
    "relevance",
    "relex_cause",
    "relex_treat",
    "rte",
    "sp",
    "sp_amt",
    "trec",
    "web",
    "wsd",
]
pytestmark = pytest.mark.skipif(not SETS.is_dir(), reason="the sets of real answers are not beside this checkout")


@cache
def votes_of(name: str) -> Votes:
    return read_votes(SETS / name / "labels.csv")


def accuracy(name: str, votes: Votes, found: Consensus) -> float:
    truth = read_labels(SETS / name / "truth.csv")
    decided = zip(votes.task_names, found.labels_, strict=True)
    return 100 * float(np.mean([votes.classes[label] == truth[task] for task, label in decided if task in truth]))


def thinned(votes: Votes, n_per_task: int) -> Votes:
    """The votes without all but some drawn ones on each task."""
    drawn = np.random.default_rng(7).random(votes.n_votes)
    order = np.lexsort((drawn, votes.task))
    rank = np.empty(votes.n_votes, int)
    rank[order] = np.arange(votes.n_votes) - votes.starts[votes.task[order]]
    kept = np.flatnonzero(rank < n_per_task)
    columns = ((votes.task_names, votes.task), (votes.annotator_names, votes.annotator), (votes.classes, votes.label))
    return Votes.from_columns(*([names[code] for code in codes[kept]] for names, codes in columns))


def test_the_mean_over_all_sets_is_above_every_single_model():
    found = {name: accuracy(name, votes_of(name), Auto().fit(votes_of(name))) for name in NAMES}

    assert np.mean(list(found.values())) >= 83.8
    for name, percent in found.items():
        assert percent >= accuracy(name, votes_of(name), Majority().fit(votes_of(name))) - 1, name


def test_with_two_answers_a_task_no_class_is_swallowed():
    gains = []
    for name in NAMES:
        votes = thinned(votes_of(name), 2)
        found, plain = Auto().fit(votes), Majority().fit(votes)
        gains.append(accuracy(name, votes, found) - accuracy(name, votes, plain))

    assert np.mean(gains) > 3
    assert min(gains) > -4


def test_annotators_who_cannot_be_told_apart_share_one_matrix():
    rng = np.random.default_rng(3)
    truth = rng.integers(0, 3, 2000)
    task = np.repeat(np.arange(2000), 3)
    label = np.where(rng.random(6000) < 0.7, truth[task], rng.integers(0, 3, 6000))
    everybody_once = Votes.from_columns(task, np.arange(6000), label)

    found = Auto(strengths=(0.1,)).fit(everybody_once)

    assert found.gain_[0] < -found.gain_[1]
    assert list(found.parts_) == ["crowd", "weighted vote"]
    assert found.note_
    assert np.mean(found.labels_ == truth) > 0.75
    assert np.ptp(found.confusion_, axis=0).max() == 0


@pytest.mark.parametrize("name", ["bluebird", "face", "rte", "wsd"])
def test_annotators_of_real_sets_keep_matrices_of_their_own(name: str):
    found = Auto().fit(votes_of(name))

    assert not found.note_
    assert len(found.parts_) == 4
    assert np.ptp(found.confusion_, axis=0).max() > 0.1
