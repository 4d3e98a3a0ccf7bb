"""Shares and recall in a population of which each part was sampled at a rate of its own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf, sqrt
from statistics import NormalDist

from goldsmith.errors import VotesError
from goldsmith.quality.intervals import Interval, score_limits, wilson_interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A part of a population, sampled at random without replacement.

    Attributes:
        n_population: how many it has.
        n_sampled: how many of them were looked at.
        n_right: how many of these are what is counted.
    """

    n_population: int
    n_sampled: int
    n_right: int

    def __post_init__(self) -> None:
        if not 0 <= self.n_right <= self.n_sampled <= self.n_population:
            raise VotesError(
                f"{self.n_right} right of {self.n_sampled} sampled of {self.n_population} cannot be; check the counts."
            )


def stratified_share(cells: Iterable[Cell], *, confidence: float = 0.95) -> Interval:
    """The share of what is counted in the population that all cells make up together.

    Each cell counts by its size (Horvitz and Thompson's estimator under stratified sampling). Of a cell without a
    sample nothing is known: the estimate leaves it out, the ends of the interval assume the worst and the best of it.

    Args:
        cells: the parts of the population; they do not overlap.
        confidence: how often such an interval holds the true share, in (0, 1).

    Raises:
        VotesError: the confidence is none.

    Source: Cochran (1977), "Sampling Techniques", 5.3 (the estimator); Zou and Donner (2008), "Construction of
    confidence limits about effect measures", Statistics in Medicine 27 (limits of a sum from the limits of
    its parts, MOVER), here with Wilson's limits of each cell, corrected for finite populations. Departures: where it is
    wider, Wilson's interval for the size of the simple random sample that would scatter as much takes its place, since
    many small cells with equal answers make the first too narrow (simulated: 0.89 instead of 0.95 for eight cells of
    five); for that size each cell's share is drawn to the common one, as all cells with one share would hide what is
    gained by sampling uneven ones more; the ends are moved to what the sample has proven.

    Example:
        >>> found = stratified_share([Cell(n_population=900, n_sampled=30, n_right=3), Cell(n_population=100,
        ...     n_sampled=50, n_right=40)])
        >>> round(found.estimate, 3), round(found.low, 3), round(found.high, 3)
        (0.17, 0.083, 0.318)
    """
    if not 0 < confidence < 1:
        raise VotesError(f"the confidence {confidence} has to lie between 0 and 1.")
    parts = [cell for cell in cells if cell.n_population]
    seen = [cell for cell in parts if cell.n_sampled]
    if not seen:
        return Interval(estimate=None, low=None, high=None, n=0)
    inside = _seen_share(seen, confidence)
    n_all, n_seen = sum(cell.n_population for cell in parts), sum(cell.n_population for cell in seen)
    estimate, low, high = (float(value or 0) for value in (inside.estimate, inside.low, inside.high))
    return Interval(
        estimate=estimate,
        low=min(estimate, low * n_seen / n_all),
        high=max(estimate, (high * n_seen + n_all - n_seen) / n_all),
        n=inside.n,
    )


def stratified_recall(found: Iterable[Cell], missed: Iterable[Cell], *, confidence: float = 0.95) -> Interval:
    """The share of what is counted that lies in the cells `found`, of what lies in these and in `missed`.

    So a filter's recall: `found` is what it dropped, `missed` everything else, and unwanted documents are counted.

    Args:
        found: parts of the population on the one side; they do not overlap.
        missed: those on the other side.
        confidence: how often such an interval holds the true share, in (0, 1).

    Returns:
        The share, with the number of all samples; no estimate when a side has no samples or nothing was counted.

    Source: Donner and Zou (2012), "Closed-form confidence intervals for functions of the normal mean and standard
    deviation", Statistical Methods in Medical Research 21: the limits of a ratio of two independent
    estimates from the limits of each (MOVER); here the ratio is missed / found, whose share is 1 / (1 + ratio).

    Example:
        >>> caught = [Cell(n_population=100, n_sampled=50, n_right=45)]
        >>> passed = [Cell(n_population=1000, n_sampled=100, n_right=2)]
        >>> recall = stratified_recall(caught, passed)
        >>> round(recall.estimate, 3), round(recall.low, 3), round(recall.high, 3)
        (0.818, 0.575, 0.939)
    """
    sides = [[cell for cell in cells if cell.n_population] for cells in (found, missed)]
    totals = [_total(cells, confidence) for cells in sides]
    n = sum(cell.n_sampled for cells in sides for cell in cells)
    if any(total is None for total in totals):
        return Interval(estimate=None, low=None, high=None, n=n)
    caught, passed = (total for total in totals if total is not None)
    if caught.estimate + passed.estimate == 0:
        return Interval(estimate=None, low=None, high=None, n=n)
    estimate = caught.estimate / (caught.estimate + passed.estimate)
    low, high = 1 / (1 + _ratio_end(passed, caught)), 1 / (1 + _ratio_end(passed, caught, is_low=True))
    return Interval(estimate=estimate, low=min(low, estimate), high=max(high, estimate), n=n)


