"""Reads a compressed fastText classifier (`.ftz`) into arrays that compiled code can work on."""

import struct
from pathlib import Path
from typing import Literal, NamedTuple, NoReturn

import numpy as np
from numpy.typing import NDArray

from goldsmith.errors import ComputeError

U8 = NDArray[np.uint8]
I64 = NDArray[np.int64]
I32 = NDArray[np.int32]
F32 = NDArray[np.float32]

LABEL = b"__label__"
"""How a word begins that is a label; in a text it says nothing."""

NO_ROW = -1
"""Stands for a word or an n-gram that the model does not know."""

_MAGIC, _VERSION = 793712314, 12
_HIERARCHICAL, _SUPERVISED = 1, 3
_N_CENTROIDS = 256
_ROOM = 4
"""Places of the table of words for each word: with so many free ones hardly two words meet."""

_BASIS, _PRIME, _SIGN = 2166136261, 16777619, 0xFFFFFF00


class Words(NamedTuple):
    """Which words the model knows; word `i` is `content[starts[i]:starts[i + 1]]`, and row `i` of the matrix.

    Attributes:
        slots: their numbers by hash, with `NO_ROW` where there is none; as many as a power of two.
        hashes: the hash of each.
        starts: where each begins, and the end of the last.
        content: their UTF-8.
    """

    slots: I32
    hashes: I64
    starts: I64
    content: U8


class Tree(NamedTuple):
    """The tree of labels: a leaf for each, `n - 1` nodes with a vector each, the root at last.

    Attributes:
        sides: shape (2 n - 1, 2): a node's two children; -1 for leaves.
        weights: shape (n - 1, dimensions), of node `n + i`.
    """

    sides: I32
    weights: F32


class Classifier(NamedTuple):
    """A text is the mean of the rows of its words and of their n-grams of characters.

    Attributes:
        words: the words it knows.
        rows: shape (features, dimensions).
        grams: the row of each bucket of n-grams, `NO_ROW` for those that were pruned.
        has_gram: a bit for each bucket, the lowest one first: whether it has a row. Most have none, and this fits into
            the processor's cache.
        n_least, n_most: characters of an n-gram.
        tree: its labels.
        labels: their names in the order of the leaves, without `LABEL`.
    """

    words: Words
    rows: F32
    grams: I32
    has_gram: U8
    n_least: int
    n_most: int
    tree: Tree
    labels: tuple[str, ...]


def read_classifier(path: Path) -> Classifier:
    """The classifier in a file: supervised, compressed and pruned, with hierarchical softmax, as lid.176.ftz is.

    Raises:
        ComputeError: it holds another kind of model, or ends early.

    Source: Joulin et al. 2016, "FastText.zip", section 3; the format of fastText 0.9 (`FastText::saveModel`).
    """
    file = _File(path)
    if file.take("ii") != (_MAGIC, _VERSION):
        file.refuse("not a fastText model of version 12")
    n_dimensions, _, _, _, _, n_grams, loss, kind, n_buckets, n_least, n_most, _, _ = file.take("12id")
    size, n_words, n_labels, _, n_pruned = file.take("3i2q")
    if (loss, kind, n_grams) != (_HIERARCHICAL, _SUPERVISED, 1) or n_pruned < 0:
        file.refuse("not a pruned classifier with hierarchical softmax")
    entries = [file.entry() for _ in range(size)]
    buckets = file.whole("<i4", 2 * n_pruned).reshape(-1, 2)
    grams = np.full(n_buckets, NO_ROW, np.int32)
    grams[buckets[:, 0]] = n_words + buckets[:, 1]
    rows = _rows(file, n_dimensions)
    is_compressed, n_outputs, width = file.take("?2q")
    if is_compressed or (n_outputs, width) != (n_labels, n_dimensions):
        file.refuse("its labels are compressed")
    weights = file.real(n_outputs * width).reshape(n_outputs, width)
    return Classifier(
        words=_words([word for word, _ in entries[:n_words]]),
        rows=rows,
        grams=grams,
        has_gram=np.packbits(grams != NO_ROW, bitorder="little"),
        n_least=n_least,
        n_most=n_most,
        tree=Tree(_sides([count for _, count in entries[n_words:]]), weights[: n_labels - 1]),
        labels=tuple(word.removeprefix(LABEL).decode() for word, _ in entries[n_words:]),
    )


