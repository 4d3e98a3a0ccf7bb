"""Makes posteriors honest: inference from annotators who err together is far too sure of itself."""

from dataclasses import dataclass, replace

import numpy as np

from goldsmith.errors import VotesError
from goldsmith.quality.likely_points import Evidence, Point, likely_points, nearest_point
from goldsmith.quality.tempering import growth, tempered
from goldsmith.quality.votes import Floats, Int32s, Int64s

BANDS = (1, 2, 3, 5, 9, 17)
"""The fewest answers of a task in each band of redundancy."""

MIN_IN_BAND = 50
"""Gold tasks with so many answers before their band gets a temperature of its own."""

UNKNOWN = -1
"""Stands for the label of a task that is not known."""

NO_CLASS = -2
"""Stands for a known label that nobody voted for, so that no posterior can have it right."""

_USUAL = Point(-0.19, -3.06)
"""The medians over 13 sets of real answers. Averaged over these sets, which mislead in part, hardly any label would be
certain before the first known label, with no better calibration error (.081 instead of .074)."""

_MOST_GOLD = 5000
"""Known labels that are looked at; two numbers are known well long before."""


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
    temperature can mend. Votes may be like those of each of 13 sets of real answers, or near one of them; the known
    labels say like which. The probabilities that all these pairs of numbers give are averaged, as likely as each pair
    is, and the two numbers are those that come nearest to that average. Without known labels they are the medians of
    these sets. A band of redundancy with at least `MIN_IN_BAND` known labels gets numbers of its own, drawn to those of
    all bands.

    Args:
        posterior: float64[n_tasks, n_classes], rows that sum to 1, inferred without the known labels.
        n_answers: int64[n_tasks], at least 1.
        known: int32[n_tasks], the true class, `UNKNOWN`, or `NO_CLASS` where it is none of the classes.

    Raises:
        VotesError: the arrays do not fit together.

    Source: Guo et al. (2017), "On Calibration of Modern Neural Networks", section 4.2 (temperature); Gelman et al.,
        "Bayesian Data Analysis", section 3.7 (averaging on a grid). Departures: the temperature grows with the answers
        of a task; the share of uninformed tasks; the prior, a mixture over sets (empirical Bayes).

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
    overall = _USUAL
    if len(gold):
        likely = likely_points(_evidence(posterior, n_answers, known, gold))
        overall = nearest_point(likely, posterior, growth(n_answers))
    points = [overall] * len(BANDS)
    for one in _bands_of_their_own(n_gold):
        mine, all_mine = gold[band == one], np.flatnonzero(bands_of(n_answers) == one)
        likely = likely_points(_evidence(posterior, n_answers, known, mine), near=overall)
        points[one] = nearest_point(likely, posterior[all_mine], growth(n_answers[all_mine]))
    return Calibration(
        temperature_=np.exp([point.log_temperature for point in points]),
        error_share_=1 / (1 + np.exp([-point.log_odds for point in points])),
        n_gold_=n_gold,
    )


def _bands_of_their_own(n_gold: Int64s) -> list[int]:
    return np.flatnonzero((n_gold >= MIN_IN_BAND) & (n_gold < n_gold.sum())).tolist()


def _evidence(posterior: Floats, n_answers: Int64s, known: Int32s, gold: Int64s) -> Evidence:
    few = gold[:: -(-len(gold) // _MOST_GOLD) or 1]
    return Evidence(posterior[few], growth(n_answers[few]), known[few])


def likely_calibrations(
    posterior: Floats, n_answers: Int64s, known: Int32s, *, n: int, rng: np.random.Generator
) -> list[Calibration]:
    """Calibrations that the known labels leave possible: `n` draws of the pairs that `fit_calibration` averages over.

    Bands with numbers of their own move by as much as the draw is off the mean of all. Arguments and errors are those
    of `fit_calibration`.

    Source: Gelman et al., "Bayesian Data Analysis", section 3.7 (drawing from a posterior on a grid).
    """
    fitted = fit_calibration(posterior, n_answers, known)
    likely = likely_points(_evidence(posterior, n_answers, known, np.flatnonzero(known != UNKNOWN)))
    mean = likely.mean()
    has_own = np.isin(np.arange(len(BANDS)), _bands_of_their_own(fitted.n_gold_))
    log_temperature = np.where(has_own, np.log(fitted.temperature_) - mean.log_temperature, 0.0)
    log_odds = np.where(has_own, np.log(fitted.error_share_ / (1 - fitted.error_share_)) - mean.log_odds, 0.0)
    return [
        replace(
            fitted,
            temperature_=np.exp(log_temperature + drawn.log_temperature),
            error_share_=1 / (1 + np.exp(-log_odds - drawn.log_odds)),
        )
        for drawn in likely.drawn(n, rng)
    ]


def bands_of(n_answers: Int64s) -> Int64s:
    """int64[n_tasks], the number of each task's band of redundancy.

    Raises:
        VotesError: a task has no answer.
    """
    if n_answers.size and int(n_answers.min()) < 1:
        raise VotesError(f"a task has {int(n_answers.min())} answers; a confidence needs at least one.")
    return np.searchsorted(np.array(BANDS), n_answers, side="right") - 1
