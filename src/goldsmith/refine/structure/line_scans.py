"""Finds the phrases of a book in the lines of texts, in one pass of compiled code."""

# ruff: noqa: PLR0917 - compiled code takes arrays by their place

from typing import NamedTuple

import numpy as np

from goldsmith.kit.arrow import Utf8
from goldsmith.kit.jit import compiled, in_place
from goldsmith.kit.utf8 import code_point
from goldsmith.refine.statistics.characters import TERMINAL, Characters, characters
from goldsmith.refine.statistics.tokens import flags_of
from goldsmith.refine.structure.phrase_books import (
    ALONE,
    BEGINS,
    COLON,
    COMPANY,
    FILLS,
    HEADS,
    HOLDS,
    Book,
    follow,
    has_word,
    kind_of,
)
from goldsmith.refine.structure.words import I64, NUMBER, U8, Words, read_words, room_for

N_WORDS, N_SIZE, N_COVERED, N_PHRASES, N_DIFFERENT, FIRST_KIND, SURE_KIND, WEAK_KIND, IS_ENDED, N_SEPARATORS = range(10)
"""Columns of a scan: words; their size; words that phrases cover; phrases that speak for something; how many different
ones; the kind that the first of them speaks for; the kind of a line that needs no company, and of one that does (0 is
none); whether it ends like a sentence; and
the signs between the entries of a menu."""

N_COLUMNS = 10
MAX_SIZE = 120
"""A line of a larger size is not looked at any further: no boilerplate is so long.

A word has the size 2, a letter that is a word by itself 1."""

MAX_HELD = MAX_SIZE
MAX_HEADED = 80
MAX_BEGUN = 70
MAX_LISTED = 60
"""The sizes of lines that are known by a phrase anywhere, at the head, at the beginning, and of nothing but phrases."""

_MAX_DIFFERENT = 16
_COVERS = ALONE | COMPANY | FILLS
_NEWLINE = 0x0A


class Limits(NamedTuple):
    """The size of lines that are looked at, and of those that can be made of nothing but phrases."""

    size: int
    listed: int


BRIEF = Limits(MAX_SIZE, MAX_LISTED)
"""What boilerplate needs."""


class Scan(NamedTuple):
    """What the lines of texts are made of.

    Attributes:
        lines: shape (lines, columns), `int64`; a line ends before a newline.
        bounds: the lines of text `i` are `bounds[i]` to `bounds[i + 1]`.
    """

    lines: I64
    bounds: I64


class _Line(NamedTuple):
    """One line: its bytes, its words, and its row of the scan."""

    content: U8
    words: Words
    row: I64


class _Found(NamedTuple):
    """What begins at a word: the longest phrase of which a line may be made, and the kind of one that suffices.

    Attributes:
        n_words: how many words the phrase has; 0 without one.
        node: where it ends in the book.
        kind: the kind of a phrase that makes the line sure; 0 without one.
    """

    n_words: int
    node: int
    kind: int


def scan_lines(texts: Utf8, book: Book, limits: Limits = BRIEF) -> Scan:
    """What the lines of `texts`, which are in lower case, are made of by the phrases of `book`."""
    return Scan(*_scan_lines(texts, book, characters(), limits))


@compiled
def _scan_lines(texts: Utf8, book: Book, characters: Characters, limits: Limits) -> tuple[I64, I64]:
    content, n_texts = texts.content, len(texts.offsets) - 1
    bounds = np.zeros(n_texts + 1, np.int64)
    n_lines = n_texts
    for byte in content:
        n_lines += byte == _NEWLINE
    lines = np.zeros((n_lines, N_COLUMNS), np.int64)
    _read_lines(
        texts, book, characters, limits, room_for(limits.size + 1), np.empty(_MAX_DIFFERENT, np.int64), bounds, lines
    )
    return lines, bounds


@in_place
def _read_lines(
    texts: Utf8,
    book: Book,
    characters: Characters,
    limits: Limits,
    words: Words,
    different: I64,
    bounds: I64,
    lines: I64,
) -> None:
    content, line = texts.content, 0
    for text in range(len(bounds) - 1):
        start, end = texts.offsets[text], texts.offsets[text + 1]
        while start <= end:
            stop = start
            while stop < end and content[stop] != _NEWLINE:
                stop += 1
            row = lines[line]
            each = _Line(content[start:stop], words, row)
            row[N_WORDS] = read_words(each.content, characters, words, NUMBER)
            for word in range(row[N_WORDS]):
                row[N_SIZE] += words.sizes[word]
            if row[N_WORDS] > 0 and row[N_SIZE] <= limits.size:
                _read_phrases(each, book, limits.listed, different)
                row[IS_ENDED] = _is_ended(each.content, characters)
                row[N_SEPARATORS] = _n_separators(each.content) if row[N_PHRASES] > 0 else 0
            line += 1
            start = stop + 1
        bounds[text + 1] = line


