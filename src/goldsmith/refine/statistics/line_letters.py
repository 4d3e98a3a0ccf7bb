"""Counts what the lines of texts are made of: capitals, digits and words."""

import functools
import sys
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.arrow import Utf8
from goldsmith.kit.jit import compiled
from goldsmith.kit.utf8 import code_point
from goldsmith.refine.statistics.characters import SPACE, Characters, characters, paged
from goldsmith.refine.statistics.tokens import flags_of

U8 = NDArray[np.uint8]
I64 = NDArray[np.int64]
F64 = NDArray[np.float64]

UPPER, LOWER, DIGIT, NUMERIC, ALNUM = 1, 2, 4, 8, 16
"""What `str.isupper`, `str.isdigit`, `str.isnumeric` and `str.isalnum` say of a character; `LOWER` are other cases."""

_NEWLINE = 0x0A
_POINTS, _UPPER, _DIGITS, _WORDS, _SPOKEN = range(5)


class LineLetters(NamedTuple):
    """What each line is made of; `int64`, one value a line. The lines of text `i` are `bounds[i]` to `bounds[i + 1]`.

    Attributes:
        n_points: code points.
        n_upper: capitals.
        n_digits: digits.
        n_words: words, cut at white space.
        n_spoken: words, cut at white space of ASCII, that begin with a letter or a digit.
        bounds: `int64`, shape (n + 1,).
    """

    n_points: I64
    n_upper: I64
    n_digits: I64
    n_words: I64
    n_spoken: I64
    bounds: I64


def letters_of_lines(texts: Utf8) -> LineLetters:
    """What the lines of each text are made of; lines lie between newlines, so that each text has at least one."""
    counts, bounds = _letters_of_lines(texts, characters(), letter_kinds())
    n_points, n_upper, n_digits, n_words, n_spoken = counts
    return LineLetters(n_points, n_upper, n_digits, n_words, n_spoken, bounds)


@functools.cache
def letter_kinds() -> Characters:
    """What kind of letter each code point is."""
    points = np.arange(sys.maxunicode + 1, dtype=np.uint32).view("<U1")
    kinds = np.zeros(len(points), np.uint8)
    for kind, found in (
        (UPPER, np.strings.isupper(points)),
        (LOWER, np.strings.islower(points) | (np.strings.istitle(points) & ~np.strings.isupper(points))),
        (DIGIT, np.strings.isdigit(points)),
        (NUMERIC, np.strings.isnumeric(points)),
        (ALNUM, np.strings.isalnum(points)),
    ):
        kinds[found] |= kind
    return paged(kinds)


@compiled
def _letters_of_lines(texts: Utf8, characters: Characters, kinds: Characters) -> tuple[I64, I64]:
    content, n_texts = texts.content, len(texts.offsets) - 1
    counts = np.zeros((5, np.count_nonzero(content == _NEWLINE) + n_texts), np.int64)
    bounds = np.zeros(n_texts + 1, np.int64)
    line = 0
    for text in range(n_texts):
        place, stop = texts.offsets[text], texts.offsets[text + 1]
        is_between, is_between_ascii = True, True
        while place < stop:
            point, width = int(content[place]), 1
            if point >= 0x80:
                point, width = code_point(content, place)
            place += width
            if point == _NEWLINE:
                line += 1
                is_between = is_between_ascii = True
                continue
            kind = flags_of(kinds, point)
            counts[_POINTS, line] += 1
            counts[_UPPER, line] += kind & UPPER != 0
            counts[_DIGITS, line] += kind & DIGIT != 0
            is_space = flags_of(characters, point) & SPACE != 0
            counts[_WORDS, line] += is_between and not is_space
            is_between = is_space
            is_ascii_space = point in (0x00, 0x20) or 0x09 <= point <= 0x0D
            counts[_SPOKEN, line] += is_between_ascii and kind & ALNUM != 0
            is_between_ascii = is_ascii_space
        line += 1
        bounds[text + 1] = line
    return counts, bounds


def numeric_of_lines(texts: Utf8) -> F64:
    """The sum over the lines of each text of the share of numbers among their code points.

    White space counts as one space between two words.
    """
    return _numeric_of_lines(texts, characters(), letter_kinds())


@compiled
def _numeric_of_lines(texts: Utf8, characters: Characters, kinds: Characters) -> F64:
    content, n_texts = texts.content, len(texts.offsets) - 1
    numeric = np.zeros(n_texts, np.float64)
    for text in range(n_texts):
        place, stop = texts.offsets[text], texts.offsets[text + 1]
        n_points, n_words, n_numbers, is_between = 0, 0, 0, True
        while place <= stop:
            point, width = _NEWLINE, 1
            if place < stop:
                point = int(content[place])
                if point >= 0x80:
                    point, width = code_point(content, place)
            place += width
            is_space = flags_of(characters, point) & SPACE != 0
            n_points += not is_space
            n_words += is_between and not is_space
            n_numbers += flags_of(kinds, point) & NUMERIC != 0
            is_between = is_space
            if point == _NEWLINE:
                numeric[text] += n_numbers / (n_points + n_words - 1) if n_words else 0.0
                n_points = n_words = n_numbers = 0
    return numeric
