"""BWA: classes by averages that are weighted by how far each annotator is from them."""

from typing import NamedTuple

import numpy as np

from goldsmith.quality.consensus import Aggregator, RatedConsensus, check_size, decide
from goldsmith.quality.odds import Ballots, ballots, shares_of, sums
from goldsmith.quality.skills import Iterations, NonNegative, Positive
from goldsmith.quality.votes import Floats, Int64s, Votes


class BWA(Aggregator, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="bwa"):
    """Bayesian weighted average: for each class a number per task and a precision per annotator, at their joint mode.

    Fast and the least over-confident of the models, but with one number per annotator and class it fails where
    annotators confuse classes each in their own way (trec, relevance). `skill_` is the mean over the classes of the
    precision of each annotator, by how often each class is voted for.

    Attributes:
        prior_votes: how many votes the prior precision of an annotator is worth.
        shrinkage: how many votes of precision 1 the mean of all tasks is worth on each task.
        tolerance: stop when no task's number changes by more than this, relative to it.
        max_iterations: stop after so many passes over the votes for each class.
        seed: seeds the hash that decides between level classes.

    Source: Li, Rubinstein and Cohn (2019), "Truth Inference at Scale: A Bayesian Model for Adjudicating Highly
    Redundant Crowd Annotations", WWW, section 4, algorithm 1, with the prior's correction for the number of classes.
    Departures: the numbers of the classes are divided by their sum on each task; a class that all or none vote for
    everywhere needs no iteration.

    Example:
        >>> from goldsmith.quality.votes import Votes
        >>> votes = Votes.from_columns(list("aaabbb"), list("xyzxyz"), list("001110"))
        >>> BWA().fit(votes).labels_.tolist()
        [0, 1]
    """

    prior_votes: Positive = 15.0
    shrinkage: NonNegative = 1.0
    tolerance: NonNegative = 1e-3
    max_iterations: Iterations = 500

    def fit(self, votes: Votes) -> RatedConsensus:
        """The consensus of `votes`; `prior_` is each class's mean posterior."""
        check_size(votes, numbers_per_task=votes.n_classes)
        given, shares = ballots(votes), votes.shares()
        by_class = np.argsort(votes.label, kind="stable")
        ends = np.cumsum(np.bincount(votes.label, minlength=votes.n_classes))
        found, skill = np.zeros_like(shares), np.zeros(votes.n_annotators)
        n_iterations, has_converged = 1, True
        for k in np.unique(votes.label).tolist():
            chosen = by_class[ends[k - 1] if k else 0 : ends[k]]
            average = self._average(given, chosen, shares[:, k])
            found[:, k] = average.number
            skill += given.weight[chosen].sum() / given.weight.sum() * average.precision
            n_iterations = max(n_iterations, average.n_iterations)
            has_converged &= average.has_converged
        posterior = shares_of(found, shares)
        return RatedConsensus(
            votes=votes,
            posterior_=posterior,
            labels_=decide(posterior, votes, seed=self.seed),
            prior_=posterior.mean(axis=0),
            skill_=skill,
            n_iterations_=n_iterations,
            has_converged_=has_converged,
        )

    def _average(self, given: Ballots, chosen: Int64s, share: Floats) -> "_Average":
        """Of one class, from the places of the votes for it and their share on each task."""
        votes = given.votes
        number, precision = share, np.ones(votes.n_annotators)
        spread = given.weight @ (share * (1.0 - share))[votes.task] / given.weight.sum()
        if spread == 0.0:
            return _Average(number, precision, 1, has_converged=True)
        scale = self.prior_votes * spread * 4.0 * (1.0 - 1.0 / votes.n_classes)
        task, annotator, weight = votes.task[chosen], votes.annotator[chosen], given.weight[chosen]
        for n_iterations in range(1, self.max_iterations + 1):
            squares = sums(votes.annotator, given.weight * (number**2)[votes.task], precision.size)
            squares += sums(annotator, weight * (1.0 - 2.0 * number[task]), precision.size)
            precision = (self.prior_votes + given.weight_by) / (scale + squares)
            above = sums(task, weight * precision[annotator], number.size)
            below = sums(votes.task, given.weight * precision[votes.annotator], number.size)
            before, number = number, (self.shrinkage * number.mean() + above) / (self.shrinkage + below)
            if np.allclose(before, number, rtol=self.tolerance):
                return _Average(number, precision, n_iterations, has_converged=True)
        return _Average(number, precision, self.max_iterations, has_converged=False)


class _Average(NamedTuple):
    number: Floats
    precision: Floats
    n_iterations: int
    has_converged: bool


plugin = BWA
