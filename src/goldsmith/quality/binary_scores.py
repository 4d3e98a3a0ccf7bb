"""How good scores are that say how likely something is: the order that they give, and whether they mean it."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from goldsmith.errors import VotesError
from goldsmith.quality.intervals import Interval, wilson_interval
from goldsmith.quality.votes import Floats

Bools = NDArray[np.bool_]

_MAX_STEPS = 100
_CLOSE = 1e-10
_RIDGE = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Scores that are much alike.

    Attributes:
        mean_score: their mean, in [0, 1].
        share: the share of right ones among them, with its interval.
    """

    mean_score: float
    share: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Platt:
    """Turns a score without bounds into a probability: 1 / (1 + exp(-(slope * score + offset)))."""

    slope: float
    offset: float

    def __call__(self, scores: Floats) -> Floats:
        """float64[n] probabilities of float64[n] scores."""
        return sigmoid(self.slope * scores + self.offset)


def sigmoid(scores: Floats) -> Floats:
    """1 / (1 + exp(-score) ), without overflow."""
    grown = np.exp(-np.abs(scores))
    return np.where(scores >= 0, 1 / (1 + grown), grown / (1 + grown))


def area_under_curve(scores: Floats, is_right: Bools, *, confidence: float = 0.95) -> Interval:
    """How often a right one has a higher score than a wrong one; equal scores count half.

    Args:
        scores: float64[n], any order-keeping scale.
        is_right: bool[n].
        confidence: how often such an interval holds the true area, in (0, 1).

    Returns:
        The area with its interval and n; no numbers when all are right or all are wrong.

    Source: DeLong, DeLong and Clarke-Pearson (1988), "Comparing the areas under two or more correlated receiver
    operating characteristic curves", Biometrics 44 (variance, here from ranks as in Sun and Xu 2014). Departure: the
    interval is symmetric on the log-odds scale, so that it stays in [0, 1]; an area of 1 gets the lower end that a
    sample of so many pairs of the rarer kind allows (Wilson).

    Example:
        >>> found = area_under_curve(np.array([0.1, 0.4, 0.35, 0.8]), np.array([False, False, True, True]))
        >>> found.estimate
        0.75
    """
    if scores.shape != is_right.shape:
        raise VotesError(f"{scores.shape} scores and {is_right.shape} truths do not fit together.")
    above, below = scores[is_right], scores[~is_right]
    n = len(scores)
    if not len(above) or not len(below):
        return Interval(estimate=None, low=None, high=None, n=n)
    placed_above = (_mid_ranks(scores)[is_right] - _mid_ranks(above)) / len(below)
    placed_below = 1 - (_mid_ranks(scores)[~is_right] - _mid_ranks(below)) / len(above)
    area = float(placed_above.mean())
    rarer = min(len(above), len(below))
    if area in (0.0, 1.0) or rarer == 1:
        ends = wilson_interval(round(area * rarer), rarer, confidence=confidence)
        return Interval(estimate=area, low=min(area, ends.low or 0.0), high=max(area, ends.high or 0.0), n=n)
    variance = float(placed_above.var(ddof=1) / len(above) + placed_below.var(ddof=1) / len(below))
    half = NormalDist().inv_cdf((1 + confidence) / 2) * sqrt(variance) / (area * (1 - area))
    odds = np.log(area / (1 - area)) + np.array([-half, half])
    low, high = sigmoid(odds).tolist()
    return Interval(estimate=area, low=min(low, area), high=max(high, area), n=n)


def platt_of(scores: Floats, is_right: Bools, weights: Floats | None = None) -> Platt:
    """The line that makes scores into probabilities, from scores of examples that the scorer had not learnt from.

    Args:
        scores: float64[n].
        is_right: bool[n].
        weights: float64[n], at least 0: how much each counts.

    Source: Platt (1999), "Probabilistic outputs for support vector machines", with the targets that he gives;
    fitted by Newton's method as in Lin, Lin and Weng (2007), "A note on Platt's probabilistic outputs for support
    vector machines". Departure: a slope below 0 becomes 0, since it would turn the order around.

    Example:
        >>> scores = np.array([-2.0, -1.0, -0.5, 0.5, 1.0, 2.0])
        >>> line = platt_of(scores, scores > 0)
        >>> bool(line.slope > 0)
        True
    """
    heavy = np.ones(len(scores)) if weights is None else weights
    n_right, n_wrong = float(heavy[is_right].sum()), float(heavy[~is_right].sum())
    targets = np.where(is_right, (n_right + 1) / (n_right + 2), 1 / (n_wrong + 2))
    line = np.array([0.0, np.log((n_right + 1) / (n_wrong + 1))])
    rows = np.stack([scores, np.ones(len(scores))], axis=1)
    loss = _loss(rows @ line, targets, heavy)
    for _ in range(_MAX_STEPS):
        said = sigmoid(rows @ line)
        gradient = rows.T @ (heavy * (said - targets))
        curvature = (rows * (heavy * said * (1 - said))[:, np.newaxis]).T @ rows + _RIDGE * np.eye(2)
        step, length, now = np.linalg.solve(curvature, gradient), 2.0, np.inf
        while now > loss and length > _CLOSE:
            length /= 2
            now = _loss(rows @ (line - length * step), targets, heavy)
        if now > loss:
            break
        line, gain = line - length * step, loss - now
        loss = now
        if gain < _CLOSE * max(1.0, loss):
            break
    slope, offset = line.tolist()
    return Platt(slope=slope, offset=offset) if slope > 0 else Platt(slope=0.0, offset=offset)


def reliability(probabilities: Floats, is_right: Bools, *, n_bins: int = 5) -> tuple[Bin, ...]:
    """The probabilities in groups of equal size from the lowest to the highest, each with the share of right ones.

    Args:
        probabilities: float64[n], in [0, 1].
        is_right: bool[n].
        n_bins: at least 1; fewer where there are fewer probabilities.
    """
    order = np.argsort(probabilities, kind="stable")
    parts = [part for part in np.array_split(order, n_bins) if len(part)]
    return tuple(
        Bin(
            mean_score=float(probabilities[part].mean()),
            share=wilson_interval(int(is_right[part].sum()), len(part)),
        )
        for part in parts
    )


def _loss(scores: Floats, targets: Floats, weights: Floats) -> float:
    return float((weights * (np.logaddexp(0.0, scores) - targets * scores)).sum())


def _mid_ranks(values: Floats) -> Floats:
    """The rank of each value from 1; equal values share the mean of their ranks."""
    known, where, counts = np.unique(values, return_inverse=True, return_counts=True)
    del known
    ends = np.cumsum(counts)
    return (ends - (counts - 1) / 2)[where]
