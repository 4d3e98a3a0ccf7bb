"""Which language a text is written in, as far as that is clear; the browser says the same of the same text.

Letters tell the script. Where several languages share it, the language is the one whose sequences of three letters make
the text most probable; what is short, mixed or close is left open. All numbers are whole, so that two programs cannot
differ. `tools/languages.py` made the file.
"""

import functools
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from importlib import resources
from itertools import chain
from typing import NamedTuple

import msgspec

from goldsmith.tasks.texts import WHITE

__all__ = ["LANGUAGES", "other_language", "words_in"]

READ = 5_000
"""No more characters are looked at."""
LEAST = 40
"""Of fewer letters, or sequences of three, nothing is said."""
MOST_OTHERS = 5
"""A fifth of the letters may be of other scripts."""
MOST_CAPITALS = 4
"""Where all words but one in four, or fewer, begin with a capital letter, they are names or a heading."""
MARGIN = 3
"""By how many quarter bits for each sequence of three another language has to be more probable."""
_NOISE = frozenset("0123456789/\\_@=<>{}|~^$#*+`")
_WHITE = frozenset(WHITE)
_KANA_SHARE = 10


class _Profile(NamedTuple):
    """What the three-letter sequences of a language cost, in quarter bits."""

    costs: Mapping[str, int]
    floor: int


class _Data(msgspec.Struct, frozen=True):
    """The file: ranges of code points and weights by script, and the profiles by script and language.

    Attributes:
        floor: what a sequence costs that is in no profile.
        scripts: by name, its ranges; weights: how many letters one of its signs is worth, where that is not 1.
        languages: by code, the scripts it is written in.
        profiles: by script and code, the sequences one after another, by their cost.
    """

    floor: int
    scripts: dict[str, list[tuple[int, int]]]
    weights: dict[str, int]
    languages: dict[str, list[str]]
    profiles: dict[str, dict[str, dict[str, str]]]


@functools.cache
def _data() -> _Data:
    content = resources.files("goldsmith.tasks").joinpath("languages.json").read_bytes()
    return msgspec.json.decode(content, type=_Data)


LANGUAGES = frozenset(_data().languages)
"""The codes (ISO 639-1) of the languages that can be told."""


def other_language(text: str, wanted: Collection[str]) -> str | None:
    """The language that a text is clearly written in though it is none of the `wanted`; None where that is not clear.

    Names, numbers and addresses alone, texts of less than 40 letters and texts of mixed scripts are never clear.

    Source: Cavnar and Trenkle (1994), "N-gram-based text categorization", for sequences of letters; the decision is
    naive Bayes over them. Departure: it decides only by a margin, against the most probable of the wanted ones.

    Args:
        text: in its normal form.
        wanted: codes of `LANGUAGES`.
    """
    words, counts, n_capitals, n_kana = _read(text)
    total = sum(counts.values())
    if total < LEAST:
        return None
    top = min(counts, key=lambda name: (-counts[name], name))
    if (total - counts[top]) * MOST_OTHERS > total:
        return None
    if top == "Hani":
        seen = "ja" if n_kana * _KANA_SHARE >= counts["Hani"] else "zh"
        return None if seen in wanted else seen
    if (len(words[top]) - n_capitals[top]) * MOST_CAPITALS <= len(words[top]):
        return None
    speakers = sorted(code for code, scripts in _data().languages.items() if top in scripts)
    return _most_probable(top, speakers, words[top], wanted)


def words_in(text: str, script: str) -> list[str]:
    """The words of a script, such as `Latn` (ISO 15924), in small letters; without addresses, paths and commands."""
    return _read(text).words.get(script, [])


def _most_probable(script: str, speakers: list[str], words: list[str], wanted: Collection[str]) -> str | None:
    ours = [code for code in speakers if code in wanted]
    if len(speakers) == 1:
        return None if ours else speakers[0]
    counted = Counter(chain.from_iterable(_sequences(word) for word in words))
    n = counted.total()
    costs = {code: _cost(_profile(script, code), counted) for code in speakers}
    best = min(speakers, key=lambda code: costs[code])
    if not ours:
        return best
    is_clear = n >= LEAST and min(costs[code] for code in ours) - costs[best] >= MARGIN * n
    return best if is_clear else None


def _cost(profile: _Profile, counted: Counter[str]) -> int:
    return sum(n * profile.costs.get(sequence, profile.floor) for sequence, n in counted.items())


def _sequences(word: str) -> Iterator[str]:
    padded = f" {word} "
    return (padded[i : i + 3] for i in range(len(padded) - 2))


@functools.cache
def _profile(script: str, code: str) -> _Profile:
    costs: dict[str, int] = {}
    for cost, together in _data().profiles[script][code].items():
        costs |= {together[i : i + 3]: int(cost) for i in range(0, len(together), 3)}
    return _Profile(costs, _data().floor)


class _Read(NamedTuple):
    """What was read of a text.

    Attributes:
        words: in small letters, by script.
        counts: how many letters each script has, by their weights; those of Japanese count as Chinese here.
        n_capitals: how many words of each script begin with a capital letter.
        n_kana: how many letters are Japanese alone.
    """

    words: dict[str, list[str]]
    counts: Counter[str]
    n_capitals: Counter[str]
    n_kana: int


def _read(text: str) -> _Read:
    weights = _data().weights
    words: dict[str, list[str]] = {}
    counts: Counter[str] = Counter()
    n_capitals: Counter[str] = Counter()
    n_kana = 0
    for token in _tokens(text[:READ]):
        is_noise = not _NOISE.isdisjoint(token)  # an address, a path, a command
        before, word = "", ""
        for character in chain(token, " "):
            if _is_mark(character):
                continue
            script = _script_of(character)
            if script == "Latn" and is_noise:
                script = ""
            weight = weights.get(script, 1)
            if script == "Kana":
                n_kana += weight
                script = "Hani"
            if script != before and word:
                words.setdefault(before, []).append(word)
                word = ""
            before = script
            if script:
                small = _small(character)
                n_capitals[script] += not word and small != character
                word += small
                counts[script] += weight
    return _Read(words, counts, n_capitals, n_kana)


def _is_mark(character: str) -> bool:
    """An accent, or a vowel sign of Arabic, that stands on the letter before it."""
    place = ord(character)
    return 0x300 <= place <= 0x36F or 0x64B <= place <= 0x65F or place in {0x640, 0x670}


def _tokens(text: str) -> Iterator[str]:
    token = ""
    for character in chain(text, "\n"):
        if character not in _WHITE:
            token += character
        elif token:
            yield token
            token = ""


@functools.cache
def _script_of(character: str) -> str:
    place = ord(character)
    for name, ranges in _data().scripts.items():
        if any(first <= place <= last for first, last in ranges):
            return name
    return ""


@functools.cache
def _small(character: str) -> str:
    """The small letter, where that is one character."""
    small = character.lower()
    return small if len(small) == 1 else character
