"""The features of a text: hashed words, pairs of words, and sequences of three to five characters."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.arrow import Utf8
from goldsmith.kit.jit import compiled
from goldsmith.refine.comparisons.minhash import code_point
from goldsmith.refine.statistics.characters import SINGLE, SPACE, WORD, Characters
from goldsmith.refine.statistics.tokens import flags_of

I32 = NDArray[np.int32]

PER_CHARACTER, PER_WORD = 3, 2
"""The most features that a character and a word have."""

_PRIME = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xD6E8FEB86659FD93)
_P3 = np.uint64(0x9E3779B97F4A7C15**3 & 0xFFFFFFFFFFFFFFFF)
_P4 = np.uint64(0x9E3779B97F4A7C15**4 & 0xFFFFFFFFFFFFFFFF)
_SALTS = np.array([0x3C79AC492BA7B653, 0x1C69B3F74AC4AE35, 0x94D049BB133111EB, 0xBF58476D1CE4E5B9], np.uint64)
_HALF = np.uint64(32)
_DIGIT = ord("0")


class Room(NamedTuple):
    """Where the features of one text are written.

    Attributes:
        characters: int32, the buckets of sequences of characters, in order of their ends.
        words: int32, for each word its bucket and that of the pair that it ends.
        starts: int32, where each word begins in the text, in characters.
        stops: int32, where it ends.
        firsts: int32, the place in `characters` of the first sequence that ends in it.
        lasts: int32, the place behind the last one.
    """

    characters: I32
    words: I32
    starts: I32
    stops: I32
    firsts: I32
    lasts: I32


def room_for(n_characters: int) -> Room:
    """Room for the features of a text with so many characters."""
    words = [np.zeros(n_characters + 1, np.int32) for _ in range(4)]
    characters = np.zeros(PER_CHARACTER * n_characters + 1, np.int32)
    return Room(characters, np.zeros(PER_WORD * (n_characters + 1), np.int32), *words)


@compiled
def write_features(texts: Utf8, text: int, characters: Characters, room: Room, limit: int, bits: int) -> tuple[int, int]:
    """Write the features of one text, which is in lower case, into `room`; returns how many of characters, how many words.

    White space counts as one space, every digit as 0. A letter of a script without spaces is a word.

    Args:
        texts: the texts.
        text: which of them.
        characters: the table of characters.
        room: enough room for `limit` characters.
        limit: characters that are read, from the beginning.
        bits: buckets are numbers below two to the power of this.
    """
    content, place, end = texts.content, texts.offsets[text], texts.offsets[text + 1]
    shift = np.uint64(64 - bits)
    c1 = c2 = c3 = c4 = c5 = np.uint64(0)
    word = before = np.uint64(0)
    n_features = n_words = position = n_run = 0
    begin = first = -1
    while place < end and position < limit:
        point, width = code_point(content, place)
        if point < 0x80:
            kind = characters.flags[point]
            point = _DIGIT if 0x30 <= point <= 0x39 else point
        else:
            kind = flags_of(characters, point)
        place += width
        is_space, is_word = kind & SPACE != 0, kind & WORD != 0
        if begin >= 0 and (not is_word or kind & SINGLE != 0):
            before = _end_word(room, n_words, position, n_features, word, before, shift)
            n_words, begin = n_words + 1, -1
        if is_space and c1 == np.uint64(0x20):
            position += 1
            continue
        c5, c4, c3, c2, c1 = c4, c3, c2, c1, np.uint64(0x20) if is_space else np.uint64(point)
        if is_word and begin < 0:
            begin, word = position, np.uint64(0)
            room.starts[n_words], room.firsts[n_words] = position, n_features
        if is_word:
            word = (word ^ c1) * _PRIME
        n_run += 1
        if n_run >= 3:
            sum3 = (c3 * _PRIME + c2) * _PRIME + c1
            room.characters[n_features] = _bucket(sum3, _SALTS[0], shift)
            n_features += 1
            if n_run >= 4:
                sum4 = c4 * _P3 + sum3
                room.characters[n_features] = _bucket(sum4, _SALTS[1], shift)
                n_features += 1
                if n_run >= 5:
                    room.characters[n_features] = _bucket(c5 * _P4 + sum4, _SALTS[2], shift)
                    n_features += 1
        position += 1
        if is_word and kind & SINGLE != 0:
            before = _end_word(room, n_words, position, n_features, word, before, shift)
            n_words, begin = n_words + 1, -1
    if begin >= 0:
        _end_word(room, n_words, position, n_features, word, before, shift)
        n_words += 1
    return n_features, n_words


@compiled
def _end_word(room: Room, n: int, position: int, n_features: int, word: int, before: int, shift: int) -> int:
    room.stops[n], room.lasts[n] = position, n_features
    room.words[2 * n] = _bucket(word, _SALTS[3], shift)
    room.words[2 * n + 1] = _bucket(before * _PRIME + word, _SALTS[3], shift)
    return word


@compiled
def _bucket(value: int, salt: int, shift: int) -> int:
    mixed = (value ^ salt) * _MIX
    return np.int32(((mixed ^ (mixed >> _HALF)) * _PRIME) >> shift)
