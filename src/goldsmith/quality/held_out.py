"""How well a model of annotators foretells votes that it has not seen: what can be checked without known labels."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import xxhash
from numpy.typing import NDArray

from goldsmith.quality.consensus import SkilledConsensus
from goldsmith.quality.votes import Floats, Int64s, Votes

U64 = NDArray[np.uint64]

MIN_VOTES = 3
"""Votes of a task from which one is held out: two that remain can still disagree."""

_ONE_IN = 4
"""One in so many of those tasks takes part."""

_ODD = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)


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
    tasks, classes = _hashes(votes.task_names), _hashes(votes.classes)
    said = _mixed(tasks[votes.task] ^ _mixed(classes[votes.label]))
    whose = np.zeros(votes.n_annotators, np.uint64)
    np.add.at(whose, votes.annotator, said)
    draw = _mixed(said ^ _mixed(whose)[votes.annotator])
    first = np.lexsort((draw, votes.task))[votes.starts[:-1]]
    takes_part = (votes.n_answers >= MIN_VOTES) & (_mixed(tasks) % np.uint64(_ONE_IN) == 0)
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


def _hashes(names: tuple[str, ...]) -> U64:
    found = (xxhash.xxh3_64_intdigest(name.encode("utf-8", "surrogatepass")) for name in names)
    return np.fromiter(found, np.uint64, len(names))


def _mixed(values: U64) -> U64:
    """Each value by a mixing function of SplitMix64 (Steele, Lea and Flood 2014)."""
    with np.errstate(over="ignore"):
        found = (values + _ODD) * _MIX
        return found ^ (found >> np.uint64(31))
