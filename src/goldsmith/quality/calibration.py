"""Makes posteriors honest: inference from annotators who err together is far too sure of itself."""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.errors import VotesError
from goldsmith.quality.votes import Floats, Int32s, Int64s

BANDS = (1, 2, 3, 5, 9, 17)
"""The fewest answers of a task in each band of redundancy."""

MIN_IN_BAND = 50
"""Gold tasks with so many answers before their band gets a temperature of its own."""

UNKNOWN = -1
"""Stands for the label of a task that is not known."""

NO_CLASS = -2
"""Stands for a known label that nobody voted for, so that no posterior can have it right."""

POWER = 0.3
"""How the temperature grows with the answers of a task: (1 + (n - 1) / 2) ** POWER. More answers by annotators who err
together are worth less than they seem."""

_MEAN = np.array([-0.19, -3.06])
_PRECISION = np.array([8.5, 0.31])
"""Of the logarithm of the temperature, and of the log-odds of the share of errors that no answer reveals: their median
and the inverse of their variance over 13 sets of real answers."""

_WIDTH, _FINEST, _STEPS = 4.0, 1e-3, 9
_REACH, _GRID = 4.0, 41
"""Standard deviations of the prior to either side, and points on them, where likely calibrations are looked for."""
_MOST_GOLD = 5000
"""Known labels that are looked at; two numbers are known well long before."""

_TINY = 1e-12


