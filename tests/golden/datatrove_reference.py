"""What datatrove's own filters compute. `python -m tests.golden.datatrove_reference` writes the golden file anew.

Its filters give a verdict, never a number. Limits that write down what they are compared with, and never drop, make
them say every number that they compute.
"""

# Texts in several scripts hold characters that look like others.
# ruff: noqa: RUF001

import math
import random
import warnings
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec

from goldsmith.refine.statistics.language_limits import known_limits

FILE = Path(__file__).parent / "refine" / "datatrove.json"

REASONS = {
    "gopher_short_doc": "too-few-words",
    "gopher_long_doc": "too-many-words",
    "gopher_below_avg_threshold": "short-words",
    "gopher_above_avg_threshold": "long-words",
    "gopher_too_many_hashes": "hash-signs",
    "gopher_too_many_ellipsis": "ellipses",
    "gopher_too_many_bullets": "bullet-lines",
    "gopher_too_many_end_ellipsis": "ellipsis-lines",
    "gopher_below_alpha_threshold": "words-without-letters",
    "gopher_enough_stop_words": "few-stop-words",
    "dup_para_frac": "repeated-paragraphs",
    "dup_para_char_frac": "repeated-paragraph-characters",
    "dup_line_frac": "repeated-lines",
    "dup_line_char_frac": "repeated-line-characters",
    **{f"top_{n}_gram": f"top-{n}-words" for n in (2, 3, 4)},
    **{f"duplicated_{n}_n_grams": f"repeated-{n}-words" for n in range(5, 11)},
    "empty": "no-lines",
    "line_punct_ratio": "unfinished-lines",
    "short_line_ratio": "short-lines",
    "char_dup_ratio": "repeated-lines",
    "list_ratio": "list-like",
}
"""Our rule for each of datatrove's reasons."""

ERROR = "division by zero"
"""The verdict of a filter that fails, as datatrove's do on texts without words."""


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """What one filter computes of one text: numbers by our column, and our rule for its reason, if it drops."""

    numbers: dict[str, float | None]
    verdict: str | None


class Noting:
    """A limit that writes down what it is compared with, and lies beyond nothing."""

    __array_ufunc__ = None  # numbers of NumPy leave the comparison to this class
    __hash__ = None

    def __init__(self, name: str, numbers: dict[str, float | None]) -> None:
        self._name, self._numbers = name, numbers

    def _note(self, value: object) -> bool:
        number = float(value)  # pyright: ignore[reportArgumentType]
        self._numbers[self._name] = None if math.isnan(number) else number
        return False

    __lt__ = __gt__ = __le__ = __ge__ = __eq__ = _note  # pyright: ignore[reportAssignmentType]


def expected(text: str, tokenise: Any) -> dict[str, Expected]:
    """What the three filters compute of a text, by our stage, with the tokens that `tokenise` gives."""
    found: dict[str, Expected] = {}
    for stage, (kind, limits) in _filters().items():
        numbers: dict[str, float | None] = {}
        _verdict(kind(**_noting(limits, numbers), language=tokenise), text)
        verdict = _verdict(kind(language=tokenise), text)
        found[stage] = Expected(numbers=numbers, verdict=verdict)
    return found


