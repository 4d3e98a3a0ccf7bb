"""The consensus of numbers: each annotator's bias is known, and no answer lies farther out than makes sense."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import NormalDist
from typing import Annotated, NamedTuple

import msgspec
import numpy as np

from goldsmith.errors import VotesError
from goldsmith.quality.votes import Column, Floats, Int32s, Int64s, Votes

NonNegative = Annotated[float, msgspec.Meta(ge=0)]
Positive = Annotated[float, msgspec.Meta(gt=0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class NumericVotes:
    """One number per task and annotator, sorted by task, then by annotator. Made by `NumericVotes.from_columns`.

    Attributes:
        task: int32[n_votes], ascending, in 0 to n_tasks - 1; every task has a vote.
        annotator: int32[n_votes], in 0 to n_annotators - 1.
        value: float64[n_votes], finite.
        starts: int64[n_tasks + 1]; the votes of task t are those from starts[t] up to, not including, starts[t + 1].
        task_names: the name of each task code, sorted.
        annotator_names: the name of each annotator code, sorted.
    """

    task: Int32s
    annotator: Int32s
    value: Floats
    starts: Int64s
    task_names: tuple[str, ...]
    annotator_names: tuple[str, ...]

    @classmethod
    def from_columns(cls, tasks: Column, annotators: Column, values: Iterable[float]) -> "NumericVotes":
        """Votes from three columns of equal length; of several by one annotator on one task the last counts.

        Raises:
            VotesError: there are no votes, the columns differ in length, a name is missing, or a value is not finite.

        Example:
            >>> NumericVotes.from_columns(["b", "a"], ["x", "x"], [2.5, 1]).value.tolist()
            [1.0, 2.5]
        """
        given = np.asarray(values if isinstance(values, np.ndarray) else list(values), np.float64)
        wrong = np.flatnonzero(~np.isfinite(given))
        if wrong.size:
            raise VotesError(f"vote {int(wrong[0])}: its value is {given[wrong[0]]}, not a number; leave it out.")
        votes = Votes.from_columns(tasks, annotators, np.arange(given.size))
        rows = np.array([int(name) for name in votes.classes])[votes.label]
        return cls(
            task=votes.task,
            annotator=votes.annotator,
            value=given[rows],
            starts=votes.starts,
            task_names=votes.task_names,
            annotator_names=votes.annotator_names,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NumericConsensus:
    """The inferred number of every task. Attributes end in `_` because they are inferred.

    Attributes:
        values_: float64[n_tasks].
        low_: float64[n_tasks], lower end of the interval; NaN when no task has two answers.
        high_: float64[n_tasks], upper end, likewise.
        bias_: float64[n_annotators], what is taken off the annotator's answers; 0 on average over all answers.
        reliability_: float64[n_annotators], in [0, 1], how the annotator's answers go with those of the others, as a
            correlation, shrunk towards everyone's.
        n_iterations_: how many passes over the votes were made.
        has_converged_: whether it stopped because nothing changed any more.
    """

    values_: Floats
    low_: Floats
    high_: Floats
    bias_: Floats
    reliability_: Floats
    n_iterations_: int
    has_converged_: bool


class WinsorisedMean(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The weighted mean of the answers, less each annotator's bias, with far ones drawn in.

    An annotator counts by the square root of the correlation of their answers with everyone else's. Weights by inverse
    variance, the textbook's choice, favour those who always answer the middle of the scale, who are never far off and
    say nothing.

    Attributes:
        limit: answers farther from the task's value than so many standard deviations of all residuals are drawn in.
        pseudo_answers: how many answers without bias are added to those of each annotator.
        pseudo_pairs: how many answers as correlated as everyone's are added for the reliability.
        confidence: how often the interval of a task holds the value that endless answers would give, in (0, 1).
        tolerance: stop when no value moves by more than this share of the standard deviation.
        max_iterations: stop after so many passes.

    Source: Dixon and Tukey (1968), "Approximate behavior of the distribution of winsorized t", Technometrics 10, for
    drawing in residuals; Raykar et al. (2010), "Learning from crowds", JMLR 11, section 6, for annotators with a bias
    each. Departures: weights by correlation, as said above; biases are shrunk to 0 by counts. The intervals rest on the
    variance of the task's own residuals, shrunk towards that of all by four pseudo-answers, and are normal.

    Example:
        >>> votes = NumericVotes.from_columns(list("aaabbb"), list("xyzxyz"), [1, 2, 3, 5, 6, 7])
        >>> WinsorisedMean().fit(votes).values_.round(2).tolist()
        [2.0, 6.0]
    """

    limit: Positive = 2.5
    pseudo_answers: NonNegative = 100.0
    pseudo_pairs: NonNegative = 20.0
    confidence: Annotated[float, msgspec.Meta(gt=0, lt=1)] = 0.95
    tolerance: NonNegative = 1e-4
    max_iterations: Annotated[int, msgspec.Meta(ge=1)] = 100

    def fit(self, votes: NumericVotes) -> NumericConsensus:
        """The consensus of `votes`; each pass takes time in proportion to the votes."""
        n_by_annotator = np.bincount(votes.annotator).astype(np.float64)
        now = _State(_mean(votes, votes.value, np.ones(votes.value.size)), np.zeros_like(n_by_annotator))
        weight, spread = np.ones(votes.value.size), 0.0
        reliability = np.ones_like(n_by_annotator)
        n_iterations, has_converged = 0, False
        while not has_converged and n_iterations < self.max_iterations:
            residual = votes.value - now.value[votes.task]
            spread = float(np.sqrt(np.mean((residual - now.bias[votes.annotator]) ** 2)))
            reach = self.limit * spread
            total = np.bincount(votes.annotator, np.clip(residual, -reach, reach), minlength=n_by_annotator.size)
            bias = total / (n_by_annotator + self.pseudo_answers)
            bias -= (bias * n_by_annotator).sum() / n_by_annotator.sum()
            reliability = self._reliability(votes, votes.value - bias[votes.annotator], now.value, weight)
            weight = np.sqrt(reliability)[votes.annotator]
            drawn = np.clip(residual - bias[votes.annotator], -reach, reach)
            value = now.value + _mean(votes, drawn, weight)
            moved = float(np.abs(value - now.value).max())
            now, n_iterations = _State(value, bias), n_iterations + 1
            has_converged = moved <= self.tolerance * spread
        half = self._half_width(votes, now, weight)
        return NumericConsensus(
            values_=now.value,
            low_=now.value - half,
            high_=now.value + half,
            bias_=now.bias,
            reliability_=reliability,
            n_iterations_=n_iterations,
            has_converged_=has_converged,
        )

    def _reliability(self, votes: NumericVotes, unbiased: Floats, value: Floats, weight: Floats) -> Floats:
        """The correlation with everyone else's weighted mean, never below .01, so that each task keeps a weight."""
        total = np.bincount(votes.task, weight)[votes.task]
        others = value[votes.task] * total - weight * unbiased
        is_alone = total - weight <= 1e-9 * total
        others = np.where(is_alone, unbiased, others / np.where(is_alone, 1.0, total - weight))
        one, other = unbiased - unbiased.mean(), others - others.mean()
        both, own, theirs = (self._shrunk(votes, product) for product in (one * other, one**2, other**2))
        scale = np.sqrt(own * theirs)
        correlation: Floats = np.where(scale > 0, both / np.where(scale > 0, scale, 1.0), 1.0)
        reliability: Floats = np.clip(correlation, 0.01, 1.0)
        return reliability

    def _shrunk(self, votes: NumericVotes, products: Floats) -> Floats:
        """float64[n_annotators], the sum of each one's products, and of some that are as everyone's on average."""
        by_annotator: Floats = np.bincount(votes.annotator, products).astype(np.float64)
        return by_annotator + self.pseudo_pairs * float(np.mean(products))

    def _half_width(self, votes: NumericVotes, now: "_State", weight: Floats) -> Floats:
        residual = votes.value - now.bias[votes.annotator] - now.value[votes.task]
        n_answers = np.diff(votes.starts).astype(np.float64)
        n_free = n_answers.sum() - n_answers.size
        if not n_free:
            return np.full(n_answers.size, np.nan)
        pooled = float((residual**2).sum() / n_free)
        of_task = np.bincount(votes.task, residual**2)
        variance = (of_task + _PSEUDO_ANSWERS * pooled) / (n_answers - 1 + _PSEUDO_ANSWERS)
        n_effective = np.bincount(votes.task, weight) ** 2 / np.bincount(votes.task, weight**2)
        half: Floats = NormalDist().inv_cdf((1 + self.confidence) / 2) * np.sqrt(variance / n_effective)
        return half


_PSEUDO_ANSWERS = 4.0
"""How many answers with everyone's variance are added to those of each task, since two or three say little of it."""


class _State(NamedTuple):
    value: Floats
    bias: Floats


def _mean(votes: NumericVotes, values: Floats, weight: Floats) -> Floats:
    return np.bincount(votes.task, weight * values) / np.bincount(votes.task, weight)
