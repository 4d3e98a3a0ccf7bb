"""Weighted votes: what methods share that know one number of an annotator, or of a vote, but no confusion matrix."""

from typing import NamedTuple

import numpy as np

from goldsmith.quality.consensus import LEVEL
from goldsmith.quality.votes import Floats, Int32s, Int64s, Votes


class Ballots(NamedTuple):
    """Votes and the place of each in a table by task and class.

    Attributes:
        votes: the votes.
        cell: int64[n_votes], task * n_classes + class voted for.
        weight: float64[n_votes], how many votes each one counts for.
        weight_by: float64[n_annotators], how many votes each annotator gave.
    """

    votes: Votes
    cell: Int64s
    weight: Floats
    weight_by: Floats

    def totals(self, amount: Floats) -> Floats:
        """float64[n_tasks, n_classes], the sum of `amount`, one per vote, for each class on each task."""
        shape = (self.votes.n_tasks, self.votes.n_classes)
        return sums(self.cell, amount, shape[0] * shape[1]).reshape(shape)

    def means(self, amount: Floats) -> Floats:
        """float64[n_annotators], the mean of `amount`, one per vote, over each annotator's votes by their weights."""
        return sums(self.votes.annotator, amount * self.weight, self.votes.n_annotators) / self.weight_by


def ballots(votes: Votes) -> Ballots:
    """The votes with their places and weights."""
    weight = np.ones(votes.n_votes) if votes.weight is None else votes.weight
    cell = votes.task.astype(np.int64) * votes.n_classes + votes.label
    return Ballots(votes, cell, weight, sums(votes.annotator, weight, votes.n_annotators))


def sums(place: Int32s | Int64s, amount: Floats, n_places: int) -> Floats:
    """float64[n_places], the sum of the amounts, one per vote, in each place."""
    return np.asarray(np.bincount(place, amount, minlength=n_places), np.float64)


def normalise(log_joint: Floats) -> float:
    """Turn each row of logarithms into a distribution, in place, and return the sum of the rows' log totals."""
    highest = log_joint.max(axis=1, keepdims=True)
    log_joint -= highest
    _ = np.exp(log_joint, out=log_joint)
    totals = log_joint.sum(axis=1, keepdims=True)
    log_joint /= totals
    return float(highest.sum() + np.log(totals).sum())


def winners(scores: Floats) -> Floats:
    """float64[n_tasks, n_classes], 1 for the class with the highest score; m level ones get 1 / m each."""
    is_level = scores >= scores.max(axis=1, keepdims=True) - LEVEL
    return is_level / is_level.sum(axis=1, keepdims=True)


def shares_of(scores: Floats, instead: Floats) -> Floats:
    """Each row of `scores`, at least 0, divided by its sum; where that is 0, the row of `instead`."""
    totals = scores.sum(axis=1, keepdims=True)
    return np.where(totals > 0, scores / np.where(totals > 0, totals, 1.0), instead)
