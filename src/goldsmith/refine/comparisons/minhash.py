"""Compiled kernels that turn texts into sets of word sequences, and these into the bands of MinHash."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.jit import compiled, in_place, inlined
from goldsmith.kit.utf8 import byte_at, code_point

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]
F64 = NDArray[np.float64]

_WORD_START = np.uint64(1)
_WORD_BASE = np.uint64(257)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)

_IS_ASCII_WORD = np.array([chr(byte).isalnum() for byte in range(0x80)], np.int64)


@inlined
def mixed(value: np.uint64) -> np.uint64:
    """All bits of `value` spread over the whole word (the finaliser of SplitMix64)."""
    value = (value ^ (value >> np.uint64(30))) * _MIX_1
    value = (value ^ (value >> np.uint64(27))) * _MIX_2
    return value ^ (value >> np.uint64(31))


class Sets(NamedTuple):
    """The word sequences of texts, each text's sorted and each once: text `i` has `hashes[starts[i]:starts[i + 1]]`."""

    hashes: U64
    starts: I64


class Hashers(NamedTuple):
    """Hash functions `x * factors[k] + summands[k]` modulo 2^32, in bands of `n_rows`."""

    factors: U32
    summands: U32
    n_rows: int


def hashers(*, n_bands: int, n_rows: int) -> Hashers:
    """The hash functions of MinHash: odd factors and any summands, the same on every machine and day."""
    state = np.arange(1, 2 * n_bands * n_rows + 1, dtype=np.uint64) * _GOLDEN
    words = np.array([mixed(each) >> np.uint64(32) for each in state], np.uint32)
    return Hashers(words[::2] | np.uint32(1), words[1::2].copy(), n_rows)


@inlined
def word_class(point: int) -> int:
    """What a code point is to the word counter: 0 separates words, 1 belongs to a word, 2 is a word by itself."""
    if point < 0x80:
        is_letter = 0x61 <= point <= 0x7A or 0x41 <= point <= 0x5A
        return 1 if is_letter or 0x30 <= point <= 0x39 else 0
    if point < 0xC0:
        return 1 if point in (0xAA, 0xB5, 0xBA) else 0
    if point in (0xD7, 0xF7) or 0x2000 <= point <= 0x206F or 0x2190 <= point <= 0x2BFF:
        return 0
    if 0x3000 <= point <= 0x3004 or 0x3008 <= point <= 0x3020 or 0xFF01 <= point <= 0xFF0F:
        return 0
    if 0x0E00 <= point <= 0x0EFF or 0x1000 <= point <= 0x109F or 0x1780 <= point <= 0x17FF:
        return 2  # Thai, Lao, Burmese and Khmer put no spaces between words
    is_east_asian = 0x3040 <= point <= 0x30FF or 0x3400 <= point <= 0x9FFF or 0xF900 <= point <= 0xFAFF
    return 2 if is_east_asian or 0x20000 <= point <= 0x3FFFF else 1


@in_place
def hash_words(content: U8, start: int, stop: int, words: U64) -> int:
    """Write the hashes of the words of `content[start:stop]` into `words`; returns how many there are.

    A word is a number of base 257 before it is mixed, so words of up to seven bytes never collide.
    """
    n_words, place, is_inside = 0, start, 0
    word = _WORD_START
    while place < stop:
        byte = byte_at(content, place)
        if byte < 0x80:  # without a branch: the end of a word cannot be foretold, and a wrong guess costs 15 cycles
            is_word = int(_IS_ASCII_WORD[byte])
            words[np.uint64(n_words)] = word
            n_words += is_inside & (is_word ^ 1)
            word = word * _WORD_BASE + np.uint64(byte) if is_word else _WORD_START
            is_inside = is_word
            place += 1
            continue
        point, width = code_point(content, place)
        kind = word_class(point)
        if kind == 1:
            for inner in range(place, place + width):
                word = word * _WORD_BASE + np.uint64(byte_at(content, inner))
        else:
            words[n_words] = word
            n_words += is_inside
            word = _WORD_START
            if kind == 2:
                words[n_words] = ~np.uint64(point)
                n_words += 1
        is_inside = int(kind == 1)
        place += width
    if is_inside:
        words[n_words] = word
        n_words += 1
    for each in range(n_words):
        words[each] = mixed(words[each])
    return n_words


