"""The best of several answers that cannot be voted on: the one nearest to all others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from goldsmith.errors import VotesError
from goldsmith.kit.digest import canonical_json
from goldsmith.quality.consensus import LEVEL


@dataclass(frozen=True, slots=True, kw_only=True)
class Medoid:
    """One of several answers, chosen because it is nearest to the others.

    Attributes:
        index: its place in the answers given.
        agreement: mean of 1 - distance from it to the other answers, in [0, 1]; None when it is the only answer.
        n_answers: how many answers there were.
    """

    index: int
    agreement: float | None
    n_answers: int


def medoid(answers: Sequence[object], distance: Callable[[object, object], float]) -> Medoid:
    """The answer with the smallest mean distance to the others; of level ones the first in canonical JSON.

    So the order of the answers does not decide which value is chosen.

    Args:
        answers: at least one, JSON values.
        distance: how different two answers are, in [0, 1], symmetric, 0 for equal ones.

    Raises:
        VotesError: there are no answers.

    Example:
        >>> medoid([0.1, 0.5, 0.4], lambda a, b: abs(a - b)).index
        2
    """
    n = len(answers)
    if not n:
        raise VotesError("there are no answers to choose from; collect answers first.")
    apart = np.zeros((n, n))
    for i in range(n):
        for j in range(i):
            apart[i, j] = apart[j, i] = distance(answers[i], answers[j])
    if n == 1:
        return Medoid(index=0, agreement=None, n_answers=1)
    mean = apart.sum(axis=1) / (n - 1)
    level = np.flatnonzero(mean <= mean.min() + LEVEL).tolist()
    best = min(level, key=lambda i: (canonical_json(answers[i]), i))
    return Medoid(index=best, agreement=float(1 - mean[best]), n_answers=n)
