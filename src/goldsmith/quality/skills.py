"""Inference of classes and of each annotator's confusion matrix together, by expectation-maximisation."""

from typing import Annotated, ClassVar, Literal, NamedTuple

import msgspec
import numpy as np

from goldsmith.quality.consensus import Aggregator, SkilledConsensus, check_size, decide
from goldsmith.quality.passes import Chances, Counts, Passes
from goldsmith.quality.votes import Floats, Votes

NonNegative = Annotated[float, msgspec.Meta(ge=0)]
Positive = Annotated[float, msgspec.Meta(gt=0)]
Iterations = Annotated[int, msgspec.Meta(ge=1)]
Threads = Annotated[int, msgspec.Meta(ge=1)]


class Model(NamedTuple):
    """What an aggregator believes of classes and annotators, and what of its bound does not depend on the tasks."""

    chances: Chances
    log_density: float = 0.0


class Inferred(NamedTuple):
    """Where the iterations ended."""

    posterior: Floats
    counts: Counts
    model: Model
    bound: float
    n_iterations: int
    has_converged: bool


class ConfusionAggregator(Aggregator, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The base of aggregators with a confusion matrix per annotator; they differ in what they make of the counts.

    It starts from the shares of the votes and stops when the bound, per vote, gains no more than `tolerance`. One pass
    over the votes per iteration: time O(n_votes * n_classes), memory O(n_tasks * n_classes + n_annotators * n_classes
    ** 2).

    Attributes:
        tolerance: stop below this gain per vote.
        max_iterations: stop after so many passes.
        n_threads: how many threads work at once, where votes are many; the result is the same for any number of them.
        seed: seeds the hash that decides between level classes.
    """

    tolerance: NonNegative = 1e-5
    max_iterations: Iterations = 200
    n_threads: Threads = 1
    stops_by: ClassVar[Literal["bound", "counts"]] = "bound"
    """What `tolerance` is about: the bound's gain per vote, or how much of a vote counts for another class than before.
    The bound of a model whose priors move with the answers can fall, and says nothing."""

    def model(self, counts: Counts) -> Model:
        """What to believe of classes and annotators, given the counts."""
        raise NotImplementedError

    def bound(self, likelihood: float, used: Model, found: Model, counts: Counts) -> float:
        """What the iterations raise: the log-likelihood under the model that was used, and that model's density.

        Args:
            likelihood: the log-likelihood of the votes under `used`.
            used: the model from which the posterior was inferred.
            found: the model that was made of the posterior.
            counts: of what it was made.
        """
        del found, counts
        return likelihood + used.log_density

    def point(self, inferred: Inferred) -> Chances:
        """The probabilities to show: those of the last model."""
        return inferred.model.chances

    def infer(self, votes: Votes, posterior: Floats) -> Inferred:
        """Iterate from `posterior`, which is overwritten, until the bound is level.

        Its columns may be finer than the classes voted for: the model's tables then have as many.
        """
        passes = Passes(votes, posterior.shape[1], self.n_threads)
        counts = passes.count(posterior)
        model = self.model(counts)
        bound, has_converged, n_iterations = -np.inf, False, 0
        while not has_converged and n_iterations < self.max_iterations:
            last = counts.answers.copy() if self.stops_by == "counts" else counts.answers
            likelihood, counts = passes.update(model.chances, posterior)
            used, model = model, self.model(counts)
            reached = self.bound(likelihood, used, model, counts)
            moved = reached - bound if self.stops_by == "bound" else float(np.abs(counts.answers - last).sum()) / 2
            has_converged = bool(moved / votes.n_votes <= self.tolerance)
            bound, n_iterations = reached, n_iterations + 1
        return Inferred(posterior, counts, model, bound, n_iterations, has_converged)

    def fit(self, votes: Votes) -> SkilledConsensus:
        """The consensus of `votes`, with the annotators' confusion matrices.

        Raises:
            VotesError: there are too many classes for a matrix of them per annotator.
        """
        check_size(votes, numbers_per_task=votes.n_classes, numbers_per_annotator=votes.n_classes**2)
        return self.consensus_of(votes, self.infer(votes, votes.shares()))

    def consensus_of(self, votes: Votes, inferred: Inferred) -> SkilledConsensus:
        """What is shown of where the iterations ended."""
        probabilities = self.point(inferred)
        return SkilledConsensus(
            votes=votes,
            posterior_=inferred.posterior,
            labels_=decide(inferred.posterior, votes, seed=self.seed),
            prior_=probabilities.prior,
            confusion_=np.ascontiguousarray(probabilities.answering.transpose(0, 2, 1)),
            n_iterations_=inferred.n_iterations,
            has_converged_=inferred.has_converged,
        )


class SkillAggregator(ConfusionAggregator, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The base of aggregators that take the mode, with pseudo-counts against probabilities of zero.

    Attributes:
        class_count: pseudo-count of each class in the class prior.
        tolerance: stop when the logarithm of the joint density gains no more than this per vote.
        max_iterations: stop after so many passes.
        n_threads: how many threads work at once, where votes are many; the result is the same for any number of them.
        seed: seeds the hash that decides between level classes.
    """

    class_count: Positive = 1.0

    def pseudo_counts(self, expected: Floats) -> Floats:
        """What is added to the expected answers before each row becomes a distribution.

        Args:
            expected: float64[n_annotators, n_classes, n_classes], expected number of answers by annotator, class
                answered and true class.

        Returns:
            float64[n_classes, n_classes] for all annotators, or float64[n_annotators, n_classes, n_classes] for each;
            above 0, by class answered and true class.
        """
        raise NotImplementedError

    def class_counts(self, counts: Counts) -> Floats:
        """What is added to the expected number of tasks of each class: float64[n_classes], above 0."""
        return np.full(len(counts.classes), self.class_count)

    def model(self, counts: Counts) -> Model:
        """The mode of the joint density at these counts."""
        class_counts = self.class_counts(counts)
        prior = counts.classes + class_counts
        prior /= prior.sum()
        pseudo = self.pseudo_counts(counts.answers)
        answering = counts.answers + pseudo
        answering /= answering.sum(axis=1, keepdims=True)
        chances = Chances(prior, answering)
        return Model(chances, log_density(chances, class_counts, pseudo) if self.stops_by == "bound" else 0.0)


def log_density(chances: Chances, class_counts: Floats, pseudo: Floats) -> float:
    """The logarithm of the Dirichlet density of `chances` but for a constant, given the pseudo-counts less one."""
    logs = np.log(chances.answering)
    of_answers = (pseudo * (logs.sum(axis=0) if pseudo.ndim == 2 else logs)).sum()
    return float(class_counts @ np.log(chances.prior) + of_answers)


def diagonal_counts(n_classes: int, *, diagonal: float, off_diagonal: float) -> Floats:
    """float64[n_classes, n_classes] with `diagonal` for right answers and `off_diagonal` / n_classes for wrong ones."""
    counts = np.full((n_classes, n_classes), off_diagonal / n_classes)
    np.fill_diagonal(counts, diagonal)
    return counts
