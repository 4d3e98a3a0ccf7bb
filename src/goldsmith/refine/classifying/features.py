"""The features of a text: hashed words, pairs of words, and sequences of three to five characters."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.arrow import Utf8
from goldsmith.kit.jit import compiled, in_place
from goldsmith.kit.utf8 import code_point
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
_BLANK, _ZERO, _NINE = ord(" "), ord("0"), ord("9")


class Reading(NamedTuple):
    """How texts are read.

    Attributes:
        table: what each character is.
        limit: characters of a text that are read, from the beginning.
        bits: buckets are numbers below two to the power of this.
    """

    table: Characters
    limit: int
    bits: int


class Room(NamedTuple):
    """Where the features of one text are written.

    Attributes:
        points: uint64, its characters as they are counted.
        kinds: uint8, the flags of each.
        places: int32, where each stands in the text.
        characters: int32, the buckets of sequences of characters, in order of their ends.
        words: int32, for each word its bucket and that of the pair that it ends.
        starts: int32, the place in `points` where each word begins.
        stops: int32, the place behind it.
    """

    points: NDArray[np.uint64]
    kinds: NDArray[np.uint8]
    places: I32
    characters: I32
    words: I32
    starts: I32
    stops: I32


class Sizes(NamedTuple):
    """How many features a text has: sequences of characters, and words."""

    n_sequences: int
    n_words: int


def room_for(n_characters: int) -> Room:
    """Room for the features of a text with so many characters."""
    n = n_characters + 1
    return Room(
        np.zeros(n, np.uint64),
        np.zeros(n, np.uint8),
        *(np.zeros(size, np.int32) for size in (n, PER_CHARACTER * n, PER_WORD * n, n, n)),
    )


@compiled
def write_features(texts: Utf8, text: int, reading: Reading, room: Room) -> Sizes:
    """Write the features of one text, which is in lower case, into `room`; returns how many there are.

    White space counts as one space, every digit as 0. A letter of a script without spaces is a word.

    Args:
        texts: the texts.
        text: which of them.
        reading: how it is read.
        room: enough room for its characters, as far as they are read.
    """
    shift = np.uint64(64 - reading.bits)
    n_points = _write_points(texts, text, reading, room)
    _write_sequences(room, n_points, shift)
    return Sizes(sequences_before(n_points), _write_words(room, n_points, shift))


@in_place
def sequences_before(end: int) -> int:
    """How many sequences end before the character at `end`: one at the third, two at the fourth, then three at each."""
    return 3 * end - 9 if end > 3 else max(0, end - 2)


@in_place
def _write_points(texts: Utf8, text: int, reading: Reading, room: Room) -> int:
    content, place, end = texts.content, texts.offsets[text], texts.offsets[text + 1]
    n_points = position = 0
    while place < end and position < reading.limit:
        point, width = code_point(content, place)
        kind = reading.table.flags[point] if point < 0x80 else flags_of(reading.table, point)
        if kind & SPACE != 0:
            point = _BLANK
        elif _ZERO <= point <= _NINE:
            point = _ZERO
        if point != _BLANK or n_points == 0 or room.points[n_points - 1] != np.uint64(_BLANK):
            room.points[n_points], room.kinds[n_points], room.places[n_points] = np.uint64(point), kind, position
            n_points += 1
        place += width
        position += 1
    return n_points


@in_place
def _write_sequences(room: Room, n_points: int, shift: np.uint64) -> None:
    points, n = room.points, 0
    for end in range(2, n_points):
        three = (points[end - 2] * _PRIME + points[end - 1]) * _PRIME + points[end]
        room.characters[n] = _bucket(three, _SALTS[0], shift)
        n += 1
        if end > 2:
            four = points[end - 3] * _P3 + three
            room.characters[n] = _bucket(four, _SALTS[1], shift)
            n += 1
            if end > 3:
                room.characters[n] = _bucket(points[end - 4] * _P4 + four, _SALTS[2], shift)
                n += 1


@in_place
def _write_words(room: Room, n_points: int, shift: np.uint64) -> int:
    before = np.uint64(0)
    n_words = end = 0
    while end < n_points:
        if room.kinds[end] & WORD == 0:
            end += 1
            continue
        start, word = end, np.uint64(0)
        while end < n_points and room.kinds[end] & WORD != 0 and (end == start or room.kinds[end] & SINGLE == 0):
            word = (word ^ room.points[end]) * _PRIME
            end += 1
            if room.kinds[end - 1] & SINGLE != 0:
                break
        room.words[2 * n_words] = _bucket(word, _SALTS[3], shift)
        room.words[2 * n_words + 1] = _bucket(before * _PRIME + word, _SALTS[3], shift)
        room.starts[n_words], room.stops[n_words] = start, end
        before = word
        n_words += 1
    return n_words


@in_place
def _bucket(value: np.uint64, salt: np.uint64, shift: np.uint64) -> np.int32:
    mixed = (value ^ salt) * _MIX
    return np.int32(((mixed ^ (mixed >> _HALF)) * _PRIME) >> shift)
