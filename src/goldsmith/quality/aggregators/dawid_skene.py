"""Dawid-Skene: every annotator has a confusion matrix of their own."""

from goldsmith.quality.skills import Positive, SkillAggregator, diagonal_counts
from goldsmith.quality.votes import Floats


class DawidSkene(SkillAggregator, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="dawid-skene"):
    """True classes, class prior and a confusion matrix per annotator at their joint mode.

    The best single model over 25 sets of real answers with gold, and never below the majority vote on the 13 of them
    that were looked at while choosing it. An annotator with hardly an answer counts for little, even alone on a task:
    see `pooled-dawid-skene` for that case.

    Attributes:
        diagonal: pseudo-count of the right answer in each row of a confusion matrix.
        off_diagonal: pseudo-count that each row's answers share: every wrong one gets off_diagonal / n_classes.
        class_count: pseudo-count of each class in the class prior.
        tolerance: stop when the joint density gains no more than this per vote.
        max_iterations: stop after so many passes over the votes.
        n_threads: how many threads work at once, where votes are many; the result is the same for any number of them.
        seed: seeds the hash that decides between level classes.

    Source: Dawid and Skene (1979), "Maximum likelihood estimation of observer error-rates using the EM algorithm",
    Applied Statistics 28, equations 2.3 to 2.5. Departures: pseudo-counts are added to the class prior and to each row
    of each confusion matrix (the mode under a Dirichlet prior), so that no probability is zero; it stops by the gain of
    the joint density.

    Example:
        >>> from goldsmith.quality.votes import Votes
        >>> votes = Votes.from_columns(list("aaabbb"), list("xyzxyz"), list("001110"))
        >>> DawidSkene().fit(votes).labels_.tolist()
        [0, 1]
    """

    diagonal: Positive = 1.0
    off_diagonal: Positive = 1.0

    def pseudo_counts(self, expected: Floats) -> Floats:
        """The same weak belief in every annotator: right answers are likelier than each wrong one."""
        return diagonal_counts(expected.shape[1], diagonal=self.diagonal, off_diagonal=self.off_diagonal)


plugin = DawidSkene
