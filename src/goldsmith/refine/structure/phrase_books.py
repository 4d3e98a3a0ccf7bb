"""Reads the phrases by which lines are known, and makes a tree of words of them that compiled code walks.

A file of phrases has sections such as `[alone]`; in it each line is a phrase, and `(a|b)` stands for either. `0` stands
for any number, `©` for itself; case and punctuation do not count. What follows `#` is a comment.
"""

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.arrow import Utf8, make_batch, utf8
from goldsmith.kit.jit import compiled
from goldsmith.refine.comparisons.minhash import mixed
from goldsmith.refine.statistics.characters import Characters, characters
from goldsmith.refine.structure.words import I64, NUMBER, U64, read_words, room_for

ALONE, COMPANY, FILLS, HEADS, COLON, BEGINS, HOLDS = (1 << n for n in range(7))
"""How a phrase speaks for a line: when the line is made of such phrases alone; the same, but only in the company of
other such lines; not at all, but a line may be made of it; at its head, before a colon or nothing else; at its
head, before a colon; at its beginning; anywhere in it."""

MODES: Mapping[str, int] = {
    "alone": ALONE,
    "company": COMPANY,
    "fills": FILLS,
    "heads": HEADS,
    "colon": COLON,
    "begins": BEGINS,
    "holds": HOLDS,
}
MAX_WORDS = 24
"""Words of a phrase."""

NO_KIND = 0
_KIND_SHIFT = 8
_N_BEGINNINGS = 1 << 16
_CHOICE = re.compile(r"\(([^()]*)\)")
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


class Book(NamedTuple):
    """A tree of phrases: the edge from a node over a word leads to another node.

    Attributes:
        keys: the hash of a node and a word, by slot; 0 is free.
        nodes: the node that the edge leads to.
        meanings: of each node: the modes of the phrase that ends there, and its kind above them; 0 where none ends.
        begins: whether a phrase can begin with a word, by the lowest 16 bits of the word's hash.
        held: the same for phrases that count anywhere in a line.
    """

    keys: U64
    nodes: I64
    meanings: I64
    begins: NDArray[np.bool_]
    held: NDArray[np.bool_]


class Phrase(NamedTuple):
    """A phrase of a file: its words as they are written, how it speaks for a line, and for what."""

    text: str
    mode: str
    kind: str


def phrases_of(kind: str) -> Iterator[Phrase]:
    """The phrases of the file of a kind, alternatives written out."""
    mode = ""
    written = resources.files("goldsmith.refine.structure.phrases").joinpath(f"{kind}.txt").read_text("utf-8")
    for line in written.splitlines():
        phrase = line.partition("#")[0].strip()
        if phrase.startswith("["):
            mode = phrase.strip("[]")
        elif phrase:
            yield from (Phrase(each, mode, kind) for each in dict.fromkeys(_spelled_out(phrase)))


@functools.cache
def book_of(*kinds: str) -> Book:
    """The tree of the phrases of these kinds; the number of a kind is its place, from 1."""
    numbers = {kind: number for number, kind in enumerate(kinds, 1)}
    phrases = [phrase for kind in kinds for phrase in phrases_of(kind)]
    tree = _Tree()
    for phrase, words in zip(phrases, words_of([phrase.text for phrase in phrases]), strict=True):
        tree.add(words, MODES[phrase.mode], numbers[phrase.kind])
    return tree.as_book()


def words_of(phrases: Sequence[str]) -> list[list[int]]:
    """The hashes of the words of each phrase."""
    texts = utf8(make_batch({"text": phrases}, {"text": "text"}), "text", is_lower=True)
    hashes, bounds = _hashes(texts, characters())
    words: list[int] = hashes.tolist()
    return [words[start:stop] for start, stop in pairwise(bounds.tolist())]


@compiled
def edge_key(node: int, word: np.uint64) -> np.uint64:
    """What the edge from a node over a word is found by."""
    return mixed(word + np.uint64(node) * _GOLDEN) | np.uint64(1)


