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
from goldsmith.kit.utf8 import code_point
from goldsmith.refine.repairing.frequencies import usual_classes

I64 = NDArray[np.int64]
Table = NDArray[np.int32]

_FIRST_PLANE = 0x10000
_MIN_RUN, _MIN_HIGH = 4, 8
"""Accents in a row, and accents that have a neighbour, which two-byte characters of East Asia leave at the least."""

_HIGH_TENTHS = 7
"""How many tenths of all accents these have to be."""

(
    SUSPECT,
    UNLIKELY,
    PAIRED,
    LOST,
    EXPLAINED,
    RARE,
    WITHOUT_WIDTH,
    TWO_ALPHABETS,
    OTHER_WIDTH,
    BEYOND_FIRST_PLANE,
    CONTROL,
    DOUBLED,
    UNCOMPOSED,
) = (1 << bit for bit in range(13))
"""What a text can have. Suspect are two characters beyond ASCII in a row and the control characters of Latin-1, as a
wrong decoding leaves them; unlikely is what every wrong decoding has that ftfy knows: a sign or an accent behind some
other character beyond ASCII, but for accents beside each other as languages have them; paired are accents that could be
pairs of bytes; explained is a hanzi with a bracket behind it; rare are three unusual ones of four East Asian characters
in a row; of two alphabets is a letter of ASCII beside a Greek or Cyrillic one; doubled is a comma, full stop, colon or
mark of exclamation or question that stands twice; uncomposed is what can be a part of a letter that Unicode has."""

_BEYOND_ASCII, _HIGH, _STRANGE, _LETTER, _COMMON, _ALONE, _MARK = (1 << bit for bit in range(13, 20))
"""Bits of characters that say something together: those of Windows-1252; those of ftfy but for the following; letters
of Greek and Cyrillic; those that stand everywhere; those that say enough without another; marks that are doubled."""

_UPPER, _LOWER, _ROUND, _OPEN = (1 << bit for bit in range(20, 24))
"""Accented letters of ftfy: large and small ones; those that it takes for faces, as `ö` and `ú`; and those after which
all others are unlikely, too."""

_QUOTE, _LATIN, _OTHER_ALPHABET, _USUAL, _HANZI, _BRACKET, _SPACE = (1 << bit for bit in range(24, 31))
"""Quotes and the like of ftfy, which follow letters of Greek and Cyrillic; letters of ASCII, and of these alphabets;
usual characters of East Asia; hanzi; and brackets that open, with the space that can stand before them."""

_ALL = 2 * UNCOMPOSED - 1

_RANGES: Mapping[int, Sequence[tuple[int, int]]] = MappingProxyType(
    {
        LOST: ((0xFFFD, 0xFFFD), (0x951F, 0x951F)),
        WITHOUT_WIDTH: ((0xAD, 0xAD), (0x180E, 0x180E), (0x200B, 0x200D), (0x2060, 0x2060), (0xFEFF, 0xFEFF)),
        OTHER_WIDTH: ((0xFF10, 0xFF5A), (0xFF66, 0xFF9F)),
        CONTROL: ((0x00, 0x08), (0x0B, 0x1F), (0x7F, 0x9F), (0x2028, 0x2029)),
        SUSPECT | PAIRED | UNLIKELY: ((0x80, 0x9F),),
        _LATIN: ((0x41, 0x5A), (0x61, 0x7A)),
        _OTHER_ALPHABET: ((0x370, 0x52F),),
        _HANZI: ((0x3400, 0x9FFF),),
        _BRACKET: ((0x28, 0x28), (0xFF08, 0xFF08)),
        _SPACE: ((0x20, 0x20),),
    }
)
"""The code points that are signs by themselves, or say something with others, the ends with them."""

_SORTS: Mapping[str, int] = MappingProxyType(
    {
        "common": _COMMON,
        "upper_common": _LETTER,
        "lower_common": _LETTER,
        "start_punctuation": _STRANGE | _QUOTE,
        "end_punctuation": _STRANGE | _QUOTE,
        "upper_accented": _STRANGE | _UPPER,
        "lower_accented": _STRANGE | _LOWER,
    }
)
"""What the categories of ftfy are; all others are strange."""

_COMPOSED = (
    *((0x00, 0x2FF), (0x388, 0x482), (0x48A, 0x52F), (0x620, 0x64A), (0xE01, 0xE37), (0x1E00, 0x1EFF)),
    *((0x2010, 0x20BF), (0x2190, 0x2328), (0x2500, 0x27BF), (0x3000, 0x3029), (0x3030, 0x3098), (0x309B, 0x30FF)),
    *((0x3400, 0x9FFF), (0xAC00, 0xD7A3), (0xFF01, 0xFFEF), (0xFFFD, 0xFFFD)),
)
"""Characters that stay as they are in Unicode NFC, and that nothing before them is composed with."""

