"""Cuts HTML into tags and text, as browsers do (WHATWG HTML, section 13.2.5), in one pass of compiled code."""

# ruff: noqa: PLR0917, PLR1714 - compiled code takes arrays by their place, and compares numbers one by one

from typing import NamedTuple

import numpy as np

from goldsmith.kit.jit import in_place, inlined
from goldsmith.refine.extraction.tags import FNV_PRIME, FNV_START, I64, RAW, U8, U64, tags

TEXT, START, END = 0, 1, 2
"""The kinds of tokens: text, the start of an element, its end."""

_KINDS, _NAMES, _STARTS, _ENDS = range(4)
"""The rows of the table of tokens."""

_PRIME, _FIRST = np.uint64(FNV_PRIME), np.uint64(FNV_START)
_SLOT_MASK = np.uint64((1 << 12) - 1)


class Tokens(NamedTuple):
    """The tokens of a page, each with its kind, the number of its element, and a span of bytes.

    The span is the text itself, or the attributes of a start.
    """

    kinds: I64
    names: I64
    starts: I64
    ends: I64


def tokens_of(page: U8) -> Tokens:
    """The tokens of `page`, UTF-8 bytes of any length."""
    room = 2 * int(np.count_nonzero(page == ord("<"))) + 2
    held, known = np.empty((4, room), np.int64), tags()
    used = cut(page, *known.numbers, known.kinds, held)
    return Tokens(*held[:, :used])


@inlined
def is_space(byte: int) -> bool:
    """Whether a byte is white space in HTML."""
    return byte == 32 or 9 <= byte <= 13


@inlined
def lower(byte: int) -> int:
    """An ASCII letter in lower case; every other byte as it is."""
    return byte + 32 if 65 <= byte <= 90 else byte


@inlined
def look_up(hashes: U64, values: I64, wanted: np.uint64) -> int:
    """The value of the word with that hash, by both tables of `Words`; 0 for an unknown one."""
    slot = wanted & _SLOT_MASK
    while hashes[slot] != 0:
        if hashes[slot] == wanted:
            return values[slot]
        slot = (slot + np.uint64(1)) & _SLOT_MASK
    return 0


@inlined
def grow(value: np.uint64, byte: int) -> np.uint64:
    """The hash of what `value` is the hash of, with one byte more."""
    return (value ^ np.uint64(byte)) * _PRIME


@in_place
def cut(page: U8, hashes: U64, numbers: I64, kinds: I64, held: I64) -> int:
    """Write the tokens of a page into `held`, shape (4, room), as `Tokens` has them; returns how many there are.

    A page has no more tokens than two for each `<`, and one.
    """
    size, n_tokens, text, place = len(page), 0, 0, 0
    while place < size:
        if page[place] != 60 or place + 1 == size:
            place += 1
            continue
        ahead = page[place + 1]
        is_end = ahead == 47 and place + 2 < size and _is_letter(page[place + 2])
        if not (is_end or _is_letter(ahead) or ahead == 33 or ahead == 63 or ahead == 47):
            place += 1
            continue
        n_tokens = _put(held, n_tokens, TEXT, 0, text, place)
        if not (is_end or _is_letter(ahead)):
            place = text = _after_comment(page, place)
            continue
        name_end, number = _name(page, place + (2 if is_end else 1), hashes, numbers)
        tag_end = _tag_end(page, name_end)
        n_tokens = _put(held, n_tokens, END if is_end else START, number, name_end, tag_end)
        start, place = place, min(size, tag_end + 1)
        if not is_end and kinds[number] & RAW != 0 and page[tag_end - 1] != 47:
            end = _raw_end(page, place, start + 1, name_end)
            n_tokens = _put(held, n_tokens, TEXT, 0, place, end)
            place = end
        text = place
    return _put(held, n_tokens, TEXT, 0, text, size)


@inlined
def _put(held: I64, n_tokens: int, kind: int, number: int, start: int, end: int) -> int:
    if kind == TEXT and end <= start:
        return n_tokens
    held[_KINDS, n_tokens] = kind
    held[_NAMES, n_tokens] = number
    held[_STARTS, n_tokens] = start
    held[_ENDS, n_tokens] = end
    return n_tokens + 1


@inlined
def _is_letter(byte: int) -> bool:
    return 97 <= byte <= 122 or 65 <= byte <= 90


@in_place
def _name(page: U8, place: int, hashes: U64, numbers: I64) -> tuple[int, int]:
    value = _FIRST
    while place < len(page) and not (is_space(page[place]) or page[place] == 47 or page[place] == 62):
        value = grow(value, lower(page[place]))
        place += 1
    return place, look_up(hashes, numbers, value)


@in_place
def _tag_end(page: U8, place: int) -> int:
    """Where the `>` of a tag stands: one in a quoted value does not count."""
    expects_value = False
    while place < len(page):
        byte = page[place]
        if byte == 62:
            return place
        if expects_value and (byte == 34 or byte == 39):
            place += 1
            while place < len(page) and page[place] != byte:
                place += 1
            expects_value = False
        elif byte == 61:
            expects_value = True
        elif not is_space(byte):
            expects_value = False
        place += 1
    return len(page)


@in_place
def _after_comment(page: U8, place: int) -> int:
    size = len(page)
    is_comment = place + 3 < size and page[place + 1] == 33 and page[place + 2] == 45 and page[place + 3] == 45
    place += 4 if is_comment else 2
    if is_comment and place < size and page[place] == 62:
        return place + 1
    while place < size:
        if page[place] == 62 and (not is_comment or (page[place - 1] == 45 and page[place - 2] == 45)):
            return place + 1
        place += 1
    return size


@in_place
def _raw_end(page: U8, place: int, name: int, name_end: int) -> int:
    """Where the end tag of an element with raw text begins: only its own name ends it."""
    size, length = len(page), name_end - name
    while place + length + 1 < size:
        if page[place] == 60 and page[place + 1] == 47:
            same = 0
            while same < length and lower(page[place + 2 + same]) == lower(page[name + same]):
                same += 1
            if same == length:
                return place
        place += 1
    return size
