"""Which aggregator suits the votes there are, by the votes and by what is known for certain."""

from collections.abc import Sequence
from math import comb
from typing import NamedTuple

import numpy as np

from goldsmith.quality.aggregators.auto import Auto
from goldsmith.quality.aggregators.majority import Majority
from goldsmith.quality.aggregators.wawa import Wawa
from goldsmith.quality.calibration import UNKNOWN
from goldsmith.quality.consensus import Aggregator, Consensus, has_room_for_matrices
from goldsmith.quality.votes import Int32s, Votes

MIN_GOLD = 30
"""Known labels from which they have a say in the choice."""

LEVEL = 0.05
"""How probable it may be that chance alone prefers another method to the first."""


class Suited(NamedTuple):
    """An aggregator and, where it is not the default, why."""

    aggregator: Aggregator
    why: str


def suited_aggregator(votes: Votes, *, seed: int = 0) -> Suited:
    """The default, or a plain vote where nobody has checked anybody, or where there are too many classes for matrices.

    Where each task has a single vote that is the majority vote; with too many classes the vote weighted by agreement,
    which is part of the default.
    """
    if int(votes.n_answers.max()) == 1:
        return Suited(Majority(seed=seed), "nobody has answered a task that another has answered")
    if not has_room_for_matrices(votes):
        n = f"{votes.n_classes:,} classes and {votes.n_annotators:,} annotators"
        return Suited(Wawa(chance=1.0, seed=seed), f"{n} are too many for a table of who takes what for what")
    return Suited(Auto(seed=seed), "")


def best_on_gold(found: Sequence[Consensus], known: Int32s) -> int:
    """The place of the consensus that known labels speak for: the first, unless another is significantly better.

    Among methods that are nearly as good thirty known labels choose by chance; a method has to be right so much more
    often than the first that chance seldom explains it, the more seldom the more methods there are.

    Args:
        found: what several methods infer from the same votes, the default first.
        known: int32[n_tasks], the true class, `UNKNOWN`, or `NO_CLASS` where it is none of the classes.

    Source: the exact sign test of McNemar (1947), Psychometrika 12, one-sided, at 5% divided by the number of rivals.

    Example:
        >>> votes = Votes.from_columns(list("abc"), list("xxx"), list("010"))
        >>> best_on_gold([Majority().fit(votes)], np.array([0, 1, 0], np.int32))
        0
    """
    gold = np.flatnonzero(known != UNKNOWN)
    if len(gold) < MIN_GOLD:
        return 0
    right = [one.labels_[gold] == known[gold] for one in found]
    best = int(np.argmax([one.sum() for one in right]))
    n_better, n_worse = int((right[best] & ~right[0]).sum()), int((right[0] & ~right[best]).sum())
    n = n_better + n_worse
    by_chance = sum(comb(n, i) for i in range(n_better, n + 1)) / 2**n
    return best if by_chance * max(1, len(found) - 1) < LEVEL else 0
