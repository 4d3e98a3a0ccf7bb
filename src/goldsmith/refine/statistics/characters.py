"""What each code point is to the statistics, as one byte of flags in a table that fits the processor's cache."""

import functools
import sys
import unicodedata
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

U8 = NDArray[np.uint8]
U16 = NDArray[np.uint16]

SPACE = 1
"""White space: what `str.split` splits at."""

ALPHABETIC = 2
"""What `str.isalpha` calls a letter, ideographs included."""

PUNCTUATION = 4
"""What does not make a word: the punctuation of datatrove, which includes most control characters."""

TERMINAL = 8
"""What ends a sentence in some script."""

WORD = 16
"""Letters, digits and underscores: what words are made of."""

SINGLE = 32
"""Letters of scripts that put no spaces between words; each counts as a word."""

EXTENDING = 64
"""Marks and invisible characters, which belong to what they follow."""

LINE_END = 128
"""What `str.splitlines` splits at."""

_PUNCTUATION = (
    "0-8 B-1F 21-2F 3A-40 5B-60 7B-9F AB B4 BB 2013-2014 2019 201C-201E 2026 2236 2501 25BA 3001-3002 3008-300D"
    " 3010-3011 FF01 FF05 FF08-FF09 FF0C FF0E FF11 FF1A-FF1B FF1F FF5E"
)
_TERMINAL = (
    "21 2E 3F 589 61D-61F 6D4 700-702 7F9 837 839 83D-83E 964-965 104A-104B 1362 1367-1368 166E 1735-1736 17D4-17D6"
    " 17D9-17DA 1803 1809 1944-1945 1AA8-1AAB 1B5A-1B5B 1B5E-1B5F 1B7D-1B7E 1C3B-1C3C 1C7E-1C7F 203C-203D 2047-2049"
    " 2E2E 2E3C 2E53-2E54 3002 A4FF A60E-A60F A6F3 A6F7 A876-A877 A8CE-A8CF A92F A9C8-A9C9 AA5D-AA5F AAF0-AAF1 ABEB"
    " FE52 FE56-FE57 FF01 FF0E FF1F FF61 10A56-10A57 10F55-10F59 10F86-10F89 11047-11048 110BE-110C1 11141-11143"
    " 111C5-111C6 111CD 111DE-111DF 11238-11239 1123B-1123C 112A9 1144B-1144C 115C2-115C3 115C9-115D7 11641-11642"
    " 1173C-1173E 11944 11946 11A42-11A43 11A9B-11A9C 11C41-11C42 11EF7-11EF8 11F43-11F44 16A6E-16A6F 16AF5"
    " 16B37-16B38 16B44 16E98 1BC9F 1DA88"
)
_SINGLE = "E00-EFF 1000-109F 1780-17FF 3005-3007 3021-3029 3031-3035 3038-303C 3040-30FF 3400-4DBF 4E00-9FFF"
_SINGLE_BEYOND = " A9E0-A9FF AA60-AA7F F900-FAFF FF66-FF9D 16FE0-18DFF 1AFF0-1B2FF 20000-3FFFF"
_LINE_ENDS = "A-D 1C-1E 85 2028-2029"


class Characters(NamedTuple):
    """The flags of code point `p` are `flags[pages[p >> 8] * 256 + (p & 255)]`; page 0 holds the first 256."""

    pages: U16
    flags: U8


@functools.cache
def characters() -> Characters:
    """The table of the Unicode version that this Python knows.

    Source: punctuation and terminal marks as in datatrove 0.10 (`utils/text.py`), the rest from Python's own tables.
    """
    points = np.arange(sys.maxunicode + 1, dtype=np.uint32).view("<U1")
    flags = np.zeros(len(points), np.uint8)
    alphabetic, numeric = np.strings.isalpha(points), np.strings.isalnum(points)
    flags[np.strings.isspace(points)] |= SPACE
    flags[alphabetic] |= ALPHABETIC
    flags[numeric] |= WORD
    for ranges, flag in ((_PUNCTUATION + " " + _TERMINAL, PUNCTUATION), (_TERMINAL, TERMINAL), (_LINE_ENDS, LINE_END)):
        for first, last in spans(ranges):
            flags[first : last + 1] |= flag
    for first, last in spans(_SINGLE + _SINGLE_BEYOND):
        flags[first : last + 1] |= np.where(
            alphabetic[first : last + 1] | numeric[first : last + 1], np.uint8(SINGLE), np.uint8(0)
        )
    marked = np.concatenate(
        [np.arange(0x20000), np.arange(0xE0000, 0xE1000)]
    )  # no marks lie elsewhere, and a call costs
    for point in marked[~numeric[marked] & (flags[marked] & SPACE == 0)].tolist():
        match unicodedata.category(chr(point)):
            case "Mn" | "Mc" | "Me" | "Cf":
                flags[point] |= EXTENDING
            case "Pc":
                flags[point] |= WORD
            case _:
                pass
    return paged(flags)


def paged(flags: U8) -> Characters:
    """One byte for each code point as a table that fits the processor's cache."""
    places: dict[bytes, int] = {}
    pages = [places.setdefault(page.tobytes(), len(places)) for page in flags.reshape(-1, 256)]
    return Characters(np.array(pages, np.uint16), np.frombuffer(b"".join(places), np.uint8))


def spans(ranges: str) -> list[tuple[int, int]]:
    """The first and the last code point of each range, such as `41-5A AA`."""
    ends = [each.split("-") for each in ranges.split()]
    return [(int(each[0], 16), int(each[-1], 16)) for each in ends]
