"""Decides which items stand in texts, and where: word for word, letter for letter, or in other words."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

import msgspec
import numpy as np

from goldsmith.kit.arrow import as_utf8
from goldsmith.refine.contamination.folding import I64, WORD_WEIGHT, fold
from goldsmith.refine.contamination.indexes import Index, characters_before
from goldsmith.refine.contamination.rephrasings import likenesses
from goldsmith.refine.contamination.runs import letter_runs, word_runs

Kind = Literal["whole", "words", "overlap", "characters", "rephrased"]
"""How an item was found: its whole question, many words in a row, much of it in pieces, many characters in a row
whatever stands between them, or in other words."""

_FEWEST_DIFFERENT = 3
_MOST_COUNTED = 24


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """From when on a passage counts; see the parameters of the stage."""

    words: int
    min_overlap: float


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """A passage of a text that stands in an item too.

    Attributes:
        item: `file:item`.
        kind: how it was found.
        score: the share of the item that the text has, in [0, 1].
        start: where the passage begins in the text, in characters.
        end: where it ends there.
        item_start: where the passage begins in the item, in characters.
        item_end: where it ends there.
    """

    item: str
    kind: Kind
    score: float
    start: int
    end: int
    item_start: int
    item_end: int


class _Run(NamedTuple):
    """A common passage: its first word in the texts and in the items, and how many words."""

    start: int
    item_start: int
    length: int


class _Found(NamedTuple):
    """A passage that counts: how it shows the item, and the share of the item that the text has in all."""

    run: _Run
    kind: Kind
    score: float


class _Texts:
    """Texts, folded; bytes become characters in those texts alone in which something is found."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._raw = as_utf8(texts)
        self.folded = fold(self._raw)
        self._characters: dict[int, I64] = {}

    def character(self, text: int, place: int) -> int:
        """The character of a text that begins at a byte of all texts; at the end of a text, how many it has."""
        first, last = (int(each) for each in self._raw.offsets[text : text + 2])
        if text not in self._characters:
            self._characters[text] = characters_before(self._raw.content[first:last])
        return int(self._characters[text][place - first])


def find_items(texts: Sequence[str], index: Index, limits: Limits) -> list[list[Match]]:
    """For each text the passages that it has in common with items, those of the item with the highest score first."""
    held = _Texts(texts)
    found = dict(_word_for_word(held, index, limits))
    for key, matches in _letter_for_letter(held, index):
        _ = found.setdefault(key, matches)
    for key, matches in _in_other_words(held, index):
        _ = found.setdefault(key, matches)
    rows: list[list[Match]] = [[] for _ in texts]
    for (text, _), matches in found.items():
        rows[text] += matches
    return [sorted(each, key=lambda match: (-match.score, match.item, match.start)) for each in rows]


def _word_for_word(texts: _Texts, index: Index, limits: Limits) -> Iterable[tuple[tuple[int, int], list[Match]]]:
    runs = word_runs(texts.folded, index.words)
    grouped: defaultdict[tuple[int, int], list[_Run]] = defaultdict(list)
    for text, item, *place in zip(*(column.tolist() for column in runs), strict=True):
        grouped[text, item].append(_Run(*place))
    for (text, item), all_runs in grouped.items():
        told = [run for run in all_runs if _tells(index, run)]
        kind, score = _verdict(index, item, told, limits)
        if kind is not None:
            long = [run for run in told if kind != "words" or _weight(index, run) >= WORD_WEIGHT * limits.words]
            yield (text, item), [_as_match(texts, index, (text, item), _Found(run, kind, score)) for run in long]


def _verdict(index: Index, item: int, runs: Sequence[_Run], limits: Limits) -> tuple[Kind | None, float]:
    """How the item was found by these passages, if it was, and the share of it that they have."""
    if not runs:
        return None, 0.0
    first, last = int(index.words.sequences.bounds[item]), int(index.words.sequences.bounds[item + 1])
    question = first + int(index.question_words[item])
    is_whole = any(run.item_start == first and run.item_start + run.length >= question for run in runs)
    if is_whole:
        return "whole", 1.0
    score = max(_covered(index, runs, first, question), _covered(index, runs, first, last))
    if any(_weight(index, run) >= WORD_WEIGHT * limits.words for run in runs):
        return "words", score
    return ("overlap", score) if score >= limits.min_overlap else (None, score)


