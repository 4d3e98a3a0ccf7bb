"""Folds texts to what comparisons look at: words without case, accents, width, punctuation and white space."""

import functools
import unicodedata
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.arrow import Utf8
from goldsmith.kit.jit import compiled
from goldsmith.kit.utf8 import code_point
from goldsmith.refine.comparisons.minhash import mixed
from goldsmith.refine.statistics.characters import EXTENDING, SINGLE, WORD, characters

U8 = NDArray[np.uint8]
U16 = NDArray[np.uint16]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]

WORD_WEIGHT = 2
"""What a word counts; a character of a script without spaces between words counts one."""

STEM_LETTERS = 4
"""Letters of a word that its stem has: endings and many derivations fall away in any language with an alphabet."""

_LIMIT = 0x20000
"""Code points from here on stay as they are, but for the compatibility ideographs."""
_PLANES_OF_IDEOGRAPHS = 0x40000
_IDEOGRAPHS = (0x2F800, 0x2FA20)

_SEPARATES, _SPELLS, _IS_SINGLE, _EXTENDS, _VANISHES, _IS_MANY = range(6)
_KIND_SHIFT = 24
_POINT = (1 << _KIND_SHIFT) - 1
FNV_START = np.uint64(0xCBF29CE484222325)
FNV_PRIME = np.uint64(0x100000001B3)
_ACCENTS = (0x300, 0x36F)


class Folds(NamedTuple):
    """What each code point becomes: `values[pages[p >> 8] * 256 + (p & 255)]`, its kind in the upper eight bits.

    One that becomes several points to its place in `pool`: how many there are, then each with its kind.
    """

    pages: U16
    values: U32
    pool: U32


class Folded(NamedTuple):
    """The words of texts, and their letters without anything between.

    Word `w` stands at `[starts[w], stops[w])` of the bytes; those of text `i` are `bounds[i]` to `bounds[i + 1]`.
    Letter `c` is `letters[c]` and begins at byte `places[c]`; those of text `i` are `ends[i]` to `ends[i + 1]`.

    Attributes:
        words: a hash of each folded word.
        stems: a hash of each word's beginning; of a number and of a single character, of the whole.
        weights: 2 for a word, 1 for a character of a script without spaces between words.
    """

    words: U64
    stems: U64
    weights: U8
    starts: I32
    stops: I32
    letters: U16
    places: I32
    bounds: I64
    ends: I64


def fold(texts: Utf8) -> Folded:
    """The words and letters of each text.

    A word is a run of letters and digits; each character of a script that puts no spaces between words (Chinese,
    Japanese, Thai, Lao, Burmese, Khmer) is one by itself. Case, accents (U+0300 to U+036F), width and other forms of
    compatibility (NFKD) make no difference; digits are kept.
    """
    out, bounds, ends = _fold(texts, folds())
    return Folded(*out, bounds, ends)


@functools.cache
def folds() -> Folds:
    """The table of the Unicode version that this Python knows."""
    values = np.arange(0x110000, dtype=np.uint32) | np.uint32(_IS_SINGLE << _KIND_SHIFT)
    pool: list[int] = []
    for first, last in ((0, _LIMIT), _IDEOGRAPHS):
        for point in range(first, last):
            values[point] = _value_of(point, pool)
    values[_PLANES_OF_IDEOGRAPHS:] = _SEPARATES
    places: dict[bytes, int] = {}
    pages = [places.setdefault(page.tobytes(), len(places)) for page in values.reshape(-1, 256)]
    flat = np.frombuffer(b"".join(places), np.uint32)
    return Folds(np.array(pages, np.uint16), flat, np.array(pool or [0], np.uint32))


@functools.cache
def _flags() -> bytes:
    table = characters()
    return table.flags.reshape(-1, 256)[table.pages].tobytes()


def _value_of(point: int, pool: list[int]) -> int:
    if 0xD800 <= point < 0xE000:
        return _SEPARATES
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", chr(point)).casefold())
    found = [value for letter in folded if (value := _plain(ord(letter)))]
    if any(value >> _KIND_SHIFT in (_SPELLS, _IS_SINGLE) for value in found):
        found = [value for value in found if value >> _KIND_SHIFT != _VANISHES]
    if len(found) == 1:
        return found[0]
    if not found:
        return _SEPARATES
    pool += [len(found), *found]
    return (len(pool) - len(found) - 1) | _IS_MANY << _KIND_SHIFT


def _plain(point: int) -> int:
    """A folded code point with its kind; 0 for what separates words."""
    if _ACCENTS[0] <= point <= _ACCENTS[1]:
        return point | _VANISHES << _KIND_SHIFT
    flags = _flags()[point]
    if flags & EXTENDING:
        is_invisible = unicodedata.category(chr(point)) == "Cf"
        return point | (_VANISHES if is_invisible else _EXTENDS) << _KIND_SHIFT
    if not flags & WORD or unicodedata.category(chr(point)) == "Pc":
        return _SEPARATES
    return point | (_IS_SINGLE if flags & SINGLE else _SPELLS) << _KIND_SHIFT


class _Out(NamedTuple):
    """Where the kernel writes."""

    words: U64
    stems: U64
    weights: U8
    starts: I32
    stops: I32
    letters: U16
    places: I32


class _State(NamedTuple):
    """The word that is being read: its hash so far, that of its stem, its letters and its digits so far."""

    word: np.uint64
    stem: np.uint64
    n_letters: int
    n_digits: int


class _Ends(NamedTuple):
    """How many words and letters there are so far, and how many words before this text."""

    words: int
    letters: int
    before: int


