"""Drift: annotators who get worse or better while they work."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.errors import VotesError
from goldsmith.kit.jit import compiled
from goldsmith.quality.annotators.beliefs import Beliefs
from goldsmith.quality.annotators.confusions import confusions
from goldsmith.quality.annotators.newcomers import newcomer_of
from goldsmith.quality.votes import Floats, Int64s, Votes

FALSE_ALARM_RATE = 0.01
"""Share of steady annotators who are said to drift."""

ALLOWANCE = 0.25
"""Changes by half a standard deviation of an answer's outcome are found fastest."""

_SLOPE = 0.5
"""How much hotter each answer beyond the first makes what a single model believes, whose annotators err together: on
twelve sets of real answers the best temperature was 1.4 for 3 answers, 2.6 for 10, 6 for 20."""

_N_PERMUTATIONS = 999
_NEGLIGIBLE = 1e-9
_ENOUGH = 30  # permutations with a higher sum end the search: nobody with so many is far out


class Drifts(NamedTuple):
    """Whether annotators answered the same way all the time.

    Attributes:
        statistic: float64[n_annotators], the highest cumulative sum, in standard deviations of an answer's outcome; not
            a number for those with too few timed answers to say: 10 on gold, or 30.
        p_value: float64[n_annotators], how often the same answers in random order have a sum as high, in (0, 1].
        change: float64[n_annotators], -1 where answers got worse, 1 where better, 0 where all are the same.
        since: float64[n_annotators], the time of the first answer after the likeliest change.
        is_drifting: bool[n_annotators], whether the p-value is at most the rate of false alarms.
    """

    statistic: Floats
    p_value: Floats
    change: Floats
    since: Floats
    is_drifting: NDArray[np.bool_]


def drifts(
    votes: Votes,
    times: Floats,
    known: Beliefs,
    *,
    rng: np.random.Generator,
    false_alarm_rate: float = FALSE_ALARM_RATE,
) -> Drifts:
    """Who drifts, by a two-sided cumulative sum of right and wrong answers in the order of time.

    What is summed is how much more often an answer is right than this annotator's answers to tasks of that class, so
    that a change of tasks from easy to hard classes is no drift. The answers of somebody steady to tasks of one class
    are as likely in any order: shuffling them gives the distribution of the highest sum, whatever the accuracy, and so
    a rate of false alarms that holds for few answers too. See `average_run_length` for watching answers as they come.

    Args:
        votes: the votes.
        times: float64[n_votes], when each was given, in any unit; not a number where that is unknown.
        known: what is known of the truth. An annotator's own vote is taken out of the consensus before it is judged.
        rng: shuffles.
        false_alarm_rate: the share of steady annotators who may be said to drift, in (0, 1).

    Raises:
        VotesError: there is not one time for each vote, or the rate is not between 0.001 and 1.

    Source: Page (1954), "Continuous inspection schemes", Biometrika 41, two-sided; the threshold from permutations as
    in Besag and Clifford (1991), "Sequential Monte Carlo p-values", Biometrika 78.

    Example:
        >>> from goldsmith.quality.annotators.beliefs import beliefs
        >>> tasks = [f"{i:02}" for i in range(40)]
        >>> votes = Votes.from_columns(tasks, ["x"] * 40, ["0"] * 30 + ["1"] * 10)
        >>> known = beliefs(votes, gold=dict.fromkeys(tasks, "0"))
        >>> found = drifts(votes, np.arange(40.0), known, rng=np.random.default_rng(0))
        >>> found.is_drifting.tolist(), found.change.tolist()
        ([True], [-1.0])
    """
    if times.shape != (votes.n_votes,):
        raise VotesError(f"there are {votes.n_votes} votes and {times.size} times; give one for each vote.")
    if not 1 / (_N_PERMUTATIONS + 1) <= false_alarm_rate < 1:
        raise VotesError(f"the rate of false alarms is {false_alarm_rate}; it has to be from 0.001 up to 1.")
    is_used = known.used_votes(votes) & ~np.isnan(times)
    order = np.lexsort((times, votes.annotator))
    order = order[is_used[order]]
    watched = _watched(votes, known)
    n = np.bincount(votes.annotator[order], minlength=votes.n_annotators)
    ends = np.cumsum(n)
    found = np.full((votes.n_annotators, 4), np.nan)
    seeds: list[int] = rng.integers(1, 2**62, size=votes.n_annotators).tolist()
    for a in np.flatnonzero(known.suffice(votes) & (n >= 2)).tolist():
        mine = order[ends[a] - n[a] : ends[a]]
        found[a] = _drift_of(watched.outcome[mine], watched.stratum[mine], times[mine], seeds[a])
    with np.errstate(invalid="ignore"):
        is_drifting = found[:, 1] <= false_alarm_rate
    return Drifts(found[:, 0], found[:, 1], found[:, 2], found[:, 3], is_drifting)


