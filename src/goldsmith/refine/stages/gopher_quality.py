"""Gopher quality: drops texts whose words, symbols and lines are unlike those of prose."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar
from unicodedata import unidata_version

from goldsmith.kit.columns import Batch, Kinds
from goldsmith.refine.model import DocumentStage
from goldsmith.refine.rules import Bound, Rule, check_limits, with_limits
from goldsmith.refine.statistics.tokenisers import Tokeniser, check_tokeniser, libraries_of

_BOUNDS = {
    "min_words": Bound(
        name="too-few-words",
        number="gopher_words",
        side="minimum",
        threshold=0,
        label="words that are more than punctuation",
        unit="words",
        reason="{value} words, below the minimum of {threshold}",
    ),
    "max_words": Bound(
        name="too-many-words",
        number="gopher_words",
        side="maximum",
        threshold=0,
        label="words that are more than punctuation",
        unit="words",
        reason="{value} words, above the maximum of {threshold}",
    ),
    "min_mean_word_length": Bound(
        name="short-words",
        number="gopher_mean_word_length",
        side="minimum",
        threshold=0,
        label="mean length of their words in characters",
        unit="characters a word",
        reason="words of {value} characters on average, below the minimum of {threshold}",
    ),
    "max_mean_word_length": Bound(
        name="long-words",
        number="gopher_mean_word_length",
        side="maximum",
        threshold=0,
        label="mean length of their words in characters",
        unit="characters a word",
        reason="words of {value} characters on average, above the maximum of {threshold}",
    ),
    "max_hashes": Bound(
        name="hash-signs",
        number="gopher_hashes_per_word",
        side="maximum",
        threshold=0,
        label="number signs for each word",
        unit="number signs for each word",
        reason="{value} number signs for each word, above the maximum of {threshold}",
    ),
    "max_ellipses": Bound(
        name="ellipses",
        number="gopher_ellipses_per_word",
        side="maximum",
        threshold=0,
        label="ellipses for each word",
        unit="ellipses for each word",
        reason="{value} ellipses for each word, above the maximum of {threshold}",
    ),
    "max_bullet_lines": Bound(
        name="bullet-lines",
        number="gopher_bullet_lines",
        side="maximum",
        threshold=0,
        label="share of lines that begin with a bullet",
        unit="of the lines begin with a bullet",
        is_share=True,
        reason="{value} of its lines begin with a bullet, above the maximum of {threshold}",
    ),
    "max_ellipsis_lines": Bound(
        name="ellipsis-lines",
        number="gopher_ellipsis_lines",
        side="maximum",
        threshold=0,
        label="share of lines that end with an ellipsis",
        unit="of the lines end with an ellipsis",
        is_share=True,
        reason="{value} of its lines end with an ellipsis, above the maximum of {threshold}",
    ),
    "min_alphabetic_words": Bound(
        name="words-without-letters",
        number="gopher_alphabetic_words",
        side="minimum",
        threshold=0,
        label="share of words with a letter",
        unit="of the words have a letter",
        is_share=True,
        reason="{value} of its words have a letter, below the minimum of {threshold}",
    ),
    "min_stop_words": Bound(
        name="few-stop-words",
        number="gopher_stop_words",
        side="minimum",
        threshold=0,
        label="different stop words",
        unit="different stop words",
        reason="{value} different stop words, below the minimum of {threshold}",
    ),
}
"""What each limit does, in the order in which the limits decide."""

_HASHES, _ELLIPSES = re.compile("#+"), re.compile(r"\.{3}|\u2026")


class GopherQuality(DocumentStage, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Counts words, symbols, bullets and stop words, and drops texts outside of the limits; `null` lifts a limit.

    Attributes:
        tokens: what counts as a word: `split` cuts at white space; `words` follows Unicode's word boundaries, with
            punctuation as tokens and each Chinese, Japanese, Thai, Lao, Burmese or Khmer letter as a word;
            `spacy` cuts as spaCy and so datatrove do (`pip install spacy`), by the rules of each text's language.
            Limits belong to a tokeniser: by the same `min_alphabetic_words` texts with much punctuation pass under
            `split` and are dropped under `words`.
        min_words: the fewest words that are more than punctuation.
        max_words: the most words that are more than punctuation.
        min_mean_word_length: the least mean length in code points of the words that are more than punctuation.
        max_mean_word_length: the greatest mean length of those.
        max_hashes: the most `#` for each word.
        max_ellipses: the most `...` and `…` for each word.
        max_bullet_lines: the greatest share of lines that begin with `•` or `-`.
        max_ellipsis_lines: the greatest share of lines that end with `...` or `…`.
        min_alphabetic_words: the least share of words with a letter.
        min_stop_words: the fewest different stop words, capitals counted as other letters.
        stop_words: the stop words, English unless said otherwise.

    Source: Rae et al. 2021, "Scaling Language Models: Methods, Analysis & Insights from Training Gopher", section
    A1.1. Computed as by `GopherQualityFilter` of datatrove 0.10, bit by bit if the tokens are the same. Departures:
    every number is computed, without an early exit; a text without words or lines has no ratios and passes those rules.
    """

    name: ClassVar[str] = "gopher-quality"
    title: ClassVar[str] = "Gopher quality"
    version: ClassVar[str] = f"1+unicode{unidata_version}"
    columns: ClassVar[Kinds] = {
        "gopher_words": "int",
        "gopher_mean_word_length": "float",
        "gopher_hashes_per_word": "float",
        "gopher_ellipses_per_word": "float",
        "gopher_bullet_lines": "float",
        "gopher_ellipsis_lines": "float",
        "gopher_alphabetic_words": "float",
        "gopher_stop_words": "int",
    }
    thresholds: ClassVar[frozenset[str]] = frozenset(_BOUNDS)
    libraries: ClassVar[tuple[str, ...]] = ("numba", "numpy", "pyarrow")

    tokens: Tokeniser = "split"
    min_words: int | None = 50
    max_words: int | None = 100_000
    min_mean_word_length: float | None = 3
    max_mean_word_length: float | None = 10
    max_hashes: float | None = 0.1
    max_ellipses: float | None = 0.1
    max_bullet_lines: float | None = 0.9
    max_ellipsis_lines: float | None = 0.3
    min_alphabetic_words: float | None = 0.8
    min_stop_words: int | None = 2
    stop_words: tuple[str, ...] = ("the", "be", "to", "of", "and", "that", "have", "with")

    def __post_init__(self) -> None:
        check_tokeniser(self.tokens)
        if any(not word.strip() for word in self.stop_words):
            raise ValueError("`stop_words` cannot hold an empty word")
        check_limits(self._limits())

    def chosen_libraries(self) -> tuple[str, ...]:
        """The library of the tokeniser, if it is not one of ours."""
        return libraries_of(self.tokens)

    def annotate(self, batch: Batch) -> Mapping[str, Sequence[object]]:
        """Every number that a limit is about."""
        from goldsmith.refine.statistics.columns import quality_columns  # noqa: PLC0415 - loads the compiler's library

        return quality_columns(batch, self.tokens, self.stop_words)

    def rules(self) -> tuple[Rule, ...]:
        """Drops outside of the limits that are set."""
        return with_limits(_BOUNDS, self._limits())

    def spans_of(self, rule: str, text: str, columns: Mapping[str, object]) -> Iterable[tuple[int, int]]:
        """The lines, words and symbols that are too many; numbers of words have no place in a text."""
        from goldsmith.refine.evidence import lines, words  # noqa: PLC0415 - loads the compiler's library

        del columns
        match rule:
            case "long-words":
                return words.long_words(text, self.tokens, self.max_mean_word_length or 0)
            case "hash-signs":
                return words.matches(text, _HASHES)
            case "ellipses":
                return words.matches(text, _ELLIPSES)
            case "bullet-lines":
                return lines.bullet_lines(text)
            case "ellipsis-lines":
                return lines.ellipsis_lines(text)
            case "words-without-letters":
                return words.words_without_letters(text, self.tokens)
            case _:
                return ()

    def _limits(self) -> dict[str, float | None]:
        return {field: getattr(self, field) for field in _BOUNDS}


plugin = GopherQuality
