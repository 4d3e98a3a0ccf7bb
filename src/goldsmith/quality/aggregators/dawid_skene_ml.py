"""Dawid-Skene as it was published: confusion matrices of maximum likelihood."""

import numpy as np

from goldsmith.quality.likelihood import likeliest, likeliest_point
from goldsmith.quality.passes import Chances, Counts
from goldsmith.quality.skills import ConfusionAggregator, Inferred, Iterations, Model


class DawidSkeneML(ConfusionAggregator, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="dawid-skene-ml"):
    """True classes, class prior and a confusion matrix per annotator at their greatest likelihood.

    What an annotator was never seen to do counts as all but impossible, so its posteriors are surer of themselves than
    those of `dawid-skene`; it is here to be compared with.

    Attributes:
        tolerance: stop when the bound gains no more than this per vote.
        max_iterations: stop after so many passes over the votes.
        n_threads: how many threads work at once, where votes are many; the result is the same for any number of them.
        seed: seeds the hash that decides between level classes.

    Source: Dawid and Skene (1979), "Maximum likelihood estimation of observer error-rates using the EM algorithm",
    Applied Statistics 28, equations 2.3 to 2.5. Start, clipping and stop are those of crowd-kit 1.4 (`DawidSkene`),
    whose posteriors it equals: it starts from the shares of the votes; expected counts and class shares below 1e-10 are
    raised to it; the bound is the evidence lower bound in which the logarithm of the class prior is counted once per
    vote, not once per task. Departures from crowd-kit: of several votes by one annotator on one task the last counts; a
    class that nobody votes for has no probability; the entropy in the bound is not clipped, which changes it by less
    than 1e-8 per vote.

    Example:
        >>> from goldsmith.quality.votes import Votes
        >>> votes = Votes.from_columns(list("aaabbb"), list("xyzxyz"), list("001110"))
        >>> DawidSkeneML().fit(votes).labels_.tolist()
        [0, 1]
    """

    max_iterations: Iterations = 100

    def model(self, counts: Counts) -> Model:
        """The likeliest model."""
        return likeliest(counts)

    def bound(self, likelihood: float, used: Model, found: Model, counts: Counts) -> float:
        """The evidence lower bound after the model was found, with the class prior once per vote."""
        gain = np.log(found.chances.answering / used.chances.answering)
        gain *= counts.answers
        old, new = (np.log(np.where(one.chances.prior > 0, one.chances.prior, 1.0)) for one in (used, found))
        return float(likelihood + gain.sum() + counts.answers.sum(axis=(0, 1)) @ new - counts.classes @ old)

    def point(self, inferred: Inferred) -> Chances:
        """The likeliest probabilities."""
        return likeliest_point(inferred)


plugin = DawidSkeneML
