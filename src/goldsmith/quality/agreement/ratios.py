"""Sums of ratio differences, ((a - b) / (a + b))^2, over all pairs of many numbers, in time linear in the numbers.

With u = log a and v = log b the difference is tanh((u - v) / 2)^2, which is smooth: the numbers in a panel of the log
scale act on all others like a few weighted points of a Chebyshev grid. So the sum over n^2 pairs takes 16 n steps, and
is exact but for rounding.
"""

import numpy as np

from goldsmith.kit.jit import compiled
from goldsmith.quality.agreement.ratings import Ratings
from goldsmith.quality.votes import Floats

FEW = 128
"""Up to so many different numbers the pairs are summed one by one."""

_ORDER = 16  # points a panel; the nearest pole is pi away from a panel of width 1: the error is 12.6 ** -16
_FAR = 40.0  # where tanh((u - v) / 2) ** 2 is 1 to the last bit


@compiled
def ratio_difference(values: Floats, weights: Floats) -> float:
    """The sum of w_i w_j ((x_i - x_j) / (x_i + x_j))^2 over all ordered pairs; 0 and 0 do not differ.

    Args:
        values: float64[n], at least 0, ascending.
        weights: float64[n], at least 0.
    """
    if len(values) <= FEW:
        total = 0.0
        for i in range(len(values)):
            for j in range(i):
                if weights[i] > 0 and weights[j] > 0:
                    share = (values[i] - values[j]) / (values[i] + values[j])
                    total += weights[i] * weights[j] * share * share
        return 2 * total
    first = 0
    while first < len(values) and (values[first] == 0 or weights[first] == 0):
        first += 1
    at_zero = weights[0] if values[0] == 0 else 0.0
    logs, above = np.log(values[first:]), weights[first:]
    return 2 * at_zero * above.sum() + _spread(logs, above)


@compiled
def _spread(logs: Floats, weights: Floats) -> float:
    """The sum of w_i w_j tanh((u_i - u_j) / 2)^2 over ordered pairs of ascending logarithms."""
    last = len(logs) - 1
    while last > 0 and weights[last] == 0:
        last -= 1
    if last <= 0 or logs[last] == logs[0]:
        return 0.0
    width = min(1.0, logs[last] - logs[0])
    n_panels = int((logs[last] - logs[0]) / width) + 1
    points = np.cos((2 * np.arange(_ORDER) + 1) * np.pi / (2 * _ORDER))
    at_points = _gathered((logs[: last + 1] - logs[0]) / width, weights, n_panels)
    totals = at_points.sum(axis=1)
    near = int(_FAR / width) + 2
    inside, before = 0.0, 0.0
    for a in range(n_panels):
        if a >= near:
            before += totals[a - near]
        if totals[a] == 0:
            continue
        inside += 2 * totals[a] * before
        for b in range(max(0, a - near + 1), a + 1):
            if totals[b] == 0:
                continue
            between = 0.0
            for i in range(_ORDER):
                for j in range(_ORDER):
                    apart = np.tanh(0.5 * width * ((a - b) + 0.5 * (points[i] - points[j])))
                    between += at_points[a, i] * at_points[b, j] * apart * apart
            inside += between if a == b else 2 * between
    return max(0.0, inside)


@compiled
def _gathered(places: Floats, weights: Floats, n_panels: int) -> Floats:
    """float64[n_panels, _ORDER]: weights at the points of each panel that act like those at places in it."""
    moments = np.zeros((n_panels, _ORDER))
    for i in range(len(places)):
        panel = min(n_panels - 1, int(places[i]))
        x = min(1.0, max(-1.0, 2 * (places[i] - panel) - 1))
        one, two = 1.0, x
        moments[panel, 0] += weights[i]
        for m in range(1, _ORDER):
            moments[panel, m] += weights[i] * two
            one, two = two, 2 * x * two - one
    angles = (2 * np.arange(_ORDER) + 1) * np.pi / (2 * _ORDER)
    at_points = np.zeros((n_panels, _ORDER))
    for panel in range(n_panels):
        for j in range(_ORDER):
            total = moments[panel, 0]
            for m in range(1, _ORDER):
                total += 2 * moments[panel, m] * np.cos(m * angles[j])
            at_points[panel, j] = total / _ORDER
    return at_points


@compiled
def ratio_differences(ratings: Ratings, values: Floats) -> Floats:
    """float64[n_rows], the sum over the ordered pairs of answers of each row; see `ratio_difference`."""
    starts, code, times = ratings.starts, ratings.code, ratings.times
    found = np.empty(len(starts) - 1)
    for i in range(len(found)):
        start, end = starts[i], starts[i + 1]
        if end - start > FEW:
            found[i] = ratio_difference(values[code[start:end]], times[start:end].astype(np.float64))
            continue
        total = 0.0
        for at in range(start, end):
            one = values[code[at]]
            for before in range(start, at):
                other = values[code[before]]
                share = (one - other) / (one + other)
                total += times[at] * times[before] * share * share
        found[i] = 2 * total
    return found
