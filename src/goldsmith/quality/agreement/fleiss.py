"""Fleiss' kappa, for any number of annotators who need not be the same ones for each item."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from goldsmith.quality.agreement.percent import agreeing_pairs
from goldsmith.quality.agreement.ratings import NO_PAIRS, ONE_CLASS
from goldsmith.quality.measures import Measure, bootstrapped, unmeasured
from goldsmith.quality.votes import Floats, Int32s

FLEISS = "fleiss-kappa"


def fleiss_kappa(counts: Int32s, *, rng: np.random.Generator, n_resamples: int = 1000) -> Measure:
    """Fleiss' kappa: 1 perfect, 0 as by chance, below 0 worse, with a bootstrap interval.

    Args:
        counts: int32[n_items, n_classes], how many annotators gave each class. Items with one answer only say how
            frequent the classes are.
        rng: draws the resampled items.
        n_resamples: how many resamples the interval rests on; 0 for the value alone.

    Returns:
        The value is None when no item has two answers or all answers are one class; `n` counts the items with two.

    Source: Fleiss (1971), "Measuring nominal scale agreement among many raters", Psychological Bulletin 76, equations 1
    to 7; for unequal numbers of answers as in Gwet (2014), "Handbook of Inter-Rater Reliability", 4th ed., section 5.3:
    each item counts the same in the shares of the classes.

    Example:
        >>> counts = np.array([[2, 0], [0, 2], [1, 1]], dtype=np.int32)
        >>> round(fleiss_kappa(counts, rng=np.random.default_rng(0)).value, 3)
        0.333
    """
    return by_shares(FLEISS, _kappa, counts=counts, rng=rng, n_resamples=n_resamples, note=ONE_CLASS)


def by_shares(
    name: str,
    value_of: Callable[[Floats], Floats],
    *,
    counts: Int32s,
    rng: np.random.Generator,
    n_resamples: int,
    note: str,
) -> Measure:
    """A measure of agreeing pairs against what the shares of the classes let expect.

    Args:
        name: what is measured.
        value_of: from sums over items (agreeing pairs, items with pairs, then each class's share) to the value.
        counts: int32[n_items, n_classes].
        rng: draws the resampled items.
        n_resamples: how many.
        note: why the value is undefined, where it is.
    """
    answered = counts[counts.sum(axis=1) >= 1]
    n_answers = answered.sum(axis=1)
    has_pairs = n_answers >= 2
    n_items = int(np.count_nonzero(has_pairs))
    if not n_items:
        return unmeasured(name, 0, NO_PAIRS)
    agreeing = np.zeros(len(answered))
    agreeing[has_pairs] = agreeing_pairs(answered[has_pairs])
    statistics = np.column_stack((agreeing, has_pairs, answered / n_answers[:, np.newaxis]))
    found = bootstrapped(name, value_of, statistics=statistics, rng=rng, n_resamples=n_resamples, note=note)
    return replace(found, n=n_items)


def shares_of(sums: Floats) -> Floats:
    """float64[..., n_classes], how frequent each class is, from the sums that `by_shares` makes."""
    shares = sums[..., 2:]
    return shares / shares.sum(axis=-1, keepdims=True)


def _kappa(sums: Floats) -> Floats:
    by_chance = (shares_of(sums) ** 2).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(by_chance < 1, (sums[..., 0] / sums[..., 1] - by_chance) / (1 - by_chance), np.nan)
