"""The quality signals of RedPajama-V2 that need no model, as columns."""

import re
import string
from collections.abc import Mapping, Sequence
from unicodedata import normalize

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.arrow import as_utf8, utf8
from goldsmith.kit.columns import Batch
from goldsmith.refine.statistics.line_letters import numeric_of_lines
from goldsmith.refine.statistics.raw_signals import RawCounts, count_raw
from goldsmith.refine.statistics.tokens import tokens_of
from goldsmith.refine.statistics.word_signals import DUPE_LENGTHS, TOP_LENGTHS, count_word_signals

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Numbers = list[float | None]

_DIGITS = 8
_SENTENCE = re.compile(r"\b[^.!?]+[.!?]*")
_PUNCTUATION = string.punctuation.encode()
_PLACEHOLDER = "lorem ipsum"
_SCRIPT = re.compile(r"(?<!\S)javascript(?!\S)")


def redpajama_columns(batch: Batch) -> Mapping[str, Sequence[object]]:
    """The signals of each text by their name in the data set, rounded to 8 decimals as there.

    Of the signals of lines it is the mean over the lines.
    """
    texts: list[str] = batch.column("text").to_pylist()
    normal = [_normalised(text) for text in texts]
    raw = count_raw(utf8(batch, "text"))
    return {**_of_raw(texts, raw), **_of_words(normal, raw.n_lines)}


def _of_raw(texts: Sequence[str], raw: RawCounts) -> dict[str, Sequence[object]]:
    n_symbols = np.array([text.count("#") + text.count("...") + text.count("…") for text in texts], np.float64)
    n_curly = np.array([text.count("{") + text.count("}") for text in texts], np.float64)
    n_characters = np.array([len(text) for text in texts], np.int64)
    lettered = _ratios(raw.n_lettered, raw.n_words)
    return {
        "ccnet_length": n_characters.tolist(),
        "ccnet_nlines": raw.n_lines.tolist(),
        "rps_doc_num_sentences": [len(_SENTENCE.findall(text)) for text in texts],
        "rps_doc_symbol_to_word_ratio": _rounded(_ratios(n_symbols, raw.n_words)),
        "rps_doc_frac_lines_end_with_ellipsis": _rounded(_ratios(raw.n_ellipsis, raw.n_lines)),
        "rps_doc_frac_no_alph_words": _rounded([None if share is None else 1.0 - share for share in lettered]),
        "rps_doc_frac_all_caps_words": _rounded(_ratios(raw.n_capitals, raw.n_words)),
        "rps_doc_curly_bracket": _rounded(_ratios(n_curly, n_characters, empty=0.0)),
        "rps_lines_ending_with_terminal_punctution_mark": _rounded(_ratios(raw.n_terminal, raw.n_lines)),
        "rps_lines_start_with_bulletpoint": _rounded(_ratios(raw.n_bullets, raw.n_lines)),
        "rps_lines_uppercase_letter_fraction": _rounded(_ratios(raw.uppercase, raw.n_lines)),
    }


def _of_words(normal: Sequence[str], n_lines: I64) -> dict[str, Sequence[object]]:
    encoded = as_utf8(normal)
    tokens = tokens_of(encoded, "split")
    n_words = np.diff(tokens.bounds)
    words = count_word_signals(encoded, tokens)
    n_characters = words.n_characters + np.maximum(n_words - 1, 0)
    placeholders = np.array([_n_placeholders(text) for text in normal], np.float64)
    scripts = np.array([len(_SCRIPT.findall(text)) if "javascript" in text else 0 for text in normal], np.float64)
    names = [f"rps_doc_frac_chars_top_{n}gram" for n in TOP_LENGTHS]
    names += [f"rps_doc_frac_chars_dupe_{n}grams" for n in DUPE_LENGTHS]
    return {
        "rps_doc_word_count": n_words.tolist(),
        "rps_doc_mean_word_length": _rounded(_ratios(words.n_characters, n_words)),
        "rps_doc_frac_unique_words": _rounded(_ratios(words.n_unique, n_words)),
        "rps_doc_unigram_entropy": [
            round(entropy, _DIGITS) if n else None
            for entropy, n in zip(words.entropy.tolist(), n_words.tolist(), strict=True)
        ],
        "rps_doc_lorem_ipsum": _rounded(_ratios(placeholders, n_characters, empty=0.0)),
        **{name: _rounded(shares.tolist()) for name, shares in zip(names, words.shares, strict=True)},
        "rps_lines_javascript_counts": _rounded(_ratios(scripts, n_lines)),
        "rps_lines_num_words": _rounded(_ratios(n_words, n_lines)),
        "rps_lines_numerical_chars_fraction": _rounded(_ratios(numeric_of_lines(encoded), n_lines)),
    }


def _normalised(text: str) -> str:
    """The text in lower case, decomposed, and without the punctuation of ASCII; white space stays as it is."""
    return normalize("NFD", text.encode().translate(None, _PUNCTUATION).decode().lower())


def _n_placeholders(normal: str) -> int:
    return " ".join(normal.split()).count(_PLACEHOLDER) if "lorem" in normal else 0


def _ratios(part: I64 | F64, whole: I64, *, empty: float | None = None) -> Numbers:
    pairs = zip(part.tolist(), whole.tolist(), strict=True)
    return [share / of if of else empty for share, of in pairs]


def _rounded(values: Sequence[float | None]) -> Numbers:
    return [None if value is None else round(value, _DIGITS) for value in values]
