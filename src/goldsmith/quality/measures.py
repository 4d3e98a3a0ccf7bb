"""What a measure of quality is: a value with its interval, or the reason why there is none."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from goldsmith.quality.votes import Floats

LEVEL = 0.95
"""Confidence level of the intervals."""

MIN_USABLE = 0.5
"""Share of the resamples that must have a value, else no interval is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A measured value, never a silent 0 or 1 where it cannot be computed.

    Attributes:
        name: what is measured, such as `krippendorff-alpha`.
        value: the value, or None when it cannot be computed.
        low: lower end of the 95% interval, or None.
        high: upper end of the 95% interval, or None.
        n: how many items the value rests on.
        note: why there is no value or no interval; empty when both are there.
    """

    name: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    note: str


def unmeasured(name: str, n: int, note: str) -> Measure:
    """A measure without a value, and why."""
    return Measure(name=name, value=None, low=None, high=None, n=n, note=note)


def bootstrapped(
    name: str,
    value_of: Callable[[Floats], Floats],
    *,
    statistics: Floats,
    rng: np.random.Generator,
    n_resamples: int,
    note: str,
) -> Measure:
    """A measure that is a function of sums over items, with the percentile interval of resampled items.

    Items with equal statistics are drawn together, from one multinomial: the same distribution as drawing items one by
    one with replacement, at the cost of the number of different rows.

    Args:
        name: what is measured.
        value_of: from float64[..., n_statistics] sums to float64[...] values, not a number where undefined.
        statistics: float64[n_items, n_statistics], what is summed; at least one row.
        rng: draws the resamples.
        n_resamples: how many; 0 gives no interval.
        note: why the value is undefined, where it is.

    Source: Efron and Tibshirani (1993), "An Introduction to the Bootstrap", section 13.3 (percentile interval).
    """
    n = len(statistics)
    value = float(value_of(statistics.sum(axis=0)))
    if np.isnan(value):
        return unmeasured(name, n, note)
    no_interval = _reason_without_interval(n, n_resamples)
    if no_interval:
        return Measure(name=name, value=value, low=None, high=None, n=n, note=no_interval)
    rows, n_of_row = np.unique(statistics, axis=0, return_counts=True)
    drawn = value_of(_resampled_sums(rows, n_of_row / n, n=n, rng=rng, n_resamples=n_resamples))
    usable = drawn[~np.isnan(drawn)]
    if usable.size < MIN_USABLE * n_resamples:
        few = "no interval: too few items differ for it."
        return Measure(name=name, value=value, low=None, high=None, n=n, note=few)
    low, high = np.quantile(usable, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]).tolist()
    if low == high:
        alike = "no interval: the items are too much alike for it."
        return Measure(name=name, value=value, low=None, high=None, n=n, note=alike)
    return Measure(name=name, value=value, low=low, high=high, n=n, note="")


_CELLS = 4_000_000
"""Numbers drawn at a time: 32 MB."""


def _resampled_sums(rows: Floats, shares: Floats, *, n: int, rng: np.random.Generator, n_resamples: int) -> Floats:
    at_once = max(1, _CELLS // len(rows))
    parts = [
        rng.multinomial(n, shares, size=min(at_once, n_resamples - done)) @ rows
        for done in range(0, n_resamples, at_once)
    ]
    return np.concatenate(parts)


def _reason_without_interval(n: int, n_resamples: int) -> str:
    if not n_resamples:
        return "no interval was asked for."
    return "no interval: it rests on one item." if n == 1 else ""
