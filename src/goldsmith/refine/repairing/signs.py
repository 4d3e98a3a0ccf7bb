"""Looks over texts for what repairs need, in one pass of compiled code: most texts need none of them."""

# The characters that are told apart here look like others.
# ruff: noqa: RUF001

import functools
import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
from ftfy.badness import MOJIBAKE_CATEGORIES
from numpy.typing import NDArray

from goldsmith.kit.arrow import Utf8
from goldsmith.kit.jit import in_place, inlined
from goldsmith.refine.comparisons.minhash import code_point

I64 = NDArray[np.int64]
Table = NDArray[np.int32]

_FIRST_PLANE = 0x10000
_MIN_RUN, _MIN_HIGH = 4, 8
"""Accents in a row, and accents that have a neighbour, which two-byte characters of East Asia leave at the least."""


(
    BEYOND_ASCII,
    SUSPECT,
    UNLIKELY,
    PAIRED,
    LOST,
    HANZI,
    EAST_ASIAN,
    WITHOUT_WIDTH,
    GREEK_OR_CYRILLIC,
    OTHER_WIDTH,
    BEYOND_FIRST_PLANE,
    CONTROL,
    DOUBLED,
) = (1 << bit for bit in range(13))
"""What a text can have. Suspect are two characters beyond ASCII in a row and the control characters of Latin-1, as a
wrong decoding leaves them; unlikely is what every wrong decoding has that ftfy knows: a sign or an accent beside some
other character beyond ASCII; paired are accents that could be pairs of bytes; doubled is a comma, full stop, colon or
mark of exclamation or question that stands twice."""

_HIGH, _STRANGE, _LETTER, _ALONE, _MARK = (1 << bit for bit in range(13, 18))
"""Bits of characters that say something together: those of Windows-1252; those of ftfy that are no letters of Greek and
Cyrillic; these letters; those of ftfy that say enough without another beside them; marks that are doubled."""

_ALL = 2 * DOUBLED - 1

_RANGES: Mapping[int, Sequence[tuple[int, int]]] = MappingProxyType(
    {
        LOST: ((0xFFFD, 0xFFFD), (0x951F, 0x951F)),
        HANZI: ((0x3400, 0x9FFF),),
        EAST_ASIAN: ((0x3400, 0x9FFF), (0xAC00, 0xD7A3), (0xE000, 0xFAFF), (0xFF61, 0xFF9F)),
        WITHOUT_WIDTH: ((0xAD, 0xAD), (0x180E, 0x180E), (0x200B, 0x200D), (0x2060, 0x2060), (0xFEFF, 0xFEFF)),
        GREEK_OR_CYRILLIC: ((0x370, 0x52F),),
        OTHER_WIDTH: ((0xFF10, 0xFF5A), (0xFF66, 0xFF9F)),
        CONTROL: ((0x00, 0x08), (0x0B, 0x1F), (0x7F, 0x9F), (0x2028, 0x2029)),
        SUSPECT | PAIRED | UNLIKELY: ((0x80, 0x9F),),
    }
)
"""The code points that are signs by themselves, the ends with them."""

_WESTERN = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
"""What Windows-1252 has in the place of control characters."""


def signs_of(texts: Utf8) -> I64:
    """For each text the sum of the signs that it has."""
    found = np.zeros(len(texts.offsets) - 1, np.int64)
    _look_over(*texts, _table(), found)
    return found


def signs_in(text: str) -> int:
    """The sum of the signs that a text has."""
    content = np.frombuffer(text.encode("utf-8", "replace"), np.uint8)
    return int(signs_of(Utf8(content, np.array([0, len(content)])))[0])


def is_unlikely(line: str) -> bool:
    """Whether a line has what every wrong decoding has that ftfy knows; ftfy takes ten times as long to say no."""
    return _unlikely().search(line) is not None


@functools.cache
def _unlikely() -> re.Pattern[str]:
    strange, letter, alone = (
        "".join(re.escape(chr(code)) for code in np.flatnonzero(_table() & bit).tolist())
        for bit in (_STRANGE, _LETTER, _ALONE)
    )
    return re.compile(f"[{strange}][{strange}{letter}]|[{letter}][{strange}]|[{alone}\x80-\x9f]")


@functools.cache
def _table() -> Table:
    """The bits of each code point of the first plane."""
    bits = np.zeros(_FIRST_PLANE, np.int32)
    bits[0x80:] |= BEYOND_ASCII
    for sign, ranges in _RANGES.items():
        for first, last in ranges:
            bits[first : last + 1] |= sign
    letters = frozenset(("upper_common", "lower_common"))
    for category, characters in MOJIBAKE_CATEGORIES.items():
        bits[_spelled_out(characters)] |= _LETTER if category in letters else _STRANGE
    bits[[ord(letter) for letter in "ЂŒœÃÂ"]] |= _STRANGE
    bits[[ord(letter) for letter in "ŒœÃÂ"]] |= _ALONE
    bits[[ord(mark) for mark in "，、；：。,!?！？"]] |= _MARK
    bits[[*range(0x80, 0x100), *map(ord, _WESTERN)]] |= _HIGH
    return bits


def _spelled_out(characters: str) -> list[int]:
    """The code points of a set of characters with ranges, as in a regular expression."""
    codes: list[int] = []
    place = 0
    while place < len(characters):
        is_range = characters[place + 1 : place + 2] == "-" and place + 2 < len(characters)
        last = characters[place + 2] if is_range else characters[place]
        codes.extend(range(ord(characters[place]), ord(last) + 1))
        place += 3 if is_range else 1
    return codes


@in_place
def _look_over(content: NDArray[np.uint8], offsets: I64, table: Table, found: I64) -> None:
    for text in range(len(offsets) - 1):
        place, end = offsets[text], offsets[text + 1]
        last_point = last = run = n_high = signs = 0
        while place < end:
            point, width = code_point(content, place)
            bits = table[point] if point < _FIRST_PLANE else BEYOND_ASCII | BEYOND_FIRST_PLANE
            signs |= bits | _together(last, bits)
            if point == last_point and bits & _MARK != 0:
                signs |= DOUBLED
            run = run + 1 if bits & _HIGH != 0 else 0
            n_high += run if run == 2 else int(run > 2)
            if run == _MIN_RUN or n_high >= _MIN_HIGH:
                signs |= PAIRED
            last_point, last = point, bits
            place += width
        found[text] = signs & _ALL


@inlined
def _together(last: int, bits: int) -> int:
    """What two characters in a row say."""
    said = SUSPECT if last & bits & BEYOND_ASCII != 0 else 0
    both = _STRANGE | _LETTER
    is_strange = (last | bits) & _STRANGE != 0 and last & both != 0 and bits & both != 0
    return said | UNLIKELY if is_strange or bits & _ALONE != 0 else said
