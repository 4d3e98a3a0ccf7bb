"""Says which texts hold some word of a group, in one pass of compiled code: what gates slower searches."""

# ruff: noqa: PLR0917 - compiled code takes arrays by their place

import functools
from collections.abc import Iterator, Sequence
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
_LONG = 5
"""Bytes of words of which only every third place or fewer are looked at; shorter ones are looked for one by one where
they are few."""

_FEW = 4
_FREQUENT = frozenset(
    """
    ass las cla div dir aut uto spa pan scr cri rip ipt par ext ite con tex tem ent typ ype ame nam nte ont ion ref ten
    ara the ter emp tab ble gra abl hre rap rag src htm tml aph agr tio are pro asc men ava vas ode jav les cod ico rop
    htt ttp int nta ing ide mpr age def mod hel der ist elp har nde red lin ord ind ead odu che ope ste dul org for dde
    hea met ect mbe ati ule nav tit fer asi tru efe rel get ate mph and hem sid rue res ded lis
    """.split()  # noqa: SIM905 - a hundred of them are read more easily so
)
"""Letters in a row that are frequent in the sources of pages: words are looked for by others where they have any."""

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
    looked at, and words are found by the bytes from each of as many places in them. A few words that are too short for
    that are looked for by themselves, many places at once.

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
        shorts: the words that are looked for by themselves.
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
    shorts: I64


@functools.cache
def screen_of(*groups: tuple[str, ...]) -> Screen:
    r"""The screen for groups of words in lower case; `\b` before or after one stands for its edge, as in `\brights\b`.

    Raises:
        ValueError: there are too many groups, or a word is empty.
    """
    written = [(word, 1 << number) for number, group in enumerate(groups) for word in group]
    words = [(word.removeprefix(_EDGE).removesuffix(_EDGE), group) for word, group in written]
    if len(groups) > MAX_GROUPS or not all(word for word, _ in words):
        raise ValueError(f"at most {MAX_GROUPS} groups can be looked for, and no empty word")
    shorts = _shorts([word for word, _ in words])
    shortest = min((len(word.encode()) for place, (word, _) in enumerate(words) if place not in shorts), default=_LONG)
    n_bytes = min(_MOST_BYTES, shortest)
    n_steps = min(_MOST_STEPS, shortest - n_bytes + 1)
    rows = [
        (number, place, slot)
        for number, (word, _) in enumerate(words)
        if number not in shorts
        for place in _places(word, n_bytes, n_steps)
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
        np.array(shorts, np.int64),
    )


def _shorts(words: Sequence[str]) -> list[int]:
    """The words that are looked for by themselves: a few of three or four letters of ASCII, if no other is so short."""
    short = [place for place, word in enumerate(words) if len(word.encode()) < _LONG]
    is_fit = all(words[place].isascii() and len(words[place]) >= _MOST_BYTES for place in short)
    return short if is_fit and len(short) <= _FEW else []


def screened(texts: Utf8, screen: Screen) -> I64:
    """For each text the sum of the bits of the groups of which it holds a word, whatever stands around the word.

    Case does not count for letters of up to two bytes of UTF-8.
    """
    found = np.zeros(len(texts.offsets) - 1, np.int64)
    _screen(texts, screen, found)
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


def _places(word: str, n_bytes: int, n_steps: int) -> range:
    """From where in a word its bytes are looked for: so many places in a row, with as few frequent ones as can be."""
    content = word.encode()

    def n_frequent(first: int) -> int:
        rows = (content[place : place + n_bytes] for place in range(first, first + n_steps))
        return sum(row.decode("utf-8", "replace") in _FREQUENT for row in rows)

    first = min(range(len(content) - n_bytes - n_steps + 2), key=n_frequent)
    return range(first, first + n_steps)


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
def _screen(texts: Utf8, screen: Screen, found: I64) -> None:
    whole = 0
    for group in screen.groups:
        whole |= group
    for text in range(len(found)):
        found[text] = _groups_of(texts.content[texts.offsets[text] : texts.offsets[text + 1]], screen, whole)


@in_place
def _groups_of(text: U8, screen: Screen, whole: int) -> int:
    """The bits of the groups of which a text holds a word; the search ends when it has those of `whole`."""
    held, place, last = 0, 0, len(text) - screen.n_bytes
    while held != whole:
        place = _next(text, place, last, screen.begins, screen.n_bytes, screen.n_steps)
        if place > last:
            break
        held |= _groups_at(text, place, screen, held)
        place += screen.n_steps
    for word in screen.shorts:
        if held & screen.groups[word] == 0 and _may_hold(text, screen.content[screen.bounds[word] :]):
            for first in range(len(text)):
                held |= screen.groups[word] if _stands(text, first, screen, word) else 0
    return int(held)


@in_place
def _groups_at(text: U8, place: int, screen: Screen, held: int) -> int:
    """The bits of `held` and those of the words that have the bytes at a place."""
    row = int(screen.heads[_slot_at(text, np.uint64(place), screen.n_bytes)])
    while row >= 0:
        word = int(screen.words[row])
        if held & screen.groups[word] == 0 and _stands(text, place - int(screen.places[row]), screen, word):
            held |= screen.groups[word]
        row = int(screen.following[row])
    return held


@inlined
def _may_hold(text: U8, word: U8) -> bool:
    """Whether the first three letters of a word stand somewhere, in whatever case; a loop for many bytes at once."""
    if len(text) < _MOST_BYTES:
        return False
    found, one, two, three = False, word[0] | _LOW, word[1] | _LOW, word[2] | _LOW
    first, second, third = text[:-2], text[1:-1], text[2:]
    for place in range(len(first)):
        found |= (first[place] | _LOW == one) & (second[place] | _LOW == two) & (third[place] | _LOW == three)
    return found


@inlined
def _next(text: U8, start: int, last: int, begins: NDArray[np.bool_], n_bytes: int, n_steps: int) -> int:
    """The first place from `start` on where bytes in a row are among those looked for; beyond `last` without one.

    Numbers without a sign need no check for places counted from the end, which halves the time.
    """
    if start > last:
        return start
    place, stop, step = np.uint64(start), np.uint64(last), np.uint64(n_steps)
    while place <= stop and not begins[_slot_at(text, place, n_bytes)]:
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


@in_place
def _stands(text: U8, first: int, screen: Screen, word: int) -> bool:
    """Whether a word stands at a place of a text, with its edges where it has to have some."""
    begin, size = int(screen.bounds[word]), int(screen.bounds[word + 1] - screen.bounds[word])
    if first < 0 or first + size > len(text):
        return False
    same = 0
    while same < size:
        byte, wanted = text[first + same], screen.content[begin + same]
        if byte < 0x80:
            if screen.lower[byte] != wanted:
                return False
        elif 0xC3 <= byte < 0xE0 and same + 1 < size:
            code = screen.lower[(byte & 0x1F) << 6 | (text[first + same + 1] & 0x3F)]
            if wanted != 0xC0 | code >> 6 or screen.content[begin + same + 1] != 0x80 | (code & 0x3F):
                return False
            same += 1
        elif byte != wanted:
            return False
        same += 1
    edges = screen.edges[word]
    if edges & _BEGINS != 0 and first > 0 and _is_part(text[first - 1]):
        return False
    return edges & _ENDS == 0 or first + size == len(text) or not _is_part(text[first + size])


@inlined
def _is_part(byte: int) -> bool:
    """Whether a byte is a letter, digit or underscore of ASCII."""
    return 97 <= byte | _LOW <= 122 or 48 <= byte <= 57 or byte == 95
