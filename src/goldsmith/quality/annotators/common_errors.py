"""What pairs of annotators get wrong together, and what is to be expected of them."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.jit import compiled, in_place
from goldsmith.quality.annotators.beliefs import Beliefs
from goldsmith.quality.annotators.confusions import confusions
from goldsmith.quality.annotators.newcomers import newcomer_of
from goldsmith.quality.pairs import SharedVotes
from goldsmith.quality.votes import Floats, Int32s, Int64s, Votes

_NEGLIGIBLE = 1e-6
_MOST_WRONG = 0.98  # nobody is expected to be wrong for sure
_ENOUGH_VOTES = 100_000  # to fit one number to
_SLOPES = (0.0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.8)
_EASIEST, _HARDEST = 0.2, 100.0  # how many answers' worth of wrong ones to expect by the matrices are put to each task


class CommonErrors(NamedTuple):
    """What pairs of annotators got wrong together; all float64[n_pairs].

    Attributes:
        n: on how many tasks they are compared.
        same_wrong: on how many both gave the same wrong answer.
        expected: on how many they should have.
        wrong: how many answers of one of them were wrong, on average.
    """

    n: Floats
    same_wrong: Floats
    expected: Floats
    wrong: Floats


class _Given(NamedTuple):
    task: Int32s
    annotator: Int32s
    label: Int32s
    starts: Int64s


class _Model(NamedTuple):
    """What answers are to be expected: matrices by annotator, their sums by task, and the answers there were.

    `weight` is how many answers' worth each task's expectation has against the answers given to it.
    """

    posterior: Floats
    is_gold: NDArray[np.bool_]
    slope: float
    logs: Floats
    matrices: Floats
    summed: Floats
    counts: Int32s
    weight: float


def common_errors(votes: Votes, known: Beliefs, shared: SharedVotes, *, min_shared: int) -> CommonErrors:
    """Count common errors, by gold or by what is believed of a task without the votes of the pair.

    Beliefs come from the matrices of the others who answered, less sure the more they are, by as much as lets them
    foretell one more answer best: annotators err together. That a task misleads is a gamma distribution around what the
    matrices let expect, fitted to how far wrong answers vary. Pairs that share fewer tasks than `min_shared` get zeros.
    """
    found = confusions(votes, known)
    matrices = newcomer_of(found).shrunk(found.counts)
    given = _Given(votes.task, votes.annotator, votes.label, votes.starts)
    summed = np.zeros((votes.n_tasks, votes.n_classes, votes.n_classes))
    moments = np.zeros(2)
    _add_up(given, known.posterior, matrices, (summed, moments))
    weight = moments[1] / moments[0] if moments[0] > 0 else np.inf
    prior = known.posterior.sum(axis=0) + 1
    of_votes = np.log(matrices)[votes.annotator, :, votes.label]
    logs = np.log(prior / prior.sum()) + np.add.reduceat(of_votes, votes.starts[:-1], axis=0)
    model = _Model(
        known.posterior,
        known.is_gold,
        _fitted_slope(given, logs, matrices),
        logs,
        matrices,
        summed,
        votes.counts(),
        float(np.clip(weight, _EASIEST, _HARDEST)),
    )
    n_pairs = len(shared.annotators)
    counted = CommonErrors(np.zeros(n_pairs), np.zeros(n_pairs), np.zeros(n_pairs), np.zeros(n_pairs))
    compared = np.flatnonzero(np.diff(shared.starts) >= min_shared)
    _compare((given, compared), shared, model, counted)
    return counted


def _fitted_slope(given: _Given, logs: Floats, matrices: Floats) -> float:
    """How fast beliefs lose certainty with the answers they rest on, so that they foretell a further answer best."""
    likelihoods = [_foretold(given, logs, matrices, slope) for slope in _SLOPES]
    return _SLOPES[int(np.argmax(likelihoods))]


@compiled
def _foretold(given: _Given, logs: Floats, matrices: Floats, slope: float) -> float:
    """The log-likelihood of each answer by what the others to the task let believe."""
    total = 0.0
    belief = np.empty(logs.shape[1])
    for i in range(0, len(given.task), 1 + len(given.task) // _ENOUGH_VOTES):
        t, a, label = given.task[i], given.annotator[i], given.label[i]
        n_others = given.starts[t + 1] - given.starts[t] - 1
        if n_others > 0:
            belief[:] = (logs[t] - np.log(matrices[a, :, label])) / (1 + slope * (n_others - 1))
            belief[:] = np.exp(belief - belief.max())
            total += np.log((belief * matrices[a, :, label]).sum() / belief.sum())
    return total


@in_place
def _add_up(given: _Given, posterior: Floats, matrices: Floats, into: tuple[Floats, Floats]) -> None:
    """Sum the matrices of each task's annotators; and the variance of wrong answers beyond it, with their square.

    The quotient of the two moments is the weight of a gamma distribution of how misleading a task is.
    """
    summed, moments = into
    n_tasks, k = posterior.shape
    for t in range(n_tasks):
        start, end = given.starts[t], given.starts[t + 1]
        for true in range(k):
            p = posterior[t, true]
            for c in range(k):
                expected, variance, n = 0.0, 0.0, 0.0
                for i in range(start, end):
                    chance = matrices[given.annotator[i], true, c]
                    expected += chance
                    variance += chance * (1 - chance)
                    n += given.label[i] == c
                summed[t, true, c] = expected
                if c != true and end - start > 1:
                    moments[0] += p * ((n - expected) * (n - expected) - variance)
                    moments[1] += p * expected * expected


@compiled
def _compare(cases: tuple[_Given, Int64s], shared: SharedVotes, model: _Model, counted: CommonErrors) -> None:
    """Count common errors, and what is to be expected, by what is believed of each task without the pair's votes."""
    given, compared = cases
    k = model.posterior.shape[1]
    belief, by_first, by_second = np.empty(k), np.empty(k), np.empty(k)
    for pair in compared:
        a, b = int(shared.annotators[pair, 0]), int(shared.annotators[pair, 1])
        for at in range(shared.starts[pair], shared.starts[pair + 1]):
            i, j = shared.first[at], shared.second[at]
            t, one, other = int(given.task[i]), int(given.label[i]), int(given.label[j])
            n_others = given.starts[t + 1] - given.starts[t] - 2
            temperature = 1 + model.slope * max(0.0, n_others - 1.0)  # the others may err together, too
            if model.posterior[t].max() <= 0:
                continue
            if model.is_gold[t]:
                belief[:] = model.posterior[t]
            else:
                for true in range(k):
                    own = model.matrices[a, true, one] * model.matrices[b, true, other]
                    belief[true] = (model.logs[t, true] - np.log(own)) / temperature
                belief[:] = np.exp(belief - belief.max())
                belief /= belief.sum()
            counted.n[pair] += 1
            counted.wrong[pair] += 1 - (belief[one] + belief[other]) / 2
            if one == other:
                counted.same_wrong[pair] += 1 - belief[one]
            for true in range(k):
                if belief[true] > _NEGLIGIBLE:
                    _expect(model, (t, true, a, b), (one, other), (by_first, by_second))
                    for c in range(k):
                        counted.expected[pair] += belief[true] * (1 - belief[c]) * by_first[c]


