"""Any kind of answer through its distance: how far each annotator errs, and which answer is nearest to the truth."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Generic, TypeVar

import msgspec
import numpy as np

from goldsmith.errors import VotesError
from goldsmith.kit.digest import canonical_json
from goldsmith.quality.consensus import LEVEL
from goldsmith.quality.votes import Floats, Int32s, Int64s

Answer = TypeVar("Answer")
NonNegative = Annotated[float, msgspec.Meta(ge=0)]
Positive = Annotated[float, msgspec.Meta(gt=0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Distances(Generic[Answer]):
    """How far the answers to each task are from each other. Made by `distances_between`.

    Attributes:
        answers: all answers, by task, and within a task in the order of their canonical JSON.
        annotator: int32[n_answers], in 0 to n_annotators - 1.
        starts: int64[n_tasks + 1]; the answers to task t are those from starts[t] up to, not including, starts[t + 1].
        one: int64[n_pairs], an answer; every pair of different answers to a task stands here both ways round.
        other: int64[n_pairs], another answer to the same task.
        apart: float64[n_pairs], their distance, in [0, 1].
        annotator_names: the name of each annotator code, sorted.
    """

    answers: tuple[Answer, ...]
    annotator: Int32s
    starts: Int64s
    one: Int64s
    other: Int64s
    apart: Floats
    annotator_names: tuple[str, ...]


def distances_between(
    answers: Sequence[Mapping[str, Answer]], distance: Callable[[Answer, Answer], float]
) -> Distances[Answer]:
    """The distances between each task's answers, JSON values by annotator.

    Args:
        answers: for each task, what each annotator answered.
        distance: how different two answers are, in [0, 1], symmetric, 0 for equal ones.

    Raises:
        VotesError: there are no tasks, one has no answers, or a distance lies outside of [0, 1].

    Example:
        >>> found = distances_between([{"ann": 0.25, "bob": 0.5}], lambda a, b: abs(a - b))
        >>> found.apart.tolist()
        [0.25, 0.25]
    """
    if not answers:
        raise VotesError("there are no answers to aggregate; collect answers first.")
    names = sorted({name for given in answers for name in given})
    code_of = {name: code for code, name in enumerate(names)}
    flat: list[Answer] = []
    who: list[int] = []
    pairs: list[tuple[int, int, float]] = []
    starts = [0]
    for task, given in enumerate(answers):
        if not given:
            raise VotesError(f"task {task} has no answers; leave it out.")
        rows = sorted(given, key=lambda name: (canonical_json(given[name]), name))
        flat += [given[name] for name in rows]
        who += [code_of[name] for name in rows]
        for i in range(starts[-1], len(flat)):
            for j in range(starts[-1], i):
                apart = distance(flat[i], flat[j])
                if not 0 <= apart <= 1:
                    raise VotesError(f"task {task}: a distance between answers is {apart}, outside of 0 to 1.")
                pairs += [(i, j, apart), (j, i, apart)]
        starts.append(len(flat))
    columns = np.array(pairs, np.float64).reshape(-1, 3)
    return Distances(
        answers=tuple(flat),
        annotator=np.array(who, np.int32),
        starts=np.array(starts, np.int64),
        one=columns[:, 0].astype(np.int64),
        other=columns[:, 1].astype(np.int64),
        apart=columns[:, 2].copy(),
        annotator_names=tuple(names),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NearestConsensus(Generic[Answer]):
    """The best answer to every task. Attributes end in `_` because they are inferred.

    Attributes:
        answers_: the best answer of each task.
        index_: int64[n_tasks], its place in `Distances.answers`.
        probability_: float64[n_answers], how probable it is that each answer is the best of its task; not calibrated.
        expected_distance_: float64[n_tasks], from the best answer to the truth, were it one of the answers; NaN for an
            only answer, of which nothing is known.
        error_: float64[n_annotators], above 0, the expected distance of an annotator's answers to the truth; weights
            for `medoid` are 1 / error_.
        n_iterations_: how many passes over the pairs were made.
        has_converged_: whether it stopped because no error changed any more.
    """

    answers_: tuple[Answer, ...]
    index_: Int64s
    probability_: Floats
    expected_distance_: Floats
    error_: Floats
    n_iterations_: int
    has_converged_: bool


class NearestAnswer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of each task's answers the one nearest to the others, which count by the inverse of their annotators' errors.

    The truth of a task is taken for one of its answers, and the distance of every answer to it for exponentially
    distributed around the annotator's error. So the probability of an answer falls with the sum of distance / error
    over all answers; its own distance is 0, and it gains by its annotator's reliability. An annotator's error is
    estimated from the distances to the answers of others alone: else who is believed once would be believed ever after.

    Attributes:
        pseudo_answers: how many answers with everyone's error are added to those of each annotator.
        tolerance: stop when no error changes by more than this share.
        max_iterations: stop after so many passes.

    Source: Braylan and Lease (2020), "Modeling and aggregation of complex annotations via annotation distances", WWW,
    whose smallest average distance is the first pass, and whose weights by annotator are inferred here by expectation
    and maximisation instead of from coordinates in a space of answers.

    Example:
        >>> given = [{"a": 0.1, "b": 0.1, "c": 0.9}, {"a": 0.5, "b": 0.5, "c": 0.2}, {"a": 0.7, "c": 0.3}]
        >>> NearestAnswer().fit(distances_between(given, lambda a, b: abs(a - b))).answers_
        (0.1, 0.5, 0.7)
    """

    pseudo_answers: NonNegative = 10.0
    tolerance: Positive = 1e-4
    max_iterations: Annotated[int, msgspec.Meta(ge=1)] = 200

    def fit(self, given: Distances[Answer]) -> NearestConsensus[Answer]:
        """The best answers; each pass takes time in proportion to the pairs."""
        n_by_annotator = np.bincount(given.annotator).astype(np.float64)
        everyone = float(given.apart.mean()) + _LEAST_ERROR if given.apart.size else 1.0
        error = np.full(n_by_annotator.size, everyone)
        probability, n_iterations, has_converged = _probabilities(given, error), 0, False
        while not has_converged and n_iterations < self.max_iterations:
            of_answer = _expected_distances(given, probability + _DOUBT)
            is_known = np.isfinite(of_answer)
            everyone = float(of_answer[is_known].mean()) + _LEAST_ERROR if is_known.any() else everyone
            total = np.bincount(given.annotator, np.where(is_known, of_answer, everyone))
            total += self.pseudo_answers * everyone
            found = (total + _LEAST_ERROR) / (n_by_annotator + self.pseudo_answers + 1)
            has_converged = bool((np.abs(found - error) <= self.tolerance * error).all())
            error, n_iterations = found, n_iterations + 1
            probability = _probabilities(given, error)
        index = _best(given, probability)
        distance = np.bincount(given.one, probability[given.other] * given.apart, minlength=len(given.answers))
        chosen: list[int] = index.tolist()
        return NearestConsensus(
            answers_=tuple(given.answers[i] for i in chosen),
            index_=index,
            probability_=probability,
            expected_distance_=np.where(np.diff(given.starts) > 1, distance[index], np.nan),
            error_=error,
            n_iterations_=n_iterations,
            has_converged_=has_converged,
        )


