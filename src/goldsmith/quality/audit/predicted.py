"""The accuracy of all labels from a few audited ones and the confidence of all, which need not be right."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from goldsmith.errors import VotesError
from goldsmith.quality.intervals import Interval, score_limits
from goldsmith.quality.votes import Floats, Int64s

MIN_OF_EACH = 3
"""So many right and so many wrong labels an audit needs before the confidences are used: with fewer it cannot tell
whether they are worth anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Predicted:
    """The accuracy that an audit and the confidences of all items give together.

    Attributes:
        accuracy: the estimate with its interval.
        weight: how much the confidences count, in [0, 1]; at 0 it is Wilson's interval of the audit alone.
        mean_confidence: the mean confidence of all items, which would be the accuracy if it meant what it says.
        variance_share: the variance of the estimate as a share of that of the audit alone, in (0, 1].
        note: why the confidences do not count, where they do not.
    """

    accuracy: Interval
    weight: float
    mean_confidence: float
    variance_share: float
    note: str


def prediction_powered(
    confidences: Floats, audited: Int64s, is_right: NDArray[np.bool_], *, confidence: float = 0.95
) -> Predicted:
    """The share of right labels, from a simple random audit and the confidence of every label.

    The mean confidence of all items is corrected by what the audited ones show: weight * mean of all + mean over the
    audit of (right - weight * confidence). Whatever the confidences are, that is right on average; good ones make the
    interval narrower. The weight that makes it narrowest is taken from the audit.

    Args:
        confidences: float64[n_items], in [0, 1]; not a number where there is none, which counts as the mean.
        audited: int64[n_audited], the places of the audited items, each once, drawn at random without replacement.
        is_right: bool[n_audited], whether the experts' answer equals the label.
        confidence: how often such an interval holds the true share, in (0, 1).

    Raises:
        VotesError: nothing was audited, or the arrays do not fit together.

    Source: Angelopoulos et al. (2023), "Prediction-powered inference", Science 382 (the estimator); Angelopoulos, Duchi
    and Zrnic (2024), "PPI++", section 6 (the weight), cut to [0, 1]. For a sample without replacement it is the
    difference estimator of Cochran (1977), 7.3. Departure: their interval, estimate plus or minus z standard errors,
    held the true share in 45% of simulated audits of 30 where 98% was right, and in 90% of those of 200. Here it is
    Wilson's, with a variance smaller by the share that the confidences do not explain, (m - 1) / (m - 2) times the
    share in the sample, where m is the number of right or of wrong labels, whichever is smaller. With m below 3 the
    weight is 0. It held the true share in 93 to 99% of cases; see the benchmarks.

    Example:
        >>> rng = np.random.default_rng(0)
        >>> confidences = rng.beta(4, 1, 2000)
        >>> found = prediction_powered(confidences, np.arange(200), rng.random(200) < confidences[:200])
        >>> found.weight > 0.5, found.variance_share < 0.9
        (True, True)
    """
    n, n_all = len(audited), len(confidences)
    known = _filled(confidences)
    _check(known, audited, is_right, confidence)
    right = is_right.astype(np.float64)
    sampled = known[audited]
    share, n_right = float(right.mean()), int(is_right.sum())
    off, gap = sampled - sampled.mean(), right - share
    rarer = min(n_right, n - n_right)
    weight, left, note = 0.0, 1.0, ""
    if rarer < MIN_OF_EACH:
        note = f"fewer than {MIN_OF_EACH} of the audited labels were {'right' if n_right < n - n_right else 'wrong'}."
    elif float(np.ptp(sampled)) == 0:
        note = "all audited labels have the same confidence."
    else:
        weight = float(np.clip(off @ gap / (off @ off), 0.0, 1.0))
        rest = gap - weight * off
        left = min(1.0, float(rest @ rest / (gap @ gap)) * (rarer - 1) / (rarer - 2))
        note = "" if weight else "labels of higher confidence were not more often right."
    mean = float(known.mean())
    estimate = share + weight * (mean - float(sampled.mean()))
    spread = (n_all - n) / max(1, n_all - 1) / n * left
    proven = (n_right / n_all, 1 - (n - n_right) / n_all)
    accuracy = _interval(estimate, spread, proven=proven, n=n, confidence=confidence)
    return Predicted(accuracy=accuracy, weight=weight, mean_confidence=mean, variance_share=left, note=note)


def _interval(estimate: float, spread: float, *, proven: tuple[float, float], n: int, confidence: float) -> Interval:
    """Wilson's interval at this variance, kept between the least and the most that the sample leaves possible."""
    lowest, highest = proven
    estimate = min(max(estimate, lowest), highest)
    low, high = score_limits(estimate, spread, NormalDist().inv_cdf((1 + confidence) / 2))
    return Interval(estimate=estimate, low=min(max(low, lowest), estimate), high=max(min(high, highest), estimate), n=n)


def _filled(confidences: Floats) -> Floats:
    is_missing = np.isnan(confidences)
    if not is_missing.any():
        return confidences
    return np.where(is_missing, 0.5 if is_missing.all() else float(np.nanmean(confidences)), confidences)


def _check(known: Floats, audited: Int64s, is_right: NDArray[np.bool_], confidence: float) -> None:
    if not len(audited):
        raise VotesError("nothing was audited; let experts answer a random sample first.")
    if len(audited) != len(is_right):
        raise VotesError(f"there are {len(audited)} audited items and {len(is_right)} findings; give one for each.")
    if len(np.unique(audited)) < len(audited) or not 0 <= int(audited.min()) <= int(audited.max()) < len(known):
        raise VotesError(f"audited items have to be different places from 0 to {len(known) - 1}.")
    if not (float(known.min()) >= 0 and float(known.max()) <= 1):
        raise VotesError(f"confidences from {known.min()} to {known.max()} cannot be; they lie between 0 and 1.")
    if not 0 < confidence < 1:
        raise VotesError(f"the confidence {confidence} has to lie between 0 and 1.")