def average_run_length(
    accuracy: float,
    *,
    threshold: float,
    rng: np.random.Generator,
    accuracy_before: float | None = None,
    n_runs: int = 1000,
    n_answers: int = 100_000,
) -> float:
    """After how many answers on average the cumulative sum first passes a threshold; at most `n_answers`.

    With a threshold of 10, somebody who stays right 80% of the time is said to drift after 820 answers on average,
    somebody who falls from 80% to 60% after 33; with 8 it is 290 and 25, with 5 it is 64 and 14.

    Args:
        accuracy: how often answers are right while they are watched, in [0, 1].
        threshold: in standard deviations of an answer's outcome, above 0.
        rng: draws the answers.
        accuracy_before: what is expected, in (0, 1); `accuracy` when not given, which is when an alarm is false.
        n_runs: how many annotators are drawn.
        n_answers: after so many answers a run ends without an alarm.

    Source: Page (1954), Biometrika 41; by simulation.
    """
    expected = accuracy if accuracy_before is None else accuracy_before
    if not (0 < expected < 1 and 0 <= accuracy <= 1 and threshold > 0):
        raise VotesError(f"accuracies of {expected} and {accuracy} and a threshold of {threshold} cannot be watched.")
    seed = int(rng.integers(1, 2**62))
    return _run_length((accuracy, expected), (ALLOWANCE, threshold), (n_runs, n_answers), seed)


class _Watched(NamedTuple):
    """By vote: how much more probably right it is than its annotator's on such tasks, and the task's likeliest class.

    Both by what is believed of the task without the vote, which is less sure as the others may err together.
    """

    outcome: Floats
    stratum: Int64s


def _watched(votes: Votes, known: Beliefs) -> _Watched:
    found = confusions(votes, known)
    matrices = newcomer_of(found).shrunk(found.counts)
    n_others = np.maximum(votes.n_answers - 1, 1)
    temperature = (1 + _SLOPE * (n_others - 1.0))[votes.task]
    belief = known.posterior[votes.task] / matrices[votes.annotator, :, votes.label]
    belief **= 1 / temperature[:, np.newaxis]
    total = belief.sum(axis=1, keepdims=True)
    belief = np.divide(belief, total, out=np.zeros_like(belief), where=total > 0)
    right = belief[np.arange(votes.n_votes), votes.label]
    outcome = right - np.einsum("vk,vkl,vl->v", belief, matrices[votes.annotator], belief)
    return _Watched(outcome, belief.argmax(axis=1))


def _drift_of(outcomes: Floats, strata: Int64s, times: Floats, seed: int) -> tuple[float, float, float, float]:
    """The statistic, its p-value, the direction and the time of the change of one annotator's answers in order."""
    spread = float(outcomes.std())
    if spread < _NEGLIGIBLE:
        return 0.0, 1.0, 0.0, np.nan
    steps = (outcomes - outcomes.mean()) / spread
    by_stratum = np.argsort(strata, kind="stable")
    highest = _highest(steps)
    p_value = _permuted(steps, (by_stratum, strata[by_stratum]), highest, seed)
    path = np.cumsum(steps)[:-1]
    last = int(np.abs(path).argmax())  # where what came before differs most from what comes after
    return highest, p_value, -1.0 if path[last] > 0 else 1.0, float(times[last + 1])


@compiled
def _highest(steps: Floats) -> float:
    """The higher one of the two cumulative sums, at its highest."""
    up, down, highest = 0.0, 0.0, 0.0
    for i in range(len(steps)):
        up = max(0.0, up + steps[i] - ALLOWANCE)
        down = max(0.0, down - steps[i] - ALLOWANCE)
        highest = max(highest, up, down)
    return highest


@compiled
def _permuted(steps: Floats, strata: tuple[Int64s, Int64s], highest: float, seed: int) -> float:
    """How probable a sum as high is when the order within each class of tasks says nothing."""
    places, codes = strata
    state, shuffled = np.uint64(seed), steps.copy()
    n_higher = 0
    for drawn in range(1, _N_PERMUTATIONS + 1):
        start = 0
        for end in range(1, len(codes) + 1):
            if end < len(codes) and codes[end] == codes[start]:
                continue
            for i in range(end - 1, start, -1):
                state = _next(state)
                j = start + int((state >> np.uint64(11)) % np.uint64(i - start + 1))
                one, other = places[i], places[j]
                shuffled[one], shuffled[other] = shuffled[other], shuffled[one]
            start = end
        if _highest(shuffled) >= highest - 1e-9:
            n_higher += 1
        if n_higher == _ENOUGH:
            return n_higher / drawn
    return (n_higher + 1) / (_N_PERMUTATIONS + 1)


@compiled
def _run_length(
    accuracies: tuple[float, float], limits: tuple[float, float], sizes: tuple[int, int], seed: int
) -> float:
    accuracy, expected = accuracies
    spread = np.sqrt(expected * (1 - expected))
    state, total = np.uint64(seed), 0
    for _ in range(sizes[0]):
        up, down, n = 0.0, 0.0, 0
        while n < sizes[1] and max(up, down) <= limits[1]:
            state = _next(state)
            is_right = (state >> np.uint64(11)) * (1.0 / 9007199254740992.0) < accuracy
            step = ((1.0 if is_right else 0.0) - expected) / spread
            up, down = max(0.0, up + step - limits[0]), max(0.0, down - step - limits[0])
            n += 1
        total += n
    return total / sizes[0]


@compiled
def _next(state: np.uint64) -> np.uint64:
    """Marsaglia's xorshift64*, without the last multiplication; the lowest bits are not used."""
    state ^= state >> np.uint64(12)
    state ^= state << np.uint64(25)
    state ^= state >> np.uint64(27)
    return state
