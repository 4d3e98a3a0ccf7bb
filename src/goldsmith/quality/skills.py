"""Inference of classes and of each annotator's confusion matrix together, by expectation-maximisation."""

from typing import Annotated, NamedTuple

import msgspec
import numpy as np

from goldsmith.kit.jit import compiled, in_place
from goldsmith.quality.consensus import Aggregator, SkilledConsensus, decide
from goldsmith.quality.votes import Floats, Int32s, Int64s, Votes

NonNegative = Annotated[float, msgspec.Meta(ge=0)]
Positive = Annotated[float, msgspec.Meta(gt=0)]


class SkillAggregator(Aggregator, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The base of aggregators with a confusion matrix per annotator; they differ in how they smooth it.

    It starts from the shares of the votes and stops when the logarithm of the joint density, per vote, gains no more
    than `tolerance`. One pass over the votes per iteration: time O(n_votes * n_classes), memory O(n_tasks * n_classes
    + n_annotators * n_classes ** 2).

    Attributes:
        class_count: pseudo-count of each class in the class prior.
        tolerance: stop below this gain per vote.
        max_iterations: stop after so many passes.
        seed: seeds the hash that decides between level classes.
    """

    class_count: Positive = 1.0
    tolerance: NonNegative = 1e-5
    max_iterations: Annotated[int, msgspec.Meta(ge=1)] = 200

    def pseudo_counts(self, expected: Floats) -> Floats:
        """What is added to the expected answers before each row becomes a distribution.

        Args:
            expected: float64[n_annotators, n_classes, n_classes], expected number of answers by annotator, class
                answered and true class.

        Returns:
            float64[n_classes, n_classes], above 0, by class answered and true class; the same for all annotators.
        """
        raise NotImplementedError

    def fit(self, votes: Votes) -> SkilledConsensus:
        """The consensus of `votes`, with the annotators' confusion matrices."""
        given = _Given(
            votes.annotator, votes.label, votes.starts, _NO_WEIGHTS if votes.weight is None else votes.weight
        )
        posterior = votes.shares()
        expected = np.zeros((votes.n_annotators, votes.n_classes, votes.n_classes))
        _count(given, posterior, expected)
        bound, has_converged, n_iterations = -np.inf, False, 0
        while True:
            prior = posterior.sum(axis=0) + self.class_count
            prior /= prior.sum()
            pseudo = self.pseudo_counts(expected)
            answering = expected + pseudo
            answering /= answering.sum(axis=1, keepdims=True)
            if has_converged or n_iterations == self.max_iterations:
                break
            logs = _Logs(np.log(prior), np.log(answering))
            expected[:] = 0.0
            likelihood = _update(given, logs, posterior, expected)
            density = self.class_count * logs.prior.sum() + (pseudo * logs.answering.sum(axis=0)).sum()
            gain = (likelihood + density - bound) / votes.n_votes
            bound, n_iterations = likelihood + density, n_iterations + 1
            has_converged = bool(gain <= self.tolerance)
        return SkilledConsensus(
            posterior_=posterior,
            labels_=decide(posterior, votes, seed=self.seed),
            prior_=prior,
            confusion_=np.ascontiguousarray(answering.transpose(0, 2, 1)),
            n_iterations_=n_iterations,
            has_converged_=has_converged,
        )


def diagonal_counts(n_classes: int, *, diagonal: float, off_diagonal: float) -> Floats:
    """float64[n_classes, n_classes] with `diagonal` for right answers and `off_diagonal` / n_classes for wrong ones."""
    counts = np.full((n_classes, n_classes), off_diagonal / n_classes)
    np.fill_diagonal(counts, diagonal)
    return counts


_NO_WEIGHTS = np.empty(0)
"""Each vote counts for one."""


class _Given(NamedTuple):
    annotator: Int32s
    label: Int32s
    starts: Int64s
    weight: Floats


class _Logs(NamedTuple):
    prior: Floats
    answering: Floats


# Tables are [annotator, class answered, true class]: all a vote needs lies in one stretch of memory.


@in_place
def _count(given: _Given, posterior: Floats, expected: Floats) -> None:
    """Add each vote to `expected`, spread over the true classes by `posterior`."""
    for t in range(posterior.shape[0]):
        for i in range(given.starts[t], given.starts[t + 1]):
            row = expected[given.annotator[i], given.label[i]]
            weight = given.weight[i] if len(given.weight) else 1.0
            for k in range(posterior.shape[1]):
                row[k] += weight * posterior[t, k]


@compiled
def _update(given: _Given, logs: _Logs, posterior: Floats, expected: Floats) -> float:
    """Fill `posterior`, add to `expected`, and return the log-likelihood of the votes, in one pass over them."""
    n_tasks, n_classes = posterior.shape
    log_joint = np.empty(n_classes)
    likelihood = 0.0
    for t in range(n_tasks):
        log_joint[:] = logs.prior
        for i in range(given.starts[t], given.starts[t + 1]):
            row = logs.answering[given.annotator[i], given.label[i]]
            weight = given.weight[i] if len(given.weight) else 1.0
            for k in range(n_classes):
                log_joint[k] += weight * row[k]
        highest = log_joint.max()
        total = 0.0
        for k in range(n_classes):
            posterior[t, k] = np.exp(log_joint[k] - highest)
            total += posterior[t, k]
        likelihood += highest + np.log(total)
        for k in range(n_classes):
            posterior[t, k] /= total
        for i in range(given.starts[t], given.starts[t + 1]):
            row = expected[given.annotator[i], given.label[i]]
            weight = given.weight[i] if len(given.weight) else 1.0
            for k in range(n_classes):
                row[k] += weight * posterior[t, k]
    return likelihood
