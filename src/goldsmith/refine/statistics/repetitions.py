"""Counts of the Gopher repetition filter: characters in word sequences that come again."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.arrow import Utf8
from goldsmith.kit.jit import compiled
from goldsmith.kit.utf8 import byte_at
from goldsmith.refine.statistics.tables import (
    FREE,
    candidate,
    cleared_table,
    is_same_padded,
    tag_of,
)
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
_SLOTS_A_SEQUENCE = 8
_PADDING = 8
_STRICT, _LOOSE = True, False
_SKIPPING, _EVERYWHERE = True, False
_BASE = np.uint64(0x9E3779B97F4A7C15)


class _Cut(NamedTuple):
    """Where the tokens of a text begin and end."""

    starts: I64
    stops: I64


class _Laid(NamedTuple):
    """The tokens of a text one after the other, with a hash of any sequence of them at the cost of one product.

    Attributes:
        content: their bytes, each token's followed by as many spaces as were asked for, and 8 bytes of nothing.
        places: where each begins, and the end.
        points: how many code points stand before each, and before the end.
        sums: the hash of all that stands before each, and before the end: of `n` bytes the sum of
            `byte[i] * base ** (n - 1 - i)`.
        powers: the powers of the base, at least as many as there are bytes.
        is_strict: whether sequences are only the same if their tokens are, and not just the bytes of all together.
    """

    content: U8
    places: I64
    points: I64
    sums: U64
    powers: U64
    is_strict: bool


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
    powers = _powers(texts, tokens)
    for text in range(n_texts):
        first, last = tokens.bounds[text], tokens.bounds[text + 1]
        if last - first < _SHORTEST_TOP:
            continue
        dense, spaced = _lay_both(texts.content, _Cut(tokens.starts[first:last], tokens.stops[first:last]), powers)
        for row in range(_N_TOP):
            found[row, text] = _top(spaced, row + _SHORTEST_TOP)
        for row in range(_N_TOP, _N_LENGTHS):
            found[row, text] = _repeated(dense, row + _SHORTEST_TOP)
    return found


@compiled
def _powers(texts: Utf8, tokens: Tokens) -> U64:
    """The powers of the base, enough for the longest text with a space after each token."""
    longest = 0
    for text in range(len(texts.offsets) - 1):
        n_tokens = tokens.bounds[text + 1] - tokens.bounds[text]
        longest = max(longest, texts.offsets[text + 1] - texts.offsets[text] + n_tokens)
    powers = np.empty(longest + 1, np.uint64)
    power = np.uint64(1)
    for place in range(longest + 1):
        powers[place] = power
        power *= _BASE
    return powers


@compiled
def _lay_both(content: U8, cut: _Cut, powers: U64) -> tuple[_Laid, _Laid]:
    """The tokens with nothing between them, and so that sequences are compared as if a space stood after each."""
    dense, has_spaces = _lay(content, cut, powers, 0)
    if has_spaces:  # `a b`, `c` and `a`, `b c` are the same then
        return dense, _lay(content, cut, powers, 1)[0]
    return dense, _Laid(dense.content, dense.places, dense.points, dense.sums, powers, _STRICT)


@compiled
def _lay(content: U8, cut: _Cut, powers: U64, n_spaces: int) -> tuple[_Laid, bool]:
    """The tokens one after the other with so many spaces after each, and whether a token has a space in it."""
    starts, stops = cut
    n, total = len(starts), np.sum(stops) - np.sum(starts)
    laid = np.empty(total + n_spaces * n + _PADDING, np.uint8)
    places, points, sums = np.empty(n + 1, np.int64), np.empty(n + 1, np.int64), np.empty(n + 1, np.uint64)
    end, n_points, before, has_spaces = 0, 0, np.uint64(0), False
    for token in range(n):
        start, length = starts[token], stops[token] - starts[token] + n_spaces
        places[token], points[token], sums[token] = end, n_points, before
        value = np.uint64(0)
        for offset in range(length):
            byte = byte_at(content, start + offset) if offset < length - n_spaces else np.uint8(_SPACE)
            laid[np.uint64(end + offset)] = byte
            n_points += (byte & 0xC0) != 0x80
            has_spaces |= byte == _SPACE
            value = value * _BASE + np.uint64(byte)
        before = before * powers[length] + value  # so that the products of one token do not wait for those before it
        end += length
    places[n], points[n], sums[n] = end, n_points, before
    laid[end:] = 0
    return _Laid(laid, places, points, sums, powers, _LOOSE), has_spaces


@compiled
def _keys(laid: _Laid, length: int) -> U64:
    """The hashes of all sequences of `length` tokens."""
    n = max(0, len(laid.places) - length)
    places, sums, powers, keys = laid.places, laid.sums, laid.powers, np.empty(n, np.uint64)
    for first in range(n):
        start, end = np.uint64(first), np.uint64(first + length)
        keys[start] = (sums[end] - sums[start] * powers[np.uint64(places[end] - places[start])]) * _BASE
    return keys


@compiled
def _candidates(keys: U64) -> I64:
    """Where the keys are that come more than once, and a few others.

    Most sequences come once. A byte for each slot of a small table tells most of them: to look them up costs much more.
    """
    n_bits = 4
    while 1 << n_bits < _SLOTS_A_SEQUENCE * len(keys):
        n_bits += 1
    shift, seen = np.uint64(64 - n_bits), np.zeros(1 << n_bits, np.uint8)
    for key in keys:
        seen[key >> shift] = seen[key >> shift] << 1 | 1
    firsts, n_firsts = np.empty(len(keys), np.int64), 0
    for first in range(len(keys)):
        firsts[np.uint64(n_firsts)] = first
        n_firsts += int(seen[keys[first] >> shift] > 1)
    return firsts[:n_firsts]


@compiled
def _look_up(laid: _Laid, keys: U64, firsts: I64, skips: bool) -> I64:  # noqa: FBT001 - compiled code has no keywords
    """For each of the sequences at `firsts` the first that is the same, which may be itself; -1 for those skipped.

    If `skips`, the search goes on behind a sequence that stood before. All is done in one loop: what is called for each
    sequence would count references to its arrays, which costs more than the search.
    """
    content, places, length, following = laid.content, laid.places, len(laid.places) - len(keys), 0
    slots, shift = cleared_table(len(firsts))
    earlier = np.full(len(firsts), -1, np.int64)
    for number in range(len(firsts)):
        first = int(firsts[number])
        if first < following:
            continue
        start, n_bytes = int(places[first]), int(places[first + length] - places[first])
        slot, tag, found = np.uint64(keys[first] >> shift), tag_of(np.uint64(keys[first])), np.int64(-1)
        while found < 0:
            if slots[slot] == FREE:
                slots[slot], found = tag | first, first
            other = candidate(slots[slot], tag)
            if found < 0 and other >= 0 and places[other + length] - places[other] == n_bytes:
                is_found = is_same_padded(content, start, int(places[other]), n_bytes)
                for token in range(1, length if laid.is_strict else 0):
                    is_found &= places[first + token] - start == places[other + token] - places[other]
                found = other if is_found else found
            slot = np.uint64(slot + np.uint64(1)) & np.uint64(len(slots) - 1)
        earlier[number] = found
        if skips and found != first:
            following = first + length
    return earlier


@compiled
def _top(laid: _Laid, length: int) -> int:
    """Code points of the most frequent sequence of `length` tokens, times how often it comes."""
    if len(laid.places) <= length:
        return 0
    best, most, keys = 0, 1, _keys(laid, length)
    times = np.zeros(len(keys), np.int32)
    for earlier in _look_up(laid, keys, _candidates(keys), _EVERYWHERE):
        times[earlier] += 1
        n_times = int(times[earlier])
        if n_times > most or (n_times == most and n_times > 1 and earlier < best):
            best, most = earlier, n_times
    n_points = laid.points[best + length] - laid.points[best] + (length if laid.is_strict else 0)
    return (n_points - 1) * most


@compiled
def _repeated(laid: _Laid, length: int) -> int:
    """Code points of the sequences of `length` tokens that came before."""
    n_points, keys, points = 0, _keys(laid, length), laid.points
    firsts = _candidates(keys)
    earlier = _look_up(laid, keys, firsts, _SKIPPING)
    for number in range(len(firsts)):
        if 0 <= earlier[number] < firsts[number]:
            n_points += int(points[firsts[number] + length] - points[firsts[number]])
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
    if len(tokens.starts) < length:
        return np.zeros(0, np.int64)
    dense, spaced = _lay_both(texts.content, _Cut(tokens.starts, tokens.stops), _powers(texts, tokens))
    keys = _keys(dense if skips else spaced, length)
    return _look_up(dense if skips else spaced, keys, np.arange(len(keys)), skips)
