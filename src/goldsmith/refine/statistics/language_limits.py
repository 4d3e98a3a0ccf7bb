"""What FineWeb2 found to be usual in texts of a language: its limits and stop words, by language and script."""

import functools
from collections.abc import Mapping, Sequence
from importlib import resources

import msgspec

from goldsmith.refine import statistics

UNSPACED = frozenset({"Hani", "Jpan", "Khmr", "Laoo", "Mymr", "Thai", "Tibt"})
"""Scripts that put no spaces between words."""

_AGGLUTINATED = UNSPACED | {"Hang"}


class LanguageLimits(msgspec.Struct, frozen=True, kw_only=True):
    """The limits of one language in one script; shares lie in [0, 1].

    Attributes:
        repeated_lines: the greatest share of lines that stood before.
        top_words: for sequences of 2, 3 and 4 words the greatest share of the most frequent one.
        repeated_words: for sequences of 5 to 10 words the greatest share of characters in those that stood before.
        ended_lines: the least share of lines that end like a sentence.
        newlines: the most newlines for each word.
        mean_word_length: the least and the greatest mean length of a word in code points.
        alphabetic_words: the least share of words with a letter.
        stop_words: frequent words.
    """

    repeated_lines: float
    top_words: tuple[float, float, float]
    repeated_words: tuple[float, float, float, float, float, float]
    ended_lines: float
    newlines: float
    mean_word_length: tuple[float, float]
    alphabetic_words: float
    stop_words: tuple[str, ...]


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """All languages that limits are known for.

    Attributes:
        source: where the numbers come from.
        revision: the commit that they were read at.
        codes: for each code that the language stage gives the names of its languages, such as `srp_Cyrl`.
        languages: the limits by name.
    """

    source: str
    revision: str
    codes: Mapping[str, tuple[str, ...]]
    languages: Mapping[str, LanguageLimits]


@functools.cache
def known_limits() -> Known:
    """The limits of FineWeb2 for the languages that lid.176 names; for English those of Gopher and FineWeb.

    Source: Penedo et al. 2025, "FineWeb2: One Pipeline to Scale Them All"; the repository huggingface/fineweb-2. Its
    least language scores are left out: they are those of another model.
    """
    return msgspec.json.decode(resources.files(statistics).joinpath("fineweb2.json").read_bytes(), type=Known)


def script_of(language: str) -> str:
    """The script in the name of a language: `Cyrl` of `srp_Cyrl`."""
    return language.rpartition("_")[2]


def is_unspaced(language: str) -> bool:
    """Whether a language puts no spaces between words, so that only a dictionary could tell where they end."""
    return script_of(language) in UNSPACED


def has_hidden_stop_words(language: str) -> bool:
    """Whether stop words of a language are often written together with other words."""
    return script_of(language) in _AGGLUTINATED


def languages_of(codes: Sequence[str | None], letters: Mapping[str, Sequence[int]]) -> list[str | None]:
    """The language that has limits for each text, or none.

    Args:
        codes: the code of each text, as the language stage gives it, or the name of a language.
        letters: how many letters of each script each text has; of several scripts of a language the main one counts.
    """
    known = known_limits()
    return [_language_of(code, place, known, letters) for place, code in enumerate(codes)]


def _language_of(code: str | None, place: int, known: Known, letters: Mapping[str, Sequence[int]]) -> str | None:
    if code is None or code in known.languages:
        return code
    names = known.codes.get(code, ())
    if len(names) < 2:
        return names[0] if names else None
    return max(names, key=lambda name: letters[script_of(name)][place])
