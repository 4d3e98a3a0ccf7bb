"""Finds the passages that texts have in common with items: grown from common sequences, as long as they go."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.jit import compiled
from goldsmith.refine.comparisons.minhash import mixed
from goldsmith.refine.contamination.folding import I64, U16, U32, U64, Folded
from goldsmith.refine.contamination.seeds import STRIDE, powers
from goldsmith.refine.contamination.tables import Table, first_of

_BASE = np.uint64(0x9E3779B97F4A7C15)


class Runs(NamedTuple):
    """Common passages, one in each row.

    Attributes:
        texts: which text.
        items: which item.
        starts: the first word, or letter, in the texts.
        item_starts: the first word, or letter, in the items.
        lengths: how many words, or letters.
    """

    texts: I64
    items: I64
    starts: I64
    item_starts: I64
    lengths: I64


class WordIndex(NamedTuple):
    """The items' words as numbers that are equal when the words are, and which sequences of them are looked for.

    Attributes:
        words: the lower half of each word's hash.
        bounds: where the words of each item begin.
        sequences: the specific sequences that weigh `weight`.
        is_specific: for each word of the items, whether the sequence that it begins is one of them.
        weight: what a sequence weighs.
        wholes: short items, by the key of all their words.
        lengths: how many words these have, each number once.
    """

    words: U32
    bounds: I64
    sequences: Table
    is_specific: NDArray[np.bool_]
    weight: int
    wholes: Table
    lengths: I64


class LetterIndex(NamedTuple):
    """The items' letters, and the windows of them that are looked for.

    Attributes:
        letters: the letters.
        ends: where those of each item begin.
        windows: the specific windows, at every tenth letter.
        is_specific: for each letter of the items, whether the window that it begins is one of them.
        width: letters of a window.
        least: letters that a passage has at least.
    """

    letters: U16
    ends: I64
    windows: Table
    is_specific: NDArray[np.bool_]
    width: int
    least: int


class _Rows(NamedTuple):
    """Room for common passages, of which the first `n` are there."""

    rows: I64
    n: int


def word_runs(texts: Folded, index: WordIndex) -> Runs:
    """The passages that texts have in common with items, word for word, and the short items that stand in them."""
    return Runs(*_word_runs(texts, index, powers(index.weight + 1)).T)


def letter_runs(texts: Folded, index: LetterIndex) -> Runs:
    """The passages that texts have in common with items, letter for letter, whatever stands between the letters."""
    return Runs(*_letter_runs(texts, index, powers(index.width + 1)).T)


@compiled
def _word_runs(texts: Folded, index: WordIndex, powers: U64) -> I64:
    words, weights = texts.words, texts.weights
    found = _Rows(np.empty((64, 5), np.int64), 0)
    for text in range(len(texts.bounds) - 1):
        first, last = texts.bounds[text], texts.bounds[text + 1]
        end, weighs, key = first, 0, np.uint64(0)
        for begin in range(first, last):
            while end < last and weighs < index.weight:
                key = key * _BASE + words[end]
                weighs += weights[end]
                end += 1
            if weighs >= index.weight:
                entry = first_of(index.sequences, mixed(np.uint64(key)))
                if entry >= 0:
                    found = _grown_words(texts, index, (text, begin, entry), found)
            if len(index.lengths):
                found = _whole_items(texts, index, (text, begin), found)
            key = _without(key, words[begin], powers[end - begin - 1])
            weighs -= weights[begin]
    return found.rows[: found.n].copy()


@compiled
def _without(key: np.uint64, first: np.uint64, power: np.uint64) -> np.uint64:
    """The key of a sequence without its first word or letter."""
    return np.uint64(key - first * power)


@compiled
def _grown_words(texts: Folded, index: WordIndex, hit: tuple[int, int, int], found: _Rows) -> _Rows:
    """Add the passages around a common sequence, unless one of its earlier words has led to them."""
    text, begin, entry = hit
    first, last = texts.bounds[text], texts.bounds[text + 1]
    key = index.sequences.keys[entry]
    while entry < len(index.sequences.keys) and index.sequences.keys[entry] == key:
        place = int(index.sequences.places[entry])
        entry += 1
        item = int(np.searchsorted(index.bounds, place, side="right")) - 1
        low, high = index.bounds[item], index.bounds[item + 1]
        back, is_known = 1, False
        while begin - back >= first and place - back >= low:
            if np.uint32(texts.words[begin - back] & np.uint64(0xFFFFFFFF)) != index.words[place - back]:
                break
            if index.is_specific[place - back]:
                is_known = True
                break
            back += 1
        if is_known:
            continue
        back -= 1
        length = back
        while begin - back + length < last and place - back + length < high:
            at = begin - back + length
            if np.uint32(texts.words[at] & np.uint64(0xFFFFFFFF)) != index.words[place - back + length]:
                break
            length += 1
        found = _added(found, (text, item, begin - back, place - back, length))
    return found


@compiled
def _whole_items(texts: Folded, index: WordIndex, at: tuple[int, int], found: _Rows) -> _Rows:
    """Add the short items that begin at a word of a text."""
    text, begin = at
    key, end = np.uint64(0), begin
    for length in index.lengths:
        if begin + length > texts.bounds[text + 1]:
            break
        while end < begin + length:
            key = key * _BASE + texts.words[end]
            end += 1
        entry = first_of(index.wholes, mixed(key))
        while 0 <= entry < len(index.wholes.keys) and index.wholes.keys[entry] == mixed(key):
            place = int(index.wholes.places[entry])
            item = int(np.searchsorted(index.bounds, place, side="right")) - 1
            found = _added(found, (text, item, begin, place, length))
            entry += 1
    return found


@compiled
def _letter_runs(texts: Folded, index: LetterIndex, powers: U64) -> I64:
    letters, width = texts.letters, index.width
    found = _Rows(np.empty((64, 5), np.int64), 0)
    top = powers[width - 1]
    for text in range(len(texts.ends) - 1):
        first, last = texts.ends[text], texts.ends[text + 1]
        if last - first < index.least:
            continue
        key = np.uint64(0)
        for place in range(first, first + width - 1):
            key = key * _BASE + np.uint64(letters[place])
        for begin in range(first, last - width + 1):
            key = key * _BASE + np.uint64(letters[begin + width - 1])
            entry = first_of(index.windows, mixed(key))
            if entry >= 0:
                found = _grown_letters(texts, index, (text, begin, entry), found)
            key = _without(key, np.uint64(letters[begin]), top)
    return found.rows[: found.n].copy()


@compiled
def _grown_letters(texts: Folded, index: LetterIndex, hit: tuple[int, int, int], found: _Rows) -> _Rows:
    """Add the passages around a common window that are long enough, unless the window before led to them."""
    text, begin, entry = hit
    first, last = texts.ends[text], texts.ends[text + 1]
    key = index.windows.keys[entry]
    while entry < len(index.windows.keys) and index.windows.keys[entry] == key:
        place = int(index.windows.places[entry])
        entry += 1
        item = int(np.searchsorted(index.ends, place, side="right")) - 1
        low, high = index.ends[item], index.ends[item + 1]
        back, is_known = 1, False
        while begin - back >= first and place - back >= low:
            if texts.letters[begin - back] != index.letters[place - back]:
                break
            if back % STRIDE == 0 and index.is_specific[place - back]:
                is_known = True
                break
            back += 1
        if is_known:
            continue
        back -= 1
        length = back
        while begin - back + length < last and place - back + length < high:
            if texts.letters[begin - back + length] != index.letters[place - back + length]:
                break
            length += 1
        if length >= index.least:
            found = _added(found, (text, item, begin - back, place - back, length))
    return found


@compiled
def _added(found: _Rows, row: tuple[int, int, int, int, int]) -> _Rows:
    rows, n = found.rows, found.n
    if n == len(rows):
        larger = np.empty((2 * n, 5), np.int64)
        larger[:n] = rows
        rows = larger
    rows[n, 0], rows[n, 1], rows[n, 2], rows[n, 3], rows[n, 4] = row
    return _Rows(rows, n + 1)
