"""Looks a run over before documents are drawn: how near to its threshold is near, and which others are worth a look."""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from goldsmith.refine.auditing.reservoirs import Reservoir
from goldsmith.refine.auditing.rows import Floats, Ints, Rows, Sieve

KEPT_NEAR, DROPPED_NEAR = 0.05, 0.25
"""Shares of the kept documents, and of those that a filter dropped, that count as near to its threshold."""

KEPT_SHARES, DROPPED_SHARES = (0.01, 0.025, 0.05, 0.1), (0.1, 0.25, 0.5, 0.75)
"""Other thresholds are such that these shares of the kept documents would be dropped, and of the dropped ones kept."""

_N_SURVEYED = 4096
_MIN_NEAR = 10
_MOST_TIED = 3.0
_DIGITS = 4


class Survey(NamedTuple):
    """What was seen of a run.

    Attributes:
        kept_cuts: float64[n_filters], the largest distance from the threshold that is near; below 0 where none is.
        dropped_cuts: the same for documents that the filter dropped first.
        thresholds: for each filter other thresholds to look at, in order.
    """

    kept_cuts: Floats
    dropped_cuts: Floats
    thresholds: list[list[float]]

    def strata_of(self, rows: Rows) -> Ints:
        """int64[n], which of the 3 n_filters + 1 possible strata each document lies in.

        0 is kept far from all thresholds; then follow, for each filter, kept near, dropped, and dropped near.
        """
        n_filters = len(self.kept_cuts)
        if not n_filters:
            return np.zeros(len(rows.first), np.int64)
        with np.errstate(divide="ignore", invalid="ignore"):
            scaled = np.where(rows.distances == 0, 0.0, rows.distances / self.kept_cuts)
        scaled[:, self.kept_cuts < 0] = np.inf
        scaled = np.where(np.isnan(scaled), np.inf, scaled)
        nearest = scaled.argmin(axis=1)
        is_near = scaled[np.arange(len(nearest)), nearest] <= 1
        kept = np.where(is_near, 1 + nearest, 0)
        first = np.maximum(rows.first, 0)
        is_just_dropped = rows.distances[np.arange(len(first)), first] <= self.dropped_cuts[first]
        dropped = np.where(is_just_dropped, 1 + 2 * n_filters + first, 1 + n_filters + first)
        return np.where(rows.first < 0, kept, dropped)


def survey(stream: Iterable[Rows], sieves: Sequence[Sieve]) -> Survey:
    """What near is for each filter, and other thresholds, from a random sample of the documents."""
    kept, dropped = Reservoir(_N_SURVEYED), [Reservoir(_N_SURVEYED) for _ in sieves]
    for rows in stream:
        is_kept = rows.first < 0
        if is_kept.any():
            kept.add(rows.priorities[is_kept], rows.values[is_kept])
        places: list[int] = np.unique(rows.first[~is_kept]).tolist()
        for place in places:
            chosen = rows.first == place
            dropped[place].add(rows.priorities[chosen], rows.values[chosen, place : place + 1])
    passed = kept.rows()
    kept_cuts, dropped_cuts = np.full(len(sieves), -1.0), np.full(len(sieves), -1.0)
    thresholds: list[list[float]] = []
    for place, sieve in enumerate(sieves):
        thresholds.append([])
        if sieve.number is None:
            continue
        values = passed[:, place] if len(passed) else np.zeros(0)
        stopped = dropped[place].rows()[:, 0] if dropped[place].n_seen else np.zeros(0)
        threshold = sieve.number.threshold
        kept_cuts[place] = _cut(values, threshold, KEPT_NEAR)
        dropped_cuts[place] = _cut(stopped, threshold, DROPPED_NEAR)
        thresholds[place] = _others(values, stopped, threshold)
    return Survey(kept_cuts, dropped_cuts, thresholds)


def _cut(values: Floats, threshold: float, share: float) -> float:
    """The distance from the threshold within which about `share` of the values lie, but no fewer than ten; else -1.

    Many equal values are near together or not at all, so that what is near stays a small part.
    """
    distances: Floats = np.sort(np.abs(values[~np.isnan(values)] - threshold))
    n_wanted = max(_MIN_NEAR, math.ceil(share * len(distances)))
    if len(distances) < 2 * n_wanted:
        return -1.0
    cut = float(distances[n_wanted - 1])
    if np.searchsorted(distances, cut, "right") <= _MOST_TIED * n_wanted:
        return cut
    n_nearer = int(np.searchsorted(distances, cut, "left"))
    return float(distances[n_nearer - 1]) if n_nearer else -1.0


def _others(kept: Floats, dropped: Floats, threshold: float) -> list[float]:
    """Other thresholds for a filter that has `threshold`, in order."""
    found: set[float] = set()
    for values, shares in ((kept, KEPT_SHARES), (dropped, DROPPED_SHARES)):
        known = values[~np.isnan(values)]
        if len(known) >= _MIN_NEAR:
            nearest: list[float] = known[np.argsort(np.abs(known - threshold), kind="stable")].tolist()
            found |= {_short(nearest[math.ceil(share * len(nearest)) - 1]) for share in shares}
    return sorted(found - {threshold})


def _short(value: float) -> float:
    """A number with so few digits that people can read it."""
    return value if value.is_integer() and abs(value) < 10**_DIGITS else float(f"{value:.{_DIGITS}g}")
