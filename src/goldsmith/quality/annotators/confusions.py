"""How often each annotator answered each class where each was true, as far as the truth is known."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.jit import in_place
from goldsmith.quality.annotators.beliefs import Beliefs
from goldsmith.quality.annotators.shares import Shares, wilson_shares
from goldsmith.quality.votes import Floats, Int32s, Votes

LEAST_MET = 1.0
"""How many answers to tasks of a class are needed for a row that says something; see `Confusions.is_met`."""


class Confusions(NamedTuple):
    """Expected counts, and how unsure they are.

    Attributes:
        counts: float64[n_annotators, n_classes, n_classes], expected answers by annotator, true class, class answered.
        doubts: float64 of the same shape, the sum over these answers of p (1 - p), p being how probable the true class
            is; 0 where all is gold.
    """

    counts: Floats
    doubts: Floats

    def rows(self) -> Shares:
        """The confusion matrices, each row a distribution, with 95% intervals of each cell by itself.

        An answer to a task of which the truth is unsure says less than one on gold. What is missing is taken off the
        number of answers that an interval rests on.

        Source: Louis (1982), "Finding the observed information matrix when using the EM algorithm", Journal of the
        Royal Statistical Society B 44, equation 3.2, for one cell at a time with all others known. Departure: shares
        are moved off 0 and 1 by half an answer for the information, not for the estimate.
        """
        n = self.counts.sum(axis=2, keepdims=True)
        share = np.divide(self.counts, n, out=np.zeros_like(self.counts), where=n > 0)
        return wilson_shares(share, self._n_informative())

    def certain(self) -> Floats:
        """float64[n_annotators, n_classes, n_classes], the counts, with rows made as small as they are unsure."""
        n = self.counts.sum(axis=2)
        sure = np.einsum("akk->ak", self._n_informative())
        return self.counts * np.divide(sure, n, out=np.zeros_like(n), where=n > 0)[:, :, np.newaxis]

    def _n_informative(self) -> Floats:
        n = self.counts.sum(axis=2, keepdims=True)
        inner = (self.counts + 0.5) / (n + 1)
        rest = self.doubts.sum(axis=2, keepdims=True) - self.doubts
        missing = self.doubts * (1 - inner) / inner + rest * inner / (1 - inner)
        return _informative(np.broadcast_to(n, inner.shape), missing)

    def is_met(self) -> NDArray[np.bool_]:
        """bool[n_annotators, n_classes], whether a class was met, so that something can be said of how it is answered.

        Each answer counts as much as the true class of its task is sure (the sum of p squared): where thousands of
        tasks are a little doubtful, the doubts alone come to several answers of a class that was never met.
        """
        return (self.counts - self.doubts).sum(axis=2) >= LEAST_MET

    def together(self) -> "Confusions":
        """Those of all annotators as if they were one: n_annotators is 1."""
        return Confusions(self.counts.sum(axis=0, keepdims=True), self.doubts.sum(axis=0, keepdims=True))

    def accuracy(self) -> Shares:
        """float64[n_annotators], how often each is right, with 95% intervals; as `rows`."""
        right = np.einsum("akk->a", self.counts)
        n = self.counts.sum(axis=(1, 2))
        share = np.divide(right, n, out=np.zeros_like(right), where=n > 0)
        inner = (right + 0.5) / (n + 1)
        missing = np.einsum("akk->a", self.doubts) / (inner * (1 - inner))
        return wilson_shares(share, _informative(n, missing))


def confusions(votes: Votes, known: Beliefs) -> Confusions:
    """What each annotator answered, from the votes that it is judged by; see `Beliefs.used_votes`."""
    shape = (votes.n_annotators, votes.n_classes, votes.n_classes)
    found = Confusions(np.zeros(shape), np.zeros(shape))
    _count(_Given(votes.task, votes.annotator, votes.label, known.used_votes(votes)), known.posterior, found)
    return found


class _Given(NamedTuple):
    task: Int32s
    annotator: Int32s
    label: Int32s
    is_used: NDArray[np.bool_]


def _informative(n: Floats, missing: Floats) -> Floats:
    """At least one answer where there are any: an interval from less would be no interval."""
    return np.where(n > 0, np.maximum(n - missing, np.minimum(n, 1.0)), 0.0)


@in_place
def _count(given: _Given, posterior: Floats, found: Confusions) -> None:
    for i in range(len(given.task)):
        if given.is_used[i]:
            for k in range(posterior.shape[1]):
                p = posterior[given.task[i], k]
                found.counts[given.annotator[i], k, given.label[i]] += p
                found.doubts[given.annotator[i], k, given.label[i]] += p * (1 - p)
