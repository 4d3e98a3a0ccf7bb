"""Scores texts with a trained classifier, and says which of their words speak against them."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.arrow import Utf8
from goldsmith.kit.jit import in_place
from goldsmith.refine.classifying.features import (
    PER_WORD,
    Reading,
    Room,
    Sizes,
    room_for,
    sequences_before,
    write_features,
)
from goldsmith.refine.classifying.models import Loaded
from goldsmith.refine.statistics.characters import Characters, characters

N_SHOWN = 5
"""Words of a text that are shown at most."""

_DECIMALS = 6
_COUNT_BITS = 12
_STEPS = np.diff(np.sqrt(np.arange(1 << _COUNT_BITS, dtype=np.float64)))
"""What the square root of a count grows by; a bucket that fills up further is not counted on."""

_MAX_TEXTS = 1 << 16
"""Texts that are scored at a time: marks number them, and have to fit into 32 bits."""


class Word(NamedTuple):
    """A word that speaks against a text: where it stands, in characters, and its share of the log-odds, below 0."""

    start: int
    stop: int
    weight: float


class Score(NamedTuple):
    """The probability that a text is wanted, and the words that speak most against it; no number without a text."""

    probability: float | None
    against: tuple[Word, ...]


class _Found(NamedTuple):
    odds: NDArray[np.float64]
    starts: NDArray[np.int32]
    stops: NDArray[np.int32]
    weights: NDArray[np.float64]
    buckets: NDArray[np.int32]


class _Work(NamedTuple):
    """What is needed again for each text.

    Weight and count of a bucket lie beside each other, since looking them up costs more than anything else does: bucket
    `b` has the weight `weights[2 * b]` and the count `marks[2 * b + 1]`, two views of one buffer. A count carries the
    number of what it counted, so that nothing has to be set back between two texts.
    """

    table: Characters
    room: Room
    sums: NDArray[np.float64]
    weights: NDArray[np.float32]
    marks: NDArray[np.int32]


def scores_of(texts: Utf8, model: Loaded) -> Sequence[Score]:
    """The score of each text.

    Args:
        texts: the texts in lower case.
        model: the classifier.
    """
    n, sizes = len(texts.offsets) - 1, np.diff(texts.offsets)
    if n > _MAX_TEXTS:
        ends = texts.offsets
        halves = (Utf8(texts.content, ends[: n // 2 + 1]), Utf8(texts.content, ends[n // 2 :]))
        return [score for half in halves for score in scores_of(half, model)]
    starts, stops = np.zeros((n, N_SHOWN), np.int32), np.zeros((n, N_SHOWN), np.int32)
    found = _Found(np.zeros(n), starts, stops, np.zeros((n, N_SHOWN)), np.full((n, N_SHOWN), -1, np.int32))
    room = room_for(int(min(model.limit, sizes.max(initial=1))))
    weights = np.zeros(2 << model.bits, np.float32)
    marks = weights.view(np.int32)
    weights[::2] = model.weights
    _score(texts, model, _Work(characters(), room, np.zeros(len(room.characters) + 1), weights, marks), found)
    probabilities: list[float] = np.round(1 / (1 + np.exp(-found.odds)), _DECIMALS).tolist()
    return [
        Score(probability, _words(found, row)) if size else Score(None, ())
        for row, (probability, size) in enumerate(zip(probabilities, sizes.tolist(), strict=True))
    ]


def _words(found: _Found, row: int) -> tuple[Word, ...]:
    told = zip(found.starts[row].tolist(), found.stops[row].tolist(), found.weights[row].tolist(), strict=True)
    return tuple(sorted(Word(start, stop, round(weight, _DECIMALS)) for start, stop, weight in told if weight < 0))


@in_place
def _score(texts: Utf8, model: Loaded, work: _Work, found: _Found) -> None:
    room, sums = work.room, work.sums
    reading = Reading(work.table, model.limit, model.bits)
    for text in range(len(texts.offsets) - 1):
        sizes = write_features(texts, text, reading, room)
        for place in range(sizes.n_sequences):
            sums[place + 1] = sums[place] + _step(room.characters[place], 2 * text + 1, work)
        each = 1.0 / np.sqrt(max(1, sizes.n_sequences))
        found.odds[text] = model.offset + sums[sizes.n_sequences] * each
        _score_words(found, text, work, sizes)


@in_place
def _score_words(found: _Found, text: int, work: _Work, sizes: Sizes) -> None:
    """Add what the words of a text say, and show those that speak most against it, with sequences that end there."""
    room, sums, number = work.room, work.sums, 2 * text + 2
    each, each_word = 1.0 / np.sqrt(max(1, sizes.n_sequences)), 1.0 / np.sqrt(max(1, PER_WORD * sizes.n_words))
    for word in range(sizes.n_words):
        own = _step(room.words[2 * word], number, work) + _step(room.words[2 * word + 1], number, work)
        found.odds[text] += own * each_word
        start, stop = room.starts[word], room.stops[word]
        weight = own * each_word + (sums[sequences_before(stop)] - sums[sequences_before(start)]) * each
        if weight < found.weights[text, N_SHOWN - 1]:
            shown = Word(int(room.places[start]), int(room.places[stop - 1]) + 1, weight)
            _show(found, text, room.words[2 * word], shown)


@in_place
def _step(bucket: int, number: int, work: _Work) -> float:
    """What one more of a feature adds: its weight, times what the square root of its count grows by."""
    mark, zero = work.marks[2 * bucket + 1], np.int32(number << _COUNT_BITS)
    count = mark - zero if mark >= zero else 0
    if count >= len(_STEPS):
        return 0.0
    work.marks[2 * bucket + 1] = zero + count + 1
    return work.weights[2 * bucket] * _STEPS[count]


@in_place
def _show(found: _Found, text: int, bucket: int, word: Word) -> None:
    """Put a word among those that are shown, which are sorted; each is shown once, where it weighs most."""
    place = N_SHOWN - 1
    for known in range(N_SHOWN):
        if found.buckets[text, known] == bucket:
            if found.weights[text, known] <= word.weight:
                return
            place = known
    while place > 0 and found.weights[text, place - 1] > word.weight:
        for rows in (found.starts, found.stops, found.buckets):
            rows[text, place] = rows[text, place - 1]
        found.weights[text, place] = found.weights[text, place - 1]
        place -= 1
    found.starts[text, place], found.stops[text, place] = word.start, word.stop
    found.weights[text, place], found.buckets[text, place] = word.weight, bucket
