"""Everything that is looked for, built once in each process: about 300 MB for 100,000 items of 50 words."""

import functools
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.arrow import as_utf8
from goldsmith.refine.contamination.folding import I32, I64, WORD_WEIGHT, Folded, fold
from goldsmith.refine.contamination.items import SetFile, SetItem, read_items
from goldsmith.refine.contamination.runs import LetterIndex, Sequences, WordIndex
from goldsmith.refine.contamination.seeds import STRIDE, Windows, letter_windows, specific, whole_windows, word_windows
from goldsmith.refine.contamination.term_indexes import TermIndex, term_index

_N_CACHED = 2
_FEW_WORDS = 10
"""A question with fewer is looked for in other words together with its answer and choices."""


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked for, apart from the items themselves; see the parameters of the stage."""

    fields: tuple[str, ...]
    overlap_words: int
    characters: int
    min_words: int
    common_in: int
    min_likeness: float


class Index(NamedTuple):
    """The items of test sets, ready to be looked for.

    Attributes:
        names: `file:item` of each item.
        question_words: words of each item that belong to its question.
        question_starts: where in the words those of each item begin.
        starts: where each word begins in its item, in characters.
        stops: where each word ends in its item, in characters.
        letter_starts: where each letter stands in its item, in characters.
        weights: what the words of the items before each word weigh, with the total at the end.
        words: how they are found word for word.
        letters: how they are found letter for letter.
        terms: how they are found in other words.
        is_searched: whether an item can be found at all; the others are too short.
    """

    names: tuple[str, ...]
    question_words: I64
    starts: I32
    stops: I32
    letter_starts: I32
    weights: I64
    words: WordIndex
    letters: LetterIndex
    terms: TermIndex
    is_searched: NDArray[np.bool_]


@functools.lru_cache(maxsize=_N_CACHED)
def index_of(files: tuple[SetFile, ...], search: Search) -> Index:
    """The index of the items in files; of the last ones asked for it is kept.

    Raises:
        InputError: a file changed, or cannot be read.
    """
    return build_index(read_items(files, search.fields), search)


def build_index(items: list[SetItem], search: Search) -> Index:
    """The index of items."""
    texts = as_utf8([f"{item.question}\n{item.rest}" if item.rest else item.question for item in items])
    folded, questions = fold(texts), fold(as_utf8([item.question for item in items]))
    characters = characters_before(texts.content)
    lengths = np.diff(questions.bounds)
    owners = np.repeat(np.arange(len(items), dtype=np.int32), np.diff(folded.bounds))
    words = _word_index(folded, lengths, owners, search)
    letters = _letter_index(folded, search)
    first_bytes = texts.offsets[owners]
    letter_owners = np.repeat(np.arange(len(items)), np.diff(folded.ends))
    terms = term_index(fold(as_utf8(_telling(items, questions))), search.min_likeness)
    return Index(
        names=tuple(item.name for item in items),
        question_words=lengths,
        starts=(characters[folded.starts] - characters[first_bytes]).astype(np.int32),
        stops=(characters[folded.stops] - characters[first_bytes]).astype(np.int32),
        letter_starts=(characters[folded.places] - characters[texts.offsets[letter_owners]]).astype(np.int32),
        weights=np.concatenate([np.zeros(1, np.int64), np.cumsum(folded.weights, dtype=np.int64)]),
        words=words,
        letters=letters,
        terms=terms,
        is_searched=_searched(words, letters, terms),
    )


def characters_before(content: NDArray[np.uint8]) -> I64:
    """How many characters begin before each byte, and before the end."""
    found = np.zeros(len(content) + 1, np.int64)
    _ = np.cumsum((content & 0xC0) != 0x80, out=found[1:])
    return found


def _word_index(folded: Folded, question_words: I64, owners: I32, search: Search) -> WordIndex:
    weight = WORD_WEIGHT * search.overlap_words
    windows = word_windows(folded, weight)
    seeds = specific(windows, owners[windows.places], search.common_in)
    is_specific = np.zeros(len(folded.words), np.bool_)
    is_specific[seeds.places] = True
    wholes = whole_windows(folded, question_words, (WORD_WEIGHT * search.min_words, weight))
    short = specific(Windows(wholes.keys, wholes.places), owners[wholes.places], search.common_in)
    return WordIndex(
        sequences=Sequences(folded.words.astype(np.uint32), folded.bounds, seeds, is_specific, stride=1, least=1),
        weight=weight,
        wholes=short,
        lengths=np.unique(wholes.lengths),
    )


def _letter_index(folded: Folded, search: Search) -> LetterIndex:
    width = search.characters - STRIDE + 1
    windows = letter_windows(folded, width)
    owners = np.searchsorted(folded.ends, windows.places, side="right").astype(np.int32) - 1
    seeds = specific(windows, owners, search.common_in)
    is_specific = np.zeros(len(folded.letters), np.bool_)
    is_specific[seeds.places] = True
    sequences = Sequences(folded.letters, folded.ends, seeds, is_specific, stride=STRIDE, least=search.characters)
    return LetterIndex(sequences, width)


def _telling(items: list[SetItem], questions: Folded) -> list[str]:
    """The questions; of an item whose question has few words, all that it has."""
    n_before = np.concatenate([np.zeros(1, np.int64), np.cumsum(questions.weights, dtype=np.int64)])
    weights = (n_before[questions.bounds[1:]] - n_before[questions.bounds[:-1]]).tolist()
    return [
        item.question if weight >= WORD_WEIGHT * _FEW_WORDS else f"{item.question}\n{item.rest}"
        for item, weight in zip(items, weights, strict=True)
    ]


def _searched(words: WordIndex, letters: LetterIndex, terms: TermIndex) -> NDArray[np.bool_]:
    is_searched = terms.totals > 0
    for places, bounds in (
        (words.sequences.seeds.places, words.sequences.bounds),
        (words.wholes.places, words.sequences.bounds),
        (letters.sequences.seeds.places, letters.sequences.bounds),
    ):
        is_searched[np.searchsorted(bounds, places, side="right") - 1] = True
    return is_searched
