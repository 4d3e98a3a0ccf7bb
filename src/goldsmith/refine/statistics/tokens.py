"""Finds the tokens of texts: where each begins and ends in the bytes."""

from collections.abc import Sequence
from typing import NamedTuple, assert_never

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.arrow import Utf8
from goldsmith.kit.jit import compiled
from goldsmith.refine.comparisons.minhash import code_point
from goldsmith.refine.statistics.characters import ALPHABETIC, EXTENDING, SINGLE, SPACE, WORD, Characters, characters
from goldsmith.refine.statistics.tokenisers import Tokeniser

I64 = NDArray[np.int64]

_ALONE, _LETTERS, _DIGITS = 0, 1, 2
"""What a token can be continued by: nothing, letters and digits."""


class Tokens(NamedTuple):
    """The tokens of texts, in order: token `t` is `content[starts[t]:stops[t]]`.

    Those of text `i` are `bounds[i]` to `bounds[i + 1]`. No token is empty, and none overlaps with another.
    """

    starts: I64
    stops: I64
    bounds: I64


def tokens_of(texts: Utf8, tokeniser: Tokeniser, languages: Sequence[str | None] | None = None) -> Tokens:
    """The tokens of each text.

    `split` cuts at white space, as `str.split` does. `words` follows the word boundaries of Unicode (UAX 29): runs of
    letters, digits and underscores, with an apostrophe, full stop or colon between two letters and a comma, full stop
    or apostrophe between two digits; marks and invisible characters belong to what they follow. Departures: each
    Chinese, Japanese, Thai, Lao, Burmese or Khmer letter is a word by itself; every other character is a token by
    itself, but a run of full stops is one; white space is no token. `spacy` cuts as spaCy does by the rules of each
    text's language, English where `languages` says none.
    """
    match tokeniser:
        case "split":
            return Tokens(*_split(texts, characters()))
        case "words":
            return Tokens(*_words(texts, characters()))
        case "spacy":
            from goldsmith.refine.statistics.spacy_tokens import spacy_places  # noqa: PLC0415 - for those who have it

            return Tokens(*spacy_places(texts, languages or [None] * (len(texts.offsets) - 1)))
        case _:
            assert_never(tokeniser)


@compiled
def flags_of(characters: Characters, point: int) -> int:
    """The flags of a code point."""
    return int(characters.flags[int(characters.pages[point >> 8]) << 8 | point & 0xFF])


@compiled
def _split(texts: Utf8, characters: Characters) -> tuple[I64, I64, I64]:
    content, flags = texts.content, characters.flags
    most = len(content) // 2 + len(texts.offsets)  # texts of one byte have a token each, and no space between them
    starts, stops = np.empty(most, np.int64), np.empty(most, np.int64)
    bounds = np.zeros(len(texts.offsets), np.int64)
    n_tokens = 0
    for text in range(len(texts.offsets) - 1):
        place, stop = texts.offsets[text], texts.offsets[text + 1]
        is_inside = False
        while place < stop:
            width = 1
            if content[place] < 0x80:
                is_space = flags[content[place]] & SPACE != 0
            else:
                point, width = code_point(content, place)
                is_space = flags_of(characters, point) & SPACE != 0
            if is_space and is_inside:
                stops[n_tokens] = place
                n_tokens += 1
            elif not is_space and not is_inside:
                starts[n_tokens] = place
            is_inside = not is_space
            place += width
        if is_inside:
            stops[n_tokens] = stop
            n_tokens += 1
        bounds[text + 1] = n_tokens
    return starts[:n_tokens].copy(), stops[:n_tokens].copy(), bounds


@compiled
def _words(texts: Utf8, characters: Characters) -> tuple[I64, I64, I64]:
    content, flags = texts.content, characters.flags
    may_follow = (flags[:0x80] & WORD) != 0  # of ASCII; with other characters nothing is decided here
    for point in range(0x80):
        may_follow[point] |= _joins(point, _LETTERS) or _joins(point, _DIGITS)
    starts, stops = np.empty(len(content), np.int64), np.empty(len(content), np.int64)
    bounds = np.zeros(len(texts.offsets), np.int64)
    n_tokens = 0
    for text in range(len(texts.offsets) - 1):
        place, stop = texts.offsets[text], texts.offsets[text + 1]
        while place < stop:
            begin, state = place, _ALONE
            while place < stop and content[place] < 0x80 and flags[content[place]] & WORD:
                state = _LETTERS if flags[content[place]] & ALPHABETIC else _DIGITS
                place += 1
            if begin == place:
                point, width = code_point(content, place)
                kind = flags_of(characters, point)
                place += width
                if kind & SPACE:
                    continue
                state = _state_of(kind)
            if place < stop and (content[place] >= 0x80 or may_follow[content[place]]):
                place = _end_of_word(texts, characters, _Begun(begin, place, state), stop)
            starts[n_tokens], stops[n_tokens] = begin, place
            n_tokens += 1
        bounds[text + 1] = n_tokens
    return starts[:n_tokens].copy(), stops[:n_tokens].copy(), bounds


class _Begun(NamedTuple):
    """A token of which the beginning is known: where it begins, how far it was read, and what can continue it."""

    start: int
    place: int
    state: int


@compiled
def _end_of_word(texts: Utf8, characters: Characters, begun: _Begun, stop: int) -> int:
    """Where the token ends that has begun."""
    content, place, state = texts.content, begun.place, begun.state
    is_dots = content[begun.start] == 0x2E
    while place < stop:
        if state != _ALONE and content[place] < 0x80 and characters.flags[content[place]] & WORD:
            state = _LETTERS if characters.flags[content[place]] & ALPHABETIC else _DIGITS
            place += 1
            continue
        point, width = code_point(content, place)
        flags = flags_of(characters, point)
        if flags & EXTENDING or (is_dots and point == 0x2E):
            place += width
        elif state != _ALONE and _state_of(flags) != _ALONE:
            state = _state_of(flags)
            place += width
        elif state != _ALONE and _joins(point, state) and place + width < stop:
            following, further = code_point(content, place + width)
            if _state_of(flags_of(characters, following)) != state:
                break
            place += width + further
        else:
            break
    return place


@compiled
def _state_of(flags: int) -> int:
    if flags & SINGLE or not flags & WORD:
        return _ALONE
    return _LETTERS if flags & ALPHABETIC else _DIGITS


@compiled
def _joins(point: int, state: int) -> bool:
    """Whether a mark between two letters, or between two digits, leaves them one word."""
    if point in (0x27, 0x2E, 0x2018, 0x2019, 0x2024, 0xFE52, 0xFF07, 0xFF0E):
        return True
    if state == _LETTERS:
        return point in (0x3A, 0xB7, 0x387, 0x55F, 0x5F4, 0x2027, 0xFE13, 0xFE55, 0xFF1A)
    return point in (0x2C, 0x3B, 0x37E, 0x589, 0x60C, 0x60D, 0x66C, 0x7F8, 0x2044, 0xFE10, 0xFE14, 0xFF0C, 0xFF1B)
