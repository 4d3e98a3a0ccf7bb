"""Reads what the attributes of an element say about it: the words of its class and id, and whether it is hidden."""

# ruff: noqa: PLR0917 - compiled code takes arrays by their place, and compares numbers one by one

import numpy as np

from goldsmith.kit.jit import in_place
from goldsmith.refine.extraction.tags import FNV_START, I64, NUMBERS, U8, U64, fnv
from goldsmith.refine.extraction.tokens import grow, is_space, look_up, lower
from goldsmith.refine.extraction.words import MARK_BITS, PREFIX_SHIFT

IS_HIDDEN = 1 << 30
"""The bit of an element that is not to be seen: `hidden`, `aria-hidden`, `display: none`."""

_CLASS, _ID, _ROLE, _ITEM, _STYLE, _HIDDEN, _ARIA = (
    np.uint64(fnv(name)) for name in ("class", "id", "role", "itemprop", "style", "hidden", "aria-hidden")
)
_TRUE, _DISPLAY = np.uint64(fnv("true")), np.uint64(fnv("display:none"))
_FIRST = np.uint64(FNV_START)
_HTML, _BODY = NUMBERS["html"], NUMBERS["body"]
_POST, _ARTICLE = np.uint64(fnv("hentry")), MARK_BITS["article"]
_LOW = (1 << PREFIX_SHIFT) - 1


@in_place
def mark(page: U8, names: I64, starts: I64, ends: I64, hashes: U64, values: I64, found: I64) -> None:
    """Write for each element the bits of `MARK_BITS` that its attributes speak for, and `IS_HIDDEN`."""
    for element in range(len(starts)):
        found[element] = 0
        if ends[element] - starts[element] > 5 and names[element] not in (_HTML, _BODY):
            found[element] = _marks(page, starts[element], ends[element], hashes, values)


@in_place
def _marks(page: U8, place: int, end: int, hashes: U64, values: I64) -> int:
    found = 0
    while place < end:
        while place < end and (is_space(page[place]) or page[place] == 47):
            place += 1
        name = _FIRST
        while place < end and not (is_space(page[place]) or page[place] == 61 or page[place] == 47):
            name = grow(name, lower(page[place]))
            place += 1
        while place < end and is_space(page[place]):
            place += 1
        start = stop = place
        if place < end and page[place] == 61:
            start, stop, place = _value(page, place + 1, end)
        if name == _HIDDEN:
            found |= IS_HIDDEN
        elif stop > start:
            found |= _speaks(page, name, start, stop, hashes, values)
        if start == place and place < end and page[place] == 61:
            place += 1
    return found


@in_place
def _value(page: U8, place: int, end: int) -> tuple[int, int, int]:
    """Where a value begins and ends, and where the next attribute can begin."""
    while place < end and is_space(page[place]):
        place += 1
    if place < end and (page[place] == 34 or page[place] == 39):
        quote, start = page[place], place + 1
        place = start
        while place < end and page[place] != quote:
            place += 1
        return start, place, place + 1
    start = place
    while place < end and not is_space(page[place]):
        place += 1
    return start, place, place


@in_place
def _speaks(page: U8, name: np.uint64, start: int, stop: int, hashes: U64, values: I64) -> int:
    if name in (_CLASS, _ID, _ROLE):
        return _word_bits(page, start, stop, hashes, values)
    if name == _ITEM:
        return look_up(hashes, values, _whole(page, start, stop)) & _LOW
    if name == _ARIA and _whole(page, start, stop) == _TRUE:
        return IS_HIDDEN
    if name == _STYLE and _declares_hidden(page, start, stop):
        return IS_HIDDEN
    return 0


@in_place
def _whole(page: U8, start: int, stop: int) -> np.uint64:
    value = _FIRST
    for place in range(start, stop):
        if not is_space(page[place]):
            value = grow(value, lower(page[place]))
    return value


@in_place
def _declares_hidden(page: U8, start: int, stop: int) -> bool:
    """Whether one of the declarations is `display: none`."""
    while start < stop:
        end = start
        while end < stop and page[end] != 59 and page[end] != 33:
            end += 1
        if _whole(page, start, end) == _DISPLAY:
            return True
        start = end + 1
    return False


@in_place
def _word_bits(page: U8, start: int, stop: int, hashes: U64, values: I64) -> int:
    """The bits of all words of a value: they end at signs and digits, and where a capital follows a small letter."""
    found, value, n_letters = 0, _FIRST, 0
    for place in range(start, stop + 1):
        byte = page[place] if place < stop else 32
        is_capital = 65 <= byte <= 90
        is_part = is_capital or 97 <= byte <= 122 or byte >= 128
        if n_letters > 0 and (not is_part or (is_capital and 97 <= page[place - 1] <= 122)):
            if value == _POST:  # the hAtom post of blogs, whose other classes repeat its tags and categories
                return _ARTICLE
            found |= look_up(hashes, values, value) & _LOW
            value, n_letters = _FIRST, 0
        if is_part:
            value = grow(value, lower(byte))
            n_letters += 1
            found |= look_up(hashes, values, value) >> PREFIX_SHIFT
    return found
