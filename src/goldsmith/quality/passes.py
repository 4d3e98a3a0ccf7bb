"""Passes over all votes: from what is believed of annotators to the classes of tasks, and to counts of answers."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from goldsmith.kit.jit import in_place, inlined
from goldsmith.quality.votes import Floats, Int32s, Int64s, Votes

MOST_PARTS = 8
VOTES_PER_PART = 50_000
"""A part with fewer votes is done before another thread has woken up."""
VOTES_PER_ROW = 25
"""A part with fewer votes for each row of its table of counts is busy with clearing and adding up."""


class Counts(NamedTuple):
    """What the votes come to when each task's classes are taken as probable as the posterior has it.

    Attributes:
        answers: float64[n_annotators, n_answers, n_classes], expected number of votes by annotator, class answered and
            true class.
        classes: float64[n_classes], expected number of tasks of each class.
    """

    answers: Floats
    classes: Floats


class Chances(NamedTuple):
    """Probabilities, or geometric means of them, which may sum to less than 1; all at least 0, at most 1.

    Attributes:
        prior: float64[n_classes], of each class.
        answering: float64[n_annotators, n_answers, n_classes], of each answer, given the true class.
    """

    prior: Floats
    answering: Floats


class Updated(NamedTuple):
    """The log-likelihood of the votes under what was believed, and what they come to."""

    log_likelihood: float
    counts: Counts


class Passes:
    """The votes in parts that threads can share; the parts, and so all sums, are the same for any number of threads.

    Memory: a table of counts for each part, of which there are several only where votes are many for its size.

    Args:
        votes: the votes.
        n_columns: how many columns the posterior has: the classes, or finer ones.
        n_threads: how many parts to work on at once.

    Attributes:
        n_parts: how many parts there are.
    """

    def __init__(self, votes: Votes, n_columns: int, n_threads: int = 1) -> None:
        n_rows = votes.n_annotators * votes.n_classes
        n_parts = max(1, min(MOST_PARTS, votes.n_votes // max(VOTES_PER_PART, VOTES_PER_ROW * n_rows)))
        self._ends = np.searchsorted(votes.starts, np.linspace(0, votes.n_votes, n_parts + 1)).tolist()
        self.n_parts = n_parts
        self._answers = np.empty((n_parts, votes.n_annotators, votes.n_classes, n_columns))
        self._classes = np.empty((n_parts, n_columns))
        self._votes = votes
        self._n_threads = min(n_threads, n_parts)

    def count(self, posterior: Floats) -> Counts:
        """Each vote spread over the true classes by `posterior`; the next pass overwrites what is returned.

        Args:
            posterior: float64[n_tasks, n_columns], rows that sum to 1.
        """
        _ = self._over_parts(_count, Chances(_NOTHING, _NOTHING), posterior)
        return self._counts()

    def update(self, chances: Chances, posterior: Floats) -> Updated:
        """Fill `posterior` from what is believed, and count by it; the next pass overwrites the counts.

        Args:
            chances: what is believed of classes and annotators.
            posterior: float64[n_tasks, n_columns], overwritten.
        """
        if self._votes.weight is None:
            log_likelihood = self._over_parts(_multiply, chances, posterior)
        else:
            with np.errstate(divide="ignore"):
                logs = Chances(np.log(chances.prior), np.log(chances.answering))
            log_likelihood = self._over_parts(_add_logs, logs, posterior)
        return Updated(log_likelihood, self._counts())

    def _counts(self) -> Counts:
        for part in self._answers[1:]:
            self._answers[0] += part
        return Counts(self._answers[0], self._classes.sum(axis=0))

    def _over_parts(self, kernel: "_Kernel", chances: Chances, posterior: Floats) -> float:
        votes, flat = self._votes, posterior.reshape(-1, copy=False)
        weight = _NOTHING if votes.weight is None else votes.weight
        given = _Given(votes.annotator, votes.label, votes.starts, weight, votes.n_classes)

        def over(part: int) -> float:
            answers, classes = self._answers[part], self._classes[part]
            answers[:] = 0.0
            classes[:] = 0.0
            tables = _Tables(chances.prior, chances.answering.reshape(-1), flat, answers.reshape(-1), classes)
            return kernel(given, tables, self._ends[part], self._ends[part + 1])

        parts = range(self.n_parts)
        if self._n_threads == 1:
            return sum(map(over, parts))
        with ThreadPoolExecutor(self._n_threads) as threads:
            return sum(threads.map(over, parts))


_NOTHING = np.empty(0)
_TINY = 1e-140
"""A product above it has lost nothing that matters, however many were multiplied: none of them exceeds 1."""
_SMALL = 2.0**-500
_LARGE = 2.0**500


class _Given(NamedTuple):
    annotator: Int32s
    label: Int32s
    starts: Int64s
    weight: Floats
    n_answers: int


class _Tables(NamedTuple):
    """All but `classes` and `prior` are flat; [annotator, class answered, true class] keeps together what a vote needs.

    Places in them are unsigned: for others numba would ask each time whether they are below zero.
    """

    prior: Floats
    answering: Floats
    posterior: Floats
    answers: Floats
    classes: Floats


_Kernel = Callable[[_Given, _Tables, int, int], float]


@in_place
def _multiply(given: _Given, tables: _Tables, first: int, last: int) -> float:
    """Fill the posterior of the tasks from `first` to `last`, count their votes, and return their log-likelihood."""
    prior, answering, posterior = tables.prior, tables.answering, tables.posterior
    n_columns = np.uint64(len(prior))
    log_likelihood, product = 0.0, 1.0  # a logarithm for each task would be a fifth of the time
    for task in range(np.uint64(first), np.uint64(last)):
        place = task * n_columns
        for k in range(n_columns):
            posterior[place + k] = prior[k]
        for i in range(np.uint64(given.starts[task]), np.uint64(given.starts[task + np.uint64(1)])):
            row = _row(given, i) * n_columns
            for k in range(n_columns):
                posterior[place + k] *= answering[row + k]
        total = 0.0
        for k in range(n_columns):
            total += posterior[place + k]
        if not total > _TINY:
            log_likelihood += _multiply_many(given, tables, task)
            total = 0.0
            for k in range(n_columns):
                total += posterior[place + k]
        product *= total
        if product < _TINY:
            log_likelihood += np.log(product)
            product = 1.0
        _take(given, tables, task, 1.0 / total)
    return log_likelihood + np.log(product)


@in_place
def _multiply_many(given: _Given, tables: _Tables, task: int) -> float:
    """Fill the posterior of a task up to a factor, and return its logarithm; as many votes as you like.

    Each class has a number from `_SMALL` to 1 and how often it was multiplied by `_LARGE` to stay there; chances below
    `_SMALL` count as that.
    """
    n_columns = np.uint64(len(tables.prior))
    place, highest = task * n_columns, -len(given.label) - 1
    for k in range(n_columns):
        found, n_times = tables.prior[k], 0
        if 0.0 < found < _SMALL:
            found = _SMALL
        for i in range(np.uint64(given.starts[task]), np.uint64(given.starts[task + np.uint64(1)])):
            found *= max(tables.answering[_row(given, i) * n_columns + k], _SMALL)
            if found < _SMALL:
                found *= _LARGE
                n_times -= 1
        if n_times > highest:
            for before in range(k):
                tables.posterior[place + before] *= _SMALL ** (n_times - highest)
            highest = n_times
        tables.posterior[place + k] = found * _SMALL ** (highest - n_times)
    return highest * np.log(_LARGE)


@in_place
def _add_logs(given: _Given, tables: _Tables, first: int, last: int) -> float:
    """As `_multiply`, for votes with weights, and with the logarithms of what is believed in `tables`."""
    prior, answering, posterior = tables.prior, tables.answering, tables.posterior
    n_columns = np.uint64(len(prior))
    log_likelihood = 0.0
    for task in range(np.uint64(first), np.uint64(last)):
        place = task * n_columns
        for k in range(n_columns):
            posterior[place + k] = prior[k]
        for i in range(np.uint64(given.starts[task]), np.uint64(given.starts[task + np.uint64(1)])):
            row = _row(given, i) * n_columns
            for k in range(n_columns):
                posterior[place + k] += given.weight[i] * answering[row + k]
        highest = posterior[place]
        for k in range(n_columns):
            highest = max(highest, posterior[place + k])
        total = 0.0
        for k in range(n_columns):
            posterior[place + k] = np.exp(posterior[place + k] - highest)
            total += posterior[place + k]
        log_likelihood += highest + np.log(total)
        _take(given, tables, task, 1.0 / total)
    return log_likelihood


@in_place
def _count(given: _Given, tables: _Tables, first: int, last: int) -> float:
    """Count the votes of the tasks from `first` to `last`, spread over the true classes by the posterior."""
    for task in range(np.uint64(first), np.uint64(last)):
        _take(given, tables, task, 1.0)
    return 0.0


@inlined
def _take(given: _Given, tables: _Tables, task: int, factor: float) -> None:
    """Multiply the posterior of a task by `factor`, and add each of its votes to the counts as it then says."""
    posterior, answers, classes = tables.posterior, tables.answers, tables.classes
    n_columns = np.uint64(len(classes))
    place = task * n_columns
    for k in range(n_columns):
        posterior[place + k] *= factor
        classes[k] += posterior[place + k]
    for i in range(np.uint64(given.starts[task]), np.uint64(given.starts[task + np.uint64(1)])):
        row = _row(given, i) * n_columns
        if len(given.weight):
            for k in range(n_columns):
                answers[row + k] += given.weight[i] * posterior[place + k]
        else:
            for k in range(n_columns):
                answers[row + k] += posterior[place + k]


@inlined
def _row(given: _Given, i: int) -> np.uint64:
    """Which row of a table with a row for each annotator and answer a vote is about."""
    return np.uint64(given.annotator[i]) * np.uint64(given.n_answers) + np.uint64(given.label[i])
