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
from goldsmith.refine.extraction.trees import Tree

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
    """The word triples of the page's description and of its declared body, as truth values by hash.

    A page without them has a single one, which is not looked at: most have neither.
    """

    described: NDArray[np.bool_]
    body: NDArray[np.bool_]


def evidence_of(page: U8, tree: Tree) -> Evidence:
    """What the head of `page` says about its text."""
    whole = page.tobytes()
    descriptions: list[bytes] = []
    for element in (tree.names == _META).nonzero()[0][:_MAX_METAS].tolist():
        attributes = whole[tree.attribute_starts[element] : tree.attribute_ends[element]]
        if b"description" not in attributes.lower():
            continue
        content = _CONTENT.search(attributes) if _DESCRIBES.search(attributes) else None
        if content is not None:
            descriptions.append(content[1] or content[2] or b"")
    bodies = [_unquoted(body[1]) for body in _BODY.finditer(whole)] if b'"articleBody"' in whole else []
    return Evidence(_learned(descriptions), _learned(bodies))


def _learned(texts: Sequence[bytes]) -> NDArray[np.bool_]:
    seen = np.zeros(SLOTS if texts else 1, np.bool_)
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
