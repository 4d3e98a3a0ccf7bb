"""The limits of the FineWeb2 filters: what each is about, and what it is for each language."""

import functools
from collections.abc import Mapping
from typing import Literal

import msgspec

from goldsmith.kit.columns import Kinds
from goldsmith.refine.rules import Bound
from goldsmith.refine.statistics.language_limits import LanguageLimits, is_unspaced, known_limits

_PREFIX = "fineweb2_"


class Limit(msgspec.Struct, frozen=True, kw_only=True):
    """What a limit is about.

    Attributes:
        column: the column with the number that is compared.
        side: whether it is the least or the greatest number that passes.
        rule: what reports call it.
        reason: the sentence for people.
        needs_words: whether it is about where words begin and end.
        is_count: whether the number is whole.
    """

    column: str
    side: Literal["minimum", "maximum"]
    rule: str
    reason: str
    needs_words: bool = False
    is_count: bool = False


def _limit(side: Literal["minimum", "maximum"], rule: str, column: str, claim: str, **more: bool) -> Limit:
    beyond = "below the minimum" if side == "minimum" else "above the maximum"
    reason = f"{claim}, {beyond} of {{threshold}} for {{language}}"
    return Limit(column=_PREFIX + column, side=side, rule=rule, reason=reason, **more)


def _share(side: Literal["minimum", "maximum"], rule: str, column: str, claim: str) -> Limit:
    return _limit(side, rule, column, f"{{value}} of its {claim}")


def _sequences(kind: str, length: int, claim: str) -> tuple[str, Limit]:
    column = f"{kind}_{length}_words"
    rule = column.replace("_", "-")
    return f"max_{column}", _limit("maximum", rule, column, f"{{value}} of its characters {claim}", needs_words=True)


_WORDS = "words of {value} characters on average"

LIMITS: Mapping[str, Limit] = {
    "max_repeated_lines": _share("maximum", "repeated-lines", "repeated_lines", "lines repeat"),
    **dict(_sequences("top", n, f"are its most frequent {n} words") for n in (2, 3, 4)),
    **dict(_sequences("repeated", n, f"repeat {n} words in a row") for n in range(5, 11)),
    "min_ended_lines": _share("minimum", "unfinished-lines", "ended_lines", "lines end like a sentence"),
    "max_repeated_characters": _share(
        "maximum", "repeated-characters", "repeated_characters", "characters stand in lines that repeat"
    ),
    "max_newlines": _limit("maximum", "list-like", "newlines_per_word", "{value} newlines for each word"),
    "min_words": _limit("minimum", "too-few-words", "words", "{value} words", is_count=True),
    "max_words": _limit("maximum", "too-many-words", "words", "{value} words", is_count=True),
    "min_mean_word_length": _limit("minimum", "short-words", "mean_word_length", _WORDS, needs_words=True),
    "max_mean_word_length": _limit("maximum", "long-words", "mean_word_length", _WORDS, needs_words=True),
    "max_hashes": _limit("maximum", "hash-signs", "hashes_per_word", "{value} number signs for each word"),
    "max_ellipses": _limit("maximum", "ellipses", "ellipses_per_word", "{value} ellipses for each word"),
    "max_bullet_lines": _share("maximum", "bullet-lines", "bullet_lines", "lines begin with a bullet"),
    "max_ellipsis_lines": _share("maximum", "ellipsis-lines", "ellipsis_lines", "lines end with an ellipsis"),
    "min_alphabetic_words": _share("minimum", "words-without-letters", "alphabetic_words", "words have a letter"),
    "min_stop_words": _limit("minimum", "few-stop-words", "stop_words", "{value} different stop words", is_count=True),
}
"""All limits by name, in the order of FineWeb2's filters."""

_COMMON: Mapping[str, float] = {
    "max_repeated_characters": 0.1,
    "min_words": 50,
    "max_words": 100_000,
    "max_hashes": 0.1,
    "max_ellipses": 0.1,
    "max_bullet_lines": 0.9,
    "max_ellipsis_lines": 0.3,
    "min_stop_words": 2,
}
"""What is the same for all languages, as in `fineweb-2-pipeline.py`."""

COLUMNS: Kinds = {
    f"{_PREFIX}language": "text",
    f"{_PREFIX}lines": "int",
    **{limit.column: "int" if limit.is_count else "float" for limit in LIMITS.values()},
}
"""The language whose limits hold, and the numbers that limits are about."""

NO_TEXT = Bound(
    name="no-lines",
    number=f"{_PREFIX}lines",
    side="minimum",
    threshold=1,
    label="lines with text",
    unit="lines with text",
    reason="it has no line with text",
)


@functools.cache
def limits_by_language(name: str) -> Mapping[str, float | None]:
    """A limit for every language; none for those that put no spaces between words, if it is about words."""
    return {
        language: None
        if LIMITS[name].needs_words and is_unspaced(language)
        else _COMMON.get(name, _own(limits).get(name))
        for language, limits in known_limits().languages.items()
    }


def _own(limits: LanguageLimits) -> dict[str, float | None]:
    """The limits of a language by name; zero and less stand for none, as for datatrove."""
    least, most = limits.mean_word_length
    found = {
        "max_repeated_lines": limits.repeated_lines,
        **{f"max_top_{n}_words": share for n, share in enumerate(limits.top_words, 2)},
        **{f"max_repeated_{n}_words": share for n, share in enumerate(limits.repeated_words, 5)},
        "min_ended_lines": limits.ended_lines,
        "max_newlines": limits.newlines,
        "min_mean_word_length": least,
        "max_mean_word_length": most,
        "min_alphabetic_words": limits.alphabetic_words,
    }
    return {name: value if value > 0 else None for name, value in found.items()}
