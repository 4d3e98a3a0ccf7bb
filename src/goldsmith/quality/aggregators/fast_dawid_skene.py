"""Fast Dawid-Skene: each task has one class at a time, so a few passes are enough."""

import numpy as np

from goldsmith.quality.consensus import Aggregator, SkilledConsensus, check_size, decide
from goldsmith.quality.likelihood import likeliest, likeliest_point
from goldsmith.quality.odds import winners
from goldsmith.quality.passes import Passes
from goldsmith.quality.skills import Inferred, Iterations, Threads
from goldsmith.quality.votes import Votes


class FastDawidSkene(Aggregator, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="fast-dawid-skene"):
    """Dawid-Skene that takes the most probable class of each task for certain in every iteration.

    It converges in a few iterations. The posterior is that of the last iteration, before it is taken for certain.

    Attributes:
        max_iterations: stop after so many passes over the votes.
        n_threads: how many threads work at once, where votes are many; the result is the same for any number of them.
        seed: seeds the hash that decides between level classes.

    Source: Sinha, Rao and Balasubramanian (2018), "Fast Dawid-Skene: A Fast Vote Aggregation Scheme for Sentiment
    Classification", algorithm 1, with the start at the majority vote. Departures: of m level classes each counts for
    1 / m instead of one being drawn; counts below 1e-10 are raised to it, as in `dawid-skene-ml`; it stops when no
    task changes its class, not when the class shares change by less than 1e-4 in all.

    Example:
        >>> from goldsmith.quality.votes import Votes
        >>> votes = Votes.from_columns(list("aaabbb"), list("xyzxyz"), list("001110"))
        >>> FastDawidSkene().fit(votes).labels_.tolist()
        [0, 1]
    """

    max_iterations: Iterations = 100
    n_threads: Threads = 1

    def fit(self, votes: Votes) -> SkilledConsensus:
        """The consensus of `votes`, with the annotators' confusion matrices.

        Raises:
            VotesError: there are too many classes for a matrix of them per annotator.
        """
        check_size(votes, numbers_per_task=votes.n_classes, numbers_per_annotator=votes.n_classes**2)
        posterior, passes = votes.shares(), Passes(votes, votes.n_classes, self.n_threads)
        taken, has_converged, n_iterations = winners(posterior), False, 0
        counts = passes.count(taken)
        while not has_converged and n_iterations < self.max_iterations:
            _ = passes.update(likeliest(counts).chances, posterior)
            before, taken = taken, winners(posterior)
            counts = passes.count(taken)
            has_converged, n_iterations = np.array_equal(taken, before), n_iterations + 1
        inferred = Inferred(posterior, counts, likeliest(counts), np.nan, n_iterations, has_converged)
        probabilities = likeliest_point(inferred)
        return SkilledConsensus(
            votes=votes,
            posterior_=posterior,
            labels_=decide(posterior, votes, seed=self.seed),
            prior_=probabilities.prior,
            confusion_=np.ascontiguousarray(probabilities.answering.transpose(0, 2, 1)),
            n_iterations_=n_iterations,
            has_converged_=has_converged,
        )


plugin = FastDawidSkene
