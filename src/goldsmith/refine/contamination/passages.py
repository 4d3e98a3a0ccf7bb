"""The passage of a text that is most like an item, by the terms that both have."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.jit import compiled
from goldsmith.refine.contamination.folding import I32, I64, STEM_LETTERS, Folded
from goldsmith.refine.contamination.term_indexes import NEAR, TermIndex, number_of
from goldsmith.refine.contamination.terms import F64, piece_key, pieces_of

_TINY = 1e-9

_FOREIGN = 0.25
"""What a word of the passage that the item does not have counts against it, of the weight of a word of the item."""


class Numbers(NamedTuple):
    """The numbers of a text's terms, word by word: of the stem, and of a character with the one that follows; or -1."""

    stems: I32
    pairs: I32


class Scratch(NamedTuple):
    """What the search writes into.

    Attributes:
        worth: for each term, what it weighs in the item that is looked at.
        counts: how often each of these stands in the passage.
    """

    worth: F64
    counts: I32


class Hits(NamedTuple):
    """The terms of an item in a part of a text, in order.

    Attributes:
        numbers: the number of each.
        words: the word of each.
        ranks: which of the words with hits that is.
        weights: what each weighs in the item.
        are_pieces: whether it was found inside of a word.
    """

    numbers: I32
    words: I64
    ranks: I64
    weights: F64
    are_pieces: NDArray[np.bool_]


class Passage(NamedTuple):
    """A passage of a text: its likeness to an item, its first and its last hit."""

    likeness: float
    first: int
    last: int


@compiled
def is_near(scratch: Scratch, numbers: Numbers, index: TermIndex, where: tuple[int, int, int]) -> bool:
    """Whether enough stems and characters of an item stand between two words; `where` as for `hits_of`."""
    item, first, last = where
    mine = index.sets[index.starts[item] : index.starts[item + 1]]
    scratch.worth[mine] = index.weights[index.starts[item] : index.starts[item + 1]]
    weight = 0.0
    for word in range(first, last):
        for number in (numbers.stems[word], numbers.pairs[word]):
            if number >= 0:
                weight += scratch.worth[number]
                scratch.worth[number] = 0.0
    scratch.worth[mine] = 0.0
    return weight >= NEAR * index.totals[item]


@compiled
def hits_of(scratch: Scratch, of: tuple[Folded, Numbers], index: TermIndex, where: tuple[int, int, int]) -> Hits:
    """The terms of an item between two words; `where` is the item, the first word and the one after the last."""
    (item, first, last), (texts, numbers) = where, of
    mine = index.sets[index.starts[item] : index.starts[item + 1]]
    scratch.worth[mine] = index.weights[index.starts[item] : index.starts[item + 1]]
    letter, end = _letter_at(texts.places, texts.starts[first]), _letter_at(texts.places, texts.stops[last - 1])
    most = 2 * (last - first) + end - letter
    found, words, ranks = np.empty(most, np.int32), np.empty(most, np.int64), np.empty(most, np.int64)
    weights, are_pieces = np.empty(most), np.zeros(most, np.bool_)
    n, rank = 0, -1
    for word in range(first, last):
        before = n
        for number in (numbers.stems[word], numbers.pairs[word]):
            if number >= 0 and scratch.worth[number] > 0:
                found[n] = number
                n += 1
        pieces = pieces_of(texts, word, letter)
        letter = pieces.after
        for piece in range(pieces.first, pieces.end - STEM_LETTERS + 1):
            number = number_of(index.vocabulary, piece_key(texts.letters, piece))
            if number >= 0 and scratch.worth[number] > 0:
                found[n], are_pieces[n] = number, True
                n += 1
        if n > before:
            rank += 1
            words[before:n], ranks[before:n] = word, rank
    for hit in range(n):
        weights[hit] = scratch.worth[found[hit]]
    scratch.worth[mine] = 0.0
    return Hits(found[:n], words[:n], ranks[:n], weights[:n], are_pieces[:n])


@compiled
def _letter_at(places: I32, byte: int) -> int:
    """The first letter that does not begin before a byte."""
    return int(np.searchsorted(places, byte))


@compiled
def best_passage(scratch: Scratch, index: TermIndex, item: int, hits: Hits) -> Passage:
    """The passage among hits that is most like an item, sought in time linear in them."""
    counts, weight, left = scratch.counts, 0.0, 0
    best = Passage(0.0, 0, 0)
    for right in range(len(hits.numbers)):
        counts[hits.numbers[right]] += 1
        if counts[hits.numbers[right]] == 1:
            weight += hits.weights[right]
        while hits.words[right] - hits.words[left] >= index.spans[item] or counts[hits.numbers[left]] > 1:
            counts[hits.numbers[left]] -= 1
            if counts[hits.numbers[left]] == 0:
                weight -= hits.weights[left]
            left += 1
        likeness = _likeness(index, item, hits, (weight, left, right))
        if likeness > best.likeness + _TINY:
            best = Passage(likeness, left, right)
    counts[hits.numbers] = 0
    return _trimmed(counts, index, item, (hits, best))


@compiled
def _trimmed(counts: I32, index: TermIndex, item: int, of: tuple[Hits, Passage]) -> Passage:
    """A passage without a beginning that makes it less like the item."""
    hits, best = of
    weight, last = 0.0, best.last
    for left in range(last, best.first - 1, -1):
        counts[hits.numbers[left]] += 1
        if counts[hits.numbers[left]] == 1:
            weight += hits.weights[left]
        likeness = _likeness(index, item, hits, (weight, left, last))
        if likeness > best.likeness + _TINY:
            best = Passage(likeness, left, last)
    counts[hits.numbers] = 0
    return best


@compiled
def information_of(counts: I32, hits: Hits, passage: Passage) -> float:
    """What the different terms of a passage weigh; pieces do not count, for they say again what their words say."""
    weight = 0.0
    for hit in range(passage.first, passage.last + 1):
        if not hits.are_pieces[hit]:
            counts[hits.numbers[hit]] += 1
            weight += hits.weights[hit] if counts[hits.numbers[hit]] == 1 else 0.0
    counts[hits.numbers] = 0
    return weight


@compiled
def _likeness(index: TermIndex, item: int, hits: Hits, of: tuple[float, int, int]) -> float:
    """The likeness of a passage; `of` is what it has in common with the item, its first and its last hit."""
    weight, first, last = of
    n_words = hits.words[last] - hits.words[first] + 1
    n_foreign = n_words - (hits.ranks[last] - hits.ranks[first] + 1)
    return weight / (index.totals[item] * (1 + _FOREIGN * n_foreign / index.lengths[item]))
