"""The most probable label of texts by a fastText classifier, in one pass over their bytes."""

# ruff: noqa: PLR0913, PLR0917, SIM110 - compiled code takes arrays by their place, and compares bytes one by one

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.arrow import Utf8
from goldsmith.kit.jit import in_place, inlined
from goldsmith.kit.utf8 import byte_at, code_point, n_characters
from goldsmith.refine.fasttext_models import F32, I32, LABEL, NO_ROW, U8, Classifier
from goldsmith.refine.statistics.characters import ALPHABETIC, SPACE, U16, characters

I64 = NDArray[np.int64]

NO_LABEL = -1
"""Stands for the label of a text without letters."""

_LESS, _GREATER = ord("<"), ord(">")
"""What fastText puts around a word."""

_LINE_END = np.frombuffer(b"</s>", np.uint8)
"""The word that fastText reads at the end of a line."""

_LABEL = np.frombuffer(LABEL, np.uint8)
_BASIS, _PRIME, _SIGN, _LOW = 2166136261, 16777619, 0xFFFFFF00, 0xFFFFFFFF
_BLOCK = 64
_LEAST = np.float64(1e-5)
"""What fastText adds to a probability before it takes its logarithm."""


class Labels(NamedTuple):
    """Of each text the number of its label, `NO_LABEL` for one without letters, and the label's probability."""

    numbers: I32
    scores: F32


def label_texts(model: Classifier, texts: Utf8, n_sampled: int) -> Labels:
    """The most probable label of each text, by some of its characters.

    Args:
        model: what knows the labels.
        texts: valid UTF-8.
        n_sampled: of a text with more characters, a third of them each from its beginning, middle and end are looked
            at. Words are cut at all white space of Unicode.

    Source: Joulin et al. 2016, "Bag of Tricks for Efficient Text Classification". The same rows, order and precision
        of sums as fastText's `predict` for the words of the sample on one line.
    """
    n_texts = len(texts.offsets) - 1
    found = Labels(np.full(n_texts, NO_LABEL, np.int32), np.zeros(n_texts, np.float32))
    n_most = min(int(np.diff(texts.offsets).max(initial=0)), n_sampled)
    n_nodes = len(model.tree.sides)
    _label_all(
        *texts,
        n_sampled,
        *characters(),
        *model.words,
        model.grams,
        model.has_gram,
        model.n_least,
        model.n_most,
        model.rows,
        *model.tree,
        np.empty(4 * n_most + 8, np.uint8),
        np.empty_like(model.rows[0]),
        np.empty(n_nodes, np.int64),
        np.empty(n_nodes, np.float32),
        *found,
    )
    return found


@in_place
def _label_all(
    content: U8,
    offsets: I64,
    n_sampled: int,
    pages: U16,
    flags: U8,
    slots: I32,
    hashes: I64,
    starts: I64,
    words: U8,
    grams: I32,
    has_gram: U8,
    n_least: int,
    n_most: int,
    rows: F32,
    sides: I32,
    weights: F32,
    room: U8,
    hidden: F32,
    nodes: I64,
    likelihoods: F32,
    numbers: I32,
    scores: F32,
) -> None:
    last = _number_of(_LINE_END, 0, len(_LINE_END), slots, hashes, starts, words)
    for text in range(len(offsets) - 1):
        size, has_letter = _sample(content, offsets[text], offsets[text + 1], n_sampled, pages, flags, room)
        if not has_letter:
            continue
        hidden[:] = 0
        n_rows, place, is_ended = 0, 0, False
        while place < size and not is_ended:
            stop = place + 1
            while byte_at(room, stop) != 0:
                stop += 1
            is_ended = _is_at(room, place + 1, stop - 1, _LINE_END)
            if not is_ended and not _is_label(room, place + 1, stop - 1):
                number = _number_of(room, place + 1, stop - 1, slots, hashes, starts, words)
                if number >= 0:
                    _add_row(rows, number, hidden)
                    n_rows += 1
                n_rows += _add_grams(room, place, stop, grams, has_gram, n_least, n_most, rows, hidden)
            place = stop + 1
        if last >= 0:
            _add_row(rows, last, hidden)
            n_rows += 1
        if n_rows:
            scale = np.float32(1 / n_rows)
            for each in range(len(hidden)):
                hidden[each] *= scale
            _decide(sides, weights, hidden, nodes, likelihoods, text, numbers, scores)


