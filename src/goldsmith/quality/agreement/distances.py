"""Agreement by any distance between answers, such as that of a question type."""

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations

import numpy as np

from goldsmith.errors import VotesError
from goldsmith.kit.digest import canonical_json
from goldsmith.quality.agreement.percent import mean_measure
from goldsmith.quality.agreement.ratings import NO_PAIRS
from goldsmith.quality.measures import Measure, bootstrapped_by_rows, unmeasured
from goldsmith.quality.votes import Int64s

BY_DISTANCE = "distance-agreement"
ALPHA_BY_DISTANCE = "distance-alpha"

Distance = Callable[[object, object], float]

MAX_PAIRS = 20_000
"""So many distances between answers to different items are taken, drawn at random where there are more."""

_NO_DISTANCE = "all answers are equal, so agreement cannot be told from chance."


def distance_agreement(
    answers: Iterable[Sequence[object]], distance: Distance, *, rng: np.random.Generator, n_resamples: int = 1000
) -> Measure:
    """The mean over items of the mean of 1 - distance over all pairs of answers, in [0, 1], not corrected for chance.

    Args:
        answers: for each item, the answers to it. Items with fewer than two take no part.
        distance: how different two answers are, in [0, 1], symmetric, 0 for equal ones.
        rng: draws the resampled items.
        n_resamples: how many resamples the interval rests on.

    Returns:
        The value is None when no item has two answers.
    """
    by_item = [
        float(np.mean([1 - distance(a, b) for a, b in combinations(given, 2)])) for given in answers if len(given) >= 2
    ]
    if not by_item:
        return unmeasured(BY_DISTANCE, 0, NO_PAIRS)
    return mean_measure(BY_DISTANCE, np.array(by_item), rng=rng, n_resamples=n_resamples)


def distance_alpha(
    answers: Iterable[Sequence[object]],
    distance: Distance,
    *,
    rng: np.random.Generator,
    n_resamples: int = 1000,
    max_pairs: int = MAX_PAIRS,
) -> Measure:
    """Krippendorff's alpha with any distance: 1 perfect, 0 as by chance, below 0 worse, with a bootstrap interval.

    Args:
        answers: for each item, the answers to it, as JSON values. Items with fewer than two take no part.
        distance: how different two answers are, at least 0, symmetric, 0 for equal ones; used as it is, not squared.
        rng: draws the pairs of answers, where not all are compared, and the resampled items.
        n_resamples: how many resamples the interval rests on; 0 for the value alone.
        max_pairs: chance is measured on all pairs of different answers if there are no more, else on so many pairs of
            answers drawn at random. 20,000 of them leave a relative error of chance below 1%.

    Returns:
        The value is None when no item has two answers or all answers are equal.

    Raises:
        VotesError: a distance is below 0 or not a number.

    Source: Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", section D, with the distance in the place
    of his difference function. Departure: what is expected by chance is sampled where there are many different answers.

    Example:
        >>> answers = [[0.0, 0.5], [4.0, 4.0], [9.0, 8.0]]
        >>> found = distance_alpha(answers, lambda a, b: abs(a - b), rng=np.random.default_rng(0))
        >>> round(found.value, 3)
        0.889
    """
    pairable = [list(given) for given in answers if len(given) >= 2]
    if not pairable:
        return unmeasured(ALPHA_BY_DISTANCE, 0, NO_PAIRS)
    sizes = np.array([len(given) for given in pairable], np.int64)
    observed = np.array(
        [2 * sum(_checked(distance, a, b) for a, b in combinations(given, 2)) for given in pairable]
    ) / (sizes - 1)
    expected_of = _expected(pairable, distance, max_pairs=max_pairs, rng=rng)

    def alpha(drawn: Int64s) -> float:
        expected = expected_of(drawn)
        return 1 - float(drawn @ observed) * float(drawn @ sizes - 1) / expected if expected > 0 else np.nan

    return bootstrapped_by_rows(
        ALPHA_BY_DISTANCE,
        alpha,
        n_of_row=np.ones(len(pairable), np.int64),
        rng=rng,
        n_resamples=n_resamples,
        note=_NO_DISTANCE,
    )


def _expected(
    pairable: list[list[object]], distance: Distance, *, max_pairs: int, rng: np.random.Generator
) -> Callable[[Int64s], float]:
    """From how often each item is drawn to the sum of distances over all ordered pairs of its answers."""
    given = [answer for answers in pairable for answer in answers]
    item_of = np.repeat(np.arange(len(pairable)), [len(answers) for answers in pairable])
    code_of: dict[bytes, int] = {}
    code = np.array([code_of.setdefault(canonical_json(answer), len(code_of)) for answer in given])
    k = len(code_of)
    if k * (k - 1) // 2 > max_pairs:
        return _sampled(given, item_of, distance, n_pairs=max_pairs, rng=rng)
    first_with = np.unique(code, return_index=True)[1].tolist()
    table = np.zeros((k, k))
    for a, b in combinations(range(k), 2):
        table[a, b] = table[b, a] = _checked(distance, given[first_with[a]], given[first_with[b]])

    def expected(drawn: Int64s) -> float:
        counts = np.bincount(code, drawn[item_of], minlength=k)
        return float(counts @ table @ counts)

    return expected


def _sampled(
    given: list[object], item_of: Int64s, distance: Distance, *, n_pairs: int, rng: np.random.Generator
) -> Callable[[Int64s], float]:
    """As `_expected`, from pairs of different answers drawn at random."""
    n = len(given)
    first = rng.integers(n, size=n_pairs)
    second = (first + rng.integers(1, n, size=n_pairs)) % n
    pairs = zip(first.tolist(), second.tolist(), strict=True)
    apart = np.array([_checked(distance, given[a], given[b]) for a, b in pairs])
    one, other = item_of[first], item_of[second]
    return lambda drawn: float((drawn[one] * drawn[other]) @ apart) * n * (n - 1) / n_pairs


def _checked(distance: Distance, a: object, b: object) -> float:
    found = distance(a, b)
    if not 0 <= found < np.inf:
        raise VotesError(f"the distance of two answers is {found}; a distance is a number of at least 0.")
    return found
