"""Counts of RedPajama-V2's signals that are about a text as it is: its words, capitals, and the ends of its lines."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.arrow import Utf8
from goldsmith.kit.jit import compiled
from goldsmith.kit.utf8 import code_point
from goldsmith.refine.statistics.characters import SPACE, Characters, characters
from goldsmith.refine.statistics.line_letters import ALNUM, LOWER, UPPER, letter_kinds
from goldsmith.refine.statistics.tokens import flags_of

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]

_WORDS, _LETTERED, _CAPITALS, _LINES, _ELLIPSIS, _TERMINAL, _BULLETS = range(7)
_NEWLINE, _DOT = 0x0A, 0x2E
_BULLET_POINTS = (0x2022, 0x2023, 0x25B6, 0x25C0, 0x25E6, 0x25A0, 0x25A1, 0x25AA, 0x25AB, 0x2013)
_SPACES, _WORD, _SYMBOLS = range(3)


class RawCounts(NamedTuple):
    """What stands in each text; one value a text.

    Attributes:
        n_words: `int64`; runs of letters, digits and underscores, and runs of other characters but white space.
        n_lettered: `int64`; words with a letter of ASCII.
        n_capitals: `int64`; words in capitals.
        n_lines: `int64`; lines, each with its newline.
        n_ellipsis: `int64`; lines that end with an ellipsis, white space aside.
        n_terminal: `int64`; lines that end with `.`, `!`, `?` or `”`, white space aside.
        n_bullets: `int64`; lines that begin with a bullet, white space aside.
        uppercase: `float64`; the sum over the lines of the share of capitals among the code points of a line.
    """

    n_words: I64
    n_lettered: I64
    n_capitals: I64
    n_lines: I64
    n_ellipsis: I64
    n_terminal: I64
    n_bullets: I64
    uppercase: F64


class _Word(NamedTuple):
    """The word that is being read: what it is made of, whether it has letters of ASCII, capitals and other cases."""

    kind: int
    has_letter: bool
    has_upper: bool
    has_lower: bool


class _Line(NamedTuple):
    """The line that is being read: code points, capitals, the first and the last that are no white space.

    `n_dots` is the length of the run of full stops that `last` ends, and `previous` the code point before, of any kind.
    """

    n_points: int
    n_upper: int
    first: int
    last: int
    n_dots: int
    previous: int


def count_raw(texts: Utf8) -> RawCounts:
    """What stands in each text."""
    counts, uppercase = _count_raw(texts, characters(), letter_kinds())
    n_words, n_lettered, n_capitals, n_lines, n_ellipsis, n_terminal, n_bullets = counts
    return RawCounts(n_words, n_lettered, n_capitals, n_lines, n_ellipsis, n_terminal, n_bullets, uppercase)


@compiled
def _count_raw(texts: Utf8, characters: Characters, kinds: Characters) -> tuple[I64, F64]:
    content, n_texts = texts.content, len(texts.offsets) - 1
    counts, uppercase = np.zeros((7, n_texts), np.int64), np.zeros(n_texts, np.float64)
    for text in range(n_texts):
        place, stop = texts.offsets[text], texts.offsets[text + 1]
        word, line = _Word(_SPACES, False, False, False), _Line(0, 0, -1, -1, 0, -1)  # noqa: FBT003 - compiled code has no keywords
        while place < stop:
            point, width = int(content[place]), 1
            if point >= 0x80:
                point, width = code_point(content, place)
            place += width
            letter, is_space = flags_of(kinds, point), flags_of(characters, point) & SPACE != 0
            kind = _WORD if letter & ALNUM or point == 0x5F else (_SPACES if is_space else _SYMBOLS)
            if kind != word.kind:
                _end_word(counts, text, word)
                word = _Word(kind, False, False, False)  # noqa: FBT003
            is_ascii_letter = 0x61 <= point | 0x20 <= 0x7A and point < 0x80
            word = _Word(
                kind,
                word.has_letter or is_ascii_letter,
                word.has_upper or letter & UPPER != 0,
                word.has_lower or letter & LOWER != 0,
            )
            line = _with_point(line, point, letter & UPPER != 0, is_space)
            if point == _NEWLINE:
                uppercase[text] += _end_line(counts, text, line)
                line = _Line(0, 0, -1, -1, 0, -1)
        _end_word(counts, text, word)
        if line.n_points:
            uppercase[text] += _end_line(counts, text, line)
    return counts, uppercase


@compiled
def _with_point(line: _Line, point: int, is_upper: bool, is_space: bool) -> _Line:  # noqa: FBT001 - compiled code
    if is_space:
        return _Line(line.n_points + 1, line.n_upper, line.first, line.last, line.n_dots, point)
    n_dots = 0 if point != _DOT else (line.n_dots + 1 if line.previous == _DOT else 1)
    first = line.first if line.first >= 0 else point
    return _Line(line.n_points + 1, line.n_upper + is_upper, first, point, n_dots, point)


@compiled
def _end_word(counts: I64, text: int, word: _Word) -> None:
    if word.kind != _SPACES:
        counts[_WORDS, text] += 1
        counts[_LETTERED, text] += word.has_letter
        counts[_CAPITALS, text] += word.has_upper and not word.has_lower


@compiled
def _end_line(counts: I64, text: int, line: _Line) -> float:
    """The share of capitals in the line."""
    counts[_LINES, text] += 1
    counts[_ELLIPSIS, text] += line.last == 0x2026 or line.n_dots >= 3
    counts[_TERMINAL, text] += line.last in (0x2E, 0x21, 0x3F, 0x201D)
    counts[_BULLETS, text] += line.first in _BULLET_POINTS
    return line.n_upper / line.n_points
