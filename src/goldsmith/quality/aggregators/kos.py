"""KOS: tasks and annotators tell each other how far to believe what the others say."""

from typing import NamedTuple

import numpy as np

from goldsmith.quality.consensus import Aggregator, RatedConsensus, check_size, decide
from goldsmith.quality.odds import Ballots, ballots, normalise, sums
from goldsmith.quality.skills import Iterations, NonNegative
from goldsmith.quality.votes import Floats, Votes


class KOS(Aggregator, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="kos"):
    """Message passing after Karger, Oh and Shah: votes weighed by how their annotators agree with others elsewhere.

    No model of classes that are rare, nor of annotators who lean to one, so it fails on bluebird, trec and relevance.
    The posterior is a monotonous function of the scores, no probability: the softmax of each task's scores, divided by
    their root mean square. `skill_` is the mean of each annotator's messages, of which 1 is the root mean square.
    Time O(n_votes * n_classes) per iteration, memory O(n_tasks * n_classes + n_votes).

    Attributes:
        tolerance: stop when no message changes by more than this, of which 1 is the root mean square.
        max_iterations: stop after so many passes over the votes for each class.
        seed: seeds the hash that decides between level classes.

    Source: Karger, Oh and Shah (2011), "Iterative Learning for Reliable Crowdsourcing Systems", NIPS, section 2; more
    than two classes by binary tasks as in their "Efficient crowdsourcing for multi-class labeling" (SIGMETRICS, 2013),
    but each class against the rest, so that the order of the classes does not matter. Departures: messages start at
    their expectation, 1, not at draws around it; an annotator's message is the mean over their other tasks, with one
    imagined task on which they agree, where the paper, all of whose annotators have equally many tasks, takes the sum:
    with sums a few busy annotators decide (rte falls to 50%); messages are scaled to 1 in each iteration; a vote that
    counts for several is one by as many annotators who hear each other.

    Example:
        >>> from goldsmith.quality.votes import Votes
        >>> votes = Votes.from_columns(list("aaabbb"), list("xyzxyz"), list("001110"))
        >>> KOS().fit(votes).labels_.tolist()
        [0, 1]
    """

    tolerance: NonNegative = 1e-3
    max_iterations: Iterations = 20

    def fit(self, votes: Votes) -> RatedConsensus:
        """The consensus of `votes`; `prior_` is each class's mean posterior.

        Raises:
            VotesError: there are too many tasks with too many classes for a table of them.
        """
        check_size(votes, numbers_per_task=votes.n_classes)
        given, voted = ballots(votes), np.unique(votes.label)
        scores = np.full((votes.n_tasks, votes.n_classes), -np.inf)
        skill, n_iterations, has_converged = np.zeros(votes.n_annotators), 0, True
        is_binary = voted.size == 2
        for code in voted[1:].tolist() if is_binary else voted.tolist():
            found = self._passed(given, np.where(votes.label == code, 1.0, -1.0))
            scores[:, code] = found.scores
            skill += given.means(found.messages)
            n_iterations, has_converged = max(n_iterations, found.n_iterations), has_converged and found.has_converged
        if is_binary:
            scores[:, voted[0]] = -scores[:, voted[1]]
        posterior = scores / _size(scores[:, voted])
        _ = normalise(posterior)
        return RatedConsensus(
            votes=votes,
            posterior_=posterior,
            labels_=decide(posterior, votes, seed=self.seed),
            prior_=posterior.mean(axis=0),
            skill_=skill if is_binary else skill / voted.size,
            n_iterations_=n_iterations,
            has_converged_=has_converged,
        )

    def _passed(self, given: Ballots, said: Floats) -> "_Passed":
        """The scores of one class, from what was said of it: 1 for it, -1 against it."""
        votes, weight = given.votes, given.weight
        others = given.weight_by[votes.annotator] - weight + 1.0
        messages, has_converged, n_iterations = np.ones(votes.n_votes), False, 0
        while not has_converged and n_iterations < self.max_iterations:
            of_task = sums(votes.task, said * messages * weight, votes.n_tasks)[votes.task]
            of_others = of_task - said * messages * np.minimum(weight, 1.0)
            agreeing = said * (of_others / _size(of_others)) * weight
            elsewhere = sums(votes.annotator, agreeing, votes.n_annotators)[votes.annotator] - agreeing
            before, messages = messages, (elsewhere + 1.0) / others
            messages /= _size(messages)
            has_converged = bool(np.abs(messages - before).max() <= self.tolerance)
            n_iterations += 1
        scores = sums(votes.task, said * messages * weight, votes.n_tasks)
        return _Passed(scores, messages, n_iterations, has_converged)


class _Passed(NamedTuple):
    scores: Floats
    messages: Floats
    n_iterations: int
    has_converged: bool


def _size(values: Floats) -> float:
    """The root mean square of the values, or 1 where all are 0."""
    return float(np.sqrt(np.mean(values**2))) or 1.0


plugin = KOS