def fineweb2_verdict(text: str, language: str, tokenise: Any) -> str | None:
    """Our name for the first rule of FineWeb2's filters that drops a text, with the limits that we hold."""
    filters = import_module("datatrove.pipeline.filters")
    limits = known_limits().languages[language]
    chain = (
        filters.GopherRepetitionFilter(
            dup_para_frac=0,
            dup_line_char_frac=0,
            dup_para_char_frac=0,
            dup_line_frac=limits.repeated_lines,
            top_n_grams=list(enumerate(limits.top_words, 2)),
            dup_n_grams=list(enumerate(limits.repeated_words, 5)),
            language=tokenise,
        ),
        filters.FineWebQualityFilter(
            short_line_thr=999,
            char_duplicates_ratio=0.1,
            line_punct_thr=limits.ended_lines,
            new_line_ratio=limits.newlines,
            language=tokenise,
        ),
        filters.GopherQualityFilter(
            min_avg_word_length=limits.mean_word_length[0],
            max_avg_word_length=limits.mean_word_length[1],
            stop_words=list(limits.stop_words),
            max_non_alpha_words_ratio=limits.alphabetic_words,
            min_stop_words=2,
            language=tokenise,
        ),
    )
    reasons = {**REASONS, "char_dup_ratio": "repeated-characters"}
    return next(filter(None, (_verdict(each, text, reasons) for each in chain)), None)


def split_tokeniser() -> Any:
    """datatrove's tokeniser that cuts at white space, which it lets one hand in but does not have."""
    return listed_tokeniser(str.split)


def edited_by_c4(text: str, *, only_finished: bool, n_sentences: Any) -> str | None:
    """The text after datatrove's C4 filter, where a line has `n_sentences(line)` sentences; None if it is dropped."""
    kind = import_module("datatrove.pipeline.filters").C4QualityFilter
    document = import_module("datatrove.data").Document(text=text, id="text")
    tokeniser = listed_tokeniser(str.split, n_sentences)
    kept = kind(filter_no_terminal_punct=only_finished, language=tokeniser).filter(document) is True
    return document.text if kept else None


def listed_tokeniser(words_of: Any, n_sentences: Any = None) -> Any:
    """A tokeniser for datatrove that gives the words of `words_of(text)`, and as many sentences as it is told."""
    base = import_module("datatrove.utils.word_tokenizers").WordTokenizer

    class Listed(base):
        def word_tokenize(self, text: str) -> list[str]:
            return words_of(text)

        def sent_tokenize(self, text: str) -> list[str]:
            raise NotImplementedError

        def span_tokenize(self, text: str) -> list[tuple[int, int]]:
            return [(0, len(text))] * n_sentences(text)

    return Listed()


def _filters() -> dict[str, tuple[Any, dict[str, Any]]]:
    filters = import_module("datatrove.pipeline.filters")
    quality = {
        "min_doc_words": "gopher_words",
        "min_avg_word_length": "gopher_mean_word_length",
        "max_symbol_word_ratio": "gopher_ellipses_per_word",  # it is compared with the hashes first, then with these
        "max_bullet_lines_ratio": "gopher_bullet_lines",
        "max_ellipsis_lines_ratio": "gopher_ellipsis_lines",
        "max_non_alpha_words_ratio": "gopher_alphabetic_words",
        "min_stop_words": "gopher_stop_words",
    }
    repetition = {
        "dup_line_frac": "repeated_lines",
        "dup_para_frac": "repeated_paragraphs",
        "dup_line_char_frac": "repeated_line_characters",
        "dup_para_char_frac": "repeated_paragraph_characters",
        "top_n_grams": [(n, f"top_{n}_words") for n in (2, 3, 4)],
        "dup_n_grams": [(n, f"repeated_{n}_words") for n in range(5, 11)],
    }
    fineweb = {
        "line_punct_thr": "fineweb_ended_lines",
        "short_line_thr": "fineweb_short_lines",
        "char_duplicates_ratio": "fineweb_repeated_characters",
        "new_line_ratio": "fineweb_newlines_per_word",
    }
    return {
        "gopher-quality": (filters.GopherQualityFilter, quality),
        "gopher-repetition": (filters.GopherRepetitionFilter, repetition),
        "fineweb-quality": (filters.FineWebQualityFilter, fineweb),
    }


class _NotingHashes(Noting):
    """Notes the hashes at its first comparison and the ellipses at its second."""

    def _note(self, value: object) -> bool:
        first = "gopher_hashes_per_word"
        name = first if first not in self._numbers else self._name
        self._numbers[name] = float(value)  # pyright: ignore[reportArgumentType]
        return False

    __lt__ = __gt__ = __le__ = __ge__ = __eq__ = _note  # pyright: ignore[reportAssignmentType]