@in_place
def _read_phrases(line: _Line, book: Book, max_listed: int, different: I64) -> None:
    """Note what a line is made of; `different` is room."""
    row = line.row
    covered_until = weak = 0
    is_alone = False
    beginnings = book.begins if row[N_SIZE] <= max_listed else book.held
    for first in range(row[N_WORDS]):
        if first > 0 and not has_word(beginnings, line.words.hashes[first]):
            continue
        found = _phrases_at(line, first, book)
        row[SURE_KIND] = found.kind if found.kind > 0 else row[SURE_KIND]
        stop = first + found.n_words
        if stop <= covered_until:
            continue
        for word in range(max(first, covered_until), stop):
            row[N_COVERED] += line.words.sizes[word]
        covered_until = stop
        meaning = book.meanings[found.node]
        if meaning & (ALONE | COMPANY):
            _count(row, found.node, different)
            if weak == 0 or (meaning & ALONE and not is_alone):
                weak = kind_of(meaning)
            is_alone = is_alone or meaning & ALONE != 0
    row[FIRST_KIND] = weak
    if row[N_COVERED] == row[N_SIZE] <= max_listed:
        row[WEAK_KIND] = weak
        row[SURE_KIND] = weak if is_alone and row[SURE_KIND] == 0 else row[SURE_KIND]


@in_place
def _phrases_at(line: _Line, first: int, book: Book) -> _Found:
    """What begins at the word `first` of a line."""
    row, words = line.row, line.words
    node = n_words = best = kind = 0
    for word in range(first, row[N_WORDS]):
        node = follow(book, node, words.hashes[word])
        if node == 0:
            break
        meaning = book.meanings[node]
        if meaning & _COVERS:
            n_words, best = word + 1 - first, node
        is_head = first == 0 and row[N_SIZE] <= MAX_HEADED
        if _suffices(meaning, row[N_SIZE], first == 0, word + 1 == row[N_WORDS]) or (
            is_head and meaning & (HEADS | COLON) and _is_colon(line.content, words.stops[word])
        ):
            kind = kind_of(meaning)
    return _Found(n_words, best, kind)


@in_place
def _suffices(meaning: int, size: int, is_first: bool, is_last: bool) -> bool:  # noqa: FBT001 - compiled code has no keywords
    """Whether a phrase makes a line sure by itself, wherever colons stand."""
    if meaning & HOLDS and size <= MAX_HELD:
        return True
    return is_first and (
        (meaning & BEGINS != 0 and size <= MAX_BEGUN) or (meaning & HEADS != 0 and is_last and size <= MAX_HEADED)
    )


@in_place
def _count(row: I64, node: int, different: I64) -> None:
    row[N_PHRASES] += 1
    for other in different[: row[N_DIFFERENT]]:
        if other == node:
            return
    if row[N_DIFFERENT] < _MAX_DIFFERENT:
        different[row[N_DIFFERENT]] = node
        row[N_DIFFERENT] += 1


@in_place
def _is_colon(content: U8, place: int) -> bool:
    """Whether the next sign from `place` on is a colon, or one that stands for it."""
    while place < len(content) and content[place] == 0x20:
        place += 1
    if place == len(content):
        return False
    point, _ = code_point(content, place)
    return point in (0x3A, 0xFF1A, 0x7C, 0xBB, 0x3E, 0x2192)


@in_place
def _is_ended(content: U8, characters: Characters) -> bool:
    """Whether the line ends with the end mark of a sentence, closing quotes and brackets left aside."""
    place = len(content) - 1
    while place >= 0:
        while place > 0 and content[place] & 0xC0 == 0x80:
            place -= 1
        point, _ = code_point(content, place)
        if flags_of(characters, point) & TERMINAL:
            return True
        if point not in (
            0x20,
            0x0D,
            0x09,
            0x22,
            0x27,
            0x29,
            0x5D,
            0xBB,
            0x2019,
            0x201C,
            0x201D,
            0x300D,
            0x300F,
            0xFF09,
        ):
            return False
        place -= 1
    return False


@in_place
def _closes(point: int) -> bool:
    """Whether a code point is a closing quote or bracket."""
    return point in (0x22, 0x27, 0x29, 0x5D, 0xBB, 0x2019, 0x201C, 0x201D, 0x300D, 0x300F, 0xFF09)


@in_place
def _n_separators(content: U8) -> int:
    """How many signs between the entries of a menu a line has."""
    n_separators = place = 0
    while place < len(content):
        point, width = code_point(content, place)
        n_separators += point in (0x7C, 0xBB, 0x3E, 0xB7, 0x2022, 0x203A, 0xFF5C, 0x2192, 0x2502)
        place += width
    return n_separators