@in_place
def _sample(content: U8, start: int, stop: int, n_sampled: int, pages: U16, flags: U8, room: U8) -> tuple[int, bool]:
    """Write the words of a text's sample into `room`, each as `<word>` with a zero after it.

    Returns:
        How many bytes they take, and whether there is a letter among them.
    """
    n_points = n_characters(content, start, stop)
    n_parts = 1 if n_points <= n_sampled else 3
    length = n_points if n_parts == 1 else n_sampled // 3
    size, has_letter, is_inside, place, passed = 0, False, 0, start, 0
    for part in range(n_parts):
        first = (0, (n_points - length) // 2, n_points - length)[part]
        place = _skip(content, place, first - passed)
        passed = first + length
        for _ in range(length):
            point, width = code_point(content, place)
            kind = flags[int(pages[point >> 8]) << 8 | point & 0xFF]
            if kind & SPACE or point == 0:
                size, is_inside = _close(room, size, is_inside), 0
            else:
                if not is_inside:
                    room[size], is_inside = _LESS, 1
                    size += 1
                has_letter |= kind & ALPHABETIC != 0
                for each in range(width):
                    room[size + each] = byte_at(content, place + each)
                size += width
            place += width
        size, is_inside = _close(room, size, is_inside), 0
    return size, has_letter


@inlined
def _close(room: U8, size: int, is_inside: int) -> int:
    """End the word that is written, if there is one."""
    if not is_inside:
        return size
    room[size], room[size + 1] = _GREATER, 0
    return size + 2


@in_place
def _skip(content: U8, place: int, n: int) -> int:
    """Where the code point begins that comes `n` after the one at `place`."""
    while n >= _BLOCK:  # a block holds no more than so many
        n -= n_characters(content, place, place + _BLOCK)
        place += _BLOCK
    while n > 0:
        n -= byte_at(content, place) & 0xC0 != 0x80
        place += 1
    while place < len(content) and byte_at(content, place) & 0xC0 == 0x80:
        place += 1
    return place


@inlined
def _step(value: int, byte: int) -> int:
    """One more byte for FNV-1a of 32 bits, which fastText reads as a signed one."""
    return ((value ^ (byte | _SIGN if byte & 0x80 else byte)) * _PRIME) & _LOW


@inlined
def _is_at(content: U8, start: int, stop: int, word: U8) -> bool:
    """Whether `content[start:stop]` is a word."""
    if stop - start != len(word):
        return False
    for place in range(len(word)):
        if content[start + place] != word[place]:
            return False
    return True


@in_place
def _number_of(content: U8, start: int, stop: int, slots: I32, hashes: I64, starts: I64, words: U8) -> int:
    """The number of the word in `content[start:stop]`, or -1."""
    value = _BASIS
    for place in range(start, stop):
        value = _step(value, int(content[place]))
    slot = value & (len(slots) - 1)
    while slots[slot] != NO_ROW:
        number = int(slots[slot])
        if hashes[number] == value and _is_at(content, start, stop, words[starts[number] : starts[number + 1]]):
            return number
        slot = (slot + 1) & (len(slots) - 1)
    return -1


@inlined
def _add_row(rows: F32, row: int, hidden: F32) -> None:
    for each in range(len(hidden)):
        hidden[np.uint64(each)] += rows[np.uint64(row), np.uint64(each)]


@inlined
def _is_label(content: U8, start: int, stop: int) -> bool:
    """Whether `content[start:stop]` begins as labels do."""
    return stop - start >= len(_LABEL) and _is_at(content, start, start + len(_LABEL), _LABEL)


@in_place
def _add_grams(
    room: U8, start: int, stop: int, grams: I32, has_gram: U8, n_least: int, n_most: int, rows: F32, hidden: F32
) -> int:
    """Add the rows of the n-grams of the characters in `room[start:stop]`; returns how many they are."""
    n_rows, first = 0, start
    while first < stop:
        value, place, n, following = _BASIS, first, 0, stop
        while place < stop and n < n_most:
            value, place, n = _step(value, int(byte_at(room, place))), place + 1, n + 1
            while place < stop and byte_at(room, place) & 0xC0 == 0x80:
                value, place = _step(value, int(byte_at(room, place))), place + 1
            if n == 1:
                following = place
            if n >= n_least and not (n == 1 and (first == start or place == stop)):
                bucket = np.uint64(value) % np.uint64(len(grams))
                if has_gram[bucket >> np.uint64(3)] >> np.uint8(bucket & np.uint64(7)) & np.uint8(1):
                    _add_row(rows, int(grams[bucket]), hidden)
                    n_rows += 1
        first = following
    return n_rows


@in_place
def _decide(
    sides: I32,
    weights: F32,
    hidden: F32,
    nodes: I64,
    likelihoods: F32,
    text: int,
    numbers: I32,
    scores: F32,
) -> None:
    """Walk down the tree, the more probable branches to their ends."""
    n_labels, n_open, best = len(weights) + 1, 1, np.float32(-np.inf)
    nodes[0], likelihoods[0] = len(sides) - 1, 0
    while n_open:
        n_open -= 1
        node, likelihood = nodes[n_open], likelihoods[n_open]
        if likelihood < best or likelihood < np.log(_LEAST):
            continue
        if node < n_labels:
            best = likelihood
            numbers[text] = node
            continue
        sum_ = np.float32(0)
        for each in range(len(hidden)):
            sum_ += weights[node - n_labels, each] * hidden[each]
        share = np.float32(1 / np.float64(np.float32(1) + np.exp(-sum_)))
        nodes[n_open], likelihoods[n_open] = sides[node, 1], likelihood + np.float32(np.log(share + _LEAST))
        left = np.float32(1 - np.float64(share))
        nodes[n_open + 1], likelihoods[n_open + 1] = sides[node, 0], likelihood + np.float32(np.log(left + _LEAST))
        n_open += 2
    scores[text] = np.exp(best)
