"""Krippendorff's alpha for classes, grades and numbers."""

from collections.abc import Callable
from typing import assert_never

import numpy as np

from goldsmith.errors import VotesError
from goldsmith.kit.jit import in_place
from goldsmith.quality.agreement.ratings import (
    NO_PAIRS,
    ONE_CLASS,
    Level,
    Ratings,
    grouped,
    ratings_of_counts,
    ratings_of_values,
)
from goldsmith.quality.agreement.ratios import ratio_difference, ratio_differences
from goldsmith.quality.measures import Measure, bootstrapped_by_rows, unmeasured
from goldsmith.quality.votes import Floats, Int32s, Int64s

ALPHA = "krippendorff-alpha"

_ONE_VALUE = "every answer is the same value, so agreement cannot be told from chance."


def krippendorff_alpha(
    counts: Int32s,
    *,
    rng: np.random.Generator,
    n_resamples: int = 1000,
    level: Level = "nominal",
    values: Floats | None = None,
) -> Measure:
    """Krippendorff's alpha: 1 perfect, 0 as by chance, below 0 worse, with a bootstrap interval.

    Args:
        counts: int32[n_items, n_classes], how many annotators gave each class, such as `Votes.counts()`. Items with
            fewer than two answers take no part.
        rng: draws the resampled items.
        n_resamples: how many resamples the interval rests on; 0 for the value alone.
        level: what the classes are: names, grades in the order of their codes, or numbers.
        values: float64[n_classes], the number that each class is; needed for `interval` and `ratio`, gives the order
            for `ordinal`.

    Returns:
        The value is None when no item has two answers or all answers are one class.

    Raises:
        VotesError: a count is below 0, or the values are missing, not finite, equal, or below 0 for ratios.

    Source: Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", section D. Departures: no coincidence
    matrix is made. Grades differ by the distance of their middle ranks, which is his formula summed up, so that all but
    ratios are sums of squares, in O(n_items * n_classes); ratios see `ratios`. The interval resamples items, not pairs
    as his own algorithm does, since the answers to one item depend on each other.

    Example:
        >>> counts = np.array([[2, 0], [0, 2], [1, 1]], dtype=np.int32)
        >>> round(krippendorff_alpha(counts, rng=np.random.default_rng(0)).value, 3)
        0.444
    """
    if level == "nominal":
        return _measured(ratings_of_counts(counts), None, level, rng=rng, n_resamples=n_resamples)
    if values is None:
        if level != "ordinal":
            raise VotesError(f"alpha of level {level} needs numbers; give the value of each class.")
        values = np.arange(counts.shape[-1], dtype=np.float64)
    _check_values(values, level)
    if counts.ndim != 2 or values.shape != counts.shape[1:]:
        raise VotesError(f"there are {values.shape} values for counts of {counts.shape}; give one for each class.")
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    if np.any(ordered[1:] == ordered[:-1]):
        raise VotesError("two classes have the same value; add up their counts first.")
    is_ordered = bool(np.all(order[1:] > order[:-1]))
    ratings = ratings_of_counts(counts if is_ordered else counts[:, order])
    return _measured(ratings, ordered, level, rng=rng, n_resamples=n_resamples)


def alpha_of_values(
    items: Int32s | Int64s,
    values: Floats,
    *,
    rng: np.random.Generator,
    n_resamples: int = 1000,
    level: Level = "interval",
) -> Measure:
    """Krippendorff's alpha of answers that are numbers, of which there may be as many different ones as answers.

    It takes O(n_answers * log(n_answers)), not the square of the number of different values.

    Args:
        items: int[n_answers], the item of each answer.
        values: float64[n_answers], finite; at least 0 for ratios.
        rng: draws the resampled items.
        n_resamples: how many resamples the interval rests on; 0 for the value alone.
        level: how the numbers are compared.

    Returns:
        The value is None when no item has two answers or all answers are one value.

    Raises:
        VotesError: the columns differ in length, or a value is not finite, or below 0 for ratios.

    Source: as `krippendorff_alpha`.

    Example:
        >>> items, values = np.array([0, 0, 1, 1, 2, 2]), np.array([1.0, 1.5, 4.0, 4.5, 8.0, 9.0])
        >>> round(alpha_of_values(items, values, rng=np.random.default_rng(0)).value, 3)
        0.977
    """
    _check_values(values, level)
    valued = ratings_of_values(items, values)
    return _measured(valued.ratings, valued.values, level, rng=rng, n_resamples=n_resamples)


