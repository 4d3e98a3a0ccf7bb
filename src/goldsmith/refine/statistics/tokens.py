"""Finds the tokens of texts: where each begins and ends in the bytes."""

from collections.abc import Sequence
from typing import NamedTuple, assert_never

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.arrow import Utf8
from goldsmith.kit.jit import compiled, in_place, inlined
from goldsmith.kit.utf8 import byte_at, code_point
from goldsmith.refine.statistics.characters import ALPHABETIC, EXTENDING, SINGLE, SPACE, WORD, Characters, characters
from goldsmith.refine.statistics.tokenisers import Tokeniser

U8 = NDArray[np.uint8]
I64 = NDArray[np.int64]

_BETWEEN, _INSIDE, _MARK, _UNSURE = 0, 1, 2, 4
"""What a byte is: white space, part of a word, a token by itself, or something that has to be looked at."""

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


@inlined
def flags_of(characters: Characters, point: int) -> int:
    """The flags of a code point."""
    return int(characters.flags[int(characters.pages[point >> 8]) << 8 | point & 0xFF])


@compiled
def _split(texts: Utf8, characters: Characters) -> tuple[I64, I64, I64]:
    content, kinds = texts.content, np.full(0x100, _UNSURE, np.int64)
    for point in range(0x80):
        kinds[point] = _BETWEEN if characters.flags[point] & SPACE else _INSIDE
    most = _most_tokens(texts, kinds)
    starts, stops = np.empty(most, np.int64), np.empty(most, np.int64)
    bounds = np.zeros(len(texts.offsets), np.int64)
    n_begun = n_ended = 0
    for text in range(len(texts.offsets) - 1):
        place, stop = texts.offsets[text], texts.offsets[text + 1]
        before = 0
        while place < stop:  # without a branch: where words end cannot be foretold, and a wrong guess costs 15 cycles
            inside, width = kinds[byte_at(content, place)], 1
            if inside == _UNSURE:
                point, width = code_point(content, place)
                inside = int(flags_of(characters, point) & SPACE == 0)
            starts[np.uint64(n_begun)] = stops[np.uint64(n_ended)] = place
            n_begun += inside & ~before
            n_ended += before & ~inside
            before = inside
            place += width
        if before:
            stops[n_ended] = stop
            n_ended += 1
        bounds[text + 1] = n_ended
    return starts[:n_ended], stops[:n_ended], bounds


@compiled
def _most_tokens(texts: Utf8, kinds: I64) -> int:
    """At least as many as there are tokens: to count them costs a tenth of what memory costs that is not needed."""
    n, before = len(texts.offsets) + 1, _BETWEEN
    for byte in texts.content:
        kind = kinds[byte]
        is_other = ~(before & kind & _INSIDE) & 1
        n += int(is_other & int(kind != _BETWEEN) & int(byte & 0xC0 != 0x80))
        before = kind
    return n


@compiled
def _kinds(characters: Characters) -> I64:
    """What each byte is to `_words`; marks that can join two words have to be looked at, as all that is not ASCII."""
    kinds = np.full(0x100, _UNSURE, np.int64)
    for point in range(0x80):
        flags = characters.flags[point]
        if flags & SPACE:
            kinds[point] = _BETWEEN
        elif flags & WORD:
            kinds[point] = _INSIDE
        elif not (_joins(point, _LETTERS) or _joins(point, _DIGITS)):
            kinds[point] = _MARK
    return kinds


@compiled
def _words(texts: Utf8, characters: Characters) -> tuple[I64, I64, I64]:
    content, kinds = texts.content, _kinds(characters)
    most = _most_tokens(texts, kinds)
    starts, stops = np.empty(most, np.int64), np.empty(most, np.int64)
    bounds = np.zeros(len(texts.offsets), np.int64)
    n_begun = n_ended = 0
    for text in range(len(texts.offsets) - 1):
        place, stop = texts.offsets[text], texts.offsets[text + 1]
        before = _BETWEEN
        while place < stop:
            kind = kinds[byte_at(content, place)]
            if kind == _UNSURE and _is_alone(content, kinds, place, stop):
                kind = _MARK
            if kind != _UNSURE:  # without a branch: where words end cannot be foretold
                is_other = ~(before & kind & _INSIDE) & 1
                starts[np.uint64(n_begun)] = stops[np.uint64(n_ended)] = place
                n_begun += is_other & int(kind != _BETWEEN)
                n_ended += is_other & int(before != _BETWEEN)
                before = kind
                place += 1
                continue
            if before != _BETWEEN:
                state = _state_of(int(characters.flags[content[place - 1]]))
                end = _end_of_word(texts, characters, _Begun(starts[n_begun - 1], place, state), stop)
                is_over, place = end == place, end
                stops[n_ended], before = place, _BETWEEN
                n_ended += 1
                if not is_over:
                    continue
            point, width = code_point(content, place)
            flags = flags_of(characters, point)
            if flags & SPACE:
                place += width
                continue
            starts[n_begun] = place
            place = _end_of_word(texts, characters, _Begun(place, place + width, _state_of(flags)), stop)
            stops[n_ended] = place
            n_begun += 1
            n_ended += 1
        if before != _BETWEEN:
            stops[n_ended] = stop
            n_ended += 1
        bounds[text + 1] = n_ended
    return starts[:n_ended], stops[:n_ended], bounds


@inlined
def _is_alone(content: U8, kinds: I64, place: int, stop: int) -> bool:
    """Whether what is at `place` is a mark that joins nothing, because a space or another mark follows."""
    return content[place] < 0x80 and place + 1 < stop and kinds[content[place + 1]] in (_BETWEEN, _MARK)


class _Begun(NamedTuple):
    """A token of which the beginning is known: where it begins, how far it was read, and what can continue it."""

    start: int
    place: int
    state: int


@in_place
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


@inlined
def _state_of(flags: int) -> int:
    if flags & SINGLE or not flags & WORD:
        return _ALONE
    return _LETTERS if flags & ALPHABETIC else _DIGITS


@inlined
def _joins(point: int, state: int) -> bool:
    """Whether a mark between two letters, or between two digits, leaves them one word."""
    if point in (0x27, 0x2E, 0x2018, 0x2019, 0x2024, 0xFE52, 0xFF07, 0xFF0E):
        return True
    if state == _LETTERS:
        return point in (0x3A, 0xB7, 0x387, 0x55F, 0x5F4, 0x2027, 0xFE13, 0xFE55, 0xFF1A)
    return point in (0x2C, 0x3B, 0x37E, 0x589, 0x60C, 0x60D, 0x66C, 0x7F8, 0x2044, 0xFE10, 0xFE14, 0xFF0C, 0xFF1B)
