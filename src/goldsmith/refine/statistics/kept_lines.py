"""Keeps the lines of texts that look like sentences, without citations, and counts why the others do not stay."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.arrow import Utf8
from goldsmith.kit.jit import compiled, in_place, inlined
from goldsmith.kit.utf8 import byte_at, code_point, n_characters
from goldsmith.refine.statistics.characters import LINE_END, SPACE, Characters, characters
from goldsmith.refine.statistics.pieces import stripped
from goldsmith.refine.statistics.tokens import flags_of

U8 = NDArray[np.uint8]
I64 = NDArray[np.int64]

SCRIPT, PLACEHOLDER_TEXT = "javascript", "lorem ipsum"
POLICIES = ("terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies")

LONG_WORD, UNFINISHED, SHORT, JAVASCRIPT, POLICY, KEPT, CURLY, PLACEHOLDER, CITATIONS = range(9)
"""Rows of the counts of lines."""

_N_COUNTS = 9
_PHRASES = (SCRIPT, PLACEHOLDER_TEXT, *POLICIES)
_CITATIONS = ("[edit]", "[citation needed]")
_WRITTEN = np.frombuffer("".join((*_PHRASES, *_CITATIONS)).encode(), np.uint8)
_STARTS = np.cumsum([0, *map(len, (*_PHRASES, *_CITATIONS))])
_N_PHRASES, _N_WRITTEN = len(_PHRASES), len(_PHRASES) + len(_CITATIONS)
_HAS_SCRIPT, _HAS_PLACEHOLDER, _HAS_POLICY = 1, 2, 4
_MEANINGS = np.array([_HAS_SCRIPT, _HAS_PLACEHOLDER, *[_HAS_POLICY] * len(POLICIES)], np.int64)

_ASCII = [chr(byte).lower() for byte in range(0x80)]
_IS_FIRST = np.array([each in {phrase[0] for phrase in _PHRASES} for each in _ASCII])

_HINTS = ("javas", "lorem i", "terms o", "privacy", "cookie")
"""In small letters one of these is in every phrase; a bit of a word stands for each of their letters."""

_HINT_BITS = [(bit, letter) for bit, letter in enumerate("".join(_HINTS))]
_HINT_STARTS = np.cumsum([0, *map(len, _HINTS)])
_BEGUN = np.int64(sum(1 << bit for bit in _HINT_STARTS[:-1].tolist()))
_ENDED = np.int64(sum(1 << (bit - 1) for bit in _HINT_STARTS[1:].tolist()))
_LETTERS = np.zeros(0x100, np.int64)
_LETTERS[:0x80] = [sum((each == letter) << bit for bit, letter in _HINT_BITS) for each in _ASCII]

_INSIDE, _BETWEEN, _WATCHED = range(3)
"""What a byte is to a line: part of a word, a space between words, or what has to be looked at."""


class LineLimits(NamedTuple):
    """Which lines stay, as `LineRules` says."""

    min_words: int
    max_word_length: int
    only_finished: bool
    citations: bool
    javascript: bool
    policies: bool


class KeptLines(NamedTuple):
    """The lines of each text that stay, and how many do not.

    Attributes:
        texts: the lines that stay, stripped and without citations, with newlines between them.
        counts: `int64`, shape (9, n): lines with a long word, unfinished ones, short ones, those about JavaScript and
            about policies; those that stay; lines with an opening curly bracket that are not about JavaScript, and
            lines with made-up text, of those that are long enough and finished; citations of lines without a long word.
        is_unsure: whether the text has a character of which this does not know whether it makes a phrase or citation.
    """

    texts: Utf8
    counts: I64
    is_unsure: NDArray[np.bool_]


class _Line(NamedTuple):
    """A line as it was read: where it begins and ends without white space, what is in it, and where the next begins."""

    start: int
    stop: int
    n_words: int
    is_curly: bool
    has_bracket: bool
    has_hint: bool
    has_kelvin: bool
    following: int


def keep_lines(texts: Utf8, limits: LineLimits) -> KeptLines:
    """The lines of each text, as `str.splitlines` cuts them, that stay under `limits`."""
    content, offsets, counts, is_unsure = _keep_lines(texts, characters(), limits)
    return KeptLines(Utf8(content, offsets), counts, is_unsure)


@compiled
def _keep_lines(texts: Utf8, characters: Characters, limits: LineLimits) -> tuple[U8, I64, I64, NDArray[np.bool_]]:
    content, n_texts, kinds = texts.content, len(texts.offsets) - 1, _kinds(characters)
    kept, offsets, end = np.empty(len(content), np.uint8), np.zeros(n_texts + 1, np.int64), 0
    counts, is_unsure = np.zeros((_N_COUNTS, n_texts), np.int64), np.zeros(n_texts, np.bool_)
    for text in range(n_texts):
        place, stop = texts.offsets[text], texts.offsets[text + 1]
        while place < stop:
            line = _read_line(content, characters, kinds, (place, stop))
            place = line.following
            is_unsure[text] |= line.has_kelvin
            if _longest_word(content, characters, line, limits.max_word_length) > limits.max_word_length:
                counts[LONG_WORD, text] += 1
                continue
            start = end
            if counts[KEPT, text] > 0:
                kept[end] = 0x0A
                start += 1
            after, n_citations = start, 0
            if line.has_bracket and limits.citations:
                after, n_citations = _copy_uncited(content, line, kept, start)
                is_unsure[text] |= n_citations < 0
            else:
                for each in range(line.start, line.stop):
                    kept[np.uint64(after)] = byte_at(content, each)
                    after += 1
            counts[CITATIONS, text] += n_citations
            has = _phrases_of(kept, start, after) if line.has_hint or n_citations else 0
            verdict = _verdict(kept, (start, after), _Found(line.n_words, has), limits)
            counts[verdict, text] += 1
            if verdict >= JAVASCRIPT:
                counts[PLACEHOLDER, text] += has & _HAS_PLACEHOLDER != 0
                counts[CURLY, text] += line.is_curly and verdict != JAVASCRIPT
            if verdict == KEPT:
                end = after
        offsets[text + 1] = end
    return kept[:end], offsets, counts, is_unsure


@compiled
def _kinds(characters: Characters) -> I64:
    """What each byte is to a line."""
    kinds = np.full(0x100, _WATCHED, np.int64)
    for point in range(0x80):
        if not characters.flags[point] & LINE_END and point not in (0x5B, 0x7B):
            kinds[point] = _BETWEEN if characters.flags[point] & SPACE else _INSIDE
    return kinds


@in_place
def _read_line(content: U8, characters: Characters, kinds: I64, rest: tuple[int, int]) -> _Line:
    """The line at the beginning of the rest."""
    place, stop = rest
    first, end, n_words, inside_before, hint, hints = place, stop, 0, 0, 0, 0
    is_curly = has_bracket = has_kelvin = False
    while place < stop:
        byte = byte_at(content, place)
        kind = kinds[byte]
        if kind != _WATCHED:
            n_words += (kind ^ 1) & ~inside_before
            inside_before = kind ^ 1
            hint = (hint << 1 | _BEGUN) & _LETTERS[np.uint64(byte)]  # all hints that go on with this letter, at once
            hints |= hint
            place += 1
            continue
        point, width = code_point(content, place)
        flags = flags_of(characters, point)
        if flags & LINE_END:
            is_pair = point == 0x0D and place + 1 < stop and content[place + 1] == 0x0A
            end, place = place, place + (2 if is_pair else width)
            break
        inside = int(flags & SPACE == 0)
        n_words += inside & ~inside_before
        inside_before, hint = inside, 0
        is_curly |= point == 0x7B
        has_bracket |= point == 0x5B
        has_kelvin |= point == 0x212A  # in small letters it is a k
        place += width
    first, end = stripped(content, characters, first, end)
    return _Line(first, end, n_words, is_curly, has_bracket, hints & _ENDED != 0, has_kelvin, place)


@in_place
def _longest_word(content: U8, characters: Characters, line: _Line, limit: int) -> int:
    """The most code points of a word of the line, if one has more than `limit`; else `limit` or less."""
    if line.stop - line.start <= limit:
        return 0
    place, start, longest = line.start, line.start, 0
    while place <= line.stop:
        point, width = code_point(content, place) if place < line.stop else (0x20, 1)
        if flags_of(characters, point) & SPACE:
            longest = max(longest, n_characters(content, start, place))
            start = place + width
        place += width
    return longest


@in_place
def _copy_uncited(content: U8, line: _Line, kept: U8, end: int) -> tuple[int, int]:
    """Copy the line without its citations; returns where it ends, and how many there were, or -1 if that is unsure."""
    place, n_citations = line.start, 0
    while place < line.stop:
        if content[place] == 0x5B:
            after = place + 1
            while after < line.stop and 0x30 <= content[after] <= 0x39:
                after += 1
            if after < line.stop and content[after] >= 0x80:  # a digit of another script, perhaps
                return end, -1
            is_citation = after < line.stop and content[after] == 0x5D
            for written in range(_N_PHRASES, _N_WRITTEN):
                if not is_citation and _stands(content, place, line.stop, written):
                    after, is_citation = place + _STARTS[written + 1] - _STARTS[written] - 1, True
            if is_citation:
                n_citations += 1
                place = after + 1
                continue
        kept[end] = content[place]
        end += 1
        place += 1
    return end, n_citations


@in_place
def _phrases_of(content: U8, start: int, stop: int) -> int:
    """Which phrases stand in `content[start:stop]`, whatever their case."""
    has = 0
    for place in range(start, stop):
        if content[place] < 0x80 and _IS_FIRST[content[place]]:
            for written in range(_N_PHRASES):
                if _stands(content, place, stop, written):
                    has |= _MEANINGS[written]
    return has


@inlined
def _stands(content: U8, place: int, stop: int, written: int) -> bool:
    """Whether a phrase stands at `place` in any case, or a citation as it is written."""
    start, length = _STARTS[written], _STARTS[written + 1] - _STARTS[written]
    if place + length > stop:
        return False
    for offset in range(length):
        byte = content[place + offset]
        if written < _N_PHRASES and 0x41 <= byte <= 0x5A:
            byte += 0x20
        if byte != _WRITTEN[start + offset]:
            return False
    return True


class _Found(NamedTuple):
    """What is in a line: how many words, and which phrases."""

    n_words: int
    has: int


@in_place
def _verdict(content: U8, place: tuple[int, int], found: _Found, limits: LineLimits) -> int:
    if limits.only_finished:
        start, stop = place
        last = content[stop - 1] if stop > start else np.uint8(0)
        if last not in (0x2E, 0x3F, 0x21, 0x22, 0x27):
            return UNFINISHED
        if last == 0x2E and stop - start >= 3 and content[stop - 2] == content[stop - 3] == 0x2E:
            return UNFINISHED
    if found.n_words < limits.min_words:
        return SHORT
    if limits.javascript and found.has & _HAS_SCRIPT:
        return JAVASCRIPT
    return POLICY if limits.policies and found.has & _HAS_POLICY else KEPT
