"""The minimum of a smooth function, by steps that never go up."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from goldsmith.quality.votes import Floats

_KEPT = 12
_SUFFICIENT = 1e-4
_MAX_HALVINGS = 40


class Minimum(NamedTuple):
    """Where a function is smallest, and how it was found."""

    at: Floats
    n_iterations: int
    has_converged: bool


def minimum(
    value_and_slope: Callable[[Floats], tuple[float, Floats]], start: Floats, *, tolerance: float, max_iterations: int
) -> Minimum:
    """Where the function is smallest, from `start` on downwards.

    Args:
        value_and_slope: the function's value and its gradient, float64[n], at float64[n].
        start: float64[n].
        tolerance: stop when no entry of the gradient is larger.
        max_iterations: stop after so many steps.

    Source: Liu and Nocedal (1989), "On the limited memory BFGS method for large scale optimization", Mathematical
    Programming 45, algorithm 2.1 with twelve pairs, and Armijo's condition by halving instead of Wolfe's; pairs without
    positive curvature are left out.

    Example:
        >>> found = minimum(lambda x: (float(x @ x), 2 * x), np.ones(2), tolerance=1e-9, max_iterations=9)
        >>> found.at.tolist(), found.has_converged
        ([0.0, 0.0], True)
    """
    at = start.copy()
    value, slope = value_and_slope(at)
    steps: list[tuple[Floats, Floats]] = []
    for n_iterations in range(max_iterations):
        if float(np.abs(slope).max()) <= tolerance:
            return Minimum(at, n_iterations, has_converged=True)
        direction = -_inverse_curvature(slope, steps)
        fall = float(slope @ direction)
        length = 1.0 if steps else min(1.0, 1.0 / float(np.abs(slope).sum()))
        for _ in range(_MAX_HALVINGS):
            there = at + length * direction
            found, found_slope = value_and_slope(there)
            if found <= value + _SUFFICIENT * length * fall:
                break
            length /= 2
        else:  # rounding is larger than what is left to gain
            return Minimum(at, n_iterations, has_converged=True)
        step, turn = there - at, found_slope - slope
        if float(step @ turn) > 1e-12 * float(turn @ turn):
            steps = [*steps[-_KEPT + 1 :], (step, turn)]
        at, value, slope = there, found, found_slope
    return Minimum(at, max_iterations, has_converged=False)


def _inverse_curvature(slope: Floats, steps: list[tuple[Floats, Floats]]) -> Floats:
    """The inverse of the curvature that the last steps showed, times `slope`."""
    found = slope.copy()
    shares: list[float] = []
    for step, turn in reversed(steps):
        shares.append(float(step @ found) / float(step @ turn))
        found -= shares[-1] * turn
    if steps:
        step, turn = steps[-1]
        found *= float(step @ turn) / float(turn @ turn)
    for (step, turn), share in zip(steps, reversed(shares), strict=True):
        found += (share - float(turn @ found) / float(step @ turn)) * step
    return found
