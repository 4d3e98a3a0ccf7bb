"""What a page says about its own text outside of it: its description, and the body in its schema.org data."""

import html
import re
from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.jit import in_place, inlined
from goldsmith.refine.extraction.tags import FNV_START, NUMBERS, U8
from goldsmith.refine.extraction.tokens import grow, lower
from goldsmith.refine.extraction.trees import Tree, Trees

_META = NUMBERS["meta"]
_DESCRIBES = re.compile(rb"[\"':](?:og:|twitter:|dc\.)?description[\"'\s]", re.IGNORECASE)
_CONTENT = re.compile(rb"content\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_BODY = re.compile(rb"\"articleBody\"\s*:\s*(\"(?:[^\"\\]|\\.)*\")", re.DOTALL)
_TAG = re.compile(rb"<[^>]{0,200}>")
_FIRST = np.uint64(FNV_START)
_MAX_METAS = 60

SLOTS = 1 << 16
"""Word triples are remembered by their hash; two of some thousand fall on the same of 65,536 slots now and then."""


class Evidence(NamedTuple):
    """The word triples of pages' descriptions and of their declared bodies, as truth values by hash.

    Attributes:
        seen: shape (texts + 1, `SLOTS`); the first row stands for no text.
        lengths: of each row, how many values are looked at: one for no text, which most pages have.
        places: shape (pages, 2), the rows of each page's description and body.
    """

    seen: NDArray[np.bool_]
    lengths: NDArray[np.int64]
    places: NDArray[np.int64]


def evidence_of(trees: Trees, n_blocks: NDArray[np.int64]) -> Evidence:
    """What the heads of pages with blocks say about their text."""
    seen: list[NDArray[np.bool_]] = [np.zeros(SLOTS, np.bool_)]
    places = np.zeros((len(n_blocks), 2), np.int64)
    for page in np.flatnonzero(n_blocks).tolist():
        whole = trees.page(page).tobytes()
        for column, texts in enumerate((_descriptions(whole, trees.tree(page)), _bodies(whole))):
            if texts:
                places[page, column] = len(seen)
                seen.append(_learned(texts))
    lengths = np.full(len(seen), SLOTS, np.int64)
    lengths[0] = 1
    return Evidence(np.stack(seen), lengths, places)


def _descriptions(whole: bytes, tree: Tree) -> list[bytes]:
    found: list[bytes] = []
    for element in (tree.names == _META).nonzero()[0][:_MAX_METAS].tolist():
        attributes = whole[tree.attribute_starts[element] : tree.attribute_ends[element]]
        if b"description" not in attributes.lower():
            continue
        content = _CONTENT.search(attributes) if _DESCRIBES.search(attributes) else None
        if content is not None:
            found.append(content[1] or content[2] or b"")
    return found


def _bodies(whole: bytes) -> list[bytes]:
    return [_unquoted(body[1]) for body in _BODY.finditer(whole)] if b'"articleBody"' in whole else []


def _learned(texts: Sequence[bytes]) -> NDArray[np.bool_]:
    seen = np.zeros(SLOTS, np.bool_)
    for text in texts:
        _learn_text(text, seen)
    return seen


def _unquoted(quoted: bytes) -> bytes:
    try:
        return _TAG.sub(b" ", msgspec.json.decode(quoted, type=str, strict=False).encode())
    except (msgspec.DecodeError, UnicodeError):
        return b""


def _learn_text(text: bytes, seen: NDArray[np.bool_]) -> None:
    if b"&" in text:
        text = html.unescape(text.decode("utf-8", "replace")).encode()
    _learn(np.frombuffer(text, np.uint8), seen)


@inlined
def is_part(byte: int) -> bool:
    """Whether a byte is part of a word."""
    return 97 <= byte <= 122 or 65 <= byte <= 90 or 48 <= byte <= 57 or byte >= 128


@inlined
def triple(first: np.uint64, second: np.uint64, third: np.uint64) -> int:
    """The slot of three words, by their hashes."""
    mixed = (first * np.uint64(3) + second) * np.uint64(0x9E3779B97F4A7C15) + third
    return int(((mixed * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(48)) & np.uint64(SLOTS - 1))


@in_place
def _learn(text: U8, seen: NDArray[np.bool_]) -> None:
    value, first, second, n_letters, n_words = _FIRST, np.uint64(0), np.uint64(0), 0, 0
    for place in range(len(text) + 1):
        if place < len(text) and is_part(text[place]):
            value = grow(value, lower(text[place]))
            n_letters += 1
        elif n_letters > 0:
            n_words += 1
            if n_words >= 3:
                seen[triple(first, second, value)] = True
            first, second = second, value
            value, n_letters = _FIRST, 0
