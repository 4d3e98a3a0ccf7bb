"""What is known of the true classes: gold where there is some, else the consensus."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goldsmith.errors import VotesError
from goldsmith.quality.consensus import Consensus
from goldsmith.quality.votes import Floats, Int64s, Votes

MIN_GOLD = 10
"""Nobody is judged by gold on fewer gold answers."""

MIN_ANSWERS = 30
"""Nobody is judged by the consensus on fewer answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beliefs:
    """How probable each class is for each task.

    Attributes:
        posterior: float64[n_tasks, n_classes], rows that sum to 1, or to 0 where nothing is known.
        is_gold: bool[n_tasks], whether the class is known for sure.
    """

    posterior: Floats
    is_gold: NDArray[np.bool_]

    def used_votes(self, votes: Votes) -> NDArray[np.bool_]:
        """bool[n_votes], what an annotator is judged by: gold alone from 10 gold answers on, else all that is known."""
        has_gold = (self.n_gold(votes) >= MIN_GOLD)[votes.annotator]
        is_known: NDArray[np.bool_] = self.posterior.sum(axis=1) > 0
        return np.where(has_gold, self.is_gold[votes.task], is_known[votes.task])

    def n_gold(self, votes: Votes) -> Int64s:
        """int64[n_annotators], how many tasks with gold each annotator answered."""
        return np.bincount(votes.annotator[self.is_gold[votes.task]], minlength=votes.n_annotators)

    def suffice(self, votes: Votes) -> NDArray[np.bool_]:
        """bool[n_annotators], whether there are 10 gold answers, or 30 answers to tasks of which something is known."""
        n_used = np.bincount(votes.annotator[self.used_votes(votes)], minlength=votes.n_annotators)
        return (self.n_gold(votes) >= MIN_GOLD) | (n_used >= MIN_ANSWERS)


def beliefs(votes: Votes, *, gold: Mapping[str, str] | None = None, consensus: Consensus | None = None) -> Beliefs:
    """What gold and the consensus say of the tasks of `votes`; gold counts where there is both.

    Args:
        votes: the votes.
        gold: the true class by task; tasks without votes are left aside.
        consensus: fitted to these votes. It is believed as it is, so a calibrated posterior is better than a raw one.

    Raises:
        VotesError: there is neither, the consensus is of other votes, or a gold class is not one of the votes' classes.

    Example:
        >>> votes = Votes.from_columns(["a", "b"], ["x", "x"], ["no", "yes"])
        >>> beliefs(votes, gold={"a": "yes"}).posterior.tolist()
        [[0.0, 1.0], [0.0, 0.0]]
    """
    if gold is None and consensus is None:
        raise VotesError("nothing is known of the true classes; give gold, a consensus, or both.")
    posterior = np.zeros((votes.n_tasks, votes.n_classes))
    if consensus is not None:
        if consensus.posterior_.shape != posterior.shape:
            raise VotesError(
                f"the consensus has {consensus.posterior_.shape} tasks and classes, the votes {posterior.shape}."
            )
        posterior = consensus.posterior_.copy()
    is_gold = np.zeros(votes.n_tasks, np.bool_)
    code_of = {name: code for code, name in enumerate(votes.classes)}
    known = gold or {}
    for task, name in enumerate(votes.task_names):
        label = known.get(name)
        if label is None:
            continue
        if label not in code_of:
            raise VotesError(
                f"the gold class {label!r} of task {name!r} is not one of the classes; name all classes with the votes."
            )
        posterior[task] = 0.0
        posterior[task, code_of[label]] = 1.0
        is_gold[task] = True
    return Beliefs(posterior=posterior, is_gold=is_gold)


def per_vote(votes: Votes, tasks: list[str], annotators: list[str], values: Floats) -> Floats:
    """Times, seconds or other values of answers in the order of `votes`; not a number where an answer has none.

    Args:
        votes: the votes.
        tasks: the task of each value; tasks and annotators without votes are left aside.
        annotators: its annotator.
        values: float64[n]; the last one counts where an annotator answered a task more than once.

    Returns:
        float64[n_votes].

    Raises:
        VotesError: the columns differ in length.

    Example:
        >>> votes = Votes.from_columns(["b", "a"], ["x", "x"], ["no", "yes"])
        >>> per_vote(votes, ["b", "a"], ["x", "x"], np.array([2.0, 1.0])).tolist()
        [1.0, 2.0]
    """
    if not len(tasks) == len(annotators) == len(values):
        raise VotesError(f"there are {len(tasks)} tasks, {len(annotators)} annotators and {len(values)} values.")
    task_of = {name: code for code, name in enumerate(votes.task_names)}
    annotator_of = {name: code for code, name in enumerate(votes.annotator_names)}
    task = np.array([task_of.get(name, -1) for name in tasks], np.int64)
    annotator = np.array([annotator_of.get(name, -1) for name in annotators], np.int64)
    keys = votes.task.astype(np.int64) * votes.n_annotators + votes.annotator
    at = np.searchsorted(keys, np.where(annotator < 0, -1, task * votes.n_annotators + annotator))
    is_vote = (task >= 0) & (annotator >= 0) & (at < votes.n_votes)
    is_vote[is_vote] = keys[at[is_vote]] == (task * votes.n_annotators + annotator)[is_vote]
    found = np.full(votes.n_votes, np.nan)
    found[at[is_vote]] = values[is_vote]
    return found
