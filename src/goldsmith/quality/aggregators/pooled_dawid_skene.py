"""Pooled Dawid-Skene: an annotator is taken for an average one until their own answers say otherwise."""

from goldsmith.quality.skills import Positive, SkillAggregator, diagonal_counts
from goldsmith.quality.votes import Floats


class PooledDawidSkene(
    SkillAggregator, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="pooled-dawid-skene"
):
    """Dawid-Skene whose confusion matrices are shrunk towards the matrix of all annotators together.

    For cold starts: with few answers per annotator, or many classes and few answers per task, the answer of a newcomer
    counts as that of an average annotator instead of being overruled by the class prior.

    Attributes:
        strength: how many answers in each row the pooled matrix is worth.
        class_count: pseudo-count of each class in the class prior.
        tolerance: stop when the joint density gains no more than this per vote.
        max_iterations: stop after so many passes over the votes.
        n_threads: how many threads work at once, where votes are many; the result is the same for any number of them.
        seed: seeds the hash that decides between level classes.

    Source: Dawid and Skene (1979), Applied Statistics 28, with the Dirichlet prior of each row centred at the pooled
    row, which is estimated anew in every iteration (empirical Bayes; Gelman et al., "Bayesian Data Analysis", section
    5.1). The pooled matrix itself has pseudo-counts of 1 for right answers and 1 / n_classes for each wrong one.

    Example:
        >>> from goldsmith.quality.votes import Votes
        >>> votes = Votes.from_columns(list("abcc"), list("xxxy"), list("0111"))
        >>> PooledDawidSkene().fit(votes).labels_.tolist()
        [0, 1, 1]
    """

    strength: Positive = 3.0

    def pseudo_counts(self, expected: Floats) -> Floats:
        """The pooled matrix, as `strength` answers a row."""
        pooled = expected.sum(axis=0) + diagonal_counts(expected.shape[1], diagonal=1.0, off_diagonal=1.0)
        return self.strength * pooled / pooled.sum(axis=0)


plugin = PooledDawidSkene
