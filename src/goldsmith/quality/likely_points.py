"""Which temperatures and shares of errors known labels make likely, after what was seen on sets of real answers."""

from typing import NamedTuple

import numpy as np

from goldsmith.quality.tempering import tempered
from goldsmith.quality.votes import Floats, Int32s

_SETS = np.array(
    [
        (-0.71, -3.7),  # bluebird
        (-0.03, -4.2),  # dog
        (0.79, -1.7),  # face
        (-0.35, -3.3),  # product
        (0.31, -3.5),  # relevance
        (0.40, -1.1),  # relex_cause
        (-0.12, -2.0),  # relex_treat
        (-0.42, -4.6),  # rte
        (-0.16, -3.6),  # sp
        (-0.27, -4.9),  # sp_amt
        (0.02, -1.2),  # trec
        (-0.62, -4.5),  # web
        (-0.28, -5.2),  # wsd
    ]
)
"""The logarithm of the temperature and the log-odds of the share of errors that no answer reveals, on 13 sets of real
answers; each with no more weight than 200 known labels give it."""

_WIDTHS = np.array([0.3, 0.7])
"""How near to one of these sets others are expected, as standard deviations. Chosen by leaving out a set at a time."""

_BAND_WIDTHS = np.array([0.34, 1.8])
"""How near to all bands one band of redundancy is expected."""

_LOW, _HIGH = np.array([-1.75, -7.0]), np.array([2.25, 1.5])
_STEPS = 17
_FINER = 8
"""How often the grid is made finer at most, each time up to four times."""

_COARSE = 0.6
"""A grid is fine enough when its steps are below 1 / 0.6 standard deviations of what is likely on it."""

_MOST_ROWS = 300
_NARROWEST, _AROUND = 1e-3, 9
_TINY = 1e-12


class Point(NamedTuple):
    """A logarithm of the temperature, and the log-odds of the share of errors that no answer reveals."""

    log_temperature: float
    log_odds: float


class Evidence(NamedTuple):
    """Tasks with known labels: float64[n, n_classes] posterior, float64[n] growth, int32[n] known, below 0 for none."""

    posterior: Floats
    hot: Floats
    known: Int32s


class LikelyPoints(NamedTuple):
    """Points on a grid, and how likely they are.

    Attributes:
        log_temperatures: float64[n], evenly spaced.
        log_odds: float64[m], evenly spaced.
        weights: float64[n, m], sums to 1.
    """

    log_temperatures: Floats
    log_odds: Floats
    weights: Floats

    def mean(self) -> Point:
        """The mean of both numbers."""
        of_temperature, of_odds = self.weights.sum(axis=1), self.weights.sum(axis=0)
        return Point(float(of_temperature @ self.log_temperatures), float(of_odds @ self.log_odds))

    def drawn(self, n: int, rng: np.random.Generator) -> list[Point]:
        """`n` points as likely as they are, spread evenly within the cells of the grid."""
        cells = rng.choice(self.weights.size, n, p=self.weights.ravel())
        row, column = np.divmod(cells, len(self.log_odds))
        within = rng.uniform(-0.5, 0.5, (2, n))
        steps = _step(self.log_temperatures), _step(self.log_odds)
        first: list[float] = (self.log_temperatures[row] + within[0] * steps[0]).tolist()
        second: list[float] = (self.log_odds[column] + within[1] * steps[1]).tolist()
        return [Point(*pair) for pair in zip(first, second, strict=True)]


def likely_points(evidence: Evidence, *, near: Point | None = None) -> LikelyPoints:
    """How likely points are, given known labels, on a grid that is made finer until it shows what is likely.

    Args:
        evidence: the tasks with known labels; none leaves what is usual.
        near: the point of all bands, for that of one of them; else the sets of real answers are what is usual.
    """
    low, high = _LOW, _HIGH
    found = _weighted(evidence, near, low, high)
    for _ in range(_FINER):
        mean = np.array(found.mean())
        spread = np.sqrt(_variances(found, mean))
        steps = (high - low) / (_STEPS - 1)
        is_fine = spread >= _COARSE * steps
        if is_fine.all():
            break
        half = np.maximum(4 * spread, 2 * steps)
        low, high = np.where(is_fine, low, mean - half), np.where(is_fine, high, mean + half)
        found = _weighted(evidence, near, low, high)
    return found