def _noting(limits: dict[str, Any], numbers: dict[str, float | None]) -> dict[str, Any]:
    noting: dict[str, Any] = {}
    for name, column in limits.items():
        if isinstance(column, list):
            noting[name] = tuple((n, Noting(each, numbers)) for n, each in column)
        elif name == "max_symbol_word_ratio":
            noting[name] = _NotingHashes(column, numbers)
        else:
            noting[name] = Noting(column, numbers)
    return noting


def _verdict(filters: Any, text: str, reasons: Mapping[str, str] = REASONS) -> str | None:
    document = import_module("datatrove.data").Document(text=text, id="text")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the mean of no words
        try:
            found = filters.filter(document)
        except ZeroDivisionError:
            return ERROR
    return None if found is True else reasons[found[1]]


EDGES = (
    "",
    " ",
    "\n",
    "\n\n\n",
    "a",
    "...",
    "… …\n…",
    "\r\n\r\n- a\r\n\u2022 b ...\r\n",
    "one\x0btwo\x0cthree\x1cfour\x1dfive\x1esix\x1fseven\x85eight\u2028nine\u2029ten",
    "\u00a0- no\u3000break \u2003 spaces\u200b zero\ufeff width\u00a0",
    "a. .. ... .... ..... ...... #hash ##",
    "1 11 11 1 111 1 1 1 1 1 1 11 1 1 1 111 1 11 1 1 1 1 1 1",  # other words, the same text
    "a b a b a b a b a b a b a b a b a b a b a b a b a b a b",
    "中文没有空格。\n中文没有空格。\n日本語の文です。\nประโยคภาษาไทย\nខ្មែរ។",
    "한국어 문장입니다.\nهذا نص عربي؟\nयह हिन्दी है।",
    "e\u0301te\u0301 \U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1e9\U0001f1ea \U00020000\U00020001 \U00011f43",
    "<|>`´~^ “quoted” „unten“ —dash– ［full］ 〈angle〉 ١٢٣ ½ ² Ⅷ ª º µ",
    "line one.\n\nline one.\n\n\nline one.\n \n\t\nline one.\r\nline one.",
    "  \n\nstripped\n\nstripped\n\n  ",
)
"""Texts at the borders of the rules."""

WORDS = "the be to of and that have with a house river 3.14 -- # ... ! (see) über Straße naïve кот собака 中文 字 ไทย"


def made_texts(n: int = 60, seed: int = 7) -> list[str]:
    """The edges, and made-up texts with lines, lists, repeats, symbols and several scripts."""
    rng = random.Random(seed)  # noqa: S311 - made-up texts
    words = WORDS.split()
    texts = list(EDGES)
    for _ in range(n):
        vocabulary = rng.sample(words, rng.randint(2, len(words)))
        lines: list[str] = []
        for _ in range(rng.randint(1, 25)):
            if lines and rng.random() < 0.25:
                lines.append(rng.choice(lines))
                continue
            start = rng.choice(["", "", "", "- ", "• ", "  \u2022", "\t"])
            end = rng.choice(["", ".", "...", "…", "!", "。", " ", "\r", "؟"])
            body = rng.choices(vocabulary, k=rng.randint(0, rng.choice([4, 15, 60])))
            lines.append(start + rng.choice([" ", " ", "  ", "\u00a0"]).join(body) + end)
        texts.append(rng.choice(["\n", "\n", "\n\n", "\n\n\n", "\r\n", "\u2028"]).join(lines))
    return texts


if __name__ == "__main__":
    golden = [msgspec.json.encode(expected(text, split_tokeniser())) for text in made_texts()]
    FILE.write_bytes(b"[\n" + b",\n".join(golden) + b"\n]\n")
