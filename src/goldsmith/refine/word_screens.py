"""Says which texts hold some word of a group, in one pass of compiled code: what gates slower searches."""

# ruff: noqa: PLR0913, PLR0917 - compiled code takes arrays by their place

import functools
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.arrow import Utf8
from goldsmith.kit.jit import in_place, inlined

U8 = NDArray[np.uint8]
I64 = NDArray[np.int64]

MAX_GROUPS = 62
_MOST_BYTES = 3
"""Bytes in a row by which words are looked for, where all words have so many."""

_MOST_STEPS = 4
_SLOTS = 1 << 14
_GOLDEN = 0x9E3779B1
_LOW = 0x20
"""The bit by which capital letters of ASCII differ from small ones; bytes in a row are compared as if all had it."""

_TWO_BYTES = 0x800
"""The first code point that takes three bytes in UTF-8: Latin, Greek, Cyrillic and the like lie before it."""

_EDGE = r"\b"
_BEGINS, _ENDS = 1, 2
"""Where a word has to have its edge: no letter, digit or underscore of ASCII may stand there beside it."""


class Screen(NamedTuple):
    """Groups of words that are looked for, by some bytes in a row of each.

    Where the shortest word has more bytes than are compared, only every second, third or fourth place of a text is
    looked at, and words are found by the bytes from each of as many places in them.

    Attributes:
        content, bounds: the words' UTF-8 in lower case; word `i` lies from `bounds[i]` to `bounds[i + 1]`.
        groups: of each word, the bit of its group.
        edges: of each word, at which sides it has to have its edge.
        words, places: of each row of bytes that is looked for, its word and where in the word it begins.
        begins: whether some row of bytes belongs to a slot.
        heads, following: of each slot the first row of bytes that belongs there, and of each row the next; or -1.
        lower: of each code point of up to two bytes, the one of its lower case.
        n_bytes: how many bytes a row has.
        n_steps: from one place of a text that is looked at to the next.
    """

    content: U8
    bounds: I64
    groups: I64
    edges: I64
    words: I64
    places: I64
    begins: NDArray[np.bool_]
    heads: I64
    following: I64
    lower: I64
    n_bytes: int
    n_steps: int


@functools.cache
def screen_of(*groups: tuple[str, ...]) -> Screen:
    r"""The screen for groups of words in lower case; `\b` before or after one stands for its edge, as in `\brights\b`.

    Raises:
        ValueError: there are too many groups, or a word is empty.
    """
    written = [(word, 1 << number) for number, group in enumerate(groups) for word in group]
    words = [(word.removeprefix(_EDGE).removesuffix(_EDGE), group) for word, group in written]
    shortest = min((len(word.encode()) for word, _ in words), default=_MOST_BYTES)
    if len(groups) > MAX_GROUPS or shortest == 0:
        raise ValueError(f"at most {MAX_GROUPS} groups can be looked for, and no empty word")
    n_bytes = min(_MOST_BYTES, shortest)
    n_steps = min(_MOST_STEPS, shortest - n_bytes + 1)
    rows = [
        (number, place, slot)
        for number, (word, _) in enumerate(words)
        for place in range(n_steps)
        for slot in _slots(word, place, n_bytes)
    ]
    heads, following = np.full(_SLOTS, -1, np.int64), np.full(len(rows), -1, np.int64)
    for row, (_, _, slot) in enumerate(rows):
        heads[slot], following[row] = row, heads[slot]
    return Screen(
        np.frombuffer("".join(word for word, _ in words).encode(), np.uint8),
        np.cumsum([0, *(len(word.encode()) for word, _ in words)]),
        np.array([group for _, group in words], np.int64),
        np.array([_BEGINS * word.startswith(_EDGE) | _ENDS * word.endswith(_EDGE) for word, _ in written], np.int64),
        np.array([number for number, _, _ in rows], np.int64),
        np.array([place for _, place, _ in rows], np.int64),
        heads >= 0,
        heads,
        following,
        _lower_cases(),
        n_bytes,
        n_steps,
    )


def screened(texts: Utf8, screen: Screen) -> I64:
    """For each text the sum of the bits of the groups of which it holds a word, whatever stands around the word.

    Case does not count for letters of up to two bytes of UTF-8.
    """
    found = np.zeros(len(texts.offsets) - 1, np.int64)
    _screen(*texts, *screen, found)
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


