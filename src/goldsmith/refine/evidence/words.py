"""Finds words and word sequences that show why a text was stopped, by the tokens that the statistics count."""

import functools
import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.arrow import Utf8
from goldsmith.refine.evidence.spans import Span, encoded, in_characters
from goldsmith.refine.statistics.repetitions import earlier_sequences
from goldsmith.refine.statistics.tokenisers import Tokeniser
from goldsmith.refine.statistics.tokens import Tokens, tokens_of

I64 = NDArray[np.int64]


def words_without_letters(text: str, tokeniser: Tokeniser) -> Iterator[Span]:
    """The tokens that have no letter."""
    return (span for span in _words(text, tokeniser) if not any(map(str.isalpha, text[span[0] : span[1]])))


def long_words(text: str, tokeniser: Tokeniser, longest: float) -> Iterator[Span]:
    """The tokens of more than `longest` characters."""
    return (span for span in _words(text, tokeniser) if span[1] - span[0] > longest)


def matches(text: str, pattern: re.Pattern[str]) -> Iterator[Span]:
    """Where a pattern is found."""
    return (found.span() for found in pattern.finditer(text))


def repeated_sequences(text: str, tokeniser: Tokeniser, length: int) -> Iterator[Span]:
    """The sequences of `length` tokens that stood before; after one of them the search goes on behind it."""
    texts, tokens = _tokens(text, tokeniser)
    earlier = earlier_sequences(texts, tokens, length, True)  # noqa: FBT003 - compiled code has no keywords
    places = np.arange(len(earlier))
    return _sequences(texts, tokens, np.flatnonzero((earlier >= 0) & (earlier != places)), length)


def top_sequence(text: str, tokeniser: Tokeniser, length: int) -> Iterator[Span]:
    """Where the most frequent sequence of `length` tokens stands, of equals the first."""
    texts, tokens = _tokens(text, tokeniser)
    earlier = earlier_sequences(texts, tokens, length, False)  # noqa: FBT003 - compiled code has no keywords
    times = np.bincount(earlier, minlength=1)
    return _sequences(texts, tokens, np.flatnonzero(earlier == times.argmax()), length)


def _sequences(texts: Utf8, tokens: Tokens, firsts: I64, length: int) -> Iterator[Span]:
    return in_characters(texts, tokens.starts[firsts], tokens.stops[firsts + length - 1])


def _words(text: str, tokeniser: Tokeniser) -> Iterator[Span]:
    texts, tokens = _tokens(text, tokeniser)
    return in_characters(texts, tokens.starts, tokens.stops)


@functools.lru_cache(maxsize=1)
def _tokens(text: str, tokeniser: Tokeniser) -> tuple[Utf8, Tokens]:
    """The tokens of a text; several rules in a row ask for those of the same."""
    texts = encoded(text)
    return texts, tokens_of(texts, tokeniser)
