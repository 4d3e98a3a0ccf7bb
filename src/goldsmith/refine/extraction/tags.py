"""What is known about HTML's elements, as tables that compiled code looks names up in."""

import functools
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

I64 = NDArray[np.int64]
U8 = NDArray[np.uint8]
U64 = NDArray[np.uint64]

FNV_START = 0xCBF29CE484222325
FNV_PRIME = 0x100000001B3
"""The 64-bit FNV-1a hash, which grows by one byte at a time, so that every prefix of a word has its hash."""

VOID, RAW, HIDDEN, BLOCK, CLOSES_P, EDGE, TABLE = (1 << n for n in range(7))
"""What an element is: without an end tag; with raw text; never seen; a block; the end of a paragraph; the edge of
what an end tag inside can close; a part of a table."""

_KINDS: dict[int, str] = {
    VOID: "area base br col embed hr img input link meta param source track wbr",
    RAW: "script style textarea title iframe noembed noframes xmp",
    HIDDEN: "script style textarea title iframe noembed noframes head noscript template select option optgroup datalist"
    " svg math canvas object applet audio video map button progress meter frameset dialog",
    BLOCK: "address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset"
    " figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol option p pre"
    " section select summary table tbody td tfoot th thead title tr ul xmp listing iframe video audio canvas",
    CLOSES_P: "address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer form"
    " h1 h2 h3 h4 h5 h6 header hgroup hr main menu nav ol p pre section summary table ul li dd dt xmp listing",
    EDGE: "td th caption table button html template object",
    TABLE: "table tbody thead tfoot tr td th caption",
}
_INLINE = "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark q rp rt ruby s samp small span"
_MORE = "strike strong sub sup time tt u var label output slot picture amp-img g path"

NAMES: tuple[str, ...] = (
    "",
    *sorted({name for names in (*_KINDS.values(), _INLINE, _MORE) for name in names.split()}),
)
"""The elements by their number; 0 stands for all others."""

NUMBERS = {name: number for number, name in enumerate(NAMES)}

_SLOTS = 1 << 12


class Words(NamedTuple):
    """A table of hashes: slot `hash % 4096` and those after it hold the hash (0 is empty) and the word's value."""

    hashes: U64
    values: I64


class Tags(NamedTuple):
    """The tables of elements: numbers by name, what each number is, and the element that stands for each group."""

    numbers: Words
    kinds: I64


def fnv(word: str) -> int:
    """The FNV-1a hash of a word's UTF-8 bytes.

    >>> fnv("p")
    12638201494206777275
    """
    value = FNV_START
    for byte in word.encode():
        value = ((value ^ byte) * FNV_PRIME) & 0xFFFFFFFFFFFFFFFF
    return value


def as_words(values: Iterable[tuple[str, int]]) -> Words:
    """A table of words; the values of a word that stands twice are united."""
    hashes, held = np.zeros(_SLOTS, np.uint64), np.zeros(_SLOTS, np.int64)
    for word, value in values:
        wanted = fnv(word)
        slot = wanted % _SLOTS
        while hashes[slot] not in (0, wanted):
            slot = (slot + 1) % _SLOTS
        hashes[slot] = wanted
        held[slot] |= value
    return Words(hashes, held)


@functools.cache
def tags() -> Tags:
    """The tables of elements, made once."""
    kinds = np.zeros(len(NAMES), np.int64)
    for kind, names in _KINDS.items():
        for name in names.split():
            kinds[NUMBERS[name]] |= kind
    return Tags(as_words((name, number) for number, name in enumerate(NAMES) if name), kinds)
