"""How far annotators agree: Krippendorff's alpha, the share of agreeing pairs, and agreement by any distance."""

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations

import numpy as np

from goldsmith.quality.measures import Measure, bootstrapped, unmeasured
from goldsmith.quality.votes import Floats, Int32s

ALPHA = "krippendorff-alpha"
PERCENT = "percent-agreement"
BY_DISTANCE = "distance-agreement"

_NO_PAIRS = "no item has two answers, so agreement cannot be measured."
_ONE_CLASS = "every answer is the same class, so agreement cannot be told from chance."


def krippendorff_alpha(counts: Int32s, *, rng: np.random.Generator, n_resamples: int = 1000) -> Measure:
    """Krippendorff's alpha for nominal answers: 1 perfect, 0 as by chance, below 0 worse, with a bootstrap interval.

    Args:
        counts: int32[n_items, n_classes], how many annotators gave each class, such as `Votes.counts()`. Items with
            fewer than two answers take no part.
        rng: draws the resampled items.
        n_resamples: how many resamples the interval rests on.

    Returns:
        The value is None when no item has two answers or all answers are one class.

    Source: Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", section D; coincidences are summed by
    item from counts, in time O(n_items * n_classes). The interval resamples items, not pairs as his own algorithm does,
    since the answers to one item depend on each other.

    Example:
        >>> counts = np.array([[2, 0], [0, 2], [1, 1]], dtype=np.int32)
        >>> round(krippendorff_alpha(counts, rng=np.random.default_rng(0)).value, 3)
        0.444
    """
    pairable = counts[counts.sum(axis=1) >= 2].astype(np.float64)
    if not len(pairable):
        return unmeasured(ALPHA, 0, _NO_PAIRS)
    disagreeing = _n_disagreeing(pairable) / (pairable.sum(axis=1) - 1)
    statistics = np.column_stack((disagreeing, pairable))
    return bootstrapped(ALPHA, _alpha, statistics=statistics, rng=rng, n_resamples=n_resamples, note=_ONE_CLASS)


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
    """
    pairable = counts[counts.sum(axis=1) >= 2].astype(np.float64)
    if not len(pairable):
        return unmeasured(PERCENT, 0, _NO_PAIRS)
    n_answers = pairable.sum(axis=1)
    agreeing = 1 - _n_disagreeing(pairable) / (n_answers * (n_answers - 1))
    return _mean(PERCENT, agreeing, rng=rng, n_resamples=n_resamples)


def distance_agreement(
    answers: Iterable[Sequence[object]],
    distance: Callable[[object, object], float],
    *,
    rng: np.random.Generator,
    n_resamples: int = 1000,
) -> Measure:
    """The mean over items of the mean of 1 - distance over all pairs of answers, in [0, 1], not corrected for chance.

    Args:
        answers: for each item, the answers to it. Items with fewer than two take no part.
        distance: how different two answers are, in [0, 1], symmetric, 0 for equal ones.
        rng: draws the resampled items.
        n_resamples: how many resamples the interval rests on.

    Returns:
        The value is None when no item has two answers.
    """
    by_item = [
        float(np.mean([1 - distance(a, b) for a, b in combinations(given, 2)])) for given in answers if len(given) >= 2
    ]
    if not by_item:
        return unmeasured(BY_DISTANCE, 0, _NO_PAIRS)
    return _mean(BY_DISTANCE, np.array(by_item), rng=rng, n_resamples=n_resamples)


def _n_disagreeing(counts: Floats) -> Floats:
    """Ordered pairs of answers that differ, by item."""
    return counts.sum(axis=1) ** 2 - (counts**2).sum(axis=1)


def _alpha(sums: Floats) -> Floats:
    """Alpha from summed statistics: the disagreement observed first, then the answers by class."""
    observed, by_class = sums[..., 0], sums[..., 1:]
    n = by_class.sum(axis=-1)
    expected = (n**2 - (by_class**2).sum(axis=-1)) / (n - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(expected > 0, 1 - observed / expected, np.nan)


def _mean(name: str, by_item: Floats, *, rng: np.random.Generator, n_resamples: int) -> Measure:
    statistics = np.column_stack((by_item, np.ones_like(by_item)))
    return bootstrapped(name, _ratio, statistics=statistics, rng=rng, n_resamples=n_resamples, note=_NO_PAIRS)


def _ratio(sums: Floats) -> Floats:
    return sums[..., 0] / sums[..., 1]
