"""How many right items a random sample is likely to hold, when it is known how many the population has."""

from math import sqrt
from typing import NamedTuple

import numpy as np

from goldsmith.errors import VotesError
from goldsmith.quality.votes import Floats, Int64s

_REACH = 9.0
"""So many standard deviations beside the mean, and `_BESIDE` more, counts are looked at; the rest has less than 1e-12.
"""

_BESIDE = 40
_MOST = 400
"""More counts than this are thinned out evenly: what is averaged over them is smooth."""


class Counts(NamedTuple):
    """What a sample may hold.

    Attributes:
        n_right: int64[n], ascending, numbers of right items.
        chance: float64[n], how probable each is; sums to 1.
    """

    n_right: Int64s
    chance: Floats


def counts_in_sample(n_population: int, n_right: int, n_sampled: int) -> Counts:
    """How many right items `n_sampled` items hold, drawn without replacement from a population with `n_right` of them.

    Raises:
        VotesError: the numbers contradict each other.

    Source: the hypergeometric distribution, by the ratio of one probability to the next, from the mode outward.

    Example:
        >>> found = counts_in_sample(4, 2, 2)
        >>> found.n_right.tolist(), found.chance.round(4).tolist()
        ([0, 1, 2], [0.1667, 0.6667, 0.1667])
    """
    if not (0 <= n_right <= n_population and 0 <= n_sampled <= n_population):
        raise VotesError(f"{n_sampled} sampled of {n_population} items, {n_right} of them right, cannot be.")
    n_wrong = n_population - n_right
    share = n_right / n_population if n_population else 0.0
    left = (n_population - n_sampled) / max(1, n_population - 1)
    reach = _REACH * sqrt(n_sampled * share * (1 - share) * left) + _BESIDE
    first = max(0, n_sampled - n_wrong, int(n_sampled * share - reach))
    last = min(n_right, n_sampled, int(n_sampled * share + reach) + 1)
    x = np.arange(first, last + 1, dtype=np.float64)
    here = x[:-1]
    up = np.log(n_right - here) + np.log(n_sampled - here) - np.log(here + 1) - np.log(n_wrong - n_sampled + here + 1)
    logs = np.concatenate(([0.0], np.cumsum(up)))
    chance = np.exp(logs - logs.max())
    return Counts(x.astype(np.int64), chance / chance.sum())


def thinned(counts: Counts) -> Counts:
    """At most about `_MOST` of the counts, evenly spaced, with probabilities in proportion."""
    every = 1 + (len(counts.n_right) - 1) // _MOST
    chance = counts.chance[::every]
    return Counts(counts.n_right[::every], chance / chance.sum())
