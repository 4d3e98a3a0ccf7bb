"""How many items to audit of each part of a population."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from goldsmith.errors import VotesError
from goldsmith.quality.audit.planning import first_true
from goldsmith.quality.stratified import Cell, stratified_share
from goldsmith.quality.votes import Floats, Int64s

Allocation = Literal["proportional", "neyman"]

N_DRAWS = 400
"""Audits that are made up for each size: the mean width of their intervals then repeats to about one in a hundred."""

_LEAST_WRONG = 0.01
"""No part is taken to be better than this: nobody knows so beforehand, and the best would get no sample at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a population, before the audit.

    Attributes:
        n_population: items in it, at least 1.
        expected: the share of right items that is assumed, in [0, 1].
    """

    n_population: int
    expected: float

    def __post_init__(self) -> None:
        if self.n_population < 1 or not 0 <= self.expected <= 1:
            raise VotesError(f"a part of {self.n_population} items, {self.expected} of them right, cannot be.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """An audit of several parts.

    Attributes:
        n_audited: items to audit of each part.
        half_width: half the width that the interval of `stratified_share` then has on average.
    """

    n_audited: tuple[int, ...]
    half_width: float


def plan_parts(
    parts: Sequence[Part],
    *,
    half_width: float,
    rng: np.random.Generator,
    allocation: Allocation = "neyman",
    confidence: float = 0.95,
    n_draws: int = N_DRAWS,
) -> Plan:
    """The smallest audit of several parts whose stratified interval is no wider than plus or minus `half_width`.

    Args:
        parts: the parts of the population; they do not overlap.
        half_width: half the width of the interval that is wanted on average, in (0, 0.5].
        rng: draws the audits that are made up.
        allocation: `proportional` to the sizes of the parts, or to these times the standard deviation (Neyman).
        confidence: how often such an interval holds the true share, in (0, 1).
        n_draws: audits that are made up for each size that is tried, the same for every size.

    Raises:
        VotesError: there are no parts, or the half width cannot be.

    Source: Neyman (1934), "On the two different aspects of the representative method", JRSS 97; Cochran (1977), 5.5.
    Departures: the size is found by simulation of the very interval that is computed afterwards; every part gets an
    item; no part is taken to be more than 99% right.

    Example:
        >>> parts = [Part(n_population=9000, expected=0.98), Part(n_population=1000, expected=0.7)]
        >>> plan = plan_parts(parts, half_width=0.02, rng=np.random.default_rng(0))
        >>> sum(plan.n_audited) < 350, plan.half_width <= 0.02
        (True, True)
    """
    if not parts:
        raise VotesError("there are no parts to audit; give at least one.")
    if not 0 < half_width <= 0.5:
        raise VotesError(f"a half width of {half_width} cannot be; take one above 0 and at most 0.5.")
    seed = int(rng.integers(2**63))

    def width(n: int) -> float:
        sizes = allocated(parts, n, allocation=allocation)
        return _mean_half_width(parts, sizes, np.random.default_rng(seed), confidence=confidence, n_draws=n_draws)

    n_all = sum(part.n_population for part in parts)
    n = first_true(lambda n: width(n) <= half_width, len(parts), n_all)
    return Plan(n_audited=tuple(allocated(parts, n, allocation=allocation).tolist()), half_width=width(n))


def allocated(parts: Sequence[Part], n: int, *, allocation: Allocation) -> Int64s:
    """int64[n_parts], how `n` items are shared out: at least one to each part, and no more than it has.

    Args:
        parts: the parts of the population.
        n: items in all, from the number of parts to the number of all items.
        allocation: as in `plan_parts`.

    Raises:
        VotesError: there are too few or too many to share out.

    Example:
        >>> parts = [Part(n_population=900, expected=0.9), Part(n_population=100, expected=0.5)]
        >>> allocated(parts, 50, allocation="neyman").tolist()
        [42, 8]
    """
    sizes = np.array([part.n_population for part in parts], np.int64)
    if not len(parts) <= n <= int(sizes.sum()):
        raise VotesError(f"{n} items cannot be shared out to {len(parts)} parts of {int(sizes.sum())} items in all.")
    weights = sizes.astype(np.float64)
    if allocation == "neyman":
        share = np.clip([part.expected for part in parts], _LEAST_WRONG, 1 - _LEAST_WRONG)
        weights *= np.sqrt(share * (1 - share))
    return _shared_out(n, weights, sizes)


def _shared_out(n: int, weights: Floats, most: Int64s) -> Int64s:
    """Largest remainder; what a part has not is shared out among the others."""
    given = np.ones_like(most)
    while (left := n - int(given.sum())) > 0:
        is_open = given < most
        wanted = np.where(is_open, weights, 0.0)
        wanted *= left / wanted.sum()
        whole = np.minimum(wanted.astype(np.int64), most - given)
        if not whole.any():
            best = np.argsort(-np.where(is_open, wanted, -1.0), kind="stable")[: min(left, int(is_open.sum()))]
            whole[best] = 1
        given += whole
    return given


def _mean_half_width(
    parts: Sequence[Part], sizes: Int64s, rng: np.random.Generator, *, confidence: float, n_draws: int
) -> float:
    n_right = np.array([round(part.expected * part.n_population) for part in parts])
    n_wrong = np.array([part.n_population for part in parts]) - n_right
    drawn: list[list[int]] = rng.hypergeometric(n_right, n_wrong, sizes, size=(n_draws, len(parts))).tolist()
    audited: list[int] = sizes.tolist()
    total = 0.0
    for row in drawn:
        cells = (
            Cell(n_population=part.n_population, n_sampled=n, n_right=right)
            for part, n, right in zip(parts, audited, row, strict=True)
        )
        found = stratified_share(cells, confidence=confidence)
        total += ((found.high or 0.0) - (found.low or 0.0)) / 2
    return total / n_draws
