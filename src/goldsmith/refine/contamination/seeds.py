"""Keys of short sequences of words and letters, from which longer common passages are grown."""

from typing import NamedTuple

import numpy as np

from goldsmith.kit.jit import compiled
from goldsmith.refine.comparisons.minhash import mixed
from goldsmith.refine.contamination.folding import I32, I64, U8, U64, Folded
from goldsmith.refine.contamination.tables import Table, table_of

_BASE = np.uint64(0x9E3779B97F4A7C15)

STRIDE = 10
"""Of the letters of items every tenth begins a window; a text is looked up at every letter."""


class Windows(NamedTuple):
    """Sequences of items: their keys, and the letter or word of the items at which each begins."""

    keys: U64
    places: I32


def powers(n: int) -> U64:
    """The powers of the base of rolling hashes, from 0 to `n`."""
    found = np.ones(n + 1, np.uint64)
    found[1:] = _BASE
    return np.multiply.accumulate(found)


def word_windows(items: Folded, weight: int) -> Windows:
    """All sequences of words that weigh `weight`, of all items."""
    keys, places = _word_windows(items.words, items.weights, items.bounds, weight)
    return Windows(keys, places)


def letter_windows(items: Folded, n_letters: int) -> Windows:
    """Windows of as many letters, at every tenth letter of each item."""
    keys, places = _letter_windows(items.letters, items.ends, n_letters)
    return Windows(keys, places)


class Wholes(NamedTuple):
    """Short questions and short items as a whole: their keys, where each begins, and how many words it has."""

    keys: U64
    places: I32
    lengths: I64


def whole_windows(items: Folded, question_words: I64, weights: tuple[int, int]) -> Wholes:
    """The items, and their questions, that weigh at least the first of two weights but less than the second."""
    return Wholes(*_whole_windows(items, question_words, weights))


def specific(windows: Windows, owners: I32, most: int) -> Table:
    """A table of the windows without those that stand in more than `most` items, which say nothing about one of them.

    Args:
        windows: the windows.
        owners: the item of each.
        most: items that may have a window in common.
    """
    order = np.lexsort((owners, windows.keys))
    keys, ours = windows.keys[order], owners[order]
    is_new_key = np.concatenate([np.ones(min(1, len(keys)), np.bool_), keys[1:] != keys[:-1]])
    is_new_owner = is_new_key.copy()
    is_new_owner[1:] |= ours[1:] != ours[:-1]
    group = np.cumsum(is_new_key) - 1
    n_owners = np.bincount(group, weights=is_new_owner) if len(keys) else np.zeros(0)
    kept = order[n_owners[group] <= most] if len(keys) else order
    return table_of(windows.keys[kept], windows.places[kept])


@compiled
def _word_windows(words: U64, weights: U8, bounds: I64, weight: int) -> tuple[U64, I32]:
    keys, places = np.empty(len(words), np.uint64), np.empty(len(words), np.int32)
    n = 0
    for text in range(len(bounds) - 1):
        for begin in range(bounds[text], bounds[text + 1]):
            end, weighs, key = begin, 0, np.uint64(0)
            while end < bounds[text + 1] and weighs < weight:
                key = key * _BASE + words[end]
                weighs += weights[end]
                end += 1
            if weighs < weight:
                break
            keys[n], places[n] = mixed(key), begin
            n += 1
    return keys[:n].copy(), places[:n].copy()


@compiled
def _letter_windows(letters: "np.ndarray[tuple[int], np.dtype[np.uint16]]", ends: I64, width: int) -> tuple[U64, I32]:
    keys, places = (
        np.empty(len(letters) // STRIDE + len(ends), np.uint64),
        np.empty(len(letters) // STRIDE + len(ends), np.int32),
    )
    n = 0
    for text in range(len(ends) - 1):
        for begin in range(ends[text], ends[text + 1] - width + 1, STRIDE):
            key = np.uint64(0)
            for place in range(begin, begin + width):
                key = key * _BASE + np.uint64(letters[place])
            keys[n], places[n] = mixed(key), begin
            n += 1
    return keys[:n].copy(), places[:n].copy()


@compiled
def _whole_windows(items: Folded, question_words: I64, between: tuple[int, int]) -> tuple[U64, I32, I64]:
    n_items = len(items.bounds) - 1
    keys = np.empty(2 * n_items, np.uint64)
    places, lengths = np.empty(2 * n_items, np.int32), np.empty(2 * n_items, np.int64)
    n = 0
    for item in range(n_items):
        first, last = items.bounds[item], items.bounds[item + 1]
        key, weighs = np.uint64(0), 0
        for word in range(first, last):
            key = key * _BASE + items.words[word]
            weighs += items.weights[word]
            is_end = word + 1 == last or word + 1 == first + question_words[item]
            if is_end and between[0] <= weighs < between[1]:
                keys[n], places[n], lengths[n] = mixed(key), first, word + 1 - first
                n += 1
    return keys[:n].copy(), places[:n].copy(), lengths[:n].copy()
