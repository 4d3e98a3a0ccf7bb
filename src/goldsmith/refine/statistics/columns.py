"""The statistics of a batch as the columns of the quality stages."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.arrow import Utf8, utf8
from goldsmith.kit.columns import Batch
from goldsmith.refine.statistics.line_edits import edit_lines
from goldsmith.refine.statistics.line_rules import LineRules, Reason
from goldsmith.refine.statistics.pieces import count_lines, count_pieces
from goldsmith.refine.statistics.repetitions import REPEATED_LENGTHS, TOP_LENGTHS, count_repetitions
from goldsmith.refine.statistics.shared_tokens import handed_on, known_tokens
from goldsmith.refine.statistics.tokenisers import Tokeniser
from goldsmith.refine.statistics.tokens import Tokens
from goldsmith.refine.statistics.words import count_symbols, count_words

I64 = NDArray[np.int64]
Columns = Mapping[str, Sequence[object]]


def quality_columns(batch: Batch, tokeniser: Tokeniser, stop_words: Sequence[str]) -> Columns:
    """The columns of the Gopher quality filter."""
    texts = utf8(batch, "text")
    tokens = known_tokens(batch, texts, tokeniser)
    return {**quality_of(texts, tokens, stop_words), **handed_on(batch, texts, tokens, tokeniser)}


def repetition_columns(batch: Batch, tokeniser: Tokeniser) -> Columns:
    """The columns of the Gopher repetition filter."""
    texts = utf8(batch, "text")
    tokens = known_tokens(batch, texts, tokeniser)
    return {**repetition_of(texts, tokens), **handed_on(batch, texts, tokens, tokeniser)}


def line_columns(batch: Batch, tokeniser: Tokeniser, short_line: int) -> Columns:
    """The columns of the FineWeb filter."""
    texts = utf8(batch, "text")
    tokens = known_tokens(batch, texts, tokeniser)
    return {**lines_of(texts, tokens, short_line), **handed_on(batch, texts, tokens, tokeniser)}


def c4_columns(batch: Batch, rules: LineRules, left_out: Mapping[Reason, str]) -> Columns:
    """The columns of the C4 filter; `left_out` names those that count lines, by reason."""
    edits = edit_lines(utf8(batch, "text"), rules)
    return {
        "text": edits.texts,
        **{column: edits.left_out[reason] for reason, column in left_out.items()},
        "c4_citations": edits.n_citations,
        "c4_placeholder_lines": edits.n_placeholder_lines,
        "c4_curly_lines": edits.n_curly_lines,
        "c4_sentences": edits.n_sentences,
    }


def quality_of(texts: Utf8, tokens: Tokens, stop_words: Sequence[str]) -> Columns:
    """The numbers of the Gopher quality filter, whoever cut the tokens; ratios of nothing are missing."""
    words, symbols = count_words(texts, tokens, stop_words), count_symbols(texts)
    return {
        "gopher_words": words.n_spoken.tolist(),
        "gopher_mean_word_length": _ratios(words.n_spoken_characters, words.n_spoken),
        "gopher_hashes_per_word": _ratios(symbols.n_hashes, words.n_words),
        "gopher_ellipses_per_word": _ratios(symbols.n_ellipses, words.n_words),
        "gopher_bullet_lines": _ratios(symbols.n_bullets, symbols.n_lines),
        "gopher_ellipsis_lines": _ratios(symbols.n_ending, symbols.n_lines),
        "gopher_alphabetic_words": _ratios(words.n_alphabetic, words.n_words),
        "gopher_stop_words": words.n_stop_words.tolist(),
    }


def repetition_of(texts: Utf8, tokens: Tokens) -> Columns:
    """The numbers of the Gopher repetition filter, whoever cut the tokens; shares of an empty text are missing."""
    pieces, sequences = count_pieces(texts), count_repetitions(texts, tokens)
    names = [f"top_{n}_words" for n in TOP_LENGTHS] + [f"repeated_{n}_words" for n in REPEATED_LENGTHS]
    is_empty = pieces.n_characters == 0
    return {
        "repeated_paragraphs": _ratios(pieces.n_repeated_paragraphs, np.where(is_empty, 0, pieces.n_paragraphs)),
        "repeated_paragraph_characters": _ratios(pieces.n_repeated_paragraph_characters, pieces.n_characters),
        "repeated_lines": _ratios(pieces.n_repeated_lines, np.where(is_empty, 0, pieces.n_lines)),
        "repeated_line_characters": _ratios(pieces.n_repeated_line_characters, pieces.n_characters),
        **{name: _ratios(count, pieces.n_characters) for name, count in zip(names, sequences, strict=True)},
    }


def lines_of(texts: Utf8, tokens: Tokens, short_line: int) -> Columns:
    """The numbers of the FineWeb filter, whoever cut the tokens; ratios of nothing are missing."""
    lines = count_lines(texts, short_line)
    return {
        "fineweb_lines": lines.n_lines.tolist(),
        "fineweb_ended_lines": _ratios(lines.n_ended, lines.n_lines),
        "fineweb_short_lines": _ratios(lines.n_short, lines.n_lines),
        "fineweb_repeated_characters": _ratios(lines.n_repeated_characters, lines.n_characters),
        "fineweb_newlines_per_word": _ratios(lines.n_newlines, np.diff(tokens.bounds)),
    }


def _ratios(part: I64, whole: I64) -> list[float | None]:
    """Each part by its whole; nothing where the whole is 0."""
    is_empty = whole == 0
    ratios: list[float | None] = (part / np.where(is_empty, 1, whole)).tolist()
    for row in np.flatnonzero(is_empty).tolist():
        ratios[row] = None
    return ratios
