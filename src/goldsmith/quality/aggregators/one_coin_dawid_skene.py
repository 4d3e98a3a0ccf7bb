"""One-coin Dawid-Skene: one accuracy per annotator, whatever the true class is."""

from typing import NamedTuple

import numpy as np

from goldsmith.quality.consensus import Aggregator, RatedConsensus, check_size, decide
from goldsmith.quality.likelihood import LEAST, NEVER
from goldsmith.quality.odds import Ballots, ballots, normalise
from goldsmith.quality.skills import Iterations, NonNegative
from goldsmith.quality.votes import Floats, Votes


class OneCoinDawidSkene(Aggregator, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="one-coin-dawid-skene"):
    """True classes, class prior and one accuracy per annotator at their greatest likelihood.

    For many classes and few answers per annotator. Where annotators lean to one class it collapses: to 58% where full
    confusion matrices have 89% (bluebird), and to 19% instead of 61% (relevance). It should never be a default.
    Memory O(n_tasks * n_classes + n_annotators). `skill_` is the accuracy of each annotator.

    Attributes:
        tolerance: stop when the bound gains no more than this per vote.
        max_iterations: stop after so many passes over the votes.
        seed: seeds the hash that decides between level classes.

    Source: Zhang, Chen, Zhou and Jordan (2016), "Spectral methods meet EM", JMLR 17, section 2.2, the one-coin model:
    an annotator is right with probability p, and gives each wrong class with probability (1 - p) / (n_classes - 1).
    Start, clipping at 1e-10 and stop are those of crowd-kit 1.4 (`OneCoinDawidSkene`), whose posteriors it equals; the
    departures from it are those of `dawid-skene-ml`.

    Example:
        >>> from goldsmith.quality.votes import Votes
        >>> votes = Votes.from_columns(list("aaabbb"), list("xyzxyz"), list("001110"))
        >>> OneCoinDawidSkene().fit(votes).labels_.tolist()
        [0, 1]
    """

    tolerance: NonNegative = 1e-5
    max_iterations: Iterations = 100

    def fit(self, votes: Votes) -> RatedConsensus:
        """The consensus of `votes`.

        Raises:
            VotesError: there are too many tasks with too many classes for a table of them.
        """
        check_size(votes, numbers_per_task=votes.n_classes)
        given, posterior = ballots(votes), votes.shares()
        coins = _coins(given, posterior)
        bound, has_converged, n_iterations = -np.inf, False, 0
        while not has_converged and n_iterations < self.max_iterations:
            used = coins
            posterior = given.totals((used.log_right - used.log_wrong)[votes.annotator] * given.weight)
            posterior += used.log_prior
            likelihood = normalise(posterior) + given.weight_by @ used.log_wrong
            coins = _coins(given, posterior)
            entropy = likelihood - coins.fit_of(used, given) - coins.n_tasks @ used.log_prior
            reached = float(entropy + coins.fit_of(coins, given) + coins.n_votes @ coins.log_prior)
            has_converged = (reached - bound) / votes.n_votes <= self.tolerance
            bound, n_iterations = reached, n_iterations + 1
        return RatedConsensus(
            votes=votes,
            posterior_=posterior,
            labels_=decide(posterior, votes, seed=self.seed),
            prior_=posterior.mean(axis=0),
            skill_=coins.accuracy,
            n_iterations_=n_iterations,
            has_converged_=has_converged,
        )


class _Coins(NamedTuple):
    accuracy: Floats
    log_right: Floats
    log_wrong: Floats
    log_prior: Floats
    n_tasks: Floats
    """Expected number of tasks of each class."""
    n_votes: Floats
    """Expected number of votes on tasks of each class."""

    def fit_of(self, other: "_Coins", given: Ballots) -> float:
        """The expected log-likelihood of the votes under the accuracies of `other`."""
        by_annotator = self.accuracy * other.log_right + (1.0 - self.accuracy) * other.log_wrong
        return float(given.weight_by @ by_annotator)


def _coins(given: Ballots, posterior: Floats) -> _Coins:
    votes = given.votes
    accuracy = np.minimum(given.means(posterior.ravel()[given.cell]), 1.0)
    n_wrong = max(votes.n_classes - 1, 1)
    n_tasks = posterior.sum(axis=0)
    is_voted = np.bincount(votes.label, minlength=votes.n_classes) > 0
    n_votes = np.add.reduceat(given.weight, votes.starts[:-1]) @ posterior
    return _Coins(
        accuracy=accuracy,
        log_right=np.log(np.clip(accuracy, LEAST, 1.0 - LEAST)),
        log_wrong=np.log(np.clip((1.0 - accuracy) / n_wrong, LEAST, 1.0 - LEAST)),
        log_prior=np.where(is_voted, np.log(np.maximum(n_tasks / votes.n_tasks, LEAST)), NEVER),
        n_tasks=n_tasks,
        n_votes=n_votes,
    )


plugin = OneCoinDawidSkene
