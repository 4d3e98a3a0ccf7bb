"""Counts of the Gopher quality filter: words, their letters and stop words; lines, bullets and ellipses."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.arrow import Utf8
from goldsmith.kit.jit import compiled, in_place
from goldsmith.kit.utf8 import byte_at, code_point
from goldsmith.refine.statistics.characters import (
    ALPHABETIC,
    LINE_END,
    PUNCTUATION,
    SPACE,
    Characters,
    characters,
)
from goldsmith.refine.statistics.tokens import Tokens, flags_of

I64 = NDArray[np.int64]

_N_WORDS, _N_SPOKEN, _N_SPOKEN_CHARACTERS, _N_ALPHABETIC, _N_STOP_WORDS = range(5)
_LONGEST = 63
_WATCHED = 2
"""What `_count_symbols` has to look at; other bytes are 1 if they are white space and 0 if not."""

_N_HASHES, _N_ELLIPSES, _N_LINES, _N_BULLETS, _N_ENDING = range(5)


class WordCounts(NamedTuple):
    """What the tokens of each text are; `int64`, one value a text.

    Attributes:
        n_words: tokens.
        n_spoken: tokens that are more than punctuation.
        n_spoken_characters: code points of those.
        n_alphabetic: tokens with a letter.
        n_stop_words: different stop words among the tokens.
    """

    n_words: I64
    n_spoken: I64
    n_spoken_characters: I64
    n_alphabetic: I64
    n_stop_words: I64


class SymbolCounts(NamedTuple):
    """What stands in each text and at the ends of its lines; `int64`, one value a text.

    Attributes:
        n_hashes: number signs.
        n_ellipses: triples of full stops, and ellipsis characters.
        n_lines: lines as `str.splitlines` counts them.
        n_bullets: lines that begin with a bullet or a hyphen after white space.
        n_ending: lines that end with an ellipsis before white space.
    """

    n_hashes: I64
    n_ellipses: I64
    n_lines: I64
    n_bullets: I64
    n_ending: I64


class _StopWords(NamedTuple):
    """Different words in the order of their bytes.

    Attributes:
        words: the words.
        firsts: those that begin with byte `b` are `firsts[b]:firsts[b + 1]`.
        lengths: for each first byte a bit for each length in bytes that such a word has, 63 standing for all above.
    """

    words: Utf8
    firsts: I64
    lengths: I64


def count_words(texts: Utf8, tokens: Tokens, stop_words: Sequence[str]) -> WordCounts:
    """What the tokens of each text are; `stop_words` have to be equal to a token, capitals included."""
    return WordCounts(*_count_words(texts, tokens, characters(), _sorted(stop_words)))


def count_symbols(texts: Utf8) -> SymbolCounts:
    """What stands in each text and at the ends of its lines."""
    return SymbolCounts(*_count_symbols(texts, characters()))


def _sorted(stop_words: Sequence[str]) -> _StopWords:
    words = sorted({word.encode() for word in stop_words if word})
    offsets = np.cumsum([0, *map(len, words)], dtype=np.int64)
    content = np.frombuffer(b"".join(words), np.uint8)
    firsts = np.searchsorted(content[offsets[:-1]], np.arange(257))
    lengths = np.zeros(256, np.int64)
    for word in words:
        lengths[word[0]] |= np.int64(1) << min(len(word), _LONGEST)
    return _StopWords(Utf8(content, offsets), firsts.astype(np.int64), lengths)


@compiled
def _count_words(texts: Utf8, tokens: Tokens, characters: Characters, stop_words: _StopWords) -> I64:
    content, flags_of_ascii, lengths = texts.content, characters.flags, stop_words.lengths
    counts = np.zeros((5, len(texts.offsets) - 1), np.int64)
    seen_in = np.full(len(stop_words.words.offsets) - 1, -1, np.int64)
    for text in range(len(texts.offsets) - 1):
        counts[_N_WORDS, text] = tokens.bounds[text + 1] - tokens.bounds[text]
        for token in range(tokens.bounds[text], tokens.bounds[text + 1]):
            place, stop = tokens.starts[token], tokens.stops[token]
            n_points, some, every = 0, 0, 0xFF
            while place < stop:
                byte, width = byte_at(content, place), 1
                flags = int(flags_of_ascii[byte])
                if byte >= 0x80:
                    point, width = code_point(content, place)
                    flags = flags_of(characters, point)
                some |= flags
                every &= flags
                n_points += 1
                place += width
            if not every & PUNCTUATION:
                counts[_N_SPOKEN, text] += 1
                counts[_N_SPOKEN_CHARACTERS, text] += n_points
            counts[_N_ALPHABETIC, text] += some & ALPHABETIC != 0
            length = min(stop - tokens.starts[token], _LONGEST)
            if not lengths[content[tokens.starts[token]]] >> length & 1:
                continue
            found = _stop_word(content, tokens.starts[token], stop, stop_words)
            if found >= 0 and seen_in[found] != text:
                seen_in[found] = text
                counts[_N_STOP_WORDS, text] += 1
    return counts


@in_place
def _stop_word(content: NDArray[np.uint8], start: int, stop: int, stop_words: _StopWords) -> int:
    """The stop word that `content[start:stop]` is, or -1."""
    words, length = stop_words.words, stop - start
    for word in range(stop_words.firsts[content[start]], stop_words.firsts[int(content[start]) + 1]):
        first = words.offsets[word]
        if words.offsets[word + 1] - first == length:
            offset = 1
            while offset < length and content[start + offset] == words.content[first + offset]:
                offset += 1
            if offset == length:
                return word
    return -1


@compiled
def _count_symbols(texts: Utf8, characters: Characters) -> I64:
    content, kinds = texts.content, np.full(0x100, _WATCHED, np.int64)
    for point in range(0x80):
        if not characters.flags[point] & LINE_END and point not in (0x23, 0x2E):
            kinds[point] = int(characters.flags[point] & SPACE != 0)
    counts = np.zeros((5, len(texts.offsets) - 1), np.int64)
    for text in range(len(texts.offsets) - 1):
        place, stop = texts.offsets[text], texts.offsets[text + 1]
        previous, n_dots, first, is_ending, is_open = 0, 0, -1, False, False
        while place < stop:
            kind = kinds[byte_at(content, place)]
            if kind != _WATCHED:
                previous, is_open = int(byte_at(content, place)), True
                first = previous if first < 0 and kind == 0 else first
                is_ending &= kind == 1
                place += 1
                continue
            point, width = code_point(content, place)
            flags = flags_of(characters, point)
            if flags & LINE_END:
                if not (point == 0x0A and previous == 0x0D):
                    _end_line(counts, text, first, is_ending)
                first, is_ending, is_open = -1, False, False
            elif not flags & SPACE:
                n_dots = 1 if point != 0x2E or previous != 0x2E else n_dots + 1
                if point == 0x2E and n_dots % 3 == 0:
                    counts[_N_ELLIPSES, text] += 1
                counts[_N_ELLIPSES, text] += point == 0x2026
                counts[_N_HASHES, text] += point == 0x23
                first = point if first < 0 else first
                is_ending = point == 0x2026 or (point == 0x2E and n_dots >= 3)
                is_open = True
            else:
                is_open = True
            previous = point
            place += width
        if is_open:
            _end_line(counts, text, first, is_ending)
    return counts


@compiled
def _end_line(counts: I64, text: int, first: int, is_ending: bool) -> None:  # noqa: FBT001 - compiled code has no keywords
    counts[_N_LINES, text] += 1
    counts[_N_BULLETS, text] += first in (0x2022, 0x2D)
    counts[_N_ENDING, text] += is_ending
