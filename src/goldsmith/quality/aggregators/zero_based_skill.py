"""Zero-based skill: weights are moved towards the agreement with the vote that they decide."""

import numpy as np

from goldsmith.quality.consensus import Aggregator, RatedConsensus, check_size, decide
from goldsmith.quality.odds import ballots, shares_of, winners
from goldsmith.quality.skills import Iterations, NonNegative, Positive
from goldsmith.quality.votes import Votes

FIRST_ABOVE_CHANCE = 1e-5


class ZeroBasedSkill(Aggregator, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="zero-based-skill"):
    """Wawa that is repeated with steps that become shorter, until no weight changes.

    `skill_` is the weight of each annotator. The posterior is the share of the weights; a task all of whose annotators
    weigh nothing keeps the shares of its votes.

    Attributes:
        step: how far the weights first go towards the agreement; 1 is all the way.
        steps_to_halve: after so many steps they are half as long.
        tolerance: stop when no weight changes by more than this.
        max_iterations: stop after so many steps.
        seed: seeds the hash that decides between level classes.

    Source: Toloka, "Zero-Based Skill" (documentation of crowd-kit), with its start and steps. Departures: on a tie each
    of the m level classes is agreed with by 1 / m; it stops early when nothing changes.

    Example:
        >>> from goldsmith.quality.votes import Votes
        >>> votes = Votes.from_columns(list("aabbcc"), list("xyxyxy"), list("000001"))
        >>> ZeroBasedSkill().fit(votes).labels_.tolist()
        [0, 0, 0]
    """

    step: Positive = 1.0
    steps_to_halve: Iterations = 20
    tolerance: NonNegative = 1e-5
    max_iterations: Iterations = 100

    def fit(self, votes: Votes) -> RatedConsensus:
        """The consensus of `votes`; `prior_` is each class's mean posterior."""
        check_size(votes, numbers_per_task=votes.n_classes)
        given, shares = ballots(votes), votes.shares()
        skill = np.full(votes.n_annotators, 1.0 / votes.n_classes + FIRST_ABOVE_CHANCE)
        change, n_iterations = np.inf, 0
        while change > self.tolerance and n_iterations < self.max_iterations:
            n_iterations += 1
            scores = shares_of(given.totals(skill[votes.annotator] * given.weight), shares)
            towards = given.means(winners(scores).ravel()[given.cell]) - skill
            change = float(np.abs(towards).max())
            skill = skill + min(1.0, self.step) * 0.5 ** (n_iterations // self.steps_to_halve) * towards
        posterior = shares_of(given.totals(skill[votes.annotator] * given.weight), shares)
        return RatedConsensus(
            votes=votes,
            posterior_=posterior,
            labels_=decide(posterior, votes, seed=self.seed),
            prior_=posterior.mean(axis=0),
            skill_=skill,
            n_iterations_=n_iterations,
            has_converged_=change <= self.tolerance,
        )


plugin = ZeroBasedSkill
