"""How usual the characters of East Asian texts are: what tells a right decoding from a wrong one."""

# The characters that are told apart here look like others.
# ruff: noqa: RUF001

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

LANGUAGES: Mapping[str, tuple[str, ...]] = {
    "gbk": ("zh-Hans", "zh-Hant"),
    "big5": ("zh-Hant",),
    "cp950": ("zh-Hant",),
    "cp932": ("ja",),
    "euc_jp": ("ja",),
    "cp949": ("ko",),
    "utf-8": ("zh-Hans", "zh-Hant", "ja", "ko"),
}
"""The languages that are written in each charset (Python's names)."""

_RANKS = ((100, 4), (300, 3), (1000, 2))
_PUNCTUATION = "、。，．！？：；「」『』（）《》〈〉【】“”‘’…–—・ー～　·"
LOST = -8
"""What a character weighs that no text has."""

_OTHER, _FOREIGN = -2, -3
_WINDOW = 4


@cache
def weights(codec: str) -> Mapping[str, int]:
    """The usual characters of the languages of a charset: up to 4 for the 100 most frequent, 1 for punctuation.

    Each is about the logarithm of how much more frequent the character is there than in bytes drawn at random.
    """
    found: dict[str, int] = dict.fromkeys(_PUNCTUATION, 1)
    for language in LANGUAGES[codec]:
        for rank, character in enumerate(_frequent()[language]):
            weight = next(weight for limit, weight in _RANKS if rank < limit)
            found[character] = max(weight, found.get(character, 0))
    if "ja" in LANGUAGES[codec]:
        found |= {
            chr(code): max(3, found.get(chr(code), 0)) for code in (*range(0x3041, 0x3094), *range(0x30A1, 0x30F7))
        }
    return found


def weigh(text: str, codec: str) -> int:
    """How much more likely `text` is in a language of `codec` than as bytes drawn at random, as a logarithm.

    Characters of ASCII weigh nothing, those that are unusual or cannot be are below zero.
    """
    usual = weights(codec)
    return sum(usual.get(character, 0) or weight_of_other(character) for character in text if character > "\x7f")


def weight_of_other(character: str) -> int:
    """What a character weighs that is not among the usual ones."""
    if character == "\ufffd" or "\ue000" <= character <= "\uf8ff" or character <= "\x9f":
        return LOST
    return _OTHER if character >= "\u2e80" else _FOREIGN


def has_rare_passage(text: str) -> bool:
    """Whether three of four East Asian characters in a row are unusual ones, as after a wrong decoding."""
    classes = usual_classes()[np.minimum(_codes(text), 0xFFFF)]
    n_rare = np.cumsum(np.concatenate([[0], classes[classes > 0] == 2]))
    return bool(n_rare[-1] >= 3) and bool(np.any(n_rare[_WINDOW:] - n_rare[:-_WINDOW] >= 3) or len(n_rare) <= _WINDOW)


@cache
def _frequent() -> Mapping[str, str]:
    lines = files("goldsmith.refine.repairing").joinpath("frequent.txt").read_text("utf-8").splitlines()
    rows = (line.split(" ", 1) for line in lines if not line.startswith("#"))
    return {row[0]: row[1] for row in rows}


@cache
def usual_classes() -> NDArray[np.int64]:
    """For each code of Unicode's first plane: 0 for other scripts, 1 for a usual East Asian character, 2 for others."""
    classes = np.zeros(0x10000, np.int64)
    classes[0x3400:0xA000] = classes[0xAC00:0xD7A4] = classes[0xE000:0xFB00] = classes[0xFF61:0xFFA0] = 2
    usual = [ord(character) for character in weights("utf-8") if ord(character) >= 0x3041]
    classes[usual] = 1
    return classes


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
