"""How fast annotators answer, and who is far from the others."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.errors import VotesError
from goldsmith.quality.votes import Floats, Int64s, Votes

FAR = 3.5
"""A robust z-score from which on somebody is far from the others: 0.05% of a normal pool."""

MIN_TIMED = 10
"""Nobody is called fast or slow on fewer timed answers."""

_MIN_POOL = 5
_TO_SIGMA = 0.6744897501960817  # the median distance from the median of a normal distribution, in standard deviations


class Speeds(NamedTuple):
    """How long answers take, by annotator.

    Attributes:
        median_s: float64[n_annotators], median seconds an answer; not a number without timed answers.
        n_timed: int64[n_annotators], how many answers have a time.
        z: float64[n_annotators], how far from the pool on the log scale in robust standard deviations, below 0 for
            fast ones; not a number for those with fewer than 10 timed answers, and for all where fewer than five have
            so many or more than half are equally fast.
        is_far: bool[n_annotators], whether z is 3.5 or more from 0.
    """

    median_s: Floats
    n_timed: Int64s
    z: Floats
    is_far: NDArray[np.bool_]


def speeds(votes: Votes, seconds: Floats) -> Speeds:
    """The speed of each annotator.

    Args:
        votes: the votes.
        seconds: float64[n_votes], how long each took, above 0; not a number where that is unknown.

    Raises:
        VotesError: there is not one for each vote, or one is not above 0.

    Source: Iglewicz and Hoaglin (1993), "How to Detect and Handle Outliers", section 3.3 (modified z-scores), on
    logarithms, since times are skewed.

    Example:
        >>> votes = Votes.from_columns(list("abc"), list("xxx"), list("000"))
        >>> speeds(votes, np.array([2.0, 4.0, 9.0])).median_s.tolist()
        [4.0]
    """
    if seconds.shape != (votes.n_votes,):
        raise VotesError(f"there are {votes.n_votes} votes and {seconds.size} times; give one for each vote.")
    is_timed = ~np.isnan(seconds)
    wrong = np.flatnonzero(is_timed & ~((seconds > 0) & np.isfinite(seconds)))
    if wrong.size:
        raise VotesError(f"vote {int(wrong[0])} took {seconds[wrong[0]]} s; times are above 0, or missing.")
    annotator, taken = votes.annotator[is_timed], seconds[is_timed]
    n = np.bincount(annotator, minlength=votes.n_annotators)
    taken = taken[np.lexsort((taken, annotator))]
    ends = np.cumsum(n)
    middle = np.minimum(ends - n + (n - 1) // 2, max(len(taken) - 1, 0)), np.minimum(ends - n + n // 2, len(taken) - 1)
    median = np.full(votes.n_annotators, np.nan)
    if len(taken):
        median = np.where(n > 0, (taken[middle[0]] + taken[middle[1]]) / 2, np.nan)
    z = _robust_z(np.where(n >= MIN_TIMED, np.log(median), np.nan))
    with np.errstate(invalid="ignore"):
        return Speeds(median, n, z, np.abs(z) >= FAR)


def _robust_z(values: Floats) -> Floats:
    known = values[~np.isnan(values)]
    if len(known) < _MIN_POOL:
        return np.full(values.shape, np.nan)
    middle = np.median(known)
    spread = np.median(np.abs(known - middle))
    return (values - middle) * _TO_SIGMA / spread if spread > 0 else np.full(values.shape, np.nan)
