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
        agreement: mean of 1 - distance from it to the other answers, by their weights, in [0, 1]; None when it is the
            only answer.
        n_answers: how many answers there were.
    """

    index: int
    agreement: float | None
    n_answers: int


def medoid(
    answers: Sequence[object],
    distance: Callable[[object, object], float],
    *,
    weights: Sequence[float] | None = None,
) -> Medoid:
    """The answer with the smallest mean distance to the others; of level ones the first in canonical JSON.

    So the order of the answers does not decide which value is chosen.

    Args:
        answers: at least one, JSON values.
        distance: how different two answers are, in [0, 1], symmetric, 0 for equal ones.
        weights: what each answer counts for, above 0, such as 1 / error of its annotator from `distances`; alike when
            not given. The weight of an answer counts for itself, too: being far from it costs all others.

    Raises:
        VotesError: there are no answers, or the weights are not one number above 0 for each.

    Example:
        >>> medoid([0.1, 0.5, 0.4], lambda a, b: abs(a - b)).index
        2
    """
    n = len(answers)
    if not n:
        raise VotesError("there are no answers to choose from; collect answers first.")
    counts = np.ones(n) if weights is None else np.asarray(weights, np.float64)
    if counts.shape != (n,) or not bool((np.isfinite(counts) & (counts > 0)).all()):
        raise VotesError(
            f"the weights of {n} answers have to be {n} numbers above 0; leave out answers without weight."
        )
    counts = counts / counts.mean()
    apart = np.zeros((n, n))
    for i in range(n):
        for j in range(i):
            apart[i, j] = apart[j, i] = distance(answers[i], answers[j])
    if n == 1:
        return Medoid(index=0, agreement=None, n_answers=1)
    total = apart @ counts
    mean = total / (n - 1)
    level = np.flatnonzero(mean <= mean.min() + LEVEL).tolist()
    best = min(level, key=lambda i: (canonical_json(answers[i]), i))
    return Medoid(index=best, agreement=float(1 - total[best] / (n - counts[best])), n_answers=n)