def _slots(word: str, place: int, n_bytes: int) -> set[int]:
    """The slots of the bytes from a place of a word on, in whatever case its letters are."""
    spelled: list[tuple[bytes, ...]] = []
    start = 0
    for letter in word:
        size = len(letter.encode())
        if start < place + n_bytes and start + size > place:
            first, last = max(0, place - start), min(size, place + n_bytes - start)
            spelled.append(tuple({written[first:last] for written in _written(letter)}))
        start += size
    return {_slot(b"".join(parts)) for parts in product(*spelled)}


def _written(letter: str) -> Iterator[bytes]:
    """What becomes the letter in lower case, as UTF-8."""
    yield letter.encode()
    yield from (chr(code).encode() for code in np.flatnonzero(_lower_cases() == ord(letter)).tolist())


def _slot(content: bytes) -> int:
    key = int.from_bytes(bytes(byte | _LOW for byte in content), "little")
    return key * _GOLDEN % (1 << 32) >> 18


@in_place
def _screen(
    content: U8,
    offsets: I64,
    letters: U8,
    bounds: I64,
    groups: I64,
    edges: I64,
    words: I64,
    places: I64,
    begins: NDArray[np.bool_],
    heads: I64,
    following: I64,
    lower: I64,
    n_bytes: int,
    n_steps: int,
    found: I64,
) -> None:
    whole = 0
    for group in groups:
        whole |= group
    for text in range(len(offsets) - 1):
        start, end, held = offsets[text], offsets[text + 1], 0
        place = start
        while held != whole:
            place = _next(content, place, end - n_bytes, begins, n_bytes, n_steps)
            if place > end - n_bytes:
                break
            row = heads[_slot_at(content, np.uint64(place), n_bytes)]
            while row >= 0:
                word, first = words[row], place - places[row]
                size = bounds[word + 1] - bounds[word]
                is_inside = start <= first and first + size <= end
                if (
                    held & groups[word] == 0
                    and is_inside
                    and _stands(letters, bounds[word], size, content, first, lower)
                ):
                    is_cut = edges[word] == 0 or _has_edges(edges[word], content[start:end], first - start, size)
                    held |= groups[word] if is_cut else 0
                row = following[row]
            place += n_steps
        found[text] = held


@inlined
def _next(content: U8, start: int, last: int, begins: NDArray[np.bool_], n_bytes: int, n_steps: int) -> int:
    """The first place from `start` on where bytes in a row are among those looked for; beyond `last` without one.

    Numbers without a sign need no check for places counted from the end, which halves the time.
    """
    if start > last:
        return start
    place, stop, step = np.uint64(start), np.uint64(last), np.uint64(n_steps)
    while place <= stop and not begins[_slot_at(content, place, n_bytes)]:
        place += step
    return int(np.int64(place))


@inlined
def _slot_at(content: U8, place: np.uint64, n_bytes: int) -> np.uint64:
    key = np.uint32(content[place]) | np.uint32(_LOW)
    if n_bytes > 1:
        key |= (np.uint32(content[place + np.uint64(1)]) | np.uint32(_LOW)) << np.uint32(8)
    if n_bytes > 2:
        key |= (np.uint32(content[place + np.uint64(2)]) | np.uint32(_LOW)) << np.uint32(16)
    return np.uint64(np.uint32(key * np.uint32(_GOLDEN)) >> np.uint32(18))


@inlined
def _has_edges(edges: int, text: U8, first: int, size: int) -> bool:
    """Whether nothing that belongs to a word stands beside `size` bytes of a text, at the sides that count."""
    if edges & _BEGINS != 0 and first > 0 and _is_part(text[first - 1]):
        return False
    return edges & _ENDS == 0 or first + size == len(text) or not _is_part(text[first + size])


@inlined
def _is_part(byte: int) -> bool:
    """Whether a byte is a letter, digit or underscore of ASCII."""
    return 97 <= byte | _LOW <= 122 or 48 <= byte <= 57 or byte == 95


@inlined
def _stands(letters: U8, begin: int, size: int, content: U8, first: int, lower: I64) -> bool:
    """Whether a word of so many bytes stands at a place of a text; all of them lie in the text."""
    same = 0
    while same < size:
        byte, wanted = content[first + same], letters[begin + same]
        if byte < 0x80:
            if lower[byte] != wanted:
                return False
        elif 0xC3 <= byte < 0xE0 and same + 1 < size:
            code = lower[(byte & 0x1F) << 6 | (content[first + same + 1] & 0x3F)]
            if wanted != 0xC0 | code >> 6 or letters[begin + same + 1] != 0x80 | (code & 0x3F):
                return False
            same += 1
        elif byte != wanted:
            return False
        same += 1
    return True
