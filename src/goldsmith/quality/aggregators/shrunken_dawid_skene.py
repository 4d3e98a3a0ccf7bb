"""Shrunken Dawid-Skene: annotators confuse what the crowd confuses, each as often as their own skill says."""

from typing import ClassVar, Literal

import numpy as np

from goldsmith.quality.passes import Counts
from goldsmith.quality.skills import NonNegative, Positive, SkillAggregator, diagonal_counts
from goldsmith.quality.votes import Floats

_EDGE = 1e-3
"""Shares of right answers stay this far from 0 and 1, so that their odds are finite."""


class ShrunkenDawidSkene(
    SkillAggregator, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="shrunken-dawid-skene"
):
    """Dawid-Skene whose confusion matrices are shrunk towards those of the crowd at each annotator's own skill.

    An annotator with few answers in a class is not taken for an average one, as in `pooled-dawid-skene`, but for one
    who confuses classes as the crowd does and is right as often as this annotator is elsewhere. The best single model
    on 13 sets of real answers, whole and thinned out.

    With few answers for each parameter, the class prior and the matrices can explain each other, and a rare class is
    swallowed by its neighbour. The prior is therefore drawn to equal shares by as many tasks as `evenness` times the
    squared number of parameters per vote, which is next to nothing where there are answers enough.

    Attributes:
        strength: how many answers in each row of its confusion matrix the annotator's expected matrix is worth.
        skill_strength: how many answers the crowd's skill is worth in the skill of an annotator.
        evenness: how much a class prior that rests on few answers is drawn to equal shares; 0 for not at all.
        class_count: pseudo-count of each class in the class prior.
        tolerance: stop when no more than this share of the votes counts for another class than before.
        max_iterations: stop after so many passes over the votes.
        n_threads: how many threads work at once, where votes are many; the result is the same for any number of them.
        seed: seeds the hash that decides between level classes.

    Source: Dawid and Skene (1979), Applied Statistics 28, with Dirichlet priors whose means are estimated anew in every
    iteration (empirical Bayes; Gelman et al., "Bayesian Data Analysis", section 5.1). An annotator's mean row has the
    crowd's odds of being right, times the ratio of the annotator's odds to those of the crowd on the same classes; its
    wrong answers are divided as the crowd's. The pooled matrix has pseudo-counts of 1 for right answers and
    1 / n_classes for each wrong one. `evenness` and the strengths were chosen on 13 sets of real answers.

    Example:
        >>> from goldsmith.quality.votes import Votes
        >>> votes = Votes.from_columns(list("abcc"), list("xxxy"), list("0111"))
        >>> ShrunkenDawidSkene().fit(votes).labels_.tolist()
        [0, 1, 1]
    """

    stops_by: ClassVar[Literal["bound", "counts"]] = "counts"

    strength: Positive = 3.0
    skill_strength: Positive = 5.0
    evenness: NonNegative = 12.0

    def pseudo_counts(self, expected: Floats) -> Floats:
        """Each annotator's expected matrix, as `strength` answers a row."""
        n_classes = expected.shape[1]
        pooled = expected.sum(axis=0) + diagonal_counts(n_classes, diagonal=1.0, off_diagonal=1.0)
        pooled /= pooled.sum(axis=0)
        by_class = np.clip(np.diagonal(pooled), _EDGE, 1 - _EDGE)
        right = self._right(expected, by_class)
        means = pooled * ((1 - right) / (1 - by_class))[:, np.newaxis, :]
        means[:, range(n_classes), range(n_classes)] = right
        return self.strength * means

    def _right(self, expected: Floats, by_class: Floats) -> Floats:
        """float64[n_annotators, n_classes], how often each annotator is expected to be right where a class is true."""
        in_class = expected.sum(axis=1)
        n_answers = in_class.sum(axis=1)
        n_right = np.trace(expected, axis1=1, axis2=2)
        of_crowd = (in_class @ by_class + by_class.mean() * _EDGE) / (n_answers + _EDGE)
        of_crowd = np.clip(of_crowd, _EDGE, 1 - _EDGE)
        own = (n_right + self.skill_strength * of_crowd) / (n_answers + self.skill_strength)
        own = np.clip(own, _EDGE, 1 - _EDGE)
        times = own / (1 - own) * (1 - of_crowd) / of_crowd
        odds: Floats = times[:, np.newaxis] * (by_class / (1 - by_class))
        return odds / (1 + odds)

    def class_counts(self, counts: Counts) -> Floats:
        """The same for each class that anybody votes for, more of it the more parameters there are for a vote."""
        n_annotators, k, _ = counts.answers.shape
        votes_by_class: Floats = counts.answers.sum(axis=(0, 2))
        per_vote = n_annotators * k * (k - 1) / float(votes_by_class.sum())
        share = min(self.evenness * per_vote**2, _MOST_EVEN)
        even: Floats = (votes_by_class > 0) * (share * float(counts.classes.sum()) / np.count_nonzero(votes_by_class))
        return self.class_count + even


_MOST_EVEN = 2.0
"""However few answers there are, equal shares count for no more than twice the tasks."""

plugin = ShrunkenDawidSkene
