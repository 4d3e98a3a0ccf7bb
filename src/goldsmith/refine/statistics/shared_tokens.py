"""Hands the tokens of texts on to the stages that follow, as a column, so that a text is cut once for all of them."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.arrow import Utf8, binary, has_all, names_of
from goldsmith.kit.columns import Batch
from goldsmith.kit.jit import compiled
from goldsmith.refine.statistics.tokenisers import Tokeniser, column_of
from goldsmith.refine.statistics.tokens import Tokens, tokens_of

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]

MOST_TOKENS = 1 << 22
"""Tokens of a batch that are handed on at most (32 MB): of an enormous text they would take memory that it needs."""

_BYTES_A_TOKEN = 8


def known_tokens(batch: Batch, texts: Utf8, tokeniser: Tokeniser) -> Tokens:
    """The tokens of the texts of a batch: those that an earlier stage has handed on, else they are cut."""
    name = column_of(tokeniser)
    if name in names_of(batch) and has_all(batch, name):
        content, offsets = binary(batch, name)
        bounds = offsets // _BYTES_A_TOKEN
        return Tokens(*_placed(content.view(np.int32), bounds, texts.offsets), bounds)
    return tokens_of(texts, tokeniser, codes_of(batch))


def handed_on(batch: Batch, texts: Utf8, tokens: Tokens, tokeniser: Tokeniser) -> Mapping[str, Sequence[object]]:
    """The column with the tokens, unless the batch has it: 32-bit numbers, where in its text each begins and ends."""
    name = column_of(tokeniser)
    if name in names_of(batch) or len(tokens.starts) > MOST_TOKENS:
        return {}
    content = _within(tokens, texts.offsets).tobytes()
    bounds = (tokens.bounds * _BYTES_A_TOKEN).tolist()
    return {name: [content[start:stop] for start, stop in pairwise(bounds)]}


def codes_of(batch: Batch) -> list[str | None] | None:
    """The codes of the languages of a batch, if it has them."""
    return batch.column("language").to_pylist() if "language" in names_of(batch) else None


@compiled
def _within(tokens: Tokens, offsets: I64) -> I32:
    """Where in its text each token begins and ends."""
    starts, stops, bounds = tokens
    places = np.empty(2 * len(starts), np.int32)
    for text in range(len(bounds) - 1):
        for token in range(bounds[text], bounds[text + 1]):
            places[2 * token] = starts[token] - offsets[text]
            places[2 * token + 1] = stops[token] - offsets[text]
    return places


@compiled
def _placed(places: I32, bounds: I64, offsets: I64) -> tuple[I64, I64]:
    """Where each token begins and ends in the bytes of all texts."""
    n_tokens = len(places) // 2
    starts, stops = np.empty(n_tokens, np.int64), np.empty(n_tokens, np.int64)
    for text in range(len(bounds) - 1):
        for token in range(bounds[text], bounds[text + 1]):
            starts[token] = places[2 * token] + offsets[text]
            stops[token] = places[2 * token + 1] + offsets[text]
    return starts, stops
