"""Scores of compared items that other programs print, to hold our strengths against them; no annotators, no groups.

None of them knows whether items can be ranked with each other at all: see `groups`.
"""

import math

import numpy as np

from goldsmith.quality.comparisons.votes import Comparisons
from goldsmith.quality.votes import Floats


def wins(given: Comparisons, *, tie: float = 0.5) -> Floats:
    """float64[n_items, n_items], how often the first was found better than the second; a tie counts `tie` for both.

    Example:
        >>> wins(Comparisons.from_columns(["a", "a"], ["b", "b"], ["x", "y"], ["left", "tie"])).tolist()
        [[0.0, 1.5], [0.5, 0.0]]
    """
    found = np.zeros((len(given.items), len(given.items)))
    np.add.at(found, (given.left, given.right), np.array([1, 0, tie])[given.outcome])
    np.add.at(found, (given.right, given.left), np.array([0, 1, tie])[given.outcome])
    return found


def win_counts(matrix: Floats) -> Floats:
    """float64[n_items], the wins of each item."""
    return matrix.sum(axis=1)


def mean_win_rates(matrix: Floats) -> Floats:
    """float64[n_items], in [0, 1], the share of wins against each opponent, averaged over the opponents it had.

    An item that was never compared has NaN.
    """
    met = matrix + matrix.T
    rate = np.where(met > 0, matrix / np.where(met > 0, met, 1.0), 0.0)
    n_opponents = np.sum(met > 0, axis=1)
    mean: Floats = np.where(n_opponents > 0, np.sum(rate, axis=1) / np.maximum(n_opponents, 1), np.nan)
    return mean


def eigenvector_scores(matrix: Floats, *, n_iterations: int = 10_000) -> Floats:
    """float64[n_items], the first eigenvector: who beats strong items is strong; its length is 1.

    Source: Kendall (1955), "Further contributions to the theory of paired comparisons", Biometrics 11.
    """
    score = np.full(matrix.shape[0], 1 / np.sqrt(matrix.shape[0]))
    for _ in range(n_iterations):
        found = matrix @ score
        length = float(np.linalg.norm(found))
        if not length or float(np.abs(found / length - score).max()) <= _STILL:
            break
        score = found / length
    return score


def pagerank_scores(matrix: Floats, *, damping: float = 0.85, n_iterations: int = 10_000) -> Floats:
    """float64[n_items], above 0, sums to 1: where one is found who goes from losers to winners, and at times anywhere.

    Source: Page et al. (1999), "The PageRank citation ranking", with an edge from each loser to the winner.
    """
    n = matrix.shape[0]
    lost = matrix.sum(axis=0)
    going = np.where(lost > 0, matrix / np.where(lost > 0, lost, 1.0), 1 / n)
    score = np.full(n, 1 / n)
    for _ in range(n_iterations):
        found = damping * (going @ score) + (1 - damping) / n
        found /= found.sum()
        if float(np.abs(found - score).max()) <= _STILL:
            break
        score = found
    return score


def elo_scores(given: Comparisons, *, start: float = 1000.0, step: float = 4.0) -> Floats:
    """float64[n_items], the ratings after all comparisons in their order: another order, other ratings.

    Source: Elo (1978), "The rating of chessplayers, past and present", with the base 10 and the scale 400.
    """
    rating = [start] * len(given.items)
    won = (1.0, 0.0, 0.5)
    lefts: list[int] = given.left.tolist()
    rights: list[int] = given.right.tolist()
    outcomes: list[int] = given.outcome.tolist()
    for left, right, outcome in zip(lefts, rights, outcomes, strict=True):
        expected = 1 / (1 + math.pow(10, (rating[right] - rating[left]) / 400))
        gain = step * (won[outcome] - expected)
        rating[left] += gain
        rating[right] -= gain
    return np.array(rating)


def newman_scores(given: Comparisons, *, tolerance: float = 1e-12, n_iterations: int = 100_000) -> Floats:
    """float64[n_items], above 0, the strengths of Davidson's model without annotators, 1 as the geometric middle.

    They exist where every item beat or tied with another, be it through others (`groups.beating_groups`).

    Source: Newman (2023), "Efficient computation of rankings from pairwise comparisons", JMLR 24, section 4.
    """
    won = wins(given, tie=0.0)
    halves = wins(given, tie=0.5) - won
    strength, tie = np.ones(len(given.items)), 0.5
    for _ in range(n_iterations):
        root = np.sqrt(np.outer(strength, strength))
        total = strength[:, None] + strength + 2 * tie * root
        n_tied = float(np.sum(halves * (strength[:, None] + strength) / total))
        n_decided = float(np.sum(won * 2 * root / total))
        gained = np.sum((won + halves) * (strength + tie * root) / total, axis=1)
        lost = np.sum((won + halves).T * (1 + tie * root / strength[:, None]) / total, axis=1)
        found = gained / lost
        moved = float(np.abs(found - strength).max())
        strength = found
        tie = n_tied / n_decided if n_decided else tie
        if moved <= tolerance * float(found.max()):
            break
    return strength


_STILL = 1e-15
"""Shares that move by less do so by rounding."""
