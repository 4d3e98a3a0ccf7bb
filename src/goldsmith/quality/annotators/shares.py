"""Intervals of many shares at once."""

from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from goldsmith.quality.votes import Floats

_Z = NormalDist().inv_cdf(0.975)


class Shares(NamedTuple):
    """Shares with the ends of their 95% intervals; not a number where nothing was counted.

    Attributes:
        estimate: float64[...], in [0, 1].
        low: float64[...], lower ends.
        high: float64[...], upper ends.
    """

    estimate: Floats
    low: Floats
    high: Floats


def wilson_shares(estimate: Floats, n: Floats) -> Shares:
    """Wilson's intervals: those of Jeffreys are as good, but need quantiles of the beta distribution.

    Args:
        estimate: float64[...], the share counted.
        n: float64[...], of how many independent ones; may be fractional; 0 where nothing was counted.

    Source: Wilson (1927), JASA 22; its coverage, near 95% on average down to a handful of answers: Brown, Cai and
    DasGupta (2001), "Interval estimation for a binomial proportion", Statistical Science 16.

    Example:
        >>> wilson_shares(np.array([0.9]), np.array([10.0])).low.round(3).tolist()
        [0.596]
    """
    counted = np.maximum(n, 1e-12)
    grown = _Z * _Z / counted
    centre = (estimate + grown / 2) / (1 + grown)
    half = _Z * np.sqrt(np.maximum(estimate * (1 - estimate), 0) / counted + grown / (4 * counted)) / (1 + grown)
    known = n > 0
    low = np.where(known, np.clip(centre - half, 0, estimate), np.nan)
    high = np.where(known, np.clip(centre + half, estimate, 1), np.nan)
    return Shares(np.where(known, estimate, np.nan), low, high)
