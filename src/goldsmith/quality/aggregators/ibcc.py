"""iBCC: Dawid-Skene that does not decide for one confusion matrix but weighs all, by variational Bayes."""

import numpy as np

from goldsmith.quality.dirichlet import expected_logs
from goldsmith.quality.passes import Chances, Counts
from goldsmith.quality.skills import ConfusionAggregator, Inferred, Model, Positive
from goldsmith.quality.votes import Floats


class IBCC(ConfusionAggregator, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="ibcc"):
    """Independent Bayesian classifier combination: distributions over classes, class prior and confusion matrices.

    It ranks its own errors better than `dawid-skene-ml`. With five classes or more and few answers per annotator its
    belief in right answers is too strong: there `pooled-dawid-skene` does better.

    Attributes:
        diagonal: pseudo-count of the right answer in each row of a confusion matrix.
        off_diagonal: pseudo-count of each wrong answer.
        class_count: pseudo-count of each class in the class prior.
        tolerance: stop when the evidence lower bound gains no more than this per vote.
        max_iterations: stop after so many passes over the votes.
        n_threads: how many threads work at once, where votes are many; the result is the same for any number of them.
        seed: seeds the hash that decides between level classes.

    Source: Kim and Ghahramani (2012), "Bayesian Classifier Combination", AISTATS, section 3.1, with the variational
    updates of Simpson, Roberts, Psorakis and Smith (2013), "Dynamic Bayesian combination of multiple imperfect
    classifiers", equations 12 to 19. Departures: the pseudo-counts are given, not drawn; it stops by the bound.

    Example:
        >>> from goldsmith.quality.votes import Votes
        >>> votes = Votes.from_columns(list("aaabbb"), list("xyzxyz"), list("001110"))
        >>> IBCC().fit(votes).labels_.tolist()
        [0, 1]
    """

    diagonal: Positive = 4.0
    off_diagonal: Positive = 1.0
    class_count: Positive = 1.0

    def model(self, counts: Counts) -> Model:
        """The geometric means under the posterior of classes and matrices."""
        chances = Chances(np.empty_like(counts.classes), np.empty_like(counts.answers))
        n_classes = counts.classes.size
        by_class, pseudo = counts.classes.reshape(1, -1, 1), np.full((n_classes, 1), self.class_count)
        divergence = expected_logs(by_class, pseudo, chances.prior.reshape(1, -1, 1))
        divergence += expected_logs(counts.answers, self._pseudo(n_classes), chances.answering)
        for logs in chances:
            _ = np.exp(logs, out=logs)
        return Model(chances, -divergence)

    def point(self, inferred: Inferred) -> Chances:
        """The expected probabilities."""
        counts = inferred.counts
        prior = counts.classes + self.class_count
        answering = counts.answers + self._pseudo(prior.size)
        return Chances(prior / prior.sum(), answering / answering.sum(axis=1, keepdims=True))

    def _pseudo(self, n_classes: int) -> Floats:
        pseudo = np.full((n_classes, n_classes), self.off_diagonal)
        np.fill_diagonal(pseudo, self.diagonal)
        return pseudo


plugin = IBCC
