"""Finds the tokens of texts as spaCy cuts them, by the rules of each text's language and without a model."""

# spaCy is not installed with Goldsmith: it has no types here
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import functools
import re
from collections.abc import Iterator, Sequence
from importlib import import_module
from itertools import chain, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.arrow import Utf8

I64 = NDArray[np.int64]

_DEFAULT, _ANY = "en", "xx"
_CODE = re.compile("[a-z]{2,3}")
_CODES = {"no": "nb"}
_NEEDING_MORE = frozenset({"ja", "ko", "th", "vi"})
"""Languages whose tokenisers need further libraries, so that results would depend on what else is installed."""

# Any: spaCy's objects, whose types are not here.


def spacy_places(texts: Utf8, languages: Sequence[str | None]) -> tuple[I64, I64, I64]:
    """Where the tokens of each text begin and end in the bytes, and which tokens are whose.

    White space is no token and is taken off the ends of tokens, as datatrove does.

    Args:
        texts: the texts.
        languages: the code of each text's language. Without one it is cut as English, and by the rules for all
            languages if spaCy has none for it, or none that needs no further library.
    """
    contents = [bytes(texts.content[start:stop]) for start, stop in pairwise(texts.offsets.tolist())]
    found = [_places(each, code) for each, code in zip(contents, languages, strict=True)]
    starts = [places[:, 0] + first for places, first in zip(found, texts.offsets.tolist(), strict=False)]
    stops = [places[:, 1] + first for places, first in zip(found, texts.offsets.tolist(), strict=False)]
    nothing = np.zeros(0, np.int64)
    bounds = np.cumsum([0, *map(len, found)], dtype=np.int64)
    return np.concatenate([nothing, *starts]), np.concatenate([nothing, *stops]), bounds


def _places(content: bytes, code: str | None) -> I64:
    """The places of the tokens of one text, `int64`, shape (n, 2), in bytes."""
    text = content.decode()
    spans = list(chain.from_iterable(_spans(text, code)))
    places = np.array(spans, np.int64).reshape(-1, 2)
    if text.isascii():
        return places
    raw = np.frombuffer(content, np.uint8)
    return np.append(np.flatnonzero((raw & 0xC0) != 0x80), len(raw))[places]


def _spans(text: str, code: str | None) -> Iterator[tuple[int, int]]:
    """The places of the tokens in characters, one after the other."""
    cutter = _cutter(_CODES.get(code, code) if code else _DEFAULT)
    with cutter.memory_zone():  # else it would remember every word that it has ever seen
        for token in cutter.tokenizer(text):
            word = token.text.strip()
            if word:
                start = token.idx + token.text.index(word)
                yield start, start + len(word)


@functools.cache
def _cutter(code: str) -> Any:
    spacy: Any = import_module("spacy")
    if code in _NEEDING_MORE or not _CODE.fullmatch(code):
        return spacy.blank(_ANY)
    try:
        return spacy.blank(code)
    except ImportError:  # what spaCy says of a language that it does not have
        return _cutter(_ANY)
