"""Cohen's kappa of two annotators, and its mean over all pairs who share enough items."""

from typing import NamedTuple

import numpy as np

from goldsmith.errors import VotesError
from goldsmith.kit.jit import in_place
from goldsmith.quality.measures import Measure, bootstrapped_by_rows, unmeasured
from goldsmith.quality.pairs import shared_votes
from goldsmith.quality.votes import Floats, Int32s, Int64s, Votes

COHEN = "cohen-kappa"
MEAN_COHEN = "mean-cohen-kappa"

MIN_SHARED = 10
"""Items that two annotators have to share before their kappa counts in a mean: with few it is nearly noise."""

_ALL_ONE_CLASS = "both annotators always gave the same one class, so agreement cannot be told from chance."


def cohen_kappa(votes: Votes, first: str, second: str, *, rng: np.random.Generator, n_resamples: int = 1000) -> Measure:
    """Cohen's kappa of two annotators on the items that both answered, with a bootstrap interval.

    Args:
        votes: all votes.
        first: the name of one annotator.
        second: the name of the other.
        rng: draws the resampled items.
        n_resamples: how many resamples the interval rests on; 0 for the value alone.

    Returns:
        The value is None when they share no item or both always gave the same one class.

    Raises:
        VotesError: a name is unknown, or both are the same.

    Source: Cohen (1960), "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20,
    equation 1.

    Example:
        >>> votes = Votes.from_columns(list("aabbcc"), list("xyxyxy"), list("001101"))
        >>> cohen_kappa(votes, "x", "y", rng=np.random.default_rng(0)).value
        0.4
    """
    one, other = _code_of(first, votes), _code_of(second, votes)
    if one == other:
        raise VotesError(f"{first!r} is compared with itself; name two annotators.")
    by_one, by_other = np.flatnonzero(votes.annotator == one), np.flatnonzero(votes.annotator == other)
    tasks, at_one, at_other = np.intersect1d(
        votes.task[by_one], votes.task[by_other], assume_unique=True, return_indices=True
    )
    if not len(tasks):
        return unmeasured(COHEN, 0, f"{first!r} and {second!r} answered no item in common.")
    k = votes.n_classes
    cells = votes.label[by_one[at_one]].astype(np.int64) * k + votes.label[by_other[at_other]]
    used, n_of_cell = np.unique(cells, return_counts=True)
    answers = _Answers(used // k, used % k)
    return bootstrapped_by_rows(
        COHEN,
        lambda drawn: _kappa_of(answers, drawn, k),
        n_of_row=n_of_cell.astype(np.int64),
        rng=rng,
        n_resamples=n_resamples,
        note=_ALL_ONE_CLASS,
    )


def mean_cohen_kappa(
    votes: Votes, *, rng: np.random.Generator, n_resamples: int = 1000, min_shared: int = MIN_SHARED
) -> Measure:
    """The mean of Cohen's kappa over pairs of annotators, each pair counted by the items it shares.

    Args:
        votes: all votes.
        rng: draws the resampled items.
        n_resamples: how many resamples the interval rests on; 0 for the value alone.
        min_shared: pairs that share fewer items take no part; neither do those who both always gave the same one class.

    Returns:
        The value is None when no pair takes part; `n` counts the items that such a pair shares.

    Source: Light (1971), "Measures of response agreement for qualitative data", Psychological Bulletin 76. Departure:
    pairs count by the items that they share, which is his mean where all annotators answer all items.

    Example:
        >>> votes = Votes.from_columns(list("aabbcc"), list("xyxyxy"), list("001101"))
        >>> round(mean_cohen_kappa(votes, rng=np.random.default_rng(0), min_shared=3).value, 3)
        0.4
    """
    shared = shared_votes(votes)
    n_shared = np.diff(shared.starts)
    is_kept = np.repeat(n_shared >= min_shared, n_shared)
    if not is_kept.any():
        return unmeasured(MEAN_COHEN, 0, f"no two annotators share {min_shared} items, so their kappas say little.")
    items, item = np.unique(votes.task[shared.first[is_kept]], return_inverse=True)
    first, second = votes.label[shared.first[is_kept]], votes.label[shared.second[is_kept]]
    starts = np.concatenate(([0], np.cumsum(n_shared[n_shared >= min_shared])))
    given = _Shared(starts, item, first, second)

    def mean(drawn: Int64s) -> float:
        totals, tallies = np.zeros(2), np.zeros((2, votes.n_classes))
        _add_kappas(given, drawn, tallies, totals)
        return float(totals[0] / totals[1]) if totals[1] > 0 else np.nan

    one_each = np.ones(len(items), np.int64)
    return bootstrapped_by_rows(
        MEAN_COHEN, mean, n_of_row=one_each, rng=rng, n_resamples=n_resamples, note=_ALL_ONE_CLASS
    )


class _Shared(NamedTuple):
    starts: Int64s
    item: Int64s
    first: Int32s
    second: Int32s


class _Answers(NamedTuple):
    first: Int64s
    second: Int64s


def _code_of(name: str, votes: Votes) -> int:
    if name not in votes.annotator_names:
        raise VotesError(f"{name!r} is no annotator of these votes; name one who answered.")
    return votes.annotator_names.index(name)


def _kappa_of(answers: _Answers, drawn: Int64s, n_classes: int) -> float:
    n = drawn.sum()
    first = np.bincount(answers.first, drawn, minlength=n_classes)
    second = np.bincount(answers.second, drawn, minlength=n_classes)
    by_chance = float(first @ second) / n
    agreed = float(drawn[answers.first == answers.second].sum())
    return (agreed - by_chance) / (n - by_chance) if by_chance < n else np.nan


@in_place
def _add_kappas(shared: _Shared, drawn: Int64s, tallies: Floats, totals: Floats) -> None:
    """Add up kappa times shared items, and the shared items, of the pairs that have a kappa."""
    starts, item, first, second = shared
    for pair in range(len(starts) - 1):
        tallies[:] = 0.0
        n, agreed = 0.0, 0.0
        for at in range(starts[pair], starts[pair + 1]):
            weight = float(drawn[item[at]])
            n += weight
            tallies[0, first[at]] += weight
            tallies[1, second[at]] += weight
            if first[at] == second[at]:
                agreed += weight
        by_chance = 0.0
        for c in range(tallies.shape[1]):
            by_chance += tallies[0, c] * tallies[1, c]
        if n > 0 and by_chance < n * n:
            totals[0] += n * (agreed * n - by_chance) / (n * n - by_chance)
            totals[1] += n
