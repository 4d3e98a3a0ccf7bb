"""Counts of the Gopher repetition filter: characters in word sequences that come again."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.arrow import Utf8
from goldsmith.kit.jit import compiled
from goldsmith.refine.statistics.tables import FREE, Table, candidate, first_slot, is_same, next_slot, table_for, tag_of
from goldsmith.refine.statistics.tokens import Tokens

U8 = NDArray[np.uint8]
I64 = NDArray[np.int64]
U64 = NDArray[np.uint64]

TOP_LENGTHS = (2, 3, 4)
"""Words in the sequences of which the most frequent one counts."""

REPEATED_LENGTHS = (5, 6, 7, 8, 9, 10)
"""Words in the sequences that count when they come again."""

_SHORTEST_TOP, _N_TOP, _N_LENGTHS = 2, 3, 9
_SPACE = 0x20
_BASE = np.uint64(0x9E3779B97F4A7C15)
_INVERSE = np.uint64(pow(0x9E3779B97F4A7C15, -1, 1 << 64))


class _Laid(NamedTuple):
    """The tokens of a text one after the other, with a hash of any sequence of them at the cost of one product.

    Attributes:
        content: their bytes; either nothing stands between them, or a space after each.
        places: where each begins, and the end.
        points: how many code points stand before each, and before the end.
        sums: the sum of `byte * base ** place` before each, and before the end, as if there were no spaces.
        factors: `base ** -place` of each, likewise.
    """

    content: U8
    places: I64
    points: I64
    sums: U64
    factors: U64


def count_repetitions(texts: Utf8, tokens: Tokens) -> I64:
    """The characters of repeated word sequences.

    For 2, 3 and 4 words: the length of the most frequent sequence (its words joined by spaces; of equals the first)
    times how often it comes. For 5 to 10 words: the length without spaces of all sequences that came before, where
    after such a one the search goes on behind it; two sequences are the same if their words without spaces between
    them make the same text.

    Returns:
        Code points, `int64`, shape (9, n): 2 to 10 words, for each text.

    Source: Rae et al. 2021 (Gopher), table A1, as datatrove 0.10 computes it.
    """
    return _count_repetitions(texts, tokens)


@compiled
def _count_repetitions(texts: Utf8, tokens: Tokens) -> I64:
    n_texts = len(texts.offsets) - 1
    found = np.zeros((_N_LENGTHS, n_texts), np.int64)
    for text in range(n_texts):
        first, last = tokens.bounds[text], tokens.bounds[text + 1]
        if last - first < _SHORTEST_TOP:
            continue
        dense, spaced = _lay(texts.content, tokens.starts[first:last], tokens.stops[first:last])
        table = table_for(last - first)
        for row in range(_N_TOP):
            found[row, text] = _top(spaced, row + _SHORTEST_TOP, table)
        for row in range(_N_TOP, _N_LENGTHS):
            found[row, text] = _repeated(dense, row + _SHORTEST_TOP, table)
    return found


@compiled
def _lay(content: U8, starts: I64, stops: I64) -> tuple[_Laid, _Laid]:
    """The tokens one after the other: with nothing between them, and with a space after each."""
    n, total = len(starts), np.sum(stops) - np.sum(starts)
    dense, spaced = np.empty(total, np.uint8), np.empty(total + n, np.uint8)
    places, points = np.empty(n + 1, np.int64), np.empty(n + 1, np.int64)
    sums, factors = np.empty(n + 1, np.uint64), np.empty(n, np.uint64)
    end, n_points, value, power, inverse = 0, 0, np.uint64(0), np.uint64(1), np.uint64(1)
    for token in range(n):
        places[token], points[token], sums[token], factors[token] = end, n_points, value, inverse
        for place in range(starts[token], stops[token]):
            byte = content[place]
            dense[end], spaced[end + token] = byte, byte
            end += 1
            n_points += (byte & 0xC0) != 0x80
            if byte != _SPACE:
                value += np.uint64(byte) * power
                power *= _BASE
                inverse *= _INVERSE
        spaced[end + token] = _SPACE
    places[n], points[n], sums[n] = end, n_points, value
    before = np.arange(n + 1)
    return (
        _Laid(dense, places, points, sums, factors),
        _Laid(spaced, places + before, points + before, sums, factors),
    )


@compiled
def _earlier(laid: _Laid, first: int, length: int, table: Table) -> int:
    """The first of the noted sequences that is the same as the one at `first`; if there is none, that is noted."""
    key = (laid.sums[first + length] - laid.sums[first]) * laid.factors[first] * _BASE
    n_bytes = laid.places[first + length] - laid.places[first]
    slot, tag = first_slot(table, key), tag_of(key)
    while table.slots[slot] != FREE:
        other = candidate(table.slots[slot], tag)
        if (
            other >= 0
            and laid.places[other + length] - laid.places[other] == n_bytes
            and is_same(laid.content, laid.places[other], laid.places[first], n_bytes)
        ):
            return int(other)
        slot = next_slot(table, slot)
    table.slots[slot] = tag | first
    return first


@compiled
def _top(laid: _Laid, length: int, table: Table) -> int:
    """Code points of the most frequent sequence of `length` tokens, times how often it comes."""
    n = len(laid.factors) - length + 1
    if n < 1:
        return 0
    table.slots[:] = FREE
    times = np.zeros(n, np.int32)
    for first in range(n):
        times[_earlier(laid, first, length, table)] += 1
    best = np.argmax(times)
    return (laid.points[best + length] - laid.points[best] - 1) * times[best]


@compiled
def _repeated(laid: _Laid, length: int, table: Table) -> int:
    """Code points of the sequences of `length` tokens that came before."""
    table.slots[:] = FREE
    n_points, first = 0, 0
    while first + length <= len(laid.factors):
        if _earlier(laid, first, length, table) == first:
            first += 1
        else:
            n_points += laid.points[first + length] - laid.points[first]
            first += length
    return n_points


@compiled
def earlier_sequences(texts: Utf8, tokens: Tokens, length: int, skips: bool) -> I64:  # noqa: FBT001 - compiled code has no keywords
    """For each sequence of `length` tokens of one text the first that is the same, which may be itself.

    Args:
        texts: the text.
        tokens: its tokens.
        length: tokens in a sequence.
        skips: whether the search goes on behind a sequence that stood before, and words are compared without spaces
            between them; else every sequence counts.

    Returns:
        Places of first tokens, `int64`; -1 where the search did not begin.
    """
    n = max(0, len(tokens.starts) - length + 1)
    earlier = np.full(n, -1, np.int64)
    if n == 0:
        return earlier
    dense, spaced = _lay(texts.content, tokens.starts, tokens.stops)
    table = table_for(len(tokens.starts))
    table.slots[:] = FREE
    first = 0
    while first < n:
        earlier[first] = _earlier(dense if skips else spaced, first, length, table)
        first += length if skips and earlier[first] != first else 1
    return earlier
