"""Intervals for shares that were estimated from a sample."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

from goldsmith.errors import VotesError


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """An estimated share with the ends of its interval; all three None when nothing was sampled.

    Attributes:
        estimate: the share in the sample, in [0, 1].
        low: lower end, in [0, estimate].
        high: upper end, in [estimate, 1].
        n: size of the sample.
    """

    estimate: float | None
    low: float | None
    high: float | None
    n: int


def wilson_interval(
    n_right: int, n_sampled: int, *, n_population: int | None = None, confidence: float = 0.95
) -> Interval:
    """The share of right items in a population, from a random sample of it.

    Args:
        n_right: right items in the sample.
        n_sampled: size of the sample, drawn without replacement.
        n_population: size of the population; None when it has no end.
        confidence: how often such an interval holds the true share, in (0, 1).

    Raises:
        VotesError: the numbers contradict each other.

    Source: Wilson (1927), "Probable inference, the law of succession, and statistical inference", JASA 22. The finite
    population correction replaces n by n (N - 1) / (N - n), the sample of an endless population with the same variance
    (Cochran, "Sampling Techniques", section 3.2). Departure: the ends are moved to what the sample has proven (at least
    n_right right items and n_sampled - n_right wrong ones exist), so that a full census gives the exact share.

    Example:
        >>> found = wilson_interval(95, 100)
        >>> round(found.low, 3), round(found.high, 3)
        (0.888, 0.978)
    """
    if not 0 <= n_right <= n_sampled or (n_population is not None and n_sampled > n_population):
        raise VotesError(f"{n_right} right of {n_sampled} sampled of {n_population} items cannot be; check the counts.")
    if not 0 < confidence < 1:
        raise VotesError(f"the confidence {confidence} has to lie between 0 and 1.")
    if not n_sampled:
        return Interval(estimate=None, low=None, high=None, n=0)
    share = n_right / n_sampled
    if n_population == n_sampled:
        return Interval(estimate=share, low=share, high=share, n=n_sampled)
    n = n_sampled if n_population is None else n_sampled * (n_population - 1) / (n_population - n_sampled)
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    low, high = centre - half, centre + half
    if n_population is not None:
        low = max(low, n_right / n_population)
        high = min(high, 1 - (n_sampled - n_right) / n_population)
    return Interval(estimate=share, low=min(max(low, 0.0), share), high=max(min(high, 1.0), share), n=n_sampled)


class Difference(NamedTuple):
    """A difference between two shares with the ends of its interval, in [-1, 1]; None where a share is not known."""

    estimate: float | None
    low: float | None
    high: float | None


def difference_interval(first: Interval, second: Interval) -> Difference:
    """How much larger the first of two independent shares is, with an interval.

    Args:
        first: a share with its Wilson interval, in [0, 1].
        second: another one, of the same confidence.

    Source: Newcombe (1998), "Interval estimation for the difference between independent proportions", Statistics in
    Medicine 17, method 10: the square-and-add of two Wilson intervals, without continuity correction.

    Example:
        >>> found = difference_interval(wilson_interval(56, 70), wilson_interval(48, 80))
        >>> round(found.estimate, 4), round(found.low, 4), round(found.high, 4)
        (0.2, 0.0524, 0.3339)
    """
    if first.estimate is None or first.low is None or first.high is None:
        return Difference(None, None, None)
    if second.estimate is None or second.low is None or second.high is None:
        return Difference(None, None, None)
    estimate = first.estimate - second.estimate
    below = sqrt((first.estimate - first.low) ** 2 + (second.high - second.estimate) ** 2)
    above = sqrt((first.high - first.estimate) ** 2 + (second.estimate - second.low) ** 2)
    return Difference(estimate, estimate - below, estimate + above)


class Limits(NamedTuple):
    """The ends of an interval."""

    low: float
    high: float


def score_limits(share: float, spread: float, z: float) -> Limits:
    """Wilson's interval for a share whose estimate scatters with a variance of `spread` times share (1 - share).

    Args:
        share: the estimate, in [0, 1].
        spread: 1 / n for a simple sample of an endless population; less for better estimates, at least 0.
        z: the quantile of the normal distribution, 1.96 for 95%.
    """
    grown = z * z * spread
    centre, half = (share + grown / 2) / (1 + grown), sqrt(grown * (share * (1 - share) + grown / 4)) / (1 + grown)
    return Limits(centre - half, centre + half)