@compiled
def _fold(texts: Utf8, folds: Folds) -> tuple[_Out, I64, I64]:
    content, offsets = texts.content, texts.offsets
    most = _n_parts(content, folds)
    out = _Out(
        np.empty(most, np.uint64),
        np.empty(most, np.uint64),
        np.empty(most, np.uint8),
        np.empty(most, np.int32),
        np.empty(most, np.int32),
        np.empty(most, np.uint16),
        np.empty(most, np.int32),
    )
    ascii_values = folds.values[int(folds.pages[0]) << 8 : (int(folds.pages[0]) << 8) + 128]
    bounds, ends = np.zeros(len(offsets), np.int64), np.zeros(len(offsets), np.int64)
    n_words, n_letters = 0, 0
    for text in range(len(offsets) - 1):
        place, stop = offsets[text], offsets[text + 1]
        state, begin = _State(FNV_START, FNV_START, 0, 0), place
        while place < stop:
            if content[place] < 0x80:
                value = int(ascii_values[content[place]])
                if value >> _KIND_SHIFT == _SPELLS:
                    if state.n_letters == 0:
                        begin = place
                    state = _spelled(state, value & _POINT)
                    out.letters[n_letters], out.places[n_letters] = np.uint16(value & 0xFFFF), place
                    n_letters += 1
                elif state.n_letters > 0:
                    n_words = _end_word(out, n_words, state, (begin, place))
                    state = _State(FNV_START, FNV_START, 0, 0)
                place += 1
                continue
            point, width = code_point(content, place)
            value = int(folds.values[int(folds.pages[point >> 8]) << 8 | point & 0xFF])
            if state.n_letters == 0:
                begin = place
            if value >> _KIND_SHIFT == _IS_MANY:
                first = value & _POINT
                for part in range(first + 1, first + 1 + int(folds.pool[first])):
                    letter = (int(folds.pool[part]), begin, place, place + width)
                    state, n_words, n_letters = _put(out, _Ends(n_words, n_letters, bounds[text]), state, letter)
            else:
                state, n_words, n_letters = _put(
                    out, _Ends(n_words, n_letters, bounds[text]), state, (value, begin, place, place + width)
                )
            place += width
        if state.n_letters > 0:
            n_words = _end_word(out, n_words, state, (begin, stop))
        bounds[text + 1], ends[text + 1] = n_words, n_letters
    return _cut(out, n_words, n_letters), bounds, ends


@compiled
def _n_parts(content: U8, folds: Folds) -> int:
    """The most letters that bytes can become."""
    place, n_parts = 0, 1
    while place < len(content):
        if content[place] < 0x80:
            place += 1
            n_parts += 1
            continue
        point, width = code_point(content, place)
        value = int(folds.values[int(folds.pages[point >> 8]) << 8 | point & 0xFF])
        n_parts += int(folds.pool[value & _POINT]) if value >> _KIND_SHIFT == _IS_MANY else 1
        place += width
    return n_parts


@compiled
def _put(out: _Out, ends: _Ends, state: _State, letter: tuple[int, int, int, int]) -> tuple[_State, int, int]:
    """Add a folded code point: its value, where the word that it goes on began, where it begins, and where it ends."""
    value, begin, place, stop = letter
    kind, folded = value >> _KIND_SHIFT, value & _POINT
    n_words, n_letters = ends.words, ends.letters
    if kind == _SPELLS:
        state = _spelled(state, folded)
        out.letters[n_letters], out.places[n_letters] = np.uint16(folded & 0xFFFF), place
        n_letters += 1
    elif kind == _EXTENDS:
        if state.n_letters > 0:
            state = _spelled(state, folded)
        elif n_words > ends.before and (out.stops[n_words - 1] == place or out.stops[n_words - 1] == stop):
            out.words[n_words - 1] = mixed(out.words[n_words - 1] + np.uint64(folded))
            out.stems[n_words - 1] = out.words[n_words - 1]
            out.stops[n_words - 1] = stop
    elif kind != _VANISHES:
        if state.n_letters > 0:
            n_words = _end_word(out, n_words, state, (begin, place))
            state = _State(FNV_START, FNV_START, 0, 0)
        if kind == _IS_SINGLE:
            hashed = mixed(np.uint64(folded))
            out.words[n_words], out.stems[n_words], out.weights[n_words] = hashed, hashed, 1
            out.starts[n_words], out.stops[n_words] = place, stop
            n_words += 1
            out.letters[n_letters], out.places[n_letters] = np.uint16(folded & 0xFFFF), place
            n_letters += 1
    return state, n_words, n_letters


@compiled
def _spelled(state: _State, folded: int) -> _State:
    """The word with one more letter."""
    word = (state.word ^ np.uint64(folded)) * FNV_PRIME
    stem = word if state.n_letters < STEM_LETTERS else state.stem
    return _State(word, stem, state.n_letters + 1, state.n_digits + (0x30 <= folded <= 0x39))


@compiled
def _end_word(out: _Out, n_words: int, state: _State, span: tuple[int, int]) -> int:
    out.words[n_words] = mixed(state.word)
    out.stems[n_words] = mixed(state.word if state.n_digits > 0 else state.stem)
    out.weights[n_words] = WORD_WEIGHT
    out.starts[n_words], out.stops[n_words] = span
    return n_words + 1


@compiled
def _cut(out: _Out, n_words: int, n_letters: int) -> _Out:
    return _Out(
        out.words[:n_words].copy(),
        out.stems[:n_words].copy(),
        out.weights[:n_words].copy(),
        out.starts[:n_words].copy(),
        out.stops[:n_words].copy(),
        out.letters[:n_letters].copy(),
        out.places[:n_letters].copy(),
    )
