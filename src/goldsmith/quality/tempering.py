"""Makes probabilities less sure: temperatures, and how they grow with the answers of a task."""

import numpy as np
from numpy.typing import NDArray

from goldsmith.errors import VotesError
from goldsmith.quality.votes import Floats, Int64s

POWER = 0.3
"""How the temperature grows with the answers of a task: (1 + (n - 1) / 2) ** POWER. More answers by annotators who err
together are worth less than they seem."""


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
