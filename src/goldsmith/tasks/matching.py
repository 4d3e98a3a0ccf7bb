"""Lists of marks compared: which of one list means the same as which of the other, and how alike they are in all."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, TypeVar

from goldsmith.kit.digest import canonical_json

T = TypeVar("T")

MOST_EXACT = 40
"""Where more marks than these hang together, they are matched from the best pair on instead of best in all."""


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
    firsts, seconds = sorted({pair.first for pair in pairs}), sorted({pair.second for pair in pairs})
    if len(firsts) == 1 or len(seconds) == 1:
        return max(pair.likeness for pair in pairs)
    if min(len(firsts), len(seconds)) > MOST_EXACT:
        return _greedy_likeness(pairs)
    if len(firsts) > len(seconds):
        pairs = [Pair(pair.second, pair.first, pair.likeness) for pair in pairs]
        firsts, seconds = seconds, firsts
    row, column = {mark: i for i, mark in enumerate(firsts)}, {mark: j for j, mark in enumerate(seconds)}
    likeness = [[0.0] * len(seconds) for _ in firsts]
    for pair in pairs:
        likeness[row[pair.first]][column[pair.second]] = pair.likeness
    return sum(likeness[i][j] for i, j in enumerate(_assigned(likeness)))


def _greedy_likeness(pairs: list[Pair]) -> float:
    total, firsts, seconds = 0.0, set[int](), set[int]()
    for pair in sorted(pairs, key=lambda pair: (-pair.likeness, pair.first, pair.second)):
        if pair.first not in firsts and pair.second not in seconds:
            firsts.add(pair.first)
            seconds.add(pair.second)
            total += pair.likeness
    return total


def _assigned(likeness: Sequence[Sequence[float]]) -> list[int]:
    """For each row its column, all different, so that their sum is greatest; there are no more rows than columns.

    Source: Kuhn (1955), "The Hungarian method for the assignment problem", in its form with shortest augmenting paths.
    """
    n, m = len(likeness), len(likeness[0])
    row_price, column_price = [0.0] * (n + 1), [0.0] * (m + 1)
    row_of = [0] * (m + 1)  # rows and columns count from 1; 0 is none
    for i in range(1, n + 1):
        row_of[0], here = i, 0
        least, before, is_used = [float("inf")] * (m + 1), [0] * (m + 1), [False] * (m + 1)
        while row_of[here]:
            is_used[here] = True
            row, step, there = row_of[here], float("inf"), 0
            for j in range(1, m + 1):
                if not is_used[j]:
                    cost = -likeness[row - 1][j - 1] - row_price[row] - column_price[j]
                    if cost < least[j]:
                        least[j], before[j] = cost, here
                    if least[j] < step:
                        step, there = least[j], j
            for j in range(m + 1):
                if is_used[j]:
                    row_price[row_of[j]] += step
                    column_price[j] -= step
                else:
                    least[j] -= step
            here = there
        while here:
            row_of[here] = row_of[before[here]]
            here = before[here]
    column_of = [0] * n
    for j in range(1, m + 1):
        if row_of[j]:
            column_of[row_of[j] - 1] = j - 1
    return column_of
