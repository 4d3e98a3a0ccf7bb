"""The share of pairs of answers that agree, not corrected for chance."""

import numpy as np

from goldsmith.quality.agreement.ratings import NO_PAIRS
from goldsmith.quality.measures import Measure, bootstrapped, unmeasured
from goldsmith.quality.votes import Floats, Int32s

PERCENT = "percent-agreement"


def percent_agreement(counts: Int32s, *, rng: np.random.Generator, n_resamples: int = 1000) -> Measure:
    """The mean over items of the share of agreeing pairs of answers, in [0, 1], with a bootstrap interval.

    It is not corrected for chance: with one frequent class it is high even among careless annotators.

    Args:
        counts: int32[n_items, n_classes], how many annotators gave each class. Items with fewer than two answers take
            no part.
        rng: draws the resampled items.
        n_resamples: how many resamples the interval rests on.

    Returns:
        The value is None when no item has two answers.

    Example:
        >>> counts = np.array([[2, 0], [1, 1]], dtype=np.int32)
        >>> percent_agreement(counts, rng=np.random.default_rng(0)).value
        0.5
    """
    pairable = counts[counts.sum(axis=1) >= 2]
    if not len(pairable):
        return unmeasured(PERCENT, 0, NO_PAIRS)
    return mean_measure(PERCENT, agreeing_pairs(pairable), rng=rng, n_resamples=n_resamples)


def agreeing_pairs(counts: Int32s) -> Floats:
    """float64[n_items], the share of the pairs of answers to each item that are equal; items have two answers or more.

    Args:
        counts: int32[n_items, n_classes], how many annotators gave each class.
    """
    given = counts.astype(np.float64)
    n = given.sum(axis=1)
    return ((given**2).sum(axis=1) - n) / (n * (n - 1))


def mean_measure(name: str, by_item: Floats, *, rng: np.random.Generator, n_resamples: int) -> Measure:
    """The mean of float64[n_items], at least one, with the interval of resampled items."""
    statistics = np.column_stack((by_item, np.ones_like(by_item)))
    return bootstrapped(name, _ratio, statistics=statistics, rng=rng, n_resamples=n_resamples, note=NO_PAIRS)


def _ratio(sums: Floats) -> Floats:
    return sums[..., 0] / sums[..., 1]
