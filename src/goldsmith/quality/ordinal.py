"""The consensus of grades: a slip by one grade is expected sooner than one by two, and the middle grade decides."""

from dataclasses import dataclass

import numpy as np

from goldsmith.quality.consensus import LEVEL, SkilledConsensus
from goldsmith.quality.skills import Positive, SkillAggregator, diagonal_counts
from goldsmith.quality.votes import Floats, Int32s, Votes


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdinalConsensus(SkilledConsensus):
    """A consensus of classes that have an order.

    Attributes:
        grades_: int32[n_tasks], the median of each task's posterior: of all grades the one with the least expected
            distance from the true one. `labels_` are the most probable ones, as ever.
    """

    grades_: Int32s


class OrdinalDawidSkene(SkillAggregator, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="ordinal"):
    """Dawid-Skene with a banded prior, for classes in the order of their codes, such as grades from 1 to 5.

    Attributes:
        strength: how many answers the prior of each row of a confusion matrix is worth.
        band: how far the prior spreads over the grades beside: it falls by a factor of e for each so many.
        class_count: pseudo-count of each class in the class prior.
        tolerance: stop when the joint density gains no more than this per vote.
        max_iterations: stop after so many passes over the votes.
        n_threads: how many threads work at once, where votes are many; the result is the same for any number of them.
        seed: seeds the hash that decides between level classes.

    Source: Dawid and Skene (1979), Applied Statistics 28; the prior of each row is the row of all annotators together,
    as in `pooled-dawid-skene`, spread by a band matrix with the entries exp(-|i - j| / band). So an annotator who was
    seen to answer 4 for a 3 is believed capable of 5 before 1. A prior with a band alone, not centred on what is seen,
    did worse on real grades: it believes spammers.

    Example:
        >>> votes = Votes.from_columns(list("aaabbb"), list("xyzxyz"), list("112334"), classes=list("1234"))
        >>> [votes.classes[grade] for grade in OrdinalDawidSkene().fit(votes).grades_]
        ['1', '3']
    """

    strength: Positive = 3.0
    band: Positive = 0.5

    def pseudo_counts(self, expected: Floats) -> Floats:
        """The pooled matrix spread over the grades beside, as `strength` answers a row."""
        n_grades = expected.shape[1]
        grades = np.arange(n_grades, dtype=np.float64)
        falling = np.exp(-np.abs(grades[:, None] - grades) / self.band)
        pooled = expected.sum(axis=0) + diagonal_counts(n_grades, diagonal=1.0, off_diagonal=1.0)
        spread = falling / falling.sum(axis=0) @ (pooled / pooled.sum(axis=0))
        return self.strength * spread / spread.sum(axis=0)

    def fit(self, votes: Votes) -> OrdinalConsensus:
        """The consensus of `votes`, with the annotators' confusion matrices and the median grades."""
        found = super().fit(votes)
        below = found.posterior_.cumsum(axis=1)
        return OrdinalConsensus(
            votes=votes,
            posterior_=found.posterior_,
            labels_=found.labels_,
            prior_=found.prior_,
            confusion_=found.confusion_,
            n_iterations_=found.n_iterations_,
            has_converged_=found.has_converged_,
            grades_=(below >= 0.5 - LEVEL).argmax(axis=1).astype(np.int32),
        )
