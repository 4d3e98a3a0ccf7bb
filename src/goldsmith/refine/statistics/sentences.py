"""Counts sentences by the marks that end them."""

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.arrow import Utf8
from goldsmith.kit.jit import compiled, inlined
from goldsmith.kit.utf8 import byte_at, code_point
from goldsmith.refine.statistics.characters import ALPHABETIC, SPACE, WORD, Characters, characters
from goldsmith.refine.statistics.tokens import flags_of

I64 = NDArray[np.int64]

_WATCHED = 2
"""What can end a sentence, or has to be looked at because it is not ASCII."""

_OUTSIDE, _AFTER_MARK, _AFTER_CLOSING, _AFTER_IDEOGRAPHIC = range(4)


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
def _count_sentences(texts: Utf8, characters: Characters) -> I64:
    content, n_texts = texts.content, len(texts.offsets) - 1
    counts, kinds = np.zeros(n_texts, np.int64), _kinds(characters)
    for text in range(n_texts):
        place, stop = texts.offsets[text], texts.offsets[text + 1]
        state, is_begun, is_counted, before, previous = _OUTSIDE, 0, False, 0, 0
        while place <= stop:
            point, width = 0x0A, 1
            if place < stop:
                point = int(byte_at(content, place))
                if state == _OUTSIDE and kinds[point] != _WATCHED:
                    before, previous = previous, point
                    is_begun |= kinds[point]
                    place += 1
                    continue
                if point >= 0x80:
                    point, width = code_point(content, place)
            flags = flags_of(characters, point)
            may_end = state == _AFTER_IDEOGRAPHIC or (state != _OUTSIDE and flags & SPACE != 0)
            if may_end and not _closes(point, state):
                counts[text] += 1
                state, is_begun, is_counted = _OUTSIDE, 0, True
            if point == 0x0A:
                counts[text] += is_begun == 1 or not is_counted
                state, is_begun, is_counted = _OUTSIDE, 0, False
            elif not flags & SPACE:
                is_begun = 1
                if state == _OUTSIDE or not _closes(point, state):
                    state = _state_of(characters, point, previous, before)
                elif state == _AFTER_MARK and not _is_mark(point):
                    state = _AFTER_CLOSING
            before, previous = previous, point
            place += width
    return counts


@compiled
def _kinds(characters: Characters) -> I64:
    """What each byte is where no sentence has ended: 0 for white space, 1 for the rest, or `_WATCHED`."""
    kinds = np.full(0x100, _WATCHED, np.int64)
    for point in range(0x80):
        if point not in (0x0A, 0x21, 0x2E, 0x3F):  # nothing else in ASCII ends a sentence or a line
            kinds[point] = int(characters.flags[point] & SPACE == 0)
    return kinds


@inlined
def _is_mark(point: int) -> bool:
    return point in (0x21, 0x3F, 0x61F, 0x964, 0x2026)


@inlined
def _is_ideographic(point: int) -> bool:
    return point in (0x3002, 0xFF01, 0xFF1F)


@inlined
def _state_of(characters: Characters, point: int, previous: int, before: int) -> int:
    """What a character does outside of the end of a sentence; two characters stand before it."""
    if _is_ideographic(point):
        return _AFTER_IDEOGRAPHIC
    if point != 0x2E:
        return _AFTER_MARK if _is_mark(point) else _OUTSIDE
    is_initial = flags_of(characters, previous) & ALPHABETIC != 0 and not flags_of(characters, before) & WORD
    return _OUTSIDE if is_initial or previous == 0x2E else _AFTER_MARK


@inlined
def _closes(point: int, state: int) -> bool:
    """Whether a character belongs to the end of the sentence that a mark has ended."""
    if state == _AFTER_IDEOGRAPHIC:
        return _is_ideographic(point) or point in (0x300D, 0x300F, 0x201D)
    if state == _AFTER_MARK and _is_mark(point):
        return True
    return point in (0x22, 0x27, 0x201D, 0x2019, 0xBB, 0x29, 0x5D)