@compiled
def word_bounds(content: U8, offsets: I64) -> tuple[I64, I64, I64]:
    """Where the words of texts begin and end in `content`, `int64`, and the number of the first word of each text.

    Args:
        content: UTF-8 of all texts, `uint8`.
        offsets: text `i` is `content[offsets[i]:offsets[i + 1]]`, `int64`, length n + 1.
    """
    most = (len(content) + len(offsets)) // 2 + 1  # the shortest words need a byte, and one beside them
    starts, ends = np.empty(most, np.int64), np.empty(most, np.int64)
    firsts = np.zeros(len(offsets), np.int64)
    n_words = 0
    for text in range(len(offsets) - 1):
        place, stop, is_inside = offsets[text], offsets[text + 1], False
        while place < stop:
            point, width = code_point(content, place)
            kind = word_class(point)
            if is_inside and kind != 1:
                ends[n_words - 1] = place
                is_inside = False
            if kind == 2 or (kind == 1 and not is_inside):
                starts[n_words], ends[n_words] = place, place + width
                n_words += 1
                is_inside = kind == 1
            place += width
        if is_inside:
            ends[n_words - 1] = stop
        firsts[text + 1] = n_words
    return starts[:n_words].copy(), ends[:n_words].copy(), firsts


@compiled
def sequences(content: U8, offsets: I64, length: int) -> tuple[U64, I64]:
    """The hashes of all sequences of `length` words of each text, in the order of the text.

    A text with fewer words has one sequence of all of them; a text without words has none.

    Args:
        content: UTF-8 of all texts in lower case, `uint8`.
        offsets: text `i` is `content[offsets[i]:offsets[i + 1]]`, `int64`, length n + 1.
        length: words in a sequence, at least 1.

    Returns:
        The hashes, `uint64`, and where those of each text begin, `int64`, length n + 1.
    """
    n_texts = len(offsets) - 1
    found = np.empty((len(content) + n_texts) // 2 + 1, np.uint64)  # a word needs a byte, and one beside it
    starts = np.zeros(n_texts + 1, np.int64)
    longest = 0
    for text in range(n_texts):
        longest = max(longest, offsets[text + 1] - offsets[text])
    words = np.empty(longest // 2 + 1, np.uint64)
    end = 0
    for text in range(n_texts):
        n_words = hash_words(content, offsets[text], offsets[text + 1], words)
        taken = min(length, n_words)
        for first in range(n_words - taken + 1 if n_words > 0 else 0):
            value = np.uint64(taken)
            for word in range(first, first + taken):
                value = value * _GOLDEN + words[np.uint64(word)]
            found[np.uint64(end)] = mixed(value)
            end += 1
        starts[text + 1] = end
    return found[:end], starts


def as_sets(hashes: U64, starts: I64) -> Sets:
    """The hashes of each text sorted, each once."""
    ordered = hashes.copy()
    bounds = starts.tolist()
    for begin, end in pairwise(bounds):
        ordered[begin:end].sort()  # NumPy sorts with vector instructions, eight times as fast as compiled code here
    return Sets(*_each_once(ordered, starts))


@compiled
def _each_once(ordered: U64, starts: I64) -> tuple[U64, I64]:
    kept = np.empty(len(ordered), np.uint64)
    new_starts = np.zeros(len(starts), np.int64)
    end = 0
    for text in range(len(starts) - 1):
        for place in range(starts[text], starts[text + 1]):
            if place == starts[text] or ordered[place] != ordered[place - 1]:
                kept[end] = ordered[place]
                end += 1
        new_starts[text + 1] = end
    return kept[:end], new_starts


@compiled
def band_keys(sets: Sets, hashers: Hashers) -> U64:
    """One key for each text and band of MinHash values; texts with an equal key in a band are candidates.

    Args:
        sets: the word sequences of n texts.
        hashers: the hash functions.

    Returns:
        The keys, `uint64`, shape (n, bands).
    """
    n_texts, n_hashes, n_rows = len(sets.starts) - 1, len(hashers.factors), hashers.n_rows
    keys = np.empty((n_texts, n_hashes // n_rows), np.uint64)
    lowest = np.empty(n_hashes, np.uint32)
    for text in range(n_texts):
        lowest[:] = np.uint32(0xFFFFFFFF)
        for place in range(sets.starts[text], sets.starts[text + 1]):
            value = np.uint32(sets.hashes[place] >> np.uint64(32))
            for each in range(n_hashes):
                hashed = np.uint32(value * hashers.factors[each] + hashers.summands[each])
                lowest[each] = min(lowest[each], hashed)
        for band in range(n_hashes // n_rows):
            key = np.uint64(band + 1)
            for row in range(band * n_rows, (band + 1) * n_rows):
                key = mixed(key * _GOLDEN + np.uint64(lowest[row]))
            keys[text, band] = key
    return keys
