"""Counts the letters of texts by the script that they belong to."""

import functools
import sys

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.arrow import Utf8
from goldsmith.kit.jit import compiled
from goldsmith.kit.utf8 import code_point
from goldsmith.refine.statistics.characters import ALPHABETIC, Characters, characters, paged, spans
from goldsmith.refine.statistics.tokens import flags_of

I64 = NDArray[np.int64]

_BLOCKS = {
    "Latn": "41-5A 61-7A AA BA C0-2AF 1D00-1DBF 1E00-1EFF 2C60-2C7F A720-A7FF AB30-AB6F FB00-FB06 FF21-FF3A FF41-FF5A",
    "Grek": "370-3FF 1F00-1FFF",
    "Cyrl": "400-52F 1C80-1C8F 2DE0-2DFF A640-A69F",
    "Armn": "530-58F FB13-FB17",
    "Hebr": "590-5FF FB1D-FB4F",
    "Arab": "600-6FF 750-77F 870-8FF FB50-FDFF FE70-FEFE",
    "Syrc": "700-74F 860-86F",
    "Thaa": "780-7BF",
    "Nkoo": "7C0-7FF",
    "Deva": "900-97F A8E0-A8FF",
    "Beng": "980-9FF",
    "Guru": "A00-A7F",
    "Gujr": "A80-AFF",
    "Orya": "B00-B7F",
    "Taml": "B80-BFF",
    "Telu": "C00-C7F",
    "Knda": "C80-CFF",
    "Mlym": "D00-D7F",
    "Sinh": "D80-DFF",
    "Thai": "E00-E7F",
    "Laoo": "E80-EFF",
    "Tibt": "F00-FFF",
    "Mymr": "1000-109F A9E0-A9FF AA60-AA7F",
    "Geor": "10A0-10FF 1C90-1CBF 2D00-2D2F",
    "Hang": "1100-11FF 3130-318F A960-A97F AC00-D7FF FFA0-FFDC",
    "Ethi": "1200-139F 2D80-2DDF AB00-AB2F",
    "Cher": "13A0-13FF AB70-ABBF",
    "Cans": "1400-167F 18B0-18FF",
    "Khmr": "1780-17FF",
    "Mong": "1800-18AF",
    "Tfng": "2D30-2D7F",
    "Hira": "3041-309F",
    "Kana": "30A0-30FF 31F0-31FF FF66-FF9F",
    "Bopo": "3100-312F 31A0-31BF",
    "Hani": "3005-3007 3021-3029 3400-4DBF 4E00-9FFF F900-FAFF 20000-3FFFF",
    "Yiii": "A000-A4CF",
    "Java": "A980-A9DF",
}
"""The blocks of Unicode that hold the letters of each script (ISO 15924)."""

OTHER = "Zzzz"
"""The code for letters of all other scripts."""

SCRIPTS = (*_BLOCKS, OTHER)
"""What letters are counted by, in the order of the counts."""


def count_letters(texts: Utf8) -> I64:
    """The letters (`str.isalpha`) of each text by script.

    Returns:
        `int64`, shape (len(SCRIPTS), n).

    Source: the blocks of the Unicode Character Database; a letter of another script inside a block counts as the
    block's.
    """
    return _count_letters(texts, _scripts(), len(SCRIPTS))


@functools.cache
def _scripts() -> Characters:
    """For each code point 0, or for letters 1 and more: the place of their script."""
    known = characters()
    points = np.arange(sys.maxunicode + 1)
    is_letter = known.flags[known.pages[points >> 8].astype(np.int64) << 8 | points & 0xFF] & ALPHABETIC != 0
    places = np.full(len(points), len(SCRIPTS), np.uint8)
    for place, blocks in enumerate(_BLOCKS.values(), 1):
        for first, last in spans(blocks):
            places[first : last + 1] = place
    return paged(np.where(is_letter, places, np.uint8(0)))


@compiled
def _count_letters(texts: Utf8, scripts: Characters, n_scripts: int) -> I64:
    content = texts.content
    counts = np.zeros((n_scripts + 1, len(texts.offsets) - 1), np.int64)
    for text in range(len(texts.offsets) - 1):
        place, stop = texts.offsets[text], texts.offsets[text + 1]
        n_latin = 0
        while place < stop:
            if content[place] < 0x80:
                n_latin += 0x61 <= content[place] | 0x20 <= 0x7A
                place += 1
                continue
            point, width = code_point(content, place)
            counts[flags_of(scripts, point), text] += 1
            place += width
        counts[1, text] += n_latin
    return counts[1:]
