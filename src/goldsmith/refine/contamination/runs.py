"""Finds the passages that texts have in common with items: grown from common sequences, as long as they go."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.jit import compiled
from goldsmith.refine.comparisons.minhash import mixed
from goldsmith.refine.contamination.folding import I64, U16, U32, U64, Folded
from goldsmith.refine.contamination.seeds import powers
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


class Sequences(NamedTuple):
    """Items as rows of symbols, which are words or letters, and the sequences of them that are looked for.

    Attributes:
        symbols: the lower half of each word's hash, or each letter.
        bounds: where the symbols of each item begin.
        seeds: the specific sequences, by their keys.
        is_specific: for each symbol of the items, whether the sequence that it begins is one of them.
        stride: of the symbols of an item every how manieth may begin one.
        least: symbols that a passage has at least.
    """

    symbols: U32 | U16
    bounds: I64
    seeds: Table
    is_specific: NDArray[np.bool_]
    stride: int
    least: int


class WordIndex(NamedTuple):
    """The items' words, and which sequences of them are looked for.

    Attributes:
        sequences: the words, and the specific sequences that weigh `weight`.
        weight: what a sequence weighs.
        wholes: short items, by the key of all their words.
        lengths: how many words these have, each number once.
    """

    sequences: Sequences
    weight: int
    wholes: Table
    lengths: I64


class LetterIndex(NamedTuple):
    """The items' letters, and the windows of them that are looked for.

    Attributes:
        sequences: the letters, and the specific windows, at every tenth letter.
        width: letters of a window.
    """

    sequences: Sequences
    width: int


class _Rows(NamedTuple):
    """Room for common passages, of which the first `n` are there."""

    rows: I64
    n: int


class _Texts(NamedTuple):
    """Texts as rows of symbols; those of text `i` are `bounds[i]` to `bounds[i + 1]`."""

    symbols: U32 | U16
    bounds: I64


def word_runs(texts: Folded, index: WordIndex) -> Runs:
    """The passages that texts have in common with items, word for word, and the short items that stand in them."""
    return Runs(*_word_runs(texts, index, powers(index.weight + 1)).T)


def letter_runs(texts: Folded, index: LetterIndex) -> Runs:
    """The passages that texts have in common with items, letter for letter, whatever stands between the letters."""
    return Runs(*_letter_runs(texts, index, powers(index.width + 1)).T)


@compiled
def _word_runs(texts: Folded, index: WordIndex, powers: U64) -> I64:
    words, weights = texts.words, texts.weights
    rows = _Texts(words.astype(np.uint32), texts.bounds)
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
                entry = first_of(index.sequences.seeds, mixed(np.uint64(key)))
                if entry >= 0:
                    found = _grown(rows, index.sequences, (text, begin, entry), found)
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
            item = int(np.searchsorted(index.sequences.bounds, place, side="right")) - 1
            found = _added(found, (text, item, begin, place, length))
            entry += 1
    return found


@compiled
def _letter_runs(texts: Folded, index: LetterIndex, powers: U64) -> I64:
    letters, width = texts.letters, index.width
    rows = _Texts(letters, texts.ends)
    found = _Rows(np.empty((64, 5), np.int64), 0)
    top = powers[width - 1]
    for text in range(len(texts.ends) - 1):
        first, last = texts.ends[text], texts.ends[text + 1]
        if last - first < index.sequences.least:
            continue
        key = np.uint64(0)
        for place in range(first, first + width - 1):
            key = key * _BASE + np.uint64(letters[place])
        for begin in range(first, last - width + 1):
            key = key * _BASE + np.uint64(letters[begin + width - 1])
            entry = first_of(index.sequences.seeds, mixed(key))
            if entry >= 0:
                found = _grown(rows, index.sequences, (text, begin, entry), found)
            key = _without(key, np.uint64(letters[begin]), top)
    return found.rows[: found.n].copy()


@compiled
def _grown(texts: _Texts, items: Sequences, hit: tuple[int, int, int], found: _Rows) -> _Rows:
    """Add the passages around a common sequence that are long enough, unless an earlier sequence led to them."""
    text, begin, entry = hit
    first, last = texts.bounds[text], texts.bounds[text + 1]
    key = items.seeds.keys[entry]
    while entry < len(items.seeds.keys) and items.seeds.keys[entry] == key:
        place = int(items.seeds.places[entry])
        entry += 1
        item = int(np.searchsorted(items.bounds, place, side="right")) - 1
        low, high = items.bounds[item], items.bounds[item + 1]
        back, is_known = 1, False
        while begin - back >= first and place - back >= low:
            if texts.symbols[begin - back] != items.symbols[place - back]:
                break
            if back % items.stride == 0 and items.is_specific[place - back]:
                is_known = True
                break
            back += 1
        if is_known:
            continue
        back -= 1
        length = back
        while begin - back + length < last and place - back + length < high:
            if texts.symbols[begin - back + length] != items.symbols[place - back + length]:
                break
            length += 1
        if length >= items.least:
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
