"""Which items can be ranked with each other at all."""

from collections.abc import Iterable

import numpy as np

from goldsmith.quality.votes import Floats, Int32s


def connected_groups(n_items: int, pairs: Iterable[tuple[int, int]]) -> Int32s:
    """int32[n_items], equal for items that a chain of pairs joins, numbered by their first item.

    Example:
        >>> connected_groups(4, [(0, 2), (1, 3)]).tolist()
        [0, 1, 0, 1]
    """
    joined = list(range(n_items))

    def first_of(item: int) -> int:
        while joined[item] != item:
            joined[item] = joined[joined[item]]
            item = joined[item]
        return item

    for one, other in set(pairs):
        low, high = sorted((first_of(one), first_of(other)))
        joined[high] = low
    return _numbered([first_of(item) for item in range(n_items)])


def beating_groups(n_items: int, wins: Iterable[tuple[int, int]]) -> Int32s:
    """int32[n_items], equal for items that beat each other, be it through others, numbered by their first item.

    Between two such groups one side never won, so how much better the other is has no bound.

    Args:
        n_items: how many items there are.
        wins: the item that won and the one that lost; both ways round for a tie.

    Source: Tarjan (1972), "Depth-first search and linear graph algorithms", SIAM Journal on Computing 1, without
    recursion. The condition is Ford's (1957), "Solution of a ranking problem from binary comparisons".

    Example:
        >>> beating_groups(3, [(0, 1), (1, 0), (1, 2)]).tolist()
        [0, 0, 1]
    """
    beaten: list[list[int]] = [[] for _ in range(n_items)]
    for winner, loser in sorted(set(wins)):
        beaten[winner].append(loser)
    seen_at, lowest = [-1] * n_items, [0] * n_items
    group, waiting, n_seen = [-1] * n_items, list[int](), 0
    for start in range(n_items):
        path = [(start, 0)] if seen_at[start] < 0 else []
        while path:
            item, at = path.pop()
            if at == 0:
                seen_at[item] = lowest[item] = n_seen
                n_seen += 1
                waiting.append(item)
            elif group[beaten[item][at - 1]] < 0:
                lowest[item] = min(lowest[item], lowest[beaten[item][at - 1]])
            while at < len(beaten[item]) and seen_at[beaten[item][at]] >= 0:
                if group[beaten[item][at]] < 0:
                    lowest[item] = min(lowest[item], seen_at[beaten[item][at]])
                at += 1
            if at < len(beaten[item]):
                path += [(item, at + 1), (beaten[item][at], 0)]
            elif lowest[item] == seen_at[item]:
                last = -1
                while last != item:
                    last = waiting.pop()
                    group[last] = item
    return _numbered(group)


def ranks_within(strength: Floats, group: Int32s) -> Int32s:
    """int32[n_items], 1 for the strongest of each group; level ones share the better rank.

    Args:
        strength: float64[n_items], higher is better; comparable within a group alone.
        group: int32[n_items].

    Example:
        >>> ranks_within(np.array([0.5, 2.0, 0.5]), np.array([0, 0, 0], np.int32)).tolist()
        [2, 1, 2]
    """
    ranks = np.empty(strength.size, np.int32)
    for number in range(int(group.max()) + 1):
        members = np.flatnonzero(group == number)
        falling = np.sort(-strength[members])
        ranks[members] = 1 + np.searchsorted(falling, -strength[members] - _LEVEL)
    return ranks


_LEVEL = 1e-6
"""Strengths that differ by no more are level: the methods stop before they are equal to the last digit."""


def _numbered(names: list[int]) -> Int32s:
    number_of: dict[int, int] = {}
    return np.array([number_of.setdefault(name, len(number_of)) for name in names], np.int32)
