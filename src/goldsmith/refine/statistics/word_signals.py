"""Counts of RedPajama-V2's signals that are about the words of a normalised text: how many differ, and which repeat."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.arrow import Utf8
from goldsmith.kit.jit import compiled
from goldsmith.kit.utf8 import n_characters
from goldsmith.refine.statistics.tables import (
    FREE,
    Table,
    candidate,
    first_slot,
    hash_bytes,
    is_same,
    next_slot,
    table_for,
    tag_of,
)
from goldsmith.refine.statistics.tokens import Tokens

U8 = NDArray[np.uint8]
I64 = NDArray[np.int64]
F64 = NDArray[np.float64]

TOP_LENGTHS = (2, 3, 4)
"""Words in the sequences of which the most frequent one counts."""

DUPE_LENGTHS = (5, 6, 7, 8, 9, 10)
"""Words in the sequences that count when they come more than once."""

_SHORTEST_DUPE, _LONGEST, _N_SHARES = 5, 10, 9
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


class WordSignals(NamedTuple):
    """What the words of each text are; one value a text.

    Attributes:
        n_characters: `int64`; code points of its words.
        n_unique: `int64`; different words.
        entropy: `float64`; of the distribution of words, in nats.
        shares: `float64`, shape (9, n); for 2, 3 and 4 words the share of characters in the most frequent sequence, if
            it comes twice; for 5 to 10 words the share of characters in sequences that come twice or more.
    """

    n_characters: I64
    n_unique: I64
    entropy: F64
    shares: F64


def count_word_signals(texts: Utf8, tokens: Tokens) -> WordSignals:
    """What the words of each text are; sequences are the same if their words are, one by one."""
    return WordSignals(*_count_word_signals(texts, tokens))


@compiled
def _count_word_signals(texts: Utf8, tokens: Tokens) -> tuple[I64, I64, F64, F64]:
    n_texts = len(texts.offsets) - 1
    n_points, n_unique = np.zeros(n_texts, np.int64), np.zeros(n_texts, np.int64)
    entropy, shares = np.zeros(n_texts, np.float64), np.zeros((_N_SHARES, n_texts), np.float64)
    for text in range(n_texts):
        first, last = tokens.bounds[text], tokens.bounds[text + 1]
        if first == last:
            continue
        starts, stops = tokens.starts[first:last], tokens.stops[first:last]
        lengths = _lengths(texts.content, starts, stops)
        n_points[text] = np.sum(lengths)
        table = table_for(last - first)
        words = _numbered(texts.content, starts, stops, table)
        times = _times(words)
        n_unique[text] = np.count_nonzero(times)
        entropy[text] = _entropy(times)
        _share_sequences(words, lengths, table, shares[:, text])
    return n_points, n_unique, entropy, shares


@compiled
def _lengths(content: U8, starts: I64, stops: I64) -> I64:
    lengths = np.empty(len(starts), np.int64)
    for word in range(len(starts)):
        lengths[word] = n_characters(content, starts[word], stops[word])
    return lengths


@compiled
def _numbered(content: U8, starts: I64, stops: I64, table: Table) -> I64:
    """For each word the place of the first word that is the same."""
    numbers = np.empty(len(starts), np.int64)
    table.slots[:] = FREE
    for word in range(len(starts)):
        start, length = starts[word], stops[word] - starts[word]
        key = hash_bytes(content, start, stops[word]) * _GOLDEN
        slot, tag = first_slot(table, key), tag_of(key)
        numbers[word] = word
        while table.slots[slot] != FREE:
            other = candidate(table.slots[slot], tag)
            if other >= 0 and stops[other] - starts[other] == length and is_same(content, starts[other], start, length):
                numbers[word] = other
                break
            slot = next_slot(table, slot)
        else:
            table.slots[slot] = tag | word
    return numbers


@compiled
def _lengthened(sequences: I64, words: I64, length: int, table: Table) -> I64:
    """For each sequence of `length` words the place of the first one that is the same, from those one word shorter."""
    numbers = np.empty(len(words) - length + 1, np.int64)
    table.slots[:] = FREE
    for place in range(len(numbers)):
        last = words[place + length - 1]
        key = (np.uint64(sequences[place]) * _GOLDEN ^ np.uint64(last)) * _GOLDEN
        slot, tag = first_slot(table, key), tag_of(key >> np.uint64(8))
        numbers[place] = place
        while table.slots[slot] != FREE:
            other = candidate(table.slots[slot], tag)
            if other >= 0 and sequences[other] == sequences[place] and words[other + length - 1] == last:
                numbers[place] = other
                break
            slot = next_slot(table, slot)
        else:
            table.slots[slot] = tag | place
    return numbers


@compiled
def _times(numbers: I64) -> I64:
    """How often each sequence comes, at the place of the first one."""
    times = np.zeros(len(numbers), np.int64)
    for number in numbers:
        times[number] += 1
    return times


@compiled
def _entropy(times: I64) -> float:
    total, entropy = len(times), 0.0
    for n in times:
        if n:
            entropy -= n / total * np.log(n / total)
    return entropy


@compiled
def _share_sequences(words: I64, lengths: I64, table: Table, shares: F64) -> None:
    total, sequences = np.sum(lengths), words
    for length in range(2, _LONGEST + 1):
        if length > len(words):
            return
        sequences = _lengthened(sequences, words, length, table)
        times = _times(sequences)
        if length >= _SHORTEST_DUPE:
            shares[length - 2] = _n_in_dupes(sequences, times, lengths, length) / total
            continue
        best = np.argmax(times)
        if times[best] > 1:
            shares[length - 2] = np.sum(lengths[best : best + length]) * times[best] / total


@compiled
def _n_in_dupes(sequences: I64, times: I64, lengths: I64, length: int) -> int:
    """Code points of the words in sequences that come twice or more; each word counts once."""
    n, end = 0, 0
    for place in range(len(sequences)):
        if times[sequences[place]] > 1:
            for word in range(max(place, end), place + length):
                n += lengths[word]
            end = place + length
    return n
