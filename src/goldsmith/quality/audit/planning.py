"""How many items to audit: for an interval so wide, or to show an accuracy."""

from collections.abc import Callable

import numpy as np

from goldsmith.errors import VotesError
from goldsmith.quality.audit.counts import counts_in_sample, thinned
from goldsmith.quality.intervals import wilson_interval


def expected_half_width(n_population: int, n_audited: int, *, expected: float, confidence: float = 0.95) -> float:
    """Half the width that the interval of an audit's accuracy has on average, in [0, 0.5].

    It is the mean over all that a random sample may turn out to be, of the interval that `wilson_interval` then gives.

    Args:
        n_population: items there are, at least 1.
        n_audited: items that experts answer, 1 to `n_population`, drawn at random without replacement.
        expected: the share of right items that is assumed, in [0, 1].
        confidence: how often such an interval holds the true share, in (0, 1).

    Raises:
        VotesError: the numbers contradict each other.

    Example:
        >>> round(expected_half_width(10_000, 400, expected=0.95), 4)
        0.0211
    """
    _check(n_population, expected)
    if not 1 <= n_audited <= n_population:
        raise VotesError(f"{n_audited} audited of {n_population} items cannot be; audit 1 to {n_population}.")
    counts = thinned(counts_in_sample(n_population, round(expected * n_population), n_audited))
    widths: list[float] = []
    for n_right in counts.n_right.tolist():
        found = wilson_interval(n_right, n_audited, n_population=n_population, confidence=confidence)
        widths.append((found.high or 0.0) - (found.low or 0.0))
    return float(np.array(widths) @ counts.chance) / 2


def audit_size(n_population: int, *, half_width: float, expected: float, confidence: float = 0.95) -> int:
    """How many items to audit to know the accuracy to plus or minus `half_width`.

    It is the smallest sample whose interval is no wider on average, as `expected_half_width` has it. A sample that is
    sure to be so narrow does not exist short of all items; of one like this about every second is a little wider.

    Args:
        n_population: items there are, at least 1.
        half_width: half the width of the interval that is wanted, in (0, 0.5]; 0.01 is plus or minus one point.
        expected: the accuracy that is assumed, in [0, 1]; 0.5 asks for most.
        confidence: how often such an interval holds the true share, in (0, 1).

    Raises:
        VotesError: the numbers contradict each other.

    Source: as `expected_half_width`. Cochran (1977), "Sampling Techniques", 4.4, has the approximation z**2 p q / d**2,
    corrected for the finite population; it promises too small samples near an accuracy of 1.

    Example:
        >>> audit_size(10_000, half_width=0.01, expected=0.95)
        1549
    """
    _check(n_population, expected)
    if not 0 < half_width <= 0.5:
        raise VotesError(f"a half width of {half_width} cannot be; take one above 0 and at most 0.5.")

    def is_enough(n: int) -> bool:
        return expected_half_width(n_population, n, expected=expected, confidence=confidence) <= half_width

    return first_true(is_enough, 1, n_population)


def audit_size_to_show(
    n_population: int, *, at_least: float, expected: float, power: float = 0.8, confidence: float = 0.95
) -> int:
    """How many items to audit so that the interval's lower end is likely to reach `at_least`.

    Args:
        n_population: items there are, at least 1.
        at_least: the accuracy that is to be shown, in (0, 1).
        expected: the accuracy that is assumed, in [at_least, 1].
        power: how probable it should be that the audit shows it, in (0, 1).
        confidence: of the interval, in (0, 1): at .95 it lies above a lower accuracy by chance in 2.5 of 100 audits.

    Raises:
        VotesError: the numbers contradict each other, or what is expected does not reach what is to be shown.

    Source: exact, from the hypergeometric distribution and `wilson_interval`. For each number of wrong answers the
    smallest sample is found that bears as many; of these the first is taken in which there are likely no more.

    Example:
        >>> audit_size_to_show(10_000, at_least=0.9, expected=0.95)
        216
    """
    _check(n_population, expected)
    if not (0 < at_least < 1 and 0 < power < 1):
        raise VotesError(f"showing {at_least} with probability {power} cannot be; both lie between 0 and 1.")
    n_right = round(expected * n_population)
    if n_right < at_least * n_population:
        raise VotesError(f"an accuracy of {at_least} cannot be shown where {expected} is expected; ask for less.")

    def size(n_wrong: int) -> int:
        """The smallest sample that shows it in spite of so many wrong answers."""

        def shows(n: int) -> bool:
            found = wilson_interval(n - n_wrong, n, n_population=n_population, confidence=confidence)
            return (found.low or 0.0) >= at_least

        return first_true(shows, max(1, n_wrong), n_population)

    def is_enough(n_wrong: int) -> bool:
        n = size(n_wrong)
        counts = counts_in_sample(n_population, n_right, n)
        return float(counts.chance[n - counts.n_right <= n_wrong].sum()) >= power

    most = n_population - n_right
    return size(first_true(is_enough, 0, most))


def first_true(holds: Callable[[int], bool], low: int, high: int) -> int:
    """The smallest number from which on something holds, which holds for `high` and does not cease to hold.

    Steps double at first: where the answer is small, only small numbers are tried.
    """
    step = 1
    while low + step < high and not holds(low + step - 1):
        low, step = low + step, 2 * step
    high = min(high, low + step - 1) if low + step < high else high
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


def _check(n_population: int, expected: float) -> None:
    if n_population < 1:
        raise VotesError(f"there are {n_population} items; an audit needs one.")
    if not 0 <= expected <= 1:
        raise VotesError(f"an expected accuracy of {expected} cannot be; it lies between 0 and 1.")
