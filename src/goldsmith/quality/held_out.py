"""How well a model of annotators foretells votes that it has not seen: what can be checked without known labels."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from goldsmith.quality.consensus import SkilledConsensus
from goldsmith.quality.starts import annotator_keys, class_keys, task_keys, uniforms
from goldsmith.quality.votes import Floats, Int64s, Votes

MIN_VOTES = 3
"""Votes of a task from which one is held out: two that remain can still disagree."""

_SHARE = 0.25
"""The share of those tasks that take part."""

_SEED = 1


class Split(NamedTuple):
    """Votes without some that are held out.

    Attributes:
        kept: the other votes; tasks, annotators and classes keep their codes, even if an annotator has no vote left.
        held: int64[n], the places of those that are held out, at most one of a task.
    """

    kept: Votes
    held: Int64s


def hold_out(votes: Votes) -> Split:
    """Hold one vote out of each of some tasks, drawn by hashes of what was voted, not by names or order.

    So it holds out the same votes however the annotators are called and the rows are ordered.
    """
    tasks = uniforms(task_keys(votes, seed=_SEED), 1)[:, 0]
    said = task_keys(votes, seed=_SEED)[votes.task] ^ class_keys(votes, seed=_SEED)[votes.label]
    draw = uniforms(said + annotator_keys(votes, seed=_SEED)[votes.annotator], 1)[:, 0]
    first = np.lexsort((draw, votes.task))[votes.starts[:-1]]
    takes_part = (votes.n_answers >= MIN_VOTES) & (tasks < _SHARE)
    held = np.sort(first[takes_part])
    kept = np.ones(votes.n_votes, np.bool_)
    kept[held] = False
    starts = np.concatenate(([0], np.cumsum(votes.n_answers - takes_part)))
    reduced = replace(
        votes,
        task=votes.task[kept],
        annotator=votes.annotator[kept],
        label=votes.label[kept],
        starts=starts.astype(np.int64),
        weight=None if votes.weight is None else votes.weight[kept],
    )
    return Split(reduced, held)


def foretold(found: SkilledConsensus, votes: Votes, held: Int64s) -> Floats:
    """The logarithm of the probability that a model gives to votes that it was not fitted on.

    Args:
        found: the model, fitted on other votes.
        votes: the votes.
        held: int64[n], the places of those in question.

    Returns:
        float64[n], at most 0.
    """
    rows = found.confusion_[votes.annotator[held], :, votes.label[held]]
    return np.log((rows * found.posterior_[votes.task[held]]).sum(axis=1))
