"""Spammers: annotators whose answers do not depend on what is true."""

from typing import NamedTuple

import numpy as np

from goldsmith.quality.annotators.confusions import Confusions
from goldsmith.quality.votes import Floats

SPAMMER_BELOW = 0.1
"""With two classes, as much as being right 66% of the time on each."""

MIN_IN_ROW = 3.0
"""Classes of which an annotator saw fewer tasks say nothing of them."""

_N_DRAWS = 200
_CELLS = 4_000_000


class SpammerScores(NamedTuple):
    """1 where an annotator's answer tells the class, 0 where it tells nothing; not a number where there are too few.

    Attributes:
        estimate: float64[n_annotators], in [0, 1].
        low: float64[n_annotators], lower end of the 90% interval: 5% of annotators lie below it.
        high: float64[n_annotators], upper end: 5% lie above it.
    """

    estimate: Floats
    low: Floats
    high: Floats


def spammer_scores(found: Confusions, *, rng: np.random.Generator) -> SpammerScores:
    """The spammer score of each annotator: how far the rows of the confusion matrix are from being all the same.

    Args:
        found: what each annotator answered.
        rng: draws confusion matrices for the intervals.

    Source: Raykar and Yu (2012), "Eliminating spammers and ranking annotators for crowdsourced labeling tasks", Journal
    of Machine Learning Research 13, equation 15. Departures: what chance alone adds to the squares is taken off, or
    few answers would look like skill; only classes count of which the annotator saw three tasks. The interval draws
    each row from its posterior under Jeffreys' prior and takes off what the drawing adds.

    Example:
        >>> counts = np.array([[[40.0, 0.0], [0.0, 40.0]], [[20.0, 20.0], [20.0, 20.0]]])
        >>> scores = spammer_scores(Confusions(counts, np.zeros_like(counts)), rng=np.random.default_rng(0))
        >>> scores.estimate.round(2).tolist()
        [1.0, 0.0]
    """
    counts = found.certain()
    n_annotators, k, _ = counts.shape
    n = counts.sum(axis=2)
    is_seen = n >= MIN_IN_ROW
    shares = np.divide(counts, n[:, :, np.newaxis], out=np.zeros_like(counts), where=n[:, :, np.newaxis] > 0)
    plain = _score(shares, is_seen)
    variance = (shares * (1 - shares)).sum(axis=2) / np.maximum(n - 1, 1)
    n_seen = is_seen.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        by_chance = (variance * is_seen).sum(axis=1) / n_seen
    low, high = np.empty(n_annotators), np.empty(n_annotators)
    at_once = max(1, _CELLS // (_N_DRAWS * k * k))
    for start in range(0, n_annotators, at_once):
        part = slice(start, start + at_once)
        shapes = (counts[part] + 0.5).astype(np.float32)  # half the time of float64
        drawn = rng.standard_gamma(shapes, size=(_N_DRAWS, *shapes.shape), dtype=np.float32)
        drawn /= drawn.sum(axis=3, keepdims=True)
        scores = _score(drawn, is_seen[part])
        scores -= scores.mean(axis=0) - plain[part] + by_chance[part]
        low[part], high[part] = np.quantile(scores, [0.05, 0.95], axis=0)
    estimate = np.clip(plain - by_chance, 0, 1)
    return SpammerScores(estimate, np.clip(low, 0, estimate), np.clip(high, estimate, 1))


def _score(shares: Floats, is_seen: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Floats:
    """The mean squared distance of two rows, halved; the sum over all pairs is that from the mean row, times rows."""
    seen = is_seen[..., np.newaxis]
    n_seen = is_seen.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = (shares * seen).sum(axis=-2, keepdims=True) / n_seen[..., np.newaxis, np.newaxis]
        squares = (((shares - mean) ** 2) * seen).sum(axis=(-1, -2))
        return np.where(n_seen > 1, squares / (n_seen - 1), np.nan)
