"""Strengths from choices by Luce's axiom: Bradley-Terry for pairs, Plackett-Luce for rankings."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated

import msgspec
import numpy as np

from goldsmith.errors import VotesError
from goldsmith.kit.jit import compiled
from goldsmith.quality.comparisons.groups import beating_groups, ranks_within
from goldsmith.quality.comparisons.votes import Comparisons
from goldsmith.quality.votes import Floats, Int32s, Int64s


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Sets of items of which one was chosen.

    Attributes:
        member: int32[n_members], the items of all sets, the chosen one first in each.
        ends: int64[n_choices + 1], the members of choice c are those from ends[c] up to, not including, ends[c + 1].
        weight: float64[n_choices], above 0, how often the choice was made.
        n_items: how many items there are, chosen or not.
    """

    member: Int32s
    ends: Int64s
    weight: Floats
    n_items: int

    @classmethod
    def from_sets(
        cls, sets: Sequence[Sequence[int]], *, n_items: int, weights: Sequence[float] | None = None
    ) -> "Choices":
        """Choices from sets of item codes, the chosen one first.

        Raises:
            VotesError: there are none, a set has fewer than two items or one twice, or a code is no item's.

        Example:
            >>> Choices.from_sets([[0, 1], [2, 0, 1]], n_items=3).ends.tolist()
            [0, 2, 5]
        """
        if not sets:
            raise VotesError("there are no choices to aggregate; collect answers first.")
        for number, members in enumerate(sets):
            if len(members) < 2 or len(set(members)) < len(members):
                raise VotesError(f"choice {number} has fewer than two items, or one twice; leave it out.")
            if not 0 <= min(members) <= max(members) < n_items:
                raise VotesError(f"choice {number} names an item outside of 0 to {n_items - 1}.")
        return cls(
            member=np.array([item for members in sets for item in members], np.int32),
            ends=np.cumsum([0, *map(len, sets)]).astype(np.int64),
            weight=np.ones(len(sets)) if weights is None else np.asarray(weights, np.float64),
            n_items=n_items,
        )

    @classmethod
    def from_rankings(cls, rankings: Sequence[Sequence[int]], *, n_items: int) -> "Choices":
        """Choices from rankings, best first: the first is chosen of all, the second of the rest, and so on."""
        return cls.from_sets([r[at:] for r in rankings for at in range(max(len(r) - 1, 1))], n_items=n_items)

    @classmethod
    def from_comparisons(cls, given: Comparisons) -> "Choices":
        """Choices of one of two; a tie counts as half a win for each."""
        pairs: dict[tuple[int, int], float] = {}
        for left, right, outcome in zip(given.left.tolist(), given.right.tolist(), given.outcome.tolist(), strict=True):
            for winner, loser, counts in ((left, right, (1, 0, 0.5)), (right, left, (0, 1, 0.5))):
                if counts[outcome]:
                    pairs[winner, loser] = pairs.get((winner, loser), 0.0) + counts[outcome]
        return cls.from_sets(sorted(pairs), n_items=len(given.items), weights=[pairs[pair] for pair in sorted(pairs)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Strengths:
    """The inferred strength of every item. Attributes end in `_` because they are inferred.

    Attributes:
        strength_: float64[n_items], logarithms: of two items of one group, i is chosen with the odds
            exp(strength_[i] - strength_[j]); 0 on average in each group. Nothing is said across groups.
        group_: int32[n_items], equal for items that can be ranked with each other.
        rank_: int32[n_items], 1 for the strongest of each group.
        n_iterations_: how many passes over the choices were made.
        has_converged_: whether it stopped because no strength moved any more.
    """

    strength_: Floats
    group_: Int32s
    rank_: Int32s
    n_iterations_: int
    has_converged_: bool


class Luce(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The most likely strengths, where an item is chosen of a set in proportion to its strength.

    With sets of two this is the model of Bradley and Terry (1952), with the sets of a ranking, the whole, then the
    rest, and so on, that of Plackett (1975). The strengths exist only among items of which each beat each other, be it
    through others; these are the groups. Where one group never lost to another, how much better it is has no bound.

    Attributes:
        tolerance: stop when no logarithm of a strength moves by more than this in one pass.
        max_iterations: stop after so many passes.

    Source: Hunter (2004), "MM algorithms for generalized Bradley-Terry models", Annals of Statistics 32, equations 3
    and 29. Each pass raises the likelihood. Departure: groups without a common scale are kept apart instead of failing.

    Example:
        >>> given = Choices.from_sets([[0, 1], [0, 1], [1, 2], [2, 0]], n_items=3)
        >>> Luce().fit(given).strength_.round(3).tolist()
        [0.42, -0.42, 0.0]
    """

    tolerance: Annotated[float, msgspec.Meta(gt=0)] = 1e-10
    max_iterations: Annotated[int, msgspec.Meta(ge=1)] = 100_000

    def fit(self, given: Choices) -> Strengths:
        """The strengths behind the choices; each pass takes time in proportion to the members of all sets."""
        member, ends = given.member.tolist(), given.ends.tolist()
        sets: list[list[int]] = [member[first:last] for first, last in pairwise(ends)]
        group = beating_groups(given.n_items, ((one[0], other) for one in sets for other in one[1:]))
        of_item: list[int] = group.tolist()
        within = [[item for item in one if of_item[item] == of_item[one[0]]] for one in sets]
        kept = [number for number, one in enumerate(within) if len(one) > 1]
        strength, n_iterations, has_converged = np.zeros(given.n_items), 0, True
        if kept:
            held = Choices.from_sets(
                [within[n] for n in kept], n_items=given.n_items, weights=given.weight[kept].tolist()
            )
            n_iterations = _climb(held.member, held.ends, held.weight, (strength, self.tolerance, self.max_iterations))
            has_converged = n_iterations < self.max_iterations
        for number in range(int(group.max()) + 1):
            strength[group == number] -= strength[group == number].mean()
        return Strengths(
            strength_=strength,
            group_=group,
            rank_=ranks_within(strength, group),
            n_iterations_=n_iterations,
            has_converged_=has_converged,
        )


@compiled
def _climb(member: Int32s, ends: Int64s, weight: Floats, to: tuple[Floats, float, int]) -> int:
    """Fill the logarithms of the strengths; returns the number of passes."""
    logs, tolerance, max_iterations = to
    n_items = logs.shape[0]
    wins, share, strength = np.zeros(n_items), np.empty(n_items), np.ones(n_items)
    for choice in range(ends.shape[0] - 1):
        wins[member[ends[choice]]] += weight[choice]
    for n_iterations in range(1, max_iterations + 1):
        share[:] = 0.0
        for choice in range(ends.shape[0] - 1):
            total = 0.0
            for at in range(ends[choice], ends[choice + 1]):
                total += strength[member[at]]
            for at in range(ends[choice], ends[choice + 1]):
                share[member[at]] += weight[choice] / total
        moved = 0.0
        for item in range(n_items):
            if share[item] > 0:
                found = np.log(wins[item] / share[item])
                moved = max(moved, abs(found - logs[item]))
                logs[item] = found
        logs -= logs.mean()
        strength[:] = np.exp(logs)
        if moved <= tolerance:
            return n_iterations
    return max_iterations
