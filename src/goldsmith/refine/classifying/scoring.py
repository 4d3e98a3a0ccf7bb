"""Scores texts with a trained classifier, and says which of their words speak against them."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.arrow import Utf8
from goldsmith.kit.jit import compiled
from goldsmith.refine.classifying.features import PER_WORD, Room, room_for, write_features
from goldsmith.refine.classifying.models import Loaded
from goldsmith.refine.statistics.characters import Characters, characters

N_SHOWN = 5
"""Words of a text that are shown at most."""

_DECIMALS = 6
_STEPS = np.diff(np.sqrt(np.arange((1 << 12) + 1, dtype=np.float64)))
"""What the square root of a count grows by; a bucket that fills up further is not counted on."""


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


def scores_of(texts: Utf8, model: Loaded) -> Sequence[Score]:
    """The score of each text.

    Args:
        texts: the texts in lower case.
        model: the classifier.
    """
    n, sizes = len(texts.offsets) - 1, np.diff(texts.offsets)
    found = _Found(
        np.zeros(n),
        *(np.zeros((n, N_SHOWN), np.int32) for _ in range(2)),
        np.zeros((n, N_SHOWN)),
        np.full((n, N_SHOWN), -1, np.int32),
    )
    room = room_for(int(min(model.limit, sizes.max(initial=1))))
    counts = np.zeros(1 << model.bits, np.uint16)
    _score(texts, model, characters(), room, np.zeros(len(room.characters) + 1), counts, found)
    probabilities: list[float] = np.round(1 / (1 + np.exp(-found.odds)), _DECIMALS).tolist()
    return [
        Score(probability, _words(found, row)) if size else Score(None, ())
        for row, (probability, size) in enumerate(zip(probabilities, sizes.tolist(), strict=True))
    ]


def _words(found: _Found, row: int) -> tuple[Word, ...]:
    told = zip(found.starts[row].tolist(), found.stops[row].tolist(), found.weights[row].tolist(), strict=True)
    return tuple(sorted(Word(start, stop, round(weight, _DECIMALS)) for start, stop, weight in told if weight < 0))


@compiled
def _score(
    texts: Utf8,
    model: Loaded,
    table: Characters,
    room: Room,
    sums: NDArray[np.float64],
    counts: NDArray[np.uint16],
    found: _Found,
) -> None:
    for text in range(len(texts.offsets) - 1):
        n_features, n_words = write_features(texts, text, table, room, model.limit, model.bits)
        for feature in range(n_features):
            sums[feature + 1] = sums[feature] + _step(room.characters[feature], model.weights, counts)
        for feature in range(n_features):
            counts[room.characters[feature]] = 0
        per_feature, per_word = 1.0 / np.sqrt(max(1, n_features)), 1.0 / np.sqrt(max(1, PER_WORD * n_words))
        total = sums[n_features] * per_feature
        for word in range(n_words):
            own = _step(room.words[2 * word], model.weights, counts)
            own += _step(room.words[2 * word + 1], model.weights, counts)
            total += own * per_word
            weight = own * per_word + (sums[room.lasts[word]] - sums[room.firsts[word]]) * per_feature
            if weight < found.weights[text, N_SHOWN - 1]:
                _show(found, text, room, word, weight)
        for feature in range(PER_WORD * n_words):
            counts[room.words[feature]] = 0
        found.odds[text] = model.offset + total


@compiled
def _step(bucket: int, weights: NDArray[np.float32], counts: NDArray[np.uint16]) -> float:
    """What one more of a feature adds: its weight, times what the square root of its count grows by."""
    count = counts[bucket]
    if count >= len(_STEPS):
        return 0.0
    counts[bucket] = count + 1
    return weights[bucket] * _STEPS[count]


@compiled
def _show(found: _Found, text: int, room: Room, word: int, weight: float) -> None:
    """Put a word among those that are shown, which are sorted; each is shown once, where it weighs most."""
    bucket = room.words[2 * word]
    place = N_SHOWN - 1
    for known in range(N_SHOWN):
        if found.buckets[text, known] == bucket:
            if found.weights[text, known] <= weight:
                return
            place = known
    while place > 0 and found.weights[text, place - 1] > weight:
        for rows in (found.starts, found.stops, found.buckets):
            rows[text, place] = rows[text, place - 1]
        found.weights[text, place] = found.weights[text, place - 1]
        place -= 1
    found.starts[text, place], found.stops[text, place] = room.starts[word], room.stops[word]
    found.weights[text, place], found.buckets[text, place] = weight, bucket
