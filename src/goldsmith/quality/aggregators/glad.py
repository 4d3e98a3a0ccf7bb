"""GLAD: able annotators and easy tasks."""

from typing import NamedTuple

import numpy as np

from goldsmith.quality.consensus import Aggregator, RatedConsensus, check_size, decide
from goldsmith.quality.odds import Ballots, ballots, normalise, sums
from goldsmith.quality.skills import Iterations, NonNegative
from goldsmith.quality.votes import Floats, Votes


class GLAD(Aggregator, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="glad"):
    """Generative model of labels, abilities and difficulties: one ability per annotator, one easiness per task.

    Like all models with one number per annotator it fails where annotators lean to a class (bluebird, trec, relevance).
    `skill_` is the ability of each annotator: 0 guesses, below 0 is wrong more often than by guessing. Memory
    O(n_tasks * n_classes + n_annotators).

    Attributes:
        ability: the mean of the normal distribution (of deviation 1) of abilities before any vote.
        log_easiness: the same of the logarithms of easiness.
        n_steps: how many steps the abilities, and the easinesses, go in each iteration.
        tolerance: stop when the joint density gains no more than this per vote.
        max_iterations: stop after so many passes over the votes.
        seed: seeds the hash that decides between level classes.

    Source: Whitehill, Ruvolo, Wu, Bergsma and Movellan (2009), "Whose Vote Should Count More", NIPS, equations 1 to 4,
    with the multi-class form of its supplement: an annotator of ability a is right on a task of easiness b with
    probability 1 / (1 + exp(-a b)), and gives all wrong classes alike; classes are equally frequent. Departure: the
    maximisation goes a few steps of Fisher scoring per iteration, first on the abilities, then on the easinesses,
    instead of conjugate gradients on both; where these end, the gradient is zero all the same.

    Example:
        >>> from goldsmith.quality.votes import Votes
        >>> votes = Votes.from_columns(list("aaabbb"), list("xyzxyz"), list("001110"))
        >>> GLAD().fit(votes).labels_.tolist()
        [0, 1]
    """

    ability: float = 1.0
    log_easiness: float = 1.0
    n_steps: Iterations = 2
    tolerance: NonNegative = 1e-5
    max_iterations: Iterations = 200

    def fit(self, votes: Votes) -> RatedConsensus:
        """The consensus of `votes`; `prior_` is each class's mean posterior, the model's own is level.

        Raises:
            VotesError: there are too many tasks with too many classes for a table of them.
        """
        check_size(votes, numbers_per_task=votes.n_classes)
        given = ballots(votes)
        ability = np.full(votes.n_annotators, self.ability)
        log_easiness = np.full(votes.n_tasks, self.log_easiness)
        bound, has_converged, n_iterations = -np.inf, False, 0
        while True:
            step = _expect(given, ability, log_easiness)
            squares = ((ability - self.ability) ** 2).sum() + ((log_easiness - self.log_easiness) ** 2).sum()
            reached = step.likelihood - squares / 2.0
            has_converged = bool((reached - bound) / votes.n_votes <= self.tolerance)
            bound, n_iterations = reached, n_iterations + 1
            if has_converged or n_iterations == self.max_iterations:
                break
            for _ in range(self.n_steps):
                ability = ability + self._ability_step(given, step.right, ability, log_easiness)
            for _ in range(self.n_steps):
                log_easiness = log_easiness + self._easiness_step(given, step.right, ability, log_easiness)
        return RatedConsensus(
            votes=votes,
            posterior_=step.posterior,
            labels_=decide(step.posterior, votes, seed=self.seed),
            prior_=step.posterior.mean(axis=0),
            skill_=ability,
            n_iterations_=n_iterations,
            has_converged_=has_converged,
        )

    def _ability_step(self, given: Ballots, right: Floats, ability: Floats, log_easiness: Floats) -> Floats:
        votes = given.votes
        easiness = np.exp(log_easiness)[votes.task]
        sure = _logistic(ability[votes.annotator] * easiness)
        slope = sums(votes.annotator, given.weight * (right - sure) * easiness, ability.size) - ability + self.ability
        bend = sums(votes.annotator, given.weight * sure * (1.0 - sure) * easiness**2, ability.size) + 1.0
        return np.clip(slope / bend, -1.0, 1.0)

    def _easiness_step(self, given: Ballots, right: Floats, ability: Floats, log_easiness: Floats) -> Floats:
        votes = given.votes
        product = ability[votes.annotator] * np.exp(log_easiness)[votes.task]
        sure = _logistic(product)
        slope = sums(votes.task, given.weight * (right - sure) * product, votes.n_tasks)
        slope += self.log_easiness - log_easiness
        bend = sums(votes.task, given.weight * sure * (1.0 - sure) * product**2, votes.n_tasks) + 1.0
        return np.clip(slope / bend, -1.0, 1.0)


class _Step(NamedTuple):
    posterior: Floats
    likelihood: float
    right: Floats
    """float64[n_votes], the probability that the vote is for the true class."""


def _expect(given: Ballots, ability: Floats, log_easiness: Floats) -> _Step:
    votes = given.votes
    product = ability[votes.annotator] * np.exp(log_easiness)[votes.task]
    log_others = np.log(max(votes.n_classes - 1, 1))
    posterior = given.totals((product + log_others) * given.weight)
    wrong = -np.logaddexp(0.0, product) - log_others  # the logarithm of the probability of one wrong class
    likelihood = normalise(posterior) + float(given.weight @ wrong) - votes.n_tasks * np.log(votes.n_classes)
    return _Step(posterior, likelihood, posterior.ravel()[given.cell])


def _logistic(x: Floats) -> Floats:
    return np.exp(-np.logaddexp(0.0, -x))


plugin = GLAD