class _File:
    """The bytes of a model from the first to the last."""

    def __init__(self, path: Path) -> None:
        self._path, self._content, self._place = path, path.read_bytes(), 0

    def take(self, layout: str) -> tuple[int, ...]:
        """The next numbers."""
        held = struct.Struct(f"<{layout}")
        return held.unpack(self._next(held.size))

    def entry(self) -> tuple[bytes, int]:
        """The next word, and how often it was seen in training."""
        end = self._content.find(b"\0", self._place)
        if end < 0:
            self.refuse("it ends early")
        word, self._place = self._content[self._place : end], end + 1
        count, _ = self.take("qb")
        return word, count

    def whole(self, kind: Literal["<i4", "u1"], n: int) -> I64:
        """The next `n` whole numbers."""
        return np.frombuffer(self._next(n * np.dtype(kind).itemsize), kind).astype(np.int64)

    def real(self, n: int) -> F32:
        """The next `n` numbers."""
        return np.frombuffer(self._next(4 * n), "<f4").astype(np.float32)

    def _next(self, size: int) -> bytes:
        content = self._content[self._place : self._place + size]
        if size < 0 or len(content) < size:
            self.refuse("it ends early")
        self._place += size
        return content

    def refuse(self, why: str) -> NoReturn:
        """Say that this is no model for us."""
        raise ComputeError(f"{self._path.name} cannot be read: {why}.")


def _rows(file: _File, n_dimensions: int) -> F32:
    """The vectors that their codes stand for, with their lengths."""
    (is_compressed,) = file.take("?")
    if not is_compressed:
        file.refuse("its words are not compressed")
    has_norms, n_rows, _, n_codes = file.take("?2qi")
    codes = file.whole("u1", n_codes).reshape(n_rows, -1)
    centroids = _centroids(file)
    vectors = np.concatenate([centroids[place][codes[:, place]] for place in range(len(centroids))], axis=1)
    if vectors.shape[1] != n_dimensions:
        file.refuse("its vectors have another length than it says")
    if not has_norms:
        return vectors
    norms = file.whole("u1", n_rows)
    return _centroids(file)[0][norms] * vectors


def _centroids(file: _File) -> list[F32]:
    """For each part of a vector what its codes stand for; the last part may be shorter."""
    n_dimensions, n_parts, width, last = file.take("4i")
    values = file.real(n_dimensions * _N_CENTROIDS)
    ends = [_N_CENTROIDS * width * place for place in range(n_parts)] + [len(values)]
    widths = [width] * (n_parts - 1) + [last]
    return [values[ends[place] : ends[place + 1]].reshape(_N_CENTROIDS, widths[place]) for place in range(n_parts)]


def _words(words: list[bytes]) -> Words:
    slots = np.full(1 << (_ROOM * len(words)).bit_length(), NO_ROW, np.int32)
    hashes = [_hash(word) for word in words]
    for place, each in enumerate(hashes):
        slot = each & (len(slots) - 1)
        while slots[slot] != NO_ROW:
            slot = (slot + 1) & (len(slots) - 1)
        slots[slot] = place
    starts = np.cumsum([0, *map(len, words)]).astype(np.int64)
    return Words(slots, np.array(hashes, np.int64), starts, np.frombuffer(b"".join(words), np.uint8))


def _hash(word: bytes) -> int:
    """FNV-1a of 32 bits, with bytes as fastText reads them: signed ones."""
    value = _BASIS
    for byte in word:
        value = (value ^ (byte | _SIGN if byte & 0x80 else byte)) * _PRIME & 0xFFFFFFFF
    return value


def _sides(counts: list[int]) -> I32:
    """Huffman's tree over the labels, of which the most frequent one comes first."""
    n = len(counts)
    sides = np.full((2 * n - 1, 2), NO_ROW, np.int32)
    weights: list[float] = [*counts, *[1e15] * (n - 1)]
    leaf, node = n - 1, n
    for place in range(n, 2 * n - 1):
        for side in range(2):
            if leaf >= 0 and weights[leaf] < weights[node]:
                sides[place, side], leaf = leaf, leaf - 1
            else:
                sides[place, side], node = node, node + 1
        left, right = sides[place]
        weights[place] = weights[left] + weights[right]
    return sides
