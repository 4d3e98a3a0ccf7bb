"""Cuts texts into words by their hash, in compiled code: what phrases and repeated passages are compared by."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.jit import compiled
from goldsmith.refine.comparisons.minhash import code_point, mixed
from goldsmith.refine.statistics.characters import EXTENDING, SINGLE, WORD, Characters
from goldsmith.refine.statistics.tokens import flags_of

U8 = NDArray[np.uint8]
U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]

NUMBER = np.uint64(0x9E3779B97F4A7C15)
"""What every word of digits counts as."""

_FNV_START = np.uint64(0xCBF29CE484222325)
_FNV_PRIME = np.uint64(0x100000001B3)
_COPYRIGHT = 0xA9
_SINGLE = True


class Word(NamedTuple):
    """A word that was read: its hash (0 at the end of what was read), and where it begins and ends.

    Attributes:
        is_single: whether it is one letter of a script without spaces between words.
    """

    hashed: np.uint64
    start: int
    stop: int
    is_single: bool


@compiled
def next_word(content: U8, place: int, stop: int, characters: Characters) -> Word:
    """The first word of `content[place:stop]`.

    A word is a run of letters, digits and their marks; a letter of Chinese, Japanese, Thai, Lao, Burmese or Khmer is a
    word by itself, and so is the copyright sign. All numbers are the same word.
    """
    value, begin, is_number = _FNV_START, -1, True
    while place < stop:
        byte = int(content[place])
        if byte < 0x80:
            if characters.flags[byte] & WORD:
                begin = place if begin < 0 else begin
                is_number = is_number and 0x30 <= byte <= 0x39
                value = (value ^ np.uint64(byte)) * _FNV_PRIME
            elif begin >= 0:
                break
            place += 1
            continue
        point, width = code_point(content, place)
        flags = flags_of(characters, point)
        if flags & SINGLE or point == _COPYRIGHT:
            if begin >= 0:
                break
            return Word(mixed(np.uint64(point)), place, place + width, _SINGLE)
        if flags & WORD or (flags & EXTENDING and begin >= 0):
            begin = place if begin < 0 else begin
            is_number = False
            for inner in range(place, place + width):
                value = (value ^ np.uint64(content[inner])) * _FNV_PRIME
        elif begin >= 0:
            break
        place += width
    if begin < 0:
        return Word(np.uint64(0), stop, stop, not _SINGLE)
    return Word(NUMBER if is_number else value, begin, place, not _SINGLE)