@dataclass(frozen=True, slots=True)
class _Total:
    estimate: float
    low: float
    high: float


def _total(cells: Sequence[Cell], confidence: float) -> _Total | None:
    """How many are counted in all cells together; none where there is no cell, nothing known without a sample."""
    if not cells:
        return _Total(0.0, 0.0, 0.0)
    share, n = stratified_share(cells, confidence=confidence), sum(cell.n_population for cell in cells)
    if share.estimate is None or share.low is None or share.high is None:
        return None
    return _Total(share.estimate * n, share.low * n, share.high * n)


def _ratio_end(above: _Total, below: _Total, *, is_low: bool = False) -> float:
    """One end of the interval of `above` / `below`; where the method has none, that of the two ends, which is wider."""
    near, far, sign = (above.low, below.high, -1) if is_low else (above.high, below.low, 1)
    product = above.estimate * below.estimate
    divisor = far * (2 * below.estimate - far)
    if divisor <= 0:
        return near / far if far > 0 else inf
    inside = product * product - near * far * (2 * above.estimate - near) * (2 * below.estimate - far)
    return max(0.0, (product + sign * sqrt(max(0.0, inside))) / divisor)


def _seen_share(cells: Sequence[Cell], confidence: float) -> Interval:
    """The share in cells that all have samples."""
    n_all = sum(cell.n_population for cell in cells)
    below = above = share = 0.0
    for cell in cells:
        weight = cell.n_population / n_all
        one = wilson_interval(cell.n_right, cell.n_sampled, n_population=cell.n_population, confidence=confidence)
        estimate, low, high = (float(value or 0) for value in (one.estimate, one.low, one.high))
        share += weight * estimate
        below += (weight * (estimate - low)) ** 2
        above += (weight * (high - estimate)) ** 2
    share = min(1.0, share)
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    pooled = score_limits(share, _spread(cells, share, z), z)
    n_sampled, n_right = sum(cell.n_sampled for cell in cells), sum(cell.n_right for cell in cells)
    low = max(min(share - sqrt(below), pooled.low), n_right / n_all)
    high = min(max(share + sqrt(above), pooled.high), 1 - (n_sampled - n_right) / n_all)
    return Interval(estimate=share, low=max(0.0, min(low, share)), high=min(1.0, max(high, share)), n=n_sampled)


def _spread(cells: Sequence[Cell], share: float, z: float) -> float:
    """1 / n of the simple random sample that would scatter as much; each cell's share is drawn to that of all cells.

    With z * z answers' worth of the common share, small cells with equal answers do not count as free of scatter, and
    large ones scatter as their own answers do.
    """
    n_all, shrinks = sum(cell.n_population for cell in cells), z * z
    of_all = share * (1 - share)
    spread = 0.0
    for cell in cells:
        n, weight = cell.n_sampled, cell.n_population / n_all
        own = (cell.n_right + shrinks * share) / (n + shrinks)
        ratio = own * (1 - own) / of_all if of_all > 0 else 1.0
        spread += weight * weight * (1 - n / cell.n_population) / n * ratio
    return spread
