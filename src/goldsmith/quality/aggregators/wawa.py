"""Wawa: a vote counts for as much as its annotator agrees with the majority."""

import numpy as np

from goldsmith.quality.consensus import Aggregator, RatedConsensus, check_size, decide
from goldsmith.quality.odds import ballots, shares_of, winners
from goldsmith.quality.skills import NonNegative
from goldsmith.quality.votes import Votes


class Wawa(Aggregator, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="wawa"):
    """Worker agreement with aggregate: the majority vote, and once more with each annotator's agreement as weight.

    Strong for its price: two passes, one number per annotator, a point above the majority vote on 25 sets of real
    answers. The posterior is the share of the weights. A task all of whose annotators weigh nothing keeps the shares of
    its votes. `skill_` is the weight of each annotator.

    Attributes:
        chance: how much of 1 / n_classes, what guessing agrees, is taken off the agreement; what is below 0 is 0.
        seed: seeds the hash that decides between level classes.

    Source: Appen (Figure Eight), "Calculating Worker Agreement with Aggregate (Wawa)". Departures: on a tie each of the
    m level classes is agreed with by 1 / m; `chance`, which is 0 there.

    Example:
        >>> from goldsmith.quality.votes import Votes
        >>> votes = Votes.from_columns(list("aabbcc"), list("xyxyxy"), list("000001"))
        >>> Wawa().fit(votes).skill_.tolist()
        [0.8333333333333334, 0.8333333333333334]
    """

    chance: NonNegative = 0.0

    def fit(self, votes: Votes) -> RatedConsensus:
        """The consensus of `votes`; `prior_` is each class's mean posterior."""
        check_size(votes, numbers_per_task=votes.n_classes)
        given, shares = ballots(votes), votes.shares()
        agreement = given.means(winners(shares).ravel()[given.cell])
        skill = np.maximum(agreement - self.chance / votes.n_classes, 0.0)
        posterior = shares_of(given.totals(skill[votes.annotator] * given.weight), shares)
        return RatedConsensus(
            votes=votes,
            posterior_=posterior,
            labels_=decide(posterior, votes, seed=self.seed),
            prior_=posterior.mean(axis=0),
            skill_=skill,
            n_iterations_=2,
            has_converged_=True,
        )


plugin = Wawa
