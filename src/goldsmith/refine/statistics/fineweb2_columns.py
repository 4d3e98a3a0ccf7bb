"""The numbers of the FineWeb2 filters: those of Gopher and FineWeb, with the stop words of each text's language."""

from collections.abc import Mapping, Sequence

from goldsmith.kit.arrow import take_rows, utf8
from goldsmith.kit.columns import Batch
from goldsmith.refine.statistics.columns import lines_of, quality_of, repetition_of
from goldsmith.refine.statistics.fineweb2_limits import COLUMNS
from goldsmith.refine.statistics.language_limits import has_hidden_stop_words, known_limits, languages_of
from goldsmith.refine.statistics.scripts import SCRIPTS, count_letters
from goldsmith.refine.statistics.shared_tokens import known_tokens
from goldsmith.refine.statistics.tokenisers import Tokeniser

_SHORT_LINE = 30
_PREFIX = "fineweb2_"
_LEFT_OUT = {
    "repeated_paragraphs",
    "repeated_paragraph_characters",
    "repeated_line_characters",
    "fineweb_short_lines",
}
_FAMILIES = ("gopher_", "fineweb_", "")


def fineweb2_columns(batch: Batch, tokeniser: Tokeniser) -> Mapping[str, Sequence[object]]:
    """The columns of the FineWeb2 filters; texts of a language without limits have none of the numbers."""
    texts = utf8(batch, "text")
    letters = dict(zip(SCRIPTS, count_letters(texts).tolist(), strict=True))
    languages = languages_of(batch.column("language").to_pylist(), letters)
    columns: dict[str, list[object]] = {}
    for language in sorted({name for name in languages if name is not None}):
        rows = [row for row, name in enumerate(languages) if name == language]
        for name, values in _numbers(take_rows(batch, rows), language, tokeniser).items():
            column = columns.setdefault(name, [None] * batch.num_rows)
            for row, value in zip(rows, values, strict=True):
                column[row] = value
    columns[f"{_PREFIX}language"] = list(languages)
    return {name: columns.get(name, [None] * batch.num_rows) for name in COLUMNS}


def _numbers(batch: Batch, language: str, tokeniser: Tokeniser) -> dict[str, Sequence[object]]:
    stop_words = known_limits().languages[language].stop_words
    texts = utf8(batch, "text")
    tokens = known_tokens(batch, texts, tokeniser)
    found = {
        **quality_of(texts, tokens, stop_words),
        **repetition_of(texts, tokens),
        **lines_of(texts, tokens, _SHORT_LINE),
    }
    if has_hidden_stop_words(language):
        found["gopher_stop_words"] = [
            sum(word in text for word in stop_words) for text in batch.column("text").to_pylist()
        ]
    return {_renamed(name): values for name, values in found.items() if name not in _LEFT_OUT}


def _renamed(name: str) -> str:
    family = next(family for family in _FAMILIES if name.startswith(family))
    return _PREFIX + name.removeprefix(family)
