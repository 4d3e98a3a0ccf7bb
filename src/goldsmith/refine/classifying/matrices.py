"""Texts as rows of numbers, one column for each bucket: what a classifier learns from."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from goldsmith.kit.arrow import Utf8, make_batch, utf8
from goldsmith.refine.classifying.features import PER_WORD, Reading, Room, room_for, write_features
from goldsmith.refine.statistics.characters import characters


def lowered(texts: Sequence[str]) -> Utf8:
    """The texts as bytes in lower case."""
    return utf8(make_batch({"text": texts}, {"text": "text"}), "text", is_lower=True)


def matrix_of(texts: Sequence[str], *, limit: int, bits: int) -> Any:  # a sparse matrix, for which there are no types
    """float64[n_texts, 2 ** bits]: of a text, the square roots of the shares of its words and sequences in each bucket.

    The row of a text has the length 1 by its words and by its sequences, however long the text is.
    """
    stored, reading = lowered(texts), Reading(characters(), limit, bits)
    room = room_for(min(limit, max(map(len, texts))))
    columns: list[np.ndarray[tuple[int], np.dtype[np.int64]]] = []
    values: list[np.ndarray[tuple[int], np.dtype[np.float64]]] = []
    ends = [0]
    for text in range(len(texts)):
        sizes = write_features(stored, text, reading, room)
        found, shares = _row(room, sizes.n_sequences, sizes.n_words * PER_WORD)
        columns.append(found)
        values.append(shares)
        ends.append(ends[-1] + len(found))
    parts = (np.concatenate(values), np.concatenate(columns), np.array(ends, np.int64))
    return csr_matrix(parts, shape=(len(texts), 1 << bits))


def _row(
    room: Room, n_features: int, n_words: int
) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], np.ndarray[tuple[int], np.dtype[np.float64]]]:
    parts = [np.unique(each, return_counts=True) for each in (room.characters[:n_features], room.words[:n_words])]
    buckets = np.concatenate([known for known, _ in parts])
    roots = np.concatenate([np.sqrt(counts / max(1, counts.sum())) for _, counts in parts])
    found, where = np.unique(buckets, return_inverse=True)
    return found.astype(np.int64), np.bincount(where, weights=roots, minlength=len(found)).astype(np.float64)