def _covered(index: Index, runs: Sequence[_Run], first: int, last: int) -> float:
    """The share of the words `[first, last)` of the items that passages cover, by weight."""
    covered, done = 0, first
    for _, start, length in sorted(runs, key=lambda run: run.item_start):
        begin, end = max(start, done), min(start + length, last)
        if end > begin:
            covered += int(index.weights[end] - index.weights[begin])
            done = end
    total = int(index.weights[last] - index.weights[first])
    return covered / total if total else 0.0


def _weight(index: Index, run: _Run) -> int:
    return int(index.weights[run.item_start + run.length] - index.weights[run.item_start])


def _tells(index: Index, run: _Run) -> bool:
    """Whether a passage has different words: rows of one number or one letter say nothing."""
    words = index.words.sequences.symbols[run.item_start : run.item_start + min(run.length, _MOST_COUNTED)]
    return len(np.unique(words)) >= max(_FEWEST_DIFFERENT, len(words) // 3)


def _as_match(texts: _Texts, index: Index, key: tuple[int, int], found: _Found) -> Match:
    (text, item), run = key, found.run
    last = run.start + run.length - 1
    return Match(
        item=index.names[item],
        kind=found.kind,
        score=found.score,
        start=texts.character(text, int(texts.folded.starts[run.start])),
        end=texts.character(text, int(texts.folded.stops[last])),
        item_start=int(index.starts[run.item_start]),
        item_end=int(index.stops[run.item_start + run.length - 1]),
    )


def _letter_for_letter(texts: _Texts, index: Index) -> Iterable[tuple[tuple[int, int], list[Match]]]:
    runs = letter_runs(texts.folded, index.letters)
    grouped: defaultdict[tuple[int, int], list[_Run]] = defaultdict(list)
    for text, item, *place in zip(*(column.tolist() for column in runs), strict=True):
        run = _Run(*place)
        letters = index.letters.sequences.symbols[run.item_start : run.item_start + run.length]
        if len(np.unique(letters)) >= _FEWEST_DIFFERENT:
            grouped[text, item].append(run)
    for (text, item), found in grouped.items():
        n_letters = int(index.letters.sequences.bounds[item + 1] - index.letters.sequences.bounds[item])
        score = min(1.0, max(run.length for run in found) / n_letters)
        yield (
            (text, item),
            [
                Match(
                    item=index.names[item],
                    kind="characters",
                    score=score,
                    start=texts.character(text, int(texts.folded.places[run.start])),
                    end=texts.character(text, int(texts.folded.places[run.start + run.length - 1])) + 1,
                    item_start=int(index.letter_starts[run.item_start]),
                    item_end=int(index.letter_starts[run.item_start + run.length - 1]) + 1,
                )
                for run in found
            ],
        )


def _in_other_words(texts: _Texts, index: Index) -> Iterable[tuple[tuple[int, int], list[Match]]]:
    found = likenesses(texts.folded, index.terms)
    columns = (found.texts.tolist(), found.items.tolist(), found.starts.tolist(), found.stops.tolist())
    for text, item, start, stop, share in zip(*columns, found.likenesses.tolist(), strict=True):
        first = int(index.words.sequences.bounds[item])
        last = first + max(1, int(index.question_words[item])) - 1
        match = Match(
            item=index.names[int(item)],
            kind="rephrased",
            score=min(1.0, share),
            start=texts.character(text, int(texts.folded.starts[start])),
            end=texts.character(text, int(texts.folded.stops[stop - 1])),
            item_start=int(index.starts[first]),
            item_end=int(index.stops[last]),
        )
        yield (text, item), [match]
