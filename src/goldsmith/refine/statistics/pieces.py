"""Cuts texts into lines and paragraphs, and counts those that are repeated, short, or ended by a mark."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.arrow import Utf8
from goldsmith.kit.jit import compiled, in_place
from goldsmith.kit.utf8 import byte_at, code_point, n_characters
from goldsmith.refine.statistics.characters import SPACE, TERMINAL, Characters, characters
from goldsmith.refine.statistics.tables import repeats
from goldsmith.refine.statistics.tokens import flags_of

U8 = NDArray[np.uint8]
I64 = NDArray[np.int64]

_NEWLINE = 0x0A


class PieceCounts(NamedTuple):
    """The paragraphs and lines of each text, and how many repeat an earlier one; `int64`, one value a text.

    Paragraphs lie between two newlines or more, after white space at both ends of the text is gone; lines lie between
    runs of newlines. An empty text has one empty piece, and a newline at an end of the text makes an empty line.
    """

    n_characters: I64
    n_paragraphs: I64
    n_repeated_paragraphs: I64
    n_repeated_paragraph_characters: I64
    n_lines: I64
    n_repeated_lines: I64
    n_repeated_line_characters: I64


class LineCounts(NamedTuple):
    """The lines of each text that are more than white space; `int64`, one value a text.

    Attributes:
        n_lines: those lines.
        n_ended: those whose last character ends a sentence in some script.
        n_short: those of at most so many code points.
        n_repeated_characters: code points of those that repeat an earlier one.
        n_newlines: newlines of the text.
        n_characters: all its code points but the newlines.
    """

    n_lines: I64
    n_ended: I64
    n_short: I64
    n_repeated_characters: I64
    n_newlines: I64
    n_characters: I64


def count_pieces(texts: Utf8) -> PieceCounts:
    """The paragraphs and lines of each text, and how many repeat an earlier one."""
    return PieceCounts(*_count_pieces(texts, characters()))


def count_lines(texts: Utf8, short: int) -> LineCounts:
    """The lines of each text that are more than white space; those of at most `short` code points are short."""
    return LineCounts(*_count_lines(texts, characters(), short))


@compiled
def _count_pieces(texts: Utf8, characters: Characters) -> I64:
    content = texts.content
    counts = np.zeros((7, len(texts.offsets) - 1), np.int64)
    for text in range(len(texts.offsets) - 1):
        start, stop = texts.offsets[text], texts.offsets[text + 1]
        counts[0, text] = n_characters(content, start, stop)
        first, last = stripped(content, characters, start, stop)
        starts, stops = _between_newlines(content, first, last, 2)
        counts[1, text] = len(starts)
        counts[2, text], counts[3, text] = repeats(content, starts, stops)
        starts, stops = _between_newlines(content, start, stop, 1)
        counts[4, text] = len(starts)
        counts[5, text], counts[6, text] = repeats(content, starts, stops)
    return counts


@compiled
def _count_lines(texts: Utf8, characters: Characters, short: int) -> I64:
    content = texts.content
    counts = np.zeros((6, len(texts.offsets) - 1), np.int64)
    for text in range(len(texts.offsets) - 1):
        start, stop = texts.offsets[text], texts.offsets[text + 1]
        starts, stops = _between_newlines(content, start, stop, 1)
        n_lines = 0
        for line in range(len(starts)):
            first, last = stripped(content, characters, starts[line], stops[line])
            if first == last:
                continue
            starts[n_lines], stops[n_lines] = starts[line], stops[line]
            ending = stops[line] - 1
            while content[ending] & 0xC0 == 0x80:
                ending -= 1
            point, _ = code_point(content, ending)
            counts[1, text] += flags_of(characters, point) & TERMINAL != 0
            counts[2, text] += n_characters(content, starts[line], stops[line]) <= short
            n_lines += 1
        counts[0, text] = n_lines
        _, counts[3, text] = repeats(content, starts[:n_lines], stops[:n_lines])
        counts[4, text] = _n_newlines(content, start, stop)
        counts[5, text] = n_characters(content, start, stop) - counts[4, text]
    return counts


@in_place
def _n_newlines(content: U8, start: int, stop: int) -> int:
    n = 0
    for place in range(start, stop):
        n += byte_at(content, place) == _NEWLINE
    return n


@compiled
def _between_newlines(content: U8, start: int, stop: int, n_least: int) -> tuple[I64, I64]:
    """Where the pieces of `content[start:stop]` begin and end, which `n_least` newlines or more separate."""
    most = _n_newlines(content, start, stop) + 1
    starts, stops = np.empty(most, np.int64), np.empty(most, np.int64)
    n_pieces, begin, place = 0, start, start
    while place < stop:
        if byte_at(content, place) != _NEWLINE:
            place += 1
            continue
        run = place
        while place < stop and byte_at(content, place) == _NEWLINE:
            place += 1
        if place - run >= n_least:
            starts[n_pieces], stops[n_pieces] = begin, run
            n_pieces += 1
            begin = place
    starts[n_pieces], stops[n_pieces] = begin, stop
    return starts[: n_pieces + 1], stops[: n_pieces + 1]


@in_place
def stripped(content: U8, characters: Characters, start: int, stop: int) -> tuple[int, int]:
    """`start` and `stop` without the white space at both ends; both are equal if there is nothing else."""
    while start < stop:
        flags, width = int(characters.flags[byte_at(content, start)]), 1
        if byte_at(content, start) >= 0x80:
            point, width = code_point(content, start)
            flags = flags_of(characters, point)
        if not flags & SPACE:
            break
        start += width
    while start < stop:
        ending = stop - 1
        flags = int(characters.flags[byte_at(content, ending)])
        if byte_at(content, ending) >= 0x80:
            while byte_at(content, ending) & 0xC0 == 0x80:
                ending -= 1
            point, _ = code_point(content, ending)
            flags = flags_of(characters, point)
        if not flags & SPACE:
            break
        stop = ending
    return start, stop