def _check_values(values: Floats, level: Level) -> None:
    if not np.all(np.isfinite(values)):
        raise VotesError("a value is not a finite number; leave out answers without one.")
    if level == "ratio" and values.size and float(values.min()) < 0:
        raise VotesError(f"a value is {float(values.min())}; ratios need values of at least 0, so use interval.")


def _measured(
    ratings: Ratings, values: Floats | None, level: Level, *, rng: np.random.Generator, n_resamples: int
) -> Measure:
    n = len(ratings.n_items)
    if not n:
        return unmeasured(ALPHA, 0, NO_PAIRS)
    if n_resamples:
        ratings = grouped(ratings)
    return bootstrapped_by_rows(
        ALPHA,
        _alpha_of(ratings, values, level),
        n_of_row=ratings.n_items,
        rng=rng,
        n_resamples=n_resamples,
        note=ONE_CLASS if level in {"nominal", "ordinal"} else _ONE_VALUE,
    )


def _alpha_of(ratings: Ratings, values: Floats | None, level: Level) -> Callable[[Int64s], float]:
    """From how often each row is drawn to alpha, not a number where nothing can disagree."""
    scores = _scaled(values)
    match level:
        case "nominal":
            observed = _observed(ratings, None)
        case "ordinal":
            observed = None  # the ranks are those of the resample
        case "interval":
            observed = _observed(ratings, scores)
        case "ratio":
            observed = _per_answer(ratings, ratio_differences(ratings, scores))
        case _:
            assert_never(level)

    def alpha(drawn: Int64s) -> float:
        given = np.zeros(ratings.n_values)
        _add_up(ratings, drawn, given)
        ranks = np.cumsum(given) - given / 2 if level == "ordinal" else scores
        apart = _observed(ratings, ranks) if observed is None else observed
        match level:
            case "nominal":
                expected = given.sum() ** 2 - (given**2).sum()
            case "ordinal" | "interval":
                expected = _squared(given, ranks)
            case "ratio":
                expected = ratio_difference(scores, given)
            case _:
                assert_never(level)
        return float(1 - (drawn @ apart) * (given.sum() - 1) / expected) if expected > 0 else np.nan

    return alpha


def _scaled(values: Floats | None) -> Floats:
    """The values as shares of the largest, so that their squares are numbers; alpha does not depend on the unit."""
    given = np.zeros(0) if values is None else values
    largest = float(np.abs(given).max(initial=0.0))
    return given / largest if largest > 0 else given


def _squared(given: Floats, scores: Floats) -> float:
    """The sum of squared differences of scores over all ordered pairs of answers."""
    n = given.sum()
    return float(2 * n * (given @ (scores - (given @ scores) / n) ** 2))


def _per_answer(ratings: Ratings, apart: Floats) -> Floats:
    n_answers = np.add.reduceat(ratings.times, ratings.starts[:-1], dtype=np.float64)
    return apart / (n_answers - 1)


def _observed(ratings: Ratings, scores: Floats | None) -> Floats:
    """float64[n_rows], what each item adds to the observed disagreement; None for scores compares for equality."""
    found = np.empty(len(ratings.n_items))
    _disagree(ratings, np.zeros(0) if scores is None else scores, found)
    return found


@in_place
def _disagree(ratings: Ratings, scores: Floats, found: Floats) -> None:
    """Fill in the differences over ordered pairs of answers to each item, divided by its answers less one."""
    starts, code, times = ratings.starts, ratings.code, ratings.times
    for i in range(len(found)):
        n, total, equal = 0.0, 0.0, 0.0
        for at in range(starts[i], starts[i + 1]):
            given = float(times[at])
            n += given
            equal += given * given
            if len(scores):
                total += given * scores[code[at]]
        if not len(scores):
            found[i] = (n * n - equal) / (n - 1)
            continue
        squares = 0.0
        for at in range(starts[i], starts[i + 1]):
            off = scores[code[at]] - total / n
            squares += times[at] * off * off
        found[i] = 2 * n * squares / (n - 1)


@in_place
def _add_up(ratings: Ratings, drawn: Int64s, given: Floats) -> None:
    """Add to `given` how often each value was given in the drawn rows."""
    for i in range(len(drawn)):
        if drawn[i] > 0:
            for at in range(ratings.starts[i], ratings.starts[i + 1]):
                given[ratings.code[at]] += drawn[i] * ratings.times[at]
