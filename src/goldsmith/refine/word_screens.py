"""Says which texts hold some word of a group, in one pass of compiled code: what gates slower searches."""

# ruff: noqa: PLR0913, PLR0917 - compiled code takes arrays by their place

import functools
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.arrow import Utf8
from goldsmith.kit.jit import in_place, inlined

U8 = NDArray[np.uint8]
I64 = NDArray[np.int64]

MAX_GROUPS = 62
_MOST_BYTES = 3
"""Bytes of a word by which it is looked for, where all words have so many."""

_SLOTS = 1 << 14
_GOLDEN = 0x9E3779B1
_TWO_BYTES = 0x800
"""The first code point that takes three bytes in UTF-8: Latin, Greek, Cyrillic and the like lie before it."""


class Screen(NamedTuple):
    """Groups of words that are looked for.

    Attributes:
        content, bounds: the words' UTF-8 in lower case; word `i` lies from `bounds[i]` to `bounds[i + 1]`.
        groups: of each word, the bit of its group.
        begins: whether some word's first bytes belong to a slot.
        heads, following: of each slot the first word whose first bytes belong there, and of each word the next; or -1.
        lower: of each code point of up to two bytes, the one of its lower case.
        n_bytes: the first bytes of each word by which it is found.
    """

    content: U8
    bounds: I64
    groups: I64
    begins: NDArray[np.bool_]
    heads: I64
    following: I64
    lower: I64
    n_bytes: int


@functools.cache
def screen_of(*groups: tuple[str, ...]) -> Screen:
    """The screen for groups of words in lower case.

    Raises:
        ValueError: there are too many groups, or a word is empty.
    """
    words = [(word.encode(), 1 << number) for number, group in enumerate(groups) for word in group]
    n_bytes = min([_MOST_BYTES, *(len(word) for word, _ in words)])
    if len(groups) > MAX_GROUPS or n_bytes == 0:
        raise ValueError(f"at most {MAX_GROUPS} groups can be looked for, and no empty word")
    heads, following = np.full(_SLOTS, -1, np.int64), np.full(len(words), -1, np.int64)
    for number, (word, _) in enumerate(words):
        slot = int.from_bytes(word[:n_bytes], "big") * _GOLDEN % (1 << 32) >> 18
        heads[slot], following[number] = number, heads[slot]
    return Screen(
        np.frombuffer(b"".join(word for word, _ in words), np.uint8),
        np.cumsum([0, *(len(word) for word, _ in words)]),
        np.array([group for _, group in words], np.int64),
        heads >= 0,
        heads,
        following,
        _lower_cases(),
        n_bytes,
    )


def screened(texts: Utf8, screen: Screen) -> I64:
    """For each text the sum of the bits of the groups of which it holds a word, whatever stands around the word.

    Case does not count for letters of up to two bytes of UTF-8.
    """
    found = np.zeros(len(texts.offsets) - 1, np.int64)
    room = np.empty(int(np.diff(texts.offsets).max(initial=0)), np.uint8)
    _screen(*texts, *screen, room, found)
    return found


def groups_in(text: str, screen: Screen) -> int:
    """The sum of the bits of the groups of which a text holds a word."""
    content = np.frombuffer(text.encode("utf-8", "replace"), np.uint8)
    return int(screened(Utf8(content, np.array([0, len(content)])), screen)[0])


@functools.cache
def _lower_cases() -> I64:
    codes = np.arange(_TWO_BYTES)
    for code in range(_TWO_BYTES):
        lower = chr(code).lower()
        if len(lower) == 1 and len(lower.encode()) == len(chr(code).encode()):
            codes[code] = ord(lower)
    return codes


@in_place
def _screen(
    content: U8,
    offsets: I64,
    words: U8,
    bounds: I64,
    groups: I64,
    begins: NDArray[np.bool_],
    heads: I64,
    following: I64,
    lower: I64,
    n_bytes: int,
    room: U8,
    found: I64,
) -> None:
    whole, mask = 0, (1 << 8 * n_bytes) - 1
    for group in groups:
        whole |= group
    for text in range(len(offsets) - 1):
        size = _fold(content, offsets[text], offsets[text + 1], lower, room)
        key = 0
        for place in range(size):
            key = (key << 8 | int(room[place])) & mask
            slot = (key * _GOLDEN & 0xFFFFFFFF) >> 18
            word = heads[slot] if begins[slot] else -1
            while word >= 0:
                if found[text] & groups[word] == 0 and _stands(words, bounds, word, room, place - n_bytes + 1, size):
                    found[text] |= groups[word]
                word = following[word]
            if found[text] == whole:
                break


@inlined
def _fold(content: U8, start: int, end: int, lower: I64, room: U8) -> int:
    """Write the bytes of a text in lower case; returns how many they are."""
    place = start
    while place < end:
        byte = content[place]
        if 0xC3 <= byte < 0xE0 and place + 1 < end:
            code = lower[(byte & 0x1F) << 6 | (content[place + 1] & 0x3F)]
            room[place - start], room[place - start + 1] = 0xC0 | code >> 6, 0x80 | (code & 0x3F)
            place += 2
        else:
            room[place - start] = lower[byte] if byte < 0x80 else byte
            place += 1
    return end - start


@inlined
def _stands(words: U8, bounds: I64, word: int, room: U8, place: int, size: int) -> bool:
    """Whether a word stands at a place."""
    first, length = bounds[word], bounds[word + 1] - bounds[word]
    if place < 0 or place + length > size:
        return False
    same = 0
    while same < length and words[first + same] == room[place + same]:
        same += 1
    return same == length