_LEAST_ERROR = 1e-6
_DOUBT = 1e-3
"""No answer is so improbable that an annotator whose own answer is the best one had nothing to be measured by."""


def _probabilities(given: Distances[Answer], error: Floats) -> Floats:
    weight = 1 / error[given.annotator]
    cost = np.bincount(given.one, given.apart * weight[given.other], minlength=len(given.answers))
    n_answers = np.diff(given.starts)
    least = np.repeat(np.minimum.reduceat(cost, given.starts[:-1]), n_answers)
    probability = np.exp(least - cost)
    shared: Floats = probability / np.repeat(np.add.reduceat(probability, given.starts[:-1]), n_answers)
    return shared


def _expected_distances(given: Distances[Answer], probability: Floats) -> Floats:
    """float64[n_answers], to the best of the other answers; NaN for an only answer."""
    n = len(given.answers)
    weight = np.bincount(given.one, probability[given.other], minlength=n)
    total = np.bincount(given.one, probability[given.other] * given.apart, minlength=n)
    return np.where(weight > 0, total / np.where(weight > 0, weight, 1.0), np.nan)


def _best(given: Distances[Answer], probability: Floats) -> Int64s:
    """int64[n_tasks], the first of the most probable answers: they stand in the order of their canonical JSON."""
    starts: list[int] = given.starts.tolist()
    best: list[int] = []
    for first, last in pairwise(starts):
        of_task = probability[first:last]
        best.append(first + int(np.argmax(of_task >= of_task.max() - LEVEL)))
    return np.array(best, np.int64)
