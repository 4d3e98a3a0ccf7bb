"""What an annotator is assumed to be of whom nothing is known yet: somebody from the pool."""

from typing import NamedTuple

import numpy as np

from goldsmith.quality.annotators.confusions import Confusions
from goldsmith.quality.votes import Floats

FEWEST, MOST = 1.0, 1000.0
"""So many answers of one's own at least, and at most, are as much as knowing the pool."""

_UNKNOWN = 3.0  # for a pool of one, as in pooled Dawid-Skene


class Newcomer(NamedTuple):
    """The prior of an annotator's confusion matrix.

    Attributes:
        pseudo_counts: float64[n_classes, n_classes], above 0, by true class and class answered: the pool's matrix, each
            row times how many answers it is worth. Add an annotator's own counts to get their matrix.
        accuracy: how often a newcomer is expected to be right, in [0, 1], with the classes as frequent as in the pool.
    """

    pseudo_counts: Floats
    accuracy: float

    def shrunk(self, counts: Floats) -> Floats:
        """float64[n_annotators, n_classes, n_classes], each annotator's matrix with the pool's behind it."""
        grown = counts + self.pseudo_counts
        return grown / grown.sum(axis=2, keepdims=True)


def newcomer_of(found: Confusions) -> Newcomer:
    """The prior that fits the pool: its mean rows, each worth the more answers the more alike annotators are.

    Source: Weir and Cockerham's moment estimator for overdispersed multinomial counts as in Tvedebrink (2010),
    "Overdispersion in allelic counts and theta-correction in forensic genetics", Theoretical Population Biology 78,
    section 2.2. Departures: it is kept between 1 and 1000 answers; half an answer is added to each cell of the mean.

    Example:
        >>> counts = np.array([[[9.0, 1.0], [2.0, 8.0]], [[5.0, 5.0], [5.0, 5.0]]])
        >>> round(newcomer_of(Confusions(counts, np.zeros_like(counts))).accuracy, 3)
        0.667
    """
    pooled = found.counts.sum(axis=0) + 0.5
    mean = pooled / pooled.sum(axis=1, keepdims=True)
    strength = np.array([_strength(found.counts[:, k]) for k in range(len(mean))])
    n_of_class = found.counts.sum(axis=(0, 2)) + 0.5
    accuracy = float((n_of_class / n_of_class.sum()) @ np.diag(mean))
    return Newcomer(mean * strength[:, np.newaxis], accuracy)


def _strength(counts: Floats) -> float:
    """How many answers the mean row is worth, from float64[n_annotators, n_classes]."""
    n = counts.sum(axis=1)
    counts, n = counts[n > 1], n[n > 1]
    if len(n) < 2:
        return _UNKNOWN
    shares, mean = counts / n[:, np.newaxis], counts.sum(axis=0) / n.sum()
    within = float((n[:, np.newaxis] * shares * (1 - shares)).sum() / (n - 1).sum())
    between = float((n[:, np.newaxis] * (shares - mean) ** 2).sum() / (len(n) - 1))
    typical = float(n.sum() - (n**2).sum() / n.sum()) / (len(n) - 1)
    whole = between + (typical - 1) * within
    if whole <= 0:
        return MOST
    alike = (between - within) / whole
    return float(np.clip((1 - alike) / max(alike, 1e-9), FEWEST, MOST))
