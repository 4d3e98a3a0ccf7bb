"""Lists of marks compared: which of one list means the same as which of the other, and how alike they are in all."""

import heapq
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, TypeVar

from goldsmith.kit.digest import canonical_json

T = TypeVar("T")

MOST_PAIRS = 100_000
"""Where more pairs than these hang together, they are matched from the best one on instead of best in all."""


class Pair(NamedTuple):
    """How alike a mark of the first list and one of the second are, in (0, 1]."""

    first: int
    second: int
    likeness: float


def every_pair(a: Sequence[T], b: Sequence[T], likeness: Callable[[T, T], float]) -> list[Pair]:
    """All pairs that are alike at all."""
    return [
        Pair(i, j, found) for i, one in enumerate(a) for j, other in enumerate(b) if (found := likeness(one, other))
    ]


def matched_distance(
    a: Sequence[T], b: Sequence[T], pairs_of: Callable[[Sequence[T], Sequence[T]], Iterable[Pair]]
) -> float:
    """1 minus a soft F1: twice the likeness of the matched pairs by the number of marks; two empty lists are equal.

    Args:
        a: marks.
        b: other marks.
        pairs_of: the pairs that are alike at all, with their likeness; each at most once.
    """
    if not a and not b:
        return 0.0
    if _rank(b) < _rank(a):  # the same sums in the same order, whichever list comes first
        a, b = b, a
    total = matched_likeness(pairs_of(a, b))
    return min(1.0, max(0.0, 1.0 - 2.0 * total / (len(a) + len(b))))


def matched_likeness(pairs: Iterable[Pair]) -> float:
    """The greatest sum of likeness where each mark is in one pair at most.

    Example:
        >>> matched_likeness([Pair(0, 0, 0.9), Pair(0, 1, 0.8), Pair(1, 0, 0.8)])
        1.6
    """
    return sum(_component_likeness(part) for part in _components(list(pairs)))


def _rank(marks: Sequence[object]) -> tuple[int, bytes]:
    return len(marks), canonical_json(marks)


def _components(pairs: list[Pair]) -> list[list[Pair]]:
    """The pairs by which marks hang together, directly or through others."""
    leader: dict[tuple[bool, int], tuple[bool, int]] = {}

    def find(mark: tuple[bool, int]) -> tuple[bool, int]:
        _ = leader.setdefault(mark, mark)
        while leader[mark] != mark:
            leader[mark] = leader[leader[mark]]
            mark = leader[mark]
        return mark

    for pair in pairs:
        leader[find((True, pair.second))] = find((False, pair.first))
    parts: dict[tuple[bool, int], list[Pair]] = {}
    for pair in pairs:
        parts.setdefault(find((False, pair.first)), []).append(pair)
    return list(parts.values())


def _component_likeness(pairs: list[Pair]) -> float:
    if len({pair.first for pair in pairs}) == 1 or len({pair.second for pair in pairs}) == 1:
        return max(pair.likeness for pair in pairs)
    return _greedy_likeness(pairs) if len(pairs) > MOST_PAIRS else _best_likeness(pairs)


def _greedy_likeness(pairs: list[Pair]) -> float:
    total, firsts, seconds = 0.0, set[int](), set[int]()
    for pair in sorted(pairs, key=lambda pair: (-pair.likeness, pair.first, pair.second)):
        if pair.first not in firsts and pair.second not in seconds:
            firsts.add(pair.first)
            seconds.add(pair.second)
            total += pair.likeness
    return total


def _best_likeness(pairs: list[Pair]) -> float:
    """The greatest sum of likeness.

    Source: Kuhn (1955), "The Hungarian method for the assignment problem", in its form with shortest augmenting paths
    (Jonker and Volgenant, 1987) on the pairs there are; each mark of the first list may also stay alone, at no gain.
    """
    beside: dict[int, dict[int, float]] = {}
    for pair in pairs:
        beside.setdefault(pair.first, {})[pair.second] = -pair.likeness
    for first, costs in beside.items():
        costs[-1 - first] = 0.0  # alone
    found = _Assignment(beside)
    for first in sorted(beside):
        found.place(first)
    return -sum(beside[first][second] for second, first in found.first_of.items())


class _Assignment:
    """Marks of the first list placed one by one at the least cost in all, those of the second getting prices."""

    def __init__(self, costs: dict[int, dict[int, float]]) -> None:
        self.first_of: dict[int, int] = {}
        self._second_of: dict[int, int] = {}
        self._costs = costs
        self._gain: dict[int, float] = dict.fromkeys(costs, 0.0)
        self._price: dict[int, float] = {}

    def place(self, first: int) -> None:
        """Place one more mark, moving others where that costs less."""
        reached: dict[int, float] = {}
        least: dict[int, float] = {}
        through: dict[int, int] = {}
        heap: list[tuple[float, int]] = []
        here, so_far = first, 0.0
        while True:
            for second, cost in self._costs[here].items():
                length = so_far + cost - self._gain[here] - self._price.get(second, 0.0)
                if second not in reached and length < least.get(second, float("inf")):
                    least[second], through[second] = length, here
                    heapq.heappush(heap, (length, second))
            so_far, end = heapq.heappop(heap)
            while end in reached:
                so_far, end = heapq.heappop(heap)
            if end not in self.first_of:
                break
            reached[end], here = so_far, self.first_of[end]
        self._gain[first] += so_far
        for second, length in reached.items():
            self._gain[self.first_of[second]] += so_far - length
            self._price[second] = self._price.get(second, 0.0) - (so_far - length)
        self._move(first, end, through)

    def _move(self, first: int, end: int, through: dict[int, int]) -> None:
        """Give each mark on the path to `end` the place after its own."""
        owner = None
        while owner != first:
            owner = through[end]
            self.first_of[end] = owner
            self._second_of[owner], end = end, self._second_of.get(owner, end)
