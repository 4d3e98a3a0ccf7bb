"""Counts sentences by the marks that end them, and keeps the lines of texts that look like sentences."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.arrow import Utf8
from goldsmith.kit.jit import compiled
from goldsmith.refine.comparisons.minhash import code_point
from goldsmith.refine.statistics.characters import ALPHABETIC, LINE_END, SPACE, WORD, Characters, characters
from goldsmith.refine.statistics.tokens import flags_of

U8 = NDArray[np.uint8]
I64 = NDArray[np.int64]

LONG_WORD, UNFINISHED, SHORT, CURLY, KEPT = range(5)
"""Rows of the counts of lines."""

_OUTSIDE, _AFTER_MARK, _AFTER_CLOSING, _AFTER_IDEOGRAPHIC = range(4)


class LineLimits(NamedTuple):
    """Which lines stay: the fewest words, the most code points of a word, and whether they have to be finished."""

    min_words: int
    max_word_length: int
    only_finished: bool


class KeptLines(NamedTuple):
    """The lines of each text that stay, and how many do not.

    Attributes:
        texts: the lines that stay, stripped, with newlines between them.
        counts: `int64`, shape (5, n): lines with a long word, unfinished ones, short ones; then of those that stay
            those with an opening curly bracket, and all.
    """

    texts: Utf8
    counts: I64


class _Line(NamedTuple):
    """A line as it was read: where it begins and ends without white space, and what is in it."""

    start: int
    stop: int
    n_words: int
    longest: int
    is_curly: bool


def keep_lines(texts: Utf8, limits: LineLimits) -> KeptLines:
    """The lines of each text, as `str.splitlines` cuts them, that stay under `limits`."""
    content, offsets, counts = _keep_lines(texts, characters(), limits)
    return KeptLines(Utf8(content, offsets), counts)


def count_sentences(texts: Utf8) -> I64:
    """How many sentences each text has, at least one for each line between newlines.

    A sentence ends at `.`, `!`, `?`, an ellipsis character or a mark of Arabic or Hindi, with closing quotes and
    brackets, before white space or the end of the line; and at the wide marks of Chinese and Japanese anywhere. Not at
    the stop after a single letter (`J. Smith`, `e.g.`), except at the end of a line, nor at several stops in a row.

    Returns:
        `int64`, one value a text.
    """
    return _count_sentences(texts, characters())


@compiled
def _keep_lines(texts: Utf8, characters: Characters, limits: LineLimits) -> tuple[U8, I64, I64]:
    content, n_texts = texts.content, len(texts.offsets) - 1
    kept, offsets, end = np.empty(len(content), np.uint8), np.zeros(n_texts + 1, np.int64), 0
    counts = np.zeros((5, n_texts), np.int64)
    for text in range(n_texts):
        place, stop = texts.offsets[text], texts.offsets[text + 1]
        while place < stop:
            line, place = _read_line(content, characters, place, stop)
            verdict = _verdict(content, line, limits)
            counts[verdict, text] += 1
            if verdict != KEPT:
                continue
            counts[CURLY, text] += line.is_curly
            if counts[KEPT, text] > 1:
                kept[end] = 0x0A
                end += 1
            for each in range(line.start, line.stop):
                kept[end] = content[each]
                end += 1
        offsets[text + 1] = end
    return kept[:end].copy(), offsets, counts


@compiled
def _read_line(content: U8, characters: Characters, place: int, stop: int) -> tuple[_Line, int]:
    """The line that begins at `place`, and where the next one begins."""
    start, end, n_words, length, longest, is_curly = place, place, 0, 0, 0, False
    while place < stop:
        flags, width, point = int(characters.flags[content[place]]), 1, int(content[place])
        if point >= 0x80:
            point, width = code_point(content, place)
            flags = flags_of(characters, point)
        if not flags & SPACE:
            if length == 0:
                start = place if n_words == 0 else start
                n_words += 1
            length += 1
            longest = max(longest, length)
            is_curly |= point == 0x7B
            end = place + width
        elif flags & LINE_END:
            is_pair = point == 0x0D and place + 1 < stop and content[place + 1] == 0x0A
            return _Line(start, max(start, end), n_words, longest, is_curly), place + (2 if is_pair else width)
        else:
            length = 0
        place += width
    return _Line(start, max(start, end), n_words, longest, is_curly), stop


@compiled
def _verdict(content: U8, line: _Line, limits: LineLimits) -> int:
    if line.longest > limits.max_word_length:
        return LONG_WORD
    if limits.only_finished:
        last = content[line.stop - 1] if line.stop > line.start else np.uint8(0)
        if last not in (0x2E, 0x3F, 0x21, 0x22, 0x27):
            return UNFINISHED
        if last == 0x2E and line.stop - line.start >= 3 and content[line.stop - 2] == content[line.stop - 3] == 0x2E:
            return UNFINISHED
    return SHORT if line.n_words < limits.min_words else KEPT


@compiled
def _count_sentences(texts: Utf8, characters: Characters) -> I64:
    content, n_texts = texts.content, len(texts.offsets) - 1
    counts = np.zeros(n_texts, np.int64)
    for text in range(n_texts):
        place, stop = texts.offsets[text], texts.offsets[text + 1]
        state, is_begun, is_counted, before, previous = _OUTSIDE, False, False, 0, 0
        while place <= stop:
            point, width = 0x0A, 1
            if place < stop:
                point = int(content[place])
                if point < 0x80 and state == _OUTSIDE and characters.flags[point] & WORD:
                    before, previous, is_begun = previous, point, True
                    place += 1
                    continue
                if point >= 0x80:
                    point, width = code_point(content, place)
            flags = flags_of(characters, point)
            may_end = state == _AFTER_IDEOGRAPHIC or (state != _OUTSIDE and flags & SPACE != 0)
            if may_end and not _closes(point, state):
                counts[text] += 1
                state, is_begun, is_counted = _OUTSIDE, False, True
            if point == 0x0A:
                counts[text] += is_begun or not is_counted
                state, is_begun, is_counted = _OUTSIDE, False, False
            elif not flags & SPACE:
                is_begun = True
                if state == _OUTSIDE or not _closes(point, state):
                    state = _state_of(characters, point, previous, before)
                elif state == _AFTER_MARK and not _is_mark(point):
                    state = _AFTER_CLOSING
            before, previous = previous, point
            place += width
    return counts


@compiled
def _is_mark(point: int) -> bool:
    return point in (0x21, 0x3F, 0x61F, 0x964, 0x2026)


@compiled
def _is_ideographic(point: int) -> bool:
    return point in (0x3002, 0xFF01, 0xFF1F)


@compiled
def _state_of(characters: Characters, point: int, previous: int, before: int) -> int:
    """What a character does outside of the end of a sentence; two characters stand before it."""
    if _is_ideographic(point):
        return _AFTER_IDEOGRAPHIC
    if point != 0x2E:
        return _AFTER_MARK if _is_mark(point) else _OUTSIDE
    is_initial = flags_of(characters, previous) & ALPHABETIC != 0 and not flags_of(characters, before) & WORD
    return _OUTSIDE if is_initial or previous == 0x2E else _AFTER_MARK


@compiled
def _closes(point: int, state: int) -> bool:
    """Whether a character belongs to the end of the sentence that a mark has ended."""
    if state == _AFTER_IDEOGRAPHIC:
        return _is_ideographic(point) or point in (0x300D, 0x300F, 0x201D)
    if state == _AFTER_MARK and _is_mark(point):
        return True
    return point in (0x22, 0x27, 0x201D, 0x2019, 0xBB, 0x29, 0x5D)