@compiled
def follow(book: Book, node: int, word: np.uint64) -> int:
    """The node that the edge from `node` over `word` leads to, or 0."""
    key = edge_key(node, word)
    mask = len(book.keys) - 1
    slot = int(key >> np.uint64(20)) & mask
    while book.keys[slot] != 0:
        if book.keys[slot] == key:
            return int(book.nodes[slot])
        slot = (slot + 1) & mask
    return 0


@compiled
def has_word(words: NDArray[np.bool_], word: np.uint64) -> bool:
    """Whether a word is in a table such as `Book.begins`; says yes to a few others as well, and quickly."""
    return bool(words[word & np.uint64(_N_BEGINNINGS - 1)])


@compiled
def kind_of(meaning: int) -> int:
    """The number of the kind in a meaning."""
    return meaning >> _KIND_SHIFT


@compiled
def _hashes(texts: Utf8, characters: Characters) -> tuple[U64, I64]:
    found, bounds = np.empty(len(texts.content), np.uint64), np.zeros(len(texts.offsets), np.int64)
    words, n_words = room_for(MAX_WORDS), 0
    for text in range(len(texts.offsets) - 1):
        content = texts.content[texts.offsets[text] : texts.offsets[text + 1]]
        n_read = read_words(content, characters, words, NUMBER)
        found[n_words : n_words + n_read] = words.hashes[:n_read]
        n_words += n_read
        bounds[text + 1] = n_words
    return found[:n_words].copy(), bounds


@compiled
def _tables(nodes: I64, words: U64, following: I64, n_slots: int) -> tuple[U64, I64]:
    keys, reached = np.zeros(n_slots, np.uint64), np.zeros(n_slots, np.int64)
    for edge in range(len(nodes)):
        key = edge_key(nodes[edge], words[edge])
        slot = int(key >> np.uint64(20)) & (n_slots - 1)
        while keys[slot] != 0:
            slot = (slot + 1) & (n_slots - 1)
        keys[slot], reached[slot] = key, following[edge]
    return keys, reached


class _Tree:
    """A tree of phrases that grows; node 0 is its root."""

    __slots__ = ("_edges", "_held", "_meanings")

    def __init__(self) -> None:
        self._edges: dict[tuple[int, int], int] = {}
        self._meanings: list[int] = [0]
        self._held: set[int] = set()

    def add(self, words: Sequence[int], mode: int, kind: int) -> None:
        """Add a phrase; one that is known keeps its first kind and gets the mode as well."""
        node = 0
        for word in words[:MAX_WORDS]:
            following = self._edges.setdefault((node, word), len(self._meanings))
            if following == len(self._meanings):
                self._meanings.append(0)
            node = following
        self._meanings[node] |= mode
        if mode == HOLDS:
            self._held.add(words[0])
        if kind_of(self._meanings[node]) == NO_KIND:
            self._meanings[node] |= kind << _KIND_SHIFT

    def as_book(self) -> Book:
        """The tree as tables."""
        n_slots = 1 << (2 * len(self._edges) + 16).bit_length()
        nodes = np.array([node for node, _ in self._edges], np.int64)
        words = np.array([word for _, word in self._edges], np.uint64)
        keys, reached = _tables(nodes, words, np.array(list(self._edges.values()), np.int64), n_slots)
        begins, held = np.zeros(_N_BEGINNINGS, np.bool_), np.zeros(_N_BEGINNINGS, np.bool_)
        begins[words[nodes == 0] & np.uint64(_N_BEGINNINGS - 1)] = True
        held[np.array(sorted(self._held), np.uint64) & np.uint64(_N_BEGINNINGS - 1)] = True
        return Book(keys, reached, np.array(self._meanings, np.int64), begins, held)


def _spelled_out(phrase: str) -> Iterator[str]:
    choice = _CHOICE.search(phrase)
    if choice is None:
        yield " ".join(phrase.split())
        return
    for each in choice[1].split("|"):
        yield from _spelled_out(phrase[: choice.start()] + each + phrase[choice.end() :])