_THREE_OF_FOUR = 0b1110_1000_1000_0000
"""The numbers of four bits, as places of bits, of which three bits or four are set."""

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
    table = _table()
    accents = table & (_UPPER | _LOWER | _ROUND) != 0
    strange, quotes = table & _STRANGE != 0, table & _QUOTE != 0
    letter, upper, lower, opening, alone = (
        _set_of(table & sort != 0) for sort in (_LETTER, _UPPER, _LOWER, _OPEN, _ALONE)
    )
    return re.compile(
        f"{_set_of(strange & ~accents)}{_set_of(strange)}|{_set_of(accents)}{_set_of(strange & ~accents)}"
        f"|{letter}{_set_of(strange & ~quotes)}|{lower}{upper}"
        f"|{opening}{_set_of(table & (_STRANGE | _COMMON) != 0)}|{alone}|[\x80-\x9f]"
    )


def _set_of(held: NDArray[np.bool_]) -> str:
    """A regular expression for one of these characters."""
    return f"[{''.join(re.escape(chr(code)) for code in np.flatnonzero(held).tolist())}]"


@functools.cache
def _table() -> Table:
    """The bits of each code point of the first plane."""
    bits = np.full(_FIRST_PLANE, UNCOMPOSED, np.int32)
    for first, last in _COMPOSED:
        bits[first : last + 1] = 0
    bits[0x80:] |= _BEYOND_ASCII
    for sign, ranges in _RANGES.items():
        for first, last in ranges:
            bits[first : last + 1] |= sign
    for category, characters in MOJIBAKE_CATEGORIES.items():
        bits[_spelled_out(characters)] |= _SORTS.get(category, _STRANGE)
        if category == "kaomoji":
            bits[[code for code in _spelled_out(characters) if chr(code).isalpha()]] |= _ROUND
    for sort, letters in (
        (_STRANGE, "ЂŒœÃÂ"),
        (_ALONE, "ŒœÃÂ"),
        (_OPEN, "ÎÐØÙ√ВГРСΒΓΞΟ"),
        (_MARK, "，、；：。,!?！？"),
    ):
        bits[[ord(letter) for letter in letters]] |= sort
    bits[[*range(0x80, 0x100), *map(ord, _WESTERN)]] |= _HIGH
    east_asian = usual_classes()
    bits[east_asian == 1] |= _USUAL
    bits[east_asian == 2] |= RARE
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
        last_point = last = before = run = n_high = n_paired = recent = signs = 0
        while place < end:
            point, width = code_point(content, place)
            bits = table[point] if point < _FIRST_PLANE else _BEYOND_ASCII | BEYOND_FIRST_PLANE | UNCOMPOSED
            signs |= bits & ~RARE | _together(last, bits)
            if point == last_point and bits & _MARK != 0:
                signs |= DOUBLED
            if bits & _HIGH != 0:
                run, n_high = run + 1, n_high + 1
                n_paired += run if run == 2 else int(run > 2)
                signs |= PAIRED if run == _MIN_RUN else 0
            else:
                run = 0
            if bits & (_USUAL | RARE) != 0:
                recent = (recent << 1 | int(bits & RARE != 0)) & 15
                signs |= RARE if _THREE_OF_FOUR >> recent & 1 else 0
            if bits & _BRACKET != 0 and (last | before * int(last & _SPACE != 0)) & _HANZI != 0:
                signs |= EXPLAINED
            last_point, before, last = point, last, bits
            place += width
        is_paired = n_paired >= _MIN_HIGH and 10 * n_paired >= _HIGH_TENTHS * n_high
        found[text] = (signs | (PAIRED if is_paired else 0)) & _ALL


@inlined
def _together(last: int, bits: int) -> int:
    """What two characters in a row say."""
    said = TWO_ALPHABETS if (last | bits) & _LATIN != 0 and (last | bits) & _OTHER_ALPHABET != 0 else 0
    if bits & _ALONE != 0:
        return said | UNLIKELY | (SUSPECT if last & _BEYOND_ASCII != 0 else 0)
    if last & bits & _BEYOND_ASCII == 0:
        return said
    accents = _UPPER | _LOWER | _ROUND
    is_strange = bits & _STRANGE != 0 and (last & _STRANGE != 0 or (last & _LETTER != 0 and bits & _QUOTE == 0))
    if last & accents != 0 and bits & accents != 0:
        is_strange = last & _LOWER != 0 and bits & _UPPER != 0
    is_strange = is_strange or (last & _OPEN != 0 and bits & (_STRANGE | _COMMON) != 0)
    return said | SUSPECT | (UNLIKELY if is_strange else 0)