def _weighted(evidence: Evidence, near: Point | None, low: Floats, high: Floats) -> LikelyPoints:
    log_temperatures, log_odds = _axis(low[0], high[0]), _axis(low[1], high[1])
    centres, widths = (_SETS, _WIDTHS) if near is None else (np.array([near]), _BAND_WIDTHS)
    by_temperature = np.exp(-(((log_temperatures[:, np.newaxis] - centres[:, 0]) / widths[0]) ** 2) / 2)
    by_odds = np.exp(-(((log_odds[:, np.newaxis] - centres[:, 1]) / widths[1]) ** 2) / 2)
    logs = np.log(by_temperature @ by_odds.T + np.finfo(np.float64).tiny)
    logs += _likelihood(evidence, log_temperatures, log_odds)
    weights = np.exp(logs - logs.max())
    return LikelyPoints(log_temperatures, log_odds, weights / weights.sum())


def _axis(low: float, high: float) -> Floats:
    return low + (high - low) * np.arange(_STEPS, dtype=np.float64) / (_STEPS - 1)


def _likelihood(evidence: Evidence, log_temperatures: Floats, log_odds: Floats) -> Floats:
    """float64[n, m], of the known labels at each point."""
    posterior, hot, known = evidence
    errors = _share(log_odds)[:, np.newaxis]
    found = np.zeros((len(log_temperatures), len(log_odds)))
    if not len(known):
        return found
    place = np.arange(len(known)), np.maximum(known, 0)
    for row, log_temperature in enumerate(log_temperatures.tolist()):
        right = np.where(known >= 0, tempered(posterior, np.exp(log_temperature) * hot)[place], 0.0)
        found[row] = np.log((1 - errors) * right + errors / posterior.shape[1] + _TINY).sum(axis=1)
    return found


def _variances(found: LikelyPoints, mean: Floats) -> Floats:
    of_temperature = found.weights.sum(axis=1) @ (found.log_temperatures - mean[0]) ** 2
    of_odds = found.weights.sum(axis=0) @ (found.log_odds - mean[1]) ** 2
    return np.array([of_temperature, of_odds])


def nearest_point(likely: LikelyPoints, posterior: Floats, hot: Floats) -> Point:
    """The point whose probabilities come nearest to the average over all likely points, by cross-entropy.

    Args:
        likely: the points.
        posterior: float64[n_tasks, n_classes], to be calibrated, rows that sum to 1; without any it is the mean point.
        hot: float64[n_tasks], the growth of each task.
    """
    best = likely.mean()
    if not len(posterior):
        return best
    few = slice(None, None, -(-len(posterior) // _MOST_ROWS))
    rows, hot = posterior[few], hot[few]
    target = _average(likely, rows, hot)
    width = 1.0
    around = np.linspace(-1, 1, _AROUND)
    while width > _NARROWEST:
        odds = best.log_odds + 2 * width * around
        temperatures: list[float] = (best.log_temperature + width * around).tolist()
        losses = np.array([_cross_entropies(target, tempered(rows, np.exp(one) * hot), odds) for one in temperatures])
        row, column = divmod(int(losses.argmin()), _AROUND)
        best, width = Point(temperatures[row], float(odds[column])), width / 2
    return best


def _average(likely: LikelyPoints, rows: Floats, hot: Floats) -> Floats:
    """float64[n, n_classes], the mean of the probabilities that the points give."""
    errors = _share(likely.log_odds)
    total = np.full(rows.shape, float((likely.weights @ errors).sum()) / rows.shape[1])
    for log_temperature, weight in zip(likely.log_temperatures, likely.weights @ (1 - errors), strict=True):
        total += weight * tempered(rows, np.exp(log_temperature) * hot)
    return total


def _cross_entropies(target: Floats, cooled: Floats, log_odds: Floats) -> Floats:
    errors = _share(log_odds)[:, np.newaxis, np.newaxis]
    return -(target * np.log((1 - errors) * cooled + errors / cooled.shape[1] + _TINY)).sum(axis=(1, 2))


def _share(log_odds: Floats) -> Floats:
    return 1 / (1 + np.exp(-log_odds))


def _step(axis: Floats) -> float:
    return float(axis[1] - axis[0])