class _Point(NamedTuple):
    log_temperature: float
    log_odds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Turns a posterior into probabilities that mean what they say. Made by `fit_calibration`.

    Attributes:
        temperature_: float64[len(BANDS)], the temperature of a task with one answer in each band of redundancy; that of
            n answers is (1 + (n - 1) / 2) ** 0.3 times as high.
        error_share_: float64[len(BANDS)], in [0, 1], how often the answers reveal nothing of the true class.
        n_gold_: int64[len(BANDS)], how many tasks with a known label there were in each band.
    """

    temperature_: Floats
    error_share_: Floats
    n_gold_: Int64s

    def apply(self, posterior: Floats, n_answers: Int64s) -> Floats:
        """The calibrated posterior; the order of the classes stays.

        Args:
            posterior: float64[n_tasks, n_classes], rows that sum to 1.
            n_answers: int64[n_tasks], at least 1, such as `Votes.n_answers`.

        Returns:
            float64[n_tasks, n_classes], rows that sum to 1.
        """
        band = bands_of(n_answers)
        cooled = tempered(posterior, self.temperature_[band] * growth(n_answers))
        error = self.error_share_[band][:, np.newaxis]
        return (1 - error) * cooled + error / posterior.shape[1]


def fit_calibration(posterior: Floats, n_answers: Int64s, known: Int32s) -> Calibration:
    """The calibration that tasks with known labels suggest; with none of them, that of 13 sets of real answers.

    Two numbers are fitted: a temperature, and a share of tasks whose answers reveal nothing of the true class, which no
    temperature can mend. Both are drawn to what they were on sets of real answers, so that twenty known labels do. A
    band of redundancy with at least `MIN_IN_BAND` known labels gets numbers of its own, drawn to those of all bands.

    Args:
        posterior: float64[n_tasks, n_classes], rows that sum to 1, inferred without the known labels.
        n_answers: int64[n_tasks], at least 1.
        known: int32[n_tasks], the true class, `UNKNOWN`, or `NO_CLASS` where it is none of the classes.

    Raises:
        VotesError: the arrays do not fit together.

    Source: Guo et al. (2017), "On Calibration of Modern Neural Networks", section 4.2 (temperature), as the mode under
        normal priors. Departures: the temperature grows with the answers of a task; the share of uninformed tasks.

    Example:
        >>> posterior = np.array([[0.99, 0.01]] * 40)
        >>> known = np.array([0] * 30 + [1] * 10, np.int32)
        >>> found = fit_calibration(posterior, np.full(40, 5), known)
        >>> bool(found.apply(posterior, np.full(40, 5))[0, 0] < 0.85)
        True
    """
    if not len(posterior) == len(n_answers) == len(known):
        sizes = f"{len(posterior)} posteriors, {len(n_answers)} numbers of answers and {len(known)} labels"
        raise VotesError(f"{sizes} do not fit together; give one of each for a task.")
    gold = np.flatnonzero(known != UNKNOWN)
    band = bands_of(n_answers[gold])
    n_gold = np.bincount(band, minlength=len(BANDS)).astype(np.int64)
    overall = _mode(posterior[gold], n_answers[gold], known[gold], mean=_MEAN)
    points = [overall] * len(BANDS)
    for one in np.flatnonzero((n_gold >= MIN_IN_BAND) & (n_gold < len(gold))).tolist():
        mine = gold[band == one]
        points[one] = _mode(posterior[mine], n_answers[mine], known[mine], mean=np.array(overall))
    return Calibration(
        temperature_=np.exp([point.log_temperature for point in points]),
        error_share_=1 / (1 + np.exp([-point.log_odds for point in points])),
        n_gold_=n_gold,
    )


def likely_calibrations(
    posterior: Floats, n_answers: Int64s, known: Int32s, *, n: int, rng: np.random.Generator
) -> list[Calibration]:
    """Calibrations that the known labels leave possible: `n` draws around that of `fit_calibration`, as probable.

    The two numbers for all bands are drawn from a grid of their joint density; bands with numbers of their own move by
    as much. Arguments and errors are those of `fit_calibration`.

    Source: Gelman et al., "Bayesian Data Analysis", section 3.7 (drawing from a posterior on a grid).
    """
    fitted = fit_calibration(posterior, n_answers, known)
    gold = np.flatnonzero(known != UNKNOWN)
    few = gold[:: -(-len(gold) // _MOST_GOLD) or 1]
    hot, reach = growth(n_answers[few]), np.linspace(-_REACH, _REACH, _GRID)
    points = [_Point(*(_MEAN + np.array([a, b]) / np.sqrt(_PRECISION))) for a in reach for b in reach]
    losses = np.array([_loss(point, posterior[few], hot, known[few], mean=_MEAN) for point in points])
    density = np.exp(losses.min() - losses)
    best = np.array(points[int(losses.argmin())])
    drawn = np.array(points)[rng.choice(len(points), n, p=density / density.sum())]
    width = (reach[1] - reach[0]) / np.sqrt(_PRECISION)
    off = drawn - best + rng.uniform(-0.5, 0.5, drawn.shape) * width
    log_odds = np.log(fitted.error_share_ / (1 - fitted.error_share_))
    return [
        replace(
            fitted, temperature_=fitted.temperature_ * np.exp(hotter), error_share_=1 / (1 + np.exp(-log_odds - more))
        )
        for hotter, more in off.tolist()
    ]


def bands_of(n_answers: Int64s) -> Int64s:
    """int64[n_tasks], the number of each task's band of redundancy.

    Raises:
        VotesError: a task has no answer.
    """
    if n_answers.size and int(n_answers.min()) < 1:
        raise VotesError(f"a task has {int(n_answers.min())} answers; a confidence needs at least one.")
    return np.searchsorted(np.array(BANDS), n_answers, side="right") - 1


def growth(n_answers: Int64s) -> Floats:
    """float64[n_tasks], how much hotter a task with so many answers is than one with a single answer."""
    return (1.0 + (n_answers.astype(np.float64) - 1.0) / 2) ** POWER


def tempered(posterior: Floats, temperature: NDArray[np.float64]) -> Floats:
    """The posterior with each probability raised to 1 / temperature and each row summing to 1 again.

    The order of the classes stays; a temperature above 1 makes the row less sure. A probability of zero stays zero.

    Args:
        posterior: float64[n_tasks, n_classes], rows that sum to 1.
        temperature: float64[n_tasks], above 0.

    Returns:
        float64[n_tasks, n_classes].

    Source: Guo et al. (2017), "On Calibration of Modern Neural Networks", section 4.2, with one temperature a task.

    Example:
        >>> tempered(np.array([[0.9, 0.1]]), np.array([2.0])).round(3).tolist()
        [[0.75, 0.25]]
    """
    if temperature.size and not float(temperature.min()) > 0:
        raise VotesError(f"a temperature is {float(temperature.min())}; it has to be above 0.")
    with np.errstate(divide="ignore"):
        cooled = np.log(posterior) / temperature[:, np.newaxis]
    cooled = np.exp(cooled - cooled.max(axis=1, keepdims=True))
    return cooled / cooled.sum(axis=1, keepdims=True)


def _mode(posterior: Floats, n_answers: Int64s, known: Int32s, *, mean: Floats) -> _Point:
    """The most probable numbers, by a grid around the best point so far that becomes finer."""
    few = slice(None, None, -(-len(known) // _MOST_GOLD) or 1)
    posterior, n_answers, known = posterior[few], n_answers[few], known[few]
    best, width = mean, _WIDTH
    steps = np.linspace(-1, 1, _STEPS)
    hot = growth(n_answers)
    while width > _FINEST:
        tried = [(best[0] + a * width, best[1] + b * width) for a in steps for b in steps]
        losses = [_loss(_Point(*one), posterior, hot, known, mean=mean) for one in tried]
        best, width = np.array(tried[int(np.argmin(losses))]), width / 2
    return _Point(float(best[0]), float(best[1]))


def _loss(point: _Point, posterior: Floats, hot: Floats, known: Int32s, *, mean: Floats) -> float:
    off = (np.array(point) - mean) ** 2 @ _PRECISION / 2
    if not len(known):
        return float(off)
    error = 1 / (1 + np.exp(-point.log_odds))
    cooled = tempered(posterior, np.exp(point.log_temperature) * hot)
    right = np.where(known >= 0, cooled[np.arange(len(known)), np.maximum(known, 0)], 0.0)
    return float(off - np.log((1 - error) * right + error / posterior.shape[1] + _TINY).sum())
