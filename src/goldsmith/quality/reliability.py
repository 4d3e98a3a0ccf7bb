"""How right a consensus is where the truth is known, and whether its confidence means what it says."""

from dataclasses import dataclass

import numpy as np

from goldsmith.errors import VotesError
from goldsmith.quality.binary_scores import Bin
from goldsmith.quality.calibration import UNKNOWN
from goldsmith.quality.intervals import Interval, wilson_interval
from goldsmith.quality.measures import Measure, bootstrapped, unmeasured
from goldsmith.quality.votes import Floats, Int32s

ECE, NLL, BRIER = "expected-calibration-error", "negative-log-likelihood", "brier-score"
N_BINS = 10
SURE = 0.95
"""The confidence from which a label counts as certain."""

_LEAST = 1e-12
_NOTHING = "no task has a known label."


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """What is right of a consensus, on the tasks with known labels.

    Attributes:
        accuracy: the share of right labels.
        of_sure: the share of right labels among those with a confidence of at least 0.95.
        ece: mean distance of confidence and accuracy over ten bins of equal width, in [0, 1]. With few known labels it
            is above 0 even where every confidence is true.
        nll: mean of minus the logarithm of the probability of the true class, in nats.
        brier: mean squared distance of the probabilities from the truth, in [0, 2].
        bins: the confidences by bin, without empty ones.
    """

    accuracy: Interval
    of_sure: Interval
    ece: Measure
    nll: Measure
    brier: Measure
    bins: tuple[Bin, ...]


def reliability_of(
    posterior: Floats, labels: Int32s, known: Int32s, *, rng: np.random.Generator, n_resamples: int = 1000
) -> Reliability:
    """How right labels are, and how true their confidence.

    Args:
        posterior: float64[n_tasks, n_classes], calibrated or not, rows that sum to 1.
        labels: int32[n_tasks], the class decided for.
        known: int32[n_tasks], the true class, `UNKNOWN`, or `NO_CLASS` where it is none of the classes.
        rng: draws the resampled tasks.
        n_resamples: how many resamples the intervals rest on.

    Raises:
        VotesError: the arrays do not fit together.

    Source: Guo et al. (2017), section 2 (ECE); Brier (1950), Monthly Weather Review 78, for several classes. Intervals
        of shares by Wilson, the others from resampled tasks.
    """
    if not len(posterior) == len(labels) == len(known):
        sizes = f"{len(posterior)} posteriors, {len(labels)} labels and {len(known)} truths"
        raise VotesError(f"{sizes} do not fit together; give one of each for a task.")
    tested = np.flatnonzero(known != UNKNOWN)
    n = len(tested)
    if not n:
        nothing = wilson_interval(0, 0)
        ece, nll, brier = (unmeasured(name, 0, _NOTHING) for name in (ECE, NLL, BRIER))
        return Reliability(accuracy=nothing, of_sure=nothing, ece=ece, nll=nll, brier=brier, bins=())
    said, truth, rows = labels[tested], known[tested], posterior[tested]
    is_right = said == truth
    confidence = rows[np.arange(n), said]
    of_truth = np.where(truth >= 0, rows[np.arange(n), np.maximum(truth, 0)], 0.0)
    squares = (rows**2).sum(axis=1) - 2 * of_truth + 1
    is_sure = confidence >= SURE
    place = np.minimum((confidence * N_BINS).astype(np.int64), N_BINS - 1)
    gaps = np.zeros((n, N_BINS + 1))
    gaps[np.arange(n), place] = confidence - is_right
    gaps[:, -1] = 1.0
    means = {NLL: -np.log(np.maximum(of_truth, _LEAST)), BRIER: squares}
    nll, brier = (
        bootstrapped(
            name,
            lambda sums: sums[..., 0] / sums[..., 1],
            statistics=np.column_stack((column, np.ones(n))),
            rng=rng,
            n_resamples=n_resamples,
            note=_NOTHING,
        )
        for name, column in means.items()
    )
    return Reliability(
        accuracy=wilson_interval(int(is_right.sum()), n),
        of_sure=wilson_interval(int(is_right[is_sure].sum()), int(is_sure.sum())),
        ece=bootstrapped(ECE, _gap, statistics=gaps, rng=rng, n_resamples=n_resamples, note=_NOTHING),
        nll=nll,
        brier=brier,
        bins=tuple(_bin(confidence[place == one], is_right[place == one]) for one in np.unique(place)),
    )


def _gap(sums: Floats) -> Floats:
    return np.abs(sums[..., :-1]).sum(axis=-1) / sums[..., -1]


def _bin(confidence: Floats, is_right: np.ndarray) -> Bin:
    return Bin(mean_score=float(confidence.mean()), share=wilson_interval(int(is_right.sum()), len(is_right)))
