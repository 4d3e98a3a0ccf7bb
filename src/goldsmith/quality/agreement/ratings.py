"""Answers by item, as how often each value was given: what all alphas are computed from."""

from typing import Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from goldsmith.errors import VotesError
from goldsmith.kit.jit import compiled, in_place
from goldsmith.quality.votes import Floats, Int32s, Int64s

Level = Literal["nominal", "ordinal", "interval", "ratio"]
"""What the values of answers mean: names, an order, differences, or shares of each other."""

LEVELS: tuple[Level, ...] = get_args(Level)

NO_PAIRS = "no item has two answers, so agreement cannot be measured."
ONE_CLASS = "every answer is the same class, so agreement cannot be told from chance."


class Ratings(NamedTuple):
    """The answers to items that have at least two; a row is an item, or several with the same answers.

    Attributes:
        starts: int64[n_rows + 1]; the values of row i are those from starts[i] up to, not including, starts[i + 1].
        code: int32[n_given], which value, ascending within a row.
        times: int32[n_given], how many answers to the item have it, at least 1.
        n_items: int64[n_rows], how many items a row stands for.
        n_values: how many values there are.
    """

    starts: Int64s
    code: Int32s
    times: Int32s
    n_items: Int64s
    n_values: int


def ratings_of_counts(counts: Int32s) -> Ratings:
    """The ratings in int32[n_items, n_classes], how many annotators gave each class.

    Raises:
        VotesError: it has not two dimensions, or a count is below 0.
    """
    if counts.ndim != 2:
        raise VotesError(f"the counts have {counts.ndim} dimensions; give one row per item and one column per class.")
    dense = np.ascontiguousarray(counts, np.int32)
    sizes = np.zeros(len(dense), np.int64)
    if _used(dense, sizes) < 0:
        raise VotesError("a class was given less than 0 times to an item; count the answers again.")
    kept = np.flatnonzero(sizes)
    starts = np.concatenate(([0], np.cumsum(sizes[kept])))
    code, count = np.empty(starts[-1], np.int32), np.empty(starts[-1], np.int32)
    _take(dense, kept, code, count)
    return Ratings(starts, code, count, np.ones(len(kept), np.int64), dense.shape[1])


class Valued(NamedTuple):
    """Ratings by numbers, and the numbers.

    Attributes:
        ratings: their codes are places in `values`.
        values: float64[n_values], ascending.
    """

    ratings: Ratings
    values: Floats


def ratings_of_values(items: Int32s | Int64s, values: Floats) -> Valued:
    """The ratings in two columns, one row per answer: int[n_answers] items and float64[n_answers] values.

    Raises:
        VotesError: the columns differ in length, or a value is not a finite number.
    """
    if items.shape != values.shape or items.ndim != 1:
        raise VotesError(f"there are {items.shape} items and {values.shape} values; give one of each per answer.")
    wrong = np.flatnonzero(~np.isfinite(values))
    if wrong.size:
        row = int(wrong[0])
        raise VotesError(f"answer {row}: its value is {values[row]}, not a finite number; leave out such answers.")
    distinct, code = np.unique(values, return_inverse=True)
    order = np.lexsort((code, items))
    item, given = items[order], code[order]
    is_first = np.ones(len(item), np.bool_)
    is_first[1:] = (item[1:] != item[:-1]) | (given[1:] != given[:-1])
    firsts = np.flatnonzero(is_first)
    count = np.diff(np.append(firsts, len(item)))
    item, given = item[firsts], given[firsts]
    edges = np.append(np.flatnonzero(np.append(True, item[1:] != item[:-1])[: len(item)]), len(item))
    n_answers = np.add.reduceat(count, edges[:-1]) if len(item) else np.zeros(0, np.int64)
    is_kept = np.repeat(n_answers >= 2, np.diff(edges))
    starts = np.concatenate(([0], np.cumsum(np.diff(edges)[n_answers >= 2])))
    kept = (starts, given[is_kept].astype(np.int32), count[is_kept].astype(np.int32))
    return Valued(Ratings(*kept, np.ones(len(starts) - 1, np.int64), len(distinct)), distinct)


def grouped(ratings: Ratings) -> Ratings:
    """The same ratings with one row for all items with the same answers, in an order that only the answers decide."""
    keys = np.empty(len(ratings.n_items), np.uint64)
    _keys(ratings, keys)
    distinct, first, row_of, n_items = np.unique(keys, return_index=True, return_inverse=True, return_counts=True)
    del distinct
    if not _same(ratings, first[row_of]):
        return ratings
    sizes = np.diff(ratings.starts)[first]
    starts = np.concatenate(([0], np.cumsum(sizes)))
    moved = np.repeat(ratings.starts[first] - starts[:-1], sizes)
    taken = np.arange(len(moved)) + moved
    return Ratings(starts, ratings.code[taken], ratings.times[taken], n_items.astype(np.int64), ratings.n_values)


@in_place
def _used(counts: Int32s, sizes: Int64s) -> int:
    """Fill in how many values each item with two answers uses, 0 for others; -1 where a count is below 0."""
    for i in range(counts.shape[0]):
        n_used, n_answers = 0, 0
        for c in range(counts.shape[1]):
            given = counts[i, c]
            if given < 0:
                return -1
            n_used += given > 0
            n_answers += given
        if n_answers >= 2:
            sizes[i] = n_used
    return 0


@in_place
def _take(counts: Int32s, kept: Int64s, code: Int32s, count: Int32s) -> None:
    at = 0
    for row in range(len(kept)):
        for c in range(counts.shape[1]):
            given = counts[kept[row], c]
            if given > 0:
                code[at] = c
                count[at] = given
                at += 1


@in_place
def _keys(ratings: Ratings, keys: NDArray[np.uint64]) -> None:
    """A number for each row that is the same for the same answers, and nearly always another for others."""
    for i in range(len(keys)):
        key = np.uint64(0x9E3779B97F4A7C15)
        for at in range(ratings.starts[i], ratings.starts[i + 1]):
            key ^= (np.uint64(ratings.code[at]) << np.uint64(32)) | np.uint64(ratings.times[at])
            key *= np.uint64(0xBF58476D1CE4E5B9)
            key ^= key >> np.uint64(29)
            key *= np.uint64(0x94D049BB133111EB)
            key ^= key >> np.uint64(32)
        keys[i] = key


@compiled
def _same(ratings: Ratings, like: Int64s) -> bool:
    """Whether each row has the answers of the row that it is taken to be like."""
    starts, code, times = ratings.starts, ratings.code, ratings.times
    for i in range(len(like)):
        n, other = starts[i + 1] - starts[i], starts[like[i]]
        if n != starts[like[i] + 1] - other:
            return False
        for at in range(n):
            if code[starts[i] + at] != code[other + at] or times[starts[i] + at] != times[other + at]:
                return False
    return True