@in_place
def _expect(
    model: _Model, case: tuple[int, int, int, int], given: tuple[int, int], found: tuple[Floats, Floats]
) -> None:
    """Fill the first of `found` with how probable it is that both give each class, where one class is true."""
    t, true, a, b = case
    both, more = found
    first_wrong, second_wrong = 0.0, 0.0
    for c in range(len(both)):
        if c != true:
            first, second = model.matrices[a, true, c], model.matrices[b, true, c]
            n_alike = model.counts[t, c] - (given[0] == c) - (given[1] == c)
            more[c] = (n_alike + model.weight) / (model.summed[t, true, c] - first - second + model.weight)
            first_wrong += first * more[c]
            second_wrong += second * more[c]
    first_less = 1 if first_wrong < _MOST_WRONG else _MOST_WRONG / first_wrong
    second_less = 1 if second_wrong < _MOST_WRONG else _MOST_WRONG / second_wrong
    both[true] = (1 - first_wrong * first_less) * (1 - second_wrong * second_less)
    for c in range(len(both)):
        if c != true:
            first = model.matrices[a, true, c] * more[c] * first_less
            second = model.matrices[b, true, c] * more[c] * second_less
            # How misleading a task is, is itself unsure: the mean of its square is above the square of its mean.
            n_alike = model.counts[t, c] - (given[0] == c) - (given[1] == c)
            both[c] = min(first * second * (1 + 1 / (n_alike + model.weight)), first, second)
