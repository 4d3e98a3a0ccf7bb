"""Cuts texts into words by their hash, in compiled code: what phrases and repeated passages are compared by."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.jit import compiled, in_place
from goldsmith.kit.utf8 import code_point
from goldsmith.refine.comparisons.minhash import mixed
from goldsmith.refine.statistics.characters import EXTENDING, SINGLE, WORD, Characters
from goldsmith.refine.statistics.tokens import flags_of

U8 = NDArray[np.uint8]
U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]

NUMBER = np.uint64(0x9E3779B97F4A7C15)
"""What every word of digits counts as where numbers are alike."""

_FNV_START = np.uint64(0xCBF29CE484222325)
_FNV_PRIME = np.uint64(0x100000001B3)
_COPYRIGHT = 0xA9


class Words(NamedTuple):
    """The words of a text, or room for them: their hashes, where they begin and end, and their sizes.

    A word has the size 2, a letter of a script without spaces between words 1.
    """

    hashes: U64
    starts: I64
    stops: I64
    sizes: I64


@compiled
def room_for(n_words: int) -> Words:
    """Room for so many words."""
    counts = np.empty((3, n_words), np.int64)
    return Words(np.empty(n_words, np.uint64), counts[0], counts[1], counts[2])


@in_place
def read_words(content: U8, characters: Characters, words: Words, numbers: np.uint64) -> int:
    """Write the words of `content` into `words`, as far as there is room; returns how many there are.

    A word is a run of letters, digits and their marks; a letter of Chinese, Japanese, Thai, Lao, Burmese or Khmer is a
    word by itself, and so is the copyright sign.

    Args:
        content: UTF-8, `uint8`.
        characters: the table of code points.
        words: where they are written to.
        numbers: the hash that all words of digits get, or 0 when each keeps its own.
    """
    n_words, place, begin, value, is_number = 0, 0, -1, _FNV_START, True
    n_bytes, flags_of_ascii, room = len(content), characters.flags, len(words.hashes)
    while place <= n_bytes and n_words < room:
        single, width, is_part = 0, 1, False
        if place < n_bytes:
            byte = content[place]
            if byte < 0x80:
                is_part = flags_of_ascii[byte] & WORD != 0
                is_number = is_number and byte <= 0x39
            else:
                point, width = code_point(content, place)
                flags = flags_of(characters, point)
                if flags & SINGLE or point == _COPYRIGHT:
                    single = point
                else:
                    is_part = flags & WORD != 0 or (flags & EXTENDING != 0 and begin >= 0)
                    is_number = is_number and not is_part
        if is_part:
            begin = place if begin < 0 else begin
            for inner in range(place, place + width):
                value = (value ^ np.uint64(content[inner])) * _FNV_PRIME
        elif begin >= 0:
            words.hashes[n_words] = numbers if is_number and numbers != 0 else value
            words.starts[n_words], words.stops[n_words], words.sizes[n_words] = begin, place, 2
            n_words += 1
            begin, value = -1, _FNV_START
        if not is_part:
            is_number = True
        if single and n_words < room:
            words.hashes[n_words] = mixed(np.uint64(single))
            words.starts[n_words], words.stops[n_words], words.sizes[n_words] = place, place + width, 1
            n_words += 1
        place += width
    return n_words
