"""Compiled kernels that find passages which stand more than once: equal windows of words, compared word by word.

Compiled code is cached by the file that it is in: what one kernel calls stands in the same file, or it would go stale.
"""

from typing import NamedTuple

import numpy as np

from goldsmith.kit.jit import compiled, in_place
from goldsmith.refine.comparisons.minhash import I64, U8, U64

_FNV_START = np.uint64(0xCBF29CE484222325)
_FNV_PRIME = np.uint64(0x100000001B3)
_BASE = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xD6E8FEB86659FD93)
_SPACE = np.uint8(0x20)


class Words(NamedTuple):
    """Words with a space after each, and where each begins; the end of the last one follows."""

    stream: U8
    begins: I64


@in_place
def _spread(value: np.uint64) -> np.uint64:
    value = (value ^ (value >> np.uint64(32))) * _MIX
    value = (value ^ (value >> np.uint64(32))) * _MIX
    return value ^ (value >> np.uint64(32))


@compiled
def packed(content: U8, starts: I64, ends: I64) -> tuple[U8, I64]:
    """The words alone, each with a space after it, so that equal passages have equal bytes.

    Args:
        content: UTF-8, `uint8`.
        starts: where each word begins in `content`, `int64`.
        ends: where it ends.

    Returns:
        The bytes, `uint8`, and where each word begins in them, `int64`.
    """
    begins = np.empty(len(starts), np.int64)
    size = 0
    for word in range(len(starts)):
        begins[word] = size
        size += ends[word] - starts[word] + 1
    stream = np.empty(size, np.uint8)
    for word in range(len(starts)):
        place = begins[word]
        for each in range(starts[word], ends[word]):
            stream[place] = content[each]
            place += 1
        stream[place] = _SPACE
    return stream, begins


@compiled
def window_hashes(stream: U8, firsts: I64, length: int) -> tuple[U64, I64]:
    """A hash of every window of `length` words that lies within one text, and the number of its first word.

    Args:
        stream: words with a space after each, `uint8`.
        firsts: the number of the first word of each text, `int64`; the number of all words follows.
        length: words in a window.
    """
    n_words = firsts[-1]
    words = np.empty(n_words, np.uint64)
    value, word = _FNV_START, 0
    for byte in stream:
        if byte == _SPACE:
            words[word] = _spread(value)
            value = _FNV_START
            word += 1
        else:
            value = (value ^ np.uint64(byte)) * _FNV_PRIME
    highest = np.uint64(1)
    for _ in range(length):
        highest = highest * _BASE
    hashes, places = np.empty(n_words, np.uint64), np.empty(n_words, np.int64)
    n_windows = 0
    for text in range(len(firsts) - 1):
        rolling = np.uint64(0)
        for word in range(firsts[text], firsts[text + 1]):
            rolling = rolling * _BASE + words[word]
            first = word - length + 1
            if first > firsts[text]:
                rolling -= highest * words[first - 1]
            if first >= firsts[text]:
                hashes[n_windows], places[n_windows] = _spread(rolling), first
                n_windows += 1
    return hashes[:n_windows].copy(), places[:n_windows].copy()


@in_place
def _are_equal(stream: U8, a: int, b: int, size: int) -> bool:
    differing = np.uint8(0)
    for place in range(size):  # no early end: so the compiler compares many bytes at a time
        differing |= stream[a + place] ^ stream[b + place]
    return differing == 0


@compiled
def first_equals(words: Words, places: I64, bounds: I64, length: int) -> I64:
    """For each window the first one of its group with the same words, `int64`; for a first one itself.

    Args:
        words: the words of all texts.
        places: the first words of windows, `int64`; windows with equal hashes are neighbours.
        bounds: where each group of equal hashes begins in `places`, `int64`; the end of the last one follows.
        length: words in a window.
    """
    stream, begins = words.stream, words.begins
    found = places.copy()
    for group in range(len(bounds) - 1):
        leaders = np.empty(bounds[group + 1] - bounds[group], np.int64)
        n_leaders = 0
        for each in range(bounds[group], bounds[group + 1]):
            begin = int(begins[places[each]])
            size = int(begins[places[each] + length]) - begin
            is_known = False
            for known in range(n_leaders):
                other = int(begins[leaders[known]])
                if begins[leaders[known] + length] - other == size and _are_equal(stream, begin, other, size):
                    found[each] = leaders[known]
                    is_known = True
                    break
            if not is_known:
                leaders[n_leaders] = places[each]
                n_leaders += 1
    return found
